"""Planning on a person's file: plans they are or were in, and what they still lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import number
from cadres.choices import Degree, Grade, Theory
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
from cadres.words import post_name, shortened, title_alone
from compliance.choices import Outcome
from compliance.citations import ShownCitation, citations_shown
from compliance.engine.findings import Finding
from compliance.law import load_law
from compliance.selectors.retirement import retirement_of
from planning.choices import PlanStatus
from planning.contexts import links, words
from planning.models import Nomination
from planning.selectors import cadre_nominations
from planning.selectors.gaps import Gap, holds, nomination_gaps

#: What a criterion rests on where no figure of the law stands behind it.
_RESTS_ON = {
    "planning.higher_title": ("qd-377-2025",),
    "planning.discipline": ("qd-377-2025", "qd-50-2021"),
    "planning.evaluation": ("qd-377-2025", "qd-50-2021"),
    "rotation.non_local_head": ("bct-bbt-2025", "qd-65-2022"),
}


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
        gap_block = Block(
            template="planning/_file_gaps.html",
            context={"table": _table(ahead, subject) if ahead else None},
            order=20,
        )
        context = {"plans": present, "subject": subject}
        return FilePart(
            notices=_notices(ahead, subject),
            lanes=(_lane(nominations, subject.as_of),),
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


def _name(nomination: Nomination) -> str:
    return post_name(nomination.pool.position.title.name, nomination.plan.unit.name)


def _is_approved(nomination: Nomination, day: dt.date) -> bool:
    plan = nomination.plan
    return plan.status == PlanStatus.APPROVED and (
        plan.approved_on is None or plan.approved_on <= day
    )


# ---- Plans -----------------------------------------------------------------------------------


def _plan_row(nomination: Nomination, gap: Gap | None, subject: Subject) -> dict[str, Any]:
    """A title the person is or was planned for, with what stands in the way."""
    found = _told(gap, subject) if gap else []
    bad = [each for each in found if each.outcome == Outcome.NOT_MET]
    unclear = [each for each in found if each.outcome == Outcome.CANNOT_TELL]
    approved = _is_approved(nomination, subject.as_of)
    return {
        "name": _name(nomination),
        "title": title_alone(nomination.pool.position.title.name),
        "unit": nomination.plan.unit.name,
        "term": str(nomination.plan.term),
        "url": links.plan_url(nomination.plan_id, subject.as_of),
        "from": nomination.nominated_on,
        "to": nomination.removed_on,
        "reason": nomination.removal_reason,
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


def _lane(nominations: Sequence[Nomination], as_of: dt.date) -> Lane:
    """Each title until the person left the pool, or the term ends; dashed while not approved."""
    items = []
    for each in nominations:
        waits = each.plan.status != PlanStatus.APPROVED
        end = each.removed_on or max(each.plan.term.ends_on, each.nominated_on)
        items.append(
            {
                "kind": "hope" if waits else "plan",
                "start": each.nominated_on,
                "end": end,
                "text": shortened(_name(each)),
                "full": _name(each),
                "note": _("chờ duyệt") if waits else each.removal_reason,
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
        if _is_approved(other.nomination, subject.as_of):
            gap, first = other, each
            break
    text = _remedy(first)
    rest = len(failing) - 1
    if rest:
        text = f"{text} {_('Còn %(n)s điều khác ở bảng bên dưới.') % {'n': rest}}"
    return (
        Notice(
            outcome="not_met",
            title=_("Quy hoạch %(title)s: %(what)s")
            % {"title": _name(gap.nomination), "what": _lower(first.message)},
            text=text,
            action={
                "label": _("Mở kế hoạch"),
                "url": links.plan_url(gap.nomination.plan_id, subject.as_of),
            },
        ),
    )


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _remedy(finding: Finding) -> str:
    """How a red or unclear mark turns green."""
    code, unclear = finding.rule.code, finding.outcome == Outcome.CANNOT_TELL
    if unclear:
        return _MEND.get(code, lambda: _("Bổ sung hồ sơ."))()
    return _REMEDIES.get(code, lambda: f"{words.last_sentence(finding.message)}.")()


_MEND: dict[str, Callable[[], str]] = {
    "planning.remaining_service": lambda: _("Bổ sung ngày sinh và giới tính."),
    "planning.higher_title": lambda: _("Bổ sung chức vụ hiện tại."),
    "planning.evaluation": lambda: _("Bổ sung xếp loại năm trước."),
    "rotation.non_local_head": lambda: _("Bổ sung quê quán theo đơn vị."),
}
_REMEDIES: dict[str, Callable[[], str]] = {
    "rotation.non_local_head": lambda: _(
        "Có thể chuyển sang quy hoạch cùng chức danh ở nơi khác, hoặc luân chuyển trước khi"
        " bổ nhiệm."
    ),
    "planning.higher_title": lambda: _("Chọn chức danh cao hơn chức vụ đang giữ."),
    "planning.remaining_service": lambda: _(
        "Không kéo dài được; xem xét đưa ra khỏi quy hoạch khi rà soát."
    ),
    "planning.evaluation": lambda: _("Xem xét đưa ra khỏi quy hoạch khi rà soát năm nay."),
    "planning.discipline": lambda: _(
        "Chờ kỷ luật hết hiệu lực, hoặc xem xét đưa ra khỏi quy hoạch."
    ),
    "planning.ballot": lambda: _("Làm lại bước chưa đủ phiếu, hoặc không trình phê duyệt."),
}


def _table(gaps: Sequence[Gap], subject: Subject) -> dict[str, Any]:
    """Standards × titles: what the person has, the verdict, how to mend it, where it stands."""
    ordered = sorted(gaps, key=lambda gap: not _is_approved(gap.nomination, subject.as_of))
    year = subject.as_of.year - 1
    made = [
        _row(_("Chuyên môn"), _degree(subject), ordered, _half("degree", Degree), "qualification"),
        _row(
            _("Lý luận chính trị"),
            _theory(subject),
            ordered,
            _half("theory", Theory),
            "qualification",
        ),
        _row(_("Thời gian còn công tác"), _months(subject), ordered, _service, "remaining_service"),
        _row(_("Người địa phương"), _native(subject), ordered, _local, "rotation.non_local_head"),
        _row(_("Chức danh cao hơn"), _post(subject), ordered, _higher, "higher_title"),
        _row(
            _("Xếp loại năm %(year)s") % {"year": year},
            _grade(ordered),
            ordered,
            _graded,
            "evaluation",
        ),
        _row(_("Số chức danh quy hoạch"), _titles(ordered), ordered, _count, "titles_per_person"),
    ]
    if subject.is_sensitive_shown:
        held = _discipline_words(ordered)
        made.append(_row(_("Kỷ luật"), held, ordered, _disciplined, "discipline"))
    if any(_known(gap, "planning.ballot") for gap in ordered):
        made.append(_row(_("Phiếu các bước"), "", ordered, _ballot, "ballot"))
    return {
        "titles": [
            {
                "name": _name(gap.nomination),
                "short": shortened(title_alone(gap.nomination.pool.position.title.name)),
                "unit": gap.nomination.plan.unit.name,
                "url": links.plan_url(gap.nomination.plan_id, subject.as_of),
                "waits": not _is_approved(gap.nomination, subject.as_of),
            }
            for gap in ordered
        ],
        "rows": made,
    }


Cell = tuple[Outcome, str, str]


def _row(
    label: str, has: str, gaps: Sequence[Gap], cell: Callable[[Gap], Cell], code: str
) -> dict[str, Any]:
    """One standard over all titles; `code` names the rule whose citations are shown."""
    code = code if "." in code else f"planning.{code}"
    cells = [cell(gap) for gap in gaps]
    worst = max(outcome for outcome, _text, _how in cells)
    return {
        "label": label,
        "has": has,
        "cells": [
            {"outcome": outcome.code, "text": text, "how": how} for outcome, text, how in cells
        ],
        "css": {Outcome.NOT_MET: "hit", Outcome.CANNOT_TELL: "doubt"}.get(worst, ""),
        "citations": [] if worst == Outcome.NOT_APPLICABLE else _citations(gaps, code),
        "is_standard": code == "planning.qualification",
    }


def _citations(gaps: Sequence[Gap], code: str) -> list[ShownCitation]:
    """Where the figures stand that were applied, each once; else what the criterion rests on."""
    found = [
        gap.non_local if code.startswith("rotation.") else gap.findings.get(code) for gap in gaps
    ]
    cited = {
        (item["source"], item["at"]): item for each in found if each for item in each.citations
    }
    if cited:
        return citations_shown(cited.values())
    sources = load_law().sources
    return citations_shown(
        {"source": key, "at": None, "confidence": sources[key].confidence}
        for key in _RESTS_ON.get(code, ())[:1]
        if key in sources
    )


def _known(gap: Gap, code: str) -> Finding | None:
    """The finding of a rule, None where it asks nothing of this title."""
    found = gap.findings.get(code)
    return found if found and found.outcome != Outcome.NOT_APPLICABLE else None


_NOTHING: Callable[[], Cell] = lambda: (Outcome.NOT_APPLICABLE, _("không đặt ra"), "")  # noqa: E731


def _half(name: str, scale: type[Any]) -> Callable[[Gap], Cell]:
    """Degree or theory against the title's standard."""

    def cell(gap: Gap) -> Cell:
        found = gap.findings["planning.qualification"]
        need = found.required.get(f"min_{name}")
        if need is None:
            return _NOTHING()
        outcome: Outcome = getattr(gap, name)
        text = _("cần %(level)s") % {"level": str(scale[need.upper()].label).lower()}
        how = {
            Outcome.NOT_MET: _("Cử đi học."),
            Outcome.CANNOT_TELL: _("Bổ sung vào hồ sơ."),
        }.get(outcome, "")
        return outcome, text, how

    return cell


def _by_rule(code: str, text: Callable[[Finding], str]) -> Callable[[Gap], Cell]:
    def cell(gap: Gap) -> Cell:
        found = gap.non_local if code.startswith("rotation.") else _known(gap, code)
        if found is None:
            return _NOTHING()
        how = "" if found.outcome <= Outcome.MET else _remedy(found)
        return found.outcome, text(found), how

    return cell


def _service_text(found: Finding) -> str:
    left, need = found.measured.get("months"), found.required.get("minimum_months")
    if left is None:
        return _("cần ≥ %(need)s tháng") % {"need": need}
    return _("%(left)s tháng, cần ≥ %(need)s") % {"left": number(left), "need": need}


_service = _by_rule("planning.remaining_service", _service_text)
_local = _by_rule(
    "rotation.non_local_head",
    lambda found: (
        _("là người nơi khác") if found.outcome == Outcome.MET else _("cần người nơi khác")
    ),
)
_higher = _by_rule(
    "planning.higher_title",
    lambda found: {
        Outcome.MET: _("cao hơn"),
        Outcome.NOT_MET: _("không cao hơn"),
    }.get(found.outcome, _("chưa rõ chức vụ")),
)
_graded = _by_rule(
    "planning.evaluation",
    lambda found: {
        Outcome.MET: _("không vướng"),
        Outcome.NOT_MET: _("không hoàn thành"),
    }.get(found.outcome, _("chưa có xếp loại")),
)
_disciplined = _by_rule(
    "planning.discipline",
    lambda found: _("không vướng") if found.outcome == Outcome.MET else _("đang kỷ luật"),
)
_count = _by_rule(
    "planning.titles_per_person",
    lambda found: (
        _("%(n)s, nhiều nhất %(max)s")
        % {"n": found.measured.get("total"), "max": found.required.get("maximum")}
    ),
)
_ballot = _by_rule(
    "planning.ballot",
    lambda found: (
        _("%(n)s/%(all)s bước đủ phiếu")
        % {
            "n": found.measured["steps"] - found.measured["failed"],
            "all": found.measured["steps"],
        }
    ),
)


# ---- What the person has ---------------------------------------------------------------------


def _degree(subject: Subject) -> str:
    return subject.cadre.get_degree_display() or _("chưa ghi")


def _theory(subject: Subject) -> str:
    return subject.cadre.get_theory_display() or _("chưa ghi")


def _months(subject: Subject) -> str:
    retirement = retirement_of(subject.cadre, subject.as_of)
    if not retirement.is_sure:
        return _("chưa rõ")
    return _("%(n)s tháng") % {"n": number(retirement.months_left)}


def _native(subject: Subject) -> str:
    unit = subject.cadre.native_unit
    return _("Quê %(unit)s") % {"unit": _lower(unit.name)} if unit else _("chưa ghi")


def _post(subject: Subject) -> str:
    post = subject.post
    return shortened(title_alone(post.title.name)) if post else _("không có chức vụ")


def _grade(gaps: Sequence[Gap]) -> str:
    code = gaps[0].findings["planning.evaluation"].measured.get("grade")
    return str(Grade[code].label) if code else _("chưa có")


def _titles(gaps: Sequence[Gap]) -> str:
    return _("%(n)s chức danh") % {"n": len(gaps)}


def _discipline_words(gaps: Sequence[Gap]) -> str:
    active = gaps[0].findings["planning.discipline"].measured.get("active")
    return _("đang có %(n)s") % {"n": active} if active else _("không")


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
                needs.setdefault((label, level), []).append(shortened(_name(gap.nomination)))
    if not needs:
        return ()
    lines = [
        {"what": f"{label}: {level}", "why": ", ".join(dict.fromkeys(titles))}
        for (label, level), titles in needs.items()
    ]
    return (Block(template="planning/_file_training.html", context={"needs": lines}, order=60),)
