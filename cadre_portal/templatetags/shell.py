"""The pages of the side column, three times on every page: by functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from cadre_portal.templatetags.pieces import icon, text

register = template.Library()

Item = Mapping[str, Any]


@register.simple_tag
def side_links(items: Iterable[Item]) -> SafeString:
    """Links of the side column, a line between groups."""
    return SafeString("".join(_side_link(item) for item in items))


def _side_link(item: Item) -> str:
    label = text(item["label"])
    here = ' class="here" aria-current="page"' if item["here"] else ""
    return (
        f"{'<hr>' if item['divider'] else ''}"
        f'<a href="{text(item["url"])}" title="{label}" data-key="{text(item["key"])}"{here}>'
        f'{icon(item["icon"])}<span class="word">{label}</span></a>'
    )


@register.simple_tag
def phone_links(items: Iterable[Item], look: str = "") -> SafeString:
    """The same on a phone; `look`: the class of the page that is open."""
    here = f' class="{look}" aria-current="page"' if look else ' aria-current="page"'
    return SafeString(
        "".join(
            f'<a href="{text(item["url"])}"{here if item["here"] else ""}>'
            f"{icon(item['icon'])}{text(item['label'])}</a>"
            for item in items
        )
    )


@register.simple_tag
def page_keys(items: Iterable[Item]) -> SafeString:
    """The keys that lead to the pages."""
    return SafeString(
        "".join(
            f'<dt><span class="kbd">g</span> <span class="kbd">{text(item["key"])}</span></dt>'
            f"<dd>{text(item['label'])}</dd>"
            for item in items
        )
    )
