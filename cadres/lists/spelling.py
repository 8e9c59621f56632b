"""Words as they are compared: without diacritics, case or punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cadres.workbook.syllables import is_syllable, words

_SPACES = re.compile(r"[\s\u200b\ufeff\u2060]+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_MARKS = re.compile("[\u0300-\u036f]")


@lru_cache(maxsize=100_000)
def tidy(text: str) -> str:
    """Text in NFC with every kind of space as one blank, none at the ends, no invisible signs."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("\xad", "")
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """`Họ và tên (khai sinh)` -> `ho va ten khai sinh`."""
    lower = unicodedata.normalize("NFD", text.lower()).replace("đ", "d").replace("ð", "d")
    return _NOT_WORD.sub(" ", _MARKS.sub("", lower)).strip()


def vietnamese_share(text: str) -> float:
    """Of the words beyond ASCII, the share that are Vietnamese syllables."""
    found = words(text)
    return sum(map(is_syllable, found)) / len(found) if found else 0.0


def is_capitals(text: str) -> bool:
    """Whether a text has letters and all of them are capitals."""
    return text.isupper() and len([sign for sign in text if sign.isalpha()]) > 1
