"""Grades: a year by unit, the grid, who may write, two at once, the verdict while typing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadre_portal.common import clock
from cadres.choices import Grade, Role
from cadres.models import Cadre, Evaluation, User
from cadres.selectors.evaluations import YearFilter, grade_year, roster
from cadres.services import evaluations as service
from cadres.services.evaluations import GradeEntry, GradesChanged, evaluations_save
from compliance.services import evaluate
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
YEAR = 2025
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(dt.date(2026, 11, 22)):
        yield


@pytest.fixture
def people(organisation: Organisation) -> list[Cadre]:
    """Seven more deputies of Sở Nội vụ."""
    return [
        factories.AppointmentFactory(unit=organisation.department, title=organisation.deputy).cadre
        for _ in range(7)
    ]


def grades(unit: Any, year: int = YEAR) -> dict[str, str]:
    rows = Evaluation.objects.filter(unit=unit, year=year).select_related("cadre")
    return {row.cadre.code: Grade(row.grade).name for row in rows}


def post(browser: Client, url: str, typed: dict[int, tuple[str, str]]) -> Any:
    """Send the grid: by person what it showed and what is chosen."""
    data = {}
    for pk, (was, now) in typed.items():
        data |= {f"w{pk}": was, f"g{pk}": now}
    return browser.post(url, data)


# ---- The grid ----------------------------------------------------------------------------------


def test_the_grid_is_saved_as_a_whole(
    organisation: Organisation, people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    factories.EvaluationFactory(
        cadre=people[0], unit=organisation.department, year=YEAR, grade=Grade.HTNV
    )
    factories.EvaluationFactory(
        cadre=people[1], unit=organisation.department, year=YEAR, grade=Grade.HTNV
    )
    browser = signed_in(unit_officer)
    url = f"/danh-gia/SNV/?nam={YEAR}"
    assert "Xếp loại năm 2025" in browser.get(url).content.decode()
    typed = {
        people[0].pk: ("HTNV", "HTXSNV"),
        people[1].pk: ("HTNV", ""),
        people[2].pk: ("", "HTTNV"),
    }
    response = post(browser, url, typed)
    assert response.status_code == 302
    assert grades(organisation.department) == {
        people[0].code: "HTXSNV",
        people[2].code: "HTTNV",
    }
    events = Evaluation.pgh_event_model.objects.filter(cadre_id=people[1].pk)  # type: ignore[attr-defined]
    assert [event.pgh_label for event in events.order_by("pgh_id")] == ["insert", "delete"]


def test_people_of_the_year_stand_in_the_grid(
    organisation: Organisation, provincial_officer: User
) -> None:
    def serving(start: dt.date, end: dt.date | None) -> Cadre:
        return factories.AppointmentFactory(
            unit=organisation.department, title=organisation.deputy, start_on=start, end_on=end
        ).cadre

    left = serving(dt.date(2020, 1, 1), dt.date(2025, 3, 1))
    before = serving(dt.date(2020, 1, 1), dt.date(2025, 1, 1))
    after = serving(dt.date(2026, 1, 1), None)
    until_the_last_day = serving(dt.date(2025, 12, 31), dt.date(2026, 1, 1))
    rows = {
        row.cadre.pk: row for row in roster(provincial_officer, organisation.department, YEAR).rows
    }
    assert {left.pk, until_the_last_day.pk, organisation.insider.pk} == set(rows)
    assert not {before.pk, after.pk} & set(rows)
    assert not rows[left.pk].is_here
    assert rows[left.pk].left_on == dt.date(2025, 3, 1)
    assert rows[until_the_last_day.pk].is_here


def test_vietnamese_order(organisation: Organisation, provincial_officer: User) -> None:
    for name in ("Lục Thị Oanh", "Hoàng Văn Bé", "Đàm Đức Cường"):
        cadre = factories.CadreFactory(full_name=name)
        factories.AppointmentFactory(
            cadre=cadre, unit=organisation.department, title=organisation.deputy
        )
    rows = roster(provincial_officer, organisation.department, YEAR).rows
    names = [row.cadre.full_name for row in rows]
    assert names == ["Nông Thị Ánh", "Hoàng Văn Bé", "Đàm Đức Cường", "Lục Thị Oanh"]


def test_grades_given_elsewhere_are_told_only_of_who_is_in_sight(
    organisation: Organisation, unit_officer: User
) -> None:
    gone = factories.AppointmentFactory(
        unit=organisation.department, title=organisation.deputy, end_on=dt.date(2025, 6, 1)
    ).cadre
    factories.AppointmentFactory(cadre=gone, unit=organisation.other, title=organisation.deputy)
    factories.EvaluationFactory(cadre=gone, unit=organisation.other, year=YEAR)
    factories.EvaluationFactory(cadre=gone, unit=organisation.other, year=YEAR - 1)
    factories.EvaluationFactory(
        cadre=gone, unit=organisation.department, year=YEAR - 2, grade=Grade.HTNV
    )
    rows = roster(unit_officer, organisation.department, YEAR).rows
    (row,) = [row for row in rows if row.cadre.pk == gone.pk]
    assert (row.is_open, row.elsewhere, row.before) == (False, [], {YEAR - 2: Grade.HTNV})


# ---- Who may write -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "code"),
    [("inspector", 403), ("auditor", 403), ("approver", 403), ("other_unit_officer", 404)],
)
def test_writing_needs_the_right(
    role: str,
    code: int,
    cast: dict[str, User],
    organisation: Organisation,
    signed_in: Browser,
) -> None:
    pk = organisation.insider.pk
    for tail in ("", "xet/"):
        url = f"/danh-gia/SNV/{tail}?nam={YEAR}"
        assert post(signed_in(cast[role]), url, {pk: ("", "HTTNV")}).status_code == code
    assert grades(organisation.department) == {}


def test_nobody_grades_themselves(
    organisation: Organisation, people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    unit_officer.cadre = people[0]
    unit_officer.save()
    browser, url = signed_in(unit_officer), f"/danh-gia/SNV/?nam={YEAR}"
    page = browser.get(url).content.decode()
    assert "không tự xếp loại mình" in page
    assert f'name="g{people[0].pk}"' not in page
    both = {people[0].pk: ("", "HTXSNV"), people[1].pk: ("", "HTTNV")}
    assert post(browser, url, both).status_code == 403
    assert grades(organisation.department) == {}
    text = f"{people[0].code}\tHTXSNV\n{people[1].code}\tHTTNV"
    read = browser.post(f"/danh-gia/SNV/nhap/?nam={YEAR}", {"dan": text}).content.decode()
    assert "Đã đọc xếp loại của 1 người" in read


def test_a_grade_is_given_where_one_served(organisation: Organisation, unit_officer: User) -> None:
    entry = GradeEntry(organisation.outsider.pk, None, Grade.HTTNV)
    with pytest.raises(Exception, match="không công tác ở đơn vị"):
        evaluations_save(
            actor=unit_officer, unit=organisation.department, year=YEAR, entries=[entry]
        )
    with pytest.raises(PermissionDenied):
        evaluations_save(actor=unit_officer, unit=organisation.other, year=YEAR, entries=[entry])


def test_years_to_come_wait(organisation: Organisation, unit_officer: User) -> None:
    entry = GradeEntry(organisation.insider.pk, None, Grade.HTTNV)
    with pytest.raises(Exception, match="Chưa thể xếp loại cho năm 2027"):
        evaluations_save(
            actor=unit_officer, unit=organisation.department, year=2027, entries=[entry]
        )


# ---- Two people at once --------------------------------------------------------------------------


def test_the_second_is_told_whose_grade_changed_and_loses_nothing(
    organisation: Organisation,
    people: list[Cadre],
    unit_officer: User,
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    url = f"/danh-gia/SNV/?nam={YEAR}"
    theirs = {people[0].pk: ("", "HTTNV")}
    assert post(signed_in(provincial_officer), url, theirs).status_code == 302
    browser = signed_in(unit_officer)
    mine = {people[0].pk: ("", "HTXSNV"), people[1].pk: ("", "HTNV")}
    response = post(browser, url, mine)
    assert response.status_code == 409
    page = response.content.decode()
    assert f"{provincial_officer} đã ghi “Tốt” lúc" in page
    assert "đồng chí chọn “Xuất sắc”" in page
    assert grades(organisation.department) == {people[0].code: "HTTNV"}
    # What was typed is still typed, and what is on file now is what the form shows as such.
    assert f'name="w{people[0].pk}" value="HTTNV"' in page
    again = {people[0].pk: ("HTTNV", "HTXSNV"), people[1].pk: ("", "HTNV")}
    assert post(browser, url, again).status_code == 302
    assert grades(organisation.department) == {people[0].code: "HTXSNV", people[1].code: "HTNV"}


def test_what_the_form_did_not_change_is_left_to_others(
    organisation: Organisation, people: list[Cadre], unit_officer: User
) -> None:
    unit = organisation.department
    factories.EvaluationFactory(cadre=people[0], unit=unit, year=YEAR, grade=Grade.HTTNV)
    entries = [
        GradeEntry(people[0].pk, None, None),  # shown before the other one wrote
        GradeEntry(people[1].pk, None, Grade.HTNV),
    ]
    assert evaluations_save(actor=unit_officer, unit=unit, year=YEAR, entries=entries) == 1
    assert grades(unit) == {people[0].code: "HTTNV", people[1].code: "HTNV"}


def test_the_same_grade_twice_is_no_conflict(
    organisation: Organisation, people: list[Cadre], unit_officer: User
) -> None:
    unit = organisation.department
    entries = [GradeEntry(people[0].pk, None, Grade.HTNV)]
    assert evaluations_save(actor=unit_officer, unit=unit, year=YEAR, entries=entries) == 1
    assert evaluations_save(actor=unit_officer, unit=unit, year=YEAR, entries=entries) == 0


def test_a_grade_that_was_taken_away_meanwhile(
    organisation: Organisation, people: list[Cadre], unit_officer: User
) -> None:
    entries = [GradeEntry(people[0].pk, Grade.HTNV, Grade.HTTNV)]
    with pytest.raises(GradesChanged) as told:
        evaluations_save(
            actor=unit_officer, unit=organisation.department, year=YEAR, entries=entries
        )
    assert [(each.mine, each.theirs) for each in told.value.conflicts] == [(Grade.HTTNV, None)]


# ---- The rule while typing -----------------------------------------------------------------------


# ---- Undo -----------------------------------------------------------------------------------


def test_what_was_saved_last_is_taken_back_in_one_go(
    people: list[Cadre], organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    """First grades, then one changed and one taken away; undone twice: nothing to undo is said."""
    browser = signed_in(unit_officer)
    grid, undo = f"/danh-gia/SNV/?nam={YEAR}", f"/danh-gia/SNV/hoan-tac/?nam={YEAR}"
    post(browser, grid, {people[0].pk: ("", "HTTNV"), people[1].pk: ("", "HTNV")})
    post(browser, grid, {people[0].pk: ("HTTNV", "HTXSNV"), people[1].pk: ("HTNV", "")})
    before = grades(organisation.department)
    shown = browser.get(undo)
    rows = {row["name"]: (row["now"], row["was"]) for row in shown.context["rows"]}
    assert rows[people[0].full_name] == ("Xuất sắc", "Tốt")
    assert rows[people[1].full_name] == ("không có", "Hoàn thành")
    # What somebody was shown is what is taken back: another key asks again.
    assert browser.post(undo, {"lan": "khác"}).status_code == 409
    assert grades(organisation.department) == before
    browser.post(undo, {"lan": shown.context["found"].key})
    assert set(grades(organisation.department).values()) == {"HTTNV", "HTNV"}


def test_grades_that_changed_since_are_not_taken_back(
    people: list[Cadre],
    organisation: Organisation,
    unit_officer: User,
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    """Somebody saved another grade after the question was asked: it is asked anew."""
    url, undo = f"/danh-gia/SNV/?nam={YEAR}", f"/danh-gia/SNV/hoan-tac/?nam={YEAR}"
    browser = signed_in(unit_officer)
    post(browser, url, {people[0].pk: ("", "HTTNV")})
    key = browser.get(undo).context["found"].key
    post(signed_in(provincial_officer), url, {people[0].pk: ("HTTNV", "HTNV")})
    answer = browser.post(undo, {"lan": key})
    assert answer.status_code == 409
    assert answer.context["found"].writer.name == str(provincial_officer)
    assert Evaluation.objects.get().grade == Grade.HTNV


def engine_says(code: str) -> tuple[str, str]:
    """What a check of everything says of a unit's grades of last year."""
    (found,) = [
        finding
        for finding in evaluate(as_of=clock.today())
        if finding.rule.code == "evaluation.top_grade" and finding.labels.unit_code == code
    ]
    return found.outcome.code, found.message


@pytest.mark.parametrize(
    ("top", "good", "outcome"),
    [(1, 5, "met"), (1, 4, "not_met"), (2, 5, "not_met"), (0, 3, "met"), (1, 0, "not_met")],
)
def test_the_verdict_while_typing_is_the_verdict_after_saving(
    top: int,
    good: int,
    outcome: str,
    organisation: Organisation,
    people: list[Cadre],
    unit_officer: User,
    signed_in: Browser,
) -> None:
    chosen = ["HTXSNV"] * top + ["HTTNV"] * good
    typed = {c.pk: ("", grade) for c, grade in zip(people, chosen, strict=False)}
    browser = signed_in(unit_officer)
    before = post(browser, f"/danh-gia/SNV/xet/?nam={YEAR}", typed).content.decode()
    assert grades(organisation.department) == {}
    assert f'data-outcome="{outcome}"' in before
    assert post(browser, f"/danh-gia/SNV/?nam={YEAR}", typed).status_code == 302
    code, message = engine_says("SNV")
    assert code == outcome
    assert message in before


def test_figures_of_the_year_that_is_judged(
    organisation: Organisation, people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    """Grades of this year will be judged in the next, those of 2018 by the law of then: none."""
    typed = {people[0].pk: ("", "HTXSNV"), people[1].pk: ("", "HTTNV")}
    browser = signed_in(unit_officer)
    now = post(browser, "/danh-gia/SNV/xet/?nam=2026", typed).content.decode()
    assert 'data-outcome="not_met"' in now
    for cadre in people[:2]:
        cadre.appointments.update(start_on=dt.date(2015, 1, 1))
    then = post(browser, "/danh-gia/SNV/xet/?nam=2018", typed).content.decode()
    assert 'data-outcome="not_applicable"' in then


def test_the_form_says_the_year_that_is_shown(unit_officer: User, signed_in: Browser) -> None:
    page = signed_in(unit_officer).get("/danh-gia/").content.decode()
    assert f'<option value="{YEAR}" selected>' in page


def test_all_alike_is_said(people: list[Cadre], unit_officer: User, signed_in: Browser) -> None:
    typed = {cadre.pk: ("", "HTTNV") for cadre in people}
    url = f"/danh-gia/SNV/xet/?nam={YEAR}"
    assert "data-alike" in post(signed_in(unit_officer), url, typed).content.decode()


def test_grades_of_last_year_are_judged_again(
    organisation: Organisation,
    people: list[Cadre],
    unit_officer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(service, "enqueue", lambda name, **kwargs: sent.append((name, kwargs)))
    for year in (YEAR - 1, YEAR):
        evaluations_save(
            actor=unit_officer,
            unit=organisation.department,
            year=year,
            entries=[GradeEntry(people[0].pk, None, Grade.KHTNV)],
        )
    unit = organisation.department.pk
    assert sent == [
        ("compliance.recheck", {"source_name": "unit_years", "groups": [unit]}),
        ("planning.people_recheck", {"cadre_ids": [people[0].pk]}),
    ]


def test_jobs_that_are_sent_exist() -> None:
    from celery import current_app

    current_app.loader.import_default_modules()
    assert {service.RECHECK_UNITS, service.RECHECK_PEOPLE} <= set(current_app.tasks)


# ---- A year by unit ------------------------------------------------------------------------------


def test_the_year_by_unit(
    organisation: Organisation, people: list[Cadre], provincial_officer: User, signed_in: Browser
) -> None:
    for cadre in people[:2]:
        factories.EvaluationFactory(cadre=cadre, unit=organisation.department, year=YEAR)
    factories.EvaluationFactory(
        cadre=people[2], unit=organisation.department, year=YEAR, grade=Grade.HTXSNV
    )
    for cadre in (organisation.outsider, organisation.villager):
        factories.EvaluationFactory(cadre=cadre, unit=organisation.other, year=YEAR)
    found = grade_year(provincial_officer, YEAR, clock.today(), YearFilter())
    rows = {row.unit.code: row for row in found.rows}
    assert list(rows) == ["SNV", "SNV-LT", "SYT"]  # the order of the tree
    assert rows["SNV"].grades[Grade.HTTNV] == 2
    assert rows["SNV"].missing == 5  # four deputies and the director
    assert rows["SNV"].is_over
    assert not rows["SNV"].is_alike
    assert rows["SYT"].is_alike
    assert rows["SYT"].missing == 0
    assert rows["SNV-LT"].verdict is None
    code, message = engine_says("SNV")
    assert (rows["SNV"].verdict.outcome, rows["SNV"].verdict.message) == (code, message)
    page = signed_in(provincial_officer).get(f"/danh-gia/?nam={YEAR}").content.decode()
    assert message in page
    assert "Xếp loại chưa phân hóa" in page
    only = (
        signed_in(provincial_officer)
        .get(f"/danh-gia/?nam={YEAR}&tinh_trang=chua-phan-hoa")
        .content.decode()
    )
    assert "/danh-gia/SYT/" in only
    assert "/danh-gia/SNV/" not in only


def test_one_person_alone_is_not_alike(organisation: Organisation, auditor: User) -> None:
    factories.EvaluationFactory(cadre=organisation.insider, unit=organisation.department, year=YEAR)
    found = grade_year(auditor, YEAR, clock.today(), YearFilter())
    assert not any(row.is_alike for row in found.rows)


def test_down_to_the_people(
    organisation: Organisation, people: list[Cadre], inspector: User, signed_in: Browser
) -> None:
    Cadre.objects.filter(pk=people[0].pk).update(full_name="Ma Thị Xuất")
    factories.EvaluationFactory(
        cadre=people[0], unit=organisation.department, year=YEAR, grade=Grade.HTXSNV
    )
    browser = signed_in(inspector)
    page = browser.get(f"/danh-gia/SNV/?nam={YEAR}&xep_loai=HTXSNV").content.decode()
    assert "Ma Thị Xuất" in page
    assert "Nông Thị Ánh" not in page
    assert "<select" not in page.split("<main")[1]
    missing = browser.get(f"/danh-gia/SNV/?nam={YEAR}&xep_loai=chua").content.decode()
    assert "Nông Thị Ánh" in missing
    assert "Ma Thị Xuất" not in missing


def test_scope_of_the_year(organisation: Organisation, other_unit_officer: User) -> None:
    factories.EvaluationFactory(cadre=organisation.insider, unit=organisation.department, year=YEAR)
    found = grade_year(other_unit_officer, YEAR, clock.today(), YearFilter())
    assert [row.unit.code for row in found.every] == ["SYT"]


def test_exports_leave_a_record(
    organisation: Organisation, people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    from cadres.models import ExportRecord

    Cadre.objects.filter(pk=people[0].pk).update(full_name="=1+1")
    browser = signed_in(unit_officer)
    for url in (f"/danh-gia/xuat/?nam={YEAR}", f"/danh-gia/SNV/xuat/?nam={YEAR}"):
        response = browser.get(url)
        assert response.status_code == 200
        assert b"".join(response.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    records = ExportRecord.objects.filter(what="evaluations").order_by("pk")
    assert [record.people for record in records] == [None, 8]


def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    urls = [f"/danh-gia/?nam={YEAR}", f"/danh-gia/SNV/?nam={YEAR}"]

    def counts() -> list[int]:
        numbers = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(url).status_code == 200
            numbers.append(len(queries))
        return numbers

    def more(number: int) -> None:
        for _ in range(number):
            unit = factories.UnitFactory(parent=organisation.province)
            for place in (unit, organisation.department):
                held = factories.AppointmentFactory(unit=place, title=organisation.deputy)
                for year in (YEAR - 1, YEAR):
                    factories.EvaluationFactory(cadre=held.cadre, unit=place, year=year)

    more(2)
    small = counts()
    more(10)
    assert counts() == small
    assert max(small) <= 10, small


def test_an_old_role_does_not_linger(
    organisation: Organisation, signed_in: Browser, db: None
) -> None:
    user = factories.UserFactory()
    factories.RoleGrantFactory(
        user=user,
        role=Role.UNIT_OFFICER,
        unit=organisation.department,
        valid_to=dt.date(2026, 11, 21),
    )
    assert signed_in(user).get("/danh-gia/SNV/").status_code == 404
