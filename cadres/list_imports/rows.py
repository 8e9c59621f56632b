"""Rows of a list as they are kept: drafted in memory, then brought in by one COPY."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper

from cadres.workbook.staging import copy_stream

ERROR, REVIEW = "error", "review"
_PIECE = 2_000
_MANY = 1_000


@dataclass(slots=True)
class Draft:
    """A row before it is kept; the fields are those of `ListImportRow`."""

    row: int
    kind: str
    cells: list[str]
    problems: list[dict[str, Any]] = field(default_factory=list)
    code: str = ""
    full_name: str = ""
    sex: str = ""
    birth_date: dt.date | None = None
    birth_precision: str = ""
    ethnicity_code: str = ""
    party_joined_on: dt.date | None = None
    degree: int | None = None
    theory: int | None = None
    unit_id: int | None = None
    title_id: int | None = None
    post_from: dt.date | None = None
    grades: dict[str, int] = field(default_factory=dict)
    proposed_title_id: int | None = None
    proposal: str = ""
    match: str = ""
    cadre_id: int | None = None
    same_as: int | None = None

    def add(
        self,
        level: str,
        code: str,
        message: str,
        *,
        columns: Iterable[str] = (),
        hint: str = "",
        choices: Iterable[dict[str, str]] = (),
    ) -> None:
        """Note something to decide (ERROR) or to look at (REVIEW)."""
        self.problems.append(
            {
                "code": code,
                "level": level,
                "columns": list(columns),
                "message": message,
                "hint": hint,
                "choices": list(choices),
            }
        )

    def count(self, level: str) -> int:
        """How many problems of this level there are."""
        return sum(problem["level"] == level for problem in self.problems)


_COLUMNS = (
    "list_import_id", "row", "kind", "cells", "problems", "errors", "reviews", "code",
    "full_name", "sex", "birth_date", "birth_precision", "ethnicity_code", "party_joined_on",
    "degree", "theory", "unit_id", "title_id", "post_from", "grades", "proposed_title_id",
    "proposal", "match", "cadre_id", "same_as", "effect",
)  # fmt: skip
#: Columns that statements join and filter by.
_JOINED = "(list_import_id, row, kind, name_key, code, match, cadre_id, same_as, effect)"
#: What writing does to most people of a match; the preview corrects the others.
_EFFECTS = {"new": "created", "found": "unchanged"}
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NEEDS_ESCAPE = re.compile(r'[\x00-\x1f"\\\u2028\u2029]')


def replace_rows(
    cursor: CursorWrapper, list_import_id: int, drafts: list[Draft], *, only: bool = False
) -> None:
    """Keep these rows instead of all read before; with `only`, the other rows stay."""
    cursor.execute(
        "DELETE FROM cadres_listimportrow WHERE list_import_id = %s"
        " AND (%s::int[] IS NULL OR row = ANY(%s::int[]))",
        [list_import_id, *[[draft.row for draft in drafts] if only else None] * 2],
    )
    cursor.copy_expert(
        f"COPY cadres_listimportrow ({', '.join(_COLUMNS)}) FROM STDIN",
        copy_stream(_pieces(list_import_id, drafts)),
        1 << 16,
    )
    if len(drafts) > _MANY and not only:  # the statistics would be those of an emptier table
        analyze(cursor, "cadres_listimportrow", _JOINED)


def analyze(cursor: CursorWrapper, table: str, columns: str = "") -> None:
    """Statistics from a few thousand rows: enough to plan a handful of joins by, and quick."""
    cursor.execute("SET LOCAL default_statistics_target = 10")
    cursor.execute(f"ANALYZE {table} {columns}")
    cursor.execute("SET LOCAL default_statistics_target = DEFAULT")


def _pieces(list_import_id: int, drafts: list[Draft]) -> Iterator[str]:
    for start in range(0, len(drafts), _PIECE):
        yield "".join(_line(list_import_id, draft) for draft in drafts[start : start + _PIECE])


def _line(list_import_id: int, d: Draft) -> str:
    problems = d.problems
    values = (
        list_import_id, d.row, d.kind, _cells(d.cells),
        _text(_dumps(problems)) if problems else "[]",
        d.count(ERROR) if problems else 0, d.count(REVIEW) if problems else 0, _text(d.code),
        _text(d.full_name), d.sex, d.birth_date, d.birth_precision, d.ethnicity_code,
        d.party_joined_on, d.degree, d.theory, d.unit_id, d.title_id, d.post_from,
        _dumps(d.grades) if d.grades else "{}", d.proposed_title_id, d.proposal, d.match,
        d.cadre_id, d.same_as, _EFFECTS.get(d.match, ""),
    )  # fmt: skip
    return "\t".join(["\\N" if value is None else str(value) for value in values]) + "\n"


def _cells(cells: list[str]) -> str:
    """Texts as a JSON list, as COPY wants it; nearly always nothing has to be escaped."""
    if not cells or _NEEDS_ESCAPE.search("".join(cells)):
        return _text(_dumps(cells))
    return '["' + '","'.join(cells) + '"]'


def _text(text: str) -> str:
    """A text as COPY wants it; most have nothing to be escaped."""
    if "\\" in text or not text.isprintable():
        return text.translate(_SPECIAL)
    return text
