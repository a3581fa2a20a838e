"""Texts of a column in one piece: a fifth of what they take as so many objects."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import overload


class Packed(Sequence[str]):
    """Cells as they were, taken apart when somebody first asks for them.

    Parameters
    ----------
    text, count
        The cells joined by line ends, which none of them has, and how many they are.
    """

    def __init__(self, text: str, count: int) -> None:
        self._text, self._count = text, count

    @classmethod
    def of(cls, cells: Sequence[str]) -> Sequence[str]:
        """Cells packed; as they are where one of them has a line end, or there is none."""
        text = "\n".join(cells)
        return cls(text, len(cells)) if text.count("\n") == len(cells) - 1 else cells

    @cached_property
    def _cells(self) -> list[str]:
        return self._text.split("\n")

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Cell of a row, or of some rows."""
        return self._cells[place]

    def __len__(self) -> int:
        """Number of rows."""
        return self._count
