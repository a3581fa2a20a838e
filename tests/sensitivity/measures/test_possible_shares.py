"""No share outside 0 to 100 % is ever shown, whatever the trials; an impossible one is not estimable."""

import re

import numpy as np
import pandas as pd
import pytest

import sensitivity
from sensitivity.measures import measure as m
from sensitivity.measures.divergence import divergence_effects
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.possible import (
    ANYTHING,
    IN_DOUBT,
    NOT_ESTIMABLE,
    SHOWN,
    SMALL,
    STRICTER,
    UNBOUNDED,
    UNDECIDED,
    agreed,
    attainable,
    attained,
    possible,
)
from sensitivity.measures.registry import TABLES
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Judgement, Remarks
from sensitivity.reporting.answer import answer
from sensitivity.reporting.cautions.finding import cautions as found_cautions
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

pytestmark = pytest.mark.usefixtures("few_trees")  # no share of any forest is impossible

OPTIMIZER = Setting("optimizer", (Variant(Choices(("sgd", "adam"))),))
RATE = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=4)),))
DECAY = Setting("decay", (Variant(FloatRange(0.0, 1.0, levels=3)),))
SPACE = Space([OPTIMIZER, RATE, DECAY])


def nasty(kind, seed):
    """Trials and what is wrong with them: few, contradictory replicates, tiny noise, heavy tails."""
    rng = np.random.default_rng(seed)
    grid = pd.DataFrame(list(SPACE.grid()))
    if "random" in kind:
        size = int(rng.integers(5, 40))
        units = rng.random((size, 3))
        grid = pd.DataFrame([SPACE.configuration(unit) for unit in units])
    replicates = 1 if "single" in kind else 2
    table = pd.concat([grid.assign(replicate=r) for r in range(replicates)], ignore_index=True)
    effect = rng.normal() * np.log10(table["learning_rate"]) ** 2 * ("flat" not in kind)
    noise = rng.standard_normal(len(table))
    if "contradicts" in kind:
        noise = 10 * (2 * table["replicate"] - 1) * rng.choice([-1, 1], len(table))
    if "block" in kind:
        noise = 30 * table["replicate"] + 0.01 * noise
    if "tiny" in kind:
        noise = 1e-13 * noise
    if "heavy" in kind:
        noise = 10.0 ** rng.uniform(-3, 9, len(table)) * rng.choice([-1, 1], len(table))
    return table.assign(value=effect + noise)


KINDS = [
    "grid",
    "grid contradicts",
    "grid block",
    "grid flat block",
    "grid tiny",
    "grid heavy",
    "grid single",
    "grid single heavy",
    "random",
    "random contradicts",
    "random block",
    "random flat block",
    "random tiny",
    "random single heavy",
    "random single flat",
]


def outside(table, name):
    """Columns of shares with a number that a share cannot have."""
    wrong = []
    for column in TABLES[name].columns:
        if column.kind == m.SHARE:
            signed = column.name in {"change", "change_low", "change_high"}
            numbers = table[column.name].astype("float64")
            numbers = numbers[numbers.notna()]
            if len(numbers) and not numbers.between(-1.0 if signed else 0.0, 1.0).all():
                wrong.append(column.name)
    return wrong


@pytest.mark.parametrize("kind", KINDS)
def test_every_share_of_every_table_is_possible(kind):
    """Of estimates and of the ends of their intervals, which hold them."""
    trials = nasty(kind, seed=len(kind))
    rng = np.random.default_rng(0)
    curves = {row: (rng.standard_normal(4) + value).tolist() for row, value in enumerate(trials["value"])}
    tables = sensitivity.measure(trials, SPACE, curves=curves, progress=False)
    assert {name: wrong for name, table in tables.items() if (wrong := outside(table, name))} == {}
    study = from_frame(trials, SPACE, curves=curves)
    sentences = [*answer(study, tables), *(caution.text for caution in found_cautions(study, tables))]
    for table in tables.values():
        sentences += table["verdict"].dropna().astype(str).unique().tolist()
    for sentence in sentences:
        numbers = [float(number) for number in re.findall(r"(?<![\d.e])(-?\d+(?:\.\d+)?) ?%", sentence)]
        assert all(0 <= number <= 100 for number in numbers), sentence
    rows = tables["variance_decomposition"].dropna(subset=["low", "high"])
    assert (rows["low"] <= rows["share"] + 1e-12).all()
    assert (rows["share"] <= rows["high"] + 1e-12).all()


def test_a_little_below_is_zero_and_far_outside_is_nothing():
    """−2 % is an estimate of 0, as is −20 % with a wide interval; −54 and 310 % are of nothing."""
    columns = m.estimate("share", "A share.", m.SHARE, "share")
    shares = [-0.02, 0.5, 1.03, -0.54, 3.095, -0.2, -0.2]
    table = pd.DataFrame(
        {
            "share": shares,
            "low": [-0.1, 0.4, 0.9, -0.9, 2.0, -0.9, -0.21],
            "high": [0.1, 0.6, 1.2, 0.2, 4.0, 0.6, -0.19],
            "judgement": ["not above", "above", "above", "above", None, "not above", "not above"],
            "remarks": [Remarks()] * 7,
        }
    )
    found = possible(table, columns)
    np.testing.assert_array_equal(found["share"], [0.0, 0.5, 1.0, np.nan, np.nan, 0.0, np.nan])
    np.testing.assert_array_equal(found["low"], [0.0, 0.4, 0.9, np.nan, np.nan, 0.0, np.nan])
    np.testing.assert_array_equal(found["high"], [0.1, 0.6, 1.0, np.nan, np.nan, 0.6, np.nan])
    assert found["judgement"].iloc[3] == Judgement.UNKNOWN
    assert pd.isna(found["judgement"].iloc[4])
    assert [said.has(NOT_ESTIMABLE) for said in found["remarks"]] == [
        *[False] * 3,
        *[True] * 2,
        False,
        True,
    ]
    assert "cannot be estimated" in found["remarks"].iloc[3][0].words
    pd.testing.assert_frame_equal(possible(found, columns), found)


@pytest.mark.parametrize(
    ("judgement", "ends", "expected", "remark"),
    [
        (Judgement.ABOVE, (0.01, 0.9), Judgement.ABOVE, None),
        (Judgement.ABOVE, (0.0, 0.9), Judgement.UNKNOWN, IN_DOUBT),
        (Judgement.ABOVE, (0.0004, 0.05), Judgement.NOT_ABOVE, None),  # is shown as 0.0, and is little
        (Judgement.ABOVE, (0.0004, 0.11), Judgement.UNKNOWN, IN_DOUBT),
        (Judgement.ABOVE, (0.0, 1.0), Judgement.UNKNOWN, ANYTHING),
        (Judgement.ABOVE, (np.nan, np.nan), Judgement.UNKNOWN, UNBOUNDED),
        (Judgement.NOT_ABOVE, (0.01, 0.9), Judgement.UNKNOWN, STRICTER),  # many were tested
        (Judgement.NOT_ABOVE, (0.0, 0.1), Judgement.NOT_ABOVE, None),
        (Judgement.NOT_ABOVE, (0.0, 0.11), Judgement.UNKNOWN, UNDECIDED),
        (Judgement.NOT_ABOVE, (0.0, 1.0), Judgement.UNKNOWN, ANYTHING),
        (Judgement.NOT_ABOVE, (np.nan, np.nan), Judgement.UNKNOWN, UNBOUNDED),
        (Judgement.UNKNOWN, (0.01, 0.9), Judgement.UNKNOWN, None),
        (None, (0.0, 1.0), None, None),
    ],
)
def test_a_judgement_follows_its_interval(judgement, ends, expected, remark):
    """Above only where the interval, as it is shown, leaves out 0; not above only where it ends near it."""
    found, remarks = agreed(judgement, Remarks(), ends, SHOWN, 1.0, SMALL)
    assert found == expected
    assert remarks == Remarks(remark)


def test_two_failures_decide_nothing():
    """Of 48 trainings two fail, each beside a twin that does not: nothing is said to decide divergence."""
    grid = pd.DataFrame(list(SPACE.grid()))
    trials = pd.concat([grid.assign(replicate=r) for r in range(2)], ignore_index=True)
    trials = trials.assign(number=range(len(trials)), phase="plan", outcome="trained", value=0.5)
    trials.loc[[2, 3], "outcome"] = "diverged"
    found = divergence_effects(Study(trials, SPACE))
    assert found["share"].notna().any()
    assert Judgement.ABOVE not in set(found["judgement"])


def few_losses(sign):
    """Two replicates of a loss near 0, which differ a lot; with sign −1 an accuracy, turned round."""
    grid = pd.DataFrame(list(SPACE.grid()))
    table = pd.concat([grid.assign(replicate=r) for r in range(2)], ignore_index=True)
    rng = np.random.default_rng(5)
    loss = np.abs(rng.normal(0, 0.02, len(table))) + (np.log10(table["learning_rate"]) > -1) * rng.random()
    return from_frame(table.assign(value=sign * loss), SPACE)


@pytest.mark.parametrize("sign", [1, -1])
def test_no_interval_of_a_response_holds_what_cannot_be(sign):
    """A loss is never below 0, an accuracy that is turned round never above; nothing is above the cap."""
    study = few_losses(sign)
    least, most = attainable(study)
    assert (least, most) == ((0.0, np.inf) if sign > 0 else (-np.inf, 0.0))
    tables = all_tables(study)
    for name, table in tables.items():
        for column in TABLES[name].columns:
            for end in column.ends or () if column.kind == m.RESPONSE else ():
                assert table[end].dropna().between(least, most).all(), (name, end)
    regrets = tables["tolerance"][["regret_low", "regret_high"]]
    assert (regrets.dropna() >= 0).all(axis=None)


def test_the_cap_is_the_most_there_is():
    """An interval about the mean of a mean height, -2.05 to 2.52, of trials that are capped at 2.3."""
    column = m.Column("area", "Mean height.", m.RESPONSE, ends=("low", "high"))
    other = m.Column("gain", "A difference, which may be below 0.", m.AMOUNT, ends=("from", "to"))
    table = pd.DataFrame({"area": [0.237], "low": [-2.05], "high": [2.52], "from": [-1.0], "to": [3.0]})
    trials = pd.DataFrame({"number": range(3), "phase": "plan", "value": [0.1, 0.5, 2.3]})
    shown = attained(table, [column, other], Study(trials, Space([]), cap=2.3))
    assert shown.iloc[0].tolist() == [0.237, 0.0, 2.3, -1.0, 3.0]
    signed = Study(trials.assign(value=[-0.1, 0.5, 2.3]), Space([]))
    assert attained(table, [column, other], signed).equals(table)
