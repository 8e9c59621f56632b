"""Gắn quy hoạch với bổ nhiệm: what counts as coming from a plan, the sums, scope, the sheet."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import Cadre, ExportRecord, Title, Unit, User
from planning.models import Plan
from planning.selectors.origins import (
    Origin,
    OriginFilter,
    appointed,
    count_of,
    origin_counts,
)
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
DAY, START = dt.date(2026, 11, 22), dt.date(2026, 3, 1)
URL = reverse("planning:origins")
WANTED = OriginFilter(since=dt.date(2025, 10, 1), until=DAY)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


def appoint(unit: Unit, title: Title, start_on: dt.date = START, **row: Any) -> Cadre:
    cadre: Cadre = factories.CadreFactory()
    factories.PositionFactory._meta.model.objects.get_or_create(
        unit=unit, title=title, defaults={"prescribed": 1}
    )
    factories.AppointmentFactory(cadre=cadre, unit=unit, title=title, start_on=start_on, **row)
    return cadre


def planned(
    cadre: Cadre,
    plan: Plan,
    title: Title,
    nominated_on: dt.date = dt.date(2025, 11, 1),
    **row: Any,
) -> None:
    pool = factories.pool_of(plan, title)
    factories.NominationFactory(pool=pool, cadre=cadre, nominated_on=nominated_on, **row)


def origin_of(actor: User, cadre: Cadre) -> Any:
    total = count_of(origin_counts(actor, WANTED)).total
    (found,) = (
        each for each in appointed(actor, WANTED, total=total)[:] if each.code == cadre.code
    )
    return found


def test_origins(organisation: Organisation, provincial_officer: User) -> None:
    unit, plan, other = organisation.department, organisation.plan, organisation.other_plan
    director, deputy, committee = (
        organisation.director,
        organisation.deputy,
        organisation.committee,
    )
    cases: dict[str, tuple[Cadre, Origin]] = {}

    def case(name: str, origin: Origin, *pools: tuple[Plan, Title], **row: Any) -> None:
        cadre = appoint(unit, deputy)
        for its_plan, title in pools:
            planned(cadre, its_plan, title, **row)
        cases[name] = (cadre, origin)

    case("same title, same unit", Origin.EXACT, (plan, deputy))
    case("the exact one wins", Origin.EXACT, (other, director), (plan, deputy))
    case("same title elsewhere", Origin.EQUIVALENT, (other, deputy))
    case("a higher title", Origin.EQUIVALENT, (plan, director))
    case("nothing", Origin.NONE)
    low = factories.TitleFactory(code="TP", rank=40)
    case("a lower title", Origin.NONE, (plan, low))
    case("a committee is another kind", Origin.NONE, (plan, committee))
    case("nominated on the day itself", Origin.NONE, (plan, deputy), nominated_on=START)
    eve = START - dt.timedelta(days=1)
    case("nominated on the eve", Origin.EXACT, (plan, deputy), nominated_on=eve)
    case("taken out because appointed", Origin.EXACT, (plan, deputy), removed_on=START)
    case("out on the eve", Origin.NONE, (plan, deputy), removed_on=eve)
    for name, (cadre, origin) in cases.items():
        assert origin_of(provincial_officer, cadre).origin == origin, name
    assert origin_of(provincial_officer, cases["a lower title"][0]).is_lower
    assert not origin_of(provincial_officer, cases["nothing"][0]).is_lower
    named = origin_of(provincial_officer, cases["same title elsewhere"][0])
    assert (named.plan_unit, named.plan_title) == ("Sở Y tế", "Phó Giám đốc")
    whole = count_of(origin_counts(provincial_officer, WANTED))
    assert (whole.exact, whole.equivalent, whole.none) == (4, 2, 5)


def test_what_is_counted(organisation: Organisation, provincial_officer: User) -> None:
    unit, deputy = organisation.department, organisation.deputy

    def total(**changes: Any) -> int:
        wanted = OriginFilter(**{"since": WANTED.since, "until": DAY, **changes})
        return count_of(origin_counts(provincial_officer, wanted)).total

    again = appoint(unit, deputy, dt.date(2021, 3, 1), end_on=START)
    assert total() == 0
    # The same post again, a gap under 31 days: no new appointment; with 31 days it is one.
    row = {"cadre": again, "unit": unit, "title": deputy}
    new = factories.AppointmentFactory(**row, start_on=START + dt.timedelta(days=30))
    assert total() == 0
    new.start_on = START + dt.timedelta(days=31)
    new.save()
    assert total() == 1
    # A title that no plan has a pool of is not planned at all.
    clerk = factories.TitleFactory(code="CV", rank=10)
    factories.AppointmentFactory(unit=unit, title=clerk, start_on=START)
    assert total() == 1
    appoint(unit, deputy, WANTED.since)
    appoint(unit, deputy, WANTED.since - dt.timedelta(days=1))
    appoint(unit, deputy, DAY)
    appoint(unit, deputy, DAY + dt.timedelta(days=1))
    assert total() == 3
    appoint(organisation.other, deputy)
    appoint(unit, organisation.committee)
    assert (total(), total(kind="committee")) == (4, 1)
    assert total(path=unit.path) == 3
    assert total(unit_code="SYT") == 1
    assert total(year=2025) == 1
    assert total(level="commune") == 0
    counts = origin_counts(provincial_officer, WANTED)
    assert [(c.group, c.key, c.total) for c in counts] == [
        ("", "", 4),
        ("level", "province", 4),
        ("unit", "SNV", 3),
        ("unit", "SYT", 1),
        ("year", "2025", 1),
        ("year", "2026", 3),
    ]


def test_scope(
    organisation: Organisation, unit_officer: User, stranger: User, signed_in: Browser
) -> None:
    mine = appoint(organisation.department, organisation.deputy)
    planned(mine, organisation.other_plan, organisation.director)
    appoint(organisation.other, organisation.deputy)
    found = origin_of(unit_officer, mine)
    # Counted as the rules count plans elsewhere, without naming what lies outside.
    assert (found.origin, found.plan_id, found.plan_unit) == (Origin.EQUIVALENT, None, "")
    page = signed_in(unit_officer).get(URL)
    assert page.context["whole"].total == 1
    assert "Sở Y tế" not in page.content.decode()
    assert "ngoài phạm vi" in page.content.decode()
    assert signed_in(stranger).get(URL).context["whole"].total == 0


def test_from_a_number_to_the_people_and_the_sheet(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    first = appoint(organisation.department, organisation.deputy, decision_no="=1+1")
    planned(first, organisation.plan, organisation.deputy)
    appoint(organisation.other, organisation.deputy)
    browser = signed_in(provincial_officer)
    page = browser.get(URL)
    assert "50,0\u00a0% bổ nhiệm đi từ quy hoạch: 1 trong 2." in page.content.decode()
    units = {row["label"]: row for row in page.context["groups"][2]["rows"]}
    exact = units["Sở Nội vụ"]["cells"][0]
    assert exact["text"] == "1"
    narrowed = browser.get(exact["url"].partition("#")[0])
    names = [row["cells"][0]["text"] for row in narrowed.context["table"]["rows"]]
    assert names == [first.full_name]
    assert browser.get(f"{URL}?tu=khong&nam=x&cap=y&loai=z&nguon=w").status_code == 200
    response = browser.get(reverse("planning:origins-export"), {"nguon": "dung-chuc-danh"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][1:8] == (
        first.full_name,
        "Phó Giám đốc",
        "Sở Nội vụ",
        "Cấp tỉnh",
        dt.datetime(2026, 3, 1),
        "'=1+1",
        "Đúng chức danh",
    )
    record = ExportRecord.objects.get()
    assert (record.what, record.rows, record.people) == ("appointment-origins", 1, 1)
    assert record.filters == {"nguon": "dung-chuc-danh", "tu": "2025-10-01"}


def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(URL).status_code == 200
        return len(captured)

    appoint(organisation.department, organisation.deputy)
    count()
    before = count()
    for unit in (organisation.department, organisation.other, organisation.centre):
        planned(appoint(unit, organisation.deputy), organisation.plan, organisation.deputy)
    assert count() == before
    assert before <= 10
