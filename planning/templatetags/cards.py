"""Findings beside a plan as cards, written by functions: a page has two dozen of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cadre_portal.templatetags.bars import band_bar, share_bar
from cadre_portal.templatetags.formats import date
from cadre_portal.templatetags.pieces import (
    citation,
    outcome_change,
    outcome_css,
    sign,
    text,
)

register = template.Library()

Card = Mapping[str, Any]


@register.simple_tag
def finding_cards(cards: Iterable[Card]) -> SafeString:
    """Findings on a plan, or on several titles or people of it; see planning.contexts.cards."""
    return SafeString("".join(_card(card) for card in cards))


def _card(card: Card) -> str:
    anchor = f' id="{text(card["anchor"])}"' if card["anchor"] else ""
    subject = f'<p class="quiet small">{text(card["subject"])}</p>' if card["subject"] else ""
    return (
        f'<article class="finding {outcome_css(card["outcome"])}-finding"{anchor}>'
        f"<h3>{sign(card['outcome'])}<span>{text(card['title'])}</span>{_aside(card)}</h3>"
        f"{subject}{_message(card)}{_bars(card)}{_lines(card['lines'])}"
        f"{citation(card['citations']) if card['needs_law'] else ''}{_fits(card['fits_url'])}"
        f"{_since(card)}{''.join(_waiver(each) for each in card['waivers'])}"
        f"{_behind(card['behind'])}</article>"
    )


def _aside(card: Card) -> str:
    """At the right of the title: what changed, or how many it is about."""
    if card["change"]:
        change = outcome_change(card["change"]["before"], card["change"]["after"])
        return f'<span class="r">{change}</span>'
    if card["nearer"]:
        return f'<span class="r quiet">{text(card["nearer"])}</span>'
    return f'<span class="r quiet num">{text(card["aside"])}</span>' if card["aside"] else ""


def _message(card: Card) -> str:
    if not card["message"]:
        return ""
    was = f'<span class="was">{text(card["was"])} →</span> ' if card["was"] else ""
    return f"<p>{was}{text(card['message'])}</p>"


def _bars(card: Card) -> str:
    bands, share = card["bands"], card["share"]
    drawn = ""
    if bands:
        drawn += band_bar(
            bands["young"],
            bands["middle"],
            bands["senior"],
            bands.get("unknown") or 0,
            bands.get("young_below"),
            bands.get("middle_to"),
            bands["added"],
        )
    if share:
        drawn += share_bar(
            share["part"],
            share["total"],
            share["percent"],
            share["unknown"],
            card["outcome"],
            share.get("after_part"),
            share.get("after_total"),
        )
    return drawn


def _lines(lines: Iterable[Mapping[str, Any]]) -> str:
    """The titles or people of a card."""
    items = "".join(f"<li><p>{_line(line)}</p></li>" for line in lines)
    return f'<ul class="plain stack-1 mt-1">{items}</ul>' if items else ""


def _line(line: Mapping[str, Any]) -> str:
    titles = f' <span class="quiet">({text("; ".join(line["titles"]))})</span>'
    name = f'<span class="medium">{text(line["name"])}</span>'
    if line["url"]:
        name = f'<a class="medium" href="{text(line["url"])}">{text(line["name"])}</a>'
    return f"{name}{titles if line['titles'] else ''}: {text(line['message'])}"


def _fits(url: str) -> str:
    if not url:
        return ""
    words = text(_("Ai phù hợp?"))
    return (
        f'<p class="go no-print"><a href="{text(url)}" data-drawer="{text(url)}"'
        f' data-title="{words}">{words}</a></p>'
    )


def _since(card: Card) -> str:
    if not card["since"]:
        return ""
    words = _("Ghi nhận từ %(day)s") % {"day": date(card["since"])}
    return f'<p class="small quiet">{text(words)}</p>'


def _waiver(waiver: Mapping[str, Any]) -> str:
    words = _("%(document)s, đến hết %(day)s") % {
        "document": waiver["document"],
        "day": date(waiver["until"]),
    }
    return (
        f'<p class="small"><span class="tag line">{text(_("Được miễn áp dụng"))}</span>'
        f" {text(words)}. {text(waiver['reason'])}</p>"
    )


def _behind(parts: Iterable[Mapping[str, Any]]) -> str:
    """Who was counted."""
    told = "".join(
        f'<p class="small"><span class="quiet">{text(part["label"])}:</span>'
        f" {', '.join(_person(person) for person in part['people'])}</p>"
        for part in parts
    )
    if not told:
        return ""
    summary = f"<summary>{text(_('Ai được tính'))}</summary>"
    return f'<details class="small mt-1">{summary}{told}</details>'


def _person(person: Mapping[str, Any]) -> str:
    name = text(person["name"])
    return f'<a href="{text(person["url"])}">{name}</a>' if person["url"] else name
