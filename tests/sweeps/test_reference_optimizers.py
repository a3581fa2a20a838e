"""Update rules against paths recorded from PyTorch, optax and Keras.

Which rule of theirs is which of ours, and why some are none of ours, stands in ``conftest.py``:
``OTHER_RULES`` and ``OTHER_COEFFICIENTS`` are the reasons. Each reason is a class below that changes our rule
by that and nothing else; that class gives the recorded numbers, so the reason is the whole difference.
"""

from __future__ import annotations

import numpy as np

from sweeps.optimizers import OPTIMIZERS, Adam, AdaMax, Momentum, Nesterov, RMSProp
from sweeps.schedules import learning_rates
from sweeps.settings import KNOWN_SETTINGS, complete

TOLERANCE = 1e-10
# Factors of three members: the recorded one, in the middle, has neighbours with other coefficients.
NEIGHBOURS = {
    "learning_rate": (0.5, 1, 0.25),
    "beta": (0.5, 1, 0.9),
    "beta2": (0.9, 1, 0.5),
    "epsilon": (3, 1, 0.1),
    "initial_accumulator": (2, 1, 3),
    "rmsprop_momentum": (0.5, 1, 0.9),
    "momentum_decay": (2, 1, 3),
    "weight_decay": (3, 1, 2),
    "l2": (3, 1, 2),
}
MIDDLE = 1


def gradients(reference, case, parameters, step):
    """Gradients (3, P) of a recorded problem at ``parameters`` (3, P)."""
    arrays, problem = reference.arrays(case["file"]), case["problem"]
    if problem.startswith("gradseq"):
        return np.tile(arrays[f"problem.{problem}.grads"][step], (3, 1))
    if problem == "ravine":
        return parameters @ arrays["problem.ravine.A"].T
    assert problem == "rosenbrock"
    x, y = parameters.T
    return np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)], axis=1)


def recorded_rates(reference, case, lr_decay):
    """Learning rate of every step."""
    steps = case["steps"]
    if case["lr_sequence"]:
        rates = reference.arrays(case["file"])[f"lr_sequence.{case['lr_sequence']}"][:steps]
    else:
        rates = np.full(steps, case["lr"])
    if not lr_decay:
        return rates
    power = {"schedule": "power", "learning_rate": 1.0, "power_length": 1 / (lr_decay * steps)}
    return rates * learning_rates(steps, complete(power))


def our_path(reference, case, translation, rule_type=None):
    """Parameters after every step, (steps + 1, P)."""
    c = complete({"optimizer": translation.optimizer, **translation.settings})
    rule_type = rule_type or OPTIMIZERS[translation.optimizer]
    columns = {
        name: np.array([[float(c[name]) * factor] for factor in NEIGHBOURS.get(name, (1, 1, 1))])
        for name in (*rule_type.coefficients_used, "weight_decay", "l2")
    }
    start = reference.arrays(case["file"])[f"problem.{case['problem']}.p0"]
    parameters = np.stack([start + 0.1, start, start - 0.2])
    rule = rule_type(columns, parameters, np.ones(len(start)), case["steps"])
    scratch, path = np.empty_like(parameters), [start]
    factors = np.array(NEIGHBOURS["learning_rate"])[:, None]
    rates = recorded_rates(reference, case, translation.lr_decay)
    with np.errstate(all="ignore"):  # a neighbour, or the nearest rule to another one, may diverge
        for step, rate in enumerate(rates):
            gradient = np.ascontiguousarray(gradients(reference, case, parameters, step))
            rule.step(parameters, gradient, rate * factors, scratch)
            path.append(parameters[MIDDLE].copy())
    return np.array(path)


class RateInside:
    """Mixed into a rule: each gradient enters the velocity times the rate it arrived with."""

    def step(self, parameters, gradient, rate, scratch):
        """Keep the rate."""
        self.rate = rate
        super().step(parameters, gradient, rate, scratch)


class OtherEpsilon:
    """Mixed into a rule: ``epsilon`` is the recorded one, the rule is given another."""

    def prepare(self):
        """Keep the recorded one."""
        super().prepare()
        self.epsilon = self.c["epsilon"]

    def use_epsilon(self, epsilon):
        """Give the rule its ε of this step."""
        self.c["epsilon"] = epsilon
        self._cast_all()


class MomentumRateInside(RateInside, Momentum):
    """v ← β v + η g; θ ← θ − v."""

    def direction(self, gradient, scratch):
        """V / η."""
        v, _ = super().direction(gradient * self.rate, scratch)
        return v, 1 / self.rate


class NesterovRateInside(RateInside, Nesterov):
    """v ← β v + η g; θ ← θ − (η g + β v)."""

    def direction(self, gradient, scratch):
        """(η G + β V) / η."""
        ahead, _ = super().direction(gradient * self.rate, scratch)
        return ahead, 1 / self.rate


def other_rmsprop(rule, hyper):
    """RMSProp with whatever the recorded one has that ours has not."""

    class Other(RateInside, OtherEpsilon, RMSProp):
        def prepare(self):
            super().prepare()
            self.state["s"] += hyper.get("init_acc", 0.0) / (1 - self.c["beta"])
            self.inside = 0.0
            if "eps_inside" in rule:
                self.inside = self.epsilon
                self.use_epsilon(0 * self.epsilon)

        def average(self, name, beta, value):
            if name == "b" and "lr_inside" in rule:
                return super().average(name, beta, value * self.rate)
            average = super().average(name, beta, value)
            if name == "b":
                return average
            if hyper.get("bias_correction"):
                average = average / (1 - self.c["beta"] ** self.t)
            return average + self.inside / (1 - self.c["beta"]) if name == "s" else average

        def direction(self, gradient, scratch):
            direction, scale = super().direction(gradient, scratch)
            inside = "lr_inside" in rule and self.c["rmsprop_momentum"].any()
            return direction, scale / self.rate if inside else scale

    return Other


def dampened(_rule, hyper):
    """Momentum whose gradients count 1 − d from the second step on."""

    class Dampened(Momentum):
        def direction(self, gradient, scratch):
            return super().direction(gradient * (1.0 if self.t == 1 else 1 - hyper["dampening"]), scratch)

    return Dampened


class EpsilonHat(OtherEpsilon, Adam):
    """ε added to the uncorrected √s."""

    def direction(self, gradient, scratch):
        """Our rule's, with ε / √(1 − β₂ᵗ) for ε."""
        self.use_epsilon(self.epsilon / np.sqrt(1 - self.c["beta2"] ** self.t))
        return super().direction(gradient, scratch)


def rooted(_rule, hyper):
    """Adam with a second ε inside the root."""

    class Rooted(Adam):
        def average(self, name, beta, value):
            average = super().average(name, beta, value)
            return average + hyper["eps_root"] / self.root_factor() ** 2 if name == "s" else average

    return Rooted


def largest_corrected(_rule, hyper):
    """AMSGrad with the largest of the corrected s; or without any correction."""
    corrects = hyper.get("bias_correction", True)

    class LargestCorrected(Adam):
        def average(self, name, beta, value):
            average = super().average(name, beta, value)
            return average / (1 - self.c[beta] ** self.t) if name == "s" and corrects else average

        def root_factor(self):
            return np.sqrt(1 - self.c["beta2"])

        def direction(self, gradient, scratch):
            direction, scale = super().direction(gradient, scratch)
            return direction, scale if corrects else scale * (1 - self.c["beta"] ** self.t)

    return LargestCorrected


class EpsilonAdded(OtherEpsilon, AdaMax):
    """ε added to the maximum."""

    def direction(self, gradient, scratch):
        """M̂ / (s + ε)."""
        self.use_epsilon(np.full_like(self.epsilon, 1e-300))
        _, scale = super().direction(gradient, scratch)
        return self.state["m"] / (self.state["s"] + self.epsilon), scale


CONVENTIONS = {
    "momentum.lr_inside": lambda *_: MomentumRateInside,
    "nesterov.lr_inside": lambda *_: NesterovRateInside,
    "momentum.torch_dampening": dampened,
    "rmsprop.eps_outside.lr_outside": other_rmsprop,
    "rmsprop.eps_outside.lr_inside": other_rmsprop,
    "rmsprop.eps_inside.lr_inside": other_rmsprop,
    "adam.paper": rooted,
    "adam.eps_hat": lambda *_: EpsilonHat,
    "amsgrad.keras": lambda *_: EpsilonHat,
    "amsgrad.optax": largest_corrected,
    "adamax.eps_added": lambda *_: EpsilonAdded,
}


def test_recorded_path_is_ours_or_differs_for_a_stated_reason(
    optimizer_case, reference, translate_rule, scaled_error
):
    """A path of our convention is reproduced to 1e-10, beside others; one of another convention is not.

    Where ε is added is a difference of the size of ε: it may stay below the tolerance.
    """
    constant = optimizer_case["lr_sequence"] is None
    translation = translate_rule(optimizer_case["rule"], optimizer_case["hyper"], constant_rate=constant)
    recorded = reference.arrays(optimizer_case["file"])[optimizer_case["key"]]
    with np.errstate(invalid="ignore"):
        error = scaled_error(our_path(reference, optimizer_case, translation), recorded)
    if translation.reason is None:
        assert error <= TOLERANCE
        return
    differs = not error <= TOLERANCE  # may be NaN
    assert differs or "ε" in translation.reason, f"listed for no reason: {translation.reason}"
    rule = optimizer_case["rule"]
    convention = CONVENTIONS[rule](rule, optimizer_case["hyper"])
    theirs = our_path(reference, optimizer_case, translation, convention)
    assert scaled_error(theirs, recorded) <= TOLERANCE, f"not the whole difference: {translation.reason}"


def test_translated_coefficients_can_be_typed_by_a_user(optimizer_case, translate_rule):
    """Bridges to other libraries use only values that a definition permits."""
    translation = translate_rule(optimizer_case["rule"], optimizer_case["hyper"])
    for name, value in translation.settings.items():
        assert KNOWN_SETTINGS[name].permits(value), (name, value)


def test_every_recorded_rule_is_known(reference, translate_rule):
    """Each rule in the manifest is translated, and those of the papers and of PyTorch have no reason."""
    for rule in reference.manifest["rules"]:
        hyper = {"eps": 1e-8, "beta": 0.9}
        hyper |= {"mom": 0.9} if rule.startswith("rmsprop") else {}
        hyper |= {"dampening": 0.5} if "dampening" in rule else {}
        translation = translate_rule(rule, hyper, constant_rate=False)
        marks = ("lr_inside", "dampening", "eps_hat", "keras", "optax", "added")
        canonical = not any(mark in rule for mark in marks)
        assert (translation.reason is None) == canonical
