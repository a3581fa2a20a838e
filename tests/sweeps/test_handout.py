"""What workers need is handed to each that asks, whoever else is connected."""

import socket
import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client

import pytest

from sweeps.handout import Handout


def test_who_says_nothing_keeps_nobody_waiting():
    """A stranger connects and is silent: a worker is served, and closing does not wait for him."""
    handout = Handout(int)
    address, key = handout.where
    with socket.create_connection(address):
        served = []

        def ask():
            with Client(address, authkey=key) as connection:
                served.append(connection.recv_bytes())

        for work in (ask, handout.close):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            thread.join(30)
            assert not thread.is_alive()
    assert served == [handout._content]


def test_who_does_not_know_the_key_gets_nothing():
    """Any user of the machine can connect."""
    handout = Handout(int)
    with pytest.raises(AuthenticationError):
        Client(handout.where[0], authkey=b"guessed")
    handout.close()
