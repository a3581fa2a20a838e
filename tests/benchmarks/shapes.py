"""Tables of anybody's trials in five shapes, and what it costs to explain them.

Run as ``python tests/benchmarks/shapes.py [NAME …] [--trials N] [--measure]``: a line per shape, CPU seconds and
memory of the command on one core, and the CPU seconds until the answer stands in the terminal.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

TRIALS = 20_000
ANSWER, FIRST = "Read the ranking", "first look"


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
    error = _error(random, _valley(rate, -1.5 - 0.3 * optimizer), 0.4 * dropout, -0.002 * width, 0.1 * depth)
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
        "optimizer": names, "learning_rate": rates, "batch_size": 2 ** (batch + 2), "seed": seed, "error": error
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


def explained(table, out, command="report", metric="error"):
    """Run the command on one core: what it costs.

    Nothing but the operating system's own account of the process is read, so that a busy machine hardly counts.
    """
    line = [sys.executable, "-m", "sensitivity", command, str(table), "--metric", metric, "--out", str(out)]
    core = min(os.sched_getaffinity(0))
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "100"}
    process = subprocess.Popen(
        line,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    seen = {}
    for text in process.stdout:
        for word in (FIRST, ANSWER):
            if word in text and word not in seen:
                seen[word] = _seconds_of(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    answer = seen.get(ANSWER, used.ru_utime + used.ru_stime)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, seen.get(FIRST, answer), answer)


def main():
    """Print the table."""
    words = argparse.ArgumentParser()
    words.add_argument("names", nargs="*", default=list(SHAPES))
    words.add_argument("--trials", type=int, default=TRIALS)
    words.add_argument("--measure", action="store_true", help="tables alone")
    words.add_argument("--keep", type=Path)
    given = words.parse_args()
    print(f"{given.trials:,} trials  CPU s  first  answer  MB  wall")
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or Path(folder)
        for name in given.names:
            write(name, given.trials, place / f"{name}.csv")
            begin = time.perf_counter()
            cost = explained(place / f"{name}.csv", place / name, "measure" if given.measure else "report")
            print(
                f"{name:10} {cost.seconds:6.1f} {cost.first:6.1f} {cost.answer:6.1f} {cost.megabytes:6.0f} "
                f"{time.perf_counter() - begin:5.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
