"""Who else could be nominated: judged as the check judges, only whom the actor may see."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cadres.choices import Degree, DisciplineKind
from cadres.models import Discipline, User
from compliance.choices import SubjectKind
from planning.models import Nomination, Plan, Pool
from planning.selectors.candidates import Source
from planning.selectors.drafts import Proposed
from planning.selectors.judging import judge
from planning.selectors.suggestions import search_people, suggestions
from planning.services import plan_check
from tests import factories
from tests.cast import Organisation
from tests.planning.conftest import Queries
from tests.rules.strategies import provinces, random_search
from tests.rules.writer import in_database

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 22)
Browser = Callable[[User], Client]


# ---- The judge -------------------------------------------------------------------------------


@random_search(20)
@given(provinces(), st.data())
def test_everybody_tried_is_judged_as_if_added_alone(drawn: Any, data: st.DataObject) -> None:
    province, as_of = drawn
    with in_database(province) as writer:
        plans = list(Plan.objects.select_related("unit", "term").order_by("pk"))
        if not plans:
            return
        plan = data.draw(st.sampled_from(plans))
        pools = list(Pool.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
        here = list(
            Nomination.objects.filter(plan=plan, nominated_on__lte=as_of)
            .exclude(removed_on__lte=as_of)
            .order_by("pk")
            .values_list("pk", "pool_id", "cadre_id")
        )
        free = [
            (pool, cadre)
            for pool in pools[:1]
            for cadre in writer.cadres.values()
            if (pool, cadre) not in {place[1:] for place in here}
        ]
        removed = tuple(row[0] for row in here[:1]) if data.draw(st.booleans()) else ()
        added = tuple(free[:1]) if data.draw(st.booleans()) else ()
        tried = free[len(added) :][:3]
        judged = judge(plan, as_of, Proposed(added, removed), tried)

        def checked(*more: tuple[int, int]) -> dict[tuple[Any, int], dict[str, Any]]:
            found: dict[tuple[Any, int], dict[str, Any]] = {}
            for f in plan_check(plan=plan, as_of=as_of, added=[*added, *more], removed=removed):
                found.setdefault((f.kind, f.subject_id), {})[f.rule.code] = f.outcome
            return found

        base = checked()
        assert judged.plan.outcomes == base[SubjectKind.PLAN, plan.pk]
        assert {pk: s.outcomes for pk, s in judged.pools.items()} == {
            pk: base[SubjectKind.POOL, pk] for pk in pools if (SubjectKind.POOL, pk) in base
        }
        for each in judged.tried:
            alone = checked((each.pool_id, each.cadre_id))
            assert each.plan_after == alone[SubjectKind.PLAN, plan.pk]
            assert each.pool_after == alone[SubjectKind.POOL, each.pool_id]
            assert each.outcomes == alone[SubjectKind.NOMINATION, -len(added) - 1]


# ---- Who is suggested ------------------------------------------------------------------------


@pytest.fixture
def people(organisation: Organisation) -> dict[str, Any]:
    """Deputies: one of the unit, one of the centre below, one of elsewhere; one disciplined."""
    made = {}
    for key, unit in (
        ("own", organisation.department),
        ("under", organisation.centre),
        ("away", organisation.other),
        ("bad", organisation.department),
    ):
        made[key] = factories.CadreFactory(code=f"P-{key}", full_name=f"Hoàng Thị {key.title()}")
        factories.AppointmentFactory(cadre=made[key], unit=unit, title=organisation.deputy)
        factories.EvaluationFactory(cadre=made[key], unit=unit, year=DAY.year - 1)
    Discipline.objects.create(
        cadre=made["bad"], kind=DisciplineKind.REPRIMAND, decided_on=dt.date(2026, 5, 5)
    )
    return made


def names(found: Any, source: Source) -> list[str]:
    return [each.cadre.code for each in found.by_source[source]]


def test_suggestions_by_source(
    organisation: Organisation, people: dict[str, Any], provincial_officer: User, unit_officer: User
) -> None:
    plan, pool = organisation.plan, organisation.pool
    found = suggestions(provincial_officer, plan, pool, DAY)
    assert names(found, Source.OWN) == ["P-own"]
    assert names(found, Source.BELOW) == ["P-under"]
    assert "P-away" in names(found, Source.ELSEWHERE)
    blocked = {each.cadre.code: each for each in found.blocked}
    assert "P-bad" in blocked
    assert blocked["P-bad"].findings["planning.discipline"].outcome.code == "not_met"
    # The director of the centre holds the rank already.
    assert blocked["CB-LT"].findings["planning.higher_title"].outcome.code == "not_met"
    assert "CB-NV" not in str(found), "who is in the pool is not suggested"

    of_unit = suggestions(unit_officer, plan, pool, DAY)
    assert names(of_unit, Source.OWN) == ["P-own"]
    assert names(of_unit, Source.ELSEWHERE) == []

    unit_officer.cadre = people["own"]
    assert names(suggestions(unit_officer, plan, pool, DAY), Source.OWN) == []
    proposed = Proposed(added=((pool.pk, people["own"].pk),))
    assert names(suggestions(provincial_officer, plan, pool, DAY, proposed), Source.OWN) == []


def test_what_may_not_be_told_is_not_told(
    organisation: Organisation, people: dict[str, Any], auditor: User
) -> None:
    """An auditor sees everybody, but no discipline: then a disciplined person is not named."""
    found = suggestions(auditor, organisation.plan, organisation.pool, DAY)
    assert "P-bad" not in str(found)
    assert names(found, Source.OWN) == ["P-own"]
    assert "planning.discipline" not in found.by_source[Source.OWN][0].findings
    factories.TargetFactory(
        unit=organisation.province, parameter="planning.minority_share.minimum", value=100
    )
    found = suggestions(auditor, organisation.plan, organisation.pool, DAY)
    assert "minority" not in str([each.effects for each in found.by_source[Source.OWN]])


def test_effects_say_what_turns(
    organisation: Organisation, people: dict[str, Any], provincial_officer: User
) -> None:
    target = {"unit": organisation.province}
    factories.TargetFactory(**target, parameter="planning.openness.minimum_external", value=1)
    factories.TargetFactory(**target, parameter="planning.candidates_per_title.minimum", value=3)
    found = suggestions(provincial_officer, organisation.plan, organisation.pool, DAY)

    def effects(code: str) -> set[tuple[str, str]]:
        every = [each for listed in found.by_source.values() for each in listed]
        (one,) = [each for each in every if each.cadre.code == code]
        return {
            (effect.rule, "gain" if effect.is_gain else "nearer" if effect.is_nearer else "loss")
            for effect in one.effects
        }

    assert effects("P-away") == {
        ("planning.openness", "gain"),
        ("planning.candidates_per_title", "nearer"),
    }
    assert effects("P-own") == {("planning.candidates_per_title", "nearer")}
    assert names(found, Source.ELSEWHERE)[0] == "P-away"


def test_search_judges_everybody_in_scope(
    organisation: Organisation, people: dict[str, Any], unit_officer: User
) -> None:
    people["own"].degree = Degree.COLLEGE
    people["own"].save()
    organisation.director.min_degree = Degree.BACHELOR
    organisation.director.save()
    args = (unit_officer, organisation.plan, organisation.pool, DAY)
    found = search_people(*args, "hoang")
    assert {each.cadre.code for each in found} == {"P-own", "P-under", "P-bad"}
    worst = {each.cadre.code: each.worst.code for each in found}
    assert worst == {"P-own": "not_met", "P-under": "met", "P-bad": "not_met"}
    assert search_people(*args, "P-AWAY") == []
    assert search_people(*args, "  ") == []


# ---- The page --------------------------------------------------------------------------------


def url_of(organisation: Organisation, query: str = "") -> str:
    pks = [organisation.plan.pk, organisation.pool.pk]
    return reverse("planning:pool-suggestions", args=pks) + query


def test_the_link_adds_to_what_is_proposed(
    organisation: Organisation, people: dict[str, Any], unit_officer: User, signed_in: Browser
) -> None:
    pool = organisation.pool.pk
    nomination = Nomination.objects.get(pool=pool)
    query = f"?them={pool}-P-under&bo={nomination.pk}&ngay=2026-11-22&q="
    page = signed_in(unit_officer).get(url_of(organisation, query)).content.decode()
    (link,) = re.findall(r'href="([^"]+P-own[^"]*)"', page.replace("/ho-so/", ""))
    assert link.startswith(f"/quy-hoach/{organisation.plan.pk}/?")
    for part in (f"them={pool}-P-under", f"them={pool}-P-own", f"bo={nomination.pk}", "ngay="):
        assert part in link
    assert "Ban Tổ chức cấp trên giới thiệu nguồn" in page
    panel = signed_in(unit_officer).get(url_of(organisation), headers={"HX-Request": "true"})
    assert "<html" not in panel.content.decode()


def test_without_the_right_there_is_no_link(
    organisation: Organisation, people: dict[str, Any], inspector: User, signed_in: Browser
) -> None:
    page = signed_in(inspector).get(url_of(organisation)).content.decode()
    assert "Hoàng Thị Own" in page
    assert "them=" not in page


def test_bad_addresses_are_read_as_nothing(
    organisation: Organisation, people: dict[str, Any], unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)
    for query in ("?them=x-1&them=99-P-own&them=&bo=abc&bo=9999999999999999999", "?q=%00"):
        assert browser.get(url_of(organisation, query)).status_code == 200
    other = reverse(
        "planning:pool-suggestions",
        args=[organisation.plan.pk, Pool.objects.filter(plan=organisation.other_plan)[0].pk],
    )
    assert browser.get(other).status_code == 404


def test_queries_do_not_grow(
    organisation: Organisation,
    people: dict[str, Any],
    provincial_officer: User,
    signed_in: Browser,
    queries: Queries,
) -> None:
    browser = signed_in(provincial_officer)
    before = queries(browser, url_of(organisation))
    for number in range(8):
        cadre = factories.CadreFactory(code=f"M-{number}")
        factories.AppointmentFactory(
            cadre=cadre, unit=organisation.department, title=organisation.deputy
        )
        factories.NominationFactory(
            pool=Pool.objects.filter(plan=organisation.other_plan)[0], cadre=cadre
        )
    assert queries(browser, url_of(organisation)) == before
