"""Words of a picture's file: where their lines end."""

from sensitivity.pictures.saving import wrapped


def test_no_line_ends_before_a_per_cent_sign():
    """At every width a number keeps its sign, and not a letter is added or lost."""
    text = "Whiskers and brackets: 95 % intervals. Hatched: 10 % of the trials or more."
    for width in range(10, 80):
        lines = wrapped(text, width).split("\n")
        assert not [line for line in lines if line.startswith("%")]
        assert " ".join(lines) == text
        assert max(map(len, lines)) <= width
