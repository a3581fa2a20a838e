"""Remarks: data that puts itself into words, in a file and for another process."""

import pickle

import pandas as pd

from sensitivity.language import Voice, speaking
from sensitivity.remarks import Judgement, Phrase, Remark, Remarks, Several, has, told, worded

FEW = Remark("few_configurations", (",",), "few_configurations-then")
LOST = Remark("no_median", (".0%",))
ANYTHING = Voice(trial="trial", noise="replicate", failure="failure", progress="step", reference="reference")


def table():
    """Three rows: judged and remarked on, silent, empty."""
    found = pd.DataFrame({"judgement": [Judgement.ABOVE.value, "", None]})
    found["remarks"] = [Remarks(FEW(3), LOST(0.5, 9)), Remarks(), None]
    return found


def test_another_process_gets_the_same_remarks():
    """Tables go from process to process by pickle; what was said arrives as it was."""
    said = Remarks(FEW(3), LOST(0.5, 9))
    again = pickle.loads(pickle.dumps(said))  # noqa: S301 (our own)
    assert again == said
    assert again.has(LOST)


def test_words_are_made_of_judgement_and_remarks_last():
    """The judgement first; a colon introduces what follows; an empty cell has neither words nor remarks."""
    first, *others = worded(table())["verdict"]
    assert first == (
        "above the noise of the seed; only 3 configurations: fewer than half (50%) reach the target within "
        "9 epochs: no median"
    )
    assert others == ["", ""]
    assert has(table()["remarks"], LOST) == [True, False, False]
    assert str(table()["remarks"][0]) == "few_configurations(3); no_median(0.5, 9)"


def test_a_file_is_english_and_a_person_is_told_in_the_language_and_the_voice():
    """The verdict in a file is the same whatever the language; a table read from one stays as it is."""
    with speaking("ko", ANYTHING):
        written = worded(table())
        assert written["verdict"][0] == worded(table())["verdict"][0]
        assert written["verdict"][0].startswith("above the noise of the seed; only 3 configurations: ")
        assert told(written)["verdict"][0].startswith("노이즈보다 뚜렷하다; 구성이 3개뿐이다: 9 단계 안에")
        read = written.assign(remarks=written["remarks"].map(str))
        assert told(read)["verdict"].tolist() == written["verdict"].tolist()
    with speaking(voice=ANYTHING):
        assert told(table())["verdict"][0].endswith("within 9 steps: no median")


def test_names_and_phrases_are_joined_in_the_language():
    """In a file they are English; what joins them is a message."""
    laws = Several((Phrase("law-flat"), Phrase("law-linear")), "two-or")
    remark = Remark("several_laws")
    with speaking("ko"):
        assert remark(laws).words == "일정 (0) 또는 선형 (1): 구별할 수 없다"
        assert str(remark(laws)) == "several_laws(flat (0) or linear (1))"
        assert Several(("adam", "sgd", "lion"), "two-and").words == "adam, sgd와 lion"
    assert Several(("adam",), "two-and").words == "adam"
    assert Remark("few_configurations", (",",), "few_configurations-stability")(1).words.endswith(
        "only 1 configuration"
    )
