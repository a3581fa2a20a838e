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

from sensitivity.export.own_table import own_table
from sensitivity.export.refusals import refuse
from sensitivity.export.taken import as_toml
from sensitivity.export.to_keras import to_keras
from sensitivity.export.to_optax import to_optax
from sensitivity.export.to_sklearn import to_sklearn
from sensitivity.export.to_torch import to_torch
from sweeps.datasets import DATASETS
from sweeps.errors import DefinitionError, did_you_mean
from sweeps.keys import NETWORK
from sweeps.objectives import objective_named
from sweeps.optimizers import OPTIMIZERS
from sweeps.own_data import is_own
from sweeps.schedules import moves_beta
from sweeps.seeds import Purpose, integer_seed
from sweeps.splits import stratifies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sensitivity.export.taken import Taken

Context = dict[str, Any]

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


def _common(taken: Taken, framework: str) -> Context:
    """What every program begins with."""
    definition, c = taken.definition, taken.complete()
    if c["pretrained"] != "none":
        raise refuse(
            framework,
            f"pretrained = {c['pretrained']!r} takes layers trained on other classes, which are not exported",
        )
    if OPTIMIZERS[c["optimizer"]].searches:
        raise DefinitionError(
            f"{c['optimizer']} tries networks instead of following gradients, so it is no optimizer of "
            f"{framework}; --as toml gives the settings"
        )
    if moves_beta(c) and framework != "torch":
        raise refuse(
            framework,
            f"one_cycle_moves_beta moves β in every step, which is written for torch, not for {framework}",
        )
    job: Any = objective_named(definition.objective).prepare(definition, definition.build_space())
    dataset, classification = job.dataset, job.dataset.task == "classification"
    own = own_table(definition) if is_own(definition.dataset) else None
    load, text, imports = _source(taken) if own is None else ("", "", list(own.imports))
    held_out = math.ceil(definition.data.validation * len(dataset.targets))
    return {
        "headline": _headline(taken, framework),
        "source": text,
        "imports": "\n".join(sorted([*imports, *_imports(taken, framework, classification=classification)])),
        "load": load,
        "own": own,
        "seed": definition.seed,
        "replicate": taken.replicate,
        "epochs": definition.epochs,
        "batch": c["batch_size"],
        "classification": classification,
        "classes": definition.data.classes,
        "per_class": definition.data.per_class,
        "held_out": held_out,
        "stratify": stratifies(dataset, held_out),
        "sizes": [dataset.inputs, *taken.hidden(), dataset.outputs],
        "spread": _spread(c),
        "precision": definition.network.precision,
        "recorded": ", ".join(
            f"{name.replace('_', ' ')} {value:.6f}" for name, value in taken.recorded.items()
        ),
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
    found = (
        [] if taken.definition.data.per_class else ["from sklearn.model_selection import train_test_split"]
    )
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


def _source(taken: Taken) -> tuple[str, str, list[str]]:
    """Expression that loads the data, source text it needs, and imports."""
    definition = taken.definition
    source, data = DATASETS[definition.dataset], definition.data
    arguments = source.called_with(data.samples, data.noise, integer_seed(definition.seed, 0, Purpose.DATA))
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    function = source.function
    if isinstance(function, str):
        return f"{function}({given})", "", [f"from sklearn.datasets import {function}"]
    if function.__module__ != "sweeps.datasets":
        raise DefinitionError(
            f"the data of {definition.dataset!r} are your own, and a program cannot say where they lie; "
            "--as toml gives the settings"
        )
    text = re.sub(
        r"(\w+): \w+(?=[,)])|\) -> .*:", lambda found: found[1] or "):", inspect.getsource(function)
    )
    return f"{function.__name__}({given})", text.strip(), []


def _spread(c: Mapping[str, Any]) -> str:
    factor = _SPREADS[c["initialiser"]]
    return factor if c["initial_scale"] == 1 else f"{c['initial_scale']!r} * {factor}"


FRAMEWORKS: Final[dict[str, Callable[[Taken, Context], Context]]] = {
    "torch": to_torch,
    "optax": to_optax,
    "keras": to_keras,
    "sklearn": to_sklearn,
    "toml": lambda *_: {},
}
