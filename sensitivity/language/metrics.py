"""Metrics of ours, which files have in English, in the language of the moment."""

from __future__ import annotations

from typing import Final

from sensitivity.language.saying import say_of

ROOM: Final = "metrics"
METRICS: Final = ("validation error", "validation loss", "training loss", "epochs to target", "seconds")
METRICS_OF_BEST: Final = tuple(f"best {name}" for name in METRICS[:3])
UNITS: Final = {"1 − accuracy": "accuracy", "1 − R²": "r-squared", "squared error": "squared", "nats": "nats"}


def metric_words(label: str) -> str:
    """Name of a metric of ours, with its unit in brackets if it has one; any other as it is."""
    name, bracket, unit = label.partition(" (")
    if name not in (*METRICS, *METRICS_OF_BEST):
        return label
    said = say_of(ROOM, name.replace(" ", "-"))
    return f"{said} ({unit_words(unit.removesuffix(')'))})" if bracket else said


def unit_words(unit: str) -> str:
    """Unit of a metric of ours; any other as it is."""
    return say_of(ROOM, f"unit-{UNITS[unit]}") if unit in UNITS else unit


def in_files(label: str) -> str:
    """What a label in the language of the moment is in a file: in English."""
    name, bracket, unit = label.partition(" (")
    names = {metric_words(known): known for known in (*METRICS, *METRICS_OF_BEST)}
    units = {unit_words(known): known for known in UNITS}
    unit = unit.removesuffix(")")
    return f"{names.get(name, name)} ({units.get(unit, unit)})" if bracket else names.get(name, name)
