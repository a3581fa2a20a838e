"""Measuring and drawing in processes: the same bytes, whatever becomes of a worker."""

import multiprocessing
import pickle
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from sensitivity.files import make_folder
from sensitivity.measures.measuring import GROUPS, all_tables
from sensitivity.pictures import picturing
from sensitivity.pictures.picturing import PICTURES
from sensitivity.reporting import results, work, workshop
from sweeps.execution import Crew
from sweeps.run_folder import RunFolder


def test_tables_measured_apart_are_those_measured_together(sweep_source):
    """What each worker does, without a process: its own copy of the study, and one group of tables."""
    study, found = sweep_source(), {}
    for group in GROUPS:
        work.take(pickle.dumps(study))
        found |= work.measured(group)
    expected = all_tables(study)
    assert set(found) == set(expected)
    for name, table in found.items():
        pd.testing.assert_frame_equal(table, expected[name])


@pytest.fixture
def few(monkeypatch):
    """Only two pictures."""
    names = ("best_after_k", "survivors")
    for module in (work, picturing):
        monkeypatch.setattr(module, "PICTURES", {name: PICTURES[name] for name in names})
    monkeypatch.setattr(work, "ORDER", names)
    return list(names)


def test_the_page_is_there_before_any_png(sweep_source, few, tmp_path):
    """An older PNG is gone by then; in the end each picture has all its files."""
    folder, seen = RunFolder(tmp_path), []
    make_folder(folder)
    (folder.figures / f"{few[0]}.png").write_bytes(b"of other trials")

    def shown(found):
        seen.extend([found.page.is_file(), sorted(path.name for path in folder.figures.iterdir())])

    results.write_report(folder, sweep_source(), "", trials=True, shown=shown)
    assert seen == [True, sorted(f"{name}.{kind}" for name in few for kind in ("svg", "txt"))]
    for name in few:
        assert (folder.figures / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (folder.figures / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_a_png_whose_figure_is_lost_is_drawn_anew(sweep_source, few):
    """As after the death of the worker that held it: the same bytes. The others are drawn as they are."""
    study = sweep_source()
    tables = all_tables(study)
    shop = workshop.Workshop(1)
    shop.take(study)
    shop._crew = Crew(partial(work.take, pickle.dumps(study)), 1)
    found = []
    for lost in ([], few[:1], few):
        assert dict(shop.pictures(tables, lambda _: None)).keys() == set(few)
        for name in lost:
            del work.drafts[name]
        found.append(dict(shop.images(few, lambda _: None)))
        assert not work.drafts
    assert found[0].keys() == set(few)
    assert found[0] == found[1] == found[2]


@pytest.mark.slow  # three processes load everything; test_executors.py kills workers that are light
def test_a_killed_worker_is_replaced_and_its_work_done_again(sweep_source, monkeypatch):
    """A worker killed while it measures costs time and nothing else; none is left at the end."""
    monkeypatch.setattr(workshop, "WORTHWHILE", 1)
    study, killed = sweep_source(), []

    def kill_once(_):
        if not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    with workshop.Workshop(2) as shop:
        shop.take(study)
        tables = shop.tables(kill_once)
    assert killed[0].exitcode is not None
    assert not multiprocessing.active_children()
    expected = all_tables(study)
    assert set(tables) == set(expected)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, expected[name])


def children(pid):
    """Processes that a process started, from any of its threads (Linux)."""
    lists = [path.read_text(encoding="ascii") for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for child in " ".join(lists).split()]


def wait_until(condition, seconds=60):
    """Wait for a condition; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_report_leaves_neither_workers_nor_files_behind(tmp_path, monkeypatch):
    """After kill -9 in the middle its processes end, and the folder for temporary files is as it was."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    rows = [f"{place % 37},{place % 23},{place % 11}" for place in range(workshop.WORTHWHILE)]
    (tmp_path / "a.csv").write_text("\n".join(["x,y,loss", *rows]), encoding="utf-8")
    program = (
        "from sensitivity.reporting import workshop\n"
        "from sensitivity.commands.cli import main\n"
        "workshop.cores = lambda: 2  # also where there is one\n"
        "main()\n"
    )
    line = [sys.executable, "-c", program, "report", "a.csv", "--metric", "loss", "--out", "out"]
    with subprocess.Popen(line, cwd=tmp_path) as running:
        wait_until(lambda: len(children(running.pid)) >= 2)
        workers = children(running.pid)
        running.kill()
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert list(temporary.iterdir()) == []
