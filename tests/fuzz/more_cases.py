"""Further kinds of cases: result folders, where a study is kept and where trained, options one at a time."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import gentle
import mutations

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from cases import Making

TABLE = ["grid.csv", "--metric", "loss"]
SWEEP = ["sweep", "d.toml", "--workers", "1", "--no-report"]
FIND = ["lr-find", "--dataset", "iris", "--steps", "10", "--replicates", "1"]
OF_A_TABLE = (
    ["--cap", "0.5"],
    ["--maximise"],
    ["--scale", "rank"],
    ["--ignore", "depth"],
    ["--setting", "lr"],
    ["--categorical", "depth"],
    ["--branch", "optimizer"],
    ["--replicate", "depth"],
    ["--fidelity", "depth"],
    ["--objective", "depth"],
    ["--study", "x"],
    ["--rate", "depth"],
)
# A command that is right, and options of which each has to change its answer, be refused or spoken of.
EFFECTS: tuple[tuple[list[str], tuple[list[str], ...]], ...] = (
    (["measure", *TABLE], (*OF_A_TABLE, ["--tolerance", "0.2"], ["--linear", "lr"])),
    (["zoom", *TABLE], (["--maximise"], ["--ignore", "depth"], ["--study", "x"])),
    (["best", *TABLE], (["--by", "mean"], ["--as", "torch"], ["--by", "lr"])),
    (["best", "run"], (["--as", "torch"], ["--as", "sklearn"], ["--by", "mean"], ["--metric", "x"])),
    (["versus", "sgd", "adam", "run"], (["--setting", "batch_size"], ["--metric", "loss"])),
    (["show", "run", "ranking"], (["--branch", "adam"], ["--rows", "1"], ["--raw"])),
    (["plan", "run"], (["--within", "1"], ["--more", "50"])),
    (["plan", "d.toml"], (["--within", "1"], ["--more", "50"])),
    (
        SWEEP,
        (
            ["--seed", "3"],
            ["--epochs", "1"],
            ["--design", "random", "--set", "trials=8"],
            ["--dataset", "wine"],
            ["--target", "y"],
            ["--scale", "rank"],
            *(["--set", one] for one in ("space.beta=[0.5,0.9]", "network.hidden=[2]", "search=0")),
            *(["--set", one] for one in ("replicates=2", "network.activation='tanh'", "metric='x'")),
        ),
    ),
    (
        FIND,
        (
            ["--optimizer", "adam"],
            ["--lowest", "1e-4"],
            ["--highest", "1"],
            ["--seed", "3"],
            ["--set", "network.hidden=[2]"],
        ),
    ),
    (
        ["trajectories", "--steps", "3", "--optimizer", "sgd"],
        (["--rate", "0.001"], ["--start", "0.5", "0.5"], ["--surface", "ravine"]),
    ),
)
HAS_OUT = {"measure", "sweep", "lr-find", "trajectories"}
OTHER = "ouu"  # folder of the command without the option: a word as long as out
GENTLE = 0.7  # of the changes


def changed(change: Any, mild: Any, what: Any, fates: list[random.Random]) -> Any:
    """Apply a wild or a mild change with each generator, one after the other."""
    for fate in fates:
        what = (mild if fate.random() < GENTLE else change)(what, fate)
    return what


def study_file(path: Path, fates: list[random.Random]) -> None:
    """Change a file of SQLite by its statements, or its bytes."""
    for fate in fates:
        if fate.random() < GENTLE:
            gentle.database(path, fate)
        else:
            path.write_bytes(mutations.binary(path.read_bytes(), fate))


def result_folder(making: Making) -> list[str]:
    """Trials of Ray Tune or keras-tuner, a folder each."""
    folder, ray = making.folder / "results", making.fate.random() < 0.5
    for number in range(12):
        trial = folder / f"trial_{number}"
        trial.mkdir(parents=True)
        lr, depth = 10.0 ** -(number % 4), number % 3
        if ray:
            rows = [{"config": {"lr": lr, "depth": depth}, "loss": lr / step + depth} for step in (1, 2)]
            (trial / "result.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
            (trial / "params.json").write_text(json.dumps({"lr": lr, "depth": depth}))
        else:
            known = {"trial_id": str(number), "status": "COMPLETED", "score": lr + depth}
            known |= {"hyperparameters": {"values": {"lr": lr, "depth": depth}, "space": []}}
            known |= {
                "metrics": {
                    "metrics": {"loss": {"direction": "min", "observations": [{"value": [lr], "step": 0}]}}
                }
            }
            (trial / "trial.json").write_text(json.dumps(known))
    for fate in making.fates:
        path = fate.choice(sorted(one for one in folder.rglob("*") if one.is_file()))
        kind = fate.randrange(10)
        if kind < 4:
            known = path.read_text(errors="replace")
            path.write_text(known.replace(fate.choice("0123"), fate.choice(("5", "7", "12"))))
        elif kind < 6:
            shutil.rmtree(path.parent) if kind == 4 else path.unlink()
        elif kind == 6:
            path.write_text(json.dumps(fate.choice((None, [], {}, {"config": 1}, {"score": {}}, "x"))))
        else:
            path.write_bytes(mutations.text(path.read_bytes(), fate))
    named = [] if not ray and making.fate.random() < 0.5 else ["--metric", "loss"]
    command = making.pick("measure", "best", "zoom")
    return [command, "results", *named, *(["--out", "out"] if command == "measure" else [])]


def elsewhere(making: Making) -> list[str]:
    """A sweep whose study, training or engine is somewhere else than usual; some addresses are wrong."""
    shutil.copy(making.base / "tiny0.toml", making.folder / "d.toml")
    shutil.copy(making.base / "own.db", making.folder / "own.db")
    shutil.copytree(making.base / "run0", making.folder / "run")
    line = ["sweep", "d.toml", "--no-report"]
    single, out = ["--workers", "1"], ["--out", "out"]
    alone, pick = [*line, *single], making.pick
    here = [*alone, *out]
    lines = (
        [*alone, "--share", pick("s", "s", "s", "run", "d.toml", "/dev/null", "own.db/x", "")],
        [*alone, "--share", "s", "--seed", pick("3", "-1", "x")],
        [*alone, "--share", "s", *pick(out, ["--storage", "sqlite:///s.db"], ["--epochs", "1"])],
        [*line, *out, "--cluster", pick("local:0", "local:", "here", "tcp://x", "tcp://127.0.0.1:1x")],
        [*here, "--engine", pick("numpy", "numpy", "numba", "auto", "jax", "Numpy", "")],
        [*here, "--storage", pick("sqlite:///own.db", "sqlite:///s.db", "journal://j")],
        [*here, "--storage", pick("grpc://", "grpc://127.0.0.1", "grpc://x:y", "grpc:x")],
        [*here, "--set", pick("engine='numba'", "workers=2", "share='s'", "storage='x'")],
        ["sweep", *single, "--no-report", "--share", pick("s", "run", "nowhere/deep")],
        ["sweep", "--out", "run", "--no-report", *single, "--engine", pick("numpy", "numba", "x")],
    )
    words: list[str] = making.pick(*lines)
    for fate in making.fates[1:]:
        study_file(making.folder / "own.db", [fate])
    return words


def own_database(making: Making) -> list[str]:
    """A study of a sweep of ours in SQLite, changed."""
    shutil.copy(making.base / "own.db", making.folder / "own.db")
    study_file(making.folder / "own.db", making.fates)
    shutil.copy(making.base / "tiny0.toml", making.folder / "d.toml")
    go_on = ["sweep", "d.toml", "--out", "out", "--workers", "1", "--no-report"]
    return making.pick(
        ["measure", "own.db", "--out", "out"],
        ["measure", "--storage", "sqlite:///own.db", "--out", "out"],
        ["best", "own.db"],
        ["zoom", "own.db"],
        ["versus", "sgd", "adam", "own.db"],
        [*go_on, "--storage", "sqlite:///own.db"],
    )


def option(making: Making) -> tuple[list[str], list[str]]:
    """A command with one option more, and without it."""
    shutil.copytree(making.base / "run0", making.folder / "run")
    shutil.copy(making.base / "grid.csv", making.folder / "grid.csv")
    shutil.copy(making.base / "tiny0.toml", making.folder / "d.toml")
    words, options = making.pick(*EFFECTS)
    out = words[0] in HAS_OUT
    extra = making.pick(*options)
    return [*words, *extra, *(["--out", "out"] if out else [])], [
        *words,
        *(["--out", OTHER] if out else []),
    ]
