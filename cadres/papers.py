"""Words of official Party papers (REGULATIONS section 10: qd-399-2026, hd-05-2026).

A paper is in Vietnamese whatever language the person reads the portal in, so nothing here is
translated.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cadres.choices import Level, UnitKind

PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
STAR = "*"
CAPITAL = "Hà Nội"
#: Modules with Word templates of their own: `template_writers()` answers what writes each, by name.
#: Rooms add theirs.
TEMPLATE_MODULES: list[str] = []
DOTS = "…"
#: What names of units begin with, before the name of the place.
_KINDS = re.compile(
    r"^(Đảng ủy |Tỉnh ủy |Thành ủy |Huyện ủy )?(tỉnh |thành phố |huyện |xã |phường |thị trấn )?",
    re.IGNORECASE,
)
#: The committee of these units issues the paper, and its secretary signs.
_COMMITTEES = {UnitKind.PARTY_COMMITTEE, UnitKind.COMMUNE, UnitKind.DISTRICT}


def long_day(day: dt.date | None) -> str:
    """ "ngày 05 tháng 02 năm 2026": a zero before days under 10 and before months 1 and 2."""
    if day is None:
        return f"ngày {DOTS} tháng {DOTS} năm {DOTS}"
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


def short_day(day: dt.date | None) -> str:
    """ "05/9/2026", as papers are cited."""
    return f"{day.day:02}/{_month(day)}/{day.year}" if day else DOTS


def _month(day: dt.date) -> str:
    return f"{day.month:02}" if day.month < 3 else str(day.month)


def place_name(unit: Any, top: Any) -> str:
    """Where a unit signs: a commune or district by its own name, others by that of the province;
    central bodies in the capital."""
    if top.level == Level.CENTRAL:
        return CAPITAL
    named = unit if unit.kind in (UnitKind.COMMUNE, UnitKind.DISTRICT) else top
    return _KINDS.sub("", named.name)


def issuing_body(unit: Any) -> str:
    """Who issues papers of a unit: of a commune its Party committee."""
    if unit.kind == UnitKind.COMMUNE and not unit.name.startswith("Đảng ủy"):
        return f"Đảng ủy {unit.name[:1].lower()}{unit.name[1:]}".upper()
    return str(unit.name).upper()


def signature_of(unit: Any, head_title: str = "") -> tuple[str, ...]:
    """Who signs: the secretary for the standing committee; elsewhere the head of the unit."""
    if unit.kind in _COMMITTEES:
        return ("T/M BAN THƯỜNG VỤ", "BÍ THƯ")
    return (head_title.upper() or "THỦ TRƯỞNG ĐƠN VỊ",)


@dataclass(frozen=True)
class Attached:
    """The submission that a table goes with; empty where it is not known yet."""

    number: str = ""
    day: dt.date | None = None

    @property
    def words(self) -> str:
        """The line under the title, with dots to be filled in."""
        number = self.number or f"{DOTS}/TTr-{DOTS}"
        return f"(kèm theo Tờ trình số {number} ngày {short_day(self.day)})"


@dataclass(frozen=True, kw_only=True)
class PaperHead:
    """What stands above the title: the superior body, the issuing one; the place and the date."""

    superior: str
    body: str
    place_and_day: str


def head_of_paper(unit: Any, above: Sequence[Any], day: dt.date | None) -> PaperHead:
    """The head of a paper of a unit; `above`: the units above it, the topmost first."""
    top = above[0] if above else unit
    return PaperHead(
        superior=issuing_body(above[-1]) if above else "",
        body=issuing_body(unit),
        place_and_day=f"{place_name(unit, top)}, {long_day(day)}",
    )
