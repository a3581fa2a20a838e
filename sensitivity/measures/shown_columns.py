"""Which columns of each table a person is shown, under which title, and as what kind of number.

Adding a table is one entry in `SHOWN`; one without an entry is shown whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARE: Final = "share"  # of one, shown in percent
AMOUNT: Final = "amount"  # in units of the response, or of the setting
COUNT: Final = "count"
TEXT: Final = "text"  # as it is, a level of a setting included


@dataclass(frozen=True)
class Shown:
    """A column as a person sees it.

    Attributes
    ----------
    column
        Its name in the table.
    title
        What stands above it; empty: the name with spaces.
    kind
        `SHARE`, `AMOUNT`, `COUNT` or `TEXT`.
    ends
        Columns of the ends of its 95 % interval.
    """

    column: str
    title: str = ""
    kind: str = TEXT
    ends: tuple[str, str] | None = None

    @property
    def words(self) -> str:
        """What stands above the column."""
        return self.title or self.column.replace("_", " ")

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers, to be set flush right."""
        return self.kind != TEXT


def _share(column: str, title: str = "", ends: tuple[str, str] | None = ("low", "high")) -> Shown:
    return Shown(column, title, SHARE, ends)


def _amount(column: str, title: str = "", ends: tuple[str, str] | None = ("low", "high")) -> Shown:
    return Shown(column, title, AMOUNT, ends)


def _ends(name: str) -> tuple[str, str]:
    return f"{name}_low", f"{name}_high"


_BRANCH: Final = Shown("branch")
_SETTING: Final = Shown("setting")
_LEVEL: Final = Shown("level")
_VERDICT: Final = Shown("verdict")
_TRIALS: Final = Shown("trials", kind=COUNT)
_DECOMPOSITION: Final = (_BRANCH, Shown("kind"), _SETTING, _share("share"), _VERDICT)

SHOWN: Final[Mapping[str, tuple[Shown, ...]]] = {
    "ranking": (
        Shown("rank", kind=COUNT),
        _SETTING,
        _share("total_effect", "total effect", _ends("total")),
        _share("main_effect", "main effect", _ends("main")),
        Shown("value_in_best_configuration", "in best config."),
        _amount("best_level_mean", "mean at best level", None),
        _amount("worst_level_mean", "mean at worst level", None),
        _amount("worst_level_retuned", "worst level, rest tuned", None),
        _VERDICT,
    ),
    "variance_decomposition": _DECOMPOSITION,
    "divergence_effects": _DECOMPOSITION,
    "divergence_by_level": (
        _BRANCH,
        _SETTING,
        _LEVEL,
        _TRIALS,
        Shown("diverged", kind=COUNT),
        _share("fraction", "diverged share"),
        _VERDICT,
    ),
    "divergence_by_pair": (
        _BRANCH,
        Shown("first", "setting"),
        Shown("first_level", "level"),
        Shown("second", "and setting"),
        Shown("second_level", "level"),
        _TRIALS,
        Shown("diverged", kind=COUNT),
        _share("fraction", "diverged share"),
    ),
    "capped_and_survivors": (
        _BRANCH,
        _SETTING,
        Shown("kind"),
        _share("capped_share", "share, diverged at the cap", _ends("capped")),
        Shown("capped_rank", "rank", COUNT),
        _share("survivors_share", "share, survivors only", _ends("survivors")),
        Shown("survivors_rank", "rank", COUNT),
        _VERDICT,
    ),
    "among_best": (
        _BRANCH,
        _SETTING,
        _share("among_best_share", "share among the best", _ends("among_best")),
        Shown("among_best_rank", "rank", COUNT),
        _share("global_main_share", "main effect on everything", _ends("global_main")),
        Shown("global_main_rank", "rank", COUNT),
        _VERDICT,
    ),
    "sensitivity_over_epochs": (
        _BRANCH,
        Shown("epoch", kind=COUNT),
        Shown("kind"),
        _SETTING,
        _share("share"),
        _VERDICT,
    ),
    "early_or_late": (
        _BRANCH,
        _SETTING,
        Shown("kind"),
        _share("early_share", "after the first epoch", _ends("early")),
        _share("late_share", "after the last epoch", _ends("late")),
        Shown("peak_epoch", "largest at epoch", COUNT),
        _share("change", ends=_ends("change")),
        _VERDICT,
    ),
    "stability": (
        _BRANCH,
        Shown("comparison"),
        Shown("against"),
        _TRIALS,
        Shown("repetitions", kind=COUNT),
        _amount("tau", "Kendall's τ"),
        _share("same_first", "same first", None),
        _share("same_top3", "same first three", None),
        _share("same_order", "same order", None),
        _VERDICT,
    ),
    "comparison": (
        _BRANCH,
        _SETTING,
        Shown("run"),
        Shown("rank", kind=COUNT),
        Shown("kind"),
        _share("share", ends=None),
        _amount("mean_rank", ends=None),
        _amount("kendall_w", "Kendall's W", None),
        _VERDICT,
    ),
}
