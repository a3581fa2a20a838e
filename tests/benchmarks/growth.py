"""How the time of a trial grows: with trials, workers, width, depth, batch size and dataset size.

``python tests/benchmarks/growth.py --out DIR`` measures everything, in some fifteen minutes on two cores, and
writes ``growth.csv``, ``growth.svg`` and ``growth.json`` (the machine). A look: ``--quick``, about a minute.
Some panels: ``--panels width depth``. Other sizes of one: ``--panels trials --sizes 1000 20000``.

Every number is a ratio to the smallest size of the same panel: CPU time for what one core does, wall time for
workers.
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from race import race
from work import Shape, digits, work

from sweeps.splits import Split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TABLE, FIGURE, MACHINE = "growth.csv", "growth.svg", "growth.json"
SIZES = {
    "trials": (200, 1_000, 5_000, 20_000, 50_000, 100_000),
    "workers": tuple(2**power for power in range((os.cpu_count() or 1).bit_length())),
    "width": (8, 16, 32, 64, 128, 256, 512),
    "depth": (1, 2, 3, 4, 6, 8),
    "batch size": (4, 8, 16, 32, 64, 128, 256, 512),
    "training rows": (180, 360, 720, 1_437, 2_874, 5_748, 11_496),
}
QUICK = {
    "trials": (100, 300, 600),
    "workers": SIZES["workers"][:2],
    "width": (8, 64, 256),
    "depth": (1, 3),
    "batch size": (8, 32, 256),
    "training rows": (360, 1_437),
}
TRIALS = {"dataset": "iris", "epochs": 1, "hidden": 8}  # next to no training: what is left is the rest
WORKERS = {"dataset": "digits", "epochs": 10, "hidden": 64}
EPOCHS, TURNS = 3, 5


@dataclass(frozen=True)
class Point:
    """Time of a trial at a size, over a series' or panel's first; peak memory where a command ran."""

    panel: str
    size: int
    series: str
    ratio: float
    megabytes: float | None = None


@dataclass(frozen=True)
class Cost:
    """What a command took: CPU and wall seconds with its workers, peak MB of one process."""

    cpu: float
    wall: float
    megabytes: float


def sweep(folder: Path, trials: int, workers: int, dataset: str, epochs: int, hidden: int) -> Cost:
    """Cost of the whole command without its report, for random trials of a kind."""
    definition = folder / "growth.toml"
    definition.write_text(
        f'dataset = "{dataset}"\ndesign = "random"\ntrials = {trials}\nepochs = {epochs}\nsearch = 0\n'
        f"network = {{ hidden = [{hidden}] }}\n"
        '[space]\noptimizer = ["sgd", "adam"]\nlearning_rate = { low = 1e-3, high = 1.0, log = true }\n'
        "beta = [0.5, 0.9]\nbatch_size = [16]\n",
        encoding="utf-8",
    )
    line = [sys.executable, "-m", "sensitivity", "sweep", definition, "--no-report"]
    line += ["--out", folder / f"{trials}-{workers}", "--workers", str(workers)]
    begin = time.perf_counter()
    process = subprocess.Popen(list(map(str, line)), stdout=subprocess.DEVNULL)
    try:
        _, status, used = os.wait4(process.pid, 0)
    except BaseException:  # whoever stops this stops what it started
        process.terminate()
        process.wait()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    wall = time.perf_counter() - begin
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def by_trials(sizes: Sequence[int], _: bool) -> list[Point]:
    """CPU time of a trial in all, start-up included, and of one more trial since the size before."""
    with tempfile.TemporaryDirectory() as folder:
        costs = [sweep(Path(folder), size, min(2, os.cpu_count() or 1), **TRIALS) for size in sizes]
    whole = [cost.cpu / size for size, cost in zip(sizes, costs, strict=True)]
    more = np.diff([cost.cpu for cost in costs]) / np.diff(sizes)
    points = [
        Point("trials", size, "whole command", own / whole[0], cost.megabytes)
        for size, own, cost in zip(sizes, whole, costs, strict=True)
    ]
    return points + [
        Point("trials", size, "one more trial", float(own / more[0]))
        for size, own in zip(sizes[1:], more, strict=True)
    ]


def by_workers(sizes: Sequence[int], quick: bool) -> list[Point]:
    """Wall and CPU time of the same sweep."""
    trials = 128 if quick else 1_024
    with tempfile.TemporaryDirectory() as folder:
        costs = [sweep(Path(folder), trials, size, **WORKERS) for size in sizes]
    points = []
    for size, cost in zip(sizes, costs, strict=True):
        points.append(Point("workers", size, "wall time", cost.wall / costs[0].wall, cost.megabytes))
        points.append(Point("workers", size, "CPU time", cost.cpu / costs[0].cpu))
    return points


def by_shape(panel: str, shape: Callable[[int], Shape]) -> Callable[[Sequence[int], bool], list[Point]]:
    """Panel of the engine, by what of the network or its minibatches grows."""
    return lambda sizes, quick: _engine(panel, sizes, quick, lambda size: work(shape(size), "adam", EPOCHS))


def by_rows(sizes: Sequence[int], quick: bool) -> list[Point]:
    """Panel of the engine, by the number of training examples."""
    shape = Shape((64,), 32)
    return _engine(
        "training rows", sizes, quick, lambda size: work(shape, "adam", EPOCHS, split=_repeated(size))
    )


def _repeated(rows: int) -> Split:
    """Digits with as many training rows as asked, repeated where there are not so many."""
    split = digits()
    chosen = np.resize(np.arange(len(split.x_train)), rows)
    labels = None if split.labels_train is None else split.labels_train[chosen]
    return Split(
        split.x_train[chosen], split.x_validation, split.y_train[chosen], split.y_validation,
        labels, split.labels_validation,
    )  # fmt: skip


def _engine(panel: str, sizes: Sequence[int], quick: bool, task: Callable[[int], object]) -> list[Point]:
    names = {"numpy": "ours, NumPy", "compiled": "ours, compiled", "floor": "its matrix products"}
    points: list[Point] = []
    first = None
    for size in sizes:
        times = race(task(size), 2 if quick else TURNS, tuple(names))
        first = first or times["numpy"].median
        points += [Point(panel, size, names[name], own.median / first) for name, own in times.items()]
    return points


PANELS: dict[str, Callable[[Sequence[int], bool], list[Point]]] = {
    "trials": by_trials,
    "workers": by_workers,
    "width": by_shape("width", lambda width: Shape((width,), 32)),
    "depth": by_shape("depth", lambda depth: Shape((32,) * depth, 32)),
    "batch size": by_shape("batch size", lambda batch: Shape((64,), batch)),
    "training rows": by_rows,
}


def write(points: list[Point], folder: Path, *, quick: bool) -> None:
    """Write table, figure and machine, and whether it is no more than a look."""
    import machine

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(asdict(points[0])), lineterminator="\n")
        writer.writeheader()
        for point in points:
            memory = None if point.megabytes is None else round(point.megabytes)
            writer.writerow(asdict(point) | {"ratio": f"{point.ratio:.3g}", "megabytes": memory})
    draw(points, folder / FIGURE)
    machine.write(folder / MACHINE, quick=quick)


def draw(points: list[Point], path: Path) -> None:
    """Draw a panel for each kind of growth."""
    from matplotlib.figure import Figure

    panels = list(dict.fromkeys(point.panel for point in points))
    columns = min(3, len(panels))
    figure = Figure(figsize=(9, 3 * -(-len(panels) // columns)), layout="constrained")
    for axes, panel in zip(
        figure.subplots(-(-len(panels) // columns), columns, squeeze=False).flat, panels, strict=False
    ):
        own = [point for point in points if point.panel == panel]
        for series in dict.fromkeys(point.series for point in own):
            line = [(point.size, point.ratio) for point in own if point.series == series]
            axes.plot(*zip(*line, strict=True), "o-", markersize=4, label=series)
        axes.set(xlabel=panel, xscale="log", yscale="linear" if panel == "trials" else "log")
        if panel == "trials":
            axes.set_ylim(0, None)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small", frameon=False)
    figure.supylabel("time of a trial over that at the smallest size", fontsize="medium")
    figure.savefig(path)


def measure(panels: Sequence[str], quick: bool, sizes: Sequence[int] | None = None) -> list[Point]:
    """Points of the panels named."""
    points: list[Point] = []
    for panel in panels:
        points += PANELS[panel](sizes or (QUICK if quick else SIZES)[panel], quick)
        print(
            f"{panel}: "
            + ", ".join(f"{p.series} {p.size}: {p.ratio:.3g}" for p in points if p.panel == panel)
        )
    return points


def main() -> None:
    """Measure and write."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # temporary folders go, as they do after Ctrl-C
    words = argparse.ArgumentParser()
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--quick", action="store_true")
    words.add_argument("--panels", nargs="+", choices=PANELS, default=list(PANELS))
    words.add_argument("--sizes", nargs="+", type=int, help="of the one panel named")
    given = words.parse_args()
    if given.sizes and len(given.panels) != 1:
        words.error("--sizes belong to one panel: name it with --panels")
    write(measure(given.panels, given.quick, given.sizes), given.out, quick=given.quick)


if __name__ == "__main__":
    main()
