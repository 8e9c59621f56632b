"""The one place that asks for the time."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from cadre_portal.common import clock
from tests.infrastructure.conftest import ROOT

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def test_today_is_the_day_in_vietnam() -> None:
    late = dt.datetime(2026, 6, 30, 17, 30, tzinfo=dt.UTC)  # half past midnight in Hà Nội
    with clock.frozen(late):
        assert clock.today() == dt.date(2026, 7, 1)
        assert clock.now() == late
        assert clock.now().tzinfo == HANOI


def test_frozen_day_ends_with_the_block() -> None:
    with clock.frozen(dt.date(2012, 6, 5)):
        assert clock.today() == dt.date(2012, 6, 5)
        with clock.frozen(dt.date(2017, 4, 15)):
            assert clock.today() == dt.date(2017, 4, 15)
        assert clock.today() == dt.date(2012, 6, 5)
    assert clock.today() > dt.date(2026, 1, 1)


def test_nobody_else_asks_for_the_time() -> None:
    question = re.compile(
        r"\b(timezone\.(now|localdate|localtime)\(\)|date\.today\(|datetime\.now\()"
    )
    rooms = ("cadre_portal", "cadres", "compliance", "planning", "rotation", "inspections")
    askers = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if path.name != "clock.py" and question.search(path.read_text(encoding="utf-8"))
    ]
    assert askers == []
