"""Rules on facts of the people app alone. Append only: the order gives each rule its slot."""

from compliance.rules import top_grade

RULES = (top_grade.RULE,)
