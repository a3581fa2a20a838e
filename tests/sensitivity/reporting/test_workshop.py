"""Measuring and drawing in processes: the same bytes, whatever becomes of a worker."""

import multiprocessing

import pandas as pd

from sensitivity.measures.measuring import all_tables
from sensitivity.reporting import workshop


def test_a_killed_worker_is_replaced_and_its_work_done_again(sweep_source, monkeypatch):
    """A worker killed while it measures costs time and nothing else; none is left at the end."""
    monkeypatch.setattr(workshop, "WORTHWHILE", 1)
    study, killed = sweep_source(), []

    def kill_once(_):
        if not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    with workshop.Workshop(study, 2) as shop:
        tables = shop.tables(kill_once)
    assert killed[0].exitcode is not None
    assert not multiprocessing.active_children()
    expected = all_tables(study)
    assert set(tables) == set(expected)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, expected[name])
