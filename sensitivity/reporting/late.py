"""What workers are given once it is there: they start, load what they need, and wait for it."""

from __future__ import annotations

import secrets
import socket
import threading
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from typing import Any


class Late:
    """Hands the same bytes to every worker that asks, over connections of this machine, once it has them.

    A worker that is begun anew in the place of a killed one asks again.
    """

    def __init__(self) -> None:
        self._content = b""
        self._there = threading.Event()
        self._key = secrets.token_bytes(16)
        self._listener = Listener(("127.0.0.1", 0), authkey=self._key, backlog=64)
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def where(self) -> tuple[Any, bytes]:
        """Address and key that `asked_for` needs."""
        return self._listener.address, self._key

    def give(self, content: bytes) -> None:
        """Here it is."""
        self._content = content
        self._there.set()

    def _serve(self) -> None:
        while self._open:
            # A worker that is killed meanwhile, or a stranger without the key: the next one, please.
            with suppress(OSError, EOFError, AuthenticationError), self._listener.accept() as connection:
                self._there.wait()
                connection.send_bytes(self._content)

    def close(self) -> None:
        """Stop; a last call, which says nothing, lets the thread look up where it still waits for one."""
        if self._open:
            self._open = False
            self._there.set()
            with suppress(OSError):
                socket.create_connection(self.where[0]).close()
            self._listener.close()


def asked_for(address: Any, key: bytes) -> bytes:  # noqa: ANN401 (of a listener)
    """Wait in a worker for what it is given."""
    with Client(address, authkey=key) as connection:
        return connection.recv_bytes()
