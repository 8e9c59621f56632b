"""The people of a plan's page: written by functions, since a page has dozens of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cadre_portal.templatetags.pieces import icon, outcome, text

register = template.Library()

Person = Mapping[str, Any]


@register.simple_tag
def nominee(person: Person) -> SafeString:
    """Somebody in a pool, with what is proposed of them; `person`: see planning.contexts.board."""
    css = f"person nominee is-{person['state']}" if person["state"] else "person nominee"
    return SafeString(
        f'<div class="{css}" id="{text(person["anchor"])}" data-nominee>'
        f"{_name(person)}{_facts(person)}{_notes(person)}{_fine(person)}"
        f"{_proposal(person)}{_reason(person)}{_tools(person)}</div>"
    )


def _name(person: Person) -> str:
    if not person["url"]:
        return f'<span class="nm">{text(person["name"])}</span>'
    return (
        f'<a class="nm" id="{text(person["anchor"])}-ten" href="{text(person["url"])}"'
        f' data-drawer="{text(person["panel_url"])}">{text(person["name"])}</a>'
    )


def _facts(person: Person) -> str:
    """Age, post, time left; in full: sex, ethnic group, degrees."""
    age, post, left = person["age"], text(person["post"]), person["remaining"]
    if age is None:
        age_words = f'<span class="unk">{_("chưa rõ tuổi")}</span>'
    else:
        age_words = _("%(age)s tuổi") % {"age": text(age)}
    title = f' title="{post}"' if post else ""
    wrong = person["remaining_outcome"]
    full = (person[name] for name in ("sex", "group", "degree", "theory"))
    return (
        f'<span class="num age">{age_words}</span><span class="po"{title}>{post}</span>'
        f'<span class="num">{outcome(wrong, left) if wrong else text(left)}</span>'
        f'<span class="full">{" · ".join(text(each) for each in full if each)}</span>'
    )


def _notes(person: Person) -> str:
    notes = "".join(outcome(note["outcome"], note["text"]) for note in person["notes"])
    return f'<span class="note">{notes}</span>' if notes else ""


def _fine(person: Person) -> str:
    """In small print: age when the term starts, the latest grade, other pools of the term."""
    age, grade, others = person["starting_age"], person["grade"], person["others"]
    parts = []
    if age is not None:
        words = _("đầu NK %(age)s") % {"age": text(age)}
        title = _("Tuổi khi nhiệm kỳ bắt đầu")
        parts.append(f'<span class="num" title="{title}">{words}</span>')
    if grade:
        title = f"{text(grade['label'])}, {grade['year']}"
        parts.append(f'<span title="{title}">{text(grade["short"])}</span>')
    if others:
        words = _("%(n)s QH khác") % {"n": text(len(others))}
        parts.append(f'<span title="{text("; ".join(others))}">{words}</span>')
    return f'<span class="full fine">{" · ".join(parts)}</span>'


def _proposal(person: Person) -> str:
    """What is proposed, and the way back."""
    if not person["state"]:
        return ""
    back = ""
    if person["way_url"]:
        back = (
            f'<a id="{text(person["anchor"])}-doi" hx-boost="true" href="{text(person["way_url"])}"'
            f' data-move="out">{text(person["way_label"])}'
            f'<span class="visually-hidden"> {text(person["name"])}</span></a>'
        )
    return f'<span class="un"><span>{text(person["words"])}</span>{back}</span>'


def _reason(person: Person) -> str:
    """Why somebody is taken out: to be chosen, and to be said in words."""
    reason = person["reason"]
    if not reason:
        return ""
    label = _("Lý do đưa %(name)s ra khỏi quy hoạch") % {"name": text(person["name"])}
    field, says = text(reason["id"]), _("Ghi rõ lý do")
    options = "".join(
        f'<option value="{text(value)}"{" selected" if value == reason["value"] else ""}>'
        f"{text(words)}</option>"
        for value, words in reason["choices"]
    )
    errors = "".join(
        f'<span class="err" id="{field}-loi">{text(each)}</span>' for each in reason["errors"]
    )
    invalid = f' aria-invalid="true" aria-describedby="{field}-loi"' if errors else ""
    hidden = "" if reason["is_other"] or reason["note"] else " only-plain"
    return (
        f'<span class="why"><label class="visually-hidden" for="{field}">{label}</label>'
        f'<select class="form-select{" is-invalid" if errors else ""}" id="{field}"'
        f' name="{text(reason["name"])}" form="luu"{invalid} hx-get="{text(reason["url"])}"'
        f' hx-trigger="change" hx-push-url="true">'
        f'<option value="">{_("Chọn lý do…")}</option>{options}</select>'
        f'<input class="form-control{hidden}" id="{field}-ghi-chu"'
        f' name="{text(reason["note_name"])}" form="luu" value="{text(reason["note"])}"'
        f' maxlength="500" aria-label="{says}" placeholder="{says}"'
        f' hx-get="{text(reason["note_url"])}" hx-trigger="change" hx-push-url="true">'
        f"{errors}</span>"
    )


def _tools(person: Person) -> str:
    """To move somebody within the cell, and to take them out."""
    name = {"name": text(person["name"])}
    tools = ""
    if person["up_url"]:
        words = _("Đưa %(name)s lên trước") % name
        tools += _tool(person, "len", "up", person["up_url"], words, _("Lên trước (Alt ↑)"))
    if person["down_url"]:
        words = _("Đưa %(name)s xuống sau") % name
        tools += _tool(person, "xuong", "down", person["down_url"], words, _("Xuống sau (Alt ↓)"))
    if person["way_url"] and not person["state"]:
        words = _("Đưa %(name)s ra khỏi quy hoạch") % name
        tools += _tool(person, "doi", "out", person["way_url"], words, _("Đưa ra (Delete)"))
    return f'<span class="tools no-print">{tools}</span>' if tools else ""


def _tool(person: Person, end: str, move: str, url: str, words: str, title: str) -> str:
    """A small link; `words` are escaped already."""
    return (
        f'<a id="{text(person["anchor"])}-{end}" class="tool" hx-boost="true" href="{text(url)}"'
        f' data-move="{move}" aria-label="{words}" title="{title}">'
        f"{icon('close' if move == 'out' else move)}</a>"
    )
