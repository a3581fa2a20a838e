"""A world made of trials has their noise, and a part of a plan stands for all of it."""

import numpy as np
import pandas as pd
import pytest
from forecasts import PILOT, gridded, study

from sensitivity.planning.costs import lasting
from sensitivity.planning.pilot import coarser, part_of, table_of
from sensitivity.planning.simulation import spread_out, stratum, world_of, worlds_of
from sensitivity.planning.widths import enough
from sensitivity.reading.frames import from_frame


def test_the_noise_of_a_world_is_that_of_the_trials():
    """A tenth of the function's variance; the function itself is found but for its noise."""
    space = gridded("product")
    world = world_of(study("product", space, 8, 0))
    truth = np.array([one["x1"] * one["x2"] for one in world.table.configurations])
    assert (world.sd**2).mean() == pytest.approx(0.1 * truth.var(), rel=0.1)
    assert np.sqrt(((world.mean - truth) ** 2).mean()) < 0.1 * truth.std()
    assert world.block < 0.1 * truth.std()


def test_one_replicate_has_no_noise_to_make_a_world_of():
    """Nothing tells effects from noise, so nothing is simulated."""
    assert world_of(study("product", gridded("product"), 1, 0)) is None


def test_levels_of_a_part_stand_for_their_neighbours():
    """Seven levels by three: two, two and three of them; the one that stands for them is among them."""
    assert [stratum(at, 7, 3) for at in range(7)] == [0, 0, 1, 1, 1, 2, 2]
    for count in range(2, 12):
        for parts in range(1, count + 1):
            kept = [int((at + 0.5) * count / parts) for at in range(parts)]
            assert [stratum(at, count, parts) for at in kept] == list(range(parts))


def test_a_part_keeps_what_conditions_speak_of():
    """Optimizer and schedule stay whole; what is asked for is not exceeded."""
    space = gridded("conditional")
    part = part_of(space, 100)
    assert part.grid_size() <= 100
    for one, other in zip(part.settings, space.settings, strict=True):
        if one.name in ("optimizer", "schedule"):
            assert one == other
    world = world_of(study("conditional", part, 3, 0))
    whole = spread_out(world, part, table_of(space), space)
    assert whole.mean.shape == (space.grid_size(),)
    assert set(whole.mean) == set(world.mean)


def test_half_the_levels_of_ranges():
    """Eight become four, then three, and three stay."""
    fewer = coarser(gridded("product"))
    assert fewer.grid_size() == 4**3
    assert coarser(fewer).grid_size() == 3**3
    assert coarser(coarser(fewer)) is None


def test_replicates_that_are_enough():
    """By hand: 10 with two, 5 with eight is a square root; 2.5 takes 32, 5 takes 8, 20 the fewest."""
    widths = pd.DataFrame({2: [10.0], 8: [5.0]}, index=["a"])
    assert [enough(widths, within) for within in (2.5, 5.0, 20.0)] == [32, 8, 2]
    assert enough(widths, 1e-3) is None


def test_times_for_people():
    """Seconds, minutes, hours."""
    assert [lasting(each) for each in (0.2, 30, 200, 9000)] == [
        "1 second",
        "30 seconds",
        "3 minutes",
        "2 hours",
    ]


def test_a_correlation_that_is_certain_is_kept_and_a_doubtful_one_is_the_second():
    """Noise that is shared along an axis; independent noise, of a seed with which it looks shared."""
    space = gridded("product")
    axis = {one.name: one for one in space.settings}["x1"].variants[0].domain.level_values()
    rng, rows = np.random.default_rng(0), []
    for replicate in range(3):
        shared = rng.standard_normal((64, len(axis)))[:, :1] + 0.3 * rng.standard_normal((64, len(axis)))
        other = {}
        for one in space.grid():
            at = other.setdefault((one["x2"], one.get("x3")), len(other))
            value = one["x1"] * one["x2"] + 0.1 * shared[at % 64, axis.index(one["x1"])]
            rows.append({**one, "replicate": replicate, "value": value})
    (world,) = worlds_of(from_frame(pd.DataFrame(rows), space, scale="raw"))
    assert not world.together.none
    part = part_of(gridded("skewed_loss"), PILOT)
    likely, possible = worlds_of(study("skewed_loss", part, 3, 5))
    assert likely.together.none
    assert not possible.together.none


def test_what_replicates_share_is_kept_only_where_it_is_told():
    """A shift of each replicate as large as noise stays; of seed 5, that has none, none is left."""
    part = part_of(gridded("sobol_g"), PILOT)
    pilot = study("sobol_g", part, 3, 5)
    assert world_of(pilot).block == 0
    shift = np.array([-1.0, 0.0, 1.0])[pilot.trials["replicate"]]
    trials = pilot.trials.assign(value=pilot.trials["value"] + shift)
    found = world_of(from_frame(trials[[*part.names, "replicate", "value"]], part, scale="raw"))
    assert found.block == pytest.approx(1.0, rel=0.1)  # the sample deviation of -1, 0, 1
