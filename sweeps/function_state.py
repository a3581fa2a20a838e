"""What a function at hand holds beside its source: without it two closures of one text would be one."""

from __future__ import annotations

import functools
import inspect
import pickle
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any


class UnknownContentsError(Exception):
    """Something that a function holds cannot be written down."""


def state(function: object) -> bytes:
    """Cells of its closure, defaults, and the object it is bound to, pickled; empty where it holds nothing.

    Raises
    ------
    UnknownContentsError
        When one of them cannot be pickled.
    """
    return _holds(function, set())


def _holds(function: object, seen: set[int]) -> bytes:
    """What one function, method or callable object holds; functions in its cells are looked into."""
    if id(function) in seen:  # a function that calls itself
        return b""
    seen.add(id(function))
    if isinstance(function, MethodType):
        return _holds(function.__func__, seen) + _written(function.__self__, seen)
    if isinstance(function, functools.partial):
        given = (function.args, sorted(function.keywords.items()))
        return _holds(function.func, seen) + _pickled(given)
    if not isinstance(function, FunctionType):
        return b"" if inspect.isbuiltin(function) or isinstance(function, type) else _pickled(function)
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    held = {name: cell.cell_contents for name, cell in cells if not _is_empty(cell)}
    held |= {str(place): one for place, one in enumerate(function.__defaults__ or ())}
    held |= function.__kwdefaults__ or {}
    parts = [name.encode() + _written(one, seen) for name, one in held.items()]
    if function.__name__ == "<lambda>":  # all of a module have one name
        parts.append(_code(function.__code__))
    return b"".join(parts)


def _is_empty(cell: Any) -> bool:  # noqa: ANN401 (no public type)
    """Whether nothing was assigned to it yet."""
    try:
        cell.cell_contents  # noqa: B018 (it raises)
    except ValueError:
        return True
    return False


def _written(held: object, seen: set[int]) -> bytes:
    """One object: a module by its name, a function by where it stands and what it holds, else pickled."""
    if isinstance(held, ModuleType):
        return held.__name__.encode()
    if isinstance(held, FunctionType | MethodType):
        code = getattr(held, "__code__", None)
        return f"{held.__module__}:{held.__qualname__}".encode() + _code(code) + _holds(held, seen)
    return _pickled(held)


def _code(code: CodeType | None) -> bytes:
    """What a function does, without where it stands."""
    if code is None:
        return b""
    return b"".join([code.co_code, repr(code.co_names).encode(), *(_constant(one) for one in code.co_consts)])


def _constant(one: object) -> bytes:
    """A constant of a function; a set has another order in every process."""
    if isinstance(one, CodeType):
        return _code(one)
    return repr(sorted(map(repr, one)) if isinstance(one, frozenset) else one).encode()


def _pickled(held: object) -> bytes:
    try:
        return pickle.dumps(held)
    except Exception:  # noqa: BLE001 (whatever the code of the object's class raises)
        raise UnknownContentsError from None
