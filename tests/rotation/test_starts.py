"""Tours that did not begin here: what their careers lack is told, and written by one act."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from cadres.models import User
from rotation.choices import RotationKind, RotationStatus
from rotation.models import Rotation
from rotation.services import process
from rotation.services.effects import rotation_effect
from rotation.services.process import RotationRefused
from tests import factories
from tests.planning.conftest import Queries
from tests.planning.conftest import queries as queries
from tests.rotation.conftest import TODAY, Stage

Browser = Callable[[User], Client]
WENT = dt.date(2025, 3, 1)


def listed(stage: Stage, **values: Any) -> Rotation:
    """A tour from Sở Nội vụ to Sở Y tế as a workbook has it."""
    made: Rotation = factories.RotationFactory(
        **{
            "cadre": stage.person,
            "from_unit": stage.home,
            "from_title": stage.title,
            "to_unit": stage.away,
            "to_title": stage.title,
            "start_on": WENT,
            **values,
        }
    )
    return made


def went(stage: Stage, since: dt.date = WENT) -> None:
    """The career has the post that was taken."""
    factories.AppointmentFactory(
        cadre=stage.person, unit=stage.away, title=stage.title, start_on=since
    )


def left(stage: Stage, on: dt.date = WENT) -> None:
    """The career has the end of the post that was left."""
    stage.post.end_on = on
    stage.post.save()


def career(stage: Stage) -> set[tuple[str, dt.date, dt.date | None]]:
    rows = stage.person.appointments.values_list("unit__code", "start_on", "end_on")
    return set(rows)


def whole(stage: Stage) -> set[tuple[str, dt.date, dt.date | None]]:
    return {(stage.home.code, stage.post.start_on, WENT), (stage.away.code, WENT, None)}


def told(browser: Client, rotation: Rotation) -> str:
    return browser.get(f"/luan-chuyen/{rotation.pk}/").content.decode()


@pytest.mark.parametrize("has_left", [True, False])
@pytest.mark.parametrize("has_gone", [True, False])
def test_one_act_writes_exactly_what_lacks_and_cancelling_takes_it_back(
    stage: Stage,
    provincial_officer: User,
    approver: User,
    signed_in: Browser,
    has_left: bool,
    has_gone: bool,
) -> None:
    if has_left:
        left(stage)
    if has_gone:
        went(stage)
    rotation = listed(stage)
    browser = signed_in(provincial_officer)
    page = told(browser, rotation)
    assert ("Hồ sơ còn ghi giữ" in page) is not has_left
    assert ("Hồ sơ chưa ghi giữ" in page) is not has_gone
    is_whole = has_left and has_gone
    assert ("Gắn với chức vụ trong hồ sơ" in page) is is_whole
    assert ("Ghi phần còn thiếu vào hồ sơ" in page) is not is_whole
    # It can be tried out before, without a trace.
    before = career(stage)
    effect = rotation_effect(provincial_officer, rotation, TODAY)
    assert effect is not None
    assert effect.is_past
    assert not effect.refused
    assert [(seat.before, seat.after) for seat in effect.seats] == [(1, 0), (0, 1)]
    assert career(stage) == before

    assert browser.post(f"/luan-chuyen/{rotation.pk}/bo-sung/").status_code == 302
    assert career(stage) == whole(stage)
    assert "Quá trình công tác trong hồ sơ" not in told(browser, rotation)
    rotation.refresh_from_db()
    with pytest.raises(RotationRefused, match="đã được ghi"):
        process.rotation_complete_start(actor=provincial_officer, rotation=rotation)
    process.rotation_cancel(actor=approver, rotation=rotation, reason="Nhầm")
    assert career(stage) == {(stage.home.code, stage.post.start_on, None)}


def test_where_both_do_not_fit_nothing_is_written_and_why_is_told(
    stage: Stage, provincial_officer: User, signed_in: Browser
) -> None:
    left(stage, dt.date(2024, 12, 1))
    went(stage, dt.date(2025, 6, 1))
    rotation, before = listed(stage), career(stage)
    page = told(signed_in(provincial_officer), rotation)
    assert "Hồ sơ ghi thôi chức vụ nơi đi từ ngày 01/12/2024, còn lượt này ghi từ ngày" in page
    assert "Hồ sơ ghi giữ chức vụ nơi đến từ ngày 01/06/2025, còn lượt này ghi từ ngày" in page
    assert "Ghi phần còn thiếu" not in page
    with pytest.raises(RotationRefused) as refused:
        process.rotation_complete_start(actor=provincial_officer, rotation=rotation)
    assert len(refused.value.reasons) == 2
    assert career(stage) == before
    assert Rotation.objects.get().begun is None


def test_who_is_seconded_keeps_the_post(stage: Stage, provincial_officer: User) -> None:
    rotation = listed(stage, kind=RotationKind.SECONDMENT)
    process.rotation_complete_start(actor=provincial_officer, rotation=rotation)
    assert career(stage) == {
        (stage.home.code, stage.post.start_on, None),
        (stage.away.code, WENT, None),
    }


def test_of_a_tour_that_is_over_what_lacks_is_told_only(
    stage: Stage, provincial_officer: User, signed_in: Browser
) -> None:
    over = listed(stage, status=RotationStatus.COMPLETED, ended_on=dt.date(2026, 3, 1))
    page = told(signed_in(provincial_officer), over)
    assert "Hồ sơ chưa ghi giữ" in page
    assert "phần còn thiếu ghi trong hồ sơ" in page
    with pytest.raises(RotationRefused, match="trạng thái"):
        process.rotation_complete_start(actor=provincial_officer, rotation=over)
    left(stage)
    went(stage)
    assert "Quá trình công tác trong hồ sơ" not in told(signed_in(provincial_officer), over)


def test_only_officers_of_both_units_write(
    stage: Stage,
    unit_officer: User,
    other_unit_officer: User,
    approver: User,
    stranger: User,
    signed_in: Browser,
) -> None:
    rotation, before = listed(stage), career(stage)
    for actor in (unit_officer, other_unit_officer, approver):
        with pytest.raises(PermissionDenied):
            process.rotation_complete_start(actor=actor, rotation=rotation)
        assert "Ghi phần còn thiếu vào hồ sơ" not in told(signed_in(actor), rotation)
    url = f"/luan-chuyen/{rotation.pk}/bo-sung/"
    assert signed_in(unit_officer).post(url).status_code == 403
    assert signed_in(stranger).post(url).status_code == 404
    assert career(stage) == before


def test_they_are_found_in_the_list_until_they_are_written(
    stage: Stage, provincial_officer: User, other_unit_officer: User, signed_in: Browser
) -> None:
    loose = listed(stage)
    listed(stage, status=RotationStatus.COMPLETED, ended_on=TODAY, start_on=dt.date(2022, 1, 1))
    elsewhere = listed(stage, to_unit=factories.UnitFactory(), start_on=dt.date(2024, 1, 1))

    def found(actor: User) -> list[str]:
        page = signed_in(actor).get("/luan-chuyen/danh-sach/?ho-so=chua-gan")
        return [row["url"] for row in page.context["table"]["rows"]]

    assert len(found(provincial_officer)) == 2
    assert [f"/{loose.pk}/" in url for url in found(other_unit_officer)] == [True]
    process.rotation_complete_start(actor=provincial_officer, rotation=loose)
    assert [f"/{elsewhere.pk}/" in url for url in found(provincial_officer)] == [True]


def test_queries_are_fixed(
    stage: Stage, provincial_officer: User, signed_in: Browser, queries: Queries
) -> None:
    rotation = listed(stage)
    browser, url = signed_in(provincial_officer), f"/luan-chuyen/{rotation.pk}/"
    before = queries(browser, url)
    for place in range(5):
        day = dt.date(2010 + place, 1, 1)
        factories.AppointmentFactory(
            cadre=stage.person,
            unit=stage.home,
            title=stage.title,
            start_on=day,
            end_on=day + dt.timedelta(days=300),
        )
    assert queries(browser, url) == before
