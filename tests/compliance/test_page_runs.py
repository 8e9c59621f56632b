"""Lần kiểm tra: asking for a check, following it, what it found, what turned."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import User
from compliance import selectors, services
from compliance.choices import RunKind, RunStatus
from compliance.models import ComplianceRun
from tests import factories
from tests.cast import Organisation

LIST, START = reverse("compliance:run-list"), reverse("compliance:run-start")
DAY = dt.date(2025, 10, 7)
SignIn = Callable[[User], Client]
Check = Callable[..., ComplianceRun]

pytestmark = pytest.mark.usefixtures("sent_jobs")


@pytest.fixture
def sent_jobs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, object]]]:
    """Names and arguments of the jobs that services ask for; none is sent."""
    sent: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(
        services, "enqueue", lambda name, **kwargs: sent.append((name, kwargs)), raising=True
    )
    return sent


def detail(run: ComplianceRun) -> str:
    return reverse("compliance:run-detail", args=[run.pk])


def waiting(unit: object = None) -> ComplianceRun:
    return services.run_start(
        actor=None,
        as_of=DAY,
        unit=unit,
        kind=RunKind.SNAPSHOT,  # type: ignore[arg-type]
    )


# -- list --------------------------------------------------------------------------------


def test_it_works(
    checked: Organisation, check: Check, provincial_officer: User, signed_in: SignIn
) -> None:
    check(DAY, checked.department)
    text = signed_in(provincial_officer).get(LIST).content.decode()
    assert "Xét tại một ngày" in text
    assert "Cập nhật hiện trạng" in text
    assert "07/10/2025" in text
    assert "Sở Nội vụ" in text
    assert "Tự động" in text


def test_it_requires_login(checked: Organisation, client: Client) -> None:
    run = ComplianceRun.objects.get()
    for url in (LIST, detail(run)):
        assert client.get(url).status_code == 302
    assert client.post(START).status_code == 302


def test_it_hides_runs_of_other_units(
    checked: Organisation, check: Check, other_unit_officer: User, signed_in: SignIn
) -> None:
    hidden = check(DAY, checked.department)
    client = signed_in(other_unit_officer)
    assert [line.run for line in client.get(LIST).context["lines"]] == [
        ComplianceRun.objects.get(kind=RunKind.LIVE)
    ]
    for name in ("run-detail", "run-progress", "run-compare"):
        assert client.get(reverse(f"compliance:{name}", args=[hidden.pk])).status_code == 404
    assert client.post(reverse("compliance:run-cancel", args=[hidden.pk])).status_code == 404


def test_an_empty_list_says_so(
    organisation: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    assert "Chưa có lần kiểm tra nào" in signed_in(provincial_officer).get(LIST).content.decode()


def test_queries_of_the_list_do_not_grow(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    client = signed_in(provincial_officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    few = queries()
    for number in range(40):
        factories.ComplianceRunFactory(
            unit=checked.department if number % 2 else None, requested_by=provincial_officer
        )
    assert queries() == few <= 10


# -- asking ------------------------------------------------------------------------------


def test_a_live_run(
    organisation: Organisation,
    frozen_today: dt.date,
    provincial_officer: User,
    signed_in: SignIn,
    sent_jobs: list[tuple[str, dict[str, object]]],
) -> None:
    response = signed_in(provincial_officer).post(START, {"loai": "live", "ngay-xet": "2017-04-15"})
    run = ComplianceRun.objects.get()
    assert response["Location"] == detail(run)
    assert (run.kind, run.as_of, run.unit) == (RunKind.LIVE, frozen_today, None)
    assert run.requested_by == provincial_officer
    assert sent_jobs == [("compliance.run_advance", {"run_id": run.pk})]


def test_a_snapshot_of_a_unit(
    organisation: Organisation, unit_officer: User, signed_in: SignIn
) -> None:
    form = {"ngay-xet": "2025-10-07", "don-vi": "SNV"}
    signed_in(unit_officer).post(START, form)
    run = ComplianceRun.objects.get()
    assert (run.kind, run.as_of, run.unit) == (RunKind.SNAPSHOT, DAY, organisation.department)


@pytest.mark.parametrize(
    "form",
    [
        {"ngay-xet": "2025-10-07", "don-vi": "SYT"},  # somebody else's
        {"ngay-xet": "2025-10-07"},  # everything
        {"loai": "live"},
        {"ngay-xet": "31/02/2025", "don-vi": "SNV"},
        {"ngay-xet": "0001-01-01", "don-vi": "SNV"},
    ],
)
def test_what_may_not_be_asked_for(
    organisation: Organisation, unit_officer: User, signed_in: SignIn, form: dict[str, str]
) -> None:
    response = signed_in(unit_officer).post(START, form)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not ComplianceRun.objects.exists()


def test_it_requires_right(
    organisation: Organisation, auditor: User, inspector: User, signed_in: SignIn
) -> None:
    for user in (auditor, inspector):
        client = signed_in(user)
        assert "Yêu cầu kiểm tra" not in client.get(LIST).content.decode()
        assert client.post(START, {"loai": "live"}).status_code == 403


def test_it_rejects_get(checked: Organisation, provincial_officer: User, signed_in: SignIn) -> None:
    client = signed_in(provincial_officer)
    run = ComplianceRun.objects.get()
    assert client.get(START).status_code == 405
    assert client.get(reverse("compliance:run-cancel", args=[run.pk])).status_code == 405


def test_asking_twice_leads_to_the_same_run(
    organisation: Organisation, frozen_today: dt.date, provincial_officer: User, signed_in: SignIn
) -> None:
    client = signed_in(provincial_officer)
    first = client.post(START, {"loai": "live"})
    second = client.post(START, {"loai": "live"}, follow=True)
    assert ComplianceRun.objects.count() == 1
    assert second.redirect_chain[0][0] == first["Location"]
    assert "Việc này đang chạy" in second.content.decode()


# -- following ---------------------------------------------------------------------------


def test_progress(organisation: Organisation, provincial_officer: User, signed_in: SignIn) -> None:
    run = waiting()
    client = signed_in(provincial_officer)
    url = reverse("compliance:run-progress", args=[run.pk])
    page = client.get(detail(run)).content.decode()
    assert f'hx-get="{url}"' in page
    assert '<meta http-equiv="refresh"' in page  # without script
    assert "Dừng lại" in page
    part = client.get(url)
    assert "HX-Refresh" not in part
    assert f"0 / {run.total}" in part.content.decode()
    ComplianceRun.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, done=run.total)
    assert client.get(url)["HX-Refresh"] == "true"
    assert '<meta http-equiv="refresh"' not in client.get(detail(run)).content.decode()


def test_cancel(
    organisation: Organisation, auditor: User, provincial_officer: User, signed_in: SignIn
) -> None:
    run = waiting()
    url = reverse("compliance:run-cancel", args=[run.pk])
    assert signed_in(auditor).post(url).status_code == 403
    assert "Dừng lại" not in signed_in(auditor).get(detail(run)).content.decode()
    assert signed_in(provincial_officer).post(url)["Location"] == detail(run)
    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED


def test_a_failure_is_said_in_words_and_can_be_repeated(
    organisation: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    run = waiting(organisation.department)
    services.run_fail(run_id=run.pk, error="Lần kiểm tra bị gián đoạn: mất kết nối.")
    client = signed_in(provincial_officer)
    text = client.get(detail(run)).content.decode()
    assert "Lần kiểm tra bị gián đoạn: mất kết nối." in text
    assert "Chạy lại" in text
    form = {"loai": "snapshot", "ngay-xet": "2025-10-07", "don-vi": "SNV"}
    client.post(START, form)
    again = ComplianceRun.objects.exclude(pk=run.pk).get()
    assert (again.as_of, again.unit) == (run.as_of, run.unit)


# -- what it found -----------------------------------------------------------------------


def test_numbers_lead_to_findings(
    checked: Organisation, check: Check, provincial_officer: User, signed_in: SignIn
) -> None:
    run = check(DAY)
    client = signed_in(provincial_officer)
    response = client.get(detail(run))
    rows = {row.rule.code: row.cells for row in response.context["rows"]}
    for code, cells in rows.items():
        for cell in cells:
            assert cell["number"] == run.summary[code].get(cell["outcome"], 0)
            found = client.get(cell["url"]).context["page_obj"].paginator.count
            assert found == cell["number"]
    assert run.law_fingerprint[:12] in response.content.decode()


def test_a_whole_run_shows_a_unit_officer_the_unit(
    checked: Organisation, check: Check, unit_officer: User, signed_in: SignIn
) -> None:
    run = check(DAY)
    response = signed_in(unit_officer).get(detail(run))
    review = next(r for r in response.context["rows"] if r.rule.code == "planning.women_share")
    assert sum(cell["number"] for cell in review.cells) == 1
    assert sum(run.summary["planning.women_share"].get(w, 0) for w in ("met", "not_met")) == 2
    assert "chỉ các đơn vị trong phạm vi của bạn" in response.content.decode()
    lines = signed_in(unit_officer).get(LIST).context["lines"]
    assert [line.failing for line in lines] == [None, None]


def test_queries_of_a_run(
    province: ComplianceRun, provincial_officer: User, signed_in: SignIn
) -> None:
    client = signed_in(provincial_officer)
    with CaptureQueriesContext(connection) as captured:
        client.get(detail(province))
    assert len(captured) <= 10


# -- what turned -------------------------------------------------------------------------


def test_what_turned(
    checked: Organisation,
    check: Check,
    provincial_officer: User,
    unit_officer: User,
    signed_in: SignIn,
) -> None:
    before = check(DAY)
    checked.other_plan.delete()
    factories.EvaluationFactory(cadre=checked.insider, unit=checked.department, year=2024)
    after = check(DAY)
    url = reverse("compliance:run-compare", args=[after.pk])
    response = signed_in(provincial_officer).get(url, {"voi": before.pk})
    turned = {turn.value: number for turn, number in response.context["turns"]}
    assert turned["tot-len"] == 1  # the grade of last year is known now
    assert turned["kem-di"] == 0
    assert turned["thoi-xet"] > 0  # the other plan is gone
    best = signed_in(provincial_officer).get(url, {"voi": before.pk, "chieu": "tot-len"})
    (line,) = best.context["lines"]
    assert line.rule.code == "planning.evaluation"
    assert (line.before.outcome.code, line.after.outcome.code) == ("cannot_tell", "met")
    own = signed_in(unit_officer).get(url, {"voi": before.pk}).context
    assert {line.shown.labels.unit_code for line in own["lines"]} == {"SNV"}
    assert sum(number for _, number in own["turns"]) == len(own["lines"])


def test_the_same_twice_is_no_change(
    checked: Organisation, check: Check, provincial_officer: User, signed_in: SignIn
) -> None:
    before, after = check(DAY), check(DAY)
    url = reverse("compliance:run-compare", args=[after.pk])
    text = signed_in(provincial_officer).get(url, {"voi": before.pk}).content.decode()
    assert "Không có gì khác" in text
    assert before in selectors.runs_comparable(actor=provincial_officer, run=after)


@pytest.mark.parametrize("other", ["", "x", "999999", "99999999999999999999"])
def test_a_comparison_with_nothing_does_not_exist(
    checked: Organisation, check: Check, provincial_officer: User, signed_in: SignIn, other: str
) -> None:
    url = reverse("compliance:run-compare", args=[check(DAY).pk])
    assert signed_in(provincial_officer).get(url, {"voi": other}).status_code == 404
