"""The scale of shares: chosen by the tails, the same in every unit and order, and undone by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sensitivity
from sensitivity.reading.frames import from_frame
from sensitivity.reporting.only_noise import on_which_scale
from sensitivity.scale import chosen, told
from sweeps.errors import StudyError
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

LR, WIDTH, IDLE = "learning_rate", "width", "idle"
SPACE = Space(
    [
        Setting(LR, (Variant(FloatRange(1e-5, 1.0, log=True)),)),
        Setting(WIDTH, (Variant(Choices((1, 2, 3, 4))),)),
        Setting(IDLE, (Variant(FloatRange(0.0, 1.0)),)),
    ]
)


def drawn(trials=300, seed=0):
    """Random trials whose value goes with the rate, less with the width, and hardly with chance."""
    rng = np.random.default_rng(seed)
    rate, width = 10 ** rng.uniform(-5, 0, trials), rng.integers(1, 5, trials)
    bowl = 0.06 * (np.log10(rate) + 2.5) ** 2
    value = 0.3 + bowl + 0.05 * width + rng.normal(0, 0.01, trials)
    return pd.DataFrame({LR: rate, WIDTH: width, IDLE: rng.uniform(size=trials), "value": value})


def spoilt(how, trials=300, seed=0):
    """The same trials with heavy tails."""
    table, rng = drawn(trials, seed), np.random.default_rng(seed + 1)
    value = table["value"].to_numpy().copy()
    if how == "outliers":
        value[rng.choice(trials, 3, replace=False)] = 1e6
    elif how == "one beyond all":
        value[7] = 1e37
    elif how == "three sizes":
        value[[3, 50, 100]] = 1e6, 1e4, 1e2
    elif how == "exponential":
        value = np.exp(12 * value)
    elif how == "lognormal":
        value = np.exp(3 * rng.normal(size=trials))
    elif how == "perplexity":
        value = np.exp(np.exp(3 * value) / 2)
    elif how == "cauchy":
        value = value - 0.6 + 0.02 * rng.standard_cauchy(trials)
        value[rng.choice(trials, 24, replace=False)] *= 10.0 ** rng.uniform(1, 6, 24)
    elif how == "negative R2":
        value = np.where(rng.uniform(size=trials) < 0.2, 10 ** rng.uniform(0, 6, trials), -1 / (1 + value))
    return table.assign(value=value)


EXPECTED = {
    "plain": "raw",
    "outliers": "capped",
    "one beyond all": "capped",
    "three sizes": "capped",
    "exponential": "log",
    "lognormal": "log",
    "perplexity": "log",
    "cauchy": "rank",
    "negative R2": "rank",
}


@pytest.mark.parametrize(("how", "name"), EXPECTED.items())
def test_tails_choose_the_scale(how, name):
    """Whatever the unit, from 1e-9 to 1e9, and whatever the order of the trials."""
    values = spoilt(how)["value"].to_numpy()
    found = chosen(values)
    assert found.name == name
    assert chosen(np.random.default_rng(5).permutation(values)) == found
    for unit in (1e-9, 1e-3, 1e3, 1e9) if how != "one beyond all" else (1e-9,):
        other = chosen(unit * values)
        assert (other.name, other.few) == (found.name, found.few)


@pytest.mark.parametrize(
    "values",
    [
        np.zeros(50),
        np.full(50, 1e6),
        np.array([0.014, 0.69]),
        np.array([]),
        np.full(30, np.nan),
        np.r_[np.zeros(99), 1.0],  # nothing but that one trial is known
        np.r_[np.random.default_rng(0).beta(2, 30, 290), np.full(10, 0.9)],
        np.random.default_rng(0).uniform(0.02, 0.9, 200),
        -np.random.default_rng(0).beta(30, 2, 200),
        np.random.default_rng(0).normal(size=300),
        np.random.default_rng(0).standard_t(4, 300),
        10 ** np.random.default_rng(0).uniform(-2, 0, 300),
    ],
    ids=lambda values: str(len(values)),
)
def test_what_has_no_heavy_tails_stays_as_it_is(values):
    """Bounded errors with failures at a constant guess among them, and what cannot be told."""
    assert chosen(values).name == "raw"


def test_few_trials_that_hold_nearly_all_are_counted():
    """Three of a million among three hundred of one."""
    found = chosen(spoilt("outliers")["value"].to_numpy())
    assert found.few == 3
    assert found.held > 0.999
    assert found.high == drawn()["value"][spoilt("outliers")["value"] < 1e5].max()
    assert np.isnan(found.low)


@pytest.mark.parametrize("how", ["outliers", "one beyond all", "exponential", "cauchy"])
def test_the_ranking_is_that_of_the_plain_trials(how):
    """Learning rate, width and what does nothing, in this order, with words about the scale."""
    study = from_frame(spoilt(how), SPACE)
    ranking = sensitivity.measure(spoilt(how), SPACE, progress=False)["ranking"]
    settings = ranking[ranking["rank"].notna()]
    assert settings["setting"].tolist() == [LR, WIDTH, IDLE]
    assert settings["judgement"].tolist()[0] == "above"
    assert "--scale raw" in on_which_scale(study)


def test_levels_keep_the_unit_of_the_response():
    """The best level's mean is a loss, not its logarithm or its rank."""
    table = spoilt("exponential")
    ranking = sensitivity.measure(table, SPACE, progress=False)["ranking"].set_index("setting")
    assert ranking.loc[LR, "best_level_mean"] >= table["value"].min() > 1
    assert ranking.loc[LR, "worst_level_mean"] > 1e3


def test_raw_shares_on_request():
    """The scale asked for is taken, and said."""
    table = spoilt("exponential")
    raw = sensitivity.measure(table, SPACE, scale="raw", progress=False)["variance_decomposition"]
    chosen_ = sensitivity.measure(table, SPACE, progress=False)["variance_decomposition"]
    by_hand = sensitivity.measure(table, SPACE, scale="log", progress=False)["variance_decomposition"]
    assert not raw["share"].equals(chosen_["share"])
    pd.testing.assert_frame_equal(by_hand, chosen_)
    assert on_which_scale(from_frame(table, SPACE, scale="raw")).endswith("as told.")
    assert on_which_scale(from_frame(drawn(), SPACE)) == ""


def test_what_a_known_cap_bounds_is_taken_as_it_is():
    """A few trainings at the guess's error among many near 0.05: the cap is the tail, and it is meant."""
    rng = np.random.default_rng(0)
    table = drawn()
    table["value"] = 0.05 + 0.003 * rng.standard_normal(len(table))
    table.loc[table.index[:5], "value"] = 0.9
    study = from_frame(table, SPACE)
    assert study.scale.name != "raw"
    assert replace(study, cap=0.9).scale.name == "raw"
    assert replace(study, cap=0.9, worst_as_cap=True).scale.name != "raw"


def test_every_order_preserving_response_has_the_same_ranks():
    """On ranks nothing depends on the unit or on a monotone transformation."""
    plain, other = (told("rank", f(drawn()["value"].to_numpy())) for f in (np.asarray, np.exp))
    values = drawn()["value"].to_numpy()
    np.testing.assert_array_equal(plain.of(values), other.of(np.exp(values)))


def test_a_maximised_metric_has_the_logarithm_of_its_own_values():
    """Turned round it is negative throughout: −log of the metric is still lower for better."""
    metric = spoilt("lognormal")["value"].to_numpy()
    found = chosen(-metric, sign=-1.0)
    assert found.name == "log"
    np.testing.assert_allclose(found.of(-metric), -np.log(metric))


def test_a_curve_is_scaled_epoch_by_epoch():
    """Shape (trials, epochs); NaN stays NaN, what is not positive counts as the smallest that is."""
    curves = np.array([[1.0, 10.0], [0.0, np.nan], [100.0, 1e-3]])
    made = told("log", np.array([1.0, 2.0])).of(curves)
    np.testing.assert_allclose(made, np.log([[1.0, 10.0], [1.0, np.nan], [100.0, 1e-3]]))


def test_a_scale_that_cannot_be_is_one_sentence():
    """An unknown name, and a logarithm of what is not positive."""
    with pytest.raises(StudyError, match=r"a scale is raw, log, rank or capped, not 'square'"):
        from_frame(drawn(), SPACE, scale="square")
    with pytest.raises(StudyError, match="a log scale needs positive values, and the lowest value is -2"):
        from_frame(
            drawn().assign(value=lambda table: table["value"].where(table.index > 0, -2.0)),
            SPACE,
            scale="log",
        )


def test_the_commands_take_it(command, tmp_path):
    """Said on the first screen, obeyed by hand, refused in one sentence."""
    path = tmp_path / "trials.csv"
    spoilt("outliers").rename(columns={"value": "loss"}).to_csv(path, index=False)
    code, output, _ = command("measure", path, "--metric", "loss", "--out", tmp_path / "out")
    said = " ".join(output.split())
    assert code == 0
    assert "3 of 300 trials hold 99.9 % of its variance" in said
    assert "--scale raw takes it as it is" in said
    code, output, _ = command(
        "measure", path, "--metric", "loss", "--out", tmp_path / "out", "--scale", "raw"
    )
    assert code == 0
    assert "as told" in " ".join(output.split())
    code, _, error = command("measure", path, "--metric", "loss", "--out", tmp_path / "out", "--scale", "ln")
    assert (code, error.count("\n")) == (2, 1)
    assert "raw, log, rank or capped" in error
    assert command("sweep", "quick", "--scale", "ln", "--out", tmp_path / "run")[0] == 2
    assert not (tmp_path / "run").exists()


def test_a_sweep_is_explained_on_it(command, tmp_path):
    """The first screen of a sweep says so."""
    path = tmp_path / "tiny.toml"
    lines = ['name = "tiny"', 'dataset = "iris"', "epochs = 2", "search = 0", "[network]", "hidden = [4]"]
    path.write_text("\n".join([*lines, "[space]", "learning_rate = [0.01, 0.1]"]), encoding="utf-8")
    options = ("--scale", "rank", "--no-report", "--workers", 1, "--out", tmp_path / "run")
    code, output, _ = command("sweep", path, *options)
    assert code == 0
    assert "Shares are of the ranks of the validation error, as told." in " ".join(output.split())
