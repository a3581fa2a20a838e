"""Claims that train for two epochs."""

import pytest

from sensitivity.claims.arms import EPOCHS


@pytest.fixture
def short(monkeypatch):
    """Two epochs per training: what is found means nothing, but all of it is done."""
    for dataset in EPOCHS:
        monkeypatch.setitem(EPOCHS, dataset, 2)
