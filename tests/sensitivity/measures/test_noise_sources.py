"""Where the noise comes from: planted sources through a whole sweep, and trials that cannot tell."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sensitivity.language.marks import bare
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.noise_sources import INCOMPLETE, NO_NOISE, NOT_CROSSED, SOURCES, noise_sources
from sensitivity.pictures.picturing import files_of
from sensitivity.reading.runs import read_run
from sensitivity.reporting.building import build
from sensitivity.trials import DRAWS, PHASE, PLAN, read_csv
from sweeps.definition import parse
from sweeps.objective import Objective, Work
from sweeps.objectives import OBJECTIVES
from sweeps.run import prepare, run
from sweeps.run_folder import RunFolder
from sweeps.seeds import Purpose
from sweeps.settings import KnownSetting
from sweeps.trial import finish

PLANTED = {"weights": 0.5, "order": 0.2, "split": 0.1, "rest": 0.2}
SLOPE = 0.02


@dataclass(frozen=True)
class PlantedWork(Work):
    """A slope and planted noise."""

    seed: int
    common: float
    size: float
    cap: float = 1e6

    def start(self):
        """Nothing to get ready."""
        return self.measured

    def effect(self, name, draw, configuration):
        """One draw of a source: in part the same for all configurations, in part each one's own."""
        place = list(PLANTED).index(name)
        shared = np.random.default_rng([self.seed, place, *draw]).standard_normal()
        own = np.random.default_rng([self.seed, place, *draw, *configuration]).standard_normal()
        mixed = np.sqrt(self.common) * shared + np.sqrt(1 - self.common) * own
        return np.sqrt(PLANTED[name]) * mixed

    def measured(self, task):
        """One trial."""
        (trial,) = task
        c = trial.configuration
        at = (round(c["level"]), "xyz".index(c["kind"]) + 1)
        draws = [trial.draw(p) for p in (Purpose.WEIGHTS, Purpose.ORDER, Purpose.SPLIT)]
        noise = sum(self.effect(name, [draw], at) for name, draw in zip(PLANTED, draws, strict=False))
        noise += self.effect("rest", draws, at)
        value = 10 + SLOPE * at[0] + self.size * float(noise)
        return [finish(trial, {"height": [value, value]}, {"height": value}, "height", self.cap, None, 0.0)]


class Planted(Objective):
    """Responses whose noise has known sources."""

    metrics = ("height",)

    def __init__(self, common=0.0, size=0.1):
        self.common, self.size = common, size

    def settings(self, table):  # noqa: ARG002 (always the same)
        """A number and a name."""
        return {
            "kind": KnownSetting("a name", "choice", "x", choices="xyz"),
            "level": KnownSetting("a number", "float", 1, 0, 100),
        }

    def prepare(self, definition, space):  # noqa: ARG002 (nothing to load)
        """Nothing to load."""
        return PlantedWork(definition.seed, self.common, self.size)


RAW = {
    "objective": "planted",
    "search": 2,
    "space": {"kind": ["x", "y", "z"], "level": {"low": 1, "high": 20, "levels": 20}},
}
SMALL = {"search": 0, "space": {"kind": ["x", "y"], "level": {"low": 1, "high": 20, "levels": 4}}}


@pytest.fixture
def swept(monkeypatch, tmp_path):
    """Sweep the planted objective into a run folder, and read it."""

    def sweep(raw=None, **planted):
        monkeypatch.setitem(OBJECTIVES, "planted", Planted(**planted))
        definition = parse(RAW | {"noise": "crossed"} | (raw or {}))
        folder = RunFolder(tmp_path / f"run{len(list(tmp_path.iterdir()))}")
        folder.adopt(definition)
        run(prepare(definition), folder.storage_url(None, None))
        return read_run(folder.path)

    return sweep


def whole(table):
    """Rows of all trials together, by source."""
    return table[table["branch"] == "all"].set_index("source")


@pytest.mark.parametrize("replicates", [9, 16])
def test_planted_sources_come_back_from_a_sweep(swept, replicates):
    """Sixty configurations, each with its own noise: every share within a fifth, or two points."""
    rows = whole(noise_sources(swept({"replicates": replicates})))
    assert tuple(rows.index) == SOURCES
    planted = np.array(list(PLANTED.values()))
    np.testing.assert_array_less(abs(rows["of_noise"] - planted), 0.2 * planted + 0.02)
    assert ((rows["noise_low"] <= planted) & (planted <= rows["noise_high"])).all()
    np.testing.assert_allclose(rows["deviation"], 0.1 * np.sqrt(planted), rtol=0.15)
    assert rows["of_noise"].sum() == pytest.approx(1)
    # Levels 1 … 20 with a slope of 0.02 have a variance of 0.0133; the noise has 0.01.
    assert rows["of_variance"].sum() == pytest.approx(0.01 / (0.01 + SLOPE**2 * 399 / 12), rel=0.15)


def test_sources_that_move_all_configurations_alike_are_theirs_too(swept):
    """Mean over several seeds; nine of ten intervals hold the planted share."""
    planted, rows = np.array(list(PLANTED.values())), []
    for seed in range(8):
        small = {"replicates": 16, "seed": seed, "search": 0, "space": RAW["space"] | {"kind": ["x"]}}
        rows.append(whole(noise_sources(swept(small, common=0.5))))
    mean = np.mean([row["of_noise"] for row in rows], axis=0)
    np.testing.assert_array_less(abs(mean - planted), 0.2 * planted + 0.06)
    inside = [(row["noise_low"] <= planted) & (planted <= row["noise_high"]) for row in rows]
    assert np.mean(inside) >= 0.9


def test_other_measures_look_at_replicates_that_share_no_draw(swept):
    """Crossed trials and their columns leave every other table as a sweep of three replicates has it."""
    crossed = swept(SMALL)
    plain = swept(SMALL | {"noise": "together", "replicates": 3})
    assert not set(DRAWS) & set(plain.trials)
    assert (crossed.plan[list(DRAWS)].nunique(axis=1) == 1).all()
    one, other = all_tables(crossed), all_tables(plain)
    for name in set(one) - {"noise_sources"}:
        assert one[name].to_csv(index=False) == other[name].to_csv(index=False), name


def test_trials_that_cannot_tell_say_how_to_get_it(swept, tabulate, nested_space):
    """A sweep that is not crossed names the key; a stranger's trials have nothing of the kind."""
    plain = swept({"noise": "together", "replicates": 3, "space": {"kind": ["x", "y"], "level": [1, 2, 3]}})
    tables = all_tables(plain)
    (row,) = tables["noise_sources"].to_dict("records")
    assert row["remarks"].has(NOT_CROSSED)
    assert "noise = 'crossed'" in row["verdict"]
    report = build(plain, tables, {})
    assert "noise_sources" not in [section.anchor for section in report.sections]
    assert any("Where the noise comes from" in bare(note) for note in report.notes)
    strange = tabulate(nested_space, lambda _, r: r, 2)
    stranger = replace(plain, trials=strange, space=nested_space, definition="")
    (row,) = all_tables(stranger, only=["noise_sources"])["noise_sources"].to_dict("records")
    assert "nothing of the kind" in row["verdict"]


def test_a_sweep_that_is_running_is_told_by_its_complete_configurations(swept):
    """With the first crossed replicates missing there is none; with the last missing of some, the others."""
    study = swept({"search": 0})
    begun = replace(study, trials=study.trials[study.trials[PHASE] == PLAN])
    assert noise_sources(begun)["remarks"].iloc[0].has(INCOMPLETE)
    partial = noise_sources(replace(study, trials=study.trials.head(len(study.trials) - 20)))
    assert set(whole(partial)["configurations"]) == {40}
    lost = study.trials.assign(value=study.trials["value"].where(study.trials["number"] != 7))
    assert set(whole(noise_sources(replace(study, trials=lost)))["configurations"]) == {59}


def test_replicates_that_agree_have_no_sources(swept):
    """No share of nothing."""
    found = noise_sources(swept(size=0.0))
    assert found["remarks"].iloc[0].has(NO_NOISE)
    assert found["of_noise"].isna().all()


def test_a_random_plan_is_crossed_too(swept):
    """Any design; points that the number of trials cuts short lack replicates and are left out."""
    rows = whole(noise_sources(swept({"design": "random", "trials": 500, "replicates": 9})))
    planted = np.array(list(PLANTED.values()))
    assert set(rows["configurations"]) == {55}
    assert ((rows["noise_low"] <= planted) & (planted <= rows["noise_high"])).all()


def test_the_table_of_trials_is_enough(swept, tmp_path):
    """Written and read again, draws included, the table gives the same shares."""
    from sensitivity.files import write_csv

    study = swept()
    write_csv(study.trials, tmp_path / "trials.csv")
    again = read_csv(tmp_path / "trials.csv")
    assert list(again.columns) == list(study.trials.columns)
    one, other = noise_sources(study), noise_sources(replace(study, trials=again))
    np.testing.assert_allclose(one["of_noise"], other["of_noise"], rtol=1e-6)


def test_the_picture_shows_each_source_with_its_interval(swept):
    """Bars in the order of the table, the shares in words."""
    study = swept(SMALL)
    drawn = files_of("noise_sources", study, all_tables(study, only=["noise_sources"]))
    svg = drawn.svg
    places = [svg.index(f">{source}<") for source in SOURCES]
    assert places == sorted(places)
    assert svg.count("of all variance") == len(SOURCES)
