"""The record of openings and exports: exact, append-only, and shown to who may look at it."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.choices import EXPORT_NAMES, FileDoor, Role
from cadres.contexts.records import filters_text
from cadres.models import Cadre, ExportRecord, FileOpening, User
from cadres.selectors.records import RecordFilters, export_list, opening_list
from cadres.services.records import record_export, record_opening, records_forget
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
LIST = reverse("cadres:record-list")
NOON = dt.datetime(2026, 11, 22, 12, 30)


def opened(actor: User, cadre: Cadre, door: str = FileDoor.PAGE) -> None:
    record_opening(actor=actor, cadre=cadre, door=door)


def exported(actor: User, **more: object) -> ExportRecord:
    return record_export(
        actor=actor,
        what="cadre-list",
        file_format="xlsx",
        people=2,
        **{"filters": {"q": "ánh"}, **more},  # type: ignore[arg-type]
    )


# ---- Writing ---------------------------------------------------------------------------------


def test_an_opening_is_kept_once_an_hour_by_door(
    organisation: Organisation, unit_officer: User, approver: User
) -> None:
    cadre = organisation.insider
    with clock.frozen(NOON):
        for _again in range(3):
            opened(unit_officer, cadre)
        opened(unit_officer, cadre, FileDoor.EDIT)
        opened(approver, cadre)
        opened(unit_officer, organisation.below)
    with clock.frozen(NOON + dt.timedelta(minutes=30)):
        opened(unit_officer, cadre)
    mine = FileOpening.objects.filter(actor=unit_officer, cadre=cadre, door=FileDoor.PAGE)
    assert [f"{row.at:%H:%M}" for row in mine.order_by("at")] == ["05:30", "06:00"]  # in UTC
    assert FileOpening.objects.count() == 5


def test_an_opening_costs_one_statement(organisation: Organisation, unit_officer: User) -> None:
    for _again in range(2):
        with CaptureQueriesContext(connection) as captured:
            opened(unit_officer, organisation.insider)
        assert len(captured) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_row(organisation: Organisation, unit_officer: User) -> None:
    barrier, failed = threading.Barrier(6), []

    def one() -> None:
        try:
            barrier.wait(10)
            opened(unit_officer, organisation.insider)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failed == []
    assert FileOpening.objects.count() == 1


def test_a_door_that_nobody_declared_is_refused(
    organisation: Organisation, unit_officer: User
) -> None:
    with pytest.raises(ValueError, match="window"):
        opened(unit_officer, organisation.insider, "window")


@pytest.mark.parametrize("table", ["cadres_fileopening", "cadres_exportrecord"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_the_database_keeps_what_was_recorded(
    table: str, sql: str, organisation: Organisation, unit_officer: User
) -> None:
    opened(unit_officer, organisation.insider)
    exported(unit_officer)
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))
    assert FileOpening.objects.count() == ExportRecord.objects.count() == 1


def test_a_record_outlives_the_file(
    organisation: Organisation, unit_officer: User, administrator: User, signed_in: Browser
) -> None:
    gone = factories.CadreFactory(code="CB-MAT", full_name="Người Đã Xóa")
    opened(unit_officer, gone)
    gone.delete()
    assert FileOpening.objects.get().cadre_code == "CB-MAT"
    page = signed_in(administrator).get(LIST, {"ho_so": "CB-MAT"}).content.decode()
    assert "hồ sơ đã xóa" in page
    assert reverse("cadres:cadre-detail", args=["CB-MAT"]) not in page


def test_an_export_says_what_it_was(organisation: Organisation, unit_officer: User) -> None:
    with clock.frozen(NOON):
        record = exported(unit_officer, reason="  họp ban thường vụ ")
    record.refresh_from_db()
    assert record.what in EXPORT_NAMES
    assert (record.people, record.filters, record.reason) == (2, {"q": "ánh"}, "họp ban thường vụ")
    assert record.is_sensitive  # nobody said so, but the account may see such data
    assert record.unit_ids == [organisation.department.pk]
    assert timezone_noon(record.at)
    assert exported(unit_officer, unit=organisation.centre).unit_ids == [organisation.centre.pk]


def timezone_noon(at: dt.datetime) -> bool:
    return at.astimezone(clock.now().tzinfo).replace(tzinfo=None) == NOON


def test_what_tells_of_nobody_is_not_sensitive(auditor: User, unit_officer: User) -> None:
    for actor, people in ((auditor, 3), (unit_officer, None)):
        record = record_export(
            actor=actor, what="law", file_format="xlsx", people=people, filters={}
        )
        assert not record.is_sensitive


def test_records_are_forgotten_when_their_time_is_over(
    organisation: Organisation, unit_officer: User, settings: object
) -> None:
    with clock.frozen(NOON - dt.timedelta(days=400)):
        opened(unit_officer, organisation.insider)
        exported(unit_officer)
    with clock.frozen(NOON):
        opened(unit_officer, organisation.insider)
        settings.RECORD_DAYS = 0  # type: ignore[attr-defined]
        assert records_forget() == 0
        settings.RECORD_DAYS = 399  # type: ignore[attr-defined]
        assert records_forget() == 2
    assert FileOpening.objects.count() == 1
    assert not ExportRecord.objects.exists()


# ---- From the pages --------------------------------------------------------------------------

#: address -> door
DOORS = {
    "cadres:cadre-detail": FileDoor.PAGE,
    "cadres:cadre-history": FileDoor.HISTORY,
    "api:cadre-detail": FileDoor.API,
}


@pytest.mark.parametrize(("name", "door"), DOORS.items())
def test_opening_a_file_is_recorded(
    name: str, door: str, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    assert client.get(reverse(name, args=["CB-YT"])).status_code == 404
    assert not FileOpening.objects.exists()
    assert client.get(reverse(name, args=["CB-NV"])).status_code == 200
    row = FileOpening.objects.get()
    assert (row.actor, row.cadre, row.door) == (unit_officer, organisation.insider, door)


# ---- Reading ---------------------------------------------------------------------------------


@pytest.fixture
def unit_auditor(organisation: Organisation) -> User:
    """Audits Sở Nội vụ alone."""
    grant = factories.RoleGrantFactory(role=Role.AUDITOR, unit=organisation.department)
    return grant.user


def test_who_audits_a_unit_sees_its_people_and_exports(
    organisation: Organisation,
    unit_auditor: User,
    unit_officer: User,
    other_unit_officer: User,
    provincial_officer: User,
    auditor: User,
) -> None:
    opened(provincial_officer, organisation.insider)
    opened(provincial_officer, organisation.outsider)
    for actor in (unit_officer, other_unit_officer, provincial_officer):
        exported(actor)
    nothing = RecordFilters()
    assert [row.cadre_code for row in opening_list(unit_auditor, nothing)] == ["CB-NV"]
    assert [row.actor for row in export_list(unit_auditor, nothing)] == [unit_officer]
    assert opening_list(auditor, nothing).count() == 2
    assert export_list(auditor, nothing).count() == 3
    for actor in (unit_officer, provincial_officer):
        assert not opening_list(actor, nothing).exists()
        assert not export_list(actor, nothing).exists()


def test_one_sees_who_opened_ones_own_file(
    organisation: Organisation, unit_officer: User, approver: User, signed_in: Browser
) -> None:
    assert signed_in(unit_officer).get(LIST).status_code == 403
    unit_officer.cadre = organisation.outsider  # serves elsewhere: still their own
    unit_officer.save()
    opened(approver, organisation.outsider)
    opened(approver, organisation.insider)
    exported(approver)
    client = signed_in(unit_officer)
    page = client.get(LIST, {"loai": "xuat"}).content.decode()
    assert "Ai đã xem hồ sơ của đồng chí" in page
    assert "CB-YT" in page
    assert "CB-NV" not in page
    assert client.get(reverse("cadres:record-export")).status_code == 403


def test_filters_narrow(organisation: Organisation, auditor: User, unit_officer: User) -> None:
    unit_officer.full_name = "Bế Xuân Hùng"
    unit_officer.save()
    with clock.frozen(NOON):
        opened(unit_officer, organisation.insider)
        opened(auditor, organisation.outsider, FileDoor.HISTORY)
    with clock.frozen(NOON - dt.timedelta(days=2)):
        opened(auditor, organisation.insider)

    def found(**asked: object) -> list[str]:
        rows = opening_list(auditor, RecordFilters(**asked))  # type: ignore[arg-type]
        return [f"{row.cadre_code} {row.actor.username}" for row in rows]

    officer = unit_officer.username
    assert found(account="be xuan") == [f"CB-NV {officer}"]
    assert found(person="nong anh") == ["CB-NV " + name for name in (officer, "auditor")]
    assert found(person="CB-Y") == ["CB-YT auditor"]
    assert found(kind=FileDoor.HISTORY) == ["CB-YT auditor"]
    assert found(unit=organisation.other) == ["CB-YT auditor"]
    assert len(found(since=NOON.date(), until=NOON.date())) == 2
    assert found(until=NOON.date() - dt.timedelta(days=1)) == ["CB-NV auditor"]


def test_the_page_begins_a_month_back_and_says_so(
    organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    with clock.frozen(clock.now() - dt.timedelta(days=40)):
        opened(auditor, organisation.insider)
    client = signed_in(auditor)
    assert "lùi “Từ ngày”" in client.get(LIST).content.decode()
    assert "CB-NV" in client.get(LIST, {"tu": ""}).content.decode()
    wrong = client.get(LIST, {"tu": "2026-02-01", "den": "2026-01-01"}).content.decode()
    assert "Đến ngày phải không trước từ ngày." in wrong


def test_exporting_the_record_is_recorded(
    organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    opened(auditor, organisation.insider)
    response = signed_in(auditor).get(reverse("cadres:record-export"), {"ho_so": "CB-NV"})
    assert b"".join(response.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    record = ExportRecord.objects.get()
    assert (record.what, record.rows, record.filters) == ("records", 1, {"ho_so": "CB-NV"})
    assert record.actor == auditor


@pytest.mark.parametrize("kind", ["", "xuat"])
def test_queries_do_not_grow(
    kind: str, organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    client = signed_in(auditor)

    def count() -> int:
        client.get(LIST, {"loai": kind})
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST, {"loai": kind}).status_code == 200
        return len(captured)

    exported(auditor)
    opened(auditor, organisation.insider)
    few = count()
    for user in factories.UserFactory.create_batch(20):
        opened(user, organisation.insider)
        exported(user)
    assert count() == few <= 10


def test_filters_of_an_export_are_told_in_words(unit_officer: User) -> None:
    record = exported(unit_officer, filters={"gioi": "female", "don_vi": "SNV", "tuoi-tu": 30})
    assert filters_text(record) == "Giới: Nữ; Đơn vị (cả cấp dưới): SNV; Tuổi từ: 30"


def test_the_file_leads_to_who_looked(
    organisation: Organisation, auditor: User, unit_officer: User, signed_in: Browser
) -> None:
    url = "/nhat-ky/?ho_so=CB-NV"
    assert url in signed_in(auditor).get("/ho-so/CB-NV/").content.decode()
    assert url not in signed_in(unit_officer).get("/ho-so/CB-NV/").content.decode()
