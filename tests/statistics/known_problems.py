"""The three problems of known_answers.json with practical measures, on dense grids.

The formulas are those of the file; the numbers tested against are its too.
"""

import functools
import json
from pathlib import Path

import numpy as np
import pandas as pd

from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

KNOWN = json.loads((Path(__file__).parent / "known_answers.json").read_text(encoding="utf-8"))
OPTIMIZERS = ("sgd", "momentum", "adam")


def free(name, domain):
    return Setting(name, (Variant(domain),))


def space(problem, rates=501, decays=41):
    """Space of a problem with levels on its ranges."""
    settings = [
        free("optimizer", Choices(OPTIMIZERS)),
        free("lr", FloatRange(1e-5, 1.0, log=True, levels=rates)),
        free("batch_log2", IntegerRange(4, 9, levels=6)),
    ]
    if problem == "skewed_loss":
        settings.append(free("wd", FloatRange(0.0, 1.0, levels=decays)))
    return Space(settings)


def response(problem, optimizer, lr, batch, wd):
    """Value and divergence at arrays of settings; optimizer as an index."""
    log = np.log10(lr)
    if problem == "opt_lr":
        return (log - np.array([-1, -2, -3])[optimizer]) ** 2 + 0.1 * (batch - 6) ** 2, np.zeros(
            log.shape, bool
        )
    if problem == "diverged":
        value = 0.3 + 0.12 * (log - np.array([-0.8, -1.4, -2.2])[optimizer]) ** 2 + 0.015 * (batch - 6) ** 2
        lost = log > np.array([-0.25, -0.7, -1.3])[optimizer]
        return np.where(lost, 2.302585, np.minimum(value, 2.302585)), lost
    best = np.array([-1, -1.6, -2.8])[optimizer] + np.array([0.25, 0.125, 0.0625])[optimizer] * (batch - 6)
    z = np.abs(log - best)
    value = 0.05 + 0.3 * z**2 + 0.2 * np.exp(1.2 * (z - 1.2)) + 0.3 * (1 - wd) ** 2
    return value, np.zeros(log.shape, bool)


def frame(names, columns, value, lost=None, replicate=0):
    """Table of trials from columns of settings; what a measure reads of it."""
    size = len(value)
    lost = np.zeros(size, bool) if lost is None else lost
    table = pd.DataFrame({"number": range(size), "phase": "plan", **dict(zip(names, columns, strict=True))})
    table["replicate"] = replicate
    table["outcome"] = np.where(lost, "diverged", "trained")
    table["value"] = value
    return table


@functools.cache
def grid(problem, rates=501, decays=41):
    """Space and trials of the whole grid, without noise."""
    found = space(problem, rates, decays)
    axes = [np.arange(3), np.array(found.settings[1].variants[0].domain.level_values()), np.arange(4, 10)]
    axes.append(np.linspace(0, 1, decays) if problem == "skewed_loss" else np.zeros(1))
    optimizer, lr, batch, wd = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    value, lost = response(problem, optimizer, lr, batch, wd)
    columns = [np.array(OPTIMIZERS)[optimizer], lr, batch, wd][: len(found.names)]
    return found, frame(found.names, columns, value, lost)
