"""Letters of Party bodies as Word and PDF: a text, and a list of people that may follow it.

REGULATIONS section 10 (qd-399-2026, hd-05-2026): A4, margins 20, 20, 30 and 15 mm, Times New Roman
14, first lines indented by 10 mm, lines of 18 points, the number under the issuing body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cadres.exports.papers import PDF, PaperTable, compile_pdf, typst_table, word_rows
from cadres.exports.word import DOCX, render_word
from cadres.papers import PaperHead

#: Styles of lines: the heading of a part, of a part of it, of a part of that, the text itself, and
#: words in the middle.
HEADING, ITEM, SUB, TEXT, MIDDLE = "heading", "item", "sub", "text", "middle"


@dataclass(frozen=True)
class Bar:
    """A line of a drawing: how a whole falls into parts, each drawn as long as it is."""

    label: str
    parts: tuple[int, ...]
    text: str = ""


@dataclass(frozen=True)
class Bars:
    """A drawing of bars; `legend`: what the parts are, the darkest first."""

    caption: str
    legend: tuple[str, ...]
    rows: tuple[Bar, ...]


@dataclass(frozen=True)
class Line:
    """A paragraph of a letter; or, instead of its text, a table or a drawing."""

    text: str = ""
    style: str = TEXT
    table: PaperTable | None = None
    bars: Bars | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter. `template`: the Word file it fills, without the ending.

    `number`: with its word, "Số 12-TTr/TU"; `kind`: the type's name; `about`: what it is about;
    `to`: whom it is for, with its word, "" for nobody in particular; `annex`: a list on a page of
    its own; `signer`: the name under the signature; `signers`: who sign side by side, each in
    lines, instead of the one signature; the rest as of `Paper`.
    """

    template: str
    head: PaperHead
    number: str
    kind: str
    about: str
    to: str
    lines: Sequence[Line]
    annex: PaperTable | None
    signature: Sequence[str]
    recipients: Sequence[str]
    is_sensitive: bool
    people: int | None
    signer: str = ""
    signers: Sequence[Sequence[str]] = ()

    @property
    def row_count(self) -> int:
        """How many rows of its list and its tables tell of something."""
        tables = [self.annex, *(line.table for line in self.lines)]
        return sum(bool(row.cells) for table in tables if table for row in table.rows)


def make_letter(letter: Letter, file_format: str) -> bytes:
    """The letter as DOCX or PDF."""
    return _MAKERS[file_format](letter)


def _fields(letter: Letter) -> dict[str, Any]:
    """What both kinds of templates may name."""
    return {
        "number": letter.number,
        "kind": letter.kind,
        "about": letter.about,
        "to": letter.to,
        "lines": [{"text": line.text, "style": line.style} for line in letter.lines],
        "signature": list(letter.signature),
        "signer": letter.signer,
        "recipients": list(letter.recipients),
    }


def _make_docx(letter: Letter) -> bytes:
    annex = letter.annex
    fields = {
        **asdict(letter.head),
        **_fields(letter),
        "caption": annex.caption if annex else "",
        "rows": word_rows(annex) if annex else [],
    }
    return render_word(f"{letter.template}.docx", fields)


def _typst_line(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "style": line.style,
        "table": typst_table(line.table) if line.table else None,
        "bars": asdict(line.bars) if line.bars else None,
    }


def _make_pdf(letter: Letter) -> bytes:
    data = {
        "head": asdict(letter.head),
        **_fields(letter),
        "lines": [_typst_line(line) for line in letter.lines],
        "signers": [list(lines) for lines in letter.signers],
        "annex": typst_table(letter.annex) if letter.annex else None,
    }
    return compile_pdf("letter.typ", data)


_MAKERS: dict[str, Callable[[Letter], bytes]] = {DOCX: _make_docx, PDF: _make_pdf}
