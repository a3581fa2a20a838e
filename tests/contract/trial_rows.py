"""What a sweep has recorded, but for the times that it took: the same whatever trained it."""

import csv
from pathlib import Path


def recorded_rows(folder):
    """Header and rows of a run's trials.csv without the column seconds."""
    with (Path(folder) / "tables" / "trials.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    seconds = rows[0].index("seconds")
    return [row[:seconds] + row[seconds + 1 :] for row in rows]
