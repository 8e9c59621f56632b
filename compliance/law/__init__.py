"""Dated law: `load_law()` and the questions one can ask it. See docs/law.md."""

from .catalogue import (
    Citation,
    CitationFields,
    Confidence,
    EthnicGroup,
    Law,
    Level,
    Parameter,
    Silence,
    Source,
    Value,
)
from .fields import LawError
from .loader import load_law, read_law
from .retirement import retirement_date

__all__ = [
    "Citation",
    "CitationFields",
    "Confidence",
    "EthnicGroup",
    "Law",
    "LawError",
    "Level",
    "Parameter",
    "Silence",
    "Source",
    "Value",
    "load_law",
    "read_law",
    "retirement_date",
]
