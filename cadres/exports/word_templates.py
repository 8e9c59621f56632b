"""The portal's own Word templates, written from what each form has: tables on lying paper, texts.

An office copies one, changes it in Word, and puts it into the folder that DOCUMENT_TEMPLATES names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt

from cadres.exports.letters import HEADING, ITEM, MIDDLE, SUB, TEXT
from cadres.exports.outline import Drawing, Each, Lines, Part, Rows, Say, Sheet, When
from cadres.exports.papers import TITLE_SIZE, PaperColumn
from cadres.exports.word_parts import (
    CENTRE,
    END_SIZE,
    HEAD_SIZE,
    LYING,
    STANDING,
    Page,
    beside,
    gap,
    halves,
    say,
    set_page,
    write_table,
)
from cadres.papers import PARTY, STAR

#: So that a template written anew is the same file, byte for byte.
_MADE_ON = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
#: Lines of a text in points, its indent in millimetres (REGULATIONS section 10).
LEADING, INDENT = 18, 10


def write_template(
    path: Path, tables: Sequence[tuple[str, Sequence[PaperColumn]]], *, has_text: bool = False
) -> None:
    """Write the template of a paper; `tables`: caption and columns of each.

    `has_text`: a text stands above the tables.
    """
    document = _new_document(LYING)
    _write_head(document, LYING)
    say(document, "{{ title }}", bold=True, size=TITLE_SIZE, align=CENTRE)
    _each(document, "under_title", italic=True, size=HEAD_SIZE, align=CENTRE)
    if has_text:
        _each(document, "before", size=HEAD_SIZE, before=4)
    for number, (caption, columns) in enumerate(tables):
        say(document, caption, bold=True, size=HEAD_SIZE if caption else 6, before=4)
        write_table(document, columns, "rows" if number == 0 else f"tables[{number}]", LYING)
    _each(document, "notes", "note", italic=True, size=END_SIZE, before=3)
    _write_end(document, LYING)
    document.save(str(path))


def write_letter_template(path: Path, columns: Sequence[PaperColumn]) -> None:
    """Write the template of a letter; `columns`: of the list that may follow it."""
    document = _new_document(STANDING)
    _write_head(document, STANDING, number="{{ number }}")
    for text in ("{{ kind }}", "{{ about }}"):
        say(document, text, bold=True, size=TITLE_SIZE, align=CENTRE)
    say(document, "-----", size=TITLE_SIZE, align=CENTRE)
    say(document, "{{ to }}", size=TITLE_SIZE, align=CENTRE, before=6)
    say(document, "{%p for line in lines %}")
    for tag, style in (
        ("{%p if line.style == 'heading' %}", {"bold": True}),
        ("{%p elif line.style == 'item' %}", {"bold": True, "italic": True}),
        ("{%p else %}", {}),
    ):
        say(document, tag)
        _in_text(say(document, "{{ line.text }}", size=TITLE_SIZE, before=6, **style))
    say(document, "{%p endif %}")
    say(document, "{%p endfor %}")
    _write_end(document, STANDING)
    say(document, "{%p if rows %}")
    caption = say(document, "{{ caption }}", bold=True, size=HEAD_SIZE, align=CENTRE, before=4)
    caption.paragraph_format.page_break_before = True
    say(document, "", size=6)
    write_table(document, columns, "rows", STANDING)
    say(document, "{%p endif %}")
    document.save(str(path))


def write_outline_template(
    path: Path, parts: Sequence[Part], signers: Sequence[Sequence[str]] = ()
) -> None:
    """Write the template of a document: its words as they are declared, with tags of fields.

    `signers`: who sign side by side; without, one signature beside the recipients.
    """
    document = _new_document(STANDING)
    _write_head(document, STANDING, number="{{ number }}", has_superior=False)
    for text in ("{{ kind }}", "{{ about }}"):
        say(document, text, bold=True, size=TITLE_SIZE, align=CENTRE)
    say(document, "-----", size=TITLE_SIZE, align=CENTRE)
    say(document, "{%p if to %}")
    say(document, "{{ to }}", size=TITLE_SIZE, align=CENTRE, before=6)
    say(document, "{%p endif %}")
    for part in parts:
        _write_part(part, document)
    if isinstance(parts[-1], Say):
        # Signatures do not stand on a page alone.
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    if signers:
        _write_signers(document, signers)
    _write_end(document, STANDING, is_signed=not signers, has_name=True)
    document.save(str(path))


_STYLES: dict[str, dict[str, Any]] = {
    HEADING: {"bold": True},
    ITEM: {"bold": True, "italic": True},
    SUB: {"italic": True},
    TEXT: {},
}


@singledispatch
def _write_part(part: Part, document: Any) -> None:
    """Write a part with its tags."""


@_write_part.register
def _(part: Say, document: Any) -> None:
    _write_line(document, part.text, part.style)


@_write_part.register
def _(part: Lines, document: Any) -> None:
    say(document, f"{{%p for line in {part.of} %}}")
    _write_line(document, "{{ line }}", part.style)
    say(document, "{%p endfor %}")


@_write_part.register
def _(part: Rows, document: Any) -> None:
    gap(document, 5)
    write_table(document, part.columns, part.of, STANDING)
    gap(document, 8)


@_write_part.register
def _(part: Sheet | Drawing, document: Any) -> None:
    say(document, f"{{%p if {part.of} %}}")
    gap(document, 5)
    say(document, f"{{{{p {part.of} }}}}")
    gap(document, 8)
    say(document, "{%p endif %}")


@_write_part.register
def _(part: Each, document: Any) -> None:
    say(document, f"{{%p for {part.one} in {part.of} %}}")
    for each in part.parts:
        _write_part(each, document)
    say(document, "{%p endfor %}")


@_write_part.register
def _(part: When, document: Any) -> None:
    say(document, f"{{%p if {part.test} %}}")
    for each in part.parts:
        _write_part(each, document)
    say(document, "{%p endif %}")


def _write_line(document: Any, text: str, style: str) -> None:
    if style == MIDDLE:
        line = say(document, text, bold=True, size=TITLE_SIZE, align=CENTRE, before=10)
        line.paragraph_format.space_after = Pt(6)
    else:
        line = say(document, text, size=TITLE_SIZE, before=6, **_STYLES[style])
        _in_text(line)
    line.paragraph_format.keep_with_next = style != TEXT


def _write_signers(document: Any, signers: Sequence[Sequence[str]]) -> None:
    say(document, "", size=6).paragraph_format.keep_with_next = True
    for cell, lines in zip(beside(document, STANDING, len(signers)), signers, strict=True):
        for text in lines:
            say(cell, text, size=HEAD_SIZE, bold=True, align=CENTRE)
        for _line in range(4):
            say(cell, " ", size=HEAD_SIZE)


def _new_document(page: Page) -> Any:
    document = Document()
    document.core_properties.created = document.core_properties.modified = _MADE_ON
    _strip(document)
    set_page(document, page)
    return document


#: Styles that our templates are made of.
_STYLES_KEPT = frozenset(
    (
        "Normal",
        "Default Paragraph Font",
        "Normal Table",
        "No List",
        "Table Grid",
        "header",
        "Header",
    )
)
_NOT_NEEDED = ("/stylesWithEffects", "/customXml", "/thumbnail", "/numbering")


def _strip(document: Any) -> None:
    """Drop what python-docx puts into every new file and no paper uses: 140 styles twice over, a
    picture, lists. A document is filled from it several times faster."""
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(_NOT_NEEDED):
                del owner.rels[key]
    for style in list(document.styles.element.style_lst):
        if style.name_val not in _STYLES_KEPT:
            document.styles.element.remove(style)


def _each(document: Any, name: str, one: str = "line", **style: Any) -> None:
    """A paragraph for each text of a list."""
    say(document, f"{{%p for {one} in {name} %}}")
    say(document, f"{{{{ {one} }}}}", **style)
    say(document, "{%p endfor %}")


def _in_text(paragraph: Any) -> None:
    look = paragraph.paragraph_format
    look.first_line_indent = Mm(INDENT)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LEADING)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _write_head(document: Any, page: Page, number: str = "", *, has_superior: bool = True) -> None:
    """`has_superior`: also where the body has none, its line stands."""
    left, right = halves(document, page)
    if not has_superior:
        say(left, "{%p if superior %}")
    say(left, "{{ superior }}", size=HEAD_SIZE, align=CENTRE)
    if not has_superior:
        say(left, "{%p endif %}")
    say(left, "{{ body }}", size=HEAD_SIZE, bold=True, align=CENTRE)
    say(left, STAR, size=HEAD_SIZE, align=CENTRE)
    if number:
        say(left, number, size=HEAD_SIZE, align=CENTRE)
    say(right, PARTY, size=HEAD_SIZE, bold=True, underline=True, align=CENTRE)
    say(right, "{{ place_and_day }}", size=HEAD_SIZE, italic=True, align=CENTRE, before=6)
    say(document, "", size=6)


def _write_end(
    document: Any, page: Page, *, is_signed: bool = True, has_name: bool = False
) -> None:
    say(document, "", size=6).paragraph_format.keep_with_next = is_signed
    left, right = halves(document, page)
    say(left, "{%p if recipients %}")
    say(left, "Nơi nhận:", size=END_SIZE, underline=True)
    say(left, "{%p for line in recipients %}")
    say(left, "{{ line }}", size=END_SIZE)
    say(left, "{%p endfor %}")
    say(left, "{%p endif %}")
    if not is_signed:
        return
    say(right, "{%p for line in signature %}")
    say(right, "{{ line }}", size=HEAD_SIZE, bold=True, align=CENTRE)
    say(right, "{%p endfor %}")
    if not has_name:
        return
    say(right, "{%p if signer %}")
    for _line in range(4):
        say(right, " ", size=HEAD_SIZE)
    say(right, "{{ signer }}", size=HEAD_SIZE, bold=True, align=CENTRE)
    say(right, "{%p endif %}")
