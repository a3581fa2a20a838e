"""Speed as ratios measured in one run; off by default: ``pytest -m benchmark -s``.

``PEER_TRIALS`` sets the size of the comparison of whole sweeps (default: 6,172 trials on both sides, the
default sweep; some twelve minutes on two cores).
"""

import csv
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import growth
import numpy as np
import pytest
from race import race
from work import OPTIMIZERS, SHAPES, work

pytestmark = pytest.mark.benchmark


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
    """Seconds of two processes that share a study on SQLite."""
    script = Path(__file__).with_name("peer_sweep.py")
    storage = f"sqlite:///{folder / 'peer.db'}"
    begin = time.perf_counter()
    # The first creates the tables; two at once would race for it.
    first = subprocess.Popen([sys.executable, script, storage, str(trials // 2), "0"])
    time.sleep(3)
    second = subprocess.Popen([sys.executable, script, storage, str(trials - trials // 2), "1"])
    assert first.wait() == 0
    assert second.wait() == 0
    return time.perf_counter() - begin


def run_ours(folder, *arguments):
    """Seconds of the command, and the seconds that its networks took in training."""
    begin = time.perf_counter()
    line = [
        sys.executable,
        "-m",
        "sensitivity",
        "sweep",
        "--no-report",
        *arguments,
        "--out",
        folder / "run",
        "--workers",
        "2",
    ]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - begin
    with (folder / "run" / "tables" / "trials.csv").open(encoding="utf-8") as file:
        seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
    return wall, sum(seconds), len(seconds)


def test_the_default_sweep_is_ten_times_as_fast_as_its_peer(tmp_path):
    """Whole commands on two cores, start-up, storage and pictures included: at least 10 times as fast.

    What is not training is at most a tenth of our wall time.
    """
    wall, training, count = run_ours(tmp_path)
    peers = int(os.environ.get("PEER_TRIALS", count))
    theirs = run_peers(tmp_path, peers) * count / peers
    rest = 1 - training / 2 / wall
    print(
        f"\n{count} trials: ours {wall:.0f} s ({rest:.1%} not training), Optuna + MLPClassifier "
        f"{theirs:.0f} s{'' if peers == count else f' (from {peers} trials)'}, ratio {theirs / wall:.1f}"
    )
    assert theirs / wall >= 10
    assert rest <= 0.10


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
        growth.write(points, folder)


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
