"""The replicate of a stranger's trial: from its seed, or by counting repetitions of its configuration.

Seeds that several configurations share are blocks (same split, same initial weights): they become the
replicates, where some configuration was run with two of them; where none was, the seeds cannot be told from
the configurations. Such seeds, and those that no two configurations share, say nothing but "another try";
then, as without any seed, the tries of a configuration are numbered 0, 1, 2, …: by their seeds, or in an
order that goes with nothing (`sensitivity.order`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sensitivity.words import were

if TYPE_CHECKING:
    from collections.abc import Sequence


def replicates(
    configurations: Sequence[object],
    seeds: Sequence[object] | None,
    order: Sequence[int],
    seed_name: str = "",
) -> tuple[list[int], list[str]]:
    """Replicate of each trial, counted from 0, and what was assumed.

    Parameters
    ----------
    configurations
        Something comparable per trial.
    seeds
        Seed per trial; None where there is none.
    order
        Places of the trials, in the order in which tries are numbered that no seed puts into one.
    """
    notes = []
    if seeds is not None and len(set(seeds)) > 1 and _apart(configurations, seeds):
        notes.append(
            f"{seed_name} was left out: no configuration was run with two seeds, so it tells no noise."
        )
    elif seeds is not None and _shared(configurations, seeds):
        place = {seed: number for number, seed in enumerate(_sorted(set(seeds)))}
        note = f"{seed_name} was read as the replicate: {len(place):,} of them."
        return [place[seed] for seed in seeds], [note] if len(place) > 1 else []
    seen: dict[object, int] = defaultdict(int)
    numbers = [0] * len(configurations)
    by_seed = {seed: number for number, seed in enumerate(_sorted(set(seeds or ())))}
    for row in sorted(order, key=lambda row: by_seed[seeds[row]] if seeds is not None else 0):
        numbers[row] = seen[configurations[row]]
        seen[configurations[row]] += 1
    repeated = sum(number > 0 for number in numbers)
    if repeated:
        notes.append(f"{were(repeated, 'repetition')} found of other trials' configurations: replicates.")
    return numbers, notes


def _apart(configurations: Sequence[object], seeds: Sequence[object]) -> bool:
    """Whether seeds stand beside several configurations, but no configuration beside several seeds."""
    pairs = set(zip(configurations, seeds, strict=True))
    return _shared(configurations, seeds) and len(pairs) == len(set(configurations))


def _shared(configurations: Sequence[object], seeds: Sequence[object]) -> bool:
    """Whether half of the seeds stand beside two configurations each: drawn ones meet by chance."""
    pairs = set(zip(configurations, seeds, strict=True))
    beside = Counter(seed for _, seed in pairs)
    return 2 * sum(count > 1 for count in beside.values()) >= len(beside) > 0


def _sorted(seeds: set[object]) -> list[object]:
    """By number where all are numbers, otherwise as text."""
    if all(isinstance(seed, int | float) for seed in seeds):
        return sorted(seeds, key=float)  # type: ignore[arg-type]
    return sorted(seeds, key=str)
