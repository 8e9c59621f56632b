"""Citations of findings as people read them: `qd-50-2021` becomes `50-QĐ/TW (2021)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.law import load_law


@dataclass(frozen=True)
class ShownCitation:
    """A citation for a reader. `key`: the document's id in the law, "" for a local one."""

    source: str
    at: str
    confidence: str
    key: str

    @property
    def text(self) -> str:
        """Document and article in one: `65-QĐ/TW (2022), Điều 5`."""
        return f"{self.source}, {self.at}" if self.at else self.source


def citations_shown(citations: Iterable[Mapping[str, Any]]) -> list[ShownCitation]:
    """The citations of a finding or a figure, in their order."""
    sources = load_law().sources
    shown = []
    for cited in citations:
        known = sources.get(cited["source"])
        shown.append(
            ShownCitation(
                source=known.reference if known else cited["source"],
                at=cited["at"] or "",
                confidence=cited["confidence"],
                key=known.id if known else "",
            )
        )
    return shown
