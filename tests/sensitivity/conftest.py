"""Trials without training: a space, a function of the configuration and a replicate → finished trials."""

from __future__ import annotations

import pytest

from sensitivity.pictures import saving
from sensitivity.trials import trials_table
from sweeps.space import Choices, FloatRange, Setting, Space, Variant
from sweeps.trial import FinishedTrial, PlannedTrial

EMPTY = b'<svg viewBox="0 0 1 1"></svg>'  # of a picture that is not drawn


def make_trial(number, configuration, replicate=0, value=0.5, **changes):
    """One finished trial whose final, best and last curve values are ``value``."""
    phase = changes.pop("phase", "plan")
    metrics = {"validation_error": value, "validation_loss": 2 * value, "training_loss": 3 * value}
    result = {
        "outcome": "trained",
        "value": value,
        "diverged_at": None,
        "final": metrics,
        "best": metrics,
        "curves": {"validation_error": [0.9, value]},
        "seconds": 0.25,
    }
    return FinishedTrial(PlannedTrial(number, configuration, replicate, phase), **{**result, **changes})


def make_table(space, response, replicates=1, configurations=None):
    """Table of trials: ``response(configuration, replicate)`` over the grid, replicate by replicate."""
    configurations = list(space.grid()) if configurations is None else configurations
    planned = [(c, r) for r in range(replicates) for c in configurations]
    trials = [make_trial(n, c, r, float(response(c, r))) for n, (c, r) in enumerate(planned)]
    return trials_table(trials, space.names, 0.9, 1, None)


def choices(name, *values, when=None):
    """Setting with a list of values, under a condition if ``when`` names one."""
    return Setting(name, (Variant(Choices(values), when or {}),))


@pytest.fixture(scope="session")
def make():
    """Single trial from a configuration."""
    return make_trial


@pytest.fixture(scope="session")
def tabulate():
    """Table of a whole grid."""
    return make_table


@pytest.fixture(scope="session")
def setting():
    """Setting from a list of values."""
    return choices


@pytest.fixture
def undrawn(monkeypatch):
    """Pictures are laid out, but not drawn: nobody looks at them, and to draw takes most of a report."""
    monkeypatch.setattr(saving, "_bytes", lambda _, kind: EMPTY if kind == "svg" else b"")


@pytest.fixture
def without_png(monkeypatch):
    """Pictures are drawn as SVG only: PNG and PDF show the same."""
    drawn = saving._bytes
    monkeypatch.setattr(saving, "_bytes", lambda figure, kind: drawn(figure, kind) if kind == "svg" else b"")


@pytest.fixture
def nested_space():
    """Three optimizers, one without β, and a learning rate: 4 · (1 + 3 + 3) = 28 configurations."""
    return Space(
        [
            choices("optimizer", "sgd", "momentum", "adam"),
            Setting("learning_rate", (Variant(FloatRange(1e-3, 1.0, log=True, levels=4)),)),
            choices("beta", 0.5, 0.9, 0.99, when={"optimizer": ("momentum", "adam")}),
        ]
    )
