"""What is worth knowing about a curve or an estimate from one, for all measures made of curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.estimators.curves.responses import RELIABLE_FROM
from sensitivity.remarks import Remark

if TYPE_CHECKING:
    from sensitivity.estimators.curves.curves import Curve
    from sensitivity.estimators.curves.responses import Responses
    from sensitivity.remarks import Said

FEW_CONFIGURATIONS: Final = Remark("few_configurations")
AT_EDGE: Final = Remark("best_at_edge")
IN_BINS: Final = Remark("best_of_bins")
TOO_FEW_ALONG: Final = Remark("too_few_along", (",",))
NO_INTERVAL: Final = Remark("no_interval", message="no_interval-unknown")
BLURRED: Final = Remark("bar_within_misfit")
FEW_OF_BRANCH: Final = Remark("few_of_branch", (",",))
LOW: Final = "low"
HIGH: Final = "high"


def few(configurations: int) -> Said | None:
    """That there are few configurations, where there are."""
    return FEW_CONFIGURATIONS(configurations) if configurations < RELIABLE_FROM else None


def edge(curve: Curve) -> str:
    """End of its range, `LOW` or `HIGH`, at which an ordered setting is best; empty where it is inside."""
    best = curve.foremost
    if not curve.ordered or best not in {0, len(curve) - 1}:
        return ""
    return LOW if best == 0 else HIGH


def how_known(found: Responses, curve: Curve, in_bins: Remark = IN_BINS) -> tuple[Said | Remark | None, ...]:
    """That the curve is a surrogate's, or of bins, and that it has no interval."""
    return found.source, in_bins if curve.binned else None, None if len(curve.draws) else NO_INTERVAL
