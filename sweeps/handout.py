"""What every worker needs once, handed over when it asks."""

from __future__ import annotations

import secrets
import threading
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Handout:
    """Hands ``prepare`` to every worker that asks, over a connection of its own on this machine.

    As an argument of a new process it would be written into a pipe that nobody reads once the process is
    killed while it starts, and that for ever if it is larger than the pipe.
    """

    def __init__(self, prepare: Callable[[], object]) -> None:
        self._content = bytes(ForkingPickler.dumps(prepare))
        self._key = secrets.token_bytes(16)
        self._listener = Listener(("127.0.0.1", 0), authkey=self._key, backlog=64)
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def where(self) -> tuple[Any, bytes]:
        """Address and key that a worker needs."""
        return self._listener.address, self._key

    def _serve(self) -> None:
        while self._open:
            # A worker that is killed meanwhile, or a stranger without the key: the next one, please.
            with suppress(OSError, EOFError, AuthenticationError), self._listener.accept() as connection:
                connection.send_bytes(self._content)

    def close(self) -> None:
        """Stop; the last to ask is this one, so that the thread looks up."""
        if self._open:
            self._open = False
            with suppress(OSError, EOFError, AuthenticationError):
                Client(self._listener.address, authkey=self._key).close()
            self._listener.close()
