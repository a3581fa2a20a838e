"""What every reader hands over: trials, their space, and what a reader of the result must know.

What does not depend on the response (the plan, axes, configurations, branches) is found once per study, and
once for all responses of the same trials.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import numpy as np

from sensitivity.axis import axes_of, codes_of
from sensitivity.branch import OPTIMIZER, in_sentence
from sensitivity.coding import configurations_of
from sensitivity.language import Voice, say
from sensitivity.order import canonical_order
from sensitivity.request import LOG, RAW, check_scale
from sensitivity.scale import Scale, chosen, told
from sensitivity.trials import NUMBER, PHASE, PLAN, REPLICATE, VALUE, planned
from sensitivity.words import of_any_trials, of_single_trials
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from sensitivity.arrays import Floats, Integers
    from sensitivity.axis import Axis
    from sweeps.space import Space

_T = TypeVar("_T")

LOWER_IS_BETTER: Final = "lower is better"
LARGEST: Final = 3e38  # what single precision holds; a result beyond it counts as infinite


def is_finite(result: float) -> bool:
    """Whether a result is a number that measures can square without overflow; false for NaN."""
    return abs(result) <= LARGEST


@dataclass(frozen=True)
class ReadAs:
    """What the columns of somebody's table were read as, besides the settings.

    Attributes
    ----------
    left_out
        Why → the columns that are no settings for this reason, in the order of the file.
    direction_by
        What says which way is better: "by its name", "as told".
    replicates
        Columns that say which try of a configuration a trial is: a seed, or the result of each fold.
    empty
        Whether the column of the result is empty in every row, and nothing says that all failed.
    """

    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    direction_by: str = ""
    replicates: tuple[str, ...] = ()
    empty: bool = False


@dataclass(frozen=True, eq=False)
class Study:
    """Trials and all that is known about them.

    Attributes
    ----------
    trials
        Table of `sensitivity.trials`, one row per trial, brought into the order of their numbers: in whatever
        order rows were handed over, ties and random draws fall on the same trials. Lower ``value`` is better,
        always.
    space
        Settings that vary, with their ranges and conditions.
    metric
        What ``value`` is, in words: "validation error".
    cap
        Highest value that counts, also for a training that stopped being finite or has no result, on the
        scale of ``value``; None where nothing was capped.
    direction
        "lower is better", or how a metric that was maximised has been turned round.
    curves
        Number of a trial → its metric step by step, lower is better, as far as it was finite. For runs of
        ours element 0 is at initialisation and element e after epoch e. Not every trial need have one.
    notes
        Plain sentences about what was left out, inferred or renamed.
    name
        What the trials are called: the name of the sweep, the study or the file.
    tolerance
        Share of the way from the best value to the cap, or to the median, that is still good;
        None: what the measure takes by itself.
    unit
        What the metric is measured in, in words; empty where nobody said.
    definition
        TOML of the sweep that made the trials; empty for trials that somebody else made.
    trained_with
        Software and machine that trained them, as far as it was recorded: name → version.
    worst_as_cap
        Whether the cap is merely the worst finite value, for want of a better one.
    guessed
        Whether nothing but a guess says which columns of a file are settings, so that a result may be one.
    foremost
        The one of the notes that must be known before any answer; empty where there is none.
    rate, branch
        Names of the setting that is the learning rate, and of the one that makes branches.
    scales
        Settings of which the user said whether their scale is logarithmic.
    read
        What the columns of a table were read as; None where nothing had to be guessed.
    pruned
        How many trials were stopped for their results and left out: those that ended are no fair sample.
    lost
        How many trials without a result were left out, as that depends on no setting.
    of_networks
        Whether words of training networks fit; not for a function of the user's own.
    every
        Every trial as it was recorded, for the table of trials, where ``trials`` leaves some out; else None.
    asked_scale
        Scale on which the user wants shares of the variance; None: the rule of `sensitivity.scale` decides.
    """

    trials: pd.DataFrame
    space: Space
    metric: str = "value"
    cap: float | None = None
    direction: str = LOWER_IS_BETTER
    curves: Mapping[int, Sequence[float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    name: str = "trials"
    tolerance: float | None = None
    unit: str = ""
    definition: str = ""
    trained_with: Mapping[str, str] = field(default_factory=dict)
    worst_as_cap: bool = False
    guessed: bool = False
    foremost: str = ""
    rate: str = "learning_rate"
    branch: str = OPTIMIZER
    scales: Mapping[str, bool] = field(default_factory=dict)
    read: ReadAs | None = None
    asked_scale: str | None = None
    pruned: int = 0
    lost: int = 0
    of_networks: bool = True
    every: pd.DataFrame | None = None
    _made: dict[Callable[[Study], Any], Any] = field(default_factory=dict, init=False, repr=False)
    _laid_out: dict[Callable[[Study], Any], Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Rows by number; a scale that there is, and that the values allow."""
        if not self.trials[NUMBER].is_monotonic_increasing:
            ordered = self.trials.sort_values(NUMBER, kind="stable", ignore_index=True)
            object.__setattr__(self, "trials", ordered)
        self._check_scale()

    def _check_scale(self) -> None:
        if self.asked_scale is not None:
            check_scale(self.asked_scale)
        if self.asked_scale == LOG:
            values = self.sign * self.trials[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
            if (values <= 0).any():
                raise StudyError(
                    f"a log scale needs positive values, and the lowest {self.metric} is "
                    f"{np.nanmin(values):.4g}; try --scale rank"
                )

    def once(self, make: Callable[[Study], _T]) -> _T:
        """What a function makes of this study, computed the first time it is asked for and kept with it.

        What is handed out is shared: a caller that wants to change a table takes a copy.
        """
        return _kept(self._made, make, self)

    def laid_out(self, make: Callable[[Study], _T]) -> _T:
        """The same for what does not depend on the response: kept for every response of the same trials."""
        return _kept(self._laid_out, make, self)

    @property
    def plan(self) -> pd.DataFrame:
        """Trials that measures of sensitivity may use, rows numbered from 0; all where there is no plan.

        Those of a sweep in the order of their numbers, those of somebody's table in one that does not depend
        on where they stand in it.
        """
        return self.once(_plan)

    @property
    def axes(self) -> dict[str, Axis]:
        """Axis of each setting over the plan's trials, in the order of the space."""
        return self.laid_out(_axes)

    @property
    def configuration(self) -> Integers:
        """Configuration of each of the plan's trials, numbered by first appearance, shape (trials,)."""
        return self.laid_out(_configuration)

    def with_values(self, values: Floats) -> Study:
        """The plan's trials with another response, one per trial of the plan, which is taken as it is."""
        by_number = np.empty(len(values))
        by_number[self.laid_out(_order)] = values
        trials = planned(self.trials).assign(**{VALUE: by_number})
        other = replace(self, trials=trials, cap=None, curves={}, asked_scale=RAW)
        object.__setattr__(other, "_laid_out", self._laid_out)
        return other

    @property
    def scale(self) -> Scale:
        """Scale of the response on which shares of its variance are taken."""
        return self.once(_scale)

    @property
    def scaled(self) -> Study:
        """The plan's trials with the response on its scale; this study where that is "raw"."""
        return self.once(_scaled)

    def __getstate__(self) -> dict[str, Any]:
        """Everything but what can be made again: what another process needs."""
        kept = {_order: self._laid_out[_order]} if _order in self._laid_out else {}
        return {**self.__dict__, "_made": {}, "_laid_out": kept}

    @property
    def label(self) -> str:
        """Metric with its unit, for an axis."""
        return f"{self.metric} ({self.unit})" if self.unit else self.metric

    @property
    def chance(self) -> float | None:
        """Value of having learned nothing: a constant prediction's, or what the user gave as the cap."""
        return None if self.worst_as_cap else self.cap

    @property
    def turned(self) -> bool:
        """Whether the metric was maximised, so that ``value`` is its negative."""
        return self.direction != LOWER_IS_BETTER

    @property
    def sign(self) -> float:
        """Factor that makes ``value`` the metric as it was recorded."""
        return -1.0 if self.turned else 1.0

    @property
    def remarks(self) -> list[str]:
        """All that a reader of the result must know: that the metric was turned round, then the notes."""
        if not self.turned:
            return list(self.notes)
        turned = f"{self.direction}."
        if self.read is not None or not self.of_networks:
            turned = say("reading.maximised", metric=in_sentence(self.metric))
        return [turned, *self.notes]

    def _repr_html_(self) -> str:
        """The ranking in a notebook; what makes it stands floors above the trials."""
        shown: str = import_module("sensitivity.reporting.glance").glance(self)
        return shown

    def spoken(self, text: str) -> str:
        """Sentence of ours as it is said of these trials: their seeds, replicates and failures, or none."""
        if self.as_written:
            return text
        given = self.once(_own_words)
        text = text if self.once(_repeated) else of_single_trials(text, given)
        if self.read is None and self.of_networks:
            return text
        return of_any_trials(text, given, self.once(_theirs))

    @property
    def voice(self) -> Voice:
        """How messages speak of these trials: their seeds, replicates and failures."""
        repeated = self.once(_repeated)
        followed: Literal["rate", "setting"] = "rate" if self.rate in self.space.names else "setting"
        if self.read is None and self.of_networks:
            return Voice(noise="seed" if repeated else "unknown", followed=followed)
        seeds = self.read is None  # a function of the user's is given one
        return Voice(
            trial="trial",
            noise="unknown" if not repeated else "seed" if seeds else "replicate",
            failure="failure",
            progress="epoch" if seeds and self.curves else "step",
            reference="reference",
            followed=followed,
        )

    @property
    def as_written(self) -> bool:
        """Whether our sentences fit these trials as they are: networks of a sweep, with replicates."""
        return self.read is None and self.of_networks and self.once(_repeated)

    @property
    def plan_size(self) -> int:
        """Number of trials that measures of sensitivity may use."""
        return int((self.trials[PHASE] == PLAN).sum())


def _kept(store: dict[Callable[[Study], Any], Any], make: Callable[[Study], _T], study: Study) -> _T:
    if make not in store:
        store[make] = make(study)
    found: _T = store[make]
    return found


def _repeated(study: Study) -> bool:
    """Whether some configuration was run twice, or there is nothing to say it of."""
    return len(np.unique(study.configuration)) < max(len(study.configuration), 1)


def _theirs(study: Study) -> tuple[str, ...]:
    """Stems of our words that fit: a function of the user's has a seed, and epochs where it yields."""
    if study.read is not None:
        return ()
    return ("seed", "epoch") if study.curves else ("seed",)


def _own_words(study: Study) -> str:
    """Every name and level that the trials bring."""
    levels = {
        str(value)
        for name in study.space.names
        if study.trials[name].dtype.kind not in "biuf"
        for value in study.trials[name].dropna().unique()
    }
    columns = [*study.space.names, *(study.read.replicates if study.read else ())]
    return "\n".join([study.name, study.metric, study.unit, *columns, *sorted(levels)])


def _plan(study: Study) -> pd.DataFrame:
    return planned(study.trials).iloc[study.laid_out(_order)].reset_index(drop=True)


def _order(study: Study) -> Integers:
    """Place of each of the plan's rows among those by number, shape (trials,); the same for all responses."""
    plan = planned(study.trials)
    if study.read is None:
        return np.arange(len(plan))
    return canonical_order([plan[name].tolist() for name in (VALUE, *study.space.names, REPLICATE)])


def _scale(study: Study) -> Scale:
    """What the user asked for, else by the rule; results that a known cap bounds have no tails to tame."""
    values, asked = study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan), study.asked_scale
    if asked is None:
        return Scale(sign=study.sign) if study.chance is not None else chosen(values, study.sign)
    return told(asked, values, study.sign)


def _scaled(study: Study) -> Study:
    if study.scale.name == RAW:
        return study
    return study.with_values(study.scale.of(study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)))


def _axes(study: Study) -> dict[str, Axis]:
    return axes_of(study.plan, study.space)


def _configuration(study: Study) -> Integers:
    codes = codes_of(study.axes.values(), len(study.plan))
    return configurations_of(codes, study.plan[REPLICATE].to_numpy())
