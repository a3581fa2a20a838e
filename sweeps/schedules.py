"""Learning-rate schedules: a number per step, which no update rule ever sees.

Every schedule is a function of the step t = 0, 1, …, of the length T of the run and of the coefficients of
a configuration; it returns the factor on the configuration's learning rate η. Lengths are parts of the
run, so one definition works for any number of epochs. ``performance`` depends on the validation loss
instead: `ReduceOnPlateau`.

Where libraries differ the conventions are PyTorch's: a milestone acts at the step it names, one_cycle
peaks at step (peak·T − 1); the cosine is clamped at its floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Steps = NDArray[np.float64]
    Coefficients = Mapping[str, Any]

SMALLEST_CHANGE = 1e-8  # a plateau that would lower the rate by less leaves it alone (PyTorch's eps)


def constant(t: Steps, length: float, c: Coefficients) -> Steps:  # noqa: ARG001 (all schedules are called alike)
    """Constant."""
    return np.ones_like(t)


def power(t: Steps, length: float, c: Coefficients) -> Steps:
    """Power law."""
    return np.asarray((1 + t / (c["power_length"] * length)) ** -float(c["power_exponent"]))


def exponential(t: Steps, length: float, c: Coefficients) -> Steps:
    """Exponential decay."""
    return np.asarray(0.1 ** (t / (c["exponential_length"] * length)))


def piecewise(t: Steps, length: float, c: Coefficients) -> Steps:
    """Constant pieces."""
    factor = np.ones_like(t)
    for boundary, value in zip(c["piecewise_boundaries"], c["piecewise_factors"], strict=True):
        factor[t >= round(boundary * length)] = value
    return factor


def performance(t: Steps, length: float, c: Coefficients) -> Steps:  # noqa: ARG001 (all schedules are called alike)
    """Lower where the validation loss stands still."""
    return np.ones_like(t)


def one_cycle(t: Steps, length: float, c: Coefficients) -> Steps:
    """1cycle.

    Two phases instead of three with one_cycle_three_phases = false: up, then down to the last rate. As in
    PyTorch the peak lies at step peak·T − 1 and the last rate is reached at step T − 1.
    """
    first = 1 / c["one_cycle_divisor"]
    return _cycle(t, length, c, (first, 1.0, first, first / c["one_cycle_final_divisor"]))


def _cycle(t: Steps, length: float, c: Coefficients, ends: tuple[float, float, float, float]) -> Steps:
    """Curve through 1cycle's phases: first, at the peak, back, last; two phases leave out the third."""
    first, top, back, last = ends
    peak = c["one_cycle_peak"] * length
    if c["one_cycle_three_phases"]:
        knots, heights = [0.0, peak - 1, 2 * peak - 2, length - 1], [first, top, back, last]
    else:
        knots, heights = [0.0, peak - 1, length - 1], [first, top, last]
    # A run of a few steps, or a late peak, would put the knots out of order.
    knots = list(np.minimum(np.maximum.accumulate(knots), length - 1))
    return _through(t, knots, heights, cosine_shape=c["one_cycle_shape"] == "cosine")


def _through(t: Steps, knots: list[float], rates: list[float], *, cosine_shape: bool) -> Steps:
    """Curve through the points (knots, rates), linear or half a cosine wave between neighbours."""
    segment = np.clip(np.searchsorted(knots, t, side="left") - 1, 0, len(knots) - 2)
    begin, end = np.take(knots, segment), np.take(knots, segment + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(end > begin, (t - begin) / (end - begin), 1.0)
    part = np.clip(part, 0, 1)
    if cosine_shape:
        part = (1 - np.cos(np.pi * part)) / 2
    start, stop = np.take(rates, segment), np.take(rates, segment + 1)
    return np.asarray(start + (stop - start) * part)


def cosine(t: Steps, length: float, c: Coefficients) -> Steps:
    """Cosine."""
    floor = c["cosine_floor"]
    return np.asarray(floor + (1 - floor) * (1 + np.cos(np.pi * np.minimum(t / length, 1))) / 2)


def linear(t: Steps, length: float, c: Coefficients) -> Steps:  # noqa: ARG001 (all schedules are called alike)
    """Linear decay."""
    return np.asarray((length - t) / length)


def wsd(t: Steps, length: float, c: Coefficients) -> Steps:
    """Warm-up, stable, decay.

    min(1, (t + 1) / W, (T − t) / D) with W = wsd_warmup · T and D = wsd_decay · T: the first step has a rate
    already, and the last one, unlike T, still has.
    """
    factor = np.ones_like(t)
    for steps, part in ((t + 1, c["wsd_warmup"]), (length - t, c["wsd_decay"])):
        if part > 0:
            factor = np.minimum(factor, steps / (part * length))
    return factor


def ramp(t: Steps, length: float, c: Coefficients) -> Steps:
    """Exponential ramp up to η, which the last step has to the bit."""
    part = t / (length - 1) if length > 1 else np.ones_like(t)
    return np.asarray(float(c["ramp_span"]) ** (part - 1))


class Schedule:
    """A schedule, what it does in a line, and the settings it reads: those are active where it is chosen."""

    def __init__(
        self, factor: Callable[[Steps, float, Coefficients], Steps], summary: str, *coefficients_used: str
    ) -> None:
        self._factor = factor
        self.summary = summary
        self.coefficients_used = coefficients_used

    def __call__(self, t: Steps, length: float, c: Coefficients) -> Steps:
        """Give the factor on η of every step."""
        return self._factor(t, length, c)


SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(constant, "η."),
    "power": Schedule(
        power,
        "η / (1 + t/s)^c with s = power_length · T: half after s steps, a third after 2s (for c = 1).",
        "power_length",
        "power_exponent",
    ),
    "exponential": Schedule(
        exponential,
        "η · 0.1^(t/s) with s = exponential_length · T: a tenth every s steps.",
        "exponential_length",
    ),
    "piecewise": Schedule(
        piecewise,
        "Constant pieces: factor i from step boundary_i · T on.",
        "piecewise_boundaries",
        "piecewise_factors",
    ),
    "performance": Schedule(
        performance,
        "η, multiplied by λ whenever the validation loss stops falling (see `ReduceOnPlateau`).",
        "performance_factor",
        "performance_patience",
        "performance_threshold",
    ),
    "one_cycle": Schedule(
        one_cycle,
        "1cycle (Smith 2018): up from η/divisor to η, down as long, then down to "
        "η/(divisor · final_divisor).",
        "one_cycle_peak",
        "one_cycle_divisor",
        "one_cycle_final_divisor",
        "one_cycle_three_phases",
        "one_cycle_shape",
        "one_cycle_moves_beta",
        "one_cycle_lowest_beta",
    ),
    "cosine": Schedule(
        cosine,
        "Half a cosine wave from η to floor · η (Loshchilov & Hutter 2017, without restarts), then flat.",
        "cosine_floor",
    ),
    "linear": Schedule(linear, "η · (1 − t/T): a straight line to zero."),
    "wsd": Schedule(
        wsd,
        "Warm-up, stable, decay (Hu et al. 2024): up to η in wsd_warmup · T steps, flat, then down to zero "
        "in the last wsd_decay · T.",
        "wsd_warmup",
        "wsd_decay",
    ),
    "ramp": Schedule(
        ramp,
        "η/span · span^(t/(T−1)): exponentially up to η, as a learning-rate finder does (Smith 2017).",
        "ramp_span",
    ),
}


def learning_rates(steps: int, c: Coefficients) -> Steps:
    """Learning rate of every step of a run.

    The warm-up rises linearly from ``warmup_start`` to 1 in the first ``warmup`` part of the run; the
    schedule starts when it ends and has the rest of the run.

    Parameters
    ----------
    steps
        Number of steps T of the run.
    c
        Complete configuration: learning_rate, schedule, warmup, warmup_start and the schedule's own.

    Returns
    -------
    float64 array, shape (steps,): the rate used for step t = 0 … T − 1.
    """
    t = np.arange(steps, dtype=np.float64)
    warm = round(c["warmup"] * steps)
    with np.errstate(over="ignore", under="ignore"):  # a rate may fall to zero
        factor = SCHEDULES[c["schedule"]](np.maximum(t - warm, 0), max(steps - warm, 1), c)
    rising = t < warm
    factor[rising] *= c["warmup_start"] + (1 - c["warmup_start"]) * t[rising] / warm
    return np.asarray(c["learning_rate"] * factor)


def moves_beta(c: Coefficients) -> bool:
    """Whether a run moves β, so that `betas` has something to say."""
    return c["schedule"] == "one_cycle" and bool(c["one_cycle_moves_beta"])


def betas(steps: int, c: Coefficients) -> Steps:
    """β of every step of a run, shape (steps,): constant, or moved against the rate (Smith 2018).

    As PyTorch's OneCycleLR with cycle_momentum: down from β to one_cycle_lowest_beta where the rate peaks,
    and up again; a β below that stays where it is.
    """
    beta = float(c["beta"])
    if not moves_beta(c):
        return np.full(steps, beta)
    t, warm = np.arange(steps, dtype=np.float64), round(c["warmup"] * steps)
    lowest = min(beta, float(c["one_cycle_lowest_beta"]))
    return _cycle(np.maximum(t - warm, 0), max(steps - warm, 1), c, (beta, lowest, beta, beta))


class ReduceOnPlateau:
    """Performance scheduling of k members at once, by PyTorch's rule for ReduceLROnPlateau (mode min, rel).

    An epoch is better when loss < best · (1 − threshold). After more than ``patience`` epochs in a row that
    are not, the rate is multiplied by ``factor``.

    Parameters
    ----------
    rates, factors, patience, thresholds
        Arrays of shape (k,): current learning rate, λ, epochs of patience, relative threshold.
    """

    def __init__(self, rates: Steps, factors: Steps, patience: Steps, thresholds: Steps) -> None:
        self.rates = rates.copy()
        self.factors = np.ones_like(rates)  # the rates in units of the first ones
        self._factors, self._patience, self._thresholds = factors, patience, thresholds
        self._best = np.full(rates.shape, np.inf)
        self._bad_epochs = np.zeros(rates.shape)

    def update(self, losses: Steps) -> None:
        """Take in the validation loss (k,) of an epoch; ``rates`` then holds for the next one."""
        better = losses < self._best * (1 - self._thresholds)
        self._best = np.where(better, losses, self._best)
        self._bad_epochs = np.where(better, 0, self._bad_epochs + 1)
        tired = self._bad_epochs > self._patience
        lowered = self.rates * self._factors
        tired_enough = tired & (self.rates - lowered > SMALLEST_CHANGE)
        self.rates = np.where(tired_enough, lowered, self.rates)
        self.factors = np.where(tired_enough, self.factors * self._factors, self.factors)
        self._bad_epochs[tired] = 0

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        for name in ("rates", "factors", "_factors", "_patience", "_thresholds", "_best", "_bad_epochs"):
            setattr(self, name, getattr(self, name)[members])
