"""What the portal's own Word templates are built of: pages, paragraphs, halves, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, NamedTuple

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cadres.exports.letters import Bars
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
    PaperColumn,
    PaperRow,
    PaperTable,
    head_cells,
)

HEAD_SIZE, END_SIZE = 13, 11
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_ALIGNED = {CENTRED: CENTRE, RIGHT_ALIGNED: WD_ALIGN_PARAGRAPH.RIGHT}


class Page(NamedTuple):
    """A page in millimetres."""

    width: int
    height: int

    @property
    def usable(self) -> int:
        """The width between the margins."""
        return self.width - LEFT - RIGHT


LYING, STANDING = Page(297, 210), Page(210, 297)


def set_page(document: Any, page: Page) -> None:
    """Size, margins, font, and the number on top from the second page on."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if page == LYING else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
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


def say(
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


def gap(document: Any, points: float) -> None:
    """Room of so many points between a table and what stands beside it."""
    look = document.add_paragraph().paragraph_format
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)


def _is_used(place: Any) -> bool:
    """Whether the text has to begin a new paragraph: a new cell has an empty one already."""
    is_cell = hasattr(place, "_tc")
    return not is_cell or len(place.paragraphs) > 1 or bool(place.paragraphs[0].text)


def halves(document: Any, page: Page) -> tuple[Any, Any]:
    """Two cells side by side without lines."""
    left, right = _cells(document, (page.usable * 0.4, page.usable * 0.6))
    return left, right


def beside(document: Any, page: Page, number: int) -> Sequence[Any]:
    """So many cells side by side without lines, equally wide."""
    return _cells(document, [page.usable / number] * number)


def _cells(document: Any, widths: Sequence[float]) -> Sequence[Any]:
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        column.cells[0].width = Mm(width)
    mark(table.rows[0], "w:cantSplit")
    return list(table.rows[0].cells)


def write_table(document: Any, columns: Sequence[PaperColumn], rows: str, page: Page) -> None:
    """A table that repeats its head; `rows`: what the template calls its rows."""
    table, widths = _empty_table(document, columns, page)
    _tag_row(table, f"{{%tr for row in {rows} %}}")
    _tag_row(table, "{%tr if row.text %}")
    over = _new_row(table)
    heading = say(over.cells[0].merge(over.cells[-1]), "{{ row.text }}", bold=True)
    heading.paragraph_format.keep_with_next = True
    for tag, is_total in (("{%tr elif row.is_total %}", True), ("{%tr else %}", False)):
        _tag_row(table, tag)
        for column, cell in zip(columns, _new_row(table).cells, strict=True):
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            say(
                cell,
                f"{{{{ row.{column.key} }}}}",
                bold=is_total,
                align=_ALIGNED.get(column.align),
            )
    _tag_row(table, "{%tr endif %}")
    _tag_row(table, "{%tr endfor %}")
    _set_widths(table, widths)


def _empty_table(
    document: Any, columns: Sequence[PaperColumn], page: Page
) -> tuple[Any, Sequence[Any]]:
    """A table with its head alone, and how wide its columns are."""
    heads = head_cells(columns)
    deep = max(cell.row + cell.rows for cell in heads)
    table = document.add_table(rows=deep, cols=len(columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(table)
    scale = page.usable / sum(column.width for column in columns)
    widths = [Mm(column.width * scale) for column in columns]
    for place, width in enumerate(widths):
        table.columns[place].width = width
    for head in heads:
        last = table.cell(head.row + head.rows - 1, head.column + head.columns - 1)
        cell = table.cell(head.row, head.column)
        if cell._tc is not last._tc:
            cell = cell.merge(last)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        say(cell, head.text, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    for row in table.rows:
        mark(row, "w:tblHeader")
        mark(row, "w:cantSplit")
    return table, widths


def _set_widths(table: Any, widths: Sequence[Any]) -> None:
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
    say(_new_row(table).cells[0], tag)


def _new_row(table: Any) -> Any:
    row = table.add_row()
    for cell in row.cells:
        space = cell.paragraphs[0].paragraph_format
        space.space_before = space.space_after = Pt(1.5)
    mark(row, "w:cantSplit")
    return row


def mark(row: Any, name: str) -> None:
    """Set a mark of Word on a row."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


class WordTable:
    """A table whose columns are known only when a template is filled: `{{p name }}` puts it there.

    It brings its own lines and letters along, so that it looks the same in any office's template.
    Written as text: python-docx takes a second for a table of a thousand cells.
    """

    def __init__(self, table: PaperTable, page: Page = STANDING) -> None:
        self.table = table
        self._page = page

    def __bool__(self) -> bool:
        """Whether it has rows."""
        return bool(self.table.rows)

    def __html__(self) -> str:
        """The table in the words of Word; docxtpl puts it in place of the paragraph."""
        return str(self)

    def __str__(self) -> str:
        columns = self.table.columns
        scale = self._page.usable / sum(column.width for column in columns)
        widths = [round(column.width * scale * _TWIPS) for column in columns]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = [*_head_rows(columns, widths), *(self._row(row, widths) for row in self.table.rows)]
        return f"<w:tbl>{_TABLE_LOOK}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"

    def _row(self, row: PaperRow, widths: Sequence[int]) -> str:
        if not row.cells:
            return _word_row([_word_cell(row.text, sum(widths), span=len(widths), is_bold=True)])
        return _word_row(
            _word_cell(
                "" if value is None else str(value),
                width,
                align=column.align,
                is_bold=row.is_total,
            )
            for column, width, value in zip(self.table.columns, widths, row.cells, strict=True)
        )


#: Twentieths of a point in a millimetre.
_TWIPS = 1440 / 25.4
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_TABLE_LOOK = (
    '<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/><w:tblBorders>'
    + "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _SIDES)
    + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
    '<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)


def _head_rows(columns: Sequence[PaperColumn], widths: Sequence[int]) -> list[str]:
    """The head, repeated on every page; a cell over two rows is one that goes on below."""
    heads = head_cells(columns)
    rows = []
    for number in range(max(cell.row + cell.rows for cell in heads)):
        cells = []
        for head in sorted(heads, key=lambda cell: cell.column):
            if not head.row <= number < head.row + head.rows:
                continue
            begins = head.row == number
            merged = "" if head.rows == 1 else ("restart" if begins else "continue")
            cells.append(
                _word_cell(
                    head.text if begins else "",
                    sum(widths[head.column : head.column + head.columns]),
                    span=head.columns,
                    align=CENTRED,
                    is_bold=True,
                    merged=merged,
                )
            )
        rows.append(_word_row(cells, "<w:tblHeader/>"))
    return rows


def _word_row(cells: Iterable[str], mark: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{''.join(cells)}</w:tr>"


def _word_cell(
    text: str,
    width: int,
    *,
    span: int = 1,
    align: str = "",
    is_bold: bool = False,
    merged: str = "",
) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merges = f'<w:vMerge w:val="{merged}"/>' if merged else ""
    aligns = f'<w:jc w:val="{align}"/>' if align else ""
    bold = "<w:b/>" if is_bold else ""
    size = round(TABLE_SIZE * 2)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{merges}'
        '<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:spacing w:before="30" w:after="30"/>'
        f'{aligns}</w:pPr><w:r><w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}"/>{bold}'
        f'<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        "</w:tc>"
    )


class WordBars:
    """A drawing of bars in Word: cells that are shaded, as long as their part of the whole is.

    `{{p name }}` puts it there; it can be changed as any table of Word, and prints in black.
    """

    def __init__(self, bars: Bars | None, page: Page = STANDING) -> None:
        self.bars = bars
        self._page = page

    def __bool__(self) -> bool:
        """Whether there is something to draw."""
        return self.bars is not None and bool(self.bars.rows)

    def __html__(self) -> str:
        """The drawing in the words of Word; docxtpl puts it in place of the paragraph."""
        return str(self)

    def __str__(self) -> str:
        if self.bars is None:
            return ""
        whole = round(self._page.usable * _TWIPS)
        step = round(whole * _BAR_SHARE / _STEPS)
        label = round(whole * _LABEL_SHARE)
        text = whole - label - step * _STEPS
        widths = [label, *[step] * _STEPS, text]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        over, last = len(widths), len(self.bars.rows) - 1
        rows = [_bar_row([_bar_cell(_run(self.bars.caption, "<w:i/>"), over, CENTRED)])]
        for number, bar in enumerate(self.bars.rows):
            cells = [_bar_cell(_run(bar.label), 1, RIGHT_ALIGNED)]
            for place, steps in enumerate(steps_of(bar.parts)):
                if steps:
                    cells.append(_bar_cell("", steps, shade=_SHADES[place]))
            cells.append(_bar_cell(_run(bar.text), 1))
            rows.append(_bar_row(cells))
            if number != last:
                rows.append(_bar_row([_bar_cell("", over)], height=_GAP))
        legend = "".join(
            _run("□ " if shade == _WHITE else "■ ", f'<w:color w:val="{_INKS[place]}"/>')
            + _run(f"{word}     ")
            for place, (word, shade) in enumerate(zip(self.bars.legend, _SHADES, strict=False))
        )
        rows.append(_bar_row([_bar_cell(legend, over, CENTRED, is_last=True)]))
        return f"<w:tbl>{_BARS_LOOK}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


#: A bar is so many columns of its table: Word has at most 63.
_STEPS = 50
_LABEL_SHARE, _BAR_SHARE = 0.33, 0.47
#: Between bars, in twentieths of a point.
_GAP = 80
_WHITE = '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
#: The darkest first, as in the PDF.
_SHADES = (
    '<w:shd w:val="clear" w:color="auto" w:fill="5A5A5A"/>',
    '<w:shd w:val="clear" w:color="auto" w:fill="AFAFAF"/>',
    _WHITE,
    '<w:shd w:val="diagStripe" w:color="5A5A5A" w:fill="FFFFFF"/>',
)
_INKS = ("5A5A5A", "AFAFAF", "000000", "5A5A5A")
_BARS_LOOK = (
    '<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
    '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr>"
)
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right")
)


def steps_of(parts: Sequence[int]) -> list[int]:
    """How the steps of a bar fall to its parts: none to nothing, one at least to something."""
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    steps = [max(1, round(part * _STEPS / whole)) if part else 0 for part in parts]
    steps[steps.index(max(steps))] += _STEPS - sum(steps)
    return steps


def _bar_row(cells: Sequence[str], height: int = 0) -> str:
    tall = f'<w:trHeight w:val="{height}" w:hRule="exact"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}</w:trPr>{''.join(cells)}</w:tr>"


def _bar_cell(
    runs: str, span: int, align: str = "", shade: str = "", *, is_last: bool = False
) -> str:
    """`is_last`: of the whole drawing, which else stands on one page."""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    edges = f"<w:tcBorders>{_EDGES}</w:tcBorders>{shade}" if shade else ""
    aligns = f'<w:jc w:val="{align}"/>' if align else ""
    kept, before = ("", _GAP) if is_last else ("<w:keepNext/>", 0)
    return (
        f'<w:tc><w:tcPr>{spans}{edges}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{kept}'
        f'<w:spacing w:before="{before}" w:after="0"/>{aligns}</w:pPr>{runs}</w:p></w:tc>'
    )


def _run(text: str, look: str = "") -> str:
    size = round(TABLE_SIZE * 2)
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}"/>{look}<w:sz w:val="{size}"/>'
        f'</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )
