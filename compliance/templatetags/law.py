"""Rows of Căn cứ and the pieces in them, which stand a hundred times on the page: by functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cadre_portal.common.viewdate import PARAMETER
from cadre_portal.templatetags.formats import date, number
from cadre_portal.templatetags.pieces import citation, confidence, icon, sign, text

if TYPE_CHECKING:
    from compliance.applied import Applied
    from compliance.contexts.law import BarPart, Card, Catalogue, History, ParameterLine
    from compliance.models import Target

register = template.Library()


@register.simple_tag(takes_context=True)
def law_row(context: Mapping[str, Any], line: ParameterLine) -> SafeString:
    """A parameter: its row, and the row with its history, which the summary opens."""
    catalogue: Catalogue = context["catalogue"]
    parameter, day = line.parameter, context["request"].GET.get(PARAMETER)
    is_open = " open" if context["opened"] == parameter.id else ""
    values = "".join(
        f'<td class="v{"" if cell.text else " none"}" data-label="{text(cell.label)}">'
        f"{text(cell.text) if cell.text else f'<span>{_nothing()}</span>'}</td>"
        for cell in line.cells
    )
    day_tail = f"&amp;{PARAMETER}={text(day)}" if day else ""
    grounds = "".join(_grounds(each, day_tail) for each in line.shown)
    bar = _bar(line.bar, catalogue.now_x, line.bar_words) if line.bar else ""
    return SafeString(
        f'<tbody id="{text(parameter.id)}"><tr>'
        f'<th scope="row"><details{is_open}><summary title="{text(parameter.label)}">'
        f"{icon('right')}{text(parameter.short_label)}</summary></details></th>{values}"
        f'<td class="cites" data-label="{text(_("Căn cứ"))}">'
        f"{f'<div>{grounds}</div>' if grounds else ''}</td>"
        f'<td class="small" data-label="{text(_("Mức chắc chắn"))}">'
        f"{confidence(line.confidence) if line.confidence else ''}</td>"
        f'<td class="num quiet" data-label="{text(_("Từ ngày"))}">{date(line.since)}</td>'
        f'<td>{bar}</td></tr><tr class="det"><td colspan="{len(catalogue.levels) + 5}">'
        f'<div class="stack-3">{_about(line)}</div></td></tr></tbody>'
    )


def _nothing() -> str:
    return f"{sign('not_applicable', word=False)} {text(_('chưa có căn cứ'))}"


def _grounds(applied: Applied, day_tail: str) -> str:
    """Where a value of the day stands; documents lead to their list."""
    tag = f'<span class="tag line">{text(_("tỉnh"))}</span>' if applied.is_target else ""
    cited = "; ".join(
        (
            f'<a href="?muc=van-ban{day_tail}#{text(each.key)}">{text(each.source)}</a>'
            if each.key
            else text(each.source)
        )
        + (f", {text(each.at)}" if each.at else "")
        for each in applied.citations
    )
    return f"<div>{tag}{cited}</div>"


# ---- What a row opens ------------------------------------------------------------------------


def _about(line: ParameterLine) -> str:
    """What was applied when, by level; every target; what rests on the parameter today."""
    parameter = line.parameter
    note = f" {text(parameter.note)}" if parameter.note else ""
    parts = [f'<p class="note">{text(parameter.label)}.{note}</p>']
    parts += [
        _history(history) for history in line.histories if history.cards or len(line.histories) == 1
    ]
    if line.targets:
        targets = "".join(f"<li>{_target(target)}</li>" for target in line.targets)
        parts.append(
            f'<div><p class="small quiet">{text(_("Chỉ tiêu đã đặt"))}</p>'
            f'<ul class="plain note">{targets}</ul></div>'
        )
    parts.append(f'<p class="note">{_used(line)}</p>')
    return "".join(parts)


def _history(history: History) -> str:
    if history.cards:
        cards = "".join(_card(card) for card in history.cards)
        told = f'<div class="lawcards">{cards}</div>'
    else:
        words = _(
            "Chưa có căn cứ: không văn bản nào được biết nêu con số, và tỉnh chưa đặt chỉ tiêu."
            " Tiêu chí dùng tham số này không áp dụng."
        )
        told = f'<p class="note">{sign("not_applicable", word=False)} {text(words)}</p>'
    return f'<div><p class="small quiet">{text(history.levels)}</p>{told}</div>'


def _card(card: Card) -> str:
    """One stretch of a history: the value, from when to when, and where it stands."""
    applied = card.applied
    value = f'<div class="val none">{text(_("chưa có căn cứ"))}</div>'
    if card.text:
        value = f'<div class="val num">{text(card.text)}</div>'
    period = f'{text(_("từ"))} <span class="num">{date(applied.start)}</span>'
    if applied.end:
        period = f'<span class="num">{date(applied.start)} – {date(applied.end)}</span>'
    if applied.is_target:
        period += f", {text(_('chỉ tiêu tỉnh'))}"
    now = ' class="is-now"' if card.is_now else ""
    suggested = ""
    if card.suggested:
        suggested = _("Gợi ý khi đặt chỉ tiêu, không phải căn cứ: %(text)s") % {
            "text": card.suggested
        }
    return (
        f"<div{now}>{value}"
        f'<div class="small">{period}</div>'
        f"{citation(applied.citations) if applied.citations else ''}"
        f"{_quiet(applied.note)}{_quiet(suggested)}</div>"
    )


def _quiet(words: str) -> str:
    return f'<p class="small quiet">{text(words)}</p>' if words else ""


def _target(target: Target) -> str:
    period = f'{text(_("từ"))} <span class="num">{date(target.in_force_from)}</span>'
    if target.in_force_to:
        period += f' {text(_("đến"))} <span class="num">{date(target.in_force_to)}</span>'
    at = f", {text(target.at)}" if target.at else ""
    return (
        f"{text(target.unit.name)}, {text(target.get_level_display())}:"
        f' <span class="medium num">{number(target.value)}</span>, {period},'
        f" {text(target.document)}{at} · {confidence(target.confidence)}"
    )


def _used(line: ParameterLine) -> str:
    parts = []
    if line.parameter.accepts_targets:
        parts.append(
            text(
                _(
                    "Chỉ tiêu tỉnh thay giá trị chung chỉ khi chặt hơn, hoặc khi không có giá trị"
                    " chung."
                )
            )
        )
    for use in line.uses:
        title = use["rule"].title
        if use["judged"] is None:
            words = _("Dùng trong tiêu chí “%(title)s”.") % {"title": title}
        else:
            words = _("Hôm nay “%(title)s” dùng cho %(n)s lượt xét.") % {
                "title": title,
                "n": number(use["judged"]),
            }
        parts.append(text(words))
        if use["failing"]:
            words = _("Xem %(n)s kết quả chưa đạt") % {"n": number(use["failing"])}
            parts.append(f'<a href="{text(use["url"])}">{text(words)}</a>')
    if not line.uses:
        parts.append(text(_("Chưa có tiêu chí nào đọc tham số này.")))
    return " ".join(parts)


# ---- The bar ---------------------------------------------------------------------------------


def _bar(parts: Iterable[BarPart], now_x: float, label: str) -> str:
    """Values over the years as a bar; a target of the province is an outline."""
    parts = list(parts)
    drawn = [
        f'<rect class="{"plan" if part.is_target else "post"}" x="{part.x}" y="2"'
        f' width="{part.width}" height="18" rx="2"/>'
        for part in parts
    ]
    drawn.append(f'<line class="now" x1="{now_x}" x2="{now_x}" y1="0" y2="22"/>')
    drawn += [
        f'<text x="{part.middle}" y="15">{text(part.text)}</text>' for part in parts if part.text
    ]
    return (
        f'<svg class="hist" viewBox="0 0 152 22" role="img" aria-label="{text(label)}">'
        f"{''.join(drawn)}</svg>"
    )
