"""Plain tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining


def _width(text: str) -> int:
    return sum(1 for letter in text if not combining(letter))


def text_table(header: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """Columns aligned, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(_width(row[i]) for row in cells) for i in range(len(header))]
    numeric = [all(isinstance(row[i], int) for row in rows) for i in range(len(header))]
    lines = []
    for row in cells:
        padded = [
            " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)
