"""A function of the user's own as an objective: what it gives, how it ends, where it is found."""

import math
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import optuna
import pytest

from sensitivity.trials import RESULTS, SOMETIMES
from sweeps.calls import call, message_of
from sweeps.definition import load, parse
from sweeps.errors import DefinitionError, StudyError
from sweeps.functions import RESERVED, FunctionObjective, memory_in_bytes, name_of
from sweeps.objectives import objective_named
from sweeps.run import prepare, run
from sweeps.search import propose
from sweeps.space import Choices, FloatRange, IntegerRange
from sweeps.storages import open_storage
from sweeps.trial import FinishedTrial, PlannedTrial

ROOT = Path(__file__).parent.parent.parent
ENDINGS = '''
import os, re, signal, time

def train(configuration, seed):
    """Ends as it is told to."""
    how = configuration["how"]
    if how == "raises":
        raise ValueError(f"no good: {object()}")
    if how == "exits":
        raise SystemExit(4)
    if how == "hangs":  # in C, holding the lock, where no signal of Python's reaches it
        re.match(r"(a+)+$", "a" * 64 + "b")
    if how == "sleeps":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    if how == "eats":
        held = bytearray(8 * 10**9)
    if how == "dies":
        os._exit(3)
    if how == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)
    return {"nan": float("nan"), "text": "12", "nothing": None}.get(how, (seed % 1000) / 1000)
'''
HOW = {
    "works": ("trained", ""),
    "raises": ("failed", "ValueError: no good: <object object at 0x…> (endings.py, line 8)"),
    "exits": ("failed", "SystemExit: 4 (endings.py, line 10)"),
    "nan": ("diverged", "value is nan"),
    "text": ("failed", "what it gave is '12', not a number; return a number or a mapping of metrics"),
    "nothing": ("failed", "what it gave is None, not a number; return a number or a mapping of metrics"),
    "eats": ("out_of_memory", "MemoryError (endings.py, line 17)"),
    "hangs": ("timed_out", "not done within timeout = 2 s"),
    "sleeps": ("timed_out", "not done within timeout = 2 s"),
    "dies": ("killed", "exit code 3"),
    "is killed": ("killed", "killed by SIGKILL, most likely for want of memory"),
    "works again": ("trained", ""),
}
CURVES = """
def train(configuration, seed):
    error = 1 + 1e-6 * (seed % 1000)
    for epoch in range(6):
        error *= configuration["rate"]
        if error > 20:
            error = float("inf")
        yield {"error": error, "accuracy": 1 - error}
"""
SPACE = {"rate": [0.5, 0.9, 3.0]}


def module(folder, text, name):
    """Write a module; its name is its own, for Python keeps what it has imported."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")


def swept(folder, raw, **options):
    """Train a definition whose module stands in the folder."""
    definition = parse({"search": 0, "replicates": 1, **raw})
    ready = prepare(definition, objective_named(definition.objective, [str(folder)]))
    return run(ready, options.pop("storage", f"journal://{folder}/study.journal"), **options)


def shown(trials):
    """Everything about trials but the seconds; NaN is equal to itself."""
    return [repr(replace(trial, seconds=0.0)) for trial in trials]


def alive(pid):
    """Whether a process runs; one that has ended and nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def called(function, metric="value"):
    """Outcome, message and what was heard of a call in this process."""
    heard = []
    return *call(function, {}, 1, metric, lambda *given: heard.append(given)), heard


@pytest.fixture(scope="module")
def endings(tmp_path_factory):
    """A sweep in which calls end in every way there is; two of them take the two seconds allowed."""
    folder = tmp_path_factory.mktemp("endings")
    module(folder, ENDINGS, "endings")
    raw = {"objective": "endings:train", "timeout": 2, "space": {"how": list(HOW)}}
    raw |= {"memory": "2 GB"} if sys.platform == "linux" else {}
    return folder, raw, swept(folder, raw)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_every_way_to_end_is_an_outcome_with_its_message(endings):
    """Raising, hanging in C, ignoring signals, eating memory and dying: told, and never a value."""
    found = {trial.planned.configuration["how"]: trial for trial in endings[2]}
    assert {how: (trial.outcome, trial.message) for how, trial in found.items()} == HOW
    for trial in found.values():
        assert math.isnan(trial.value) == (trial.outcome != "trained")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_two_workers_give_the_same_trials(endings):
    """Whatever the calls do to their processes, workers change nothing."""
    folder, raw, trials = endings
    again = swept(folder, raw, workers=2, storage=f"journal://{folder}/two.journal")
    assert shown(again) == shown(trials)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_optuna_sees_a_trial_without_result_as_failed(endings):
    """Its state is FAIL, without a value; outcome and message stand beside it; the rest is COMPLETE."""
    opened = open_storage(f"journal://{endings[0]}/study.journal", read_only=True)
    study = optuna.load_study(study_name="sweep", storage=opened.storage)
    for trial in study.trials:
        outcome, message = HOW[trial.params["how"]]
        assert (trial.user_attrs["outcome"], trial.user_attrs.get("message", "")) == (outcome, message)
        assert (trial.state.name, trial.value is None) == (
            ("COMPLETE", False) if outcome == "trained" else ("FAIL", True)
        )
    opened.close()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says which processes live")
def test_no_process_is_left_behind(tmp_path):
    """The process of the function ends with the sweep."""
    module(tmp_path, "import os\n\ndef train(c, seed):\n    return os.getpid()\n", "pids")
    trials = swept(tmp_path, {"objective": "pids:train", "space": {"a": [1, 2]}})
    (pid,) = {int(trial.value) for trial in trials}
    assert pid != os.getpid()
    assert not alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says which processes live")
def test_a_kill_in_the_middle_loses_nothing_and_leaves_nothing(tmp_path, monkeypatch):
    """Killed while a call hangs in C: its process ends with it, and resuming gives the same trials."""
    monkeypatch.chdir(tmp_path)
    text = (
        "import os, pathlib, re\n\n"
        "def train(c, seed):\n"
        "    if c['a'] == 2 and not pathlib.Path('hung').exists():\n"
        "        pathlib.Path('hung').write_text(str(os.getpid()))\n"
        "        re.match(r'(a+)+$', 'a' * 64 + 'b')\n"
        "    return c['a'] + seed % 7\n"
    )
    module(tmp_path, text, "hanging")
    (tmp_path / "a.toml").write_text('name="a"\nobjective="hanging:train"\nsearch=0\n[space]\na=[1,2,3]\n')
    line = [sys.executable, "-m", "sensitivity", "sweep", "a.toml", "--workers", "1", "--no-report"]
    begun = subprocess.Popen(line, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    while not (tmp_path / "hung").exists() or not (tmp_path / "hung").read_text():
        assert begun.poll() is None
        time.sleep(0.05)
    begun.kill()
    begun.wait()
    pid = int((tmp_path / "hung").read_text())
    while alive(pid):
        time.sleep(0.05)
    definition = parse(load(tmp_path / "a.toml"))
    ready = prepare(definition, objective_named(definition.objective, [str(tmp_path)]))
    kept = []
    resumed = run(ready, f"journal://{tmp_path}/runs/a/study.journal", on_open=kept.extend)
    whole = run(ready, f"journal://{tmp_path}/whole.journal")
    assert len(kept) == 1
    assert shown(resumed) == shown(whole)


def test_a_generator_gives_curves_that_end_where_they_are_not_finite(tmp_path):
    """Worked by hand: rate 0.5 ends at 1/64 of its start, rate 3 is beyond 20 after its third epoch."""
    module(tmp_path, CURVES, "curving")
    trials = swept(tmp_path, {"objective": "curving:train", "metric": "error", "space": SPACE})
    half, slow, wild = trials
    start = half.curves["error"][0] * 2
    assert half.curves["error"] == pytest.approx([start / 2**epoch for epoch in range(1, 7)])
    assert half.value == half.final["error"] == half.curves["error"][-1]
    assert half.curves["accuracy"] == pytest.approx([1 - error for error in half.curves["error"]])
    assert (wild.outcome, wild.diverged_at, wild.message) == ("diverged", 3.0, "error is inf after epoch 3")
    assert (len(wild.curves["error"]), wild.final) == (2, {})
    assert slow.best == {"error": slow.value}
    # All configurations of a replicate have the same seed.
    assert slow.curves["error"][0] / 0.9 == pytest.approx(start, rel=1e-12)


def test_a_maximised_metric_is_turned_round_in_the_value_alone(tmp_path):
    """Lower is better in the value; the metric keeps its sign; best_ is the best of all epochs."""
    module(tmp_path, CURVES, "turning")
    raw = {"objective": "turning:train", "maximise": True, "space": {"rate": [0.5, 1.1]}}
    for metric, epoch in (("accuracy", -1), ("best_accuracy", 0)):
        url = f"journal://{tmp_path}/{metric}.journal"
        *_, rising = swept(tmp_path, raw | {"metric": metric}, storage=url)
        assert rising.value == -rising.curves["accuracy"][epoch]
        assert rising.metric == "accuracy"


def one_number(_configuration, _seed):
    """A number."""
    return 3


def test_what_a_call_gives():
    """A number, an array's element, a mapping, nothing; the first metric where none is named."""
    assert called(one_number) == ("trained", "", [({"value": 3.0}, False)])
    assert called(lambda _, __: {"b": 2, "a": 1})[2] == [({"b": 2.0, "a": 1.0}, False)]
    assert called(lambda _, __: {})[:2] == ("failed", "it gave an empty mapping; give at least one metric")
    assert called(lambda _, __: iter(()))[:2] == ("failed", "it yielded nothing")
    assert called(lambda _, __: iter([1.0, 2.0]))[2] == [({"value": 1.0}, True), ({"value": 2.0}, True)]
    assert called(lambda _, __: {"a": 1}, "b")[1] == (
        "it gave no metric 'b', only a; choose one with metric = ..."
    )
    assert called(lambda _, __: 10**400)[0] == "failed"


def test_a_number_alone_is_the_metric_asked_for():
    """A function that gives up with NaN diverged; it did not misname its metric."""
    nan = float("nan")
    assert called(lambda _, __: nan, "accuracy")[:2] == ("diverged", "accuracy is nan")
    assert called(lambda _, __: 0.5, "accuracy")[2] == [({"accuracy": 0.5}, False)]
    assert called(lambda _, __: iter([{"loss": 1.0}, nan]), "best_loss")[:2] == (
        "diverged",
        "loss is nan after epoch 2",
    )


def test_a_message_is_one_bounded_line():
    """Newlines become spaces, addresses go, a long text is cut."""
    assert message_of(ValueError("a\n  b at 0x7f00aa11bb22")) == "ValueError: a b at 0x…"
    assert len(message_of(ValueError("x" * 10_000))) == 300
    assert message_of(KeyError()) == "KeyError"


def test_settings_are_the_users_own():
    """Kinds come from the values; a learning rate is logarithmic unless it says otherwise."""
    definition = parse(
        {
            "objective": "a:b",
            "space": {
                "learning_rate": {"low": 1e-3, "high": 1.0, "levels": 3},
                "width": {"low": 1, "high": 9, "levels": 3},
                "share": {"low": 0, "high": 0.5, "levels": 2},
                "features": ["sqrt", 0.5, 3],
                "kind": ["tree", "net"],
                "shuffle": [True, False],
                "layers": {"value": [8, 8]},
                "only": [{"when": {"kind": "tree"}, "leaves": [7, 31]}],
            },
        }
    )
    space = definition.build_space()
    domains = {setting.name: setting.variants[0].domain for setting in space.settings}
    assert domains == {
        "learning_rate": FloatRange(1e-3, 1.0, log=True, levels=3),
        "width": IntegerRange(1, 9, levels=3),
        "features": Choices(("sqrt", 0.5, 3)),
        "kind": Choices(("tree", "net")),
        "leaves": Choices((7, 31)),
        "share": FloatRange(0.0, 0.5, levels=2),
        "shuffle": Choices((True, False)),
    }
    assert space.fixed == {"layers": (8, 8)}
    assert space.settings[4].variants[0].when == {"kind": ("tree",)}
    assert parse(definition.model_dump(exclude_none=True)) == definition


def test_held_values_reach_the_function_as_they_were_written(tmp_path):
    """A list is a list; what is inactive is not there."""
    given = "len(c['layers']) + 10 * len(c) + 100 * isinstance(c['layers'], list)"
    text = f"def train(c, seed):\n    return {given}\n"
    module(tmp_path, text, "holding")
    space = {"layers": {"value": [8, 8]}, "a": [1, 2], "only": [{"when": {"a": 2}, "b": [1, 2]}]}
    trials = swept(tmp_path, {"objective": "holding:train", "space": space})
    assert [trial.value for trial in trials] == [122.0, 132.0, 132.0]


OWN = {"objective": "a:b", "space": {"x": [1, 2]}}
MISTAKES = {
    "dataset": (OWN | {"dataset": "iris"}, "objective 'a:b' has no dataset; remove it"),
    "epochs": (OWN | {"epochs": 5}, "objective 'a:b' has no epochs; remove it"),
    "network": (OWN | {"network": {}}, "objective 'a:b' has no network; remove it"),
    "timeout of a network": ({"timeout": 5, "space": {"beta": [0, 0.5]}}, "'network' has no timeout"),
    "path": (OWN | {"objective": "lib/mine.py:f"}, "is a path; name the module, such as 'lib.mine:f'"),
    "no function": (OWN | {"objective": "mine:"}, "is no function; write package.module:function"),
    "no colon": (OWN | {"objective": "mine"}, "name a function of your own: package.module:function"),
    "crossed": (OWN | {"noise": "crossed"}, "has one seed, so remove noise"),
    "memory": (OWN | {"memory": "much"}, "memory = 'much' is no amount of memory; write memory = '2 GB'"),
    "a result's name": (OWN | {"space": {"seconds": [1, 2]}}, "seconds is the name of a result"),
    "nothing varies": (OWN | {"space": {"x": 1}}, "nothing varies"),
}


@pytest.mark.parametrize(("raw", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_the_definition_is_one_sentence(raw, words):
    """Each says the rule and what to type."""
    with pytest.raises(DefinitionError) as caught:
        parse(raw)
    assert words in str(caught.value)


def test_names_of_results_are_those_of_the_table():
    """What no setting may be called here is what the table of trials calls its columns."""
    assert RESERVED == RESULTS | SOMETIMES


MODULES = {
    "no module": (None, "there is no module 'wrong0' for the objective 'wrong0:f'; it is looked for in "),
    "no import": ("import nowhere_at_all\n", "cannot be imported: ModuleNotFoundError: No module named"),
    "syntax": ("def f(:\n", "cannot be imported: SyntaxError: "),
    "raises": ("1 / 0\n", "cannot be imported: ZeroDivisionError: division by zero (wrong3.py, line 1)"),
    "no function": ("def fn(c, s): ...\n", "module 'wrong4' has no 'f'; did you mean 'fn'?"),
    "no callable": ("f = 3\n", "objective 'wrong5:f' is 3 and no function"),
    "one argument": ("def f(c): ...\n", "takes (c), and is called with two arguments: def train(config"),
    "ends": ("import os\nos._exit(7)\n", "could not be loaded (exit code 7)"),
}


@pytest.mark.parametrize("number", range(len(MODULES)), ids=MODULES.keys())
def test_a_function_that_cannot_be_called_is_one_sentence(number, tmp_path):
    """Before anything is trained, and without importing it into this process."""
    text, words = list(MODULES.values())[number]
    if text is not None:
        module(tmp_path, text, f"wrong{number}")
    with pytest.raises(DefinitionError) as caught:
        swept(tmp_path, OWN | {"objective": f"wrong{number}:f"})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert f"wrong{number}" not in sys.modules


def test_an_edited_module_is_refused_when_resuming(tmp_path):
    """The contents of the file count, not its name; as it was, the sweep goes on."""
    text = "def train(c, seed):\n    return c['x']\n"
    module(tmp_path, text, "edited")
    raw = OWN | {"objective": "edited:train"}
    before = swept(tmp_path, raw)
    module(tmp_path, text.replace("c['x']", "2 * c['x']"), "edited")
    with pytest.raises(
        StudyError, match="the contents of the function have changed since study 'sweep' began"
    ):
        swept(tmp_path, raw)
    module(tmp_path, text, "edited")
    assert shown(swept(tmp_path, raw)) == shown(before)


def test_a_module_in_a_package_is_found(tmp_path):
    """By its dotted name, below the folder."""
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab/__init__.py").touch()
    module(tmp_path / "lab", "def train(c, seed):\n    return c['x']\n", "deep")
    assert [trial.value for trial in swept(tmp_path, OWN | {"objective": "lab.deep:train"})] == [1.0, 2.0]


def test_a_function_at_hand_is_called_here(tmp_path):
    """A closure too, in this process; its exceptions are outcomes there as well."""
    here = []

    def train(configuration, _seed):
        here.append(os.getpid())
        return 1 / (configuration["x"] - 1)

    definition = parse(OWN | {"objective": name_of(train), "search": 0, "replicates": 1})
    ready = prepare(definition, FunctionObjective(definition.objective, function=train))
    failed, trained = run(ready, f"journal://{tmp_path}/a.journal")
    assert set(here) == {os.getpid()}
    assert failed.message.startswith("ZeroDivisionError: division by zero (test_functions.py, line ")
    assert trained.value == 1.0


def test_amounts_of_memory():
    """Decimal and binary units, as they are meant."""
    assert memory_in_bytes("2 GB") == 2 * 10**9
    assert memory_in_bytes("1.5gib") == 3 * 2**29
    for wrong in ("2", "0 GB", "-1 GB", "2 PB", ""):
        with pytest.raises(DefinitionError):
            memory_in_bytes(wrong)


def test_a_search_avoids_where_there_was_no_result():
    """A sampler is shown the worst value for a trial without one; without any value it is shown nothing."""
    space = (
        parse(OWN | {"space": {"x": {"low": 0.0, "high": 1.0, "levels": 5}}}).build_space().without_levels()
    )

    def trial(number, x):
        value = math.nan if x < 0.5 else x
        how = "failed" if x < 0.5 else "trained"
        plan = PlannedTrial(number, {"x": x}, 0)
        return FinishedTrial(plan, how, value, None, {}, {}, {}, 0.0, message="" if x >= 0.5 else "no")

    history = [trial(number, number / 40) for number in range(41)]
    proposed = [one.configuration["x"] for one in propose(space, "tpe", history, 10, 0, 0, 41)]
    assert sum(x >= 0.5 for x in proposed) >= 7
    assert len(propose(space, "tpe", history[:20], 3, 0, 0, 20)) == 3


LOUD = """
import os, sys

def train(configuration, seed):
    print("tried", configuration["a"])
    print("warned", file=sys.stderr)
    if configuration["a"] == 3:
        os.kill(os.getpid(), 9)
    return configuration["a"]
"""


def test_what_a_function_prints_goes_to_a_file_and_not_to_the_terminal(tmp_path, capfd):
    """Also the last line before its process is killed; without a file it is lost."""
    module(tmp_path, LOUD, "loud_function")
    space = {"space": {"a": [1, 2, 3]}}
    definition = parse({"name": "loud", "objective": "loud_function:train", "replicates": 1} | space)
    for log in (tmp_path / "objective.log", None):
        objective = FunctionObjective("loud_function:train", (str(tmp_path),))
        objective.log = log
        run(prepare(definition, objective), f"journal://{tmp_path}/{log is None}.journal")
        assert "tried" not in "".join(capfd.readouterr())
    lines = (tmp_path / "objective.log").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line != "warned"] == ["tried 1", "tried 2", "tried 3", "tried 3"]
    assert lines.count("warned") == 4
