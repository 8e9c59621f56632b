"""What stands in papers: cells and texts for golden files, and all words."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from docx import Document


def sheet_of(body: bytes) -> dict[str, Any]:
    """All cells by row, merged ranges, and how the page is set."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    return {
        sheet.title: {
            "rows": [
                [cell for cell in row if cell is not None]
                for row in sheet.iter_rows(values_only=True)
            ],
            "columns": sheet.max_column,
            "merged": sorted(str(each) for each in sheet.merged_cells.ranges),
            "page": [sheet.page_setup.orientation, sheet.page_setup.paperSize],
            "margins_mm": [
                round(getattr(sheet.page_margins, side) * 25.4)
                for side in ("top", "bottom", "left", "right")
            ],
            "repeated": sheet.print_title_rows,
            "number": [sheet.oddHeader.center.text, sheet.HeaderFooter.differentFirst],
            "font": sheet.cell(sheet.max_row, 1).font.name,
        }
        for sheet in book.worksheets
    }


def text_of(body: bytes) -> dict[str, Any]:
    """Paragraphs, tables, and how the page is set."""
    document = Document(io.BytesIO(body))
    section = document.sections[0]
    return {
        "paragraphs": [p.text for p in document.paragraphs if p.text],
        "tables": [
            [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
        ],
        "repeated": [
            sum(row._tr.find(".//{*}tblHeader") is not None for row in table.rows)
            for table in document.tables
        ],
        "page_mm": [round(section.page_width.mm), round(section.page_height.mm)],
        "margins_mm": [
            round(side.mm)
            for side in (
                section.top_margin,
                section.bottom_margin,
                section.left_margin,
                section.right_margin,
            )
        ],
        "different_first": section.different_first_page_header_footer,
        "number": "PAGE" in section.header._element.xml,
    }


def is_golden(folder: Path, name: str, found: dict[str, Any]) -> None:
    """`found` is what `folder`/`name`.json says; REWRITE_GOLDEN in the environment writes it."""
    path = folder / f"{name}.json"
    text = json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"
    if os.environ.get("REWRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(path.read_text(encoding="utf-8"))


def words_in(body: bytes) -> str:
    """Everything that stands in a Word or Excel file."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return "".join(package.read(name).decode(errors="replace") for name in package.namelist())
