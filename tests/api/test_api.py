"""The REST API: scope × role, sensitive fields, filters, errors, what it records, what it costs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadre_portal.common import clock
from cadre_portal.common.api.accounts import AccountThrottle
from cadres.models import ExportRecord, FileOpening, RoleGrant, User
from compliance.choices import RunKind
from compliance.services import run_inline, run_start
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
API = "/api/v1"


def read(client: Client, path: str, status: int = 200, **query: Any) -> Any:
    response = client.get(f"{API}/{path}", query)
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/json"
    return response.json()


def codes(client: Client, path: str, key: str = "code", **query: Any) -> list[str]:
    return [row[key] for row in read(client, path, **query)["results"]]


@pytest.fixture
def checked(organisation: Organisation, provincial_officer: User) -> Organisation:
    """Everything on file judged for today; the insider is under a discipline."""
    factories.DisciplineFactory(cadre=organisation.insider)
    run_inline(run_start(actor=provincial_officer, as_of=clock.today(), kind=RunKind.LIVE))
    return organisation


# ---- Scope -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "units", "people"),
    [
        ("provincial_officer", {"CB", "SNV", "SNV-LT", "SYT", "H042", "X01321"}, 4),
        ("auditor", {"CB", "SNV", "SNV-LT", "SYT", "H042", "X01321"}, 4),
        ("unit_officer", {"SNV", "SNV-LT"}, 2),
        ("inspector", {"SNV", "SNV-LT"}, 2),
        ("other_unit_officer", {"SYT"}, 1),
        ("stranger", set(), 0),
    ],
)
def test_lists_end_where_the_scope_does(
    role: str,
    units: set[str],
    people: int,
    checked: Organisation,
    cast: dict[str, User],
    signed_in: Browser,
) -> None:
    client = signed_in(cast[role])
    assert set(codes(client, "units/")) == units
    assert read(client, "cadres/")["count"] == people
    planned = {"SNV", "SYT"} & units
    assert set(codes(client, "plans/", "unit_code")) == planned
    assert set(codes(client, "nominations/", "unit_code")) == planned
    assert set(codes(client, "findings/", "unit")) <= units
    assert bool(read(client, "titles/")["count"]) == bool(units)


def test_what_is_outside_does_not_exist(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    for path in ("units/SYT/", "cadres/CB-YT/", f"plans/{organisation.other_plan.pk}/"):
        assert read(client, path, 404)["code"] == "not_found"
    for path in ("cadres/", "plans/", "nominations/"):
        there = read(client, path, 400, unit="SYT")
        nowhere = read(client, path, 400, unit="KHONG")
        assert there["fields"]["unit"][0].replace("SYT", "KHONG") == nowhere["fields"]["unit"][0]
    assert codes(client, "cadres/", search="Dao") == []
    assert codes(client, "nominations/", cadre="CB-YT") == []


def test_a_neighbour_named_by_a_unit_is_left_out(
    organisation: Organisation, unit_officer: User, provincial_officer: User, signed_in: Browser
) -> None:
    organisation.department.successions.create(successor=organisation.other)
    mine = read(signed_in(unit_officer), "units/SNV/")
    assert (mine["parent_code"], mine["successor_codes"]) == (None, [])
    all_of_it = read(signed_in(provincial_officer), "units/SNV/")
    assert (all_of_it["parent_code"], all_of_it["successor_codes"]) == ("CB", ["SYT"])


def test_an_ended_mandate_sees_nothing(
    checked: Organisation, inspector: User, signed_in: Browser
) -> None:
    client = signed_in(inspector)
    assert read(client, "cadres/")["count"] == 2
    RoleGrant.objects.filter(user=inspector).update(valid_to=clock.today() - dt.timedelta(days=1))
    for path in ("units/", "cadres/", "plans/", "nominations/", "titles/", "terms/"):
        assert read(client, path)["count"] == 0, path
    assert read(client, "findings/", outcome="met")["count"] == 0
    for path in ("units/SNV/", "cadres/CB-NV/", f"plans/{checked.plan.pk}/", "titles/GD/"):
        read(client, path, 404)


def test_without_a_session_there_is_nothing(organisation: Organisation, client: Client) -> None:
    assert read(client, "cadres/", 401)["code"] == "not_authenticated"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_only_reads(
    method: str, organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    response = getattr(signed_in(administrator), method)(f"{API}/cadres/CB-NV/")
    assert response.status_code == 405
    assert response.json()["message"] == "Giao diện này chỉ để đọc (GET)."


# ---- Sensitive data --------------------------------------------------------------------------


def test_sensitive_fields_are_left_out_person_by_person(
    checked: Organisation, auditor: User, signed_in: Browser
) -> None:
    client = signed_in(auditor)
    factories.RoleGrantFactory(user=auditor, role="unit_officer", unit=checked.other)
    rows = {row["code"]: row for row in read(client, "cadres/")["results"]}
    assert "ethnicity_code" in rows["CB-YT"]
    assert "ethnicity_code" not in rows["CB-NV"]
    mine, not_mine = (read(client, f"cadres/{code}/") for code in ("CB-YT", "CB-NV"))
    assert {"ethnicity_code", "disciplines"} <= set(mine)
    assert {"ethnicity_code", "disciplines"} & set(not_mine) == set()
    # A filter on them finds only people of whom they may be known.
    assert codes(client, "cadres/", ethnicity="02") == ["CB-YT"]


def test_who_may_see_none_has_no_such_filter(
    checked: Organisation, auditor: User, provincial_officer: User, signed_in: Browser
) -> None:
    client = signed_in(auditor)
    refused = read(client, "cadres/", 400, ethnicity="02")
    assert refused["fields"].keys() == {"ethnicity"}
    assert "ethnicity" not in refused["fields"]["ethnicity"][0].partition("Có:")[2]
    assert codes(client, "findings/", "rule", rule="planning.discipline") == []
    told = codes(signed_in(provincial_officer), "findings/", "rule", rule="planning.discipline")
    assert told == ["planning.discipline"]


# ---- Answers ---------------------------------------------------------------------------------


def test_a_file(checked: Organisation, unit_officer: User, signed_in: Browser) -> None:
    cadre = checked.insider
    cadre.birth_precision, cadre.birth_date = "month", dt.date(1985, 5, 1)
    cadre.save()
    factories.EvaluationFactory(cadre=cadre, unit=checked.department, year=2025)
    factories.TrainingFactory(cadre=cadre)
    file = read(signed_in(unit_officer), "cadres/CB-NV/")
    assert file["birth_date"] == "1985-05"
    assert file["ethnicity_code"] == "02"
    assert (file["post"]["unit_code"], file["post"]["title_code"]) == ("SNV", "GD")
    assert [post["title_code"] for post in file["career"]] == ["GD"]
    assert file["evaluations"] == [{"year": 2025, "grade": "HTTNV", "unit_code": "SNV"}]
    assert file["disciplines"][0]["kind"] == "reprimand"
    assert len(file["trainings"]) == 1


def test_a_plan_on_a_day(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    (row,) = [
        p for p in read(client, f"plans/{organisation.plan.pk}/")["pools"] if p["nominations"]
    ]
    assert (row["title_code"], row["nominations"][0]["cadre_code"]) == ("GD", "CB-NV")
    before = read(client, f"plans/{organisation.plan.pk}/", as_of="2010-01-01")
    assert [pool["nominations"] for pool in before["pools"] if pool["nominations"]] == []
    assert codes(client, "nominations/", "cadre_code", as_of="2010-01-01") == []


def test_findings_are_those_of_the_page(
    checked: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    (row,) = read(client, "findings/", rule="planning.discipline")["results"]
    assert row["as_of"] == clock.today().isoformat()
    assert (row["unit"], row["cadre"], row["measured"]) == ("SNV", "CB-NV", {"active": 1})
    assert row["message"].startswith("Đang có 1 kỷ luật")
    assert row["since"]
    unchecked = read(client, "findings/", 404, as_of="2024-01-01")
    assert unchecked["code"] == "not_checked"


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("cadres/", {"tuoi": "30"}, "tuoi"),
        ("cadres/CB-NV/", {"limit": "3"}, "limit"),
        ("cadres/", {"limit": "501"}, "limit"),
        ("cadres/", {"offset": "-1"}, "offset"),
        ("cadres/", {"as_of": "hôm nay"}, "as_of"),
        ("cadres/CB-NV/", {"as_of": "0001-01-01"}, "as_of"),
        ("cadres/", {"order": "ethnicity_code"}, "order"),
        ("cadres/", {"search": "a\x00b"}, "search"),
        ("cadres/", {"age_from": "ba mươi"}, "age_from"),
        ("findings/", {"rule": "planning.khong"}, "rule"),
        ("plans/", {"level": "xa"}, "level"),
    ],
)
def test_a_wrong_parameter_is_named(
    path: str,
    query: dict[str, str],
    field: str,
    organisation: Organisation,
    unit_officer: User,
    signed_in: Browser,
) -> None:
    answer = read(signed_in(unit_officer), path, 400, **query)
    assert answer["code"] == "invalid"
    assert answer["message"].startswith("Yêu cầu chưa đúng")
    assert list(answer["fields"]) == [field]


def test_filters_narrow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    client = signed_in(provincial_officer)
    assert codes(client, "units/", within="SNV") == ["SNV", "SNV-LT"]
    assert codes(client, "units/", level="district", as_of="2024-01-01") == ["H042"]
    assert codes(client, "units/", search="noi vu") == ["SNV"]
    assert codes(client, "cadres/", unit="SNV", order="-code") == ["CB-NV", "CB-LT"]
    assert codes(client, "cadres/", title="UVBCH") == ["CB-BL"]
    assert codes(client, "cadres/", search="nong anh") == ["CB-NV"]
    assert codes(client, "cadres/", age_from=100) == []
    first = read(client, "cadres/", limit=1)
    assert first["count"] == 4
    assert len(first["results"]) == 1
    assert codes(client, "cadres/", limit=3, offset=1) == codes(client, "cadres/")[1:]


# ---- Records, limits, cost -------------------------------------------------------------------


def test_what_is_taken_is_recorded(
    checked: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    read(client, "cadres/", search="nong")
    record = ExportRecord.objects.get()
    assert (record.what, record.file_format, record.people) == ("api-cadres", "json", 1)
    assert (record.filters, record.is_sensitive) == ({"search": "nong"}, True)
    assert record.unit_ids == [checked.department.pk]
    read(client, "cadres/CB-NV/")
    read(client, "cadres/CB-YT/", 404)
    opening = FileOpening.objects.get()
    assert (opening.actor, opening.cadre, opening.door) == (unit_officer, checked.insider, "api")
    read(client, "nominations/")
    read(client, "findings/")
    read(client, f"plans/{checked.plan.pk}/")
    read(client, "units/")
    taken = set(ExportRecord.objects.values_list("what", flat=True))
    assert taken == {"api-cadres", "api-nominations", "api-findings", "api-plans"}


def test_too_many_requests_are_told_so(
    organisation: Organisation,
    unit_officer: User,
    signed_in: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(AccountThrottle, "THROTTLE_RATES", {"user": "2/min"})
    client = signed_in(unit_officer)
    read(client, "titles/")
    read(client, "titles/")
    assert read(client, "titles/", 429)["code"] == "throttled"


@pytest.mark.parametrize(
    ("path", "most"),
    [("units/", 10), ("cadres/", 10), ("plans/", 10), ("nominations/", 10), ("findings/", 10)],
)
def test_queries_do_not_grow(
    path: str, most: int, checked: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)

    def count() -> int:
        read(client, path, limit=200)
        with CaptureQueriesContext(connection) as captured:
            read(client, path, limit=200)
        return len(captured)

    few = count()
    people = factories.CadreFactory.create_batch(30)
    for number, cadre in enumerate(people):
        unit = factories.UnitFactory(parent=checked.centre, code=f"SNV-{number}")
        factories.AppointmentFactory(cadre=cadre, unit=unit, title=checked.deputy)
        factories.NominationFactory(pool=checked.pool, cadre=cadre)
        factories.PlanFactory(unit=unit)
    assert count() == few <= most
