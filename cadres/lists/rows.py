"""What each row below the header is: a person, a group, a total, a note, a signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cadres.lists.layout import Grid, Header, is_number_row
from cadres.lists.model import HELPERS, Column, Field, Group, RowKind
from cadres.lists.names import begins_like_name, looks_like_name
from cadres.lists.spelling import fold, is_capitals

_TOTAL = re.compile(
    r"^\W*(?:tổng(?:\s*(?:cộng|số|hợp|toàn)|\s*[:=]|\s*$|\s+\d)|cộng\s*(?:[:=]|$|\d|chung|có"
    r"|danh sách|lại)"
    r"|số lượng|toàn tỉnh\s*:|tỷ lệ|tỉ lệ|trong đó)",
    re.IGNORECASE,
)
_TOTAL_FOLDED = re.compile(r"^(?:tong cong|tong so|cong|tong|so luong(?: de nghi)?(?: \d+)?)$")
_NOTE = re.compile(
    r"^\W*(?:danh sách|ghi chú|lưu ý|ấn định|kèm theo|chú thích|đơn vị tính|\*|\(danh sách"
    r"|danh sach)",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\bngay\b.{0,14}\bthang\b.{0,10}\bnam\b|^noi nhan\b|^(?:t ?m|k ?t|t ?l|tuq|thua lenh"
    r"|thay mat)\b .*"
    r"|^nguoi (?:lap|tong hop|ky|lam|bao cao|kiem tra)|^lap bieu\b|^can bo (?:lap|tong hop)\b"
    r"|^xac nhan cua|^thu truong (?:co quan|don vi)|^ky ten|^\(?ky,|^duyet$|^phe duyet cua"
    r"|^(?:trang|page) \d+",
)
_ARABIC = re.compile(r"^\(?\d{1,5}(?:[.\-]\d{1,4})*[.)]?$")
_NUMBERED = re.compile(
    r"^\s*(?:(?P<roman>[IVXLC]{1,6})|(?P<capital>[A-HĐ])|(?P<dotted>\d{1,2}(?:\.\d{1,2})+)"
    r"|(?P<number>\d{1,3})|(?P<small>[a-hđ]))\s*[.)\-:/–]+\s*(?=\S)"
)
_ALONE = re.compile(
    r"^(?:(?P<roman>[IVXLC]{1,6})|(?P<capital>[A-HĐ])|(?P<dotted>\d{1,2}(?:\.\d{1,2})+)"
    r"|(?P<number>\d{1,3})|(?P<small>[a-hđ]))[.)\-:/]*$"
)
_STYLES = ("capital", "roman", "number", "dotted", "small")
_OF_TITLES = re.compile(
    r"^(?:chuc danh|chuc vu|quy hoach chuc danh|cac chuc danh|pho|giam doc|truong|bi thu|chu tich"
    r"|uy vien"
    r"|chanh|hieu truong|thuong truc|ban thuong vu|ban chap hanh|cap uy|lanh dao|thuong vu"
    r"|cuc truong"
    r"|vien truong|tong bien tap|chi cuc truong|doi truong|thanh vien|kiem soat vien)\b"
)
_OF_UNITS = re.compile(
    r"\b(?:so|ban|phong|huyen|thi xa|thanh pho|xa|phuong|thi tran|van phong|dang uy|khoi|ubnd"
    r"|uy ban|hdnd"
    r"|trung tam|truong|benh vien|cong an|quan su|hoi|doan|lien doan|thanh tra|toa an|vien|cuc"
    r"|chi cuc|bao"
    r"|dai|co quan|don vi|huyen uy|tinh uy|thanh uy|dang bo|chi bo|mat tran|mttq|kho bac|quy"
    r"|cong ty)\b"
)
_TITLE_BEFORE = re.compile(
    r"^(?:quy hoạch\s+)?(?:các\s+)?(?:chức danh|chức vụ)(?:\s+quy hoạch)?\s*[:\-–]?\s*",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\s*[(\[:]\D*\d+\s*(?:người|đ/c|đồng chí|cán bộ|nhân sự)?\s*[)\]]?$")
_NOT_DATA = {Field.NUMBER, Field.NOTE, Field.CODE, Field.FULL_NAME, *HELPERS} - {
    Field.BIRTH_MALE,
    Field.BIRTH_FEMALE,
    Field.BIRTH_YEAR,
    Field.SEX_MALE,
    Field.SEX_FEMALE,
    Field.DEGREE_MARK,
    Field.THEORY_MARK,
}
_BIRTHS = (Field.BIRTH_DATE, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.BIRTH_YEAR)


@dataclass
class Places:
    """Where the fields stand, as column indexes."""

    number: int | None
    names: tuple[int, ...]
    births: tuple[int, ...]
    data: tuple[int, ...]

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Places:
        """The places in these columns."""
        at = {column.field: column.index for column in columns if column.field}
        names = [at[f] for f in (Field.FULL_NAME, Field.FAMILY_NAME, Field.GIVEN_NAME) if f in at]
        return cls(
            number=at.get(Field.NUMBER),
            names=tuple(names),
            births=tuple(at[f] for f in _BIRTHS if f in at),
            data=tuple(c.index for c in columns if c.field and c.field not in _NOT_DATA),
        )


@dataclass
class _Stack:
    """The groups that are open, each with the style of its numbering."""

    groups: list[tuple[str, Group]] = field(default_factory=list)
    has_people: bool = False

    def open(self, row: int, text: str, style: str) -> Group:
        """A new group takes the place of the one of its style and of all inside that."""
        kind = group_kind(text)
        for depth, (other, group) in enumerate(self.groups):
            nests = style.startswith("plain") and not self.has_people and group.kind != kind
            if other == style and not nests:
                del self.groups[depth:]
                break
        found = Group(row, len(self.groups) + 1, text, kind)
        self.groups.append((style, found))
        self.has_people = False
        return found

    def now(self) -> tuple[Group, ...]:
        """The open groups, outermost first."""
        return tuple(group for _style, group in self.groups)


def group_kind(text: str) -> str:
    """`title`, `unit` or `other`."""
    key = fold(text)
    if _OF_TITLES.search(key) and not re.match(
        r"truong (?:thpt|thcs|chinh tri|cao dang|dai|tieu|mam)", key
    ):
        return "title"
    return "unit" if _OF_UNITS.search(key) else "other"


class RowReader:
    """Judges the rows below a header one after the other, and keeps the groups on the way."""

    def __init__(self, grid: Grid, header: Header, columns: Sequence[Column]) -> None:
        self._grid = grid
        self._header = header
        self._places = Places.of(columns)
        self._stack = _Stack()
        self._cells: set[str] = {fold(part) for heading in header.headings for part in heading}
        self._name_keys = {
            fold(part) for index in self._places.names for part in header.headings[index]
        }
        self._is_footer = False
        self._full: tuple[Group, ...] = ()
        self._plain: dict[str, bool] = {}
        self.groups: list[Group] = []
        self.nameless: list[int] = []

    @property
    def context(self) -> tuple[Group, ...]:
        """The groups that the row just judged stands in."""
        return self._full

    def name_of(self, texts: tuple[str, ...]) -> str:
        """The name in a row, put together from its columns."""
        names = self._places.names
        if len(names) == 1:
            return texts[names[0]]
        return " ".join([texts[index] for index in names if texts[index]])

    def judge(self, row: int, texts: tuple[str, ...], born: bool) -> RowKind:
        """The kind of a row; `born` says that a birth date stands in it."""
        if born and self._is_plain(self.name_of(texts)):
            return self._person()
        filled = [index for index, text in enumerate(texts) if text]
        if not filled:
            return RowKind.BLANK
        name = self.name_of(texts)
        if self._is_header(texts, filled, name):
            return RowKind.HEADER
        if self._is_person(row, texts, name, born):
            return self._person()
        return self._other(row, texts, filled, name, born)

    def _person(self) -> RowKind:
        self._is_footer = False
        if not self._stack.has_people:
            self._stack.has_people = True
            self._full = self._stack.now()
        return RowKind.PERSON

    def _is_plain(self, name: str) -> bool:
        """Whether a text can be nothing but the name of a person; most rows of a list have one."""
        known = self._plain.get(name)
        if known is None:
            known = self._plain[name] = (
                len(name) > 3
                and not name[0].isdigit()
                and fold(name) not in self._name_keys
                and not _is_total(name)
                and looks_like_name(name)
            )
        return known

    def _other(
        self, row: int, texts: tuple[str, ...], filled: list[int], name: str, born: bool
    ) -> RowKind:
        first = texts[filled[0]]
        main = name or next((texts[i] for i in filled if not _is_numbering(texts[i])), first)
        if any(_FOOTER.search(fold(texts[index])) for index in filled):
            self._is_footer = True
        if self._is_footer:
            return RowKind.FOOTER
        if _is_total(first) or _is_total(main):
            return RowKind.TOTAL
        if _NOTE.match(main):
            return RowKind.NOTE
        if self._is_group(row, texts, filled, main):
            self._open_group(row, texts, filled, main)
            return RowKind.GROUP
        if born and not name:
            self.nameless.append(row + 1)
        return RowKind.NOTE

    def _is_header(self, texts: tuple[str, ...], filled: list[int], name: str) -> bool:
        if name and fold(name) not in self._name_keys and not name[:1].isdigit() and len(name) > 3:
            return False
        if is_number_row(texts):
            return True
        repeated = sum(fold(texts[index]) in self._cells for index in filled)
        return (
            repeated == len(filled)
            and repeated >= 2
            and (not name or fold(name) in self._name_keys)
        )

    def _is_person(self, row: int, texts: tuple[str, ...], name: str, born: bool) -> bool:
        if not name:
            return False
        number = self._number(texts)
        is_numbered = bool(_ARABIC.match(number))
        if _is_total(name) and not (born and begins_like_name(name)):
            return False
        if born and (is_numbered or looks_like_name(name)):
            return True
        if not looks_like_name(name):
            return is_numbered and self._data(texts) >= 2 and not _is_heading_like(name)
        data = self._data(texts)
        if self._is_footer:
            return is_numbered and data >= 1
        if number and not is_numbered:
            return data >= 2
        if data == 0:
            return self._is_bare_person(row, name, is_numbered)
        return is_numbered or begins_like_name(name) or data >= 2

    def _is_bare_person(self, row: int, name: str, is_numbered: bool) -> bool:
        """A name with nothing beside it: a person, unless the list goes on with number one."""
        if not self._places.data:
            return True
        if not is_numbered or not begins_like_name(name):
            return False
        below = self._grid.texts[row + 1] if row + 1 < len(self._grid.texts) else ()
        return not (below and self._number(below).strip(".)") == "1")

    def _number(self, texts: tuple[str, ...]) -> str:
        place = self._places.number
        return texts[place] if place is not None and place < len(texts) else ""

    def _data(self, texts: tuple[str, ...]) -> int:
        return sum(1 for index in self._places.data if index < len(texts) and texts[index])

    def _is_group(self, row: int, texts: tuple[str, ...], filled: list[int], main: str) -> bool:
        if len(main) < 2 or len(main) > 200 or not any(sign.isalpha() for sign in main):
            return False
        if any(self._grid.last_of(row, index)[1] - index >= 2 for index in filled):
            return True
        words = {fold(texts[index]) for index in filled}
        if len(filled) > 2 and len(words) == 1:
            return True
        others = [i for i in filled if texts[i] != main and not _is_numbering(texts[i])]
        last_place = max((*self._places.names, self._places.number or 0), default=0)
        return filled[0] <= last_place and all(texts[i].isdigit() for i in others)

    def _open_group(self, row: int, texts: tuple[str, ...], filled: list[int], main: str) -> None:
        style, text = _numbering(main)
        if not style and texts[filled[0]] != main and (alone := _ALONE.match(texts[filled[0]])):
            style = next(name for name in _STYLES if alone[name])
        if not style:
            style = "plain capitals" if is_capitals(text) else "plain"
        text = _TITLE_BEFORE.sub("", text) or text
        text = _HOW_MANY.sub("", text) or text
        self.groups.append(self._stack.open(row + 1, text.strip(" :;-–"), style))


def names_planned_title(text: str) -> bool:
    """Whether a group is called `Chức danh …`: the title that people are planned for."""
    return bool(_TITLE_BEFORE.match(_numbering(text)[1]))


def _is_numbering(text: str) -> bool:
    return bool(_ALONE.match(text) or _ARABIC.match(text))


def _numbering(text: str) -> tuple[str, str]:
    """Style of the numbering that a text begins with ("" for none), and the text without it."""
    match = _NUMBERED.match(text)
    if not match:
        return "", text
    return next(name for name in _STYLES if match[name]), text[match.end() :]


def _is_total(text: str) -> bool:
    return bool(_TOTAL.match(text) or (text.isascii() and _TOTAL_FOLDED.match(fold(text))))


def _is_heading_like(text: str) -> bool:
    """Whether a text in the column of names is a group's, in spite of figures beside it."""
    return bool(_OF_UNITS.search(fold(text)) or _OF_TITLES.search(fold(text)))
