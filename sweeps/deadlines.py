"""An end to waiting for a server of a database that no longer answers."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


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
