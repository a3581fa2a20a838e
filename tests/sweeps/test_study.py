from __future__ import annotations

import errno
import os
from dataclasses import replace

import numpy as np
import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState, create_trial

from sweeps import journal as journal_module
from sweeps.errors import StudyError
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant
from sweeps.study import open_study, recorded_rule
from sweeps.trial import METRIC_NAMES, VALUE_RULE, FinishedTrial, PlannedTrial
from sweeps.urls import masked

# Without -0.0: SQLite keeps no sign of zero.
NASTY = (5e-324, 1.7976931348623157e308, 0.1 + 0.2, 1 / 3, 2.2250738585072014e-308)


def conditional_space():
    """A space with every kind of domain, and with ranges and lists that depend on the optimizer."""
    only = {"optimizer": ("adam",)}
    beta = {"optimizer": ("adam", "momentum")}
    return Space(
        [
            Setting("optimizer", (Variant(Choices(("sgd", "momentum", "adam"))),)),
            Setting(
                "learning_rate",
                (Variant(FloatRange(1e-5, 0.1, log=True), only), Variant(FloatRange(1e-3, 1, log=True))),
            ),
            Setting("beta", (Variant(Choices((0.9, 0.95)), only), Variant(Choices((0.5, 0.9)), beta))),
            Setting("batch_size", (Variant(IntegerRange(8, 512, log=True)),)),
            Setting("batch_norm", (Variant(Choices((True, False))),)),
        ],
        {"schedule": "constant"},
    )


SPACE = conditional_space()


def finished(number, seed=0, **changes):
    draw = np.random.default_rng([seed, number])
    metrics = dict(zip(METRIC_NAMES, draw.random(3).tolist(), strict=True))
    planned = PlannedTrial(number, SPACE.configuration(draw.random(5)), int(draw.integers(3)))
    curves = {name: draw.random(4).tolist() for name in METRIC_NAMES}
    trial = FinishedTrial(
        planned, "trained", metrics["validation_error"], None, metrics, metrics, curves, 0.25
    )
    return replace(trial, **changes)


def diverged(number):
    """A trial of the search whose weights stopped being finite in its first epoch."""
    planned = replace(
        finished(number).planned, phase="search", sampler_state={"tpe:x": '{"a": 1.5}', "n": [1, None]}
    )
    curves = {"training_loss": list(NASTY), "validation_loss": []}
    return FinishedTrial(planned, "diverged", 0.9, 0.375, {}, {}, curves, 1e-9, loss_rose=number % 2 == 0)


@pytest.fixture(params=["journal", "sqlite"])
def url(request, tmp_path):
    return (
        f"journal://{tmp_path / 'study.journal'}"
        if request.param == "journal"
        else f"sqlite:///{tmp_path / 'a.db'}"
    )


def ours(url, fingerprint="abc", name="digits", space=SPACE):
    return open_study(url, name, space, fingerprint)


def plain_optuna(url, **options):
    """The storage as somebody without this tool opens it."""
    if url.startswith("journal://"):
        return JournalStorage(JournalFileBackend(url.removeprefix("journal://")), **options)
    return optuna.storages.RDBStorage(url, **options)


def test_trials_come_back_exactly(url):
    """What is recorded in batches, over several openings, comes back equal to the last bit and in order."""
    trials = [diverged(n) if n % 7 == 3 else finished(n, value=NASTY[n % len(NASTY)]) for n in range(40)]
    trials[5:9] = [replace(trial, evaluations=0.1 * trial.number) for trial in trials[5:9]]
    for start in (0, 20):
        with ours(url) as study:
            assert study.finished() == trials[:start]
            study.record(trials[start : start + 5])
            study.record([])
            study.record(trials[start + 5 : start + 20])
            assert study.finished() == trials[: start + 20]
    with ours(url) as study:
        assert repr([t.value for t in study.finished()]) == repr([t.value for t in trials])
        types = [[type(v) for v in t.planned.configuration.values()] for t in study.finished()]
    assert types == [[type(v) for v in t.planned.configuration.values()] for t in trials]


def test_plain_optuna_understands_the_study(url):
    """Optuna alone sees COMPLETE trials whose parameters are the active settings that vary, and no more."""
    trials = [finished(number) for number in range(30)]
    with ours(url) as study:
        study.record(trials)
    study = optuna.load_study(storage=plain_optuna(url), study_name="digits")
    assert study.direction == optuna.study.StudyDirection.MINIMIZE
    assert {trial.state for trial in study.trials} == {TrialState.COMPLETE}
    assert [trial.params for trial in study.trials] == [trial.planned.configuration for trial in trials]
    assert study.best_value == min(trial.value for trial in trials)
    attributes = study.trials[0].user_attrs
    assert attributes["final_validation_error"] == trials[0].final["validation_error"]
    assert attributes["curve_training_loss"] == trials[0].curves["training_loss"]
    assert attributes["outcome"] == "trained"
    assert attributes["loss_rose"] is False
    assert "diverged_at" not in attributes


def test_a_study_recorded_by_another_rule_is_refused_in_one_sentence(url):
    """Two meanings of a value in one study would be mixed in silence; without a rule it is the first."""
    with ours(url) as study:
        study.record([finished(0)])
    storage = plain_optuna(url)
    stored = optuna.load_study(storage=storage, study_name="digits")
    assert stored.user_attrs["value_rule"] == VALUE_RULE == 2
    stored.set_user_attr("value_rule", 1)
    with pytest.raises(StudyError, match="two rules must not be mixed; report reads it by today's"):
        ours(url)
    assert recorded_rule({}) == 1


def test_distributions_are_the_ranges_of_each_trial(url):
    """Numeric ranges are those under the trial's own condition, choices the union over all conditions."""
    with ours(url) as study:
        study.record([finished(number) for number in range(30)])
        for trial in study.study.trials:
            low = 1e-5 if trial.params["optimizer"] == "adam" else 1e-3
            assert trial.distributions["learning_rate"].low == low
            assert trial.distributions["batch_size"] == optuna.distributions.IntDistribution(8, 512, log=True)
            if "beta" in trial.params:
                assert trial.distributions["beta"].choices == (0.9, 0.95, 0.5)


def test_numpy_values_become_plain_ones(url):
    """NumPy scalars in a configuration or a curve are recorded as the numbers they are."""
    trial = finished(0, value=np.float32(0.25), curves={"training_loss": np.array([0.5, 0.25], dtype="f4")})
    configuration = {**trial.planned.configuration, "batch_size": np.int64(16), "batch_norm": np.bool_(True)}
    with ours(url) as study:
        study.record([replace(trial, planned=replace(trial.planned, configuration=configuration))])
        (back,) = study.finished()
    assert back.value == 0.25
    assert back.curves["training_loss"] == [0.5, 0.25]
    assert back.planned.configuration["batch_size"] == 16
    assert back.planned.configuration["batch_norm"] is True


@pytest.mark.parametrize(
    "broken", [{"value": float("nan")}, {"curves": {"training_loss": [1.0, float("inf")]}}]
)
def test_a_batch_with_a_value_that_is_no_number_is_refused_whole(url, broken):
    """NaN and infinity are refused by name, and nothing of their batch is written."""
    with ours(url) as study:
        with pytest.raises(ValueError, match=r"value of trial 1 is nan|curve of training_loss is inf"):
            study.record([finished(0), finished(1, **broken)])
        assert study.finished() == []


@pytest.mark.parametrize("numbers", [(1,), (0, 2), (0, 0), (1, 0)])
def test_numbers_out_of_order_are_refused(url, numbers):
    """A trial whose number Optuna would not give it is not written, nor the rest of its batch."""
    with ours(url) as study:
        with pytest.raises(ValueError, match="would become number"):
            study.record([finished(number) for number in numbers])
        assert study.finished() == []


def test_a_study_of_another_definition_is_refused(url):
    """A changed definition does not mix its trials with those recorded; the message says what to do."""
    with ours(url) as study:
        study.record([finished(0)])
    with pytest.raises(
        StudyError, match="study 'digits' was made with another definition; give another --out"
    ):
        ours(url, fingerprint="other")
    with ours(url) as study:  # and the refusal has released the lock
        assert len(study.finished()) == 1


def foreign_trial(study):
    study.add_trial(create_trial(value=1.0))


def foreign_attribute(study):
    study.set_user_attr("author", "somebody")


@pytest.mark.parametrize("make", [foreign_trial, foreign_attribute])
def test_a_strangers_study_is_refused_and_left_alone(url, make):
    """A study that no sweep made is not taken over."""
    theirs = optuna.create_study(storage=plain_optuna(url), study_name="digits")
    make(theirs)
    with pytest.raises(
        StudyError, match="study 'digits' was not made by a sweep; give another --out, or another name"
    ):
        ours(url)
    again = optuna.load_study(storage=plain_optuna(url), study_name="digits")
    assert "fingerprint" not in again.user_attrs


def test_strangers_trials_among_ours_are_refused(url):
    """A trial that somebody else added, or left running, is named."""
    with ours(url) as study:
        study.record([finished(0)])
    theirs = optuna.load_study(storage=plain_optuna(url), study_name="digits")
    theirs.ask()
    with pytest.raises(StudyError, match="trial 1 of study 'digits' was not made by a sweep"):
        ours(url)


def test_a_study_to_be_maximised_is_refused(url):
    """A sweep minimises: a study with another direction or several values is a stranger's."""
    optuna.create_study(storage=plain_optuna(url), study_name="digits", direction="maximize")
    optuna.create_study(storage=plain_optuna(url), study_name="two", directions=["minimize"] * 2)
    for name in ("digits", "two"):
        with pytest.raises(StudyError, match=f"study '{name}' does not minimise one value"):
            ours(url, name=name)


def test_a_sweep_killed_while_creating_its_study_can_be_started_again(url):
    """A study without trials, fingerprint and foreign attributes counts as new."""
    begun = optuna.create_study(storage=plain_optuna(url), study_name="digits")
    begun.set_user_attr("version", "old")
    with open_study(url, "digits", SPACE, "abc", {"version": "0.1.0", "definition": "seed = 0"}) as study:
        assert study.study.user_attrs == {
            "version": "0.1.0",
            "definition": "seed = 0",
            "value_rule": VALUE_RULE,
            "fingerprint": "abc",
        }
    with open_study(url, "digits", SPACE, "abc", {"version": "0.2.0"}) as study:
        assert study.study.user_attrs["version"] == "0.1.0"


def test_something_else_writing_is_noticed(url):
    """Trials that appear during a sweep stop it with a sentence before its numbers go wrong."""
    with ours(url) as study:
        study.record([finished(0)])
        foreign_trial(optuna.load_study(storage=plain_optuna(url), study_name="digits"))
        with pytest.raises(StudyError, match="has 2 trials instead of 1: something else is writing"):
            study.record([finished(1)])


def test_second_sweep_on_a_journal_is_refused(tmp_path):
    """While a sweep records into a journal, another gets a sentence at once."""
    url = f"journal://{tmp_path / 'study.journal'}"
    with ours(url), pytest.raises(StudyError, match="another sweep is writing to"):
        ours(url, name="another")


def test_several_studies_share_a_storage(url):
    """Studies of different names stand side by side, each with its own numbers."""
    for name in ("first", "second"):
        with ours(url, name=name) as study:
            study.record([finished(0), finished(1)])
    with ours(url, name="first") as study:
        study.record([finished(2)])
        assert [trial.number for trial in study.finished()] == [0, 1, 2]


@pytest.mark.parametrize(
    "name", ["Robert'); DROP TABLE studies;--", "日本 🦉", "a/../b\\c", "%s {0} $HOME", "x" * 250, " "]
)
def test_hostile_names_are_names(url, name):
    """Quotes, SQL, emoji and slashes in the names of a study and of settings are kept as they are."""
    space = Space([Setting(name, (Variant(Choices((name, "b"))),))])
    trial = finished(0, planned=PlannedTrial(0, {name: name}, 0), final={name: 1.0}, curves={name: [1.0]})
    with ours(url, name=name, space=space) as study:
        study.record([trial])
    with ours(url, name=name, space=space) as study:
        assert study.finished() == [trial]


@pytest.mark.parametrize("name", ["", "a\nb", "a\0b", "\ud800", "x" * 251])
def test_unprintable_names_are_refused(url, name):
    """An empty, endless or unprintable name is refused before anything is created."""
    with pytest.raises(StudyError, match="printable characters"):
        ours(url, name=name)


def test_full_disk_keeps_what_is_recorded(tmp_path, monkeypatch):
    """A full disk raises OSError; the trials before it are there, and the sweep resumes after them."""
    url = f"journal://{tmp_path / 'study.journal'}"
    trials = [finished(number) for number in range(4)]
    write, left = os.write, [5000]

    def limited(descriptor, data):
        if left[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = write(descriptor, data[: left[0]])
        left[0] -= count
        return count

    with ours(url) as study:
        study.record(trials[:1])
        with monkeypatch.context() as patch:
            patch.setattr(journal_module.os, "write", limited)
            with pytest.raises(OSError, match="No space left"):
                study.record([replace(trial, curves={"loss": [0.5] * 500}) for trial in trials[1:]])
        recorded = len(study.finished())
        assert 1 < recorded < 4
        study.record(trials[recorded:])
    with ours(url) as study:
        assert [trial.number for trial in study.finished()] == [0, 1, 2, 3]
        assert study.finished()[0] == trials[0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("study.db", "cannot be used"),
        ("", "cannot be used"),
        ("journal://", "written journal://PATH"),
        ("journal:study", "written journal://PATH"),
        ("journal:///nowhere/at/all/study.journal", "cannot be opened: No such file or directory"),
        ("sqlite:////nowhere/at/all/study.db", "unable to open database file"),
        ("sqlite://host/study.db", "Invalid SQLite URL"),
        ("nosuch://user:geheim@host/x", r"nosuch://user:\*\*\*@host/x"),
        ("postgresql://user:geheim@localhost:port/x", "cannot be used"),
        ("postgresql+psycopg2://user:ge%68eim@localhost:1/x?password=geheim", "cannot be used|pip install"),
        ("redis://:geheim@localhost:1", "cannot be used|pip install"),
    ],
)
def test_unusable_storage_gets_a_sentence_without_its_password(url, words):
    """Whatever is wrong with a storage URL, the message says so in one line without the password."""
    with pytest.raises(StudyError, match=words) as caught:
        ours(url)
    message = str(caught.value)
    assert "geheim" not in message
    assert "ge%68eim" not in message
    assert "\n" not in message
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_missing_driver_is_named():
    """A database whose driver is not installed names the package to install."""
    pytest.importorskip("sqlalchemy")
    if _installed("MySQLdb"):
        pytest.skip("the driver is installed")
    with pytest.raises(StudyError, match=r"mysql://me:\*\*\*@h/x needs .* pip install 'mysqlclient'"):
        ours("mysql://me:geheim@h/x")


def _installed(module):
    import importlib.util

    return importlib.util.find_spec(module) is not None


def test_damaged_sqlite_is_refused_and_left_alone(tmp_path):
    """A file that is no database is a sentence, and stays as it is."""
    path = tmp_path / "a.db"
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(StudyError, match="file is not a database"):
        ours(f"sqlite:///{path}")
    assert path.read_bytes() == b"no database at all" * 1000


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_sqlite_cut_short_is_refused(tmp_path, keep):
    """A database that has lost its end is a sentence when it is opened or read, never a shorter history."""
    path = tmp_path / "a.db"
    url = f"sqlite:///{path}"
    with ours(url) as study:
        study.record([finished(number, curves={"loss": [0.1] * 500}) for number in range(20)])
    os.truncate(path, int(path.stat().st_size * keep))
    with pytest.raises(StudyError, match="malformed"), ours(url) as study:
        study.finished()


def test_a_journal_that_is_json_but_no_journal_is_refused(tmp_path):
    """Lines that look like records and make no sense to Optuna are a sentence, not a traceback."""
    path = tmp_path / "study.journal"
    path.write_text('{"op_code":77,"worker_id":"w"}\n')
    with pytest.raises(StudyError, match="is not a journal that this Optuna reads"):
        ours(f"journal://{path}")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://user:geheim@host/db", "postgresql://user:***@host/db"),
        ("postgresql+psycopg2://user:a@b:c/d@host:5432/db", "postgresql+psycopg2://user:***@host:5432/db"),
        ("redis://:geheim@host:6379/0", "redis://:***@host:6379/0"),
        ("postgresql://host/db?user=me&password=geheim&x=1", "postgresql://host/db?user=me&password=***&x=1"),
        ("postgresql://user@host/db", "postgresql://user@host/db"),
        ("sqlite:////home/a:b@c/study.db", "sqlite:////home/a:b@c/study.db"),
        ("journal:///home/a:b@c/study.journal", "journal:///home/a:b@c/study.journal"),
    ],
)
def test_masked_hides_the_password_only(url, shown):
    """The password goes, wherever it stands and whatever it contains; paths stay readable."""
    assert masked(url) == shown


def test_opening_a_large_journal_is_quick(tmp_path):
    """A journal of 5,000 trials opens within three seconds (measured: 0.5)."""
    import time

    url = f"journal://{tmp_path / 'study.journal'}"
    with ours(url) as study:
        study.record([finished(number) for number in range(5000)])
    started = time.process_time()
    with ours(url) as study:
        assert len(study.finished()) == 5000
    assert time.process_time() - started < 3
