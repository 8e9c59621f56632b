"""The rotation rules. Append only: the order gives each rule its slot in stored verdicts."""

from rotation.rules import duration, head_terms, in_plan, non_local_head, remaining_service

RULES = tuple(
    module.RULE for module in (in_plan, remaining_service, duration, non_local_head, head_terms)
)
