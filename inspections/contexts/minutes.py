"""Minutes on pages: the list, one, and what the unit is asked to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor
from inspections.choices import MinutesKind, Stage
from inspections.contexts.evidence import evidence_url
from inspections.contexts.links import address
from inspections.contexts.self_reports import file_row
from inspections.models import Evidence, Finding, InspectedUnit, Inspection, Minutes, TeamMember
from inspections.policies import MINUTES_OF_UNITS, can_minute, can_sign_minutes
from inspections.selectors.papers import MINUTES_PAPERS

TEAM_PAGE = "inspections:inspection-minutes"
UNIT_PAGE = "inspections:side-minutes-list"


def state_of(minutes: Minutes) -> dict[str, str]:
    """How far the signatures are: an outcome and words."""
    if minutes.is_signed:
        day = minutes.unit_signed_on
        words = _("hai bên đã ký %(day)s") % {"day": formats.date(day)} if day else _("đã ký")
        return {"outcome": "met", "text": words}
    if minutes.waits_for_unit:
        return {"outcome": "cannot_tell", "text": _("chờ đơn vị ký")}
    if minutes.declined_for:
        return {"outcome": "not_met", "text": _("đơn vị chưa thống nhất")}
    return {"outcome": "cannot_tell", "text": _("đang soạn")}


def kinds_open(actor: Actor, inspection: Inspection) -> list[str]:
    """Kinds of minutes that the actor may write now."""
    return [kind for kind in MinutesKind.values if can_minute(actor, inspection, kind)]


def list_url(inspection: Inspection, as_of: dt.date) -> str:
    """All minutes, for the team."""
    return address(TEAM_PAGE, inspection.pk, as_of=as_of)


def detail_url(minutes: Minutes, as_of: dt.date) -> str:
    """One, for the team."""
    return address("inspections:minutes-detail", minutes.inspection_id, minutes.pk, as_of=as_of)


def minutes_page(
    actor: Actor,
    inspection: Inspection,
    rows: Sequence[Any],
    units: Sequence[InspectedUnit],
    as_of: dt.date,
) -> dict[str, Any]:
    """The list, where to begin, and units without signed working minutes."""
    kinds = kinds_open(actor, inspection)
    heard = {
        row.inspected_unit_id for row in rows if row.kind == MinutesKind.WORKING and row.is_signed
    }
    silent = [each for each in units if each.pk not in heard]
    asks = inspection.stage in (Stage.SELF_REPORTING, Stage.VERIFYING, Stage.REPORTING)
    add_url = address("inspections:minutes-add", inspection.pk, as_of=as_of) if kinds else ""
    return {
        "add_url": add_url,
        "silent": [
            {"name": each.unit.name, "url": _add_url(inspection, each, as_of) if kinds else ""}
            for each in silent
        ]
        if asks
        else [],
        "table": {
            "caption": _("Biên bản"),
            "columns": [
                {"label": _("Ngày"), "name": True},
                {"label": _("Biên bản")},
                {"label": _("Đơn vị, nơi làm việc")},
                {"label": _("Số")},
                {"label": _("Chữ ký")},
                {"label": _("Tệp"), "num": True},
            ],
            "rows": [_row(each, as_of) for each in rows],
            "empty": {
                "title": _("Chưa có biên bản nào"),
                "text": _(
                    "Ghi biên bản mỗi buổi triển khai, làm việc, xác minh: ai dự, hỏi gì, trả lời "
                    "thế nào. Hai bên ký trên cổng hoặc trên giấy; đã ký thì không sửa nữa."
                ),
                "action": {"label": _("Lập biên bản"), "url": add_url} if add_url else None,
                "icon": "file",
            },
        },
    }


def _add_url(inspection: Inspection, inspected: InspectedUnit, as_of: dt.date) -> str:
    kind = MinutesKind.WORKING.value
    return address(
        "inspections:minutes-add", inspection.pk, as_of=as_of, loai=kind, don_vi=inspected.pk
    )


def _row(each: Any, as_of: dt.date) -> dict[str, Any]:
    under = _("đính chính") if each.corrects_id else ""
    return {
        "url": detail_url(each, as_of),
        "cells": [
            {"text": formats.date(each.held_on)},
            {"text": each.get_kind_display(), "under": under},
            _where(each),
            each.number,
            state_of(each),
            each.file_count or "",
        ],
    }


def _where(minutes: Minutes) -> dict[str, str]:
    """The unit, with the place below it; a verification elsewhere has a place alone."""
    if minutes.inspected_unit:
        return {"text": minutes.inspected_unit.unit.name, "under": minutes.place}
    if minutes.kind == MinutesKind.VERIFYING and minutes.place:
        return {"text": minutes.place}
    return {"text": _("chung các đơn vị"), "under": minutes.place}


# ---- One -------------------------------------------------------------------------------------


def detail_page(
    actor: Actor,
    minutes: Minutes,
    findings: Iterable[Finding],
    evidence: Iterable[Evidence],
    as_of: dt.date,
) -> dict[str, Any]:
    """Minutes as the team reads them, with what may be done."""
    inspection = minutes.inspection
    writes = can_minute(actor, inspection, minutes.kind)
    is_open = writes and not minutes.is_signed
    to_unit = minutes.inspected_unit_id is not None and minutes.kind in MINUTES_OF_UNITS
    args = (inspection.pk, minutes.pk)

    def to(name: str, *, when: bool) -> str:
        return address(f"inspections:minutes-{name}", *args, as_of=as_of) if when else ""

    return read_part(minutes, as_of) | {
        "findings": [
            {
                "text": each.text,
                "kind": each.get_kind_display(),
                "url": address("inspections:finding-detail", inspection.pk, each.pk, as_of=as_of),
            }
            for each in findings
        ],
        "evidence": [
            {"title": each.title, "url": evidence_url(each.pk, as_of)} for each in evidence
        ],
        "corrects": {"words": str(minutes.corrects), "url": detail_url(minutes.corrects, as_of)}
        if minutes.corrects
        else None,
        "corrections": [
            {"words": str(each), "url": detail_url(each, as_of), "state": state_of(each)}
            for each in minutes.corrected_by.all()
        ],
        "paper_url": address(
            "inspections:document-look", inspection.pk, _paper(minutes), as_of=as_of,
            bien_ban=minutes.pk,
        ),
        "edit_url": to("edit", when=is_open),
        "remove_url": to("remove", when=is_open and not minutes.waits_for_unit),
        "sign_url": to(
            "sign",
            when=is_open
            and to_unit
            and not minutes.waits_for_unit
            and can_sign_minutes(actor, inspection),
        ),
        "paper_sign_url": to("paper", when=is_open),
        "goes_to_unit": to_unit,
        "correct_url": address(
            "inspections:minutes-add", inspection.pk, as_of=as_of, dinh_chinh=minutes.pk
        )
        if minutes.is_signed and writes
        else "",
    }  # fmt: skip


def _paper(minutes: Minutes) -> str:
    return MINUTES_PAPERS[MinutesKind(minutes.kind)].value


def read_part(minutes: Minutes, as_of: dt.date) -> dict[str, Any]:
    """What everybody reads of minutes who may read them."""
    where = minutes.inspected_unit.unit.name if minutes.inspected_unit else ""
    pairs = [
        (_("Biên bản số"), minutes.number),
        (_("Ngày"), formats.date(minutes.held_on)),
        (_("Đơn vị"), where),
        (_("Địa điểm"), minutes.place),
        (_("Người ghi"), str(minutes.written_by) if minutes.written_by else ""),
    ]
    return {
        "minutes": minutes,
        "state": state_of(minutes),
        "facts": [{"label": label, "value": value} for label, value in pairs if value],
        "people": minutes.participants.splitlines(),
        "items": list(minutes.items.all()),
        "files": [file_row(each, as_of) for each in minutes.attachments.all()],
        "signatures": _signatures(minutes),
    }


def _signatures(minutes: Minutes) -> list[dict[str, str]]:
    """Both sides with who signed when."""
    on_paper = minutes.is_signed and minutes.unit_signed_by_id is None
    how = _("trên giấy") if on_paper else _("trên cổng")
    team = unit = ""
    if minutes.team_signed_on:
        words = {
            "who": _("hai bên") if on_paper else minutes.team_signed_by,
            "day": formats.date(minutes.team_signed_on),
            "how": how,
        }
        team = _("%(who)s, %(day)s, %(how)s") % words
    if minutes.unit_signed_on:
        words = {
            "who": minutes.unit_signer,
            "day": formats.date(minutes.unit_signed_on),
            "how": how,
        }
        unit = _("%(who)s, %(day)s, %(how)s") % words
    return [
        {"side": _("Đoàn kiểm tra"), "text": team, "outcome": "met" if team else "cannot_tell"},
        {
            "side": _("Đơn vị, nơi xác minh"),
            "text": unit,
            "outcome": "met" if unit else "cannot_tell",
        },
    ]


def first_words(
    inspection: Inspection, team: Iterable[TeamMember], corrects: Minutes | None
) -> Mapping[str, str]:
    """What a new form begins with: who of the team is there; what is corrected."""
    people = "\n".join(
        filter(
            None,
            (
                ", ".join(
                    filter(None, (str(each.user), each.get_role_display().lower(), each.post))
                )
                for each in team
            ),
        )
    )
    if corrects is None:
        return {"participants": people}
    words = {
        "kind": corrects.get_kind_display().lower(),
        "no": f" số {corrects.number}" if corrects.number else "",
        "day": formats.date(corrects.held_on),
    }
    return {
        "participants": corrects.participants or people,
        "place": corrects.place,
        "text": "Đính chính {kind}{no} ngày {day} như sau:\n".format(**words),
    }


# ---- The unit --------------------------------------------------------------------------------


def side_table(inspected: InspectedUnit, rows: Iterable[Minutes], as_of: dt.date) -> dict[str, Any]:
    """What the unit signs or has signed."""
    return {
        "caption": _("Biên bản"),
        "columns": [
            {"label": _("Ngày"), "name": True},
            {"label": _("Biên bản")},
            {"label": _("Địa điểm")},
            {"label": _("Số")},
            {"label": _("Chữ ký")},
        ],
        "rows": [
            {
                "url": side_url(inspected, each, as_of),
                "cells": [
                    {"text": formats.date(each.held_on)},
                    {"text": each.get_kind_display()},
                    {"text": each.place},
                    each.number,
                    state_of(each),
                ],
            }
            for each in rows
        ],
        "empty": {
            "title": _("Chưa có biên bản nào"),
            "text": _(
                "Biên bản làm việc, xác minh hiện ở đây khi đoàn đã ký và gửi đơn vị. Đơn vị đọc "
                "lại rồi ký, hoặc nêu chỗ chưa thống nhất."
            ),
            "icon": "file",
        },
    }


def side_url(inspected: InspectedUnit, minutes: Minutes, as_of: dt.date) -> str:
    """One, for the unit."""
    return address("inspections:side-minutes", inspected.pk, minutes.pk, as_of=as_of)


def side_page(inspected: InspectedUnit, minutes: Minutes, as_of: dt.date) -> dict[str, Any]:
    """Minutes as the unit reads them, to be signed or given back."""
    signs = minutes.waits_for_unit and minutes.inspected_unit_id == inspected.pk
    paper = address("inspections:side-look", inspected.pk, _paper(minutes), as_of=as_of)
    mark = "&" if "?" in paper else "?"
    return read_part(minutes, as_of) | {
        "sign_url": address("inspections:side-minutes-sign", inspected.pk, minutes.pk, as_of=as_of)
        if signs
        else "",
        "decline_url": address(
            "inspections:side-minutes-decline", inspected.pk, minutes.pk, as_of=as_of
        )
        if signs
        else "",
        "paper_url": f"{paper}{mark}bien-ban={minutes.pk}" if minutes.is_signed else "",
    }
