"""Standards of titles against what one person has, as a table with the way to mend each gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import number
from cadres.choices import Degree, Grade, SkillKind, Theory, skill_words
from cadres.file_parts import Subject
from cadres.words import post_name, shortened, title_alone
from compliance.choices import Outcome
from compliance.citations import ShownCitation, citations_shown
from compliance.engine.findings import Finding
from compliance.law.grounds import grounds_of
from compliance.selectors.retirement import retirement_of
from planning.choices import PlanStatus
from planning.contexts import links, words
from planning.models import Nomination
from planning.selectors.gaps import NON_LOCAL, QUALIFICATION, Gap


def name_of(nomination: Nomination) -> str:
    """The title with its unit."""
    return post_name(nomination.pool.position.title.name, nomination.plan.unit.name)


def is_approved(nomination: Nomination, day: dt.date) -> bool:
    """Whether the plan was approved by the day; else it still waits."""
    plan = nomination.plan
    return plan.status == PlanStatus.APPROVED and (
        plan.approved_on is None or plan.approved_on <= day
    )


#: So many titles fit beside the other boxes, or across the page.
NARROW, WIDE = 3, 5


def lower_first(text: str) -> str:
    """A sentence inside another one."""
    return f"{text[:1].lower()}{text[1:]}"


def remedy(finding: Finding) -> str:
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
        "Có thể quy hoạch cùng chức danh ở nơi khác, hoặc luân chuyển trước khi bổ nhiệm."
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


def gap_tables(gaps: Sequence[Gap], subject: Subject) -> dict[str, Any] | None:
    """Standards × titles, approved plans first; None without a title.

    Up to NARROW titles stand beside the rest of the file, more across the page, so many of them in
    a table that it fits a screen and a sheet of paper.
    """
    if not gaps:
        return None
    ordered = sorted(gaps, key=lambda gap: not is_approved(gap.nomination, subject.as_of))
    size = NARROW if len(ordered) <= NARROW else WIDE
    groups = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    return {
        "is_wide": len(ordered) > NARROW,
        "groups": [_table(group, subject) for group in groups],
    }


def _table(ordered: Sequence[Gap], subject: Subject) -> dict[str, Any]:
    """Standards × titles: what the person has, the verdict, how to mend it, where it stands."""
    day = subject.as_of

    def row(
        label: str, has: str, cell: Callable[[Gap], Cell], code: str, *, is_standard: bool = False
    ) -> dict[str, Any]:
        return _row(
            label,
            has,
            ordered,
            cell,
            lambda: _citations(ordered, code, day),
            is_standard=is_standard,
        )

    made = [
        row(
            _("Chuyên môn"),
            _degree(subject),
            _half("degree", Degree),
            QUALIFICATION,
            is_standard=True,
        ),
        row(
            _("Lý luận chính trị"),
            _theory(subject),
            _half("theory", Theory),
            QUALIFICATION,
            is_standard=True,
        ),
        *_skill_rows(ordered),
        row(
            _("Thời gian còn công tác"),
            _months(subject),
            _service,
            "planning.remaining_service",
        ),
        row(_("Người địa phương"), _native(subject), _local, NON_LOCAL),
        row(_("Chức danh cao hơn"), _post(subject), _higher, "planning.higher_title"),
        row(
            _("Xếp loại năm %(year)s") % {"year": day.year - 1},
            _grade(ordered),
            _graded,
            "planning.evaluation",
        ),
        row(_("Số chức danh quy hoạch"), "", _count, "planning.titles_per_person"),
    ]
    if subject.is_sensitive_shown:
        held = _discipline_words(ordered)
        made.append(row(_("Kỷ luật"), held, _disciplined, "planning.discipline"))
    if any(_known(gap, "planning.ballot") for gap in ordered):
        made.append(row(_("Phiếu các bước"), "", _ballot, "planning.ballot"))
    return {
        "titles": [
            {
                "name": name_of(gap.nomination),
                "short": shortened(title_alone(gap.nomination.pool.position.title.name)),
                "unit": gap.nomination.plan.unit.name,
                "url": links.plan_url(gap.nomination.plan_id, subject.as_of),
                "waits": not is_approved(gap.nomination, subject.as_of),
            }
            for gap in ordered
        ],
        # What no title asks for would only be a row of dashes.
        "rows": [row for row in made if row["is_asked"]],
    }


Cell = tuple[Outcome, str, str]


def _row(
    label: str,
    has: str,
    gaps: Sequence[Gap],
    cell: Callable[[Gap], Cell],
    cited: Callable[[], list[ShownCitation]],
    *,
    is_standard: bool = False,
) -> dict[str, Any]:
    """One standard over all titles."""
    cells = [cell(gap) for gap in gaps]
    worst = max(outcome for outcome, _text, _how in cells)
    return {
        "label": label,
        "has": has,
        "cells": [
            {
                "outcome": outcome.code,
                "text": text,
                "how": how,
                "title": shortened(title_alone(gap.nomination.pool.position.title.name)),
            }
            for gap, (outcome, text, how) in zip(gaps, cells, strict=True)
        ],
        "css": {Outcome.NOT_MET: "hit", Outcome.CANNOT_TELL: "doubt"}.get(worst, ""),
        "citations": [] if worst == Outcome.NOT_APPLICABLE else cited(),
        "is_asked": worst != Outcome.NOT_APPLICABLE,
        "is_standard": is_standard,
    }


def _citations(gaps: Sequence[Gap], code: str, day: dt.date) -> list[ShownCitation]:
    """Where the figures stand that were applied, each once; else what the criterion rests on."""
    found = [
        gap.non_local if code.startswith("rotation.") else gap.findings.get(code) for gap in gaps
    ]
    cited = {
        (item["source"], item["at"]): item for each in found if each for item in each.citations
    }
    return citations_shown(cited.values() or [each.as_dict() for each in grounds_of(code, day)])


def _skill_rows(gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    """A row for each skill that one of the titles asks for."""
    kinds = {asked.kind for gap in gaps for asked in gap.skills}
    return [_skill_row(kind, gaps) for kind in SkillKind if kind in kinds]


def _skill_row(kind: SkillKind, gaps: Sequence[Gap]) -> dict[str, Any]:
    asked = {gap.nomination.pk: each for gap in gaps for each in gap.skills if each.kind == kind}
    held = [
        " ".join(filter(None, (each.detail, skill_words(kind, each.level))))
        for each in gaps[0].held
        if each.kind == kind
    ]

    def cell(gap: Gap) -> Cell:
        need = asked.get(gap.nomination.pk)
        if need is None:
            return _NOTHING()
        level = skill_words(kind, need.level)
        text = _("cần %(level)s") % {"level": level} if level else _("cần có")
        how = {
            Outcome.NOT_MET: _("Cử đi bồi dưỡng."),
            Outcome.CANNOT_TELL: _("Bổ sung vào hồ sơ."),
        }.get(need.outcome, "")
        return need.outcome, text, how

    documents = dict.fromkeys((each.document, each.at) for each in asked.values())
    cited = [
        ShownCitation(source=document, at=at, confidence="read", key="")
        for document, at in documents
    ]
    has = "; ".join(filter(None, held)) or (_("có, chưa ghi mức") if held else _("chưa ghi"))
    return _row(str(kind.label), has, gaps, cell, lambda: cited, is_standard=True)


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
        how = "" if found.outcome <= Outcome.MET else remedy(found)
        return found.outcome, text(found), how

    return cell


def _service_text(found: Finding) -> str:
    left, need = found.measured.get("months"), found.required.get("minimum_months")
    if left is None:
        return _("cần ≥\u00a0%(need)s tháng") % {"need": need}
    return _("%(left)s tháng, cần ≥\u00a0%(need)s") % {"left": number(left), "need": need}


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
    return _("Quê %(unit)s") % {"unit": lower_first(unit.name)} if unit else _("chưa ghi")


def _post(subject: Subject) -> str:
    post = subject.post
    return shortened(title_alone(post.title.name)) if post else _("không có chức vụ")


def _grade(gaps: Sequence[Gap]) -> str:
    code = gaps[0].findings["planning.evaluation"].measured.get("grade")
    return str(Grade[code].label) if code else _("chưa có")


def _discipline_words(gaps: Sequence[Gap]) -> str:
    active = gaps[0].findings["planning.discipline"].measured.get("active")
    return _("đang có %(n)s") % {"n": active} if active else _("không")
