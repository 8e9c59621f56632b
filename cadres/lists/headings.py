"""What a column is, by its heading: the many spellings that offices use.

Headings are compared without diacritics and punctuation. Only `Nam` and `Năm` have to be told
apart by their letters, or by what stands beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from cadres.lists.model import Field
from cadres.lists.spelling import fold, tidy


@dataclass(frozen=True, slots=True, order=True)
class Guess:
    """A field that a heading may stand for, with how sure that is (0 to 1)."""

    field: Field
    confidence: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    field: Field
    pattern: re.Pattern[str]
    confidence: float
    unless: re.Pattern[str] | None = None

    def fits(self, key: str) -> bool:
        return bool(self.pattern.search(key)) and not (self.unless and self.unless.search(key))


def _rule(field: Field, pattern: str, confidence: float, unless: str = "") -> _Rule:
    never = re.compile(rf"\b(?:{unless})\b") if unless else None
    return _Rule(field, re.compile(rf"\b(?:{pattern})\b"), confidence, never)


_KIN = "vo|chong|cha|bo me|me|con|vo chong|than nhan|nguoi (?:lap|ky)"
_PLAN = "quy hoach|qh|qui hoach|gioi thieu|du kien|de xuat|de nghi|phe duyet"
_NOW = "hien|dang (?:giu|dam|lam|cong)|nay|cong tac"
_NO_TITLE = (
    "phu cap|he so|luong|ngach|bac|ngay|thoi gian|thoi diem|quyet dinh|nam (?:bo nhiem|giu)"
    "|tham nien"
    "|tieu chuan|so nam|ma"
)

#: The first rules that fit are the likeliest; a heading may fit several.
_RULES = (
    _rule(Field.NUMBER, "^(?:stt|tt|s tt|so tt|so thu tu|thu tu|no)$", 1.0),
    _rule(Field.FULL_NAME, r"^ho(?: va)?(?: chu dem| ten dem| dem| chu lot)?(?: va)? ten$", 1.0),
    _rule(Field.FULL_NAME, "^ho va ten(?: khai sinh)?$|^ho ten(?: khai sinh)?$|^full name$", 1.0),
    _rule(
        Field.FULL_NAME,
        r"ho(?: va)?(?: chu dem| ten dem| dem| chu lot)?(?: va)? ten",
        0.95,
        rf"{_KIN}|ho(?: va)? ten (?:dem|lot)$",
    ),
    _rule(
        Field.FULL_NAME,
        "^ten (?:can bo|cbcc|cbccvc|dong chi|nhan su|khai sinh|nhan vien|cong chuc|d c).*",
        0.9,
    ),
    _rule(
        Field.FULL_NAME,
        "^(?:can bo|dong chi|nhan su|cac dong chi|nguoi duoc (?:quy hoach|gioi thieu)|name|d c)$",
        0.75,
    ),
    _rule(Field.FULL_NAME, "^ten$", 0.6),
    _rule(
        Field.FAMILY_NAME,
        "^ho(?: va)?(?: ten| chu)? (?:dem|lot)$|^ho(?: va)? ten (?:dem|lot)$|^ho$|^ho chu lot$",
        0.95,
    ),
    _rule(Field.GIVEN_NAME, "^ten$", 0.55),
    _rule(Field.GIVEN_NAME, "^ten (?:goi|rieng)$", 0.5),
    _rule(
        Field.SEX,
        "^gioi tinh.*|^phai(?: tinh)?$|^nam nu$|^nu nam$|^nam hay nu$|^gioi$|^g tinh$",
        1.0,
    ),
    _rule(Field.SEX, "^gender$|^sex$|^gt$", 0.9),
    _rule(
        Field.BIRTH_DATE,
        "(?:ngay|thang|nam|ngay thang nam|n) sinh|sinh (?:ngay|nam|thang)|^ntns$|^ngay thang nam s$"
        "|^n t n s$|ngay thang nam sinh|^dob$|date of birth|^birth date$|^ngay thang sinh$",
        1.0,
        "noi sinh|vao dang|con|vo|chong",
    ),
    _rule(Field.BIRTH_DATE, "^sinh$|^nam s$|^ngay thang nam$", 0.7),
    _rule(Field.ETHNICITY, "dan toc|ethnic(?:ity)?", 1.0, "tieng|ngoai ngu|boi duong|ton giao$"),
    _rule(Field.ETHNICITY, "dan toc", 0.6, "tieng|ngoai ngu|boi duong"),
    _rule(Field.NATIVE_PLACE, "que quan|nguyen quan|^que$|que quan.*", 1.0),
    _rule(
        Field.PARTY_JOINED_ON,
        "(?:ngay|nam|thang|thoi gian|thoi diem)(?: thang nam| thang)? (?:duoc )?(?:vao|ket nap)"
        "(?: vao)? (?:dang|dcsvn|dang csvn)|^vao dang$|ngay ket nap(?: dang)?$|ngay vao dang"
        "|^ket nap dang$|^ngay vd$",
        1.0,
        "chinh thuc",
    ),
    _rule(Field.PARTY_JOINED_ON, "^dang vien$", 0.5),
    _rule(
        Field.PLANNED_TITLE,
        rf"(?:chuc danh|chuc vu|vi tri|chuc)(?: \w+)* (?:{_PLAN})"
        rf"|^(?:{_PLAN})(?: \w+)* chuc (?:danh|vu)",
        1.0,
        f"(?:chuc vu|chuc danh) (?:hien|dang).*|da duoc|ngay|so quyet dinh|{_KIN}",
    ),
    _rule(
        Field.PLANNED_TITLE,
        "quy hoach (?:vao|chuc|cac)|duoc quy hoach|^quy hoach$|^qh$|chuc danh .*quy hoach",
        0.75,
        "nam|ngay|nhiem ky$|hien nay|so quyet dinh",
    ),
    _rule(
        Field.TITLE,
        r"^chuc (?:vu|danh)(?: chuc (?:vu|danh))?(?: (?:va|cong tac|cong viec))*"
        r"(?: (?:hien nay|hien tai|dang giu|hien giu|dang dam nhiem|hien dang giu"
        r"|dang dam nhan))*$",
        1.0,
    ),
    _rule(
        Field.TITLE,
        rf"chuc (?:vu|danh)(?: \w+)* (?:{_NOW})",
        0.95,
        rf"{_NO_TITLE}|kiem nhiem|chuc danh (?:quy hoach|qh|de xuat|gioi thieu|de nghi)",
    ),
    _rule(
        Field.TITLE,
        "^chuc (?:vu|danh) (?:trong )?(?:dang|doan the|kiem nhiem|dang doan the).*",
        0.5,
    ),
    _rule(Field.TITLE, "^chuc vu (?:chinh quyen|cq|chuyen mon).*", 0.85, _NO_TITLE),
    _rule(
        Field.TITLE, "^chuc vu.*|^chuc danh.*|^cv$", 0.8, rf"{_NO_TITLE}|{_PLAN}|dang|kiem nhiem"
    ),
    _rule(Field.TITLE, "chuc vu|chuc danh", 0.6, rf"{_NO_TITLE}|{_PLAN}"),
    _rule(Field.TITLE, "vi tri (?:cong tac|viec lam)|cong viec|^title$|^position$", 0.6, _PLAN),
    _rule(
        Field.UNIT,
        "^(?:(?:ten )?(?:co quan|don vi|phong|ban|phong ban|bo phan|to chuc|chi bo|dang bo))"
        "(?: (?:co quan|don vi|phong|ban|to chuc|cong tac|lam viec|hien tai|truc thuoc))*$",
        0.9,
    ),
    _rule(
        Field.UNIT,
        "(?:don vi|noi|co quan) (?:dang )?(?:cong tac|lam viec)|^unit$|^so ban nganh",
        1.0,
        "chuc",
    ),
    _rule(
        Field.THEORY,
        "ly luan(?: chinh tri| ct)?|ll ?chinh tri|ll ?ct|trinh do chinh tri|cao cap chinh tri"
        "|llctri",
        1.0,
        "^(?:trinh do )?chuyen mon.*|ngay|nam|noi|boi duong|^theory$",
    ),
    _rule(
        Field.THEORY,
        "ly luan|llct|^chinh tri$|^theory$|^ll$|^ct$|^ll ct$",
        0.8,
        "chuyen mon|nam|noi",
    ),
    _rule(
        Field.DEGREE,
        "^(?:trinh do |td |tddt |bang |bang cap )?(?:ve )?(?:chuyen mon|cm)(?: nghiep vu| dao tao"
        "| cao nhat"
        "|  ?ky thuat)*$|^tdcm$|^td cm$|^trinh do cmnv$|^cmnv$|^tdcmnv$",
        1.0,
    ),
    _rule(
        Field.DEGREE,
        "chuyen mon|hoc vi|bang cap|van bang|trinh do dao tao|^trinh do hoc van cao nhat$|^degree$",
        0.85,
        "nam|noi|truong|chuc vu|thoi gian|giang day|vi tri|ngach|phong|don vi|nganh$",
    ),
    _rule(Field.DEGREE, "^trinh do$|^td$|^chuyen nganh.*|^(?:trinh do )?hoc van$", 0.5),
    _rule(
        Field.GRADES,
        "xep loai|phan loai|danh gia|muc do hoan thanh|hoan thanh nhiem vu",
        0.95,
        "tot nghiep|dang vien|hoc luc|suc khoe|ngay|nhan xet",
    ),
    _rule(Field.GRADES, "xep loai|phan loai|danh gia", 0.6, "tot nghiep|hoc luc|suc khoe"),
    _rule(
        Field.PROPOSAL,
        "^(?:noi dung |y kien |phuong an |hinh thuc )?(?:de xuat|de nghi|kien nghi)(?: .*)?$"
        "|bo sung.*(?:dua ra|chuyen tiep)|dien (?:quy hoach|bo sung)|^hinh thuc(?: quy hoach)?$"
        "|^(?:bo sung|dua ra)$",
        0.9,
        "chuc danh|chuc vu",
    ),
    _rule(Field.NOTE, "^ghi chu.*|^chu thich$|^gc$|^note$|^ghi chu$|^chu y$", 1.0),
    _rule(
        Field.CODE,
        "^(?:ma|so hieu|ma so|ma hieu|so ho so|ma ho so)(?: (?:can bo|cb|cbcc|cbccvc|cong chuc"
        "|nhan vien"
        "|nv|ho so|cc|cbvc|vien chuc|can bo cong chuc|can bo cong chuc vien chuc))?$|^so hieu .*"
        "|^code$"
        "|^mcb$|^shcb$|^shcc$",
        0.95,
        "quyet dinh|qd|van bang|the|ngach|thue",
    ),
)

#: Identity numbers and other things that planning does not need: not read, not shown, not kept.
_WITHHELD = re.compile(
    r"\b(?:cccd|cmnd|cmtnd|cmt|can cuoc|chung minh|dinh danh|ho chieu|passport|bhxh|bhyt|bao hiem"
    r"|tai khoan|dien thoai|sdt|dtdd|di dong|so dt|email|e mail|thu dien tu|ma so thue|mst|suc khoe"
    r"|ton giao|nhom mau|the dang|so tdv|the dang vien)\b"
)
_PARTS = {"ngay": Field.BIRTH_DAY, "thang": Field.BIRTH_MONTH}
_YEAR = re.compile(r"^(?:nam )?(20[0-4]\d)$")
_ANY_YEAR = re.compile(r"\b(20[0-4]\d)\b")
_DEGREE_LEVELS = re.compile(
    "^(?:tien si|tien sy|ts|thac si|thac sy|ths|dai hoc|dh|cao dang|cd|trung cap|tc|sau dai hoc"
    "|tren dai hoc|cu nhan|so cap|tskh|tien si khoa hoc)(?: tro len)?$"
)
_THEORY_LEVELS = re.compile(
    "^(?:cu nhan|cn|cao cap|cc|trung cap|tc|so cap|sc|cu nhan cao cap|chua qua dao tao)$"
)
_THEORY_TOO = re.compile(r"\b(?:ly luan|llct|chinh tri)\b")
_BIRTH_SEX = re.compile(r"\bsinh\b.*\b(nam|nu)$")
_NOT_DEGREE = re.compile(
    r"\b(?:qlnn|quan ly nha nuoc|ngoai ngu|tin hoc|tieng|van hoa|gdpt|pho thong|boi duong"
    r"|quoc phong|qpan|anh van|quan ly|chung chi)\b"
)


def is_withheld(heading: tuple[str, ...]) -> bool:
    """Whether the column holds what the portal must not keep."""
    return bool(_WITHHELD.search(fold(" ".join(heading))))


@lru_cache(maxsize=20_000)
def guesses(heading: tuple[str, ...], siblings: tuple[str, ...] = ()) -> tuple[Guess, ...]:
    """What a column with this heading (parents first) may be, likeliest first.

    `siblings` are the own headings of all columns: they tell `Nam` (male) from `Nam` (year)
    where diacritics are missing.
    """
    if not heading or is_withheld(heading):
        return ()
    own, parents = heading[-1], heading[:-1]
    key = fold(own)
    found = _by_child(own, key, parents, siblings)
    if not found:
        found = _by_rules(key, parents)
    if not found and parents:
        found = [
            Guess(guess.field, guess.confidence * 0.8, guess.detail)
            for guess in _by_rules(fold(" ".join(heading)), ())
            if not _NOT_DEGREE.search(key)
        ]
    if found and found[0].field is Field.BIRTH_DATE and parents:
        found = _birth_under(parents[-1]) or found
    return tuple(found or _by_likeness(key))


def _birth_under(parent: str) -> list[Guess]:
    """`Nam`, `Nữ` above and a birth date below each: the other way round."""
    if fold(parent) == "nam" and "ă" not in tidy(parent).lower():
        return [Guess(Field.BIRTH_MALE, 0.95)]
    return [Guess(Field.BIRTH_FEMALE, 0.95)] if fold(parent) == "nu" else []


def _by_child(
    own: str, key: str, parents: tuple[str, ...], siblings: tuple[str, ...]
) -> list[Guess]:
    """Short headings that mean something only under their parent."""
    above = [guess.field for guess in guesses(parents, siblings)] if parents else []
    over = above[0] if above else None
    if key in {"nam", "nu"}:
        return _nam_or_nu(own, key, over, siblings)
    if key in _PARTS and over is Field.BIRTH_DATE:
        return [Guess(_PARTS[key], 1.0)]
    if over is Field.PARTY_JOINED_ON:
        return (
            [Guess(Field.PARTY_JOINED_ON, 0.95)] if key in {"du bi", "ngay vao", "ket nap"} else []
        )
    if year := _YEAR.match(key):
        return [Guess(Field.GRADES, 0.95 if over is Field.GRADES else 0.4, year[1])]
    if Field.DEGREE in above[:2] and _DEGREE_LEVELS.match(key):
        return [Guess(Field.DEGREE_MARK, 0.9, own)]
    if over is Field.THEORY and _THEORY_LEVELS.match(key):
        return [Guess(Field.THEORY_MARK, 0.9, own)]
    if over is Field.TITLE and key in {"chinh quyen", "cq", "chuyen mon"}:
        return [Guess(Field.TITLE, 0.85)]
    if over is Field.TITLE and key in {"dang", "doan the", "dang doan the"}:
        return [Guess(Field.TITLE, 0.5)]
    if re.match(r"(?:la |can bo )?nu(?: (?:danh dau|x|neu|ghi|gioi).*)?$|gioi tinh nu$", key):
        return [Guess(Field.SEX_FEMALE, 0.8)]
    return _birth_with_sex(own, key)


def _birth_with_sex(own: str, key: str) -> list[Guess]:
    """`Năm sinh (Nữ)`: one heading for both."""
    match = _BIRTH_SEX.search(key)
    if not match or re.search(r"nam\s*[/,\-&]\s*nữ", own.lower()):
        return []
    if match[1] == "nam" and tidy(own).lower().rstrip(" ).:").endswith("năm"):
        return []
    return [Guess(Field.BIRTH_MALE if match[1] == "nam" else Field.BIRTH_FEMALE, 0.95)]


def _nam_or_nu(own: str, key: str, over: Field | None, siblings: tuple[str, ...]) -> list[Guess]:
    if key == "nam" and _is_year(own, siblings):
        return [Guess(Field.BIRTH_YEAR, 1.0)] if over is Field.BIRTH_DATE else []
    birth = Field.BIRTH_MALE if key == "nam" else Field.BIRTH_FEMALE
    mark = Field.SEX_MALE if key == "nam" else Field.SEX_FEMALE
    if over is Field.BIRTH_DATE:
        return [Guess(birth, 1.0), Guess(mark, 0.3)]
    if over is Field.SEX:
        return [Guess(mark, 1.0), Guess(birth, 0.3)]
    return [Guess(mark, 0.8), Guess(birth, 0.6)]


def _is_year(own: str, siblings: tuple[str, ...]) -> bool:
    if "ă" in tidy(own).lower():
        return True
    keys = {fold(sibling) for sibling in siblings}
    return own.isascii() and "nu" not in keys and "thang" in keys


def _by_rules(key: str, parents: tuple[str, ...]) -> list[Guess]:
    if not key or len(key) > 140:
        return []
    found: dict[Field, float] = {}
    for rule in _RULES:
        if rule.field not in found and rule.fits(key):
            found[rule.field] = rule.confidence
    if found.keys() & {Field.DEGREE} and _NOT_DEGREE.search(key) and "chuyen mon" not in key:
        del found[Field.DEGREE]
    if parents and key == "dang vien":
        found.pop(Field.PARTY_JOINED_ON, None)
    if Field.TITLE in found and parents and _is_of_plan(key, parents):
        found = {Field.PLANNED_TITLE: 0.9, Field.TITLE: 0.3}
    if Field.PLANNED_TITLE in found and re.search(r"\bda duoc\b|\bda qh\b|\btruoc\b", key):
        found[Field.PLANNED_TITLE] = min(found[Field.PLANNED_TITLE], 0.6)
    if Field.FULL_NAME in found and key.startswith("ho "):  # other things stand behind the name
        found = {name: sure * 0.4 for name, sure in found.items() if name is not Field.FULL_NAME}
        found[Field.FULL_NAME] = 0.95 if found else 1.0
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return [Guess(name, sure, _detail(name, key)) for name, sure in ordered]


def _detail(name: Field, key: str) -> str:
    """The year of a column of grades; whether a column of degrees has theory as well."""
    if name is Field.GRADES:
        years = _ANY_YEAR.findall(key)
        return years[0] if len(years) == 1 else ""
    is_both = name is Field.DEGREE and _THEORY_TOO.search(key)
    return Field.THEORY.value if is_both else ""


def _is_of_plan(key: str, parents: tuple[str, ...]) -> bool:
    above = fold(" ".join(parents))
    return bool(re.search(r"\b(?:quy hoach|qh)\b", above)) and not re.search(
        rf"\b(?:{_NOW})\b", key
    )


_KNOWN = {
    "ho va ten": Field.FULL_NAME,
    "ngay thang nam sinh": Field.BIRTH_DATE,
    "ngay sinh": Field.BIRTH_DATE,
    "nam sinh": Field.BIRTH_DATE,
    "gioi tinh": Field.SEX,
    "dan toc": Field.ETHNICITY,
    "que quan": Field.NATIVE_PLACE,
    "ngay vao dang": Field.PARTY_JOINED_ON,
    "chuc vu": Field.TITLE,
    "chuc vu hien tai": Field.TITLE,
    "don vi cong tac": Field.UNIT,
    "chuc danh quy hoach": Field.PLANNED_TITLE,
    "trinh do chuyen mon": Field.DEGREE,
    "chuyen mon": Field.DEGREE,
    "ly luan chinh tri": Field.THEORY,
    "trinh do ly luan chinh tri": Field.THEORY,
    "xep loai": Field.GRADES,
    "de xuat": Field.PROPOSAL,
    "ghi chu": Field.NOTE,
}


def _by_likeness(key: str) -> list[Guess]:
    """A heading with a slip of the pen."""
    if not 5 <= len(key) <= 60:
        return []
    return [Guess(_KNOWN[word], 0.55) for word in get_close_matches(key, _KNOWN, 1, 0.85)]
