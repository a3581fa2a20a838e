"""Optuna's gRPC proxy as the place of a study: ``grpc://HOST:PORT``, over a database and nothing else.

What stands behind a proxy is not said, but the numbers show it: a database numbers studies and trials from 1,
while a journal and the memory number them from 0.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from optuna.storages import GrpcStorageProxy
from optuna.study import StudyDirection

from sweeps.errors import StudyError
from sweeps.urls import masked

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEME: Final = "grpc://"
_CONNECTING: Final = 10.0  # seconds within which a proxy must answer
_ANSWER: Final = 120.0  # and each single request, a large study included
_NO_DATABASE: Final = (
    "stands over a journal or over memory, where Optuna's proxy loses trials; start it over a database, "
    "or record into a file with journal://PATH"
)


class _Bounded:
    """Remote procedures that are given up when the server does not answer."""

    def __init__(self, stub: Any) -> None:  # noqa: ANN401 (generated code)
        self._stub = stub

    def __getattr__(self, name: str) -> Callable[[Any], Any]:
        procedure = getattr(self._stub, name)
        return lambda request: procedure(request, timeout=_ANSWER)


def open_proxy(url: str, *, read_only: bool = False) -> GrpcStorageProxy:
    """Connect to a proxy.

    Raises
    ------
    StudyError
        When nobody answers there, the address is none, or it stands over no database.
    """
    host, port = _address(url)
    proxy = GrpcStorageProxy(host=host, port=port)
    try:
        proxy.wait_server_ready(timeout=_CONNECTING)
        bounded: Any = _Bounded(proxy._stub)  # noqa: SLF001 (it knows no time limit)
        proxy._stub = proxy._cache.grpc_client = bounded  # noqa: SLF001 (the same)
        _check_is_database(proxy, url, read_only=read_only)
    except ConnectionError:
        proxy.close()
        raise StudyError(
            f"nobody answers at {url} within {_CONNECTING:g} seconds; start Optuna's proxy there "
            "(optuna.storages.run_grpc_proxy_server), or check the address"
        ) from None
    except BaseException:
        proxy.close()
        raise
    return proxy


def _address(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None or parts.path.strip("/") or parts.query or parts.username:
        raise StudyError(
            f"a gRPC proxy is written grpc://HOST:PORT, not {masked(url)!r}; use grpc://localhost:13000"
        )
    return (f"[{host}]" if ":" in host else host), port


def _check_is_database(proxy: GrpcStorageProxy, url: str, *, read_only: bool) -> None:
    """Refuse a journal; where nothing was ever kept, a study is made to see its number, and deleted."""
    numbers = [study._study_id for study in proxy.get_all_studies()]  # noqa: SLF001 (it has no other name)
    if not numbers and not read_only:
        numbers = [proxy.create_new_study([StudyDirection.MINIMIZE], f"which-storage-{uuid.uuid4()}")]
        proxy.delete_study(numbers[0])
    if 0 in numbers or _has_trial_zero(proxy):
        raise StudyError(f"{url} {_NO_DATABASE}")


def _has_trial_zero(proxy: GrpcStorageProxy) -> bool:
    """A trial outlives its study in a journal."""
    try:
        proxy.get_trial(0)
    except KeyError:
        return False
    return True
