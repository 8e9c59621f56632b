"""What an inspection asks of a unit now, for the unit's officers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from inspections.choices import Stage
from inspections.contexts.links import address
from inspections.contexts.mandate import mandate_facts
from inspections.contexts.self_reports import report_url, state_cell
from inspections.models import InspectedUnit, SelfReport, TeamMember
from inspections.policies import OBJECTING, SHOWN_TO_UNITS
from inspections.selectors.self_reports import Question, is_writable
from inspections.selectors.side import SideCounts


def hub(
    inspected: InspectedUnit,
    report: SelfReport | None,
    questions: Sequence[Question],
    team: Iterable[TeamMember],
    counts: SideCounts,
    as_of: dt.date,
) -> dict[str, Any]:
    """Everything that waits for the unit, what the inspection is about, who inspects."""
    inspection = inspected.inspection
    order = ["lead", "deputy", "secretary", "member"]
    return {
        "tasks": [
            task
            for task in (
                _report_task(inspected, report, questions, as_of),
                _minutes_task(inspected, counts, as_of),
                _finding_task(inspected, counts, as_of),
                _remedy_task(inspected, counts, as_of),
            )
            if task
        ],
        "facts": [
            {"label": _("Bước"), "value": inspection.get_stage_display()},
            *mandate_facts(inspection),
        ],
        "team": [
            {"name": str(each.user), "role": each.get_role_display(), "post": each.post}
            for each in sorted(team, key=lambda one: (order.index(one.role), one.pk))
        ],
    }


def _report_task(
    inspected: InspectedUnit,
    report: SelfReport | None,
    questions: Sequence[Question],
    as_of: dt.date,
) -> dict[str, Any]:
    cell = state_cell(inspected, report)
    done = {"done": sum(each.is_answered for each in questions), "total": len(questions)}
    under = (
        _("%(done)s/%(total)s mục đã trả lời") % done
        if is_writable(inspected)
        else _("%(total)s mục trong đề cương") % done
    )
    if cell.get("under"):
        under = f"{cell['under']} · {under}"
    return {
        "title": _("Báo cáo tự kiểm tra"),
        "outcome": cell.get("outcome", ""),
        "words": cell["text"],
        "under": under,
        "url": report_url(inspected, as_of),
    }


def _minutes_task(
    inspected: InspectedUnit, counts: SideCounts, as_of: dt.date
) -> dict[str, Any] | None:
    if not counts.to_sign:
        return None
    text = ngettext("%(n)s biên bản chờ ký", "%(n)s biên bản chờ ký", counts.to_sign)
    return {
        "title": _("Biên bản làm việc"),
        "outcome": "cannot_tell",
        "words": text % {"n": counts.to_sign},
        "under": _("đọc lại, ký hoặc nêu chỗ chưa thống nhất"),
        "url": address("inspections:side-minutes-list", inspected.pk, as_of=as_of),
    }


def _finding_task(
    inspected: InspectedUnit, counts: SideCounts, as_of: dt.date
) -> dict[str, Any] | None:
    """Findings that the unit may read, while it may say something to them."""
    stage = Stage(inspected.inspection.stage)
    if stage not in SHOWN_TO_UNITS:
        return None
    number = counts.findings
    text = ngettext("%(n)s nhận định", "%(n)s nhận định", number) % {"n": formats.number(number)}
    return {
        "title": _("Nhận định về đơn vị"),
        "outcome": "",
        "words": text if number else _("chưa có"),
        "under": _("đơn vị nêu ý kiến được đến khi báo cáo của đoàn được trình")
        if stage in OBJECTING
        else "",
        "url": address("inspections:inspected-findings", inspected.pk, as_of=as_of),
    }


def _remedy_task(
    inspected: InspectedUnit, counts: SideCounts, as_of: dt.date
) -> dict[str, Any] | None:
    if not inspected.inspection.is_concluded:
        return None
    left = counts.remedies
    text = ngettext("%(n)s kiến nghị phải thực hiện", "%(n)s kiến nghị phải thực hiện", left)
    return {
        "title": _("Kiến nghị"),
        "outcome": "cannot_tell" if left else "met",
        "words": text % {"n": formats.number(left)} if left else _("không còn kiến nghị nào"),
        "under": "",
        "url": address("inspections:inspected-remedies", inspected.pk, as_of=as_of),
    }
