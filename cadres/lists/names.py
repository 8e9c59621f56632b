"""Names of people: telling them from other words, and cleaning what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cadres.lists.spelling import fold, is_capitals, tidy

#: Family names of Vietnam's peoples, folded; a hint only, many are missing.
_FAMILIES = frozenset(
    """nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao doan vuong
    trinh truong dinh lam phung mai to luong luu cao chu ta ha thai kieu quach la lo
    trieu nong be ban vi chi ma hua dam hau giang vang thao sung mua luc phu than mong
    lanh long nghiem tong khuc quang lu lau cu sinh thang trang tan tien chao sam ngoc
    linh leo deo ca cam tonm kpa ksor rmah rcom siu nay ro kbuor h y a bo bnahria alang
    zo ram hien kon ka po hlong coor bling briu avo thach kim son chau danh thi lieu tu
    ung uong viem xa giap mac ninh no oai phi quan thieu tiet toan trac ton tuong van
    vien xuan yen au bach bang cat co cung dan doi chung cong kha khong khuong lai ngan
    nhan nhu nhac mau moc minh hong han hac ong xong hang lia lay lung ging gia tho cho
    hu chang pao seo phin""".split()  # noqa: SIM905
)
_ADDRESS = re.compile(
    r"^(?:(?:các\s+)?đồng\s+chí|đ\s*/\s*c|đ\.c\.?|đc\.?|dong chi|d/c|thượng tướng|đại tá|thượng tá"
    r"|trung tá|thiếu tá|đại úy|thượng úy|trung úy|thiếu úy|thiếu tướng)[\s:.,]+",
    re.IGNORECASE,
)
_DEGREE_BEFORE = re.compile(
    r"^(?:(?:GS|PGS|TS|TSKH|ThS|Th\.S|BS|BSCK1|BSCK2|BSCKI|BSCKII|KS|LS|KTS)\s*[.,]+\s*)+",
    re.IGNORECASE,
)
_MR = re.compile(r"^(ông|bà)[\s:.]+(?=\S)", re.IGNORECASE)
_NUMBERING = re.compile(r"^\d{1,4}\s*[.)/\-]\s*(?=\D)|^[-+*•–]+\s*")
_BRACKETS = re.compile(r"\s*[(\[{]([^)\]}]*)[)\]}]?\s*")
_TRAILING = re.compile(r"[\s*,;:.\d¹²³]+$")
_NAME_SIGNS = re.compile(r"[^\W\d_]+(?:[\s.'’‘`ʼ\-]*[^\W\d_]+)*[.'’‘]?")
_WORD = re.compile(r"[^\W\d_]+")
#: Words of units, titles and headings: a text with one of them is no name.
_NOT_A_NAME = re.compile(
    r"\b(?:sở|ban|phòng|ủy ban|uỷ ban|ubnd|hđnd|ubmttq|mttq|văn phòng|đảng ủy|đảng uỷ|huyện ủy"
    r"|tỉnh ủy"
    r"|thành ủy|chi bộ|đảng bộ|khối|huyện|xã|phường|thị trấn|thị xã|thành phố|tỉnh|cơ quan|đơn vị"
    r"|trung tâm|trường|bệnh viện|công an|quân sự|hội|đoàn thể|liên đoàn|giám đốc|bí thư|chủ tịch"
    r"|trưởng phòng|phó phòng|phó trưởng|chức danh|chức vụ|danh sách|số lượng|nhân sự|tổng|cộng"
    r"|ghi chú"
    r"|ủy viên|uỷ viên|ban chấp hành|thường vụ|cấp ủy|lãnh đạo|nhiệm kỳ|quy hoạch|người|nơi nhận"
    r"|chánh"
    r"|viện|cục|vụ|chi cục|thanh tra|kho bạc|tòa án|viện kiểm sát|mặt trận|báo|đài|so|phong"
    r"|hiệu trưởng"
    r"|dân vận|tuyên giáo|nội chính|thanh niên|phụ nữ|nông dân|cựu chiến binh|bổ sung|đưa ra"
    r"|chuyển tiếp|cán bộ|công chức|viên chức|trở lên|dưới|tuổi|nữ|dân tộc|trong đó)\b",
    re.IGNORECASE,
)
#: Of those, the ones that are family or middle names too: one of them alone proves nothing.
_ALSO_NAMES = frozenset(
    [
        "ban",
        "đoàn",
        "vụ",
        "báo",
        "so",
        "phong",
        "cộng",
        "hội",
        "vũ",
        "tổng",
        "xã",
        "viện",
        "phòng",
        "trường",
        "nữ",
        "người",
    ]
)


_WORDS_AND_FAMILIES = frozenset({"ban", "đoàn"})


@dataclass(frozen=True, slots=True)
class Name:
    """A cleaned name with what was taken away from it."""

    text: str
    sex: str | None = None
    remark: str = ""


@lru_cache(maxsize=100_000)
def clean_name(text: str, *, has_address: bool = True) -> Name:
    """`1. Đ/c NGUYỄN VĂN A (Bí thư)` -> `Nguyễn Văn A`.

    `Ông`, `Bà` tell the sex; `has_address` says whether the list uses them (Ông is a family name
    too).
    """
    name = tidy(text)
    name = _NUMBERING.sub("", name, count=1)
    remarks = [tidy(remark) for remark in _BRACKETS.findall(name) if tidy(remark)]
    name = tidy(_BRACKETS.sub(" ", name))
    name = _ADDRESS.sub("", name)
    sex = None
    if (match := _MR.match(name)) and _is_address(name, match, has_address=has_address):
        sex = "female" if match[1].lower() == "bà" else "male"
        name = name[match.end() :]
    name = _ADDRESS.sub("", name)
    name = _DEGREE_BEFORE.sub("", name)
    name = _TRAILING.sub("", name)
    if not sex:
        sex = {"nam": "male", "nu": "female"}.get(fold(remarks[0]) if remarks else "")
    return Name(proper(tidy(name.strip(' ,;:-–*"“”'))), sex, "; ".join(remarks))


def _is_address(name: str, match: re.Match[str], *, has_address: bool) -> bool:
    if match[1].lower() == "bà":
        return True
    after = fold(name[match.end() :]).split()
    return has_address or (len(after) >= 3 and after[0] in _FAMILIES)


@lru_cache(maxsize=100_000)
def proper(name: str) -> str:
    """Capitals and small letters as names have them, where the list has only one kind.

    Every part begins with a capital, also after an apostrophe or hyphen: `H'HEN NIÊ` -> `H'Hen
    Niê`, `Y BAN` -> `Y Ban`. A name that has both kinds is left as it is, but for words that begin
    small by a slip (`Nguyễn văn An`).
    """
    if not any(sign.isalpha() for sign in name):
        return name
    if is_capitals(name) or name.islower():
        return _WORD.sub(lambda match: match[0][0].upper() + match[0][1:].lower(), name)
    return " ".join(
        _WORD.sub(lambda match: match[0].capitalize(), word)
        if word.islower() or (len(word) > 1 and word.isupper() and word.isalpha())
        else word
        for word in name.split(" ")
    )


@lru_cache(maxsize=100_000)
def looks_like_name(text: str) -> bool:
    """Whether a text could be the name of a person (a unit or title is not)."""
    name = clean_name(text).text
    if not _NAME_SIGNS.fullmatch(name) or len(name) > 60:
        return False
    parts = name.split()
    if not 1 <= len(parts) <= 7 or any(len(part) > 20 for part in parts):
        return False
    found = {word.lower() for word in _NOT_A_NAME.findall(name)}
    if found - _ALSO_NAMES:
        return False
    first = parts[0].lower()
    return not found or (
        fold(first) in _FAMILIES and (first not in found or first in _WORDS_AND_FAMILIES)
    )


@lru_cache(maxsize=100_000)
def begins_like_name(text: str) -> bool:
    """Whether a text looks like a name of two or more parts that begins with a known family."""
    parts = clean_name(text).text.split()
    return len(parts) >= 2 and fold(parts[0]) in _FAMILIES and looks_like_name(text)
