"""What an office's list may add to plans: people proposed for titles, and people taken out.

Plans being drawn up take what a list says. A submitted plan takes nothing; an approved one only
from an officer of the province, and the preview says so. Where the unit has no plan for the term,
writing the list begins one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from cadre_portal.common.jobs import enqueue
from cadres.list_imports.handlers import Line, Term, Written
from cadres.policies import Actor, can_edit_law
from planning.choices import PlanStatus
from planning.models import Plan
from planning.models import Term as PlanningTerm
from planning.services import plans_recheck_after

#: With more people than this, everything is checked anew instead of their plans one by one.
_MANY = 5_000
_OPEN = (PlanStatus.DRAFT, PlanStatus.RETURNED)

_STAGE = """
CREATE TEMP TABLE staged_nominations ON COMMIT DROP AS
SELECT DISTINCT ON (p.person_row, p.proposed_title_id)
       p.person_row, p.cadre_id, p.proposal AS act, o.id AS position_id, p.proposed_title_id,
       w.plan_id, w.status, n.id AS nomination_id
  FROM staged_people p
  JOIN cadres_position o ON o.unit_id = %(unit)s AND o.title_id = p.proposed_title_id
  JOIN (SELECT t.id AS term_id, k.id AS plan_id, k.status FROM planning_term t
          LEFT JOIN planning_plan k ON k.term_id = t.id AND k.unit_id = %(unit)s
         WHERE t.code = %(term)s) w ON true
  LEFT JOIN planning_pool l ON l.plan_id = w.plan_id AND l.position_id = o.id
  LEFT JOIN planning_nomination n ON n.pool_id = l.id AND n.cadre_id = p.cadre_id
        AND daterange(n.nominated_on, n.removed_on) && daterange(%(day)s, NULL)
 WHERE p.proposal <> '' AND %(allowed)s
   AND CASE p.proposal WHEN 'add' THEN n.id IS NULL
       ELSE n.nominated_on <= %(day)s AND n.removed_on IS NULL END
 ORDER BY p.person_row, p.proposed_title_id, p.row
"""


class PlanHandler:
    """Enters the plans of a unit into the import of lists (cadres.list_imports.handlers)."""

    name = "planning"

    def terms(self, actor: Actor, unit: Any, day: dt.date) -> Sequence[Term]:
        """Terms that are not over, with the plan that the unit has for them; two queries."""
        plans = {plan.term_id: plan for plan in Plan.objects.filter(unit_id=unit.pk)}
        terms = list(PlanningTerm.objects.filter(ends_on__gte=day).order_by("starts_on", "code"))
        obstacles = {term.pk: _obstacle(actor, unit, plans.get(term.pk)) for term in terms}
        drafts = [t for t in terms if t.pk in plans and plans[t.pk].status in _OPEN]
        free = [t for t in terms if not obstacles[t.pk]]
        proposed = next(iter(drafts or free), None)
        return [
            Term(
                code=term.code,
                label=_label(term, plans.get(term.pk)),
                obstacle=obstacles[term.pk],
                notice=_notice(plans.get(term.pk)),
                is_proposed=term is proposed,
            )
            for term in terms
        ]

    def lock(self, cursor: CursorWrapper, list_import: Any) -> None:
        """Hold the plan: nobody submits or approves it meanwhile."""
        cursor.execute(
            "SELECT p.id FROM planning_plan p JOIN planning_term t ON t.id = p.term_id"
            " WHERE p.unit_id = %s AND t.code = %s FOR UPDATE OF p",
            [list_import.unit_id, list_import.term_code],
        )

    def stage(self, cursor: CursorWrapper, list_import: Any) -> None:
        """Nominations to be made and ended; none where the plan takes none."""
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged_nominations")
        plan = Plan.objects.filter(
            unit_id=list_import.unit_id, term__code=list_import.term_code
        ).first()
        is_allowed = bool(list_import.term_code) and not _obstacle(
            list_import.uploaded_by, list_import.unit, plan
        )
        cursor.execute(
            _STAGE,
            {
                "unit": list_import.unit_id,
                "term": list_import.term_code,
                "day": list_import.as_of,
                "allowed": is_allowed,
            },
        )

    def fingerprint(self, cursor: CursorWrapper) -> str:
        """The same for the same staged changes of the same plan."""
        cursor.execute(
            "SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"
            " FROM staged_nominations t"
        )
        return str(cursor.fetchone()[0])

    def counts(self, cursor: CursorWrapper) -> dict[str, int]:
        """People to be nominated, and taken out."""
        cursor.execute(
            "SELECT count(*) FILTER (WHERE act = 'add'), count(*) FILTER (WHERE act = 'remove')"
            " FROM staged_nominations"
        )
        added, removed = cursor.fetchone()
        return {"nominated": added, "removed": removed}

    def changed_rows(self) -> str:
        """People with staged nominations."""
        return "SELECT person_row FROM staged_nominations"

    def lines(self, cursor: CursorWrapper) -> Iterable[Line]:
        """“Quy hoạch: Giám đốc”, with a word of warning where the plan is approved."""
        cursor.execute(
            "SELECT s.person_row, s.act, t.name, s.plan_id, s.status FROM staged_nominations s"
            " JOIN cadres_title t ON t.id = s.proposed_title_id ORDER BY s.person_row, t.rank DESC"
        )
        for row, act, title, plan_id, status in cursor.fetchall():
            label = _("Đưa vào quy hoạch") if act == "add" else _("Đưa ra khỏi quy hoạch")
            note = ""
            if status == PlanStatus.APPROVED:
                note = _("kế hoạch đã phê duyệt")
            elif plan_id is None:
                note = _("kế hoạch mới")
            yield Line(person_row=row, label=label, new=title, note=note)

    def write(self, cursor: CursorWrapper, list_import: Any) -> Sequence[Written]:
        """Begin the plan where there is none, nominate, take out."""
        cursor.execute(
            "UPDATE staged_nominations s SET cadre_id = p.cadre_id FROM staged_persons p"
            " WHERE p.person_row = s.person_row AND s.cadre_id IS NULL"
        )
        return [
            *_begin_plan(cursor, list_import),
            _nominate(cursor, list_import),
            _take_out(cursor, list_import),
        ]

    def before_undo(self, cursor: CursorWrapper, list_import: Any) -> None:
        """Remove the pools that triggers made for a plan that the list began."""
        for pk in _begun(list_import):
            cursor.execute(
                "DELETE FROM planning_nomination WHERE plan_id = %s AND id IN (SELECT unnest(ids)"
                " FROM cadres_listimportchange WHERE list_import_id = %s"
                " AND model = 'planning.nomination' AND act = 'created')",
                [pk, list_import.pk],
            )
            cursor.execute("DELETE FROM planning_pool WHERE plan_id = %s", [pk])

    def obstacles(self, list_import: Any) -> Iterable[tuple[int, str]]:
        """A plan that went on since: submitted, approved, or with votes or other people in it."""
        if not list_import.changes.filter(model="planning.nomination").exists():
            return
        plan = Plan.objects.filter(
            unit_id=list_import.unit_id, term__code=list_import.term_code
        ).first()
        if plan is None:
            return
        if plan.status == PlanStatus.SUBMITTED:
            yield 0, _("Kế hoạch %(plan)s đã được trình sau khi ghi danh sách") % {"plan": plan}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT b.cadre_id FROM planning_ballot b JOIN planning_nomination n"
                " ON n.pool_id = b.pool_id AND n.cadre_id = b.cadre_id"
                " WHERE n.id IN (SELECT unnest(ids) FROM cadres_listimportchange"
                " WHERE list_import_id = %s AND model = 'planning.nomination'"
                " AND act = 'created') GROUP BY 1 LIMIT 200",
                [list_import.pk],
            )
            for (cadre_id,) in cursor.fetchall():
                yield cadre_id, _("đã có phiếu giới thiệu vào quy hoạch")
        for pk in _begun(list_import):
            others = Plan.objects.get(pk=pk).nominations.count() - _made(list_import)
            if others > 0:
                yield (
                    0,
                    _("Kế hoạch do danh sách lập đã có thêm %(n)d người") % {"n": others},
                )

    def after(self, *, cadre_ids: Sequence[int], list_import: Any) -> None:
        """Have the plans of these people judged anew."""
        if len(cadre_ids) > _MANY:
            enqueue("compliance.check_all")
            return
        plans = Plan.objects.filter(
            unit_id=list_import.unit_id, term__code=list_import.term_code
        ).values_list("pk", flat=True)
        plans_recheck_after(plan_ids=plans, cadre_ids=cadre_ids)


def _label(term: PlanningTerm, plan: Plan | None) -> str:
    state = plan.get_status_display() if plan else _("lập kế hoạch mới")
    return _("%(term)s (%(state)s)") % {"term": term, "state": str(state).lower()}


def _notice(plan: Plan | None) -> str:
    if plan is None or plan.status != PlanStatus.APPROVED:
        return ""
    return _("Kế hoạch %(plan)s đã phê duyệt; người được ghi là bổ sung sau phê duyệt.") % {
        "plan": plan
    }


def _obstacle(actor: Actor, unit: Any, plan: Plan | None) -> str:
    if plan is None or plan.status in _OPEN:
        return ""
    if plan.status == PlanStatus.SUBMITTED:
        return _("Kế hoạch %(plan)s đã trình, đang chờ phê duyệt") % {"plan": plan}
    if can_edit_law(actor, unit):
        return ""
    return _("Kế hoạch %(plan)s đã phê duyệt; cấp tỉnh mới được bổ sung") % {"plan": plan}


def _begin_plan(cursor: CursorWrapper, list_import: Any) -> list[Written]:
    cursor.execute("SELECT EXISTS (SELECT FROM staged_nominations WHERE plan_id IS NULL)")
    if not cursor.fetchone()[0]:
        return []
    term = PlanningTerm.objects.get(code=list_import.term_code)
    plan = Plan.objects.create(unit_id=list_import.unit_id, term=term)
    cursor.execute("UPDATE staged_nominations SET plan_id = %s", [plan.pk])
    return [Written("planning.plan", created=[plan.pk])]


def _nominate(cursor: CursorWrapper, list_import: Any) -> Written:
    cursor.execute(
        "INSERT INTO planning_nomination (plan_id, pool_id, cadre_id, nominated_on, removal_reason)"
        " SELECT s.plan_id, l.id, s.cadre_id, %s, '' FROM staged_nominations s"
        " JOIN planning_pool l ON l.plan_id = s.plan_id AND l.position_id = s.position_id"
        " WHERE s.act = 'add' ORDER BY s.person_row RETURNING id",
        [list_import.as_of],
    )
    return Written("planning.nomination", created=[pk for (pk,) in cursor.fetchall()])


def _take_out(cursor: CursorWrapper, list_import: Any) -> Written:
    cursor.execute(
        "UPDATE planning_nomination n SET removed_on = %s, removal_reason = %s"
        " FROM staged_nominations s WHERE s.act = 'remove' AND n.id = s.nomination_id"
        " RETURNING n.id",
        [
            list_import.as_of,
            _("Theo danh sách “%(file)s”") % {"file": list_import.file_name[:150]},
        ],
    )
    before = {"removed_on": None, "removal_reason": ""}
    return Written("planning.nomination", changed={pk: before for (pk,) in cursor.fetchall()})


def _begun(list_import: Any) -> list[int]:
    """Plans that the list began."""
    made = list_import.changes.filter(model="planning.plan", act="created")
    return [pk for ids in made.values_list("ids", flat=True) for pk in ids]


def _made(list_import: Any) -> int:
    """How many nominations the list made."""
    made = list_import.changes.filter(model="planning.nomination", act="created")
    return sum(len(ids) for ids in made.values_list("ids", flat=True))
