"""Numbers and dates as Vietnamese offices write them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

NBSP = "\u00a0"
_PERCENT = re.compile(r"(?<=\d) (?=%)")
_ISO_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def number(value: Any, places: int | None = None) -> str:
    """1234 -> "1.234", 18.2 -> "18,2". Without `places`: whole numbers bare, others as they are."""
    if value is None or value == "":
        return ""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    elif exact == exact.to_integral_value():
        exact = exact.to_integral_value()
    sign = "−" if exact < 0 else ""
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def percent(value: Any, total: Any = None, places: int = 1) -> str:
    """18.2 -> "18,2 %"; with `total`, the share of value in it; "" where there is no share."""
    if value is None or value == "" or (total is not None and not total):
        return ""
    share = Decimal(str(value)) if total is None else Decimal(value) * 100 / Decimal(total)
    whole = total is None and share == share.to_integral_value()
    return f"{number(share, 0 if whole else places)}{NBSP}%"


def unbroken(text: str) -> str:
    """The text with numbers that a line does not part from their percent sign."""
    return _PERCENT.sub(NBSP, text)


def date(value: Any, precision: str = "day") -> str:
    """A date, an instant or an ISO text ("1965", "1965-10", "1965-10-02") as 02/10/1965.

    `precision` ("day", "month", "year") shows no more of a date than is known.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        value = value.date()
    if isinstance(value, str):
        return _iso_text(value)
    known = precision[:1].lower()
    if known == "y":
        return f"{value:%Y}"
    return f"{value:%m/%Y}" if known == "m" else f"{value:%d/%m/%Y}"


def _iso_text(text: str) -> str:
    match = _ISO_PARTIAL.fullmatch(text[:10])
    return "/".join(reversed([part for part in match.groups() if part])) if match else text


def date_time(value: dt.datetime | None) -> str:
    """08:15 ngày 22/11/2026, in the portal's time zone."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return gettext("%(time)s ngày %(day)s") % {
        "time": f"{local:%H:%M}",
        "day": f"{local:%d/%m/%Y}",
    }


def duration(seconds: float | None) -> str:
    """85 -> "1 phút 25 giây"; under ten seconds with one decimal."""
    if seconds is None:
        return ""
    if seconds < 10:
        return gettext("%(n)s giây") % {"n": number(seconds, 1)}
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        (hours, gettext("%(n)s giờ")),
        (minutes, gettext("%(n)s phút")),
        (rest if not hours else 0, gettext("%(n)s giây")),
    ]
    return " ".join(text % {"n": amount} for amount, text in parts if amount)
