"""What every act on an inspection begins with: its row is held, obstacles are told at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from inspections.choices import Stage
from inspections.models import Inspection

#: Steps in which findings and the team's report are written; before there is nothing to find,
#: afterwards they lie before who concludes.
WRITING = (Stage.DEPLOYING, Stage.SELF_REPORTING, Stage.VERIFYING, Stage.REPORTING)


class InspectionRefused(Exception):  # noqa: N818 - said to the person
    """It cannot be done as things stand; `reasons` are sentences for the person."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


class Stale(InspectionRefused):
    """Somebody else wrote what the actor was looking at; nothing was written."""

    def __init__(self) -> None:
        super().__init__([_("Người khác vừa sửa. Hãy xem bản mới rồi sửa lần nữa.")])


def lock(inspection: Inspection) -> Inspection:
    """Hold the inspection's row until the transaction ends: acts on one take turns."""
    return (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=inspection.pk)
    )


def lock_open(inspection: Inspection) -> Inspection:
    """As `lock`, of one that is not concluded. Raises InspectionRefused."""
    held = lock(inspection)
    if held.is_concluded:
        raise InspectionRefused([_("Cuộc kiểm tra đã kết luận: chỉ đính chính được, có văn bản.")])
    return held


def lock_findings(inspection: Inspection) -> Inspection:
    """As `lock_open`, in a step in which findings are written. Raises InspectionRefused."""
    held = lock_open(inspection)
    if held.stage == Stage.CONCLUDING:
        text = _("Hồ sơ đang chờ kết luận. Muốn sửa, hãy lùi về bước báo cáo của đoàn.")
        raise InspectionRefused([text])
    if held.stage not in WRITING:
        raise InspectionRefused([_("Chỉ ghi nhận định sau khi có quyết định kiểm tra.")])
    return held


def refuse(reasons: Sequence[str]) -> None:
    """Raise InspectionRefused with everything that stands in the way, if anything does."""
    if reasons:
        raise InspectionRefused(reasons)
