"""What people read, in their language: one file of messages per room and language, beside this one.

A message says what the numbers say; numbers and names come from the tables. No code reads a message.
"""

from sensitivity.language.saying import (
    LANGUAGES,
    VARIABLE,
    Voice,
    chosen,
    in_english,
    is_marking,
    language,
    marking,
    say,
    say_of,
    speaking,
)

__all__ = [
    "LANGUAGES",
    "VARIABLE",
    "Voice",
    "chosen",
    "in_english",
    "is_marking",
    "language",
    "marking",
    "say",
    "say_of",
    "speaking",
]
