"""KT4, KT6, KT7, KT9, KT11: minutes as papers. One minutes is one paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import HEADING
from cadres.exports.outline import Lines, Say
from cadres.exports.word_fields import Field
from cadres.papers import long_day, short_day
from inspections.choices import DocumentKind
from inspections.exports.parts import (
    BLANK,
    TEAM_KEEPS,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    day_words,
    kept_by,
    known,
    paragraphs,
    task_words,
)
from inspections.models import Minutes
from inspections.wording import lower_first, unit_words

_UNIT = ("ĐẠI DIỆN ĐƠN VỊ", "ĐƯỢC KIỂM TRA")
_WRITER = ("NGƯỜI GHI BIÊN BẢN",)
_TEAM = ("T/M ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN")
_FIELDS = (
    Field("held_day", gettext_lazy("Ngày họp, viết bằng chữ")),
    Field("place", gettext_lazy("Địa điểm")),
    Field("participants", gettext_lazy("Thành phần, mỗi dòng một đoạn"), is_list=True),
    Field("lines", gettext_lazy("Nội dung, mỗi dòng một đoạn"), is_list=True),
    Field("conclusion_no", gettext_lazy("Số thông báo kết luận")),
    Field("conclusion_day", gettext_lazy("Ngày thông báo kết luận")),
    Field(
        "signatures",
        gettext_lazy("Ai ký trên cổng, mỗi bên một dòng; trống nếu ký giấy"),
        is_list=True,
    ),
)


def _values(subject: Subject) -> dict[str, Any]:
    minutes = subject.minutes
    return {
        "held_day": long_day(minutes.held_on if minutes else None),
        "place": _place(minutes.place if minutes else ""),
        "participants": paragraphs(minutes.participants if minutes else ""),
        "lines": paragraphs(minutes.text if minutes else ""),
        "conclusion_no": subject.inspection.conclusion_no or BLANK,
        "conclusion_day": day_words(subject.inspection.concluded_on),
        "signatures": _signatures(minutes),
    }


#: What a place begins with that is no name, as people write it at the beginning of a field.
_ROOMS = ("Trụ sở", "Hội trường", "Phòng họp")


def _place(text: str) -> str:
    """Where it was, inside a sentence: "trụ sở Đảng ủy xã Bảo Lâm", "Sở Nội vụ"."""
    text = known(text)
    return lower_first(text) if text.startswith(_ROOMS) else text


def _signatures(minutes: Minutes | None) -> list[str]:
    """Who signed in the portal for either side; nothing where it was done on paper."""
    if minutes is None or not minutes.team_signed_on:
        return []
    if minutes.is_signed and minutes.unit_signed_by_id is None:
        return []
    team = (minutes.team_signed_by, minutes.team_signed_on)
    sides = [f"Đoàn kiểm tra đã ký trên cổng: {team[0]}, ngày {short_day(team[1])}."]
    if minutes.unit_signed_on:
        day = short_day(minutes.unit_signed_on)
        sides.append(f"Đơn vị đã ký trên cổng: {minutes.unit_signer}, ngày {day}.")
    return sides


def _lacks(subject: Subject) -> list[str]:
    if subject.minutes is None:
        return [_("chưa có biên bản")]
    return [] if subject.minutes.is_signed else [_("chưa ký")]


def _recipients(subject: Subject) -> Sequence[str]:
    return ("- Đơn vị được kiểm tra,", TEAM_KEEPS)


def _form(
    kind: DocumentKind,
    about: str,
    opening: str,
    *,
    signers: Sequence[Sequence[str]] = (_UNIT, _WRITER, _TEAM),
    issuer: Issuer = Issuer.TEAM,
    type_name: str = "BIÊN BẢN",
    closing: str = (
        f"Biên bản gồm {BLANK} trang, lập thành {BLANK} bản; đã đọc lại, các bên thống nhất nội"
        " dung và ký tên."
    ),
    recipients: Any = _recipients,
) -> DocumentForm:
    return DocumentForm(
        kind=kind,
        code="BB",
        type_name=type_name,
        issuer=issuer,
        reach=Reach.MINUTES,
        outline=(
            Say(opening),
            Say("I- THÀNH PHẦN", HEADING),
            Lines("participants"),
            Say("II- NỘI DUNG", HEADING),
            Lines("lines"),
            Say(closing),
            Lines("signatures"),
        ),
        fields=_FIELDS,
        about=lambda subject: about.format(
            task=task_words(subject.inspection), unit=_unit_words(subject)
        ),
        values=_values,
        lacks=_lacks,
        recipients=recipients,
        own_number=lambda subject: subject.minutes.number if subject.minutes else "",
        own_day=lambda subject: subject.minutes.held_on if subject.minutes else None,
        signers=signers,
    )


def _unit_words(subject: Subject) -> str:
    unit = subject.minutes.inspected_unit if subject.minutes else None
    return f" với {unit_words(unit.unit)}" if unit else ""


_DECISION = "Quyết định số {{ decision_no }}, ngày {{ decision_day }} của {{ decider }}"
FORMS = (
    _form(
        DocumentKind.KT4,
        "triển khai quyết định {task}",
        "Hôm nay, {{ held_day }}, tại {{ place }}, Đoàn kiểm tra triển khai " + _DECISION + ".",
    ),
    _form(
        DocumentKind.KT6,
        "làm việc{unit}",
        "Hôm nay, {{ held_day }}, tại {{ place }}, Đoàn kiểm tra theo "
        + _DECISION
        + " làm việc với {{ unit_name or '"
        + BLANK
        + "' }}.",
    ),
    _form(
        DocumentKind.KT7,
        "thẩm tra, xác minh",
        "Hôm nay, {{ held_day }}, tại {{ place }}, Đoàn kiểm tra theo "
        + _DECISION
        + " thẩm tra, xác minh những nội dung cần làm rõ"
        "{% if unit_name %} về {{ unit_name }}{% endif %}.",
        signers=(("ĐẠI DIỆN", "NƠI XÁC MINH"), _WRITER, _TEAM),
    ),
    _form(
        DocumentKind.KT9,
        "hội nghị xem xét báo cáo kết quả {task}",
        "Hội nghị họp {{ held_day }}, tại {{ place }}, xem xét báo cáo kết quả kiểm tra theo "
        + _DECISION
        + ".",
        signers=(("XÁC NHẬN SAO TRÍCH",), ("NGƯỜI TRÍCH BIÊN BẢN",)),
        issuer=Issuer.BODY,
        type_name="TRÍCH BIÊN BẢN",
        closing=f"Trích nguyên văn từ biên bản hội nghị, gồm {BLANK} trang.",
        recipients=lambda subject: ("- Đoàn kiểm tra,", kept_by(subject.inspection.unit)),
    ),
    _form(
        DocumentKind.KT11,
        "triển khai thông báo kết luận {task}",
        "Hôm nay, {{ held_day }}, tại {{ place }}, Đoàn kiểm tra triển khai Thông báo số {{"
        " conclusion_no }}, ngày {{ conclusion_day }} của {{ decider }} về kết luận kiểm tra"
        "{% if unit_name %} đối với {{ unit_name }}{% endif %}.",
    ),
)
