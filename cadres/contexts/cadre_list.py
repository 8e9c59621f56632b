"""The list of people: its head, chips, rows, and the pages that go with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.common import clock
from cadre_portal.common.viewdate import PARAMETER
from cadre_portal.templatetags.formats import date, number
from cadres.contexts.columns import NAME, columns_offered
from cadres.contexts.links import Links
from cadres.listing import Cell, Column
from cadres.models import Cadre, SavedFilter, Unit
from cadres.policies import Actor, can_add_cadre, can_import_list, can_merge_files
from cadres.selectors.cadre_list import DEFAULT_ORDER, ORDERS, Measure

if TYPE_CHECKING:
    from cadres.forms.filters import CadreFilterForm

PAGE_SIZE = 50
#: Characters from which a column gives way when room is short.
LONG, LONGER = 24, 40
#: More columns than this are scrolled sideways.
MOST_STUCK = 10
#: Side by side on one screen.
MOST_COMPARED = 5
CHOSEN, WHOLE, ORDER, PAGE, OPEN = "chon", "tat_ca", "sap", "trang", "xem"


@dataclass(frozen=True)
class Address:
    """The address of the list with its filters, its order and the date of view."""

    asked: Mapping[str, str]
    order: str
    as_of: dt.date

    def query(self, *without: str, **more: Any) -> str:
        """The query string with its question mark, less the named fields; "" for an empty one."""
        said = {name: value for name, value in self.asked.items() if name not in without}
        if self.order != DEFAULT_ORDER:
            said[ORDER] = self.order
        if self.as_of != clock.today():
            said[PARAMETER] = self.as_of.isoformat()
        said |= {name: value for name, value in more.items() if value not in (None, "")}
        return f"?{urlencode(said, doseq=True)}" if said else ""

    def to(self, name: str, *args: Any, **more: Any) -> str:
        """A page that goes with the list, with all of it in the address."""
        return reverse(name, args=args) + self.query(**more)

    def list_url(self, *without: str) -> str:
        """The list itself, without the named filters."""
        return reverse("cadres:cadre-list") + self.query(*without)

    @property
    def clear_url(self) -> str:
        """The list without any filter, in the same order on the same day."""
        return self.list_url(*self.asked)

    @property
    def kept(self) -> str:
        """What a saved filter keeps: the filters alone."""
        return urlencode(sorted(self.asked.items()))

    def fields(self) -> list[tuple[str, str]]:
        """Names and values for the hidden fields of a form."""
        return self._fields()

    def fields_but_text(self) -> list[tuple[str, str]]:
        """The same for the form that the text is typed into."""
        return self._fields("q")

    def fields_but_filters(self) -> list[tuple[str, str]]:
        """The same for the form in which the filters are chosen: the text, the order, the day."""
        return self._fields(*(name for name in self.asked if name != "q"))

    def _fields(self, *without: str) -> list[tuple[str, str]]:
        said = QueryDict(self.query(*without).removeprefix("?"))
        return [(name, str(value)) for name, value in said.items()]


def page_of(found: int, number: Any) -> Page[Any]:
    """The page with this number of a list of `found` people, who are still to be put in."""
    return Paginator(range(found), PAGE_SIZE).get_page(number)


# ---- The list --------------------------------------------------------------------------------


class _Shown(NamedTuple):
    """A cell in its place, ready for the template; `sign` is an outcome before the text."""

    key: str
    label: str
    css: str
    cell: Cell
    sign: str


def _css(column: Column, cell: Cell) -> str:
    if column.is_number:
        return "num quiet" if cell.is_partial else "num"
    if column.width < LONG:
        return ""
    return "long longer" if column.width >= LONGER else "long"


def cadre_list_context(
    *,
    actor: Actor,
    form: CadreFilterForm,
    address: Address,
    page: Page[Cadre],
    measure: Measure,
    columns: Sequence[Column],
    with_sensitive: bool,
    saved: Sequence[SavedFilter],
    opened: str,
) -> dict[str, Any]:
    """Context of `cadres/cadre_list.html` and of its list alone (`cadres/_cadre_rows.html`)."""
    as_of = address.as_of
    rows = _rows(page, columns, as_of)
    chips = form.chips()
    is_filtered = bool(address.asked)
    return {
        "crumbs": _list_crumbs(form, as_of),
        "form": form,
        "address": address,
        "page": page,
        "measure": measure,
        "is_filtered": is_filtered,
        "chips": [
            {
                "label": chip.label,
                "value": chip.words,
                "remove_url": address.list_url(*chip.names),
            }
            for chip in chips
        ],
        "columns": [_head(column) for column in columns],
        "is_wide": len(columns) > MOST_STUCK,
        "rows": rows,
        "notes": _notes(rows, columns),
        "choices": {
            "columns": [
                {"key": each.key, "label": each.label, "hint": each.hint, "on": each in columns}
                for each in columns_offered(with_sensitive=with_sensitive)
                if each.key != NAME
            ],
            "shown": len(columns),
            "offered": len(columns_offered(with_sensitive=with_sensitive)),
        },
        "saved": _saved(actor, saved, address),
        "export": export_context(address, columns, measure.found),
        "import_url": reverse("cadres:import-list") if can_import_list(actor) else "",
        "duplicates_url": reverse("cadres:duplicate-list") if can_merge_files(actor) else "",
        "add_url": reverse("cadres:cadre-add") if can_add_cadre(actor) else "",
        "opened": opened,
        "opened_url": _panel_url(opened, _tail(as_of)) if opened else "",
        "empty": _nobody(address, is_filtered=is_filtered),
    }


def _head(column: Column) -> dict[str, Any]:
    sorts = column.key in ORDERS or column.order is not None
    return {
        "key": column.key if sorts else "",
        "label": column.label,
        "hint": column.hint,
        "num": column.is_number,
        "long": column.width >= LONG and column.key != NAME,
    }


def _rows(
    people: Iterable[Cadre], columns: Sequence[Column], as_of: dt.date
) -> list[dict[str, Any]]:
    labels, tail = [str(column.label) for column in columns], _tail(as_of)
    return [_row(cadre, columns, labels, as_of, tail) for cadre in people]


def _row(
    cadre: Cadre, columns: Sequence[Column], labels: Sequence[str], as_of: dt.date, tail: str
) -> dict[str, Any]:
    signs: dict[str, str] = {}
    for column in columns:
        signs |= column.signs(cadre, as_of)
    shown = []
    for column, label in zip(columns, labels, strict=True):
        cell = column.cell(cadre, as_of)
        sign = cell.sign or signs.get(column.key, "")
        shown.append(_Shown(column.key, label, _css(column, cell), cell, sign))
    return {
        "code": cadre.code,
        "name": cadre.full_name,
        "url": reverse("cadres:cadre-detail", args=[cadre.code]) + tail,
        "panel_url": _panel_url(cadre.code, tail),
        "cells": shown[1:],
    }


def _tail(as_of: dt.date) -> str:
    return "" if as_of == clock.today() else f"?{urlencode({PARAMETER: as_of.isoformat()})}"


def _panel_url(code: str, tail: str) -> str:
    """The short file beside the list."""
    return reverse("cadres:cadre-panel", args=[code]) + tail


def _notes(rows: Iterable[dict[str, Any]], columns: Sequence[Column]) -> dict[str, Any]:
    """What the signs on this page mean."""
    cells = [shown for row in rows for shown in row["cells"]]
    signs = {shown.sign for shown in cells}
    return {
        "sign": next((each.sign_note for each in columns if each.sign_note), ""),
        "not_met": "not_met" in signs,
        "cannot_tell": "cannot_tell" in signs,
        "partial": any(shown.cell.is_partial for shown in cells),
    }


def _nobody(address: Address, *, is_filtered: bool) -> dict[str, Any]:
    if is_filtered:
        return {
            "title": _("Không có ai khớp bộ lọc"),
            "text": _("Thử bớt một điều kiện, hoặc tìm bằng một phần của tên."),
            "action": {"label": _("Bỏ lọc"), "url": address.clear_url},
        }
    return {
        "title": _("Chưa có hồ sơ nào trong phạm vi của tài khoản"),
        "text": _("Hồ sơ có ở đây sau khi nhập dữ liệu và khi người đó đang giữ chức vụ."),
    }


# ---- Saved filters ---------------------------------------------------------------------------


def _saved(actor: Actor, saved: Sequence[SavedFilter], address: Address) -> dict[str, Any]:
    bare = Address({}, DEFAULT_ORDER, address.as_of)
    items = [
        {
            "name": each.name,
            "url": saved_url(each, bare),
            "here": each.query == address.kept,
            "is_own": each.owner_id == actor.pk,
            "note": "" if each.owner_id == actor.pk else str(each.owner),
        }
        for each in saved
    ]
    return {
        "items": items,
        "here": next((item["name"] for item in items if item["here"]), ""),
        "keep_url": address.to("cadres:cadre-filter-keep"),
        "manage_url": reverse("cadres:cadre-filter-list") + _tail(address.as_of),
    }


def saved_url(saved: SavedFilter, bare: Address) -> str:
    """The list narrowed by a saved filter, on the date of view."""
    tail = bare.query()
    joined = f"&{tail[1:]}" if tail else ""
    return f"{reverse('cadres:cadre-list')}?{saved.query}{joined}"


def saved_list_context(
    actor: Actor, saved: Sequence[SavedFilter], as_of: dt.date
) -> dict[str, Any]:
    """Context of `cadres/cadre_filter_list.html`."""
    bare = Address({}, DEFAULT_ORDER, as_of)
    return {
        "own": [(each, saved_url(each, bare)) for each in saved if each.owner_id == actor.pk],
        "shared": [(each, saved_url(each, bare)) for each in saved if each.owner_id != actor.pk],
        "back_url": bare.list_url(),
        "crumbs": _crumbs(bare.list_url(), _("Bộ lọc đã lưu")),
    }


def keep_context(
    form: Any, filters: CadreFilterForm, address: Address, offices: Sequence[Unit]
) -> dict[str, Any]:
    """Context of `cadres/cadre_filter_keep.html`."""
    return {
        "form": form,
        "chips": words_of(filters),
        "offices": offices,
        "back_url": address.list_url(),
        "crumbs": _crumbs(address.list_url(), _("Lưu bộ lọc")),
    }


def words_of(filters: CadreFilterForm) -> list[tuple[str, str]]:
    """Label and words of everything that is asked, the text included."""
    said = [(str(chip.label), chip.words) for chip in filters.chips()]
    text = filters.cleaned_data.get("q", "").strip()
    return [*([(_("Tìm"), text)] if text else []), *said]


def _list_crumbs(form: CadreFilterForm, as_of: dt.date) -> list[dict[str, str]]:
    """Tổ chức › the unit that the list is narrowed to › Hồ sơ."""
    links = Links(as_of)
    way = [{"label": _("Tổ chức"), "url": links.to("cadres:unit-list")}]
    if form.unit:
        url = links.to("cadres:unit-detail", form.unit.code)
        way.append({"label": form.unit.name, "url": url})
    return [*way, {"label": _("Hồ sơ"), "url": ""}]


def _crumbs(list_url: str, here: str) -> list[dict[str, str]]:
    return [{"label": _("Hồ sơ"), "url": list_url}, {"label": here, "url": ""}]


# ---- Export ----------------------------------------------------------------------------------


def export_context(
    address: Address, columns: Sequence[Column], people: int, codes: Sequence[str] = ()
) -> dict[str, Any]:
    """What the form of an export says: how many people, which columns, where it is sent."""
    told = [str(column.label) for column in columns if column.is_sensitive]
    return {
        "url": address.to("cadres:cadre-export", **({CHOSEN: list(codes)} if codes else {})),
        "people": people,
        "heads": [str(column.label) for column in columns],
        "sensitive": ", ".join(told),
    }


def export_page_context(
    form: Any,
    filters: CadreFilterForm,
    address: Address,
    export: dict[str, Any],
    codes: Sequence[str],
) -> dict[str, Any]:
    """Context of `cadres/cadre_export.html`."""
    return {
        "form": form,
        "export": export,
        "is_chosen": bool(codes),
        "said": [] if codes else words_of(filters),
        "as_of_text": date(address.as_of),
        "back_url": address.list_url(),
        "crumbs": _crumbs(address.list_url(), _("Xuất danh sách")),
    }


# ---- Side by side ----------------------------------------------------------------------------

_TOO_FEW = gettext_lazy("Hãy chọn từ 2 đến %(most)s người trong danh sách rồi bấm So sánh.")


def compare_context(
    people: Sequence[Cadre],
    columns: Sequence[Column],
    address: Address,
    *,
    asked: int,
) -> dict[str, Any]:
    """Context of `cadres/cadre_compare.html`: a line a fact, a column a person."""
    as_of = address.as_of
    rows = _rows(people, columns, as_of)
    lines = []
    for place, column in enumerate(columns[1:]):
        cells = [row["cells"][place] for row in rows]
        texts = {shown.cell.text for shown in cells}
        lines.append({"label": column.label, "cells": cells, "differs": len(texts) > 1})
    left_out = asked - MOST_COMPARED
    return {
        "people": rows,
        "lines": lines,
        "notes": _notes(rows, columns),
        "problem": _TOO_FEW % {"most": MOST_COMPARED} if len(people) < 2 else "",
        "left_out": _("Chỉ so sánh được %(most)s người một lần; còn %(n)s người không ở đây.")
        % {"most": MOST_COMPARED, "n": number(left_out)}
        if left_out > 0
        else "",
        "back_url": address.list_url(),
        "crumbs": _crumbs(address.list_url(), _("So sánh")),
    }
