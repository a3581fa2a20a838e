"""Warnings from tables whose answer is known."""

from dataclasses import replace

import pandas as pd
import pytest

from sensitivity.estimators.effects import ADAPTIVE, table
from sensitivity.measures.measuring import all_tables
from sensitivity.remarks import Judgement, Remarks
from sensitivity.reporting.building import besides_the_plan
from sensitivity.reporting.cautions.finding import MOST, cautions
from sensitivity.reporting.cautions.kinds import (
    BALANCE,
    DIVERGENCE,
    EDGE,
    INTERACTION,
    NOISE,
    REPLICATES,
    STABILITY,
    TRIALS,
)
from sensitivity.study import Study
from sensitivity.trials import DIVERGED, OUTCOME
from sweeps.space import FloatRange, Setting, Space, Variant

ABOVE, NOT_ABOVE = Judgement.ABOVE, Judgement.NOT_ABOVE


@pytest.fixture
def study(tabulate, setting):
    """Two settings of six and five levels in two replicates; nothing wrong with the plan."""
    space = Space([setting("a", 1, 2, 3, 4, 5, 6), setting("b", "p", "q", "r", "s", "t")])
    return Study(tabulate(space, lambda c, r: c["a"] + 0.1 * r, 2), space)


def shares(*rows):
    """Decomposition table of the branch all: (kind, setting, share, judgement, remarks …)."""
    return table(
        [
            ("all", kind, name, share, share - 0.01, share + 0.01, judgement, Remarks(*said))
            for kind, name, share, judgement, *said in rows
        ]
    )


def only(found, kind):
    """Texts of one kind."""
    return [caution.text for caution in found if caution.kind == kind]


def test_nothing_to_say(study):
    assert cautions(study, {}) == []


@pytest.mark.parametrize("count", [0, 1, 5])
def test_few_trials_are_told(study, count):
    few = Study(study.trials.iloc[:count], study.space)
    found = cautions(few, all_tables(few))
    words = {0: "There are no trials", 1: "only 1 trial", 5: "only 5 trials"}[count]
    assert found[0].kind == TRIALS
    assert words in found[0].text
    assert len(found) <= MOST


def test_no_setting(study):
    bare = Study(study.trials.drop(columns=["a", "b"]), Space([]))
    assert cautions(bare, all_tables(bare))[0].text.startswith("No setting varies")


def test_divergence_is_told_from_a_fifth(study):
    trials = study.trials.copy()
    trials.loc[trials.index[:11], OUTCOME] = DIVERGED
    assert not only(cautions(Study(trials, study.space), {}), DIVERGENCE)
    trials.loc[trials.index[:12], OUTCOME] = DIVERGED
    (text,) = only(cautions(Study(trials, study.space), {}), DIVERGENCE)
    assert text.startswith("20 % of the trials diverged (12 of 60)")


def test_levels_where_everything_diverged_are_named(study):
    trials = study.trials.copy()
    trials.loc[trials["a"].isin([5, 6]), OUTCOME] = DIVERGED
    bad = Study(trials, study.space)
    found = cautions(bad, {"divergence_by_level": all_tables(bad)["divergence_by_level"]})
    share, levels = (caution for caution in found if caution.kind == DIVERGENCE)
    assert "33 %" in share.text
    assert levels.setting == "a"
    assert "Every trial with a at 5 and 6 diverged" in levels.text


def test_everything_diverged(study):
    trials = study.trials.assign(outcome=DIVERGED, value=1.0)
    bad = Study(trials, study.space)
    assert only(cautions(bad, all_tables(bad)), DIVERGENCE) == [
        "All 60 trials diverged: no setting can be judged."
    ]


def test_a_grid_cut_short_and_missing_replicates(study):
    (text,) = only(cautions(Study(study.trials.iloc[:25], study.space), {}), BALANCE)
    assert text.startswith("Only 25 of the 30 configurations of the grid were run")
    (text,) = only(cautions(Study(study.trials.iloc[:59], study.space), {}), BALANCE)
    assert text.startswith("1 configuration of 30 has fewer replicates than the others (1 instead of 2)")
    assert not only(cautions(study, {}), BALANCE)


def test_configurations_that_only_failed_were_run_all_the_same(study):
    """Of 30 configurations all were run, five of them without a result: none was "never run"."""
    left = Study(study.trials.iloc[:25], study.space, every=study.trials)
    (text,) = only(cautions(left, {}), BALANCE)
    assert text.startswith(
        "5 configurations of the grid's 30 have no result, as every call failed. So shares"
    )
    some = Study(study.trials.iloc[:25], study.space, every=study.trials.iloc[:28])
    (text,) = only(cautions(some, {}), BALANCE)
    assert "have no result (3 failed in every call, 2 were never run)" in text


def test_an_adaptive_sampler(study):
    decomposition = shares(("total", "a", 0.9, ABOVE, ADAPTIVE))
    (text,) = only(cautions(study, {"variance_decomposition": decomposition}), BALANCE)
    assert text.startswith("The trials are not spread evenly")


def test_replicates(study):
    (text,) = only(cautions(Study(study.trials.iloc[:30], study.space), {}), REPLICATES)
    assert text.startswith("No configuration was run twice")
    ranking = pd.DataFrame(
        {
            "rank": pd.Series([1, 2, None], dtype="Int64"),
            "setting": ["a", "b", "seed"],
            "value_in_best_configuration": [3, "q", None],
            "total_effect": [0.55, 0.2, 0.1],
            "total_low": [0.5, 0.1, 0.011],
            "total_high": [0.6, 0.35, 0.2],
        }
    )
    (found,) = (c for c in cautions(study, {"ranking": ranking}) if c.kind == REPLICATES)
    assert found.setting == "b"
    assert "25 % of the variance" in found.text
    ranking["total_high"] = [0.6, 0.25, 0.2]
    assert not only(cautions(study, {"ranking": ranking}), REPLICATES)
    ranking["total_high"] = [0.6, 0.25, 1.0]
    (text,) = only(cautions(study, {"ranking": ranking}), REPLICATES)
    assert "hardly known: its share of the variance lies in [1.1, 100] %" in text
    ranking["total_effect"] = [0.55, 0.2, 1e-30]  # replicates agree: nothing is uncertain
    assert not only(cautions(study, {"ranking": ranking}), REPLICATES)


@pytest.mark.parametrize(("repeated", "told"), [(1, True), (14, True), (15, False)])
def test_few_repeated_configurations(study, repeated, told):
    """Of 30 configurations so many were run twice: one is as good as none, half of them are enough."""
    trials = study.trials.iloc[: 30 + repeated]
    texts = only(cautions(Study(trials, study.space), {}), REPLICATES)
    assert [text.partition(" run")[0] for text in texts] == [
        f"Only {repeated} of 30 configurations {'was' if repeated == 1 else 'were'}"
    ] * told


def test_a_loss_that_rose_beside_a_good_metric_is_told_in_one_sentence(study):
    """Five trained trials of 0.1 … 0.5: median 0.3; one that diverged is another matter, four are too few."""
    values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.9]
    for rising, told in ((6, True), (4, False)):
        trials = study.trials.assign(loss_rose=False)
        trials.loc[trials.index[:6], "value"] = values
        trials.loc[trials.index[5], OUTCOME] = DIVERGED
        trials.loc[trials.index[:rising], "loss_rose"] = True
        texts = only(cautions(Study(trials, study.space, "validation error", 0.9), {}), DIVERGENCE)
        start = "The training loss of 5 trials ended above its start although their validation error is "
        start += "better than a constant guess's, 0.3 in the median"
        assert [text.startswith(start) for text in texts] == [True] * told


def test_noise_and_lack_of_fit(study):
    decomposition = shares(("noise", "seed", 0.34, None), ("lack_of_fit", "surrogate", 0.12, None))
    noise, lack = only(cautions(study, {"variance_decomposition": decomposition}), NOISE)
    assert noise.startswith("The seed alone explains 34 %")
    assert "misses 12 %" in lack
    decomposition = shares(("noise", "seed", 0.29, None), ("lack_of_fit", "surrogate", 0.09, None))
    assert not only(cautions(study, {"variance_decomposition": decomposition}), NOISE)


def test_interactions_larger_than_the_main_effect(study):
    effects = {"a": (0.3, 0.55), "b": (0.1, 0.5), "c": (0.01, 0.2), "d": (-0.01, 0.1), "e": (0.001, 0.01)}
    rows = [("main", name, main, ABOVE) for name, (main, _) in effects.items()]
    rows += [("total", name, total, ABOVE) for name, (_, total) in effects.items()]
    rows += [("total", "f", 0.4, NOT_ABOVE), ("main", "f", 0.0, NOT_ABOVE)]
    rows += [("interaction", "a × b", 0.2, ABOVE), ("interaction", "b × c", 0.05, ABOVE)]
    found = cautions(study, {"variance_decomposition": shares(*rows)})
    assert [(caution.kind, caution.setting) for caution in found] == [
        (INTERACTION, "b"),
        (INTERACTION, "c"),
        (INTERACTION, ""),
    ]
    assert "most of its effect (40 of 50 %)" in found[0].text
    assert found[0].text.endswith("Largest partner: a (20 %).")
    assert found[1].text.endswith("Largest partner: b (5 %).")
    assert found[2].text == "Most of the effect depends on other settings for d (10 of 10 %) as well."


def ranked(best):
    """Ranking with the value of each setting in the best configuration."""
    return pd.DataFrame(
        {
            "rank": pd.Series(range(1, len(best) + 1), dtype="Int64"),
            "setting": list(best),
            "value_in_best_configuration": pd.Series(list(best.values()), dtype="object"),
            "total_effect": 0.15,
            "total_low": 0.1,
            "total_high": 0.2,
        }
    )


def tolerated(*rows):
    """Tolerance table: (branch, setting, fraction, best_at, at_edge)."""
    columns = ["branch", "setting", "fraction", "best_at", "at_edge"]
    return pd.DataFrame(rows, columns=columns).assign(method="re-tuned", against="own best")


@pytest.mark.parametrize(("best", "words"), [(1, "is 1, the lowest"), (6, "is 6, the highest"), (3, "")])
def test_best_value_at_an_end(study, best, words):
    texts = only(cautions(study, {"ranking": ranked({"a": best, "b": "p"})}), EDGE)
    assert len(texts) == bool(words)
    assert all(
        f"The best a {words} tried, so the optimum may lie beyond; widen the range." == t for t in texts
    )


def test_an_end_of_a_flat_range_is_no_reason_to_widen_it(study):
    tables = {"ranking": ranked({"a": 1}), "tolerance": tolerated(("all", "a", 1.0, 1, ""))}
    (text,) = only(cautions(study, tables), EDGE)
    assert text.startswith("The best a is 1, the lowest tried; but")
    assert text.endswith("little to gain beyond.")


def isolated(bests, lows=None, highs=None):
    """Isolation curves of a at 1, 2, …; no interval where none is given."""
    columns = {"level": range(1, len(bests) + 1), "best": bests, "low": lows, "high": highs}
    curve = pd.DataFrame(columns).astype({"low": "float64", "high": "float64"})
    return curve.assign(branch="all", setting="a")


@pytest.mark.parametrize(
    ("curve", "told"),
    [
        (isolated([0.1, 0.1, 0.2]), False),  # a tie; no noise known
        (isolated([0.1, 0.11, 0.2]), True),
        # 0.03 up and 0.04 down make a noise of 0.05 between the two
        (isolated([0.1, 0.149, 0.3], [0.05, 0.109, 0.2], [0.13, 0.2, 0.4]), False),
        (isolated([0.1, 0.151, 0.3], [0.05, 0.111, 0.2], [0.13, 0.2, 0.4]), True),
        (isolated([0.1, 0.3, 0.14], [0.05, 0.2, 0.1], [0.13, 0.4, 0.2]), False),
        (isolated([0.1, 0.1, 0.2], [0.1, 0.1, 0.2], [0.1, 0.1, 0.2]), False),  # a tie without noise
        (isolated([0.1, 0.101, 0.2], [0.1, 0.101, 0.2], [0.1, 0.101, 0.2]), True),
    ],
)
def test_an_end_has_to_beat_the_inside_by_more_than_noise(study, curve, told):
    tables = {"ranking": ranked({"a": 1}), "isolation_curves": curve}
    assert bool(only(cautions(study, tables), EDGE)) is told


@pytest.mark.parametrize(("judgement", "told"), [(ABOVE, True), (NOT_ABOVE, False), (None, True)])
def test_an_end_of_a_setting_that_is_noise_is_not_told(study, judgement, told):
    """In the whole study and in each branch by its own judgement; what cannot be judged is told."""
    tables = {
        "ranking": ranked({"a": 1}),
        "tolerance": tolerated(("optimizer=sgd", "a", 0.4, 1, "low")),
        "variance_decomposition": pd.concat(
            [shares(("total", "a", 0.01, judgement)).assign(branch=b) for b in ("all", "optimizer=sgd")]
        ),
    }
    assert len(only(cautions(study, tables), EDGE)) == 2 * told


def test_ends_that_are_ends_of_what_is_possible(tabulate, setting):
    space = Space([setting("beta", 0.0, 0.5, 0.9), setting("share", 0, 1), setting("batch_size", 1, 2, 4)])
    study = Study(tabulate(space, lambda c, r: c["beta"] + r, 2), space)
    at_the_low_end = {"ranking": ranked({"beta": 0.0, "share": 0, "batch_size": 1})}
    assert not only(cautions(study, at_the_low_end), EDGE)
    at_the_high_end = {"ranking": ranked({"beta": 0.9, "share": 1, "batch_size": 4})}
    assert len(only(cautions(study, at_the_high_end), EDGE)) == 3


def test_a_range_without_levels_ends_before_its_last_value(tabulate):
    space = Space([Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True)),))])
    points = [{"rate": rate} for rate in (2e-4, 1.2e-4, 0.01, 0.1, 0.5)]
    study = Study(tabulate(space, lambda c, r: c["rate"] + r, 2, points), space)
    (text,) = only(cautions(study, {"ranking": ranked({"rate": 1.2e-4})}), EDGE)
    assert text.startswith("The best rate is 1.2e-4, the lowest tried")
    assert not only(cautions(study, {"ranking": ranked({"rate": 3e-4})}), EDGE)
    (text,) = only(cautions(study, {"ranking": ranked({"rate": 1.3e-4})}), EDGE)
    assert text.startswith("The best rate is 1.3e-4, among the lowest tried")


def test_a_value_near_a_zero_that_was_tried_is_at_no_end(tabulate):
    """Weight decay 0 was tried, and nothing lies below it: the best, 0.003 of 0.1, gives no warning."""
    space = Space([Setting("weight_decay", (Variant(FloatRange(0.0, 0.1)),))])
    points = [{"weight_decay": value} for value in (0.0, 0.003, 0.02, 0.05, 0.1)]
    study = Study(tabulate(space, lambda c, r: abs(c["weight_decay"] - 0.003) + r, 2, points), space)
    assert not only(cautions(study, {"ranking": ranked({"weight_decay": 0.003})}), EDGE)
    (text,) = only(cautions(study, {"ranking": ranked({"weight_decay": 0.1})}), EDGE)
    assert text.startswith("The best weight decay is 0.1, the highest tried")


def test_a_warning_to_widen_agrees_with_the_advice(study):
    """To be fixed at its highest value: fix or widen, in one sentence; not above the noise: no warning."""
    best = {"ranking": ranked({"a": 6})}
    fixed = {"setting": ["a"], "branch": ["all"], "advice": ["fix"]}
    told = best | {"advice": pd.DataFrame(fixed | {"judgement": [ABOVE]})}
    (text,) = only(cautions(study, told), EDGE)
    assert text == (
        "Of the values of a tried only the highest, 6, is good: fix it there, or widen the range, as the "
        "optimum may lie beyond."
    )
    idle = best | {"advice": pd.DataFrame(fixed | {"judgement": [Judgement.NOT_ABOVE]})}
    assert not only(cautions(study, idle), EDGE)
    alike = pd.DataFrame(fixed | {"judgement": [ABOVE], "worst_low": [-0.1], "cost_low": [0.0]})
    assert not only(cautions(study, best | {"advice": alike}), EDGE)  # no value is shown to be worse
    (text,) = only(cautions(study, best), EDGE)
    assert text == "The best a is 6, the highest tried, so the optimum may lie beyond; widen the range."


def test_optimizers_at_the_same_end_are_told_together(study):
    rows = [(f"optimizer={name}", "a", 0.4, 6, "high") for name in ("sgd", "adam", "nadam", "lion")]
    rows.append(("optimizer=adamw", "a", 0.4, 3, ""))
    (text,) = only(cautions(study, {"tolerance": tolerated(*rows)}), EDGE)
    assert text.startswith("For 4 of 5 optimizers the best a is the highest tried")
    (found,) = (c for c in cautions(study, {"tolerance": tolerated(*rows[3:])}) if c.kind == EDGE)
    assert found.branch == "optimizer=lion"
    assert found.text.startswith("For lion the best a is the highest tried")
    flat = [(*row[:2], 1.0, *row[3:]) for row in rows]
    assert not only(cautions(study, {"tolerance": tolerated(*flat)}), EDGE)


def test_what_is_cut_off_is_counted(tabulate, setting):
    """Of fourteen warnings eleven are told, and that there are three more; twelve are all told."""
    for count in (12, 14):
        names = [f"s{n}" for n in range(count)]
        space = Space([setting(name, 1, 2, 3) for name in names])
        points = [dict.fromkeys(names, level) for level in (1, 2, 3)] * 10
        study = Study(tabulate(space, lambda c, r: c["s0"] + 0.1 * r, 2, points), space)
        # not on a grid: that is a warning, too
        found = cautions(study, {"ranking": ranked(dict.fromkeys(names[: count - 1], 1))})
        assert len(found) == MOST
        assert found[0].kind == BALANCE
        assert found[10].text.startswith("The best s9 is 1, the lowest tried")
        if count == 12:
            assert found[11].text.startswith("The best s10 is 1, the lowest tried")
        else:
            last = "… and 3 more warnings: 3 about best values at the end of a range."
            assert (found[11].kind, found[11].text) == (EDGE, last)


def test_a_whole_sweep(tabulate, nested_space):
    """From trials to sentences: the best rate is the largest for adam only where everything is the same."""
    study = Study(
        tabulate(nested_space, lambda c, r: -c["learning_rate"] * (c["optimizer"] == "adam") + 1e-3 * r, 2),
        nested_space,
    )
    found = cautions(study, all_tables(study))
    assert {caution.kind for caution in found} - {STABILITY} == {EDGE, INTERACTION}
    assert (
        next(caution.text for caution in found if caution.kind == EDGE)
        == "The best learning rate is 1, the highest tried, so the optimum may lie beyond; widen the range."
    )


@pytest.mark.parametrize(("pruned", "told"), [(100, True), (7, True), (6, False), (0, False)])
def test_many_pruned_trials_are_a_warning_and_all_are_counted(pruned, told, study):
    """More than a tenth of all; the head of the page and of the first screen count them in any case."""
    found = replace(study, pruned=pruned)
    words = [caution.text for caution in cautions(found, {}) if "pruned" in caution.text]
    assert len(words) == told
    assert not told or words[0].startswith(f"{pruned} of {60 + pruned} trials were pruned and left out")
    assert besides_the_plan(found) == (f"besides {pruned} pruned and left out" if pruned else "")
