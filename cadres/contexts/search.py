"""What the search box found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from cadres.contexts.columns import post_words
from cadres.contexts.links import Links
from cadres.selectors import SearchResult
from cadres.selectors.search import FoundPerson


def search_context(result: SearchResult, as_of: dt.date) -> dict[str, Any]:
    """Context of `cadres/search.html` and of the suggestions alone: `groups` with their `items`."""
    links = Links(as_of)
    groups: list[dict[str, Any]] = [
        {"label": _("Người"), "items": [_person(found, links) for found in result.people]},
        {
            "label": _("Đơn vị"),
            "items": [
                {
                    "name": unit.name,
                    "note": unit.code,
                    "url": links.to("cadres:unit-detail", unit.code),
                }
                for unit in result.units
            ],
        },
        *(
            {
                "label": kind.label,
                "items": [
                    {
                        "name": hit.name,
                        "note": hit.note,
                        "url": links.to(hit.url_name, *hit.url_args),
                    }
                    for hit in hits
                ],
            }
            for kind, hits in result.others
        ),
    ]
    return {
        "result": result,
        "groups": [group for group in groups if group["items"]],
        "list_url": links.to("cadres:cadre-list", q=result.text) if result.people else "",
        "all_url": links.to("cadres:search", q=result.text),
    }


def _person(found: FoundPerson, links: Links) -> dict[str, str]:
    post = found.post
    return {
        "name": found.cadre.full_name,
        "note": post_words(post.title.name, post.unit.name) if post else found.cadre.code,
        "url": links.to("cadres:cadre-detail", found.cadre.code),
    }
