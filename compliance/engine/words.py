"""Numbers and small phrases for the sentences of rules."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def decimal(value: Decimal) -> str:
    """`18.2` -> `18,2`."""
    return str(value.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")


def percent(part: int, total: int) -> str:
    """Share as `18,2 %`; "0 %" when there is nobody."""
    return f"{decimal(Decimal(part * 100) / total)} %" if total else "0 %"


def more_needed(part: int, total: int, share: int) -> int:
    """How many more people (each joining the total as well) reach `share` %; 0 if reached.

    Solves (part + k) * 100 >= share * (total + k); at 100 % no joining person mends it, so the
    count of those who would have to be replaced is returned.
    """
    short = share * total - part * 100
    if short <= 0:
        return 0
    gain = 100 - share
    return -(-short // gain) if gain > 0 else -(-short // 100)


def months(count: int) -> str:
    """Months as people say them: `95 tháng`."""
    return f"{count} tháng"


def coefficient(percent_value: int | Decimal) -> str:
    """150 -> `1,5`."""
    text = str((Decimal(percent_value) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))
    return text.rstrip("0").rstrip(".").replace(".", ",")


def share_sentence(
    whom: str,
    more: str,
    missing: str,
    measured: Mapping[str, Any],
    required: Mapping[str, Any],
    outcome: str,
) -> str:
    """The sentence of a share rule: "Nữ 2/11 (18,2 %), cần ít nhất 25 %. Cần thêm 1 nữ."

    `whom` opens the sentence, `more` names who is needed, `missing` what the files lack.
    """
    part, total, needed = measured["part"], measured["total"], required["percent"]
    text = f"{whom} {part}/{total} ({percent(part, total)}), cần ít nhất {needed} %."
    if outcome == "not_met":
        gap = more_needed(part + measured["unknown"], total, needed)
        least = "ít nhất " if measured["unknown"] else ""
        return f"{text} Cần thêm {least}{gap} {more}."
    if outcome == "cannot_tell":
        return f"{text} Còn {measured['unknown']} người chưa rõ {missing}; cần bổ sung hồ sơ."
    return text
