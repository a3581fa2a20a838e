"""Half widths that were predicted against those that came out, on functions whose noise is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from problems import FUNCTIONS, PROBLEMS

from sensitivity.measures.variance import variance_decomposition
from sensitivity.planning.forecast import forecast
from sensitivity.planning.pilot import Pilot, part_of
from sensitivity.planning.widths import half_widths
from sensitivity.reading.frames import from_frame
from sweeps.space import Choices, Setting, Space

LEVELS = {"sobol_g": 4, "noisy50": 5, "additive": 5, "ishigami": 7}
PILOT = 120  # configurations


def gridded(name):
    """Space of a function with levels on its ranges, eight or fewer."""
    settings = []
    for setting in PROBLEMS[name].space.settings:
        variants = [
            each
            if isinstance(each.domain, Choices)
            else replace(each, domain=_levelled(each.domain, LEVELS.get(name, 8)))
            for each in setting.variants
        ]
        settings.append(Setting(setting.name, tuple(variants)))
    return Space(settings)


def _levelled(domain, count):
    whole = type(domain).__name__ == "IntegerRange"
    return replace(domain, levels=min(count, int(domain.high - domain.low) + 1) if whole else count)


def study(name, space, replicates, seed):
    """A factorial of a function; where it has no noise of its own, a tenth of its variance."""
    problem, grid = PROBLEMS[name], list(space.grid())
    noise = problem.noise or 0.1 * float(np.nanvar([FUNCTIONS[name](one) for one in grid]))
    number = np.repeat(np.arange(replicates), len(grid))
    rng = np.random.default_rng(seed)
    table = replace(problem, noise=noise).tabulate(grid * replicates, rng, number)
    return from_frame(table, space, scale="raw")


def predicted(name, seed):
    """Half widths that a pilot of three replicates lets expect; settings by replicates."""
    space = gridded(name)
    trained = Pilot(study(name, part_of(space, PILOT), 3, seed), 0.0)
    return forecast(trained, space).widths


def realised(name, replicates, seed):
    """Half widths of sweeps with other seeds."""
    space = gridded(name)
    return pd.DataFrame(
        {
            count: half_widths(variance_decomposition(study(name, space, count, [seed, count]), split=False))
            for count in replicates
        }
    )


def ratios(expected, came):
    """Predicted over realised, in one column."""
    found = expected[list(came)].reindex(came.index) / came
    long = found.rename_axis("setting").reset_index().melt("setting", var_name="replicates")
    return long.set_index(["setting", "replicates"])["value"].replace([np.inf], np.nan).dropna()
