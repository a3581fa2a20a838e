"""Studies that Optuna made, in SQLite files and journals, are read as they are and left as they were."""

import math

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState, create_trial

from sensitivity.reading import from_study, read_study
from sweeps.errors import StudyError
from sweeps.space import Choices, FloatRange

optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.fixture
def study():
    """Study in memory: direction(s) in, study out."""

    def make(*directions):
        return optuna.create_study(directions=directions or ["minimize"], study_name="somebody's")

    return make


@pytest.fixture
def add():
    """Add a trial to a study: parameters as name → (value, distribution)."""

    def one(study, result, /, state=TrialState.COMPLETE, attributes=None, steps=None, why=None, **params):
        values = None if result is None else list(np.atleast_1d(result).astype(float))
        study.add_trial(
            create_trial(
                state=state,
                values=values,
                params={name: given for name, (given, _) in params.items()},
                distributions={name: distribution for name, (_, distribution) in params.items()},
                user_attrs=attributes,
                system_attrs=None if why is None else {"fail_reason": why},
                intermediate_values=steps,
            )
        )

    return one


@pytest.fixture(scope="module", params=["sqlite", "journal"])
def recorded(request, tmp_path_factory):
    """Study of twenty random trials with a conditional setting, recorded by Optuna: its URL and file."""
    path = tmp_path_factory.mktemp("recorded") / "study file"
    if request.param == "sqlite":
        storage = url = f"sqlite:///{path}"
    else:
        storage, url = optuna.storages.JournalStorage(JournalFileBackend(str(path))), f"journal://{path}"
    sampler = optuna.samplers.RandomSampler(seed=1)
    study = optuna.create_study(storage=storage, study_name="somebody's", sampler=sampler)

    def objective(trial):
        optimizer = trial.suggest_categorical("optimizer", ["sgd", "momentum", "adam"])
        rate = trial.suggest_float("rate", 1e-5, 1, log=True)
        beta = 0.0 if optimizer == "sgd" else trial.suggest_float("beta", 0, 1)
        return math.log10(rate) ** 2 + beta

    study.optimize(objective, n_trials=20)
    return url, path


X = FloatDistribution(0.0, 1.0)
BLOWN_UP = {0: 1.0, 1: math.nan}  # what a trial reported that diverged


def test_a_recorded_study_is_read_and_left_as_it_was(recorded):
    """Values, ranges, scale and condition are those of the study; its file keeps every byte."""
    url, path = recorded
    before, neighbours = path.read_bytes(), set(path.parent.iterdir())
    source = read_study(url, "somebody's")
    assert path.read_bytes() == before
    assert set(path.parent.iterdir()) == neighbours
    assert source.name == "somebody's"
    assert source.direction == "lower is better"
    domains = {setting.name: setting.variants[0] for setting in source.space.settings}
    assert domains["optimizer"].domain == Choices(("adam", "momentum", "sgd"))
    tried = source.trials["rate"]
    assert domains["rate"].domain == FloatRange(tried.min(), tried.max(), log=True)
    assert domains["beta"].when == {"optimizer": ("momentum", "adam")}
    trials = source.trials
    assert len(trials) == 20
    beta = trials["beta"].fillna(0.0)
    np.testing.assert_allclose(trials["value"], np.log10(trials["rate"]) ** 2 + beta)
    assert (trials["beta"].isna() == (trials["optimizer"] == "sgd")).all()
    assert set(trials["phase"]) == {"plan"}
    assert set(trials["replicate"]) == {0}
    assert read_study(str(path)).trials.equals(trials)  # the path of the file is enough


def test_a_missing_study_is_offered_the_closest(recorded):
    """A misspelt name gets the right one; no name is needed where there is one study only."""
    url, _ = recorded
    with pytest.raises(StudyError, match=r"no study 'sombody'; did you mean \"somebody's\"\?"):
        read_study(url, "sombody")
    assert len(read_study(url).trials) == 20


def test_several_studies_are_listed(tmp_path):
    """Without a name nothing is chosen for the user; an empty storage is a sentence, and stays empty."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with pytest.raises(StudyError, match=r"no file .*a\.db"):
        read_study(url)
    assert not (tmp_path / "a.db").exists()
    optuna.storages.RDBStorage(url)
    with pytest.raises(StudyError, match="holds no study"):
        read_study(url)
    for name in ("b", "a"):
        optuna.create_study(storage=url, study_name=name)
    with pytest.raises(StudyError, match="holds 2 studies; choose one with --study: b and a"):
        read_study(url)
    assert len(read_study(url, "a").trials) == 0


@pytest.mark.parametrize(
    "url", ["journal:///nowhere/x.journal", "sqlite:////nowhere/x.db", "nonsense", "foo://bar"]
)
def test_a_storage_that_is_not_there_is_a_sentence(url):
    """No traceback for a wrong address."""
    with pytest.raises(
        StudyError, match=url.partition(":")[0] if "nowhere" not in url else "no file /nowhere"
    ):
        read_study(url)


def test_a_strangers_database_is_left_alone(tmp_path):
    """An SQLite file without Optuna's tables is refused, and no table is added to it."""
    import sqlite3

    path = tmp_path / "mine.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table mine (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StudyError, match=r"mine\.db"):
        read_study(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_maximised_is_turned_round(study, add):
    """The highest accuracy becomes the lowest value, and the source says so."""
    accuracy = study("maximize")
    accuracy.set_metric_names(["accuracy"])
    for x, value in ((0.1, 0.5), (0.2, 0.9), (0.3, 0.7)):
        add(accuracy, value, x=(x, X), steps={2: value, 1: 0.1})
    source = from_study(accuracy)
    assert source.metric == "accuracy"
    assert source.trials["value"].tolist() == [-0.5, -0.9, -0.7]
    assert "accuracy is maximised" in source.direction
    assert source.curves[1] == [-0.1, -0.9]
    assert source.cap is None
    capped = from_study(accuracy, cap=0.6)
    assert capped.trials["value"].tolist() == [-0.6, -0.9, -0.7]
    assert capped.cap == -0.6
    with pytest.raises(StudyError, match=r"every accuracy is worse than the cap 0.95 \(the best is 0.9\)"):
        from_study(accuracy, cap=0.95)


def test_states_count_as_they_should(study, add):
    """Diverged and infinite trials count with the worst finite value; the unfinished do not count."""
    loss = study()
    for place, value in enumerate((1.0, 3.0, 2.0)):
        add(loss, value, x=(place / 4, X))
    add(loss, math.inf, x=(0.9, X))
    add(loss, -math.inf, x=(0.95, X))
    add(loss, None, TrialState.FAIL, steps=BLOWN_UP, x=(1.0, X))
    add(loss, None, TrialState.FAIL)
    add(loss, 0.1, TrialState.PRUNED, x=(0.5, X))
    loss.ask()
    loss.enqueue_trial({"x": 0.5})
    source = from_study(loss)
    assert source.trials["number"].tolist() == [0, 1, 2, 3, 4, 5]
    assert source.trials["value"].tolist() == [1, 3, 2, 3, 3, 3]
    assert source.trials["outcome"].tolist() == ["trained"] * 3 + ["diverged"] * 3
    assert source.cap == 3.0
    assert source.pruned == 1
    notes = "\n".join(source.notes)
    for words in (
        "1 FAILED trial was counted as diverged",
        "2 trials were without a finite objective value and counted as diverged",
        "1 FAILED trial was left out: without any settings",
        "1 PRUNED trial was left out",
        "2 RUNNING or WAITING trials were left out",
        "worst finite objective value, 3; --cap VALUE changes that",
    ):
        assert words in notes
    given = from_study(loss, cap=2.5)
    assert given.trials["value"].tolist() == [1, 2.5, 2, 2.5, 2.5, 2.5]
    assert "1 trial was worse than the cap 2.5 and counted with it" in "\n".join(given.notes)


def test_nan_from_an_objective_counts_as_diverged(study):
    """Optuna records a returned NaN as FAILED; one that was reported too says what it was."""
    loss = study()

    def objective(trial):
        result = math.nan if trial.suggest_float("x", 0, 1) > 0.5 else 1.0
        trial.report(result, step=0)
        return result

    loss.optimize(objective, n_trials=20)
    source = from_study(loss)
    assert len(source.trials) == 20
    assert (source.trials["outcome"].eq("diverged") == (source.trials["x"] > 0.5)).all()


def test_crashed_trials_do_not_count(study):
    """An error is no result: what is measured is what the complete trials alone would give."""
    loss = study()

    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        trial.report(x, step=0)
        if trial.number % 5 == 0:
            raise RuntimeError
        return x

    loss.optimize(objective, n_trials=20, catch=RuntimeError)
    source = from_study(loss)
    assert set(source.trials["outcome"]) == {"trained"}
    assert source.trials["number"].tolist() == [number for number in range(20) if number % 5]
    assert source.cap is None
    assert source.notes[0].startswith("4 of 20 trials have no result, which depends on no setting")
    by_hand = from_study(loss, failed="diverged")
    assert set(by_hand.trials.loc[by_hand.trials["outcome"] == "diverged", "number"]) == {0, 5, 10, 15}
    with pytest.raises(StudyError, match="--failed takes diverged or ignore, not 'perhaps'"):
        from_study(loss, failed="perhaps")


def test_failures_that_depend_on_a_setting_are_failed_trainings(study):
    """Ten of ten rates above 0.5 return NaN, none of those below: Fisher's p is 1.1e-5, so they count."""
    loss = study()

    def objective(trial):
        rate = trial.suggest_float("rate", 0, 1)
        trial.suggest_float("idle", 0, 1)
        return math.nan if rate > 0.5 else rate

    sampled = [{"rate": (place + 0.5) / 20, "idle": place * 7 % 20 / 20} for place in range(20)]
    for parameters in sampled:
        loss.enqueue_trial(parameters)
    loss.optimize(objective, n_trials=20)
    source = from_study(loss)
    assert source.trials["outcome"].eq("diverged").tolist() == [False] * 10 + [True] * 10
    assert source.cap == pytest.approx(0.475)  # the worst finite one
    assert source.notes[0].startswith(
        "10 of 20 trials have no result, and whether one has depends on rate (p"
    )
    ignored = from_study(loss, failed="ignore")
    assert len(ignored.trials) == 10
    assert ignored.notes[0] == "10 trials have no result: left out, as --failed ignore says."


def test_the_reason_of_a_failure_is_heeded(study, add):
    """Old versions of Optuna wrote down whether it was an error or NaN."""
    loss = study()
    for place in range(6):
        add(loss, place, x=(place / 7, X))
    nan = "Trial 6 failed, because the objective function returned nan."
    add(loss, None, TrialState.FAIL, why=nan, x=(0.9, X))
    error = "Trial 7 failed because of the following error: RuntimeError()"
    add(loss, None, TrialState.FAIL, why=error, steps=BLOWN_UP, x=(0.95, X))
    source = from_study(loss)
    assert source.trials["outcome"].tolist() == ["trained"] * 6 + ["diverged"]
    assert "1 trial crashed without a result and was left out." in source.notes
    assert "1 FAILED trial was counted as diverged." in source.notes


def test_a_trial_that_failed_halfway_does_not_spoil_the_conditions(study, add):
    """A failed trial that never drew y is left out, and y stays a setting of every trial."""
    loss = study()
    for place in range(6):
        add(loss, place, x=(place / 6, X), y=(place / 7, X))
    add(loss, None, TrialState.FAIL, steps=BLOWN_UP, x=(0.5, X))
    source = from_study(loss)
    assert len(source.trials) == 6
    assert [variant.when for setting in source.space.settings for variant in setting.variants] == [{}, {}]
    assert any("1 FAILED trial was left out, ended before" in note for note in source.notes)


def test_a_branch_that_always_failed_is_kept(study, add):
    """An optimizer of which every trial diverged is the worst, not unknown; its own setting stays too."""
    kinds = CategoricalDistribution(["sgd", "adam", "lion"])
    loss = study()
    for place in range(12):
        beta = {} if place % 3 == 0 else {"beta": (place / 12, X)}
        failed = place % 3 == 2
        state = TrialState.FAIL if failed else TrialState.COMPLETE
        kind = ["sgd", "adam", "lion"][place % 3]
        steps = BLOWN_UP if failed else None
        add(loss, None if failed else 1.0, state, steps=steps, optimizer=(kind, kinds), **beta)
    source = from_study(loss)
    assert len(source.trials) == 12
    beta = next(setting for setting in source.space.settings if setting.name == "beta")
    assert beta.variants[0].when == {"optimizer": ("adam", "lion")}


def test_several_objectives_need_a_choice(study, add):
    """The sentence says how many there are and how to choose; position and name both work."""
    both = study("minimize", "maximize")
    for place in range(4):
        add(both, [place, 10 * place], x=(place / 4, X))
    with pytest.raises(StudyError, match=r"2 objectives \(0: minimize, 1: maximize\); .* --objective 0"):
        from_study(both)
    assert from_study(both, objective=0).trials["value"].tolist() == [0, 1, 2, 3]
    assert from_study(both, objective="1").trials["value"].tolist() == [0, -10, -20, -30]
    assert from_study(both, objective=1).metric == "objective 1"
    with pytest.raises(StudyError, match="no objective '2'"):
        from_study(both, objective="2")
    both.set_metric_names(["loss", "accuracy"])
    assert from_study(both, objective="accuracy").trials["value"].tolist() == [0, -10, -20, -30]


def test_ranges_that_differ_are_joined(study, add):
    """The range is what was tried in either, and a note says so."""
    loss = study()
    add(loss, 1, x=(0.5, FloatDistribution(0.1, 1, log=True)), n=(3, IntDistribution(1, 4)))
    add(loss, 2, x=(5.0, FloatDistribution(1, 10, log=True)), n=(7, IntDistribution(3, 9)))
    source = from_study(loss)
    assert [setting.variants[0].domain for setting in source.space.settings] == [
        Choices((3, 7)),
        FloatRange(0.5, 5.0, log=True),
    ]
    words = "The range of x differs between trials; it is read as that of the values tried."
    assert words in source.notes


def test_choices_of_any_type_become_distinct_labels(study, add):
    """None, 1, "1" and True are four choices, none of them "inactive"; booleans alone stay booleans."""
    mixed, flags = CategoricalDistribution([None, 1, "1", True]), CategoricalDistribution([True, False])
    loss = study()
    for place, (choice, flag) in enumerate([(None, True), (1, False), ("1", True), (True, False)]):
        add(loss, place, mixed=(choice, mixed), flag=(flag, flags))
    source = from_study(loss)
    assert source.trials["mixed"].tolist() == ["None", "1", "'1'", "True"]
    assert source.trials["mixed"].nunique() == 4
    domains = {setting.name: setting.variants[0].domain for setting in source.space.settings}
    assert domains == {"flag": Choices((False, True)), "mixed": Choices(("1", "'1'", "None", "True"))}
    assert source.trials["flag"].tolist() == [True, False, True, False]
    assert any("several types" in note for note in source.notes)


def test_untried_choices_and_constants_are_left_out(study, add):
    """Nothing is known of a choice that no trial has, or of a setting that never varies."""
    kinds = CategoricalDistribution(["a", "b", "c"])
    loss = study()
    for place in range(4):
        add(loss, place, kind=("ac"[place % 2], kinds), same=(0.5, X))
    source = from_study(loss)
    assert source.space.names == ["kind"]
    assert source.space.settings[0].variants[0].domain == Choices(("a", "c"))
    assert "same" not in source.trials
    assert source.space.fixed == {"same": 0.5}
    assert "same never varies and was left out." in source.notes
    assert any("no trial has b" in note for note in source.notes)


def test_values_that_come_again_are_a_list(study, add):
    """16, 32, 48, 64 are four values; a range is as wide as what was tried of it."""
    few, many = IntDistribution(16, 64, step=16), FloatDistribution(0, 1, step=0.01)
    loss = study()
    for place in range(8):
        add(loss, place, few=(16 + 16 * (place % 4), few), many=(place / 100, many))
    domains = [setting.variants[0].domain for setting in from_study(loss).space.settings]
    assert domains == [Choices((16, 32, 48, 64)), FloatRange(0.0, 0.07)]


def test_one_trial_and_none(study, add):
    """One trial keeps the ranges that were declared; none at all is an empty table with all columns."""
    loss = study()
    empty = from_study(loss)
    assert len(empty.trials) == 0
    assert empty.space.names == []
    add(loss, 1.0, x=(0.5, X), kind=("a", CategoricalDistribution(["a", "b"])))
    source = from_study(loss)
    assert len(source.trials) == 1
    assert source.space.names == ["kind", "x"]
    assert list(empty.trials.columns) == [name for name in source.trials.columns if name not in {"x", "kind"}]


def test_names_that_clash_are_changed_and_the_rest_survives(study, add):
    """A setting called value gets another name; markup, quotes, newlines and Korean stay as they are."""
    names = ["value", "number", "a" * 300, "<script>", "'\"", "a\nb", "학습률", "self"]
    loss = study()
    for place in range(6):
        add(loss, place, **dict.fromkeys(names, ((place + 1) / 8, X)))
    source = from_study(loss)
    assert set(source.space.names) == {"value (setting)", "number (setting)", *names[2:]}
    assert source.trials["value"].tolist() == [0, 1, 2, 3, 4, 5]
    assert source.trials["number"].tolist() == [0, 1, 2, 3, 4, 5]
    assert "The setting 'value' is called value (setting) in the tables." in source.notes


def test_a_grid_sampler_makes_a_factorial():
    """Every combination of the grid's values, twice: the values become the levels of an exact factorial."""
    from sensitivity.estimators.cells import cell_table

    grid = {"rate": [1e-3, 1e-2, 1e-1], "n": [1, 2, 9], "kind": ["a", "b"]}
    loss = optuna.create_study(sampler=optuna.samplers.GridSampler(grid, seed=0))
    for _ in range(2):
        loss.sampler = optuna.samplers.GridSampler(grid, seed=0)
        for combination in _combinations(grid):
            loss.enqueue_trial(combination)

    def objective(trial):
        rate = trial.suggest_float("rate", 1e-5, 1, log=True)
        n = trial.suggest_int("n", 1, 9)
        return rate + n + (trial.suggest_categorical("kind", ["a", "b"]) == "a")

    loss.optimize(objective, n_trials=36)
    source = from_study(loss)
    domains = {setting.name: setting.variants[0].domain for setting in source.space.settings}
    assert domains["rate"] == FloatRange(1e-3, 1e-1, log=True, levels=3)
    assert domains["n"] == Choices((1, 2, 9))
    assert sorted(set(source.trials["replicate"])) == [0, 1]
    assert cell_table(source) is not None


def _combinations(grid):
    import itertools

    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


def test_seeds_are_replicates_where_they_are_shared(study, add):
    """A seed that several configurations share is a block; seeds of one trial each are mere repetitions."""
    shared, own = study(), study()
    for place in range(6):
        add(shared, place, attributes={"seed": 40 + place % 2}, x=(place // 2 / 4, X))
        add(own, place, attributes={"seed": 40 + place}, x=(place // 2 / 4, X))
    assert from_study(shared).trials["replicate"].tolist() == [0, 1] * 3
    assert "The user attribute seed was read as the replicate: 2 of them." in from_study(shared).notes
    assert from_study(own).trials["replicate"].tolist() == [0, 1] * 3
    assert any("3 repetitions were found" in note for note in from_study(own).notes)


def test_an_adaptive_sampler_is_named():
    """Trials of a genetic algorithm crowd where it is good; the reader is told."""
    loss = optuna.create_study(sampler=optuna.samplers.NSGAIISampler(population_size=4, seed=0))
    loss.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=8)
    assert any("adaptive sampler (NSGA)" in note for note in from_study(loss).notes)


def test_a_toss_that_another_rule_leans_on_stays(study, add):
    """Failed trials show a rule for ``a`` by ``p``; ``p`` still comes and goes with ``a`` among the others.

    Among the complete trials no rule says when the two are there; only failed ones have ``p`` without ``a``.
    """
    loss = study()
    a, p = X, CategoricalDistribution(["one", "two", "three"])
    for place in range(12):
        value = (place / 12, X)
        if place % 3:
            add(loss, place, x=value, a=(place / 12, a), p=(["one", "two"][place % 2], p))
        else:
            add(loss, place, x=value)
    for place in range(6):
        add(loss, None, TrialState.FAIL, steps=BLOWN_UP, x=(place / 6, X), p=("three", p))
    space = from_study(loss).space
    when = {setting.name: setting.variants[0].when for setting in space.settings}
    assert when == {"x": {}, "a is set": {}, "a": {"a is set": (True,)}, "p": {"a is set": (True,)}}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE trials SET state = 'COMPLETEX'",
        "UPDATE trial_params SET distribution_json = '{'",
        "DROP TABLE trial_intermediate_values",
    ],
)
def test_a_changed_database_is_one_sentence(tmp_path, change, monkeypatch):
    """What Optuna and SQLAlchemy say of what somebody changed is no traceback, and no SQL in the terminal."""
    import logging
    import sqlite3

    said = []
    monkeypatch.setattr(logging.getLogger("optuna"), "handle", said.append)
    monkeypatch.setattr(logging.getLogger("optuna.storages._rdb.storage"), "handle", said.append)

    url = f"sqlite:///{tmp_path / 'a.db'}"
    study = optuna.create_study(storage=url, study_name="f")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute(change)
    connection.close()
    said.clear()
    with pytest.raises(StudyError, match=r"^[^\n]*cannot be used[^\n]*$"):
        read_study(url)
    assert not said


def test_ranges_that_were_not_tried_to_their_ends_are_named(study, add):
    """Shares are of the range tried: a search that left a tenth of a declared one alone says so."""
    made, rng = study(), np.random.default_rng(0)
    whole, rate = FloatDistribution(0, 1), FloatDistribution(1e-5, 1, log=True)
    layers, width = IntDistribution(1, 4), IntDistribution(16, 256, step=16)
    for place in range(12):
        given = {"whole": (place / 11, whole), "rate": (10 ** -(place / 4 + 0.5), rate)}
        given |= {"layers": (1 + place % 4, layers), "width": (32 + 16 * round(13 * place / 11), width)}
        add(made, rng.random(), **given)
    notes = from_study(made).notes
    assert "Shares are of the ranges tried, not of the whole ones: rate 5.6e-4 to 0.32 of 1e-5 to 1." in notes
