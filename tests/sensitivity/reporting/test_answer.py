"""The three sentences: what they say of tables whose numbers are made up here."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.curves.remarks import FEW_OF_BRANCH
from sensitivity.estimators.effects import FROM_SCATTER, NO_REPLICATES, ONE_LEVEL
from sensitivity.language import speaking
from sensitivity.measures.optimizer_differences import BOUND
from sensitivity.measures.tolerance import COMMON, OVERALL, OWN, RETUNED, UNTUNED
from sensitivity.remarks import Judgement, Remarks, worded
from sensitivity.reporting.answer import answer, how_much_it_forgives, what_decides, what_is_noise
from sensitivity.study import Study
from sweeps.space import Choices, Setting, Space, Variant

ABOVE, UNKNOWN = Judgement.ABOVE, Judgement.UNKNOWN
NOT = Judgement.NOT_ABOVE


def ranking(*rows, seed=0.04):
    """Table from (setting, total, half width, main, verdict), in the order of the ranks."""
    columns = {
        "rank": pd.array([*range(1, len(rows) + 1), pd.NA], dtype="Int64"),
        "setting": [*(row[0] for row in rows), "seed"],
        "total_effect": [*(row[1] for row in rows), seed],
        "total_low": [*(row[1] - row[2] for row in rows), seed - 0.01],
        "total_high": [*(row[1] + row[2] for row in rows), seed + 0.02],
        "main_effect": [*(row[3] for row in rows), seed],
        "main_low": [*(row[3] - row[2] for row in rows), seed - 0.01],
        "main_high": [*(row[3] + row[2] for row in rows), seed + 0.02],
        "judgement": [*(row[4] for row in rows), None],
        "remarks": [Remarks(NO_REPLICATES if row[4] is UNKNOWN else None) for row in rows] + [Remarks()],
    }
    return worded(pd.DataFrame(columns))


def tolerance(*rows, against=COMMON, setting="learning_rate"):
    """Table from (branch, decades, whether the range cuts the band off at its high end)."""
    return pd.DataFrame(
        {
            "branch": [row[0] for row in rows],
            "setting": setting,
            "method": RETUNED,
            "against": against,
            "fraction": [row[1] / 5 for row in rows],
            "low": [row[1] / 5 - 0.1 for row in rows],
            "high": [row[1] / 5 + 0.1 for row in rows],
            "decades": [row[1] for row in rows],
            "decades_low": [row[1] - 0.5 for row in rows],
            "decades_high": [row[1] + 0.5 for row in rows],
            "from": 0.01,
            "band": "0.01 to 0.1",
            "cut_low": False,
            "cut_high": [row[2] for row in rows],
            "remarks": [Remarks()] * len(rows),
        }
    )


def differences(*rows, half=1.0):
    """Differences of decades between every two of the same rows; told apart beyond ``half``."""
    pairs = []
    for one, other in itertools.combinations([row for row in rows if row[0] != "all"], 2):
        wide, small = sorted((one, other), key=lambda row: -row[1])
        apart = wide[1] - small[1] > half
        told, said = apart and not small[2], BOUND if apart and small[2] else None
        low, high = one[1] - other[1] - half, one[1] - other[1] + half
        better = wide[0] if told else ""
        pairs.append(("decades", one[0], other[0], one[1], other[1], low, high, better, Remarks(said)))
    names = ["quantity", "one", "other", "value", "other_value", "low", "high", "better", "remarks"]
    return pd.DataFrame(pairs, columns=names)


def forgiving(*rows, half=1.0, **changes):
    """Tables of these rows."""
    return {
        "tolerance": tolerance(*rows, **changes),
        "optimizer_differences": differences(*rows, half=half),
        "ranking": ranking(),
        "isolation_curves": ISOLATION,
    }


def study(trials=10, diverged=2, **changes):
    outcomes = ["diverged"] * diverged + ["trained"] * (trials - diverged)
    table = pd.DataFrame({"outcome": outcomes, "phase": "plan", "value": np.linspace(0.1, 0.9, trials)})
    table.insert(0, "number", range(len(table)))
    return Study(table, Space([]), **{"metric": "validation error", "cap": 0.9, **changes})


ISOLATION = pd.DataFrame({"branch": ["all", "all", "optimizer=sgd"], "best": [0.3, 0.1, 0.05]})


def test_what_decides_names_the_first_two_with_their_shares():
    """From half of the variance on it decides; the second follows, both with total and interval."""
    table = ranking(("learning_rate", 0.8, 0.01, 0.32, ABOVE), ("optimizer", 0.4, 0.02, 0.1, ABOVE))
    assert what_decides(table, "loss") == (
        "learning rate decides: 80.0 % [79.0, 81.0] of the variance of the loss involves it, "
        "32.0 % by itself; optimizer follows with 40.0 % [38.0, 42.0]."
    )


def test_shares_that_overlap_are_not_told_apart():
    """Where intervals overlap nothing decides: those settings together matter most; no effect is denied."""
    table = ranking(("batch_size", 0.4, 0.1, 0.3, ABOVE), ("beta", 0.35, 0.1, 0.1, ABOVE))
    assert what_decides(table, "loss") == (
        "batch size and beta matter most: 40.0 % [30.0, 50.0] and 35.0 % [25.0, 45.0] of the variance of the "
        "loss involve them, 30.0 % and 10.0 % by themselves; the intervals overlap: which of the two matters "
        "more is open."
    )
    wide = ranking(("optimizer", 0.75, 0.2, 0.3, ABOVE), ("learning_rate", 0.687, 0.1, 0.3, ABOVE))
    said = what_decides(wide, "loss")
    assert "decides" not in said
    assert "not told" not in said
    many = ranking(*((name, 0.5, 0.2, 0.3, ABOVE) for name in "abcde"))
    said = what_decides(many, "loss")
    assert said.startswith("a, b and c matter most: ")
    assert said.endswith("; the intervals overlap with those of 2 more: which of them matters most is open.")


@pytest.mark.parametrize(("high", "may"), [(1.0, True), (0.2, False)])
def test_what_is_not_judged_may_matter_more(high, may):
    """The first is the first of those that can be judged, unless the others' intervals end below its own."""
    table = ranking(("rate", 0.6, 0.1, 0.6, ABOVE), ("opt", 0.586, 0.4, 0.5, UNKNOWN))
    table["remarks"] = [Remarks(), Remarks(ONE_LEVEL(11)), *table["remarks"][2:]]
    table.loc[1, "total_high"] = high
    said = what_decides(table, "loss")
    assert said.startswith("rate matters most of those that can be judged: " if may else "rate decides: ")
    assert said.endswith("; opt may matter more.") == may
    tied = pd.concat([table.iloc[:1].assign(setting="beta"), table], ignore_index=True)
    assert ("matter most of those that can be judged: " in what_decides(tied, "loss")) == may


def test_main_effects_stand_in_where_there_are_no_totals():
    """A plan without totals is described by main effects, and says so."""
    table = ranking(("x", 0.6, 0.1, 0.5, ABOVE)).assign(
        total_effect=np.nan, total_low=np.nan, total_high=np.nan
    )
    assert what_decides(table, "loss") == (
        "x decides: 50.0 % [40.0, 60.0] of the variance of the loss is its own (main effect)."
    )


def test_noise_is_not_sold_as_an_answer():
    """If the first is not above the noise, none is; if nothing is known, the reason is given."""
    table = ranking(("x", 0.1, 0.2, 0.05, NOT))
    assert what_decides(table, "loss").startswith(
        "No setting can be shown to move the loss: the largest share"
    )
    unknown = ranking(("x", np.nan, np.nan, np.nan, UNKNOWN), seed=np.nan)
    text = what_decides(unknown, "loss")
    assert text == "These trials cannot say which setting matters: cannot be judged: nothing was run twice."


def test_widest_and_narrowest_by_one_bar():
    """The bar is f* + a tenth of the way to the cap, 0.1 + 0.1 · 0.8; a range cut off is "at least"."""
    rows = (
        ("all", 5.0, False),
        ("optimizer=sgd", 1.0, False),
        ("optimizer=adam", 3.0, True),
    )
    assert how_much_it_forgives(forgiving(*rows), study()) == (
        "adam forgives more than sgd: at least 3 [2.5, 3.5] decades of learning rate keep the validation "
        "error at 0.18 or better, everything else tuned again, against 1 [0.5, 1.5] decades with sgd."
    )


def test_without_a_cap_the_overall_best_is_the_bar():
    """Branches are then compared by the overall best, never each by its own."""
    table = pd.concat(
        [
            tolerance(
                ("all", 5.0, False),
                ("optimizer=sgd", 4.0, False),
                ("optimizer=adam", 1.0, False),
                against=OWN,
            ),
            tolerance(("optimizer=sgd", 1.0, False), ("optimizer=adam", 3.0, False), against=OVERALL),
        ]
    )
    rows = (("optimizer=sgd", 1.0, False), ("optimizer=adam", 3.0, False))
    tables = {**forgiving(*rows), "tolerance": table}
    text = how_much_it_forgives(tables, study(cap=None, tolerance=0.25))
    assert text.startswith("adam forgives more than sgd: 3 [2.5, 3.5] decades")
    assert "within 25 % of the way from the best to the median" in text


def test_without_optimizers_one_range_is_given():
    """A single branch has its range in words; without any numeric setting the sentence says so."""
    tables = {
        "tolerance": tolerance(("all", 1.0, False)),
        "ranking": ranking(("learning_rate", 0.5, 0.1, 0.2, ABOVE)),
        "isolation_curves": ISOLATION,
    }
    assert how_much_it_forgives(tables, study()) == (
        "1 [0.5, 1.5] decades of learning rate keep the validation error at 0.18 or better, everything else "
        "tuned again: 0.01 to 0.1."
    )
    tables["tolerance"] = tables["tolerance"].assign(setting="schedule", **{"from": np.nan})
    assert "cannot be said" in how_much_it_forgives(tables, study())


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [("x", 0.5, 0.1, 0.2, ABOVE)],
            "Over the ranges tried every setting has an effect that is told from the noise of the seed",
        ),
        (
            [("x", 0.5, 0.1, 0.2, ABOVE), ("batch_size", 0.1, 0.1, 0.0, NOT), ("y", 0.0, 0.1, 0.0, NOT)],
            "batch size and y are not told from the noise of the seed (4.0 % [3.0, 6.0] of the variance)",
        ),
        ([("x", 0.5, 0.1, 0.2, UNKNOWN)], "cannot be judged here"),
    ],
)
def test_the_third_sentence_is_about_the_noise(rows, words):
    """What is noise, how large it is, and how many trials diverged."""
    text = what_is_noise(ranking(*rows), study())
    assert words in text
    assert text.endswith("; 2 of 10 trials diverged.")


def test_what_does_not_stand_out_does_not_follow():
    """The second named is told from the noise, or nothing else is; a share is never below 0 or above 1."""
    table = ranking(("x", 1.2, 0.1, 0.5, ABOVE), ("y", -0.1, 0.2, -0.1, NOT), ("z", -0.2, 0.1, -0.2, NOT))
    text = what_decides(table, "loss")
    assert text.startswith("x decides: 100.0 % [100.0, 100.0] of the variance of the loss involves it")
    assert text.endswith("; nothing else is told from the noise of the seed.")
    assert what_is_noise(table, study()).startswith("y and z are not told")


def test_no_replicates_is_not_no_effect():
    """Without replicates the share is what it is, but nothing "decides" that cannot be told from chance."""
    table = ranking(("x", 0.9, np.nan, 0.9, UNKNOWN), seed=np.nan)
    assert what_decides(table, "loss") == (
        "These trials cannot say which setting matters. As they stand, the largest share of the variance of "
        "the loss is x's, 90.0 %; cannot be judged: nothing was run twice."
    )


def test_scatter_about_a_surrogate_is_not_called_the_noise_of_the_seed():
    """Where nothing was run twice the seed's noise is unknown; long lists of names are cut."""
    table = ranking(*((f"s{place}", 0.01, 0.02, 0.01, NOT) for place in range(8)))
    table["remarks"] = [*[Remarks()] * 8, Remarks(FROM_SCATTER)]
    text = what_is_noise(table, study())
    assert text.startswith("s0, s1, s2, s3, s4 and 3 more are not told from what scatters without a pattern")


def test_ties_share_the_first_place_and_the_last_is_told_apart_or_not():
    """Two optimizers that fill the range are named together; overlapping intervals are no least and most."""
    rows = (("optimizer=a", 5.0, True), ("optimizer=b", 5.0, True), ("optimizer=c", 1.0, False))
    text = how_much_it_forgives(forgiving(*rows), study())
    assert text.startswith(
        "a and b forgive most; they cannot be told apart: with a, at least 5 [4.5, 5.5] decades (the "
        "whole range)"
    )
    assert text.endswith("; c forgives least, 1 [0.5, 1.5] decades.")
    text = how_much_it_forgives(forgiving(("optimizer=a", 1.4, False), ("optimizer=c", 1.0, False)), study())
    assert text.startswith("No optimizer can be shown to forgive more than another: with a, 1.4 [0.9, 1.9]")
    assert text.endswith("; with c, 1 [0.5, 1.5] decades.")
    assert how_much_it_forgives(forgiving(*rows[:2]), study()).startswith(
        "With every optimizer at least 5 [4.5, 5.5] decades"
    )


def test_a_superlative_needs_a_difference():
    """The first alone only where it is told from the next; those in between may be the last together."""
    rows = (("optimizer=a", 3.0, False), ("optimizer=b", 2.5, False), ("optimizer=c", 1.0, False))
    text = how_much_it_forgives(forgiving(*rows, half=0.3), study())
    assert text.startswith("a forgives most: 3 [2.5, 3.5] decades")
    assert text.endswith("; c forgives least, 1 [0.5, 1.5] decades.")
    text = how_much_it_forgives(forgiving(*rows), study())
    assert text.startswith("a and b forgive most; they cannot be told apart: with a, 3 [2.5, 3.5] decades")
    rows = (("optimizer=a", 4.0, False), ("optimizer=b", 1.5, False), ("optimizer=c", 1.0, False))
    text = how_much_it_forgives(forgiving(*rows), study())
    assert text.endswith("; b and c forgive least, 1 [0.5, 1.5] decades with c.")
    rows = (("optimizer=a", 3.0, False), ("optimizer=b", 2.0, True), ("optimizer=c", 2.5, True))
    text = how_much_it_forgives(forgiving(*rows, half=0.1), study())
    assert text.startswith("No optimizer can be shown to forgive more than another: with a, 3")


def test_a_band_that_the_range_cuts_is_no_tie():
    """What is not told from the widest for want of range only is said to be so, not counted as alike."""
    rows = [("optimizer=a", 4.0, False), ("optimizer=b", 2.0, True), ("optimizer=c", 0.5, False)]
    text = how_much_it_forgives(forgiving(*rows), study())
    assert text.startswith("a forgives most as far as the range shows: 4 [3.5, 4.5] decades")
    assert "; b, cut by the range, may forgive as much; c forgives least, 0.5" in text
    rows.insert(1, ("optimizer=d", 3.5, True))  # within the noise of the first: a tie, cut or not
    text = how_much_it_forgives(forgiving(*rows), study())
    assert text.startswith("a and d forgive most; they cannot be told apart: with a, 4 [3.5, 4.5]")
    assert "; b, cut by the range, may forgive as much; " in text


def test_bands_that_the_range_cuts_at_both_ends_are_not_ranked():
    """They are told with what is known of them, and so is who never meets the bar; nobody forgives then."""
    rows = (("optimizer=a", 4.0, True), ("optimizer=b", 2.0, False), ("optimizer=c", 0.0, False))
    tables = forgiving(*rows)
    tables["tolerance"]["cut_low"] = [True, False, False]
    unknown = how_much_it_forgives(tables, study())
    assert unknown.endswith("; whether c comes within the tolerance of the best cannot be told.")
    told = {"quantity": "best", "one": "optimizer=b", "other": "optimizer=c", "better": "optimizer=b"}
    tables["optimizer_differences"] = pd.concat([tables["optimizer_differences"], pd.DataFrame([told])])
    text = how_much_it_forgives(tables, study())
    assert text == (
        "With b, 2 [1.5, 2.5] decades of learning rate keep the validation error at 0.18 or better, "
        "everything else tuned again; with a, at least 4 [3.5, 4.5] decades, cut at both ends by "
        "the range and so not ranked; c never comes within the tolerance of the best."
    )
    assert "forgive" not in text
    nobody = how_much_it_forgives(
        forgiving(("optimizer=a", 0.0, False), ("optimizer=c", 0.0, False)), study()
    )
    assert nobody == (
        "With no optimizer does learning rate keep the validation error at 0.18 or better, everything else "
        "tuned again, anywhere in its range."
    )


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ((), "keep the validation error at 0.18 or better, against"),
        ((1, 2), "or better in the mean of both choices of the other settings, against"),
        ((1, 2, 3), "or better for half of all choices of the other settings, against"),
    ],
)
def test_of_how_many_choices_half_are_is_said(others, words):
    """Half of two choices is no half: their mean is what counts; and of one nothing is said."""
    rows = (("optimizer=a", 3.0, False), ("optimizer=b", 1.0, False))
    tables = forgiving(*rows)
    again = tables["tolerance"]
    untuned = again.assign(method=UNTUNED)
    tables["tolerance"] = pd.concat([again, untuned], ignore_index=True)
    names = ["optimizer", "learning_rate", "batch_size"]
    plan = pd.MultiIndex.from_product([["a", "b"], [0.1, 1.0], others or [1]], names=names)
    trials = plan.to_frame(index=False)
    found = study(len(trials), 0)
    kinds = [Setting(name, (Variant(Choices(tuple(trials[name].unique()))),)) for name in names]
    found = replace(found, trials=found.trials.join(trials), space=Space(kinds))
    assert words in how_much_it_forgives(tables, found)
    assert "tuned again" not in how_much_it_forgives(tables, found)
    tables["tolerance"].loc[: len(rows) - 1, ["decades", "decades_low", "decades_high"]] = [3.0, 2.0, 4.0]
    told = how_much_it_forgives(tables, found)
    beside = " With everything else tuned again it is 3 [2, 4] decades with a and 3 [2, 4] decades with b."
    assert told.endswith(beside) == (len(others) == 2)


def test_who_has_few_trials_is_not_judged():
    """Neither a superlative nor a never: it is left out of the comparison and named at its end."""
    rows = (("optimizer=a", 3.0, False), ("optimizer=b", 2.5, False), ("optimizer=c", 0.0, False))
    tables = forgiving(*rows)
    tables["tolerance"]["remarks"] = [Remarks(), Remarks(), Remarks(FEW_OF_BRANCH(4))]
    text = how_much_it_forgives(tables, study())
    assert text.startswith("No optimizer can be shown to forgive more than another: with a, 3")
    assert text.endswith("; c is not judged: only 4 trials.")


def test_everything_alike_forgives_nothing():
    """Where every trial has the same value no range is good."""
    rows = tolerance(("optimizer=a", 5.0, False))
    tables = {"tolerance": rows, "ranking": ranking(), "isolation_curves": ISOLATION}
    alike = study()
    alike.trials["value"] = 0.9
    assert "cannot be said" in how_much_it_forgives(tables, alike)


def test_a_maximised_metric_is_said_as_it_was_recorded():
    """Accuracy 0.9 is kept at 0.82 or better, not at −0.82; a worst value for a cap is no bar."""
    tables = {
        "tolerance": tolerance(("all", 1.0, False)),
        "ranking": ranking(("learning_rate", 0.5, 0.1, 0.2, ABOVE)),
        "isolation_curves": pd.DataFrame({"branch": ["all"], "best": [-0.9]}),
    }
    found = study(metric="accuracy", cap=-0.1, direction="accuracy is maximised; turned round")
    assert "keep the accuracy at 0.82 or better" in how_much_it_forgives(tables, found)
    assert study(worst_as_cap=True).chance is None


def test_there_are_always_three_sentences(tabulate, setting):
    """One trial, no trial and a single setting get three sentences, not an exception."""
    from sensitivity.measures.measuring import all_tables
    from sensitivity.reading.frames import from_frame

    space = Space([setting("x", 1, 2, 3), setting("y", "a", "b")])
    whole = tabulate(space, lambda c, r: c["x"] + 0.1 * r, 2)
    for trials in (whole, whole[:1], whole[:0]):
        found = from_frame(trials, space)
        sentences = answer(found, all_tables(found))
        assert len(sentences) == 3
        assert all(text.endswith(".") and "nan" not in text.lower() for text in sentences), sentences


def test_the_answer_is_korean_when_asked():
    """Nothing of it is left in English but names and values."""
    table = ranking(("learning_rate", 0.8, 0.01, 0.3, ABOVE), ("optimizer", 0.4, 0.02, 0.1, ABOVE))
    rows = (("optimizer=a", 1.4, False), ("optimizer=c", 1.0, False))
    with speaking("ko"):
        text = " ".join(
            [
                what_decides(table, "지표"),
                how_much_it_forgives(forgiving(*rows), replace(study(), metric="loss")),
                what_is_noise(table, replace(study(), metric="loss")),
            ]
        )
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"learning", "rate", "optimizer", "loss"}
    assert "80.0 % [79.0, 81.0]" in text
