"""Several processes that share a folder: the table of a single one to the byte, whoever is killed when."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from pathlib import Path

import pytest
from trial_rows import recorded_rows

DEFINITION = """
name = "shared"
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
PATIENCE = 600.0  # seconds after which a process hangs
# A member whose leases are short, and whose every operation on a file takes longer.
MEMBER = """
import os, sys, time

delay = float(sys.argv.pop(1))
if delay:
    import io, pathlib
    def slow(function):
        def called(*arguments, **named):
            time.sleep(delay)
            return function(*arguments, **named)
        return called
    names = "rename replace unlink utime listdir fsync scandir mkdir stat rmdir"
    for name in names.split():
        setattr(os, name, slow(getattr(os, name)))
    io.open = pathlib.io.open = slow(io.open)

if __name__ == "__main__":
    from sensitivity.commands.cli import main
    import sweeps.shared_folder as shared
    shared.LEASE, shared.BEAT = 3.0, 0.5
    main()
"""


def definition(folder, epochs=1, search=7, replicates=2):
    """A sweep of 39 trials in two blocks, and two parts of a search; or a longer one."""
    path = folder / "shared.toml"
    text = DEFINITION.format(epochs=epochs, search=search, replicates=replicates)
    path.write_text(text, encoding="utf-8")
    return path


class Crowd:
    """Processes that share a folder."""

    def __init__(self, folder, source, delay=0.0):
        self.share = folder / "share"
        self._source, self._delay = source, delay
        self._script = folder / "member.py"
        self._script.write_text(MEMBER, encoding="utf-8")
        self.running = []
        self.said = ""

    def start(self):
        """One more."""
        line = [sys.executable, self._script, str(self._delay), "sweep", self._source, "--share", self.share]
        line += ["--no-report", "--workers", "1"]
        path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path}
        out = subprocess.PIPE
        process = subprocess.Popen(line, stdout=out, stderr=subprocess.STDOUT, text=True, env=environment)
        self.running.append(process)
        return process

    def kill(self, process):
        """As by the kernel for memory, or by a cluster that wants the machine; False where it had ended."""
        alive = process.poll() is None
        process.send_signal(signal.SIGKILL)
        self.said += process.communicate()[0]
        self.running.remove(process)
        return alive

    def done(self):
        """Results there are."""
        folder = self.share / "shared" / "results"
        return len([path for path in folder.glob("*") if path.name[0] != "."]) if folder.exists() else 0

    def wait(self):
        """Until all have ended, without a mistake."""
        for process in list(self.running):
            text = process.communicate(timeout=PATIENCE)[0]
            self.said += text
            assert process.returncode == 0, text
        self.running = []

    def close(self):
        """Leave nothing that runs."""
        for process in list(self.running):
            self.kill(process)


def assert_nothing_left(crowd):
    """No process, no ticket, no result, no temporary file; of the folder the terms and the run."""
    shared = crowd.share / "shared"
    assert {path.name for path in crowd.share.iterdir()} == {"shared", "run"}
    files = sorted(path.name for path in shared.rglob("*") if path.is_file())
    assert files == ["record", "terms.json"]


@pytest.fixture
def crowd(tmp_path):
    """Makes a crowd: (source, delay)."""
    made = []

    def make(source, delay=0.0):
        made.append(Crowd(tmp_path, source, delay))
        return made[-1]

    yield make
    for each in made:
        each.close()


def alone(source, out):
    """Table of the sweep in this process."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    sweep_command(str(source), Overrides(), out, None, workers=1, population=None, report=False)
    return recorded_rows(out)


@pytest.mark.slow
def test_the_commands_of_two_processes_of_which_one_is_killed(tmp_path, crowd):
    """One dies in the middle of a block, the other does it again, names it, records all and clears up."""
    source = definition(tmp_path, epochs=40)
    both = crowd(source)
    first = both.start()
    deadline = time.monotonic() + PATIENCE
    while not list((both.share / "shared" / "tickets").glob("*@*")):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    first.send_signal(signal.SIGSTOP)
    second = both.start()
    while both.done() < 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert both.kill(first)
    both.wait()
    assert f"process {first.pid} on" in both.said
    assert second.returncode == 0
    assert recorded_rows(both.share / "run") == alone(source, tmp_path / "alone")
    assert_nothing_left(both)


def prepared(tmp_path, **changes):
    """Sweep made ready, and the folder in which it is shared."""
    from sweeps.definition import load, parse
    from sweeps.run import prepare
    from sweeps.shared_folder import SharedFolder

    source = definition(tmp_path)
    return prepare(parse({**load(source), **changes})), SharedFolder(tmp_path / "share" / "shared")


def without_seconds(trials):
    """Everything about the trials but how long they took."""
    return [replace(trial, seconds=0.0) for trial in trials]


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_what_a_killed_process_had_is_done_by_the_other(tmp_path):
    """Killed in the middle of a block, it is named; all trials are recorded once, as by one process alone."""
    from sweeps.run import run
    from sweeps.shared_folder import SharedFolder
    from sweeps.shared_terms import join
    from sweeps.sharing import Member

    sweep, folder = prepared(tmp_path)
    join(sweep, folder)

    def train():
        Member._take = lambda *_: time.sleep(PATIENCE)  # in the child: it has trained some, not all
        with SharedFolder(folder.path) as mine:
            Member(sweep, mine, population=1).train()

    first = multiprocessing.get_context("fork").Process(target=train)
    first.start()
    while not list((folder.path / "tickets").glob("*@*")):
        time.sleep(0.01)
    first.kill()
    first.join()
    notes = []
    with SharedFolder(folder.path, notes.append) as mine:
        member = Member(sweep, mine)
        member.train()
        assert member.is_recorder()
        found = member.record(f"journal://{tmp_path / 'shared.journal'}")
        member.recorded()
    assert f"process {first.pid} on" in notes[0]
    assert "has died; piece 000000 is done again" in notes[0]
    expected = run(sweep, f"journal://{tmp_path / 'alone.journal'}", workers=1)
    assert without_seconds(found) == without_seconds(expected)
    left = sorted(path.name for path in folder.path.rglob("*") if path.is_file())
    assert left == ["record", "terms.json"]


def test_who_joins_another_sweep_is_refused(tmp_path, command, assert_one_sentence):
    """Another seed, another version of NumPy: what differs, in a sentence."""
    from sweeps.shared_terms import join

    sweep, folder = prepared(tmp_path)
    join(sweep, folder)
    join(sweep, folder)
    line = ("sweep", tmp_path / "shared.toml", "--share", tmp_path / "share")
    assert_one_sentence(command(*line, "--seed", 3), "another sweep", "seed: 0 → 3", "--share")
    assert_one_sentence(command(*line, "--out", tmp_path / "out"), "leave out --out")
    file = folder.path / "terms.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    known["terms"]["numpy"] = "1.0"
    file.write_text(json.dumps(known), encoding="utf-8")
    assert_one_sentence(command(*line), "numpy", "1.0", "last digits may differ")
    file.write_text("{", encoding="utf-8")
    assert_one_sentence(command(*line), "terms.json is damaged")


def test_a_folder_with_other_files_is_not_taken(tmp_path, command, assert_one_sentence):
    """It stays as it is."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    assert_one_sentence(command("sweep", "quick", "--share", tmp_path / "mine"), "holds other files")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_what_a_function_prints_is_kept_and_its_place_is_told(tmp_path, command):
    """A file per process; a process whose function prints nothing leaves none, and no empty folder."""
    (tmp_path / "loud.py").write_text(
        "def loud(configuration, seed):\n"
        "    rate = configuration['rate']\n"
        "    if rate < 2:\n        print('at', rate)\n"
        "    return {'loss': rate}\n"
    )
    for rates, printed in (([0.1, 0.2, 0.3], {"at 0.1", "at 0.2", "at 0.3"}), ([2, 3, 4], set())):
        source, share = tmp_path / "loud.toml", tmp_path / f"share{rates[0]}"
        source.write_text(f'name = "loud"\nobjective = "loud:loud"\n[space]\nrate = {rates}\n')
        code, said, refused = command("sweep", source, "--share", share, "--no-report", "--workers", 1)
        assert code == 0, refused
        assert (share / "run" / "tables" / "trials.csv").is_file()
        logs = list((share / "printed").iterdir()) if printed else []
        assert {line for log in logs for line in log.read_text().splitlines()} == printed
        assert [f"{log}  (what the function printed)" in said for log in logs] == [True] * len(logs)
        assert (share / "printed").exists() == bool(printed)


def test_blocks_are_the_plan_and_the_generations(tmp_path):
    """Every trial is in one block, in order; none lies on both sides of a generation's beginning."""
    from sweeps.shared_terms import blocks

    sweep, _ = prepared(tmp_path, search=45)
    found = list(blocks(sweep).values())
    assert [number for numbers in found for number in numbers] == list(range(sweep.total))
    assert [len(numbers) for numbers in found] == [32, 5, 5, 5, 5, 5, 5, 5, 5, 5]


def test_a_damaged_result_is_done_again(tmp_path):
    """A digit that changed on the disk is noticed by its checksum, and the table is as if it had not."""
    from sweeps.run import run
    from sweeps.shared_folder import SharedFolder
    from sweeps.shared_terms import join
    from sweeps.sharing import Member

    sweep, folder = prepared(tmp_path)
    join(sweep, folder)
    notes = []
    folder = SharedFolder(folder.path, notes.append)
    with folder:
        member = Member(sweep, folder)
        member.train()
        file = folder.path / "results" / "000000"
        file.write_bytes(file.read_bytes().replace(b'"replicate": 1', b'"replicate": 0', 1))
        assert member.is_recorder()
        found = member.record(f"journal://{tmp_path / 'shared.journal'}")
    expected = run(sweep, f"journal://{tmp_path / 'alone.journal'}")
    assert without_seconds(found) == without_seconds(expected)
    assert "000000 is damaged; piece 000000 is done again" in notes[0]


def test_one_of_many_gets_a_ticket(tmp_path):
    """A ticket is held by one; it goes to another when given back, or not touched for longer than a lease."""
    from sweeps.shared_folder import LEASE, SharedFolder

    notes = []
    one, other = SharedFolder(tmp_path / "s"), SharedFolder(tmp_path / "s", notes.append)
    one.found({}, ["a"])
    other.found({"late": True}, ["b"])
    assert one.terms() == {}
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
    with one, other:
        assert one.claim(["a"]) == "a"
        assert other.claim(["a"]) is None
        one.release("a")
        assert other.claim(["a"]) == "a"
        (ticket,) = (tmp_path / "s" / "tickets").iterdir()
        os.utime(ticket, (time.time() - 2 * LEASE,) * 2)
        assert one.claim(["a"]) == "a"
        other.deliver("a", b"1")
        assert one.result("a") == b"1"
        one.deliver("a", b"1")
        assert one.claim(["a"]) is None
        assert not list((tmp_path / "s" / "tickets").iterdir())
    assert notes == []


def test_who_makes_no_progress_loses_its_ticket(tmp_path, monkeypatch):
    """A process that lives but hangs no longer touches what it holds, so another takes it."""
    import sweeps.shared_folder as module

    monkeypatch.setattr(module, "LEASE", 0.3)
    monkeypatch.setattr(module, "BEAT", 0.05)
    hanging = module.SharedFolder(tmp_path / "s")
    notes = []
    other = module.SharedFolder(tmp_path / "s", notes.append)
    hanging.found({}, ["a"])
    with hanging, other:
        assert hanging.claim(["a"]) == "a"
        hanging.expect("a", 0.6)
        time.sleep(0.5)
        assert other.claim(["a"]) is None  # it was touched: a hang is longer than that
        time.sleep(0.8)
        assert other.claim(["a"]) == "a"
    assert "hangs or is cut off" in notes[0]


class Dying(Executor):
    """Processes that die of every call."""

    def __init__(self, *_):
        pass

    def submit(self, *_):
        """A call that its process does not outlive."""
        future = Future()
        future.set_exception(BrokenExecutor())
        return future


def test_a_block_that_kills_whoever_trains_it_is_given_up(tmp_path, monkeypatch):
    """After two that died holding it, it is trained under observation, and found out; all say the same."""
    from sweeps.errors import StudyError
    from sweeps.execution import EXECUTORS
    from sweeps.owner import Owner
    from sweeps.shared_folder import SharedFolder
    from sweeps.shared_terms import join
    from sweeps.sharing import Member

    sweep, folder = prepared(tmp_path)
    join(sweep, folder)
    gone = subprocess.Popen([sys.executable, "-S", "-c", ""])
    gone.wait()
    for number in range(2):  # what those leave who are killed while they train it
        dead = replace(Owner.me(), pid=gone.pid, token=str(number))
        with SharedFolder(folder.path) as mine:
            (ticket,) = (folder.path / "tickets").glob("000000*")
            ticket.rename(ticket.with_name(f"000000@{dead}"))
            assert mine.claim(["000000"]) == "000000"
            assert mine.deaths.of("000000") == number + 1
    monkeypatch.setitem(EXECUTORS, "processes", Dying)
    said = []
    for _ in range(2):
        with SharedFolder(folder.path) as mine, pytest.raises(StudyError) as caught:
            Member(sweep, mine).train()
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert said[0].startswith(
        "4 processes died or hung one after the other, after 2 that held it, while each trained only block "
        "000000 (trials 0 to 31), perhaps for want of memory; "
    )
    verdict = folder.path / "given-up.txt"
    assert str(verdict) in said[0]
    verdict.unlink()
    with SharedFolder(folder.path) as mine:
        Member(sweep, mine).train()  # with enough memory now
        assert mine.done() == set(Member(sweep, mine).blocks)


def test_workers_that_keep_dying_are_told_from_a_block_that_kills(tmp_path, monkeypatch):
    """Where workers keep dying, each block at hand is trained alone: they are done, and none is given up."""
    import sweeps.sharing as module
    from sweeps.execution import EXECUTORS, DyingWorkersError, Here
    from sweeps.shared_folder import SharedFolder
    from sweeps.shared_terms import join

    sweep, folder = prepared(tmp_path)
    join(sweep, folder)
    carry_out, called = module.Member._carry_out, []

    def once(member, crew, tasks):
        called.append(crew)
        if len(called) == 1:
            next(iter(tasks))
            raise DyingWorkersError
        carry_out(member, crew, tasks)

    monkeypatch.setitem(EXECUTORS, "processes", Here)
    monkeypatch.setattr(module.Member, "_carry_out", once)
    with SharedFolder(folder.path) as mine:
        member = module.Member(sweep, mine)
        member.train()
        assert mine.done() == set(member.blocks)
        assert mine.deaths.given_up() is None


# A member in which training kills whoever does it, as does a block that is too large for the memory.
DEADLY = """
import os, signal
import sweeps.sharing

def deadly(task):
    os.kill(os.getpid(), signal.SIGKILL)

sweeps.sharing.train_task = deadly
if __name__ == "__main__":
    from sensitivity.commands.cli import main
    main()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kills")
@pytest.mark.parametrize(("workers", "codes"), [(1, [-9, -9, 2, 2]), (2, [2, 2])])
def test_a_block_too_large_for_the_memory_ends_all(tmp_path, workers, codes):
    """Alone each member dies of it twice, then it is seen to die; with workers of its own at once."""
    script, share = tmp_path / "member.py", tmp_path / "share"
    script.write_text(DEADLY, encoding="utf-8")
    line = [sys.executable, script, "sweep", definition(tmp_path), "--share", share, "--no-report"]
    path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    how = {"env": {**os.environ, "PYTHONPATH": path}, "capture_output": True, "text": True}
    ended = [subprocess.run([*line, "--workers", str(workers)], check=False, **how) for _ in codes]
    assert [one.returncode for one in ended] == codes
    for one in ended:
        if one.returncode == 2:
            assert one.stderr.startswith("Error: 4 processes died or hung one after the other")
            assert "while each trained only block 000000 (trials 0 to 31), perhaps for" in one.stderr
            assert one.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kills")
@pytest.mark.parametrize("delay", [0.0, 0.05])
def test_many_processes_that_are_killed_again_and_again(tmp_path, crowd, delay, capsys):
    """Eight processes (MEMBERS), each killed 20 times (KILLS) and started again: the same table to the byte.

    With 50 ms added to every operation on a file as well. Prints what that took beside one process alone.
    """
    members, kills = int(os.environ.get("MEMBERS", "8")), int(os.environ.get("KILLS", "20"))
    source = definition(tmp_path, epochs=int(os.environ.get("EPOCHS", "300")), search=40, replicates=60)
    begun = time.perf_counter()
    expected = alone(source, tmp_path / "alone")
    lonely = time.perf_counter() - begun
    rng, many = random.Random(20261128), crowd(source, delay)
    begun = time.perf_counter()
    slots = [many.start() for _ in range(members)]
    left, early = [kills] * members, 0
    while any(left):
        slot = rng.choice([place for place in range(members) if left[place]])
        time.sleep(rng.random() * 2 * float(os.environ.get("BETWEEN", "1")))
        early += not many.kill(slots[slot])
        left[slot] -= 1
        slots[slot] = many.start()
    many.wait()
    seconds = time.perf_counter() - begun
    with capsys.disabled():
        done = members * kills - early
        print(
            f"\n{members} processes, {done} kills, {delay:g} s per file operation: {seconds:.0f} s", end="; "
        )
        print(f"one process alone {lonely:.0f} s; {early} kills came after the end")
    assert recorded_rows(many.share / "run") == expected
    assert early == 0, "the sweep ended before the last kill; make it longer with EPOCHS"
    assert_nothing_left(many)


def test_a_folder_in_which_nothing_is_shared_begins_the_default_sweep_and_says_so(tmp_path):
    """Who misspells the folder that others share is told what happens instead."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sharing import _definition
    from sweeps.shared_folder import SharedFolder

    definition, notes = _definition(None, Overrides(), SharedFolder(tmp_path / "shard" / "shared"))
    assert definition.name == "digits"
    assert notes[0] == f"nothing is shared in {tmp_path / 'shard'} yet: this is the default sweep digits."
