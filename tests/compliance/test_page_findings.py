"""Kết quả: the list of findings."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import User
from compliance import services
from compliance.choices import Outcome, SubjectKind
from compliance.models import ComplianceChange, ComplianceRun
from compliance.selectors import FindingFilters, FindingSet
from tests import factories
from tests.cast import Organisation

URL = reverse("compliance:finding-list")
REVIEW = "planning.annual_review"
SignIn = Callable[[User], Client]


def found(client: Client, **query: str) -> list[tuple[str, str, str]]:
    """(rule, unit, person or title or unit) of the rows on the page."""
    response = client.get(URL, query)
    assert response.status_code == 200, response.content[:500]
    lines = response.context.get("lines", [])
    return [(each.finding.rule.code, each.finding.labels.unit_code, each.whom) for each in lines]


def test_it_works(checked: Organisation, provincial_officer: User, signed_in: SignIn) -> None:
    response = signed_in(provincial_officer).get(URL)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Rà soát hằng năm" in text
    assert "cách 18 tháng, nhiều nhất 12 tháng" in text  # measured and required in one sentence
    assert "377-QĐ/TW (2025)" in text
    assert "đã đối chiếu" in text
    assert "22/11/2026" in text  # since
    assert reverse("planning:plan-detail", args=[checked.plan.pk]) in text
    assert reverse("cadres:unit-detail", args=["SNV"]) in text
    assert reverse("cadres:cadre-detail", args=["CB-NV"]) in text


def test_it_requires_login(checked: Organisation, client: Client) -> None:
    response = client.get(URL)
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_it_rejects_post(checked: Organisation, auditor: User, signed_in: SignIn) -> None:
    assert signed_in(auditor).post(URL).status_code == 405


def test_it_hides_other_units(
    checked: Organisation, unit_officer: User, other_unit_officer: User, signed_in: SignIn
) -> None:
    assert {unit for _, unit, _ in found(signed_in(unit_officer))} == {"SNV"}
    assert {unit for _, unit, _ in found(signed_in(other_unit_officer))} == {"SYT"}
    own, other = signed_in(unit_officer), signed_in(other_unit_officer)
    assert own.get(URL).context["page_obj"].paginator.count == len(found(other))
    assert "Sở Y tế" not in own.get(URL).content.decode()


def test_a_unit_out_of_scope_does_not_exist(
    checked: Organisation, unit_officer: User, signed_in: SignIn
) -> None:
    assert signed_in(unit_officer).get(URL, {"don-vi": "SYT"}).status_code == 404
    assert signed_in(unit_officer).get(URL, {"don-vi": "khong-co"}).status_code == 404


def test_without_a_grant_there_is_nothing(
    checked: Organisation, stranger: User, signed_in: SignIn
) -> None:
    response = signed_in(stranger).get(URL)
    assert found(signed_in(stranger)) == []
    assert "Không có gì ở đây" in response.content.decode()


def test_people_of_other_units_are_no_links(
    checked: Organisation, unit_officer: User, signed_in: SignIn, check: Callable[..., object]
) -> None:
    factories.NominationFactory(pool=checked.pool, cadre=checked.outsider)
    check()
    text = signed_in(unit_officer).get(URL, {"tim": "Lý Thị Đào"}).content.decode()
    assert "Lý Thị Đào" in text
    assert reverse("cadres:cadre-detail", args=["CB-YT"]) not in text


# -- filters ---------------------------------------------------------------------------


def test_filters(checked: Organisation, provincial_officer: User, signed_in: SignIn) -> None:
    client = signed_in(provincial_officer)
    everything = found(client)
    assert {rule for rule, _, _ in everything} == {REVIEW, "planning.higher_title"}
    assert found(client, **{"tieu-chi": REVIEW}) == [r for r in everything if r[0] == REVIEW]
    assert found(client, **{"don-vi": "SNV"}) == [r for r in everything if r[1] == "SNV"]
    assert found(client, **{"don-vi": "CB"}) == everything  # a unit means those below as well
    assert found(client, **{"doi-tuong": "plan"}) == [r for r in everything if r[0] == REVIEW]
    assert found(client, cap="commune") == []
    assert found(client, **{"nhiem-ky": "2025-2030"}) == everything
    unclear = found(client, **{"ket-qua": "cannot_tell"})
    assert {rule for rule, _, _ in unclear} == {"planning.evaluation"}
    assert set(everything) | set(unclear) < set(found(client, **{"ket-qua": "all"}))


@pytest.mark.parametrize("text", ["nong thi anh", "ÁNH nông", "CB-NV"])
def test_it_finds_people_without_diacritics(
    checked: Organisation, provincial_officer: User, signed_in: SignIn, text: str
) -> None:
    rows = found(signed_in(provincial_officer), tim=text)
    assert rows == [("planning.higher_title", "SNV", "Nông Thị Ánh")]


@pytest.mark.parametrize("text", ["so y te", "SYT"])
def test_it_finds_units(
    checked: Organisation, provincial_officer: User, signed_in: SignIn, text: str
) -> None:
    assert {row[1] for row in found(signed_in(provincial_officer), tim=text)} == {"SYT"}


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --"])
def test_text_is_taken_literally(
    checked: Organisation, provincial_officer: User, signed_in: SignIn, text: str
) -> None:
    assert found(signed_in(provincial_officer), tim=text) == []


def test_nonsense_in_a_filter_is_said(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    response = signed_in(provincial_officer).get(URL, {"tieu-chi": "x", "trang": "-4"})
    assert response.status_code == 200
    assert response.context["form"].errors


def test_chips_take_filters_away(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    response = signed_in(provincial_officer).get(URL, {"don-vi": "SNV", "tieu-chi": REVIEW})
    urls = {chip["value"]: chip["remove_url"] for chip in response.context["chips"]}
    assert urls == {
        "Rà soát hằng năm": "?don-vi=SNV",
        "Sở Nội vụ": f"?tieu-chi={REVIEW}",
    }
    assert response.context["clear_url"] == "?"


def test_numbers_stand_at_outcomes_and_rules(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    context = signed_in(provincial_officer).get(URL, {"tieu-chi": REVIEW}).context
    assert [item["label"] for item in context["segments"]] == [
        "Chưa đạt (2)",
        "Chưa rõ (0)",
        "Đạt (0)",
        "Tất cả",
    ]
    assert (REVIEW, "Rà soát hằng năm (2)") in context["form"].fields["tieu_chi"].choices


# -- which findings --------------------------------------------------------------------


def test_nothing_checked_yet(
    organisation: Organisation,
    frozen_today: dt.date,
    unit_officer: User,
    auditor: User,
    signed_in: SignIn,
) -> None:
    text = signed_in(unit_officer).get(URL).content.decode()
    assert "Chưa kiểm tra lần nào" in text
    assert "Yêu cầu kiểm tra" in text
    assert "Yêu cầu kiểm tra" not in signed_in(auditor).get(URL).content.decode()


def test_a_day_that_was_not_checked(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    text = signed_in(provincial_officer).get(URL, {"ngay": "2025-10-07"}).content.decode()
    assert "Chưa xét tại ngày 07/10/2025" in text
    assert f"{reverse('compliance:run-list')}?ngay=2025-10-07" in text


def test_a_day_that_was_checked(
    checked: Organisation,
    provincial_officer: User,
    signed_in: SignIn,
    check: Callable[..., ComplianceRun],
) -> None:
    check(dt.date(2025, 10, 7))
    response = signed_in(provincial_officer).get(URL, {"ngay": "2025-10-07", "ket-qua": "all"})
    lines = response.context["lines"]
    women = next(line for line in lines if line.finding.rule.code == "planning.women_share")
    assert women.citations[0].source == "50-QĐ/TW (2021)"
    plan_url = reverse("planning:plan-detail", args=[checked.plan.pk])
    assert f"{plan_url}?ngay=2025-10-07" in response.content.decode()


def test_the_whole_snapshot_answers_before_one_of_a_part(
    checked: Organisation,
    provincial_officer: User,
    unit_officer: User,
    signed_in: SignIn,
    check: Callable[..., ComplianceRun],
) -> None:
    day = dt.date(2025, 10, 7)
    part = check(day, checked.department)
    query = {"ngay": day.isoformat(), "ket-qua": "all"}
    assert signed_in(provincial_officer).get(URL, query).context["ask"].run == part
    whole = check(day)
    part_again = check(day, checked.department)
    assert signed_in(provincial_officer).get(URL, query).context["ask"].run == whole
    named = signed_in(unit_officer).get(URL, {"lan": str(part_again.pk)})
    assert named.context["ask"].as_of == day


def test_a_run_out_of_scope_does_not_exist(
    checked: Organisation,
    other_unit_officer: User,
    signed_in: SignIn,
    check: Callable[..., ComplianceRun],
) -> None:
    run = check(dt.date(2025, 10, 7), checked.department)
    client = signed_in(other_unit_officer)
    assert client.get(URL, {"lan": str(run.pk)}).status_code == 404
    assert client.get(URL, {"lan": "x"}).status_code == 404


def test_a_run_that_is_not_done_has_no_findings(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    run = services.run_start(actor=None, as_of=dt.date(2025, 10, 7), kind="snapshot", inline=True)
    text = signed_in(provincial_officer).get(URL, {"lan": str(run.pk)}).content.decode()
    assert "Lần kiểm tra này chưa có kết quả" in text


def test_met_people_are_said_to_be_missing(
    checked: Organisation,
    provincial_officer: User,
    signed_in: SignIn,
    check: Callable[..., ComplianceRun],
) -> None:
    client = signed_in(provincial_officer)
    query = {"ket-qua": "met", "doi-tuong": "nomination"}
    response = client.get(URL, query)
    assert found(client, **query) == []
    assert "không liệt kê từng người đã đạt" in response.content.decode()
    snapshot = check(dt.date(2026, 11, 22))
    assert f"lan={snapshot.pk}" in client.get(URL, query).content.decode()
    assert found(client, lan=str(snapshot.pk), **query)


def test_since_is_the_day_of_the_last_change(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    place = FindingSet(
        actor=provincial_officer,
        as_of=dt.date(2026, 11, 22),
        filters=FindingFilters(kind=SubjectKind.PLAN, unit=checked.department),
    )[0:1][0].finding
    from compliance.engine.registry import slot_of

    ComplianceChange.objects.create(
        kind=place.kind,
        group_id=place.group_id,
        subject_id=place.subject_id,
        unit_id=place.unit_id,
        slot=slot_of(place.rule, place.kind),
        was=Outcome.MET,
        now=Outcome.NOT_MET,
        changed_on=dt.date(2026, 5, 2),
    )
    context = signed_in(provincial_officer).get(URL, {"don-vi": "SNV", "tieu-chi": REVIEW}).context
    assert [line.since for line in context["lines"]] == [dt.date(2026, 5, 2)]


# -- waivers, sensitive rules ----------------------------------------------------------


def test_a_waiver_stands_beside(
    checked: Organisation, provincial_officer: User, approver: User, signed_in: SignIn
) -> None:
    waiver = factories.WaiverFactory(
        rule=REVIEW, unit=checked.department, asked_by=provincial_officer
    )
    client = signed_in(provincial_officer)
    assert "miễn áp dụng" not in client.get(URL).content.decode()  # asked for, not approved
    waiver.approved_by = approver
    waiver.save()
    lines = client.get(URL, {"tieu-chi": REVIEW}).context["lines"]
    beside = {line.finding.labels.unit_code: line.waiver for line in lines}
    assert beside["SYT"] is None
    assert beside["SNV"].document == "45-TB/TU"
    assert all(line.finding.outcome == Outcome.NOT_MET for line in lines)
    factories.WaiverFactory(
        rule="planning.candidates_per_title",
        unit=checked.department,
        asked_by=provincial_officer,
        approved_by=approver,
    )
    met = client.get(URL, {"ket-qua": "met", "tieu-chi": "planning.candidates_per_title"})
    assert [line.waiver for line in met.context["lines"]] == [None, None]


def test_disciplines_are_not_for_auditors(
    organisation: Organisation,
    check: Callable[..., ComplianceRun],
    auditor: User,
    approver: User,
    signed_in: SignIn,
) -> None:
    factories.DisciplineFactory(cadre=organisation.insider)
    check()
    query = {"tieu-chi": "planning.discipline"}
    assert len(found(signed_in(approver), **query)) == 1
    assert found(signed_in(auditor), **query) == []
    assert signed_in(auditor).get(URL, query).context["page_obj"].paginator.count == 0


# -- numbers and cost ------------------------------------------------------------------


def test_numbers_are_those_of_a_check_here_and_now(
    province: ComplianceRun, provincial_officer: User, frozen_today: dt.date
) -> None:
    want = Counter(
        (each.rule.code, each.kind, each.outcome)
        for each in services.evaluate(as_of=frozen_today)
        if each.outcome != Outcome.NOT_APPLICABLE
    )
    for run in (None, province):
        have = FindingSet(
            actor=provincial_officer, as_of=frozen_today, filters=FindingFilters(), run=run
        )
        for (code, kind, outcome), number in want.items():
            if run is None and (kind, outcome) == (SubjectKind.NOMINATION, Outcome.MET):
                assert (kind, code) not in have.totals or outcome not in have.totals[kind, code]
            else:
                assert have.totals[kind, code][outcome] == number


def test_every_row_comes_once_over_all_pages(
    province: ComplianceRun, provincial_officer: User, frozen_today: dt.date
) -> None:
    def key(row: object) -> tuple[object, ...]:
        finding = row.finding  # type: ignore[attr-defined]
        return finding.kind, finding.subject_id, finding.rule.code, finding.message

    want = Counter(
        (each.kind, each.subject_id, each.rule.code, each.message)
        for each in services.evaluate(as_of=frozen_today)
        if each.outcome == Outcome.NOT_MET
    )
    rows = FindingSet(actor=provincial_officer, as_of=frozen_today, filters=FindingFilters())
    pages = [key(row) for start in range(0, rows.count(), 50) for row in rows[start : start + 50]]
    assert Counter(pages) == want
    assert Counter(key(row) for row in rows.stream()) == want


def test_queries_do_not_grow(
    province: ComplianceRun, provincial_officer: User, signed_in: SignIn
) -> None:
    client = signed_in(provincial_officer)
    few = {"tieu-chi": "rotation.remaining_service"}

    def queries(query: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(URL, query)
        assert response.context["lines"]
        return len(captured)

    assert queries(few) == queries({}) <= 10
    assert queries({"lan": str(province.pk), "ket-qua": "all", "don-vi": "CB", "tim": "so"}) <= 10


def test_worst_first_then_by_unit(
    province: ComplianceRun, provincial_officer: User, frozen_today: dt.date
) -> None:
    filters = FindingFilters(outcomes=(Outcome.MET, Outcome.CANNOT_TELL, Outcome.NOT_MET))
    rows = FindingSet(actor=provincial_officer, as_of=frozen_today, filters=filters, run=province)
    outcomes = [row.finding.outcome for row in rows.stream()]
    assert outcomes == sorted(outcomes, reverse=True)


def test_no_inline_script_or_style(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    text = signed_in(provincial_officer).get(URL).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)
