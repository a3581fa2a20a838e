"""Files that are hardly tables: an answer or one sentence, never a traceback, in bounded time."""

import numpy as np
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.reading import Reading, read_csv_table
from sweeps.errors import SweepError

pytestmark = pytest.mark.usefixtures("few_trees")


def lines(rows=40):
    """A plain table of text, line by line."""
    rng = np.random.default_rng(3)
    rates, sizes, losses = 10 ** rng.uniform(-4, -1, rows), rng.choice([16, 32, 64], rows), rng.random(rows)
    return [
        "lr,batch,loss",
        *(f"{rate:.5g},{size},{loss:.4f}" for rate, size, loss in zip(rates, sizes, losses, strict=True)),
    ]


def duplicate_headers(rows, rng):
    """The same name over every column, or over two."""
    names = rng.choice(["lr,lr,loss", "loss,loss,loss", "lr,batch,loss,loss"])
    return "\n".join([str(names), *rows[1:]]).encode()


def ragged(rows, rng):
    """Cells too many or too few in a few rows."""
    found = list(rows)
    for place in rng.integers(1, len(rows), 3):
        found[place] = str(rng.choice([found[place] + ",1,2", found[place].rpartition(",")[0], ",,,,,,"]))
    return "\n".join(found).encode()


def null_bytes(rows, rng):
    """NUL bytes somewhere."""
    text = bytearray("\n".join(rows).encode())
    for place in rng.integers(0, len(text), 4):
        text[place] = 0
    return bytes(text)


def huge_numbers(rows, rng):
    """Numbers that no computer holds, in settings and results."""
    found = list(rows)
    for place in rng.integers(1, len(rows), 6):
        cells = found[place].split(",")
        cells[int(rng.integers(3))] = str(rng.choice(["1e400", "-1e400", "9" * 400, "1e-400", "0x1p9999"]))
        found[place] = ",".join(cells)
    return "\n".join(found).encode()


def long_cells(rows, rng):
    """A cell of a quarter of a million letters, quoted or not, or a header of that length."""
    long = "x" * 250_000
    found = list(rows)
    place = int(rng.integers(0, len(rows)))
    found[place] = str(rng.choice([f'"{long}",16,0.5', f"{long},16,0.5", f"0.1,16,{'9' * 250_000}"]))
    return "\n".join(found).encode()


def mixed_ends(rows, rng):
    """Lines that end in every way there is."""
    ends = rng.choice(["\n", "\r\n", "\r", "\n\n", "\x0b", "\u2028"], len(rows))
    return "".join(row + str(end) for row, end in zip(rows, ends, strict=True)).encode()


def open_quotes(rows, rng):
    """A quote that is never closed."""
    found = list(rows)
    place = int(rng.integers(0, len(rows)))
    found[place] = str(rng.choice(['"', '""', 'a"b,"'])) + found[place]
    return "\n".join(found).encode()


def nearly_nothing(rows, rng):
    """Empty, blank, a header alone, one column, one row."""
    kinds = [
        "",
        "\n\n \n",
        "\ufeff",
        rows[0],
        rows[0] + "\n\n",
        "loss\n0.1\n0.2\n0.3",
        "\n".join(rows[:2]),
        "#",
        ",",
    ]
    return str(rng.choice(kinds)).encode()


def marks_inside(rows, rng):
    """A byte-order mark in the middle, as where files were put together."""
    place = int(rng.integers(1, len(rows)))
    return "\n".join([*rows[:place], "\ufeff" + rows[0], "\ufeff" + rows[place], *rows[place:]]).encode()


def other_encodings(rows, rng):
    """Encodings that nobody announced."""
    text = "\n".join(["lr,größe,loss", *rows[1:]])
    return text.encode(str(rng.choice(["latin-1", "utf-16", "utf-16-le", "utf-32", "cp1252"])))


KINDS = [
    *(duplicate_headers, ragged, null_bytes, huge_numbers, long_cells, mixed_ends),
    *(open_quotes, nearly_nothing, marks_inside, other_encodings),
]


def outcome(path):
    """The sentence of a refusal, or the study."""
    try:
        return read_csv_table(path, "loss", Reading(minimise=True))
    except SweepError as error:
        return str(error)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_hostile_file_is_an_answer_or_one_sentence(kind, tmp_path):
    """Eight of each kind are read or refused; one that is read is measured, too."""
    path, measured = tmp_path / "t.csv", False
    for seed in range(8):
        path.write_bytes(kind(lines(), np.random.default_rng(seed)))
        found = outcome(path)
        if isinstance(found, str):
            assert "\n" not in found
            assert len(found) < 2000
        if not isinstance(found, str) and len(found.trials) and not measured:
            all_tables(found, only=["variance_decomposition", "tunability", "pairs"])
            measured = True


def test_ten_thousand_columns_are_refused_before_they_are_compared(tmp_path):
    """Each would be judged beside all others; settings that are named, or fewer columns, are read."""
    rng = np.random.default_rng(0)
    names = [f"c{place}" for place in range(9_999)]
    rows = [",".join(map(str, rng.integers(0, 5, 9_999))) + f",{rng.random():.4f}" for _ in range(20)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join([",".join([*names, "loss"]), *rows]))
    assert "9,999 columns" in outcome(path)
    assert "--setting" in outcome(path)
    named = read_csv_table(path, "loss", Reading(minimise=True, settings=("c7", "c9000")))
    assert named.space.names == ["c7", "c9000"]


def test_more_levels_than_a_float_can_count_are_no_grid(tmp_path):
    """Four hundred lists have more combinations than there are floats."""
    rng = np.random.default_rng(0)
    names = [f"c{place}" for place in range(480)]
    rows = [",".join(map(str, rng.integers(0, 5, 480))) + f",{rng.random():.4f}" for _ in range(30)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join([",".join([*names, "loss"]), *rows]))
    assert len(outcome(path).space.names) > 450
