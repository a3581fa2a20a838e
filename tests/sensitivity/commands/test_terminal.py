import numpy as np
import pytest
from rich.console import Console

from sensitivity.commands.terminal import BAR, bar, ranking_text
from sensitivity.measures.ranking import rank
from sensitivity.measures.variance import variance_decomposition
from sensitivity.study import Study


def printed(renderable, width=80):
    console = Console(width=width, no_color=True, force_terminal=False, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_ranking_reads_at_80_columns_without_colour(nested_space, tabulate):
    """Every setting, the noise, verdicts and notes are there, and no line is longer than the screen."""
    rng = np.random.default_rng(0)
    table = tabulate(nested_space, lambda c, _: np.log10(c["learning_rate"]) + rng.normal(0, 0.1), 2)
    found = variance_decomposition(Study(table, nested_space))
    text = printed(ranking_text(rank(found, Study(table, nested_space)), found))
    assert max(map(len, text.splitlines())) <= 80
    lines = text.splitlines()
    assert next(line.split()[1:3] for line in lines if line[:1].isdigit()) == ["learning", "rate"]
    first = next(line for line in lines if "learning rate" in line)
    assert "█" * (BAR - 1) in first
    assert "%" in first.split("[")[0]
    assert first.count("[") == first.count("]") == 1
    assert first.split()[-2:] == ["0.001", "yes"]
    assert "seed (noise)" in text


def test_table_without_totals_says_what_it_does_not_know(nested_space, tabulate):
    """Without totals the table shows a dash and the sentence says that interactions are not seen."""
    table = tabulate(nested_space, lambda c, _: np.log10(c["learning_rate"]), 2)
    found = variance_decomposition(Study(table, nested_space))
    found = found[found["kind"] != "total"]
    text = printed(ranking_text(rank(found, Study(table, nested_space)), found))
    assert "–" in text
    assert "does not show interactions" in text


@pytest.mark.parametrize(
    ("main", "total", "text"),
    [(0.5, 0.75, "█████░░░"), (-0.1, 0.1, "░"), (0.2, float("nan"), "██"), (float("nan"), float("nan"), "")],
)
def test_bars_show_main_effect_then_interactions(main, total, text):
    """Full part main effect, light part the rest of the total, nothing for what is below zero or unknown."""
    assert bar(main, total, width=10) == text
