"""Remarks: data that puts itself into words, in a file and for another process."""

import pickle

import pandas as pd

from sensitivity.remarks import Judgement, Remark, Remarks, has, worded

FEW = Remark("few", "only {} trials:")
LOST = Remark("lost", "{:.0%} lost")


def test_another_process_gets_the_same_remarks():
    """Tables go from process to process by pickle; what was said arrives as it was."""
    said = Remarks(FEW(3), LOST(0.5))
    again = pickle.loads(pickle.dumps(said))  # noqa: S301 (our own)
    assert again == said
    assert again.has(LOST)


def test_words_are_made_of_judgement_and_remarks_last():
    """The judgement first; a colon introduces what follows; an empty cell has neither words nor remarks."""
    table = pd.DataFrame({"judgement": [Judgement.ABOVE.value, "", None]})
    table["remarks"] = [Remarks(FEW(3), LOST(0.5)), Remarks(), None]
    assert worded(table)["verdict"].tolist() == [
        "above the noise of the seed; only 3 trials: 50% lost", "", "",
    ]  # fmt: skip
    assert has(table["remarks"], LOST) == [True, False, False]
    assert str(table["remarks"][0]) == "few(3); lost(0.5)"
