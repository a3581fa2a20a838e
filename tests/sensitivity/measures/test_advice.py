"""What to tune, fix or leave open, on trials of which it is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.advice import FIX, TUNE, UNKNOWN, _tune_what_matters, advice, not_worse
from sensitivity.reading import from_frame
from sensitivity.remarks import Judgement, worded
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, Setting, Space, Variant


@pytest.fixture(scope="module")
def known():
    """Grid of four settings, three seeds: a rate best at 0.01, a name with one good level, an idle one."""
    rng = np.random.default_rng(0)
    levels = [10.0 ** np.arange(-4, 1), ["a", "b"], [1, 2, 3], [0, 1, 2]]
    names = ["rate", "kind", "idle", "replicate"]
    frame = pd.MultiIndex.from_product(levels, names=names).to_frame(index=False)
    value = (np.log10(frame["rate"]) + 2) ** 2 / 4 + 0.8 * (frame["kind"] == "b")
    return frame.assign(value=value + rng.normal(0, 0.02, len(frame)))


def space(*more):
    """Space of the grid, and further settings."""
    rate = Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=5)),))
    kind = Setting("kind", (Variant(Choices(("a", "b"))),))
    return Space([rate, kind, Setting("idle", (Variant(Choices((1, 2, 3))),)), *more])


def test_what_matters_is_tuned_and_what_does_not_is_fixed(known):
    """A rate is tuned about its best; a single good level and an idle setting are fixed.

    The mean of x²/4 over x = −2 … 2 decades is 1/3; drawn straight between the five rates it is 3/8.
    """
    table = advice(from_frame(known, space())).set_index("setting")
    assert table["advice"].to_dict() == {"rate": TUNE, "kind": FIX, "idle": FIX}
    assert table.loc["rate", "best_at"] == pytest.approx(0.01)
    assert table.loc["kind", "best_at"] == "a"
    assert table.loc["rate", "cost"] == pytest.approx(3 / 8, abs=0.06)
    assert table.loc["idle", "cost"] == pytest.approx(0.0, abs=0.03)
    assert table["trials"].tolist() == [90, 90, 90]


def test_a_setting_of_seven_trials_cannot_be_judged(known):
    """Whatever its share is: the verdict says how many trials have it."""
    frame = known.assign(rare=[0.1 * (row % 7 + 1) if row < 7 else np.nan for row in range(len(known))])
    frame["kind"] = frame["kind"].where(frame["rare"].isna(), "c")
    rare = Setting("rare", (Variant(FloatRange(0.1, 0.7), {"kind": ("c",)}),))
    settings = [each for each in space(rare).settings if each.name != "kind"]
    kinds = Setting("kind", (Variant(Choices(("a", "b", "c"))),))
    table = worded(advice(from_frame(frame, Space([kinds, *settings])))).set_index("setting")
    assert table.loc["rare", "advice"] == UNKNOWN
    assert table.loc["rare", "verdict"].startswith("only 7 trials have it")


def test_a_setting_whose_every_value_is_good_is_fixed(known):
    """It only moves the optimum of the rate: above the noise, and any value will do once that is tuned."""
    rng = np.random.default_rng(1)
    level = known["rate"].rank(method="dense") - 3
    twist = known["idle"] - 2
    value = (level.clip(-1, 1) - twist) ** 2 / 4 + rng.normal(0, 0.02, len(known))
    table = advice(from_frame(known.assign(value=value), space())).set_index("setting")
    assert table.loc["idle", "judgement"] == "above"
    assert table.loc["idle", "advice"] == FIX
    assert table.loc["kind", "advice"] == FIX


def test_the_bar_is_the_same_with_a_cap_and_without(known):
    """A guess's result is known for our own networks: against that far bar every value would be good."""
    study = from_frame(known, space())
    far = replace(study, cap=1000.0)
    assert advice(far)["good"].tolist() == advice(study)["good"].tolist()


@pytest.mark.parametrize("wide", ["adam", "sgd"])
def test_of_optimizers_that_are_as_good_the_forgiving_one_is_taken(wide):
    """Both reach the same with their best rate, a hair better the one that forgives little."""
    rng = np.random.default_rng(2)
    rates = 10.0 ** np.arange(-4, 3)
    names = ["learning_rate", "optimizer", "replicate"]
    grid = pd.MultiIndex.from_product([rates, ["adam", "sgd"], [0, 1, 2]], names=names).to_frame(index=False)
    forgiving = grid["optimizer"] == wide
    steep = np.where(forgiving, 0.02, 0.4)
    value = steep * (np.log10(grid["learning_rate"]) + 1) ** 2 + 0.001 * forgiving
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 100.0, log=True, levels=7)),))
    kinds = Setting("optimizer", (Variant(Choices(("adam", "sgd"))),))
    frame = grid.assign(value=value + rng.normal(0, 0.002, len(grid)))
    table = advice(from_frame(frame, Space([rate, kinds]))).set_index("setting")
    assert table.loc["optimizer", "advice"] == FIX
    assert table.loc["optimizer", "best_at"] == wide


@pytest.fixture
def two_optimizers(tabulate):
    """Makes a grid of a rate and two optimizers whose best rates are 0.001 and a given power of ten."""

    def make(power):
        rng = np.random.default_rng(4)
        rate = Setting("learning_rate", (Variant(FloatRange(1e-5, 100.0, log=True, levels=8)),))
        grid = Space([rate, Setting("optimizer", (Variant(Choices(("adam", "sgd"))),))])

        def response(c, _):
            best = -3.0 if c["optimizer"] == "adam" else power
            return 0.2 * min((np.log10(c["learning_rate"]) - best) ** 2, 4) + rng.normal(0, 0.002)

        return Study(tabulate(grid, response, 3), grid, "loss")

    return make


def test_a_range_that_differs_by_optimizer_is_given_for_each(two_optimizers):
    """Adam is best at 0.001, SGD at 1, three decades above: 0.001 costs SGD four fifths of its range."""
    table = advice(two_optimizers(0.0))
    rate = table[table["setting"] == "learning_rate"].set_index("branch")
    assert rate.index.tolist() == ["optimizer=adam", "optimizer=sgd"]
    assert rate["best_at"].astype(float).tolist() == pytest.approx([0.001, 1.0])
    assert (rate["advice"] == TUNE).all()
    assert rate["trials"].tolist() == [24, 24]
    for branch, best in (("optimizer=adam", 0.001), ("optimizer=sgd", 1.0)):
        low, high = map(float, rate.loc[branch, "good"].split(" to "))
        assert best / 10 < low < best < high < best * 10
    assert (rate["share"] > 0.95).all()  # inside a branch nothing else moves the result


def test_a_range_that_is_the_same_everywhere_is_given_once(two_optimizers):
    """Both are best at 0.001."""
    table = advice(two_optimizers(-3.0))
    assert table.loc[table["setting"] == "learning_rate", "branch"].tolist() == ["all"]


def test_what_others_make_up_for_is_fixed_first_and_they_are_tuned_then(two_optimizers):
    """Which optimizer it is only moves the best rate: any is good, with the rate tuned after the choice."""
    row = worded(advice(two_optimizers(0.0))).set_index("setting").loc["optimizer"]
    assert row["judgement"] == "above"
    assert row["advice"] == FIX
    assert row["verdict"].endswith("depends on other settings: fix it, then tune them")


def test_what_acts_by_itself_is_fixed_without_more_words(known):
    """A kind that is bad whatever the rate is."""
    row = worded(advice(from_frame(known, space()))).set_index("setting").loc["kind"]
    assert (row["advice"], row["verdict"]) == (FIX, "above the noise of the seed")


@pytest.mark.parametrize("wide", ["adam", "sgd"])
def test_a_wider_band_that_is_not_told_apart_is_no_reason(tabulate, wide):
    """Single runs have no interval: taken is the branch of the best configuration, a hair better."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=5)),))
    names = {"optimizer": ("adam", "sgd"), "width": (1, 2, 3), "depth": (1, 2)}
    grid = Space([rate, *(Setting(name, (Variant(Choices(levels)),)) for name, levels in names.items())])
    rng = np.random.default_rng(7)

    def response(c, _):
        forgiving = c["optimizer"] == wide
        away = np.log10(c["learning_rate"]) + (3 if c["optimizer"] == "adam" else 1)
        return (0.05 if forgiving else 0.2) * away**2 + 0.003 * forgiving + rng.normal(0, 1e-4)

    table = advice(Study(tabulate(grid, response, 1), grid, "loss")).set_index("setting")
    assert table.loc["optimizer", "advice"] == FIX
    assert table.loc["optimizer", "best_at"] == ("sgd" if wide == "adam" else "adam")


def test_what_is_above_the_noise_is_tuned_where_no_branch_can_be_judged():
    """Over all 28 trials the rate decides; adam and sgd have fourteen each, too few for their own ranges."""
    rng = np.random.default_rng(3)
    rate, kind = 10 ** rng.uniform(-4, -1, 28), np.tile(["adam", "sgd"], 14)
    value = 0.2 * (np.log10(rate) - np.where(kind == "adam", -3.0, -1.5)) ** 2
    rates = Setting("learning_rate", (Variant(FloatRange(1e-4, 0.1, log=True)),))
    kinds = Setting("optimizer", (Variant(Choices(("adam", "sgd"))),))
    frame = pd.DataFrame({"learning_rate": rate, "optimizer": kind, "value": value})
    table = worded(advice(from_frame(frame, Space([rates, kinds]))))
    own = table[table["setting"] == "learning_rate"]
    assert own["advice"].tolist() == [TUNE, TUNE]
    assert own["good"].isna().all()
    assert own["verdict"].str.startswith("not judged, as only 14 configurations").all()


@pytest.mark.parametrize(("noise", "expected"), [(0.0005, TUNE), (0.02, FIX)])
def test_only_what_is_shown_to_cost_is_tuned(tabulate, noise, expected):
    """Two of three kinds are good, the third costs 0.02, and moves the best rate: above the noise either way.

    Where noise may make up the 0.02, no kind is shown to be worse: it is fixed at the best.
    """
    rate = Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=5)),))
    grid = Space([rate, Setting("kind", (Variant(Choices(("a", "b", "c"))),))])
    rng, best = np.random.default_rng(6), {"a": -1, "b": -2, "c": -3}

    def response(c, _):
        away = np.log10(c["rate"]) - best[c["kind"]]
        return 0.2 * min(away**2, 4) + 0.02 * (c["kind"] == "c") + noise * rng.standard_normal()

    study = Study(tabulate(grid, response, 3), grid, "loss", tolerance=0.03)
    row = advice(study).set_index("setting").loc["kind"]
    assert row["judgement"] == "above"
    assert row["advice"] == expected
    assert (row["worst_low"] > 0) == (expected == TUNE)
    assert pd.isna(row["good"]) == (expected == FIX)
    if expected == TUNE:
        assert row["good"] == "a, b"
        assert row["worst_cost"] == pytest.approx(0.02, abs=2e-3)


@pytest.mark.parametrize(("lows", "expected"), [((-0.1, 0.2), TUNE), ((-0.1, -0.2), UNKNOWN)])
def test_what_decides_is_tuned_though_no_branch_can_say_where(lows, expected):
    """Above the noise over all trials; not where in each branch no value is shown to be worse."""
    rows = [{"advice": UNKNOWN, "trials": 14, "worst_low": low, "cost_low": np.nan} for low in lows]
    _tune_what_matters(rows, {"judgement": Judgement.ABOVE})
    assert [row["advice"] for row in rows] == [expected, expected]


@pytest.mark.parametrize(
    ("worst", "blind", "expected"),
    [(0.1, 0.0, False), (-0.1, 0.0, True), (-0.1, 0.02, False), (np.nan, 0.0, False), (-0.1, np.nan, True)],
)
def test_a_value_is_shown_to_be_worse_by_the_worst_or_by_a_blind_choice(worst, blind, expected):
    """Lower ends of the two intervals; where nothing was run twice nobody knows."""
    assert not_worse({"worst_low": worst, "cost_low": blind}) is expected
