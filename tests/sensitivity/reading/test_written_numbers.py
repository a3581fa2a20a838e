"""Numbers as people and tools write them: powers, spreads, units, thousands, other encodings."""

import itertools
import math

import pytest

from sensitivity.reading import Reading, read_csv_table
from sensitivity.reading.cells import column, number
from sensitivity.reading.directions import higher_is_better
from sensitivity.study import Study
from sensitivity.vocabulary import is_clock, is_result


def read(path, text, metric, **options):
    """Study of a file with this text or these bytes."""
    (path / "t.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv_table(path / "t.csv", metric, Reading(**options))


def domain(study: Study, name):
    """Domain of a setting."""
    return next(each for each in study.space.settings if each.name == name).variants[0].domain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2^-5", 0.03125),
        ("2**3", 8),
        ("10^(-3)", 0.001),
        ("3 x 10^-4", 3e-4),
        ("76.6 ± 0.3", 76.6),
        ("76.6 ± 0.3 %", 0.766),
        ("0.75 (0.02)", 0.75),
        ("0.9 +/- 0.1", 0.9),
        ("12 345", 12345),
        ("1'000", 1000),
        ("−3", -3),
        ("9^999", None),
        ("f(3)", None),
        ("(64, 64)", None),
        ("3 (x)", None),
        ("1+2", None),
    ],
)
def test_a_number_is_read_however_it_is_written(text, value):
    """Powers, a mean with its spread, blanks between thousands; a text with figures stays a text."""
    assert number(text) == value


def test_units_and_multiples():
    """Thousands are multiplied out; one unit behind many numbers is dropped, behind a few it is shown."""
    assert column(["1k", "2k", "512", "", "1.5M"]).values == [1000, 2000, 512, None, 1_500_000]
    many = [f"{place / 2} ms" for place in range(12)]
    assert column(many).values == [place / 2 for place in range(12)]
    assert column(["10 px", "20 px"] * 3).values[:2] == ["10 px", "20 px"]
    assert column([f"{place} s" for place in range(12)] + ["3 min"]).numeric is False
    assert column(["1M", "v2"]).values == ["1M", "v2"]


def test_powers_are_a_grid_on_a_log_scale(tmp_path):
    """As a support vector machine's manual writes them."""
    grid = itertools.product(range(-5, 10, 2), range(-9, 2, 2))
    rows = [f"2^{c},2^{g},{95 - (c - 3) ** 2 - 0.1 * (g + 5) ** 2}%" for c, g in grid]
    study = read(tmp_path, "\n".join(["C,gamma,accuracy", *rows]), "accuracy")
    assert domain(study, "C").log
    assert domain(study, "gamma").level_values()[0] == 2**-9
    assert -study.trials["value"].min() == pytest.approx(0.95)


def test_a_sheet_of_excel_in_german(tmp_path):
    """Windows' letters, a title, dots between thousands, a mean at the end."""
    grid = itertools.product(["0,001", "0,01", "0,1"], ["512", "1.024", "2.048"], "ab")
    rows = [f"{rate};{units};{kind};{len(units) + len(rate)},5 %" for rate, units, kind in grid]
    text = "\n".join(["Größen;;;", "Lernrate;Neuronen;Bauart ü;Fehler", *rows, "Mittelwert;;;9,5 %"])
    study = read(tmp_path, text.encode("cp1252"), "Fehler")
    assert domain(study, "Neuronen").level_values() == (512, 1024, 2048)
    assert study.space.names == ["Bauart ü", "Lernrate", "Neuronen"]
    assert "The file is not in UTF-8; it was read as cp1252." in study.notes
    decimal = read(tmp_path, text.replace("1.024", "1.25").replace("2.048", "2.5").encode(), "Fehler")
    assert domain(decimal, "Neuronen").level_values() == (1.25, 2.5, 512)


def test_a_table_in_markdown(tmp_path):
    """The rule beneath its header is no trial, the bars at its ends make no columns."""
    grid = itertools.product(["1e-4", "3e-4", "1e-3", "3e-3"], ["256", "512"], ["1k", "4k"])
    rows = [f"| {a} | {b} | {c} | {math.log(float(a)) + int(b) ** 0.5:.3f} |" for a, b, c in grid]
    study = read(tmp_path, "\n".join(["| lr | width | ctx | ppl |", "|:--|---:|----|:-:|", *rows]), "ppl")
    assert study.space.names == ["ctx", "lr", "width"]
    assert len(study.trials) == 16
    assert not study.read.left_out


@pytest.mark.parametrize(
    ("name", "higher"),
    [
        ("Top-1 (%)", True),
        ("top5 error", False),
        ("P@10", True),
        ("classif.ce", False),
        ("Rsquared", True),
        ("mAP50", True),
        ("accuracy_drop", None),
        ("error reduction", None),
    ],
)
def test_directions_of_other_fields(name, higher):
    """A drop of an accuracy says neither."""
    assert higher_is_better(name) is higher


def test_spreads_and_throughputs_are_no_settings():
    """R's standard deviations are results, and so many samples per second a cost."""
    assert is_result("RMSESD")
    assert is_result("RsquaredSD")
    assert is_clock("train_samples_per_second")
    assert is_clock("eval_steps_per_sec")
    assert not is_clock("steps_per_epoch")
    assert not is_clock("time_limit")


@pytest.mark.parametrize(
    ("name", "higher"),
    [("Verlust", False), ("Erreur de validation", False), ("Pérdida", False), ("Güte Validierung", True)],
)
def test_results_in_other_languages_say_which_way_is_better(name, higher):
    """German, French, Spanish."""
    assert higher_is_better(name) is higher
