"""Text in TCVN3 (`.VnTime`) or VNI turned into Unicode, never touching what is Unicode already."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import viparse

#: Names as people know them.
NAMES = {"tcvn3": "TCVN3", "vni": "VNI"}

#: Letters of Vietnamese that exist in Unicode only: a text with one of them is no legacy text.
_UNICODE_ONLY = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af"
    "\u01b0\u0300-\u036f\u1ea0-\u1ef9]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# viparse knows no ẳ of VNI.
_VNI_MISSING = (("aú", "ẳ"), ("AÚ", "Ẳ"), ("Aú", "Ẳ"))
#: Whole-sheet recognition needs this much text, and at most this much is looked at.
_LEAST, _MOST = 24, 20_000


def is_candidate(text: str) -> bool:
    """Whether a text may be legacy: it has letters beyond ASCII, none of them Unicode-only."""
    return not text.isascii() and not _UNICODE_ONLY.search(text)


def recognise(texts: Iterable[str]) -> str | None:
    """The encoding of a whole sheet's texts, or None: Unicode, another language, too little."""
    sample: list[str] = []
    length = legacy = unicode = 0
    seen: set[str] = set()
    for text in texts:
        if text.isascii() or text in seen:
            continue
        seen.add(text)
        if _UNICODE_ONLY.search(unicodedata.normalize("NFC", text)):
            unicode += 1
            continue
        legacy += 1
        sample.append(text)
        length += len(text)
        if length > _MOST:
            break
    if length < _LEAST or unicode > legacy:
        return None
    encoding = viparse.detect_text_encoding("\n".join(sample))
    return encoding if encoding in NAMES else None


def convert(text: str, encoding: str) -> str:
    """Legacy text as Unicode (NFC). Text with Unicode-only letters comes back as it is."""
    if not is_candidate(text):
        return text
    if encoding == "vni":
        for legacy, letter in _VNI_MISSING:
            text = text.replace(legacy, letter)
    return viparse.fix(text, encoding=encoding)
