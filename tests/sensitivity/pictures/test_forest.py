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
