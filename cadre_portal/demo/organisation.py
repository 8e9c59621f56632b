"""The structure of the demonstration: real units of Cao Bằng, titles, and positions.

Names and codes of the 56 communes and wards are official (19/2025/QĐ-TTg). Which commune carries
on which former district is given as far as known: the assignment serves the demonstration only.
Numbers of posts and the standards of titles are invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cadres.choices import Degree, Level, Theory, TitleKind, UnitKind

PROVINCE = "CB"
DISTRICTS_CLOSED = date(2025, 6, 30)
COMMUNES_OPENED = date(2025, 7, 1)
MERGER = date(2025, 3, 1)

FORMER_DISTRICTS: dict[str, tuple[str, str]] = {
    "040": ("Thành phố Cao Bằng", "01273 01279 01288"),
    "042": ("Huyện Bảo Lâm", "01290 01294 01297 01304 01318"),
    "043": ("Huyện Bảo Lạc", "01321 01324 01327 01336 01339 01351 01354 01360"),
    "045": ("Huyện Hà Quảng", "01363 01366 01387 01392 01393 01414 01438"),
    "047": ("Huyện Trùng Khánh", "01447 01456 01465 01477 01489 01501 01525"),
    "048": ("Huyện Hạ Lang", "01537 01552 01558 01561"),
    "049": ("Huyện Quảng Hòa", "01576 01594 01618 01636 01648"),
    "051": ("Huyện Hòa An", "01654 01660 01699 01708"),
    "052": ("Huyện Nguyên Bình", "01726 01729 01738 01747 01768 01774 01777"),
    "053": ("Huyện Thạch An", "01786 01789 01792 01795 01807 01822"),
}

#: Districts that went into others in 2020 (recalled; the day is assumed): code: (name, heir).
MERGED_2020 = date(2020, 3, 1)
LAST_BEFORE_2020 = date(2020, 2, 29)
MERGED_DISTRICTS = {
    "044": ("Huyện Thông Nông", "045"),
    "046": ("Huyện Trà Lĩnh", "047"),
    "050": ("Huyện Phục Hòa", "049"),
}
#: What 049 was called until then (second-hand).
FORMER_NAME = ("049", "Huyện Quảng Uyên")
#: The six that the inspection of 2017 looked at in the demonstration: which six it really were is
#: not known. Two communes of each, invented.
INSPECTED_2017 = ("042", "044", "047", "050", "051", "052")


def old_communes(district: str) -> tuple[str, ...]:
    """Codes of the invented communes of 2017 of an inspected district."""
    return tuple(f"{district}.{number}" for number in (1, 2))


_COMMUNES = """
01273 Phường Thục Phán; 01279 Phường Nùng Trí Cao; 01288 Phường Tân Giang; 01290 Xã Bảo Lâm;
01294 Xã Lý Bôn; 01297 Xã Nam Quang; 01304 Xã Quảng Lâm; 01318 Xã Yên Thổ; 01321 Xã Bảo Lạc;
01324 Xã Cốc Pàng; 01327 Xã Cô Ba; 01336 Xã Khánh Xuân; 01339 Xã Xuân Trường; 01351 Xã Hưng Đạo;
01354 Xã Huy Giáp; 01360 Xã Sơn Lộ; 01363 Xã Thông Nông; 01366 Xã Cần Yên; 01387 Xã Thanh Long;
01392 Xã Trường Hà; 01393 Xã Lũng Nặm; 01414 Xã Tổng Cọt; 01438 Xã Hà Quảng; 01447 Xã Trà Lĩnh;
01456 Xã Quang Hán; 01465 Xã Quang Trung; 01477 Xã Trùng Khánh; 01489 Xã Đình Phong;
01501 Xã Đàm Thủy; 01525 Xã Đoài Dương; 01537 Xã Lý Quốc; 01552 Xã Quang Long; 01558 Xã Hạ Lang;
01561 Xã Vinh Quý; 01576 Xã Quảng Uyên; 01594 Xã Độc Lập; 01618 Xã Hạnh Phúc;
01636 Xã Bế Văn Đàn; 01648 Xã Phục Hòa; 01654 Xã Hòa An; 01660 Xã Nam Tuấn; 01699 Xã Nguyễn Huệ;
01708 Xã Bạch Đằng; 01726 Xã Nguyên Bình; 01729 Xã Tĩnh Túc; 01738 Xã Ca Thành;
01747 Xã Minh Tâm; 01768 Xã Phan Thanh; 01774 Xã Tam Kim; 01777 Xã Thành Công; 01786 Xã Đông Khê;
01789 Xã Canh Tân; 01792 Xã Kim Đồng; 01795 Xã Minh Khai; 01807 Xã Thạch An; 01822 Xã Đức Long
"""
COMMUNES: dict[str, str] = dict(
    entry.strip().split(" ", 1) for entry in _COMMUNES.replace("\n", " ").split(";")
)
DISTRICT_OF = {c: d for d, (_, codes) in FORMER_DISTRICTS.items() for c in codes.split()}

#: code: (name, head title, deputy title, deputies, heads of section)
_PARTY: dict[str, tuple[str, str, str, int, int]] = {
    "BTC": ("Ban Tổ chức Tỉnh ủy", "TB", "PTB", 3, 5),
    "BTGDV": ("Ban Tuyên giáo và Dân vận Tỉnh ủy", "TB", "PTB", 4, 6),
    "UBKT": ("Ủy ban Kiểm tra Tỉnh ủy", "CNKT", "PCNKT", 3, 4),
    "BNC": ("Ban Nội chính Tỉnh ủy", "TB", "PTB", 3, 4),
    "VPTU": ("Văn phòng Tỉnh ủy", "CVP", "PCVP", 3, 5),
    "MTTQ": ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "CTMT", "PCTMT", 4, 6),
    "TCT": ("Trường Chính trị Hoàng Đình Giong", "HT", "PHT", 2, 4),
    "BPTTH": ("Báo và Phát thanh, Truyền hình Cao Bằng", "TBT", "PTBT", 3, 5),
}
_STATE: dict[str, tuple[str, str, str, int, int]] = {
    "SNV": ("Sở Nội vụ", "GD", "PGD", 3, 7),
    "STC": ("Sở Tài chính", "GD", "PGD", 4, 7),
    "SXD": ("Sở Xây dựng", "GD", "PGD", 4, 6),
    "SNNMT": ("Sở Nông nghiệp và Môi trường", "GD", "PGD", 4, 7),
    "SCT": ("Sở Công Thương", "GD", "PGD", 3, 5),
    "SVHTTDL": ("Sở Văn hóa, Thể thao và Du lịch", "GD", "PGD", 3, 6),
    "SKHCN": ("Sở Khoa học và Công nghệ", "GD", "PGD", 3, 5),
    "SGDDT": ("Sở Giáo dục và Đào tạo", "GD", "PGD", 3, 6),
    "SYT": ("Sở Y tế", "GD", "PGD", 3, 6),
    "STP": ("Sở Tư pháp", "GD", "PGD", 2, 5),
    "SDTTG": ("Sở Dân tộc và Tôn giáo", "GD", "PGD", 3, 4),
    "TTT": ("Thanh tra tỉnh", "CTTR", "PCTTR", 3, 5),
    "VPUBND": ("Văn phòng Ủy ban nhân dân tỉnh", "CVP", "PCVP", 3, 6),
    "VPHDND": ("Văn phòng Đoàn ĐBQH và HĐND tỉnh", "CVP", "PCVP", 2, 4),
    "BQLKKT": ("Ban Quản lý Khu kinh tế tỉnh", "TBQL", "PTBQL", 2, 5),
}
AGENCIES = {**_PARTY, **_STATE}

#: Subordinate units: code: (name, parent, deputies, heads of section)
SUBORDINATES: dict[str, tuple[str, str, int, int]] = {
    "SYT-BVDK": ("Bệnh viện Đa khoa tỉnh", "SYT", 3, 6),
    "SYT-KSBT": ("Trung tâm Kiểm soát bệnh tật tỉnh", "SYT", 2, 4),
    "SNNMT-KL": ("Chi cục Kiểm lâm", "SNNMT", 2, 4),
    "SNNMT-TL": ("Chi cục Thủy lợi", "SNNMT", 2, 3),
    "SCT-QLTT": ("Chi cục Quản lý thị trường", "SCT", 2, 4),
    "SGDDT-CHUYEN": ("Trường THPT Chuyên tỉnh", "SGDDT", 2, 4),
    "SNV-VL": ("Trung tâm Dịch vụ việc làm tỉnh", "SNV", 2, 3),
    "VPUBND-HCC": ("Trung tâm Phục vụ hành chính công tỉnh", "VPUBND", 2, 3),
}

#: Bodies that the mergers of 2025 closed: code: (name, successors)
FORMER_AGENCIES: dict[str, tuple[str, str]] = {
    "SKHDT": ("Sở Kế hoạch và Đầu tư", "STC"),
    "SGTVT": ("Sở Giao thông vận tải", "SXD"),
    "STNMT": ("Sở Tài nguyên và Môi trường", "SNNMT"),
    "STTTT": ("Sở Thông tin và Truyền thông", "SKHCN"),
    "SLDTBXH": ("Sở Lao động - Thương binh và Xã hội", "SNV SYT SGDDT"),
    "BDT": ("Ban Dân tộc tỉnh", "SDTTG"),
    "BTG": ("Ban Tuyên giáo Tỉnh ủy", "BTGDV"),
    "BDV": ("Ban Dân vận Tỉnh ủy", "BTGDV"),
}

#: Roots outside the province, so that "from elsewhere" exists for the province itself.
OUTSIDE: dict[str, tuple[str, Level]] = {
    "TW": ("Cơ quan Trung ương", Level.CENTRAL),
    "T.BK": ("Tỉnh Thái Nguyên", Level.PROVINCE),
    "T.LS": ("Tỉnh Lạng Sơn", Level.PROVINCE),
    "T.TQ": ("Tỉnh Tuyên Quang", Level.PROVINCE),
    "T.HN": ("Thành phố Hà Nội", Level.PROVINCE),
}


@dataclass(slots=True)
class UnitRow:
    """A unit as it is written: `path` is treebeard's, filled by `build_units`."""

    id: int
    code: str
    name: str
    kind: UnitKind
    level: Level
    parent: "UnitRow | None" = None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: list[str] = field(default_factory=list)
    path: str = ""
    numchild: int = 0

    def within(self, other: "UnitRow") -> bool:
        """Whether this unit is `other` or lies below it."""
        return self.path.startswith(other.path)


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A title as it is written."""

    id: int
    code: str
    name: str
    kind: TitleKind
    rank: int
    is_head: bool = False
    min_degree: Degree | None = None
    min_theory: Theory | None = None
    non_local_required: bool = False


_L, _C = TitleKind.LEADERSHIP, TitleKind.COMMITTEE
_BA, _CO, _MI = Degree.BACHELOR, Degree.COLLEGE, Degree.INTERMEDIATE
_AD, _IN = Theory.ADVANCED, Theory.INTERMEDIATE

# Committee membership ranks just below the offices that its members hold, so that the primary
# appointment of a person is the office (CONTRACT section 3 takes the highest rank).
_TITLES: tuple[tuple[str, str, TitleKind, int, bool, Degree | None, Theory | None, bool], ...] = (
    ("BTTU", "Bí thư Tỉnh ủy", _L, 100, True, _BA, _AD, True),
    ("CTHDT", "Chủ tịch Hội đồng nhân dân tỉnh", _L, 96, True, _BA, _AD, False),
    ("PBTTU", "Phó Bí thư Tỉnh ủy", _L, 95, False, _BA, _AD, False),
    ("CTT", "Chủ tịch Ủy ban nhân dân tỉnh", _L, 94, True, _BA, _AD, True),
    ("PCTHDT", "Phó Chủ tịch Hội đồng nhân dân tỉnh", _L, 88, False, _BA, _AD, False),
    ("PCTT", "Phó Chủ tịch Ủy ban nhân dân tỉnh", _L, 88, False, _BA, _AD, False),
    ("BTVTU", "Ủy viên Ban Thường vụ Tỉnh ủy", _C, 74, False, _BA, _AD, False),
    ("TUV", "Ủy viên Ban Chấp hành Đảng bộ tỉnh", _C, 72, False, _BA, _AD, False),
    ("TB", "Trưởng ban Đảng Tỉnh ủy", _L, 75, True, _BA, _AD, False),
    ("PTB", "Phó Trưởng ban Đảng Tỉnh ủy", _L, 65, False, _BA, _AD, False),
    ("CNKT", "Chủ nhiệm Ủy ban Kiểm tra Tỉnh ủy", _L, 75, True, _BA, _AD, True),
    ("PCNKT", "Phó Chủ nhiệm Ủy ban Kiểm tra Tỉnh ủy", _L, 65, False, _BA, _AD, False),
    ("CVP", "Chánh Văn phòng", _L, 75, True, _BA, _AD, False),
    ("PCVP", "Phó Chánh Văn phòng", _L, 65, False, _BA, _AD, False),
    ("CTMT", "Chủ tịch Ủy ban MTTQ tỉnh", _L, 75, True, _BA, _AD, False),
    ("PCTMT", "Phó Chủ tịch Ủy ban MTTQ tỉnh", _L, 65, False, _BA, _AD, False),
    ("HT", "Hiệu trưởng", _L, 75, True, _BA, _AD, False),
    ("PHT", "Phó Hiệu trưởng", _L, 65, False, _BA, _AD, False),
    ("TBT", "Tổng Biên tập", _L, 75, True, _BA, _AD, False),
    ("PTBT", "Phó Tổng Biên tập", _L, 65, False, _BA, _AD, False),
    ("GD", "Giám đốc Sở", _L, 75, True, _BA, _AD, False),
    ("PGD", "Phó Giám đốc Sở", _L, 65, False, _BA, _AD, False),
    ("CTTR", "Chánh Thanh tra tỉnh", _L, 75, True, _BA, _AD, True),
    ("PCTTR", "Phó Chánh Thanh tra tỉnh", _L, 65, False, _BA, _AD, False),
    ("TBQL", "Trưởng ban Quản lý", _L, 75, True, _BA, _AD, False),
    ("PTBQL", "Phó Trưởng ban Quản lý", _L, 65, False, _BA, _AD, False),
    ("CU", "Ủy viên Ban Chấp hành Đảng bộ cơ quan", _C, 39, False, _BA, _IN, False),
    ("TP", "Trưởng phòng và tương đương", _L, 50, False, _BA, _IN, False),
    ("PTP", "Phó Trưởng phòng và tương đương", _L, 40, False, _BA, None, False),
    ("TDV", "Người đứng đầu đơn vị trực thuộc", _L, 58, True, _BA, _IN, False),
    ("PDV", "Cấp phó đơn vị trực thuộc", _L, 53, False, _BA, _IN, False),
    ("BTHU", "Bí thư Huyện ủy, Thành ủy", _L, 74, True, _BA, _AD, True),
    ("CTH", "Chủ tịch Ủy ban nhân dân huyện, thành phố", _L, 70, True, _BA, _AD, True),
    ("PBTHU", "Phó Bí thư Huyện ủy, Thành ủy", _L, 69, False, _BA, _AD, False),
    ("PCTH", "Phó Chủ tịch Ủy ban nhân dân huyện, thành phố", _L, 61, False, _BA, _AD, False),
    ("BTVHU", "Ủy viên Ban Thường vụ Huyện ủy, Thành ủy", _C, 47, False, _BA, _AD, False),
    ("HUV", "Ủy viên Ban Chấp hành Đảng bộ huyện, thành phố", _C, 45, False, _BA, _IN, False),
    ("TPH", "Trưởng phòng, ban cấp huyện", _L, 48, False, _BA, _IN, False),
    ("PTPH", "Phó Trưởng phòng, ban cấp huyện", _L, 38, False, _BA, None, False),
    ("BTX", "Bí thư Đảng ủy xã, phường", _L, 62, True, _BA, _AD, True),
    ("CTHDX", "Chủ tịch Hội đồng nhân dân xã, phường", _L, 60, True, _BA, _IN, False),
    ("CTX", "Chủ tịch Ủy ban nhân dân xã, phường", _L, 58, True, _BA, _AD, True),
    ("PBTX", "Phó Bí thư Đảng ủy xã, phường", _L, 57, False, _BA, _AD, False),
    ("PCTHDX", "Phó Chủ tịch Hội đồng nhân dân xã, phường", _L, 52, False, _BA, _IN, False),
    ("PCTX", "Phó Chủ tịch Ủy ban nhân dân xã, phường", _L, 52, False, _BA, _IN, False),
    ("BTVX", "Ủy viên Ban Thường vụ Đảng ủy xã, phường", _C, 41, False, _BA, _IN, False),
    ("TPX", "Trưởng phòng, ban cấp xã", _L, 42, False, _BA, _IN, False),
    ("PTPX", "Phó Trưởng phòng, ban cấp xã", _L, 36, False, _CO, None, False),
    ("BCHX", "Ủy viên Ban Chấp hành Đảng bộ xã, phường", _C, 35, False, _CO, None, False),
    ("VT", "Vụ trưởng và tương đương", _L, 76, True, _BA, _AD, False),
    ("PVT", "Phó Vụ trưởng và tương đương", _L, 66, False, _BA, _AD, False),
    ("CV", "Chuyên viên và tương đương", _L, 10, False, _CO, None, False),
    ("NVX", "Công chức cấp xã", _L, 8, False, _MI, None, False),
)


def titles() -> dict[str, TitleRow]:
    """All titles by code."""
    return {row[0]: TitleRow(number, *row) for number, row in enumerate(_TITLES, start=1)}


def units() -> dict[str, UnitRow]:
    """All units by code, parents first, with treebeard paths."""
    rows: dict[str, UnitRow] = {}
    children: dict[str, int] = {}
    for number, unit in enumerate(_unit_list(rows), start=1):
        parent = unit.parent.path if unit.parent else ""
        children[parent] = children.get(parent, 0) + 1
        unit.id, unit.path = number, parent + path_step(children[parent])
        if unit.parent:
            unit.parent.numchild += 1
        rows[unit.code] = unit
    return rows


def path_step(number: int) -> str:
    """The four characters of the `number`-th child in treebeard's alphabet (base 36)."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text.rjust(4, "0")


def _unit_list(done: dict[str, UnitRow]) -> Iterator[UnitRow]:
    """Every unit, after its parent; `done` is filled by the caller as they come."""
    province = UnitRow(0, PROVINCE, "Tỉnh ủy Cao Bằng", UnitKind.PARTY_COMMITTEE, Level.PROVINCE)
    yield province
    for code, (name, *_rest) in AGENCIES.items():
        kind = UnitKind.PARTY_COMMITTEE if code in _PARTY else UnitKind.DEPARTMENT
        since = MERGER if code in _NEW_IN_MERGER else None
        yield UnitRow(0, code, name, kind, Level.PROVINCE, province, since)
    for code, (name, parent, *_numbers) in SUBORDINATES.items():
        yield UnitRow(0, code, name, UnitKind.OTHER, Level.PROVINCE, done[parent])
    for code, name in COMMUNES.items():
        yield UnitRow(0, code, name, UnitKind.COMMUNE, Level.COMMUNE, province, COMMUNES_OPENED)
    for code, (name, successors) in FORMER_DISTRICTS.items():
        yield UnitRow(
            0,
            code,
            name,
            UnitKind.DISTRICT,
            Level.DISTRICT,
            province,
            None,
            DISTRICTS_CLOSED,
            successors.split(),
        )
    for code, (name, heirs) in FORMER_AGENCIES.items():
        yield UnitRow(
            0,
            code,
            name,
            UnitKind.DEPARTMENT,
            Level.PROVINCE,
            province,
            None,
            date(2025, 2, 28),
            heirs.split(),
        )
    for code, (name, level) in OUTSIDE.items():
        yield UnitRow(0, code, name, UnitKind.OTHER, level)


#: Bodies that exist only since the mergers of 2025; the others kept their name.
_NEW_IN_MERGER = {"BTGDV", "SNNMT", "SDTTG"}


def positions(unit: UnitRow) -> dict[str, int]:
    """Title code to prescribed number for a unit; empty where the demonstration has no plan."""
    if unit.code == PROVINCE:
        return {
            "BTTU": 1,
            "CTHDT": 1,
            "PBTTU": 3,
            "CTT": 1,
            "PCTHDT": 2,
            "PCTT": 3,
            "BTVTU": 15,
            "TUV": 55,
        }
    if unit.code in AGENCIES:
        _name, head, deputy, deputies, sections = AGENCIES[unit.code]
        return {head: 1, deputy: deputies, "TP": sections, "CU": 9 + 2 * (sections > 5)}
    if unit.code in SUBORDINATES:
        _name, _parent, deputies, sections = SUBORDINATES[unit.code]
        return {"TDV": 1, "PDV": deputies, "TP": sections, "PTP": sections}
    if "." in unit.code and unit.kind == UnitKind.COMMUNE:
        return {"BTX": 1, "PBTX": 1, "CTX": 1, "PCTX": 2, "BCHX": 13}
    if unit.kind == UnitKind.COMMUNE:
        return {
            "BTX": 1,
            "CTHDX": 1,
            "PBTX": 2,
            "CTX": 1,
            "PCTHDX": 1,
            "PCTX": 2,
            "TPX": 5,
            "BTVX": 7,
            "BCHX": 13,
        }
    if unit.kind == UnitKind.DISTRICT:
        return {"BTHU": 1, "PBTHU": 2, "CTH": 1, "PCTH": 2, "BTVHU": 11, "HUV": 27}
    return {}
