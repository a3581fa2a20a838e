"""The table of the races: as CSV, as a figure, and as the README shows it.

``python tests/benchmarks/engines.py [FOLDER]`` prints the README's block from the table stored in FOLDER, by
default the stored copy beside this file.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

STORED = Path(__file__).with_name("stored")
TABLE, FIGURE, MACHINE = "engines.csv", "engines.svg", "engines.json"
KEYS = ("shape", "optimizer", "population")
OURS = ("numpy", "compiled")
OTHERS = ("floor", "jax", "scikit-learn", "pytorch")
COLUMNS = (
    *KEYS,
    *(f"{own}_over_{other}" for own in OURS for other in ("floor", "jax")),
    *(f"{other}_over_{own}" for own in OURS for other in ("jax", "scikit-learn", "pytorch")),
    "jax_compiling_in_networks",
    "noise",
)
# Of the README: what a column is called, and what is shown, the first of these that there is.
SHOWN = {
    "NumPy path / JAX": ("numpy_over_jax",),
    "compiled / JAX": ("compiled_over_jax",),
    "NumPy path / floor": ("numpy_over_floor",),
    "compiled / floor": ("compiled_over_floor",),
    "scikit-learn / ours": ("scikit-learn_over_compiled", "scikit-learn_over_numpy"),
    "PyTorch / ours": ("pytorch_over_compiled", "pytorch_over_numpy"),
    "JAX compiling, in networks": ("jax_compiling_in_networks",),
}
LABELS = {"numpy": "ours, NumPy", "compiled": "ours, compiled", "jax": "JAX", "scikit-learn": "scikit-learn"}
LABELS |= {"pytorch": "PyTorch"}


def write(rows: list[dict[str, object]], folder: Path) -> None:
    """Write the table as CSV, three significant digits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _short(value) for name, value in row.items()})


def read(folder: Path) -> list[dict[str, str]]:
    """Read the table."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def markdown(rows: list[dict[str, str]], known: dict[str, object]) -> str:
    """Block of the README: the table, and beneath it the machine."""
    from machine import sentence

    shown = {name: keys for name, keys in SHOWN.items() if any(row[key] for row in rows for key in keys)}
    lines = ["| " + " | ".join(("network", "optimizer", *shown)) + " |"]
    lines.append("|---|---|" + "--:|" * len(shown))
    for row in rows:
        cells = [next((_two(row[key]) for key in keys if row[key]), "–") for keys in shown.values()]
        lines.append("| " + " | ".join((row["shape"], row["optimizer"], *cells)) + " |")
    length = f"Medians of {known['turns']} turns of {known['epochs']} epochs"
    noise = sorted(float(row["noise"]) for row in rows)
    spread = (
        f"turns of the noisiest contestant spread, quartile to quartile, by {noise[0]:.0%} to {noise[-1]:.0%}"
    )
    return "\n".join((*lines, "", f"{length}; {spread}. {sentence(known)}."))


def stored_markdown(folder: Path = STORED) -> str:
    """Block of the README from a stored table."""
    return markdown(read(folder), json.loads((folder / MACHINE).read_text(encoding="utf-8")))


def draw(rows: list[dict[str, str]], path: Path) -> None:
    """Draw every contestant's CPU time over that of its matrix products alone."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.subplots()
    places = range(len(rows))
    for name, marker in zip(LABELS, "osDv^", strict=True):
        points = [(over, place) for place in places if (over := _over_floor(rows[place], name))]
        if points:
            axes.plot(*zip(*points, strict=True), marker, label=LABELS[name], alpha=0.85)
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlabel("CPU time of a network over that of its matrix products alone")
    axes.set_yticks(places, [f"{row['shape']}, {row['optimizer']}" for row in rows])
    axes.invert_yaxis()
    axes.grid(axis="x", which="both", alpha=0.3)
    figure.legend(loc="outside upper center", ncols=len(LABELS))
    figure.savefig(path)


def _over_floor(row: dict[str, str], name: str) -> float | None:
    own = row["numpy_over_floor"]
    if name in OURS:
        return float(row[f"{name}_over_floor"]) if row[f"{name}_over_floor"] else None
    other = row[f"{name}_over_numpy"]
    return float(other) * float(own) if own and other else None


def _two(text: str) -> str:
    """Number with the two digits that the spread of the turns leaves."""
    value = float(text)
    return f"{value:#.2g}".rstrip(".") if value < 100 else f"{float(f'{value:.2g}'):.0f}"


def _short(value: object) -> object:
    return f"{value:.3g}" if isinstance(value, float) else value


if __name__ == "__main__":
    print(stored_markdown(*map(Path, sys.argv[1:])))
