"""Speed as ratios measured in one run; off by default: ``pytest -m benchmark -s``.

``PEER_TRIALS`` sets the size of the comparison of whole sweeps (default: 6,172 trials on both sides, the
default sweep; some twelve minutes on two cores).
"""

import csv
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import growth
import numpy as np
import optuna
import pytest
from peer_sweep import STUDY
from race import race
from work import OPTIMIZERS, SHAPES, work

pytestmark = pytest.mark.benchmark
WORKERS = 2  # processes on either side


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_network_costs_an_eighth_of_an_mlp_classifier(optimizer):
    """64-64-10, batch 32, 20 epochs, population 32, one core: median ratio of seven pairs is at least 8."""
    times = race(work(SHAPES["64-64-10"], optimizer), 7, ("numpy", "scikit-learn"))
    theirs, own = times["scikit-learn"].turns, times["numpy"].turns
    ratios = [one / other for one, other in zip(theirs, own, strict=True)]
    median = statistics.median(ratios)
    print(f"\n{optimizer}: MLPClassifier over ours {median:.1f} ({min(ratios):.1f} to {max(ratios):.1f})")
    assert median >= 8


def run_peers(folder, trials):
    """Seconds of two processes that share a study on SQLite, whose tables are there."""
    script = Path(__file__).with_name("peer_sweep.py")
    storage = f"sqlite:///{folder / 'peer.db'}"
    optuna.create_study(storage=storage, study_name=STUDY)  # two that create it at once would race for it
    shares = trials // 2, trials - trials // 2
    begin = time.perf_counter()
    peers = [
        subprocess.Popen([sys.executable, script, storage, str(share), str(seed)])
        for seed, share in enumerate(shares)
    ]
    assert [peer.wait() for peer in peers] == [0, 0]
    return time.perf_counter() - begin


@dataclass(frozen=True)
class Run:
    """What a command took.

    Attributes
    ----------
    wall
        Seconds from its start to its end.
    training
        Seconds of it from the first line about trials, which says 0, to the last, which says all.
    busy
        Seconds that trials took in training, by their own record; all workers together.
    trials
        How many there were.
    """

    wall: float
    training: float
    busy: float
    trials: int


def run_ours(folder, *arguments):
    """Cost of the whole command with two workers: tables, pictures and page too."""
    line = [sys.executable, "-m", "sensitivity", "sweep", *arguments, "--out", folder / "run"]
    line += ["--workers", str(WORKERS)]
    begin = time.perf_counter()
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    counts = re.compile(r"[\d,]+/[\d,]+ trials ·")
    looks = [time.perf_counter() for text in process.stdout if counts.match(text)]  # as they are printed
    assert process.wait() == 0
    wall = time.perf_counter() - begin
    assert (folder / "run" / "report.html").is_file() is ("--no-report" not in arguments)
    with (folder / "run" / "tables" / "trials.csv").open(encoding="utf-8") as file:
        seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
    return Run(wall, looks[-1] - looks[0], sum(seconds), len(seconds))


def test_the_default_sweep_is_ten_times_as_fast_as_its_peer(tmp_path):
    """Whole commands on two cores: at least 10 times as fast.

    Start-up and storage are in both; explaining, with pictures and a page, in ours only. At most a twentieth
    of the workers' time, from when they are begun to the last record, is not training.
    """
    ours = run_ours(tmp_path)
    peers = int(os.environ.get("PEER_TRIALS", ours.trials))
    theirs = run_peers(tmp_path, peers) * ours.trials / peers
    rest = 1 - ours.busy / (WORKERS * ours.training)
    print(
        f"\n{ours.trials} trials: ours {ours.wall:.0f} s, of which {ours.wall - ours.training:.0f} s start "
        f"and explaining ({rest:.1%} of the workers' time not training); Optuna + MLPClassifier "
        f"{theirs:.0f} s{'' if peers == ours.trials else f' (from {peers} trials)'}, "
        f"ratio {theirs / ours.wall:.1f}"
    )
    assert theirs / ours.wall >= 10
    assert rest <= 0.05


def test_time_per_trial_does_not_grow_and_memory_stays_small(tmp_path, quick):
    """From 1,000 to 20,000 trials of one kind: the time of one more trial does not grow; memory below 1 GB.

    Differences of whole runs, so that the start-up, which is the same for all, does not flatter.
    """
    sizes = (200, 1_000, 3_000) if quick else (1_000, 5_000, 20_000)
    costs = [growth.sweep(tmp_path, trials, workers=2, **growth.TRIALS) for trials in sizes]
    early, late = np.diff([cost.cpu for cost in costs]) / np.diff(sizes)
    peak = max(cost.megabytes for cost in costs)
    print(f"\none more trial: {late / early:.2f} of the time up to {sizes[2]:,} as up to {sizes[1]:,}")
    print(f"peak memory of one process {peak:.0f} MB")
    assert late <= 1.25 * early  # the machine's own noise
    assert peak < 1024


def test_growth(request, quick):
    """Every panel of the figure, written with ``--bench-out DIR``: some fifteen minutes on two cores."""
    points = growth.measure(list(growth.PANELS), quick)
    assert {point.panel for point in points} == set(growth.PANELS)
    if (folder := request.config.getoption("--bench-out")) is not None:
        growth.write(points, folder, quick=quick)


def test_crossed_noise_costs_no_time(tmp_path):
    """At most 15 % more than as many replicates that are not crossed; the best of three turns of each."""
    from sweeps.definition import load, parse
    from sweeps.run import prepare, run

    seconds = {"together": [], "crossed": []}
    for turn, noise in enumerate(list(seconds) * 3):
        sweep = prepare(parse(load("quick") | {"replicates": 9, "noise": noise}))
        begin = time.process_time()
        run(sweep, f"journal://{tmp_path / str(turn)}.journal")
        seconds[noise].append(time.process_time() - begin)
    ratio = min(seconds["crossed"]) / min(seconds["together"])
    print(f"\ncrossed noise takes {ratio:.3f} of the time")
    assert ratio <= 1.15
