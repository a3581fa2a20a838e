"""What every entry of EXECUTORS keeps, and that one line is all a new one needs."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import toys
from threadpoolctl import threadpool_limits

from sweeps.definition import parse
from sweeps.errors import ExecutionError
from sweeps.execution import EXECUTORS, Crew
from sweeps.run import prepare, run
from sweeps.subnormals import handling
from sweeps.worker_processes import Processes

CONTRACT = Path(__file__).parent
DEFINITION = {
    "dataset": "iris",
    "epochs": 3,
    "search": 5,
    "network": {"hidden": [5]},
    "space": {"optimizer": ["sgd", "adam"], "learning_rate": [0.01, 0.1], "batch_size": [7, 32]},
}


def without_seconds(trials):
    """Everything about the trials but how long they took."""
    return [replace(trial, seconds=0.0) for trial in trials]


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Trials of the definition, trained in this process."""
    url = f"journal://{tmp_path_factory.mktemp('expected') / 'study.journal'}"
    return without_seconds(run(prepare(parse(DEFINITION)), url))


@pytest.mark.parametrize("name", EXECUTORS)
def test_an_executor_is_one_of_concurrent_futures(name):
    """``submit`` gives futures, a prepared worker is prepared before its first call, ``shutdown`` ends it."""
    executor = EXECUTORS[name](toys.nothing, 2)
    assert isinstance(executor, Executor)
    assert [executor.submit(toys.square, number).result() for number in range(4)] == [0, 1, 4, 9]
    executor.shutdown()


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", EXECUTORS)
def test_every_executor_trains_the_same_trials(name, workers, expected, tmp_path):
    """Wherever and however many workers train, planned and searched trials are equal to the last bit."""
    url = f"journal://{tmp_path / 'study.journal'}"
    trials = run(prepare(parse(DEFINITION)), url, workers=workers, executor=name)
    assert without_seconds(trials) == expected


@pytest.mark.parametrize("name", EXECUTORS)
def test_a_crew_hands_over_every_item_once(name):
    """More items than are ever in flight come back, each with its result; two functions share the workers."""
    with Crew(toys.nothing, 2, name) as crew:
        assert dict(crew.run(toys.square, range(50))) == {number: number**2 for number in range(50)}
        assert list(crew.run(abs, [-3])) == [(-3, 3)]
        assert list(crew.run(abs, [])) == []


@pytest.mark.parametrize("name", EXECUTORS)
def test_workers_have_one_blas_thread(name):
    """Bits do not depend on the cores of a machine: no BLAS of a worker has more than one thread."""
    with threadpool_limits(2), Crew(toys.nothing, 2, name) as crew:
        ((_, threads),) = crew.run(toys.blas_threads, [None])
    assert threads
    assert set(threads) == {1}


@pytest.mark.skipif(handling() == "kept", reason="the switch of this platform is not known")
@pytest.mark.parametrize("name", EXECUTORS)
def test_subnormal_numbers_are_zero_in_training_only(name):
    """Wherever it trains: a worker is as fast as the others, and what it did before and after is its own."""
    with Crew(toys.nothing, 2, name) as crew:
        ((_, seen),) = crew.run(toys.subnormal_product, [None])
    assert seen == [2.0**-140, 0.0, 0.0, 2.0**-140]


@pytest.mark.parametrize("name", EXECUTORS)
def test_what_a_call_raises_arrives(name):
    """A bug in a call is raised where its result would have been, with its own type."""
    with pytest.raises(ZeroDivisionError), Crew(toys.nothing, 2, name) as crew:
        list(crew.run(partial(divmod, 1), [1, 0]))


@pytest.mark.parametrize(
    ("by", "how"), [("SIGKILL", "was killed"), ("SIGTERM", "was ended by another program (SIGTERM)")]
)
@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_what_a_killed_worker_left_is_done_again(tmp_path, by, how):
    """A worker killed in the middle costs nothing: every item comes back once.

    It is named, and not the other, which the pool itself ends.
    """
    jobs = [(number, 7, str(tmp_path / "grave"), getattr(signal, by)) for number in range(20)]
    notes = []
    with Crew(toys.nothing, 2, on_note=notes.append) as crew:
        results = list(crew.run(toys.square_or_die, jobs))
    assert len(notes) == 1
    assert f"worker {(tmp_path / 'grave').read_text(encoding='utf-8')} on" in notes[0]
    assert f"{how}, perhaps for want of memory; what it had begun is done again" in notes[0]
    assert sorted((job[0], result) for job, result in results) == [(n, n * n) for n in range(20)]


@pytest.mark.skipif(sys.platform == "win32", reason="tears a pipe")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_killed_while_it_tells_a_result_is_no_hang(tmp_path, monkeypatch, workers):
    """The rest of it is not waited for, which nobody will write: it is done again, and the worker named."""
    import sweeps.execution

    monkeypatch.setattr(sweeps.execution, "LOOK", 0.05)
    jobs = [(number, 1, str(tmp_path / "torn")) for number in range(4)]
    notes = []
    with Crew(toys.nothing, workers, "processes", notes.append) as crew:
        results = list(crew.run(toys.long_or_torn, jobs))
    assert sorted(job[0] for job, result in results if result == bytes(2**18)) == [0, 1, 2, 3]
    assert "was killed" in notes[0]


@pytest.mark.skipif(sys.platform == "win32", reason="tears a pipe")
def test_a_torn_result_does_not_keep_who_ends(tmp_path):
    """Who leaves in the middle of a torn result, as Ctrl-C makes one do, is not kept by it."""
    torn = tmp_path / "torn"
    pool = Processes(toys.nothing, 1)
    pool.submit(toys.long_or_torn, (1, 1, str(torn)))
    wait_until(lambda: torn.exists() and any(one.exitcode for one in pool._started.values()))
    pool.shutdown(wait=False, cancel_futures=True)


def test_a_worker_that_a_broken_pool_cannot_end_is_no_hang(tmp_path):
    """One worker is killed while another is deaf to SIGTERM, or just being started: all is done again."""
    with Crew(toys.nothing, 2) as crew:
        results = list(crew.run(toys.be_deaf_or_die, [(number, str(tmp_path)) for number in range(4)]))
    assert sorted((job[0], result) for job, result in results) == [(n, n * n) for n in range(4)]


def test_a_worker_that_hangs_is_ended_and_its_call_done_again(tmp_path, monkeypatch):
    """A call that takes longer than any can is noticed and said; every item comes back once."""
    import sweeps.execution

    monkeypatch.setattr(sweeps.execution, "LOOK", 0.05)
    jobs = [(number, 3, str(tmp_path / "hung")) for number in range(6)]
    notes, patience = [], lambda job: 1.0 if job[0] == 3 and not (tmp_path / "hung").exists() else 60.0
    with Crew(toys.nothing, 2, on_note=notes.append) as crew:
        assert len(list(crew.run(toys.square, range(20)))) == 20  # both have started
        results = list(crew.run(toys.square_or_hang, jobs, patience))
    assert sorted((job[0], result) for job, result in results) == [(n, n * n) for n in range(6)]
    assert "workers hang" in notes[0]


def test_a_worker_that_dies_as_the_sweep_ends_is_no_news():
    """Where all are ended at once, as a batch system does, nothing is begun again, and nobody says so."""
    notes = []

    def all_ended():
        with Crew(toys.nothing, 2, on_note=notes.append) as crew:
            list(crew.run(toys.square, range(20)))
            for worker in crew._executor._started.values():
                worker.terminate()  # nothing where it has ended because the other has
                worker.join()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        all_ended()
    assert notes == []


def test_workers_that_keep_dying_end_in_a_sentence():
    """An item that kills every worker is given up after a few attempts."""
    with pytest.raises(ExecutionError, match="worker processes keep dying"), Crew(toys.nothing, 2) as crew:
        list(crew.run(toys.die, range(3)))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_with_their_parent(tmp_path):
    """After kill -9 of the process that started them, workers in the middle of a call are gone at once."""
    script = (
        "import toys; from sweeps.execution import Crew\n"
        "if __name__ == '__main__':\n"
        f"    list(Crew(toys.nothing, 2).run(toys.sleep_long, [{str(tmp_path)!r}] * 2))\n"
    )
    (tmp_path / "main.py").write_text(script, encoding="utf-8")
    path = os.pathsep.join([str(CONTRACT), str(CONTRACT.parent.parent)])
    parent = subprocess.Popen([sys.executable, tmp_path / "main.py"], env={**os.environ, "PYTHONPATH": path})
    wait_until(lambda: len(list(tmp_path.glob("[0-9]*"))) == 2)
    workers = [path.name for path in tmp_path.glob("[0-9]*")]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not any(Path("/proc", worker).exists() for worker in workers))


def wait_until(condition, seconds=20):
    """Wait for a condition; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def threads(prepare, workers):
    """A stranger's executor: threads of this process."""
    return ThreadPoolExecutor(workers, initializer=prepare)


def test_a_new_executor_is_one_line(monkeypatch, expected, tmp_path):
    """Threads, put into EXECUTORS, train the same trials to the last bit."""
    monkeypatch.setitem(EXECUTORS, "threads", threads)
    url = f"journal://{tmp_path / 'study.journal'}"
    trials = run(prepare(parse(DEFINITION)), url, workers=2, executor="threads")
    assert without_seconds(trials) == expected


def test_a_misspelt_executor_is_a_sentence(tmp_path):
    """An executor that is not there gets the closest name."""
    with pytest.raises(ExecutionError, match="'process' is not known; did you mean 'processes'"):
        run(prepare(parse(DEFINITION)), f"journal://{tmp_path / 'study.journal'}", executor="process")


@pytest.mark.parametrize("broken", [True, False])
def test_a_pool_that_breaks_while_it_starts_a_worker_is_begun_anew(monkeypatch, broken):
    """Its pipes are closed under the process that is being started; any other such error is a bug."""
    submit, errors = ProcessPoolExecutor.submit, [ValueError("bad value(s) in fds_to_keep")]

    def closed_at_first(pool, *given):
        if errors:
            pool._broken = broken and "a worker has died"
            raise errors.pop()
        return submit(pool, *given)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", closed_at_first)
    with Crew(toys.nothing, 2) as crew:
        if broken:
            assert sorted(crew.run(toys.square, [1, 2], lambda _: 60.0)) == [(1, 1), (2, 4)]
        else:
            with pytest.raises(ValueError, match="fds_to_keep"):
                list(crew.run(toys.square, [1], lambda _: 60.0))
