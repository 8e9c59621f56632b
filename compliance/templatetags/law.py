"""Pieces of Căn cứ that stand a hundred times on the page, written by functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date
from cadre_portal.templatetags.pieces import citation

if TYPE_CHECKING:
    from compliance.contexts.law import BarPart, Card

register = template.Library()


@register.simple_tag
def law_card(card: Card) -> SafeString:
    """One stretch of a history: the value, from when to when, and where it stands."""
    applied = card.applied
    start, end = date(applied.start), date(applied.end)
    if applied.end:
        period = format_html('<span class="num">{} – {}</span>', start, end)
    else:
        period = format_html('{} <span class="num">{}</span>', _("từ"), start)
    return format_html(
        '<div{}>{}<div class="small">{}{}</div>{}{}{}</div>',
        SafeString(' class="is-now"') if card.is_now else "",
        format_html('<div class="val num">{}</div>', card.text)
        if card.text
        else format_html('<div class="val none">{}</div>', _("chưa có căn cứ")),
        period,
        f", {_('chỉ tiêu tỉnh')}" if applied.is_target else "",
        citation(applied.citations) if applied.citations else "",
        _quiet(applied.note),
        _quiet(
            _("Gợi ý khi đặt chỉ tiêu, không phải căn cứ: %(text)s") % {"text": card.suggested}
            if card.suggested
            else ""
        ),
    )


def _quiet(words: str) -> SafeString:
    return format_html('<p class="small quiet">{}</p>', words) if words else SafeString("")


@register.simple_tag
def law_bar(parts: Iterable[BarPart], now_x: float, label: str) -> SafeString:
    """Values over the years as a bar; a target of the province is an outline."""
    parts = list(parts)
    drawn = [
        f'<rect class="{"plan" if part.is_target else "post"}" x="{part.x}" y="2"'
        f' width="{part.width}" height="18" rx="2"/>'
        for part in parts
    ]
    drawn.append(f'<line class="now" x1="{now_x}" x2="{now_x}" y1="0" y2="22"/>')
    drawn += [
        format_html('<text x="{}" y="15">{}</text>', str(part.middle), part.text)
        for part in parts
        if part.text
    ]
    return format_html(
        '<svg class="hist" viewBox="0 0 152 22" role="img" aria-label="{}">{}</svg>',
        label,
        SafeString("".join(drawn)),
    )
