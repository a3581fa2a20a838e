"""The ledger: which claims there are, what they need, and trainings that go on where they stopped."""

import pandas as pd
import pytest

from sensitivity.claims.arms import ARMS, DATASETS, REFERENCE, TRANSFER
from sensitivity.claims.bounds import ADAM_STEPS, Steps, step_sizes
from sensitivity.claims.ledger import CLAIMS, named, put_to_the_test, wanted
from sensitivity.claims.tables import DATASET_COLUMNS, LEDGER_COLUMNS, PARTS_COLUMNS, tables
from sensitivity.claims.trainings import units
from sensitivity.claims.verdicts import judged
from sensitivity.claims.world import World
from sensitivity.reading.runs import read_run
from sweeps.run import prepare


def test_claims_need_arms_that_there_are_and_no_arm_is_idle():
    """Every name of an arm is known, and every arm is trained for a claim."""
    needed = {arm for claim in CLAIMS.values() for part in claim.parts for arm in part.arms}
    assert needed | set(REFERENCE) == set(ARMS)


def test_trainings_are_shared(tmp_path):
    """Two claims on the same arms need no more sweeps than one; all claims need each sweep once."""
    one = wanted(named(["momentum-beats-sgd"]), tmp_path, 0)
    two = wanted(named(["momentum-beats-sgd", "planted-false"]), tmp_path, 0)
    assert [unit.key for unit in one] == [unit.key for unit in two]
    every = [unit.key for unit in wanted(named([]), tmp_path, 0)]
    assert len(set(every)) == len(every)


def test_only_what_is_in_common_units_trains_the_reference(tmp_path):
    """A claim in units of its own: two arms on seven datasets, no more; another with the reference."""
    keys = {unit.key for unit in wanted(named(["adagrad-stops-early"]), tmp_path, 0)}
    assert keys == {(arm, name) for arm in ("deep-adagrad", "deep-rmsprop") for name in DATASETS}
    assert {"sgd", "momentum", "adam"} <= {unit.key[0] for unit in wanted(named(["batch-norm"]), tmp_path, 0)}


def test_a_claim_alone_has_the_sweeps_that_it_has_among_all(tmp_path):
    """Definitions do not depend on what else is asked."""
    every = {unit.key: unit.definition for unit in wanted(named([]), tmp_path, 0)}
    for name in ("batch-exact-slow", "adagrad-stops-early", "sensitivity-order", "adam-bounded-step"):
        assert all(unit.definition == every[unit.key] for unit in wanted(named([name]), tmp_path, 0))


def test_definitions_are_those_of_the_protocol():
    """Eleven rates, eight replicates, 64 units, batches of 32; the full batch is fitted to the data."""
    definition = ARMS["momentum"].definition("wine", 3)
    assert definition.epochs == 40
    assert definition.replicates == 8
    assert definition.network.hidden == [64]
    assert definition.build_space().grid_size() == 11
    assert ARMS["sgd-full-batch"].definition("wine", 0).space["batch_size"] == 142
    few = ARMS["layers-frozen"].definition(TRANSFER, 0)
    assert (few.dataset, few.data.classes, few.data.per_class) == ("digits", [5, 6, 7, 8, 9], 10)
    assert ARMS["deep-adagrad"].definition("digits", 0).epochs == 80


@pytest.mark.usefixtures("short")
def test_an_interrupted_ledger_goes_on(tmp_path):
    """Stopped after five sweeps and begun again, it gives the numbers of one that was not stopped."""
    claims = named(["planted-false"])
    done = []

    def stop(name):
        done.append(name)
        if len(done) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put_to_the_test(claims, wanted(claims, tmp_path / "a", 0), 0, 1, stop)
    assert len(list((tmp_path / "a" / "trainings").iterdir())) == 5
    again, whole = (
        put_to_the_test(claims, wanted(claims, tmp_path / folder, 0), 0, 1, done.append)[0]
        for folder in ("a", "b")
    )
    for name, table in tables(again).items():
        pd.testing.assert_frame_equal(table, tables(whole)[name])
    study = read_run(tmp_path / "a" / "trainings" / "momentum-wine")  # an ordinary run
    assert len(study.trials) == 11 * 8


def test_tables_have_the_columns_that_they_say():
    """Every column is documented, in its order."""
    found = tables([])
    for name, columns in zip(found, (LEDGER_COLUMNS, PARTS_COLUMNS, DATASET_COLUMNS), strict=True):
        assert list(found[name].columns) == [column.name for column in columns]


@pytest.mark.usefixtures("short")
def test_arrays_are_the_trials(tmp_path):
    """Rates, errors and losses against the trials themselves, also of replicates that begin later."""
    from sensitivity.claims.trainings import carried_out

    found, _ = carried_out(units(["sgd-again"], ["wine"], tmp_path, 0), 1)
    trained = found["sgd-again", "wine"]
    trials = read_run(tmp_path / "trainings" / "sgd-again-wine").trials
    row = trials[(trials["replicate"] == 11) & (trials["learning_rate"] == 0.1)].iloc[0]
    at = list(trained.rates).index(0.1), 11 - 8
    assert trained.error.shape == (11, 8)
    assert trained.error[at] == row["value"]
    assert trained.losses[at][-1] == row["training_loss"]
    assert trained.losses.shape == (11, 8, 2 + 2)
    assert trained.steps_per_epoch == 5  # 142 examples in batches of 32


@pytest.mark.usefixtures("short")
def test_adams_steps_are_bounded_and_those_of_plain_gradient_descent_are_not():
    """Every step of a small sweep: Adam's never above 3.17 η, the other's much above what Adam can do."""
    adam, sgd = (step_sizes(prepare(ARMS[arm].definition("diabetes", 0)), []) for arm in ("adam", "sgd"))
    assert adam.above == adam.beyond == 0.0
    assert adam.largest < 3.17 + 0.01
    assert sgd.above > sgd.beyond > 0.1


def test_a_step_between_the_bounds_counts_by_the_words_alone():
    """Steps of 4 η pass the paper's 3.16 η and not 7.27 η: contradicted, and supported by the amended rule.

    Whatever share of steps it is; a step beyond 7.27 η contradicts both.
    """
    claim = CLAIMS["adam-bounded-step"]

    def found(above, beyond):
        worlds = {name: World(name, {ADAM_STEPS: Steps(above, beyond, 4.0)}) for name in DATASETS}
        (one,) = judged([claim], worlds, 0, len(CLAIMS))
        return one.adjusted.value, one.by_amended_rule.value

    assert found(4e-6, 0.0) == ("contradicted", "supported")
    assert found(0.0, 0.0) == ("supported", "supported")
    assert found(4e-6, 4e-6) == ("contradicted", "contradicted")


def test_all_datasets_are_there():
    """Seven of them: a t interval has six degrees of freedom."""
    assert len(DATASETS) == 7
