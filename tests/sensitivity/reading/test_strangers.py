"""Tables in the shape of public result files are read right at the first try, as `readings.json` says."""

import json
import re
from pathlib import Path

import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.reading import Reading, read_csv_table
from sensitivity.vocabulary import bare
from sweeps.errors import StudyError

pytestmark = pytest.mark.usefixtures("few_trees")

FOLDER = Path(__file__).parent / "strangers"
READINGS = json.loads((FOLDER / "readings.json").read_text(encoding="utf-8"))


def options(wanted):
    """Metric and reading of a command line."""
    words = wanted["command"]
    return (words[1] if words else None), {"maximise": "--maximize" in words}


def ranked(study):
    """Settings, most important first."""
    table = all_tables(study)["ranking"]
    return table[table["rank"].notna()].sort_values("rank")["setting"].tolist()


@pytest.mark.parametrize("name", READINGS)
def test_a_strangers_table_is_read_right(name):
    """Its settings and no others; direction, learning rate, branch; what decides."""
    wanted = READINGS[name]
    metric, how = options(wanted)
    if "asks" in wanted["direction"]:
        with pytest.raises(StudyError, match="--maximize or --minimize"):
            read_csv_table(FOLDER / name, metric)
        how = {"maximise": True}
    study = read_csv_table(FOLDER / name, metric, Reading(**how))
    assert set(study.space.names) == {bare(setting) for setting in wanted["settings"]}
    assert study.turned == ("lower" not in wanted["direction"])
    for role in ("rate", "branch"):
        assert role not in wanted or getattr(study, role) == bare(wanted[role])
    assert ranked(study)[0] == bare(re.split(r" \(", wanted["first"])[0])


def domain(study, name):
    """Domain of a setting."""
    return next(each for each in study.space.settings if each.name == name).variants[0].domain


def test_what_else_the_readings_say():
    """Folds are replicates, conditions are found, a crash is no divergence, half decades are a log grid."""
    folds = read_csv_table(FOLDER / "sklearn_grid.csv")
    assert folds.trials["replicate"].nunique() == 5
    assert len(folds.trials) == 60
    short = read_csv_table(FOLDER / "sklearn_short.csv")
    when = {setting.name: setting.variants[0].when for setting in short.space.settings}
    assert when["degree"] == {"kernel": ("poly",)}
    assert set(when["gamma"]["kernel"]) == {"poly", "rbf"}
    wandb = read_csv_table(FOLDER / "wandb_export.csv", "val_loss")
    assert (wandb.trials["outcome"] == "diverged").sum() == 1
    assert wandb.notes[0].startswith("2 of 30 trials have no result, which depends on no setting")
    rates = domain(read_csv_table(FOLDER / "half_decades.csv", "val_error"), "lr")
    assert rates.log
    assert rates.level_values() == (0.0001, 0.000316, 0.001, 0.003162, 0.01, 0.031623, 0.1, 0.316228, 1.0)
