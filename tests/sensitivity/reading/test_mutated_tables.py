"""Strangers' tables with cells, columns and lines changed at random: a study or one sentence."""

import random
from pathlib import Path

import mutations
import pytest

from sensitivity.commands.first_screen import reading_lines
from sensitivity.reading import Reading, read_csv_table
from sensitivity.request import Request
from sweeps.errors import SweepError

FILES = sorted((Path(__file__).parent / "strangers").glob("*.csv"))


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
        changes = [fate] * fate.choice((1, 1, 2, 4))
        path.write_bytes(mutations.several(mutations.table, fate.choice(FILES).read_bytes(), changes))
        first = path.read_bytes().partition(b"\n")[0]
        names = first.decode("utf-8", errors="replace").split(",")
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
