from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, loguniform, uniform

from sweeps.errors import DefinitionError
from sweeps.objectives import OBJECTIVES
from sweeps.parsing import parse_space
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

UNITS = st.floats(0, 1)


@st.composite
def float_ranges(draw):
    """Ranges whose ends differ by a thousandth at least, the lower end above zero."""
    low = draw(st.floats(1e-30, 1e20))
    return FloatRange(low, low * draw(st.floats(1.001, 1e10)), draw(st.booleans()))


@st.composite
def integer_ranges(draw):
    """Ranges of 2 to 5,001 whole numbers, above zero."""
    low = draw(st.integers(1, 10_000))
    return IntegerRange(low, low + draw(st.integers(1, 5000)), draw(st.booleans()))


def of_networks(table):
    """Space of a ``[space]`` table of a sweep of networks, whose optimizer and schedule have defaults."""
    given = {"optimizer": "adam", "schedule": "constant"}
    return parse_space(table, OBJECTIVES["network"].settings(table), given)


def choice(name, *values, **when):
    """A setting of listed values, under a condition on other settings."""
    condition = {other: tuple(wanted) for other, wanted in when.items()}
    return Setting(name, (Variant(Choices(values), condition),))


@st.composite
def spaces(draw):
    """Spaces of up to five settings a, b, … of up to three values, conditional on earlier ones or not."""
    settings = []
    for name in "abcde"[: draw(st.integers(0, 5))]:
        values = range(draw(st.integers(1, 3)))
        parents = draw(st.lists(st.sampled_from(settings), unique_by=id, max_size=2)) if settings else []
        when = {parent.name: draw(st.lists(st.integers(0, 2), min_size=1)) for parent in parents}
        settings.append(choice(name, *values, **when))
    return Space(draw(st.permutations(settings)))


@given(domain=float_ranges(), unit=UNITS)
def test_float_round_trip(domain, unit):
    """A point of the unit interval comes back from its value, and the value lies inside the range."""
    value = domain.from_unit(unit)
    assert domain.low <= value <= domain.high
    assert domain.to_unit(value) == pytest.approx(unit, abs=1e-9)


@given(domain=float_ranges())
def test_float_ends(domain):
    """0 and 1 are the ends of the range."""
    assert domain.from_unit(0.0) == pytest.approx(domain.low, rel=1e-12)
    assert domain.from_unit(1.0) == pytest.approx(domain.high, rel=1e-12)
    assert (domain.to_unit(domain.low), domain.to_unit(domain.high)) == (0.0, 1.0)


def test_widest_logarithmic_range():
    """A range whose ends have no finite quotient still maps to the unit interval."""
    domain = FloatRange(1e-300, 1e30, log=True)
    assert domain.to_unit(1e30) == 1.0
    assert domain.to_unit(domain.from_unit(0.25)) == pytest.approx(0.25)


@given(unit=UNITS)
def test_float_priors_are_scipys(unit):
    """The value is the quantile of scipy's uniform or log-uniform distribution."""
    assert FloatRange(2.0, 5.0).from_unit(unit) == pytest.approx(uniform(2, 3).ppf(unit))
    assert FloatRange(1e-4, 10.0, log=True).from_unit(unit) == pytest.approx(loguniform(1e-4, 10).ppf(unit))


@given(domain=integer_ranges(), data=st.data())
def test_integer_round_trip(domain, data):
    """Every whole number comes back from its place in the unit interval."""
    value = data.draw(st.integers(domain.low, domain.high))
    assert domain.from_unit(domain.to_unit(value)) == value


@given(domain=integer_ranges(), unit=UNITS)
def test_integers_stay_inside(domain, unit):
    """Every point of the unit interval gives a whole number of the range."""
    value = domain.from_unit(unit)
    assert isinstance(value, int)
    assert domain.low <= value <= domain.high


def test_integers_are_equally_likely():
    """A linear range is a fair die: 6,000 evenly spaced points throw each face 1,000 times."""
    die = IntegerRange(1, 6)
    faces = [die.from_unit((point + 0.5) / 6000) for point in range(6000)]
    assert np.bincount(faces)[1:].tolist() == [1000] * 6


def test_logarithmic_integers_have_their_share():
    """Random points give k as often as its piece [k − ½, k + ½] of the logarithmic axis is long."""
    domain = IntegerRange(1, 20, log=True)
    found = [domain.from_unit(unit) for unit in np.random.default_rng(0).random(20_000)]
    lengths = [math.log((k + 0.5) / (k - 0.5)) for k in range(1, 21)]
    expected = np.array(lengths) / math.log(20.5 / 0.5) * 20_000
    assert chisquare(np.bincount(found)[1:], expected).pvalue > 0.01


@given(values=st.lists(st.integers() | st.text(), unique=True, min_size=1), data=st.data())
def test_choice_round_trip(values, data):
    """Every choice comes back from its place in the unit interval."""
    domain, value = Choices(tuple(values)), data.draw(st.sampled_from(values))
    assert domain.from_unit(domain.to_unit(value)) == value


def test_choices_are_equally_likely():
    """Seven choices share 700 evenly spaced points equally, and the unit interval's end is the last's."""
    domain = Choices(tuple("abcdefg"))
    drawn = [domain.from_unit((point + 0.5) / 700) for point in range(700)]
    assert [drawn.count(letter) for letter in "abcdefg"] == [100] * 7
    assert domain.from_unit(1.0) == "g"


@pytest.mark.parametrize(
    ("domain", "levels"),
    [
        (FloatRange(1e-3, 10.0, log=True, levels=5), (0.001, 0.01, 0.1, 1.0, 10.0)),
        (FloatRange(0.0, 0.4, levels=5), (0.0, 0.1, 0.2, 0.3, 0.4)),
        (FloatRange(0.1, 0.3, levels=2), (0.1, 0.3)),
        (IntegerRange(1, 6, levels=6), (1, 2, 3, 4, 5, 6)),
        (IntegerRange(8, 512, log=True, levels=7), (8, 16, 32, 64, 128, 256, 512)),
        (Choices(("sgd", "adam")), ("sgd", "adam")),
    ],
)
def test_levels_read_as_a_person_writes_them(domain, levels):
    """Levels are exactly the round numbers meant: 0.1, not 0.10000000000000002."""
    assert domain.level_values() == levels


@given(domain=float_ranges(), levels=st.integers(2, 200))
def test_float_levels_are_even(domain, levels):
    """There are as many levels as asked for, both ends included exactly, evenly spaced under the prior."""
    spaced = FloatRange(domain.low, domain.high, domain.log, levels)
    values = spaced.level_values()
    assert (len(values), values[0], values[-1]) == (levels, domain.low, domain.high)
    assert [spaced.to_unit(value) for value in values] == pytest.approx(np.linspace(0, 1, levels), abs=1e-7)


@given(unit=st.tuples(UNITS, UNITS, UNITS))
def test_inactive_settings_are_left_out(unit):
    """β is in a configuration exactly where the optimizer has one, and its coordinate is NaN elsewhere."""
    space = Space(
        [
            choice("optimizer", "sgd", "momentum"),
            choice("beta", 0.5, 0.9, optimizer=["momentum"]),
            choice("batch_size", 16, 64),
        ]
    )
    configuration = space.configuration(unit)
    assert ("beta" in configuration) == (configuration["optimizer"] == "momentum")
    assert math.isnan(space.unit(configuration)[1]) == ("beta" not in configuration)


@given(space=spaces(), data=st.data())
def test_configuration_round_trip(space, data):
    """A configuration comes back from its coordinates; those of inactive settings do not matter."""
    units = st.lists(UNITS, min_size=len(space.settings), max_size=len(space.settings))
    configuration = space.configuration(data.draw(units))
    back = [
        other if math.isnan(own) else own
        for own, other in zip(space.unit(configuration), data.draw(units), strict=True)
    ]
    assert space.configuration(back) == configuration


@given(space=spaces())
def test_the_grid_is_every_valid_combination_once(space):
    """The grid is what remains of all combinations when the inactive settings are struck out."""
    expected = []
    for values in itertools.product(*(setting.variants[0].domain.values for setting in space.settings)):
        chosen = {}
        for setting, value in zip(space.settings, values, strict=True):
            wanted = setting.variants[0].when
            if all(chosen.get(parent) in allowed for parent, allowed in wanted.items()):
                chosen[setting.name] = value
        if chosen not in expected:
            expected.append(chosen)
    assert list(space.grid()) == expected


@given(space=spaces())
def test_grid_size_is_the_length_of_the_grid(space):
    """Counting the grid and listing it give the same number."""
    assert space.grid_size() == len(list(space.grid()))


@given(space=spaces())
def test_never_active_settings_are_in_no_configuration(space):
    """The settings reported as never active are those no grid point has."""
    found = {name for configuration in space.grid() for name in configuration}
    assert space.never_active() == [name for name in space.names if name not in found]


@given(space=spaces())
def test_parents_come_first(space):
    """Every setting stands after all settings its conditions speak of."""
    for position, name in enumerate(space.names):
        assert space.settings[position].parents <= set(space.names[:position]), name


def test_order_of_the_definition_is_kept():
    """Only settings that must wait for a parent move, and no further than necessary."""
    settings = [choice("b", 1, a=[1]), choice("c", 1), choice("a", 1), choice("d", 1)]
    assert Space(settings).names == ["c", "a", "b", "d"]


def test_conditions_in_a_circle():
    """Two settings that wait for each other are a mistake of the definition."""
    with pytest.raises(DefinitionError, match="a and b depend on each other; break the circle"):
        Space([choice("a", 1, b=[1]), choice("b", 1, a=[1])])


def test_the_first_variant_that_holds_decides():
    """A range of one's own under a condition goes before the common range."""
    space = of_networks(
        {
            "optimizer": ["sgd", "adam"],
            "learning_rate": {"low": 0.01, "high": 1.0, "log": True, "levels": 2},
            "only": [
                {
                    "when": {"optimizer": "adam"},
                    "learning_rate": {"low": 1e-4, "high": 0.1, "log": True, "levels": 3},
                }
            ],
        },
    )
    rates = [(point["optimizer"], point["learning_rate"]) for point in space.grid()]
    assert rates[:2] == [("sgd", 0.01), ("sgd", 1.0)]
    assert [rate for _, rate in rates[2:]] == pytest.approx([1e-4, 10**-2.5, 0.1])
    assert {optimizer for optimizer, _ in rates[2:]} == {"adam"}


def test_fixed_values_meet_conditions():
    """A condition may speak of a value that is held fixed."""
    space = Space([choice("beta", 0.5, 0.9, optimizer=["momentum"])], {"optimizer": "momentum"})
    assert list(space.grid()) == [{"beta": 0.5}, {"beta": 0.9}]
    assert Space(space.settings, {"optimizer": "sgd"}).never_active() == ["beta"]


def only(when, **entries):
    """A [[space.only]] table."""
    return {"when": when, **entries}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([only({"beta2": 0.9}, epsilon=[1e-8])], "speaks of beta2, which .* does not set; add it there"),
        ([only({"warmup": 0.1}, epsilon=[1e-8])], "speak of listed values only; list the values of warmup"),
        (
            [only({"optimizer": "adam"}, beta2={"low": 0.9, "high": 0.99}), only({"beta2": 0.9}, l2=[0.1])],
            "speak of listed values only; list the values of beta2",
        ),
        (
            [only({"optimizer": "adam"}, beta2=[0.9, 0.99]), only({"beta2": 0.999}, l2=[0.1])],
            "asks for beta2 = 0.999, which this sweep never has; did you mean '0.99'",
        ),
        ([only({"optimizer": "lion"}, l2=[0.1])], "asks for optimizer = 'lion', which this sweep never has"),
    ],
)
def test_conditions_speak_of_values_that_occur(entries, message):
    """A condition that could never be met, or on a continuous range, is a mistake of the definition."""
    table = {"optimizer": ["sgd", "adam"], "warmup": {"low": 0.0, "high": 0.2}, "only": entries}
    with pytest.raises(DefinitionError, match=message):
        of_networks(table)


def test_a_conditional_value_can_be_a_condition():
    """A condition may ask for a value that its parent takes under a condition only."""
    table = {
        "optimizer": ["sgd", "adam"],
        "warmup": 0.0,
        "only": [only({"optimizer": "adam"}, warmup=[0.1, 0.2]), only({"warmup": 0.2}, l2=[0.0, 0.1])],
    }
    space = of_networks(table)
    assert [point for point in space.grid() if "l2" in point] == [
        {"optimizer": "adam", "warmup": 0.2, "l2": 0.0},
        {"optimizer": "adam", "warmup": 0.2, "l2": 0.1},
    ]
