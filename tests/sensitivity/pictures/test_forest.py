"""The ticks of the forest plot: plain numbers, between the decades as well."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from sensitivity.pictures.forest import picture_of


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.6, 3.0, {"0.7", "1", "2"}), (0.9, 1.2, {"0.8", "1"})]
)
def test_ticks_are_plain_numbers(low, high, expected):
    """0.7, not 7 × 10⁻¹."""
    row = {"claim": "a", "part": "b", "effect": 1.0, "low": low, "high": high, "verdict": "supported"}
    row |= {"adjusted_low": low, "adjusted_high": high, "thresholds": [1.0]}
    datasets = pd.DataFrame({"claim": ["a"], "part": ["b"], "effect": [1.0]})
    figure = picture_of(pd.DataFrame([row]), datasets, "t", log=True).figure
    axes = figure.axes[0]
    figure.canvas.draw()
    texts = {tick.get_text() for tick in axes.get_xticklabels(which="both")} - {""}
    assert expected <= texts
    assert not any("×" in text or "mathdefault" in text for text in texts)
    plt.close(figure)


def test_every_dataset_is_in_sight_and_no_name_is_cut():
    """A dataset far from the interval widens the axis; a long name of a part has two lines."""
    part = "evaluations to the end of random search: local search over random search"
    row = {"claim": "a", "part": part, "effect": 0.2, "low": 0.1, "high": 0.3, "verdict": "inconclusive"}
    row |= {"adjusted_low": -9.0, "adjusted_high": 9.0, "thresholds": [0.0]}
    datasets = pd.DataFrame({"claim": ["a"] * 3, "part": [part] * 3, "effect": [0.1, 0.2, 2.0]})
    figure = picture_of(pd.DataFrame([row]), datasets, "t").figure
    low, high = figure.axes[0].get_xlim()
    assert -9 < low < 0
    assert 2 < high < 9
    (label,) = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert label.replace("\n", " ") == f"a {part}"
    plt.close(figure)
