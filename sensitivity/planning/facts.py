"""What decisions on the next sweep are made of: the advice, the good values, the best configurations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.branch import ALL
from sensitivity.estimators.curves.bands import band
from sensitivity.estimators.curves.curves import retuned
from sensitivity.estimators.curves.goals import OWN, RETUNED, goals
from sensitivity.estimators.curves.virtual_grid import reachable
from sensitivity.measures import advice as a
from sensitivity.measures.ranking import configuration_means
from sensitivity.measures.tolerance import TOLERANCE
from sensitivity.planning.domains import Good
from sensitivity.reporting.cautions.edges import last_tried, outgrown
from sensitivity.words import level_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.estimators.curves.curves import Curve
    from sensitivity.study import Study
    from sweeps.space import Configuration, Value

NEEDED: Final = (
    "ranking",
    "variance_decomposition",
    "advice",
    "tolerance",
    "isolation_curves",
)


@dataclass
class Facts:
    """What decisions are made of."""

    study: Study
    tables: Mapping[str, pd.DataFrame]
    kept: list[Value] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.advice = self.tables["advice"]
        self._rows = {
            (str(row[a.SETTING]), str(row["branch"])): row for row in self.advice.to_dict("records")
        }
        self.ends = outgrown(self.study, self.tables)
        self._first, self._means = configuration_means(self.study)
        self._ordered = self._first[np.argsort(self._means, kind="stable")]

    def row(self, name: str, branch: str) -> tuple[Mapping[Any, Any], str]:
        """Advice on a setting in a branch, or else in all, and for which of the two it is."""
        if (name, branch) in self._rows:
            return self._rows[name, branch], branch
        others = (row for (one, _), row in self._rows.items() if one == name)
        return self._rows.get((name, ALL)) or next(others, {a.ADVICE: a.UNKNOWN}), ALL

    def best(self, name: str = "", level: Value | None = None) -> Configuration:
        """Best configuration by the mean of its replicates, of those kept that have a setting."""
        study, by = self.study, self.study.branch
        for at in self._ordered.tolist():
            row = study.plan.iloc[at]
            values = {one: row[one] for one in study.space.names}
            known = {one: _plain(value) for one, value in values.items() if level_text(value)}
            if self.kept and known.get(by) not in self.kept:
                continue
            if (not name or name in known) and (level is None or known.get(by) == level):
                return known
        return {}

    def free(self, name: str, branch: str) -> bool:
        """Whether every value of a setting is within the tolerance, everything else tuned again."""
        rows = self.tables["tolerance"]
        rows = rows[(rows["setting"] == name) & (rows["branch"] == branch)]
        rows = rows[(rows["method"] == RETUNED) & (rows["against"] == OWN)]
        return bool((rows["fraction"] >= 1).any())

    def end(self, name: str, branch: str) -> str:
        """End of its range at which the best value of a setting lies, and stands out; else empty."""
        return next((end for of, one, end in sorted(self.ends) if one == name and of in {branch, ALL}), "")

    def last(self, name: str, best: Value) -> str:
        """End of the numbers tried at which a value lies, of three or more; else empty."""
        return last_tried(self.study, name, best)

    def good(self, name: str, branch: str, best: Value) -> Good:
        """Values within the tolerance of the best."""
        curve, limit = self._curve(name, branch)
        return Good(band(curve, limit).runs, best, self.end(name, branch))

    def _curve(self, name: str, branch: str) -> tuple[Curve, float]:
        """Best response at each value of a setting, and the one that is still good."""
        found = reachable(self.study)
        masks = dict(found.branches())
        mask = masks.get(branch, masks[ALL])
        share = TOLERANCE if self.study.tolerance is None else self.study.tolerance
        bar = goals(found, branch, mask, self.study.chance)[OWN]
        return retuned(found, name, mask), float(bar.limit(bar.seen(RETUNED), share))


def _plain(value: Any) -> Value:  # noqa: ANN401 (of a table)
    """Value of a table as Python's own."""
    found: Value = value.item() if hasattr(value, "item") else value
    return found
