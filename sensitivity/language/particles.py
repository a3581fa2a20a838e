"""Korean particles: which of a pair such as 은/는 follows a word depends on the sound of its end."""

from __future__ import annotations

from typing import Final

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28  # Hangul syllables: 28 for each beginning, the first open
_RIEUL: Final = 8  # place of the final ㄹ
_DIGITS: Final = {"0": 1, "1": _RIEUL, "3": 1, "6": 1, "7": _RIEUL, "8": _RIEUL}  # 영 일 삼 육 칠 팔
# As an English word is written in Hangul: 롤, 아담, 라운, 롭; 에타 is open.
_LETTERS: Final = {"l": _RIEUL, "m": 1, "n": 1, "p": 1}
# 네임, 라인, 스케일 (their e is silent), 트레이닝, 블록, 데이터셋, 드롭아웃; but 랭크, 웨이트, 콘스턴트.
_ENDS: Final = {"me": 1, "ne": 1, "le": _RIEUL, "ng": 1, "ck": 1, "et": 1, "ut": 1}
_READ: Final = {"%": 0, "β": 0, "ρ": 0, "η": 0}  # 퍼센트, 베타, 로, 에타


def final(word: str) -> int:
    """Place of the final consonant of the last letter that is heard; 0: it ends in a vowel."""
    for place in range(len(word), 0, -1):
        letter = word[place - 1]
        if _FIRST <= ord(letter) <= _LAST:
            return (ord(letter) - _FIRST) % _FINALS
        if (pair := word[max(place - 2, 0) : place].lower()) in _ENDS:
            return _ENDS[pair]
        if letter.isalnum() or letter in _READ:
            return _DIGITS.get(letter, _LETTERS.get(letter.lower(), _READ.get(letter, 0)))
    return 0


def with_particle(word: str, pair: str) -> str:
    """Word with the particle that fits, of ``closed/open``: 은/는, 이/가, 을/를, 과/와, 으로/로, 이라/라.

    After ㄹ it is 로, not 으로.
    """
    closed, _, open_ = pair.partition("/")
    end = final(word)
    is_open = end == 0 or (closed == "으로" and end == _RIEUL)
    return word + (open_ if is_open else closed)
