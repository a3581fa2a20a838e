"""Kill -9 at random moments, of whoever, in every phase: nothing lost, doubled, changed or left behind.

``KILLS=100 pytest -m slow tests/contract/test_kills.py`` kills so often in each phase, wherever the study is
kept, and prints a table. With ``-n 2 --dist loadgroup`` in half the time; ``-k "share and plan"``: a part.
"""

import os
import sys
from dataclasses import replace

import killed
import killed_stores
import kills
import pytest
from postgres_server import running

KILLS = int(os.environ.get("KILLS", "100"))
STORES = killed_stores.STORES
FEW = 10  # trials, fewer than any sweep here has

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_a_killed_coordinator_costs_nothing(tmp_path):
    """In the middle of the plan, then to the end: the trials are those of a run in peace."""
    from sweeps.definition import load, parse
    from sweeps.run import prepare, run

    definition, out = killed_stores.written(tmp_path, 1, 2), tmp_path / "out"
    line = killed_stores.line(definition, out, report=False)
    sweep = killed.Killed(killed.Started, line, tmp_path / "killed")
    assert sweep.wait_until(lambda: kills.recorded_in_journal(out) > 0)
    assert sweep.kill("coordinator", None)
    assert 0 < kills.recorded_in_journal(out) < killed_stores.A_REPLICATE
    assert sweep.left() == []
    prepared = prepare(parse(load(definition)))
    found, expected = (
        [replace(trial, seconds=0.0) for trial in run(prepared, f"journal://{journal}", workers=1)]
        for journal in (out / "study.journal", tmp_path / "peace.journal")
    )
    assert found == expected
    assert list(sweep.temporary.iterdir()) == []


@pytest.fixture(scope="module")
def warm():
    """Starts commands in a tenth of the time; with a crew few trials are explained by workers too."""
    made = {}

    def asked(crew):
        if crew not in made:
            made[crew] = killed.Warm(FEW if crew else None)
        return made[crew]

    yield asked
    for each in made.values():
        each.close()


@pytest.fixture(scope="module")
def server():
    """Folder of the socket of a PostgreSQL server."""
    with running() as folder:
        yield folder


@pytest.fixture(scope="module")
def sweeps(request, tmp_path_factory, warm):
    """Of each store, without the report and with it, and the times it takes; made when first asked for."""
    made = {}

    def asked(store, phase, victim):
        report = phase == "explaining"
        crew = report and victim != "group"  # who is killed with all that it started leaves none of it
        home = tmp_path_factory.mktemp(store)
        if (store, report) not in made:
            server = request.getfixturevalue("server") if store == "postgresql" else None
            made[store, report] = killed_stores.sweep_in(store, home, server, warm(crew), report=report)
        sweep, times = made[store, report]
        if phase in {"start", "search"}:
            times = replace(times, start=kills.start_of(sweep, phase, home))
        return replace(sweep, start=warm(crew)), times

    return asked


@pytest.mark.slow
@pytest.mark.parametrize("victim", kills.VICTIMS)
@pytest.mark.parametrize("phase", kills.PHASES)
@pytest.mark.parametrize(
    "store", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in STORES]
)
def test_kills_in_every_phase_cost_nothing(store, phase, victim, sweeps, tmp_path, record_property):
    """So many kills in each phase, of each: nothing lost, doubled, changed, no process and no file left."""
    sweep, times = sweeps(store, phase, victim)
    tally = kills.kill_often(sweep, phase, victim, KILLS, tmp_path / "killed", times)
    record_property("kills", tally.cells())
    assert tally.clean, tally
