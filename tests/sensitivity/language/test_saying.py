"""A message in a language and a voice; Korean particles after words and numbers."""

import os
import subprocess
import sys

import pytest

from sensitivity.language import Voice, chosen, language, say, say_of, speaking
from sensitivity.language.metrics import in_files, metric_words
from sensitivity.language.particles import with_particle
from sensitivity.pictures import labels
from sensitivity.words import spans
from sweeps.errors import DefinitionError

ANYTHING = Voice(trial="trial", noise="replicate", failure="failure", progress="step", reference="reference")


def test_the_language_is_english_unless_asked(monkeypatch):
    """Inside `speaking` another, afterwards as before."""
    monkeypatch.delenv("SENSITIVITY_LANGUAGE", raising=False)
    assert (language(), say("glossary.setting")) == ("en", "setting")
    with speaking("ko"):
        assert (language(), say("glossary.setting")) == ("ko", "설정")
    assert language() == "en"
    monkeypatch.setenv("SENSITIVITY_LANGUAGE", "ko")
    assert say("glossary.setting") == "설정"


def test_the_voice_chooses_the_words():
    """Networks diverge, anything else fails; the noise is the seed's where there are seeds."""
    assert (say("glossary.diverged"), say("glossary.noise")) == ("diverged", "noise of the seed")
    with speaking(voice=ANYTHING):
        assert (say("glossary.diverged"), say("glossary.noise")) == ("failed", "noise")
        with speaking("ko"):
            assert (say("glossary.diverged"), say("glossary.noise")) == ("실패", "노이즈")


def test_a_mistake_of_ours_is_loud():
    """No message, or a variable that is not given: an error, not a hole in the page."""
    with pytest.raises(LookupError):
        say("glossary.no-such-message")
    with pytest.raises(LookupError, match="branch-means"):
        say("glossary.branch-means")


def test_no_such_language():
    """One sentence and exit code 2, whether the option or the environment names it."""
    with pytest.raises(DefinitionError, match="no language 'fr'; there are en and ko"):
        chosen("fr")
    for words, extra in ((["--language", "fr"], {}), ([], {"SENSITIVITY_LANGUAGE": "fr"})):
        ended = subprocess.run(
            [sys.executable, "-m", "sensitivity", "list", *words],
            capture_output=True,
            text=True,
            env={**os.environ, **extra},
            check=False,
        )
        assert (ended.returncode, "no language 'fr'" in ended.stderr) == (2, True)
        assert "Traceback" not in ended.stderr


def test_a_part_of_a_thing():
    """Heading and question of a section belong together."""
    assert say_of("measures", "tolerance", "question") == "How far may a setting miss its best value?"
    with pytest.raises(LookupError, match=r"measures\.tolerance\.no-such-part"):
        say_of("measures", "tolerance", "no-such-part")


@pytest.mark.parametrize(
    ("word", "pair", "said"),
    [
        ("학습률", "은/는", "학습률은"),
        ("옵티마이저", "은/는", "옵티마이저는"),
        ("배치 크기", "이/가", "배치 크기가"),
        ("학습률", "으로/로", "학습률로"),  # after ㄹ
        ("분산", "으로/로", "분산으로"),
        ("adam", "이/가", "adam이"),
        ("sgd", "이/가", "sgd가"),
        ("model name", "은/는", "model name은"),
        ("scale", "으로/로", "scale로"),
        ("rmsprop", "과/와", "rmsprop과"),  # 롭
        ("dropout", "은/는", "dropout은"),  # 드롭아웃
        ("constant", "은/는", "constant는"),  # 콘스턴트
        ("rank", "이/가", "rank가"),  # 랭크
        ("β", "을/를", "β를"),
        ("3", "과/와", "3과"),  # 삼
        ("2", "과/와", "2와"),  # 이
        ("81.4 %", "이/가", "81.4 %가"),  # 퍼센트
        ("학습률 (η)", "은/는", "학습률 (η)는"),
        ("", "이/가", "가"),
    ],
)
def test_particles(word, pair, said):
    """The sound of the end decides."""
    assert with_particle(word, pair) == said


def test_letters_that_no_font_has_are_not_drawn(monkeypatch):
    """Without a Korean font a picture has English labels; its caption is Korean all the same."""
    with speaking("ko"):
        monkeypatch.setattr(labels, "OTHER_FONTS", ["some font"])
        assert labels.in_picture("captions.main-effect") == say("captions.main-effect") == "주효과"
        monkeypatch.setattr(labels, "OTHER_FONTS", [])
        assert labels.in_picture("captions.main-effect") == "main effect"
        assert say("captions.main-effect") == "주효과"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("validation error (1 − accuracy)", "검증 오차 (1 − 정확도)"),
        ("best validation loss", "가장 낮은 검증 손실"),
        ("val_accuracy (%)", "val_accuracy (%)"),
    ],
)
def test_metrics_of_ours_have_names_and_files_have_them_in_english(label, said):
    """A stranger's metric is called as it is."""
    with speaking("ko"):
        assert metric_words(label) == said
        assert in_files(said) == label
    assert metric_words(label) == label


def test_ranges_in_cells_are_said():
    """Numbers only: a level may have any name."""
    assert spans("0.1 to 3, 5") == "0.1 to 3, 5"
    with speaking("ko"):
        assert spans("9.09e-4 to 1.52, 5 to 7") == "9.09e-4~1.52, 5~7"
        assert spans("seq to seq, up to 3") == "seq to seq, up to 3"
