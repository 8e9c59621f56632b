"""Forms of planning."""

from planning.forms.filters import (
    OUTCOMES,
    ComparisonForm,
    OriginForm,
    PlanFilterForm,
    PlanPaperForm,
    SummaryPaperForm,
    TermUnitForm,
)

__all__ = [
    "OUTCOMES",
    "ComparisonForm",
    "OriginForm",
    "PlanFilterForm",
    "PlanPaperForm",
    "SummaryPaperForm",
    "TermUnitForm",
]
