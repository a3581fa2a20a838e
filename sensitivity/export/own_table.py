"""Data of one's own in a program: lines that read them with pandas, and what their columns are.

The lines are run before they are handed over: where they do not give, cell by cell, what the sweep trained
on, there is no program.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sweeps.calls import module_file
from sweeps.encoding import MOST_CATEGORIES
from sweeps.errors import DefinitionError
from sweeps.named_data import own_examples
from sweeps.own_data import OPENML, table_of
from sweeps.table_files import is_file, is_gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sweeps.columns import Examples
    from sweeps.definition import SweepDefinition
    from sweeps.table_files import Table

WIDTH: Final = 90


@dataclass(frozen=True)
class OwnTable:
    """What the template of a program is filled with.

    Attributes
    ----------
    lines
        Make ``x``, a DataFrame, and ``y``, an array.
    imports
        Lines that they and the encoder need.
    inputs
        Number of inputs of the network, where the training part of a replicate may need fewer; else 0.
    """

    lines: tuple[str, ...]
    imports: tuple[str, ...]
    numbers: bool
    texts: bool
    most: int
    inputs: int
    pandas: bool


def own_table(definition: SweepDefinition) -> OwnTable:
    """Lines that give a program the examples of a sweep.

    Raises
    ------
    DefinitionError
        When the data are gone or changed, or pandas reads them in another way.
    """
    data = definition.data
    examples = own_examples(definition)
    table, _ = table_of(definition.dataset, data.target, data.task, tuple(data.text or ()))
    lines = next((each for each in _readings(definition, examples, table) if _agrees(each, examples)), None)
    if lines is None:
        raise DefinitionError(
            f"pandas does not read {table.origin} as this sweep did, so a program would train on something "
            "else; --fit FILE stores a model that reads it, --as toml gives the settings"
        )
    texts = any(examples.categories)
    numbers = not all(examples.categories)
    encoding = examples.dataset.encoding
    padded = texts or (encoding is not None and any(encoding.gaps))
    pandas = any("pd." in line for line in lines)
    return OwnTable(
        tuple(lines),
        tuple(_imports(definition.dataset, numbers=numbers, texts=texts)),
        numbers,
        texts,
        MOST_CATEGORIES,
        examples.dataset.inputs if padded else 0,
        pandas,
    )


def _imports(dataset: str, *, numbers: bool, texts: bool) -> Iterator[str]:
    yield "from sklearn.compose import ColumnTransformer"
    if numbers:
        yield "from sklearn.impute import SimpleImputer"
        yield "from sklearn.pipeline import make_pipeline"
    names = [*(["OneHotEncoder"] if texts else []), *(["StandardScaler"] if numbers else [])]
    yield f"from sklearn.preprocessing import {', '.join(names)}"
    if dataset.startswith(OPENML):
        yield "from sklearn.datasets import fetch_openml"


def _readings(definition: SweepDefinition, examples: Examples, table: Table) -> Iterator[list[str]]:
    """Ways to read them, the plainest first."""
    dataset = definition.dataset
    head = _columns(examples)
    tail = _typed(examples, table)
    if not is_file(dataset):
        make = _openml if dataset.startswith(OPENML) else _function
        yield from ([*head, *lines, *tail] for lines in make(dataset, examples))
    elif dataset.lower().endswith(".parquet"):
        used = f"columns=[*numbers, *texts, {_quoted(examples.target)}]"
        yield [*head, f"table = pd.read_parquet({_quoted(dataset)}, {used})", *tail]
    else:
        for more in ([], ["skipinitialspace=True"], ['float_precision="round_trip"']):
            yield [*head, *_csv(dataset, examples, table, more), *_read(examples, table)]
        more = ["skipinitialspace=True", 'float_precision="round_trip"']
        yield [*head, *_csv(dataset, examples, table, more), *_read(examples, table)]


def _columns(examples: Examples) -> list[str]:
    pairs = list(zip(examples.names, examples.categories, strict=True))
    return [
        *_listed("numbers", [name for name, known in pairs if not known]),
        *_listed("texts", [name for name, known in pairs if known]),
    ]


def _listed(name: str, values: Sequence[str]) -> list[str]:
    """Assignment of a list, a value per line where it is long."""
    quoted = [_quoted(value) for value in values]
    line = f"{name} = [{', '.join(quoted)}]"
    return [line] if len(line) <= WIDTH else [f"{name} = [", *(f"    {one}," for one in quoted), "]"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _csv(dataset: str, examples: Examples, table: Table, more: Sequence[str]) -> list[str]:
    """A file of text: separator, decimal comma, gaps and kinds as the sweep's reader took them."""
    target = _quoted(examples.target)
    used = [*examples.names, examples.target]
    gaps = sorted({cell for name in used for cell in table.columns[name] if is_gap(cell)} | {""})
    kinds = (
        "{**dict.fromkeys(numbers, float), " + f"**dict.fromkeys([*texts, {target}], str)}}"
        if _has_text_classes(examples)
        else f"{{**dict.fromkeys([*numbers, {target}], float), **dict.fromkeys(texts, str)}}"
    )
    arguments = [
        f"sep={json.dumps(table.delimiter)}",
        *(['decimal=","'] if _has_decimal_commas(examples, table) else []),
        *([f'encoding="{table.encoding}"'] if not table.encoding.startswith("utf-8") else []),
        f"usecols=[*numbers, *texts, {target}]",
        f"dtype={kinds}",
        f"na_values=[{', '.join(map(_quoted, gaps))}]",
        "keep_default_na=False",
        *more,
    ]
    return ["table = pd.read_csv(", f"    {_quoted(dataset)},", *(f"    {one}," for one in arguments), ")"]


def _has_decimal_commas(examples: Examples, table: Table) -> bool:
    names = [name for name, known in zip(examples.names, examples.categories, strict=True) if not known]
    names += [] if _has_text_classes(examples) else [examples.target]
    return table.decimal_comma and any("," in cell for name in names for cell in table.columns[name])


def _read(examples: Examples, table: Table) -> list[str]:
    """Of columns that were read as what they are."""
    lines = _known(examples, table)
    gaps = any("" in known for known in examples.categories)
    filled = 'x = x.fillna(dict.fromkeys(texts, ""))'
    return [*lines, "x = table[[*numbers, *texts]]", *([filled] if gaps else []), _targets(examples)]


def _typed(examples: Examples, table: Table) -> list[str]:
    """Of columns that have kinds of their own: made numbers and texts."""
    lines = _known(examples, table)
    numbers = "table[numbers].astype(float)"
    texts = 'table[texts].astype(object).fillna("").astype(str)'
    if not any(examples.categories):
        return [*lines, f"x = {numbers}", _targets(examples)]
    if all(examples.categories):
        return [*lines, f"x = {texts}", _targets(examples)]
    return [*lines, f"x = {numbers}.join({texts})", _targets(examples)]


def _known(examples: Examples, table: Table) -> list[str]:
    """Only rows whose target is known."""
    if len(examples.dataset.targets) == table.rows:
        return []
    return [f"table = table.dropna(subset=[{_quoted(examples.target)}])"]


def _targets(examples: Examples) -> str:
    column = f"table[{_quoted(examples.target)}]"
    if _has_text_classes(examples):
        return f"y = {column}.astype(str).to_numpy(dtype=object)"
    return f"y = {column}.to_numpy(dtype=float)"


def _has_text_classes(examples: Examples) -> bool:
    return bool(examples.classes) and isinstance(examples.classes[0], str)


def _openml(dataset: str, _: Examples) -> Iterator[list[str]]:
    number = dataset.removeprefix(OPENML)
    yield [f'table = fetch_openml(data_id={number}, as_frame=True, parser="liac-arff").frame']


def _function(dataset: str, examples: Examples) -> Iterator[list[str]]:
    """A function of the user's, which may return a DataFrame or an array."""
    module, _, name = dataset.partition(":")
    folder = Path.cwd()
    file = module_file(dataset, [str(folder)])
    here = folder in file.parents and "site-packages" not in file.parts
    found = ["import sys", "", f"sys.path.insert(0, {_quoted(str(folder))})"] if here else []
    lines = [*found, f"from {module} import {name}", "", f"features, targets = {name}()"]
    target = f"table[{_quoted(examples.target)}] = np.ravel(targets)"
    yield [*lines, "table = features.reset_index(drop=True)", target]
    numbered = 'table = pd.DataFrame(features).rename(columns="x{}".format)'
    yield [*lines, numbered, target]


def _agrees(lines: Sequence[str], examples: Examples) -> bool:
    """Whether the lines give what the sweep trained on, to the last bit."""
    import pandas as pd  # noqa: PLC0415 (takes long)
    from sklearn.datasets import fetch_openml  # noqa: PLC0415 (takes long)

    made: dict[str, Any] = {"np": np, "pd": pd, "fetch_openml": fetch_openml}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec("\n".join(lines), made)  # noqa: S102 (the lines made above)
            return _same(made["x"], np.asarray(made["y"]), examples)
    except Exception:  # noqa: BLE001 (whatever pandas says of a cell that it cannot read)
        return False


def _same(x: Any, y: Any, examples: Examples) -> bool:  # noqa: ANN401 (a DataFrame and an array)
    dataset = examples.dataset
    if len(x) != len(dataset.features) or not _same_targets(y, examples):
        return False
    for place, (name, known) in enumerate(zip(examples.names, examples.categories, strict=True)):
        ours, theirs = dataset.features[:, place], x[name]
        if not known and not np.array_equal(ours, theirs.to_numpy(dtype=np.float64), equal_nan=True):
            return False
        if known and [known[code] for code in ours.astype(np.int64)] != theirs.tolist():
            return False
    return True


def _same_targets(y: Any, examples: Examples) -> bool:  # noqa: ANN401 (an array)
    targets = examples.dataset.targets
    if not examples.classes:
        return bool(np.array_equal(targets[:, 0], y.astype(np.float64)))
    return bool([examples.classes[index] for index in targets.tolist()] == y.tolist())
