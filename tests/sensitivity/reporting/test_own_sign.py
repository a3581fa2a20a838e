"""Of a maximised metric everything is shown as the metric has it, and of anybody's trials in their words."""

import html
import re

import numpy as np
import pandas as pd
import pytest

from sensitivity.language.marks import bare
from sensitivity.measures.measuring import all_tables
from sensitivity.pictures.picturing import files_of
from sensitivity.pictures.turning import turned_text
from sensitivity.reading import Reading, read_csv_table
from sensitivity.reporting.building import build
from sensitivity.reporting.decision import decision
from sensitivity.reporting.first import first_screen
from sensitivity.reporting.shown import in_own_sign
from sensitivity.words import of_any_trials


@pytest.fixture(scope="module")
def forest(tmp_path_factory):
    """Accuracies between 0.8 and 0.94 of thirty configurations, three folds each; some failed."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"C": 10 ** rng.uniform(-2, 2, 30), "kernel": rng.choice(["rbf", "poly"], 30)})
    table = table.loc[table.index.repeat(3)].reset_index(drop=True)
    table["fold"] = np.arange(90) % 3
    accuracy = 0.93 - 0.02 * np.log10(table["C"]) ** 2 - 0.03 * (table["kernel"] == "poly")
    table["accuracy"] = (accuracy + rng.normal(0, 0.004, 90)).where(table["C"] < 40)
    path = tmp_path_factory.mktemp("forest") / "forest.csv"
    table.to_csv(path, index=False)
    study = read_csv_table(path, "accuracy", Reading(failed="diverged"))
    return study, all_tables(study), table


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("isolation_curves", ["best", "low", "high"]),
        ("best_after_k", ["best", "decile_10", "decile_90"]),
        ("pairs", ["best", "mean"]),
        ("ranking", ["best_level_mean", "worst_level_mean", "worst_level_retuned"]),
        ("moving_optimum", ["response"]),
    ],
)
def test_tables_have_the_metrics_own_sign(forest, name, columns):
    """Every response lies among the accuracies, and lower ends below upper ones; the measure is untouched."""
    study, tables, raw = forest
    found = in_own_sign(name, tables[name], study)
    numbers = found[columns].to_numpy(dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    assert len(numbers)
    assert raw["accuracy"].min() - 0.05 < numbers.min() <= numbers.max() < raw["accuracy"].max() + 0.05
    for low, high in (("low", "high"), ("decile_10", "decile_90")):
        if low in found and high in found and name != "moving_optimum":
            known = found[[low, high]].dropna()
            assert (known[low] <= known[high]).all()
    assert float(tables[name][columns[0]].min()) < 0


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    """Accuracies of two optimizers at nine rates, two seeds: adam reaches 0.95 and sgd 0.90."""
    rng = np.random.default_rng(4)
    cells = pd.MultiIndex.from_product(
        [["adam", "rmsprop", "sgd"], 10.0 ** np.arange(-4, 0.5, 0.5), [0, 1]],
        names=["optimizer", "learning_rate", "seed"],
    )
    table = cells.to_frame(index=False)
    best = table["optimizer"].map({"adam": 0.95, "rmsprop": 0.93, "sgd": 0.90})
    table["accuracy"] = (
        best - 0.04 * (np.log10(table["learning_rate"]) + 2) ** 2 + rng.normal(0, 1e-3, len(table))
    )
    path = tmp_path_factory.mktemp("tuned") / "tuned.csv"
    table.to_csv(path, index=False)
    study = read_csv_table(path, "accuracy", Reading())
    return study, all_tables(study)


def test_a_table_of_several_quantities_turns_those_of_the_response(tuned):
    """Best accuracies read 0.95 and their difference 0.05 upward; decades in the same columns stay."""
    study, tables = tuned
    raw, found = (
        table.set_index(["quantity", "one", "other"])
        for table in (
            tables["optimizer_differences"],
            in_own_sign("optimizer_differences", tables["optimizer_differences"], study),
        )
    )
    best = found.loc[("best", "optimizer=adam", "optimizer=sgd")]
    assert best["value"] == pytest.approx(0.95, abs=0.005)
    assert best["other_value"] == pytest.approx(0.90, abs=0.005)
    assert best["difference"] == pytest.approx(best["value"] - best["other_value"])
    assert 0 < best["low"] < best["difference"] < best["high"]
    assert best["better"] == "optimizer=adam"
    others = raw.index.get_level_values("quantity") != "best"
    assert others.any()
    pd.testing.assert_frame_equal(found[others], raw[others])


def test_the_page_compares_the_best_optimizer_in_its_own_sign(tuned):
    """The excerpt holds the pairs of adam, the best, not those of the lowest accuracy."""
    study, tables = tuned
    shown = [table for section in build(study, tables, {}).sections for table in section.tables]
    table = next(one for one in shown if one.name == "optimizer_differences")
    heads = [head.name for head in table.columns]
    rows = [dict(zip(heads, (cell.text for cell in row), strict=True)) for row in table.rows]
    best = [row for row in rows if row["quantity"] == "best"]
    assert [row["other"] for row in best] == ["rmsprop", "sgd"]
    assert [round(float(row["value"]), 2) for row in best] == [0.95, 0.95]
    assert [round(float(row["other_value"]), 2) for row in best] == [0.93, 0.9]


def test_the_page_says_accuracies_and_nothing_of_networks(forest):
    """No −0.9, no seed, no diverged trial: trees have none."""
    study, tables, _ = forest
    pictures = {name: files_of(name, study, tables) for name in ("best_after_k", "pair_matrix", "among_best")}
    report = build(study, tables, pictures)
    svgs = [figure.svg for section in report.sections for figure in section.figures]
    assert len(svgs) == 3
    text = html.unescape(re.sub(r"<[^>]+>", "\n", "\n".join(svgs)))
    cells = [
        cell.text
        for section in report.sections
        for table in section.tables
        for row in table.rows
        for cell in row
    ]
    captions = [figure.caption for section in report.sections for figure in section.figures]
    whole = [*text.split("\n"), *cells, *captions, *report.answer]
    assert not [line for line in whole if re.match(r"\[?[-−]0\.[89]", line.strip())]
    assert not [
        line for line in whole if re.search(r"\bseed|(?<!--failed )diverg|−accuracy|lower is better", line)
    ]
    assert any(re.match(r"0\.9\d", line.strip()) for line in text.split("\n"))
    assert any("Higher accuracy is better." in caption for caption in captions)
    assert any("of 90 trials failed" in bare(sentence) for sentence in report.answer)


def test_the_best_of_folds_is_that_of_their_mean(forest):
    """One lucky fold is no best trial."""
    study, tables, raw = forest
    means = raw.groupby("C")["accuracy"].mean()
    said = first_screen(study, decision(study, tables, ())).best[0]
    assert said.head == "Best configuration"
    assert "mean of 3 runs" in said.result
    assert float(re.search(r"accuracy ([\d.]+)", said.result)[1]) == pytest.approx(means.max(), abs=1e-3)


TURNED = {"−0.93": "0.93", "12": "−12", "2.": "−2.", "1.5e−5": "−1.5e−5"}
KEPT = ("±0.1", "5 %", "0", "1.2.3", "−.")


@pytest.mark.parametrize(("text", "turned"), [*TURNED.items(), *((text, text) for text in KEPT)])
def test_only_numbers_are_turned(text, turned):
    """A spread, a share and a word stay as they are."""
    assert turned_text(text) == turned


def test_a_strangers_own_words_stay():
    """Whoever has a setting called seed_rate, or a level "diverged", reads it as it is called."""
    text = "seed_rate: 3 trials diverged, above the noise of the seed; --failed diverged"
    assert of_any_trials(text, "seed_rate") == text.replace("trials diverged", "trials failed")
    assert of_any_trials(text, "x\ndiverged").endswith(
        "3 trials diverged, above the noise; --failed diverged"
    )


def test_the_row_of_the_noise_is_called_noise():
    """Beside the row of the replicate there is none of another replicate."""
    assert of_any_trials("seed", "") == of_any_trials("seed (noise)", "") == "noise"
    assert of_any_trials("split and seed", "") == "replicate"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "The seed alone explains 91 %; compare several seeds.",
            "The noise alone explains 91 %; compare several replicates.",
        ),
        ("nothing else is told from the noise of the seed", "nothing else is told from the noise"),
        (
            "with two seeds or another seed: the luck of the seed",
            "with two replicates or another replicate: the luck",
        ),
        ("In brackets: 95 % intervals (seed and grid).", "In brackets: 95 % intervals (noise and grid)."),
        (
            "what diverges, or diverged, may diverge; diverging is divergence",
            "what fails, or failed, may fail; failing is failure",
        ),
    ],
)
def test_noise_is_called_noise_and_another_try_a_replicate(ours, theirs):
    """What chance does is no replicate's: replicates may explain nothing, or there are none."""
    assert of_any_trials(ours, "") == theirs
