"""What every entry of PICTURES keeps, and that a new picture is its file and nothing else."""

import re
import sys
from contextlib import closing
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.measures.registry import MEASURES, TABLES
from sensitivity.pictures import picturing, saving
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.picturing import PICTURES, draft_of, files_of, pictures_of
from sensitivity.pictures.saving import Rendered, inline_svg
from sensitivity.study import Study
from sensitivity.trials import DRAWS, trials_table
from sweeps.seeds import crossed
from sweeps.space import Choices, FloatRange, Setting, Space, Variant
from sweeps.trial import FinishedTrial, PlannedTrial

RATE = Setting("learning_rate", (Variant(FloatRange(1e-3, 1.0, log=True, levels=4)),))
HOSTILE = ("<script>alert(1)</script>", "$x^2_{", "a\"b'\n&c", "long " * 60 + "name", "학습률")
SVG = "{http://www.w3.org/2000/svg}"


pytestmark = pytest.mark.usefixtures("few_trees")


@pytest.fixture(scope="module", autouse=True)
def few_dots():
    """Small pictures: nobody looks at them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving, "DOTS_PER_INCH", 40)
        yield


def listed(name, *values):
    """Setting with a list of values."""
    return Setting(name, (Variant(Choices(values)),))


def study_of(settings, replicates=2, most=None, name="toy"):
    """Study of a grid: a bowl over the learning rate, fast ones diverge in part; a curve for each."""
    space = Space(settings)
    rng = np.random.default_rng(0)
    finished, curves = [], {}
    for replicate in range(replicates):
        for configuration in space.grid():
            rate = configuration.get("learning_rate", 0.1)
            places = [list(map(str, each.variants[0].domain.level_values())) for each in space.settings]
            effect = sum(
                levels.index(str(configuration[each.name])) / (k + 1)
                for k, (each, levels) in enumerate(zip(space.settings, places, strict=True))
            )
            value = 0.1 + 0.05 * np.log10(rate / 0.1) ** 2 + 0.02 * effect + 0.002 * rng.random()
            lost = rate > 0.5 and rng.random() < 0.5
            value = 0.9 if lost else value
            metrics = {"validation_error": value, "validation_loss": 2 * value, "training_loss": value}
            curve = [0.9, 0.9] if lost else [0.9, (0.9 + value) / 2, value]
            number = len(finished)
            planned = PlannedTrial(number, configuration, replicate, "plan")
            outcome = "diverged" if lost else "trained"
            own = {"validation_error": curve}
            finished.append(
                FinishedTrial(planned, outcome, value, 1.5 if lost else None, metrics, metrics, own, 0.1)
            )
            curves[number] = curve
    trials = trials_table(finished[:most], space.names, 0.9, 2, 0.2)
    return Study(trials, space, "validation error", cap=0.9, name=name, curves=curves)


def everything():
    """All that any picture is about: settings of ours, divergence, curves, replicates, crossed ones too."""
    study = study_of(
        [
            listed("optimizer", "momentum", "adam"),
            RATE,
            listed("beta", 0.5, 0.9),
            listed("batch_size", 16, 64),
            listed("schedule", "constant", "one_cycle"),
        ],
        replicates=9,
    )
    draws = np.array([crossed(replicate, 3) for replicate in study.trials["replicate"]])
    phase = np.where(study.trials["replicate"] < 3, "plan", "crossed")
    columns = {**dict(zip(DRAWS, draws.T, strict=True)), "phase": pd.Series(phase, dtype="str")}
    return replace(study, trials=study.trials.assign(**columns))


def hostile():
    """Names and levels of a stranger who means harm, or writes at length."""
    settings = [
        listed(HOSTILE[3], *HOSTILE[:3]),
        listed(HOSTILE[0], *HOSTILE),
        RATE,
        listed(HOSTILE[1], 1, 2),
    ]
    return study_of(settings, name=HOSTILE[0])


STUDIES = {
    "everything": everything,
    "one branch": lambda: study_of([listed("optimizer", "adam"), RATE, listed("beta", 0.5, 0.9)]),
    "one setting": lambda: study_of([RATE]),
    "no setting": lambda: study_of([], replicates=3),
    "one trial": lambda: study_of([listed("optimizer", "sgd", "adam"), RATE], most=1),
    "no trial": lambda: study_of([listed("optimizer", "sgd", "adam"), RATE], most=0),
    "one replicate": lambda: study_of([listed("optimizer", "sgd", "adam"), RATE, listed("x", 1, 2)], 1),
    "hostile names": hostile,
}


@cache
def measured(case):
    """Study of a case and its tables."""
    study = STUDIES[case]()
    return study, all_tables(study)


@cache
def files(case, name):
    """A picture of a case as files, or why there is none; a PDF, which takes longest, of hostile names."""
    draft = draft_of(name, *measured(case))
    if isinstance(draft, NothingToDraw):
        return draft
    with closing(draft):
        return replace(draft.files, png=draft.png(), pdf=draft.pdf() if case == "hostile names" else None)


def sentence(reason):
    """Whether a reason can stand in the page: one line with words, without a full stop."""
    text = str(reason)
    return bool(text.strip()) and "\n" not in text and not text.endswith(".")


def test_pictures_come_in_the_order_of_their_measures():
    """Each belongs to a measure that there is, is named as its module, and has a place of its own."""
    order = [measure.name for measure in MEASURES]
    places = [(order.index(picture.measure), picture.place) for picture in PICTURES.values()]
    assert places == sorted(set(places))
    assert [one for name in order for one in pictures_of(name)] == list(PICTURES.values())
    for name, picture in PICTURES.items():
        assert sys.modules[f"sensitivity.pictures.{name}"].PICTURE is picture
        assert re.fullmatch("[a-z_]+", name)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("case", STUDIES)
def test_every_picture_is_drawn_or_says_why_not(case, name):
    """Whatever the trials: files that are what they say, or a reason in words; never an exception."""
    made = files(case, name)
    if isinstance(made, NothingToDraw):
        assert case != "everything", str(made)
        assert sentence(made)
        return
    assert isinstance(made, Rendered)
    assert case not in {"no trial", "no setting"}
    assert made.png.startswith(b"\x89PNG")
    assert ET.fromstring(made.svg.encode()).tag == f"{SVG}svg"  # noqa: S314 (our own)
    assert "\n" not in made.title
    assert made.caption.endswith((".", "%"))
    assert "  " not in made.caption
    assert made.pdf is None or made.pdf.startswith(b"%PDF")
    assert made.text.startswith(f"{made.title}\n\n{made.caption}\n\n")


@pytest.mark.parametrize("name", PICTURES)
def test_marked_tables_give_their_reason(name):
    """Where no measure knows a number, no picture is drawn, and the reason is a sentence."""
    study, _ = measured("everything")
    why = NO_TRIALS()
    made = files_of(name, study, {table: marked(table, study, why) for table in TABLES})
    assert isinstance(made, NothingToDraw)
    assert sentence(made)


@pytest.mark.parametrize("name", PICTURES)
def test_no_name_becomes_an_element(name):
    """What a stranger calls a setting is text in an SVG, in a file as in the page."""
    made = files("hostile names", name)
    for svg in (made.svg, inline_svg(made, "p-")) if isinstance(made, Rendered) else ():
        found = {element.tag for element in ET.fromstring(svg.encode()).iter()}  # noqa: S314 (our own)
        assert f"{SVG}script" not in found
        assert "<script>alert" not in svg


def test_hostile_names_are_drawn():
    """The case of hostile names is no empty promise: most pictures have something to draw there."""
    drawn = [name for name in PICTURES if isinstance(files("hostile names", name), Rendered)]
    assert {"ranking", "decomposition", "pair_matrix", "tunability", "divergence_map"} <= set(drawn)


def test_a_new_picture_is_one_file(tmp_path, monkeypatch):
    """A module with a PICTURE in the package is found, at its place behind those of its measure."""
    text = (
        "from sensitivity.pictures.picture import NothingToDraw, Picture\n"
        "def picture(study, tables):\n"
        "    raise NothingToDraw('there is nothing new')\n"
        "PICTURE = Picture('something_new', 'ranking', picture, place=9)\n"
    )
    (tmp_path / "something_new.py").write_text(text, encoding="utf-8")
    package = sys.modules["sensitivity.pictures"]
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    found = picturing._found()
    monkeypatch.delitem(sys.modules, "sensitivity.pictures.something_new")
    monkeypatch.delattr(package, "something_new")
    assert [picture.name for picture in found][:2] == ["ranking", "something_new"]
    assert len(found) == len(PICTURES) + 1
    assert str(found[1].draft(*measured("one trial"))) == "there is nothing new"
