"""People of a plan in few words: time left, degree, what is wrong with somebody in a pool."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cadres.choices import Degree, Theory
from compliance.choices import Outcome
from compliance.engine.findings import Finding


def months_left(months: int | None, *, exact: bool) -> str:
    """Time left as a list shows it: in years, exactly where it matters."""
    if months is None:
        return _("chưa rõ") if exact else ""
    if exact or months < 24:
        return _("%(n)s tháng") % {"n": months}
    return _("%(n)s năm") % {"n": months // 12}


DEGREES = {
    Degree.NONE: pgettext_lazy("trình độ", "chưa ĐT"),
    Degree.INTERMEDIATE: gettext_lazy("TC"),
    Degree.COLLEGE: gettext_lazy("CĐ"),
    Degree.BACHELOR: gettext_lazy("ĐH"),
    Degree.MASTER: gettext_lazy("ThS"),
    Degree.DOCTOR: gettext_lazy("TS"),
}
THEORIES = {
    Theory.NONE: pgettext_lazy("trình độ", "chưa học LLCT"),
    Theory.ELEMENTARY: gettext_lazy("SC LLCT"),
    Theory.INTERMEDIATE: gettext_lazy("TC LLCT"),
    Theory.ADVANCED: gettext_lazy("CC LLCT"),
    Theory.BACHELOR: gettext_lazy("CN LLCT"),
}


def note_of(finding: Finding) -> str:
    """A few words about what is wrong with a person in a pool."""
    unclear = finding.outcome == Outcome.CANNOT_TELL
    code = finding.rule.code.split(".")[1]
    if code == "qualification":
        return _qualification(finding)
    if code == "evaluation":
        return _("chưa có xếp loại năm trước") if unclear else _("không hoàn thành nhiệm vụ")
    if code == "higher_title":
        return _("chưa rõ chức vụ hiện tại") if unclear else _("không cao hơn chức vụ đang giữ")
    words = {
        "discipline": _("đang bị kỷ luật"),
        "titles_per_person": _("%(n)s chức danh") % {"n": finding.measured.get("total")},
        "ballot": _("phiếu không đạt"),
    }
    return words.get(code, str(finding.rule.short).lower())


def _qualification(finding: Finding) -> str:
    """Which of degree and theory is short or unknown."""
    parts = []
    for key, scale, name in (
        ("degree", Degree, _("chuyên môn")),
        ("theory", Theory, _("LLCT")),
    ):
        need, has = finding.required.get(f"min_{key}"), finding.measured.get(key)
        if need is None:
            continue
        if has is None:
            parts.append(_("%(what)s chưa rõ") % {"what": name})
        elif scale[has.upper()] < scale[need.upper()]:
            parts.append(
                _("cần %(what)s %(level)s")
                % {"what": name, "level": str(scale[need.upper()].label).lower()}
            )
    return ", ".join(parts) or str(finding.rule.short).lower()
