"""Sheet of the exchange workbook that this app owns (CONTRACT section 2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cadres.choices import Level
from cadres.workbook.columns import Choice, Date, Reference, Text, Whole
from cadres.workbook.schema import Period, Sheet, register
from compliance.choices import Confidence

TARGETS = Sheet(
    name="targets",
    label=_("Chỉ tiêu của tỉnh"),
    order=140,
    table="compliance_target",
    columns=(
        Reference(
            key="unit_code",
            label=_("Mã đơn vị"),
            required=True,
            sheet="units",
            field="unit_id",
            help=_("Áp dụng cho đơn vị này và mọi đơn vị bên dưới."),
        ),
        Text(key="parameter", label=_("Tham số"), required=True, max_length=80),
        Choice(
            key="level",
            label=_("Cấp"),
            required=True,
            values={level.value: level.value for level in Level},
        ),
        Whole(key="value", label=_("Giá trị"), required=True),
        Date(key="from", label=_("Từ ngày"), required=True, field="in_force_from"),
        Date(key="to", label=_("Đến hết ngày"), field="in_force_to"),
        Text(key="document", label=_("Văn bản"), required=True, max_length=120),
    ),
    key=("unit_code", "parameter", "level", "from"),
    periods=(Period(start="from", end="to"),),
    defaults={"at": "''", "confidence": f"'{Confidence.READ.value}'"},
    export_order='unit_code.path, t.parameter COLLATE "C", t.level COLLATE "C", t.in_force_from',
    export_scope="t.unit_id IN (SELECT id FROM export_subtree)",
)

register(TARGETS)
