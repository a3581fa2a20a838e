"""A grid that was run once: curves are smooth, and know how far noise moves them."""

import numpy as np
import pytest

from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.curves.responses import responses
from sensitivity.estimators.curves.smoothing import smoother
from sensitivity.measures.tolerance import tolerance
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

BEST = {"sgd": -1.2, "adam": -2.6}


@pytest.fixture
def once(setting, tabulate):
    """Study of two optimizers and 25 rates, run once: a bowl each, and noise by its correlation ρ^lag."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=25)),))
    space = Space([setting("optimizer", *BEST), rate])

    def make(sd, rho=0.0, seed=0):
        rng, lag = np.random.default_rng(seed), np.abs(np.subtract.outer(np.arange(25), np.arange(25)))
        root = np.linalg.cholesky(float(rho) ** lag)
        noise = iter((sd * root @ rng.normal(size=(25, 2))).T.ravel())
        trials = tabulate(space, lambda c, _: bowl(c) + next(noise), 1)
        return Study(trials, space)

    return make


def bowl(c):
    """Squared decades from the optimizer's best rate."""
    return 0.1 * (np.log10(c["learning_rate"]) - BEST[c["optimizer"]]) ** 2


def widths(study):
    """Rows of the re-tuned rate by branch, against its own best."""
    found = tolerance(study)
    kept = (found["setting"] == "learning_rate") & (found["method"] == "re-tuned")
    return found[kept & (found["against"] == "own best")].set_index("branch")


def test_a_band_is_one_run(once):
    """Noise as large as the tolerance tore bands into pieces; the smooth curve's are near the true ones."""
    truth = widths(once(0.0))
    for seed in range(5):
        found = widths(once(0.02, seed=seed))
        assert (found["intervals"] <= truth["intervals"]).all()
        np.testing.assert_allclose(found["decades"][1:], truth["decades"][1:], atol=0.25)


def test_curves_without_noise_stay(once):
    """A smooth curve without noise moves by less than a hundredth of its range."""
    study = once(0.0)
    observed = responses(study).observed[:, 0]
    np.testing.assert_allclose(responses(study).means, observed, atol=0.01 * np.ptp(observed))


@pytest.mark.parametrize(("sd", "height", "smoothed"), [(0.03, 0.1, True), (0.03, 1, True), (0.01, 1, False)])
def test_a_cliff_stays(once, sd, height, smoothed):
    """Noise is smoothed, a cliff by less than half; nothing is beside one of a hundred deviations."""
    study = once(sd)
    values = study.trials["value"] + height * (study.trials["learning_rate"] > 0.05)
    table = cell_table(Study(study.trials.assign(value=values), study.space))
    matrix = smoother(table)
    assert (matrix is not None) == smoothed
    if matrix is not None:
        beyond = np.array([c["learning_rate"] > 0.05 for c in table.configurations])
        curve = np.where(beyond, height, 0.0)
        moved = np.abs(matrix @ curve - curve)
        assert 0 < moved.max() < 0.5 * height


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_intervals_hold_band_and_optimum(once, rho):
    """Of 15 grids nine in ten of the intervals of the band's width hold that of the curve without noise."""
    truth, hits, places = widths(once(0.0)), [], []
    for seed in range(15):
        study = once(0.02, rho, seed)
        found = widths(study)
        hits.append((found["decades_low"] <= truth["decades"]) & (truth["decades"] <= found["decades_high"]))
        best = found.loc[["optimizer=sgd", "optimizer=adam"], "best_at"].astype(float)
        places.append(np.log10(best.to_numpy()) - list(BEST.values()))
    assert np.mean(hits) >= 0.9
    assert np.sqrt(np.mean(np.square(places))) < 0.25
