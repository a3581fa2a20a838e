"""Surrogates and their averages over the prior against closed forms and brute force."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.surrogate import gaussian_process, polynomial_chaos, prior, selection
from sensitivity.estimators.surrogate.design import departs_from_prior
from sensitivity.estimators.surrogate.encoding import Encoding, encode
from sensitivity.estimators.surrogate.observed import observe
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant


@pytest.fixture
def mixed():
    """Log range, whole numbers on a log scale, category, and β for one category only."""
    return Space(
        [
            Setting("optimizer", (Variant(Choices(("sgd", "adam"))),)),
            Setting("lr", (Variant(FloatRange(1e-4, 1.0, log=True)),)),
            Setting("width", (Variant(IntegerRange(1, 4, log=True)),)),
            Setting("beta", (Variant(FloatRange(0.0, 0.5), {"optimizer": ("adam",)}),)),
        ]
    )


def test_distinct_points_give_all_points_back(mixed):
    """Each different point once; an inactive β is another point than β at the low end of its range."""
    encoding = Encoding(mixed, pd.DataFrame(columns=mixed.names))
    latent = np.random.default_rng(0).integers(0, 2, (60, 4)) / 2
    points = encoding.complete(latent)
    first, number = points.distinct()
    found = np.column_stack([points.positions, points.active])
    assert len(first) == len(np.unique(found, axis=0)) < 60
    np.testing.assert_array_equal(found[first][number], found)


def drawn(space, count, seed=0):
    rng = np.random.default_rng(seed)
    configurations = [space.configuration(unit) for unit in rng.random((count, len(space.names)))]
    table = pd.DataFrame({name: [c.get(name) for c in configurations] for name in space.names})
    return table.assign(number=range(count), phase="plan", replicate=0, value=rng.normal(size=count))


def numbers(count):
    return Space([Setting(name, (Variant(FloatRange(0.0, 1.0)),)) for name in "abcdef"[:count]])


def test_encoding_agrees_with_the_space(mixed):
    """Positions are the space's own unit coordinates, and the mask is where it has them."""
    table = drawn(mixed, 50)
    encoded = encode(table, Encoding(mixed, table))
    rows = table[mixed.names].to_dict("records")
    expected = np.array([mixed.unit({k: v for k, v in row.items() if not pd.isna(v)}) for row in rows])
    np.testing.assert_allclose(np.where(encoded.points.active, encoded.points.positions, np.nan), expected)
    assert encoded.inside.all()


def test_latent_completion_gives_configurations_of_the_space(mixed):
    """A latent point becomes what the space makes of it, whatever the inactive coordinate."""
    table = drawn(mixed, 5)
    latent = np.random.default_rng(1).random((200, 4))
    points = Encoding(mixed, table).complete(latent)
    expected = np.array([mixed.unit(mixed.configuration(unit)) for unit in latent])
    np.testing.assert_allclose(np.where(points.active, points.positions, np.nan), expected)


def test_whole_numbers_weigh_what_the_prior_gives_them(mixed):
    """On a log scale from 1 to 4 the number v has the share log((v + ½)/(v − ½)) / log 9."""
    axis = Encoding(mixed, drawn(mixed, 5)).axes[2]
    expected = [np.log((v + 0.5) / (v - 0.5)) / np.log(9) for v in (1, 2, 3, 4)]
    np.testing.assert_allclose(prior.nodes(axis, smooth=True).weights, expected)


def test_unknown_values_are_outside(mixed):
    """A choice or number the space does not have marks its row."""
    table = drawn(mixed, 4)
    table.loc[1, "optimizer"] = "lion"
    table.loc[2, "lr"] = 7.0
    assert encode(table, Encoding(mixed, table)).inside.tolist() == [True, False, False, True]


def test_ranges_tried_on_their_levels_are_these_levels():
    """An interrupted grid is integrated over its levels, any other value makes the range continuous."""
    space = Space([Setting("a", (Variant(FloatRange(0.0, 1.0, levels=3)),))])
    grid, free = pd.DataFrame({"a": [0.0, 0.5, 1.0]}), pd.DataFrame({"a": [0.0, 0.4]})
    np.testing.assert_allclose(Encoding(space, grid).axes[0].edges, [0, 1 / 3, 2 / 3, 1])
    assert Encoding(space, free).axes[0].edges is None


def test_marginal_likelihood_gradient(mixed):
    """The gradient agrees with finite differences to 1e-4."""
    table = drawn(mixed, 30)
    encoding = Encoding(mixed, table)
    columns, owner = gaussian_process.features(encode(table, encoding).points, encoding.axes)
    likelihood = gaussian_process._MarginalLikelihood(
        columns, owner, 4, table["value"].to_numpy(), np.repeat([1.0, 2.0], 15)
    )
    at = np.array([0.3, 1.0, -0.5, 0.2, 0.4, -1.5])
    numeric = [
        (likelihood(at + step)[0] - likelihood(at - step)[0]) / 2e-5 for step in 1e-5 * np.eye(len(at))
    ]
    np.testing.assert_allclose(likelihood(at)[1], numeric, rtol=1e-4, atol=1e-5)


def test_press_is_the_leave_one_out_error():
    """The analytic error equals that of refitting without each trial in turn."""
    space = numbers(2)
    table = drawn(space, 25)
    encoding = Encoding(space, table)
    points, response = encode(table, encoding).points, table["value"].to_numpy()
    basis = polynomial_chaos.Basis(encoding.axes, 10)
    terms = polynomial_chaos.index_set(basis, 3, 2)
    matrix = polynomial_chaos.design(basis.values(points), terms)
    press, ridge = polynomial_chaos._press(matrix, response - response.mean())
    errors = []
    for row in range(25):
        rest = np.delete(np.arange(25), row)
        # The analytic error keeps the centring of all trials' penalty: nλ with n = 25, mean refitted.
        design = np.column_stack([np.ones(24), matrix[rest]])
        penalty = np.diag([0.0, *[25 * ridge] * matrix.shape[1]])
        solved = np.linalg.solve(design.T @ design + penalty, design.T @ response[rest])
        errors.append(response[row] - solved @ np.array([1.0, *matrix[row]]))
    assert press == pytest.approx(np.mean(np.square(errors)), rel=1e-6)


def test_hyperbolic_index_set_by_hand():
    """Two settings, p = 3, q = 0.8: 3 + 3 powers, and of the products only x·y (2^1.25 = 2.4 ≤ 3)."""
    space = numbers(2)
    encoding = Encoding(space, drawn(space, 3))
    basis = polynomial_chaos.Basis(encoding.axes, 10)
    terms = polynomial_chaos.index_set(basis, 3, 2)
    # x²·y: (2^0.8 + 1)^1.25 = 3.4 > 3.
    assert sorted(terms.degrees.tolist()) == [1, 1, 2, 2, 2, 3, 3]


def test_profiles_agree_with_plain_predictions(mixed):
    """The quick profiles of the Gaussian process and the polynomials equal prediction by prediction."""
    table = drawn(mixed, 40)
    encoding = Encoding(mixed, table)
    observed = observe(table, mixed.names, "value")
    draws = selection.Draws(
        encoding, encode(table, encoding).points, observed.mean, observed.replicates, observed.group
    )
    latent = np.random.default_rng(2).random((20, 4))
    for name in ("gaussian process", "polynomial chaos"):
        kind = selection.KINDS[name]
        model = kind.fit(draws, kind.tune(draws, np.arange(40)), np.arange(40))
        for axis in range(4):
            at = prior.nodes(encoding.axes[axis], smooth=True)
            np.testing.assert_allclose(
                prior.profile(model, encoding, latent, axis, at),
                prior._by_prediction(model, encoding, latent, axis, at),
                atol=1e-8,
            )


def test_replicates_stay_in_one_fold_and_tell_the_noise():
    """Draws by hand: two replicates 2 apart, block ±1, one residual pattern ±0.5: σ² = 1, σ_b² = 1.5."""
    table = pd.DataFrame(
        {"a": [1, 2, 1, 2], "replicate": [0, 0, 1, 1], "value": [0.0 - 0.5, 5 + 0.5, 2 + 0.5, 7 - 0.5]}
    )
    found = observe(table, ["a"], "value")
    # Residuals of the two-way fit ∓0.5, ±0.5: 4 · 0.25 = 1 on (2−1)(2−1) degrees of freedom; means 1, 6.
    assert (found.mean.tolist(), found.seed, found.df) == ([1.0, 6.0], pytest.approx(1.0), 1)
    # Replicates' effects ∓1, sample variance 2, less σ²/2.
    assert found.block == pytest.approx(1.5)
    fold = selection.folds(np.array([0, 1, 0, 2, 3, 4, 1]))
    assert fold[0] == fold[2]
    assert fold[1] == fold[6]


def test_the_same_configuration_again_is_another_draw():
    """Within a replicate a repeated configuration keeps its weight; across replicates it is one draw."""
    table = pd.DataFrame({"a": [1, 1, 2], "replicate": 0, "value": [0.0, 1.0, 5.0]})
    found = observe(table, ["a"], "value")
    assert found.group.tolist() == [0, 0, 1]
    assert (found.seed, found.df) == (0.5, 1)
    assert len(observe(table.assign(replicate=[0, 1, 0]), ["a"], "value")) == 2


def test_adaptive_samples_are_noticed(mixed):
    """Trials crowded at one end of a range depart from the prior; random draws of the same size do not."""
    table = drawn(mixed, 200)
    crowded = table.assign(lr=table["lr"] ** 0.5)
    encoding = Encoding(mixed, table)
    assert not departs_from_prior(encode(table, encoding), encoding, range(4))
    assert departs_from_prior(encode(crowded, encoding), encoding, range(4))


def test_a_race_leaves_out_what_would_not_have_won(monkeypatch):
    """Kinds that the first fold shows to be worse are not fitted again; the others are as without a race."""
    space = numbers(2)
    table = drawn(space, 300)
    table = table.assign(value=np.sin(6 * table["a"]) + table["b"] ** 2 + 0.01 * table["value"])
    encoding = Encoding(space, table)
    observed = observe(table, space.names, "value")
    draws = selection.Draws(
        encoding, encode(table, encoding).points, observed.mean, observed.replicates, observed.group
    )
    whole = selection.best_surrogate(draws)
    monkeypatch.setattr(selection, "MOST_BLENDED", 100)
    raced = selection.best_surrogate(draws)
    assert raced.name in whole.q2
    assert raced.name == max(whole.q2, key=whole.q2.get)
    assert len(raced.q2) < len(whole.q2)
    assert raced.q2 == {name: whole.q2[name] for name in raced.q2}
    assert whole.left_out == ()
    assert {*raced.left_out, *raced.q2} == set(whole.q2)


class _Guess:
    """Predicts what it was made of."""

    def __init__(self, values):
        self.values = values

    def predict(self, rows):
        return self.values[rows]


class _Rows:
    """Points that are nothing but their numbers."""

    def rows(self, chosen):
        return np.flatnonzero(chosen) if chosen.dtype == bool else chosen


def _race(monkeypatch, guesses):
    """Names of the kinds that a race over 100 draws leaves, from what each predicts of zeros."""
    monkeypatch.setattr(selection, "MOST_BLENDED", 50)
    fold = np.arange(100) % 2
    draws = SimpleNamespace(response=np.zeros(100), variance=1.0, points=_Rows())
    kinds = {
        name: selection.Kind(lambda *_: None, lambda _draws, _tuned, _rows, values=values: _Guess(values))
        for name, values in guesses.items()
    }
    return selection._raced(draws, kinds, fold, dict.fromkeys(kinds))


def test_a_race_is_lost_by_four_standard_errors(monkeypatch):
    """Squared errors m ± d on the fold's fifty draws are m √50 / d standard errors above the best's."""
    for errors, stays in ((3.9, True), (4.1, False)):
        apart = errors * 0.1 / 50**0.5 + np.tile([0.1, 0.1, -0.1, -0.1], 25)  # both signs in both folds
        left = _race(monkeypatch, {"best": np.ones(100), "worse": np.sqrt(1 + apart)})
        assert ("worse" in left) == stays
    assert set(_race(monkeypatch, {"best": np.zeros(100), "same": np.zeros(100)})) == {"best", "same"}


def test_predictions_that_are_no_numbers_lose_the_race(monkeypatch):
    """Whichever place they have; and where none are numbers, nobody loses."""
    nothing, good = np.full(100, np.nan), np.full(100, 0.1)
    for order in (("none", "good"), ("good", "none")):
        guesses = {name: {"none": nothing, "good": good}[name] for name in order}
        left = _race(monkeypatch, guesses)
        assert set(left) == {"good"}
        every = {
            name: selection._judged(SimpleNamespace(response=np.zeros(100), variance=1.0), (), values)
            for name, values in guesses.items()
        }
        assert selection._best(every) == "good"
    assert set(_race(monkeypatch, {"none": nothing, "infinite": nothing + np.inf})) == {"none", "infinite"}


@pytest.mark.parametrize("kind", ["gaussian process", "polynomial chaos"])
def test_profiles_over_many_branches_are_the_predictions_there(kind):
    """Thirty optimizers, of which every third has β: three patterns at most, the same numbers."""
    levels = tuple(f"rule_{number}" for number in range(30))
    space = Space(
        [
            Setting("optimizer", (Variant(Choices(levels)),)),
            Setting("lr", (Variant(FloatRange(1e-4, 1.0, log=True)),)),
            Setting("beta", (Variant(FloatRange(0.0, 0.5), {"optimizer": levels[::3]}),)),
        ]
    )
    table = drawn(space, 120)
    encoding = Encoding(space, table)
    observed = observe(table, space.names, "value")
    draws = selection.Draws(
        encoding, encode(table, encoding).points, observed.mean, observed.replicates, observed.group
    )
    rows, of = np.arange(len(draws.response)), selection.KINDS[kind]
    model = of.fit(draws, of.tune(draws, rows), rows)
    latent, at = prior.sobol_points(3, 32, 0), prior.nodes(encoding.axes[0], smooth=True)
    found = prior.profile(model, encoding, latent, 0, at)
    expected = prior._by_prediction(model, encoding, latent, 0, at)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert len(at.latent) > prior.MANY


def test_a_setting_that_is_inactive_is_predicted_as_its_point(mixed):
    """Predictions made once for all axes are what each axis would ask for."""
    table = drawn(mixed, 80)
    encoding = Encoding(mixed, table)
    observed = observe(table, mixed.names, "value")
    draws = selection.Draws(
        encoding, encode(table, encoding).points, observed.mean, observed.replicates, observed.group
    )
    rows, of = np.arange(len(draws.response)), selection.KINDS[selection.PROCESS]
    model = of.fit(draws, of.tune(draws, rows), rows)
    latent, beta = prior.sobol_points(4, 32, 0), encoding.names.index("beta")
    at, whole = prior.nodes(encoding.axes[beta], smooth=True), model.predict(encoding.complete(latent))
    alone = prior.profile(model, encoding, latent, beta, at)
    np.testing.assert_allclose(prior.profile(model, encoding, latent, beta, at, whole), alone, atol=1e-9)
    assert not encoding.complete(latent).active[:, beta].all()
