"""Calls of a function of the user's that go wrong in rare ways: each ends, is told, and leaves nothing."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info

import sweeps.watched
from sweeps.calls import call, message_of, metrics_of
from sweeps.definition import parse
from sweeps.errors import DefinitionError, StudyError
from sweeps.function_state import UnknownContentsError, state
from sweeps.functions import FunctionObjective
from sweeps.objectives import objective_named
from sweeps.run import prepare, run
from sweeps.watched import Callee, Here

ROOT = Path(__file__).parent.parent.parent
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="/proc says which processes live")
FAMILIES = """
import os, pathlib, subprocess, time

def train(configuration, seed):
    how = configuration["how"]
    here = pathlib.Path(__file__).parent
    if how == "dies beside its child":
        child = os.fork()
        if child == 0:
            time.sleep(600)
        (here / "forked").write_text(str(child))
        os._exit(3)
    if how == "hangs beside its child":
        child = subprocess.Popen(["sleep", "600"])
        (here / "started").write_text(str(child.pid))
        time.sleep(600)
    return 1.0
"""


def swept(folder, text, name, raw, **options):
    """Train a function that stands in a module of its own name."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    definition = parse({"search": 0, "replicates": 1, "objective": f"{name}:train", **raw})
    ready = prepare(definition, objective_named(definition.objective, [str(folder)]))
    return run(ready, f"journal://{folder}/study.journal", **options)


def at_hand(function, url, space=None, **more):
    """Train a function at hand."""
    raw = {"search": 0, "replicates": 1, "objective": "own:train", "space": space or {"x": [1, 2]}, **more}
    return run(prepare(parse(raw), FunctionObjective("own:train", function=function)), url)


def gone(pid):
    """Wait until a process has ended."""
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(200):
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


@LINUX
def test_what_a_function_starts_ends_with_it_and_holds_nobody_up(tmp_path):
    """A forked child holds the pipe open: the death is seen all the same; the whole family is ended."""
    hows = ["works", "dies beside its child", "hangs beside its child"]
    raw = {"timeout": 1, "space": {"how": hows}}
    trials = swept(tmp_path, FAMILIES, "families", raw)
    assert [(trial.outcome, trial.message) for trial in trials] == [
        ("trained", ""),
        ("killed", "exit code 3"),
        ("timed_out", "not done within timeout = 1 s"),
    ]
    assert gone(int((tmp_path / "forked").read_text()))
    assert gone(int((tmp_path / "started").read_text()))


@LINUX
def test_what_a_function_starts_ends_when_its_worker_is_killed(tmp_path):
    """Nobody is left then who could end it but the guard of its group."""
    (tmp_path / "families.py").write_text(FAMILIES, encoding="utf-8")
    (tmp_path / "a.toml").write_text(
        'name="a"\nobjective="families:train"\nsearch=0\n[space]\nhow=["hangs beside its child", "works"]\n'
    )
    line = [sys.executable, "-m", "sensitivity", "sweep", "a.toml", "--workers", "1", "--no-report"]
    begun = subprocess.Popen(
        line, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )
    started = tmp_path / "started"
    while not started.exists() or not started.read_text():
        assert begun.poll() is None
        time.sleep(0.05)
    begun.kill()
    begun.wait()
    assert gone(int(started.read_text()))


@LINUX
def test_a_module_that_dies_beside_its_child_is_one_sentence(tmp_path):
    """The same while it is loaded."""
    text = "import os, time\nif os.fork() == 0:\n    time.sleep(600)\nos._exit(7)\n"
    with pytest.raises(DefinitionError, match=r"could not be loaded \(exit code 7\)"):
        swept(tmp_path, text, "orphaning", {"space": {"x": [1, 2]}})


def test_loading_has_a_time_limit_too(tmp_path, monkeypatch):
    """A module that never ends loading is one sentence, where a call has a limit."""
    monkeypatch.setattr(sweeps.watched, "LOADING", 0.5)
    with pytest.raises(DefinitionError, match=r"'endless:train' was not loaded within 0.5 s; do what takes"):
        swept(tmp_path, "import time\ntime.sleep(600)\n", "endless", {"timeout": 0.1, "space": {"x": [1, 2]}})


def outcomes(function, metric="value"):
    """Outcome and message of a call here, and how often it was heard."""
    heard = []
    return *call(function, {}, 1, metric, lambda *given: heard.append(given)), len(heard)


def test_the_first_epoch_names_the_metric_of_them_all():
    """Losses and accuracies do not make one curve, in whatever order a mapping has them."""
    mixed = [{"loss": 1.0}, {"accuracy": 0.9}, {"loss": 0.5}]
    message = "it gave no metric 'loss', only accuracy; choose one with metric = ..."
    assert outcomes(lambda _, __: iter(mixed)) == ("failed", message, 1)
    turned = [{"loss": 1.0, "accuracy": 0.5}, {"accuracy": float("nan"), "loss": 0.5}]
    assert outcomes(lambda _, __: iter(turned)) == ("trained", "", 2)
    numbers = [1.0, {"loss": 0.5}]
    assert outcomes(lambda _, __: iter(numbers))[1].startswith("it gave no metric 'value', only loss")


def test_trials_are_compared_by_one_metric(tmp_path):
    """That of the first trial; another first name is a failed trial; a metric that is named settles it."""
    text = (
        "def train(c, seed):\n"
        "    one = {'loss': 0.5 * c['x'], 'accuracy': 0.9}\n"
        "    return one if c['x'] != 2 else {'accuracy': 0.9, 'loss': 1.0}\n"
    )
    trials = swept(tmp_path, text, "mixing", {"space": {"x": [1, 2, 3]}})
    message = "its first metric is 'accuracy', that of the first trial 'loss'; choose one with metric = ..."
    assert [(t.outcome, t.message, t.metric) for t in trials] == [
        ("trained", "", "loss"),
        ("failed", message, ""),
        ("trained", "", "loss"),
    ]
    assert [t.value for t in trials[::2]] == [0.5, 1.5]
    (tmp_path / "study.journal").unlink()
    named = swept(tmp_path, text, "mixing", {"metric": "loss", "space": {"x": [1, 2, 3]}})
    assert [t.value for t in named] == [0.5, 1.0, 1.5]


class MuteError(Exception):
    """Its text cannot be had."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_any_message_can_be_written():
    """Half a surrogate is escaped; an exception that fails to say what it is has its name."""
    assert message_of(ValueError("bad \udcff file")) == "ValueError: bad \\udcff file"
    assert list(metrics_of({"a\udcffb": 1.0})) == ["a\\udcffb"]

    def fails(_configuration, _seed):
        raise MuteError

    outcome, message, _ = outcomes(fails)
    assert (outcome, message.split(" ")[0]) == ("failed", "MuteError")


def made(factor):
    """A closure."""

    def train(configuration, _seed):
        return factor * configuration["x"]

    return train


class Bound:
    """An object whose method is the objective."""

    def __init__(self, factor):
        self.factor = factor

    def train(self, configuration, _seed):
        """A number."""
        return self.factor * configuration["x"]


def default(configuration, _seed, factor=2):
    """A number."""
    return factor * configuration["x"]


def test_another_closure_does_not_resume(tmp_path):
    """The text is the same, what it holds is not; the same again resumes."""
    url = f"journal://{tmp_path}/a.journal"
    assert [trial.value for trial in at_hand(made(2), url)] == [2.0, 4.0]
    assert [trial.value for trial in at_hand(made(2), url)] == [2.0, 4.0]
    with pytest.raises(StudyError, match="the contents of the function have changed"):
        at_hand(made(3), url)


def test_what_cannot_be_pickled_does_not_resume(tmp_path):
    """It trains, but nobody can tell whether recorded trials are its own."""
    url = f"journal://{tmp_path}/a.journal"
    lock = threading.Lock()

    def train(configuration, _seed):
        with lock:
            return configuration["x"]

    assert [trial.value for trial in at_hand(train, url)] == [1.0, 2.0]
    with pytest.raises(StudyError, match="holds something that cannot be pickled"):
        at_hand(train, url)


def test_what_a_function_holds():
    """Cells, defaults, the bound object, functions in cells, and lambdas of one line; nothing: empty."""
    assert state(outcomes) != b""  # a default
    assert state(gone) == b""
    assert state(made(2)) == state(made(2)) != state(made(3))
    assert state(made(made(2))) == state(made(made(2))) != state(made(made(3)))
    assert state(Bound(2).train) == state(Bound(2).train) != state(Bound(3).train)
    assert state(lambda c, _: c["x"]) != state(lambda c, _: c["y"])
    before = state(default)
    default.__defaults__ = (3,)
    try:
        assert state(default) != before
    finally:
        default.__defaults__ = (2,)
    with pytest.raises(UnknownContentsError):
        state(made(threading.Lock()))


def test_a_call_here_has_one_thread_of_blas():
    """As in a process of its own, so that neither the numbers nor the time depend on where it runs."""
    found = []

    def train(_configuration, _seed):
        found.extend(library["num_threads"] for library in threadpool_info())
        return 0.0

    assert Here(Callee("own:train", function=train))({}, 0).outcome == "trained"
    assert found
    assert set(found) == {1}
