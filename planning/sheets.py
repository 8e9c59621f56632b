"""Sheets of the exchange workbook that this app owns (CONTRACT section 2)."""

# ruff: noqa: S608 - SQL is composed of names that sheets declare; values are parameters or staged

from __future__ import annotations

from itertools import pairwise

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cadres.workbook.columns import Choice, Date, Reference, Text, Whole
from cadres.workbook.schema import Link, NoOverlap, Period, Sheet, register
from cadres.workbook.staging import Staging
from planning.choices import PlanStatus

TERMS = Sheet(
    name="terms",
    label=_("Nhiệm kỳ"),
    order=10,
    table="planning_term",
    columns=(
        Text(
            key="code",
            label=_("Mã nhiệm kỳ"),
            required=True,
            max_length=20,
            help=_("Ví dụ 2025-2030."),
        ),
        Date(key="starts_on", label=_("Từ ngày"), required=True),
        Date(key="ends_on", label=_("Đến ngày"), required=True),
    ),
    key=("code",),
    periods=(Period(start="starts_on", end="ends_on"),),
    export_order='t.starts_on, t.code COLLATE "C"',
    export_scope="t.id IN (SELECT id FROM export_terms)",
)

_UNIT = Reference(
    key="unit_code", label=_("Mã đơn vị"), required=True, sheet="units", field="unit_id"
)
_TERM = Reference(key="term", label=_("Nhiệm kỳ"), required=True, sheet="terms", field="term_id")

PLANS = Sheet(
    name="plans",
    label=_("Kế hoạch quy hoạch"),
    order=100,
    table="planning_plan",
    columns=(
        _UNIT,
        _TERM,
        Choice(
            key="status",
            label=_("Trạng thái"),
            required=True,
            values={status.value: status.value for status in PlanStatus},
        ),
        Date(key="approved_on", label=_("Ngày phê duyệt")),
        Text(key="decision_no", label=_("Số quyết định"), max_length=80),
        Date(key="last_reviewed_on", label=_("Rà soát gần nhất")),
    ),
    key=("unit_code", "term"),
    export_order='unit_code.path, term.starts_on, term.code COLLATE "C"',
    export_scope="t.unit_id IN (SELECT id FROM export_subtree)",
)

# Columns that name a pool: its plan by unit and term, its position by unit and title.
_POOL_COLUMNS = (
    Reference(
        key="unit_code",
        label=_("Mã đơn vị"),
        required=True,
        sheet="units",
        stored=False,
        read="unit.code",
    ),
    Reference(
        key="term",
        label=_("Nhiệm kỳ"),
        required=True,
        sheet="terms",
        stored=False,
        read="term.code",
    ),
    Reference(
        key="title_code",
        label=_("Mã chức danh"),
        required=True,
        sheet="titles",
        stored=False,
        read="title.code",
    ),
    Reference(
        key="cadre_code",
        label=_("Số hiệu cán bộ"),
        required=True,
        sheet="cadres",
        field="cadre_id",
    ),
)
_POOL_LINKS = (
    Link(
        name="plan",
        sheet="plans",
        columns=("unit_code", "term"),
        column="term",
        message=_(
            "Đơn vị “%(unit_code)s” không có kế hoạch quy hoạch nhiệm kỳ “%(term)s”. "
            "Hãy sửa mã, hoặc thêm kế hoạch vào trang plans."
        ),
    ),
    Link(
        name="position",
        sheet="positions",
        columns=("unit_code", "title_code"),
        column="title_code",
        message=_(
            "Đơn vị “%(unit_code)s” không có vị trí “%(title_code)s”. "
            "Hãy sửa mã, hoặc thêm vị trí vào trang positions."
        ),
    ),
)
_POOL_JOINS = (
    "JOIN planning_pool pool ON pool.id = t.pool_id"
    " JOIN cadres_position position ON position.id = pool.position_id"
    " JOIN planning_plan plan ON plan.id = pool.plan_id"
)
_POOL_MATCH = {
    "unit_code": "plan.unit_id",
    "term": "plan.term_id",
    "title_code": "position.title_id",
}
_POOL_READ = (
    " JOIN cadres_unit unit ON unit.id = plan.unit_id"
    " JOIN cadres_title title ON title.id = position.title_id"
    " JOIN planning_term term ON term.id = plan.term_id"
)
# The database makes the pools as plans and positions come; they are there when these are written.
_POOL_WRITE = (
    "JOIN planning_pool pool ON pool.plan_id = s.plan__id AND pool.position_id = s.position__id"
)
_POOL_SCOPE = "plan.unit_id IN (SELECT id FROM export_subtree)"

NOMINATIONS = Sheet(
    name="nominations",
    brings_people=True,
    label=_("Người được quy hoạch"),
    order=110,
    table="planning_nomination",
    columns=(
        *_POOL_COLUMNS,
        Date(key="nominated_on", label=_("Đưa vào ngày"), required=True),
        Date(
            key="removed_on",
            label=_("Đưa ra ngày"),
            help=_("Ngày đầu tiên không còn trong quy hoạch; để trống khi vẫn còn."),
        ),
        Text(key="removal_reason", label=_("Lý do đưa ra"), max_length=200),
    ),
    key=("unit_code", "term", "title_code", "cadre_code", "nominated_on"),
    links=_POOL_LINKS,
    periods=(Period(start="nominated_on", end="removed_on"),),
    no_overlap=NoOverlap(
        code="overlapping_nominations",
        start="nominated_on",
        end="removed_on",
        same=("plan__id", "position__id", "cadre_code__id"),
        stored=("pool.plan_id", "pool.position_id", "t.cadre_id"),
        message=_(
            "Người này đã ở trong quy hoạch chức danh đó từ %(first)s đến %(last)s (%(other)s). "
            "Hãy sửa ngày đưa vào hoặc đưa ra."
        ),
    ),
    joins=_POOL_JOINS,
    read_joins=_POOL_READ,
    match=_POOL_MATCH,
    also={"plan_id": "pool.plan_id", "pool_id": "pool.id"},
    write_joins=_POOL_WRITE,
    export_order='unit.path, term.starts_on, term.code COLLATE "C", title.rank DESC,'
    ' title.code COLLATE "C", cadre_code.code COLLATE "C", t.nominated_on',
    export_scope=_POOL_SCOPE,
)


def _count(key: str, label: object) -> Whole:
    return Whole(key=key, label=label, required=True)


#: From the fewest to the most: each may not be greater than the next.
_COUNTS = ("agree", "valid", "collected", "issued", "present", "summoned")


def check_counts(staging: Staging, sheet: Sheet) -> None:
    """`agree ≤ valid ≤ collected ≤ issued ≤ present ≤ summoned`; each breach is told."""
    for fewer, more in pairwise(_COUNTS):
        rows = staging.rows(
            f'SELECT s."row", s."{fewer}", s."{more}", count(*) OVER ()'
            f' FROM {sheet.staged_table} s WHERE s."{fewer}" > s."{more}" ORDER BY s."row"'
        )
        for row, one, other in rows:
            message = translate(
                "Số phiếu %(one)s (%(few)d) lớn hơn số %(other)s (%(many)d). Hãy sửa lại."
            ) % {
                "one": str(sheet.by_key[fewer].label).lower(),
                "few": one,
                "other": str(sheet.by_key[more].label).lower(),
                "many": other,
            }
            staging.add_fault(sheet, "ballot_counts", row, fewer, message, f"counts {fewer}")


BALLOTS = Sheet(
    name="ballots",
    label=_("Phiếu"),
    order=120,
    table="planning_ballot",
    columns=(
        *_POOL_COLUMNS,
        Whole(key="step", label=_("Bước"), required=True, low=1, high=5, outside="not_listed"),
        Date(key="held_on", label=_("Ngày bỏ phiếu"), required=True),
        _count("summoned", _("Triệu tập")),
        _count("present", _("Có mặt")),
        _count("issued", _("Phát ra")),
        _count("collected", _("Thu về")),
        _count("valid", _("Hợp lệ")),
        _count("agree", _("Đồng ý")),
    ),
    key=("unit_code", "term", "title_code", "cadre_code", "step"),
    links=_POOL_LINKS,
    checks=(check_counts,),
    joins=_POOL_JOINS,
    read_joins=_POOL_READ,
    match=_POOL_MATCH,
    also={"pool_id": "pool.id"},
    write_joins=_POOL_WRITE,
    export_order='unit.path, term.starts_on, term.code COLLATE "C", title.rank DESC,'
    ' title.code COLLATE "C", cadre_code.code COLLATE "C", t.step',
    export_scope=_POOL_SCOPE,
)

register(TERMS, PLANS, NOMINATIONS, BALLOTS)
