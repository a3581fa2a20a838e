"""Whether the learning rate × β interaction shrinks when the rate is replaced by η / (1 − β).

`momentum` and `nesterov` move at terminal speed η g / (1 − β): the best η falls as β rises, which is an
interaction on the axis η and none on the axis η / (1 − β). `momentum_ema` carries the factor (1 − β) already,
so its interaction should be small on η and *grow* on η / (1 − β).

Both axes get windows of the same width in decades, or the wider one would show more variance of everything.
On η / (1 − β) it is the range that all β share; on η it is that window moved by the geometric mean of 1 − β,
so neither window reaches beyond the data. The response is interpolated linearly in log η,
for every β, every combination of the other settings and every replicate.

The interaction is that of the marginal table (mean over all other settings). Its variance is the mean product
over pairs of *different* replicates of the doubly centred tables, which holds no noise; with one replicate it
holds the noise, and a remark says so.

Where the trials are no grid (a random search, Sobol points), a surrogate's predictions on one stand in
for them (`sensitivity.estimators.curves.virtual_grid`), and its posterior's surfaces for the draws.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.curves.intervals import interval
from sensitivity.estimators.curves.virtual_grid import Predicted, reachable
from sensitivity.estimators.effects import ALL
from sensitivity.measures import measure as m
from sensitivity.measures.rate_and_beta import (
    axes_named,
    is_beta,
    is_rate,
    judged_branches,
    rate_of,
    without_check,
)
from sensitivity.remarks import REMARKS, Remark, Remarks

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Mask, Responses
    from sensitivity.remarks import Said
    from sensitivity.study import Study

OUTSIDE: Final = Remark("values_outside")
NO_LOGARITHM: Final = Remark("no_logarithm")
FEW_VALUES: Final = Remark("few_values")
NO_GRID: Final = Remark("no_complete_grid")
APART: Final = Remark("no_range_shared")
NOISY: Final = Remark("noise_inside", (".3f", ".3f"))
SHRINKS: Final = Remark("shrinks", (".3f", ".3f"))
GROWS: Final = Remark("grows", (".3f", ".3f"))
SAME: Final = Remark("no_change", (".3f", ".3f"))
COLUMNS: Final = (
    m.Column("branch", "``optimizer=momentum`` and so on; ``all`` where nothing makes branches."),
    m.Column("axis", "``learning_rate`` or ``learning_rate / (1 − beta)``, by the names of the settings."),
    m.hidden("from", "Lower end of the window on that axis."),
    m.hidden("to", "Upper end of the window on that axis."),
    *m.estimate(
        "interaction",
        "Interaction of the rate and β as a share of the variance of one (interpolated) trial in the window.",
        m.SHARE,
        "interaction-with-beta",
    ),
    m.Column("rate", "Main effect of the rate, the same way.", m.SHARE, "main-effect-of-the-rate"),
    m.Column("beta", "Main effect of β, the same way.", m.SHARE, "main-effect-of-beta"),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)
DRAWS: Final = 200
PER_DECADE: Final = 4


def momentum_rescaling(study: Study) -> pd.DataFrame:
    """Interaction of learning rate and β on both axes, in each branch that has a β; on a complete grid.

    Two rows per branch; a single row that says why where the check cannot be made; no rows where all
    optimizers are ours and none of them has momentum.
    """
    rows: list[dict[str, object]] = []
    if why := without_check(study):
        rows = [{"branch": ALL, REMARKS: Remarks(why)}]
        return pd.DataFrame(rows, columns=m.names(COLUMNS))
    found, rate = reachable(study), rate_of(study)
    for branch, mask, beta in judged_branches(study, found):
        rows += [{"branch": branch} | row for row in _check(found, mask, (rate, beta))]
    return pd.DataFrame(rows, columns=m.names(COLUMNS))


def _check(found: Responses, mask: Mask, names: tuple[str, str]) -> list[dict[str, object]]:
    mask = mask & (found.column(names[0]) >= 0) & (found.column(names[1]) >= 0)
    excuse = _excuse(found, mask, names)
    grid = None if excuse else _grid(found, mask, names)
    if grid is None:
        return [{REMARKS: Remarks(excuse or NO_GRID)}]
    cells, drawn, rates, betas = grid
    shift = -np.log10(1 - betas)
    low, high = rates[0] + shift.max(), rates[-1] + shift.min()
    named = axes_named(*names)
    if high <= low:
        return [{REMARKS: Remarks(APART(names[1], named[1]))}]
    points = np.linspace(low, high, max(4, round((high - low) * PER_DECADE) + 1))
    axes = dict(zip(named, ((points - shift.mean(), np.zeros_like(shift)), (points, shift)), strict=True))
    measured = [_measure(axis, cells, drawn, rates, *where) for axis, where in axes.items()]
    (plain, plain_draws), (effective, effective_draws) = measured
    change = float(effective["interaction"]) - float(plain["interaction"])  # type: ignore[arg-type]
    judged = _judged(interval(change, effective_draws - plain_draws))
    numbers = (round(float(str(row["interaction"])), 3) + 0.0 for row in (plain, effective))  # no −0.0
    said = judged(*numbers, *([named[1]] if judged in {SHRINKS, GROWS} else []))
    effective[REMARKS] = Remarks(said, found.source)
    return [plain, effective]


def _excuse(found: Responses, mask: Mask, names: tuple[str, str]) -> Said | None:
    """Why the check cannot be made, if so."""
    for name, suits, otherwise in zip(names, (is_rate, is_beta), (NO_LOGARITHM, OUTSIDE), strict=True):
        codes = np.unique(found.column(name)[mask]).tolist()
        if not suits(found.levels[name][code] for code in codes):
            return otherwise(name)
        if len(codes) < 2:
            return FEW_VALUES(name)
    return None


def _grid(
    found: Responses, mask: Mask, names: tuple[str, str]
) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Cells (R, β, rest, η), draws of them, log10 η ascending, β; None if not a complete grid."""
    rows = np.flatnonzero(mask)
    values = found.by_replicate[rows]
    values = values[:, ~np.isnan(values).all(axis=0)]  # other branches may have more replicates
    rate, beta = (found.column(name)[rows] for name in names)
    keep = [k for k, name in enumerate(found.names) if name not in names]
    rest = np.unique(found.codes[rows][:, keep], axis=0, return_inverse=True)[1].ravel()
    (r_codes, r), (b_codes, b) = (np.unique(codes, return_inverse=True) for codes in (rate, beta))
    shape = (len(b_codes), int(rest.max()) + 1, len(r_codes))
    order = np.lexsort((r, rest, b))
    flat = np.ravel_multi_index((b[order], rest[order], r[order]), shape)
    if len(rows) != math.prod(shape) or len(np.unique(flat)) != len(flat) or np.isnan(values).any():
        return None
    rates, betas = (
        np.array([float(found.levels[name][code]) for code in codes.tolist()])
        for name, codes in zip(names, (r_codes, b_codes), strict=True)
    )
    cells = values[order].T.reshape(-1, *shape)
    if isinstance(found, Predicted):
        drawn = found.draws[:, rows[order]].reshape(-1, *cells.shape)
    else:
        drawn = _drawn(cells, found.sd[rows[order]].reshape(shape))
    return cells, drawn, np.log10(rates), betas


def _drawn(cells: Floats, sd: Floats) -> Floats:
    """Other replicates of the same cells, shape (draws, R, β, rest, η); none without replicates."""
    if len(cells) < 2:
        return np.empty((0, *cells.shape))
    noise = np.random.default_rng(0).standard_normal((DRAWS, *cells.shape))
    drawn: Floats = cells.mean(axis=0) + noise * sd
    return drawn


def _measure(
    axis: str, cells: Floats, drawn: Floats, rates: Floats, points: Floats, shift: Floats
) -> tuple[dict[str, object], Floats]:
    """Row of the table for one axis, and the draws of its interaction."""
    matrix = np.array([_interpolation(rates, points - move) for move in shift])  # (β, points, η)
    shares = _shares(np.einsum("bpr,nbsr->nbsp", matrix, cells)[None])
    others = _shares(np.einsum("bpr,dnbsr->dnbsp", matrix, drawn, optimize=True)) if len(drawn) else None
    interaction = float(shares[0][0])
    draws = np.empty(0) if others is None else others[0]
    low, high = interval(interaction, draws)
    row: dict[str, object] = {
        "axis": axis,
        "from": float(10 ** points[0]),
        "to": float(10 ** points[-1]),
        "interaction": interaction,
        "low": low,
        "high": high,
        "rate": float(shares[1][0]),
        "beta": float(shares[2][0]),
        REMARKS: Remarks(),
    }
    return row, draws


def _interpolation(rates: Floats, points: Floats) -> Floats:
    """Linear interpolation in log η as a matrix, shape (points, η)."""
    columns: Floats = np.array([np.interp(points, rates, unit) for unit in np.eye(len(rates))])
    return columns.T


def _shares(tables: Floats) -> tuple[Floats, Floats, Floats]:
    """Interaction and the two main effects, shape (draws,) each, of tables (draws, R, β, rest, points)."""
    spread = tables - tables.mean(axis=(2, 3, 4), keepdims=True)
    whole = np.maximum((spread**2).mean(axis=(1, 2, 3, 4)), 1e-300)
    marginal = spread.mean(axis=3)  # (draws, R, β, points)
    rate, beta = marginal.mean(axis=2, keepdims=True), marginal.mean(axis=3, keepdims=True)
    parts = (marginal - rate - beta, rate, beta)
    found = [_product(part) / whole for part in parts]
    return found[0], found[1], found[2]


def _product(part: Floats) -> Floats:
    """Mean product over pairs of different replicates; the mean square where there is one replicate only.

    Σ_(r≠s) ⟨z_r, z_s⟩ = ‖Σ z_r‖² − Σ ‖z_r‖².
    """
    count = part.shape[1]
    own: Floats = (part**2).mean(axis=(2, 3)).sum(axis=1)
    if count < 2:
        return own
    together: Floats = (part.sum(axis=1) ** 2).mean(axis=(1, 2))
    product: Floats = (together - own) / (count * (count - 1))
    return product


def _judged(change: tuple[float, float]) -> Remark:
    """What the interval of the change between the two axes says."""
    if math.isnan(change[0]):
        return NOISY
    if change[1] < 0:
        return SHRINKS
    return GROWS if change[0] > 0 else SAME


MEASURE: Final = m.Measure(
    "momentum",
    (
        m.Table(
            "momentum_rescaling",
            COLUMNS,
            momentum_rescaling,
        ),
    ),
)
