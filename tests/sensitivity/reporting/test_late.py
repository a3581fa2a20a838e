"""What workers are given once it is there, over connections of this machine."""

import threading
from contextlib import suppress
from multiprocessing import AuthenticationError

import pytest

from sensitivity.reporting.late import Late, asked_for


def test_everybody_who_asks_waits_and_gets_the_same():
    """Before it is there and afterwards; a stranger without the key gets nothing and stops nobody."""
    late, found = Late(), []
    address, key = late.where
    threads = [threading.Thread(target=lambda: found.append(asked_for(address, key))) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert found == []
    late.give(b"a study")
    for thread in threads:
        thread.join(30)
    with pytest.raises(AuthenticationError):
        asked_for(address, b"another key")
    assert [*found, asked_for(address, key)] == [b"a study"] * 3
    late.close()
    with pytest.raises(OSError, match=r"refused|reset"):
        asked_for(address, key)


def test_one_that_never_had_anything_closes():
    """While somebody waits for it, too."""
    late = Late()

    def ask():
        with suppress(OSError, EOFError):
            asked_for(*late.where)

    waiting = threading.Thread(target=ask)
    waiting.start()
    late.close()
    late.close()
    waiting.join(30)
    assert not waiting.is_alive()
