"""Bad input gets one sentence and exit code 2, and leaves what was there as it was."""

import errno
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from sensitivity.claims.ledger import CLAIMS
from sweeps.optimizers import OPTIMIZERS
from sweeps.schedules import SCHEDULES

SERIAL = ("--workers", 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["quik"], ["'quik'", "did you mean 'quick'"]),
        (["missing.toml"], ["no file missing.toml"]),
        (["--dataset", "digit"], ["'digit'", "did you mean 'digits'"]),
        (["--design", "sobl"], ["'sobl'", "did you mean 'sobol'"]),
        (["--design", "grid"], ["grid"]),
        (["--epochs", "0"], ["epochs = 0"]),
        (["--seed", "-1"], ["seed = -1"]),
        (["--set", "epochs"], ["KEY=VALUE", "'epochs'"]),
        (["--set", "epoch=3"], ["'epoch'", "did you mean 'epochs'"]),
        (["--set", "space.learning_rate.low=0"], ["learning_rate", "above zero"]),
        (["--set", "space.optimizer.low=1"], ["optimizer", "no keys of its own"]),
        (["--set", "space.batch_size=[4000]"], ["batch size 4000", "1437 training examples"]),
        (
            ["--dataset", "iris", "--set", "space.batch_size=[16,256]"],
            ["batch size 256", "120 training examples", "--set 'space.batch_size="],
        ),
        (["--storage", "nonsense"], ["nonsense"]),
        (["--storage", "sqlite:////nowhere/at/all.db"], ["sqlite:////nowhere/at/all.db"]),
        (["--set", "data.noise=1"], ["digits", "no noise"]),
        (["--set", "space.optimizer=[sgd,adam]"], ["need quotes"]),
        (["--set", "learning_rate=0.1"], ["learning_rate is a setting", "[space]"]),
        (["--set", "network.hidden=32"], ["network.hidden = 32", "write a list"]),
        (["--set", 'network.batch_norm="yes"'], ["'yes'", "true or false"]),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else None,
)
def test_a_mistake_on_the_command_line_is_one_sentence(
    command, tmp_path, arguments, words, assert_one_sentence
):
    """The sentence names the value given and the way out; no folder is left half made."""
    assert_one_sentence(
        command("sweep", "--no-report", *arguments, *SERIAL, "--out", tmp_path / "run"), *words
    )
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("foo", "the storage 'foo' cannot be used"),
        (
            "sqlite:////nowhere/at/all.db",
            "there is no folder /nowhere/at",
        ),
        (
            "sqlite:////dev/null",
            "/dev/null is no file but a folder, a device or a pipe",
        ),
    ],
)
def test_a_storage_that_is_none_is_refused_before_anything_is_said(command, tmp_path, url, told):
    """Nobody reads that networks are trained which are not."""
    code, text, error = command("sweep", "--no-report", "quick", "--storage", url, "--out", tmp_path / "run")
    assert code == 2
    assert text == ""
    assert told in error
    assert not (tmp_path / "run").exists()


def test_a_file_or_a_device_in_place_of_a_folder_is_named(command, tmp_path, assert_one_sentence):
    """Of a run and of tables; also where it is a part of the path."""
    file, table = tmp_path / "file", tmp_path / "table.csv"
    file.touch()
    table.write_text("lr,accuracy\n" + "".join(f"0.{place},0.{place}\n" for place in range(1, 9)))
    for out, words in ((file, "is a file,"), (file / "run", "is a file,"), ("/dev/zero", "is a device")):
        for arguments in (["sweep", "--no-report", "quick"], ["measure", table, "--metric", "accuracy"]):
            said = command(*arguments, "--out", out)
            assert_one_sentence(said, words, "name another folder with --out")


def test_a_cell_of_megabytes_is_named(command, tmp_path, assert_one_sentence):
    """In words, not those of Python's reader."""
    table = tmp_path / "table.csv"
    table.write_text("lr,note,accuracy\n0.1," + 200_000 * "x" + ",0.5\n0.2,y,0.6\n")
    said = command("measure", table, "--out", tmp_path / "out")
    assert_one_sentence(said, "a cell of more than 131,072 characters", "leave that column out")


def test_a_wrong_option_is_exit_code_two(command):
    """Typer's own complaints have the same exit code."""
    assert command("sweep", "--no-report", "--worker", "2")[0] == 2
    assert command("swep")[0] == 2
    assert command("sweep", "--no-report", "--workers", "0")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sweep", "--seed", "1", "--seed=2"], ["--seed", "'1'", "'2'"]),
        (["sweep", "--report", "--no-report"], ["--no-report"]),
        (["trajectories", "--start", "1", "2", "--start", "1", "3"], ["'1 2'", "'1 3'"]),
        (["sweep", "--epochs", "1", "--set", "epochs=2"], ["epochs", "--epochs 1", "--set epochs=2"]),
        (
            ["sweep", "--set", "space.beta=[0.1]", "--set", "space . beta=[0.2]"],
            ["space.beta is given twice"],
        ),
        (["sweep", "--set", "space.beta=[0.1]", "--set", "space={}"], ["space.beta is given twice"]),
        (["sweep", "--target", "a", "--set", "data.target='b'"], ["data.target is given twice"]),
    ],
    ids=" ".join,
)
def test_what_is_given_twice_is_not_ignored(
    command, tmp_path, monkeypatch, arguments, words, assert_one_sentence
):
    """Of two values of one option the parser takes the last: the first would be ignored without a word."""
    monkeypatch.chdir(tmp_path)
    assert_one_sentence(command(*arguments), *words)


def test_the_same_value_twice_is_no_mistake(command):
    """Nothing is ignored."""
    assert command("list", "--help", "--help")[0] == 0
    assert command("sweep", "--epochs", "0", "--epochs", "0")[2].startswith("Error: epochs = 0")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "t.csv", "--cap", "foo"], ["--cap", "'foo'", "report --help"]),
        (["measure", "t.csv", "--tolerance", "wide"], ["--tolerance", "'wide'", "measure --help"]),
        (["sweep", "--workers", "0"], ["--workers", "0"]),
        (["sweep", "--seed", "1.5"], ["--seed", "'1.5'"]),
        (["sweep", "--worker", "2"], ["--worker", "--workers"]),
        (["sweep", "quick", "iris"], ["iris"]),
        (["report", "t.csv", "--metric"], ["--metric"]),
        (["show"], ["RUN", "show --help"]),
        (["show", "runs", "--rows", "many"], ["--rows", "'many'"]),
        (["swep"], ["'swep'", "python -m sensitivity --help"]),
        (["--verbose"], ["--verbose"]),
    ],
    ids=" ".join,
)
def test_an_option_of_a_wrong_type_is_one_sentence(command, arguments, words, assert_one_sentence):
    """What the parser of the command line refuses looks like every other mistake: no frame, no usage."""
    assert_one_sentence(command(*arguments), *words)


def test_help_and_version_are_no_mistakes(command):
    """They end well, and without any argument the help is shown."""
    assert command("--help")[0] == command("report", "--help")[0] == command("--version")[0] == 0
    assert "sweep" in "".join(map(str, command()[1:]))


@pytest.mark.parametrize(
    "text", ["", "x = ", "\x00", "[space]\noptimizer = 3\n", "space = 7\n", "space = []\n"]
)
def test_a_broken_file_is_one_sentence(command, tmp_path, text, assert_one_sentence):
    """An empty file, broken TOML, a table of the wrong kind."""
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    assert_one_sentence(command("sweep", "--no-report", path, "--out", tmp_path / "run"))


def test_a_binary_file_is_one_sentence(command, tmp_path, assert_one_sentence):
    """A picture is no definition."""
    path = tmp_path / "picture.toml"
    path.write_bytes(bytes(range(256)))
    assert_one_sentence(command("sweep", "--no-report", path, "--out", tmp_path / "run"), "UTF-8")


def test_an_unwritable_folder_is_one_sentence(command, tiny, tmp_path, monkeypatch, assert_one_sentence):
    """No permission to make the folder, or to write into it: said so, with the path."""
    closed = tmp_path / "closed"
    closed.mkdir()

    def refusing(real):
        def method(path, *arguments, **named):
            if closed in path.parents:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real(path, *arguments, **named)

        return method

    for name, words in (("mkdir", "Permission denied"), ("open", "permission denied")):
        with monkeypatch.context() as patch:  # root may write anywhere, so permissions alone would not do
            patch.setattr(Path, name, refusing(getattr(Path, name)))
            assert_one_sentence(command("sweep", "--no-report", tiny, "--out", closed / "run"), words, closed)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody can write to")
def test_a_folder_that_cannot_be_is_one_sentence(command, tiny, assert_one_sentence):
    """Not even root makes a folder in /proc."""
    assert_one_sentence(
        command("sweep", "--no-report", tiny, "--out", "/proc/nowhere/run"), "/proc/nowhere/run", "--out"
    )


def test_a_name_without_end_does_not_fill_the_terminal(command, tiny, assert_one_sentence):
    """Both of its ends are told."""
    said = command("sweep", tiny, "--out", f"begin{'a' * 100_000}end")
    assert_one_sentence(said, "begina", "aend")
    assert len(said[2]) < 500


def test_a_file_in_the_way_is_one_sentence(command, tiny, tmp_path, assert_one_sentence):
    """--out names a file, or lies below one."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        assert_one_sentence(command("sweep", "--no-report", tiny, "--out", out), "file")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_bug_shows_its_traceback(command, tiny, tmp_path, monkeypatch):
    """What the user cannot mend is not dressed up as the user's mistake."""
    import sweeps.tasks

    monkeypatch.setattr(sweeps.tasks, "train", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        command("sweep", "--no-report", tiny, "--out", tmp_path / "run", "--workers", 1)


def test_a_password_never_shows(command, tiny, tmp_path, contents):
    """An unreachable database is named without its password, on the screen and in the folder."""
    url = "postgresql://somebody:s3cret@127.0.0.1:1/none"
    code, out, error = command("sweep", "--no-report", tiny, "--out", tmp_path / "run", "--storage", url)
    assert code == 2
    assert "s3cret" not in out + error
    assert not any(b"s3cret" in data for data in contents(tmp_path / "run").values())


def test_a_folder_with_other_files_is_not_taken(command, tiny, tmp_path, assert_one_sentence):
    """A sweep does not scatter its files among somebody's own."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert_one_sentence(command("sweep", "--no-report", tiny, "--out", tmp_path), "other files", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "tiny.toml"]


def test_a_folder_of_the_same_name_does_not_hide_a_ready_made_sweep(
    command, tmp_path, monkeypatch, assert_one_sentence
):
    """Names of ready-made sweeps come before paths."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quick").mkdir()
    assert_one_sentence(command("sweep", "--no-report", "quick", "--epochs", "0"), "epochs = 0")


@pytest.mark.parametrize("name", ["..", ".hidden", "a/b", "-x", ""])
def test_a_name_is_no_path(command, tmp_path, monkeypatch, name, assert_one_sentence):
    """The name becomes a folder in runs/, so it begins with a letter or digit."""
    monkeypatch.chdir(tmp_path)
    assert_one_sentence(command("sweep", "--no-report", "quick", "--set", f'name="{name}"'), "name = ")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("undrawn")
def test_brackets_in_a_path_are_no_markup(command, tiny, tmp_path):
    """A folder may be called [/x]."""
    code, text, _ = command("sweep", "--no-report", tiny, "--out", tmp_path / "[" / "x]", "--workers", 1)
    assert code == 0
    assert f"{tmp_path}/[/x]/tables" in text


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("design", ["random", "sobol", "tpe"])
def test_one_trial_is_a_sweep(command, tiny, tmp_path, design):
    """A plan of one trial has tables without numbers and a page that says why nothing is drawn."""
    path = tmp_path / "one.toml"
    text = tiny.read_text(encoding="utf-8").replace(
        "search = 3", f'search = 0\ndesign = "{design}"\ntrials = 1'
    )
    path.write_text(text, encoding="utf-8")
    code, text, error = command("sweep", path, "--out", tmp_path / "run", "--workers", 1)
    assert (code, error) == (0, "")
    assert "cannot say which setting matters" in text
    assert "No picture of" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "run" / "tables" / "ranking.csv").is_file()


@pytest.mark.parametrize("path", ["/dev/zero", "PIPE"])
@pytest.mark.parametrize("name", ["measure", "report", "sweep", "storage"])
def test_what_has_no_end_is_refused(command, tmp_path, name, path):
    """A device or a pipe in place of a file is one sentence, at once; nothing is written."""
    if path == "PIPE":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    out = ["--out", tmp_path / "out"]
    asked = {
        "sweep": ["sweep", path, *out],
        "storage": ["measure", "--storage", f"journal://{path}", *out],
    }
    code, _, error = command(*asked.get(name, [name, path, "--metric", "loss", *out]))
    assert (code, error.count("\n")) == (2, 1)
    assert "device" in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("size", "words"), [(2**28 + 1, "at most"), (2**28, "its first line")])
def test_a_huge_file_is_refused_before_it_is_read(command, tmp_path, size, words, assert_one_sentence):
    """A quarter of a gigabyte without a line: one sentence, and the memory of the header only."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    outcome = command("measure", path, "--metric", "loss", "--out", tmp_path / "out")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert_one_sentence(outcome, "huge.csv", words)
    assert most < 2**26


def test_a_folder_that_is_gone_meanwhile_is_one_sentence(command, tmp_path, monkeypatch):
    """Somebody deletes the folder of the results while they are made: what and where, exit code 2."""
    from sensitivity.commands import first_screen

    (tmp_path / "a.csv").write_text("lr,loss\n0.1,1\n0.2,2\n0.3,1.5\n", encoding="utf-8")
    monkeypatch.setattr(first_screen, "make_folder", lambda _: None)
    code, _, error = command("measure", tmp_path / "a.csv", "--metric", "loss", "--out", tmp_path / "out")
    assert (code, error.count("\n")) == (2, 1)
    assert "not there any more" in error
    assert "kept" not in error  # nothing is


# What -OO does, to our packages alone: all others would have to be compiled anew.
STRIPPED = """
from importlib.machinery import SourceFileLoader

whole = SourceFileLoader.get_code

def stripped(self, name):
    if name.partition(".")[0] not in {"sensitivity", "sweeps"}:
        return whole(self, name)
    return compile(self.get_data(self.path), self.path, "exec", dont_inherit=True, optimize=2)

SourceFileLoader.get_code = stripped
"""
WITHOUT_DOCSTRINGS = """
import io, json, sys
from contextlib import redirect_stdout
from sensitivity.commands.cli import main
from sensitivity.pictures import saving

if main.__doc__ or saving.__doc__:
    raise SystemExit("the docstrings are there")
drawn = b'<svg viewBox="0 0 1 1"></svg>'
saving._bytes = lambda _, kind: drawn if kind == "svg" else b""  # nobody looks at them
said = {}
for name, *words in json.loads(sys.argv[1]):
    sys.argv, printed = ["sensitivity", name, *words], io.StringIO()
    try:
        with redirect_stdout(printed):
            main()
    except SystemExit as stop:
        if stop.code:
            raise
    said[name] = printed.getvalue()
print(json.dumps(said))
"""


@pytest.mark.parametrize(
    ("flags", "begin"),
    [((), STRIPPED), pytest.param(("-OO",), "", marks=pytest.mark.slow)],
    ids=["ours", "all"],
)
def test_without_docstrings_everything_works(tmp_path, flags, begin):
    """With -OO Python strips docstrings and assertions; a report, the lists and the help need neither."""
    rows = [f"{0.001 * 2**place},{place % 3},{place * 0.1}" for place in range(12)]
    (tmp_path / "a.csv").write_text("\n".join(["lr,depth,loss", *rows]), encoding="utf-8")
    asked = [["list"], ["--help"], ["report", "a.csv", "--metric", "loss", "--out", "out"]]
    line = [sys.executable, *flags, "-c", begin + WITHOUT_DOCSTRINGS, json.dumps(asked)]
    wide = os.environ | {"COLUMNS": "200"}
    said = json.loads(subprocess.check_output(line, cwd=tmp_path, encoding="utf-8", env=wide))
    assert (tmp_path / "out" / "report.html").exists()
    for registry in (OPTIMIZERS, SCHEDULES):
        assert all(one.summary in said["list"] for one in registry.values())
    assert all(name in said["list"] for name in CLAIMS)
    assert all(
        words in said["list"] for words in ('"find" takes', '"all": the whole training set', "of epochs")
    )
    assert "Train all networks of a sweep and rank the settings." in said["--help"]


@pytest.mark.parametrize("name", ["a.csv", "b.jsonl"])
def test_trials_are_no_definition_of_a_sweep(command, tmp_path, name, assert_one_sentence):
    """Whoever sweeps a table meant to measure it, and is told how."""
    path = tmp_path / name
    path.write_text("lr,loss\n0.1,2\n")
    assert_one_sentence(command("sweep", path), "holds trials", f"python -m sensitivity measure {path}")


def test_memory_that_runs_out_is_a_sentence(command, tiny, tmp_path, monkeypatch, assert_one_sentence):
    """In this process or a worker, whose error comes here: what could not be had, and what to type."""

    def run(*_, **__):
        raise MemoryError("Unable to allocate 9 GiB")

    monkeypatch.setattr("sensitivity.commands.sweep.run", run)
    outcome = command("sweep", tiny, "--out", tmp_path / "run", *SERIAL)
    assert_one_sentence(outcome, "memory ran out (Unable to allocate 9 GiB)", "--population 1")


def test_a_number_of_trials_that_a_factorial_design_does_not_have_is_spoken_of(tmp_path):
    """``--design factorial`` over a definition with trials says that they do not count."""
    from sensitivity.commands.overrides import Overrides, definition_of

    path = tmp_path / "d.toml"
    path.write_text(
        'dataset = "iris"\ndesign = "random"\ntrials = 9\n[space]\nlearning_rate = [0.1, 0.2]\n',
        encoding="utf-8",
    )
    definition, notes = definition_of(str(path), Overrides(design="factorial"), None)
    assert definition.trials is None
    assert notes == ["a factorial design is every combination, not trials = 9."]
