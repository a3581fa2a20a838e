"""Kill -9 at random moments, of whoever, in every phase: nothing lost, doubled, changed or left behind.

``KILLS=100 pytest -m slow -s tests/contract/test_kills.py`` kills so often in each phase and prints a table.
"""

import os
import subprocess
import sys
from functools import partial

import kills
import pytest

KILLS = int(os.environ.get("KILLS", "100"))
DEFINITION = """
name = "mixed"
dataset = "iris"
epochs = 4
search = {search}
replicates = {replicates}

[network]
hidden = [12]

[space]
optimizer = ["sgd", "nesterov", "rmsprop", "adam"]
learning_rate = {{ low = 1e-3, high = 1e3, log = true, levels = 3 }}
beta = [0.5, 0.99]
batch_size = [7, 32]
schedule = ["constant", "one_cycle", "performance"]
"""
PLANNED = (1 + 3 * 2) * 3 * 2 * 3  # a replicate
SEARCH = 60
PHASES = {"start": False, "plan": False, "search": False, "explaining": True}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def line(definition, out, *, report, workers=2):
    """Command line that starts the sweep in a folder, or goes on there."""
    return ["sweep", definition, "--out", out, "--workers", workers, *([] if report else ["--no-report"])]


def sweep_of(home, replicates, search, *, report):
    """A sweep with conditional settings, divergence, uneven batches and a search, and a run undisturbed."""
    definition = home / f"mixed{replicates}.toml"
    definition.write_text(DEFINITION.format(replicates=replicates, search=search), encoding="utf-8")
    command = partial(line, definition, report=report)
    return undisturbed(command, home / "reference", PLANNED * replicates, search)


def undisturbed(command, reference, planned, search, **how):
    """The sweep of a command line, once it has run in peace."""
    words = map(str, command(reference))
    subprocess.check_call([sys.executable, "-m", "sensitivity", *words], stdout=subprocess.DEVNULL)
    return kills.Sweep(command, reference, planned, planned + search, **how)


def test_a_killed_coordinator_costs_nothing(tmp_path):
    """In the middle of the plan, then to the end: the table is that of a run in peace."""
    from sensitivity.commands.sweep import Overrides, sweep_command

    definition, reference = tmp_path / "mixed.toml", tmp_path / "reference"
    definition.write_text(DEFINITION.format(replicates=1, search=2), encoding="utf-8")
    sweep_command(str(definition), Overrides(), reference, None, workers=1, population=None, report=False)
    command = partial(line, definition, report=False, workers=1)
    sweep = kills.Sweep(command, reference, PLANNED, PLANNED + 2)
    times = kills.Times(start=0.1, plan=0.1, search=0.1, explaining=0.1)
    tally = kills.kill_often(sweep, "plan", "coordinator", 1, tmp_path / "killed", times)
    assert tally.kills == 1
    assert tally.clean, tally


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    """Without the report and with it, each with the times it takes; made when first asked for."""
    made = {}

    def asked(report):
        if report not in made:
            home = tmp_path_factory.mktemp(f"report{report}")
            sweep = sweep_of(home, 8, SEARCH, report=report)
            made[report] = sweep, kills.times_of(sweep, home)
        return made[report]

    return asked


@pytest.fixture(scope="module")
def tallies():
    """What every kind of kill has done; printed at the end."""
    found = []
    yield found
    print(f"\n\n{kills.table_of(found)}")


@pytest.mark.slow
@pytest.mark.parametrize("victim", kills.VICTIMS)
@pytest.mark.parametrize("phase", kills.PHASES)
def test_kills_in_every_phase_cost_nothing(phase, victim, sweeps, tallies, tmp_path):
    """So many kills in each phase, of each: nothing lost, doubled, changed, no process and no file left."""
    sweep, times = sweeps(PHASES[phase])
    tally = kills.kill_often(sweep, phase, victim, KILLS, tmp_path / "killed", times)
    tallies.append(tally)
    assert tally.clean, tally
