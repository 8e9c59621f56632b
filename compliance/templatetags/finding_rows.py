"""The rows of the list of findings, written by functions: fifty of them, five cells each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date
from cadre_portal.templatetags.pieces import citation, sign, text

if TYPE_CHECKING:
    from compliance.contexts.findings import FindingLine
    from compliance.selectors import WaiverBeside

register = template.Library()

#: The address of a page about something, for the day of view, ready for an attribute.
Address = Callable[[str, object], str]


@register.simple_tag
def finding_rows(lines: Iterable[FindingLine], day_tail: str, has_since: bool) -> SafeString:
    """One row a finding; `has_since`: with the day since when it is so."""

    # Findings of one plan and one unit stand together.
    @cache
    def address(name: str, key: object) -> str:
        return text(reverse(name, args=[key]) + day_tail)

    labels = [
        text(label)
        for label in (
            _("Tiêu chí"),
            _("Đối tượng"),
            _("Kết quả đo"),
            _("Căn cứ"),
            _("Từ ngày"),
        )
    ]
    return SafeString("".join(_row(line, address, labels, has_since=has_since) for line in lines))


def _row(line: FindingLine, address: Address, labels: list[str], *, has_since: bool) -> str:
    rule, subject, measured, grounds, since = labels
    finding, unit = line.finding, address("cadres:unit-detail", line.finding.labels.unit_code)
    plan = address("planning:plan-detail", line.plan_id) if line.plan_id else ""
    cadre = address("cadres:cadre-detail", line.cadre_code) if line.cadre_code else ""
    waived = f'<span class="under">{_waiver_beside(line.waiver)}</span>' if line.waiver else ""
    cited = citation(line.citations) if line.citations else ""
    day = ""
    if has_since:
        day = f'<td data-label="{since}" class="num quiet">{date(line.since)}</td>'
    return (
        f'<tr class="row-link" data-href="{plan or cadre or unit}">'
        f'<td data-label="{rule}" class="two"><div>{sign(finding.outcome.code)}'
        f' <span class="medium">{text(finding.rule.title)}</span>{waived}</div></td>'
        f'<td data-label="{subject}" class="two"><div>{_whom(line, cadre, unit)}'
        f' <span class="under">{_beside(line, plan, unit)}</span></div></td>'
        f'<td data-label="{measured}" class="two">{text(finding.message)}</td>'
        f'<td data-label="{grounds}" class="two">{cited}</td>{day}</tr>'
    )


def _whom(line: FindingLine, cadre: str, unit: str) -> str:
    """Who or what is judged: people whose file may be opened and units are links."""
    labels = line.finding.labels
    url = cadre or ("" if labels.cadre_name or labels.title_name else unit)
    if not url:
        return f'<span class="medium">{text(line.whom)}</span>'
    return f'<a class="medium" href="{url}">{text(line.whom)}</a>'


def _beside(line: FindingLine, plan: str, unit: str) -> str:
    """What else tells the subject apart, its unit and the term."""
    labels = line.finding.labels
    parts = [text(detail) for detail in line.details]
    if labels.cadre_name or labels.title_name:
        parts.append(f'<a href="{unit}">{text(labels.unit_name)}</a>')
    told = " · ".join(parts)
    if labels.term:
        term = f'<a href="{plan}">{text(line.term)}</a>' if plan else text(line.term)
        told += f' · <span class="nowrap num">{term}</span>'
    return told


def _waiver_beside(waiver: WaiverBeside) -> str:
    """A waiver in force beside a finding that stays what it is."""
    until = _("đến %(day)s") % {"day": date(waiver.until)}
    return (
        f'<span class="tag line" title="{text(waiver.reason)}">{text(_("miễn áp dụng"))}</span>'
        f" {text(waiver.document)}, {text(until)}"
    )
