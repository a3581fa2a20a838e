"""What a sweep was made to ask: rows are those of the measures behind them, sentences say what rows say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.measures.moving_optimum import slopes
from sensitivity.measures.optimizer_differences import optimizer_differences
from sensitivity.measures.question import question
from sensitivity.reporting.asked import what_was_asked
from sensitivity.study import Study
from sweeps.definition import load, parse, ready_made_names
from sweeps.errors import DefinitionError
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

READY_MADE = (
    "schedules",
    "momentum",
    "batch_size",
    "network",
    "pretrained",
    "without_gradients",
    "adam_then_sgd",
)
NOISE = np.random.default_rng(0).normal(0, 0.002, (2, 4))


def study_of(tabulate, settings, response, asks):
    """Study of a grid with a definition that asks."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=17)),))
    space = Space([*settings, rate])
    return Study(tabulate(space, response, 4), space, "validation error", cap=0.9, definition=asks)


@pytest.fixture
def schedules(tabulate, setting):
    """One schedule 0.05 better than a constant rate, one like it."""
    gains = {"constant": 0.0, "cosine": 0.05, "power": 0.0}

    def response(c, r):
        noise = NOISE[int(c["schedule"] == "power"), r]
        return 0.3 - gains[c["schedule"]] + 0.1 * np.log10(c["learning_rate"] / 0.01) ** 2 + noise

    asks = '[[asks]]\nsetting = "schedule"\nagainst = "constant"\n'
    return study_of(tabulate, [setting("schedule", *gains)], response, asks)


def test_a_level_against_the_others(schedules):
    """Cosine is 0.05 lower and told apart, power is not; the numbers are those of the pairs."""
    table = question(schedules).set_index("level")
    assert table.loc["cosine", "value"] == pytest.approx(-0.05)
    assert table["judgement"].to_dict() == {"cosine": "above", "power": "not above"}
    pairs = optimizer_differences(replace(schedules, branch="schedule"))
    pair = pairs[(pairs["quantity"] == "best") & (pairs["other"] == "schedule=power")].iloc[0]
    assert table.loc["power", "value"] == pytest.approx(-pair["difference"])
    assert table.loc["power", "low"] == pytest.approx(-pair["high"])
    (said,) = what_was_asked(question(schedules), "validation error")
    assert "cosine lowers the validation error by 0.05 [" in said
    assert "; power (" in said
    assert said.endswith("]) cannot be told from it.")


def said_with(study, costs):
    """The sentence, where trainings have these costs."""
    counted = replace(study, trials=study.trials.assign(evaluations=costs))
    return what_was_asked(question(counted), "loss")[0]


def test_every_level_has_its_number_and_a_training_its_cost(tabulate, setting):
    """A search that never learns is 0.4 above SGD, one with twice the cost 0.3; each with its interval."""
    above = {"sgd": 0.0, "search": 0.4, "local": 0.3, "twin": 0.0}

    def response(c, r):
        away = np.log10(c["learning_rate"] / 0.01)
        return 0.2 + above[c["optimizer"]] + 0.02 * away**2 + NOISE[int(c["optimizer"] == "twin"), r]

    asks = '[[asks]]\nsetting = "optimizer"\nagainst = "sgd"\n'
    asking = study_of(tabulate, [setting("optimizer", *above)], response, asks)
    costs = pd.Series(600.0, index=asking.trials.index)
    same = said_with(asking, costs)
    assert same.startswith("Asked: optimizer. Against sgd, all else tuned again, 600 evaluations a training:")
    assert "local raises the loss by 0.3 [" in same
    assert "search raises the loss by 0.4 [" in same
    assert "twin (" in same
    other = said_with(asking, costs.where(asking.trials["optimizer"] != "local", 1200.0))
    assert "evaluations a training: sgd 600, search 600, local 1200, twin 600: " in other
    assert "evaluations" not in what_was_asked(question(asking), "loss")[0]


def test_whether_the_best_rate_moves(tabulate):
    """The best rate is 0.001 times the batch size to the power of a half; the row is that of the slopes."""
    sizes = Setting("batch_size", (Variant(Choices((8, 32, 128))),))

    def response(c, r):
        best = 0.001 * c["batch_size"] ** 0.5
        return 0.2 + 0.2 * np.log10(c["learning_rate"] / best) ** 2 + NOISE[0, r]

    study = study_of(tabulate, [sizes], response, '[[asks]]\nsetting = "batch_size"\n')
    row = question(study).iloc[0]
    assert row["value"] == pytest.approx(0.5, abs=0.05)
    assert row["value"] == slopes(study)["slope"].iloc[0]
    assert row["judgement"] == "above"
    (said,) = what_was_asked(question(study), "validation error")
    assert said.startswith(
        "Asked: batch size. The best learning rate moves as batch size to the power of 0.5"
    )


def test_nothing_asked_is_nothing_said(schedules):
    """Other people's trials ask nothing."""
    table = question(replace(schedules, definition=""))
    assert table.empty
    assert what_was_asked(table, "loss") == []
    whole = all_tables(replace(schedules, definition=""), only=("question",))["question"]
    assert len(whole) == 1  # the row that says so
    assert what_was_asked(whole, "loss") == []


@pytest.mark.parametrize("name", READY_MADE)
def test_ready_made_sweeps_that_ask_name_what_varies(name):
    """Every setting that one asks about varies there, and has the level that the others are set against."""
    definition = parse(load(name))
    levels = {s.name: [v.domain for v in s.variants] for s in definition.build_space().settings}
    assert definition.asks
    for asked in definition.asks:
        (domain,) = levels[asked.setting]
        assert asked.against is None or asked.against in domain.values  # noqa: PD011 (of a setting)


def test_a_question_changes_no_number_and_a_wrong_one_is_refused():
    """Fingerprints do not know it; a misspelt setting is one sentence."""
    from sweeps.run import fingerprint

    raw = load("quick")
    asking = {**raw, "asks": [{"setting": "batch_size"}]}
    assert fingerprint(parse(raw)) == fingerprint(parse(asking))
    assert parse(parse(asking).model_dump()) == parse(asking)
    assert not parse(raw).differences(parse(asking))
    with pytest.raises(DefinitionError, match="did you mean 'batch_size'"):
        parse({**raw, "asks": [{"setting": "batch_sise"}]})
    assert "asks" not in parse(raw).to_toml()
    assert len(ready_made_names()) > 10


@pytest.mark.parametrize(
    ("asks", "words"),
    [
        ([{"setting": "batch_size", "agains": 8}], "'agains' is not a key of \\[asks\\]"),
        ([{}], "asks.0.setting is missing"),
        ("batch_size", "asks = 'batch_size'"),
    ],
)
def test_a_question_that_is_none_is_one_sentence(asks, words):
    """A misspelt key, none at all, or no list."""
    with pytest.raises(DefinitionError, match=words):
        parse({**load("quick"), "asks": asks})
