"""A Word document for a page: its paragraphs and tables in order, as far as a reader needs them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table
from docx.text.paragraph import Paragraph

_ALIGNED: dict[Any, str] = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right"}


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph with one look."""

    text: str
    is_bold: bool
    is_italic: bool


@dataclass(frozen=True)
class Block:
    """A paragraph (`runs`), or a table (`rows` of cells, each with its blocks)."""

    runs: tuple[Run, ...] = ()
    align: str = ""
    rows: tuple[tuple[tuple[Block, ...], ...], ...] = ()


def word_shown(body: bytes) -> list[Block]:
    """What stands in a document."""
    return list(_blocks(Document(io.BytesIO(body))))


def _blocks(place: Any) -> Iterator[Block]:
    for each in place.iter_inner_content():
        if isinstance(each, Paragraph):
            runs = tuple(
                Run(run.text, bool(run.bold), bool(run.italic)) for run in each.runs if run.text
            )
            if runs:
                yield Block(runs, _ALIGNED.get(each.alignment, ""))
        elif isinstance(each, Table):
            yield Block(rows=tuple(_row(row) for row in each.rows))


def _row(row: Any) -> tuple[tuple[Block, ...], ...]:
    """The cells, those merged sideways once."""
    cells: list[Any] = []
    for cell in row.cells:
        if not cells or cells[-1]._tc is not cell._tc:
            cells.append(cell)
    return tuple(tuple(_blocks(cell)) for cell in cells)
