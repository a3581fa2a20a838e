"""What the README shows of the benchmarks is what is stored beside them."""

import csv
import json
from pathlib import Path

import engines
import growth
import pytest

README = Path(__file__).parents[2] / "README.md"


def test_readme_shows_the_stored_table():
    """To make the block: ``python tests/benchmarks/engines.py``."""
    text = README.read_text(encoding="utf-8")
    block = text.partition("<!-- engines -->")[2].partition("<!-- end of engines -->")[0]
    assert block.strip() == engines.stored_markdown()
    assert f"tests/benchmarks/stored/{engines.FIGURE}" in text
    assert (engines.STORED / engines.FIGURE).is_file()


def test_a_look_at_growth_is_called_one_in_the_readme():
    """Few and small sizes are no evidence: where they are stored, the line of the figure says ``--quick``."""
    quick = json.loads((engines.STORED / growth.MACHINE).read_text(encoding="utf-8"))["quick"]
    with (engines.STORED / growth.TABLE).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    sizes = growth.QUICK if quick else growth.SIZES
    for panel in growth.PANELS:
        if panel != "workers":  # as many as the machine has
            found = sorted({int(row["size"]) for row in rows if row["panel"] == panel})
            assert found == list(sizes[panel])
    (shown,) = [line for line in README.read_text(encoding="utf-8").splitlines() if growth.FIGURE in line]
    assert ("--quick" in shown) is quick


@pytest.mark.parametrize("quick", [True, False])
def test_growth_says_whether_it_is_a_look(tmp_path, monkeypatch, quick):
    """In the file on the machine."""
    monkeypatch.setattr(growth, "draw", lambda *_: None)
    growth.write([growth.Point("width", size, "ours", 1.0) for size in (8, 64)], tmp_path, quick=quick)
    assert json.loads((tmp_path / growth.MACHINE).read_text(encoding="utf-8"))["quick"] is quick
