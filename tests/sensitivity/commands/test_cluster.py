"""Training on a Dask cluster: the table of this process to the byte, whatever dies; else a sentence."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from trial_rows import recorded_rows

distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).parents[3]
DEFINITION = """
name = "clustered"
dataset = "iris"
epochs = {epochs}
search = {search}
replicates = {replicates}
network = {{ hidden = [5] }}

[space]
optimizer = ["sgd", "adam"]
learning_rate = {{ low = 1e-3, high = 10.0, log = true, levels = 4 }}
batch_size = [7, 32]
"""
PATIENCE = 300.0


def definition(folder, epochs=1, search=3, replicates=2):
    """A sweep of 35 trials, or a longer one."""
    path = folder / "clustered.toml"
    text = DEFINITION.format(epochs=epochs, search=search, replicates=replicates)
    path.write_text(text, encoding="utf-8")
    return path


def recorded(out):
    """Bytes of the study."""
    journal = out / "study.journal"
    return journal.stat().st_size if journal.exists() else 0


def wait_until(condition):
    """Wait for what a process does; fail when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def threads():
    """A cluster in this process: a scheduler and a worker of two threads."""
    how = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**how) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_trains_the_same_trials(threads, tmp_path):
    """Trials planned and searched, trained by Dask, are equal to the last bit; the cluster stays clean."""
    from sweeps.cluster import Dask
    from sweeps.definition import load, parse
    from sweeps.handed import _closing, _handed
    from sweeps.run import prepare, run

    sweep = prepare(parse(load(definition(tmp_path))))
    on = lambda prepared, _: Dask(threads, None, prepared)  # noqa: E731
    found = run(sweep, f"journal://{tmp_path / 'a.journal'}", executor=on, workers=2)
    expected = run(sweep, f"journal://{tmp_path / 'b.journal'}", workers=1)
    assert [replace(trial, seconds=0.0) for trial in found] == [
        replace(trial, seconds=0.0) for trial in expected
    ]
    assert (_handed, _closing) == ({}, {})


@pytest.mark.parametrize(("deaths", "words"), [(1, None), (9, "keep dying as they start"), (0, "port")])
def test_a_worker_that_dies_as_it_starts_is_started_again(monkeypatch, deaths, words):
    """Dask takes it for an error of the whole cluster; it is said, and bounded. Other errors are no death."""
    from sweeps.errors import ExecutionError
    from sweeps.local_cluster import STARTS, LocalCluster

    tried = []

    def begin(**how):
        tried.append(how["local_directory"])
        if len(tried) <= deaths:
            raise RuntimeError("Nanny failed to start.")
        if deaths == 0:
            raise RuntimeError("Cluster failed to start: no port")
        return SimpleNamespace(close=lambda **_: None)

    monkeypatch.setattr(distributed, "LocalCluster", begin)
    if words is None:
        cluster = LocalCluster(2)
        cluster.close()
        assert cluster.told == ["a worker of the local cluster died as it started; it is started again"]
    else:
        with pytest.raises(ExecutionError if deaths else RuntimeError, match=words):
            LocalCluster(2)
    assert len(tried) == min(deaths + 1, STARTS)
    assert not Path(tried[0]).exists()


def test_a_worker_of_another_version_is_refused(threads, monkeypatch):
    """It is named, with what differs: no trial of it is recorded."""
    import sweeps.handed as module
    from sweeps.cluster import Dask
    from sweeps.errors import ExecutionError
    from sweeps.execution import Crew

    other = {**module.terms(), "numpy": "1.26.0"}
    monkeypatch.setattr(module, "terms", lambda **_: other)
    on = lambda prepared, _: Dask(threads, None, prepared)  # noqa: E731
    with (
        pytest.raises(ExecutionError, match=r"the worker inproc://.* has numpy 1.26.0, the command 2"),
        Crew(partial(int, 0), 1, on) as crew,
    ):
        list(crew.run(abs, [1]))


def crew(address):
    """Calls of a sweep of nothing on that cluster."""
    from sweeps.cluster import Dask
    from sweeps.execution import Crew

    return Crew(partial(int, 0), 1, lambda prepared, _: Dask(address, None, prepared))


def test_what_a_call_raises_is_its_own(threads):
    """An `OSError` of a call is no dying worker: it arrives as it is, with the place where it was raised."""
    with pytest.raises(FileNotFoundError, match="not/there") as caught, crew(threads) as one:
        list(one.run(os.stat, ["not/there"]))
    assert "sweeps/handed.py" in "".join(caught.value.__notes__)


def test_equal_sweeps_on_one_cluster_let_each_other_be(threads):
    """Of two that are the same one ends in the middle of the other, whose calls still find what they need."""
    from sweeps.handed import _handed, _ready

    with crew(threads) as one, crew(threads) as other:
        first, second = one.run(abs, [-1, -2]), other.run(abs, [-3, -4])
        assert {next(first), next(second)} <= {(-1, 1), (-2, 2), (-3, 3), (-4, 4)}
        assert len(_handed) == 2
        one.__exit__(SystemExit)
        assert len(_handed) == 1
        assert len(list(second)) == 1
        assert list(other.run(abs, [-5])) == [(-5, 5)]
    assert (_handed, _ready) == ({}, {})


def test_what_a_killed_sweep_gave_workers_is_taken_back_by_the_next(threads):
    """Its client is gone, so what was given in its name is."""
    from sweeps.handed import Handed, _handed

    with distributed.Client(threads, set_as_default=False) as client:
        client.register_plugin(Handed("sensitivity-gone", b"", {}), name="sensitivity-gone")
        assert set(_handed) == {"sensitivity-gone"}
        with crew(threads) as one:
            assert list(one.run(abs, [-5])) == [(-5, 5)]
            assert "sensitivity-gone" not in _handed
    assert not _handed


def test_a_scheduler_that_says_nothing_is_a_sentence(command, tmp_path, monkeypatch, assert_one_sentence):
    """Something that takes connections and is silent, as a stopped scheduler does."""
    import sweeps.cluster as module

    monkeypatch.setattr(module, "CONNECT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        line = ("sweep", definition(tmp_path), "--no-report", "--out", tmp_path / "run", "--cluster", address)
        assert_one_sentence(command(*line), f"{address} does not answer")


def test_a_scheduler_that_falls_silent_breaks_what_waits_for_it(threads, monkeypatch):
    """Calls under way end as those of a scheduler that is gone; leave is taken without a word."""
    import sweeps.cluster as module

    monkeypatch.setattr(module, "_POLL", 0.05)
    one = module.Dask(threads, None, partial(int, 0))
    future = one.submit(time.sleep, 0.5)
    monkeypatch.setattr(module, "CONNECT", 0.1)
    monkeypatch.setattr(one._client, "scheduler_info", lambda **_: time.sleep(1))
    with pytest.raises(BrokenExecutor):
        future.result(10)
    one.shutdown(wait=False)


def test_what_a_function_prints_on_a_worker_comes_home(threads, tmp_path):
    """Where the command keeps it, though the worker may see no such file."""
    from sweeps.cluster import Dask
    from sweeps.definition import parse
    from sweeps.functions import FunctionObjective
    from sweeps.run import prepare, run

    text = "def train(configuration, seed):\n    print('here', configuration['x'])\n    return 1\n"
    (tmp_path / "loud.py").write_text(text, encoding="utf-8")
    objective = FunctionObjective("loud:train", (str(tmp_path),))
    objective.log = tmp_path / "loud.log"
    raw = {"objective": "loud:train", "design": "factorial", "replicates": 1, "space": {"x": [1, 2]}}
    sweep = prepare(parse(raw), objective)
    run(
        sweep,
        f"journal://{tmp_path / 'a.journal'}",
        executor=lambda prepared, _: Dask(threads, None, prepared),
    )
    assert sorted((tmp_path / "loud.log").read_text(encoding="utf-8").splitlines()) == ["here 1", "here 2"]


def test_mistakes_are_sentences(command, tmp_path, monkeypatch, assert_one_sentence):
    """No address; a scheduler that is not there; Dask that is not installed."""
    import sweeps.cluster as module

    source = definition(tmp_path)
    line = ("sweep", source, "--no-report", "--out", tmp_path / "run", "--cluster")
    assert_one_sentence(
        command(*line, "here"), "--cluster takes the address", "tcp://10.0.0.1:8786", "'here'"
    )
    monkeypatch.setattr(module, "CONNECT", 0.2)
    assert_one_sentence(command(*line, "tcp://127.0.0.1:9"), "tcp://127.0.0.1:9 does not answer")
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda _: None)
    there = tmp_path / "new"
    outcome = command("sweep", source, "--no-report", "--out", there, "--cluster", "local:2")
    assert_one_sentence(outcome, "pip install distributed")
    assert not there.exists()


class Cluster:
    """A real one: a scheduler and workers, each a process of its own."""

    def __init__(self, folder, workers=3):
        self._folder = folder
        self.processes = []
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", folder / "scheduler.json"
        )
        wait_until((folder / "scheduler.json").exists)
        with distributed.Client(
            scheduler_file=str(folder / "scheduler.json"), set_as_default=False
        ) as client:
            self.address = client.scheduler.address
            self.workers = [self.join() for _ in range(workers)]
            client.wait_for_workers(workers, timeout=PATIENCE)

    def _start(self, *arguments):
        line = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *map(str, arguments[1:])]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(line, cwd=self._folder, env=self.environment, **quiet)
        self.processes.append(process)
        return process

    def join(self):
        """One worker more."""
        plain = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            self._folder / "dask",
        )
        return self._start("worker", self.address, *plain)

    def close(self):
        """End all."""
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    """Three workers and their scheduler."""
    made = Cluster(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """A sweep of some seconds, its table made in this process, and the bytes of its study."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    tmp_path = tmp_path_factory.mktemp("expected")
    source = definition(tmp_path, epochs=int(os.environ.get("EPOCHS", "60")), search=20, replicates=20)
    out = tmp_path / "alone"
    sweep_command(str(source), Overrides(), out, None, workers=1, population=None, report=False)
    return source, recorded_rows(out), recorded(out)


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(cluster, process, expected, tmp_path):
    """It is named, another does what it had begun, one that joins later helps: the same table."""
    source, rows, size = expected
    out = tmp_path / "run"
    running = process("sweep", source, "--no-report", "--out", out, "--cluster", cluster.address)
    wait_until(lambda: recorded(out) > size / 10)
    victim = cluster.workers[0]
    victim.kill()
    cluster.join()
    said, error = running.communicate(timeout=PATIENCE)
    assert (running.returncode, error) == (0, "")
    assert f"worker {victim.pid} on" in said
    assert recorded_rows(out) == rows


@pytest.mark.slow
def test_a_killed_scheduler_is_a_sentence_and_the_sweep_goes_on(
    cluster, process, command, expected, tmp_path
):
    """Within a minute it is said; what was recorded stays, and the same folder goes on here."""
    source, rows, size = expected
    out = tmp_path / "run"
    running = process("sweep", source, "--no-report", "--out", out, "--cluster", cluster.address)
    wait_until(lambda: recorded(out) > size / 10)
    cluster.scheduler.kill()
    _, error = running.communicate(timeout=PATIENCE)
    assert running.returncode == 2
    assert error.startswith(f"Error: the scheduler {cluster.address} does not answer")
    assert error.count("\n") == 1
    assert command("sweep", "--no-report", "--out", out, "--workers", 1)[0] == 0
    assert recorded_rows(out) == rows


@pytest.mark.slow
@pytest.mark.parametrize("ended_by", [None, signal.SIGINT])
def test_a_stopped_scheduler_is_a_sentence_within_two_minutes(cluster, process, expected, tmp_path, ended_by):
    """It neither answers nor hangs up; Ctrl-C meanwhile is answered at once. What was recorded is kept."""
    source, _, size = expected
    out = tmp_path / "run"
    running = process("sweep", source, "--no-report", "--out", out, "--cluster", cluster.address)
    wait_until(lambda: recorded(out) > size / 10)
    cluster.scheduler.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    if ended_by is not None:
        time.sleep(2)
        running.send_signal(ended_by)
    _, error = running.communicate(timeout=PATIENCE)
    print(f"{time.monotonic() - begun:.0f} s")
    if ended_by is None:
        assert running.returncode == 2
        assert error.startswith(f"Error: the scheduler {cluster.address} does not answer")
    else:
        assert running.returncode == 130
        assert error.startswith("Interrupted: ")
    assert error.count("\n") == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_local_cluster_leaves_nothing(process, expected, tmp_path, monkeypatch):
    """Neither processes nor folders: killed, its workers end, and the next command removes its folder."""
    source, rows, size = expected
    out, scratch = tmp_path / "run", tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    line = ("sweep", source, "--no-report", "--out", out, "--cluster", "local:2")
    running = process(*line)
    wait_until(lambda: recorded(out) > size / 10)
    running.kill()
    running.communicate()
    assert list(scratch.glob("sensitivity-dask.*"))

    def left():
        environments = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/environ") if readable(path)]
        return sum(f"TMPDIR={scratch}".encode() in text for text in environments)

    wait_until(lambda: left() == 0)
    _, error = process(*line).communicate(timeout=PATIENCE)
    assert error == ""
    assert recorded_rows(out) == rows
    assert (left(), list(scratch.iterdir())) == (0, [])


def readable(path):
    """Whether a file of a process can be read, which may be another's or gone."""
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


@pytest.mark.slow
def test_two_equal_sweeps_at_once_of_which_neither_ends_the_other(cluster, process, expected, tmp_path):
    """A worker dies in the middle: each has the table of a local run."""
    source, rows, size = expected
    outs = [tmp_path / "one", tmp_path / "two"]
    both = [
        process("sweep", source, "--no-report", "--out", out, "--cluster", cluster.address) for out in outs
    ]
    wait_until(lambda: all(recorded(out) > size / 10 for out in outs))
    cluster.workers[0].kill()
    for running, out in zip(both, outs, strict=True):
        _, error = running.communicate(timeout=PATIENCE)
        assert (running.returncode, error) == (0, "")
        assert recorded_rows(out) == rows


@pytest.mark.slow
def test_coordinators_and_workers_that_are_killed_again_and_again(
    cluster, process, expected, tmp_path, capsys
):
    """KILLS of each at random moments, begun again each time: nothing lost, nothing twice."""
    source, rows, size = expected
    out, rng, kills = tmp_path / "run", random.Random(20261128), int(os.environ.get("KILLS", "10"))
    most = size // kills  # bytes of the study between two kills: half of it, together
    line = ("sweep", source, "--no-report", "--out", out, "--cluster", cluster.address)
    done = 0
    while done < kills:
        running = process(*line)
        goal = recorded(out) + rng.randrange(1, most)
        wait_until(lambda goal=goal, running=running: recorded(out) > goal or running.poll() is not None)
        cluster.workers.pop(0).send_signal(signal.SIGKILL)
        time.sleep(rng.random() * 0.2)
        if running.poll() is None:
            done += 1
        else:
            break
        running.kill()
        running.communicate()
        cluster.workers.append(cluster.join())
    said = process(*line).communicate(timeout=PATIENCE)
    with capsys.disabled():
        print(f"\n{done} coordinators and {done} workers killed")
    assert said[1] == ""
    assert recorded_rows(out) == rows
    assert done == kills, "the sweep ended before the last kill; make it longer with EPOCHS"


def test_a_busy_port_of_a_dashboard_is_no_matter(recwarn):
    """There is none of the local cluster, and nothing is said of its port."""
    from sweeps.local_cluster import LocalCluster

    with socket.socket() as busy:
        with contextlib.suppress(OSError):  # in use already
            busy.bind(("127.0.0.1", 8787))
            busy.listen()
        LocalCluster(0).close()
    assert not [str(one.message) for one in recwarn if "8787" in str(one.message)]
