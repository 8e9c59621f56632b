"""Long answers of a query, read a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Row = TypeVar("Row")


class Rows(Sequence[Row]):
    """Rows whose number is known and which `read(start, size)` fetches; what a Paginator needs."""

    def __init__(self, total: int, read: Callable[[int, int], list[Row]]) -> None:
        self._total, self._read = total, read

    def __len__(self) -> int:
        return self._total

    def __getitem__(self, place: Any) -> Any:
        start = place.start or 0
        stop = self._total if place.stop is None else min(place.stop, self._total)
        return self._read(start, stop - start) if stop > start else []
