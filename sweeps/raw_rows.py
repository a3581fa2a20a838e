"""Rows as they stand in a file → columns as a sweep read them, as a transformer of scikit-learn's.

It goes before the encoder of `sweeps.encoding` in a pipeline, which then predicts from rows that nobody has
prepared: a DataFrame with the file's columns, read by whatever reads it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from sweeps.table_files import is_gap, number

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import NDArray


class RawRows(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Picks columns by name, and reads their cells as numbers or texts.

    Parameters
    ----------
    names
        Columns to take, in this order; what else a table has is not looked at.
    categories
        For every column the texts that it was seen to hold; none: it holds numbers.
    decimal_comma
        Whether the text 3,5 is a number.
    """

    def __init__(
        self, names: tuple[str, ...], categories: tuple[tuple[str, ...], ...], *, decimal_comma: bool = False
    ) -> None:
        self.names = names
        self.categories = categories
        self.decimal_comma = decimal_comma

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ANN401, ARG002, N803 (scikit-learn's names)
        """Nothing is learned."""
        self.fitted_ = True
        return self

    def transform(self, X: Any) -> NDArray[Any]:  # noqa: ANN401, N803
        """Cells of a DataFrame as numbers with NaN for gaps, and as texts; shape (rows, columns).

        Raises
        ------
        ValueError
            When a column is missing, or a cell of a column of numbers is none.
        """
        present = [str(name) for name in getattr(X, "columns", ())]
        if missing := [name for name in self.names if name not in present]:
            raise ValueError(
                f"there is no column {missing[0]!r}; give a DataFrame with {', '.join(self.names)}"
            )
        found = np.empty((len(X), len(self.names)), dtype=object)
        for place, (name, known) in enumerate(zip(self.names, self.categories, strict=True)):
            cells = X.iloc[:, present.index(name)].tolist()
            read = [self._text(cell, known) if known else self._number(cell, name) for cell in cells]
            found[:, place] = read
        return found

    def _number(self, cell: Any, name: str) -> float:  # noqa: ANN401 (whatever a table holds)
        if is_gap(cell):
            return math.nan
        text = isinstance(cell, str)
        value = number(cell.strip(), decimal_comma=self.decimal_comma) if text else float(cell)
        if value is None:
            raise ValueError(f"column {name} holds numbers, and {cell!r} is none")
        return value

    def _text(self, cell: Any, known: tuple[str, ...]) -> str:  # noqa: ANN401
        """A cell as the file wrote it, where a reader made a number or a truth value of it."""
        if is_gap(cell):
            return ""
        text = str(cell).strip()
        if text in known or isinstance(cell, str):
            return text
        if isinstance(cell, (bool, np.bool_)):
            return next((one for one in known if one.lower() == text.lower()), text)
        return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else text
