"""All claims, in the order of the notes; what is asked by name, and what that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.claims import (
    adaptive,
    controls,
    gradient_descent,
    momentum,
    networks,
    schedules,
    searches,
    surfaces,
)
from sensitivity.claims.arms import ARMS, DATASETS, EPOCHS, REFERENCE, REUSED, TRANSFER
from sensitivity.claims.bounds import BOUNDED, step_sizes
from sensitivity.claims.surfaces import SEED
from sensitivity.claims.trainings import Unit, by_dataset, carried_out, units
from sensitivity.claims.verdicts import judged
from sensitivity.claims.world import World
from sweeps.errors import StudyError, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sensitivity.claims.claim import Claim
    from sensitivity.claims.verdicts import Judged

CLAIMS: Final[Mapping[str, Claim]] = {
    claim.name: claim
    for family in (gradient_descent, momentum, searches, surfaces, adaptive, schedules, networks, controls)
    for claim in family.CLAIMS
}


def named(names: Sequence[str]) -> list[Claim]:
    """Claims of these names; all where there is none.

    Raises
    ------
    StudyError
        When there is no claim of a name.
    """
    for name in names:
        if name not in CLAIMS:
            raise StudyError(f"{shown(name)} is not a claim{did_you_mean(name, CLAIMS)}")
    return [claim for claim in CLAIMS.values() if not names or claim.name in names]


def wanted(claims: Sequence[Claim], out: Path, seed: int) -> list[Unit]:
    """Everything that claims need, once each; sweeps are kept in ``out``, a run folder each."""
    parts = [part for claim in claims for part in (*claim.parts, *claim.instead) if part.where]
    if not parts:
        return []
    arms = {arm for part in parts for arm in part.arms}
    if any(part.in_units and set(part.where) & set(DATASETS) for part in parts):
        arms |= set(REFERENCE)
    also = {name for part in parts for name in part.also}
    ordered = [name for name in ARMS if name in arms]
    return [*units(ordered, (*DATASETS, TRANSFER), out, seed), *_others(also, out, seed)]


def _others(names: set[str], out: Path, seed: int) -> list[Unit]:
    """Measurements that are no arm."""
    found = []
    for dataset in DATASETS:
        if networks.ORDER in names:
            definition = networks.order_definition(dataset, EPOCHS[dataset], seed)
            folder = out / "trainings" / definition.name
            found.append(Unit((networks.ORDER, dataset), definition, folder, networks.shares))
        for name, arm in BOUNDED.items():
            if name in names:
                found.append(Unit((name, dataset), ARMS[arm].definition(dataset, seed), None, step_sizes))
    return found


def put_to_the_test(
    claims: Sequence[Claim], needed: Sequence[Unit], seed: int, workers: int, done: Callable[[str], None]
) -> tuple[list[Judged], float]:
    """Train what is missing and judge; with the processor seconds that the trainings took.

    Parameters
    ----------
    claims
        Of `named`.
    needed
        Of `wanted`, for these claims and this seed.
    seed
        Of the bootstrap.
    workers
        Processes to train in.
    done
        Called with the name of whatever has been carried out.
    """
    found, seconds = carried_out(needed, workers, done)
    worlds = {name: World(name, by_dataset(found, name)) for name in DATASETS}
    worlds[TRANSFER] = World(TRANSFER, by_dataset(found, TRANSFER), reference=REUSED)
    worlds[""] = World("", {SEED: seed})
    return judged(claims, worlds, seed, len(CLAIMS)), seconds
