"""Short words of the planning pages: columns, measured values, the next step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags import formats
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding
from planning.selectors.stored import OTHER

#: key -> (head of the column, words inside a sentence)
COLUMNS = {
    "ages": (gettext_lazy("Ba độ tuổi"), gettext_lazy("ba độ tuổi")),
    "young": (gettext_lazy("Trẻ"), gettext_lazy("cán bộ trẻ")),
    "women": (gettext_lazy("Nữ"), gettext_lazy("tỷ lệ nữ")),
    "minority": (gettext_lazy("DTTS"), gettext_lazy("dân tộc thiểu số")),
    "open": (gettext_lazy("Tính “mở”"), gettext_lazy("tính “mở”")),
    "number": (gettext_lazy("Số lượng"), gettext_lazy("số lượng")),
    "standard": (gettext_lazy("Tiêu chuẩn"), gettext_lazy("tiêu chuẩn chức danh")),
    "review": (gettext_lazy("Rà soát"), gettext_lazy("rà soát hằng năm")),
    OTHER: (gettext_lazy("Khác"), gettext_lazy("tiêu chí khác")),
}
TITLES = {
    "ages": gettext_lazy("Số người dưới, trong và trên khoảng tuổi giữa"),
    "young": gettext_lazy("Tỷ lệ cán bộ trẻ, %"),
    "women": gettext_lazy("Tỷ lệ nữ, %"),
    "minority": gettext_lazy("Tỷ lệ cán bộ người dân tộc thiểu số, %"),
    "open": gettext_lazy("Số người từ nơi khác"),
    "number": gettext_lazy("Số chức danh thừa hoặc thiếu người"),
    "standard": gettext_lazy("Số lượt người chưa đạt tiêu chuẩn chức danh"),
    "review": gettext_lazy("Số tháng từ lần phê duyệt hoặc rà soát gần nhất"),
    OTHER: gettext_lazy(
        "Số kết quả chưa đạt ở tiêu chí còn lại: cơ cấu cấp ủy, từng người, liên thông"
    ),
}
LEVELS = {
    "central": (gettext_lazy("Trung ương"), gettext_lazy("TW")),
    "province": (gettext_lazy("Cấp tỉnh"), gettext_lazy("Tỉnh")),
    "district": (gettext_lazy("Cấp huyện"), gettext_lazy("Huyện")),
    "commune": (gettext_lazy("Cấp xã"), gettext_lazy("Xã")),
}


def measured_text(code: str, measured: Mapping[str, Any], *, unit: bool = False) -> str:
    """The measured value of a rule on plans as a cell shows it; with `unit` as a sentence does."""
    if code == "planning.three_age_bands":
        bands = "·".join(str(measured[band]) for band in ("young", "middle", "senior"))
        return f"{bands}·{measured['unknown']}?" if measured.get("unknown") else bands
    if code in _SHARES:
        share = formats.percent(measured.get("part"), measured.get("total"))
        return share if unit else share.replace(f"{formats.NBSP}%", "")
    if code == "planning.openness":
        part = measured.get("part")
        return _("%(n)s người") % {"n": part} if unit else str(part)
    if code == "planning.annual_review":
        months = measured.get("months")
        if months is None:
            return "?"
        return _("%(n)s tháng") % {"n": months} if unit else str(months)
    value = measured.get("breaks", measured.get("total"))
    if value is None:
        return ""
    return _("%(n)s người") % {"n": value} if unit else str(value)


_SHARES = {"planning.young_share", "planning.women_share", "planning.minority_share"}


#: key -> which required number a column asks for, and how its head says it.
_LIMITS = {
    "young": ("percent", "≥ %s %%"),
    "women": ("percent", "≥ %s %%"),
    "minority": ("percent", "≥ %s %%"),
    "open": ("minimum", gettext_lazy("≥ %s người")),
    "review": ("maximum_months", gettext_lazy("≤ %s tháng")),
}
_FIXED_LIMITS = {
    "ages": gettext_lazy("đủ 3 nhóm"),
    "number": gettext_lazy("lệch: 0"),
    "standard": gettext_lazy("thiếu: 0"),
    OTHER: gettext_lazy("vướng: 0"),
}


def limit_text(key: str, findings: Iterable[Finding]) -> str:
    """What a column asks, as short as its head: "≥ 25 %", "≥ 25–35 %" where units differ."""
    if key not in _LIMITS:
        return str(_FIXED_LIMITS.get(key, ""))
    name, text = _LIMITS[key]
    asked = (finding.required.get(name) for finding in findings)
    numbers = {int(number) for number in asked if number is not None}
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    return str(text) % (low if low == high else f"{low}–{high}")


def next_step(finding: Finding) -> str:
    """What to do first, from the finding's own sentence: its last part says it."""
    missing = _MISSING.get(finding.rule.code)
    if finding.outcome == Outcome.CANNOT_TELL and missing:
        step = _("Bổ sung %(what)s của %(n)s người") % {
            "what": missing,
            "n": finding.measured["unknown"],
        }
    else:
        step = last_sentence(finding.message)
    who = finding.labels.cadre_name or finding.labels.title_name
    if finding.kind == SubjectKind.PLAN or not who:
        return step
    return f"{who}: {step[:1].lower()}{step[1:]}"


#: What files lack where a rule on plans cannot tell.
_MISSING = {
    "planning.three_age_bands": gettext_lazy("ngày sinh"),
    "planning.young_share": gettext_lazy("ngày sinh"),
    "planning.women_share": gettext_lazy("giới tính"),
    "planning.minority_share": gettext_lazy("dân tộc"),
    "planning.openness": gettext_lazy("nơi công tác"),
}


def last_sentence(message: str) -> str:
    """The last sentence of a message, without its full stop and what goes without saying."""
    step = message.rstrip(".").rsplit(". ", 1)[-1]
    return step.removesuffix(", mỗi nhóm ít nhất 1").replace("; cần", ", cần")


def outcome_sentence(outcome: Outcome) -> str:
    """Words for a plan's worst outcome."""
    return {
        Outcome.MET: _("Đạt mọi tiêu chí"),
        Outcome.NOT_MET: _("Có tiêu chí chưa đạt"),
        Outcome.CANNOT_TELL: _("Có tiêu chí chưa rõ"),
        Outcome.NOT_APPLICABLE: _("Chưa kiểm tra"),
    }[outcome]
