"""Cases of the fuzzer: a command line and the files that it names, made of a seed and a number alone."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import random
import shutil
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gentle
import more_cases
import mutations
import obedience
import tomli_w

if TYPE_CHECKING:
    from collections.abc import Callable

STRANGERS = Path(__file__).parent.parent / "sensitivity" / "reading" / "strangers"
TINY: dict[str, Any] = {
    "name": "tiny",
    "dataset": "iris",
    "epochs": 2,
    "search": 3,
    "network": {"hidden": [3]},
    "space": {
        "optimizer": ["sgd", "adam"],
        "learning_rate": {"low": 0.01, "high": 0.1, "log": True, "levels": 2},
        "batch_size": [8],
    },
}
_OWN = {"optimizer": ["sgd", "adam"], "learning_rate": [0.01, 0.1]}
DEFINITIONS: tuple[dict[str, Any], ...] = (
    TINY,
    TINY
    | {
        "replicates": 1,
        "data": {"validation": 0.3},
        "asks": [{"setting": "optimizer", "against": "sgd"}],
        "network": {"hidden": [2, 2], "activation": "tanh", "batch_norm": True, "precision": "float64"},
        "space": TINY["space"]
        | {"beta": [0.5, 0.9], "only": [{"when": {"optimizer": "adam"}, "epsilon": [1e-8, 1e-3]}]},
    },
    TINY | {"design": "random", "trials": 8, "search": 0, "metric": "validation_loss"},
    TINY
    | {
        "design": "sobol",
        "trials": 8,
        "dataset": "moons",
        "data": {"samples": 60, "noise": 0.1},
        "space": {
            "learning_rate": {"low": 0.01, "high": 1.0, "log": True},
            "schedule": ["constant", "one_cycle"],
        },
    },
    TINY
    | {"design": "tpe", "trials": 6, "dataset": "diabetes", "search": 0, "space": _OWN | {"l2": [0.0, 0.1]}},
    TINY | {"dataset": "own.csv", "data": {"target": "y"}, "search": 0, "space": _OWN},
    {
        "name": "mine",
        "objective": "mine:f",
        "space": {"a": {"low": 0.0, "high": 1.0, "levels": 3}, "b": ["x", "y"]},
    },
    TINY | {"noise": "crossed", "replicates": 9, "epochs": 1, "search": 0, "space": _OWN},
)
OWN_DATA = (
    "a,b,c,y\n"
    + "\n".join(f"{n % 7},{n * 0.37 % 2:.3f},{'uvw'[n % 3]},{'pq'[n % 2]}" for n in range(40))
    + "\n"
)
MODULE = (
    "def f(known, seed):\n    return known.get('a', 1) ** 2 + (known.get('b') == 'x') + seed % 7 / 100\n\n\n"
    "def g(known, seed):\n    raise ValueError(seed)\n"
)
GRID = "lr,depth,optimizer,loss\n" + "".join(
    f"{10.0 ** -(n % 4)},{n % 3},{['sgd', 'adam'][n % 2]},{(n * 7 % 11) / 10}\n" for n in range(24)
)
LINES_OF_JSON = "".join(
    json.dumps({"lr": 10.0**-n, "net": {"d": n % 3}, "loss": n * 0.1}) + "\n" for n in range(12)
)


@dataclass
class Case:
    """What is to be done, in a folder that holds its files.

    Attributes
    ----------
    kind
        What was mutated.
    words
        The command line, without the name of the program.
    raw
        The definition as it was written, where the stored one shall be compared with it.
    changes
        How many mutations were drawn; all but those skipped were made.
    without
        The command line without one option, which must be answered otherwise.
    must
        What was changed and has to change the answer, or else to be named in it.
    """

    kind: str
    words: list[str]
    raw: dict[str, Any] | None = None
    changes: int = 1
    without: list[str] | None = None
    must: list[str] = field(default_factory=list)


@dataclass
class Making:
    """What a case is made with.

    Attributes
    ----------
    fate
        Of the choices that are no mutation.
    fates
        A generator per mutation.
    folder, base
        Where the case lies, and what all share, see `make_base`.
    """

    fate: random.Random
    fates: list[random.Random]
    folder: Path
    base: Path

    def pick(self, *options: Any) -> Any:
        """One of them at random."""
        return self.fate.choice(options)


def make_base(base: Path) -> None:
    """Train two small sweeps and store strangers' studies: what the cases are mutations of."""
    import optuna

    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    base.mkdir(parents=True)
    for seed in (0, 1):
        definition = base / f"tiny{seed}.toml"
        definition.write_text(tomli_w.dumps(TINY | {"seed": seed, "replicates": 1 + seed}))
        sweep_command(
            str(definition), Overrides(), base / f"run{seed}", None, workers=1, population=None, report=False
        )
    own = f"sqlite:///{base / 'own.db'}"
    sweep_command(
        str(base / "tiny0.toml"), Overrides(), base / "kept", own, workers=1, population=None, report=False
    )
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    journal = optuna.storages.JournalStorage(
        optuna.storages.journal.JournalFileBackend(str(base / "foreign.journal"))
    )
    for storage in (journal, f"sqlite:///{base / 'foreign.db'}"):
        study = optuna.create_study(
            storage=storage, study_name="f", sampler=optuna.samplers.RandomSampler(seed=0)
        )
        study.optimize(_stranger, n_trials=12, catch=ValueError)
    for name, content in (("grid.csv", GRID), ("own.csv", OWN_DATA), ("lines.jsonl", LINES_OF_JSON)):
        (base / name).write_text(content, encoding="utf-8")


def _stranger(trial: Any) -> float:
    rate, name = trial.suggest_float("lr", 1e-4, 1, log=True), trial.suggest_categorical("o", ["a", "b"])
    if trial.number == 5:
        raise ValueError
    trial.report(1.0, 1)
    return rate + trial.suggest_int("depth", 1, 3) + (name == "a")


def build(seed: int, number: int, folder: Path, base: Path, skip: frozenset[int] = frozenset()) -> Case:
    """Write the files of a case into a new folder, and say its command line.

    Parameters
    ----------
    skip
        Mutations to leave out: what makes a case smaller.
    """
    fate = random.Random(f"{seed} {number}")
    changes = fate.choice((1, 1, 1, 2, 3))
    fates = [random.Random(f"{seed} {number} {place}") for place in range(changes) if place not in skip]
    kind = fate.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
    folder.mkdir(parents=True)
    case = KINDS[kind][1](Making(fate, fates, folder, base))
    return replace(case, kind=kind, changes=changes)


def _definition(making: Making) -> Case:
    raw: dict[str, Any] = copy.deepcopy(making.pick(*DEFINITIONS))
    (making.folder / "own.csv").write_text(OWN_DATA)
    (making.folder / "mine.py").write_text(MODULE)
    for fate in making.fates:
        before = copy.deepcopy(raw)
        change = gentle.definition if fate.random() < more_cases.GENTLE else mutations.definition
        try:
            change(raw, fate)
            tomli_w.dumps(raw)
        except (TypeError, KeyError, AttributeError, ValueError):  # what TOML cannot say, or is no table
            raw = before
    (making.folder / "d.toml").write_bytes(tomli_w.dumps(raw).encode("utf-8", errors="surrogatepass"))
    if making.fate.random() < 0.1:
        return Case("", ["plan", "d.toml"])
    return Case("", _sweep(making, "d.toml"), raw)


def _sweep(making: Making, definition: str) -> list[str]:
    report = [] if making.fate.random() < 0.03 else ["--no-report"]
    return ["sweep", definition, "--out", "out", "--workers", "1", *report]


def _definition_text(making: Making) -> Case:
    content = tomli_w.dumps(making.pick(*DEFINITIONS)).encode()
    (making.folder / "own.csv").write_text(OWN_DATA)
    (making.folder / "mine.py").write_text(MODULE)
    (making.folder / "d.toml").write_bytes(
        more_cases.changed(mutations.text, gentle.toml, content, making.fates)
    )
    if making.fate.random() < 0.1:
        return Case("", ["plan", "d.toml"])
    with contextlib.suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
        raw = tomllib.loads((making.folder / "d.toml").read_text(encoding="utf-8-sig"))
        return Case("", _sweep(making, "d.toml"), raw)
    return Case("", _sweep(making, "d.toml"))


def _asked(making: Making, path: str, metric: str | None, others: tuple[str, ...]) -> list[str]:
    """A command about trials."""
    named = [] if metric is None else ["--metric", metric]
    command = making.fate.choices(["measure", "report", "best", "zoom", "versus"], [40, 4, 40, 8, 8])[0]
    if command == "versus":
        return ["versus", *others, path, *named]
    out = ["--out", "out"] if command in {"measure", "report"} else []
    return [command, path, *named, *out]


def _table(making: Making) -> Case:
    files = [making.base / "grid.csv", making.base / "lines.jsonl", *sorted(STRANGERS.glob("*.csv"))]
    source = making.pick(*files)
    content = source.read_bytes()
    both = (mutations.text, gentle.lines) if source.suffix == ".jsonl" else (mutations.table, gentle.table)
    content = more_cases.changed(*both, content, making.fates)
    name = making.pick(
        *[f"t{source.suffix}"] * 24,
        "t.csv",
        "t.tsv",
        "t.txt",
        "t.json",
        "t.jsonl",
        "t.parquet",
        "t.db",
        "t",
    )
    (making.folder / name).write_bytes(content)
    names = _header(content) if source.suffix == ".csv" else ["loss", "lr"]
    words = _asked(making, name, making.pick(*[names[-1]] * 12, *names[:3], None), ("sgd", "adam"))
    if making.fate.random() < 0.15:
        words += [
            making.pick("--setting", "--log", "--ignore", "--branch", "--rate", "--replicate"),
            making.pick(*names),
        ]
    return Case("", words, must=_columns(source, content) if words[0] == "measure" else [])


def _columns(source: Path, content: bytes) -> list[str]:
    """Columns of a table that hold other cells than what it was made of; none where it is no such table."""
    if source.suffix != ".csv" or b"\x00" in content:
        return []
    return obedience.columns(content, source.read_bytes())


def _header(content: bytes) -> list[str]:
    line = content.decode("utf-8", errors="replace").partition("\n")[0]
    return [name.replace("\x00", "") for name in line.split(",")]


def _data(making: Making) -> Case:
    content = more_cases.changed(mutations.table, gentle.table, OWN_DATA.encode(), making.fates)
    name = making.pick(*["data.csv"] * 12, "data.tsv", "data.parquet", "data.txt")
    (making.folder / name).write_bytes(content)
    target = making.pick("y", "y", *_header(content))
    words = ["--dataset", name, "--target", target]
    if making.fate.random() < 0.1:
        return Case(
            "",
            ["lr-find", *words, "--steps", "10", "--replicates", "1", "--out", "out", "--optimizer", "sgd"],
        )
    (making.folder / "d.toml").write_text(tomli_w.dumps(TINY | {"search": 0, "epochs": 1}))
    return Case("", [*_sweep(making, "d.toml"), *words])


def _journal(making: Making) -> Case:
    ours = making.fate.random() < 0.6
    source = making.base / ("run0/study.journal" if ours else "foreign.journal")
    content = more_cases.changed(mutations.text, gentle.lines, source.read_bytes(), making.fates)
    (making.folder / "s.journal").write_bytes(content)
    if ours and making.fate.random() < 0.4:
        shutil.copytree(making.base / "run0", making.folder / "run")
        shutil.move(making.folder / "s.journal", making.folder / "run" / "study.journal")
        return Case("", _of_a_run(making))
    return Case("", _asked(making, "s.journal", None, ("sgd", "adam") if ours else ("a", "b")))


def _database(making: Making) -> Case:
    shutil.copy(making.base / "foreign.db", making.folder / "s.db")
    more_cases.study_file(making.folder / "s.db", making.fates)
    if making.fate.random() < 0.2:
        return Case("", ["measure", "--storage", "sqlite:///s.db", "--out", "out"])
    return Case("", _asked(making, "s.db", None, ("a", "b")))


def _of_a_run(making: Making) -> list[str]:
    """A command about a run folder."""
    commands = {
        "measure": ["measure", "run"],
        "report": ["report", "run"],
        "show": ["show", "run", making.pick("trials", "ranking", "tolerance", "advice", "learning_curves")],
        "list": ["show", "run"],
        "compare": ["compare", "run", str(making.base / "run1")],
        "best": ["best", "run", *making.pick([], ["--as", "torch"], ["--as", "sklearn"], ["--by", "mean"])],
        "fit": ["best", "run", "--fit", "m.joblib"],
        "zoom": ["zoom", "run"],
        "plan": ["plan", "run"],
        "versus": ["versus", "sgd", "adam", "run"],
        "confirm": ["confirm", "run", "--top", "1", "--replicates", "2", "--workers", "1"],
        "sweep": ["sweep", "--out", "run", "--workers", "1", "--no-report"],
        "again": ["sweep", str(making.base / "tiny0.toml"), "--out", "run", "--workers", "1", "--no-report"],
        "lr-find": ["lr-find", "--run", "run", "--steps", "10", "--replicates", "1", "--out", "out"],
    }
    weights = [2, 1, 8, 2, 3, 5, 2, 3, 3, 4, 3, 5, 3, 1]
    return commands[making.fate.choices(list(commands), weights)[0]]


def _run_folder(making: Making) -> Case:  # noqa: C901 (one change each)
    run = making.folder / "run"
    shutil.copytree(making.base / "run0", run)
    (run / "storage.json").write_text(
        '{"storage": "sqlite:///s.db"}'
    ) if making.fate.random() < 0.05 else None
    asked = _of_a_run(making)
    for fate in making.fates:
        if asked[0] == "show" and len(asked) == 3 and fate.random() < 0.7:  # the very table
            path = run / "tables" / f"{asked[2]}.csv"
            if not path.parent.is_dir():  # an earlier mutation took it
                continue
            change = fate.choice((mutations.table, mutations.text, mutations.binary))
            path.write_bytes(change(path.read_bytes() if path.is_file() else b"", fate))
            continue
        files = sorted(path for path in run.rglob("*") if path.is_file() or path.is_dir())
        path = fate.choice(
            [run / "sweep.toml", run / "tables" / "trials.csv", *files, run / "objective.json"]
        )
        kind = fate.randrange(10)
        if kind < 6 and path.is_file():
            change = mutations.table if path.suffix == ".csv" else mutations.text
            path.write_bytes(change(path.read_bytes(), fate))
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True) if not path.parent.exists() else None
        if not path.parent.is_dir():
            continue
        if kind == 6:
            path.mkdir()
        elif kind == 7:
            path.symlink_to(fate.choice(["/dev/zero", "/dev/null", "nowhere", path.name, "/dev/full"]))
        elif kind == 8:
            os.mkfifo(path)
        elif kind == 9:
            path.write_bytes(b"")
    return Case("", asked)


# A command line that is right, of each command; the mutations add options and change words.
RIGHT: tuple[list[str], ...] = (
    ["sweep", "d.toml", "--out", "out", "--workers", "1", "--no-report"],
    ["measure", "grid.csv", "--metric", "loss", "--out", "out"],
    ["measure", "run"],
    ["measure", "s.db", "--out", "out"],
    ["report", "grid.csv", "--metric", "loss", "--out", "out"],
    ["show", "run", "ranking"],
    ["show", "run"],
    ["compare", "run", "other"],
    ["zoom", "grid.csv", "--metric", "loss"],
    ["plan", "run"],
    ["plan", "d.toml"],
    ["confirm", "run", "--top", "1", "--replicates", "2", "--workers", "1"],
    ["best", "run"],
    ["best", "grid.csv", "--metric", "loss"],
    ["best", "run", "--as", "torch"],
    ["lr-find", "--dataset", "iris", "--steps", "10", "--replicates", "1", "--out", "out"],
    ["versus", "sgd", "adam", "run"],
    ["claims", "--out", "out"],
    ["trajectories", "--steps", "3", "--out", "out", "--optimizer", "sgd"],
    ["list"],
    ["sweep", "quick", "--out", "out", "--no-report"],
)
PATHS = (
    "run",
    "other",
    "grid.csv",
    "own.csv",
    "s.db",
    "s.journal",
    "d.toml",
    "nowhere",
    "nowhere/x",
    "pipe",
    ".",
)
PATHS += (
    "/dev/zero",
    "/dev/null",
    "/dev/full",
    "/dev/stdin",
    "/proc/self/mem",
    "/proc/1/x",
    "grid.csv/x",
    "loop",
)
PATHS += (
    "\udcff.csv",
    "\udcffnot",
    "\u202ex.csv",
    "n" * 300,
    "/".join("n" * 9),
    "run/tables",
    "run/sweep.toml",
)
PATHS += ("empty", "empty.csv", "journal://s.journal", "sqlite:///s.db", "sqlite:///nowhere.db", "sqlite://")
PATHS += (
    "journal://",
    "journal:///dev/zero",
    "redis://127.0.0.1:1",
    "postgresql://u:p@127.0.0.1:1/x",
    "x://y",
)
SETS = (
    "epochs=1",
    "epochs=0",
    "space.beta=[0.5,0.9]",
    "a=1",
    "=",
    "x",
    "space.x.y=1",
    "name='a b'",
    "space=1",
)
SETS += (
    "data.validation=nan",
    "space.learning_rate=inf",
    "network.hidden=[1,",
    "seed=99999999999999999999999",
)
SETS += (
    "space.optimizer=['sgd']",
    "epochs=1e0",
    "epochs=true",
    "metric=loss",
    "\u202e=1",
    "epochs=1\nsearch=0",
)


def _option_values(fate: random.Random, flag: str) -> str:
    if "--set" in flag:
        return fate.choice(SETS)
    pool: tuple[Any, ...] = (
        *map(str, mutations.NUMBERS),
        *mutations.STRINGS,
        "lr",
        "depth",
        "loss",
        "optimizer",
    )
    pool += (
        "raw",
        "log",
        "rank",
        "capped",
        "diverged",
        "ignore",
        "mean",
        "torch",
        "toml",
        "--out",
        "-1",
        "5",
        "10",
    )
    if fate.random() < 0.4:
        pool = PATHS
    return str(fate.choice(pool)).replace("\x00", "")  # no command line holds one


def _command_line(making: Making) -> Case:
    for name, source in (("run", "run0"), ("other", "run1")):
        shutil.copytree(making.base / source, making.folder / name)
    for name, source in (
        ("grid.csv",) * 2,
        ("own.csv",) * 2,
        ("s.db", "foreign.db"),
        ("s.journal", "foreign.journal"),
    ):
        shutil.copy(making.base / source, making.folder / name)
    shutil.copy(making.base / "tiny0.toml", making.folder / "d.toml")
    (making.folder / "empty").mkdir()
    (making.folder / "empty.csv").write_bytes(b"")
    os.mkfifo(making.folder / "pipe")
    (making.folder / "loop").symlink_to("loop")
    Path(os.fsdecode(os.fsencode(making.folder) + b"/\xff.csv")).write_text(GRID)
    (making.folder / "\u202ex.csv").write_text(GRID)
    words = list(making.pick(*RIGHT))
    for fate in making.fates:
        _change_words(words, fate)
    return Case("", words)


def _change_words(words: list[str], fate: random.Random) -> None:
    """Change one thing of a command line: an option more, twice, less, with another value, another word."""
    flags = sorted(OPTIONS(words[0] if words else ""))
    at, kind = fate.randrange(len(words)) if words else 0, fate.randrange(10)
    if kind < 5 and flags:
        flag, takes = fate.choice(flags)
        values = [_option_values(fate, flag) for _ in range(takes)]
        more = [f"{flag}={values[0]}"] if takes == 1 and fate.random() < 0.3 else [flag, *values]
        words += more * fate.choice((1, 1, 1, 2))
    elif kind in {5, 6} and at:
        safe = "--out" not in words[at - 1] and not words[at].startswith("-")
        words[at] = _option_values(fate, words[at - 1]) if safe or fate.random() < 0.3 else words[at]
    elif kind == 7 and words:
        del words[at]
    elif kind == 8:
        words.insert(at, fate.choice(PATHS))
    elif words:
        words[at] = fate.choice((words[at].upper(), f"{words[at]}x", f" {words[at]}", words[at][:-1]))


def options_of(command: str) -> list[tuple[str, int]]:
    """Flags of a command, each with how many values it takes."""
    from sensitivity.commands.cli import app
    from sensitivity.commands.refusals import parser

    known: Any = parser(app).commands.get(command)
    if known is None:
        return [("--version", 0), ("--help", 0)]
    found = [
        (flag, 0 if one.is_flag else one.nargs)
        for one in known.params
        for flag in one.opts
        if hasattr(one, "is_flag")
    ]
    return [*found, ("--unknown", 1)]


OPTIONS: Callable[[str], list[tuple[str, int]]] = options_of

KINDS: dict[str, tuple[int, Callable[[Making], Case]]] = {
    "definition": (22, _definition),
    "text of a definition": (8, _definition_text),
    "table of trials": (22, _table),
    "data to train on": (8, _data),
    "journal": (8, _journal),
    "SQLite file": (6, _database),
    "run folder": (10, _run_folder),
    "command line": (14, _command_line),
    "option alone": (8, lambda making: Case("", (one := more_cases.option(making))[0], without=one[1])),
    "result folder": (6, lambda making: Case("", more_cases.result_folder(making))),
    "own SQLite study": (6, lambda making: Case("", more_cases.own_database(making))),
    "elsewhere": (6, lambda making: Case("", more_cases.elsewhere(making))),
}
