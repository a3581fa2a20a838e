"""Changes that leave a definition, a table or a database right: another value in range, another order."""

from __future__ import annotations

import csv
import io
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from pathlib import Path

DEFINITION: dict[str, tuple[Any, ...]] = {
    "seed": (1, 7, 2**31),
    "epochs": (1, 2, 3),
    "replicates": (1, 2),
    "search": (0, 1, 4),
    "metric": ("validation_loss", "training_loss", "best_validation_error"),
    "name": ("other", "a b", "é"),
    "description": ("words", ""),
    "timeout": (3600.0,),
}
NETWORK: dict[str, tuple[Any, ...]] = {
    "hidden": ([2], [4, 3], []),
    "activation": ("tanh", "relu", "gelu"),
    "batch_norm": (True, False),
    "precision": ("float32", "float64"),
}
SPACE: dict[str, tuple[Any, ...]] = {
    "optimizer": (["sgd"], ["adam", "sgd"], ["nesterov", "rmsprop"]),
    "learning_rate": (
        [0.01, 0.1],
        {"low": 0.001, "high": 1.0, "log": True, "levels": 3},
        {"low": 0.1, "high": 0.2, "levels": 2},
    ),
    "batch_size": ([8, 16], [7, 30]),
    "beta": ([0.5, 0.9],),
    "l2": ([0.0, 0.01],),
    "dropout": ([0.0, 0.2],),
    "schedule": (["constant", "one_cycle"],),
}
RENAMED = ("alpha", "momentum", "layers", "width", "kind")


def definition(raw: dict[str, Any], fate: random.Random) -> None:
    """Change one thing of a definition within what is right, or the order of its keys."""
    own = "objective" in raw  # a function of one's own trains no network
    kind = fate.randrange(4)
    if kind == 0:
        key = fate.choice(("seed", "name", "description") if own else tuple(DEFINITION))
        raw[key] = fate.choice(DEFINITION[key])
    elif kind == 1 and not own:
        key = fate.choice(tuple(NETWORK))
        raw["network"] = {**raw.get("network", {}), key: fate.choice(NETWORK[key])}
    elif kind == 2 and not own:
        key = fate.choice(tuple(SPACE))
        raw["space"][key] = fate.choice(SPACE[key])
    else:
        table = fate.choice([raw, raw["space"]])
        items = list(table.items())
        fate.shuffle(items)
        table.clear()
        table.update(items)


def table(content: bytes, fate: random.Random) -> bytes:
    """Another order of rows or columns, another name, a cell of another row, a row less or twice."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode())))
    except (UnicodeDecodeError, csv.Error):
        return content
    if len(rows) < 3 or not rows[0]:
        return content
    head, body = rows[0], rows[1:]
    at, row, kind = fate.randrange(len(head)), fate.randrange(len(body)), fate.randrange(7)
    if kind == 0:
        fate.shuffle(body)
    elif kind == 1 and at < len(head) - 1:  # the last is the result, which is named
        head[at] = fate.choice(RENAMED)
    elif kind == 2:
        _one_cell(body, row, at, fate)
    elif kind == 3:
        del body[row]
    elif kind == 4:
        order = list(range(len(head) - 1))
        fate.shuffle(order)
        order.append(len(head) - 1)
        if all(len(one) == len(head) for one in body):
            head, body = [head[p] for p in order], [[one[p] for p in order] for one in body]
    elif kind == 5:
        body.append(list(body[row]))
    else:
        _one_cell(body, row, len(head) - 1, fate)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *body])
    return text.getvalue().encode()


def _one_cell(body: list[list[str]], row: int, at: int, fate: random.Random) -> None:
    other = fate.choice(body)
    if at < len(body[row]) and at < len(other):
        body[row][at] = other[at]


def lines(content: bytes, fate: random.Random) -> bytes:
    """Fewer lines at the end, or a last line that was not written to its end: what a kill leaves."""
    parts = content.splitlines(keepends=True)
    kept = parts[: max(2, len(parts) - fate.randrange(3))]
    return b"".join(kept)[: -fate.choice((0, 0, 5)) or None]


def toml(content: bytes, fate: random.Random) -> bytes:
    """A comment, an empty line, blanks or a number written otherwise: what says the same in TOML."""
    known = content.splitlines()
    at, kind = fate.randrange(len(known) + 1), fate.randrange(4)
    if kind < 2:
        return b"\n".join([*known[:at], (b"# words", b"")[kind], *known[at:], b""])
    return content.replace(b" = ", b"  =  ") if kind == 2 else content.replace(b"0.1", b"1e-1")


def database(path: Path, fate: random.Random) -> None:
    """Other values, other states, fewer trials, as whoever works with the study may have made them."""
    statement = fate.choice(
        (
            "update trial_values set value = value + 0.25 where trial_id % 3 = 0",
            "update trial_values set value_type = 'INF_POS', value = null where trial_id = 4",
            "update trial_params set param_value = param_value * 0.5 where param_name = 'lr'",
            "update trials set state = 'FAIL' where trial_id = 3",
            "update trials set state = 'RUNNING', datetime_complete = null where trial_id = 7",
            "update trials set datetime_start = null where trial_id = 2",
            "delete from trial_user_attributes where trial_id = 2",
            "delete from trial_values where trial_id = 2",
            "delete from trial_params where trial_id = 6",
            "delete from trials where trial_id = 5",
            "update studies set study_name = 'other'",
            "update trials set number = number + 1 where trial_id > 8",
            "delete from study_user_attributes",
            "delete from version_info",
            "update alembic_version set version_num = 'v1.0'",
            "drop table trial_intermediate_values",
        )
    )
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(statement)
    except sqlite3.Error:
        pass  # it has no such row, or is no database any more
    finally:
        connection.close()
