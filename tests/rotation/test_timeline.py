"""Tours on a time line: which, in which order, in words and in the drawing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.templatetags.drawings import span_axis, spans
from cadres.models import User
from rotation.choices import EndReason, RotationKind, RotationStatus
from rotation.models import Rotation
from rotation.selectors.timeline import Along, TimelineFilter, TimelineRows
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY
from tests.rotation.test_needs import tour

Browser = Callable[[User], Client]
URL = reverse("rotation:timeline")


def codes(actor: User, day: dt.date = TODAY, **wanted: Any) -> list[str]:
    rows = TimelineRows(actor, day, TimelineFilter(**wanted))
    found = [turn.code for turn in rows[: len(rows)]]
    assert rows.count() == len(found)
    return found


def ended(organisation: Organisation, ended_on: dt.date, **values: Any) -> Rotation:
    move: Rotation = tour(
        organisation,
        ended_on=ended_on,
        status=RotationStatus.COMPLETED,
        **{"start_on": dt.date(2022, 3, 1), **values},
    )
    return move


# ---- Which tours -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_which_and_in_which_order(organisation: Organisation, provincial_officer: User) -> None:
    actor = provincial_officer
    second = tour(organisation, start_on=dt.date(2025, 3, 1)).cadre.code
    first = tour(organisation, start_on=dt.date(2024, 3, 1)).cadre.code
    old = ended(organisation, dt.date(2025, 3, 1)).cadre.code
    last = ended(organisation, dt.date(2025, 6, 1)).cadre.code
    for status in (RotationStatus.PROPOSED, RotationStatus.APPROVED, RotationStatus.CANCELLED):
        tour(organisation, status=status)
    tour(organisation, kind=RotationKind.TRANSFER)
    tour(organisation, start_on=TODAY + dt.timedelta(days=1), planned_end_on=None)
    assert codes(actor) == [first, second, last, old]
    assert codes(actor, state="dang") == [first, second]
    assert codes(actor, state="xong") == [last, old]
    # On an earlier day what has ended since was running; on its last day it runs no more.
    assert codes(actor, dt.date(2025, 5, 31), state="dang") == [last, first, second]
    assert codes(actor, dt.date(2025, 6, 1), state="dang") == [first, second]
    assert codes(actor, dt.date(2022, 2, 28)) == []
    # Years: whatever runs in a part of them.
    assert codes(actor, first=2025, last=2025) == [first, second, last, old]
    assert codes(actor, last=2023) == [last, old]
    assert codes(actor, first=2026) == [first, second]
    sums = TimelineRows(actor, TODAY, TimelineFilter()).sums
    assert (sums.running, sums.ended, sums.late, sums.ending) == (2, 2, 0, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_units_and_scope(
    organisation: Organisation,
    provincial_officer: User,
    unit_officer: User,
    other_unit_officer: User,
    stranger: User,
) -> None:
    out = tour(organisation, to_unit=organisation.commune).cadre.code
    back = tour(
        organisation, from_unit=organisation.commune, to_unit=organisation.centre
    ).cadre.code
    other = tour(
        organisation, from_unit=organisation.commune, to_unit=organisation.other
    ).cadre.code
    assert codes(unit_officer) == [out, back]
    assert codes(other_unit_officer) == [other]
    assert codes(stranger) == []
    actor = provincial_officer
    assert codes(actor, path=organisation.department.path) == [out, back]
    assert codes(actor, path=organisation.commune.path) == [out, back, other]
    assert codes(actor, along=Along.RECEIVING) == [back, other, out]
    assert codes(actor, along=Along.SENDING) == [out, back, other]


# ---- The page --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_words(
    organisation: Organisation, provincial_officer: User, auditor: User, signed_in: Browser
) -> None:
    late = tour(organisation, planned_end_on=dt.date(2026, 9, 1))
    answered = tour(organisation, planned_end_on=dt.date(2027, 2, 1))
    tour(
        organisation,
        cadre=answered.cadre,
        status=RotationStatus.APPROVED,
        start_on=dt.date(2027, 2, 1),
        to_unit=organisation.commune,
    )
    tour(organisation, planned_end_on=dt.date(2028, 2, 1))
    done = ended(organisation, dt.date(2025, 3, 1))
    factories.AppointmentFactory(
        cadre=done.cadre,
        unit=organisation.department,
        title=organisation.deputy,
        start_on=dt.date(2025, 3, 1),
    )
    ended(organisation, dt.date(2024, 6, 1), end_kind=EndReason.FAMILY, end_note="Bố mẹ già")
    page = signed_in(provincial_officer).get(URL).content.decode()
    assert "3 đợt đang thực hiện: 1 quá hạn, 1 hết hạn trong 12 tháng tới." in page
    for text in (
        "quá hạn 3 tháng (hạn 01/09/2026), chưa có phương án",
        "hết hạn 01/02/2027, phương án: Xã Bảo Lạc",
        "dự kiến đến 01/02/2028",
        "hoàn thành, về lại Sở Nội vụ",
        "kết thúc sớm 9 tháng, lý do: hoàn cảnh gia đình",
        "từ 01/03/2025, 21 tháng; mốc 36 tháng: 01/03/2028",
        "01/03/2022 – 01/03/2025, 36 tháng; mốc 36 tháng: 01/03/2025",
        "ngày xét 01/12/2026",
        reverse("rotation:rotation-detail", args=[late.pk]),
    ):
        assert text in page, text
    assert "Bố mẹ già" not in page
    # Reasons are sensitive: an auditor learns that it was short, not why.
    seen = signed_in(auditor).get(URL).content.decode()
    assert "kết thúc sớm 9 tháng" in seen
    assert "hoàn cảnh gia đình" not in seen


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_filters_stand_in_the_address(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    tour(organisation)
    ended(organisation, dt.date(2025, 3, 1))
    by_unit = browser.get(URL, {"theo": "noi-den"}).content.decode()
    assert '<th scope="rowgroup" colspan="4">Sở Y tế</th>' in by_unit
    over = browser.get(URL, {"trang-thai": "xong"}).content.decode()
    assert "1 đợt đã kết thúc." in over
    assert "đang thực hiện:" not in over
    none = browser.get(URL, {"den": "2000"})
    assert "Không có đợt luân chuyển nào" in none.content.decode()
    # The day of view lies outside these years: no line for it.
    past = browser.get(URL, {"tu": "2022", "den": "2024"}).content.decode()
    assert "ngày xét 01/12/2026" not in past
    for query in (
        {"tu": "x", "den": "99999999999", "theo": "?", "trang-thai": "?", "don-vi": "?"},
        {"tu": "2030", "den": "2001", "trang": "77"},
    ):
        assert browser.get(URL, query).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_queries_do_not_grow(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)

    def add(number: int) -> None:
        for year in range(number):
            tour(organisation, from_unit=factories.UnitFactory(parent=organisation.department))
            tour(organisation, status=RotationStatus.PROPOSED, start_on=None)
            done = ended(organisation, dt.date(2025, 3, 1), start_on=dt.date(2015 + year, 1, 1))
            factories.AppointmentFactory(cadre=done.cadre, start_on=dt.date(2025, 3, 1))

    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert browser.get(URL).status_code == 200
        return len(told)

    add(2)
    before = queries()
    add(7)
    assert queries() == before
    assert before <= 12


# ---- The drawing -----------------------------------------------------------------------------


def test_axis() -> None:
    axis = span_axis(2020, 2030, dt.date(2025, 1, 1))
    assert (axis["grid"][0], axis["grid"][-1], axis["now_x"]) == (0, 100, 50)
    assert [year for year, _x in axis["years"]] == list(range(2020, 2030))
    assert span_axis(2020, 2030, dt.date(2030, 1, 1))["now_x"] is None
    assert len(span_axis(2000, 2018, dt.date(2010, 1, 1))["years"]) == 9


def test_spans_stay_on_the_axis() -> None:
    def span(**source: Any) -> dict[str, Any]:
        whole = {
            "start": dt.date(2022, 1, 1),
            "end": dt.date(2024, 1, 1),
            "until": dt.date(2026, 1, 1),
            "mark": dt.date(2025, 1, 1),
            "text": "24 tháng",
        }
        (drawn,) = spans([whole | source], first=2020, last=2030)
        return drawn

    drawn = span()
    assert (drawn["x"], drawn["width"], drawn["rest_x"], drawn["rest_width"]) == (20, 20, 40, 20)
    assert (drawn["mark_x"], drawn["text_x"], drawn["is_inside"]) == (50, 20, True)
    short = span(end=dt.date(2022, 3, 1))
    assert not short["is_inside"]
    assert short["text_x"] == short["x"] + short["width"]
    assert span(until=None)["rest_width"] == 0
    assert span(until=dt.date(2023, 1, 1))["rest_width"] == 0
    assert span(mark=dt.date(2031, 1, 1))["mark_x"] is None
    outside = span(start=dt.date(2010, 1, 1), until=dt.date(2050, 1, 1))
    assert (outside["x"], outside["rest_x"] + outside["rest_width"]) == (0, 100)
