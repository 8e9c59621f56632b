"""Forms of planning."""

from planning.forms.filters import (
    OUTCOMES,
    OriginForm,
    PlanFilterForm,
    PlanPaperForm,
    SummaryPaperForm,
    TermUnitForm,
)

__all__ = [
    "OUTCOMES",
    "OriginForm",
    "PlanFilterForm",
    "PlanPaperForm",
    "SummaryPaperForm",
    "TermUnitForm",
]
