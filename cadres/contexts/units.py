"""Pages of the organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags.formats import date, number
from cadres.contexts.links import UNIT_PANELS, Links, panels_of
from cadres.models import Reorganisation, Unit, UnitPeriod
from cadres.policies import Actor
from cadres.selectors import UnitFilter, UnitMatches, UnitNode, UnitProfile, UnitTree
from cadres.selectors.reorganisations import may_read
from cadres.selectors.units import Post, Tenure
from cadres.unit_states import PlanState

#: Width of one step of the tree, in pixels.
STEP = 20


def unit_tree_context(actor: Actor, tree: UnitTree, *, with_former: bool) -> dict[str, Any]:
    """Context of `cadres/unit_list.html` for the tree."""
    links = Links(tree.as_of)
    total = _total(tree)
    return {
        **_list_head(actor, tree.as_of, with_former, tree.former_count, {}),
        "tree": tree,
        "is_tree": True,
        "rows": [unit_row(node, links, with_former=with_former) for node in tree.rows],
        "tiles": _tiles(len(tree.open_rows), total),
    }


def unit_list_context(
    actor: Actor, matches: UnitMatches, wanted: UnitFilter, *, with_former: bool
) -> dict[str, Any]:
    """Context of `cadres/unit_list.html` for units that are looked for."""
    links = Links(matches.as_of)
    query = {"tim": wanted.text, "cap": wanted.level}
    left = matches.total - len(matches.rows)
    return {
        **_list_head(actor, matches.as_of, with_former, None, query),
        "is_tree": False,
        "rows": [unit_row(node, links) for node in matches.rows],
        "found": number(matches.total),
        "left": number(left) if left > 0 else "",
        "clear_url": links.to("cadres:unit-list", cu=1 if with_former else ""),
    }


def _list_head(
    actor: Actor, as_of: dt.date, with_former: bool, former: int | None, query: dict[str, str]
) -> dict[str, Any]:
    links = Links(as_of)
    closed = _("Cả đơn vị đã kết thúc")
    if former:
        closed = _("Cả %(n)s đơn vị đã kết thúc") % {"n": number(former)}
    views = [
        {
            "label": _("Đang hoạt động"),
            "url": links.to("cadres:unit-list", **query),
            "here": not with_former,
        },
        {
            "label": closed,
            "url": links.to("cadres:unit-list", **query, cu=1),
            "here": with_former,
        },
    ]
    return {
        "as_of": as_of,
        "with_former": with_former,
        "views": views if former != 0 else [],
        "is_today": as_of == clock.today(),
        "acts_url": reverse("cadres:reorganisation-list") if may_read(actor) else "",
    }


def unit_row(
    node: UnitNode, links: Links, *, with_former: bool = False, base: int = 0
) -> dict[str, Any]:
    """One row of the tree or of a list of sub-units."""
    depth = base + node.indent
    return {
        "node": node,
        "unit": node.unit,
        "counts": node.counts,
        "depth": depth,
        "indent": depth * STEP,
        "has_below": bool(node.children) or node.is_cut,
        "is_open": bool(node.children),
        "below_url": links.to(
            "cadres:unit-children", node.unit.code, cu=1 if with_former else "", bac=depth or ""
        ),
        "plans": plan_words(node.state),
        "url": links.to("cadres:unit-detail", node.unit.code),
        "successors": [
            {"name": unit.name, "url": links.to("cadres:unit-detail", unit.code)}
            for unit in node.successors
        ],
    }


def plan_words(state: PlanState | None) -> dict[str, str] | None:
    """How the plans of a unit and below stand: an outcome with its words; None: nothing to say."""
    if state is None or not state.total:
        return None
    words = {"n": number(state.total)}
    if state.not_met:
        words["k"] = number(state.not_met)
        text = _("%(k)s/%(n)s chưa đạt")
    elif state.cannot_tell:
        words["k"] = number(state.cannot_tell)
        text = _("%(k)s/%(n)s chưa rõ")
    elif state.met:
        words["k"] = number(state.met)
        text = _("%(k)s/%(n)s đạt")
    else:
        text = _("%(n)s kế hoạch")
    full = _("%(met)s đạt mọi tiêu chí, %(bad)s có tiêu chí chưa đạt, %(unk)s chưa rõ") % {
        "met": number(state.met),
        "bad": number(state.not_met),
        "unk": number(state.cannot_tell),
    }
    return {"outcome": state.outcome, "text": text % words, "full": full}


def unit_children_context(
    unit: Unit, below: list[UnitNode], as_of: dt.date, *, indent: int, with_former: bool
) -> dict[str, Any]:
    """Context of `cadres/_unit_branch.html` and `cadres/unit_children.html`."""
    links = Links(as_of)
    return {
        "unit": unit,
        "as_of": as_of,
        "depth": indent,
        "rows": [unit_row(node, links, with_former=with_former, base=indent) for node in below],
        "crumbs": [
            {"label": _("Tổ chức"), "url": links.to("cadres:unit-list")},
            {"label": unit.name, "url": links.to("cadres:unit-detail", unit.code)},
            {"label": _("Đơn vị trực thuộc"), "url": ""},
        ],
    }


def unit_posts_context(
    unit: Unit, tenures: list[Tenure], total: int, as_of: dt.date
) -> dict[str, Any]:
    """Context of `cadres/_unit_posts.html`: for each title who held it, drawn and as a table."""
    links = Links(as_of)
    groups: dict[int, dict[str, Any]] = {}
    for held in tenures:
        group = groups.setdefault(held.title.pk, {"title": held.title.name, "rows": []})
        group["rows"].append(
            {
                "name": held.cadre.full_name,
                "url": links.to("cadres:cadre-detail", held.cadre.code) if held.is_open else "",
                "start": held.start,
                "end": held.end,
                "is_now": held.start <= as_of and (held.end is None or held.end > as_of),
                "decision_no": held.decision_no,
                "bar": None,
            }
        )
    _draw(groups.values(), as_of)
    return {
        "unit": unit,
        "groups": list(groups.values()),
        "left": number(total - len(tenures)) if total > len(tenures) else "",
        "axis": _axis(groups.values(), as_of),
        "crumbs": [
            {"label": _("Tổ chức"), "url": links.to("cadres:unit-list")},
            {"label": unit.name, "url": links.to("cadres:unit-detail", unit.code)},
            {"label": _("Ai đã giữ chức vụ"), "url": ""},
        ],
    }


def _span(groups: Iterable[dict[str, Any]], as_of: dt.date) -> tuple[int, int]:
    """First and last year of what is drawn."""
    rows = [row for group in groups for row in group["rows"]]
    first = min([row["start"].year for row in rows], default=as_of.year)
    last = max([(row["end"] or as_of).year for row in rows], default=as_of.year)
    return min(first, as_of.year), max(last, as_of.year) + 1


def _draw(groups: Iterable[dict[str, Any]], as_of: dt.date) -> None:
    """Where each tenure begins and how long it is, in thousandths of the axis."""
    groups = list(groups)
    first, last = _span(groups, as_of)
    zero = dt.date(first, 1, 1).toordinal()
    whole = dt.date(last, 1, 1).toordinal() - zero
    for group in groups:
        for row in group["rows"]:
            start = row["start"].toordinal() - zero
            end = (row["end"] or max(as_of, row["start"])).toordinal() - zero
            row["bar"] = {
                "x": round(start * 1000 / whole, 1),
                "width": max(round((end - start) * 1000 / whole, 1), 4),
            }


def _axis(groups: Iterable[dict[str, Any]], as_of: dt.date) -> dict[str, Any]:
    groups = list(groups)
    first, last = _span(groups, as_of)
    whole = dt.date(last, 1, 1).toordinal() - dt.date(first, 1, 1).toordinal()
    here = as_of.toordinal() - dt.date(first, 1, 1).toordinal()
    return {"first": str(first), "last": str(last - 1), "here": round(here * 1000 / whole, 1)}


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
        "name_today": profile.name_today if profile.name_today != unit.name else "",
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
        "head": _head(profile, links),
        "posts": [
            {
                "post": post,
                "holders": _holders(post, links),
                "is_head": post.title.is_head,
                "changes": [_number_then(each) for each in post.changes],
            }
            for post in profile.posts
        ],
        "children": [unit_row(node, links) for node in profile.children],
        "successors": _linked(profile.successors, links),
        "predecessors": _linked(profile.predecessors, links),
        "periods": [_period_row(period, links) for period in profile.periods],
        "acts": [_act_row(actor, act) for act in profile.acts],
        "panels": panels_of(UNIT_PANELS, unit.code, links),
        "tenure_panel": {
            "title": _("Ai đã giữ chức vụ, từ khi nào"),
            "url": links.to("cadres:unit-posts", unit.code),
        },
        "history_url": links.to("cadres:unit-history", unit.code),
        "people_url": links.to("cadres:cadre-list", don_vi=unit.code),
    }


def _number_then(change: Mapping[str, Any]) -> str:
    """How many posts there were, or will be, on other days."""
    count, start, end = change["number"], date(change["start"]), date(change["end"])
    words = {"n": number(count), "start": start, "end": end}
    if not end:
        return (_("từ %(start)s: %(n)s") if count else _("từ %(start)s: bỏ")) % words
    if start:
        text = _("%(start)s – %(end)s: %(n)s") if count else _("%(start)s – %(end)s: không có")
        return text % words
    return (_("đến hết %(end)s: %(n)s") if count else _("sau %(end)s mới có")) % words


def _holders(post: Post, links: Links) -> list[dict[str, Any]]:
    return [
        {
            "holder": holder,
            "url": links.to("cadres:cadre-detail", holder.cadre.code) if holder.is_open else "",
        }
        for holder in post.holders
    ]


def _head(profile: UnitProfile, links: Links) -> dict[str, Any] | None:
    """Who leads the unit on the day, or that nobody does."""
    post = profile.head
    if post is None or profile.is_closed:
        return None
    return {"title": post.title.name, "holders": _holders(post, links)}


def _period_row(period: UnitPeriod, links: Links) -> dict[str, Any]:
    if period.valid_to is None:
        when = _("từ %(start)s") % {"start": date(period.valid_from)}
    elif period.valid_from is None:
        when = _("đến hết %(end)s") % {"end": date(period.valid_to)}
    else:
        when = _("%(start)s – %(end)s") % {
            "start": date(period.valid_from),
            "end": date(period.valid_to),
        }
    day = period.valid_to or period.valid_from or links.as_of
    return {
        "when": when,
        "name": period.name,
        "level": period.get_level_display(),
        "parent": period.parent.name if period.parent else "",
        "url": Links(day).to("cadres:unit-detail", period.unit.code),
    }


def _act_row(actor: Actor, act: Reorganisation) -> dict[str, str]:
    url = reverse("cadres:reorganisation-detail", args=[act.pk]) if may_read(actor) else ""
    return {
        "name": act.name,
        "when": date(act.effective_on),
        "decision_no": act.decision_no,
        "url": url,
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
