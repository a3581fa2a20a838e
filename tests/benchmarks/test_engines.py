"""Races of the engines; off by default: ``pytest -m benchmark -s tests/benchmarks/test_engines.py``.

With ``--bench-out DIR`` the table, the figure and the machine are written there; with ``--bench-quick`` the
turns are short: the table is then no more than a look.
"""

import engines
import machine
import numpy as np
import pytest
from race import contestants, disagreement, missing, race, ratios
from work import EPOCHS, OPTIMIZERS, SHAPES, work

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.filterwarnings("ignore"),  # of the contestants' packages
]

TURNS, QUICK_TURNS, QUICK_EPOCHS = 7, 2, 5


@pytest.fixture(scope="module")
def length(quick):
    """Epochs of a training, and turns of every contestant."""
    return (QUICK_EPOCHS, QUICK_TURNS) if quick else (EPOCHS, TURNS)


@pytest.fixture(scope="module")
def table(request, length):
    """Rows of the table, filled by the races; written at the end."""
    for name in contestants.CONTESTANTS:
        if packages := missing(name):
            print(f"\n{name} is left out: no {' and '.join(packages)} here (pip install '.[fast,bench]')")
    rows = []
    yield rows
    folder = request.config.getoption("--bench-out")
    if folder is not None and rows:
        engines.write(rows, folder)
        engines.draw(engines.read(folder), folder / engines.FIGURE)
        machine.write(folder / engines.MACHINE, epochs=length[0], turns=length[1])
        print(f"\n{engines.stored_markdown(folder)}\n\nwritten to {folder}")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_engines_train_the_same_network(shape, optimizer, table, length):
    """Training losses agree with the NumPy path's, epoch by epoch; what that costs each is printed."""
    epochs, turns = length
    task = work(SHAPES[shape], optimizer, epochs)
    times = race(task, turns)
    row = {"shape": shape, "optimizer": optimizer, "population": task.population}
    row |= ratios(times) | {"noise": _noise(times)}
    table.append(row)
    print(f"\n{shape}, {optimizer}: CPU ms a network: {_milliseconds(times)}")
    print({name: engines._short(value) for name, value in row.items()})
    _check(times, task)


def _check(times, task):
    """Contestants train the same thing: the same losses, but for rounding.

    Momentum agrees to the end; in twenty epochs a member of five layers at the edge of stability runs apart
    (5e-3 in one of 16, where it agreed to 1e-4 for five epochs). Adam divides a gradient by its own size,
    rounding included, so that members at large rates run apart after some steps. Under batch normalisation
    all do: the gradient by the weight of an input that is constant within a minibatch is there nothing but
    rounding.
    """
    for name in set(times) & {"jax", "pytorch", "compiled"}:
        apart = disagreement(times, name)
        typical, largest = np.median(apart, axis=0), apart.max(axis=0)
        print(
            f"{name}: training losses differ by {typical[0]:.0e} (at most {largest[0]:.0e}) in the first "
            f"epoch, {typical[-1]:.0e} ({largest[-1]:.0e}) in the last"
        )
        if task.optimizer == "momentum":
            assert largest[:QUICK_EPOCHS].max() < 1e-4
            assert typical.max() < 1e-5
        else:
            assert typical[0] < (1e-3 if task.architecture.batch_norm else 1e-5)
            assert largest[0] < 2e-2
    if "scikit-learn" in times:  # other minibatches
        assert disagreement(times, "scikit-learn")[:, -1].max() < 0.3


def _milliseconds(times):
    return ", ".join(f"{name} {1e3 * entry.median:.2f}" for name, entry in times.items())


def _noise(times):
    """Largest spread of the turns of a contestant, quartile to quartile, over its median."""
    return max(
        float(np.subtract(*np.quantile(entry.turns, [0.75, 0.25]))) / entry.median for entry in times.values()
    )
