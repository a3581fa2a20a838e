"""What a small grid that was run once tells plainly, and what curves of a few trials do not."""

import numpy as np
import pandas as pd
import pytest
import scipy

from sensitivity.estimators import effects as e
from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.curves.remarks import TOO_FEW_ALONG
from sensitivity.estimators.factorial import decomposition
from sensitivity.estimators.significance import least_noncentrality
from sensitivity.measures.isolation import isolation_curves
from sensitivity.measures.possible import agreed_shares, possible
from sensitivity.measures.tolerance import tolerance
from sensitivity.measures.tunability import tunability
from sensitivity.measures.variance import COLUMNS, variance_decomposition
from sensitivity.measures.worst import worst_of
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Judgement, has
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

RANKS, ALPHAS = (4, 8, 16, 32), (16, 32, 64)
F1 = [
    *(0.69305, 0.69965, 0.70456),
    *(0.71859, 0.71575, 0.72924),
    *(0.73617, 0.74857, 0.75383),
    *(0.76557, 0.76807, 0.76979),
]


def grid(first, second, values):
    """Study of a complete grid of two numbers, run once."""
    domains = (FloatRange(min(v), max(v), log=True, levels=len(v)) for v in (first, second))
    names = ("rank", "alpha")
    settings = [Setting(name, (Variant(domain),)) for name, domain in zip(names, domains, strict=True)]
    rows = [(float(one), float(other)) for one in first for other in second]
    frame = pd.DataFrame(rows, columns=list(names)).assign(value=values)
    return from_frame(frame, Space(settings))


@pytest.mark.parametrize(("ratio", "first", "second"), [(165.0, 3, 6), (19.8, 2, 17), (9.0, 3, 6)])
def test_lowest_noncentrality(ratio, first, second):
    """A larger F has a probability of 2.5 % there, by SciPy's own distribution."""
    found = least_noncentrality(ratio, first, second)
    assert scipy.stats.ncf.sf(ratio, first, second, found) == pytest.approx(0.025, rel=1e-6)


def test_no_noncentrality_is_needed():
    """Of an F that pure noise gives in more than 2.5 %."""
    assert least_noncentrality(scipy.stats.f.isf(0.03, 3, 6), 3, 6) == 0.0


def test_a_plain_order_of_twelve_runs_is_told():
    """Fourfold rank, all three alphas order it alike, F = 165: above; the other stays open."""
    rows = variance_decomposition(grid(RANKS, ALPHAS, [-one for one in F1]))
    rows = rows[rows["kind"] == e.TOTAL].set_index("setting")
    assert rows.loc["rank", "judgement"] == Judgement.ABOVE
    assert 0.1 < rows.loc["rank", "low"] < rows.loc["rank", "share"]
    assert has([rows.loc["rank", "remarks"]], e.SHARE_OPEN) == [True]
    assert rows.loc["alpha", "judgement"] == Judgement.UNKNOWN


def simulated(size, rho, count=100):
    """False "above", found ones and too high ends of 4 × 3 grids with an effect of so many sd."""
    study = grid(RANKS, ALPHAS, np.zeros(12))
    table = cell_table(study)
    index = table.index()
    alike = [rho ** np.abs(np.subtract.outer(np.arange(n), np.arange(n))) for n in (4, 3)]
    roots = [np.linalg.cholesky(one) for one in alike]
    own = 1 - alike[0].mean() * alike[1].mean()  # what all cells share is no noise between them
    effect = np.linspace(-1, 1, 4) / np.linspace(-1, 1, 4).std() * size
    rng, counts = np.random.default_rng(0), np.zeros(3)
    for _ in range(count):
        noise = roots[0] @ rng.normal(size=(4, 3)) @ roots[1].T
        values = np.empty(12)
        values[index.ravel()] = (noise + effect[:, None]).ravel()
        rows = agreed_shares(possible(decomposition(table.with_values(values[:, None])), COLUMNS))
        rows = rows[rows["kind"] == e.TOTAL].set_index("setting")
        above = rows["judgement"] == Judgement.ABOVE
        true = size**2 / (size**2 + own)
        counts += (
            (above["alpha"] or (above["rank"] and not size)),
            above["rank"],
            above["rank"] and (rows["low"]["rank"] > true),
        )
    return counts / count


@pytest.mark.slow
@pytest.mark.parametrize("rho", [1e-9, 0.5, 0.87])
def test_small_grids_are_not_told_by_mistake(rho):
    """Of pure noise, alone or shared by neighbours, at most 5 % are above; so is another beside an effect."""
    assert simulated(0.0, rho)[0] <= 0.05
    false, found, high = simulated(6.0, rho)
    assert false <= 0.05
    assert found >= 0.3
    assert high <= 0.06


SPACE = Space(
    [
        Setting("lr", (Variant(FloatRange(1e-4, 1e-1, log=True)),)),
        Setting("batch", (Variant(Choices((16, 32, 64))),)),
    ]
)


@pytest.fixture(scope="module")
def twenty():
    """Random trials of pure noise: no surrogate explains them, a curve would be of two bins."""
    rng = np.random.default_rng(1)
    rows = [SPACE.configuration(unit) for unit in rng.random((20, 2))]
    return from_frame(pd.DataFrame(rows).assign(value=rng.random(20)), SPACE)


def test_two_bins_are_no_curve(twenty):
    """No good range, no worst value, no cost and no curve of a number with twenty values; and why."""
    rows = tolerance(twenty)
    along = rows[rows["setting"] == "lr"]
    assert len(along)
    assert along[["fraction", "from", "to", "bar", "regret"]].isna().all(axis=None)
    assert all(has(along["remarks"], TOO_FEW_ALONG))
    assert worst_of(twenty, "lr") == {}
    assert set(isolation_curves(twenty)["setting"]) == {"batch"}
    costs = tunability(twenty).set_index(["setting", "kind"])
    assert np.isnan(costs.loc[("lr", "cost re-tuned"), "amount"])


def test_values_that_repeat_have_a_curve(twenty):
    """Choices are read off as ever."""
    assert worst_of(twenty, "batch")["worst_at"] in (16, 32, 64)
    assert tolerance(twenty).set_index("setting").loc["batch", "band"].notna().any()


def test_forty_trials_have_a_curve():
    """Five bins are enough."""
    rng = np.random.default_rng(1)
    rows = [SPACE.configuration(unit) for unit in rng.random((40, 2))]
    study = from_frame(pd.DataFrame(rows).assign(value=rng.random(40)), SPACE)
    assert set(isolation_curves(study)["setting"]) == {"batch", "lr"}
