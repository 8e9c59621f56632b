"""The fields of a file as people edit them: one text for each value, read and judged in one place.

A value's text is canonical: what the import's columns take and what a person reads back ("10/1965",
"female", "SNV"). So the texts of three versions of a field can be compared, kept and shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Literal, cast

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.common import clock
from cadres.choices import Degree, DisciplineKind, Grade, Sex, Theory, TrainingKind
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import (
    Appointment,
    Biography,
    Cadre,
    Discipline,
    Evaluation,
    Training,
)
from cadres.models.biography import PARTIAL_DATES
from cadres.sheets import APPOINTMENTS, CADRES
from cadres.sheets import DISCIPLINES as DISCIPLINE_SHEET
from cadres.sheets import EVALUATIONS as EVALUATION_SHEET
from cadres.sheets import TRAININGS as TRAINING_SHEET
from cadres.workbook.columns import BirthDate, Column, Text, Whole, shown
from cadres.workbook.faults import CellFault
from cadres.workbook.reading import clean
from cadres.workbook.schema import Sheet

Words = str | Promise
Kind = Literal["line", "lines", "choice", "date", "partial", "number", "unit", "home", "title"]
#: Answers the unit or title that a code stands for, None when there is none for the actor.
Find = Callable[[str, str], Any]

#: Kinds whose text is the code of another row.
COUPLED = ("unit", "home", "title")
#: How far ahead a salary may already be decided.
_AHEAD = dt.timedelta(days=366)

# ---- Columns that the workbook does not have -------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PartialDate(BirthDate):
    """A date of a biography, of which day and month may be missing."""

    may_be_ahead: bool = False

    def parse(self, value: Any) -> tuple[dt.date, str]:
        try:
            day, precision = self._read(value)
        except CellFault as fault:
            if fault.message and "lịch" in str(fault.message):
                raise
            message = _(
                "“%(value)s” không phải là ngày. Hãy ghi như 22/11/2026, 11/2026 hoặc 2026."
            )
            raise CellFault("not_a_date", message % {"value": shown(value)}) from None
        if day.year < 1900:
            message = _("“%(value)s” trước năm 1900. Hãy kiểm tra lại năm.")
            raise CellFault("out_of_range", message % {"value": shown(value)})
        if day > clock.today() + (_AHEAD if self.may_be_ahead else dt.timedelta(0)):
            message = _("“%(value)s” ở tương lai. Hãy kiểm tra lại ngày.")
            raise CellFault("out_of_range", message % {"value": shown(value)})
        return day, precision


@dataclass(frozen=True, kw_only=True)
class Coefficient(Column):
    """A number with at most two decimals, written 4,40 or 4.4."""

    low: Decimal = Decimal("0.01")

    sql_type: ClassVar[str] = "numeric"

    def parse(self, value: Any) -> Decimal:
        try:
            number = Decimal(str(value).replace(",", ".").replace(" ", ""))
            exact = number.quantize(Decimal("0.01"))
        except InvalidOperation:
            number, exact = Decimal(0), Decimal(-1)
        if number != exact or not self.low <= exact < 100:
            message = _("“%(value)s” không phải là hệ số. Hãy ghi như 4,40.")
            raise CellFault("out_of_range", message % {"value": shown(value)})
        return exact


# ---- One field -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FileField:
    """One field. `column` judges what is typed; `attribute` is where the model keeps the value."""

    key: str
    label: Words
    kind: Kind
    column: Column
    attribute: str
    choices: tuple[tuple[str, Words], ...] = ()
    help: Words = ""
    is_required: bool = False
    is_sensitive: bool = False

    def text_of(self, row: Model | None) -> str:
        """The canonical text of the value in `row`; "" when there is none."""
        value = getattr(row, self.attribute, None) if row is not None else None
        if value is None or value == "":
            return ""
        if self.kind in COUPLED:
            return str(value.code)
        return self._text(value, getattr(row, f"{self._precision}", ""))

    def parse(self, text: str, find: Find) -> tuple[str, dict[str, Any]]:
        """The canonical text of what was typed and the model's values. Raises CellFault."""
        text = clean(text.replace("\r\n", "\n"))
        if text == "":
            if self.is_required:
                message = _("Thiếu %(label)s. Mục này bắt buộc, hãy điền vào.")
                raise CellFault("required", message % {"label": _lower(self.label)})
            return "", self._nothing()
        if self.kind in COUPLED:
            found = find(self.kind, text)
            if found is None:
                raise CellFault("unknown_reference", self._not_found(text))
            return found.code, {self.attribute: found}
        value = self.column.parse(text)
        if self.kind == "partial":
            day, precision = value
            values = {self.attribute: day, self._precision: precision}
            return self._text(day, precision), values
        return self._text(value, ""), {self.attribute: value}

    def words(self, text: str, names: Mapping[str, str] | None = None) -> str:
        """What a reader sees for a canonical text: the word of a list, the name of a unit."""
        if self.choices:
            return str(dict(self.choices).get(text, text))
        if self.kind in COUPLED and text:
            return (names or {}).get(f"{self.kind}:{text}", text)
        return text

    @property
    def _precision(self) -> str:
        # The one pair that was there before this habit.
        if self.attribute == "birth_date":
            return "birth_precision"
        return f"{self.attribute}_precision"

    def _nothing(self) -> dict[str, Any]:
        empty = None if self._is_null else ""
        values: dict[str, Any] = {self.attribute: empty}
        return {**values, self._precision: ""} if self.kind == "partial" else values

    @property
    def _is_null(self) -> bool:
        if self.kind in ("line", "lines"):
            return False
        return self.key not in ("sex", "ethnicity_code")

    def _text(self, value: Any, precision: str) -> str:
        if isinstance(value, dt.date):
            parts = {"month": (value.month,), "year": ()}.get(precision, (value.day, value.month))
            return "/".join([*(f"{part:02}" for part in parts), f"{value.year:04}"])
        if isinstance(value, Decimal):
            return f"{value:.2f}".replace(".", ",")
        if self.choices:
            values: Mapping[str, Any] = getattr(self.column, "values", {})
            return next((word for word, kept in values.items() if kept == value), str(value))
        return str(value)

    def _not_found(self, text: str) -> str:
        if self.kind == "title":
            message = _("Không có chức danh “%(value)s”. Hãy chọn trong danh sách.")
        else:
            message = _(
                "Không tìm thấy đơn vị “%(value)s” trong phạm vi của đồng chí. Hãy gõ mã hoặc đúng "
                "tên đơn vị, rồi chọn trong gợi ý."
            )
        return message % {"value": shown(text)}


def _lower(label: Words) -> str:
    text = str(label)
    return text[:1].lower() + text[1:]


# ---- Sections --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a file: one row of `model` for a person, or many where `is_many`.

    `slug` stands in addresses. `groups` divides the fields of a long form under headings.
    """

    slug: str
    title: Words
    model: type[Model]
    fields: tuple[FileField, ...]
    is_many: bool = False
    one: Words = ""
    is_sensitive: bool = False
    #: The sheet of the exchange workbook with the same rows.
    sheet: Sheet | None = None
    groups: tuple[tuple[Words, tuple[str, ...]], ...] = ()
    by_key: dict[str, FileField] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_key.update({one.key: one for one in self.fields})

    def texts_of(self, row: Model | None) -> dict[str, str]:
        """Canonical texts of all fields."""
        return {one.key: one.text_of(row) for one in self.fields}


def _of_sheet(
    sheet: Sheet, key: str, kind: Kind, *, attribute: str = "", label: Words = "", **more: Any
) -> FileField:
    column = sheet.by_key[key]
    return FileField(
        key=key,
        label=label or column.label,
        kind=kind,
        column=column,
        attribute=attribute or key,
        is_required=column.required,
        help=more.pop("help", column.help),
        **more,
    )


def _listed(choices: Any, *, by_name: bool = False) -> tuple[tuple[str, Words], ...]:
    if by_name:
        return tuple((member.name, member.label) for member in choices)
    return tuple((member.value, member.label) for member in choices)


_DEGREES = tuple((member.name.lower(), member.label) for member in Degree)
_THEORIES = tuple((member.name.lower(), member.label) for member in Theory)
_UNIT_HELP = gettext_lazy("Gõ mã hoặc một phần tên rồi chọn trong gợi ý.")
_DAY_HELP = gettext_lazy("Ghi như 22/11/2026.")
_PARTIAL_HELP = gettext_lazy("Ghi 22/11/2026, 11/2026 hoặc 2026 khi không rõ ngày, tháng.")


def _identity() -> Section:
    return Section(
        slug="chung",
        title=gettext_lazy("Thông tin chung"),
        model=Cadre,
        sheet=CADRES,
        fields=(
            _of_sheet(CADRES, "full_name", "line"),
            _of_sheet(CADRES, "sex", "choice", choices=_listed(Sex)),
            _of_sheet(CADRES, "birth_date", "partial"),
            _of_sheet(
                CADRES,
                "ethnicity_code",
                "choice",
                label=gettext_lazy("Dân tộc"),
                choices=tuple(ETHNIC_GROUPS.items()),
                is_sensitive=True,
                help="",
            ),
            _of_sheet(
                CADRES,
                "native_unit_code",
                "home",
                attribute="native_unit",
                label=gettext_lazy("Quê quán (đơn vị trong tỉnh)"),
                help=gettext_lazy(
                    "Dùng để xét “người địa phương”. Quê ở nơi khác ghi ở phần Lý lịch chi tiết."
                ),
            ),
            _of_sheet(CADRES, "party_joined_on", "date", help=_DAY_HELP),
            _of_sheet(CADRES, "degree", "choice", choices=_DEGREES),
            _of_sheet(CADRES, "theory", "choice", choices=_THEORIES),
            _of_sheet(CADRES, "retires_on", "date"),
        ),
    )


_LONG = ("organisations", "honours", "rewards")
_NUMBERS: dict[str, Column] = {
    "salary_step": Whole(key="salary_step", label="", low=1, high=20),
    "salary_coefficient": Coefficient(key="salary_coefficient", label=""),
    "position_allowance": Coefficient(key="position_allowance", label="", low=Decimal(0)),
}
_HELP: dict[str, Words] = {
    "native_place": gettext_lazy("Xã, tỉnh như ghi trong lý lịch gốc."),
    "organisations": gettext_lazy("Mỗi tổ chức một dòng, kèm ngày vào: Đoàn TNCS, Công đoàn, Hội…"),
    "general_education": gettext_lazy("Ví dụ: 12/12, 10/10."),
    "academic_title": gettext_lazy("Ví dụ: Tiến sĩ Kinh tế, 2018."),
    "foreign_languages": gettext_lazy("Ví dụ: Tiếng Anh B1; tiếng Trung giao tiếp."),
    "minority_languages": gettext_lazy("Ví dụ: tiếng Tày (nói được), tiếng Mông (chứng chỉ)."),
    "state_management": gettext_lazy("Ví dụ: chuyên viên chính, 2021."),
    "salary_coefficient": gettext_lazy("Ghi như 4,40."),
    "position_allowance": gettext_lazy("Ghi như 0,70."),
    "honours": gettext_lazy("Mỗi danh hiệu một dòng, kèm năm."),
    "rewards": gettext_lazy("Mỗi hình thức một dòng, kèm năm: huân chương, bằng khen…"),
}
_BIOGRAPHY_GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (
        gettext_lazy("Quê quán, nơi ở"),
        ("other_name", "birth_place", "native_place", "residence", "phone"),
    ),
    (
        gettext_lazy("Tuyển dụng"),
        ("former_work", "recruited_on", "recruited_by", "joined_agency_on", "joined_revolution_on"),
    ),
    (
        gettext_lazy("Đảng, đoàn thể, quân đội"),
        ("party_official_on", "organisations", "enlisted_on", "discharged_on", "military_rank"),
    ),
    (
        gettext_lazy("Trình độ"),
        (
            "general_education",
            "academic_title",
            "state_management",
            "foreign_languages",
            "minority_languages",
            "informatics",
        ),
    ),
    (
        gettext_lazy("Công tác, ngạch và lương"),
        (
            "main_work",
            "civil_rank",
            "civil_rank_code",
            "salary_step",
            "salary_coefficient",
            "salary_from",
            "position_allowance",
        ),
    ),
    (
        gettext_lazy("Khen thưởng, sở trường"),
        ("honours", "strengths", "longest_work", "rewards"),
    ),
)


def _biography() -> Section:
    keys = [key for _heading, group in _BIOGRAPHY_GROUPS for key in group]
    return Section(
        slug="chi-tiet",
        title=gettext_lazy("Lý lịch chi tiết"),
        model=Biography,
        fields=tuple(_biography_field(key) for key in keys),
        groups=_BIOGRAPHY_GROUPS,
    )


def _biography_field(key: str) -> FileField:
    kept = cast("Field[Any, Any]", Biography._meta.get_field(key))
    label = capfirst(kept.verbose_name)
    kind: Kind = "line"
    column: Column
    if key in PARTIAL_DATES:
        kind, column = (
            "partial",
            PartialDate(key=key, label=label, may_be_ahead=key == "salary_from"),
        )
    elif key in _NUMBERS:
        kind, column = "number", _NUMBERS[key]
    else:
        kind = "lines" if key in _LONG else "line"
        column = Text(key=key, label=label, max_length=kept.max_length or 4000)
    help_text = _HELP.get(key, _PARTIAL_HELP if kind == "partial" else "")
    return FileField(key=key, label=label, kind=kind, column=column, attribute=key, help=help_text)


IDENTITY = _identity()
BIOGRAPHY = _biography()
CAREER = Section(
    slug="cong-tac",
    title=gettext_lazy("Quá trình công tác"),
    one=gettext_lazy("chức vụ"),
    model=Appointment,
    is_many=True,
    sheet=APPOINTMENTS,
    fields=(
        _of_sheet(
            APPOINTMENTS,
            "title_code",
            "title",
            attribute="title",
            label=gettext_lazy("Chức danh"),
        ),
        _of_sheet(
            APPOINTMENTS,
            "unit_code",
            "unit",
            attribute="unit",
            label=gettext_lazy("Đơn vị"),
            help=_UNIT_HELP,
        ),
        _of_sheet(APPOINTMENTS, "start_on", "date", help=_DAY_HELP),
        _of_sheet(APPOINTMENTS, "end_on", "date"),
        _of_sheet(APPOINTMENTS, "decision_no", "line"),
    ),
)
TRAININGS = Section(
    slug="dao-tao",
    title=gettext_lazy("Đào tạo, bồi dưỡng"),
    one=gettext_lazy("khóa học"),
    model=Training,
    is_many=True,
    sheet=TRAINING_SHEET,
    fields=(
        _of_sheet(
            TRAINING_SHEET,
            "course",
            "line",
            label=gettext_lazy("Khóa học, ngành học"),
        ),
        _of_sheet(TRAINING_SHEET, "kind", "choice", choices=_listed(TrainingKind)),
        _of_sheet(TRAINING_SHEET, "start_on", "date", help=_DAY_HELP),
        _of_sheet(TRAINING_SHEET, "end_on", "date", help=_DAY_HELP),
        _of_sheet(
            TRAINING_SHEET, "result", "line", help=gettext_lazy("Ví dụ: Khá, đã hoàn thành.")
        ),
        FileField(
            key="school",
            label=gettext_lazy("Trường, cơ sở đào tạo"),
            kind="line",
            column=Text(key="school", label="", max_length=200),
            attribute="school",
        ),
        FileField(
            key="study_form",
            label=gettext_lazy("Hình thức học"),
            kind="line",
            column=Text(key="study_form", label="", max_length=80),
            attribute="study_form",
            help=gettext_lazy("Ví dụ: chính quy, vừa làm vừa học, bồi dưỡng."),
        ),
        FileField(
            key="certificate",
            label=gettext_lazy("Văn bằng, chứng chỉ"),
            kind="line",
            column=Text(key="certificate", label="", max_length=120),
            attribute="certificate",
        ),
    ),
)
EVALUATIONS = Section(
    slug="xep-loai",
    title=gettext_lazy("Đánh giá, xếp loại"),
    one=gettext_lazy("kết quả xếp loại"),
    model=Evaluation,
    is_many=True,
    sheet=EVALUATION_SHEET,
    fields=(
        _of_sheet(EVALUATION_SHEET, "year", "number"),
        _of_sheet(
            EVALUATION_SHEET, "grade", "choice", choices=_listed(reversed(Grade), by_name=True)
        ),
        _of_sheet(
            EVALUATION_SHEET,
            "unit_code",
            "unit",
            attribute="unit",
            label=gettext_lazy("Đơn vị đánh giá"),
            help=_UNIT_HELP,
        ),
    ),
)
DISCIPLINES = Section(
    slug="ky-luat",
    title=gettext_lazy("Kỷ luật"),
    one=gettext_lazy("hình thức kỷ luật"),
    model=Discipline,
    is_many=True,
    is_sensitive=True,
    sheet=DISCIPLINE_SHEET,
    fields=(
        _of_sheet(DISCIPLINE_SHEET, "kind", "choice", choices=_listed(DisciplineKind)),
        _of_sheet(DISCIPLINE_SHEET, "decided_on", "date", help=_DAY_HELP),
        _of_sheet(
            DISCIPLINE_SHEET,
            "effective_to",
            "date",
            help=gettext_lazy("Ngày cuối cùng còn hiệu lực; để trống khi chưa rõ."),
        ),
    ),
)

SECTIONS = (IDENTITY, BIOGRAPHY, CAREER, TRAININGS, EVALUATIONS, DISCIPLINES)
SECTION_BY_SLUG = {section.slug: section for section in SECTIONS}
#: Sections of one row, whose fields a round may ask for.
SINGLE_SECTIONS = (IDENTITY, BIOGRAPHY)
SINGLE_FIELDS = {one.key: one for section in SINGLE_SECTIONS for one in section.fields}


# ---- Three versions of a row -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FieldConflict:
    """Two people changed one field to different values. Canonical texts."""

    field: FileField
    before: str
    mine: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class Merge:
    """What a row becomes when two edits meet; `theirs` are fields taken over from the other."""

    texts: dict[str, str]
    conflicts: tuple[FieldConflict, ...]
    theirs: tuple[FileField, ...]


def merged(
    section: Section,
    *,
    base: Mapping[str, str],
    mine: Mapping[str, str],
    now: Mapping[str, str],
) -> Merge:
    """Put my edit of `base` upon what the row says `now`, field by field.

    A field that I left alone keeps what it says now; one that only I changed takes mine; where
    both changed it, differently, there is a conflict, and `texts` has mine. A field missing in
    `base` counts as changed by both; one missing in `mine` as left alone.
    """
    texts: dict[str, str] = {}
    conflicts: list[FieldConflict] = []
    theirs: list[FileField] = []
    for one in section.fields:
        current, before = now[one.key], base.get(one.key)
        typed = mine.get(one.key, before if before is not None else current)
        texts[one.key] = current if typed == before else typed
        if before == current or typed == current:
            continue
        if typed == before:
            theirs.append(one)
        else:
            conflicts.append(
                FieldConflict(field=one, before=before or "", mine=typed, theirs=current)
            )
    return Merge(texts=texts, conflicts=tuple(conflicts), theirs=tuple(theirs))
