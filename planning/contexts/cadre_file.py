"""Planning on a person's file: plans they are or were in, and what they still lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadres.choices import Degree, Theory
from cadres.file_parts import (
    PLANNING,
    SIDE,
    SUMMARY,
    Block,
    FilePart,
    Lane,
    Notice,
    Subject,
)
from cadres.words import shortened, title_alone
from compliance.choices import Outcome
from compliance.engine.findings import Finding
from planning.choices import PlanStatus
from planning.contexts import links
from planning.contexts.gaps import gap_tables, is_approved, lower_first, name_of, remedy
from planning.models import Nomination
from planning.selectors import cadre_nominations
from planning.selectors.gaps import Gap, holds, nomination_gaps

#: So many present plans stand beside the file; the tab has all.
PLANS_SHOWN = 5


class PlanningSource:
    """Nominations of a person in plans of the actor's scope; three queries."""

    name = "planning"
    tabs = frozenset({SUMMARY, PLANNING, SIDE})

    def part(self, subject: Subject) -> FilePart:
        """Lane, table of gaps, present plans, all plans, what to learn next."""
        nominations = cadre_nominations(subject.actor, subject.cadre.pk)
        gaps = nomination_gaps(subject.cadre, nominations, subject.as_of)
        rows = [_plan_row(each, gaps.get(each.pk), subject) for each in nominations]
        ahead = [gap for gap in gaps.values() if _is_ahead(gap.nomination, subject.as_of)]
        present = [row for row in rows if row["is_active"] and row["is_ahead"]]
        tables = gap_tables(ahead, subject)
        gap_block = Block(
            template="planning/_file_gaps.html",
            context={"tables": tables},
            order=20,
            is_wide=bool(tables and tables["is_wide"]),
        )
        context = {
            "plans": present[:PLANS_SHOWN],
            "more": max(len(present) - PLANS_SHOWN, 0),
            "all_url": links.address(
                "cadres:cadre-detail", subject.cadre.code, as_of=subject.as_of, phan=PLANNING
            ),
        }
        return FilePart(
            notices=_notices(ahead, subject),
            lanes=(_lane(nominations, subject),),
            main=(gap_block,),
            aside=(
                Block(template="planning/_file_plans.html", context=context, order=10),
                *_next_training(ahead),
            ),
            side=(Block(template="planning/_file_side.html", context=context, order=20),),
            tab=(
                gap_block,
                Block(
                    template="planning/_cadre_plans.html",
                    context={"rows": rows, "as_of": subject.as_of},
                    order=30,
                ),
            ),
        )


def _is_ahead(nomination: Nomination, as_of: dt.date) -> bool:
    """Whether the term is still to be filled: a plan of a past term asks nothing any more."""
    return as_of <= nomination.plan.term.ends_on


# ---- Plans -----------------------------------------------------------------------------------


def _plan_row(nomination: Nomination, gap: Gap | None, subject: Subject) -> dict[str, Any]:
    """A title the person is or was planned for, with what stands in the way."""
    found = _told(gap, subject) if gap else []
    bad = [each for each in found if each.outcome == Outcome.NOT_MET]
    unclear = [each for each in found if each.outcome == Outcome.CANNOT_TELL]
    approved = is_approved(nomination, subject.as_of)
    return {
        "name": name_of(nomination),
        "title": title_alone(nomination.pool.position.title.name),
        "unit": nomination.plan.unit.name,
        "term": str(nomination.plan.term),
        "url": links.plan_url(nomination.plan_id, subject.as_of),
        "from": nomination.nominated_on,
        "to": nomination.removed_on,
        "reason": nomination.removal_reason if subject.is_sensitive_shown else "",
        "is_active": holds(nomination, subject.as_of),
        "is_ahead": _is_ahead(nomination, subject.as_of),
        "is_approved": approved,
        "status": str(PlanStatus(nomination.plan.status).label),
        "outcome": max((each.outcome for each in found), default=Outcome.MET).code,
        "state": _state(bad, unclear),
        "notes": [
            {"outcome": each.outcome.code, "text": each.message} for each in (*bad, *unclear)
        ],
    }


def _state(bad: Sequence[Finding], unclear: Sequence[Finding]) -> str:
    words_ = []
    if bad:
        words_.append(_("%(n)s điều chưa đạt") % {"n": len(bad)})
    if unclear:
        words_.append(_("%(n)s điều chưa rõ") % {"n": len(unclear)})
    return ", ".join(words_) or _("không vướng tiêu chí nào")


def _told(gap: Gap, subject: Subject) -> list[Finding]:
    """The findings that the actor may read about this person."""
    found = [each for each in (*gap.findings.values(), gap.non_local) if each is not None]
    return [each for each in found if subject.is_sensitive_shown or not each.rule.sensitive]


def _lane(nominations: Sequence[Nomination], subject: Subject) -> Lane:
    """Each title until the person left the pool, or the term ends; dashed while not approved."""
    items = []
    for each in nominations:
        waits, told = each.plan.status != PlanStatus.APPROVED, subject.is_sensitive_shown
        end = each.removed_on or max(each.plan.term.ends_on, each.nominated_on)
        items.append(
            {
                "kind": "hope" if waits else "plan",
                "start": each.nominated_on,
                "end": end,
                "text": shortened(name_of(each)),
                "full": name_of(each),
                "note": _("chờ duyệt") if waits else each.removal_reason if told else "",
            }
        )
    return Lane(label=_("Quy hoạch"), items=items, order=30)


# ---- What is missing -------------------------------------------------------------------------


def _notices(gaps: Sequence[Gap], subject: Subject) -> tuple[Notice, ...]:
    """The first thing that stands in the way, in one sentence; the table has the rest."""
    failing = [
        (gap, each)
        for gap in gaps
        for each in _told(gap, subject)
        if each.outcome == Outcome.NOT_MET
    ]
    if not failing:
        return ()
    gap, first = failing[0]
    # Approved plans first; where somebody is a local there is a way out worth naming.
    for other, each in failing:
        if is_approved(other.nomination, subject.as_of):
            gap, first = other, each
            break
    text = remedy(first)
    rest = len(failing) - 1
    if rest:
        text = f"{text} {_('Còn %(n)s điều khác ở bảng bên dưới.') % {'n': rest}}"
    return (
        Notice(
            outcome="not_met",
            title=_("Quy hoạch %(title)s: %(what)s")
            % {"title": name_of(gap.nomination), "what": lower_first(first.message)},
            text=text,
            action={
                "label": _("Mở kế hoạch"),
                "url": links.plan_url(gap.nomination.plan_id, subject.as_of),
            },
        ),
    )


def _next_training(gaps: Sequence[Gap]) -> tuple[Block, ...]:
    """What to learn for the titles planned for, each level once."""
    needs: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        required = gap.findings["planning.qualification"].required
        for name, scale, label in (
            ("theory", Theory, _("Lý luận chính trị")),
            ("degree", Degree, _("Chuyên môn")),
        ):
            if getattr(gap, name) == Outcome.NOT_MET:
                level = str(scale[required[f"min_{name}"].upper()].label).lower()
                needs.setdefault((label, level), []).append(shortened(name_of(gap.nomination)))
    if not needs:
        return ()
    lines = [
        {"what": f"{label}: {level}", "why": ", ".join(dict.fromkeys(titles))}
        for (label, level), titles in needs.items()
    ]
    return (Block(template="planning/_file_training.html", context={"needs": lines}, order=60),)
