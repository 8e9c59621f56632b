"""The kinds of columns: how a cell becomes a value of the database, and back.

`parse` gets what the spreadsheet reader gives (text already trimmed and normalised) and returns a
value for PostgreSQL; it raises `CellFault` with what is wrong, the value, and what to do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.workbook.faults import CellFault

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_VIETNAMESE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH_ISO = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH_VIETNAMESE = re.compile(r"(\d{1,2})/(\d{4})")
_YEAR = re.compile(r"\d{4}")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
# What neither a person types nor XML keeps; line feeds and tabs are allowed.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LARGEST = 2_147_483_647


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a sheet. `field` is its database column; `sql_type` that of the staging table."""

    key: str
    label: Any
    required: bool = False
    field: str = ""
    #: Whether the value itself is written (False: only used to find something).
    stored: bool = True
    #: SQL that reads the stored value; empty: the database column itself.
    read: str = ""
    help: Any = ""

    sql_type: ClassVar[str] = "text"
    #: What an empty cell means in the database, as SQL.
    empty_sql: ClassVar[str] = "NULL"

    @property
    def staged(self) -> dict[str, str]:
        """Staging columns and their SQL types: usually just the one."""
        return {self.key: self.sql_type}

    @property
    def column(self) -> str:
        """The database column."""
        return self.field or self.key

    def parse(self, value: Any) -> Any:
        """The value of a cell that is not empty. Raises CellFault."""
        raise NotImplementedError

    def words(self) -> list[str]:
        """The closed list of what a cell may hold; empty when there is none."""
        return []


def shown(value: Any) -> str:
    """A cell's value as a person would recognise it in a message, cut when long."""
    if isinstance(value, dt.datetime) and value.time() == dt.time.min:
        value = value.date()
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}" if value.year >= 1000 else str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _text(value: Any) -> str:
    """A cell as text. Numbers become what Excel shows; dates and TRUE are refused."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise CellFault(
            "not_text",
            _("Ô chứa TRUE/FALSE, cần chữ. Hãy định dạng ô là Text rồi nhập lại."),
        )
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    raise CellFault(
        "not_text",
        _("Ô chứa ngày “%(value)s”, cần chữ. Hãy định dạng ô là Text rồi nhập lại.")
        % {"value": shown(value)},
    )


@dataclass(frozen=True, kw_only=True)
class Text(Column):
    """Free text of at most `max_length` characters; an empty cell is the empty string."""

    max_length: int

    empty_sql: ClassVar[str] = "''"

    def parse(self, value: Any) -> str:
        text = _text(value)
        if len(text) > self.max_length:
            raise CellFault(
                "too_long",
                _("“%(value)s” dài %(length)d ký tự; nhiều nhất %(limit)d. Hãy rút gọn.")
                % {"value": shown(text), "length": len(text), "limit": self.max_length},
            )
        if _CONTROL.search(text):
            raise CellFault(
                "bad_character",
                _("“%(value)s” có ký tự điều khiển không nhìn thấy. Hãy gõ lại ô này.")
                % {"value": shown(_CONTROL.sub("�", text))},
            )
        return text


@dataclass(frozen=True, kw_only=True)
class Reference(Text):
    """The code of a row of another sheet, in this file or already in the portal."""

    sheet: str
    max_length: int = 40
    #: Found by its own sheet's code instead of by the common lookup (the tree of units).
    own: bool = False

    empty_sql: ClassVar[str] = "NULL"

    @property
    def resolved(self) -> str:
        """The staging column with the identifier that the code stands for."""
        return f"{self.key}__id"


@dataclass(frozen=True, kw_only=True)
class Codes(Text):
    """Codes joined by `;`, kept in staging as they stand, without blanks and repeats."""

    sheet: str
    max_length: int = 4000
    stored: bool = False

    def parse(self, value: Any) -> str:
        parts = (part.strip() for part in super().parse(value).split(";"))
        return ";".join(dict.fromkeys(part for part in parts if part))


def _day(year: str, month: str, day: str, value: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise CellFault(
            "not_a_date",
            _("“%(value)s” không có trong lịch. Hãy sửa lại ngày, tháng.")
            % {"value": shown(value)},
        ) from None


def _full_date(value: Any) -> dt.date | None:
    """An Excel date, `YYYY-MM-DD` or `DD/MM/YYYY`; None when the cell is nothing of the kind."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        if match := _ISO.fullmatch(value):
            return _day(match[1], match[2], match[3], value)
        if match := _VIETNAMESE.fullmatch(value):
            return _day(match[3], match[2], match[1], value)
    return None


@dataclass(frozen=True, kw_only=True)
class Date(Column):
    """A day."""

    sql_type: ClassVar[str] = "date"

    def parse(self, value: Any) -> dt.date:
        day = _full_date(value)
        if day is None:
            raise CellFault(
                "not_a_date",
                _(
                    "“%(value)s” không phải là ngày. Hãy ghi như 31/12/2025, 2025-12-31 "
                    "hoặc định dạng ô là ngày."
                )
                % {"value": shown(value)},
            )
        return day


@dataclass(frozen=True, kw_only=True)
class BirthDate(Column):
    """A birth date whose day, or day and month, may be missing; staged with its precision."""

    precision: str = "birth_precision"

    sql_type: ClassVar[str] = "date"

    @property
    def staged(self) -> dict[str, str]:
        return {self.key: "date", self.precision: "text"}

    def parse(self, value: Any) -> tuple[dt.date, str]:
        day, precision = self._read(value)
        if day.year < 1900:
            raise CellFault(
                "birth_before_1900",
                _("Ngày sinh “%(value)s” trước năm 1900. Hãy kiểm tra lại năm sinh.")
                % {"value": shown(value)},
            )
        if day > clock.today():
            raise CellFault(
                "birth_in_future",
                _("Ngày sinh “%(value)s” ở tương lai. Hãy kiểm tra lại năm sinh.")
                % {"value": shown(value)},
            )
        return day, precision

    def _read(self, value: Any) -> tuple[dt.date, str]:
        day = _full_date(value)
        if day is not None:
            return day, "day"
        if isinstance(value, float) and value.is_integer():
            value = str(int(value))
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str):
            if match := _MONTH_ISO.fullmatch(value):
                return _day(match[1], match[2], "1", value), "month"
            if match := _MONTH_VIETNAMESE.fullmatch(value):
                return _day(match[2], match[1], "1", value), "month"
            if _YEAR.fullmatch(value):
                return _day(value, "1", "1", value), "year"
        raise CellFault(
            "not_a_date",
            _("“%(value)s” không phải là ngày sinh. Hãy ghi như 02/10/1965, 10/1965 hoặc 1965.")
            % {"value": shown(value)},
        )


@dataclass(frozen=True, kw_only=True)
class Flag(Column):
    """`1` or `0`; an empty cell is `0`."""

    sql_type: ClassVar[str] = "boolean"
    empty_sql: ClassVar[str] = "false"

    def parse(self, value: Any) -> bool:
        if isinstance(value, (bool, int, float)) and value in (0, 1):
            return bool(value)
        if isinstance(value, str) and value in {"0", "1"}:
            return value == "1"
        raise CellFault(
            "not_a_flag",
            _("“%(value)s” không hợp lệ. Hãy ghi 1 (có) hoặc 0 (không).") % {"value": shown(value)},
        )

    def words(self) -> list[str]:
        return ["1", "0"]


@dataclass(frozen=True, kw_only=True)
class Whole(Column):
    """A whole number from `low` to `high`; numbers arrive as floats or as text."""

    low: int = 0
    high: int = _LARGEST
    #: The code when the number is outside; steps are a list, for instance.
    outside: str = "out_of_range"

    sql_type: ClassVar[str] = "bigint"

    def parse(self, value: Any) -> int:
        number = self._number(value)
        if number is None:
            raise CellFault(
                "not_a_whole_number",
                _("“%(value)s” không phải là số nguyên. Hãy ghi bằng chữ số, không có phần lẻ.")
                % {"value": shown(value)},
            )
        if not self.low <= number <= self.high:
            raise CellFault(self.outside, self._outside_message(number))
        return number

    def _outside_message(self, number: int) -> str:
        values = {"value": number, "low": self.low, "high": self.high}
        if self.high == _LARGEST and number < self.low:
            return _("%(value)d quá nhỏ; nhỏ nhất là %(low)d. Hãy kiểm tra lại số này.") % values
        return _("%(value)d nằm ngoài khoảng từ %(low)d đến %(high)d. Hãy sửa lại.") % values

    @staticmethod
    def _number(value: Any) -> int | None:
        if isinstance(value, bool):
            return None
        if isinstance(value, int):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        return None

    def words(self) -> list[str]:
        if self.high - self.low > 20:
            return []
        return [str(number) for number in range(self.low, self.high + 1)]


@dataclass(frozen=True, kw_only=True)
class Choice(Column):
    """One word of a closed list. `values` gives what is stored for each word."""

    values: Mapping[str, Any]
    #: SQL for an empty cell: NULL, or '' where the table keeps "unknown" as the empty string.
    empty: str = "NULL"

    @property
    def staged(self) -> dict[str, str]:
        is_number = all(isinstance(value, int) for value in self.values.values())
        return {self.key: "smallint" if is_number else "text"}

    def parse(self, value: Any) -> Any:
        try:
            return self.values[value]
        except (KeyError, TypeError):
            raise CellFault(
                "not_listed",
                _("“%(value)s” không có trong danh sách. Hãy dùng một trong: %(words)s.")
                % {"value": shown(value), "words": self._listed()},
            ) from None

    def _listed(self) -> str:
        words = list(self.values)
        return ", ".join(words) if len(words) <= 12 else f"{words[0]}–{words[-1]}"

    def words(self) -> list[str]:
        return list(self.values)


@dataclass(frozen=True, kw_only=True)
class NumberedChoice(Choice):
    """A list of two-digit codes; Excel may have dropped the leading zero of a number cell."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def parse(self, value: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = f"{int(value):02d}" if value == int(value) else value
        return super().parse(value)
