"""Pages of the organisation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date, number
from cadres.contexts.links import UNIT_PANELS, Links, panels_of
from cadres.models import Unit
from cadres.policies import Actor
from cadres.selectors import UnitNode, UnitProfile, UnitTree

#: Width of one step of the tree, in pixels.
STEP = 20


def unit_tree_context(tree: UnitTree, *, with_former: bool) -> dict[str, Any]:
    """Context of `cadres/unit_list.html`."""
    links = Links(tree.as_of)
    total = _total(tree)
    return {
        "tree": tree,
        "rows": [unit_row(node, links) for node in tree.rows],
        "tiles": _tiles(len(tree.open_rows), total),
        "views": [
            {
                "label": _("Đang hoạt động"),
                "url": links.to("cadres:unit-list"),
                "here": not with_former,
            },
            {
                "label": _("Cả %(n)s đơn vị đã kết thúc") % {"n": number(tree.former_count)},
                "url": links.to("cadres:unit-list", cu=1),
                "here": with_former,
            },
        ]
        if tree.former_count
        else [],
    }


def unit_row(node: UnitNode, links: Links) -> dict[str, Any]:
    """One row of the tree or of a list of sub-units."""
    return {
        "node": node,
        "unit": node.unit,
        "counts": node.counts,
        "indent": node.indent * STEP,
        "url": links.to("cadres:unit-detail", node.unit.code),
        "successors": [
            {"name": unit.name, "url": links.to("cadres:unit-detail", unit.code)}
            for unit in node.successors
        ],
    }


def _total(tree: UnitTree) -> dict[str, int | None]:
    people = [root.counts.people for root in tree.roots]
    return {
        "prescribed": sum(root.counts.prescribed for root in tree.roots),
        "held": sum(root.counts.held for root in tree.roots),
        # Roots of different trees may share people; then the sum would say too much.
        "people": people[0] if len(people) == 1 else None,
    }


def _tiles(units: int, total: dict[str, int | None]) -> list[dict[str, Any]]:
    prescribed, held = total["prescribed"] or 0, total["held"] or 0
    tiles = [
        {"label": _("Đơn vị"), "figure": number(units)},
        {"label": _("Vị trí quy định"), "figure": number(prescribed)},
        {"label": _("Đang có người giữ"), "figure": number(held)},
        {"label": _("Còn khuyết"), "figure": number(prescribed - held)},
    ]
    if total["people"] is not None:
        tiles.append({"label": _("Cán bộ"), "figure": number(total["people"])})
    return tiles


def unit_detail_context(actor: Actor, profile: UnitProfile) -> dict[str, Any]:
    """Context of `cadres/unit_detail.html`."""
    links, unit = Links(profile.as_of), profile.unit
    return {
        "profile": profile,
        "unit": unit,
        "crumbs": unit_crumbs(profile.ancestors, unit, links),
        "period": _period(unit),
        "tiles": [
            {"label": _("Vị trí quy định"), "figure": number(profile.prescribed)},
            {"label": _("Còn khuyết"), "figure": number(profile.vacant)},
            {
                "label": _("Người đang giữ chức vụ"),
                "figure": number(profile.holders),
                "url": links.to("cadres:cadre-list", don_vi=unit.code),
            },
            {"label": _("Đơn vị trực thuộc"), "figure": number(_open(profile.children))},
        ],
        "posts": [
            {
                "post": post,
                "holders": [
                    {
                        "holder": holder,
                        "url": links.to("cadres:cadre-detail", holder.cadre.code)
                        if holder.is_open
                        else "",
                    }
                    for holder in post.holders
                ],
            }
            for post in profile.posts
        ],
        "children": [unit_row(node, links) for node in profile.children],
        "successors": _linked(profile.successors, links),
        "predecessors": _linked(profile.predecessors, links),
        "panels": panels_of(UNIT_PANELS, unit.code, links),
        "history_url": links.to("cadres:unit-history", unit.code),
        "people_url": links.to("cadres:cadre-list", don_vi=unit.code),
    }


def unit_crumbs(ancestors: list[Unit], unit: Unit, links: Links) -> list[dict[str, str]]:
    """The way from the page of the organisation down to the unit."""
    way = [{"label": _("Tổ chức"), "url": links.to("cadres:unit-list")}]
    way += _linked(ancestors, links)
    return [*way, {"label": unit.name, "url": ""}]


def _linked(units: list[Unit], links: Links) -> list[dict[str, str]]:
    return [
        {"label": unit.name, "url": links.to("cadres:unit-detail", unit.code)} for unit in units
    ]


def _open(nodes: list[UnitNode]) -> int:
    return sum(1 for node in nodes if not node.is_closed)


def _period(unit: Unit) -> str:
    if unit.valid_from and unit.valid_to:
        words = _("có từ %(start)s đến hết %(end)s")
    elif unit.valid_from:
        words = _("có từ %(start)s")
    elif unit.valid_to:
        words = _("kết thúc sau ngày %(end)s")
    else:
        return ""
    return words % {"start": date(unit.valid_from), "end": date(unit.valid_to)}
