"""A what-if says what would be found after saving."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.models import Nomination, Plan
from planning.services import plan_check
from tests.rules import records, reference
from tests.rules.compare import difference
from tests.rules.records import Province
from tests.rules.strategies import provinces, random_search
from tests.rules.writer import Writer, in_database

pytestmark = pytest.mark.django_db


def _of_plan(findings: list[dict], plan: records.Plan) -> list[dict]:
    kinds = {"plan", "pool", "nomination"}
    return [
        f
        for f in findings
        if f["subject"] in kinds and (f["unit"], f["term"]) == (plan.unit_code, plan.term)
    ]


def _changed(
    province: Province,
    as_of: dt.date,
    added: list[records.Nomination],
    removed: list[records.Nomination],
) -> Province:
    kept = [replace(n, removed_on=as_of) if n in removed else n for n in province.nominations]
    return replace(province, nominations=[*kept, *added])


def _ids(writer: Writer, removed: list[records.Nomination]) -> list[int]:
    return [
        Nomination.objects.get(
            pool_id=writer.pools[n.unit_code, n.term, n.title_code][0],
            cadre_id=writer.cadres[n.cadre_code],
            nominated_on=n.nominated_on,
        ).pk
        for n in removed
    ]


@random_search(40)
@given(provinces(), st.data())
def test_added_and_removed_people_count_as_if_saved(drawn, data):
    province, as_of = drawn
    if not province.plans:
        return
    plan = data.draw(st.sampled_from(province.plans))
    here = [
        n
        for n in province.nominations
        if (n.unit_code, n.term) == (plan.unit_code, plan.term)
        and reference.active(n.nominated_on, n.removed_on, as_of)
    ]
    removed = data.draw(st.lists(st.sampled_from(here), unique=True, max_size=2)) if here else []
    titles = [p.title_code for p in province.positions if p.unit_code == plan.unit_code]
    there = {(n.title_code, n.cadre_code) for n in here}
    free = [
        records.Nomination(plan.unit_code, plan.term, title, cadre.code, as_of)
        for title in titles
        for cadre in province.cadres
        if (title, cadre.code) not in there
    ]
    added = data.draw(st.lists(st.sampled_from(free), unique=True, max_size=3)) if free else []

    with in_database(province) as writer:
        checked = plan_check(
            plan=Plan.objects.get(unit__code=plan.unit_code, term__code=plan.term),
            as_of=as_of,
            added=[
                (
                    writer.pools[n.unit_code, n.term, n.title_code][0],
                    writer.cadres[n.cadre_code],
                )
                for n in added
            ],
            removed=_ids(writer, removed),
        )
        got = [f.as_json(as_of) for f in checked]
    after = _changed(province, as_of, added, removed)
    want = _of_plan(reference.evaluate(after, as_of), plan)
    found = difference(got, want)
    if found:
        pytest.fail(f"{found}\nadded {added}\nremoved {removed}\n{province}", pytrace=False)
