"""What stands around every page of one inspection: head, steps, what the next one needs, tabs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor
from inspections.choices import DocumentKind, Stage
from inspections.contexts.links import address
from inspections.contexts.parts import mending_url, parts
from inspections.models import Inspection
from inspections.policies import can_follow_up, can_manage, can_work
from inspections.selectors.inspections import STAGES, days_left, next_stage, obstacles
from inspections.selectors.progress import Progress, progress_of


def workspace(
    actor: Actor, inspection: Inspection, here: str, as_of: dt.date, *more: dict[str, str]
) -> dict[str, Any]:
    """The context of `inspections/_workspace.html`, which every page of one inspection extends.

    `here`: the name of the tab's address; `more`: breadcrumbs behind the inspection. A fixed number
    of queries.
    """
    progress = progress_of(inspection)
    own = address("inspections:inspection-detail", inspection.pk, as_of=as_of)
    return {
        "inspection": inspection,
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {"label": inspection.decision_no or inspection.name, "url": own if more else ""},
            *more,
        ],
        "head_words": _head(inspection, progress),
        "deadline": deadline(inspection),
        "steps": _steps(inspection, progress),
        "onward": _onward(actor, inspection, as_of),
        "tabs": parts(inspection.pk, here, as_of),
        "print_url": _print_url(inspection, as_of),
        "manages": can_manage(actor, inspection),
        "works": can_work(actor, inspection),
    }


def _print_url(inspection: Inspection, as_of: dt.date) -> str:
    """The paper that the present step works towards, as it is printed."""
    kind = {
        Stage.PREPARING: DocumentKind.KT1,
        Stage.DEPLOYING: DocumentKind.KT3,
        Stage.SELF_REPORTING: DocumentKind.KT3,
        Stage.FOLLOWING: DocumentKind.KT10,
        Stage.CLOSED: DocumentKind.KT12,
    }.get(Stage(inspection.stage), DocumentKind.KT8)
    return address("inspections:document-look", inspection.pk, kind.value, as_of=as_of)


def deadline(inspection: Inspection) -> dict[str, str]:
    """How long it may still take, as `text` and `outcome` ("" while there is time)."""
    left = days_left(inspection, clock.today())
    day = formats.date(inspection.last_day)
    if left is None:
        words = _("kết luận %(no)s ngày %(day)s")
        text = words % {
            "no": inspection.conclusion_no,
            "day": formats.date(inspection.concluded_on),
        }
        return {"text": text, "outcome": ""}
    if left < 0:
        text = ngettext("quá hạn %(n)s ngày, hạn %(day)s", "quá hạn %(n)s ngày, hạn %(day)s", -left)
        return {"text": text % {"n": -left, "day": day}, "outcome": "not_met"}
    text = ngettext("còn %(n)s ngày, hạn %(day)s", "còn %(n)s ngày, hạn %(day)s", left)
    if inspection.extended_to:
        text = f"{text} {_('(đã gia hạn)')}"
    return {"text": text % {"n": left, "day": day}, "outcome": ""}


def _head(inspection: Inspection, progress: Progress) -> list[str]:
    """Decision, lead, period: the quiet line under the name."""
    found = []
    if inspection.decision_no and inspection.decision_on:
        words = {"no": inspection.decision_no, "day": formats.date(inspection.decision_on)}
        found.append(_("Quyết định %(no)s ngày %(day)s") % words)
    else:
        found.append(_("Chưa có quyết định"))
    if progress.lead:
        found.append(_("Trưởng đoàn %(name)s") % {"name": progress.lead})
    period = {
        "start": formats.date(inspection.period_from),
        "end": formats.date(inspection.period_to),
    }
    found.append(_("mốc thời gian %(start)s đến %(end)s") % period)
    return found


def _steps(inspection: Inspection, progress: Progress) -> list[dict[str, Any]]:
    """The bar across the top. A step that was left before all was there is `part`.

    Following stands behind the sixth step until there is a conclusion.
    """
    words = _step_words(inspection, progress)
    present = STAGES.index(Stage(inspection.stage))
    shown = [stage for stage in STAGES if stage != Stage.CLOSED]
    if not inspection.is_concluded:
        shown.remove(Stage.FOLLOWING)
    lacking = {
        Stage.SELF_REPORTING: progress.reports < progress.units,
        Stage.VERIFYING: progress.proven < progress.findings,
    }
    found = []
    for stage in shown:
        place = STAGES.index(stage)
        state = "todo" if place > present else "current"
        if place < present:
            state = "part" if lacking.get(stage) else "done"
        found.append({"label": stage.label, "state": state, "text": words[stage]})
    return found


def _step_words(inspection: Inspection, progress: Progress) -> dict[Stage, str]:
    not_begun = _("chưa bắt đầu")
    deployed = progress.deployed_on
    done = {"done": progress.reports, "total": progress.units}
    proven = {"done": progress.proven, "total": progress.findings}
    remedied = {"done": progress.remedied, "total": progress.remedies}
    return {
        Stage.PREPARING: _("quyết định, đoàn, đề cương"),
        Stage.DEPLOYING: (
            _("biên bản ngày %(day)s") % {"day": formats.date(deployed)}
            if deployed
            else _("công bố quyết định, biên bản")
        ),
        Stage.SELF_REPORTING: (
            not_begun
            if inspection.stage in (Stage.PREPARING, Stage.DEPLOYING)
            else _("%(done)s trong %(total)s đơn vị đã nộp") % done
        ),
        Stage.VERIFYING: (
            _("%(done)s/%(total)s nhận định có bằng chứng") % proven
            if progress.findings
            else not_begun
        ),
        Stage.REPORTING: str(progress.report.label).lower() if progress.report else not_begun,
        Stage.CONCLUDING: (
            _("%(no)s ngày %(day)s")
            % {"no": inspection.conclusion_no, "day": formats.date(inspection.concluded_on)}
            if inspection.is_concluded
            else _("rồi theo dõi đến khi xong")
        ),
        Stage.FOLLOWING: _("%(done)s/%(total)s kiến nghị đã xong") % remedied,
    }


def _onward(actor: Actor, inspection: Inspection, as_of: dt.date) -> dict[str, Any] | None:
    """What lacks for the next step, and who may go there; None at the end."""
    following = next_stage(inspection)
    if following is None:
        return None
    lacking = [
        {"text": each.text, "url": mending_url(inspection.pk, each.part, as_of)}
        for each in obstacles(inspection)
    ]
    # The conclusion is issued on a page of its own.
    is_moved = inspection.stage != Stage.CONCLUDING
    may = (
        can_follow_up(actor, inspection)
        if inspection.stage == Stage.FOLLOWING
        else can_manage(actor, inspection)
    )
    backward = not inspection.is_concluded and inspection.stage != Stage.PREPARING
    return {
        "label": following.label,
        "lacking": lacking,
        "url": address("inspections:inspection-advance", inspection.pk, as_of=as_of)
        if may and is_moved and not lacking
        else "",
        "back_url": address("inspections:inspection-step-back", inspection.pk, as_of=as_of)
        if may and backward
        else "",
    }
