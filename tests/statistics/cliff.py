"""A validation error like that of a sweep: a bowl in the learning rate, a cliff beside it, a cap."""

import numpy as np

from sweeps.space import Choices, Setting, Variant


def choices(name, *values, when=None):
    return Setting(name, (Variant(Choices(values), when or {}),))


def error_rate(c):
    """Validation error like that of digits: a flat bowl in log η, a cliff for sgd and momentum, cap 0.9."""
    batch = np.log10(c["batch_size"] / 64)
    best = {
        "sgd": 0.3 + 0.5 * batch,
        "momentum": 0.3 + np.log10(1 - c.get("beta", 0)) + 0.5 * batch,
        "adam": -2 + 0.5 * batch,
    }[c["optimizer"]]
    distance = np.log10(c["learning_rate"]) - best
    error = 0.022 + (0.02 if distance < 0 else 0.006) * distance**2 + 0.0023 * abs(batch)
    error += {"sgd": 0.004, "momentum": 0.0, "adam": 0.001}[c["optimizer"]]
    error += 0.001 * "abcd".index(c["schedule"])
    cliff = 0.85 / (1 + np.exp(-8 * (distance - 1.2))) if c["optimizer"] != "adam" else 0.0
    return min(error + cliff, 0.9)
