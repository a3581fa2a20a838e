"""The command ``claims``: a ledger, its files, and one sentence on a mistake."""

import pandas as pd
import pytest

from sensitivity.claims.arms import EPOCHS


@pytest.fixture
def short(monkeypatch):
    """Two epochs per training: what is found means nothing, but all of it is done."""
    for dataset in EPOCHS:
        monkeypatch.setitem(EPOCHS, dataset, 2)


@pytest.mark.parametrize("name", ["momentum-beats-sdg", "nonsense"])
def test_an_unknown_claim_is_one_sentence(command, tmp_path, assert_one_sentence, name):
    """It names what was given, and what was meant where that is near; nothing is made."""
    meant = ["momentum-beats-sgd"] if name != "nonsense" else []
    assert_one_sentence(command("claims", name, "--out", tmp_path / "c"), name, *meant)
    assert not (tmp_path / "c").exists()


def test_claims_on_surfaces_need_no_training(command, tmp_path):
    """Saddle and plateau: a ledger of one, its three tables, a forest plot and a page that loads nothing."""
    code, out, _ = command("claims", "saddle-stall", "--out", tmp_path / "c", "--workers", 1)
    assert code == 0
    assert "saddle-stall" in out
    ledger = pd.read_csv(tmp_path / "c" / "tables" / "ledger.csv")
    parts = pd.read_csv(tmp_path / "c" / "tables" / "parts.csv")
    assert ledger["claim"].tolist() == ["saddle-stall"]
    assert ledger["verdict"].tolist() == ["supported"]
    assert parts["part"].tolist() == [
        "steps to leave the saddle: sgd over momentum",
        "steps to leave the plateau: sgd over momentum",
    ]
    assert (tmp_path / "c" / "figures" / "forest_ratio.png").stat().st_size > 10_000
    page = (tmp_path / "c" / "claims.html").read_text(encoding="utf-8")
    assert "Gradient descent stalls on saddles" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert not (tmp_path / "c" / "trainings").exists()


@pytest.mark.usefixtures("short")
def test_an_interrupt_says_how_to_go_on(command, tmp_path, monkeypatch, assert_one_sentence):
    """Ctrl-C in the middle: what was trained stays, exit code 130, and the same command finishes it.

    A folder holds one ledger: with another seed the same command is refused, trainings are not mixed.
    """
    from sensitivity.claims import trainings

    real, done = trainings.run, []

    def interrupted(*arguments, **options):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(arguments)
        return real(*arguments, **options)

    monkeypatch.setattr(trainings, "run", interrupted)
    asked = ("claims", "planted-false", "--out", tmp_path / "c", "--workers", 1)
    code, _, errors = command(*asked)
    assert code == 130
    assert "same command goes on" in errors
    monkeypatch.setattr(trainings, "run", real)
    assert command(*asked)[0] == 0
    assert len(list((tmp_path / "c" / "trainings").iterdir())) == 3 * 7
    assert_one_sentence(command(*asked, "--seed", 1), "seed: 0", "--out")
