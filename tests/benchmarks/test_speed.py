"""Speed as ratios measured in one run; off by default: ``pytest -m benchmark -s``.

``PEER_TRIALS`` sets the size of the comparison of whole sweeps (default: 6,172 trials on both sides, the
default sweep; some twelve minutes on two cores).
"""

import csv
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

pytestmark = pytest.mark.benchmark

EXAMPLES, EPOCHS, BATCH, POPULATION = 1437, 20, 32, 32


@pytest.fixture(scope="module")
def split():
    """Digits, standardised, 1,437 training examples."""
    from sweeps.datasets import load, split_indices, standardise

    dataset = load("digits")
    return standardise(dataset, *split_indices(dataset, 0.2, 0, 0), np.float32)


def ours(split, optimizer):
    """Seconds per network of a population."""
    from sweeps.network import Architecture
    from sweeps.settings import complete
    from sweeps.training import Order, train

    architecture = Architecture(64, (64,), 10)
    weights = architecture.initial_parameters(np.random.default_rng(0), "he").astype(np.float32)
    order = Order.draw(np.random.default_rng(1), EXAMPLES, EPOCHS, BATCH)
    rates = np.geomspace(1e-3, 1e-2, POPULATION)
    members = [complete({"optimizer": optimizer, "learning_rate": float(rate)}) for rate in rates]
    begin = time.perf_counter()
    train(members, architecture, np.tile(weights, (POPULATION, 1)), split, order)
    return (time.perf_counter() - begin) / POPULATION


def peer(split, optimizer):
    """Seconds of one MLPClassifier."""
    from sklearn.neural_network import MLPClassifier

    solver = "adam" if optimizer == "adam" else "sgd"
    network = MLPClassifier(
        (64,),
        solver=solver,
        batch_size=BATCH,
        learning_rate_init=3e-3,
        momentum=0.9,
        nesterovs_momentum=False,
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        tol=0.0,
        alpha=0.0,
    )
    begin = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.fit(split.x_train, split.labels_train)
    return time.perf_counter() - begin


@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_a_network_costs_an_eighth_of_an_mlp_classifier(split, optimizer):
    """64-64-10, batch 32, 20 epochs, population 32, one core: median ratio of seven pairs is at least 8."""
    with threadpool_limits(1):
        ours(split, optimizer)
        pairs = [(peer(split, optimizer), ours(split, optimizer)) for _ in range(7)]
    ratios = [theirs / own for theirs, own in pairs]
    median = statistics.median(ratios)
    print(
        f"\n{optimizer}: MLPClassifier {1e3 * statistics.median(p for p, _ in pairs):.0f} ms, ours "
        f"{1e3 * statistics.median(o for _, o in pairs):.1f} ms per network, ratio {median:.1f} "
        f"({min(ratios):.1f} to {max(ratios):.1f})"
    )
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


def test_time_per_trial_does_not_grow_and_memory_stays_small(tmp_path):
    """From 1,000 to 20,000 trials of one kind: the time of one more trial does not grow; memory below 1 GB.

    Differences of whole runs, so that the start-up, which is the same for all, does not flatter.
    """
    definition = tmp_path / "growth.toml"
    definition.write_text(
        'dataset = "iris"\ndesign = "random"\nepochs = 3\nsearch = 0\nnetwork = { hidden = [8] }\n[space]\n'
        'optimizer = ["sgd", "adam"]\nlearning_rate = { low = 1e-3, high = 1.0, log = true }\n'
        "beta = [0.5, 0.9]\nbatch_size = [16]\n",
        encoding="utf-8",
    )
    walls = {}
    for trials in (1_000, 5_000, 20_000):
        folder = tmp_path / str(trials)
        folder.mkdir()
        walls[trials], _, count = run_ours(folder, definition, "--set", f"trials={trials}")
        assert count == trials
    early = (walls[5_000] - walls[1_000]) / 4_000
    late = (walls[20_000] - walls[5_000]) / 15_000
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\none more trial: {1e3 * early:.2f} ms up to 5,000, {1e3 * late:.2f} ms up to 20,000")
    print(f"peak memory of one process {peak:.0f} MB")
    assert late <= 1.25 * early  # the machine's own noise
    assert peak < 1024


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
