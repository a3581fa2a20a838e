"""How many networks are trained at once: what fits into the cache, in populations of one size."""

from types import SimpleNamespace

import numpy as np
import pytest

from sweeps.definition import parse
from sweeps.engines import NUMBA
from sweeps.losses import SoftmaxCrossEntropy, SquaredError
from sweeps.network import Architecture
from sweeps.run import BLOCK, Training, longest_first, prepare
from sweeps.tasks import POPULATION_BYTES, POPULATION_SIZE, population_size

SMALL, WIDE = Architecture(4, (8,), 3), Architecture(64, (256,), 10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("architecture", [SMALL, WIDE])
@pytest.mark.parametrize("members", [1, 5, 31, 32, 33, 200])
def test_populations_are_even_and_none_is_larger_than_allowed(members, architecture, dtype):
    """Neither more than asked for nor than the cache holds; the last lacks less than one a population."""
    for largest in (1, 7, POPULATION_SIZE):
        size = population_size(members, largest, architecture, dtype)
        assert 1 <= size <= min(largest, members)
        assert size * architecture.parameter_count * np.dtype(dtype).itemsize <= POPULATION_BYTES
        populations = -(-members // size)
        assert size * populations - members < populations


def test_the_size_is_the_largest_that_fits():
    """By hand: 64-256-10 has 19,210 parameters, of 4 or 8 bytes; 33 are 17 and 16 rather than 32 and 1."""
    assert WIDE.parameter_count == 19210
    assert population_size(600, 32, WIDE, np.float32) == 8
    assert population_size(600, 32, WIDE, np.float64) == 4
    assert population_size(33, 32, SMALL, np.float32) == 17
    assert population_size(640, 32, WIDE, np.float32, NUMBA) == 32  # only one member is in the cache


def test_a_network_larger_than_the_cache_is_trained_alone():
    """There is no smaller population than one."""
    assert population_size(5, 32, Architecture(64, (4096, 4096), 10), np.float32) == 1


def test_the_longest_tasks_come_first():
    """Of each block: whoever takes the last ones ends when the others do."""
    space = {
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "batch_size": [8, 64],
        "width": [2, 32],
        "depth": [1, 3],
    }
    raw = {"name": "x", "dataset": "iris", "design": "factorial", "epochs": 1, "space": space}
    sweep = prepare(parse(raw))
    tasks = longest_first(sweep.work, sweep.planned, 4)
    costs = [sweep.work.cost(task) for task in tasks]
    assert len(set(costs)) > 3
    assert costs == sorted(costs, reverse=True)
    fed = list(Training(sweep, SimpleNamespace(workers=1), 4)._tasks(sweep.planned))
    assert len(sweep.planned) <= BLOCK
    assert [sweep.work.cost(task) for task in fed] == costs


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy, SquaredError])
def test_a_derivative_lies_in_memory_alike_in_every_population(loss):
    """BLAS rounds by strides: a member alone and among others must be multiplied from the same layout."""
    rng = np.random.default_rng(0)
    outputs, targets = (
        rng.normal(size=(5, 33, 3)).astype(np.float32),
        np.eye(3, dtype=np.float32)[rng.integers(0, 3, 33)],
    )
    inputs = rng.normal(size=(5, 33, 64)).astype(np.float32)

    def of(members):
        made = loss()
        made.loss(outputs[members], targets)
        delta = made.delta()
        assert delta.flags.c_contiguous
        return inputs[members].transpose(0, 2, 1) @ delta

    together = of(slice(None))
    for member in range(5):
        np.testing.assert_array_equal(of(slice(member, member + 1))[0], together[member])
