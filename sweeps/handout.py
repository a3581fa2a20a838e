"""What every worker needs once, handed over when it asks."""

from __future__ import annotations

import secrets
import socket
import threading
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Handout:
    """Hands ``prepare`` to every worker that asks, over a connection of its own on this machine.

    As an argument of a new process it would be written into a pipe that nobody reads once the process is
    killed while it starts, and that for ever if it is larger than the pipe. Each is answered in a thread of
    its own: one that says nothing, a stranger or a worker that was stopped, keeps nobody else waiting.
    """

    def __init__(self, prepare: Callable[[], object]) -> None:
        self._content = bytes(ForkingPickler.dumps(prepare))
        self._key = secrets.token_bytes(16)
        self._listener = Listener(("127.0.0.1", 0), backlog=64)
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def where(self) -> tuple[Any, bytes]:
        """Address and key that a worker needs."""
        return self._listener.address, self._key

    def _serve(self) -> None:
        while self._open:
            with suppress(OSError):  # somebody who is gone already
                connection = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: Connection) -> None:
        """Hand it to one who knows the key, as `multiprocessing.connection.Client` proves it."""
        # A worker that is killed meanwhile, or a stranger without the key: no answer.
        with suppress(OSError, EOFError, AuthenticationError), connection:
            deliver_challenge(connection, self._key)
            answer_challenge(connection, self._key)
            connection.send_bytes(self._content)

    def close(self) -> None:
        """Stop; the last to call is this one, so that the thread looks up."""
        if self._open:
            self._open = False
            with suppress(OSError):
                socket.create_connection(self._listener.address, timeout=1).close()
            self._listener.close()
