"""What the README shows of the benchmarks is what is stored beside them."""

from pathlib import Path

import engines

README = Path(__file__).parents[2] / "README.md"


def test_readme_shows_the_stored_table():
    """To make the block: ``python tests/benchmarks/engines.py``."""
    text = README.read_text(encoding="utf-8")
    block = text.partition("<!-- engines -->")[2].partition("<!-- end of engines -->")[0]
    assert block.strip() == engines.stored_markdown()
    assert f"tests/benchmarks/stored/{engines.FIGURE}" in text
    assert (engines.STORED / engines.FIGURE).is_file()
