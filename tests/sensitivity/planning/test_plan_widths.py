"""What `plan` expects against what comes out; the truth is the report's own estimator on fresh trials."""

import time

import numpy as np
import pandas as pd
import pytest
from forecasts import PILOT, gridded, predicted, ratios, realised, study

from sensitivity import sweep
from sensitivity.measures.variance import variance_decomposition
from sensitivity.planning.forecast import forecast
from sensitivity.planning.pilot import Pilot, part_of, pilot
from sensitivity.planning.widths import enough, half_widths, with_more
from sensitivity.reading.frames import from_frame
from sweeps.definition import parse

FUNCTIONS = ["ishigami", "sobol_g", "additive", "product", "opt_lr", "conditional", "diverged", "noisy50"]
FUNCTIONS += ["skewed_loss"]  # const_noise has no variance to take shares of
TRAINED = {
    "digits": {"dataset": "digits", "epochs": 8, "network": {"hidden": [32]}},
    "wine": {"dataset": "wine", "epochs": 8, "network": {"hidden": [16]}},
}
PILOTS = (0, 1, 5)
BOUNDS = {}
SPACE = {
    "optimizer": ["sgd", "momentum", "adam"],
    "learning_rate": {"low": 1e-3, "high": 10.0, "log": True, "levels": 9},
    "beta": [0.5, 0.9],
    "batch_size": [16, 64],
}


def trained(name):
    """Definition of a small sweep."""
    return {"name": name, "replicates": 2, "search": 0, "space": SPACE, **TRAINED[name]}


@pytest.mark.parametrize("name", ["product", "opt_lr"])
def test_a_pilot_predicts_half_widths(name):
    """In the median over settings and two or four replicates within a third: two functions, one seed each."""
    found = ratios(predicted(name, 0), realised(name, (2, 4), 1))
    assert len(found) >= 4
    assert abs(np.log(found)).median() < np.log(4 / 3)


def test_more_trials_of_a_factorial_are_more_replicates():
    """Eight replicates for two: half widths fall to about a half, and that is what comes out."""
    before = study("additive", gridded("additive"), 2, 3)
    widths = with_more(before, 3 * len(before.plan))
    came = half_widths(variance_decomposition(study("additive", gridded("additive"), 8, 4), split=False))
    assert (widths["then"] / widths["now"]).median() == pytest.approx(0.5, abs=0.15)
    assert (widths["then"] / came.reindex(widths.index)).median() == pytest.approx(1, abs=0.25)


def test_a_false_alarm_of_a_pilot_does_not_rule_the_forecast():
    """With seed 5 a pilot of independent noise finds a correlation: widths would be 4.6 times too large.

    The forecast goes by what is likely, and tells the other as possible; what is enough is enough in both.
    """
    space, name = gridded("skewed_loss"), "skewed_loss"
    found = forecast(Pilot(study(name, part_of(space, PILOT), 3, 5), 0.0), space)
    came = realised(name, (2, 4), 1)
    assert ratios(found.widths, came).median() == pytest.approx(1, abs=0.25)
    assert ratios(found.also, came).median() > 2
    assert found.enough(0.02) >= max(enough(found.widths, 0.02), enough(found.also, 0.02))
    assert forecast(Pilot(study(name, part_of(space, PILOT), 3, 0), 0.0), space).also is None


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FUNCTIONS, *TRAINED])
def test_widths_on_eleven_problems(name, capsys):
    """Median error over settings and 2, 4 and 8 replicates of every problem, with three pilots.

    Asked for: within a quarter on ten problems, within 15 s of computing. ADDED
    """
    came = realised(name, (1, 2, 4, 8), 1) if name in FUNCTIONS else _realised(name)
    errors, seconds = [], []
    for seed in PILOTS:
        trained_, space = _pilot(name, seed)
        begun = time.process_time()
        found = ratios(forecast(trained_, space).widths, came)
        seconds.append(time.process_time() - begun)
        several = found[found.index.get_level_values(1) > 1]
        errors.append(float(abs(several - 1).median()))
        with capsys.disabled():
            print(
                f"\n{name:12} pilot {seed}: {seconds[-1]:5.1f} s, median error {errors[-1]:.2f}, ratio "
                f"{several.median():.2f}, worst ×{np.exp(abs(np.log(several)).max()):.1f}",
                end="",
            )
    assert max(errors) < BOUNDS.get(name, 0.25)
    assert max(seconds) < 15


def _pilot(name, seed):
    if name in TRAINED:
        definition = parse({**trained(name), "seed": 100 + seed})
        return pilot(definition), definition.build_space()
    space = gridded(name)
    return Pilot(study(name, part_of(space, PILOT), 3, seed), 0.0), space


def _realised(name):
    """Median half widths of all disjoint sets of replicates of a sweep of eight, with another seed.

    One set says little: two replicates in two miss the rare training that diverges and look too sure.
    """
    whole = sweep({**trained(name), "replicates": 8, "seed": 1}, workers=2)
    found = {}
    for count in (1, 2, 4, 8):
        sets = [whole.trials["replicate"].between(first, first + count - 1) for first in range(0, 8, count)]
        parts = [from_frame(whole.trials[rows], whole.space, cap=whole.cap) for rows in sets]
        every = [half_widths(variance_decomposition(part, split=False)) for part in parts]
        found[count] = pd.concat(every, axis=1).median(axis=1)
    return pd.DataFrame(found)
