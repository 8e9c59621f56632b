"""Untidy lists as offices keep them: a file in, a structured `Reading` out; nothing is written.

    reading = read(path, "danh-sach.xls")
    reading.columns      what each column was taken for, and how surely
    reading.rows         the sheet as it is, each row with its kind
    reading.people       the people, each field with its cell and its problems
    read(path, "danh-sach.xls", mapping={"C": "birth_date", "F": None})   as a person corrected it
    parse_value("birth_date", "30/04/1983")                               one corrected cell

The package knows no database and no requests. `docs/lists.md` tells what is understood.
"""

from __future__ import annotations

from cadres.lists.model import (
    HELPERS,
    SHARED,
    Cell,
    Column,
    Conversion,
    Field,
    Grade,
    Group,
    Level,
    ListRefused,
    PartialDate,
    Person,
    Problem,
    Proposal,
    Reading,
    Row,
    RowKind,
    SheetInfo,
    Value,
)
from cadres.lists.reading import parse_value, read, without_collecting

__all__ = [
    "HELPERS",
    "SHARED",
    "Cell",
    "Column",
    "Conversion",
    "Field",
    "Grade",
    "Group",
    "Level",
    "ListRefused",
    "PartialDate",
    "Person",
    "Problem",
    "Proposal",
    "Reading",
    "Row",
    "RowKind",
    "SheetInfo",
    "Value",
    "parse_value",
    "read",
    "without_collecting",
]
