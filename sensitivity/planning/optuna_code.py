"""The next space as code for Optuna: a complete ``configuration(trial)`` with its conditions as ifs."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, Final

from sensitivity.planning.definition import WIDTH, number
from sensitivity.planning.rounding import outward
from sweeps.space import Choices, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sensitivity.planning.narrowing import Narrowed, Part
    from sweeps.space import Domain, Value

INDENT: Final = "    "


def optuna_code(left: Narrowed, title: str) -> str:
    """Text of a Python function: a trial of Optuna's in, a dictionary with a value per active setting out.

    Parameters
    ----------
    title
        What the space was narrowed after, in words.
    """
    names = list(dict.fromkeys(part.setting for part in left.parts))
    lines = [
        "def configuration(trial):",
        *(INDENT + line for line in _documented(title)),
        f"{INDENT}chosen = {{}}",
    ]
    always = {part.setting for part in left.parts if not part.when}
    for name in names:
        own = [part for part in left.parts if part.setting == name]
        lines += [INDENT + line for line in _setting(name, own, always)]
    return "\n".join([*lines, f"{INDENT}return chosen"]) + "\n"


def _documented(text: str) -> Sequence[str]:
    """Lines of a text between three quotation marks; a name in it may have such marks and backslashes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    # A long word that is broken might be so inside of an escape.
    return textwrap.wrap(f'"""{escaped}"""', WIDTH - 4, break_long_words=False, break_on_hyphens=False)


def _setting(name: str, own: Sequence[Part], always: set[str]) -> Iterator[str]:
    """Lines of a setting: plain, or an if for each condition."""
    word = "if"
    # Optuna refuses a name whose list of choices changes from trial to trial; ranges may.
    lists = {part.domain for part in own if isinstance(part.domain, Choices) and not part.fixed}
    for place, part in enumerate(own):
        asked = name if len(lists) < 2 or part.fixed else f"{name}_{place + 1}"
        yield from textwrap.wrap(
            "# " + "; ".join(said.english for said in part.why[:1]), WIDTH - 4, subsequent_indent="# "
        )
        line = f"chosen[{_python(name)}] = {_suggested(asked, part.domain)}"
        if not part.when:
            yield line if word == "if" else f"else:\n{INDENT * 2}{line}"
            return
        yield f"{word} {_condition(part.when, always)}:"
        yield INDENT + line
        word = "elif"


def _condition(when: Mapping[str, tuple[Value, ...]], always: set[str]) -> str:
    """A condition in Python; a setting that is not always there is looked up with care."""
    parts = []
    for name, values in when.items():
        found = f"chosen[{_python(name)}]" if name in always else f"chosen.get({_python(name)})"
        parts.append(
            f"{found} == {_python(values[0])}" if len(values) == 1 else f"{found} in {_listed(values)}"
        )
    return " and ".join(parts)


def _suggested(name: str, domain: Domain) -> str:
    """Call that asks Optuna for a value, or the value itself where it is fixed."""
    if isinstance(domain, Choices):
        if len(domain.values) == 1:
            return _python(domain.values[0])
        return f"trial.suggest_categorical({_python(name)}, {_listed(domain.values)})"
    kind = "int" if isinstance(domain, IntegerRange) else "float"
    log = ", log=True" if domain.log else ""
    low, high = outward(domain.low, up=False), outward(domain.high, up=True)
    return f"trial.suggest_{kind}({_python(name)}, {_python(low)}, {_python(high)}{log})"


def _listed(values: Sequence[Value]) -> str:
    return f"[{', '.join(map(_python, values))}]"


def _python(value: Any) -> str:  # noqa: ANN401 (of a setting)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return number(value) if type(value) is float else repr(value)
