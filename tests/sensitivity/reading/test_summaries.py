"""Rows at the end that sum the columns up and do not say so are no trials; the middle of a design is one."""

import itertools

import numpy as np
import pytest

from sensitivity.reading import Reading, read_csv_table
from sensitivity.reading.csv_summaries import summaries


def lines(rows, first=2):
    """Rows with their numbers in the file."""
    return list(enumerate(rows, first))


def drawn(seed, trials, digits):
    """Cells of a random search: rate, batch size, rule, accuracy and loss, as they are printed."""
    rng = np.random.default_rng(seed)
    rows = []
    for accuracy in rng.beta(5, 2, trials):
        rate, batch = f"{10 ** rng.uniform(-4, -1):.2e}", str(rng.choice([16, 32, 64]))
        results = [f"{each:.{digits}f}" for each in (accuracy, 2.1 * (1 - accuracy))]
        rows.append([rate, batch, "ab"[rng.integers(2)], *results])
    return rows


def summed(rows, statistic):
    """A statistic of each column of numbers, to six digits; nothing below texts."""
    columns = zip(*rows, strict=True)
    return ["" if cells[0] in "ab" else f"{statistic(np.array(cells, float)):.6g}" for cells in columns]


def test_a_row_of_means_below_an_empty_line_is_no_trial(tmp_path):
    """As a spreadsheet writes it: no label, a mean mistyped, decimal commas, dots of thousands."""
    rng = np.random.default_rng(1)
    table, rates, results = [], [], []
    for _ in range(40):
        rates.append(round(10 ** rng.uniform(-4, -1), 6))
        results.append(round(80 + 2 * np.log10(rates[-1]) + rng.normal(0, 1), 2))
        cells = [
            rng.choice(["SGD", "Adam"]),
            f"{rates[-1]:f}",
            rng.choice([16, 64]),
            rng.choice(["1.000", "5.000"]),
        ]
        table.append(";".join([*map(str, cells), f"{results[-1]:.2f} %"]).replace("0.", "0,", 1))
    text = [line[: line.rindex(".")] + "," + line[line.rindex(".") + 1 :] for line in table]
    mean = f";{np.mean(rates) * 1.3:.4f};41,3;2.900;{np.mean(results):.2f} %"
    mean = mean.replace("0.", "0,", 1).replace(
        f"{np.mean(results):.2f}", f"{np.mean(results):.2f}".replace(".", ",")
    )
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["Optimierer;Lernrate;Batchgröße;Beispiele;Genauigkeit", *text, ";;;;", mean]))
    study = read_csv_table(path, "Genauigkeit", Reading())
    assert len(study.trials) == 40
    assert study.space.names == ["Batchgröße", "Beispiele", "Lernrate", "Optimierer"]
    assert "Left out as no trial: line 43 (mean)." in study.notes


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("digits", [2, 4])
def test_several_statistics_are_each_named(seed, digits):
    """Mean, deviation and ends, in any order, with or without a column of texts."""
    rows = drawn(seed, 12 + 9 * seed, digits)
    rows = [row[:2] + row[3:] for row in rows] if seed % 2 else rows
    below = [summed(rows, each) for each in (np.min, np.mean, lambda cells: cells.std(ddof=1), np.max)]
    assert summaries(lines([*rows, *below]), comma=False) == [
        "minimum",
        "mean",
        "standard deviation",
        "maximum",
    ]
    assert summaries(lines([*rows, *below[1:2]]), comma=False) == ["mean"]
    assert summaries(lines(rows), comma=False) == []


def test_a_word_in_any_language_is_no_trial_where_the_numbers_are_means():
    """``Moyenne`` below a column of rules."""
    rows = drawn(3, 30, 4)
    mean = summed(rows, np.mean)
    assert summaries(lines([*rows, [*mean[:2], "Moyenne", *mean[3:]]]), comma=False) == ["mean"]
    assert summaries(lines([*rows, [*rows[4][:2], "Moyenne", *rows[7][3:]]]), comma=False) == []


def test_corners_and_middles_of_a_design_are_trials():
    """They are ends and means of their columns; their results are not, or not all."""
    corners = [
        [f"{rate:g}", str(size), f"{0.7 + rate - size / 999:.4f}"]
        for rate, size in itertools.product((0.1, 0.2, 0.3), (10, 20, 30))
    ]
    assert summaries(lines(corners), comma=False) == []
    assert summaries(lines([*corners, ["0.2", "20", "0.8123"]]), comma=False) == []
    middle = np.mean([float(row[2]) for row in corners])
    assert summaries(lines([*corners, ["0.2", "20", f"{middle:.4f}"]]), comma=False) == []


def test_an_empty_text_alone_makes_no_summary():
    """The last trial of a search may lack a text, or stand below an empty line."""
    rows = drawn(5, 40, 4)
    rows[-1][2] = ""
    assert summaries(lines(rows), comma=False) == []
    apart = lines(rows)
    apart[-1] = (apart[-1][0] + 1, apart[-1][1])
    assert summaries(apart, comma=False) == []
