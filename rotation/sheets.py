"""Sheet of the exchange workbook that this app owns (CONTRACT section 2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cadres.workbook.columns import Choice, Date, Reference, Text
from cadres.workbook.schema import Period, Sheet, register
from rotation.choices import RotationKind, RotationStatus

ROTATIONS = Sheet(
    name="rotations",
    label=_("Luân chuyển, điều động, biệt phái"),
    order=130,
    table="rotation_rotation",
    columns=(
        Reference(
            key="cadre_code",
            label=_("Số hiệu cán bộ"),
            required=True,
            sheet="cadres",
            field="cadre_id",
        ),
        Choice(
            key="kind",
            label=_("Loại"),
            required=True,
            values={kind.value: kind.value for kind in RotationKind},
        ),
        Reference(
            key="from_unit_code",
            label=_("Mã đơn vị đi"),
            required=True,
            sheet="units",
            field="from_unit_id",
        ),
        Reference(
            key="from_title_code",
            label=_("Mã chức vụ nơi đi"),
            required=True,
            sheet="titles",
            field="from_title_id",
        ),
        Reference(
            key="to_unit_code",
            label=_("Mã đơn vị đến"),
            required=True,
            sheet="units",
            field="to_unit_id",
        ),
        Reference(
            key="to_title_code",
            label=_("Mã chức vụ nơi đến"),
            required=True,
            sheet="titles",
            field="to_title_id",
        ),
        Date(key="start_on", label=_("Từ ngày")),
        Date(key="planned_end_on", label=_("Dự kiến đến ngày")),
        Date(key="ended_on", label=_("Kết thúc ngày")),
        Choice(
            key="status",
            label=_("Trạng thái"),
            required=True,
            values={status.value: status.value for status in RotationStatus},
        ),
        Text(key="decline_reason", label=_("Lý do từ chối"), max_length=200),
    ),
    key=(
        "cadre_code",
        "kind",
        "from_unit_code",
        "from_title_code",
        "to_unit_code",
        "to_title_code",
        "start_on",
    ),
    periods=(
        Period(start="start_on", end="planned_end_on"),
        Period(start="start_on", end="ended_on"),
    ),
    export_order='cadre_code.code COLLATE "C", t.start_on, t.kind, from_unit_code.code COLLATE "C",'
    ' from_title_code.code COLLATE "C", to_unit_code.code COLLATE "C",'
    ' to_title_code.code COLLATE "C"',
    export_scope="(t.from_unit_id IN (SELECT id FROM export_subtree)"
    " OR t.to_unit_id IN (SELECT id FROM export_subtree))",
)

register(ROTATIONS)
