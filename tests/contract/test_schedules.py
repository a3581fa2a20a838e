"""What every entry of SCHEDULES keeps, and that a schedule and its line are all a new one needs."""

import numpy as np
import pytest

from sweeps.definition import parse
from sweeps.schedules import SCHEDULES, Schedule, learning_rates
from sweeps.settings import KNOWN_SETTINGS, complete


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_active_settings_are_the_coefficients_of_the_schedule(schedule):
    """Of all settings that some schedule reads, a configuration has those that its own schedule reads."""
    read = sorted({name for one in SCHEDULES.values() for name in one.coefficients_used})
    single = [name for name in read if KNOWN_SETTINGS[name].kind != "numbers"]  # lists are always held fixed
    space = {"schedule": schedule} | {name: [KNOWN_SETTINGS[name].default] for name in single}
    configurations = parse({"space": space | {"batch_size": [16, 32]}}).build_space().grid()
    active = {"batch_size", *SCHEDULES[schedule].coefficients_used} & {"batch_size", *single}
    assert [set(configuration) for configuration in configurations] == [active, active]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_reads_no_more_than_it_says(schedule):
    """Its own coefficients are enough to compute the rates, and it says what it is in a line."""
    names = (*SCHEDULES[schedule].coefficients_used, "learning_rate", "schedule", "warmup", "warmup_start")
    whole = complete({"schedule": schedule})
    rates = learning_rates(20, {name: whole[name] for name in names})
    np.testing.assert_array_equal(rates, learning_rates(20, whole))
    assert SCHEDULES[schedule].summary.endswith((".", ":"))


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_default_schedules_of_very_short_runs_stay_below_the_rate(schedule, steps):
    """With default coefficients no schedule exceeds the learning rate, in runs of one, two or three steps."""
    rates = learning_rates(steps, complete({"schedule": schedule, "learning_rate": 0.5}))
    assert (rates > 0).all()
    assert (rates <= 0.5).all()


def test_a_new_schedule_has_its_settings_active(monkeypatch):
    """A function and one line in SCHEDULES: the floor varies for it, and its rates are the function's."""

    def linear(t, length, c):
        """From η to floor · η in a straight line."""
        return 1 - (1 - c["cosine_floor"]) * t / length

    monkeypatch.setitem(SCHEDULES, "linear", Schedule(linear, "A straight line.", "cosine_floor"))
    space = {"schedule": ["constant", "linear"], "cosine_floor": [0.0, 0.5]}
    configurations = list(parse({"space": space}).build_space().grid())
    assert [c.get("cosine_floor") for c in configurations] == [None, 0.0, 0.5]
    rates = learning_rates(4, complete({"learning_rate": 2.0, **configurations[2]}))
    np.testing.assert_allclose(rates, [2.0, 1.75, 1.5, 1.25])
