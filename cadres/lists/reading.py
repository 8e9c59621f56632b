"""From a file to a `Reading`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from cadres.lists.model import Reading, Value


def read(
    source: Path | bytes,
    name: str,
    *,
    sheet: str | None = None,
    header: tuple[int, int] | None = None,
    mapping: Mapping[str, str | None] | None = None,
    today: dt.date | None = None,
) -> Reading:
    """Read a list (.xlsx, .xls, .xlsb, .ods, .csv, .txt). Raises ListRefused.

    `name` is the file's name as the person knows it. `sheet`, `header` (first and last row) and
    `mapping` (column letter -> `Field` or None) are decisions of a person and override what would
    be proposed; columns that `mapping` does not name keep their proposal. `today` bounds birth
    dates and two-digit years; default: the clock's day.
    """
    raise NotImplementedError


def parse_value(
    field: str,
    text: str,
    *,
    row: int = 0,
    column: str = "",
    today: dt.date | None = None,
) -> Value:
    """Read one cell as a person typed it, with the same rules as `read`.

    For `sex`, `birth_date`, `full_name` and every other field that a `Person` may have, and
    `degree`, `theory` (text such as "Thạc sĩ Luật", or the number of the choice).
    An empty text gives a `Value` of None without problems.
    """
    raise NotImplementedError
