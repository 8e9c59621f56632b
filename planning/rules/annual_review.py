"""Rà soát hằng năm: an approved plan was approved or reviewed within the last months."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how long ago the plan was looked at."""
    passed, maximum = measured["months"], required["maximum_months"]
    if outcome == "cannot_tell":
        return (
            "Kế hoạch đã phê duyệt nhưng chưa ghi ngày phê duyệt hay rà soát"
            f" (cần rà soát trong {maximum} tháng); cần bổ sung ngày."
        )
    text = f"Lần phê duyệt hoặc rà soát gần nhất cách {passed} tháng, nhiều nhất {maximum} tháng."
    return (
        text if outcome == "met" else f"{text} Cần rà soát ngay, đã quá {passed - maximum} tháng."
    )


_SEEN = (
    "greatest(CASE WHEN approved_on <= on_date THEN approved_on END,"
    " CASE WHEN last_reviewed_on <= on_date THEN last_reviewed_on END)"
)


def _months(day: str) -> str:
    return f"whole_months({_SEEN.replace('on_date', day)}, {day})"


RULE = Rule(
    code="planning.annual_review",
    title="Rà soát hằng năm",
    short="Rà soát",
    kinds=(SubjectKind.PLAN,),
    figures={"review_months": "planning.annual_review.maximum_months"},
    cuts={"seen_on": _SEEN, "seen_months": _months("on_date")},
    turns=f"{_months('%(since)s::date')} IS DISTINCT FROM {_months('%(d)s::date')}",
    only={SubjectKind.PLAN: "status = 'approved'"},
    # Every date after the day: the plan was not approved then.
    applies="seen_on IS NOT NULL OR coalesce(approved_on, last_reviewed_on) IS NULL",
    sure="seen_months <= review_months",
    possible="seen_on IS NULL",
    measured={"months": "seen_months"},
    required={"maximum_months": "review_months"},
    sentence=sentence,
)
