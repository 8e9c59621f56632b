"""Rotation plans of the demonstration: this year's, approved, and a draft of next year's.

Written by the portal's own services, as people would. Which titles are equivalent, every number and
every document are invented; documents say so.
"""

from collections import Counter
from datetime import date, timedelta

from cadre_portal.common import clock
from cadre_portal.demo.process import on, user
from cadres.models import Title, Unit
from rotation.models import EquivalentTitle, Rotation, RotationPlan
from rotation.selectors.plans import Numbers
from rotation.services import plans

#: Send, receive, note.
Said = tuple[int, int, str]

DOCUMENT = "12-QĐ/TU (giả định), Điều 11"
#: Titles of different ranks that the invented decision holds to be equivalent.
EQUIVALENT = {
    "Cấp phó sở, ngành tỉnh; bí thư, chủ tịch cấp xã": (
        *("PTB", "PCNKT", "PCVP", "PCTMT", "PHT", "PTBT", "PGD", "PCTTR", "PTBQL"),
        *("BTX", "CTHDX", "CTX"),
    ),
    "Trưởng phòng cấp tỉnh; cấp phó lãnh đạo xã": ("TP", "PDV", "PBTX", "PCTHDX", "PCTX"),
    "Phó trưởng phòng cấp tỉnh; trưởng phòng cấp xã": ("PTP", "TPX"),
}
_PURPOSE = (
    "Đào tạo, rèn luyện cán bộ trong quy hoạch qua thực tiễn; bố trí một số chức danh không là "
    "người địa phương; giảm khép kín ở từng đơn vị."
)
#: What this year's plan asks beyond the moves that are on their way: (send, receive, note).
_ALSO = {
    "BTC": (1, 1, ""),
    "SNV": (2, 0, ""),
    "SXD": (0, 1, "Ưu tiên cán bộ dưới 40 tuổi"),
    "VPUBND": (0, 1, ""),
    "01290": (0, 1, "Xã vùng cao, cần cán bộ kinh tế"),
    "01477": (1, 0, ""),
}
_NEXT_YEAR = {
    "BTC": (1, 1, ""),
    "SNV": (2, 2, ""),
    "STC": (2, 1, ""),
    "SCT": (1, 1, ""),
    "SGDDT": (1, 1, ""),
    "STP": (1, 0, ""),
    "01290": (1, 2, ""),
    "01363": (1, 1, ""),
    "01447": (1, 1, ""),
    "01726": (1, 1, ""),
    "01792": (0, 1, ""),
}
_GOING = ("proposed", "approved", "in_progress", "completed")


def create_equivalence() -> None:
    """Groups of equivalent titles."""
    ids = dict(Title.objects.values_list("code", "pk"))
    EquivalentTitle.objects.bulk_create(
        EquivalentTitle(title_id=ids[code], group=group, document=DOCUMENT)
        for group, codes in EQUIVALENT.items()
        for code in codes
    )


def create_plans(as_of: date) -> None:
    """Both plans; rotations of this year that were not proposed long ago stand in this year's."""
    create_equivalence()
    year = as_of.year
    opened = min(date(year, 1, 12), as_of - timedelta(days=3))
    with on(opened):
        plan = _filled(year, _this_year(year))
        plans.plan_submit(
            actor=user("canbotinh"),
            plan=plan,
            submission_no="14-TTr/BTCTU (giả định)",
            submitted_on=opened,
        )
    with on(opened + timedelta(days=2)):
        plans.plan_approve(
            actor=user("nguoiduyet"),
            plan=plan,
            decision_no="31-KH/TU (giả định)",
            decision_on=clock.today(),
        )
    of_plan = Rotation.objects.filter(status__in=("proposed", "approved"))
    of_plan.update(plan=plan)
    with on(as_of - timedelta(days=2)):
        _filled(year + 1, _NEXT_YEAR)


def _this_year(year: int) -> dict[str, Said]:
    """As many as went or are to go, and some more; so that the plan is nearly met."""
    send: Counter[str] = Counter()
    receive: Counter[str] = Counter()
    moves = Rotation.objects.filter(status__in=_GOING, kind="rotation")
    for move in moves.select_related("from_unit", "to_unit"):
        if move.start_on is None or move.start_on.year >= year:
            send[move.from_unit.code] += 1
            receive[move.to_unit.code] += 1
    found = {}
    for code in sorted({*send, *receive, *_ALSO}):
        more_send, more_receive, note = _ALSO.get(code, (0, 0, ""))
        found[code] = (send[code] + more_send, receive[code] + more_receive, note)
    return found


def _filled(year: int, numbers: dict[str, Said]) -> RotationPlan:
    plan = plans.plan_open(actor=user("canbotinh"), year=year)
    ids = dict(Unit.objects.filter(code__in=numbers).values_list("code", "pk"))
    entries = [
        plans.TargetEntry(ids[code], Numbers(), Numbers(*said)) for code, said in numbers.items()
    ]
    plans.targets_save(actor=user("canbotinh"), plan=plan, entries=entries, purpose=("", _PURPOSE))
    return plan
