"""What a framework cannot express, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sweeps.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping


def refuse(framework: str, what: str) -> DefinitionError:
    """One sentence on what a framework cannot express."""
    others = [name for name in ("torch", "optax", "keras") if name != framework]
    return DefinitionError(f"{what}; try --as {others[0]}, or --as toml, which can express everything")


def refuse_switch(c: Mapping[str, Any], framework: str) -> None:
    """Refuse a rule that changes within the run."""
    if c["optimizer"] == "adam_then_sgd":
        raise DefinitionError(
            "adam_then_sgd changes its rule within a run, which is written for torch only, "
            f"not for {framework}; try --as torch"
        )
