"""The command ``versus`` on anybody's table, and its refusals."""

import pandas as pd
import pytest

ROWS = [
    {"optimizer": optimizer, "lr": rate, "seed": seed, "loss": loss + 0.01 * seed}
    for optimizer, losses in (("adam", (0.2, 0.3)), ("sgd", (0.5, 0.4)))
    for rate, loss in zip((0.01, 0.1), losses, strict=True)
    for seed in range(4)
]


@pytest.fixture
def table(tmp_path):
    """A stranger's table."""
    path = tmp_path / "t.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False)
    return path


def test_a_table_of_trials(command, tmp_path, table):
    """Adam wins every pair, by 0.2 on average; at its own best by 0.2 too; the table is written."""
    code, out, _ = command("versus", "adam", "sgd", table, "--metric", "loss", "--out", tmp_path / "o")
    assert code == 0
    assert "With the same other settings, adam is better than sgd in 100 % of pairs" in " ".join(out.split())
    written = pd.read_csv(tmp_path / "o" / "tables" / "versus.csv")
    assert written["compared"].tolist() == ["same settings", "own best"]
    assert written["difference"].tolist() == pytest.approx([-0.2, -0.2])
    assert written["wins"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["adam", "sgdd"], ["'sgdd'", "did you mean 'sgd'"]),
        (["adam", "adam"], ["against itself"]),
        (["adam", "sgd", "--setting", "lrr"], ["'lrr'", "did you mean 'lr'"]),
    ],
    ids=" ".join,
)
def test_a_mistake_is_one_sentence(command, table, assert_one_sentence, arguments, words):
    """Levels and settings that are not there."""
    one, other, *options = arguments
    assert_one_sentence(command("versus", one, other, table, "--metric", "loss", *options), *words)
