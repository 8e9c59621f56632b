"""The portal's own Word templates of tables on paper, written from the columns of each form.

An office copies one, changes it in Word, and puts it into the folder that DOCUMENT_TEMPLATES names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cadres.exports.papers import (
    BOTTOM,
    CENTRED,
    FONT,
    LEFT,
    RIGHT,
    RIGHT_ALIGNED,
    TABLE_SIZE,
    TITLE_SIZE,
    TOP,
    WIDTH,
    PaperColumn,
    head_cells,
)
from cadres.papers import PARTY, STAR

_HEIGHT, _HEAD_SIZE, _END_SIZE = 210, 13, 11
_ALIGNED = {CENTRED: WD_ALIGN_PARAGRAPH.CENTER, RIGHT_ALIGNED: WD_ALIGN_PARAGRAPH.RIGHT}
#: So that a template written anew is the same file, byte for byte.
_MADE_ON = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def write_template(path: Path, tables: Sequence[tuple[str, Sequence[PaperColumn]]]) -> None:
    """Write the template of a paper; `tables`: caption and columns of each."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = _MADE_ON
    _set_page(document)
    _write_head(document)
    _say(document, "{{ title }}", bold=True, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _say(document, "{%p for line in under_title %}")
    _say(document, "{{ line }}", italic=True, size=_HEAD_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _say(document, "{%p endfor %}")
    for number, (caption, columns) in enumerate(tables):
        _say(document, caption, bold=True, size=_HEAD_SIZE if caption else 6, before=4)
        _write_table(document, columns, "rows" if number == 0 else f"tables[{number}]")
    _say(document, "{%p for note in notes %}")
    _say(document, "{{ note }}", italic=True, size=_END_SIZE, before=3)
    _say(document, "{%p endfor %}")
    _write_end(document)
    document.save(str(path))


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(WIDTH), Mm(_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(TITLE_SIZE)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = number.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _say(
    place: Any,
    text: str,
    *,
    size: float = TABLE_SIZE,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    align: Any = None,
    before: float = 0,
) -> Any:
    """A paragraph in a document, or the next one in a cell."""
    paragraph = place.add_paragraph() if _is_used(place) else place.paragraphs[0]
    if before:
        paragraph.paragraph_format.space_before = Pt(before)
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), FONT
    run.bold, run.italic, run.underline = bold, italic, underline
    return paragraph


def _is_used(place: Any) -> bool:
    """Whether the text has to begin a new paragraph: a new cell has an empty one already."""
    is_cell = hasattr(place, "_tc")
    return not is_cell or len(place.paragraphs) > 1 or bool(place.paragraphs[0].text)


def _write_head(document: Any) -> None:
    left, right = _halves(document)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _say(left, "{{ superior }}", size=_HEAD_SIZE, align=centre)
    _say(left, "{{ body }}", size=_HEAD_SIZE, bold=True, align=centre)
    _say(left, STAR, size=_HEAD_SIZE, align=centre)
    _say(right, PARTY, size=_HEAD_SIZE, bold=True, underline=True, align=centre)
    _say(right, "{{ place_and_day }}", size=_HEAD_SIZE, italic=True, align=centre, before=6)
    _say(document, "", size=6)


def _write_end(document: Any) -> None:
    _say(document, "", size=6)
    left, right = _halves(document)
    _say(left, "{%p if recipients %}")
    _say(left, "Nơi nhận:", size=_END_SIZE, underline=True)
    _say(left, "{%p for line in recipients %}")
    _say(left, "{{ line }}", size=_END_SIZE)
    _say(left, "{%p endfor %}")
    _say(left, "{%p endif %}")
    _say(right, "{%p for line in signature %}")
    _say(right, "{{ line }}", size=_HEAD_SIZE, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    _say(right, "{%p endfor %}")


def _halves(document: Any) -> tuple[Any, Any]:
    """Two cells side by side without lines."""
    usable = WIDTH - LEFT - RIGHT
    widths = (usable * 0.4, usable * 0.6)
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        column.cells[0].width = Mm(width)
    _mark(table.rows[0], "w:cantSplit")
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _write_table(document: Any, columns: Sequence[PaperColumn], rows: str) -> None:
    heads = head_cells(columns)
    deep = max(cell.row + cell.rows for cell in heads)
    table = document.add_table(rows=deep, cols=len(columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(table)
    usable = WIDTH - LEFT - RIGHT
    scale = usable / sum(column.width for column in columns)
    widths = [Mm(column.width * scale) for column in columns]
    for place, width in enumerate(widths):
        table.columns[place].width = width
    for head in heads:
        last = table.cell(head.row + head.rows - 1, head.column + head.columns - 1)
        cell = table.cell(head.row, head.column)
        if cell._tc is not last._tc:
            cell = cell.merge(last)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        _say(cell, head.text, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    for row in table.rows:
        _mark(row, "w:tblHeader")
        _mark(row, "w:cantSplit")
    _tag_row(table, f"{{%tr for row in {rows} %}}")
    _tag_row(table, "{%tr if row.text %}")
    over = _new_row(table)
    heading = _say(over.cells[0].merge(over.cells[-1]), "{{ row.text }}", bold=True)
    heading.paragraph_format.keep_with_next = True
    for tag, is_total in (("{%tr elif row.is_total %}", True), ("{%tr else %}", False)):
        _tag_row(table, tag)
        for column, cell in zip(columns, _new_row(table).cells, strict=True):
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            _say(
                cell,
                f"{{{{ row.{column.key} }}}}",
                bold=is_total,
                align=_ALIGNED.get(column.align),
            )
    _tag_row(table, "{%tr endif %}")
    _tag_row(table, "{%tr endfor %}")
    for row in table.rows:
        for cell, width in zip(row._tr.tc_lst, widths, strict=False):
            if cell.grid_span == 1:
                cell.width = width


def _narrow_margins(table: Any) -> None:
    """Cells of Word stand 1,9 mm off their lines, which is much where a page has twenty columns."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")  # twentieths of a point
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _tag_row(table: Any, tag: str) -> None:
    """A row that only holds a tag: it vanishes when the template is filled."""
    _say(_new_row(table).cells[0], tag)


def _new_row(table: Any) -> Any:
    row = table.add_row()
    for cell in row.cells:
        space = cell.paragraphs[0].paragraph_format
        space.space_before = space.space_after = Pt(1.5)
    _mark(row, "w:cantSplit")
    return row


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
