"""Numbers and dates as Vietnamese offices write them."""

import datetime as dt
from decimal import Decimal

import pytest

from cadre_portal.templatetags import formats


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, None, "0"),
        (1234, None, "1.234"),
        (1234567, None, "1.234.567"),
        (18.2, None, "18,2"),
        (Decimal("18.17"), 1, "18,2"),
        (25, 1, "25,0"),
        (25.0, None, "25"),
        (-3, None, "−3"),
        (None, None, ""),
        ("", None, ""),
        ("chưa rõ", None, "chưa rõ"),
    ],
)
def test_number(value: object, places: int | None, text: str) -> None:
    assert formats.number(value, places) == text


@pytest.mark.parametrize(
    ("value", "total", "text"),
    [
        (25, None, "25\u00a0%"),
        (18.2, None, "18,2\u00a0%"),
        (2, 11, "18,2\u00a0%"),
        (3, 12, "25,0\u00a0%"),
        (0, 11, "0,0\u00a0%"),
        (0, 0, ""),
        (None, None, ""),
    ],
)
def test_percent(value: object, total: int | None, text: str) -> None:
    assert formats.percent(value, total) == text


@pytest.mark.parametrize(
    ("value", "precision", "text"),
    [
        (dt.date(2026, 11, 22), "day", "22/11/2026"),
        (dt.date(1965, 10, 1), "month", "10/1965"),
        (dt.date(1965, 1, 1), "year", "1965"),
        ("1965", "day", "1965"),
        ("1965-10", "day", "10/1965"),
        ("1965-10-02", "day", "02/10/1965"),
        ("không rõ", "day", "không rõ"),
        (None, "day", ""),
        # 22:30 in London is the next morning in Hà Nội.
        (dt.datetime(2026, 11, 22, 22, 30, tzinfo=dt.UTC), "day", "23/11/2026"),
    ],
)
def test_date(value: object, precision: str, text: str) -> None:
    assert formats.date(value, precision) == text


def test_date_time_is_in_the_portal_zone() -> None:
    at = dt.datetime(2026, 11, 22, 1, 15, tzinfo=dt.UTC)
    assert formats.date_time(at) == "08:15 ngày 22/11/2026"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2.34, "2,3 giây"), (21, "21 giây"), (85, "1 phút 25 giây"), (3720, "1 giờ 2 phút")],
)
def test_duration(seconds: float, text: str) -> None:
    assert formats.duration(seconds) == text
