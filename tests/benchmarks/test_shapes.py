"""Anybody's trials in five shapes, and a large sweep of ours: what it costs to explain them on one core.

All of them: ``pytest -m benchmark -s tests/benchmarks/test_shapes.py``. Some, or smaller ones:
``python tests/benchmarks/test_shapes.py [NAME …] [--trials N] [--recorded N] [--measure]``, where the sweep
is called ``recorded``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.benchmark

TRIALS = 20_000
LARGEST = 1024  # MB
SWEEP, RECORDED, MIDDLE, SMALL = "recorded", 100_000, 10_000, 1_000  # trials of a sweep of ours
LARGEST_SWEEP = 2048  # MB
TASKSET = shutil.which("taskset") or "taskset"
FIRST, ANSWER = "first look", "Share of the variance"  # how the lines begin


def _rates(random, count):
    return 10 ** random.uniform(-4, 0, count)


def _error(random, *parts):
    total = sum(parts) + random.normal(0, 0.02, len(parts[0]))
    return 0.05 + 0.9 / (1 + np.exp(-total))


def _valley(rate, best):
    return 0.7 * (np.log10(rate) - best) ** 2 - 2.5


def random_design(count, random):
    """Optimizer, rate, batch size, width, depth, dropout and decay drawn at random, nothing run twice."""
    optimizer = random.integers(0, 6, count)
    rate, batch = _rates(random, count), random.choice([16, 32, 64, 128, 256], count)
    width, depth = random.integers(8, 257, count), random.integers(1, 6, count)
    dropout, decay = random.uniform(0, 0.6, count), 10 ** random.uniform(-6, -2, count)
    best = _valley(rate, -1.5 - 0.3 * optimizer)
    error = _error(random, best, 0.4 * dropout, -0.002 * width, 0.1 * depth)
    names = np.array(["sgd", "momentum", "nesterov", "rmsprop", "adam", "nadam"])[optimizer]
    return {
        "optimizer": names, "learning_rate": rate, "batch_size": batch, "width": width, "depth": depth,
        "dropout": dropout, "weight_decay": decay, "error": error,
    }  # fmt: skip


def grid(count, random):
    """25 optimizers × 40 rates × 10 batch sizes, as often as it takes (twice for 20,000)."""
    cells = pd.MultiIndex.from_product([range(25), range(40), range(10)]).to_frame(index=False).to_numpy()
    optimizer, rate, batch = np.tile(cells, (-(-count // len(cells)), 1))[:count].T
    seed = np.arange(count) // len(cells)
    rates = np.geomspace(1e-4, 1.0, 40).round(8)[rate]
    error = _error(random, _valley(rates, -1 - 0.1 * optimizer), 0.05 * batch)
    names = np.array([f"rule_{number}" for number in range(25)])[optimizer]
    return {
        "optimizer": names, "learning_rate": rates, "batch_size": 2 ** (batch + 2),
        "seed": seed, "error": error,
    }  # fmt: skip


def levels(count, random):
    """A setting of 500 names beside a rate and a batch size, drawn at random."""
    level = random.integers(0, 500, count)
    rate, batch = _rates(random, count), random.choice([16, 32, 64, 128], count)
    effect = random.normal(0, 0.7, 500)
    names = np.array([f"encoder_{number}" for number in range(500)])[level]
    error = _error(random, effect[level], _valley(rate, -2), 0.001 * batch)
    return {"encoder": names, "learning_rate": rate, "batch_size": batch, "error": error}


def settings(count, random):
    """200 numbers drawn uniformly, of which five matter."""
    numbers = random.uniform(0, 1, (count, 200))
    columns = {f"x{place}": column for place, column in enumerate(numbers.T)}
    x = numbers.T
    return columns | {
        "error": _error(random, 3 * x[3], 2 * (x[7] - 0.5) ** 2, 3 * x[11] * x[12], 0.5 * x[50])
    }


def branches(count, random):
    """60 optimizers, each with one of twelve settings of its own beside rate and batch size."""
    optimizer = random.integers(0, 60, count)
    rate, batch = _rates(random, count), random.choice([16, 32, 64, 128], count)
    own = {}
    effect = np.zeros(count)
    for place in range(12):
        active, drawn = optimizer % 12 == place, random.uniform(0, 1, count)
        own[f"own_{place}"] = np.where(active, drawn, np.nan)
        effect += np.where(active, 0.1 * place * drawn, 0.0)
    names = np.array([f"rule_{number}" for number in range(60)])[optimizer]
    error = _error(random, _valley(rate, -1 - optimizer / 30), effect)
    return {"optimizer": names, "learning_rate": rate, "batch_size": batch, **own, "error": error}


SHAPES = {"random": random_design, "grid": grid, "levels": levels, "settings": settings, "branches": branches}


def write(name, count, path):
    """Table of a shape as a CSV file."""
    pd.DataFrame(SHAPES[name](count, np.random.default_rng(1))).to_csv(path, index=False)


@dataclass
class Cost:
    """CPU seconds in all and until the first look and the answer stand in the terminal; peak MB."""

    seconds: float
    megabytes: float
    first: float
    answer: float


def _seconds_of(process):
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cost(line):
    """What a command costs on one core: nothing but the system's account of it, so others hardly disturb."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "100", "OPENBLAS_NUM_THREADS": "1"}
    core = str(min(os.sched_getaffinity(0)))
    process = subprocess.Popen(
        [TASKSET, "-c", core, *map(str, line)], stdout=subprocess.PIPE, text=True, env=environment
    )
    seen = {}
    for text in process.stdout:
        for word in (FIRST, ANSWER):
            if text.startswith(word) and word not in seen:
                seen[word] = _seconds_of(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    whole = used.ru_utime + used.ru_stime
    answer = seen.get(ANSWER, whole)
    return Cost(whole, used.ru_maxrss / 1024, seen.get(FIRST, answer), answer)


def explained(name, trials, folder, command="report"):
    """Write a table of a shape and explain it: what that costs."""
    table = folder / f"{name}.csv"
    write(name, trials, table)
    line = [sys.executable, "-m", "sensitivity", command, table, "--metric", "error", "--out", folder / name]
    return cost(line)


def explained_sweep(trials, folder, command="report"):
    """Record a sweep with made-up results and explain it: what the explaining costs."""
    run = folder / f"{SWEEP}{trials}"
    subprocess.run([sys.executable, Path(__file__).with_name("made_sweep.py"), run, str(trials)], check=True)
    return cost([sys.executable, "-m", "sensitivity", command, run])


def started():
    """CPU seconds of a start with all that explaining imports: what the others are measured against."""
    modules = "sensitivity.commands.report, sensitivity.estimators.surrogate.decomposition"
    return cost([sys.executable, "-c", f"import {modules}"]).seconds


def row(name, cost, start):
    """CPU seconds until the first look, the answer and the end, the last over a start's; memory."""
    return (
        f"{name:10} {cost.first:10.1f} {cost.answer:8.1f} {cost.seconds:8.1f} {cost.seconds / start:8.1f} "
        f"{cost.megabytes:8.0f}"
    )


HEAD = f"{'shape':10} {'first look':>10} {'answer':>8} {'CPU s':>8} {'/ start':>8} {'MB':>8}"


@pytest.fixture(scope="module")
def start():
    """CPU seconds of a start; prints the head of the table."""
    seconds = started()
    print(f"\n{TRIALS:,} trials, CPU seconds on one core; a start takes {seconds:.1f}\n{HEAD}")
    return seconds


@pytest.mark.parametrize("name", SHAPES)
def test_any_shape_is_explained_in_a_gigabyte(name, start, tmp_path):
    """Memory is below 1 GB, and something is said before the answer, the answer before the pictures."""
    cost = explained(name, TRIALS, tmp_path)
    print(f"\n{row(name, cost, start)}")
    assert cost.megabytes < LARGEST
    assert cost.first < cost.answer < cost.seconds


def test_time_per_trial_does_not_grow(start, tmp_path):
    """Of 100,000 recorded trials each takes no more than of 1,000, in less than 2 GB.

    Nor does one more trial: of a small sweep nearly all is what any costs, which hides what grows.
    """
    sizes = SMALL, MIDDLE, RECORDED
    small, middle, large = costs = [explained_sweep(trials, tmp_path) for trials in sizes]
    for trials, each in zip(sizes, costs, strict=True):
        print(f"\n{row(f'{trials:,}', each, start)}", end="")
    early = (middle.seconds - small.seconds) / (MIDDLE - SMALL)
    late = (large.seconds - middle.seconds) / (RECORDED - MIDDLE)
    print(f"\none more trial: {late / early:.2f} of the time up to {RECORDED:,} as up to {MIDDLE:,}")
    assert large.megabytes < LARGEST_SWEEP
    assert large.seconds / RECORDED <= 1.1 * small.seconds / SMALL
    assert late <= 1.25 * early  # the machine's own noise
    assert large.first < large.answer < large.seconds


def main():
    """Print the table."""
    words = argparse.ArgumentParser()
    words.add_argument("names", nargs="*", default=[*SHAPES, SWEEP])
    words.add_argument("--trials", type=int, default=TRIALS)
    words.add_argument("--recorded", type=int, default=RECORDED)
    words.add_argument("--measure", action="store_true", help="tables alone")
    given = words.parse_args()
    start = started()
    print(f"{given.trials:,} trials, CPU seconds on one core; a start takes {start:.1f}\n{HEAD}")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.names:
            command = "measure" if given.measure else "report"
            if name == SWEEP:
                found = explained_sweep(given.recorded, Path(folder), command)
            else:
                found = explained(name, given.trials, Path(folder), command)
            print(row(name, found, start), flush=True)


if __name__ == "__main__":
    main()
