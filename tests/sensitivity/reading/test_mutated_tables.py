"""Strangers' tables with cells, columns and lines changed at random: a study or one sentence."""

import random
from pathlib import Path

import pytest

from sensitivity.commands.first_screen import reading_lines
from sensitivity.reading import Reading, read_csv_table
from sensitivity.request import Request
from sweeps.errors import SweepError

FILES = sorted((Path(__file__).parent / "strangers").glob("*.csv"))
CELLS = (
    *("", "nan", "None", "-", "#DIV/0!", "1e309", "1e-320", "inf", "{}", '{"a": 1}', "{1: 2}", '{"lr":'),
    *("[1, [2]]", "()", "2^-5", "9^999", "0^-1", "2 x 10^3", "5 ± ", "± 3", "3 (1)", "(1)", "1k", "M"),
    *("NaN%", "12 345", "1.2.3", "½", "∞", '"', "0:01:23", "1_000", "0x1f", "e5", "−5", "1.024", "1 ms"),
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
LINES = ("# c", "mean,,,", "---,---", ",,,,", '"', "|--|--|")


def changed(cells, at, fate):
    """Line whose cell there is another."""
    return ",".join(fate.choice(CELLS) if place == at else cell for place, cell in enumerate(cells))


def mutated(text, fate):
    """Text with one to four changes."""
    lines = text.splitlines()
    for _ in range(fate.choice((1, 1, 2, 4))):
        kind, row = fate.randrange(6), fate.randrange(len(lines))
        at = fate.randrange(lines[0].count(",") + 1)
        if kind == 0:
            lines[row] = changed(lines[row].split(","), at, fate)
        elif kind == 1:
            lines[1:] = [changed(line.split(","), at, fate) for line in lines[1:]]
        elif kind == 2:
            names = lines[0].split(",")
            lines[0] = ",".join([*names[:at], fate.choice(NAMES), *names[at + 1 :]])
        elif kind == 3:
            lines.insert(row, fate.choice((*LINES, lines[0], lines[row] * 2)))
        elif kind == 4:
            lines[1:] = [line for line in lines[1:] for _ in range(fate.choice((0, 1, 2)))]
        else:
            lines[1:] = lines[1 : 1 + fate.randrange(12)]
    return "\n".join(lines)


def outcome(path, metric, how):
    """The sentence of a refusal, or the study."""
    try:
        return read_csv_table(path, metric, Reading(maximise=True, **how))
    except SweepError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(8))
def test_a_mutated_table_is_a_study_or_one_sentence(seed, tmp_path):
    """Twenty-five of each seed, each column in turn as the result, and now and then an option too many."""
    fate, path, read = random.Random(seed), tmp_path / "t.csv", 0
    for turn in range(25):
        path.write_text(mutated(fate.choice(FILES).read_text(encoding="utf-8-sig"), fate), encoding="utf-8")
        names = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        how = {name: (fate.choice(names),) for name in ("settings", "log", "ignore") if fate.random() < 0.1}
        metric = names[turn % len(names)] if turn % 2 else fate.choice(names[-3:])
        found = outcome(path, metric, how)
        if isinstance(found, str):
            assert "\n" not in found
        else:
            read += 1
            lines = reading_lines(found, Request(path=path, metric=metric, **how), "report")
            assert 3 < len(lines) <= 8
    assert read
