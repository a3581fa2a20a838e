"""Learning-rate finder: raise the rate exponentially in one short run and watch the loss (Smith 2017).

All runs are members of populations under the schedule ``ramp``, trained like a sweep's by the NumPy path,
whichever engine the sweep takes: the rate found is part of a definition, and depends on no engine. The loss
of each minibatch is averaged over a tenth of a decade. A run *breaks* where this curve has climbed a tenth of
the way back from its lowest point to the loss at initialisation, and the *suggested* rate is a tenth of that.

The rule was chosen among fourteen against valleys of 19 rates that trainings had measured, of eleven
optimizers on nine datasets. Distance of the suggestion from the rates that cannot be told from the best, and
its cost in parts of the way from the best error to a constant guess's, on average: this rule 0.12 decades,
1.8 %; a tenth of the rate of the lowest loss 0.18, 2.9 %; a quarter of it 0.12, 1.5 %; the rate of that loss
0.27, 6.8 %; of the steepest descent 0.46, 9.4 %. A part of the fall is taken, and no multiple of the lowest
loss, which may be nearly zero. On a tenth dataset, looked at last (circles), it was 0.7 decades too high, at
a cost of 1.1 %; a tenth of the rate of the lowest loss 0.4, 1.0 %. Shorter ramps do worse, longer ones no
better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.objectives import objective_named
from sweeps.optimizers import OPTIMIZERS
from sweeps.population import rates_of
from sweeps.space import Choices
from sweeps.tasks import Job
from sweeps.training import Training
from sweeps.trial import PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sweeps.definition import SweepDefinition

    Floats = NDArray[np.float64]

FIND = "find"  # in place of a learning rate
LOWEST, HIGHEST = 1e-6, 100.0
STEPS = 800
MOST_EPOCHS = 20  # few examples are learnt by heart in more, and then nothing breaks
REPLICATES = 5
WIDTH = 0.1  # decades: standard deviation of the window that the loss is averaged over
RISE = 0.1  # part of the fall that the loss has climbed back where a run breaks
MARGIN = 10.0  # the rate at which a run breaks over the one suggested
LEAST_FALL = 0.02  # part of the first loss; a run whose loss fell less has learnt nothing at any rate


@dataclass(frozen=True, eq=False)
class Ramp:
    """A configuration's run under a rising rate, in R replicates of T steps.

    Attributes
    ----------
    configuration
        What was trained, without its rate.
    rates
        Learning rate of every step, shape (T,); the last is the end of the range to the bit.
    losses
        Loss of every minibatch before its update, (R, T), at most that at initialisation, which also stands
        for what came after a loss that was not finite.
    smooth
        The same averaged over `WIDTH`, (R, T).
    breaks
        Rate at which each replicate breaks, (R,); infinite where it does not within the range, NaN where the
        loss never fell.
    batch_size
        Examples of a step.
    """

    configuration: Mapping[str, Any]
    rates: Floats
    losses: Floats
    smooth: Floats
    breaks: Floats
    batch_size: int

    @property
    def suggested(self) -> Floats:
        """A tenth of the breaking rate, or of the end of the range, (R,); NaN where the loss never fell."""
        return np.asarray(np.minimum(self.breaks, self.rates[-1]) / MARGIN)


def find(
    definition: SweepDefinition,
    configurations: Sequence[Mapping[str, Any]],
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    steps: int = STEPS,
    population: int | None = None,
) -> list[Ramp]:
    """Run a ramp of each configuration in every replicate.

    Parameters
    ----------
    definition
        Gives data, network, seed and replicates; these have the draws that the sweep's own have.
    configurations
        Values of what the definition does not hold fixed; a rate, schedule or warm-up in them counts nothing.
    lowest, highest
        First and last rate.
    steps
        Length of the ramp, rounded to whole epochs.
    population
        Networks trained together at most. No number depends on it.

    Raises
    ------
    DefinitionError
        When the definition trains no network, or an optimizer is none by gradients.
    """
    work = objective_named(definition.objective).prepare(definition, definition.build_space())
    if not isinstance(work, Job):
        raise DefinitionError(f"objective {definition.objective!r} trains no network: it has no rate to find")
    ramp = {"learning_rate": highest, "schedule": "ramp", "ramp_span": highest / lowest}
    ready = [{**configuration, **ramp, "warmup": 0.0} for configuration in configurations]
    for each in ready:
        check_optimizer(work.complete(each)["optimizer"])
    sizes = [work.complete(each)["batch_size"] for each in ready]
    found: dict[int, Ramp] = {}
    for size in dict.fromkeys(sizes):  # another size has another number of steps in an epoch
        chosen = {place: each for place, each in enumerate(ready) if sizes[place] == size}
        per_epoch = math.ceil(len(work.parts(0)[0]) / size)
        job = replace(work, epochs=min(max(1, round(steps / per_epoch)), MOST_EPOCHS))
        # The whole ramp is Adam's, where Adam gives way to SGD: the rate to find is Adam's.
        chosen = {place: {**each, "switch": float(job.epochs)} for place, each in chosen.items()}
        found |= _run(job, chosen, definition.replicates_apart, job.epochs * per_epoch, population)
    return [found[place] for place in range(len(ready))]


def check_optimizer(name: str) -> None:
    """Refuse an optimizer that no rate breaks.

    Raises
    ------
    DefinitionError
        When it is a search: it has no learning rate, or one that nothing punishes.
    """
    if OPTIMIZERS[name].searches:
        raise DefinitionError(
            f"{name} keeps only what lowered the loss, so no rate breaks it; leave it out of the finder"
        )


def _run(
    job: Job,
    configurations: Mapping[int, dict[str, Any]],
    replicates: int,
    steps: int,
    population: int | None,
) -> dict[int, Ramp]:
    """Ramp of each configuration, by its place."""
    trials = [
        PlannedTrial(place * replicates + replicate, each, replicate)
        for place, each in configurations.items()
        for replicate in range(replicates)
    ]
    trainer, done = job.start(), dict[int, Training]()
    for task in job.tasks(trials, population):
        done |= {trial.number: one for trial, one in zip(task.trials, trainer.trainings(task), strict=True)}
    found = {}
    for place, each in configurations.items():
        members = [done[place * replicates + replicate] for replicate in range(replicates)]
        whole = job.complete(each)
        found[place] = ramp_of(each, rates_of(steps, whole), members, whole["batch_size"])
    return found


def ramp_of(
    configuration: Mapping[str, Any], rates: Floats, members: Sequence[Training], batch_size: int
) -> Ramp:
    """What the trainings of a configuration's replicates say."""
    losses, firsts = np.empty((len(members), len(rates))), np.empty(len(members))
    for row, member in enumerate(members):
        firsts[row] = member.curves["training_loss"][0] if member.curves["training_loss"] else math.inf
        losses[row] = firsts[row]
        own = np.concatenate([*member.minibatch_losses, []]).astype(np.float64)
        stop = len(own) if np.isfinite(own).all() else int(np.argmin(np.isfinite(own)))
        losses[row, :stop] = np.minimum(own[:stop], firsts[row])
    smooth = smoothed(losses, rates)
    breaks = np.array([breaking(curve, first, rates) for curve, first in zip(smooth, firsts, strict=True)])
    return Ramp(configuration, rates, losses, smooth, breaks, batch_size)


def smoothed(losses: Floats, rates: Floats) -> Floats:
    """Mean of each row of (R, T) under a normal window of `WIDTH` decades; less of it at both ends."""
    steps = len(rates)
    spread = max(WIDTH * (steps - 1) / max(math.log10(rates[-1] / rates[0]), 1e-9), 1e-9)  # steps
    reach = min(steps - 1, math.ceil(5 * spread))
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    rows = np.vstack([losses, np.ones(steps)])
    sums = np.array([np.convolve(row, window)[reach : reach + steps] for row in rows])
    return np.asarray(sums[:-1] / sums[-1])


def breaking(curve: Floats, first: float, rates: Floats) -> float:
    """Rate at which a smoothed curve (T,) has climbed back a tenth of its fall from ``first``."""
    bottom = int(np.argmin(curve))
    fall = first - curve[bottom]
    if not fall > LEAST_FALL * first:
        return math.nan
    above = np.flatnonzero(curve[bottom:] >= curve[bottom] + RISE * fall)
    return float(rates[bottom + above[0]]) if len(above) else math.inf


def with_found_rates(raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, float]]:
    """Definition in which ``learning_rate = "find"`` has become the rate found for each optimizer.

    Settings that the space varies are at the tool's defaults while it looks. A schedule takes the rate as it
    takes any: 1cycle as its peak.

    Parameters
    ----------
    raw
        As a definition file has it.

    Returns
    -------
    The definition, as it was where it asks for nothing; and the rates by optimizer, of two digits.

    Raises
    ------
    DefinitionError
        When the definition breaks a rule, or the loss fell at no rate.
    """
    space = raw.get("space")
    if not isinstance(space, dict) or space.get("learning_rate") != FIND:
        return dict(raw), {}
    rest = {name: entry for name, entry in space.items() if name != "learning_rate"}
    anywhere = {"low": LOWEST, "high": HIGHEST, "log": True, "levels": 2}
    definition = parse({**raw, "space": {**rest, "learning_rate": anywhere}})
    definition = objective_named(definition.objective).fitted(definition)[
        0
    ]  # batches too large wait until then
    optimizers = optimizers_of(definition)
    rates = {}
    for name, ramp in zip(optimizers, find(definition, [{"optimizer": o} for o in optimizers]), strict=True):
        rates[name] = float(f"{math.exp(float(np.log(ramp.suggested).mean())):.2g}")
        if math.isnan(rates[name]):
            raise DefinitionError(f"no rate lowers the loss of {name}; give learning_rate a number")
    if len(optimizers) == 1:
        return {**raw, "space": {**rest, "learning_rate": rates[optimizers[0]]}}, rates
    own = [{"when": {"optimizer": name}, "learning_rate": rate} for name, rate in rates.items()]
    return {**raw, "space": {**rest, "only": [*rest.get("only", []), *own]}}, rates


def optimizers_of(definition: SweepDefinition) -> list[str]:
    """Optimizers of a sweep that have a rate."""
    space = definition.build_space()
    settings = [setting for setting in space.settings if setting.name == "optimizer"]
    domains = [variant.domain for setting in settings for variant in setting.variants]
    found = [value for domain in domains if isinstance(domain, Choices) for value in domain.values]
    names = [str(name) for name in found or [space.fixed["optimizer"]]]
    return [name for name in names if OPTIMIZERS[name].reads("learning_rate")] or names
