"""Sheets of the exchange workbook that this app owns (CONTRACT section 2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cadres.choices import (
    Degree,
    DisciplineKind,
    Grade,
    Level,
    Sex,
    Theory,
    TitleKind,
    TrainingKind,
    UnitKind,
)
from cadres.workbook import tree
from cadres.workbook.columns import (
    BirthDate,
    Choice,
    Codes,
    Date,
    Flag,
    NumberedChoice,
    Reference,
    Text,
    Whole,
)
from cadres.workbook.schema import NoOverlap, Period, Sheet, register

LEVELS = {level.value: level.value for level in Level}
DEGREES = {degree.name.lower(): degree.value for degree in Degree}
THEORIES = {theory.name.lower(): theory.value for theory in Theory}
ETHNICITIES = {f"{number:02d}": f"{number:02d}" for number in range(1, 55)}

UNITS = Sheet(
    name="units",
    label=_("Đơn vị"),
    order=20,
    table="cadres_unit",
    columns=(
        Text(key="code", label=_("Mã đơn vị"), required=True, max_length=40),
        Text(key="name", label=_("Tên đơn vị"), required=True, max_length=200),
        Choice(
            key="kind", label=_("Loại"), required=True, values={k.value: k.value for k in UnitKind}
        ),
        Choice(key="level", label=_("Cấp"), required=True, values=LEVELS),
        Reference(
            key="parent_code",
            label=_("Mã đơn vị cấp trên"),
            sheet="units",
            own=True,
            stored=False,
            read="(SELECT p.code FROM cadres_unit p"
            " WHERE p.path = left(t.path, -4) AND p.depth = t.depth - 1)",
        ),
        Date(key="valid_from", label=_("Có từ ngày")),
        Date(key="valid_to", label=_("Đến hết ngày")),
        Codes(
            key="successor_codes",
            label=_("Mã các đơn vị kế tục"),
            sheet="units",
            read="(SELECT string_agg(n.code, ';' ORDER BY x.id)"
            " FROM cadres_unitsuccession x JOIN cadres_unit n ON n.id = x.successor_id"
            " WHERE x.unit_id = t.id)",
            help=_("Nhiều mã cách nhau bằng dấu chấm phẩy."),
        ),
    ),
    key=("code",),
    periods=(Period(start="valid_from", end="valid_to"),),
    checks=(tree.check_tree,),
    write=tree.write_units,
    export_order="t.path",
    export_scope="t.id IN (SELECT id FROM export_units)",
)

TITLES = Sheet(
    name="titles",
    label=_("Chức danh"),
    order=30,
    table="cadres_title",
    columns=(
        Text(key="code", label=_("Mã chức danh"), required=True, max_length=40),
        Text(key="name", label=_("Tên chức danh"), required=True, max_length=200),
        Choice(
            key="kind", label=_("Loại"), required=True, values={k.value: k.value for k in TitleKind}
        ),
        Whole(
            key="rank",
            label=_("Bậc"),
            required=True,
            low=-2_147_483_648,
            help=_("Số lớn hơn là chức danh cao hơn."),
        ),
        Flag(key="is_head", label=_("Người đứng đầu")),
        Choice(key="min_degree", label=_("Chuyên môn tối thiểu"), values=DEGREES),
        Choice(key="min_theory", label=_("Lý luận chính trị tối thiểu"), values=THEORIES),
        Flag(key="non_local_required", label=_("Không là người địa phương")),
    ),
    key=("code",),
    export_order='t.rank DESC, t.code COLLATE "C"',
    export_scope="t.id IN (SELECT id FROM export_titles)",
)

POSITIONS = Sheet(
    name="positions",
    label=_("Vị trí"),
    order=40,
    table="cadres_position",
    columns=(
        Reference(
            key="unit_code", label=_("Mã đơn vị"), required=True, sheet="units", field="unit_id"
        ),
        Reference(
            key="title_code",
            label=_("Mã chức danh"),
            required=True,
            sheet="titles",
            field="title_id",
        ),
        Whole(key="prescribed", label=_("Số lượng quy định"), required=True, low=1),
    ),
    key=("unit_code", "title_code"),
    export_order='unit_code.path, title_code.rank DESC, title_code.code COLLATE "C"',
    export_scope="t.unit_id IN (SELECT id FROM export_subtree)",
)

CADRES = Sheet(
    name="cadres",
    label=_("Cán bộ"),
    order=50,
    table="cadres_cadre",
    columns=(
        Text(key="code", label=_("Số hiệu"), required=True, max_length=40),
        Text(key="full_name", label=_("Họ và tên"), required=True, max_length=120),
        Choice(key="sex", label=_("Giới tính"), values={s.value: s.value for s in Sex}, empty="''"),
        BirthDate(
            key="birth_date",
            label=_("Ngày sinh"),
            help=_("Ghi 02/10/1965, 10/1965 hoặc 1965 khi không rõ ngày, tháng."),
        ),
        NumberedChoice(
            key="ethnicity_code",
            label=_("Mã dân tộc"),
            values=ETHNICITIES,
            empty="''",
            help=_("Từ 01 (Kinh) đến 54; để trống khi không rõ."),
        ),
        Reference(
            key="native_unit_code", label=_("Mã quê quán"), sheet="units", field="native_unit_id"
        ),
        Date(key="party_joined_on", label=_("Ngày vào Đảng")),
        Choice(key="degree", label=_("Chuyên môn"), values=DEGREES),
        Choice(key="theory", label=_("Lý luận chính trị"), values=THEORIES),
        Date(
            key="retires_on",
            label=_("Ngày nghỉ hưu"),
            help=_("Chỉ ghi khi cấp có thẩm quyền quyết định khác với tuổi nghỉ hưu chung."),
        ),
    ),
    key=("code",),
    export_order='t.code COLLATE "C"',
    export_scope="t.id IN (SELECT id FROM export_cadres)",
)

_CADRE = Reference(
    key="cadre_code", label=_("Số hiệu cán bộ"), required=True, sheet="cadres", field="cadre_id"
)
_UNIT = Reference(
    key="unit_code", label=_("Mã đơn vị"), required=True, sheet="units", field="unit_id"
)
_TITLE = Reference(
    key="title_code", label=_("Mã chức danh"), required=True, sheet="titles", field="title_id"
)

APPOINTMENTS = Sheet(
    name="appointments",
    brings_people=True,
    label=_("Giữ chức vụ"),
    order=60,
    table="cadres_appointment",
    columns=(
        _CADRE,
        _UNIT,
        _TITLE,
        Date(key="start_on", label=_("Từ ngày"), required=True),
        Date(
            key="end_on",
            label=_("Đến ngày"),
            help=_("Ngày đầu tiên không còn giữ chức vụ; để trống khi đang giữ."),
        ),
        Text(key="decision_no", label=_("Số quyết định"), max_length=80),
    ),
    key=("cadre_code", "unit_code", "title_code", "start_on"),
    periods=(Period(start="start_on", end="end_on"),),
    no_overlap=NoOverlap(
        code="overlapping_appointments",
        start="start_on",
        end="end_on",
        same=("cadre_code__id", "unit_code__id", "title_code__id"),
        stored=("t.cadre_id", "t.unit_id", "t.title_id"),
        message=_(
            "Người này đã giữ chính vị trí đó từ %(first)s đến %(last)s (%(other)s). "
            "Hãy sửa ngày bắt đầu hoặc kết thúc."
        ),
    ),
    export_order='cadre_code.code COLLATE "C", t.start_on, unit_code.code COLLATE "C",'
    ' title_code.code COLLATE "C"',
    export_scope="t.unit_id IN (SELECT id FROM export_subtree)",
)

EVALUATIONS = Sheet(
    name="evaluations",
    label=_("Đánh giá, xếp loại"),
    order=70,
    table="cadres_evaluation",
    columns=(
        _CADRE,
        Whole(key="year", label=_("Năm"), required=True, low=1945, high=2200),
        Choice(
            key="grade",
            label=_("Xếp loại"),
            required=True,
            values={grade.name: grade.value for grade in reversed(Grade)},
        ),
        _UNIT,
    ),
    key=("cadre_code", "year", "unit_code"),
    export_order='cadre_code.code COLLATE "C", t.year, unit_code.code COLLATE "C"',
    export_scope="t.unit_id IN (SELECT id FROM export_subtree)",
)

DISCIPLINES = Sheet(
    name="disciplines",
    label=_("Kỷ luật"),
    order=80,
    table="cadres_discipline",
    columns=(
        _CADRE,
        Choice(
            key="kind",
            label=_("Hình thức"),
            required=True,
            values={kind.value: kind.value for kind in DisciplineKind},
        ),
        Date(key="decided_on", label=_("Ngày quyết định"), required=True),
        Date(key="effective_to", label=_("Hiệu lực đến hết ngày")),
    ),
    key=("cadre_code", "kind", "decided_on"),
    periods=(Period(start="decided_on", end="effective_to"),),
    export_order='cadre_code.code COLLATE "C", t.decided_on, t.kind COLLATE "C"',
    export_scope="t.cadre_id IN (SELECT id FROM export_people)",
)

TRAININGS = Sheet(
    name="trainings",
    label=_("Đào tạo, bồi dưỡng"),
    order=90,
    table="cadres_training",
    columns=(
        _CADRE,
        Text(key="course", label=_("Khóa học"), required=True, max_length=200),
        Choice(
            key="kind",
            label=_("Loại"),
            required=True,
            values={kind.value: kind.value for kind in TrainingKind},
        ),
        Date(key="start_on", label=_("Từ ngày")),
        Date(key="end_on", label=_("Đến ngày")),
        Text(key="result", label=_("Kết quả"), max_length=80),
    ),
    key=("cadre_code", "kind", "course", "start_on"),
    periods=(Period(start="start_on", end="end_on"),),
    export_order='cadre_code.code COLLATE "C", t.start_on, t.kind COLLATE "C",'
    ' t.course COLLATE "C"',
    export_scope="t.cadre_id IN (SELECT id FROM export_people)",
)

register(UNITS, TITLES, POSITIONS, CADRES, APPOINTMENTS, EVALUATIONS, DISCIPLINES, TRAININGS)
