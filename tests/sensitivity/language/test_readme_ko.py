"""The Korean README says what README.md says: the same commands, definitions, numbers and files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
KOREAN = ROOT / "sensitivity" / "language" / "ko" / "README.md"


def blocks(path):
    """Language and lines of each block of code; comments, which are translated, left out."""
    text = path.read_text(encoding="utf-8")
    for kind, body in re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield kind, [re.sub(r"\s+# .*", "", line).rstrip() for line in body.splitlines()]


def test_its_code_is_that_of_the_english_one():
    """Every block stands there with the same lines, in the same order."""
    english, korean = list(blocks(ROOT / "README.md")), list(blocks(KOREAN))
    assert len(korean) > 5
    assert [block for block in english if block in korean] == korean


def test_its_numbers_are_those_of_the_english_one():
    """What is counted or measured is said by one and repeated by the other."""
    counted = r"\d{1,3}(?:,\d{3})+|\b\d+ %"
    english = set(re.findall(counted, (ROOT / "README.md").read_text(encoding="utf-8")))
    assert set(re.findall(counted, KOREAN.read_text(encoding="utf-8"))) <= english


def test_its_options_and_names_are_known_to_the_english_one():
    """What stands in code within a sentence stands in README.md as well, but for the choice of language."""
    english = (ROOT / "README.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```", "", KOREAN.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    unknown = {code for code in re.findall(r"`([^`]+)`", prose) if code not in english}
    assert unknown <= {"--language ko", "SENSITIVITY_LANGUAGE=ko", "--help", "verdict"}


@pytest.mark.parametrize("path", [ROOT / "README.md", KOREAN], ids=["english", "korean"])
def test_what_it_points_to_is_there(path):
    """Links and pictures, each way."""
    found = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert any(name.endswith("README.md") for name in found)
    assert all((path.parent / name).exists() for name in found)
