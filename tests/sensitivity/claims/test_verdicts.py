"""Verdicts on trainings whose answer is planted: what is false, what is null, and what can just be seen."""

import math

import numpy as np
import pytest
from synthetic import REPLICATES, worlds

from sensitivity.claims.claim import (
    ERROR,
    EXACT,
    SHARE,
    WITHIN,
    Claim,
    Inside,
    Names,
    Part,
    Verdict,
    above,
    below,
)
from sensitivity.claims.ledger import CLAIMS
from sensitivity.claims.verdicts import judged, measured
from sensitivity.claims.world import World

SEEDS = range(20)


def verdicts(name, effects, **how):
    """Adjusted verdict of a claim of the ledger in every seed."""
    return [
        judged([CLAIMS[name]], worlds(seed, effects, **how), seed, len(CLAIMS))[0].adjusted for seed in SEEDS
    ]


def test_a_planted_falsehood_is_contradicted():
    """Momentum needs half the steps: that plain gradient descent is faster is wrong, in 20 of 20 seeds."""
    assert verdicts("planted-false", {"momentum": -math.log(2)}) == [Verdict.CONTRADICTED] * 20
    assert verdicts("planted-double", {"sgd-again": 0.0}) == [Verdict.CONTRADICTED] * 20


def test_a_planted_null_is_inconclusive():
    """Other seeds and nothing else: neither supported nor contradicted, in 20 of 20 seeds."""
    assert verdicts("planted-null", {"sgd-again": 0.0}) == [Verdict.INCONCLUSIVE] * 20


def test_twice_the_smallest_visible_effect_is_seen():
    """Planted at twice what the design says it can see beyond the limit: supported in 18 of 20 at least."""
    claim = CLAIMS["planted-null"]
    pilot = [judged([claim], worlds(100 + seed, {"sgd-again": 0.0}), seed, len(CLAIMS))[0] for seed in SEEDS]
    visible = np.mean([one.parts[0].visible(one.alpha) for one in pilot])
    effect = math.log(0.98) - 2 * visible
    found = verdicts("planted-null", {"sgd-again": effect})
    assert found.count(Verdict.SUPPORTED) >= 18
    assert Verdict.CONTRADICTED not in found


def test_the_effect_is_what_was_planted():
    """Half the steps read as a half; the bootstrap agrees with Student's t about where it is."""
    found = measured(CLAIMS["momentum-beats-sgd"].parts[0], worlds(0, {"momentum": -math.log(2)}), 0)
    assert math.exp(found.estimate.value) == pytest.approx(0.5, rel=0.08)
    low, high = found.bootstrap
    assert low < found.estimate.value < high
    assert found.unreached == 0.0
    assert set(found.datasets) == set(worlds(0, {}))


def test_no_share_is_written_that_cannot_be():
    """Ends of an interval of a share stay in 0 … 1, of a difference of shares in −1 … 1."""

    def written(**how):
        part = Part(
            "often", SHARE, above(0.5), lambda _: np.array([0.9, 1.0, 0.2]), how=WITHIN, where=(), **how
        )
        found = measured(part, {"": World("", {})}, 0)
        assert found.estimate.interval(0.999)[0] < -1
        return found.ends(found.estimate.interval(0.999))

    assert written() == (0.0, 1.0)
    assert written(difference=True) == (-1.0, 1.0)


def test_a_bootstrap_of_the_same_replicates_is_the_estimate():
    """Drawn again as they are, the arrays give the same numbers for every draw."""
    world = worlds(0, {"nesterov": -0.1})["wine"]
    same = world.again(np.tile(np.arange(REPLICATES), (3, 1)))
    for claim in ("nesterov-beats-momentum", "planted-false", "lr-01"):
        for part in CLAIMS[claim].parts:
            alone, batch = np.asarray(part.of(world)), np.asarray(part.of(same))
            assert batch.shape == (3, *alone.shape)
            assert np.allclose(batch, alone)


def part(value, rule, how=EXACT):
    """Part that is one number."""
    return Part("a number", ERROR, rule, lambda _: value, how=how, where=())


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((1.0, 1.0), Verdict.SUPPORTED),
        ((1.0, -1.0), Verdict.CONTRADICTED),
        ((-1.0, -1.0), Verdict.CONTRADICTED),
        ((1.0, 0.0), Verdict.INCONCLUSIVE),
    ],
)
def test_all_parts_support_and_one_contradicts(values, verdict):
    """A claim of two parts, each above 0."""
    claim = Claim("c", "A claim", "O", tuple(part(value, above(0.0)) for value in values))
    assert judged([claim], {"": World("", {})}, 0, 1)[0].plain is verdict


def test_rules():
    """Ends of intervals against limits, by hand."""
    assert below(1.0).verdict(0.2, 0.9) is Verdict.SUPPORTED
    assert below(1.0).verdict(0.2, 1.1) is Verdict.INCONCLUSIVE
    assert below(1.0).verdict(1.1, 1.2) is Verdict.CONTRADICTED
    inside = Inside(-1.0, 1.0)
    assert [inside.verdict(*ends).value for ends in ((-0.5, 0.5), (-2.0, 0.0), (-3.0, 3.0), (2.0, 3.0))] == [
        "supported",
        "inconclusive",
        "inconclusive",
        "contradicted",
    ]
    names = Names(1.0, 0.0)
    assert [names.verdict(*ends).value for ends in ((0.5, 1.5), (-0.5, 1.5), (-0.5, 0.5), (2.0, 3.0))] == [
        "supported",
        "inconclusive",
        "contradicted",
        "contradicted",
    ]


def test_a_supported_claim_shows_the_part_that_is_least_sure():
    """Speed on a constant gradient is exact; what the verdict hangs on is what was measured."""
    claim = Claim(
        "c",
        "A claim",
        "O",
        (
            part(1.0, above(0.0)),
            Part("measured", ERROR, above(0.0), lambda _: np.arange(1.0, 9.0), how=WITHIN, where=()),
        ),
    )
    (found,) = judged([claim], {"": World("", {})}, 0, 1)
    assert found.adjusted is Verdict.SUPPORTED
    assert found.deciding.part.words == "measured"
