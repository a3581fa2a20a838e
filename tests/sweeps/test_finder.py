"""The learning-rate finder: its ramp, what it sees in a curve, and that its numbers are always the same."""

import numpy as np
import pytest

from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.finder import LEAST_FALL, MARGIN, MOST_EPOCHS, breaking, find, ramp_of, smoothed, with_found_rates
from sweeps.optimizers import OPTIMIZERS
from sweeps.run import prepare
from sweeps.schedules import learning_rates
from sweeps.settings import complete
from sweeps.splits import standardise
from sweeps.training import Training

RULES = [name for name, rule in OPTIMIZERS.items() if not rule.searches]


def definition(**keys):
    """Ramps on iris, in three replicates."""
    space = {"optimizer": RULES, "learning_rate": {"low": 0.1, "high": 1.0, "log": True, "levels": 2}}
    return parse({"dataset": "iris", "replicates": 3, "network": {"hidden": [8]}, "space": space, **keys})


@pytest.fixture(scope="module")
def ramps():
    """One per rule."""
    return find(definition(), [{"optimizer": name} for name in RULES], steps=120)


def test_a_ramp_begins_and_ends_at_the_rates_it_says(ramps):
    """The last to the bit, the first to rounding; every step multiplies the rate by the same."""
    for ramp in ramps:
        assert ramp.rates[-1] == 100.0
        assert ramp.rates[0] == pytest.approx(1e-6, rel=1e-12)
        np.testing.assert_allclose(
            np.diff(np.log(ramp.rates)), np.log(1e8) / (len(ramp.rates) - 1), rtol=1e-9
        )


@pytest.mark.parametrize(("steps", "span"), [(2, 10.0), (3, 1e4), (777, 1e8), (1, 1e8)])
def test_the_schedule_in_closed_form(steps, span):
    """η/span · span^(t/(T−1)); a run of one step has η."""
    c = complete({"schedule": "ramp", "ramp_span": span, "learning_rate": 0.3})
    exact = [0.3 / span * span ** (t / max(steps - 1, 1)) for t in range(steps)] if steps > 1 else [0.3]
    rates = learning_rates(steps, c)
    np.testing.assert_allclose(rates, exact, rtol=1e-12)
    assert rates[-1] == 0.3


def test_the_ramp_is_as_long_as_asked_in_whole_epochs():
    """Iris has 120 training examples, four steps of 32; never more epochs than are learnt by heart."""
    for steps, whole in ((1, 4), (40, 40), (42, 40), (43, 44), (10_000, 4 * MOST_EPOCHS)):
        (ramp,) = find(definition(), [{"optimizer": "sgd"}], steps=steps)
        assert ramp.losses.shape == (3, whole)


@pytest.mark.parametrize("population", [1, 5, 64])
def test_no_number_depends_on_who_is_trained_together(ramps, population):
    """Alone, in fives, or all at once; in another order too."""
    order = RULES[::-1]
    others = find(definition(), [{"optimizer": name} for name in order], steps=120, population=population)
    for one, other in zip(ramps, others[::-1], strict=True):
        assert one.configuration["optimizer"] == other.configuration["optimizer"]
        np.testing.assert_array_equal(one.losses, other.losses)
        np.testing.assert_array_equal(one.breaks, other.breaks)


def test_batch_sizes_ramp_side_by_side():
    """Each over its own number of steps, in the order that was asked for."""
    sizes = [8, 32, 8]
    space = {"batch_size": [8, 32], "learning_rate": [0.1, 1.0]}
    found = find(definition(space=space), [{"batch_size": size} for size in sizes], steps=40)
    assert [ramp.configuration["batch_size"] for ramp in found] == sizes
    assert [ramp.losses.shape[1] for ramp in found] == [45, 40, 45]


def test_the_ramp_is_that_of_an_ordinary_training(ramps):
    """Momentum at β = 0 and sgd see the same losses; Adam that never gives way to SGD is Adam."""
    zero = find(definition(), [{"optimizer": "momentum", "beta": 0.0}], steps=120)[0]
    by_name = {ramp.configuration["optimizer"]: ramp for ramp in ramps}
    np.testing.assert_array_equal(zero.losses, by_name["sgd"].losses)
    np.testing.assert_array_equal(by_name["adam_then_sgd"].losses, by_name["adam"].losses)


def test_full_batch_gradient_descent_breaks_where_the_curvature_says():
    """A linear network with squared error is a quadratic: it breaks above 2/λ, the suggestion lies below."""
    space = {"optimizer": ["sgd"], "learning_rate": [0.1, 1.0], "batch_size": 800}
    linear = definition(dataset="regression", network={"hidden": []}, space=space)
    (ramp,) = find(linear, [{"optimizer": "sgd"}], lowest=0.1, highest=10.0, steps=20)
    job = prepare(linear).work
    for replicate, rate in enumerate(ramp.breaks.tolist()):
        x = standardise(job.dataset, *job.parts(replicate), np.float64).x_train
        limit = 2 / (2 * np.linalg.eigvalsh(x.T @ x / len(x)).max())
        assert 10**-0.2 < rate / limit < MARGIN  # the window and a step are a tenth of a decade


def test_what_breaks_in_a_curve_worked_by_hand():
    """Down from 2 to 1 and up: a tenth of the fall above the lowest is 1.1."""
    rates = np.array([1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0])
    assert breaking(np.array([2.0, 1.5, 1.0, 1.05, 1.2, 2.0]), 2.0, rates) == 10.0
    assert breaking(np.array([2.0, 1.5, 1.0, 1.11, 1.0, 2.0]), 2.0, rates) == 1.0
    assert breaking(np.array([2.0, 1.5, 1.4, 1.3, 1.2, 1.0]), 2.0, rates) == np.inf
    nothing = 2.0 * (1 - LEAST_FALL / 2)
    assert np.isnan(breaking(np.array([2.0, nothing, 2.0, 2.0, 2.0, 2.0]), 2.0, rates))


def test_a_loss_that_is_not_finite_counts_as_the_first():
    """So does one above it, and everything after the training was stopped."""
    rates = np.geomspace(1e-4, 10, 6)
    training = Training()
    training.curves["training_loss"] = [2.0]
    training.minibatch_losses = [np.float32([2.5, 1.5, 1.0]), np.float32([np.nan, 0.1, 0.1])]
    ramp = ramp_of({}, rates, [training], 32)
    assert ramp.losses.tolist() == [[2.0, 1.5, 1.0, 2.0, 2.0, 2.0]]
    assert ramp.breaks.tolist() == [rates[3]]
    assert ramp.suggested.tolist() == [rates[3] / MARGIN]


def test_smoothing_is_a_mean_under_a_normal_window():
    """A constant stays; a step is spread over the width; ends have the mean of what there is."""
    rates = np.geomspace(1e-3, 1e1, 401)  # 100 steps a decade: the window's deviation is ten of them
    assert smoothed(np.ones((1, 401)), rates) == pytest.approx(1)
    step = smoothed((np.arange(401) >= 200)[None].astype(float), rates)[0]
    assert step[200] == pytest.approx(0.5, abs=0.03)
    assert step[210] == pytest.approx(0.8413, abs=0.02)  # one deviation above the middle
    assert step[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", ["random_search", "random_local_search"])
def test_searches_have_no_rate_to_find(name):
    """They keep only what lowered the loss."""
    with pytest.raises(DefinitionError, match=f"{name} keeps only"):
        find(definition(), [{"optimizer": name}])


@pytest.mark.parametrize("dataset", ["digits", "circles"])
def test_the_suggestion_lies_in_the_valley_that_a_sweep_measures(dataset):
    """Trained at it, a network errs less than a tenth of the way from the best of nine rates to the cap.

    Neither the rule nor a number of it was chosen on circles.
    """
    names, grid = ["sgd", "momentum", "rmsprop", "adam"], np.geomspace(1e-4, 1, 9).tolist()
    keys = {"dataset": dataset, "network": {"hidden": [32]}, "epochs": 10, "replicates": 2}
    found = find(definition(**keys), [{"optimizer": name} for name in names])
    chosen = {
        name: float(np.exp(np.log(ramp.suggested).mean())) for name, ramp in zip(names, found, strict=True)
    }
    own = [{"when": {"optimizer": n}, "learning_rate": [*grid, rate]} for n, rate in chosen.items()]
    sweep = prepare(definition(**keys, space={"optimizer": names, "learning_rate": grid, "only": own}))
    train, errors = sweep.work.start(), {}
    for task in sweep.work.tasks(sweep.planned, None):
        for trial in train(task):
            c = trial.planned.configuration
            errors.setdefault((c["optimizer"], c["learning_rate"]), []).append(trial.value)
    for name, rate in chosen.items():
        best = min(np.mean(errors[name, other]) for other in grid)
        assert np.mean(errors[name, rate]) <= best + 0.1 * (sweep.work.cap - best), name


def asking(**space):
    """A definition that leaves the rate to the finder."""
    rest = {"optimizer": ["sgd", "adam", "random_search"], "schedule": ["constant", "one_cycle"]}
    whole = {"dataset": "iris", "replicates": 2, "epochs": 2, "network": {"hidden": [8]}}
    return {**whole, "space": {**rest, "learning_rate": "find", **space}}


def test_a_definition_may_leave_the_rate_to_the_finder():
    """Each optimizer gets the rate found for it, of two digits, recorded as a number; 1cycle peaks there."""
    raw, rates = with_found_rates(asking())
    found = find(parse(raw), [{"optimizer": "sgd"}, {"optimizer": "adam"}])
    for (name, rate), ramp in zip(rates.items(), found, strict=True):
        assert rate == float(f"{np.exp(np.log(ramp.suggested).mean()):.2g}"), name
    sweep = prepare(parse(raw))
    tried = {(t.configuration["optimizer"], t.configuration.get("learning_rate")) for t in sweep.planned}
    assert tried == {("random_search", None), *rates.items()}
    cycles = [t.configuration for t in sweep.planned if t.configuration.get("schedule") == "one_cycle"]
    c = sweep.work.complete(cycles[-1])
    assert learning_rates(100, c).max() == pytest.approx(rates[c["optimizer"]])
    assert "find" not in parse(raw).to_toml()


def test_one_optimizer_and_ones_own_conditions():
    """A single optimizer has a single rate; conditions that were there stay."""
    raw, rates = with_found_rates(asking(optimizer="sgd"))
    assert raw["space"]["learning_rate"] == rates["sgd"]
    own = {"when": {"optimizer": "adam"}, "batch_size": [8, 16]}
    raw, rates = with_found_rates(asking(only=[own]))
    assert raw["space"]["only"][0] == own
    assert (
        [entry["when"]["optimizer"] for entry in raw["space"]["only"][1:]] == list(rates) == ["sgd", "adam"]
    )


def test_a_definition_that_gives_its_rates_is_left_alone():
    """And mistakes in it are found where they always are."""
    for raw in ({"dataset": "iris"}, {"space": 3}, asking(learning_rate=[0.1, 1.0])):
        assert with_found_rates(raw) == (raw, {})
    with pytest.raises(DefinitionError, match="did you mean 'adam'"):
        with_found_rates(asking(optimizer=["adm"]))
    for name in ("random_search", "random_local_search"):
        with pytest.raises(DefinitionError, match="keeps only"):
            with_found_rates(asking(optimizer=name))
