"""The page of needs as its template wants it, and the rows that other pages show of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags.formats import date, number
from cadres.choices import Level
from cadres.words import post_name, shortened
from compliance.citations import citations_shown
from compliance.law import load_law
from compliance.selectors.retirement import whole_months
from rotation.choices import AnswerStage, Flow, NeedKind, NeedReason
from rotation.contexts.links import (
    address,
    cadre_url,
    list_url,
    propose_url,
    rotation_url,
    unit_url,
)
from rotation.contexts.parts import crumbs, parts
from rotation.forms.needs import (
    DUE_WORD,
    KIND_LABELS,
    ONE_WAY,
    ONE_WAY_LABEL,
    VACANCY_LABEL,
    NeedFilterForm,
)
from rotation.selectors.answers import Answer
from rotation.selectors.heads import NON_LOCAL_CITED
from rotation.selectors.need import KINDS, Need
from rotation.selectors.needs import EXPERIENCE_CITED, people
from rotation.selectors.one_way import FLOW_CITED, FLOW_YEARS, OneWay
from rotation.selectors.people import DURATION
from rotation.selectors.vacancies import SEAT_CITED, Vacancy

NAME = "rotation:need-list"
TERMS = "rotation.head_terms.maximum"
#: So many posts and units stand below the people; the rest one opens.
SHOWN = 8


class Addresses:
    """Addresses of the page with its filters, some changed; a name given "" is taken off."""

    def __init__(self, asked: Mapping[str, str], as_of: dt.date) -> None:
        self._asked, self._as_of = dict(asked), as_of

    def to(self, **changes: str) -> str:
        """The address with these changes."""
        return address(NAME, as_of=self._as_of, **{**self._asked, **changes})


def needs_url(as_of: dt.date, **query: str) -> str:
    """The page of needs: `loai`, `don_vi`, `phuong_an`, `trong`."""
    return address(NAME, as_of=as_of, **query)


# ---- Words -----------------------------------------------------------------------------------


def due_lede(due: Collection[Need], within: int) -> str:
    """ "7 người đến hạn trong 12 tháng tới; 4 đã có phương án, 3 chưa." """
    total = people(due)
    if not total:
        return _("Không ai đến hạn luân chuyển trong %(n)s tháng tới.") % {"n": within}
    answered = people(need for need in due if need.answer is not None)
    words = {"total": number(total), "n": within, "done": number(answered)}
    words["open"] = number(total - answered)
    if not answered:
        return _("%(total)s người đến hạn trong %(n)s tháng tới, chưa ai có phương án.") % words
    if answered == total:
        return _("%(total)s người đến hạn trong %(n)s tháng tới, đều đã có phương án.") % words
    return (
        _("%(total)s người đến hạn trong %(n)s tháng tới; %(done)s đã có phương án, %(open)s chưa.")
        % words
    )


def _reason_words(need: Need) -> str:
    """Why, in a few words, with the number of terms that the law of the day names."""
    terms = {"n": (need.limit or 0) // 60}
    if need.reason == NeedReason.TERMS_OVER:
        return _("Đủ %(n)s nhiệm kỳ liên tiếp") % terms
    if need.reason == NeedReason.TERMS_SOON:
        return _("Sắp đủ %(n)s nhiệm kỳ liên tiếp") % terms
    return str(need.reason.label)


def _note(need: Need, as_of: dt.date) -> str:
    """What stands below the reason."""
    if need.waiver:
        return _("miễn áp dụng theo %(paper)s") % {"paper": need.waiver}
    if need.reason in (NeedReason.TOUR_LATE, NeedReason.TOUR_ENDING) and need.due_on:
        words = {"day": date(need.due_on), "over": overdue(need.due_on, as_of)}
        if need.reason == NeedReason.TOUR_LATE:
            return _("hạn %(day)s, quá %(over)s") % words
        return _("hạn %(day)s") % words
    if need.reason == NeedReason.TERMS_SOON and need.limit and need.months is not None:
        return _("còn %(n)s tháng") % {"n": need.limit - need.months}
    if need.planned_for:
        return _("quy hoạch %(post)s") % {"post": shortened(post_name(*need.planned_for))}
    return ""


def overdue(due_on: dt.date, as_of: dt.date) -> str:
    """How long something is overdue: months, days under one."""
    months = whole_months(due_on, as_of)
    if months:
        return _("%(n)s tháng") % {"n": months}
    return _("%(n)s ngày") % {"n": (as_of - due_on).days}


# ---- Rows ------------------------------------------------------------------------------------


def need_rows(
    needs: Iterable[Need], as_of: dt.date, open_codes: Collection[str], may_propose: bool
) -> list[dict[str, Any]]:
    """Rows of `rotation/_need_table.html`; `open_codes`: whose files may be opened."""
    return [
        {
            "name": need.name,
            "url": cadre_url(need.code, as_of) if need.code in open_codes else "",
            "post": shortened(post_name(need.title, need.unit))
            if need.title
            else _("chưa giữ chức vụ"),
            "reason": _reason_words(need),
            "sign": need.outcome.code if need.outcome is not None else "",
            "title": need.message,
            "note": _note(need, as_of),
            "note_url": rotation_url(need.rotation_id, as_of) if need.rotation_id else "",
            "months": _months(need),
            "answer": _answer(need.answer, as_of) if need.answer else None,
            "propose_url": propose_url(need.code, need.kind, as_of) if may_propose else "",
        }
        for need in needs
    ]


def together(
    rows: list[dict[str, Any]],
    needs: Sequence[Need],
    sizes: Mapping[tuple[str, str], int],
    to: Addresses,
) -> list[dict[str, Any]]:
    """Rows with a `heading` above the first of each term and unit; `sizes`: none of a flat list."""
    here = Counter((need.term, need.unit_path) for need in needs)
    last = None
    for row, need in zip(rows, needs, strict=True):
        place = (need.term, need.unit_path)
        if sizes and place != last:
            term = (
                _("Quy hoạch nhiệm kỳ %(term)s") % {"term": need.term}
                if need.term
                else _("Quy hoạch nhiệm kỳ đã qua")
            )
            row["heading"] = {
                "term": term,
                "unit": need.unit or _("Chưa giữ chức vụ"),
                "url": to.to(don_vi=need.unit_code) if need.unit_code else "",
                "n": number(sizes[place]),
                "elsewhere": sizes[place] - here[place],
            }
        last = place
    return rows


def _months(need: Need) -> str:
    if need.months is None:
        return "–"
    return f"{number(need.months)}/{need.limit}" if need.limit else number(need.months)


def _answer(answer: Answer, as_of: dt.date) -> dict[str, str]:
    """Where somebody goes, or how far the proposal is."""
    url = rotation_url(answer.rotation_id, as_of)
    if answer.stage == AnswerStage.DECIDED:
        note = _("từ %(day)s") % {"day": date(answer.start_on)} if answer.start_on else ""
        return {"text": answer.unit_name, "url": url, "note": note}
    if answer.stage == AnswerStage.SUBMITTED:
        return {"text": answer.unit_name, "url": url, "note": _("đã trình, chờ quyết định")}
    return {"text": _("Đang lấy ý kiến"), "url": url, "note": answer.unit_name}


# ---- The page --------------------------------------------------------------------------------


def need_context(
    *,
    form: NeedFilterForm,
    due: Sequence[Need],
    totals: Counter[NeedReason],
    open_totals: Counter[NeedReason],
    page: Page[Need],
    rows: list[dict[str, Any]],
    vacancies: Sequence[Vacancy],
    vacancy_page: Page[Vacancy] | None,
    one_way: Sequence[OneWay],
    may_propose: bool,
    may_export: bool,
    asked: Mapping[str, str],
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `rotation/need_list.html`; `asked`: the filters that are on."""
    to, kind = Addresses(asked, as_of), form.value("loai")
    # A list of one kind is shown whole, in its place.
    is_vacancy, is_one_way = kind == NeedKind.VACANCY, kind == ONE_WAY
    return {
        "crumbs": crumbs(_("Nhu cầu"), as_of),
        "parts": parts(NAME, as_of),
        "form": form,
        "lede": due_lede(due, form.within),
        "tiles": _tiles(totals, open_totals, vacancies, one_way, to),
        "has_people": not (is_vacancy or is_one_way),
        "page": page,
        "rows": rows,
        "is_filtered": bool(asked),
        "export_url": address("rotation:need-export", as_of=as_of, **asked) if may_export else "",
        "clear_url": address(NAME, as_of=as_of),
        "vacancies": _vacancy_table(
            vacancy_page.object_list if vacancy_page else vacancies[:SHOWN],
            vacancy_page,
            as_of,
            may_propose=may_propose,
        )
        if is_vacancy or (vacancies and not kind)
        else None,
        "vacancy_count": len(vacancies),
        "vacancy_more": to.to(loai=NeedKind.VACANCY)
        if not is_vacancy and len(vacancies) > SHOWN
        else "",
        "one_way": _one_way_table(one_way if is_one_way else one_way[:SHOWN], as_of)
        if is_one_way or (one_way and not kind)
        else None,
        "one_way_count": len(one_way),
        "one_way_more": to.to(loai=ONE_WAY) if not is_one_way and len(one_way) > SHOWN else "",
        "flow_years": FLOW_YEARS,
        "methods": _methods(form.within, as_of),
    }


def _tiles(
    totals: Counter[NeedReason],
    open_totals: Counter[NeedReason],
    vacancies: Sequence[Vacancy],
    one_way: Sequence[OneWay],
    to: Addresses,
) -> list[dict[str, Any]]:
    tiles = []
    for kind, label in KIND_LABELS.items():
        reasons = [reason for reason in NeedReason if KINDS[reason] == kind]
        count = sum(totals[reason] for reason in reasons)
        left = sum(open_totals[reason] for reason in reasons)
        tiles.append(
            {
                "label": label,
                "figure": number(count),
                "note": _("%(n)s chưa có phương án") % {"n": number(left)} if left else "",
                "url": to.to(loai=kind.value),
            }
        )
    seats = sum(vacancy.free for vacancy in vacancies)
    tiles.append(
        {
            "label": VACANCY_LABEL,
            "figure": number(seats),
            "note": ngettext("ở %(n)s chức danh", "ở %(n)s chức danh", len(vacancies))
            % {"n": number(len(vacancies))}
            if vacancies
            else "",
            "url": to.to(loai=NeedKind.VACANCY.value),
        }
    )
    flows = Counter(each.flow for each in one_way)
    tiles.append(
        {
            "label": ONE_WAY_LABEL,
            "figure": number(len(one_way)),
            "note": _("%(gives)s chỉ cử đi, %(gets)s chỉ nhận")
            % {"gives": flows[Flow.GIVES], "gets": flows[Flow.RECEIVES]}
            if one_way
            else "",
            "url": to.to(loai=ONE_WAY),
        }
    )
    return tiles


def _vacancy_table(
    vacancies: Iterable[Vacancy],
    page: Page[Vacancy] | None,
    as_of: dt.date,
    *,
    may_propose: bool,
) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Chức vụ"), "name": True},
            {"label": _("Quy định"), "num": True},
            {"label": _("Đang có"), "num": True},
            {"label": _("Sắp đến"), "num": True},
            {"label": _("Còn trống"), "num": True},
            {"label": _("Phương án")},
        ],
        "rows": [
            {
                "url": "",
                "cells": [
                    {
                        "text": post_name(each.title, each.unit),
                        "url": unit_url(each.unit_code, as_of),
                    },
                    number(each.prescribed),
                    number(each.held),
                    number(each.coming),
                    number(each.free),
                    _seat_answer(each, as_of, may_propose),
                ],
            }
            for each in vacancies
        ],
        "page": page,
        "noun": _("chức danh còn trống"),
        "caption": str(VACANCY_LABEL),
        "empty": {
            "title": _("Không có chức vụ nào còn trống"),
            "text": _("Ngày này, chức vụ lãnh đạo nào trong phạm vi cũng đủ số lượng quy định."),
            "icon": "check",
        },
    }


def _seat_answer(vacancy: Vacancy, as_of: dt.date, may_propose: bool) -> dict[str, Any]:
    if vacancy.asked:
        text = _("%(n)s người đang đề xuất") % {"n": number(vacancy.asked)}
        listed = list_url(as_of, den=vacancy.unit_code)
        return {"text": text, "url": listed}
    post = f"{vacancy.unit_code}/{vacancy.title_code}"
    url = (
        address("rotation:rotation-propose", as_of=as_of, den=post, can_cu=NeedKind.VACANCY.value)
        if may_propose
        else ""
    )
    return {"text": _("Chưa có, lập đề xuất"), "url": url} if url else {"text": _("Chưa có")}


def _one_way_table(units: Iterable[OneWay], as_of: dt.date) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Đơn vị"), "name": True},
            {"label": _("Chiều")},
            {"label": _("Cử đi"), "num": True},
            {"label": _("Nhận về"), "num": True},
        ],
        "rows": [
            {
                "url": "",
                "cells": [
                    {"text": each.name, "url": unit_url(each.code, as_of)},
                    str(each.flow.label),
                    _flow_cell(each, Flow.GIVES, "di", as_of),
                    _flow_cell(each, Flow.RECEIVES, "den", as_of),
                ],
            }
            for each in units
        ],
        "caption": str(ONE_WAY_LABEL),
        "empty": {
            "title": _("Không có đơn vị nào một chiều"),
            "text": _("Đơn vị nào có luân chuyển cũng vừa cử đi vừa nhận về."),
            "icon": "check",
        },
    }


def _flow_cell(unit: OneWay, flow: Flow, side: str, as_of: dt.date) -> dict[str, Any]:
    if unit.flow != flow:
        return {"text": "0"}
    url = list_url(as_of, **{side: unit.code})
    return {"text": number(unit.people), "url": url}


def _cited(parameter: str, day: dt.date) -> list[Mapping[str, Any]]:
    """Where the figure of the day stands; nothing where none was in force."""
    value = load_law().in_force(parameter, Level.PROVINCE, day)
    return [citation.as_dict() for citation in value.citations] if value else []


def _methods(within: int, as_of: dt.date) -> list[dict[str, Any]]:
    """How each kind is found, with its source."""
    rows: list[tuple[Any, str, Iterable[Mapping[str, Any]]]] = [
        (
            KIND_LABELS[NeedKind.NON_LOCAL],
            _(
                "Chức danh được đánh dấu là không bố trí người địa phương, đang do người địa phương"
                " giữ. Người địa phương: quê quán ở đơn vị hoặc cấp dưới của đơn vị, trừ khi có"
                " văn bản xác định khác trong hồ sơ. Chưa có quê quán thì ghi “Chưa rõ quê quán”."
            ),
            NON_LOCAL_CITED,
        ),
        (
            KIND_LABELS[NeedKind.HEAD_TERMS],
            _(
                "Người đứng đầu giữ chức vụ liên tục đủ số nhiệm kỳ tối đa (mỗi nhiệm kỳ 60 tháng),"
                " hoặc sẽ đủ trong %(n)s tháng tới; gián đoạn dưới 31 ngày vẫn là liên tục. Cấp nào"
                " luật chưa quy định và tỉnh chưa giao chỉ tiêu thì không xét."
            )
            % {"n": within},
            _cited(TERMS, as_of),
        ),
        (
            KIND_LABELS[NeedKind.TOUR_END],
            _(
                "Đợt đang thực hiện đã quá hoặc sẽ đến ngày dự kiến kết thúc trong %(n)s tháng tới,"
                " hoặc đã đủ thời gian tối thiểu theo quy định của ngày xét."
            )
            % {"n": within},
            _cited(DURATION["duration_months"], as_of),
        ),
        (
            KIND_LABELS[NeedKind.EXPERIENCE],
            _(
                "Người đang được quy hoạch: quy hoạch chức danh của đơn vị cấp tỉnh mà chưa giữ"
                " chức vụ nào ở cấp xã, cấp huyện (cần qua cơ sở); chỉ mới công tác ở cấp xã, cấp"
                " huyện (cần qua cấp tỉnh); hoặc cả quá trình công tác chỉ ở một nơi. Chức danh cấp"
                " ủy không tính là nơi công tác."
            ),
            EXPERIENCE_CITED,
        ),
        (
            VACANCY_LABEL,
            _(
                "Chức danh lãnh đạo có số người đang giữ ít hơn số lượng quy định của ngày xét, sau"
                " khi trừ người đã có quyết định sắp đến."
            ),
            SEAT_CITED,
        ),
        (
            ONE_WAY_LABEL,
            _(
                "Nơi có luân chuyển trong %(n)s năm gần đây mà chỉ cử đi hoặc chỉ nhận về; đơn vị"
                " trực thuộc tính vào đơn vị chủ quản, xã nhập vào xã mới tính cho xã mới."
            )
            % {"n": FLOW_YEARS},
            FLOW_CITED,
        ),
    ]
    return [
        {"label": label, "text": text, "citations": citations_shown(cited)}
        for label, text, cited in rows
    ]


__all__ = [
    "DUE_WORD",
    "Addresses",
    "due_lede",
    "need_context",
    "need_rows",
    "needs_url",
    "together",
]
