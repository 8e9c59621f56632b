"""What every act on an inspection begins with: its row is held, obstacles are told at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from inspections.models import Inspection


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


def refuse(reasons: Sequence[str]) -> None:
    """Raise InspectionRefused with everything that stands in the way, if anything does."""
    if reasons:
        raise InspectionRefused(reasons)
