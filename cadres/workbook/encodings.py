"""Text in TCVN3 (`.VnTime`) or VNI turned into Unicode, never touching what is Unicode already.

The font of a cell decides where the file says it. Otherwise a whole sheet is looked at: many of
its words make no Vietnamese syllable as they stand and do so once converted. In a sheet that has
Unicode text as well, only such cells are converted, and doubtful ones beside them in their row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

import viparse

from cadres.workbook.syllables import is_syllable, words

#: Names as people know them. `tcvn3h` is TCVN3 in a font that shows small letters as capitals.
NAMES = {"tcvn3": "TCVN3", "tcvn3h": "TCVN3", "vni": "VNI"}
#: Those that can be told from the text alone.
_TOLD = ("tcvn3", "vni")
#: So many different words have to speak for an encoding.
_LEAST_WORDS = 3

#: Letters of Vietnamese that exist in Unicode only: a text with one of them is no legacy text.
_UNICODE_ONLY = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0"
    "\u0300\u0301\u0303\u0309\u0323\u0306\u0302\u031b\u1ea0-\u1ef9]"
)
#: Signs that a Vietnamese word never holds, but its legacy spelling does.
_SIGN = re.compile("[\u00a1-\u00bf\u00d7\u00f7]")
# viparse knows no ẳ of VNI.
_VNI_MISSING = (("aú", "ẳ"), ("AÚ", "Ẳ"), ("Aú", "Ẳ"))


class Kind(Enum):
    """What a text is, with one encoding in mind."""

    PLAIN = auto()  # the same in both
    UNICODE = auto()
    LEGACY = auto()
    DOUBTFUL = auto()  # reads well both ways
    FOREIGN = auto()  # reads well in neither


@dataclass(frozen=True)
class Recognised:
    """The encoding of a sheet, and whether it has Unicode text as well."""

    encoding: str
    is_mixed: bool


def font_encoding(name: str) -> str | None:
    """The encoding that text in this font is written in, or None for a Unicode font."""
    upper = name.upper()
    if upper.startswith(".VN"):
        return "tcvn3h" if upper.rstrip(" 0123456789").endswith("H") else "tcvn3"
    return "vni" if upper.startswith("VNI") else None


@lru_cache(maxsize=50_000)
def convert(text: str, encoding: str) -> str:
    """Legacy text as Unicode (NFC). Text with Unicode-only letters comes back as it is."""
    if _UNICODE_ONLY.search(text):
        return text
    if encoding == "tcvn3h":
        return viparse.fix(text, encoding="tcvn3").upper()
    if encoding == "vni":
        for legacy, letter in _VNI_MISSING:
            text = text.replace(legacy, letter)
    return viparse.fix(text, encoding=encoding)


@lru_cache(maxsize=50_000)
def kind_of(text: str, encoding: str) -> Kind:
    """What `text` is if it is not simply in `encoding`."""
    if text.isascii():
        return Kind.PLAIN
    if _UNICODE_ONLY.search(text):
        return Kind.UNICODE
    as_it_is = all(is_syllable(word) for word in words(text))
    now = convert(text, encoding)
    if now == text:
        return Kind.PLAIN if as_it_is else Kind.FOREIGN
    converted = all(is_syllable(word) for word in words(now))
    if as_it_is:
        return Kind.DOUBTFUL if converted else Kind.UNICODE
    return Kind.LEGACY if converted else Kind.FOREIGN


def recognise(texts: Iterable[str]) -> Recognised | None:
    """The legacy encoding of a whole sheet's texts; None when it has none worth speaking of."""
    evidence: dict[str, set[str]] = {encoding: set() for encoding in _TOLD}
    unicode: Counter[str] = Counter()
    for text in _different(texts):
        for encoding in _TOLD:
            kind = kind_of(text, encoding)
            if kind is Kind.UNICODE:
                unicode[encoding] += 1
            elif kind is Kind.LEGACY:
                evidence[encoding].update(word for word in words(text) if len(word) > 1)
    encoding = max(_TOLD, key=lambda name: len(evidence[name]))
    if len(evidence[encoding]) < _LEAST_WORDS:
        return None
    return Recognised(encoding, is_mixed=unicode[encoding] > 0)


def _different(texts: Iterable[str]) -> Iterable[str]:
    """Texts beyond ASCII, once each as far as memory allows."""
    seen: set[str] = set()
    for text in texts:
        if not text.isascii() and text not in seen:
            if len(seen) < 100_000:
                seen.add(text)
            yield text


def convert_row(cells: list[str], sheet: Recognised) -> list[str]:
    """The texts of one row of a recognised sheet, converted where that is right."""
    kinds = [kind_of(cell, sheet.encoding) for cell in cells]
    is_legacy_row = Kind.LEGACY in kinds and Kind.UNICODE not in kinds
    trusted = not sheet.is_mixed or is_legacy_row
    return [
        convert(cell, sheet.encoding) if _needs(cell, kind, is_trusted=trusted) else cell
        for cell, kind in zip(cells, kinds, strict=True)
    ]


def _needs(text: str, kind: Kind, *, is_trusted: bool) -> bool:
    if kind is Kind.LEGACY:
        return True
    if kind is Kind.FOREIGN:
        return is_trusted and bool(_SIGN.search(text))
    return kind is Kind.DOUBTFUL and is_trusted
