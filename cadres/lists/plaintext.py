"""Rows of a .csv or .txt file: its encoding and its delimiter are worked out from the content."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from itertools import islice

from cadres.lists.spelling import vietnamese_share
from cadres.workbook import encodings

_DELIMITERS = ",;\t|"
_LOOKED_AT = 40_000
_MOST_ROWS = 400_000


def rows(data: bytes) -> list[list[str]] | None:
    """The rows as Excel would number them; None when the bytes are no text."""
    text = decode(data)
    if text is None:
        return None
    delimiter, text = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        return list(islice(reader, _MOST_ROWS))
    except csv.Error:  # a stray quote swallowed the file: take the lines as they are
        return [line.split(delimiter) for line in text.splitlines()][:_MOST_ROWS]


def decode(data: bytes) -> str | None:
    """Text of a file without a word about its encoding.

    UTF-8 and UTF-16 show themselves. Of the one-byte code pages the one is taken under which most
    words are Vietnamese syllables: Windows-1258, or Latin letters that stand for TCVN3 or VNI
    (left as they are here; the whole list is converted later, and the report says so).
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if (guess := _utf_16_without_mark(data)) is not None:
        return guess
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _one_byte(data)
    return text if _is_text(text) else None


def _utf_16_without_mark(data: bytes) -> str | None:
    head = data[:2000]
    for encoding, nulls in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if nulls.count(0) > len(nulls) * 0.4:
            return data.decode(encoding, "replace")
    return None


def _is_text(text: str) -> bool:
    head = text[:_LOOKED_AT]
    odd = sum(1 for sign in head if sign < " " and sign not in "\t\r\n\x0b\x0c\x1a")
    return odd * 100 <= len(head)


def _one_byte(data: bytes) -> str:
    latin = data.decode("cp1252", "replace").replace("\ufffd", " ")
    windows = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    sample = latin[:_LOOKED_AT]
    legacy = max(
        vietnamese_share(encodings.convert(sample, encoding)) for encoding in ("tcvn3", "vni")
    )
    if vietnamese_share(windows[:_LOOKED_AT]) >= legacy:
        return windows
    return data.decode("latin-1")


def _delimiter(text: str) -> tuple[str, str]:
    """The delimiter, and the text without the line `sep=;` that Excel understands."""
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], "\n" + rest
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        lines = csv.reader(io.StringIO(text[:_LOOKED_AT], newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(line) for line in lines if len(line) > 1)
        except csv.Error:
            continue
        score = max((count * min(width, 40) for width, count in widths.items()), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best, text
