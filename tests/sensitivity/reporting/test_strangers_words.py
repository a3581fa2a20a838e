"""A page about somebody else's trials: their names as they are, no default and no subject that they lack."""

import re

import numpy as np
import pandas as pd
import pytest

from sensitivity.branch import words
from sensitivity.language import say
from sensitivity.measures.measuring import all_tables
from sensitivity.pictures import ranking
from sensitivity.pictures.turning import finished
from sensitivity.reading import Reading, read_csv_table
from sensitivity.reporting.building import build
from sensitivity.reporting.glossary import glossary
from sensitivity.study import Study
from sweeps.space import Space


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("svc__C", "svc__C"),
        ("pipe__svc__C", "pipe__svc__C"),
        ("_private", "_private"),
        ("x_", "x_"),
        ("weight_decay", "weight decay"),
        ("a_b__c", "a b__c"),
    ],
)
def test_a_label_has_no_double_space(name, label):
    """Two underscores part what scikit-learn nests; one is a space."""
    assert words(name) == label


def table(path, **more):
    """A grid of a rate and a batch size, in which the middle is none of the tool's defaults."""
    levels = [[1e-4, 1e-3, 1e-2, 1e-1, 1.0], [8, 32, 128, 512, 2048]]
    found = pd.MultiIndex.from_product(levels, names=["learning_rate", "batch_size"]).to_frame(index=False)
    noise = np.random.default_rng(2).normal(0, 0.05, len(found))
    result = (np.log10(found["learning_rate"]) + 1.5) ** 2 + 0.1 * np.log2(found["batch_size"]) + noise
    found.assign(rmse=result, **more).to_csv(path / "t.csv", index=False)
    return read_csv_table(path / "t.csv", "rmse", Reading(minimise=True))


def test_the_reference_of_a_stranger_is_the_middle(tmp_path):
    """A batch size of 32 is the tool's default, nobody else's."""
    found = all_tables(table(tmp_path), only=["tunability"])["tunability"]
    start = found.dropna(subset="default").drop_duplicates("setting").set_index("setting")["default"]
    assert start.to_dict() == {"batch_size": 128, "learning_rate": 0.01}


def test_the_glossary_speaks_of_what_there_is(tmp_path):
    """No seed, divergence or optimizer where the trials have none."""
    study = table(tmp_path)
    text = study.spoken(str(glossary(study)))
    assert "configuration" in text
    assert not re.search("seed|diverg|optimizer|network|weights|minibatch", text)


def test_branches_of_a_stranger_are_named_as_theirs(tmp_path):
    """Who has solvers reads of solvers."""
    study = table(tmp_path, solver=["a", "b", "a", "a", "b"] * 5)
    meanings = {word.name: word.meaning for word in glossary(study)}
    assert meanings["branch"] == "all trials, or those of one solver"


def test_no_default_is_spoken_of(tmp_path):
    """The section says what it takes as the reference."""
    study = table(tmp_path)
    report = build(study, all_tables(study), {})
    section = next(each for each in report.sections if each.anchor == "tunability")
    assert "reference" in str(section)
    assert not re.search(r"\b[Dd]efaults?\b", section.question + section.how_to_read)


def test_without_replicates_nothing_is_said_of_them(tmp_path):
    """Every configuration once: no noise of replicates, no share that a replicate or a seed explains."""
    study = table(tmp_path)
    tables = all_tables(study)
    text = study.spoken(str(build(study, tables, {})))
    assert "above the noise" in text
    assert not re.search("noise of the (seed|replicate)|(seed|replicate) alone", text)
    drawn = finished(ranking.picture(study, tables), study)
    assert "Dashed: noise or misfit" in drawn.caption
    assert study.spoken("noise of the seed") == study.spoken("seed") == "noise or misfit"


def test_nobody_told_us_of_a_seed(tmp_path):
    """With replicates or without, the noise of somebody's table is called noise: here it is twice over."""
    study = table(tmp_path)
    twice = pd.concat([pd.read_csv(tmp_path / "t.csv")] * 2)
    twice.assign(rmse=twice["rmse"] + np.tile([0.01, -0.01], len(twice) // 2)).to_csv(
        tmp_path / "u.csv", index=False
    )
    again = read_csv_table(tmp_path / "u.csv", "rmse", Reading(minimise=True))
    said = "above the noise of the seed"
    assert study.spoken(said) == "above the noise"
    assert again.spoken(said) == "above the noise"


@pytest.mark.parametrize(("replicates", "said"), [(1, "above the noise"), (2, "above the noise of the seed")])
def test_our_own_sweep_of_one_replicate_knows_no_noise_of_the_seed(tabulate, setting, replicates, said):
    space = Space([setting("x", 1, 2, 3), setting("y", 1, 2)])
    study = Study(tabulate(space, lambda c, r: c["x"] + 0.1 * r, replicates), space, "validation error")
    assert study.spoken("above the noise of the seed") == said


def test_marks_of_what_diverged_are_a_sentence():
    """With a verb, everywhere the same."""
    assert say("captions.hatched").startswith("Hatched: 10 % or more of the cell's trials diverged, ")


def test_where_all_failed_nothing_is_best(tmp_path):
    """No value is called the best one, and the only section is that of failures."""
    (tmp_path / "f.csv").write_text("a,b,loss\n" + "".join(f"{x},{x % 3},\n" for x in range(12)))
    study = read_csv_table(tmp_path / "f.csv", "loss", Reading(minimise=True, settings=("a", "b")))
    tables = all_tables(study)
    assert tables["ranking"]["value_in_best_configuration"].isna().all()
    assert [section.anchor for section in build(study, tables, {}).sections] == ["divergence"]


def test_without_a_learning_rate_none_is_spoken_of(tmp_path):
    """Nor of failures where none failed, nor of sections of ours that are not there."""
    levels = pd.MultiIndex.from_product([[1, 2, 4, 8], [16, 32, 64]], names=["rank", "alpha"])
    found = levels.to_frame(index=False)
    found.assign(f1=found["rank"] + 0.1 * found["alpha"]).to_csv(tmp_path / "g.csv", index=False)
    study = read_csv_table(tmp_path / "g.csv", "f1", Reading(maximise=True))
    report = build(study, all_tables(study), {})
    text = " ".join(f"{one.title} {one.question} {one.how_to_read}" for one in report.sections)
    assert not re.search("learning rate|network|train|optimizer", text)
    assert "divergence" not in [section.anchor for section in report.sections]
    assert not any("Left out" in note for note in report.notes)
