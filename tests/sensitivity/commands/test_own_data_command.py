"""A table of one's own on the command line: swept, explained without it, moved, changed, refused."""

import random

import pytest

from sweeps.run_folder import RunFolder

SMALL = ("--epochs", 2, "--workers", 1, "--set", "replicates=1", "--set", "search=0")
SPACE = (
    "--set",
    "space.learning_rate=[0.01, 0.1]",
    "--set",
    "space.optimizer=sgd",
    "--set",
    "space.batch_size=16",
)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """Current folder with a table in it: an index, gaps, a text, a class."""
    draw = random.Random(1)
    lines = ["number,age,plan,left"]
    lines += [
        f"{row},{draw.randint(18, 80) if row % 9 else ''},{draw.choice('abc')},{draw.choice(('yes', 'no'))}"
        for row in range(60)
    ]
    (tmp_path / "shop.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sweep(*more):
    """Words of a small sweep of it."""
    return ("sweep", "quick", "--dataset", "shop.csv", "--target", "left", *SMALL, *SPACE, *more)


@pytest.mark.usefixtures("undrawn")
def test_a_table_is_swept_and_explained_when_it_is_gone(command, shop):
    """One line says what was read, in the terminal and on the page; `report` needs no data."""
    code, text, error = command(*sweep())
    assert code == 0, error
    line = (
        "shop.csv: 60 examples; predicts left, 2 classes (no, yes); from 1 column of numbers (age; 1 with "
        "gaps) and 1 of text (plan 3), 5 inputs; left out: number (counts the rows)."
    )
    assert line in text
    (shop / "shop.csv").unlink()
    run = shop / "runs" / "quick-shop"
    (run / "report.html").unlink()
    for arguments in (
        ("report", run),
        ("measure", run),
        ("show", run, "ranking"),
        ("versus", "0.01", "0.1", run),
    ):
        more = ("--setting", "learning_rate") if arguments[0] == "versus" else ()
        assert command(*arguments, *more)[0] == 0, arguments
    page = (run / "report.html").read_text(encoding="utf-8")
    assert line in page
    assert "1 − accuracy" in page


def test_a_moved_table_goes_on_and_a_changed_one_is_refused(command, shop, assert_one_sentence):
    """Naming the run is enough where the file lies; else it is told where; other contents are refused."""
    assert command(*sweep("--no-report"))[0] == 0
    run = shop / "runs" / "quick-shop"
    moved = (shop / "shop.csv").rename(shop / "renamed.csv")
    assert_one_sentence(command("sweep", "--out", run), "shop.csv", "if it has moved, name it with --dataset")
    assert_one_sentence(command("confirm", run), "shop.csv", "put it back")
    code, text, error = command("sweep", "--out", run, "--dataset", moved, "--no-report", "--workers", 1)
    assert code == 0, error
    assert "Already complete" in text + error
    lines = moved.read_text(encoding="utf-8").replace(",a,", ",b,", 1)
    moved.write_text(lines, encoding="utf-8")
    assert_one_sentence(command("sweep", "--out", run, "--dataset", moved), "are not those of this sweep")
    moved.rename(shop / "shop.csv")
    assert_one_sentence(command(*sweep("--no-report")), "contents of the data: '")


def test_where_data_are_is_asked_for_in_words_of_the_command(command, shop, assert_one_sentence):
    """`plan` has no --dataset, so it does not speak of one; `sweep` has."""
    text = 'dataset = "gone.csv"\ndata.target = "left"\n[space]\nlearning_rate = [0.1, 0.2]\n'
    (shop / "gone.toml").write_text(text, encoding="utf-8")
    outcome = command("plan", "gone.toml")
    assert_one_sentence(outcome, "gone.csv; if it has moved, put it, or a link to it, back there")
    assert "--dataset" not in outcome[2]
    assert_one_sentence(command("sweep", "gone.toml"), "gone.csv; if it has moved, name it with --dataset")
    assert not (shop / "runs" / "gone").exists()


def test_a_definition_names_the_table_beside_it(command, shop, tmp_path_factory, monkeypatch):
    """A relative path is that of the definition; the one written down works from anywhere."""
    text = (
        'name = "mine"\ndataset = "shop.csv"\nepochs = 1\nreplicates = 1\nsearch = 0\n'
        '[data]\ntarget = "left"\n'
        "[space]\nlearning_rate = [0.01, 0.1]\nbatch_size = 16\n"
    )
    (shop / "mine.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert command("sweep", shop / "mine.toml", "--out", shop / "run", "--no-report", "--workers", 1)[0] == 0
    assert RunFolder(shop / "run").definition().dataset == str(shop / "shop.csv")
    again = ("sweep", shop / "run" / "sweep.toml", "--out", shop / "again", "--no-report", "--workers", 1)
    assert command(*again)[0] == 0
    tables = [
        (shop / name / "tables" / "trials.csv").read_text(encoding="utf-8") for name in ("run", "again")
    ]
    rows = [[line.rsplit(",", 1)[0] for line in table.splitlines()] for table in tables]
    assert rows[0] == rows[1]


@pytest.mark.usefixtures("shop")
def test_python_takes_it_as_the_command_does():
    """`sensitivity.sweep` hands over a study that says what was read."""
    import sensitivity

    raw = {
        "dataset": "shop.csv",
        "data": {"target": "left"},
        "epochs": 1,
        "search": 0,
        "space": {"learning_rate": [0.01, 0.1]},
    }
    study = sensitivity.sweep(raw)
    assert len(study.trials) == 4
    assert study.notes[0].startswith("shop.csv: 60 examples")


def test_rates_are_found_for_it(command, shop):
    """`lr-find` takes the same two options, and its folder has the table's name."""
    words = ("lr-find", "--dataset", "shop.csv", "--target", "left", "--optimizer", "adam")
    code, text, error = command(*words, "--steps", 40, "--replicates", 2)
    assert code == 0, error
    assert "shop.csv: 60 examples" in text
    assert (shop / "lr-find" / "shop" / "tables" / "found_rates.csv").exists()


def test_what_is_wrong_is_one_sentence(command, shop, assert_one_sentence):
    """No target, a misspelt one, a bad cell, classes that are not there, a target for bundled data."""
    named = ("sweep", "quick", "--dataset", "shop.csv")
    assert_one_sentence(command(*named), "--target COLUMN", "it has number, age, plan, left")
    assert_one_sentence(command(*named, "--target", "lefd"), "did you mean 'left'?")
    assert_one_sentence(command("sweep", "--dataset", "iris", "--target", "left"), "for data of your own")
    classes = ("--target", "left", "--set", "data.classes=[0, 1]")
    assert_one_sentence(command(*named, *classes), "fewer than two classes")
    pretrained = ("sweep", "pretrained", "--dataset", "shop.csv", "--target", "left")
    assert_one_sentence(command(*pretrained), "has no class 5; its classes are 0 to 1")
    text = (shop / "shop.csv").read_text(encoding="utf-8")
    (shop / "shop.csv").write_text(text.replace("\n3,", "\n3,old", 1), encoding="utf-8")
    assert_one_sentence(command(*named, "--target", "left"), "column age, row 4 (line 5): 'old")
    assert not (shop / "runs").exists()
