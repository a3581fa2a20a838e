"""Programs of other frameworks: they reach the sweep's numbers where the framework is installed."""

import functools
import importlib.util
import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace

import pytest

from sensitivity.export.code import FRAMEWORKS, program
from sensitivity.export.taken import Taken
from sweeps.datasets import load
from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.objectives import objective_named
from sweeps.optimizers import OPTIMIZERS
from sweeps.schedules import SCHEDULES
from sweeps.trial import PlannedTrial

RATES = {"sgd": 0.1, "momentum": 0.03, "momentum_ema": 0.3, "nesterov": 0.03, "lion": 0.001, "rmsprop": 0.003}
RUNNER = """
import contextlib, io, json, runpy, sys
found = {}
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        made = runpy.run_path(path)
    found[path] = made["validation_loss"], made["validation_error"]
print(json.dumps(found))
"""
# Torch and optax compute in double precision; Keras takes products in single precision whatever is asked for.
TOLERANCE = {"torch": 1e-10, "optax": 1e-10, "keras": 1e-6, "sklearn": 1e-10}


def taken(fixed, dataset="digits", **keys):
    """Configuration held fixed, beside one setting that varies in name."""
    raw = {
        "dataset": dataset,
        "epochs": 2,
        "network": {"hidden": [16], "precision": "float64", **keys.pop("network", {})},
        "space": {**fixed, "initial_scale": [1.0, 2.0]},
        **keys,
    }
    return Taken(parse(raw), {"initial_scale": 1.0}, "by hand", 1)


def trained(what):
    """Validation loss and error that our engine gives."""
    space = what.definition.build_space()
    work = objective_named("network").prepare(what.definition, space)
    (task,) = work.tasks([PlannedTrial(0, what.configuration, what.replicate)], None)
    (trial,) = work.start()(task)
    return trial.final["validation_loss"], trial.final["validation_error"]


def of_optimizer(name):
    """A falling rate and both penalties: what tells conventions apart."""
    rate = {"learning_rate": RATES.get(name, 0.01)}
    return {"optimizer": name, **rate, "schedule": "exponential", "l2": 0.002, "weight_decay": 0.02}


CASES = {
    "momentum": taken({"optimizer": "momentum", "learning_rate": 0.03}),
    "adam": taken({"optimizer": "adam", "learning_rate": 0.01, "epsilon": 1e-3}),
    "diabetes": taken({"optimizer": "sgd", "learning_rate": 0.01}, dataset="diabetes"),
}
WIDE = {
    **CASES,
    **{f"{name}-decayed": taken(of_optimizer(name)) for name in OPTIMIZERS},
    **{
        f"{name}-schedule": taken({"optimizer": "momentum", "learning_rate": 0.05, "schedule": name})
        for name in SCHEDULES
    },
    **{
        f"{name}-warm": taken(
            {
                "optimizer": "adamw",
                "learning_rate": 0.01,
                "schedule": name,
                "warmup": 0.2,
                "warmup_start": 0.1,
            }
        )
        for name in SCHEDULES
    },
    "moving-beta": taken(
        {
            "optimizer": "nadam",
            "schedule": "one_cycle",
            "one_cycle_moves_beta": True,
            "one_cycle_shape": "cosine",
        }
    ),
    "centered": taken(
        {
            "optimizer": "rmsprop",
            "learning_rate": 0.003,
            "centered": True,
            "rmsprop_momentum": 0.5,
            "schedule": "cosine",
        }
    ),
    "amsgrad": taken({"optimizer": "adam", "amsgrad": True}),
    "batch-norm": taken({"optimizer": "adam"}, network={"batch_norm": True}),
    "gelu": taken({"optimizer": "adam"}, network={"activation": "gelu", "hidden": [16, 12]}),
    "spirals": taken({"optimizer": "adam"}, dataset="spirals"),
    "classes": taken({"optimizer": "adam", "batch_size": 16}, data={"classes": [5, 6, 7], "per_class": 20}),
    "linear": taken(
        {"optimizer": "sgd", "learning_rate": 0.1, "initialiser": "glorot"}, network={"hidden": []}
    ),
    "linnerud": taken({"optimizer": "sgd", "batch_size": 8}, dataset="linnerud"),
}


def disagreeing(framework, cases, folder):
    """Cases whose program, run in a fresh process, does not reach our numbers, with both."""
    paths = {}
    for name, what in cases.items():
        try:
            text = program(what, framework)
        except DefinitionError:
            continue
        paths[name] = folder / f"{name}.py"
        paths[name].write_text(text, encoding="utf-8")
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "torch"),
    }
    answer = subprocess.run(
        [sys.executable, "-c", RUNNER, *map(str, paths.values())],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
    )
    found = json.loads(answer.stdout.splitlines()[-1])
    assert len(found) >= min(3, len(cases))
    ours = {name: trained(cases[name]) for name in paths}
    return {
        name: (ours[name], found[str(path)])
        for name, path in paths.items()
        if found[str(path)] != pytest.approx(ours[name], rel=TOLERANCE[framework], abs=TOLERANCE[framework])
    }


def installed(framework):
    """Skip where the framework is not there; Keras needs PyTorch to compute with."""
    needed = {"keras": ("keras", "torch"), "optax": ("optax", "jax")}.get(framework, (framework,))
    if any(importlib.util.find_spec(name) is None for name in needed):
        pytest.skip(f"{framework} is not installed")


@pytest.mark.parametrize("framework", ["torch", "optax", "keras"])
def test_programs_reach_our_numbers(framework, tmp_path):
    """A few configurations, in the framework itself."""
    installed(framework)
    assert not disagreeing(framework, CASES, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("framework", ["torch", "optax", "keras"])
def test_programs_of_everything_reach_our_numbers(framework, tmp_path):
    """Every optimizer, every schedule with and without a warm-up, and what else a definition can say."""
    installed(framework)
    assert not disagreeing(framework, WIDE, tmp_path)


def test_scikit_learn_reaches_our_numbers(tmp_path):
    """Plain gradient descent and momentum are its own; the squared error is halved, which the rate mends."""
    cases = {
        "momentum": CASES["momentum"],
        "nesterov": taken({"optimizer": "nesterov", "learning_rate": 0.03}),
        "diabetes": CASES["diabetes"],
    }
    assert not disagreeing("sklearn", cases, tmp_path)


def test_two_classes_of_scikit_learn_take_any_seed_and_say_what_differs(tmp_path, capsys):
    """Seeds of scikit-learn end at 2^32, ours do not; its one output has other weights, and says so."""
    settings, few = {"optimizer": "momentum", "learning_rate": 0.03}, {"per_class": 40}
    what = taken(settings, "breast_cancer", seed=2**40 + 3, data=few)
    what = replace(what, recorded={"validation_loss": 0.1, "validation_error": 0.02})
    path = tmp_path / "best.py"
    path.write_text(program(what, "sklearn"), encoding="utf-8")
    made = runpy.run_path(str(path))
    assert made["model"].random_state == 3
    last = capsys.readouterr().out.splitlines()
    assert last[-2].startswith("the sweep recorded: ")
    assert "near it, not equal" in last[-1]
    several = replace(taken({"optimizer": "momentum"}), recorded=what.recorded)
    assert "not equal" not in program(several, "sklearn")


@pytest.mark.parametrize("framework", [name for name in FRAMEWORKS if name != "toml"])
def test_everything_is_a_program_or_one_sentence(framework, monkeypatch):
    """Nothing else comes out, whatever the configuration."""
    monkeypatch.setattr(
        "sweeps.named_data.load", functools.cache(load)
    )  # scikit-learn reads a file each time
    written, refused = 0, list[str]()
    for name, what in WIDE.items():
        try:
            compile(program(what, framework), name, "exec")
            written += 1
        except DefinitionError as error:
            refused.append(str(error))
    assert all("--as" in sentence and "\n" not in sentence for sentence in refused)
    assert written >= (3 if framework == "sklearn" else 30)


def test_what_is_no_gradient_step_has_no_program():
    """A random search is no optimizer of any framework."""
    with pytest.raises(DefinitionError, match="tries networks instead"):
        program(taken({"optimizer": "random_search"}), "torch")


def test_the_definition_is_complete():
    """The TOML holds every value: with a range put in, it is a sweep of the same."""
    import tomllib

    what = taken({"optimizer": "momentum", "learning_rate": 0.03, "beta": 0.5})
    raw = tomllib.loads(program(what, "toml"))
    assert raw["space"] == {"optimizer": "momentum", "learning_rate": 0.03, "beta": 0.5, "initial_scale": 1.0}
    raw["space"]["learning_rate"] = [0.01, 0.03]
    assert [*parse(raw).build_space().names] == ["learning_rate"]
