"""Phiếu ở mỗi bước: strictly more than the share agrees in every step.

What the share is taken of is a setting of the province, those summoned by default.
"""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how many ballots failed."""
    text = (
        f"{measured['steps'] - measured['failed']} trong {measured['steps']} lần bỏ phiếu đạt"
        f" trên {required['percent']} % đồng ý."
    )
    if outcome == "met":
        return text
    return f"{text} Còn {measured['failed']} lần không đạt; không đủ điều kiện trình phê duyệt."


RULE = Rule(
    code="planning.ballot",
    title="Phiếu đồng ý ở mỗi bước",
    short="Phiếu",
    kinds=(SubjectKind.NOMINATION,),
    figures={"ballot_percent": "planning.ballot.minimum_share"},
    applies="steps > 0",
    sure="failed = 0",
    possible="false",
    measured={"steps": "steps", "failed": "failed"},
    required={"percent": "ballot_percent"},
    sentence=sentence,
)
