"""Small pieces of HTML that stand many times on a page: signs, icons, citations, cells of tables.

Written by functions, because a template for each of hundreds of cells costs several times as much.
What comes from outside goes through `text`, which escapes as a template does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cadre_portal.templatetags import formats
from cadre_portal.templatetags.icons import ICONS, SIGNS

OUTCOME_CSS = {"met": "met", "not_met": "not", "cannot_tell": "unk", "not_applicable": "na"}
OUTCOME_WORDS = {
    "met": _("Đạt"),
    "not_met": _("Chưa đạt"),
    "cannot_tell": _("Chưa rõ"),
    "not_applicable": _("Không áp dụng"),
}
_SURE = {
    "read": (_("đã đối chiếu"), False),
    "second-hand": (_("nguồn gián tiếp"), True),
    "recalled": (_("chưa đối chiếu văn bản gốc"), True),
}


def text(value: Any) -> str:
    """A value as a template writes it: localised and escaped; None is nothing."""
    if type(value) is str:
        return escape(value)
    return "" if value is None else conditional_escape(localize(value))


def outcome_css(outcome: Any) -> str:
    """The CSS class of an outcome: met, not, unk or na."""
    return OUTCOME_CSS.get(str(outcome), str(outcome) if str(outcome) in SIGNS else "na")


def outcome_word(outcome: Any) -> Any:
    """Đạt, Chưa đạt, Chưa rõ, Không áp dụng."""
    return OUTCOME_WORDS.get(str(outcome), "")


@cache
def _shapes(name: str) -> SafeString:
    return SafeString(
        f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{ICONS[name]}</svg>'
    )


def icon(name: str, label: Any = "") -> SafeString:
    """A line drawing: decoration; with a label it speaks for itself."""
    if not label:
        return _shapes(name)
    return SafeString(
        f'<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{text(label)}">'
        f"{ICONS[name]}</svg>"
    )


_SIGNS = {
    css: f'<svg class="sign {css}" viewBox="0 0 10 10" aria-hidden="true">{shape}</svg>'
    for css, shape in SIGNS.items()
}


def sign(outcome: Any, *, word: bool = True) -> SafeString:
    """● ▲ ◆ –, with the word for those who do not see it, unless it stands beside."""
    if not word:
        return SafeString(_SIGNS[outcome_css(outcome)])
    return _told_sign(str(outcome), get_language())


@lru_cache(maxsize=64)
def _told_sign(outcome: str, _language: str | None) -> SafeString:
    word = text(outcome_word(outcome))
    return SafeString(f'{_SIGNS[outcome_css(outcome)]}<span class="visually-hidden">{word}</span>')


def outcome(value: Any, words: Any = "", *, is_tag: bool = False) -> SafeString:
    """Sign, word and colour of an outcome; `is_tag`: tinted."""
    css = outcome_css(value)
    return SafeString(
        f'<span class="{"tag" if is_tag else "oc"} {css}">{_SIGNS[css]}'
        f"{text(words or outcome_word(value))}</span>"
    )


def outcome_change(before: str, after: str) -> SafeString:
    """chưa đạt → đạt."""
    if before == after:
        return SafeString(f'<span class="quiet">{text(gettext("không đổi"))}</span>')
    was, now = (text(str(outcome_word(each)).lower()) for each in (before, after))
    return SafeString(
        f'<span class="change {outcome_css(after)}"><span>{was}</span>'
        '<span aria-hidden="true">→</span>'
        f'<span class="visually-hidden">{text(gettext("thành"))}</span><span>{now}</span></span>'
    )


def confidence(level: Any) -> SafeString:
    """✓ đã đối chiếu, ◆ nguồn gián tiếp, ◆ chưa đối chiếu văn bản gốc."""
    word, is_low = _SURE.get(str(level).replace("_", "-"), (level, True))
    if is_low:
        return SafeString(f'<span class="sure low">{_SIGNS["unk"]}{text(word)}</span>')
    return SafeString(f'<span class="sure">{_shapes("check")}{text(word)}</span>')


def citation(citations: Iterable[Any] | Mapping[str, Any] | None) -> SafeString:
    """Where it is written, and how sure we are: items of source, at, confidence, optional url."""
    if isinstance(citations, Mapping) or hasattr(citations, "source"):
        citations = [citations]
    items = [_cited(item) for item in citations or ()]
    if not items:
        return SafeString(f'<p class="cite">{_SIGNS["na"]} {text(gettext("chưa có căn cứ"))}</p>')
    return SafeString(f'<ul class="cite">{"".join(items)}</ul>')


def _cited(item: Any) -> str:
    source, at, url, sure = (
        item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
        for name in ("source", "at", "url", "confidence")
    )
    named = f'<a href="{text(url)}">{text(source)}</a>' if url else text(source)
    place = f", {text(at)}" if at else ""
    return f"<li><span>{named}{place}</span>{confidence(sure) if sure else ''}</li>"


def list_cell(
    label: Any,
    css: str,
    words: str,
    *,
    title: Any = "",
    outcome: str = "",
    is_partial: bool = False,
) -> str:
    """A cell of the list of people; `is_partial`: rests on a date that is not wholly known."""
    attributes = f' class="{css}"' if css else ""
    attributes += f' title="{text(title)}"' if title else ""
    mark = f"{sign(outcome)} " if outcome else ""
    star = '<span class="quiet">*</span>' if is_partial else ""
    return f'<td data-label="{text(label)}"{attributes}>{mark}{text(words)}{star}</td>'


def table_cell(column: Mapping[str, Any], cell: Any, row_url: str = "") -> str:
    """A cell of a plain list; the cell of the column `name` is the row's heading.

    `cell`: text, or text, under, url, outcome, sign, title by name.
    """
    if not isinstance(cell, Mapping):
        cell = {"text": cell}
    said, label = text(cell.get("text")), text(column["label"])
    under = cell.get("under")
    below = f'<span class="under">{text(under)}</span>' if under else ""
    mark = f"{sign(cell['sign'])} " if cell.get("sign") else ""
    if column.get("name"):
        url = cell.get("url") or row_url
        said = f'<a href="{text(url)}">{said}</a>' if url else said
        return f'<th scope="row" class="name" data-label="{label}">{mark}{said}{below}</th>'
    if cell.get("outcome"):
        said = outcome(cell["outcome"], cell.get("text"))
    elif cell.get("url"):
        said = f'<a href="{text(cell["url"])}">{said}</a>'
    else:
        said = f"<span>{mark}{said}</span>"
    css = [name for name in ("num", "quiet") if column.get(name)] + (["two"] if under else [])
    title = f' title="{text(cell["title"])}"' if cell.get("title") else ""
    return f'<td data-label="{label}" class="{" ".join(css)}"{title}>{said}{below}</td>'


# ---- The map of criteria × levels and units --------------------------------------------------


def heat_level_cell(cell: Mapping[str, Any]) -> str:
    """How many plans of a level are not right under a criterion, and how all of them divide."""
    css = f"c l{cell['level']}"
    if not cell["total"]:
        title = text(gettext("chưa có căn cứ"))
        return (
            f'<td class="{css}"><span class="na" title="{title}">'
            f'<span class="top-line">{sign("not_applicable")}</span></span></td>'
        )
    title = gettext("%(bad)s chưa đạt, %(unk)s chưa rõ, %(met)s đạt") % {
        "bad": cell["not_met"],
        "unk": cell["cannot_tell"],
        "met": cell["met"],
    }
    bars = "".join(
        f'<rect class="{part.css}" x="{part.x}" width="{part.width}" height="4" />'
        for part in cell["segments"]
    )
    number = _heat_number(cell, '<span class="unk">{}</span>')
    return _linked(
        css,
        cell["url"],
        f' title="{text(title)}"',
        f'<span class="top-line">{number}</span>'
        '<svg class="mini" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f"{bars}</svg>",
    )


def heat_turned_cell(cell: Mapping[str, Any]) -> str:
    """The same on a phone, where levels stand beside each other."""
    number = _heat_number(cell, "{}") if cell["total"] else sign("not_applicable")
    return _linked(f"c l{cell['level']}", cell["url"], "", number)


def _heat_number(cell: Mapping[str, Any], unclear: str) -> str:
    if cell["not_met"]:
        return f"{sign('not_met')}{formats.number(cell['not_met'])}"
    if cell["cannot_tell"]:
        return sign("cannot_tell") + unclear.format(formats.number(cell["cannot_tell"]))
    return f'{sign("met")}<span class="clear">0</span>'


def heat_row(row: Mapping[str, Any]) -> str:
    """A unit's plan under each criterion, and what to do about it first."""
    label, url = text(row["label"]), row.get("url")
    if url:
        label = f'<a href="{text(url)}">{label}</a>'
    cells = "".join(_heat_cell(cell) for cell in row["cells"])
    step, next_url = text(row.get("next")), row.get("next_url")
    if next_url:
        step = f'<a class="w" href="{text(next_url)}">{step}{icon("right")}</a>'
    elif not step and row.get("outcome"):
        step = outcome(row["outcome"], row.get("outcome_text", ""))
    return f'<tr class="u"><th scope="row">{label}</th>{cells}<td class="next">{step}</td></tr>'


def _heat_cell(cell: Mapping[str, Any]) -> str:
    title = cell.get("title")
    return _linked(
        f"c {outcome_css(cell['outcome'])}",
        cell.get("url", ""),
        f' title="{text(title)}"' if title else "",
        f"{sign(cell['outcome'])}<span>{text(cell.get('text'))}</span>",
    )


def _linked(css: str, url: str, attributes: str, content: str) -> str:
    """A cell that is a link as a whole, where there is something behind it."""
    if url:
        return f'<td class="{css}"><a href="{text(url)}"{attributes}>{content}</a></td>'
    return f'<td class="{css}"><span{attributes}>{content}</span></td>'
