"""A configuration in PyTorch: what its template is filled with."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from sensitivity.export.factors import factors
from sensitivity.export.refusals import refuse
from sensitivity.export.rules import rule, spoken
from sweeps.optimizers import OPTIMIZERS
from sweeps.schedules import moves_beta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.export.taken import Taken

Context = dict[str, Any]

_EXPONENTIAL: Final = "0.1 ** (1 / ({length!r} * steps))"
_TORCH_LAYERS: Final = {
    "identity": None,
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "gelu": "nn.GELU()",
}


def _torch_layers(sizes: list[int], c: Mapping[str, Any]) -> list[str]:
    layers: list[str] = []
    for n, m in itertools.pairwise(sizes[:-1]):
        layers.append(f"nn.Linear({n}, {m}{', bias=False' if c['batch_norm'] else ''})")
        layers += [f"nn.BatchNorm1d({m})"] if c["batch_norm"] else []
        activation = _TORCH_LAYERS[c["activation"]]
        layers += [activation] if activation else []
    return [*layers, f"nn.Linear({sizes[-2]}, {sizes[-1]})"]


def _torch_class(c: Mapping[str, Any]) -> tuple[str, str] | None:
    """PyTorch's own class and its arguments, None where it has none."""
    name, epsilon, betas = c["optimizer"], f"eps={c['epsilon']!r}", f"betas=({c['beta']!r}, {c['beta2']!r})"
    if name in ("adam", "adamw") and not c["adam_bias_correction"]:
        return None
    amsgrad = ", amsgrad=True" if c["amsgrad"] else ""
    accumulator = c["initial_accumulator"]
    rms = ", centered=True" if c["centered"] else ""
    rms += f", momentum={c['rmsprop_momentum']!r}" if c["rmsprop_momentum"] else ""
    return {
        "sgd": ("SGD", ""),
        "momentum": ("SGD", f"momentum={c['beta']!r}"),
        "nesterov": ("SGD", f"momentum={c['beta']!r}" + (", nesterov=True" if c["beta"] else "")),
        "adagrad": (
            "Adagrad",
            epsilon + (f", initial_accumulator_value={accumulator!r}" if accumulator else ""),
        ),
        "rmsprop": ("RMSprop", f"alpha={c['beta']!r}, {epsilon}{rms}"),
        "adam": ("Adam", f"{betas}, {epsilon}{amsgrad}"),
        "adamw": ("AdamW" if c["weight_decay"] else "Adam", f"{betas}, {epsilon}{amsgrad}"),
        "adamax": ("Adamax", f"{betas}, {epsilon}"),
        "nadam": ("NAdam", f"{betas}, {epsilon}, momentum_decay={c['momentum_decay']!r}"),
        "adam_then_sgd": ("Adam", f"{betas}, {epsilon}"),
    }.get(name)


def to_torch(taken: Taken, context: Context) -> Context:
    """Layers, optimizer and schedule: PyTorch's own but for rules that it lacks."""
    c, made = taken.complete(), Context()
    own, decay, l2 = _torch_class(c), c["weight_decay"], c["l2"]
    made["layers"] = _torch_layers(context["sizes"], c)
    made["rule"] = None if own else rule(c)
    if moves_beta(c) and own is None:
        raise refuse(
            "torch", f"PyTorch has no {c['optimizer']} of this form whose β one_cycle_moves_beta could move"
        )
    made["fresh"] = "" if own else ", ".join(f"{name}=torch.zeros_like(p)" for name in made["rule"].states)
    made["why"] = f"{OPTIMIZERS[c['optimizer']].summary} PyTorch has no such rule."
    if made["rule"]:
        made["rule"] = spoken(made["rule"], "torch")
    by_class = own is not None and own[0] == "AdamW" and not l2
    hand_decay = 0 if by_class or not decay else decay
    hand_l2 = l2 if l2 and (own is None or decay or c["optimizer"] == "adam_then_sgd") else 0
    grouped = bool((l2 and not hand_l2) or by_class)
    weight = decay if by_class else l2
    made |= {
        "split_groups": grouped,
        "by_hand": bool(hand_l2 or hand_decay),
        "hand_l2": hand_l2,
        "hand_decay": hand_decay,
        "on_weights": f'"weight_decay": {weight!r}',
        "on_others": '"weight_decay": 0.0',
    }
    if own and own[0] == "AdamW" and not by_class:
        own = ("Adam", own[1])
    return made | _torch_schedule(c, own, "groups" if grouped else "model.parameters()")


def _torch_schedule(c: Mapping[str, Any], own: tuple[str, str] | None, parameters: str) -> Context:
    """Lines that make optimizer and schedule, and what is done in every step and epoch."""
    rate = c["learning_rate"]
    name, arguments = own or ("", "")
    maker = f"torch.optim.{name}" if own else "Rule"
    inside = f"{parameters}, lr={rate!r}" + (f", {arguments}" if arguments else "")
    switches = c["optimizer"] == "adam_then_sgd"
    variables = ["adam", "sgd"] if switches else ["optimizer"]
    make = [f"{variables[0]} = {maker}({inside})"]
    made: Context = {"switch": None, "each_step": [], "each_epoch": [], "factors": []}
    if switches:
        make.append(f"sgd = torch.optim.SGD({parameters}, lr={c['sgd_learning_rate']!r})")
        made["switch"] = f"round({c['switch']!r} * steps)"
    schedule, warm = c["schedule"], c["warmup"] > 0
    plain = _torch_own_schedule(c)
    if schedule == "constant" and not warm:
        return made | {"make": make}
    if schedule == "performance" and (warm or switches):
        raise refuse(
            "torch",
            "a warm-up or a change of optimizer under the performance schedule is not written for torch",
        )
    if moves_beta(c) and (warm or plain is None):
        raise refuse("torch", "a warm-up together with one_cycle_moves_beta is not written for torch")
    if plain is None or warm or switches:
        made["factors"] = factors(c)
        text = "torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: factors[min(step, steps - 1)])"
        if switches:  # PyTorch warns where the schedule of an optimizer that waits goes on
            made["each_step"] = [
                f"for one, rate in ((adam, {rate!r}), (sgd, {c['sgd_learning_rate']!r})):",
                '    one.param_groups[0]["lr"] = rate * factors[min(step + 1, steps - 1)]',
            ]
            make += ["for one in (adam, sgd):", '    one.param_groups[0]["lr"] *= factors[0]']
            return made | {"make": make}
    else:
        text = plain
    make.append(f"schedule = {text}")
    if schedule == "performance":
        return made | {"make": make, "each_epoch": ["schedule.step(loss)"]}
    return made | {"make": make, "each_step": ["if step < steps - 1:", "    schedule.step()"]}


def _torch_own_schedule(c: Mapping[str, Any]) -> str | None:
    """PyTorch's own schedule, None where it has none."""
    of, rate = "torch.optim.lr_scheduler.", c["learning_rate"]
    if c["schedule"] == "exponential":
        return f"{of}ExponentialLR(optimizer, gamma={_EXPONENTIAL.format(length=c['exponential_length'])})"
    if c["schedule"] == "cosine":
        return f"{of}CosineAnnealingLR(optimizer, T_max=steps, eta_min={c['cosine_floor'] * rate!r})"
    if c["schedule"] == "linear":
        return f"{of}LinearLR(optimizer, start_factor=1.0, end_factor=0.0, total_iters=steps)"
    if c["schedule"] == "performance":
        return (
            f"{of}ReduceLROnPlateau(optimizer, factor={c['performance_factor']!r}, "
            f"patience=round({c['performance_patience']!r} * EPOCHS), "
            f"threshold={c['performance_threshold']!r})"
        )
    if c["schedule"] != "one_cycle":
        return None
    strategy = "linear" if c["one_cycle_shape"] == "linear" else "cos"
    has_beta = OPTIMIZERS[c["optimizer"]].reads("beta") and c["optimizer"] != "rmsprop"
    beta = "cycle_momentum=False"
    if moves_beta(c) and has_beta:
        lowest = min(c["beta"], c["one_cycle_lowest_beta"])
        beta = f"base_momentum={lowest!r}, max_momentum={c['beta']!r}"
    return (
        f"{of}OneCycleLR(optimizer, {rate!r}, total_steps=steps, pct_start={c['one_cycle_peak']!r}, "
        f"anneal_strategy={strategy!r}, three_phase={c['one_cycle_three_phases']}, "
        f"div_factor={c['one_cycle_divisor']!r}, final_div_factor={c['one_cycle_final_divisor']!r}, {beta})"
    )
