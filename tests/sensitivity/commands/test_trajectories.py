"""The command that shows update rules on surfaces: its files, its table, what it refuses."""

import re

import pandas as pd
import pytest
from PIL import Image

from sensitivity.commands.help import HELP
from sensitivity.language import speaking
from sensitivity.pictures import moving_trajectories, saving
from sensitivity.pictures.moving_trajectories import FRAMES, HELD, frame_steps
from sensitivity.pictures.saving import KINDS
from sensitivity.pictures.trajectories import label_of, leap_words, rate_words, tuned_mark
from sweeps.surfaces import SURFACES
from sweeps.trajectories import follow

QUICK = ("--optimizer", "sgd", "--optimizer", "momentum", "--steps", "12")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Few dots: nobody looks at the pictures."""
    for module in (moving_trajectories, saving):
        monkeypatch.setattr(module, "DOTS_PER_INCH", 30)


@pytest.fixture
def short(monkeypatch):
    """A GIF of the beginning and the end, where a test asks for the table or the words."""
    monkeypatch.setattr(moving_trajectories, "FRAMES", 2)
    monkeypatch.setattr(moving_trajectories, "HELD", 1)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_has_a_picture_a_gif_and_a_table(command, tmp_path, surface):
    """PNG, SVG with both rules' names, a GIF with a frame a step; closed forms for bowls alone."""
    code, text, _ = command("trajectories", "--surface", surface.replace("_", "-"), *QUICK, "-o", tmp_path)
    assert code == 0
    bowl = surface in {"korean_textbook_surface", "ravine"}
    files = {f"{surface}.gif", *(f"{surface}.{kind}" for kind in KINDS)}
    files |= {f"closed_forms.{kind}" for kind in KINDS} if bowl else set()
    assert {path.name for path in (tmp_path / "figures").iterdir()} == files
    assert ("2/λ" in text) == bowl
    svg = (tmp_path / "figures" / f"{surface}.svg").read_text(encoding="utf-8")
    table = pd.read_csv(tmp_path / "tables" / "trajectories.csv")
    assert table["optimizer"].tolist() == ["sgd", "momentum"]
    assert table["largest_stable_rate"].notna().all() == bowl
    assert all(f"{name}, η = " in svg for name in table["optimizer"])
    with Image.open(tmp_path / "figures" / f"{surface}.gif") as gif:
        assert gif.n_frames == 13  # the end, held, is one frame that lasts
        gif.seek(12)
        assert gif.info["duration"] > 1000


@pytest.mark.usefixtures("short")
def test_the_default_follows_six_rules_on_the_picture_of_the_textbooks(command, tmp_path, monkeypatch):
    """Into a folder of its own, at the textbooks' rates, with the steps that pen and paper give sgd."""
    monkeypatch.chdir(tmp_path)
    assert command("trajectories")[0] == 0
    table = pd.read_csv("trajectories/tables/trajectories.csv", index_col="optimizer")
    assert len(table) == 6
    assert table.loc[["sgd", "momentum", "adagrad", "adam"], "learning_rate"].tolist() == [
        0.95,
        0.1,
        1.5,
        0.3,
    ]
    assert table["where"].tolist() == ["at the minimum"] * 6
    assert table.loc["sgd", "steps"] == 30  # the slow axis is 0.05 · 7.3 away at 0.905ᵗ < 0.052: t = 30


def test_the_same_bytes_every_time(command, tmp_path, contents):
    """Pictures, GIF and table."""
    for name in ("a", "b"):
        assert command("trajectories", *QUICK, "--out", tmp_path / name)[0] == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


@pytest.mark.parametrize(
    ("surface", "optimizers", "rate", "words"),
    [
        ("ravine", ["sgd", "adam"], None, "Each rate η is the one with the fewest steps."),
        ("ravine", ["sgd", "adam"], 0.1, "The rate η is the same for all."),
        ("ravine", ["sgd"], 0.1, ""),
        ("saddle", ["sgd", "adam"], None, "The rate η is the same for all."),
        ("korean_textbook_surface", ["sgd", "adam"], None, "Rates η: those of the usual textbook picture."),
        ("korean_textbook_surface", ["sgd", "lion"], None, "marked *: the one with the fewest steps."),
    ],
)
def test_the_caption_says_where_the_rates_come_from(surface, optimizers, rate, words):
    """Given, the same for all, the textbooks', or the best."""
    said = rate_words(follow(SURFACES[surface], optimizers, rate=rate, steps=20))
    assert said.endswith(words)
    assert bool(said) == bool(words)


def test_a_rate_that_was_tuned_is_marked_where_others_were_not():
    """In the picture's titles and in the terminal; where all were, or none, the sentence says it."""
    followed = follow(SURFACES["korean_textbook_surface"], ["sgd", "nesterov"], steps=20)
    assert [tuned_mark(followed, name) for name in followed.names] == ["", "*"]
    assert label_of(followed, 1).endswith("*")
    followed = follow(SURFACES["ravine"], ["sgd", "adam"], steps=20)
    assert [tuned_mark(followed, name) for name in followed.names] == ["", ""]


def test_a_leap_of_rmsprop_is_explained_where_it_happens():
    """At a constant rate it comes near and is thrown out again; with a small rate, or in ten steps, not."""
    bowl = SURFACES["korean_textbook_surface"]
    assert "constant" in leap_words(follow(bowl, ["sgd", "rmsprop"], steps=200))
    assert leap_words(follow(bowl, ["rmsprop"], steps=10)) == ""
    assert leap_words(follow(bowl, ["sgd", "adam"], steps=200)) == ""


@pytest.mark.usefixtures("short")
def test_the_terminal_says_what_the_steps_count(command, tmp_path):
    """To arrive, and on the saddle to leave."""
    for surface, words in (("ravine", "stays within a twentieth"), ("saddle", "Steps: until a path")):
        code, text, _ = command("trajectories", "--surface", surface, *QUICK, "--out", tmp_path)
        assert code == 0
        assert words in " ".join(text.split())


@pytest.mark.usefixtures("short")
def test_a_path_that_runs_away_is_said_to(command, tmp_path):
    """A twentieth above 2/λ on the ravine, and far above it."""
    for rate in ("0.21", "50"):
        arguments = ("--surface", "ravine", "--rate", rate, "--optimizer", "sgd", "--steps", "200")
        code, text, _ = command("trajectories", *arguments, "--out", tmp_path)
        assert code == 0
        assert "running away" in text


@pytest.mark.usefixtures("short")
def test_a_start_of_ones_own(command, tmp_path):
    """Outside the view too: the axes reach as far."""
    code, _, _ = command("trajectories", "--start", "20", "-5", *QUICK, "--rate", "0.1", "-o", tmp_path)
    assert code == 0
    table = pd.read_csv(tmp_path / "tables" / "trajectories.csv", index_col="optimizer")
    assert table.loc["sgd", ["last_x", "last_y"]].tolist() == pytest.approx([20 * 0.99**12, -5 * 0.8**12])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--surface", "ravin"], ["'ravin'", "did you mean 'ravine'"]),
        (["--optimizer", "adm"], ["'adm'", "did you mean 'adam'"]),
        (["--rate", "0"], ["positive", "0.0"]),
        (["--rate", "-0.1"], ["positive"]),
        (["--rate", "nan"], ["positive", "nan"]),
        (["--start", "nan", "0"], ["(nan, 0)", "x from -8.5 to 5"]),
        (["--start", "0", "inf"], ["(0, inf)"]),
        (["--start", "1e300", "0"], ["(1e+300, 0)"]),
        (["--start", "1"], ["--start"]),
        (["--steps", "0"], ["--steps", "0"]),
        (["--steps", "1e9"], ["--steps", "'1e9'"]),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_one_sentence(command, tmp_path, arguments, words, assert_one_sentence):
    """And nothing is written."""
    assert_one_sentence(command("trajectories", *arguments, "--out", tmp_path / "out"), *words)
    assert not (tmp_path / "out").exists()


def test_the_help_names_every_surface():
    """It cannot import them: help is light."""
    named = HELP["trajectories"].replace("-", "_")
    assert all(name in named for name in SURFACES)


@pytest.mark.parametrize(
    ("steps", "second"), [(1, 1), (FRAMES - 1, 1), (FRAMES, 1), (FRAMES + 1, 1), (500, 1), (100_000, 30)]
)
def test_frames_begin_with_every_step_and_end_with_the_last(steps, second):
    """At most so many, in order, the first steps all shown unless there are very many."""
    shown = frame_steps(steps)
    assert shown[0] == 0
    assert shown[1] == second
    assert shown[-1] == steps
    assert shown == sorted(set(shown))
    assert len(shown) <= FRAMES + 1
    assert HELD > 0


@pytest.mark.usefixtures("short")
def test_in_korean_no_english_sentence_is_left(command, tmp_path):
    """Picture, its words and the terminal; names of rules and the table stay as they are."""
    with speaking("ko"):
        code, text, _ = command("trajectories", *QUICK, "--out", tmp_path)
    assert code == 0
    said = text[: text.index("→")]
    said += (tmp_path / "figures" / "korean_textbook_surface.txt").read_text(encoding="utf-8")
    said += (tmp_path / "figures" / "closed_forms.txt").read_text(encoding="utf-8")
    assert "최소점" in said
    assert not re.findall(r"\b(?:the|steps?|minimum|rate|is|of)\b", said)
