"""Pages of lists: the grid with what to decide, the preview, the result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import date, date_time, number
from cadres.list_imports.handlers import Line
from cadres.lists import Field
from cadres.models import ListImport, ListImportRow
from cadres.policies import Actor
from cadres.selectors.list_imports import (
    codes_of,
    effect_rows,
    list_problem_rows,
    list_rows,
    preview_lines,
    skipped_rows,
    title_choices,
)
from cadres.services.list_imports.reading import PERSON, SYNONYM, question
from cadres.services.list_imports.undoing import Obstacle, find_obstacles

Status, Kind, Effect = ListImport.Status, ListImportRow.Kind, ListImportRow.Effect

ROWS_PER_PAGE = 60
PEOPLE_PER_PAGE = 30
#: So many cards stand beside the grid; the rest follow as these are done.
_CARDS = 12
#: Rows looked at for cards: many may have the same question.
_LOOKED_AT = 300
_WORKING = (Status.QUEUED, Status.READING, Status.APPLYING, Status.UNDOING)
_LETTERS = re.compile(r"[A-Z]{1,3}")
_PERSON = re.compile(r"(new|skip|held|(cadre|same):\d{1,18})?")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
#: Parameters that say where on the list one is.
_PLACE = ("loc", "trang")
_DATES = {Field.BIRTH_DATE, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.PARTY_JOINED_ON}
_NAMED = (Field.TITLE, Field.PLANNED_TITLE, Field.UNIT)


# ---- Where a list stands -------------------------------------------------------------------------


def detail(actor: Actor, found: ListImport, query: QueryDict, *, is_held: bool) -> dict[str, Any]:
    """Context of one of the pages in cadres/list_import/, and its name as `page`."""
    context = _common(found)
    if found.status in _WORKING:
        return context | {
            "page": "working",
            "job": progress(found, is_held=is_held),
            "is_interrupted": _is_interrupted(found, is_held=is_held),
            "refresh_seconds": 3,
        }
    if found.status == Status.UNREADABLE:
        return context | {"page": "unreadable"}
    if found.status == Status.PREVIEW:
        return context | _preview(found, query)
    if found.status in {Status.APPLIED, Status.UNDONE}:
        return context | _result(actor, found, query)
    return context | _grid(found, query)


def _common(found: ListImport) -> dict[str, Any]:
    caption = next((line for line in found.counts.get("caption", []) if len(line) <= 60), "")
    return {
        "list": found,
        "counts": found.counts,
        "title": f"{caption or found.file_name}, {found.unit}",
        "crumbs": [
            {"label": _("Nhập dữ liệu"), "url": reverse("cadres:import-list")},
            {"label": _("Danh sách của đơn vị")},
        ],
        "steps": steps(found),
        "url": reverse("cadres:list-import-detail", args=[found.pk]),
    }


def steps(found: ListImport) -> list[dict[str, Any]]:
    """The way from the file to the files of people."""
    at = {
        Status.QUEUED: 1, Status.READING: 1, Status.UNREADABLE: 0, Status.PREVIEW: 3,
        Status.APPLYING: 4, Status.APPLIED: 5, Status.UNDOING: 4, Status.UNDONE: 5,
    }.get(Status(found.status), 2 if found.counts.get("people") else 1)  # fmt: skip
    labels = (
        _("Chọn tệp"), _("Ghép cột"), _("Sửa chỗ chưa rõ"), _("Xem thay đổi"), _("Ghi vào hồ sơ"),
    )  # fmt: skip
    return [
        {
            "label": label,
            "state": "done" if place < at else "current" if place == at else "todo",
            "url": reverse("cadres:import-list") if place == 0 else None,
        }
        for place, label in enumerate(labels)
    ]


def _is_interrupted(found: ListImport, *, is_held: bool) -> bool:
    """Whether the worker that took the list is gone; one that waits has no stage yet."""
    return found.status != Status.QUEUED and bool(found.stage) and not is_held


def progress(found: ListImport, *, is_held: bool) -> dict[str, Any]:
    """The `job` of components/progress.html."""
    state, label = "running", found.stage or found.get_status_display()
    if found.status not in _WORKING:
        state, label = "finished", _("Đã xong")
    elif _is_interrupted(found, is_held=is_held):
        state, label = "failed", _("Bị gián đoạn; chưa ghi gì")
    elif not is_held:
        state, label = "waiting", _("Đang chờ đến lượt")
    return {
        "id": "tien-do",
        "label": label,
        "done": found.done,
        "total": found.total,
        "noun": _("bước"),
        "state": state,
        "url": reverse("cadres:list-import-progress", args=[found.pk]),
    }


# ---- The grid ------------------------------------------------------------------------------------


def _grid(found: ListImport, query: QueryDict) -> dict[str, Any]:
    which = query.get("loc", "")
    page = Paginator(list_rows(found, which), ROWS_PER_PAGE).get_page(query.get("trang"))
    where = urlencode({key: str(query[key]) for key in _PLACE if query.get(key)})
    at = _CELL.fullmatch(query.get("o", ""))
    open_cell = at[0] if at else ""
    looked_at = list(list_problem_rows(found, _LOOKED_AT))
    decisions = _cards(found, looked_at, "error")
    reviews = _cards(found, looked_at, "review")
    if decisions:
        decisions[0]["is_first"] = True
    left = found.counts.get("decisions", 0)
    return {
        "page": "grid",
        "grid": {
            "letters": [column["letter"] for column in found.columns],
            "heads": [column["heading"] for column in found.columns],
            "maps": [_map(column) for column in found.columns],
            "rows": [_row(found, row, open_cell, where) for row in page],
        },
        "rows_page": page,
        "tabs": _tabs(found, which),
        "where": where,
        "decisions": decisions[:_CARDS],
        "reviews": reviews[:_CARDS],
        "decisions_left": left,
        "reviews_left": found.counts.get("reviewables", 0),
        "skipped": skipped_rows(found, _CARDS),
        "say": _say(found, left),
        "say_more": _say_more(found),
        "remembered": any(column.get("remembered") for column in found.columns),
        "is_ready": not left and bool(found.counts.get("people")),
    }


def _say(found: ListImport, left: int) -> str:
    people = found.counts.get("people", 0)
    if found.counts.get("fault"):
        return str(found.counts["fault"])
    if not people:
        return _("Chưa đọc được người nào; hãy chỉ dòng tiêu đề và cột họ tên.")
    if not left:
        return _("Đọc được %(n)s người; không còn chỗ nào phải quyết định.") % {"n": number(people)}
    return _("Đọc được %(n)s người; còn %(left)s chỗ cần đồng chí quyết định.") % {
        "n": number(people),
        "left": number(left),
    }


def _say_more(found: ListImport) -> str:
    ready = found.counts.get("ready", 0)
    skipped = found.counts.get("skipped", 0)
    parts = [_("%(n)s người đã sẵn sàng") % {"n": number(ready)}]
    if skipped:
        parts.append(_("%(n)s dòng bỏ qua") % {"n": number(skipped)})
    rest = _("Chưa có gì được ghi vào hồ sơ; khi ghi thì ghi cả danh sách hoặc không ghi gì.")
    return f"{', '.join(parts)}. {rest}"


def _tabs(found: ListImport, which: str) -> list[dict[str, Any]]:
    """Filters over the rows; none where the list is short and all is seen at once."""
    if found.counts.get("rows", 0) <= ROWS_PER_PAGE:
        return []
    entries = (
        ("", _("Cả danh sách"), found.counts.get("rows", 0)),
        ("loi", _("Cần quyết định"), found.counts.get("errors", 0)),
        ("xem", _("Nên xem lại"), found.counts.get("reviews", 0)),
    )
    return [
        {"label": label, "url": f"?loc={key}" if key else "?", "here": which == key, "count": n}
        for key, label, n in entries
    ]


def _map(column: Mapping[str, Any]) -> dict[str, Any]:
    first = [name for name in column.get("alternatives", []) if name != column["field"]]
    offered = [*first, *(str(name) for name in Field if str(name) not in first)]
    return {
        "column": column["letter"],
        "name": f"cot-{column['letter']}",
        "options": [("", _("Bỏ")), *((name, Field(name).label) for name in offered)],
        "value": column["field"] or "",
        "remembered": column.get("remembered"),
        "withheld": column.get("withheld"),
        "is_narrow": column["field"] == Field.NUMBER,
    }


def _row(found: ListImport, row: ListImportRow, open_cell: str, where: str) -> dict[str, Any]:
    if row.kind != Kind.PERSON or row.match in ListImportRow.Match.left_out():
        is_person = row.kind == Kind.PERSON
        texts = [text for text in row.cells if text]
        note = _("(bỏ qua)") if is_person else ""
        if row.match == ListImportRow.Match.HELD:
            note = _("(chờ cấp tỉnh xác định)")
        if row.kind == Kind.OTHER:
            note = _("(bỏ qua)")
        return {
            "number": row.row,
            "kind": "group" if row.kind == Kind.GROUP else "skip",
            "text": " · ".join(texts),
            "note": note,
        }
    states: dict[str, str] = {}
    for problem in row.problems:
        state = "bad" if problem["level"] == "error" else "warn"
        for letter in problem["columns"] or _name_columns(found):
            if states.get(letter) != "bad":
                states[letter] = state
    cells = []
    for column, text in zip(found.columns, row.cells, strict=False):
        ref = f"{column['letter']}{row.row}"
        cells.append(
            {
                "text": text,
                "ref": ref,
                "letter": column["letter"],
                "state": states.get(column["letter"], ""),
                "num": column["field"] in _DATES,
                "is_open": ref == open_cell,
                "edit_url": None
                if column.get("withheld")
                else f"?{where}{'&' if where else ''}o={ref}#{ref}",
            }
        )
    return {"number": row.row, "kind": "", "cells": cells}


def _name_columns(found: ListImport) -> list[str]:
    names = {Field.FULL_NAME, Field.GIVEN_NAME}
    return [c["letter"] for c in found.columns if c["field"] in names][:1]


def _cards(found: ListImport, rows: Iterable[ListImportRow], level: str) -> list[dict[str, Any]]:
    """What is to decide, each question once however many cells ask it."""
    cards: dict[Any, dict[str, Any]] = {}
    for row in rows:
        for place, problem in enumerate(row.problems):
            if problem["level"] != level:
                continue
            key = question(row.row, place, problem)
            if level == "error" and not problem["choices"]:
                key = (row.row, place)  # each has to be corrected in its own cell
            if key in cards:
                cards[key]["alike"] += 1
                continue
            cards[key] = _card(found, row, problem)
            if len(cards) > _CARDS:
                return list(cards.values())
    return list(cards.values())


def _card(found: ListImport, row: ListImportRow, problem: Mapping[str, Any]) -> dict[str, Any]:
    letters = problem["columns"] or _name_columns(found)
    more = problem.get("more", "")
    card = {
        "row": row.row,
        "title": problem["message"],
        "text": problem["hint"],
        "who": row.full_name,
        "refs": [f"{letter}{row.row}" for letter in letters],
        "answers": [
            {
                "label": choice["label"],
                "value": "|".join((choice["key"], choice["value"], choice.get("text", ""))),
            }
            for choice in problem["choices"]
        ],
        "alike": 0,
        "is_bad": problem["level"] == "error",
        "edit": f"{letters[0]}{row.row}" if letters else "",
    }
    if more and card["is_bad"]:
        card["answers"].append({"label": _("Bỏ qua dòng này"), "value": f"{PERSON}|skip|"})
    if more in (Field.TITLE, Field.PLANNED_TITLE):
        text = next((c["text"] for c in problem["choices"] if c.get("text")), "")
        card["titles"] = {
            "field": f"{SYNONYM}{more}",
            "text": text,
            "options": _titles(found, only_positions=more == Field.PLANNED_TITLE),
        }
    return card


def _titles(found: ListImport, *, only_positions: bool) -> list[tuple[str, str]]:
    """Titles to choose from, read once a page."""
    kept = found.__dict__.setdefault("_title_options", {})
    if only_positions not in kept:
        titles = title_choices(found.unit, only_positions=only_positions)
        kept[only_positions] = [(title.code, title.name) for title in titles]
    return kept[only_positions]


# ---- What a form said ----------------------------------------------------------------------------


def decision(given: QueryDict) -> dict[str, Any] | None:
    """Row, key, value and text of a decision; None for what no form of ours says."""
    said = {name: str(value) for name, value in given.items()}
    row = said.get("row", "")
    if not row.isdigit() or len(row) > 7:
        return None
    if "o" in said:
        key, value, text = said["o"], " ".join(said.get("value", "").split()), ""
    elif "title" in said:
        key, value, text = said.get("field", ""), said["title"], said.get("text", "")
    else:
        key, _bar, rest = said.get("chon", "").partition("|")
        value, _bar, text = rest.partition("|")
    is_known = (
        _LETTERS.fullmatch(key)
        or (key == PERSON and _PERSON.fullmatch(value))
        or (key.removeprefix(SYNONYM) in {str(name) for name in _NAMED} and text)
    )
    if not is_known:
        return None
    return {"row": int(row), "key": key, "value": value, "text": text}


def place(given: QueryDict) -> str:
    """The query of the place on the list that a form came from."""
    found = QueryDict(str(given.get("ve", "")))
    kept = {key: str(found[key]) for key in _PLACE if found.get(key)}
    return f"?{urlencode(kept)}" if kept else ""


def options(found: ListImport, form: Any) -> dict[str, Any]:
    """Context of cadres/list_import/options.html."""
    return _common(found) | {"form": form}


# ---- Preview -------------------------------------------------------------------------------------

_EFFECTS = {
    "moi": (Effect.CREATED, gettext_lazy("Thêm hồ sơ")),
    "doi": (Effect.CHANGED, gettext_lazy("Thay đổi")),
    "nhu-cu": (Effect.UNCHANGED, gettext_lazy("Không đổi")),
}
_KINDS = (
    ("created", gettext_lazy("Hồ sơ mới")),
    ("files", gettext_lazy("Hồ sơ có thay đổi")),
    ("posts", gettext_lazy("Chức vụ được ghi")),
    ("grades", gettext_lazy("Kết quả xếp loại")),
    ("nominated", gettext_lazy("Đưa vào quy hoạch")),
    ("removed", gettext_lazy("Đưa ra khỏi quy hoạch")),
)


def _preview(found: ListImport, query: QueryDict) -> dict[str, Any]:
    effects, changes = found.counts.get("effects", {}), found.counts.get("changes", {})
    tab, page = _people_page(found, query)
    rows = [row.row for row in page]
    lines = preview_lines(found, rows) if rows else {}
    return {
        "page": "preview",
        "tabs": _effect_tabs(effects, tab),
        "people": [_person(row, lines.get(row.row, [])) for row in page],
        "people_page": page,
        "tiles": [(label, changes[key]) for key, label in _KINDS if changes.get(key)],
        "total": sum(changes.get(key, 0) for key, _label in _KINDS),
        "has_moved": found.counts.get("moved"),
    }


def _people_page(found: ListImport, query: QueryDict) -> tuple[str, Page[ListImportRow]]:
    effects = found.counts.get("effects", {})
    first = next((key for key, (effect, _l) in _EFFECTS.items() if effects.get(effect)), "moi")
    tab = query.get("xem", "")
    tab = tab if tab in _EFFECTS else first
    rows = effect_rows(found, _EFFECTS[tab][0])
    return tab, Paginator(rows, PEOPLE_PER_PAGE).get_page(query.get("trang"))


def _effect_tabs(effects: Mapping[str, int], tab: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?xem={key}", "here": key == tab, "count": effects.get(effect, 0)}
        for key, (effect, label) in _EFFECTS.items()
    ]


def _person(row: ListImportRow, lines: list[Line], code: str = "") -> dict[str, Any]:
    return {
        "row": row.row,
        "name": row.full_name,
        "born": date(row.birth_date, row.birth_precision or "day"),
        "is_new": row.match == ListImportRow.Match.NEW,
        "lines": lines,
        "url": reverse("cadres:cadre-detail", args=[code]) if code else "",
    }


# ---- Result --------------------------------------------------------------------------------------

#: Filled by the room above, so it is named and never imported.
_PLANS = "planning:list-plans"
_WRITTEN = (
    ("created", gettext_lazy("Hồ sơ mới")),
    ("files", gettext_lazy("Hồ sơ đã đổi")),
    ("posts", gettext_lazy("Chức vụ đã ghi")),
    ("grades", gettext_lazy("Kết quả xếp loại")),
    ("nomination", gettext_lazy("Thay đổi trong quy hoạch")),
    ("plan", gettext_lazy("Kế hoạch mới")),
)


def _result(actor: Actor, found: ListImport, query: QueryDict) -> dict[str, Any]:
    tab, page = _people_page(found, query)
    rows = list(page)
    codes = codes_of(rows, actor) if found.status == Status.APPLIED else {}
    try:
        plans_url = reverse(_PLANS, args=[found.pk])
    except NoReverseMatch:
        plans_url = ""
    return {
        "page": "result",
        "is_undone": found.status == Status.UNDONE,
        "tiles": [(label, found.result[key]) for key, label in _WRITTEN if found.result.get(key)],
        "tabs": _effect_tabs(found.counts.get("effects", {}), tab),
        "people": [_person(row, [], codes.get(row.row, "")) for row in rows],
        "people_page": page,
        "plans_url": plans_url,
    }


def undo(found: ListImport, obstacles: list[Obstacle] | None = None) -> dict[str, Any]:
    """Context of cadres/list_import/undo.html."""
    if obstacles is None:
        obstacles = find_obstacles(found) if found.status == Status.APPLIED else []
    return _common(found) | {
        "obstacles": {
            "caption": _("Vì sao chưa hoàn tác được"),
            "columns": [
                {"label": _("Dòng"), "num": True},
                {"label": _("Họ và tên"), "name": True},
                {"label": _("Đã có thay đổi sau khi ghi")},
            ],
            "rows": [
                {"cells": [number(each.row) if each.row else "–", each.who or "–", each.why]}
                for each in obstacles
            ],
        },
        "is_stuck": bool(obstacles),
        "is_applied": found.status == Status.APPLIED,
    }


def drop(found: ListImport) -> dict[str, Any]:
    """Context of portal/confirm.html for throwing a list away."""
    return {
        "title": _("Bỏ danh sách “%(file)s”?") % {"file": found.file_name},
        "text": _("Tệp và các chỗ đã sửa bị xóa; chưa có gì được ghi vào hồ sơ."),
        "submit": _("Bỏ danh sách"),
        "danger": True,
        "action": reverse("cadres:list-import-drop", args=[found.pk]),
        "cancel_url": reverse("cadres:list-import-detail", args=[found.pk]),
    }


# ---- The lists of the door -----------------------------------------------------------------------

_OUTCOMES = {
    Status.APPLIED: "met",
    Status.PREVIEW: "cannot_tell",
    Status.OPEN: "cannot_tell",
    Status.UNREADABLE: "not_met",
    Status.FAILED: "not_met",
}


def lists_table(page: Page[ListImport]) -> dict[str, Any]:
    """The table of past lists on the page "Nhập dữ liệu"."""
    return {
        "caption": _("Danh sách của đơn vị đã tải lên"),
        "columns": [
            {"label": _("Tệp"), "name": True},
            {"label": _("Trạng thái")},
            {"label": _("Đơn vị")},
            {"label": _("Người"), "num": True},
            {"label": _("Tải lên lúc")},
        ],
        "rows": [
            {
                "url": reverse("cadres:list-import-detail", args=[each.pk]),
                "cells": [
                    each.file_name,
                    {
                        "text": each.get_status_display(),
                        "outcome": _OUTCOMES.get(Status(each.status), "not_applicable"),
                    },
                    str(each.unit),
                    number(each.counts.get("people")),
                    date_time(each.created_at),
                ],
            }
            for each in page
        ],
        "page": page,
        "noun": _("danh sách"),
        "empty": {
            "title": _("Chưa có danh sách nào"),
            "text": _("Chọn tệp danh sách của đơn vị ở trên; mẫu nào cũng được."),
            "icon": "upload",
        },
    }
