"""Forms of planning."""

from planning.forms.filters import (
    FORECAST_KINDS,
    OUTCOMES,
    ComparisonForm,
    ForecastForm,
    OriginForm,
    PlanFilterForm,
    PlanPaperForm,
    SummaryPaperForm,
    TermUnitForm,
)

__all__ = [
    "FORECAST_KINDS",
    "OUTCOMES",
    "ComparisonForm",
    "ForecastForm",
    "OriginForm",
    "PlanFilterForm",
    "PlanPaperForm",
    "SummaryPaperForm",
    "TermUnitForm",
]
