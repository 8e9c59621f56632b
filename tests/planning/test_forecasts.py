"""Forecasts: what turns in which month and because of whom, as the check of that day would say."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import given

from cadre_portal.common import clock
from cadres.choices import DisciplineKind
from cadres.models import Discipline, User
from compliance.choices import Outcome, RunStatus, SubjectKind
from planning.forecasting import LEFT_OUT, days_of, events_of
from planning.models import ForecastChunk, ForecastEvent, ForecastRun, Plan, PlanForecast
from planning.selectors.forecasts import ForecastFilter, events_found, forecast_of
from planning.services import plan_check
from planning.services.forecasts import (
    forecast_chunk_do,
    forecast_start,
    forecasts_resume,
    horizon,
)
from tests import factories
from tests.cast import Organisation
from tests.planning.conftest import Queries
from tests.rules.strategies import provinces, random_search
from tests.rules.writer import in_database

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
Browser = Callable[[User], Client]


# ---- The same as the check of each day ----------------------------------------------------------


@random_search(8)
@given(provinces())
def test_events_lead_to_what_the_check_of_each_day_finds(drawn: Any) -> None:
    province, as_of = drawn
    with in_database(province):
        plans = list(Plan.objects.select_related("unit", "term").order_by("pk"))
        if not plans:
            return
        days = [as_of, *days_of(as_of, as_of + dt.timedelta(days=70))[1:]]
        known: dict[Any, int] = {}
        events = list(events_of([plan.pk for plan in plans], days))
        for day in days:
            for _plan, event in events:
                if event.month_end == day:
                    known[event.kind, event.subject_id, event.rule] = event.after
            for plan in plans:
                for found in plan_check(plan=plan, as_of=day):
                    if found.rule.code in LEFT_OUT:
                        continue
                    key = (found.kind.value, found.subject_id, found.rule.code)
                    # Nothing is told of what begins in order, or does not apply at all.
                    assert known.get(key, Outcome.MET) in (
                        (found.outcome,) if key in known else (Outcome.MET, Outcome.NOT_APPLICABLE)
                    )
                    if key not in known:
                        assert found.outcome <= Outcome.MET


def test_the_last_day_of_every_month() -> None:
    assert days_of(TODAY, dt.date(2027, 2, 10)) == [
        TODAY,
        dt.date(2026, 11, 30),
        dt.date(2026, 12, 31),
        dt.date(2027, 1, 31),
        dt.date(2027, 2, 28),
    ]
    assert days_of(dt.date(2026, 11, 30), dt.date(2026, 12, 1)) == [
        dt.date(2026, 11, 30),
        dt.date(2026, 12, 31),
    ]


# ---- A plan -------------------------------------------------------------------------------------


@pytest.fixture
def to_come(organisation: Organisation) -> Iterator[Organisation]:
    """The one young nominee turns 40 in March 2028; a discipline lapses in January 2027."""
    for parameter, value in (
        ("planning.age_bands.young_below", 40),
        ("planning.age_bands.middle_to", 50),
    ):
        factories.TargetFactory(unit=organisation.province, parameter=parameter, value=value)
    term = organisation.plan.term
    factories.TermFactory(code="2028", starts_on=dt.date(2028, 1, 1), ends_on=dt.date(2028, 5, 31))
    assert term.ends_on > TODAY
    for name, born in (
        ("Vàng Thị Mỷ", dt.date(1988, 3, 17)),
        ("Lục Văn Kiên", dt.date(1974, 1, 1)),
    ):
        cadre = factories.CadreFactory(full_name=name, birth_date=born)
        factories.NominationFactory(pool=organisation.pool, cadre=cadre)
    Discipline.objects.create(
        cadre=organisation.insider,
        kind=DisciplineKind.REPRIMAND,
        decided_on=dt.date(2026, 1, 20),
        effective_to=dt.date(2027, 1, 20),
    )
    with clock.frozen(TODAY):
        yield organisation


def made(plan: Plan) -> PlanForecast:
    """Forecast a plan as a worker would."""
    run = forecast_start(actor=None, plan=plan)
    for chunk in ForecastChunk.objects.filter(run=run):
        forecast_chunk_do(chunk_id=chunk.pk)
    run.refresh_from_db()
    assert (run.status, run.done, run.total) == (RunStatus.FINISHED, 1, 1)
    return PlanForecast.objects.get(plan=plan)


def test_it_says_when_and_because_of_whom(
    to_come: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    forecast = made(to_come.plan)
    assert forecast.ends_on == horizon(TODAY) == dt.date(2028, 5, 31)
    events = ForecastEvent.objects.filter(forecast=forecast, before__isnull=False)
    bands = events.get(
        kind=SubjectKind.PLAN, rule="planning.three_age_bands", month_end=dt.date(2028, 3, 31)
    )
    assert (bands.before, bands.after) == (Outcome.MET, Outcome.NOT_MET)
    assert len(bands.people) == 1
    lapse = events.get(rule="planning.discipline")
    assert (lapse.after, lapse.month_end) == (Outcome.MET, dt.date(2027, 1, 31))
    assert lapse.people == [to_come.insider.pk]

    url = reverse("planning:plan-detail", args=[to_come.plan.pk]) + "?phan=du-bao"
    page = signed_in(unit_officer).get(url)
    (row,) = [
        each
        for each in page.context["rows"]
        if each["rule"] == "Cơ cấu ba độ tuổi" and each["month"] == "03/2028"
    ]
    assert row["why"] == "Vàng Thị Mỷ tròn 40 tuổi"
    assert "Dưới 40: 0" in row["message"]
    assert row["todo"] == "Thiếu nhóm dưới 40, cần thêm 1 người, trước 03/2028."
    assert row["who_url"].endswith(f"/{to_come.plan.pk}/sua-giup/?ngay=2028-03-31")
    people = [each["why"] for each in page.context["people_rows"]]
    assert "Kỷ luật hết hiệu lực" in people
    text = page.content.decode()
    assert "biết đến hôm nay" in text
    assert "Dữ liệu đã đổi từ khi lập" not in text


def test_an_old_forecast_says_so(to_come: Organisation) -> None:
    made(to_come.plan)
    assert forecast_of(to_come.plan)[1]
    to_come.insider.birth_date = dt.date(1970, 1, 1)
    to_come.insider.save()
    assert not forecast_of(to_come.plan)[1]
    made(to_come.plan)
    assert forecast_of(to_come.plan)[1]
    factories.TargetFactory(unit=to_come.province, value=30)
    assert not forecast_of(to_come.plan)[1]
    assert PlanForecast.objects.count() == 1


def test_what_may_not_be_told_is_left_out(
    to_come: Organisation, auditor: User, other_unit_officer: User, unit_officer: User
) -> None:
    made(to_come.plan)
    everything = ForecastFilter(kinds=tuple(SubjectKind))

    def rules(actor: User) -> set[str]:
        return {event.rule for event in events_found(actor, everything)}

    assert "planning.discipline" in rules(unit_officer)
    assert "planning.discipline" not in rules(auditor)
    assert "planning.three_age_bands" in rules(auditor)
    assert rules(other_unit_officer) == set()


def test_a_run_is_one_and_survives_a_lost_worker(
    to_come: Organisation, provincial_officer: User, unit_officer: User
) -> None:
    run = forecast_start(actor=provincial_officer)
    assert forecast_start(actor=provincial_officer) == run
    with pytest.raises(PermissionDenied):
        forecast_start(actor=unit_officer)
    assert run.total == Plan.objects.filter(term__ends_on__gte=TODAY).count()
    assert forecasts_resume() == 1
    (chunk,) = run.chunks.all()
    for _again in range(2):
        forecast_chunk_do(chunk_id=chunk.pk)
    run.refresh_from_db()
    assert (run.status, run.done) == (RunStatus.FINISHED, run.total)
    assert PlanForecast.objects.count() == run.total
    # A worker that died just before it closed the run.
    ForecastRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
    assert forecasts_resume() == 0
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED


def test_the_list_of_what_turns(
    to_come: Organisation, provincial_officer: User, signed_in: Browser, queries: Queries
) -> None:
    run = forecast_start(actor=None)
    for chunk in run.chunks.all():
        forecast_chunk_do(chunk_id=chunk.pk)
    browser = signed_in(provincial_officer)
    url = reverse("planning:forecast-list")
    page = browser.get(url)
    assert "Vàng Thị Mỷ tròn 40 tuổi" in page.content.decode()
    assert page.context["standing"].stale == 0
    (chart,) = [c for c in page.context["charts"] if c["label"] == "Cơ cấu ba độ tuổi"]
    assert chart["most"] >= 1
    less = browser.get(url + "?tieu-chi=planning.women_share&chieu=tot&don-vi=khong&cap=x&trang=9")
    assert less.context["rows"] == []
    before = queries(browser, url)
    for number in range(3):
        unit = factories.UnitFactory(parent=to_come.province, code=f"M{number}")
        factories.PositionFactory(unit=unit, title=to_come.director)
        plan = factories.PlanFactory(unit=unit, term=to_come.plan.term)
        cadre = factories.CadreFactory(birth_date=dt.date(1988, 3, 17))
        factories.NominationFactory(pool=factories.pool_of(plan, to_come.director), cadre=cadre)
        made(plan)
    assert queries(browser, url) == before
