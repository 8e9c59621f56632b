"""Loads the demonstration into an empty portal."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Model

from cadre_portal.common import clock
from cadre_portal.demo.accounts import create_users
from cadre_portal.demo.inspections_present import create_inspections
from cadre_portal.demo.process import create_process
from cadre_portal.demo.province import Province, build
from cadre_portal.demo.reform import create_reform
from cadre_portal.demo.waivers import create_waivers
from cadre_portal.demo.week import DAYS
from cadre_portal.demo.write import write
from cadre_portal.demo.year_plans import create_plans
from cadres.models import Cadre, Title, Unit
from compliance.models import ComplianceRun
from compliance.services import run_inline, run_start
from planning.models import Plan, Term

#: Checks this many days before begin the trend of twelve weeks; more would only take time.
EARLIER = (84, 56, 28)


class NotEmptyError(Exception):
    """There are data already; the demonstration is never mixed with other data."""

    def __init__(self) -> None:
        super().__init__(
            "Cổng đã có dữ liệu. Bộ trình diễn chỉ nạp vào cổng chưa có dữ liệu: "
            "dùng thư mục PORTAL_VAR khác, hoặc thêm --if-empty để bỏ qua."
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written, by Vietnamese name."""

    as_of: date
    counts: dict[str, int]


def has_data() -> bool:
    """Whether the portal holds an organisation, people or plans."""
    tables: tuple[type[Model], ...] = (Unit, Cadre, Title, Term, Plan)
    return any(model._default_manager.exists() for model in tables)


@transaction.atomic
def load(*, size: int, seed: int, as_of: date) -> Loaded:
    """Write a synthetic province and the demonstration accounts, all or nothing.

    Raises NotEmptyError when there are data, ValueError for a size or date that cannot be served.
    """
    if has_data():
        raise NotEmptyError
    province = build(size=size, seed=seed, as_of=as_of)
    write(province)
    create_reform(province)
    create_users()
    create_waivers(as_of)
    create_process(as_of)
    create_plans(as_of)
    create_inspections(as_of)
    if as_of == clock.today():
        for days in (*EARLIER, DAYS):
            _check_before(as_of - timedelta(days=days))
    return Loaded(as_of, _counts(province))


def _check_before(then: date) -> None:
    """A live check as it would have been done that day, so that pages can tell what changed."""
    with clock.frozen(then):
        run = run_start(actor=None, as_of=then, inline=True)
        run_inline(run)
        ComplianceRun.objects.filter(pk=run.pk).update(created_at=clock.now())


def _counts(province: Province) -> dict[str, int]:
    open_units = [u for u in province.units.values() if not u.valid_to]
    nominations = [row for plan in province.plans for row in plan.rows]
    return {
        "Đơn vị đang hoạt động": len(open_units),
        "Đơn vị đã kết thúc": len(province.units) - len(open_units),
        "Chức danh": len(province.titles),
        "Cán bộ": len(province.people),
        "Lượt giữ chức vụ": sum(len(p.posts) for p in province.people),
        "Lượt xếp loại": len(province.evaluations),
        "Kỷ luật": len(province.disciplines),
        "Khóa đào tạo": len(province.trainings),
        "Lý lịch chi tiết": len(province.biographies),
        "Kế hoạch quy hoạch": len(province.plans),
        "Lượt quy hoạch": len(nominations),
        "Đã đưa ra khỏi quy hoạch": sum(row.removed_on is not None for row in nominations),
        "Phiếu": len(province.ballots),
        "Luân chuyển, điều động": len(province.rotations),
    }
