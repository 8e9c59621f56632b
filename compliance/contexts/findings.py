"""The list of findings as its template needs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.viewdate import PARAMETER
from compliance.choices import Outcome, SubjectKind
from compliance.citations import ShownCitation, citations_shown
from compliance.engine.findings import Finding
from compliance.engine.registry import all_rules
from compliance.forms import ALL, OUTCOMES, FindingFilterForm
from compliance.models import ComplianceRun
from compliance.selectors import FindingSet, FoundFinding, WaiverBeside


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """One row of the list. `plan_id` and `cadre_code` are empty where there is nothing to open."""

    finding: Finding
    whom: str
    details: list[str]
    term: str
    plan_id: int | None
    cadre_code: str
    citations: list[ShownCitation]
    waiver: WaiverBeside | None
    since: dt.date | None


def finding_lines(
    rows: Sequence[FoundFinding], visible_cadres: Collection[str]
) -> list[FindingLine]:
    """Rows ready to be shown; people are links only where their file may be opened."""
    return [_line(row, visible_cadres) for row in rows]


def _line(row: FoundFinding, visible: Collection[str]) -> FindingLine:
    finding, labels = row.finding, row.finding.labels
    code = labels.cadre_code or ""
    return FindingLine(
        finding=finding,
        whom=labels.cadre_name or labels.title_name or labels.unit_name or "",
        details=list(_details(finding)),
        term=(labels.term or "").replace("-", "–"),
        plan_id=finding.group_id if is_of_plan(finding) else None,
        cadre_code=code if code in visible else "",
        citations=citations_shown(finding.citations),
        waiver=row.waiver,
        since=finding.since,
    )


def is_of_plan(finding: Finding) -> bool:
    """Plans, pools and nominations are grouped by plan."""
    return finding.kind in (SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION)


def _details(finding: Finding) -> Any:
    """What else tells the subject apart, most telling first; the unit is shown by itself."""
    labels = finding.labels
    if finding.kind == SubjectKind.PLAN:
        yield _("cả kế hoạch")
    if labels.cadre_name and labels.title_name:
        yield labels.title_name
    if labels.start_on:
        yield _("từ %(day)s") % {"day": f"{labels.start_on:%d/%m/%Y}"}
    if labels.year:
        yield _("xếp loại năm %(year)s") % {"year": labels.year}


def outcome_segments(found: FindingSet, query: QueryDict) -> list[dict[str, Any]]:
    """The choice between outcomes, each with its number."""
    wanted, rule, kind = found.filters.outcomes, found.filters.rule, found.filters.kind
    items = [
        {
            "label": f"{outcome.label} ({_dots(found.number(outcome, rule=rule, kind=kind))})",
            "url": changed(query, {"ket-qua": outcome.code}),
            "here": wanted == (outcome,),
        }
        for outcome in OUTCOMES
    ]
    items.append(
        {
            "label": _("Tất cả"),
            "url": changed(query, {"ket-qua": ALL}),
            "here": len(wanted) > 1,
        }
    )
    return items


def rule_choices(found: FindingSet) -> list[tuple[str, str]]:
    """Rules with how many findings each has, as they are chosen from."""
    wanted, kind = found.filters.outcomes, found.filters.kind
    return [
        (rule.code, f"{rule.title} ({_dots(found.number(*wanted, rule=rule, kind=kind))})")
        for rule in all_rules()
    ]


def chips(form: FindingFilterForm, query: QueryDict) -> list[dict[str, str]]:
    """Filters that are on, with the address without each."""
    result = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if not value or name == "ket_qua":
            continue
        words = dict(getattr(field, "choices", ()))
        text = str(words.get(value, value)).strip()
        parameter = form.add_prefix(name)
        result.append(
            {
                "label": str(field.label) if name in ("tim", "don_vi") else "",
                "value": text,
                "remove_url": changed(query, {parameter: ""}),
            }
        )
    return result


def changed(query: QueryDict, changes: dict[str, str]) -> str:
    """The present query with changes ("" removes), on page 1."""
    copy = query.copy()
    copy.pop("trang", None)
    for name, value in changes.items():
        copy.pop(name, None)
        if value:
            copy[name] = value
    return f"?{copy.urlencode()}" if copy else "?"


def export_url(query: QueryDict) -> str:
    """Where exactly these findings are taken away as a sheet."""
    return reverse("compliance:finding-export") + changed(query, {})


def filters_in_words(form: FindingFilterForm, found: FindingSet) -> list[tuple[str, str]]:
    """What was asked for, as (name, value)."""
    outcomes = ", ".join(str(outcome.label) for outcome in found.filters.outcomes)
    words = [(_("Kết quả"), outcomes)]
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value and name != "ket_qua":
            shown = dict(getattr(field, "choices", ())).get(value, value)
            words.append((str(field.label), str(shown).strip()))
    return words


def source_in_words(ask: Any) -> str:
    """Where the findings come from."""
    if ask.run is None:
        return _("Hiện trạng hôm nay")
    scope = ask.run.unit.name if ask.run.unit else _("toàn bộ đơn vị")
    return _("Lần kiểm tra số %(number)s, %(scope)s") % {"number": ask.run.pk, "scope": scope}


def cleared(query: QueryDict) -> str:
    """The same list without filters: the day, the run and the outcome stay."""
    copy = query.copy()
    for name in set(copy) - {"ngay", "lan", "ket-qua"}:
        copy.pop(name)
    return changed(copy, {})


def met_note(
    found: FindingSet, snapshot: ComplianceRun | None, query: QueryDict
) -> dict[str, Any] | None:
    """What to say where verdicts `met` on people are asked for and are not kept."""
    wanted = found.filters
    about_people = wanted.kind in (None, SubjectKind.NOMINATION) and (
        wanted.rule is None or SubjectKind.NOMINATION in wanted.rule.kinds
    )
    if found.run or Outcome.MET not in wanted.outcomes or not about_people:
        return None
    note: dict[str, Any] = {
        "text": _(
            "Hiện trạng chỉ giữ những người còn điều chưa đạt hoặc chưa rõ, nên không liệt kê từng"
            " người đã đạt. Kết quả đầy đủ có trong một lần xét tại ngày."
        )
    }
    if snapshot:
        note["action"] = {
            "label": _("Xem lần xét số %(number)s") % {"number": snapshot.pk},
            "url": changed(query, {"lan": str(snapshot.pk)}),
        }
    return note


def empty_words(ask: Any, *, is_filtered: bool, clear_url: str, can_start: bool) -> dict[str, Any]:
    """Why the list is empty and what to do: `empty_title`, `empty_text`, `empty_action`."""
    if ask.found is not None:
        if is_filtered:
            title, text = _("Không có kết quả nào khớp bộ lọc"), _("Bỏ bớt điều kiện để xem thêm.")
            action = {"label": _("Bỏ lọc"), "url": clear_url}
        else:
            title, text = (
                _("Không có gì ở đây"),
                _("Không có kết quả loại này trong phạm vi của bạn."),
            )
            action = None
    elif ask.run:
        title = _("Lần kiểm tra này chưa có kết quả")
        text = _("Kết quả có khi mọi phần đã xong; không hiện kết quả dở dang.")
        action = {
            "label": _("Xem lần kiểm tra"),
            "url": reverse("compliance:run-detail", args=[ask.run.pk]),
        }
    else:
        title, text, action = _unchecked(ask, can_start)
    return {"empty_title": title, "empty_text": text, "empty_action": action}


def _unchecked(ask: Any, can_start: bool) -> tuple[str, str, dict[str, str] | None]:
    if ask.is_live:
        title = _("Chưa kiểm tra lần nào")
        text = _(
            "Hiện trạng được lập khi chạy lần kiểm tra đầu tiên, sau đó cập nhật hằng đêm và sau"
            " mỗi lần sửa."
        )
    else:
        title = _("Chưa xét tại ngày %(day)s") % {"day": f"{ask.as_of:%d/%m/%Y}"}
        text = _(
            "Kết quả của một ngày khác hôm nay được tính và giữ lại khi có người yêu cầu xét tại"
            " ngày đó."
        )
    if not can_start:
        return title, text, None
    url = reverse("compliance:run-list") + day_tail(ask.as_of) + "#yeu-cau"
    return title, text, {"label": _("Yêu cầu kiểm tra"), "url": url}


def day_tail(as_of: dt.date) -> str:
    """The query that keeps the day on pages linked to; "" for today."""
    return "" if as_of == clock.today() else f"?{PARAMETER}={as_of.isoformat()}"


def outcomes_of(word: str) -> tuple[Outcome, ...]:
    """What `ket-qua` asks for; what fails when it says nothing."""
    if word == ALL:
        return OUTCOMES
    return tuple(outcome for outcome in OUTCOMES if outcome.code == word) or (Outcome.NOT_MET,)


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")
