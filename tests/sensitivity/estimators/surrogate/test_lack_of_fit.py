"""What a surrogate misses, and very many settings or levels."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators import effects
from sensitivity.estimators.surrogate import one_step, selection
from sensitivity.estimators.surrogate.blend import Blend
from sensitivity.estimators.surrogate.decomposition import surrogate_decomposition
from sensitivity.estimators.surrogate.missed import Missed, missed
from sensitivity.estimators.surrogate.near_best import NearBest
from sensitivity.estimators.surrogate.placed import placed_trials
from sensitivity.estimators.surrogate.polynomial_chaos import legendre_basis
from sensitivity.estimators.surrogate.screening import MOST_AXES, screened
from sensitivity.estimators.surrogate.selection import PROCESS, Draws, best_surrogate
from sensitivity.estimators.surrogate.unknown import unknown_parts
from sensitivity.remarks import Judgement, has
from sweeps.space import Choices, FloatRange, Setting, Space, Variant


def trials(columns, value):
    table = pd.DataFrame(columns)
    return table.assign(number=range(len(table)), phase="plan", replicate=0, value=value)


def ranges(names):
    return [Setting(name, (Variant(FloatRange(0.0, 1.0)),)) for name in names]


def test_what_residuals_tell_is_unbiased():
    """Of r = 0.3 φ₁(x) + noise the squared norm is 0.09 on average over 300 samples; of pure noise 0."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        basis = legendre_basis(rng.random(80), 3)
        noise = rng.standard_normal(80)
        found.append([missed(0.3 * basis[:, 0] + noise, basis).square, missed(noise, basis).square])
    error = 3 * np.std(found, axis=0) / 300**0.5
    np.testing.assert_array_less(np.abs(np.mean(found, axis=0) - [0.09, 0.0]), error)


def test_what_is_expected_lies_between_belief_and_residuals():
    """A sure estimate rules, an unsure one leaves the belief; nothing is expected to be negative."""
    assert Missed(0.2, 1e-9).expected(0.1) == pytest.approx(0.2)
    assert Missed(0.2, 1e3).expected(0.1) == pytest.approx(0.1, rel=1e-6)
    assert Missed(-0.2, 1e-3).expected(0.1) == 0
    assert Missed(0.01, 0.02).shrunk == 0


@pytest.fixture(scope="module")
def bowl():
    """60 draws of a product of two settings, a third without effect."""
    rng = np.random.default_rng(3)
    columns = {name: rng.random(60) for name in "abc"}
    value = np.sin(5 * columns["a"]) * columns["b"] + 0.01 * rng.standard_normal(60)
    placed = placed_trials(trials(columns, value), Space(ranges("abc")))
    return placed, best_surrogate(Draws.of(placed, placed.observed.mean))


def test_an_inert_setting_has_no_part_in_what_is_unknown(bowl):
    """What a process does not know yet belongs to the settings that its kernel sees."""
    placed, selected = bowl
    parts = unknown_parts(selected.process, placed.encoding, placed.varied)
    total = {placed.names[axis]: part for axis, part in parts.total.items()}
    assert total["c"] < 0.2 < min(total["a"], total["b"])
    for axis, part in parts.main.items():
        assert 0 <= part <= parts.total[axis] + 0.1


def test_a_blend_is_the_weighted_mean(bowl):
    """Predictions of both models by their weights."""
    placed, selected = bowl
    first, second = selected.models[:2]
    found = Blend((first, second), (0.75, 0.25)).predict(placed.trials.points)
    parts = [model.predict(placed.trials.points) for model in (first, second)]
    np.testing.assert_allclose(found, 0.75 * parts[0] + 0.25 * parts[1])


@pytest.fixture(scope="module")
def many():
    """Sixty settings: one acts alone, two only together, the rest not at all."""
    rng = np.random.default_rng(5)
    names = [f"x{number}" for number in range(60)]
    columns = {name: rng.random(500) for name in names}
    sign = np.sign(columns["x7"] - 0.5) * np.sign(columns["x31"] - 0.5)
    value = np.sin(3 * columns["x2"]) + 0.6 * sign + 0.1 * rng.standard_normal(500)
    return Space(ranges(names)), trials(columns, value)


@pytest.fixture(scope="module")
def shares_of_many(many):
    """Their decomposition, made once."""
    space, table = many
    return surrogate_decomposition(table, space)


def test_of_very_many_settings_those_that_matter_are_learned_from(many):
    """The setting with a main effect, and those that act only together, are among the 20."""
    space, table = many
    found = screened(placed_trials(table, space), "optimizer")
    assert len(found.encoding.axes) == MOST_AXES
    assert {"x2", "x7", "x31"} <= set(found.encoding.names)
    assert sorted(found.names) == sorted(space.names)


def test_of_very_many_settings_every_one_has_its_rows(many, shares_of_many):
    """In the space's order, adding up to 1; no setting without effect is called above the noise."""
    (space, _), found = many, shares_of_many
    for kind in ("main", "total"):
        rows = found[found["kind"] == kind]
        assert rows["setting"].tolist() == space.names
        assert rows["share"].notna().all()
        assert (rows["low"] <= rows["share"]).all()
    parts = found[found["kind"].isin(["main", "interaction", "noise", "lack_of_fit"])]
    assert parts["share"].sum() == pytest.approx(1, abs=1e-9)
    above = found[(found["kind"] == "total") & (found["judgement"] == Judgement.ABOVE)]
    assert set(above["setting"]) == {"x2", "x7", "x31"}


def test_a_list_of_very_many_levels_is_seen():
    """150 levels of ten trials: V(level) = 1 of 1 + 4/12 + 0.04; branches of few trials warn of nothing."""
    rng = np.random.default_rng(6)
    levels = [f"level {number}" for number in range(150)]
    effect = rng.permutation(np.linspace(-1, 1, 150))
    effect /= effect.std()
    code, x = rng.integers(0, 150, 1500), rng.random(1500)
    value = effect[code] + 2 * x + 0.2 * rng.standard_normal(1500)
    space = Space([Setting("list", (Variant(Choices(tuple(levels))),)), *ranges("x")])
    found = surrogate_decomposition(trials({"list": np.array(levels)[code], "x": x}, value), space)
    main = found[(found["kind"] == "main") & (found["branch"] == "all")].set_index("setting")
    exact = np.array([1, 4 / 12]) / (1 + 4 / 12 + 0.04)
    np.testing.assert_allclose(main["share"], exact, atol=0.05)
    assert (main["low"] <= exact).all()
    assert (exact <= main["high"]).all()


def test_half_widths_are_a_thousandth_at_least():
    """Of a smooth response without noise the integration over the prior is no better."""
    rng = np.random.default_rng(7)
    columns = {name: rng.random(200) for name in "ab"}
    found = surrogate_decomposition(
        trials(columns, columns["a"] ** 2 + columns["b"]), Space(ranges("ab")), branches=False
    )
    rows = found[found["kind"].isin(["main", "total"])]
    assert (rows["share"] - rows["low"] >= 1e-3 - 1e-12).all()
    assert (rows["high"] - rows["share"] >= 1e-3 - 1e-12).all()


def test_equal_responses_have_a_scale():
    """Where all are equal, g is 0 there and goes back to it nearly."""
    scale = NearBest.of(np.full(4, 2.5))
    assert scale.up(np.full(2, 2.5)).tolist() == [0, 0]
    assert scale.down(np.zeros(1))[0] == pytest.approx(2.5, abs=0.1)


def test_what_a_surrogate_leaves_out_is_said(shares_of_many):
    """20 of 60 settings are learned from: the row of the fit and each of the 40 others say so."""
    found = shares_of_many
    fit = found[found["kind"] == "lack_of_fit"]["remarks"].iloc[0]
    assert [said.given for said in fit.only(effects.LEARNED_FROM)] == [(MOST_AXES, 60)]
    assert not fit.has(effects.SAMPLED)
    alone = has(found[found["kind"] == "total"]["remarks"], effects.ALONE)
    assert sum(alone) == 60 - MOST_AXES


def test_a_sample_of_the_configurations_is_said():
    """Of 5,200 configurations 5,000 are looked at."""
    rng = np.random.default_rng(8)
    columns = {name: rng.random(5200) for name in "ab"}
    placed = placed_trials(trials(columns, columns["a"]), Space(ranges("ab")))
    assert str(placed.seen) == "sampled(5000, 5200)"
    assert placed_trials(trials(columns, columns["a"]).iloc[:300], Space(ranges("ab"))).seen == ()


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_without_replicates_noise_and_misfit_are_one_share(noise):
    """Jumps that no surrogate of 80 trials follows are not beside "no noise": they are in that row."""
    rng = np.random.default_rng(9)
    columns = {name: rng.random(80) for name in "abc"}
    jumps = np.sign(np.sin(40 * columns["a"]) * np.sin(30 * columns["b"]))
    value = columns["c"] * 3 + jumps + noise * rng.standard_normal(80)
    found = surrogate_decomposition(trials(columns, value), Space(ranges("abc")), branches=False)
    rows = found.set_index("kind")
    assert rows.loc["noise", "share"] > 0.3
    assert rows.loc["noise", "low"] == 0
    assert rows.loc["lack_of_fit", "share"] == 0
    assert rows.loc["lack_of_fit", "remarks"].has(effects.IN_NOISE)
    parts = found[found["kind"].isin(["main", "interaction", "noise", "lack_of_fit"])]
    assert parts["share"].sum() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("kind", ["gaussian process", "polynomial chaos"])
def test_predictions_made_once_for_all_axes_change_nothing(kind, mixed_draws, monkeypatch):
    """Of many draws the points themselves are predicted once, not once an axis: the same shares."""
    placed, draws = mixed_draws
    selected = _as(best_surrogate(draws, [PROCESS]), draws, kind)
    found, calls = [], []
    predict = type(selected.models[0]).predict

    def counted(model, points):
        calls[-1] += 1
        return predict(model, points)

    monkeypatch.setattr(type(selected.models[0]), "predict", counted)
    for many in (10**6, 1):
        monkeypatch.setattr(one_step, "MANY_DRAWS", many)
        calls.append(0)
        made = one_step.OneStep(placed.encoding, placed.trials, placed.observed, selected, [0, 1, 2])
        found.append(made.components())
    assert calls[1] < calls[0]
    for which in ("main", "total", "interaction"):
        slow, quick = (getattr(one, which) for one in found)
        for name, estimate in slow.items():
            np.testing.assert_allclose(quick[name].share, estimate.share, rtol=1e-9, atol=1e-12)


@pytest.fixture
def mixed_draws():
    """Draws of a category and of two ranges that only one value of it has, and both."""
    rng = np.random.default_rng(0)
    rule = rng.choice(["sgd", "adam"], 80)
    beta, x = (
        np.where(rule == "adam", rng.random(80), np.nan),
        np.where(rule == "adam", rng.random(80), np.nan),
    )
    value = np.where(rule == "adam", np.sin(3 * beta) + x**2, 0.5) + 0.01 * rng.standard_normal(80)
    space = Space(
        [
            Setting("rule", (Variant(Choices(("sgd", "adam"))),)),
            *(Setting(name, (Variant(FloatRange(0.0, 1.0), {"rule": ("adam",)}),)) for name in ("beta", "x")),
        ]
    )
    placed = placed_trials(trials({"rule": rule, "beta": beta, "x": x}, value), space)
    return placed, Draws.of(placed, placed.observed.mean)


def _as(selected, draws, kind):
    """The same draws with the models of another kind."""
    made = selection.KINDS[kind]
    fits = selection._cross_validate(draws, made, selected.fold, None)
    return replace(selected, name=kind, models=fits.models, held_out=fits.held_out)
