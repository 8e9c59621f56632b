"""Cycles of the demonstration, and dossiers on every stretch of their way.

Written by the portal's own services, as people would. Only who stays is decided, so that the
picture that was dealt to the plans does not change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from cadre_portal.common import clock
from cadre_portal.demo.plans import NEXT, PRESENT
from cadres.models import User
from planning.choices import CycleKind
from planning.drafting import Keep
from planning.models import Dossier, Plan, PlanningCycle, Term
from planning.selectors.dossiers import standing_nominations
from planning.services import process
from planning.services.cycles import cycle_open
from planning.services.drafts import draft_save

#: Units by what became of their dossier.
_BEGUN = ("01321", "SXD", "01366")
_SUBMITTED = ("STC", "01393", "01477")
_RETURNED = ("01501",)
_APPROVED = ("SCT", "01558")
_RETURNED_FOR = (
    "Bổ sung nhận xét của chi ủy nơi cư trú; làm rõ lý do giữ lại các trường hợp còn vướng."
)


def create_process(as_of: date) -> None:
    """A review that is under way, and the first planning of the next term."""
    review = _cycle("Rà soát, bổ sung quy hoạch", CycleKind.REVIEW, PRESENT.code, as_of)
    _cycle("Xây dựng quy hoạch", CycleKind.FIRST, NEXT.code, as_of)
    for number, code in enumerate((*_BEGUN, *_SUBMITTED, *_RETURNED, *_APPROVED), start=1):
        plan = Plan.objects.filter(unit__code=code, term=review.term, status="approved").first()
        if plan is not None:
            _walk(plan, review, as_of, number, code)


def _cycle(name: str, kind: str, term: str, as_of: date) -> PlanningCycle:
    opened = as_of - timedelta(days=45)
    words = {CycleKind.REVIEW: f"năm {as_of.year}", CycleKind.FIRST: f"nhiệm kỳ {term}"}
    with on(opened):
        return cycle_open(
            actor=user("canbotinh"),
            values={
                "name": f"{name} {words[CycleKind(kind)].replace('-', '–')}",
                "term": Term.objects.get(code=term),
                "kind": kind,
                "year": as_of.year,
                "document": "12-HD/BTCTU (giả định)",
                "opens_on": opened,
                "due_on": as_of + timedelta(days=14 if kind == CycleKind.REVIEW else 75),
            },
        )


def _walk(plan: Plan, cycle: PlanningCycle, as_of: date, number: int, code: str) -> None:
    """One dossier as far as it has come; those begun have half of the people reviewed."""
    officer, approver = user("quantri"), user("nguoiduyet")
    day = as_of - timedelta(days=24 - number)
    with on(day):
        dossier = process.dossier_open(actor=officer, plan=plan, cycle=cycle)
        people = standing_nominations(plan)
        reviewed = people[: len(people) // 2] if code in _BEGUN else people
        keep = [Keep(row.pool_id, row.cadre_id, row.pk) for row in reviewed]
        draft_save(actor=officer, dossier=dossier, version=0, changes=keep)
        if code in _BEGUN:
            return
        process.step_save(
            actor=officer,
            dossier=dossier,
            number=1,
            values={
                "held_on": day - timedelta(days=2),
                "minutes_no": f"{number:02}-BB (giả định)",
                "chaired_by": "",
                "summoned": 15,
                "present": 14,
                "note": "",
            },
        )
        _submit(officer, dossier, number)
    with on(day + timedelta(days=4)):
        if code in _RETURNED:
            process.dossier_return(actor=approver, dossier=dossier, reason=_RETURNED_FOR)
        elif code in _APPROVED:
            process.dossier_approve(
                actor=approver,
                dossier=dossier,
                decision_no=f"{number + 300}-QĐ/TU (giả định)",
                decision_on=clock.today(),
            )


def _submit(officer: User, dossier: Dossier, number: int) -> None:
    process.dossier_submit(
        actor=officer,
        dossier=dossier,
        submission_no=f"{number + 10}-TTr/ĐU (giả định)",
        submitted_on=clock.today(),
    )


def user(username: str) -> User:
    """A demonstration account."""
    return User.objects.get(username=username)


@contextmanager
def on(day: date) -> Iterator[None]:
    """As people did it on the day."""
    with clock.frozen(day):
        yield
