"""Short ways to say posts and grades, where the official name is too long for its place."""

from __future__ import annotations

from cadres.choices import Grade

#: A title of every commune ends so; with the unit beside it, the unit's own name says it.
_ANY_COMMUNE = "xã, phường"
_SHORT = (
    ("Ủy ban nhân dân", "UBND"),
    ("Hội đồng nhân dân", "HĐND"),
    ("Ủy ban Mặt trận Tổ quốc Việt Nam", "UBMTTQ"),
    ("Ủy ban Mặt trận Tổ quốc", "UBMTTQ"),
    ("Ủy ban Kiểm tra", "UBKT"),
    ("Ban Chấp hành", "BCH"),
    ("Ban Thường vụ", "BTV"),
    ("lý luận chính trị", "LLCT"),
    ("Lý luận chính trị", "LLCT"),
    ("Bồi dưỡng", "BD"),
)
GRADE_CODES = {grade: grade.name for grade in Grade}


def post_name(title: str, unit: str) -> str:
    """ "Giám đốc Sở" in "Sở Nội vụ": "Giám đốc Sở Nội vụ"; else "Giám đốc, Sở Nội vụ"."""
    if title.endswith(f" {_ANY_COMMUNE}"):
        return f"{title.removesuffix(_ANY_COMMUNE)}{unit[:1].lower()}{unit[1:]}"
    kind = unit.split(" ", 1)[0].lower()
    post, _space, last = title.rpartition(" ")
    # "cấp huyện" says a level and is no part of the unit's name.
    if post and last.lower() == kind and not post.endswith("cấp"):
        return f"{post} {unit}"
    return f"{title}, {unit}"


def title_alone(title: str) -> str:
    """A title beside which the unit stands anyway."""
    return title.removesuffix(f" {_ANY_COMMUNE}")


def shortened(text: str) -> str:
    """With the abbreviations that every office uses."""
    for long, short in _SHORT:
        text = text.replace(long, short)
    return text
