"""What the search box found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cadres.contexts.links import Links
from cadres.selectors import SearchResult


def search_context(result: SearchResult, as_of: dt.date) -> dict[str, Any]:
    """Context of `cadres/search.html` and of the short list alone."""
    links = Links(as_of)
    return {
        "result": result,
        "people": [
            {
                "name": found.cadre.full_name,
                "note": f"{found.post.title.name}, {found.post.unit.name}" if found.post else "",
                "url": links.to("cadres:cadre-detail", found.cadre.code),
            }
            for found in result.people
        ],
        "units": [
            {
                "name": unit.name,
                "note": unit.code,
                "url": links.to("cadres:unit-detail", unit.code),
            }
            for unit in result.units
        ],
        "more_url": links.to("cadres:cadre-list", q=result.text),
    }
