"""What the papers of an inspection share: how a paper is declared, heads, numbers, lists of people.

A paper is in Vietnamese whatever language the person reads the portal in. What is not known is
printed as dots to be filled in by hand, never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cadres.choices import Level, UnitKind
from cadres.exports.outline import Part
from cadres.exports.papers import CENTRED, PaperColumn
from cadres.exports.word_fields import Field
from cadres.papers import PaperHead, head_of_paper, issuing_body, short_day, signature_of
from inspections.choices import DocumentKind, TeamRole
from inspections.models import InspectedUnit, Minutes, RegisteredDocument, TeamMember
from inspections.selectors.papers import MINUTES_OF, Source
from inspections.wording import lower_first, unit_words

BLANK = "……"
TEAM_CODE, TEAM_NAME = "ĐKT", "ĐOÀN KIỂM TRA"
#: What decides in a body's name begins so; else it is a person.
_BODIES = ("Ban", "Bộ", "Ủy ban", "Tỉnh ủy", "Thành ủy", "Huyện ủy", "Đảng ủy", "Thường trực")
#: They decide together, and one signs for all.
_CENTRAL_BODIES = ("Bộ Chính trị", "Ban Bí thư")
NUMBER = PaperColumn(key="number", head="TT", width=9, align=CENTRED)


class Issuer(Enum):
    """Whose paper it is."""

    BODY = "body"
    TEAM = "team"
    UNIT = "unit"


class Reach(Enum):
    """What one paper of the kind is about."""

    WHOLE = "whole"
    UNIT = "unit"
    MINUTES = "minutes"


@dataclass(frozen=True)
class Subject:
    """One paper: the data it is made of, and the unit or the minutes that it is about."""

    source: Source
    inspected: InspectedUnit | None = None
    minutes: Minutes | None = None

    @property
    def inspection(self) -> Any:
        """The inspection."""
        return self.source.inspection

    @property
    def address(self) -> dict[str, int]:
        """The query by which pages find it again."""
        if self.minutes:
            return {"bien-ban": self.minutes.pk}
        return {"don-vi": self.inspected.pk} if self.inspected else {}


@dataclass(frozen=True, kw_only=True)
class DocumentForm:
    """A kind of paper. `code`: of its type, first in its symbol; `type_name`: printed above.

    `values`: the fields that its words name, beside those all papers have (`common_values`);
    `lacks`: what is still missing for it, in words for the person; `own_number`, `own_day`: those
    that the inspection's own data give, before the register has any; `has_unit_copies`: beside the
    paper about all there is one for each unit, with what concerns it alone.
    """

    kind: DocumentKind
    code: str
    type_name: str
    issuer: Issuer
    reach: Reach
    outline: Sequence[Part]
    fields: Sequence[Field]
    about: Callable[[Subject], str]
    values: Callable[[Subject], Mapping[str, Any]]
    lacks: Callable[[Subject], list[str]]
    to: Callable[[Subject], str] = lambda _subject: ""
    recipients: Callable[[Subject], Sequence[str]] = lambda _subject: ()
    own_number: Callable[[Subject], str] = lambda _subject: ""
    own_day: Callable[[Subject], dt.date | None] = lambda _subject: None
    signers: Sequence[Sequence[str]] = ()
    has_unit_copies: bool = False
    is_told_sensitive: Callable[[Subject], bool] = lambda _subject: False

    @property
    def template(self) -> str:
        """The Word file, without the ending."""
        return f"inspection_{self.kind.value}"

    @property
    def label(self) -> str | Promise:
        """What it is called on pages."""
        return self.kind.label


def subjects_of(form: DocumentForm, source: Source) -> Iterator[Subject]:
    """The papers of a kind: one about all, one for each unit, or one for each minutes."""
    if form.reach == Reach.MINUTES:
        kind = MINUTES_OF[form.kind]
        for each in source.minutes:
            if each.kind == kind:
                yield Subject(source, each.inspected_unit, each)
        return
    if form.reach == Reach.WHOLE and source.side is None:
        yield Subject(source)
    if form.reach == Reach.UNIT or form.has_unit_copies:
        for unit in source.units:
            if unit.pk in source.seen:
                yield Subject(source, unit)
    elif source.side is not None:
        yield Subject(source)


# ---- Heads and numbers -----------------------------------------------------------------------


def paper_unit(form: DocumentForm, subject: Subject) -> Any:
    """The unit under whose head the paper stands; of the team's, the issuing one."""
    if form.issuer == Issuer.UNIT and subject.inspected:
        return subject.inspected.unit
    return subject.inspection.unit


def paper_head(form: DocumentForm, subject: Subject, day: dt.date | None) -> PaperHead:
    """Superior body, issuing body, place and date."""
    unit = paper_unit(form, subject)
    above = subject.source.superiors(unit)
    if form.issuer != Issuer.TEAM:
        return head_of_paper(unit, above, day)
    head = head_of_paper(unit, above, day)
    return PaperHead(superior=issuing_body(unit), body=TEAM_NAME, place_and_day=head.place_and_day)


def body_code(unit: Any) -> str:
    """The body in a symbol: "TU" of the provincial committee, "ĐU" of a commune's, else the first
    letters of its name. A proposal: whoever registers may write another."""
    if unit.kind == UnitKind.PARTY_COMMITTEE and unit.level == Level.PROVINCE:
        return "TU"
    if unit.kind == UnitKind.COMMUNE or unit.name.startswith("Đảng ủy"):
        return "ĐU"
    return "".join(word[0] for word in unit.name.split() if word[0].isalpha()).upper()


def symbol_of(form: DocumentForm, subject: Subject) -> str:
    """The symbol a paper of the kind is proposed to have: "QĐ/TU"."""
    body = TEAM_CODE if form.issuer == Issuer.TEAM else body_code(paper_unit(form, subject))
    return f"{form.code}/{body}"


def line_of(form: DocumentForm, subject: Subject) -> RegisteredDocument | None:
    """The line of the register for the paper."""
    return subject.source.registered(form.kind, subject.inspected, subject.minutes)


def number_of(form: DocumentForm, subject: Subject) -> str:
    """Its number: of the register, else what the inspection says, else ""."""
    line = line_of(form, subject)
    return (line.full_number if line else "") or form.own_number(subject)


def day_of(form: DocumentForm, subject: Subject) -> dt.date | None:
    """Its day, likewise."""
    line = line_of(form, subject)
    return (line.dated_on if line else None) or form.own_day(subject)


def signature(form: DocumentForm, subject: Subject) -> tuple[tuple[str, ...], str]:
    """The lines above the signature, and the name below where it is known."""
    if form.issuer == Issuer.TEAM:
        return ("T/M ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN"), lead_name(subject.source)
    issuer = subject.inspection.issuer.strip()
    if form.issuer == Issuer.BODY and issuer in _CENTRAL_BODIES:
        return (f"T/M {issuer.upper()}",), ""
    return signature_of(paper_unit(form, subject)), ""


def kept_by(unit: Any) -> str:
    """The last line of who gets a paper."""
    if unit.kind == UnitKind.PARTY_COMMITTEE and unit.level == Level.PROVINCE:
        return "- Lưu Văn phòng Tỉnh ủy."
    if unit.kind in (UnitKind.PARTY_COMMITTEE, UnitKind.COMMUNE):
        return "- Lưu Đảng ủy."
    return f"- Lưu {unit.name}."


TEAM_KEEPS = "- Lưu hồ sơ Đoàn kiểm tra."


# ---- Words -----------------------------------------------------------------------------------


def day_words(day: dt.date | None) -> str:
    """ "05/9/2026" as papers cite days, dots where there is none."""
    return short_day(day) if day else BLANK


def known(text: str) -> str:
    """The text without a full stop at its end, dots where there is none."""
    return text.strip().rstrip(".") or BLANK


def paragraphs(text: str) -> list[str]:
    """What was written, a paragraph for each line; dots where nothing was."""
    return [line.strip() for line in text.splitlines() if line.strip()] or [BLANK]


def sentence(text: str) -> str:
    """With a full stop at its end, unless it ends with another mark."""
    text = text.strip()
    return text if text.endswith((".", "…", ":", ";", "!", "?")) else f"{text}."


def listed(items: Iterable[str]) -> list[str]:
    """ "1- …;" for each, the last with a full stop; dots where there is none."""
    rows = list(items)
    return [
        f"{number}- {text}{'.' if number == len(rows) else ';'}"
        for number, text in enumerate(rows, start=1)
    ] or [BLANK]


def joined(items: Iterable[str]) -> str:
    """What is not empty, by commas; dots where there is nothing."""
    return ", ".join(filter(None, items)) or BLANK


def task_words(inspection: Any) -> str:
    """What is done: "kiểm tra công tác quy hoạch"."""
    name = lower_first(inspection.name.strip().rstrip("."))
    return name if name.startswith("kiểm tra") else f"kiểm tra: {inspection.name.strip()}"


def body_name(subject: Subject) -> str:
    """Who decides, as it is written in sentences: the body that signs, else the issuing unit."""
    issuer = subject.inspection.issuer.strip()
    return issuer if issuer.startswith(_BODIES) else str(subject.inspection.unit)


# ---- The team --------------------------------------------------------------------------------

_ORDER = {role: place for place, role in enumerate(TeamRole.values)}


def team_of(source: Source) -> list[TeamMember]:
    """The lead first, then deputies, members, the secretary."""
    return sorted(source.team, key=lambda member: (_ORDER[member.role], member.pk))


def lead_name(source: Source) -> str:
    """Who leads the team, "" while nobody does."""
    return next((str(m.user) for m in source.team if m.role == TeamRole.LEAD), "")


def person_words(member: TeamMember) -> str:
    """ "Đồng chí A, Phó Trưởng ban, Trưởng đoàn"."""
    role = str(TeamRole(member.role).label)
    return joined([f"Đồng chí {member.user}", member.post.strip(), role])


# ---- What every paper has --------------------------------------------------------------------

COMMON_FIELDS: tuple[Field, ...] = (
    Field("superior", _("Cơ quan cấp trên, ở đầu văn bản")),
    Field("body", _("Cơ quan ban hành, ở đầu văn bản")),
    Field("number", _("Số và ký hiệu, có chữ “Số” đứng trước")),
    Field("place_and_day", _("Địa danh, ngày tháng năm")),
    Field("kind", _("Tên loại văn bản, chữ in hoa")),
    Field("about", _("Trích yếu")),
    Field("to", _("Kính gửi; trống nếu không có")),
    Field("signature", _("Các dòng trên chữ ký"), is_list=True),
    Field("signer", _("Họ tên người ký; trống nếu chưa biết")),
    Field("recipients", _("Nơi nhận, mỗi nơi một dòng"), is_list=True),
    Field("inspection_name", _("Tên cuộc kiểm tra")),
    Field("task", _("Việc kiểm tra, viết thường ở đầu để đặt giữa câu")),
    Field("issuing_unit", _("Cơ quan kiểm tra")),
    Field("decider", _("Tập thể quyết định, ví dụ Ban Thường vụ Tỉnh ủy")),
    Field("decision_no", _("Số quyết định thành lập đoàn")),
    Field("decision_day", _("Ngày quyết định thành lập đoàn")),
    Field("law", _("Quy định được kiểm tra việc thực hiện")),
    Field("period_from", _("Mốc thời gian kiểm tra: từ ngày")),
    Field("period_to", _("Mốc thời gian kiểm tra: đến ngày")),
    Field("starts_day", _("Ngày bắt đầu kiểm tra")),
    Field("ends_day", _("Ngày kết thúc kiểm tra, kể cả gia hạn")),
    Field("days", _("Số ngày kiểm tra")),
    Field("evidence_day", _("Ngày chốt số liệu")),
    Field("lead", _("Họ tên trưởng đoàn")),
    Field("unit_count", _("Số đơn vị được kiểm tra")),
    Field("unit_names", _("Tên các đơn vị được kiểm tra, cách nhau dấu phẩy")),
    Field("unit_name", _("Tên đơn vị mà văn bản nói đến; trống với văn bản chung")),
)


def common_values(form: DocumentForm, subject: Subject) -> dict[str, Any]:
    """Fields that all papers have, but for the head (`making.make`)."""
    inspection = subject.inspection
    unit = subject.inspected or (subject.minutes and subject.minutes.inspected_unit)
    return {
        "kind": form.type_name,
        "about": form.about(subject),
        "to": form.to(subject),
        "recipients": list(form.recipients(subject)),
        "inspection_name": inspection.name,
        "task": task_words(inspection),
        "issuing_unit": str(inspection.unit),
        "decider": body_name(subject),
        "decision_no": inspection.decision_no or BLANK,
        "decision_day": day_words(inspection.decision_on),
        "law": known(inspection.law_examined),
        "period_from": day_words(inspection.period_from),
        "period_to": day_words(inspection.period_to),
        "starts_day": day_words(inspection.starts_on),
        "ends_day": day_words(inspection.last_day),
        "days": (inspection.last_day - inspection.starts_on).days + 1,
        "evidence_day": day_words(inspection.evidence_on),
        "lead": lead_name(subject.source) or BLANK,
        "unit_count": len(subject.source.units),
        "unit_names": joined(unit_words(each.unit) for each in subject.source.units),
        "unit_name": unit_words(unit.unit) if unit else "",
    }
