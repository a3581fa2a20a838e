import numpy as np
import pytest
from scipy.stats import qmc

from sensitivity.estimators.branches import BinnedProjection
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


def uniform(name, when=None):
    return Setting(name, (Variant(FloatRange(0.0, 1.0), when or {}),))


def sobol(space, size, seed):
    points = qmc.Sobol(len(space.settings), seed=seed).random(size)
    return [space.configuration(point) for point in points]


def drawn(space, size, seed):
    return [
        space.configuration(point) for point in np.random.default_rng(seed).random((size, len(space.names)))
    ]


def shares(table, space):
    """Main effects by bins, and the noise."""
    rows = np.arange(len(table))
    found = BinnedProjection.of(Study(table, space), rows, space.names).shares(
        table["value"].to_numpy()[:, None]
    )
    return found.main[:, 0], found.main_error[:, 0], found.noise[0]


def test_shares_of_a_linear_function_in_noise(tabulate):
    """Random draws of 2a + b + ε over [0, 1]³ with two replicates give 4/6, 1/6, 0 and 1/6 to 0.02.

    The variances are 4/12, 1/12, 0 and σ² = 1/12. Dividing by the variance of the averages of two replicates
    would give 4/5.5 in place of 4/6. Mean of 40 designs of 256 configurations.
    """
    space = Space([uniform("a"), uniform("b"), uniform("c")])
    rng = np.random.default_rng(0)
    found = []
    for seed in range(40):
        table = tabulate(
            space,
            lambda c, r: 2 * c["a"] + c["b"] + rng.normal(0, 12**-0.5) + r,
            2,
            drawn(space, 256, seed),
        )
        main, _, noise = shares(table, space)
        found.append([*main, noise])
    np.testing.assert_allclose(np.mean(found, axis=0), [4 / 6, 1 / 6, 0, 1 / 6], atol=0.02)


def test_sobol_points_read_low_by_what_the_docstring_says(tabulate):
    """A share S of a smooth function on 256 Sobol points reads low, by no more than (1 − S) 15 / 256."""
    space = Space([uniform("a"), uniform("b")])
    table = tabulate(space, lambda c, _: 2 * c["a"] + c["b"], 1, sobol(space, 256, 0))
    short_of = np.array([0.8, 0.2]) - shares(table, space)[0]
    assert (short_of > 0).all()
    assert (short_of <= np.array([0.2, 0.8]) * 15 / 256 + 0.005).all()


def test_intervals_tell_effects_from_chance(tabulate):
    """A clear main effect is told from zero; a pure interaction is not."""
    space = Space([uniform("a"), uniform("b"), uniform("c")])
    table = tabulate(space, lambda c, _: c["a"] + (c["b"] - 0.5) * (c["c"] - 0.5), 1, sobol(space, 512, 3))
    main, error, _ = shares(table, space)
    assert (main - 1.96 * error > 0).tolist() == [True, False, False]


def test_a_switch_keeps_its_effect(setting, tabulate):
    """A setting that only exists for one optimizer does not inherit the optimizer's effect.

    The response is 1 for on, plus b there: means 0 and 1.5. The switch has (3/4)² = 27/48, b
    (1/2)² · 1/12 = 1/48, and V = 9/16 + 1/24 = 29/48: shares 27/29 and 1/29.
    """
    space = Space([setting("switch", "off", "on"), uniform("b", {"switch": ("on",)})])
    configurations = sobol(space, 4096, 1)
    table = tabulate(space, lambda c, _: (c["switch"] == "on") + c.get("b", 0), 1, configurations)
    found, _, _ = shares(table, space)
    np.testing.assert_allclose(found, [27 / 29, 1 / 29], atol=0.005)


def test_missing_replicates_do_not_pass_for_an_effect(tabulate):
    """In a sweep cut short, configurations that lack the easy replicate are not worse for that."""
    space = Space([uniform("a")])
    table = tabulate(space, lambda _c, r: 10.0 * r, 2, sobol(space, 128, 2))
    cut = table[(table["replicate"] == 0) | (table["a"] < 0.3)]
    assert np.isnan(shares(cut, space)[0]).all()


@pytest.mark.parametrize("size", [0, 1, 2, 8])
def test_few_trials_get_no_number(tabulate, size):
    """Too little data is not computed."""
    space = Space([uniform("a")])
    table = tabulate(space, lambda c, _: c["a"], 1, sobol(space, 8, 2)[:size])
    assert np.isnan(shares(table, space)[0]).all()
