"""Settings of a network that go together, and those that do not: each one sentence with what to type next."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from sweeps.errors import DefinitionError, shown
from sweeps.settings import KNOWN_SETTINGS
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sweeps.keys import Keys
    from sweeps.space import Domain, Setting, Space, Value
    from sweeps.tasks import Job


def check_settings(definition: Keys, space: Space) -> None:
    """Settings go together.

    Raises
    ------
    DefinitionError
        One sentence for the first that do not.
    """
    _check_width_is_needed(space)
    _check_pieces(space.fixed)
    _check_batches_of_one(space)
    _check_pretraining(definition, space)
    _check_epochs(definition, space)


def _check_epochs(definition: Keys, space: Space) -> None:
    """Parts of the run and epochs do not stand on one axis, and no epoch lies beyond the run."""
    for name in (name for name, known in KNOWN_SETTINGS.items() if known.or_epochs):
        values = sorted(value for value in _possible(name, space) if value > 0)
        if values and values[0] < 1 <= values[-1]:
            raise DefinitionError(
                f"{name} has parts of the run ({values[0]:g}) and epochs ({values[-1]:g}); write all as one"
                + ("; 1 was the whole run in version 0.1.0, which is adam" if values[-1] == 1 else "")
            )
        if values and values[-1] > definition.epochs:
            raise DefinitionError(
                f"{name} = {values[-1]:g} is an epoch beyond the {definition.epochs} of the run; lower it, "
                "or write a part of the run, below 1"
            )


def _check_pretraining(definition: Keys, space: Space) -> None:
    if _possible("pretrained", space) != {"none"} and definition.data.classes is None:
        raise DefinitionError(
            "pretrained layers need classes to pretrain on; choose those to train on, "
            "such as --set 'data.classes=[5, 6, 7, 8, 9]', and the others pretrain"
        )


def _check_width_is_needed(space: Space) -> None:
    if "depth" in space.names and "width" not in space.names and "width" not in space.fixed:
        raise DefinitionError("depth varies while network.hidden has several widths; set width in [space]")


def _check_batches_of_one(space: Space) -> None:
    """One example less its own mean is 0, whatever it is: batch normalisation needs two."""
    if 1 in normalised_sizes(space):
        raise DefinitionError(
            "batch normalisation of a batch of one example gives the same output for every example; "
            "leave batch_size = 1 out, or set batch_norm = false"
        )


def normalised_sizes(space: Space) -> set[int]:
    """Batch sizes that some configuration has together with batch normalisation: of a range its levels."""
    both = ("batch_norm", "batch_size")
    deciding = {*both, *(parent for name in both for one in _named(name, space) for parent in one.parents)}
    names = sorted(deciding)
    sizes: set[int] = set()
    for values in itertools.product(*(_possible(name, space) for name in names)):
        known: dict[str, Any] = {**space.fixed, **dict(zip(names, values, strict=True))}
        if known["batch_norm"] and all(known[name] in _possible(name, space, known) for name in both):
            sizes.add(int(known["batch_size"]))
    return sizes


def _possible(name: str, space: Space, known: Mapping[str, Value] | None = None) -> set[Any]:
    """Values that a setting may have, beside those of others where these are known."""
    domains = [
        variant.domain if known is None else setting.domain(known)
        for setting in _named(name, space)
        for variant in setting.variants
    ]
    if not any(domains):
        return {space.fixed[name] if name in space.fixed else KNOWN_SETTINGS[name].default}
    return {value for domain in domains if domain is not None for value in _values(domain)}


def _values(domain: Domain) -> Sequence[Value]:
    """All of a list, the levels of a range, or its ends."""
    if isinstance(domain, Choices):
        return domain.values
    return domain.level_values() if domain.levels else (domain.low, domain.high)


def _check_pieces(fixed: Mapping[str, Any]) -> None:
    """A piecewise schedule has a factor for every boundary, and boundaries in order."""
    boundaries, factors = (
        fixed.get(name, KNOWN_SETTINGS[name].default)
        for name in ("piecewise_boundaries", "piecewise_factors")
    )
    if len(boundaries) != len(factors) or list(boundaries) != sorted(boundaries):
        raise DefinitionError(
            f"piecewise_boundaries = {shown(list(boundaries))} must be ascending and as many as "
            f"piecewise_factors = {shown(list(factors))}; set both"
        )


def check_batch_size(job: Job, space: Space) -> None:
    """A batch is drawn from the training set, so it cannot be larger.

    Raises
    ------
    DefinitionError
        When some configuration has a larger one; names batch sizes that fit.
    """
    examples = len(job.parts(0)[0])
    domains = [variant.domain for setting in _named("batch_size", space) for variant in setting.variants]
    largest = max([domain.from_unit(1.0) for domain in domains] or [job.complete({})["batch_size"]])
    listed = [int(size) for domain in domains if isinstance(domain, Choices) for size in domain.values]
    largest = max([largest, *listed])
    if largest > examples:
        candidates = listed or [4, 8, 16, 32, 64, 128]
        fitting = [size for size in candidates if size <= examples] or [max(1, examples // 4)]
        raise DefinitionError(
            f"batch size {largest} is above the {examples} training examples of "
            f"{job.dataset.name!r}; add --set 'space.batch_size={fitting}' "
            "(the ready-made sweep small has batch sizes for small data)"
        )


def _named(name: str, space: Space) -> Sequence[Setting]:
    return [setting for setting in space.settings if setting.name == name]
