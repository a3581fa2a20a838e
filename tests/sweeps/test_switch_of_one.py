"""``switch = 1`` was the whole run in version 0.1.0 and is the first epoch now: the two are not mixed."""

import pytest

from sensitivity.reading import read_study
from sweeps.definition import parse
from sweeps.errors import StudyError
from sweeps.network_objective import NetworkObjective, switches_at_one
from sweeps.run import prepare, run

RAW = {
    "dataset": "iris",
    "epochs": 2,
    "search": 0,
    "replicates": 1,
    "network": {"hidden": [2]},
    "space": {"optimizer": "adam_then_sgd", "switch": 1.0, "learning_rate": [0.01, 0.1], "batch_size": 60},
}


@pytest.mark.parametrize(
    ("switch", "is_one"), [(1, True), ([1, 2], True), ({"value": 1.0}, True), (2, False), (0.5, False)]
)
def test_where_a_switch_is_one(switch, is_one):
    """However it is written, under conditions too."""
    space = {key: value for key, value in RAW["space"].items() if key != "switch"}
    assert switches_at_one(parse(RAW | {"space": space | {"switch": switch}})) == is_one
    space["optimizer"] = ["sgd", "adam_then_sgd"]
    only = [{"when": {"optimizer": "adam_then_sgd"}, "switch": switch}]
    assert switches_at_one(parse(RAW | {"space": space | {"only": only}})) == is_one


def test_an_old_run_does_not_go_on_and_is_read_with_a_note(tmp_path, monkeypatch):
    """What the old version recorded had no mark; what is recorded now has one, and goes on."""
    url = f"journal://{tmp_path}/a.journal"
    with monkeypatch.context() as old:
        old.setattr("sweeps.network_objective.switches_at_one", lambda _: False)
        assert NetworkObjective().contents(parse(RAW)) == {}
        run(prepare(parse(RAW)), url)
    with pytest.raises(StudyError, match="was made with another definition"):
        run(prepare(parse(RAW)), url)
    assert any("switch = 1 was the whole run" in note for note in read_study(url).notes)
    now = f"journal://{tmp_path}/b.journal"
    assert run(prepare(parse(RAW)), now) == run(prepare(parse(RAW)), now)
    assert not any("switch" in note for note in read_study(now).notes)
