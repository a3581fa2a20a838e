"""What can be wrong with a value, a text, a table and a binary file; each change is drawn at random."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

NESTED: list[Any] = [1]
for _ in range(60):
    NESTED = [NESTED]
NUMBERS = (0, 1, -1, 2, 7, 10**4, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, 0.0, -0.0, 0.1, 0.5, 1.5, 1e-320)
NUMBERS += (1e-9, 1e308, -1e308, float("nan"), float("inf"), -float("inf"))
STRINGS = (
    "",
    " ",
    "a" * 10_000,
    "\u202e3.0",
    "é",
    "e\u0301",
    "\x00",
    "1,000",
    "1.000,5",
    "nan",
    "inf",
    "1e-3",
)
STRINGS += (
    "None",
    "true",
    "../..",
    "a/b",
    "a\nb",
    "[bold]x[/x]",
    "{x}",
    "%s",
    "$HOME",
    "'",
    '"',
    "ﬁ",
    "\ufeffx",
)
STRINGS += (
    "adam",
    "sgd",
    "Adam",
    "relu",
    "iris",
    "find",
    "all",
    "constant",
    "tpe",
    "random",
    "sobol",
    "ﾠ",
    "😀",
)
DATES = (dt.date(2026, 2, 28), dt.datetime(2026, 2, 28, 1, 2, 3, tzinfo=dt.UTC))
DATES += (dt.time(1, 2),)
LISTS: tuple[Any, ...] = ([], [[]], [1, 1], ["a", 1], [True, False], [0.1, "x"], list(range(2000)), NESTED)
LISTS += (
    ["adam", "adam"],
    [1, 1.0],
    [0.0, -0.0],
    [float("nan")],
    ["a" * 3000, "b"],
    [None.__class__.__name__],
)
TABLES: tuple[Any, ...] = ({}, {"low": 1}, {"low": 1, "high": 0}, {"low": 0.1, "high": 0.1, "levels": 1})
TABLES += (
    {"low": 1e-300, "high": 1e300, "log": True, "levels": 2},
    {"value": []},
    {"value": [1, 2]},
    {"": 1},
)
TABLES += (
    {"low": "a", "high": "b"},
    {"low": 1, "high": 2, "levels": 10**9},
    {"low": -1, "high": 1, "log": True},
)
TABLES += ({"low": 1, "high": 4, "levels": 2, "step": 1}, {"low": True, "high": False, "levels": 2})
VALUES: tuple[Any, ...] = (*NUMBERS, *STRINGS, *DATES, *LISTS, *TABLES, True, False)

# Words that stand well in a key: wrong by being out of place, or right.
WORDS: dict[str, tuple[Any, ...]] = {
    "design": ("random", "sobol", "tpe", "grid", "qmc", "cmaes", "nsgaii", "gp", "bruteforce", "Factorial"),
    "search_sampler": ("random", "tpe", "cmaes", "qmc", "grid", "nsgaii", "nsgaiii", "partialfixed", "base"),
    "noise": ("crossed", "together", "apart"),
    "trials": (1, 2, 9, 10**6, 10**6 + 1),
    "replicates": (1, 2, 3, 4, 9, 10_000, 10_001),
    "search": (0, 1, 3, 10**6),
    "epochs": (1, 2, 100_000, 100_001),
    "metric": (
        "validation_loss",
        "training_loss",
        "best_validation_error",
        "epochs_to_target",
        "loss",
        "value",
    ),
    "dataset": (
        "moons",
        "blobs",
        "diabetes",
        "own.csv",
        "openml:61",
        "openml:",
        "a:b",
        "module:f",
        "x.parquet",
    ),
    "objective": ("network", "momentum", "objective:f", "objective:g", "objective:", ":f", "os:system"),
    "target": (0, 0.05, 1, "y", "species"),
    "asks": ([{"setting": "optimizer"}], [{"setting": "optimizer", "against": "sgd"}], [{"setting": "x"}]),
    "hidden": ([], [1], [8193], [2, 2], [0], ["a"], [1] * 65),
    "activation": ("tanh", "gelu", "ReLU", "leaky_relu"),
    "optimizer": (["sgd"], ["adam", "lion"], "adam", ["momentum", "nadam", "adamw"], ["sgd", "sgd"]),
    "learning_rate": ([0.1], "find", ["find"], [0.0, 0.1], [-1.0], {"low": 1e-4, "high": 1.0, "log": True}),
    "batch_size": (["all"], [1], [4000], ["all", 8], {"low": 1, "high": 9, "levels": 3}, [0], [8.0]),
    "schedule": (["constant", "one_cycle"], ["cosine"], "linear", ["performance", "exponential"]),
    "beta": ([0.0, 0.9], [1.0], {"low": 0.5, "high": 0.99, "levels": 2}),
    "only": (
        [],
        [{"when": {"optimizer": "adam"}, "beta": [0.9, 0.99]}],
        [{"when": {}, "l2": [0.0, 0.1]}],
        {},
    ),
    "l2": ([0.0, 0.1],),
    "dropout": ([0.0, 0.5],),
    "validation": (0.5, 0.999, 1e-9),
    "samples": (4, 100, 3),
    "memory": ("2 GB", "0", "1 kB", "many"),
    "timeout": (1, 0, 1e9),
}
LINES = (
    "# c",
    "mean,,,",
    "---,---",
    ",,,,",
    '"',
    "|--|--|",
    "\x00",
    "[space]",
    "space = 1",
    "epochs = 2",
    "= 3",
)
LINES += ("[[space.only]]", 'a."b".c = 1', "x = 2026-02-30", '"""', "{", "]", "\ufeff", "é\u202e", "," * 3000)
CELLS = (
    *("", "nan", "None", "-", "#DIV/0!", "1e309", "1e-320", "inf", "{}", '{"a": 1}', "{1: 2}", '{"lr":'),
    *("[1, [2]]", "()", "2^-5", "9^999", "0^-1", "2 x 10^3", "5 ± ", "± 3", "3 (1)", "(1)", "1k", "M"),
    *("NaN%", "12 345", "1.2.3", "½", "∞", '"', "0:01:23", "1_000", "0x1f", "e5", "−5", "1.024", "1 ms"),
    *('"1,000"', "1;2", "\x00", "\u202e1", "é" * 3000, "9" * 400, "1e400", "-1e400", "2026-02-30", "TRUE"),
    *(
        "٣",
        "1e",
        "++1",
        "=1+1",
        "\t",
        "\\N",
        "<NA>",
        "1.0000000000000001",
        "-0",
        "0.0",
        "True",
        "[",
        "'",
        "\r",
    ),
)
NAMES = (
    "seed",
    "epoch",
    "budget",
    "params_x",
    "state",
    "value",
    "rank",
    "hp/tuner/epochs",
    "fold",
    "",
    "{x}",
)
NAMES += (
    "loss",
    "number",
    "optimizer",
    "learning_rate",
    "config",
    "datetime_start",
    "user_attrs_a",
    "[b]",
    "x" * 500,
)
NAMES += ("\u202e", "a\x00b", "Unnamed: 0", "replicate", "outcome", "phase", "metric", "_", "intercept", "1")


def value_of(key: str, fate: random.Random) -> Any:
    """Another value for a key: of its words, or anything."""
    known = WORDS.get(key, ())
    return fate.choice(known) if known and fate.random() < 0.6 else fate.choice(VALUES)


def tables_in(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """All tables of a definition, the whole first."""
    found = [raw]
    for value in raw.values():
        inner = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
        found += [table for one in inner if isinstance(one, dict) for table in tables_in(one)]
    return found


def definition(raw: dict[str, Any], fate: random.Random) -> None:
    """Change one thing of a definition in place."""
    table = fate.choice(tables_in(raw))
    key = fate.choice(list(table) or ["x"])
    kind = fate.randrange(8)
    if kind < 3:
        table[key] = value_of(key, fate)
    elif kind == 3:
        new = fate.choice([*WORDS, "data", "network", "space", "name", "description", "classes", "per_class"])
        (raw if fate.random() < 0.5 else table)[new] = value_of(new, fate)
    elif kind == 4:
        table.pop(key, None)
    elif kind == 5:  # misspelt, or in another case
        other = fate.choice(
            [key.upper(), f"{key}s", key[:-1], f" {key}", key.replace("e", "é"), f"{key}.{key}"]
        )
        table[other] = table.pop(key, 1)
    elif kind == 6:
        table[key] = fate.choice(([table.get(key, 1)], {"low": table.get(key, 1)}, {key: table.get(key, 1)}))
    else:
        place = fate.choice(tables_in(raw))
        place[key] = 1 if place is table or place in tables_in(table) else table.pop(key, 1)


def text(content: bytes, fate: random.Random) -> bytes:  # noqa: C901, PLR0911, PLR0912 (one change each)
    """Change one thing of a text file: its lines, its encoding, its end."""
    lines = content.split(b"\n")
    row, other = fate.randrange(len(lines)), fate.randrange(len(lines))
    kind = fate.randrange(15)
    if kind == 0:
        return content[: fate.randrange(len(content) + 1)]
    if kind == 1:
        return content.replace(b"\n", fate.choice([b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xe2\x80\xa8"]))
    if kind == 2:
        return fate.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00", b"\n\n", b"\x1a"]) + content
    if kind == 3:
        decoded = content.decode("utf-8", errors="replace")
        return decoded.encode(fate.choice(["utf-16", "utf-16-be", "utf-32", "utf-8-sig"]))
    if kind == 4:
        at = fate.randrange(len(content) + 1)
        return (
            content[:at]
            + fate.choice([b"\xe9", b"\xed\xa0\x80", b"\x00", b"\xff", b"\xc0\x80"])
            + content[at:]
        )
    if kind == 5:
        lines.insert(row, lines[other])
    elif kind == 6:
        lines[row], lines[other] = lines[other], lines[row]
    elif kind == 7:
        del lines[row]
    elif kind == 8:
        fate.shuffle(lines)
    elif kind == 9:
        lines.insert(row, fate.choice(LINES).encode())
    elif kind == 10:
        lines[row] = lines[row] * fate.choice([2, 500])
    elif kind == 11 and content:
        at = fate.randrange(len(content))
        return content[:at] + bytes([fate.choice(b"0123456789-.,eE'\"{}[]=:; \n")]) + content[at + 1 :]
    elif kind == 12:
        lines[row] = lines[row].replace(fate.choice([b"0", b"1", b'"', b"=", b",", b":"]), b"", 1)
    elif kind == 13:
        lines[row] = lines[row][: fate.randrange(len(lines[row]) + 1)]
    else:
        lines = lines[:row] + lines[row : row + 3] * fate.choice([2, 50]) + lines[row + 3 :]
    return b"\n".join(lines)


def _cells(line: str, at: int, fate: random.Random) -> str:
    """Line whose cell there is another."""
    return ",".join(fate.choice(CELLS) if at == place else cell for place, cell in enumerate(line.split(",")))


def table(content: bytes, fate: random.Random) -> bytes:  # noqa: C901, PLR0912 (one change each)
    """Change one thing of a table of comma-separated values."""
    lines = content.decode("utf-8", errors="replace").split("\n")
    row, at = fate.randrange(len(lines)), fate.randrange(lines[0].count(",") + 1)
    kind = fate.randrange(15)
    names = lines[0].split(",")
    if kind == 0:
        lines[row] = _cells(lines[row], at, fate)
    elif kind == 1:
        lines[1:] = [_cells(line, at, fate) for line in lines[1:]]
    elif kind in {2, 3}:
        lines[0] = ",".join([*names[:at], fate.choice((*NAMES, *names)), *names[at + 1 :]])
    elif kind == 4:
        lines.insert(row, fate.choice((*LINES, lines[0], lines[row] * 2)))
    elif kind == 5:
        lines[1:] = [line for line in lines[1:] for _ in range(fate.choice((0, 1, 2)))]
    elif kind == 6:
        lines[1:] = lines[1 : 1 + fate.choice((0, 1, 1, 2, 3, 5, 11))]
    elif kind == 7:  # constant
        cell = fate.choice(CELLS)
        lines[1:] = [
            ",".join(cell if at == p else c for p, c in enumerate(one.split(","))) for one in lines[1:]
        ]
    elif kind == 8:  # many columns
        many = fate.choice((3, 50, 2000))
        lines = [
            ",".join([one, *(f"c{p}" if not n else str((n * p) % 7) for p in range(many))])
            for n, one in enumerate(lines)
        ]
    elif kind == 9:
        mark = fate.choice((";", "\t", "|", " ", ";;"))
        lines = [one.replace(",", mark) for one in lines]
    elif kind == 10:
        lines = [",".join(f'"{cell}"' for cell in one.split(",")) for one in lines]
    elif kind == 11:  # of another kind from some row on
        cell = fate.choice(CELLS)
        lines[row:] = [
            ",".join(cell if at == p else c for p, c in enumerate(one.split(","))) for one in lines[row:]
        ]
    elif kind == 12:
        lines = [one + fate.choice((",", ",,", ";", " ")) for one in lines]
    elif kind == 13:  # all columns but one
        lines = [",".join(c for p, c in enumerate(one.split(",")) if p != at) for one in lines]
    else:
        return text(content, fate)
    return "\n".join(lines).encode("utf-8", errors="surrogatepass")


def binary(content: bytes, fate: random.Random) -> bytes:  # noqa: PLR0911 (one change each)
    """Change one thing of a binary file: bytes, a page, its end."""
    if not content:
        return b"x"
    at, kind = fate.randrange(len(content)), fate.randrange(6)
    page = 4096 * (at // 4096)
    if kind == 0:
        return content[:at]
    if kind == 1:
        return content[:at] + bytes([fate.randrange(256)]) + content[at + 1 :]
    if kind == 2:
        return content[:page] + bytes(4096) + content[page + 4096 :]
    if kind == 3:
        other = 4096 * fate.randrange(1 + len(content) // 4096)
        return content[:page] + content[other : other + 4096] + content[page + 4096 :]
    if kind == 4:
        head = fate.randrange(100)  # the header of a database
        return content[:head] + bytes([fate.randrange(256)]) + content[head + 1 :]
    return content[:page] + fate.randbytes(4096) + content[page + 4096 :]


def several(change: Callable[[Any, random.Random], Any], what: Any, fates: list[random.Random]) -> Any:
    """Apply a change with each generator, one after the other."""
    for fate in fates:
        what = change(what, fate)
    return what
