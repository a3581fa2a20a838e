"""An end to waiting for a server that no longer answers: of a database, of a cluster."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

Answer = TypeVar("Answer")


@contextmanager
def answered_within(connection: Connection, seconds: float) -> Iterator[None]:
    """Break a connection whose server takes longer; what waits for it then raises its driver's error.

    A time limit of the server's own does not help when it is stopped, and neither do those of TCP: the
    kernel beneath a stopped server still answers.
    """
    driver = connection.connection.driver_connection
    if (
        driver is None or not hasattr(driver, "fileno") or os.name != "posix"
    ):  # a file, or sockets that cannot be copied so
        yield
        return
    line = socket.socket(fileno=os.dup(driver.fileno()))
    timer = threading.Timer(seconds, _hang_up, (line,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        line.shutdown(socket.SHUT_RDWR)


def within(seconds: float, call: Callable[..., Answer], /, *args: Any, **kwargs: Any) -> Answer:  # noqa: ANN401 (of any call)
    """What a call returns that may never end: it goes on in a thread that nobody waits for.

    Raises
    ------
    TimeoutError
        When it takes longer. Ctrl-C ends the waiting too.
    """
    answer: Future[Answer] = Future()

    def ask() -> None:
        try:
            answer.set_result(call(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 (it belongs to who waits)
            answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return answer.result(seconds)
