"""The explorer's data: rows of levels that add up to the tables, in a page that no name can break."""

import base64
import json
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sensitivity.files import csv_texts
from sensitivity.language import speaking
from sensitivity.measures.measuring import all_tables
from sensitivity.reading.opening import open_study
from sensitivity.reporting import explored_cells, explored_curves
from sensitivity.reporting.explored_cells import explored_rows
from sensitivity.reporting.explored_curves import explored_curves as curves_of
from sensitivity.reporting.explorer import explorer
from sensitivity.reporting.page import explorer_script
from sensitivity.request import Request
from sensitivity.study import Study
from sensitivity.words import level_text
from sweeps.space import FloatRange, Setting, Space, Variant

GOLD = Path(__file__).parents[2] / "gold"
INPUTS = {
    "factorial": {"path": "input/sweep"},
    "sobol": {"path": "input/sweep"},
    "stranger": {"path": "input/results.csv", "metric": "accuracy", "maximise": True},
}
NEEDED = ("pairs", "ranking", "isolation_curves", "tolerance")


def pooled(rows, inside):
    """Number, mean, sd and failed share of all trials of some rows, from their sums of squares."""
    count, mean = rows.count[inside], rows.mean[inside]
    total = count.sum()
    middle = (count * mean).sum() / total
    squares = np.where(count > 1, (count - 1) * np.nan_to_num(rows.sd[inside]) ** 2, 0.0)
    spread = squares.sum() + (count * (mean - middle) ** 2).sum()
    sd = np.sqrt(spread / (total - 1)) if total > 1 else np.nan
    return total, middle, sd, rows.failed[inside].sum() / total


@pytest.mark.parametrize("name", INPUTS)
def test_cells_of_every_pair_are_those_of_the_table_pairs(name):
    """Everything averaged gives mean, sd, trials and failed share; tuned the best configuration."""
    given = INPUTS[name]
    study = open_study(Request(**{**given, "path": GOLD / name / given["path"]}))
    table = pd.read_csv(GOLD / name / "tables" / "pairs.csv", dtype={"first_level": str, "second_level": str})
    rows = explored_rows(study, {"ranking": pd.read_csv(GOLD / name / "tables" / "ranking.csv")})
    names = [one.axis.name for one in rows.settings]
    table = table[(table["branch"] == "all")].set_index(["first", "first_level", "second", "second_level"])
    assert rows.left_out == 0
    seen = 0
    for first, one in enumerate(rows.settings):
        for second in range(first + 1, len(names)):
            other = rows.settings[second]
            for y, x in np.ndindex(len(one.axis), len(other.axis)):
                inside = np.flatnonzero((rows.level[:, first] == y) & (rows.level[:, second] == x))
                levels = [level_text_of(one.axis.levels[y]), level_text_of(other.axis.levels[x])]
                key = (names[first], levels[0], names[second], levels[1])
                if not len(inside):
                    assert key not in table.index
                    continue
                told = table.loc[key]
                seen += 1
                wanted = (told["trials"], study.sign * told["mean"], told["sd"], told["diverged_share"])
                assert pooled(rows, inside) == pytest.approx(wanted, rel=1e-6, abs=1e-9, nan_ok=True)
                first_row = int(inside[0])
                own = rows.count[first_row], rows.mean[first_row], rows.sd[first_row]
                best = rows.best.get(first_row, own)
                wanted = (told["replicates"], study.sign * told["best"], told["best_sd"])
                assert best == pytest.approx(wanted, rel=1e-6, abs=1e-9, nan_ok=True)
    assert seen == len(table)


def level_text_of(value):
    """A level as it stands in the CSV file."""
    return next(iter(csv_texts("level", pd.Series([value], dtype="object"))))


@pytest.fixture
def small(tabulate, setting):
    """Two by three cells with a third setting; every mean is known."""
    space = Space([setting("a", "p", "q"), setting("b", 1, 2, 3), setting("c", "x", "y")])

    def response(configuration, replicate):
        base = {"p": 0.1, "q": 0.3}[configuration["a"]] + 0.01 * configuration["b"]
        return base + (0.2 if configuration["c"] == "y" else 0.0) + 0.02 * replicate

    return Study(tabulate(space, response, 2), space, "error", 1.0)


def test_a_row_is_a_combination_of_levels_the_best_first(small):
    """Twelve rows of two trials: mean of the replicates, their spread, in the order of the means."""
    rows = explored_rows(small, {"ranking": pd.DataFrame({"setting": [], "rank": []})})
    assert [one.axis.name for one in rows.settings] == ["a", "b", "c"]
    assert rows.level[0].tolist() == [0, 0, 0]
    assert rows.mean[0] == pytest.approx(0.12)  # (0.11 + 0.13) / 2
    assert rows.sd[0] == pytest.approx(0.02 / np.sqrt(2))
    assert rows.count.tolist() == [2] * 12
    assert (np.diff(rows.mean) >= -1e-12).all()
    assert rows.best == {}


def test_settings_are_left_out_where_rows_would_be_too_many(small, monkeypatch):
    """The least important one goes; what its levels reached is kept as the best configuration of a row."""
    monkeypatch.setattr(explored_cells, "MOST_ROWS", 8)
    ranking = pd.DataFrame({"setting": ["c", "a", "b"], "rank": [1, 2, 3]})
    rows = explored_rows(small, {"ranking": ranking})
    assert [one.axis.name for one in rows.settings] == ["a", "c"]
    assert rows.left_out == 1
    assert rows.count.tolist() == [6] * 4
    assert rows.best[0] == pytest.approx((2, 0.12, 0.02 / np.sqrt(2)))
    assert rows.mean[0] == pytest.approx(0.13)  # over b = 1, 2, 3
    content = json.loads(explorer(small, {**all_tables(small, only=NEEDED), "ranking": ranking}))
    assert content["words"]["leftOut"] == (
        "The 2 settings that matter most can be chosen. "
        "The other one is tuned where all others are tuned, else averaged."
    )


def test_of_very_many_levels_the_rest_is_counted_together(tabulate, setting):
    """Forty levels with the best results stand for themselves; no trial is lost."""
    space = Space([setting("a", *(f"v{number:02}" for number in range(50))), setting("b", 1, 2)])
    trials = tabulate(space, lambda c, _: int(c["a"][1:]) + 0.1 * c["b"], 1)
    rows = explored_rows(Study(trials, space), {"ranking": pd.DataFrame({"setting": [], "rank": []})})
    assert rows.settings[0].others == 10
    assert rows.settings[0].texts == tuple(f"v{number:02}" for number in range(40))
    assert int(rows.count.sum()) == 100
    last = rows.level[:, 0] == 40
    assert sorted(rows.count[last].tolist()) == [10, 10]


@pytest.mark.parametrize("steps", [3, 200])
def test_curves_come_back_from_their_bytes(small, steps, monkeypatch):
    """A byte gives a curve back to three per cent of its height; first and last step are kept."""
    curves = {number: np.geomspace(0.9, 0.05 + 0.01 * number, steps).tolist() for number in range(24)}
    study = Study(small.trials, small.space, "error", 1.0, curves=curves)
    rows = explored_rows(study, {"ranking": pd.DataFrame({"setting": [], "rank": []})})
    found = curves_of(study, rows.trials)
    assert (found.steps[0], found.steps[-1], len(found.steps)) == (0, steps - 1, min(steps, 24))
    assert found.count == [2] * 12
    assert len(decoded(found)) == 24
    for one, trial in zip(decoded(found), np.concatenate(rows.trials).tolist(), strict=True):
        true = np.array(curves[int(study.plan["number"][trial])])[found.steps]
        assert one == pytest.approx(true, abs=0.003, rel=0.03)
    monkeypatch.setattr(explored_curves, "MOST_POINTS", 12)
    assert sum(curves_of(study, rows.trials).count) == 12  # one of each row


def decoded(curves):
    """Heights from the bytes, as the script reads them."""
    data = np.frombuffer(base64.b64decode(curves.data), dtype=np.uint8).reshape(-1, len(curves.steps))
    whole = np.log1p((curves.high - curves.low) / curves.soft)
    return curves.low + curves.soft * np.expm1(data / 255 * whole)


def test_no_curves_no_word_of_them(small):
    """Trials without curves have no part about curves."""
    assert json.loads(explorer(small, all_tables(small, only=NEEDED)))["curves"] is None


def test_nothing_to_explore(tabulate, setting, small):
    """One setting, or nothing but failures: no explorer, and no page says there is one."""
    one = Space([setting("a", 1, 2, 3)])
    study = Study(tabulate(one, lambda c, _: float(c["a"]), 2), one)
    assert explorer(study, all_tables(study, only=NEEDED)) == ""
    failed = small.trials.assign(outcome="diverged", value=1.0)
    study = Study(failed, small.space, "error", 1.0)
    assert explorer(study, all_tables(study, only=NEEDED)) == ""


def test_names_cannot_leave_the_data(tabulate, setting):
    """Ends of scripts, comments, line separators, half a pair: all come back, none as mark-up."""
    names = ["</script><b>", "<!--<script>", "\u2028\x7f\x00&amp;", "\ud800"]
    space = Space([setting(names[0], *names), setting("b", 1, 2)])
    study = Study(tabulate(space, lambda c, _: float(len(c[names[0]]) + c["b"]), 1), space)
    text = explorer(study, all_tables(study, only=NEEDED))
    assert not set("<>&\x7f\u2028\x00") & set(text)
    assert json.loads(text)["settings"][0]["levels"][:2] == names[:2]
    text.encode()


def test_every_word_is_said_in_korean_too(sweep_source):
    """The script's words come from the messages of the language."""
    study = sweep_source()
    tables = all_tables(study, only=NEEDED)
    english = json.loads(explorer(study, tables))["words"]
    with speaking("ko"):
        korean = json.loads(explorer(study, tables))["words"]
    assert set(english) == set(korean)
    same = {key for key in english if english[key] and english[key] == korean[key]}
    assert same <= {"metric", "rate", "fixedAt", "rateSaid", "failedOf"}
    for key, text in english.items():
        assert sorted(fields(text)) == sorted(fields(korean[key])), key


def test_the_script_says_every_word_it_is_given(sweep_source):
    """No word is handed over for nothing, and none is missing."""
    study = sweep_source()
    given = set(json.loads(explorer(study, all_tables(study, only=NEEDED)))["words"])
    page = files("sensitivity.reporting") / "templates" / "explorer.html.jinja"
    said = set(re.findall(r"\bwords\.(\w+)", re.sub("//.*", "", explorer_script())))
    assert given == said | set(re.findall(r'data-word="(\w+)"', page.read_text(encoding="utf-8")))


def fields(text):
    """What the script fills in."""
    return re.findall(r"\{\w+\}", text)


def test_the_slider_has_the_curves_and_bars_of_the_tables(sweep_source):
    """Every level of every optimizer, its median, and a bar that makes the good range of the tolerance."""
    study = sweep_source()
    tables = all_tables(study, only=NEEDED)
    rate = json.loads(explorer(study, tables))["rate"]
    curves = tables["isolation_curves"].query("setting == 'learning_rate' and branch != 'all'")
    bars = tables["tolerance"].query(
        "setting == 'learning_rate' and method == 're-tuned' and against == 'common bar'"
    )
    assert [branch["name"] for branch in rate["branches"]] == ["sgd", "adam"]
    for branch in rate["branches"]:
        own = curves[curves["branch"] == f"optimizer={branch['name']}"]
        for column in ("level", "best", "untuned", "diverged_share"):
            assert branch[column] == pytest.approx(own[column].astype(float).tolist(), rel=1e-8)
        told = bars[bars["branch"] == f"optimizer={branch['name']}"].iloc[0]
        good = [at for at, best in zip(branch["level"], branch["best"], strict=True) if best <= branch["bar"]]
        assert good
        assert told["from"] <= good[0] * (1 + 1e-9)
        assert told["to"] >= good[-1] * (1 - 1e-9)
        assert set(branch["level"]) <= set(rate["places"])
    best, cap = min(min(branch["best"]) for branch in rate["branches"]), 0.9
    assert rate["branches"][0]["bar"] == pytest.approx(best + 0.1 * (cap - best))


def test_the_median_over_the_rest_is_a_column_of_the_isolation_curves(sweep_source):
    """Half of the configurations at a rate do better: here the mean of the two batch sizes' means."""
    study = sweep_source(optimizers=("sgd",))
    table = all_tables(study, only=["isolation_curves"])["isolation_curves"]
    rows = table[(table["branch"] == "all") & (table["setting"] == "learning_rate")]
    means = study.plan.groupby(["learning_rate", "batch_size"])["value"].mean()
    wanted = means.groupby("learning_rate").median()
    assert rows["untuned"].tolist() == pytest.approx(wanted.tolist())


def test_numbers_stand_out_from_every_colour(small):
    """Contrast of at least 4.5 by the formula of WCAG 2.1, on each colour of the heatmaps."""
    look = json.loads(explorer(small, all_tables(small, only=NEEDED)))["look"]

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for colour, dark in zip(look["colours"], look["dark"], strict=True):
        low, high = sorted((luminance(colour), luminance(look["inks"][dark])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, colour


def test_bins_are_those_of_the_figures(tabulate, setting):
    """A continuous setting stands in ten bins: their middles at the grid, their ends in the reading."""
    space = Space([setting("a", 1, 2), Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True)),))])
    drawn = np.random.default_rng(0)
    grid = Space([setting("a", 1, 2), setting("rate", *(10.0 ** drawn.uniform(-4, 0, 60)))])
    trials = tabulate(grid, lambda c, _: c["a"] + c["rate"], 1)
    content = json.loads(explorer(Study(trials, space), all_tables(Study(trials, space), only=NEEDED)))
    rate = content["settings"][1]
    assert len(rate["levels"]) == 10
    assert rate["levels"][0] == level_text(1.6e-4)
    assert rate["whole"][0].startswith("1e-4 … ")


def test_the_slider_begins_at_the_best_value(tabulate, setting):
    """Where a branch has no result at some values, too; words without a rest where there is none to tune."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-3, 1.0, log=True, levels=4)),))
    space = Space([setting("optimizer", "a", "b"), rate])
    trials = tabulate(space, lambda c, _: abs(np.log10(c["learning_rate"]) + 1) + (c["optimizer"] == "a"), 2)
    untried = (trials["optimizer"] == "a") & (trials["learning_rate"] > 0.5)
    study = Study(trials[~untried].reset_index(drop=True), space)
    content = json.loads(explorer(study, all_tables(study, only=NEEDED)))
    assert content["rate"]["places"][content["rate"]["start"]] == pytest.approx(0.1)
    assert not content["choosable"]
    assert content["words"]["withTuned"] == ""
    assert "other settings" not in content["words"]["rateLead"]
    assert [one["axis"] for one in content["settings"]] == ["optimizer", "learning rate (log)"]
    assert content["words"]["rateEnds"] == "From 0.001 to 1, on a logarithmic scale."
