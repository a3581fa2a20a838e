"""Some classes of a dataset, few examples of each, and hidden layers that have seen the other classes.

Yosinski et al. (2014), "How transferable are features in deep neural networks?": a network is trained on some
classes, its hidden layers are re-used on others, held as they are (frozen) or trained on (finetuned).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.compiled import loops
from sweeps.engines import NUMPY
from sweeps.errors import DefinitionError, shown
from sweeps.seeds import Purpose, generator
from sweeps.settings import complete
from sweeps.splits import split_indices, standardise
from sweeps.training import Order, train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike, NDArray

    from sweeps.datasets import Dataset
    from sweeps.encoding import Encoder
    from sweeps.network import Architecture

    Integers = NDArray[np.int64]


def of_classes(dataset: Dataset, classes: Sequence[int]) -> tuple[Dataset, Dataset]:
    """Examples of these classes, numbered anew from 0 in their order, and those of all other classes.

    Raises
    ------
    DefinitionError
        When the dataset lacks one of them, or has no class beside them.
    """
    others = [k for k in range(dataset.classes) if k not in classes]
    if not dataset.classes:
        raise DefinitionError(f"{dataset.name!r} is a regression and has no classes; remove data.classes")
    which = f"data.classes = {shown(list(classes))}"
    if missing := [k for k in classes if k >= dataset.classes]:
        raise DefinitionError(
            f"{which}: {dataset.name!r} has no class {missing[0]}; its classes are 0 to {dataset.classes - 1}"
        )
    if len(others) < 2:
        raise DefinitionError(
            f"{which} leaves fewer than two classes of {dataset.name!r} to pretrain on; name fewer"
        )
    return _only(dataset, classes), _only(dataset, others)


def _only(dataset: Dataset, classes: Sequence[int]) -> Dataset:
    rows = np.isin(dataset.targets, classes)
    numbers = np.zeros(dataset.classes, np.int64)
    numbers[list(classes)] = np.arange(len(classes))
    targets = numbers[dataset.targets[rows].astype(np.int64)]
    return replace(dataset, features=dataset.features[rows], targets=targets)


def parts(
    dataset: Dataset, validation: float, per_class: int | None, seed: int, draw: int
) -> tuple[Integers, Integers]:
    """Examples of the training and of the validation part, by index; see `sweeps.splits.split_indices`.

    With ``per_class`` so many of every class train, and all others validate.

    Raises
    ------
    DefinitionError
        When a part would be too small; when a class has no more than ``per_class`` examples.
    """
    if per_class is None:
        return split_indices(dataset, validation, seed, draw)
    fewest = int(np.bincount(dataset.targets.astype(np.int64)).min()) if dataset.classes else 0
    if fewest <= per_class:
        raise DefinitionError(
            f"data.per_class = {per_class} leaves none to validate with: the smallest class of "
            f"{dataset.name!r} has {fewest} examples; lower it"
        )
    order = generator(seed, draw, Purpose.SPLIT).permutation(len(dataset.targets))
    of_class = [order[dataset.targets[order] == k] for k in range(dataset.classes)]
    train = np.concatenate([rows[:per_class] for rows in of_class])
    return train, np.concatenate([rows[per_class:] for rows in of_class])


def pretrain(
    dataset: Dataset,
    architecture: Architecture,
    epochs: int,
    seed: int,
    draw: int,
    dtype: DTypeLike,
    encoder: Encoder | None = None,
    engine: str = NUMPY,
) -> NDArray[Any]:
    """Hidden layers trained on a dataset, as the first parameters of a network, shape (hidden_count,).

    On all of its examples, by the optimizer, rate, batch size and initialiser that are the defaults of
    `sweeps.settings`, whatever the sweep varies: all its networks of one shape and replicate re-use the same
    layers. Should training stop being finite, they are those of the last epoch before.

    Parameters
    ----------
    architecture
        Network that will re-use them; its number of outputs does not matter.
    seed, draw
        The sweep's seed and the draw of the initial weights.
    encoder
        Of the dataset's features, fitted to all of them; None: it is fitted here where they need one.
    engine
        Path that trains, see `sweeps.engines`.
    """
    c: dict[str, Any] = complete({})
    own = replace(architecture, outputs=dataset.outputs)
    rng, rows = generator(seed, draw, Purpose.PRETRAINING), np.arange(len(dataset.targets))
    start = own.initial_parameters(rng, c["initialiser"], c["initial_scale"])[None].astype(dtype)
    split = standardise(dataset, rows, rows[:1], dtype, encoder=encoder)
    latest = start
    order = Order.draw(rng, len(rows), epochs, min(c["batch_size"], len(rows)))

    def watch(_: int, parameters: NDArray[Any], __: object) -> None:
        nonlocal latest
        latest = parameters

    train([c], own, start.copy(), split, order, watch, loops(engine))
    return latest[0, : architecture.hidden_count]
