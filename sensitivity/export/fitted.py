"""A configuration as a fitted model of scikit-learn's: an estimator, or a pipeline that takes raw rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from sensitivity.export.taken import Taken
from sweeps.errors import StudyError
from sweeps.named_data import own_examples
from sweeps.objectives import objective_named
from sweeps.own_data import is_own, table_of
from sweeps.settings import KNOWN_SETTINGS
from sweeps.table_files import is_gap

if TYPE_CHECKING:
    import pandas as pd

    from sweeps.columns import Examples
    from sweeps.datasets import Dataset
    from sweeps.definition import SweepDefinition
    from sweeps.encoding import Encoding
    from sweeps.space import Configuration
    from sweeps.table_files import Table


def fitted(definition: SweepDefinition, configuration: Configuration) -> tuple[Any, int]:
    """Model of a configuration, fitted on all examples of the sweep's data, and their number.

    For data of one's own a pipeline: rows as they stand in the file → inputs → network, which predicts the
    classes by their names there.

    Raises
    ------
    SweepError
        When the data are gone, or training on all of them stops being finite.
    """
    if is_own(definition.dataset):
        return _on_rows(definition, configuration)
    job: Any = objective_named(definition.objective).prepare(definition, definition.build_space())
    dataset: Dataset = job.dataset
    model, targets = _estimator(definition, configuration, dataset, standardised=False), dataset.targets
    if dataset.task == "regression" and targets.shape[1] == 1:
        targets = targets[:, 0]
    return _fit(model, dataset.features, targets), len(targets)


def _estimator(
    definition: SweepDefinition, configuration: Configuration, dataset: Dataset, *, standardised: bool
) -> Any:  # noqa: ANN401 (scikit-learn ships no types)
    from sweeps.estimator import NetworkClassifier, NetworkRegressor  # noqa: PLC0415 (scikit-learn)

    what = Taken(definition, configuration)
    settings = {name: value for name, value in what.complete().items() if name in KNOWN_SETTINGS}
    make = NetworkClassifier if dataset.task == "classification" else NetworkRegressor
    precision, seed = definition.network.precision, definition.seed
    return make(settings, tuple(what.hidden()), definition.epochs, precision, seed, standardised=standardised)


def _fit(model: Any, features: Any, targets: Any) -> Any:  # noqa: ANN401 (scikit-learn ships no types)
    try:
        return model.fit(features, targets)
    except ValueError as error:  # on the whole dataset it did what it never did on a part
        raise StudyError(f"{error}") from None


def _on_rows(definition: SweepDefinition, configuration: Configuration) -> tuple[Any, int]:
    from sklearn.pipeline import Pipeline  # noqa: PLC0415 (scikit-learn)

    from sweeps.raw_rows import RawRows  # noqa: PLC0415 (scikit-learn)

    examples, data = own_examples(definition), definition.data
    dataset, encoding = examples.dataset, cast("Encoding", examples.dataset.encoding)  # every table has one
    table, _ = table_of(definition.dataset, data.target, data.task, tuple(data.text or ()))
    rows, targets = _frame(table, examples), dataset.targets[:, 0] if not examples.classes else None
    if targets is None:
        kept = np.isin(dataset.targets, data.classes or np.unique(dataset.targets))
        rows, targets = rows[kept], _classes(examples)[dataset.targets[kept].astype(np.int64)]
    read = RawRows(examples.names, examples.categories, decimal_comma=table.decimal_comma)
    network = _estimator(definition, configuration, dataset, standardised=True)
    model = Pipeline([("rows", read), ("inputs", encoding.pipeline()), ("network", network)])
    return _fit(model, rows, targets), len(targets)


def _frame(table: Table, examples: Examples) -> pd.DataFrame:
    """Rows whose target is known, as they stand in the file."""
    import pandas as pd  # noqa: PLC0415 (takes long)

    known = [row for row, cell in enumerate(table.columns[examples.target]) if not is_gap(cell)]
    columns = {name: [table.columns[name][row] for row in known] for name in examples.names}
    return pd.DataFrame(columns, dtype=object)


def _classes(examples: Examples) -> Any:  # noqa: ANN401 (an array of texts or of numbers)
    """Classes as they stand in the file; whole numbers as such."""
    found = np.array(examples.classes)
    whole = found.dtype.kind == "f" and bool((found % 1 == 0).all())
    return found.astype(np.int64) if whole else found
