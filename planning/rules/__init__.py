"""The planning rules. Append only: the order gives each rule its slot in stored verdicts."""

from planning.rules import (
    annual_review,
    ballot,
    candidates_per_title,
    committee_coefficient,
    discipline,
    evaluation,
    higher_title,
    lineage,
    minority_share,
    openness,
    qualification,
    remaining_service,
    three_age_bands,
    titles_per_person,
    women_share,
    young_share,
)

RULES = tuple(
    module.RULE
    for module in (
        three_age_bands,
        young_share,
        women_share,
        minority_share,
        openness,
        candidates_per_title,
        committee_coefficient,
        titles_per_person,
        higher_title,
        remaining_service,
        qualification,
        discipline,
        evaluation,
        annual_review,
        lineage,
        ballot,
    )
)
