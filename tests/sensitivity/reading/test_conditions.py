"""Conditions are found from who has a value; where there is none, presence is a setting."""

import itertools

import numpy as np
import pytest

from sensitivity.reading import conditions
from sensitivity.reading.conditions import Condition, infer


def whens(found):
    """Rules that were found."""
    return {name: dict(condition.when) for name, condition in found.items()}


def test_parent_by_its_values():
    """β is there for momentum and adam only, so that is its condition; the order of the values is theirs."""
    trials = [
        {"optimizer": "sgd"},
        {"optimizer": "adam", "beta": 0.9},
        {"optimizer": "momentum", "beta": 0.5},
    ] * 3
    found = infer(trials, ["optimizer", "beta"], ["optimizer"])
    assert whens(found) == {"beta": {"optimizer": ("adam", "momentum")}}
    assert conditions.words(found) == [
        "beta is taken to exist where optimizer is adam or momentum: so it is in the trials."
    ]


def test_nested_conditions_hang_on_the_nearest_parent():
    """The units of layer i exist from i layers on; a flag of adam alone hangs on adam."""
    trials = [
        {"layers": layers, "kind": kind}
        | {f"units{i}": 16 for i in range(layers)}
        | ({"second": second} if kind == "adam" else {})
        | ({"third": 1.0} if kind == "adam" and second else {})
        for layers, kind, second in itertools.product([1, 2, 3], ["adam", "sgd"], [True, False])
    ]
    names = ["layers", "kind", "units0", "units1", "units2", "second", "third"]
    assert whens(infer(trials, names, ["layers", "kind", "second"])) == {
        "units1": {"layers": (2, 3)},
        "units2": {"layers": (3,)},
        "second": {"kind": ("adam",)},
        "third": {"second": (True,)},
    }


def test_two_conditions_at_once():
    """A setting of adam under a cosine schedule needs both, and nothing idle beside them."""
    trials = [
        {"optimizer": o, "schedule": s, "idle": i} | ({"x": 1.0} if (o, s) == ("adam", "cosine") else {})
        for o, s, i in itertools.product(["sgd", "adam"], ["constant", "cosine"], ["a", "b"])
    ]
    found = infer(trials, ["optimizer", "schedule", "idle", "x"], ["optimizer", "schedule", "idle"])
    assert whens(found) == {"x": {"optimizer": ("adam",), "schedule": ("cosine",)}}


@pytest.mark.parametrize("seed", range(5))
def test_true_parent_is_preferred_to_chance(seed):
    """A setting of as many values as trials fits any pattern; the one of three values is the parent."""
    generator = np.random.default_rng(seed)
    trials = []
    for place in range(30):
        optimizer = ["sgd", "momentum", "adam"][int(generator.integers(3))]
        trial = {"name": f"run {place}", "optimizer": optimizer}
        trials.append(trial | ({"beta": 0.9} if optimizer != "sgd" else {}))
    found = infer(trials, ["name", "optimizer", "beta"], ["name", "optimizer"])
    assert list(whens(found)["beta"]) == ["optimizer"]


def test_a_coin_toss_becomes_a_setting():
    """Where no rule holds, "x is set" decides; y, which comes and goes with x, hangs on the same toss."""
    trials = [{"kind": "ab"[place % 2]} | ({"x": 1.0, "y": 2.0} if place % 3 else {}) for place in range(12)]
    found = infer(trials, ["kind", "x", "y"], ["kind"])
    assert found == {
        "x": Condition({"x is set": (True,)}, inferred=False),
        "y": Condition({"x is set": (True,)}, inferred=True),
    }
    assert "whether it does is a setting, x is set" in conditions.words(found)[0]


def test_name_of_a_toss_does_not_clash():
    """A setting that is already called so keeps its name."""
    assert conditions.presence_name("x", ["x", "x is set"]) == "x is set?"


def test_sixty_names_that_come_often_make_branches():
    """Sixty optimizers, a momentum in half of them; of sixty numbers, or names that come rarely, nothing."""

    def configurations(each, name):
        return [
            {"optimizer": name(one)} | ({"beta": 0.1 * again} if one % 2 else {})
            for one in range(60)
            for again in range(each)
        ]

    found = infer(configurations(12, "rule_{}".format), ["optimizer", "beta"], ["optimizer"])
    assert sorted(found["beta"].when["optimizer"]) == sorted(f"rule_{one}" for one in range(1, 60, 2))
    for rare in (configurations(3, "rule_{}".format), configurations(12, float)):
        assert "optimizer" not in infer(rare, ["optimizer", "beta"], ["optimizer"])["beta"].when
