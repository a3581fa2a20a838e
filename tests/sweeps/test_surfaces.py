"""Surfaces by finite differences, and the paths of the update rules against what pen and paper say."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from sweeps.closed_forms import (
    adam_step_bound,
    adam_step_supremum,
    best_beta,
    best_momentum_rate,
    largest_stable_rate,
    lone_step,
    momentum_contraction,
    speed,
    terminal_speed,
)
from sweeps.errors import DefinitionError
from sweeps.measured_forms import along_x, contractions, lone_gradient_step, speeds
from sweeps.optimizer import UpdateRule
from sweeps.optimizers import OPTIMIZERS
from sweeps.surfaces import SURFACES, check_start, known_name, random_starts
from sweeps.trajectories import best_rates, ended_in, follow, paths, steps_to_leave, steps_to_minimum

TEXTBOOK, RAVINE = SURFACES["korean_textbook_surface"], SURFACES["ravine"]
RULES = [name for name, rule in OPTIMIZERS.items() if issubclass(rule, UpdateRule)]
QUADRATICS = [name for name, surface in SURFACES.items() if min(surface.curvatures, default=-1) > 0]


EVEN_SLOPE = along_x(lambda x: x, np.ones_like)


@pytest.mark.parametrize("name", SURFACES)
def test_the_gradient_is_that_of_finite_differences(name):
    """Central differences at 200 points in view."""
    surface = SURFACES[name]
    points = random_starts(surface, 200, seed=1)
    for axis in (0, 1):
        move = np.zeros(2)
        move[axis] = 1e-5
        slope = (surface.value(points + move) - surface.value(points - move)) / 2e-5
        np.testing.assert_allclose(surface.gradient(points)[:, axis], slope, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", SURFACES)
def test_minima_are_lowest_around_and_the_deepest_comes_first(name):
    """The slope is zero, every point nearby is higher; curvatures are those of second differences."""
    surface = SURFACES[name]
    depths = [float(surface.value(np.array(minimum))) for minimum in surface.minima]
    assert depths == sorted(depths)
    angles = np.linspace(0, 2 * np.pi, 16)
    ring = 1e-3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for minimum, depth in zip(surface.minima, depths, strict=True):
        np.testing.assert_allclose(surface.gradient(np.array(minimum)), 0, atol=1e-12)
        assert (surface.value(np.array(minimum) + ring) > depth).all()
    if surface.curvatures:
        step = np.eye(2)
        second = [surface.gradient(s)[k] - surface.gradient(0 * s)[k] for k, s in enumerate(step)]
        np.testing.assert_allclose(sorted(second), surface.curvatures)


def test_known_values():
    """Numbers worked by hand: the textbook's corner, the usual starts of Rosenbrock's and Beale's, a half."""
    assert TEXTBOOK.value(np.array([-7.0, 2.0])) == pytest.approx(49 / 20 + 4)
    assert SURFACES["rosenbrock"].value(np.array([-1.2, 1.0])) == pytest.approx(24.2)
    assert SURFACES["beale"].value(np.array([1.0, 1.0])) == pytest.approx(14.203125)
    assert SURFACES["plateau"].value(np.array([0.0, 0.0])) == 0.5
    assert SURFACES["double_well"].value(np.array([-2.0, 0.0])) == pytest.approx(-8 / 3)
    assert RAVINE.curvatures[1] / RAVINE.curvatures[0] == pytest.approx(100)


def test_first_steps_worked_by_hand():
    """From (−7, 2) the gradient is (−0.7, 4): one step of four rules."""
    cases = {"sgd": (-6.3, -2.0), "momentum": (-6.3, -2.0), "adagrad": (-6.0, 1.0), "adam": (-6.0, 1.0)}
    for optimizer, there in cases.items():
        found = paths(TEXTBOOK, {"optimizer": optimizer, "learning_rate": 1.0}, [-7.0, 2.0], 1)
        np.testing.assert_allclose(found[0, 1], there, atol=1e-6, err_msg=optimizer)


def test_what_follows_no_gradient_has_no_path():
    """One sentence instead of a path."""
    with pytest.raises(DefinitionError, match="random_search follows no gradient"):
        paths(TEXTBOOK, {"optimizer": "random_search"}, TEXTBOOK.start, 3)


@pytest.mark.parametrize("optimizer", RULES)
def test_a_path_does_not_depend_on_the_others(optimizer):
    """Alone, or among all rules and two hundred starts: the same bits."""
    starts = random_starts(TEXTBOOK, 200)
    alone = paths(TEXTBOOK, {"optimizer": optimizer, "learning_rate": 0.01}, starts[7], 20)
    every = [{"optimizer": name, "learning_rate": 0.01} for name in RULES for _ in starts]
    among = paths(TEXTBOOK, every, np.tile(starts, (len(RULES), 1)), 20)
    np.testing.assert_array_equal(among[RULES.index(optimizer) * 200 + 7], alone[0])


def test_gradient_descent_on_a_quadratic_is_a_power():
    """θ_t = (1 − ηλ)ᵗ θ₀ in each coordinate."""
    found = paths(TEXTBOOK, {"optimizer": "sgd", "learning_rate": 0.3}, TEXTBOOK.start, 30)[0]
    factors = 1 - 0.3 * np.array([0.1, 2.0])
    np.testing.assert_allclose(found, TEXTBOOK.start * factors ** np.arange(31)[:, None], rtol=1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "momentum_ema", "nesterov"])
@pytest.mark.parametrize("name", QUADRATICS)
def test_the_largest_stable_rate_parts_what_converges_from_what_runs_away(name, optimizer, beta):
    """A hundredth below it the path shrinks, a hundredth above it grows."""
    surface = SURFACES[name]
    limit = largest_stable_rate(optimizer, surface.curvatures[1], beta)
    tried = [{"optimizer": optimizer, "beta": beta, "learning_rate": limit * part} for part in (0.99, 1.01)]
    found = paths(surface, tried, surface.start, 3000)
    sizes = np.nan_to_num(np.abs(found[:, :, 0 if surface.curvatures[0] > 1 else 1]), nan=np.inf)
    assert sizes[0, -100:].max() < 1e-3 * sizes[0, 0]
    assert sizes[1, -100:].max() > 1e3 * sizes[1, 0]


@pytest.mark.parametrize("name", QUADRATICS)
def test_the_best_beta_is_the_best(name):
    """With its rate the factor per step is √β on both axes, and a fine grid has nothing smaller."""
    low, high = SURFACES[name].curvatures
    beta, rate = best_beta(high / low), best_momentum_rate(low, high)
    for curvature in (low, high):
        assert momentum_contraction(rate, beta, curvature) == pytest.approx(beta**0.5, abs=1e-7)
    grid = [
        max(momentum_contraction(rate * a, b, curvature) for curvature in (low, high))
        for a in np.geomspace(0.25, 2, 61)
        for b in np.linspace(0, 0.99, 100)
    ]
    assert min(grid) >= beta**0.5 - 1e-9
    assert best_beta(100) == pytest.approx((9 / 11) ** 2)


def test_the_factor_per_step_is_the_measured_one():
    """Momentum on the ravine shrinks in the long run by the largest root, complex or real."""
    pairs = ((0.9, 0.05), (0.5, 0.01), (0.9, 5.0))
    tried = [{"optimizer": "momentum", "beta": beta, "learning_rate": rate} for beta, rate in pairs]
    measured = contractions(RAVINE, tried)
    for (beta, rate), factor in zip(pairs[:2], measured[:2], strict=True):
        expected = max(momentum_contraction(rate, beta, curvature) for curvature in RAVINE.curvatures)
        assert factor == pytest.approx(expected, rel=4e-3)  # a swing that ends at another phase
    assert np.isnan(measured[2])


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.99])
def test_momentum_reaches_its_terminal_speed(beta):
    """On an even slope: (1 − βᵗ)/(1 − β) times gradient descent's, in the end 1/(1 − β) times."""
    measured = speeds(beta, 2000)
    np.testing.assert_allclose(measured, speed(beta, np.arange(1, 2001)), rtol=1e-9)
    assert measured[-1] == pytest.approx(terminal_speed(beta), rel=1e-8)
    plain = paths(EVEN_SLOPE, {"optimizer": "sgd", "learning_rate": 1.0}, (0.0, 0.0), 1)
    assert plain[0, 1].tolist() == [-1.0, 0.0]


@pytest.mark.parametrize(("beta", "beta2"), [(0.9, 0.999), (0.5, 0.9), (0.0, 0.999), (0.99, 0.99)])
@pytest.mark.parametrize("name", SURFACES)
def test_no_step_of_adam_is_beyond_its_bound(name, beta, beta2):
    """Every coordinate of every step, from fifty starts."""
    surface = SURFACES[name]
    c = {"optimizer": "adam", "learning_rate": 0.1, "beta": beta, "beta2": beta2}
    moved = np.abs(np.diff(paths(surface, c, random_starts(surface, 50), 200), axis=1))
    assert np.nanmax(moved) <= adam_step_bound(0.1, beta, beta2) * (1 + 1e-9)
    assert adam_step_bound(0.1) == pytest.approx(0.1 * 0.1 / 0.001**0.5)


@pytest.mark.parametrize(("beta", "beta2"), [(0.9, 0.999), (0.5, 0.6), (0.0, 0.9), (0.9, 0.82), (0.3, 0.2)])
def test_no_gradients_take_adam_beyond_its_supremum(beta, beta2):
    """Brute force: the best of 8 gradients, found by climbing from 20 starts, against the closed form.

    A coordinate's step depends on the gradients' ratios alone. No sequence passes the bound; the best of ever
    longer ones comes nearer to it.
    """
    rng, bound = np.random.default_rng(0), adam_step_supremum(1.0, beta, beta2)

    def step(gradients):
        times = np.arange(1, len(gradients) + 1)
        m, s = (
            (1 - b) * (b ** (times[-1] - times) * power).sum() / (1 - b ** times[-1])
            for b, power in ((beta, gradients), (beta2, gradients**2))
        )
        return abs(m) / np.sqrt(s)

    def best(length):
        starts = rng.standard_normal((20, length))
        return max(-minimize(lambda g: -step(g), start).fun for start in starts)

    found = [best(length) for length in (1, 3, 8)]
    assert found[0] == pytest.approx(1.0)
    assert found == sorted(found)
    assert found[-1] <= bound * (1 + 1e-9)
    for length, reached in zip((1, 3, 8), found, strict=True):
        r, t = beta**2 / beta2, length
        factor = np.sqrt((1 - r**t) * (1 - beta2**t)) / (1 - beta**t)
        assert reached == pytest.approx(bound * factor, rel=1e-4)
        assert factor <= 1


def test_the_supremum_of_adams_steps():
    """Worked by hand for β₁ = 0.9, β₂ = 0.999; none where old gradients count longer in m than in √s."""
    assert adam_step_supremum(0.1) == pytest.approx(0.1 * 0.1 / (0.001 * (1 - 0.81 / 0.999)) ** 0.5)
    assert adam_step_supremum(1.0) == pytest.approx(7.27, abs=0.005)
    assert adam_step_supremum(1.0, 0.0, 0.999) == adam_step_bound(1.0, 0.0, 0.999)
    assert adam_step_supremum(1.0, 0.99, 0.98) == math.inf
    assert adam_step_supremum(1.0, 0.5, 0.0) == math.inf


@pytest.mark.parametrize("quiet", [0, 1, 10, 100, 4000])
def test_the_bound_of_adam_is_nearly_reached(quiet):
    """A single gradient after a long time without any, in closed form: 1 at first, then up to the bound."""
    step = lone_gradient_step(quiet)
    assert step == pytest.approx(float(lone_step(np.array(quiet + 1.0))), rel=1e-6)
    assert step <= adam_step_bound(1.0)
    if quiet == 4000:
        assert step == pytest.approx(adam_step_bound(1.0), rel=0.01)


def test_the_rate_of_adagrad_falls_as_one_over_the_root_of_t():
    """On an even slope its t-th step is η/√t."""
    found = paths(EVEN_SLOPE, {"optimizer": "adagrad", "learning_rate": 0.1}, (0, 0), 100)
    np.testing.assert_allclose(-np.diff(found[0, :, 0]), 0.1 / np.sqrt(np.arange(1, 101)), rtol=1e-8)


def test_momentum_and_its_average_take_the_same_path():
    """``momentum_ema`` at η/(1 − β) is ``momentum`` at η, and β = 0 is ``sgd``."""
    c = [
        {"optimizer": "momentum", "learning_rate": 0.01},
        {"optimizer": "momentum_ema", "learning_rate": 0.1},
        {"optimizer": "momentum", "learning_rate": 0.01, "beta": 0.0},
        {"optimizer": "sgd", "learning_rate": 0.01},
    ]
    found = paths(RAVINE, c, RAVINE.start, 100)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)
    np.testing.assert_array_equal(found[2], found[3])


def test_steps_are_counted_to_the_minimum_out_of_the_saddle_and_into_a_well():
    """Gradient descent in closed form: |y| = y₀ (1 + 2η)ᵗ > 1, and |θ| ≤ θ₀/20."""
    saddle = SURFACES["saddle"]
    found = paths(saddle, {"optimizer": "sgd", "learning_rate": 0.05}, [[1.0, 0.001], [1.0, 0.0]], 100)
    assert steps_to_leave(saddle, found).tolist() == [np.ceil(np.log(1000) / np.log(1.1)), np.inf]
    along = paths(TEXTBOOK, {"optimizer": "sgd", "learning_rate": 0.5}, (-7.0, 0.0), 100)
    assert steps_to_minimum(TEXTBOOK, along).tolist() == [np.ceil(np.log(0.05) / np.log(0.95))]
    well = SURFACES["double_well"]
    c = [{"optimizer": o, "learning_rate": r} for o, r in (("sgd", 0.03), ("momentum", 0.03), ("sgd", 5.0))]
    assert ended_in(well, paths(well, c, well.start, 200)).tolist() == [1, 0, -1]
    with pytest.raises(ValueError, match="nothing holds"):
        steps_to_leave(well, found)


def test_a_path_that_comes_near_and_leaves_again_has_not_arrived():
    """The step counted is the one after which it stays; one that has run away never arrives."""
    passing = np.array([[[-7.0, 2.0], [0.0, 0.0], [3.0, 0.0], [0.1, 0.0], [0.0, 0.0]]])
    assert steps_to_minimum(TEXTBOOK, passing).tolist() == [3]
    away = paths(TEXTBOOK, {"optimizer": "sgd", "learning_rate": 100.0}, (-7.0, 2.0), 200)
    assert np.isnan(away[0, -1]).all()
    assert steps_to_minimum(TEXTBOOK, away).tolist() == [np.inf]


def test_the_best_rate_of_gradient_descent_is_the_closed_form():
    """2/(λ₁ + λ₂) on the ravine, up to the grid of ten rates a decade."""
    (rate,) = best_rates(RAVINE, [{"optimizer": "sgd"}], RAVINE.start, 300)
    assert abs(np.log10(rate / (2 / 10.1))) < 0.11


@pytest.mark.parametrize("start", [(np.nan, 0), (0, np.inf), (1e9, 0)])
def test_an_impossible_start_is_refused(start):
    """Not finite, or so far out that the surface overflows; the edge itself is none."""
    with pytest.raises(DefinitionError, match="cannot start"):
        check_start(TEXTBOOK, start)
    for surface in SURFACES.values():
        check_start(surface, (1e6, -1e6))
        assert np.isfinite(surface.gradient(np.array([1e6, -1e6]))).all()


def test_unknown_names_and_rates_are_refused():
    """One sentence each, with the name that was meant."""
    with pytest.raises(DefinitionError, match="did you mean 'ravine'"):
        known_name("ravin")
    assert SURFACES[known_name("korean-textbook-surface")] is TEXTBOOK
    with pytest.raises(DefinitionError, match="did you mean 'adam'"):
        paths(RAVINE, {"optimizer": "adm"}, RAVINE.start, 1)
    for rate in (0, -1.0, np.nan, np.inf):
        with pytest.raises(DefinitionError, match="positive"):
            paths(RAVINE, {"optimizer": "sgd", "learning_rate": rate}, RAVINE.start, 1)


def test_a_surface_gives_a_rate_that_suits_unless_one_is_given():
    """The textbooks' own, one for all on the saddle, the best of each on the ravine, or the one given."""
    names = ["sgd", "adam", "sgd"]
    assert follow(TEXTBOOK, names).rates == [0.95, 0.3]
    assert follow(SURFACES["saddle"], names).rates == [0.05, 0.05]
    assert follow(RAVINE, names, rate=0.01).rates == [0.01, 0.01]
    tuned = follow(RAVINE, names)
    assert tuned.rates == best_rates(RAVINE, [{"optimizer": "sgd"}, {"optimizer": "adam"}], RAVINE.start, 200)
    assert tuned.names == ["sgd", "adam"]
    assert tuned.tuned == ("sgd", "adam")
    assert follow(TEXTBOOK, ["sgd", "rmsprop"]).tuned == ("rmsprop",)
    assert np.isfinite(tuned.arrivals()).all()
