"""A configuration → the text of a program of another framework, or one sentence why it cannot be.

Where a framework's own class follows the same rule as ours, the program uses it; where it follows another, or
there is none, the program holds the rule itself and says why. Conventions: Keras and scikit-learn put the
rate inside of the velocity, Keras and optax put ε into AdaGrad's root, Keras also into RMSProp's, Keras and
scikit-learn add Adam's ε before the bias correction, all three frameworks differ in Nadam and AMSGrad.
"""

from __future__ import annotations

import inspect
import math
import re
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from sensitivity.export.rules import rule
from sensitivity.export.taken import as_toml
from sweeps.datasets import DATASETS, SAMPLES
from sweeps.errors import DefinitionError, did_you_mean
from sweeps.keys import NETWORK
from sweeps.objectives import objective_named
from sweeps.optimizers import OPTIMIZERS
from sweeps.schedules import moves_beta
from sweeps.seeds import Purpose, integer_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sensitivity.export.taken import Taken

Context = dict[str, Any]

_ADAM_FAMILY: Final = ("adam", "adamw")
_EXPONENTIAL: Final = "0.1 ** (1 / ({length!r} * steps))"
_SPREADS: Final = {
    "he": "np.sqrt(2 / n)",
    "glorot": "np.sqrt(2 / (n + m))",
    "lecun": "np.sqrt(1 / n)",
    "normal": "0.05",
}


def program(taken: Taken, framework: str) -> str:
    """Text of a program that trains the configuration in a framework, or of a definition (``toml``).

    Raises
    ------
    DefinitionError
        When there is no such framework, or it cannot express the configuration: one sentence on what.
    """
    if framework not in FRAMEWORKS:
        raise DefinitionError(f"--as {framework} is not known{did_you_mean(framework, FRAMEWORKS)}")
    if framework == "toml":
        return as_toml(taken)
    if taken.definition.objective != NETWORK:
        raise DefinitionError(
            f"this sweep trains the objective {taken.definition.objective!r}, not our network, so it has no "
            f"code in {framework}; --as toml gives the settings"
        )
    context = _common(taken, framework)
    context |= FRAMEWORKS[framework](taken, context)
    environment = Environment(
        loader=PackageLoader("sensitivity.export"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 (Python, no HTML)
    )
    text = environment.get_template(f"{framework}.py.jinja").render(context)
    return _tidy(text)


def _tidy(text: str) -> str:
    """Blank lines as people set them: two around what stands by itself, else one."""
    text = re.sub(r"[ \t]+\n", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    text = re.sub(r"\n+((?:class|def) )", r"\n\n\n\1", text)
    text = re.sub(r"\n+(@jax\.jit)\n+", r"\n\n\n\1\n", text)
    lines, inside = text.split("\n"), False
    tidied: list[str] = []
    for line in lines:
        if inside and line and not line[0].isspace() and not line.startswith((")", "@")):
            while tidied and not tidied[-1]:
                tidied.pop()
            tidied += ["", ""]
            inside = False
        inside = inside or line.startswith(("class ", "def "))
        tidied.append(line)
    return "\n".join(tidied)


def refuse(framework: str, what: str) -> DefinitionError:
    """One sentence on what a framework cannot express."""
    others = [name for name in ("torch", "optax", "keras") if name != framework]
    return DefinitionError(f"{what}; try --as {others[0]}, or --as toml, which can express everything")


def _common(taken: Taken, framework: str) -> Context:
    """What every program begins with."""
    definition, c = taken.definition, taken.complete()
    source = DATASETS[definition.dataset]
    if c["pretrained"] != "none":
        raise refuse(framework, f"pretrained = {c['pretrained']!r} takes layers trained on other classes, which are not exported")
    if OPTIMIZERS[c["optimizer"]].searches:
        raise DefinitionError(
            f"{c['optimizer']} tries networks instead of following gradients, so it is no optimizer of "
            f"{framework}; --as toml gives the settings"
        )
    if moves_beta(c) and framework != "torch":
        raise refuse(framework, f"one_cycle_moves_beta moves β in every step, which is written for torch only, not for {framework}")
    job: Any = objective_named(definition.objective).prepare(definition, definition.build_space())
    dataset, classification = job.dataset, source.task == "classification"
    load, text, imports = _source(taken)
    held_out = math.ceil(definition.data.validation * len(dataset.targets))
    return {
        "headline": _headline(taken, framework),
        "source": text,
        "imports": "\n".join(sorted([*imports, *_imports(taken, framework, classification=classification)])),
        "load": load,
        "seed": definition.seed,
        "replicate": taken.replicate,
        "epochs": definition.epochs,
        "batch": c["batch_size"],
        "classification": classification,
        "classes": definition.data.classes,
        "per_class": definition.data.per_class,
        "held_out": held_out,
        "stratify": classification and _stratified(dataset, held_out),
        "sizes": [dataset.features.shape[1], *taken.hidden(), dataset.outputs],
        "spread": _spread(c),
        "precision": definition.network.precision,
        "recorded": ", ".join(f"{name.replace('_', ' ')} {value:.6f}" for name, value in taken.recorded.items()),
        "factors": [],
        "rule": None,
        "why": "",
        "plateau": False,
        "rate": c["learning_rate"],
        "factor": c["performance_factor"],
        "patience": round(c["performance_patience"] * definition.epochs),
        "threshold": c["performance_threshold"],
        "table": False,
    }


def _imports(taken: Taken, framework: str, *, classification: bool) -> list[str]:
    """What a program needs of scikit-learn beside its data."""
    found = [] if taken.definition.data.per_class else ["from sklearn.model_selection import train_test_split"]
    if not classification:
        found.append("from sklearn.metrics import r2_score")
    if framework == "sklearn":
        found.append(
            f"from sklearn.neural_network import {'MLPClassifier' if classification else 'MLPRegressor'}"
        )
        found += ["from sklearn.metrics import log_loss"] if classification else []
    return found


def _headline(taken: Taken, framework: str) -> str:
    lines = [f"{taken.title}, for {framework}.", ""]
    if taken.chosen:
        lines += [taken.chosen, ""]
    lines += ["Seeds, split, initial weights and order are those of a replicate of the sweep.", ""]
    return "\n".join(_wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    import textwrap  # noqa: PLC0415

    return textwrap.fill(line, 100) if line else ""


def _stratified(dataset: Any, held_out: int) -> bool:  # noqa: ANN401 (a dataset)
    """As `sweeps.datasets.split_indices` decides it."""
    import numpy as np  # noqa: PLC0415

    fewest = int(np.bincount(dataset.targets.astype(np.int64)).min())
    return fewest >= 2 and min(held_out, len(dataset.targets) - held_out) >= dataset.classes


def _source(taken: Taken) -> tuple[str, str, list[str]]:
    """Expression that loads the data, source text it needs, and imports."""
    definition = taken.definition
    source, data = DATASETS[definition.dataset], definition.data
    arguments: dict[str, Any] = {"return_X_y": True}
    if source.options:
        seed = integer_seed(definition.seed, 0, Purpose.DATA)
        arguments = {**source.arguments, "n_samples": data.samples or SAMPLES, "random_state": seed}
    if data.noise is not None:
        arguments[source.noise_argument] = data.noise
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    function = source.function
    if isinstance(function, str):
        return f"{function}({given})", "", [f"from sklearn.datasets import {function}"]
    if function.__module__ != "sweeps.datasets":
        raise DefinitionError(
            f"the data of {definition.dataset!r} are your own, and a program cannot say where they lie; "
            "--as toml gives the settings"
        )
    text = re.sub(r"(\w+): \w+(?=[,)])|\) -> .*:", lambda found: found[1] or "):", inspect.getsource(function))
    return f"{function.__name__}({given})", text.strip(), []


def _spread(c: Mapping[str, Any]) -> str:
    factor = _SPREADS[c["initialiser"]]
    return factor if c["initial_scale"] == 1 else f"{c['initial_scale']!r} * {factor}"


def factors(c: Mapping[str, Any]) -> list[str]:
    """Lines that make ``factors``, what the rate is multiplied by in each of ``steps`` steps."""
    warm = c["warmup"] > 0
    lines = ["t, T = np.arange(steps), steps"]
    if warm:
        lines = [
            f"warm = round({c['warmup']!r} * steps)",
            "t, T = np.maximum(np.arange(steps) - warm, 0), max(steps - warm, 1)",
        ]
    lines += _SHAPES[c["schedule"]](c)
    if warm:
        start = c["warmup_start"]
        lines.append(f"factors[:warm] *= {start!r} + (1 - {start!r}) * np.arange(warm) / warm")
    return lines


def _piecewise(c: Mapping[str, Any]) -> list[str]:
    pieces = zip(c["piecewise_boundaries"], c["piecewise_factors"], strict=True)
    return ["factors = np.ones(steps)", *(f"factors[t >= round({at!r} * T)] = {value!r}" for at, value in pieces)]


def _one_cycle(c: Mapping[str, Any]) -> list[str]:
    first = 1 / c["one_cycle_divisor"]
    last = first / c["one_cycle_final_divisor"]
    peak = c["one_cycle_peak"]
    three = c["one_cycle_three_phases"]
    knots = f"[0, {peak!r} * T - 1, {f'2 * {peak!r} * T - 2, ' if three else ''}T - 1]"
    heights = [first, 1.0, first, last] if three else [first, 1.0, last]
    lines = [f"knots = np.minimum(np.maximum.accumulate({knots}), T - 1)  # first, peak{', back' if three else ''}, last"]
    if c["one_cycle_shape"] == "linear":
        return [*lines, f"factors = np.interp(t, knots, {heights})"]
    return [
        *lines,
        "phase = np.interp(t, knots, np.arange(len(knots)))",
        f"heights, at = np.array({heights}), np.minimum(phase.astype(int), len(knots) - 2)",
        "part = (1 - np.cos(np.pi * (phase - at))) / 2",
        "factors = heights[at] + (heights[at + 1] - heights[at]) * part",
    ]


def _cosine(c: Mapping[str, Any]) -> list[str]:
    floor = c["cosine_floor"]
    return [f"factors = {floor!r} + (1 - {floor!r}) * (1 + np.cos(np.pi * np.minimum(t / T, 1))) / 2"]


def _wsd(c: Mapping[str, Any]) -> list[str]:
    lines = ["factors = np.ones(steps)"]
    for steps, name in (("t + 1", "wsd_warmup"), ("T - t", "wsd_decay")):
        if c[name] > 0:
            lines.append(f"factors = np.minimum(factors, ({steps}) / ({c[name]!r} * T))")
    return lines


_ONES: Final = ["factors = np.ones(steps)"]
_SHAPES: Final[dict[str, Callable[[Mapping[str, Any]], list[str]]]] = {
    "constant": lambda _: _ONES,
    "performance": lambda _: _ONES,
    "power": lambda c: [
        f"factors = (1 + t / ({c['power_length']!r} * T)) ** -{float(c['power_exponent'])!r}"
    ],
    "exponential": lambda c: [f"factors = 0.1 ** (t / ({c['exponential_length']!r} * T))"],
    "piecewise": _piecewise,
    "one_cycle": _one_cycle,
    "cosine": _cosine,
    "linear": lambda _: ["factors = (T - t) / T"],
    "wsd": _wsd,
    "ramp": lambda c: [f"factors = {float(c['ramp_span'])!r} ** (t / max(T - 1, 1) - 1)"],
}


# ---------------------------------------------------------------------------------------------- PyTorch

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
    for n, m in zip(sizes[:-2], sizes[1:-1], strict=True):
        layers.append(f"nn.Linear({n}, {m}{', bias=False' if c['batch_norm'] else ''})")
        layers += [f"nn.BatchNorm1d({m})"] if c["batch_norm"] else []
        activation = _TORCH_LAYERS[c["activation"]]
        layers += [activation] if activation else []
    return [*layers, f"nn.Linear({sizes[-2]}, {sizes[-1]})"]


def _torch_class(c: Mapping[str, Any]) -> tuple[str, str] | None:
    """PyTorch's own class and its arguments, None where it has none."""
    name, epsilon, betas = c["optimizer"], f"eps={c['epsilon']!r}", f"betas=({c['beta']!r}, {c['beta2']!r})"
    if name in _ADAM_FAMILY and not c["adam_bias_correction"]:
        return None
    amsgrad = ", amsgrad=True" if c["amsgrad"] else ""
    accumulator = c["initial_accumulator"]
    rms = ", centered=True" if c["centered"] else ""
    rms += f", momentum={c['rmsprop_momentum']!r}" if c["rmsprop_momentum"] else ""
    return {
        "sgd": ("SGD", ""),
        "momentum": ("SGD", f"momentum={c['beta']!r}"),
        "nesterov": ("SGD", f"momentum={c['beta']!r}" + (", nesterov=True" if c["beta"] else "")),
        "adagrad": ("Adagrad", epsilon + (f", initial_accumulator_value={accumulator!r}" if accumulator else "")),
        "rmsprop": ("RMSprop", f"alpha={c['beta']!r}, {epsilon}{rms}"),
        "adam": ("Adam", f"{betas}, {epsilon}{amsgrad}"),
        "adamw": ("AdamW" if c["weight_decay"] else "Adam", f"{betas}, {epsilon}{amsgrad}"),
        "adamax": ("Adamax", f"{betas}, {epsilon}"),
        "nadam": ("NAdam", f"{betas}, {epsilon}, momentum_decay={c['momentum_decay']!r}"),
        "adam_then_sgd": ("Adam", f"{betas}, {epsilon}"),
    }.get(name)


def _torch(taken: Taken, context: Context) -> Context:
    c, made = taken.complete(), {}
    own, decay, l2 = _torch_class(c), c["weight_decay"], c["l2"]
    made["layers"] = _torch_layers(context["sizes"], c)
    made["rule"] = None if own else rule(c)
    if moves_beta(c) and own is None:
        raise refuse("torch", f"PyTorch has no {c['optimizer']} of this form whose β one_cycle_moves_beta could move")
    made["fresh"] = "" if own else ", ".join(f"{name}=torch.zeros_like(p)" for name in made["rule"].states)
    made["why"] = f"{OPTIMIZERS[c['optimizer']].summary} PyTorch has no such rule."
    if made["rule"]:
        made["rule"] = _spoken(made["rule"], "torch")
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
    return made | _torch_schedule(c, context, own, "groups" if grouped else "model.parameters()")


def _torch_schedule(
    c: Mapping[str, Any], context: Context, own: tuple[str, str] | None, parameters: str
) -> Context:
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
        raise refuse("torch", "a warm-up or a change of optimizer under the performance schedule is not written for torch")
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
            f"patience=round({c['performance_patience']!r} * EPOCHS), threshold={c['performance_threshold']!r})"
        )
    if c["schedule"] != "one_cycle":
        return None
    strategy = "linear" if c["one_cycle_shape"] == "linear" else "cos"
    has_beta = OPTIMIZERS[c["optimizer"]].reads("beta") and c["optimizer"] not in {"rmsprop"}
    beta = "cycle_momentum=False"
    if moves_beta(c) and has_beta:
        lowest = min(c["beta"], c["one_cycle_lowest_beta"])
        beta = f"base_momentum={lowest!r}, max_momentum={c['beta']!r}"
    return (
        f"{of}OneCycleLR(optimizer, {rate!r}, total_steps=steps, pct_start={c['one_cycle_peak']!r}, "
        f"anneal_strategy={strategy!r}, three_phase={c['one_cycle_three_phases']}, "
        f"div_factor={c['one_cycle_divisor']!r}, final_div_factor={c['one_cycle_final_divisor']!r}, {beta})"
    )


def _spoken(found: Any, module: str) -> Any:  # noqa: ANN401 (a rule)
    """Rule in the words of a framework."""
    from dataclasses import replace  # noqa: PLC0415

    at = {"jnp": "jnp.asarray({0})[{1}]", "ops": "ops.take(ops.cast({0}, variable.dtype), {1})", "torch": "{0}[{1}]"}[module]

    def said(line: str) -> str:
        line = re.sub(r"\bat\((\w+), (\w+)\)", lambda match: at.format(match[1], match[2]), line)
        return line.replace("xp.", f"{module}.")

    return replace(found, lines=tuple(map(said, found.lines)), direction=said(found.direction))


# ------------------------------------------------------------------------------------------------ optax

_JAX: Final = {
    "identity": "{}",
    "relu": "jax.nn.relu({})",
    "leaky_relu": "jax.nn.leaky_relu({}, 0.01)",
    "elu": "jax.nn.elu({})",
    "tanh": "jnp.tanh({})",
    "sigmoid": "jax.nn.sigmoid({})",
    "gelu": "jax.nn.gelu({}, approximate=False)",
}


def _optax_class(c: Mapping[str, Any]) -> list[str] | None:
    """Transformations of optax that follow our rule, None where it has none."""
    beta, two, epsilon = c["beta"], c["beta2"], c["epsilon"]
    rms = "scale_by_stddev" if c["centered"] else "scale_by_rms"
    momentum = [f"optax.trace({c['rmsprop_momentum']!r})"] if c["rmsprop_momentum"] else []
    adam = None
    if c["adam_bias_correction"] and not c["amsgrad"]:
        adam = [f"optax.scale_by_adam({beta!r}, {two!r}, {epsilon!r})"]
    return {
        "sgd": [],
        "momentum": [f"optax.trace({beta!r})"],
        "momentum_ema": [f"optax.ema({beta!r}, debias={c['bias_correction']})"],
        "nesterov": [f"optax.trace({beta!r}, nesterov=True)"],
        "rmsprop": None
        if c["centered"]
        else [f"optax.{rms}({beta!r}, {epsilon!r}, eps_in_sqrt=False)", *momentum],
        "adam": adam,
        "adamw": adam,
        "adamax": [f"optax.scale_by_adamax({beta!r}, {two!r}, {epsilon!r})"],
        "lion": [f"optax.scale_by_lion({beta!r}, {two!r})"],
    }.get(c["optimizer"])


def _optax(taken: Taken, context: Context) -> Context:
    c = taken.complete()
    if c["batch_norm"]:
        raise refuse("optax", "batch normalisation is a layer, and optax has none")
    _refuse_switch(c, "optax")
    own = _optax_class(c)
    chain = [f"optax.add_decayed_weights({c['l2']!r}, decayed)"] if c["l2"] else []
    chain += ["rule()"] if own is None else own
    chain += [f"optax.add_decayed_weights({c['weight_decay']!r}, decayed)"] if c["weight_decay"] else []
    schedule, lines = _optax_schedule(c)
    chain.append(f"optax.scale_by_learning_rate({schedule})")
    body = [f"    {one}," for one in chain]
    summary = OPTIMIZERS[c["optimizer"]].summary
    return {
        "activation": _JAX[c["activation"]].format('x @ layer["w"] + layer["b"]'),
        "rule": None if own is not None else _spoken(rule(c), "jnp"),
        "why": f"{summary} optax has another form of it.",
        "decays": bool(c["l2"] or c["weight_decay"]),
        "plateau": c["schedule"] == "performance",
        "factors": lines,
        "make": ["optimizer = optax.chain(", *body, ")"],
    }


def _optax_schedule(c: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Rate or schedule, and the lines of ``factors`` that it needs."""
    rate, warm = c["learning_rate"], c["warmup"] > 0
    if not warm:
        known = {
            "constant": repr(rate),
            "performance": repr(rate),
            "exponential": f"optax.exponential_decay({rate!r}, {c['exponential_length']!r} * steps, 0.1)",
            "cosine": f"optax.cosine_decay_schedule({rate!r}, steps, {c['cosine_floor']!r})",
        }.get(c["schedule"])  # optax.linear_schedule computes in single precision
        if known:
            return known, []
    return f"lambda step: {rate!r} * jnp.asarray(factors)[step]", factors(c)


def _refuse_switch(c: Mapping[str, Any], framework: str) -> None:
    if c["optimizer"] == "adam_then_sgd":
        raise DefinitionError(
            f"adam_then_sgd changes its rule within a run, which is written for torch only, not for {framework}; "
            "try --as torch"
        )


# ------------------------------------------------------------------------------------------------ Keras

_KERAS_LAYERS: Final = {
    "identity": None,
    "relu": "relu",
    "leaky_relu": "keras.layers.LeakyReLU(negative_slope=0.01)",
    "elu": "elu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "gelu": "keras.layers.Activation(lambda z: keras.activations.gelu(z, approximate=False))",
}


def _keras_layers(sizes: list[int], c: Mapping[str, Any]) -> list[str]:
    layers, activation = list[str](), _KERAS_LAYERS[c["activation"]]
    named = activation is not None and "(" not in activation
    penalty = f", kernel_regularizer=keras.regularizers.L2({c['l2'] / 2!r})" if c["l2"] else ""
    for width in sizes[1:-1]:
        inside = f', activation="{activation}"' if named and not c["batch_norm"] else ""
        bias = ", use_bias=False" if c["batch_norm"] else ""
        layers.append(f"keras.layers.Dense({width}{inside}{bias}{penalty})")
        if c["batch_norm"]:
            layers.append("keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)")
        if activation and (c["batch_norm"] or not named):
            layers.append(f'keras.layers.Activation("{activation}")' if named else activation)
    return [*layers, f"keras.layers.Dense({sizes[-1]}{penalty})"]


def _keras_class(c: Mapping[str, Any]) -> str | None:
    """Keras' own optimizer where it follows our rule, without its rate; None where it does not."""
    still = c["schedule"] == "constant" and not c["warmup"]
    found = {
        "sgd": "SGD({})",
        "lion": f"Lion({{}}, beta_1={c['beta']!r}, beta_2={c['beta2']!r})",
    }
    if still:
        found |= {
            "momentum": f"SGD({{}}, momentum={c['beta']!r})",
            "nesterov": f"SGD({{}}, momentum={c['beta']!r}, nesterov=True)",
        }
    return found.get(c["optimizer"])


_KERAS_WHY: Final = {
    "momentum": "Keras' own has the rate inside of the velocity, so a falling rate acts late.",
    "nesterov": "Keras' own has the rate inside of the velocity, so a falling rate acts late.",
    "momentum_ema": "Keras has no such rule.",
    "adagrad": "Keras' own has ε inside of the root and starts from 0.1.",
    "rmsprop": "Keras' own has ε inside of the root.",
    "adam": "Keras' own adds ε before the bias correction.",
    "adamw": "Keras' own adds ε before the bias correction.",
    "adamax": "Keras' own adds ε after the maximum.",
    "nadam": "Keras' own warms β₁ up 250 times as fast.",
}


def _keras(taken: Taken, context: Context) -> Context:
    c = taken.complete()
    _refuse_switch(c, "keras")
    if c["batch_norm"]:
        raise refuse(
            "keras", "Keras' batch normalisation averages another variance, so its numbers would not be ours"
        )
    rate, lines = _keras_schedule(c)
    own = _keras_class(c)
    maker = "Rule({})" if own is None else f"keras.optimizers.{own}"
    make = [f"optimizer = {maker.format(rate)}"]
    if c["weight_decay"]:
        decay = f", weight_decay={c['weight_decay']!r})"
        make = [f"optimizer = {maker.format(rate)[:-1]}{decay}"]
        if own is None:
            make = [f"optimizer = Rule({rate}, weight_decay={c['weight_decay']!r})"]
        make.append('optimizer.exclude_from_weight_decay(var_names=["bias"])')
    summary = OPTIMIZERS[c["optimizer"]].summary
    return {
        "layers": _keras_layers(context["sizes"], c),
        "rule": None if own is not None else _spoken(rule(c), "ops"),
        "why": f"{summary} {_KERAS_WHY.get(c['optimizer'], '')}",
        "plateau": c["schedule"] == "performance",
        "factors": lines,
        "table": bool(lines),
        "make": make,
    }


def _keras_schedule(c: Mapping[str, Any]) -> tuple[str, list[str]]:
    rate, of = c["learning_rate"], "keras.optimizers.schedules."
    if c["warmup"] and c["schedule"] == "performance":
        raise refuse("keras", "a warm-up under the performance schedule is not written for Keras")
    if not c["warmup"]:
        known = {
            "constant": repr(rate),
            "performance": repr(rate),
            "exponential": f"{of}ExponentialDecay({rate!r}, {c['exponential_length']!r} * steps, 0.1)",
            "linear": f"{of}PolynomialDecay({rate!r}, steps, 0.0)",
        }.get(c["schedule"])
        if known:
            return known, []
    return f"Table({rate!r} * factors)", factors(c)


# ----------------------------------------------------------------------------------------- scikit-learn

_SKLEARN: Final = {"identity": "identity", "relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}


def _sklearn(taken: Taken, context: Context) -> Context:
    """MLPClassifier or MLPRegressor, where its solver can express the configuration."""
    c, classification = taken.complete(), context["classification"]
    name, outputs = c["optimizer"], context["sizes"][-1]
    lacks = [
        *([f"optimizer {name}"] if name not in {"sgd", "momentum", "nesterov", "adam", "adamw"} else []),
        *([f"schedule {c['schedule']}"] if c["schedule"] != "constant" else []),
        *(["warm-up"] if c["warmup"] else []),
        *(["batch normalisation"] if c["batch_norm"] else []),
        *([f"activation {c['activation']}"] if c["activation"] not in _SKLEARN else []),
        *(["decoupled weight decay"] if c["weight_decay"] and name != "sgd" else []),
        *(["AMSGrad"] if c["amsgrad"] and name in _ADAM_FAMILY else []),
        *(["Adam without bias correction"] if not c["adam_bias_correction"] and name in _ADAM_FAMILY else []),
    ]
    if lacks:
        raise refuse("sklearn", f"scikit-learn's perceptron has no {' and no '.join(lacks)}")
    # Its squared error is halved and summed over outputs: the gradient is O/2 times ours.
    times = 1.0 if classification else outputs / 2
    adam = name in _ADAM_FAMILY
    penalty = c["l2"] + (c["weight_decay"] if name == "sgd" else 0.0)
    rate = c["learning_rate"] if adam else c["learning_rate"] / times
    arguments = [f'solver="{"adam" if adam else "sgd"}"', f"learning_rate_init={rate!r}"]
    if adam:
        arguments += [f"beta_1={c['beta']!r}", f"beta_2={c['beta2']!r}", f"epsilon={c['epsilon']!r}"]
    else:
        arguments += [f"momentum={c['beta'] if name != 'sgd' else 0.0!r}", f"nesterovs_momentum={name == 'nesterov'}"]
    arguments.append(f"alpha={penalty * c['batch_size'] * times!r}")
    remarks = []
    if adam:
        remarks.append("scikit-learn adds Adam's ε before the bias correction: the last digits differ from the sweep's.")
    if penalty:
        remarks.append("scikit-learn divides the penalty by the size of the batch: a smaller last batch has more of it.")
    if context["precision"] == "float32":
        remarks.append("The sweep computed in single precision, this in double.")
    binary = classification and outputs == 2
    if binary:
        remarks.append("For two classes scikit-learn has one output, not two: it starts from weights of its own.")
    if not classification and times != 1.0:
        remarks.append("Its squared error is halved: the rate makes up for it.")
    return {
        "kind": "MLPClassifier" if classification else "MLPRegressor",
        "hidden": repr(tuple(taken.hidden())),
        "activation": _SKLEARN[c["activation"]],
        "arguments": arguments,
        "remarks": remarks,
        "binary": binary,
    }


FRAMEWORKS: Final[dict[str, Callable[[Taken, Context], Context]]] = {
    "torch": _torch,
    "optax": _optax,
    "keras": _keras,
    "sklearn": _sklearn,
    "toml": lambda *_: {},
}
