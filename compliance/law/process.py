"""What papers say of the process of planning: its steps, and why people leave a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .catalogue import Citation
from .fields import Fields, read_yaml
from .loader import FOLDER, load_law
from .references import read_citations


@dataclass(frozen=True)
class ProcessStep:
    """One step; `ballot`: secret ballots are cast in it."""

    kind: str
    number: int
    name: str
    body: str
    ballot: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Process:
    """Steps in order, and the sources of each reason for leaving a plan by its code."""

    steps: tuple[ProcessStep, ...]
    removal_reasons: Mapping[str, tuple[Citation, ...]]


@cache
def load_process() -> Process:
    """The process as this release knows it. Raises LawError when the file is not in order."""
    return read_process(FOLDER)


def read_process(folder: Path) -> Process:
    """Read and check the file of a folder. Raises LawError."""
    file = read_yaml(folder / "process.yaml", "process.yaml")
    steps = tuple(_step(fields) for fields in file.children("steps"))
    reasons: dict[str, tuple[Citation, ...]] = {}
    for fields in file.children("removal_reasons"):
        code = fields.take("code", str)
        if code in reasons:
            raise fields.error(f"the reason {code} stands twice")
        reasons[code] = _cited(fields)
    file.close()
    places = [(step.kind, step.number) for step in steps]
    if places != sorted(set(places)):
        raise file.error("steps stand in order of kind and number, each once")
    return Process(steps, reasons)


def _step(fields: Fields) -> ProcessStep:
    return ProcessStep(
        kind=fields.take("kind", str),
        number=fields.take("number", int),
        name=fields.take("name", str),
        body=fields.take("body", str),
        ballot=fields.take("ballot", bool),
        citations=_cited(fields),
    )


def _cited(fields: Fields) -> tuple[Citation, ...]:
    """The citations of an entry, which needs one; the end of the entry."""
    citations = read_citations(fields, load_law().sources)
    if not citations:
        raise fields.error("a citation is missing")
    fields.close()
    return citations
