"""The next sweep as a definition file that a person would have written: short, and with reasons.

Seeds: the next sweep gets the next seed. Every stream of random numbers (weights, minibatches, splits, and
the data that a generator makes) comes from it, so none of its replicates repeats one that chose what was
kept: how good the best of it is, is judged afresh.
"""

from __future__ import annotations

import json
import re
import textwrap
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sensitivity.words import counted
from sweeps.definition import SweepDefinition, parse
from sweeps.objectives import objective_named
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sensitivity.planning.narrowing import Narrowed, Part
    from sensitivity.study import Study
    from sweeps.settings import KnownSetting
    from sweeps.space import Domain, Value

WIDTH: Final = 80
ALWAYS: Final = ("name", "dataset", "design", "replicates", "seed", "epochs")
MOST_REPLICATES: Final = 10
_TABLES: Final = ("asks", "data", "network", "space")

Line = tuple[str, str]  # what TOML reads, and the comment


def next_definition(study: Study, old: SweepDefinition, left: Narrowed) -> tuple[str, SweepDefinition]:
    """Text of the definition file and what the project's own parser makes of it."""
    space = _space(old, left.parts)
    keys = old.model_dump(exclude_none=True)
    keys |= {"name": _next_name(old.name), "seed": (old.seed + 1) % 2**63, "description": ""}
    keys.get("data", {}).pop("contents", None)  # of these seeds and data; the next sweep finds its own
    keys["asks"] = [ask for ask in keys.get("asks", []) if _still_asked(ask, space)]
    fresh = "networks" if objective_named(old.objective).trains_networks else "seeds"
    reasons = {"seed": f"not {old.seed}: fresh {fresh}, so no luck of the old ones is kept"}
    raw = {**keys, "space": _plain(space)}
    if old.design == "factorial":
        raw["replicates"] = replicates = _replicates(old, parse(raw))
        if replicates != old.replicates:
            reasons["replicates"] = f"was {old.replicates}: fewer configurations, so more of each"
    else:
        raw["trials"] = _half(old)
        reasons["trials"] = f"was {old.trials}: a smaller space"
    reasons = {key: words for key, words in reasons.items() if key in raw}
    text = _text(study, {key: value for key, value in raw.items() if key != "space"}, reasons, space)
    return text, parse(tomllib.loads(text))


def _next_name(name: str) -> str:
    """``digits`` → ``digits-2`` → ``digits-3``."""
    found = re.fullmatch(r"(.*)-(\d+)", name)
    return f"{found[1]}-{int(found[2]) + 1}" if found else f"{name}-2"


def _still_asked(ask: Mapping[str, Any], space: Mapping[str, Any]) -> bool:
    """Whether a question still has a setting that varies, and the level that it is set against."""
    value = space.get(ask["setting"], (None,))[0]
    against = ask.get("against")
    return isinstance(value, dict) or (isinstance(value, list) and (against is None or against in value))


def _replicates(old: SweepDefinition, new: SweepDefinition) -> int:
    """As many as a quarter of the old sweep pays for, at least as before, at most ten."""
    if old.crossed_draws:
        return old.replicates
    before, now = old.build_space().grid_size(), new.build_space().grid_size()
    paid = before * old.replicates // max(4 * now, 1)
    return max(old.replicates, min(paid, MOST_REPLICATES))


def _half(old: SweepDefinition) -> int:
    """Half of the trials, whole configurations of them."""
    trials = old.trials or old.replicates
    return max(trials // 2 // old.replicates, min(trials // old.replicates, 50)) * old.replicates


def _space(old: SweepDefinition, parts: Sequence[Part]) -> dict[str, tuple[Any, str]]:
    """``[space]``: name → value and comment; ``only`` → a list of (condition, {name: (value, comment)})."""
    known = objective_named(old.objective).settings(old.space)
    varied = {part.setting for part in parts}
    gone = {name for name in old.build_space().names if name not in varied}
    names = [name for name in known if name in varied or (name in old.space and name not in gone)]
    every = {
        name: [value for part in parts if part.setting == name for value in part.choices] for name in varied
    }
    plain: dict[str, tuple[Any, str]] = {}
    only: list[tuple[dict[str, Any], dict[str, tuple[Any, str]]]] = []
    for name in names:
        own = _levels_listed([part for part in parts if part.setting == name])
        if not own and name in old.space:
            plain[name] = (old.space[name], "")
        base = _base(own, known[name], every)
        for part in own:
            comment = "; ".join(dict.fromkeys(said.english for said in part.why[:1]))
            alone = len(own) == 1
            if part is base:
                plain[name] = (_value(part.domain, scalar=alone), comment)
            else:
                _add(
                    only,
                    _condition(part.when, known[name], every),
                    name,
                    (_value(part.domain, scalar=True), comment),
                )
    if only:
        plain["only"] = (only, "")
    return plain


def _plain(space: Mapping[str, tuple[Any, str]]) -> dict[str, Any]:
    """``[space]`` without comments, as it is parsed."""
    found = {name: value for name, (value, _) in space.items() if name != "only"}
    only = [
        {"when": _when(when), **{name: value for name, (value, _) in entries.items()}}
        for when, entries in space.get("only", ((), ""))[0]
    ]
    return found | ({"only": only} if only else {})


def _base(own: Sequence[Part], known: KnownSetting, every: Mapping[str, Sequence[Value]]) -> Part | None:
    """The part that stands in ``[space]`` itself: whose condition the tool knows, or that the rest leave."""
    for part in own:
        if not _condition(part.when, known, every):
            return part
    by = next((name for part in own for name in part.when), "")
    have = [value for part in own if list(part.when) == [by] for value in part.when[by]]
    return own[0] if own and not _condition({by: tuple(have)}, known, every) else None


def _condition(
    when: Mapping[str, tuple[Value, ...]], known: KnownSetting, every: Mapping[str, Sequence[Value]]
) -> dict[str, tuple[Value, ...]]:
    """What of a condition the tool does not know by itself; ``every``: the values that a setting has left."""
    return {
        name: values
        for name, values in when.items()
        if any(_reads(known, name, value) and value not in values for value in every.get(name, values))
    }


def _reads(known: KnownSetting, by: str, value: Value) -> bool:
    return value in known.when.get(by, (value,)) and value not in known.unless.get(by, ())


def _add(only: list[Any], when: Mapping[str, tuple[Value, ...]], name: str, entry: tuple[Any, str]) -> None:
    for condition, entries in only:
        if condition == when:
            entries[name] = entry
            return
    only.append((dict(when), {name: entry}))


def _levels_listed(own: Sequence[Part]) -> Sequence[Part]:
    """A setting's parts, of one kind: lists, where the levels of a range do not follow from its ends."""
    if all(isinstance(part.domain, Choices) or not part.domain.written for part in own):
        return own
    return [replace(part, domain=Choices(part.domain.level_values())) for part in own]


def _value(domain: Domain, *, scalar: bool) -> Any:  # noqa: ANN401 (what TOML can say)
    """A domain as TOML has it."""
    if isinstance(domain, Choices):
        return domain.values[0] if scalar and len(domain.values) == 1 else list(domain.values)
    found: dict[str, Any] = {"low": domain.low, "high": domain.high}
    found |= {"log": True} if domain.log else {}
    return found | ({"levels": domain.levels} if domain.levels else {})


def _text(
    study: Study,
    keys: Mapping[str, Any],
    reasons: Mapping[str, str],
    space: Mapping[str, tuple[Any, str]],
) -> str:
    head = (
        f"# Narrowed after the {counted(len(study.trials), 'trial')} of {study.name}. In brackets: a "
        "setting's share of the variance there, with its 95 % interval."
    )
    lines = textwrap.wrap(head, WIDTH, subsequent_indent="# ")
    defaults = {
        name: one.get_default(call_default_factory=True) for name, one in SweepDefinition.model_fields.items()
    }
    for name in SweepDefinition.model_fields:
        if name in keys and name not in _TABLES and (name in ALWAYS or keys[name] != defaults[name]):
            lines += _line(name, keys[name], reasons.get(name, ""))
    for ask in keys.get("asks", []):
        lines += ["", "[[asks]]", *(f"{name} = {written(value)}" for name, value in ask.items())]
    for name in ("data", "network"):
        if name not in keys:
            continue
        plain = defaults[name].model_dump()
        own = {one: value for one, value in keys[name].items() if value != plain.get(one) or one == "hidden"}
        if own:
            lines += [
                "",
                f"[{name}]",
                *(line for one, value in own.items() for line in _line(one, value, "")),
            ]
    lines += ["", "[space]"]
    for name, (value, comment) in space.items():
        if name != "only":
            lines += _line(name, value, comment)
    for when, entries in space.get("only", ((), ""))[0]:
        lines += ["", "[[space.only]]", *_line("when", _when(when), "")]
        lines += [line for name, (value, comment) in entries.items() for line in _line(name, value, comment)]
    return "\n".join(lines) + "\n"


def _when(when: Mapping[str, Iterable[Value]]) -> dict[str, Any]:
    return {name: _one_or_all(list(values)) for name, values in when.items()}


def _one_or_all(values: list[Value]) -> Any:  # noqa: ANN401 (a value, or a list of them)
    return values[0] if len(values) == 1 else values


def _line(name: str, value: Any, comment: str) -> list[str]:  # noqa: ANN401 (what TOML can say)
    """A key with its value and comment: behind it where there is room, else above it."""
    plain = f"{name} = {written(value)}"
    if len(plain) > WIDTH and isinstance(value, list):
        inner = textwrap.wrap(", ".join(map(written, value)) + ",", WIDTH - 2)
        body = [f"{name} = [", *(f"  {line}" for line in inner), "]"]
    else:
        body = [plain]
    if not comment:
        return body
    if len(body) == 1 and len(plain) + len(comment) + 4 <= WIDTH:
        return [f"{plain}  # {comment}"]
    return [*textwrap.wrap(f"# {comment}", WIDTH, subsequent_indent="# "), *body]


def written(value: Any) -> str:  # noqa: ANN401 (what TOML can say)
    """Value as TOML, numbers as people write them: 1e-4, 0.03, 10.0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {written(one)}" for name, one in value.items()) + " }"
    return json.dumps(str(value), ensure_ascii=False)


def number(value: float) -> str:
    """A float with a point or an exponent, and not a digit more than it takes."""
    text = repr(float(value))
    if value and (abs(value) < 1e-2 or abs(value) >= 1e5):
        mantissa, _, exponent = f"{value:e}".partition("e")
        short = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
        return short if float(short) == value and len(short) <= len(text) else text
    return text
