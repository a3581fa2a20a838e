"""Learning-rate schedules against rates recorded from PyTorch, Keras and optax.

`TRANSLATIONS` says class by class which of our schedules, with which coefficients, a recorded one is; a
`NotOurs` says why there is none, with the nearest we have. Recorded parameters are numbers of steps, ours
parts of the run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.schedules import SCHEDULES, SMALLEST_CHANGE, ReduceOnPlateau, betas, learning_rates
from sweeps.settings import KNOWN_SETTINGS, complete

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parameters = Mapping[str, Any]

TOLERANCE = 1e-10
SMALL = 1e-5  # errors are relative down to this part of the largest rate
CYCLED_MOMENTUM = "1cycle moves the learning rate only, unless told to move β too"


@dataclass(frozen=True)
class Schedule:
    """One of our schedules for a run of ``length`` steps.

    ``own`` holds coefficients of the schedule; ``warm`` and ``warm_start`` are the warm-up's steps and first
    factor. With a ``reason`` the recorded schedule is another one, and this the nearest.
    """

    name: str
    rate: float
    length: int
    own: Mapping[str, Any] = field(default_factory=dict)
    warm: int = 0
    warm_start: float = 0.0
    reason: str | None = None

    def settings(self) -> dict[str, Any]:
        """What a user would type."""
        return {
            "schedule": self.name,
            "learning_rate": self.rate,
            "warmup": self.warm / self.length,
            "warmup_start": self.warm_start,
            **self.own,
        }

    def rates(self, steps: int) -> np.ndarray:
        """Rates of the first ``steps`` steps; a schedule that has ended stays where it is."""
        c = complete(self.settings())
        rates = learning_rates(self.length, c)[:steps]
        after = np.arange(self.length, steps, dtype=float) - self.warm
        return np.append(rates, self.rate * SCHEDULES[self.name](after, self.length - self.warm, c))


class NotOurs(Exception):  # noqa: N818 (no error: a schedule that we do not have)
    """Why a recorded schedule is none of ours; ``nearest`` is one that looks like it."""

    def __init__(self, reason: str, nearest: Schedule) -> None:
        super().__init__(reason)
        self.reason, self.nearest = reason, nearest


def constant(rate: float, steps: int) -> Schedule:
    """The same rate."""
    return Schedule("constant", rate, steps)


def pieces(rate: float, changes: list[tuple[float, float]], steps: int) -> Schedule:
    """``changes``: (step, factor on the first rate from there on)."""
    within = [(step / steps, factor) for step, factor in changes if step < steps]
    if not within:
        return constant(rate, steps)
    boundaries, factors = zip(*within, strict=True)
    return Schedule(
        "piecewise", rate, steps, {"piecewise_boundaries": boundaries, "piecewise_factors": factors}
    )


def staircase(
    factor: Callable[[int], float], every: float, rate: float, steps: int, begin: float = 0
) -> Schedule:
    """``factor(k)`` of the first rate from step begin + k · every on."""
    count = max(math.ceil((steps - begin) / every), 1)
    return pieces(rate, [(math.ceil(begin + k * every), factor(k)) for k in range(1, count)], steps)


def decay(rate: float, by: float, every: float, steps: int, **warmup: Any) -> Schedule:
    """Rate · by^(t / every): with our 0.1 the length is every · log(0.1) / log(by)."""
    if by == 1:
        return Schedule("constant", rate, steps, **warmup)
    if by > 1:
        raise NotOurs("our exponential schedule only falls", constant(rate, steps))
    rest = max(steps - warmup.get("warm", 0), 1)
    length = every * math.log(0.1) / math.log(by)
    return Schedule("exponential", rate, steps, {"exponential_length": length / rest}, **warmup)


def straight(first: float, last: float, count: int, begin: int, steps: int) -> Schedule:
    """A line from ``first`` to ``last``: upward it is a warm-up, downward a 1cycle that peaks at step 0."""
    if first == last:
        return constant(first, steps)
    if first < last:
        if begin:
            raise NotOurs("our warm-up begins at once", constant(last, steps))
        return Schedule("constant", last, max(steps, count), warm=count, warm_start=first / last)
    length = begin + count + 1
    own = {
        "one_cycle_peak": 1 / (count + 1),
        "one_cycle_divisor": 1.0,
        "one_cycle_final_divisor": first / last if last else 1e30,
        "one_cycle_three_phases": False,
        "one_cycle_shape": "linear",
    }
    return Schedule("one_cycle", first, length, own, warm=begin, warm_start=1.0)


def cosine(rate: float, floor: float, count: int, warm: int = 0, start: float = 0.0) -> Schedule:
    """Half a wave in ``count`` steps after a warm-up, then flat."""
    return Schedule("cosine", rate, warm + count, {"cosine_floor": floor}, warm, start)


# PyTorch


def torch_step(p: Parameters, steps: int) -> Schedule:
    """Every step_size steps a factor γ."""
    return staircase(lambda k: p["gamma"] ** k, p["step_size"], p["base_lr"], steps)


def torch_multi_step(p: Parameters, steps: int) -> Schedule:
    """A factor γ at each milestone; a milestone named twice counts twice."""
    milestones = sorted(p["milestones"])
    return pieces(p["base_lr"], [(at, p["gamma"] ** (i + 1)) for i, at in enumerate(milestones)], steps)


def torch_linear(p: Parameters, steps: int) -> Schedule:
    """From start_factor to end_factor."""
    first, last = p.get("start_factor", 1 / 3), p.get("end_factor", 1.0)
    return straight(p["base_lr"] * first, p["base_lr"] * last, p.get("total_iters", 5), 0, steps)


def torch_constant(p: Parameters, steps: int) -> Schedule:
    """A factor in the first steps."""
    factor = p.get("factor", 1 / 3)
    return pieces(p["base_lr"] * factor, [(p.get("total_iters", 5), 1 / factor)], steps)


def torch_cosine(p: Parameters, steps: int) -> Schedule:
    """The same wave, if the run ends with it."""
    ours = cosine(p["base_lr"], p.get("eta_min", 0.0) / p["base_lr"], p["T_max"])
    if steps > p["T_max"] + 1:
        raise NotOurs("PyTorch's cosine rises again after T_max; ours stays at its floor", ours)
    return ours


def torch_polynomial(p: Parameters, steps: int) -> Schedule:
    """A line, where the power is 1."""
    ours = straight(p["base_lr"], 0.0, p.get("total_iters", 5), 0, steps)
    if p.get("power", 1.0) != 1:
        raise NotOurs("no polynomial but the straight line", ours)
    return ours


def torch_lambda(p: Parameters, steps: int) -> Schedule:
    """The power schedule, which PyTorch lacks."""
    if not {"s", "c"} <= set(p):
        raise NotOurs("a function of the user's", constant(p["base_lr"], steps))
    own = {"power_length": p["s"] / steps, "power_exponent": p["c"]}
    return Schedule("power", p["base_lr"], steps, own)


# Keras


def keras_exponential(p: Parameters, steps: int) -> Schedule:
    """Smooth, or in stairs."""
    if p.get("staircase"):
        return staircase(lambda k: p["decay_rate"] ** k, p["decay_steps"], p["lr0"], steps)
    return decay(p["lr0"], p["decay_rate"], p["decay_steps"], steps)


def keras_piecewise(p: Parameters, steps: int) -> Schedule:
    """A new value one step after its boundary."""
    first, *others = p["values"]
    changes = [(at + 1, value / first) for at, value in zip(p["boundaries"], others, strict=True)]
    return pieces(first, changes, steps)


def keras_inverse_time(p: Parameters, steps: int) -> Schedule:
    """The power schedule with exponent 1."""
    length = p["decay_steps"] / p["decay_rate"]
    if p.get("staircase"):
        return staircase(lambda k: 1 / (1 + p["decay_rate"] * k), p["decay_steps"], p["lr0"], steps)
    return Schedule("power", p["lr0"], steps, {"power_length": length / steps, "power_exponent": 1.0})


def keras_polynomial(p: Parameters, steps: int) -> Schedule:
    """A line, where the power is 1 and nothing cycles."""
    ours = straight(p["lr0"], p.get("end", 1e-4), p["decay_steps"], 0, steps)
    if p.get("power", 1.0) != 1:
        raise NotOurs("no polynomial but the straight line", ours)
    if p.get("cycle") and steps > p["decay_steps"] + 1:
        raise NotOurs("no schedule starts again", ours)
    return ours


def keras_cosine(p: Parameters, steps: int) -> Schedule:  # noqa: ARG001 (all translations are called alike)
    """decay_steps leaves the warm-up out."""
    warm, target, floor = p.get("warmup_steps") or 0, p.get("warmup_target"), p.get("alpha", 0.0)
    if target is None or not warm:
        return cosine(p["lr0"], floor, p["decay_steps"])
    return cosine(target, floor, p["decay_steps"], warm, p["lr0"] / target)


# optax


def optax_exponential(p: Parameters, steps: int) -> Schedule:
    """Constant up to transition_begin, which is a warm-up from 1; then smooth, or in stairs."""
    return _optax_decay(p, p["init_value"], p.get("transition_begin", 0), 1.0, steps)


def optax_warmup_exponential(p: Parameters, steps: int) -> Schedule:
    """Warm-up, then the exponential from the peak."""
    if p.get("transition_begin"):
        raise NotOurs("the schedule follows its warm-up at once", constant(p["peak_value"], steps))
    return _optax_decay(p, p["peak_value"], p["warmup_steps"], p["init_value"] / p["peak_value"], steps)


def _optax_decay(p: Parameters, rate: float, warm: int, start: float, steps: int) -> Schedule:
    by, every, end = p["decay_rate"], p["transition_steps"], p.get("end_value")
    if p.get("staircase"):
        if start != 1:
            raise NotOurs("no stairs after a warm-up", constant(rate, steps))
        limit = {True: max, False: min}[by < 1]
        factor = (lambda k: by**k) if end is None else lambda k: limit(by**k, end / rate)
        return staircase(factor, every, rate, steps, warm)
    ours = decay(rate, by, every, steps, warm=warm, warm_start=start)
    if end is not None and by ** ((steps - 1 - warm) / every) < end / rate:
        raise NotOurs("our exponential has no last value", ours)
    return ours


def optax_piecewise(p: Parameters, steps: int) -> Schedule:
    """Factors multiply up."""
    changes, factor = [], 1.0
    for at, scale in sorted((int(at), scale) for at, scale in p["boundaries_and_scales"].items()):
        factor *= scale
        changes.append((at, factor))
    return pieces(p["init_value"], changes, steps)


def optax_cosine(p: Parameters, steps: int) -> Schedule:  # noqa: ARG001 (all translations are called alike)
    """The same, where the exponent is 1."""
    ours = cosine(p["init_value"], p.get("alpha", 0.0), p["decay_steps"])
    if p.get("exponent", 1.0) != 1:
        raise NotOurs("our cosine is not raised to a power", ours)
    return ours


def optax_warmup_cosine(p: Parameters, steps: int) -> Schedule:  # noqa: ARG001 (all translations are called alike)
    """decay_steps includes the warm-up."""
    peak, warm = p["peak_value"], p["warmup_steps"]
    start, floor = p["init_value"] / peak, p.get("end_value", 0.0) / peak
    ours = cosine(peak, floor, p["decay_steps"] - warm, warm, start)
    if p.get("exponent", 1.0) != 1:
        raise NotOurs("our cosine is not raised to a power", ours)
    return ours


def optax_linear(p: Parameters, steps: int) -> Schedule:
    """A line up or down."""
    begin = p.get("transition_begin", 0)
    return straight(p["init_value"], p["end_value"], p["transition_steps"], begin, steps)


def optax_polynomial(p: Parameters, steps: int) -> Schedule:
    """A line, where the power is 1."""
    ours = optax_linear(p, steps)
    if p.get("power", 1.0) != 1:
        raise NotOurs("no polynomial but the straight line", ours)
    return ours


def optax_warmup_constant(p: Parameters, steps: int) -> Schedule:
    """A warm-up of the constant."""
    return straight(p["init_value"], p["peak_value"], p["warmup_steps"], 0, steps)


def optax_one_cycle(p: Parameters, shape: str) -> Schedule:
    """Optax ends one step after the run and peaks at a whole step: our 1cycle of a run one step longer."""
    count = p["transition_steps"]
    peak = int(p.get("pct_start", 0.3) * count)
    own = {
        "one_cycle_peak": (peak + 1) / (count + 1),
        "one_cycle_divisor": p.get("div_factor", 25.0),
        "one_cycle_final_divisor": p.get("final_div_factor", 1e4),
        "one_cycle_three_phases": shape == "linear",
        "one_cycle_shape": shape,
    }
    ours = Schedule("one_cycle", p["peak_value"], count + 1, own)
    if shape == "linear" and int(p.get("pct_final", 0.85) * count) != 2 * peak:
        raise NotOurs("the second phase has its own length; ours is as long as the first", ours)
    return ours


TRANSLATIONS: dict[str, Callable[[Parameters, int], Schedule]] = {
    "ExponentialLR": lambda p, steps: decay(p["base_lr"], p["gamma"], 1, steps),
    "StepLR": torch_step,
    "MultiStepLR": torch_multi_step,
    "LinearLR": torch_linear,
    "ConstantLR": torch_constant,
    "CosineAnnealingLR": torch_cosine,
    "PolynomialLR": torch_polynomial,
    "LambdaLR": torch_lambda,
    "ExponentialDecay": keras_exponential,
    "PiecewiseConstantDecay": keras_piecewise,
    "InverseTimeDecay": keras_inverse_time,
    "PolynomialDecay": keras_polynomial,
    "CosineDecay": keras_cosine,
    "optax.constant_schedule": lambda p, steps: constant(p["value"], steps),
    "optax.exponential_decay": optax_exponential,
    "optax.warmup_exponential_decay_schedule": optax_warmup_exponential,
    "optax.piecewise_constant_schedule": optax_piecewise,
    "optax.cosine_decay_schedule": optax_cosine,
    "optax.warmup_cosine_decay_schedule": optax_warmup_cosine,
    "optax.linear_schedule": optax_linear,
    "optax.polynomial_schedule": optax_polynomial,
    "optax.warmup_constant_schedule": optax_warmup_constant,
    "optax.linear_onecycle_schedule": lambda p, _: optax_one_cycle(p, "linear"),
    "optax.cosine_onecycle_schedule": lambda p, _: optax_one_cycle(p, "cosine"),
}
# Schedules that we do not have in any form.
WITHOUT_COUNTERPART = {
    "CosineAnnealingWarmRestarts": "no schedule starts again",
    "CosineDecayRestarts": "no schedule starts again",
    "optax.sgdr_schedule": "no schedule starts again",
    "CyclicLR": "no schedule starts again",
    "MultiplicativeLR": "a function of the user's",
    "SequentialLR": "a schedule has a warm-up and nothing else before it",
    "ChainedScheduler": "schedules do not multiply",
    "optax.join_schedules": "a schedule has a warm-up and nothing else before it",
    "optax.piecewise_interpolate_schedule": "pieces are constant",
}


PLATEAU_REASONS = {
    "absolute": "the loss must fall by a part of the best, not by an amount",
    "rising": "the validation loss should fall, not rise",
    "cooldown": "there is no cooldown",
    "smallest": "there is no smallest rate",
}


class Plateau:
    """A recorded plateau in our words; ``reason`` says why it is none of ours.

    With ``as_recorded`` our rule is told, before every epoch, what it lacks: then the reason is all the
    difference.
    """

    def __init__(self, case, *, as_recorded: bool = False) -> None:
        p, library = case["params"], case["library"]
        self.base_rate, self.keras, self.as_recorded = p["base_lr"], library == "keras", as_recorded
        self.factor = p["factor"]
        self.threshold = p.get("threshold", p.get("rtol", p.get("min_delta", 1e-4)))
        # Our bad epochs must exceed the patience; theirs need only reach it.
        self.patience = p["patience"] - (library != "torch")
        self.floor = p.get("eps", SMALLEST_CHANGE) if library == "torch" else 0.0
        by_amount = p.get("threshold_mode", "abs" if self.keras else "rel") == "abs"
        self.lacking = {
            "absolute": self.threshold if by_amount else p.get("atol", 0.0),
            "rising": p.get("mode", "min") == "max",
            "cooldown": p.get("cooldown", 0),
            "smallest": p.get("min_lr", 0.0) or p.get("min_scale", 0.0) * self.base_rate,
        }
        assert p.get("accumulation_size", 1) == 1
        self.relative = 0.0 if by_amount else self.threshold

    @property
    def reason(self) -> str | None:
        """Why this is not our rule; None if it is."""
        return next((PLATEAU_REASONS[name] for name, value in self.lacking.items() if value), None)

    def factors(self, metric: np.ndarray) -> np.ndarray:
        """Factor on the rate in force after each value of ``metric``, beside two other members."""
        # In this unit our smallest change is theirs.
        self.unit = SMALLEST_CHANGE / max(self.floor, 1e-100)
        threshold = self.relative if self.as_recorded else self.threshold
        plateau = ReduceOnPlateau(
            np.array([1e-3, self.base_rate * self.unit, 1.0]),
            np.array([0.9, self.factor, 0.2]),
            np.array([1.0, self.patience, np.inf]),
            np.array([0.1, threshold, 0.0]),
        )
        factors, self.cooldown = [], 0
        for value in metric:
            if self.as_recorded:
                self._lend(plateau)
            before = plateau.factors[1]
            sign = -1 if self.as_recorded and self.lacking["rising"] else 1
            plateau.update(np.array([-value, sign * value, 1.0]))
            factors.append(plateau.factors[1])
            if self.cooldown:
                plateau._bad_epochs[1] = 0
            if factors[-1] != before:
                self.cooldown = self.lacking["cooldown"]
            elif not self.keras:
                self.cooldown = max(self.cooldown - 1, 0)
        return np.array(factors)

    def _lend(self, plateau: ReduceOnPlateau) -> None:
        """Give the middle member what our rule lacks."""
        best = plateau._best[1]
        relative = -self.relative if self.lacking["rising"] else self.relative
        plateau._thresholds[1] = relative + (self.lacking["absolute"] / best if best else 0.0)
        smallest = self.lacking["smallest"] * self.unit
        plateau._factors[1] = min(max(self.factor, smallest / plateau.rates[1]), 1.0)
        if self.cooldown and self.keras:
            self.cooldown -= 1  # before the epoch: Keras counts the last epoch of the cooldown already
        plateau._patience[1] = np.inf if self.cooldown else self.patience


def relative_error(ours: np.ndarray, recorded: np.ndarray) -> float:
    """Largest |a − b| / (|b| + SMALL · max |b|): stricter than what the manifest promises."""
    assert ours.shape == recorded.shape
    return float(np.max(np.abs(ours - recorded) / (np.abs(recorded) + SMALL * np.abs(recorded).max())))


def translate(case, steps, one_cycle_settings) -> Schedule:
    """Our schedule for a recorded one, or the nearest with the reason."""
    p, name = case["params"], case["library_class"]
    if name in WITHOUT_COUNTERPART:
        first = p.get("base_lr", p.get("lr0", p.get("init_value", 0.1)))
        return replace(constant(first, steps), reason=WITHOUT_COUNTERPART[name])
    if name == "OneCycleLR":
        own = one_cycle_settings(p)
        return Schedule(own.pop("schedule"), own.pop("learning_rate"), p.get("total_steps", steps), own)
    try:
        return TRANSLATIONS[name](p, steps)
    except NotOurs as other:
        return replace(other.nearest, reason=other.reason)


def recorded(case, reference, what="lr"):
    """Recorded numbers of a case."""
    return reference.arrays(case["file"])[f"{case['id']}.{what}"]


def test_recorded_rates_are_ours_or_differ_for_a_stated_reason(schedule_case, reference, one_cycle_settings):
    """Rates of our convention are reproduced to 1e-10; a schedule of another convention differs from ours."""
    rates = recorded(schedule_case, reference)
    ours = translate(schedule_case, len(rates), one_cycle_settings)
    error = relative_error(ours.rates(len(rates)), rates)
    if ours.reason:
        assert error > TOLERANCE, f"listed for no reason: {ours.reason}"
        return
    assert error <= TOLERANCE
    for name, value in ours.settings().items():
        assert KNOWN_SETTINGS[name].permits(value), (name, value)


def test_recorded_plateaus_are_ours_or_differ_for_a_stated_reason(plateau_case, reference):
    """Performance scheduling lowers the rate at the recorded epochs, or has a reason: all the difference.

    Only PyTorch leaves the rate alone once a change would be tiny (1e-8). For the others our rates are made
    so large that this never happens.
    """
    p = plateau_case["params"]
    metric = reference.arrays(plateau_case["file"])[f"metric.{p['metric']}"]
    after, before = (recorded(plateau_case, reference, what) / p["base_lr"] for what in ("lr_after", "lr"))
    reason = Plateau(plateau_case).reason
    factors = Plateau(plateau_case, as_recorded=reason is not None).factors(metric)
    np.testing.assert_allclose(factors, after, rtol=TOLERANCE, err_msg=f"not the whole difference: {reason}")
    np.testing.assert_allclose(np.append(1.0, factors[:-1]), before, rtol=TOLERANCE)
    if reason == PLATEAU_REASONS["rising"]:  # any other may happen not to matter for a loss
        ours = Plateau(plateau_case).factors(metric)
        assert np.max(np.abs(ours / after - 1)) > TOLERANCE, f"listed for no reason: {reason}"


def test_other_recorded_numbers_have_a_reason(reference, one_cycle_settings):
    """Beside rates only the momentum of OneCycleLR was recorded, and it moves: ours does where told to."""
    for case in reference.manifest["schedules"]:
        others = {key.removeprefix(case["id"] + ".") for key in case["keys"]} - {"lr", "lr_after"}
        assert others <= {"momentum"}
        if others:
            theirs, p = recorded(case, reference, "momentum"), case["params"]
            assert np.ptp(theirs) > 0, f"no reason: {CYCLED_MOMENTUM}"
            own = one_cycle_settings(p) | {
                "beta": p.get("max_momentum", 0.95),
                "one_cycle_lowest_beta": p.get("base_momentum", 0.85),
            }
            np.testing.assert_allclose(
                betas(len(theirs), complete(own | {"one_cycle_moves_beta": True})), theirs, rtol=TOLERANCE
            )
            np.testing.assert_array_equal(betas(len(theirs), complete(own)), own["beta"])
