"""Cells other than dates and names: sex, degree, theory, grades, proposal, ethnic group."""

from __future__ import annotations

import re
from functools import lru_cache

from cadres.choices import Degree, Grade, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.lists import model
from cadres.lists.spelling import fold, tidy

_MALE = frozenset({"nam", "male", "m", "trai", "ong", "nam gioi"})
_FEMALE = frozenset({"nu", "female", "f", "gai", "ba", "nu gioi", "n"})
_MARKS = frozenset(
    {
        "x",
        "xx",
        "v",
        "1",
        "+",
        "✓",
        "✔",
        "√",
        "true",
        "co",
        "*",
        "●",
        "•",
        "ü",
        "p",
        "r",
        "þ",
        "☑",
        "☒",
        "1.0",
    }
)
_NO_MARKS = frozenset({"0", "-", "–", "false", "khong", "k", "0.0", "none"})


@lru_cache(maxsize=1_000)
def read_sex(text: str) -> str | None:
    """`male`, `female` or None where the text is neither."""
    key = fold(text)
    if key in _MALE:
        return "male"
    return "female" if key in _FEMALE else None


@lru_cache(maxsize=1_000)
def is_mark(text: str) -> bool | None:
    """Whether a cell is marked; None where it is neither a mark nor its absence."""
    key = tidy(text).lower()
    if key in _MARKS or fold(text) in {"x", "co", "nu", "nam"}:
        return True
    return False if not key or key in _NO_MARKS or fold(text) == "khong" else None


_STUDYING = re.compile(
    r"\b(?:dang (?:hoc|theo hoc|dao tao)|hoc vien|sinh vien|nghien cuu sinh|ncs|chua tot nghiep)\b"
)
_BETWEEN = re.compile(r"[;\n,/+&]|\bvà\b|\s[-–]\s")
_DEGREES: tuple[tuple[Degree, re.Pattern[str]], ...] = (
    (
        Degree.DOCTOR,
        re.compile(r"\b(?:tien si|tien sy|ts|tskh|gs|pgs|giao su|pho giao su|ph d|phd)\b"),
    ),
    (
        Degree.MASTER,
        re.compile(
            r"\b(?:thac si|thac sy|ths|th s|cao hoc|thac|mba|sau dai hoc|tren dai hoc|sau dh"
            r"|tren dh)\b"
        ),
    ),
    (Degree.COLLEGE, re.compile(r"\b(?:cao dang|cd|cdsp|cn cao dang)\b")),
    (
        Degree.INTERMEDIATE,
        re.compile(
            r"\b(?:trung cap|tc|trung hoc chuyen nghiep|thcn|trung hoc su pham|y si"
            r"|trung cap nghe|thsp)\b"
        ),
    ),
    (
        Degree.BACHELOR,
        re.compile(
            r"\b(?:dai hoc|dh|dhsp|dh su pham|cu nhan|cn|ky su|ki su|ks|bac si|bac sy|bs|duoc si"
            r"|ds|kien truc su"
            r"|kts|hoc vien|hv|dai hoc su pham|bachelor|cu nhan luat|luat su|bsck)\b"
        ),
    ),
    (
        Degree.NONE,
        re.compile(
            r"^(?:chua qua dao tao|chua|khong|khong co|chua co|chua qua dt|so cap|sc|0"
            r"|so cap nghe)$"
        ),
    ),
)
_SCHOOL_YEARS = re.compile(
    r"^\s*\d{1,2}\s*/\s*(?:10|12)\s*(?:pt|bt|phổ thông|\(?bt\)?)?$", re.IGNORECASE
)
_THEORIES: tuple[tuple[Theory, re.Pattern[str]], ...] = (
    (Theory.BACHELOR, re.compile(r"\b(?:cu nhan|cn|cnct|cnllct|dai hoc|dh)\b")),
    (Theory.ADVANCED, re.compile(r"\b(?:cao cap|cc|ccllct|ccct|cao cap ly luan)\b")),
    (Theory.INTERMEDIATE, re.compile(r"\b(?:trung cap|tc|tcllct|tcct|trung cap ly luan)\b")),
    (Theory.ELEMENTARY, re.compile(r"\b(?:so cap|sc|scllct|scct|so cap ly luan)\b")),
    (
        Theory.NONE,
        re.compile(
            r"^(?:chua qua dao tao|chua|khong|khong co|chua co|0|chua qua dt|chua dao tao)$"
        ),
    ),
)


@lru_cache(maxsize=50_000)
def read_degree(text: str) -> Degree | None:
    """The highest degree that is held, or None where the text does not tell.

    `12/12` is years of school, and a course still attended is no degree yet.
    """
    if text.strip().isdigit() and int(text) in Degree.values:
        return Degree(int(text))
    found = [_first_degree(part) for part in _BETWEEN.split(_without_school(text))]
    return max((degree for degree in found if degree is not None), default=None)


def _without_school(text: str) -> str:
    return "" if _SCHOOL_YEARS.match(text) else re.sub(r"\b\d{1,2}/1[02]\b", " ", text)


def _first_degree(part: str) -> Degree | None:
    key = fold(part)
    if not key or _STUDYING.search(key):
        return None
    if re.search(r"\bck ?(?:i|ii|1|2)\b|\bbsck|\bchuyen khoa\b", key):
        return None
    return next((degree for degree, pattern in _DEGREES if pattern.search(key)), None)


@lru_cache(maxsize=50_000)
def read_theory(text: str) -> Theory | None:
    """The highest level of political theory, or None where the text does not tell."""
    if text.strip().isdigit() and int(text) in Theory.values:
        return Theory(int(text))
    found = [_first_theory(part) for part in _BETWEEN.split(text)]
    return max((theory for theory in found if theory is not None), default=None)


def _first_theory(part: str) -> Theory | None:
    key = fold(part)
    if not key or _STUDYING.search(key):
        return None
    return next((theory for theory, pattern in _THEORIES if pattern.search(key)), None)


_GRADES: tuple[tuple[Grade, re.Pattern[str]], ...] = (
    (
        Grade.KHTNV,
        re.compile(r"\bkhtnv\b|\bkht\b|khong hoan thanh|\bkhong ht|\bkhtn\b|^yeu$|^kem$|^d$"),
    ),
    (Grade.HTNV, re.compile(r"han che")),
    (
        Grade.HTXSNV,
        re.compile(r"\bh?txsnv\b|\bhtxs|\bhtsxnv\b|\bhtxsn\b|xuat sac|\bxs|^a$|\bxsnv\b"),
    ),
    (
        Grade.HTTNV,
        re.compile(r"\bhttnv\b|\bhtt\b|hoan thanh tot|ht tot|\btot\b|\bhttn\b|^t$|\btnv\b|^b$"),
    ),
    (Grade.HTNV, re.compile(r"\bhtnv\b|\bht\b|hoan thanh|\bhtn\b|^c$|^dat$|^trung binh$|^kha$")),
)
_GRADE_BETWEEN = re.compile(
    r"[;\n,+|]|\s[-–]\s|/(?=\s*[^\W\d])|-(?=\s*(?:HT|KHT|XS|T))|(?<=NV)\s+(?=K?HT)"
)
_GRADE_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


@lru_cache(maxsize=5_000)
def read_grade(text: str) -> Grade | None:
    """One grade in any of its spellings."""
    key = fold(text)
    return next((grade for grade, pattern in _GRADES if pattern.search(key)), None) if key else None


@lru_cache(maxsize=20_000)
def read_grades(text: str, years: tuple[int, ...] = ()) -> tuple[model.Grade, ...]:
    """`HTTNV; HTXSNV 2023; Tốt`; `years` are those of the heading, where their number fits."""
    text = re.sub(r"(20[0-4]\d)\s*[,;]\s*(?=20[0-4]\d)", r"\1 ", text)
    parts = [tidy(part) for part in _GRADE_BETWEEN.split(text)]
    parts = [part for part in parts if part]
    found: list[model.Grade] = []
    for part in parts:
        own = [int(year) for year in _GRADE_YEAR.findall(part)]
        bare = tidy(_GRADE_YEAR.sub("", part).strip(" :=()-–./")) if own else part
        bare = re.sub(r"^(?:năm|nam)\s*[:.]?\s*|\s*(?:năm|nam)$", "", bare, flags=re.IGNORECASE)
        grade = read_grade(bare)
        if not bare and own:
            continue
        found += [model.Grade(bare, grade, year) for year in own] or [
            model.Grade(bare, grade, None)
        ]
    if years and len(found) == len(years) and all(grade.year is None for grade in found):
        return tuple(
            model.Grade(grade.text, grade.grade, year)
            for grade, year in zip(found, years, strict=True)
        )
    return tuple(found)


def heading_years(text: str) -> tuple[int, ...]:
    """Years that a heading names: `2023, 2024, 2025` or `2023-2025`."""
    if match := re.search(r"(20[0-4]\d)\s*(?:-|–|đến)\s*(20[0-4]\d)", text):
        first, last = int(match[1]), int(match[2])
        if 0 < last - first < 8:
            return tuple(range(first, last + 1))
    return tuple(dict.fromkeys(int(year) for year in _GRADE_YEAR.findall(text)))


@lru_cache(maxsize=1_000)
def read_proposal(text: str) -> str | None:
    """`supplement`, `removal`, `carry_over`, or None where the text is none of them."""
    key = fold(text)
    if re.search(r"\bdua ra|\brut\b|\bra khoi|\bthoi\b|\bkhong tiep tuc|\bloai\b", key):
        return "removal"
    if re.search(r"\bbo sung|\bmoi\b|\blan dau|\bbs\b|\bthem\b|\bgioi thieu\b", key):
        return "supplement"
    if re.search(
        r"\bchuyen tiep|\btiep tuc|\bgiu nguyen|\bquy hoach lai|\btai quy hoach|\bct\b", key
    ):
        return "carry_over"
    return None


_OTHER_GROUP_NAMES = {
    "viet": "01",
    "h mong": "08",
    "hmong": "08",
    "meo": "08",
    "mong do": "08",
    "dao do": "09",
    "giarai": "10",
    "jrai": "10",
    "jarai": "10",
    "gia rai": "10",
    "ede": "12",
    "rade": "12",
    "bana": "13",
    "bahnar": "13",
    "xodang": "14",
    "sedang": "14",
    "cao lan": "15",
    "san chi": "15",
    "koho": "16",
    "k ho": "16",
    "cham": "17",
    "h re": "19",
    "m nong": "20",
    "mnong": "20",
    "xtieng": "22",
    "stieng": "22",
    "s tieng": "22",
    "van kieu": "23",
    "bru": "23",
    "co tu": "26",
    "katu": "26",
    "khmer": "05",
    "kho me": "05",
    "kho mu": "29",
}


@lru_cache(maxsize=2_000)
def read_ethnicity(text: str) -> str | None:
    """The code `01`–`54` of an ethnic group, or None."""
    key = re.sub(r"^(?:dan toc|nguoi) ", "", fold(text))
    if key in _FOLDED_GROUPS:
        return _FOLDED_GROUPS[key]
    return key.zfill(2) if key.isdigit() and key.zfill(2) in ETHNIC_GROUPS else None


_FOLDED_GROUPS = {
    **_OTHER_GROUP_NAMES,
    **{fold(name): code for code, name in ETHNIC_GROUPS.items()},
    **{fold(name).replace(" ", ""): code for code, name in ETHNIC_GROUPS.items()},
}
