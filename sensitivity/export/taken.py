"""What is exported: one configuration of a sweep, complete, with what the sweep recorded of it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import tomli_w

from sweeps.keys import NETWORK
from sweeps.settings import NETWORK_SETTINGS, complete

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sweeps.definition import SweepDefinition
    from sweeps.space import Configuration

HEAD: Final = """\
{about}
# Nothing varies here yet, so it is no sweep: give a setting of [space] a list or a range, such as
# learning_rate = {{ low = {low:g}, high = {high:g}, log = true, levels = 5 }}
"""


@dataclass(frozen=True)
class Taken:
    """A configuration of a sweep.

    Attributes
    ----------
    chosen
        How it was chosen and how good it is, in a line.
    replicate
        Which seeds the program shall use.
    recorded
        Metrics that the sweep recorded of it in this replicate.
    """

    definition: SweepDefinition
    configuration: Configuration
    chosen: str = ""
    replicate: int = 0
    recorded: Mapping[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The settings that the sweep varied, in a line."""
        parts = ", ".join(f"{name} {value}" for name, value in self.configuration.items())
        return f"{self.definition.name}: {parts}"

    def complete(self) -> dict[str, Any]:
        """Every setting of a network, defaults filled in."""
        return complete({**self.definition.build_space().fixed, **self.configuration})

    def hidden(self) -> list[int]:
        """Widths of the hidden layers."""
        c, definition = self.complete(), self.definition
        varied = {"depth", "width"} & {*self.configuration, *definition.space}
        return [c["width"]] * c["depth"] if varied else list(definition.network.hidden)


def as_toml(taken: Taken) -> str:
    """Definition with this configuration held fixed, to go on from."""
    raw = taken.definition.model_dump(exclude_none=True)
    raw |= {"name": f"{taken.definition.name}-best", "search": 0, "design": "factorial"}
    raw = {key: value for key, value in raw.items() if key not in {"trials", "description", "asks"}}
    raw.get("data", {}).pop("contents", None)  # found again by the sweep that this becomes
    fixed = {
        name: value
        for name, value in taken.definition.build_space().fixed.items()
        if name in taken.definition.space and name not in NETWORK_SETTINGS
    }
    raw["space"] = {**fixed, **taken.configuration}
    rate = float(taken.configuration.get("learning_rate", fixed.get("learning_rate", 0.01)))
    lines = [line for text in (taken.title, taken.chosen) for line in textwrap.wrap(text, 98)]
    about = "\n".join(f"# {line}" for line in lines)
    head = HEAD.format(about=about, low=rate / 10, high=rate * 10)
    if taken.definition.objective != NETWORK:
        head = "".join(line + "\n" for line in head.splitlines()[:-1]).replace(", such as", ".")
    return head + tomli_w.dumps(raw)
