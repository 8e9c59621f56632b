"""Lists as offices really keep them: one layout each, with the people that it says.

A person is (row, name, sex, birth date, title, degree, theory).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

Person = tuple[Any, ...]


@dataclass(frozen=True)
class Layout:
    """A sheet and who is in it."""

    rows: list[list[Any]]
    people: list[Person]
    merges: tuple[str, ...] = ()


LAYOUTS: dict[str, Layout] = {
    "one-row": Layout(
        [
            ["UBND TỈNH CAO BẰNG", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["SỞ NỘI VỤ", "", "", "Độc lập - Tự do - Hạnh phúc"],
            [],
            ["DANH SÁCH TRÍCH NGANG CÁN BỘ"],
            ["(Kèm theo Công văn số 12/SNV ngày 05/3/2026)"],
            [],
            ["STT", "HỌ VÀ TÊN", "GIỚI TÍNH", "NGÀY SINH", "CHỨC VỤ HIỆN NAY", "TĐCM", "LLCT"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
            [1, "NGUYỄN VĂN AN", "Nam", "02/10/1965", "Giám đốc", "ThS", "CC"],
            [2, "Lò Thị Duyên", "Nữ", "10/1970", "PGĐ", "ĐH", "TC"],
        ],
        [
            (9, "Nguyễn Văn An", "male", "1965-10-02", "Giám đốc", "ThS", "CC"),
            (10, "Lò Thị Duyên", "female", "1970-10", "PGĐ", "ĐH", "TC"),
        ],
    ),
    "three-row": Layout(
        [
            [
                "TT",
                "Họ và tên",
                "Ngày, tháng, năm sinh",
                "",
                "Trình độ",
                "",
                "",
                "",
                "Chức vụ, đơn vị công tác",
                "Số CCCD",
                "Ghi chú",
            ],
            ["", "", "", "", "Chuyên môn", "Lý luận chính trị", "QLNN", "Ngoại ngữ", "", "", ""],
            ["", "", "Nam", "Nữ", "", "", "", "", "", "", ""],
            ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"],
            ["A", "KHỐI ĐẢNG"],
            ["I", "Ban Tổ chức Tỉnh ủy"],
            [
                1,
                "Hoàng Đức Thắng",
                "15/8/1970",
                "",
                "Đại học Luật",
                "Cao cấp",
                "CVC",
                "B1",
                "Trưởng phòng",
                "004070000123",
                "",
            ],
            [
                2,
                "Bế Thị Hoa",
                "",
                "12.1980",
                "Thạc sĩ",
                "Cử nhân",
                "CV",
                "B",
                "Phó phòng",
                "004180000123",
                "Mới",
            ],
            ["II", "Văn phòng Tỉnh ủy"],
            [1, "Nông Văn Hùng", 1975, "", "ĐH", "TC", "", "", "Chánh Văn phòng"],
            ["B", "KHỐI CHÍNH QUYỀN"],
            ["I", "Sở Nội vụ"],
            [1, "Hà Văn Minh", "1/2/1980", "", "ĐH", "CC", "", "", "Giám đốc"],
            ["", "Tổng cộng: 4 người"],
            ["", "Người lập biểu", "", "", "", "", "Cao Bằng, ngày    tháng    năm 2026"],
            ["", "Vũ Thị Lan", "", "", "", "", "Trần Văn Tài"],
        ],
        [
            (7, "Hoàng Đức Thắng", "male", "1970-08-15", "Trưởng phòng", "Đại học Luật", "Cao cấp"),
            (8, "Bế Thị Hoa", "female", "1980-12", "Phó phòng", "Thạc sĩ", "Cử nhân"),
            (10, "Nông Văn Hùng", "male", "1975", "Chánh Văn phòng", "ĐH", "TC"),
            (13, "Hà Văn Minh", "male", "1980-02-01", "Giám đốc", "ĐH", "CC"),
        ],
        (
            "A1:A3",
            "B1:B3",
            "C1:D2",
            "E1:H1",
            "E2:E3",
            "F2:F3",
            "G2:G3",
            "H2:H3",
            "I1:I3",
            "J1:J3",
            "K1:K3",
        ),
    ),
    "three-row-unmerged": Layout(
        [
            ["TT", "Họ và tên", "Ngày, tháng, năm sinh", "", "Trình độ", "", "", "Chức vụ"],
            ["", "", "Nam", "Nữ", "Chuyên môn", "LLCT", "QLNN", ""],
            [
                1,
                "Hoàng Đức Thắng",
                "15/8/1970",
                "",
                "Đại học Luật",
                "Cao cấp",
                "CVC",
                "Trưởng phòng",
            ],
            [2, "Bế Thị Hoa", "", "12.1980", "Thạc sĩ", "Cử nhân", "CV", "Phó phòng"],
        ],
        [
            (3, "Hoàng Đức Thắng", "male", "1970-08-15", "Trưởng phòng", "Đại học Luật", "Cao cấp"),
            (4, "Bế Thị Hoa", "female", "1980-12", "Phó phòng", "Thạc sĩ", "Cử nhân"),
        ],
    ),
    "names split": Layout(
        [
            [
                "TT",
                "Họ đệm",
                "Tên",
                "Nữ",
                "Sinh ngày",
                "Chức danh",
                "Trình độ chuyên môn",
                "Trình độ LLCT",
            ],
            [1, "Nguyễn Văn", "An", "", dt.date(1970, 5, 6), "Bí thư", "ĐH", "CC"],
            [2, "Lò Thị", "Duyên", "x", dt.date(1980, 5, 6), "Chủ tịch", "ĐH", "CC"],
        ],
        [
            (2, "Nguyễn Văn An", "male", "1970-05-06", "Bí thư", "ĐH", "CC"),
            (3, "Lò Thị Duyên", "female", "1980-05-06", "Chủ tịch", "ĐH", "CC"),
        ],
    ),
    "names merged heading": Layout(
        [
            ["TT", "Họ và tên", "", "Giới tính", "", "Năm sinh", "Chức vụ"],
            ["", "", "", "Nam", "Nữ", "", ""],
            [1, "Nguyễn Văn", "An", "x", "", 1970, "Bí thư"],
            [2, "Lò Thị", "Duyên", "", "x", 1980, "Chủ tịch"],
            [3, "Trần Thị", "Hoa", "", "X", "03/1981", "Phó Chủ tịch"],
        ],
        [
            (3, "Nguyễn Văn An", "male", "1970", "Bí thư", None, None),
            (4, "Lò Thị Duyên", "female", "1980", "Chủ tịch", None, None),
            (5, "Trần Thị Hoa", "female", "1981-03", "Phó Chủ tịch", None, None),
        ],
        ("B1:C2", "D1:E1", "A1:A2", "F1:F2", "G1:G2"),
    ),
    "birth three cols": Layout(
        [
            ["STT", "Họ và tên", "Ngày sinh", "", "", "Giới tính", "Chức vụ"],
            ["", "", "Ngày", "Tháng", "Năm", "", ""],
            [1, "Nguyễn Văn An", 2, 10, 1965, "Nam", "GĐ"],
            [2, "Lê Thị Bình", "", 5, 1970, "Nữ", "PGĐ"],
            [3, "Vi Văn Cường", "", "", 1972, "Nam", "PGĐ"],
        ],
        [
            (3, "Nguyễn Văn An", "male", "1965-10-02", "GĐ", None, None),
            (4, "Lê Thị Bình", "female", "1970-05", "PGĐ", None, None),
            (5, "Vi Văn Cường", "male", "1972", "PGĐ", None, None),
        ],
        ("C1:E1",),
    ),
    "no diacritics": Layout(
        [
            ["DANH SACH CAN BO"],
            [
                "STT",
                "Ho va ten",
                "Ngay sinh",
                "",
                "Chuc vu",
                "Trinh do chuyen mon",
                "Ly luan chinh tri",
            ],
            ["", "", "Nam", "Nu", "", "", ""],
            [1, "Nguyen Van An", "1965", "", "Giam doc", "Dai hoc", "Cao cap"],
            [2, "Lo Thi Duyen", "", "10/1970", "Pho Giam doc", "Thac si", "Trung cap"],
            ["", "Tong cong: 2"],
        ],
        [
            (4, "Nguyen Van An", "male", "1965", "Giam doc", "Dai hoc", "Cao cap"),
            (5, "Lo Thi Duyen", "female", "1970-10", "Pho Giam doc", "Thac si", "Trung cap"),
        ],
        ("C2:D2",),
    ),
    "repeated header": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ"],
            [1, "Nguyễn Văn An", 1965, "GĐ"],
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ"],
            ["1", "2", "3", "4"],
            [2, "Lê Thị Bình", 1970, "PGĐ"],
            ["", "", "", "2"],
            ["Trang 2"],
        ],
        [
            (2, "Nguyễn Văn An", None, "1965", "GĐ", None, None),
            (5, "Lê Thị Bình", None, "1970", "PGĐ", None, None),
        ],
    ),
    "empty first rows cols": Layout(
        [
            [],
            [],
            ["", "", "TT", "Họ và tên", "Ngày sinh", "Chức vụ"],
            ["", "", 1, "Nguyễn Văn An", "5/6/1970", "GĐ"],
        ],
        [(4, "Nguyễn Văn An", None, "1970-06-05", "GĐ", None, None)],
    ),
    "no numbers": Layout(
        [
            ["Họ và tên", "Ngày sinh", "Chức vụ"],
            ["Sở Nội vụ"],
            ["Nguyễn Văn An", "5/6/1970", "GĐ"],
            ["Bà Lê Thị Bình", "5/7/1971", "PGĐ"],
            ["Ông Trần Văn Cường", "1972", "PGĐ"],
            ["Cộng: 3 đồng chí"],
        ],
        [
            (3, "Nguyễn Văn An", None, "1970-06-05", "GĐ", None, None),
            (4, "Lê Thị Bình", "female", "1971-07-05", "PGĐ", None, None),
            (5, "Trần Văn Cường", "male", "1972", "PGĐ", None, None),
        ],
    ),
    "names only": Layout(
        [
            ["Danh sách"],
            ["STT", "Họ và tên"],
            [1, "Nguyễn Văn An"],
            [2, "Y Ban"],
            [3, "Tống Công Minh"],
        ],
        [
            (3, "Nguyễn Văn An", None, None, None, None, None),
            (4, "Y Ban", None, None, None, None, None),
            (5, "Tống Công Minh", None, None, None, None, None),
        ],
    ),
    "bad dates": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            [1, "Nguyễn Văn An", "Nam", "31/04/1983", "GĐ"],
            [2, "Lê Thị Bình", "Nữ", "2030", "PGĐ"],
            [3, "Lê Thị C", "Nữ", "12/1890", "PGĐ"],
            [4, "Lê Thị D", "Nữ", "15-8-93", "PGĐ"],
            [5, "Lê Thị E", "Nữ", "tháng 10 năm 1965", "PGĐ"],
            [6, "Lê Thị G", "Nữ", "không rõ", "PGĐ"],
            [7, "Lê Thị H", "Nữ", 23890, "PGĐ"],
        ],
        [
            (2, "Nguyễn Văn An", "male", None, "GĐ", None, None),
            (3, "Lê Thị Bình", "female", None, "PGĐ", None, None),
            (4, "Lê Thị C", "female", None, "PGĐ", None, None),
            (5, "Lê Thị D", "female", "1993-08-15", "PGĐ", None, None),
            (6, "Lê Thị E", "female", "1965-10", "PGĐ", None, None),
            (7, "Lê Thị G", "female", None, "PGĐ", None, None),
            (8, "Lê Thị H", "female", "1965-05-28", "PGĐ", None, None),
        ],
    ),
    "both filled": Layout(
        [
            ["TT", "Họ và tên", "Ngày sinh", "", "Chức vụ"],
            ["", "", "Nam", "Nữ", ""],
            [1, "Nguyễn Văn An", "1/2/1970", "1/2/1970", "GĐ"],
            [2, "Lê Văn B", "1/2/1970", "3/4/1971", "GĐ"],
            [3, "Lê Văn C", "1/2/1970", "", "GĐ"],
        ],
        [
            (3, "Nguyễn Văn An", None, "1970-02-01", "GĐ", None, None),
            (4, "Lê Văn B", None, None, "GĐ", None, None),
            (5, "Lê Văn C", "male", "1970-02-01", "GĐ", None, None),
        ],
        ("C1:D1",),
    ),
    "american": Layout(
        [
            ["TT", "Full name", "Date of birth", "Title"],
            [1, "Nguyễn Văn An", "08/15/1970", "GĐ"],
            [2, "Lê Văn B", "02/28/1970", "GĐ"],
            [3, "Lê Văn C", "01/02/1970", "GĐ"],
        ],
        [
            (2, "Nguyễn Văn An", None, "1970-08-15", "GĐ", None, None),
            (3, "Lê Văn B", None, "1970-02-28", "GĐ", None, None),
            (4, "Lê Văn C", None, "1970-01-02", "GĐ", None, None),
        ],
    ),
    "bottom-name header": Layout(
        [
            ["", "Thông tin cá nhân", "", "", "Trình độ", ""],
            ["TT", "Họ và tên", "Ngày sinh", "Chức vụ", "Chuyên môn", "LLCT"],
            [1, "Nguyễn Văn An", "1970", "GĐ", "ĐH", "CC"],
        ],
        [(3, "Nguyễn Văn An", None, "1970", "GĐ", "ĐH", "CC")],
        ("B1:D1", "E1:F1"),
    ),
    "marks of levels": Layout(
        [
            [
                "TT",
                "Họ và tên",
                "Nữ",
                "Năm sinh",
                "Trình độ chuyên môn",
                "",
                "",
                "Lý luận chính trị",
                "",
                "",
                "Chức vụ",
            ],
            [
                "",
                "",
                "",
                "",
                "Thạc sĩ",
                "Đại học",
                "Cao đẳng",
                "Cử nhân",
                "Cao cấp",
                "Trung cấp",
                "",
            ],
            [1, "Nguyễn Văn An", "", "1970", "x", "", "", "", "x", "", "GĐ"],
            [2, "Lê Thị B", "x", "1971", "", "Luật", "", "", "", "x", "PGĐ"],
        ],
        [
            (3, "Nguyễn Văn An", "male", "1970", "GĐ", "Thạc sĩ", "Cao cấp"),
            (4, "Lê Thị B", "female", "1971", "PGĐ", "Đại học Luật", "Trung cấp"),
        ],
        ("E1:G1", "H1:J1", "A1:A2", "B1:B2", "C1:C2", "D1:D2", "K1:K2"),
    ),
    "name with title in cell": Layout(
        [
            ["TT", "Họ và tên, chức vụ", "Năm sinh", "Trình độ"],
            [1, "Nguyễn Văn An\nTrưởng phòng", "1970", "ĐH"],
            [2, "Lê Thị B - Phó Trưởng phòng", "1971", "ThS"],
            [3, "Lê Thị C, Chuyên viên", "1971", "ThS"],
        ],
        [
            (2, "Nguyễn Văn An", None, "1970", "Trưởng phòng", "ĐH", None),
            (3, "Lê Thị B", None, "1971", "Phó Trưởng phòng", "ThS", None),
            (4, "Lê Thị C", None, "1971", "Chuyên viên", "ThS", None),
        ],
    ),
    "minority": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Năm sinh", "Dân tộc", "Chức vụ"],
            [1, "H'Hen Niê", "Nữ", 1980, "Ê Đê", "Phó CT"],
            [2, "K' Breu", "Nam", 1981, "Cơ Ho", "CT"],
            [3, "Y Ban", "Nữ", 1982, "Xơ Đăng", "CT"],
            [4, "A Lăng Mai", "Nam", "1983", "Cơ Tu", "CT"],
            [5, "RCOM SA DUYÊN", "Nữ", "1984", "Gia Rai", "CT"],
            [6, "Sùng A Vư", "Nam", "1985", "Mông", "CT"],
            [7, "Hờ", "Nữ", "1985", "Mông", "CT"],
        ],
        [
            (2, "H'Hen Niê", "female", "1980", "Phó CT", None, None),
            (3, "K' Breu", "male", "1981", "CT", None, None),
            (4, "Y Ban", "female", "1982", "CT", None, None),
            (5, "A Lăng Mai", "male", "1983", "CT", None, None),
            (6, "Rcom Sa Duyên", "female", "1984", "CT", None, None),
            (7, "Sùng A Vư", "male", "1985", "CT", None, None),
            (8, "Hờ", "female", "1985", "CT", None, None),
        ],
    ),
    "group as text in A merged": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ"],
            ["I. BAN THƯỜNG VỤ"],
            [1, "Nguyễn Văn An", 1970, "Bí thư"],
            ["II. BAN CHẤP HÀNH"],
            ["1. Đương nhiệm"],
            [1, "Lê Văn B", 1971, "PBT"],
            ["2. Giới thiệu mới"],
            [1, "Lê Văn C", 1972, "UV"],
        ],
        [
            (3, "Nguyễn Văn An", None, "1970", "Bí thư", None, None),
            (6, "Lê Văn B", None, "1971", "PBT", None, None),
            (8, "Lê Văn C", None, "1972", "UV", None, None),
        ],
        ("A2:D2", "A4:D4", "A5:D5", "A7:D7"),
    ),
    "communes as groups with counts": Layout(
        [
            ["STT", "Đơn vị/Họ và tên", "Năm sinh", "Giới tính", "Chức vụ"],
            ["I", "Xã Bạch Đằng", "", "", "3"],
            [1, "Nguyễn Văn An", "1970", "Nam", "Bí thư"],
            [2, "Bạch Đằng Giang", "1971", "Nam", "PBT"],
            ["II", "Hưng Đạo"],
            [1, "Trịnh Thị Lan", "1980", "Nữ", "PBT"],
        ],
        [
            (3, "Nguyễn Văn An", "male", "1970", "Bí thư", None, None),
            (4, "Bạch Đằng Giang", "male", "1971", "PBT", None, None),
            (6, "Trịnh Thị Lan", "female", "1980", "PBT", None, None),
        ],
    ),
    "multi-line headings": Layout(
        [
            [
                "Số\nTT",
                "Họ và tên\n(viết chữ in hoa)",
                "Ngày\ntháng\nnăm sinh",
                "Giới\ntính",
                "Chức vụ,\nđơn vị công tác",
                "Trình độ\nchuyên môn",
                "Trình độ lý luận\nchính trị",
                "Chức danh được giới thiệu quy hoạch",
            ],
            [
                "1",
                "NGUYỄN THỊ A",
                "01/02/1980",
                "Nữ",
                "Trưởng phòng\nSở Nội vụ",
                "Thạc sỹ\nLuật",
                "Cao cấp",
                "Giám đốc",
            ],
        ],
        [
            (
                2,
                "Nguyễn Thị A",
                "female",
                "1980-02-01",
                "Trưởng phòng Sở Nội vụ",
                "Thạc sỹ Luật",
                "Cao cấp",
            )
        ],
    ),
    "current title vs plan": Layout(
        [
            [
                "TT",
                "Họ và tên",
                "Năm sinh",
                "Chức danh quy hoạch",
                "Chức vụ",
                "Quê quán",
                "Ngày vào Đảng",
                "Xếp loại 2023",
                "Xếp loại 2024",
            ],
            [
                1,
                "Lê A",
                "1980",
                "Giám đốc",
                "Phó GĐ",
                "Xã X, Cao Bằng",
                "03/02/2005",
                "HTTNV",
                "HTXSNV",
            ],
        ],
        [(2, "Lê A", None, "1980", "Phó GĐ", None, None)],
    ),
    "unit col merged": Layout(
        [
            ["TT", "Đơn vị", "Họ và tên", "Năm sinh", "Chức vụ"],
            [1, "Sở Nội vụ", "Lê A", "1980", "GĐ"],
            [2, "", "Lê B", "1981", "PGĐ"],
            [3, "", "Lê C", "1982", "PGĐ"],
        ],
        [
            (2, "Lê A", None, "1980", "GĐ", None, None),
            (3, "Lê B", None, "1981", "PGĐ", None, None),
            (4, "Lê C", None, "1982", "PGĐ", None, None),
        ],
        ("B2:B4",),
    ),
    "nu column years w/o parent": Layout(
        [
            ["TT", "Họ và tên", "Nam", "Nữ", "Chức vụ"],
            [1, "Lê A", "1980", "", "GĐ"],
            [2, "Lê B", "", "5/1981", "PGĐ"],
        ],
        [
            (2, "Lê A", "male", "1980", "GĐ", None, None),
            (3, "Lê B", "female", "1981-05", "PGĐ", None, None),
        ],
    ),
    "birth col + sex marks": Layout(
        [
            ["TT", "Họ và tên", "Ngày sinh", "Nam", "Nữ", "Chức vụ"],
            [1, "Lê A", "1980", "x", "", "GĐ"],
            [2, "Lê B", "5/1981", "", "x", "PGĐ"],
        ],
        [
            (2, "Lê A", "male", "1980", "GĐ", None, None),
            (3, "Lê B", "female", "1981-05", "PGĐ", None, None),
        ],
    ),
    "summary rows before people": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Giới tính", "Chức vụ"],
            ["", "TỔNG SỐ", "", "", "125"],
            ["", "Trong đó: Nữ", "", "", "30"],
            [1, "Lê A", "1980", "Nam", "GĐ"],
        ],
        [(4, "Lê A", "male", "1980", "GĐ", None, None)],
    ),
    "signatures mid": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ"],
            [1, "Lê Văn A", "1980", "GĐ"],
            ["", "", "", "Hà Nội, ngày 1 tháng 2 năm 2025"],
            ["", "Người lập", "", "GIÁM ĐỐC"],
            ["", "Trần Văn B", "", "Lê Văn C"],
        ],
        [(2, "Lê Văn A", None, "1980", "GĐ", None, None)],
    ),
    "nfd+nbsp": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ"],
            [1, "Lê\xa0 Văn  Ánh\u200b", "1980", "Giám đốc"],
        ],
        [(2, "Lê Văn Ánh", None, "1980", "Giám đốc", None, None)],
    ),
    "two births headings": Layout(
        [
            ["Số TT", "Họ và tên", "Năm sinh nam", "Năm sinh nữ", "Chức vụ"],
            [1, "Lê A", "1980", "", "GĐ"],
            [2, "Lê B", "", "5/1981", "PGĐ"],
        ],
        [
            (2, "Lê A", "male", "1980", "GĐ", None, None),
            (3, "Lê B", "female", "1981-05", "PGĐ", None, None),
        ],
    ),
    "dob col heading with note": Layout(
        [
            [
                "STT",
                "Họ và tên cán bộ, công chức",
                "Ngày, tháng, năm sinh (dd/mm/yyyy)",
                "Nam/ Nữ",
                "Chức vụ/ chức danh hiện nay",
                "Trình độ chuyên môn cao nhất",
                "Trình độ lý luận chính trị cao nhất",
            ],
            [1, "Lê A", "07/08/1980", "Nam", "GĐ", "Thạc sĩ", "Cao cấp"],
        ],
        [(2, "Lê A", "male", "1980-08-07", "GĐ", "Thạc sĩ", "Cao cấp")],
    ),
    "party and history cols": Layout(
        [
            [
                "TT",
                "Họ tên",
                "Sinh năm",
                "Dân tộc",
                "Quê quán",
                "Trình độ",
                "",
                "",
                "Ngày vào Đảng",
                "",
                "Chức vụ",
                "",
                "Năm bổ nhiệm",
            ],
            ["", "", "", "", "", "VH", "CM", "CT", "DB", "CT", "Đảng", "CQ", ""],
            [
                1,
                "Lê A",
                1980,
                "Tày",
                "Hòa An",
                "12/12",
                "ĐH",
                "CC",
                "03/02/2005",
                "03/02/2006",
                "BT",
                "CT",
                2020,
            ],
        ],
        [(3, "Lê A", None, "1980", "CT", "ĐH", "CC")],
        ("F1:H1", "I1:J1", "K1:L1"),
    ),
    "caption with header words": Layout(
        [
            ["DANH SÁCH CÁN BỘ ĐƯỢC QUY HOẠCH CHỨC DANH GIÁM ĐỐC NHIỆM KỲ 2025-2030"],
            ["(Họ và tên, ngày sinh tính đến 31/12/2025)"],
            ["Đơn vị: Sở Nội vụ", "", "", "", "Chức vụ"],
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            ["01", "Lê Văn A", "Nam", "1980", "GĐ"],
            ["02.", "Đ/c Lê Văn B", "nam", "15/8/80", "PGĐ"],
            ["3)", "Lê Thị C (Nữ)", "", "1981.0", "PGĐ"],
        ],
        [
            (5, "Lê Văn A", "male", "1980", "GĐ", None, None),
            (6, "Lê Văn B", "male", "1980-08-15", "PGĐ", None, None),
            (7, "Lê Thị C", "female", "1981", "PGĐ", None, None),
        ],
    ),
    "name first": Layout(
        [
            ["Họ và tên", "Năm sinh", "Chức vụ", "Trình độ CM", "Trình độ LLCT"],
            ["Lê Văn A", 1980, "GĐ", "ThS", "CC"],
            ["Lê Văn B", 1981, "PGĐ", "ĐH", "TC"],
        ],
        [
            (2, "Lê Văn A", None, "1980", "GĐ", "ThS", "CC"),
            (3, "Lê Văn B", None, "1981", "PGĐ", "ĐH", "TC"),
        ],
    ),
    "blank rows between": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            [1, "Lê Văn A", "Nam", 1980, "GĐ"],
            [],
            [2, "Lê Văn B", "Nam", 1981, "PGĐ"],
            [],
            [],
            [3, "Lê Văn C", "Nam", 1981, "PGĐ"],
        ],
        [
            (2, "Lê Văn A", "male", "1980", "GĐ", None, None),
            (4, "Lê Văn B", "male", "1981", "PGĐ", None, None),
            (7, "Lê Văn C", "male", "1981", "PGĐ", None, None),
        ],
    ),
    "group counts text": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            ["I", "Chức danh Giám đốc (02 người)"],
            [1, "Lê Văn A", "Nam", 1980, "PGĐ"],
            ["II", "Chức danh Phó Giám đốc (quy hoạch 05 người)"],
            [1, "Lê Văn B", "Nam", 1980, "TP"],
            ["* Ghi chú: danh sách này có 02 người"],
            ["Nơi nhận:", "", "", "", "TM. BAN THƯỜNG VỤ"],
            ["- Như trên;", "", "", "", "BÍ THƯ"],
            ["- Lưu VT.", "", "", "", ""],
            ["", "", "", "", "Nguyễn Văn Hùng"],
        ],
        [
            (3, "Lê Văn A", "male", "1980", "PGĐ", None, None),
            (5, "Lê Văn B", "male", "1980", "TP", None, None),
        ],
    ),
    "two title cols": Layout(
        [
            [
                "TT",
                "Họ và tên",
                "Năm sinh",
                "Chức vụ Đảng",
                "Chức vụ chính quyền",
                "Chức danh quy hoạch",
            ],
            [1, "Lê A", 1980, "ĐUV", "Phó GĐ", "GĐ"],
        ],
        [(2, "Lê A", None, "1980", "Phó GĐ", None, None)],
    ),
    "two title cols parents": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ", "", "Trình độ", "", ""],
            ["", "", "", "Đảng", "Chính quyền", "CM", "LLCT", "TH"],
            [1, "Lê A", 1980, "ĐUV", "Phó GĐ", "ĐH", "CC", "B"],
        ],
        [(3, "Lê A", None, "1980", "Phó GĐ", "ĐH", "CC")],
        ("D1:E1", "F1:H1"),
    ),
    "nu before nam": Layout(
        [
            ["TT", "Họ và tên", "Ngày tháng năm sinh", "", "Chức vụ"],
            ["", "", "Nữ", "Nam", ""],
            [1, "Lê A", "", "3/4/1980", "GĐ"],
            [2, "Lê B", "1981", "", "PGĐ"],
        ],
        [
            (3, "Lê A", "male", "1980-04-03", "GĐ", None, None),
            (4, "Lê B", "female", "1981", "PGĐ", None, None),
        ],
        ("C1:D1",),
    ),
    "odd names": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            [1, "Trần Thị Phòng", "Nữ", 1980, "GĐ"],
            [2, "Vũ Văn Ban", "Nam", "", "PGĐ"],
            [3, "Tổng Văn Hợp", "Nam", 1980, "PGĐ"],
            [4, "Đoàn Hội", "Nam", 1980, "PGĐ"],
            [5, "Cộng Hòa", "Nam", 1980, "PGĐ"],
            [6, "A. Viết", "Nam", 1980, "PGĐ"],
            [7, "Sa Đéc", "Nam", "", "PGĐ"],
            ["Cộng", "", "", 5, ""],
        ],
        [
            (2, "Trần Thị Phòng", "female", "1980", "GĐ", None, None),
            (3, "Vũ Văn Ban", "male", None, "PGĐ", None, None),
            (4, "Tổng Văn Hợp", "male", "1980", "PGĐ", None, None),
            (5, "Đoàn Hội", "male", "1980", "PGĐ", None, None),
            (6, "Cộng Hòa", "male", "1980", "PGĐ", None, None),
            (7, "A. Viết", "male", "1980", "PGĐ", None, None),
            (8, "Sa Đéc", "male", None, "PGĐ", None, None),
        ],
    ),
    "heading numbered": Layout(
        [
            [
                "1. TT",
                "2. Họ và tên",
                "3. Giới tính",
                "4. Ngày, tháng, năm sinh",
                "5. Chức vụ, đơn vị công tác",
                "6. Trình độ chuyên môn",
                "7. LLCT",
            ],
            [1, "Lê A", "Nam", "1/1/1980", "GĐ", "ĐH", "CC"],
        ],
        [(2, "Lê A", "male", "1980-01-01", "GĐ", "ĐH", "CC")],
    ),
    "upper no diacritics names": Layout(
        [
            ["STT", "HO VA TEN", "NAM SINH", "GIOI TINH", "CHUC VU"],
            [1, "NGUYEN VAN A", 1980, "NAM", "GIAM DOC"],
            [2, "LO THI B", 1981, "NU", "PHO GIAM DOC"],
            ["", "TONG CONG", "2"],
        ],
        [
            (2, "Nguyen Van A", "male", "1980", "GIAM DOC", None, None),
            (3, "Lo Thi B", "female", "1981", "PHO GIAM DOC", None, None),
        ],
    ),
    "number row formula": Layout(
        [
            ["TT", "Họ và tên", "Ngày sinh", "Chức vụ", "Tổng"],
            ["A", "B", "1", "2", "3=1+2"],
            [1, "Lê A", "1980", "GĐ", ""],
        ],
        [(3, "Lê A", None, "1980", "GĐ", None, None)],
    ),
    "name+birth in one": Layout(
        [
            ["TT", "Họ và tên, ngày sinh", "Chức vụ", "LLCT"],
            [1, "Lê Văn An\n15/08/1970", "GĐ", "CC"],
            [2, "Lê Thị Bình\n(1975)", "GĐ", "CC"],
        ],
        [
            (2, "Lê Văn An", None, "1970-08-15", "GĐ", None, "CC"),
            (3, "Lê Thị Bình", None, "1975", "GĐ", None, "CC"),
        ],
    ),
    "wrapped names": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            [1, "Nguyễn Văn\nHùng", "Nam", "15/8/\n1970", "Trưởng\nphòng"],
        ],
        [(2, "Nguyễn Văn Hùng", "male", "1970-08-15", "Trưởng phòng", None, None)],
    ),
    "quotes and junk": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            ["'1", "'Lê Văn A", "'Nam", "'02/03/1970", "-"],
            ["2", "Lê  Văn  B ", "  Nam", "1970 ", "…"],
        ],
        [
            (2, "Lê Văn A", "male", "1970-03-02", None, None, None),
            (3, "Lê Văn B", "male", "1970", None, None, None),
        ],
    ),
    "vertical-merged persons": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ", "Trình độ chuyên môn"],
            [1, "Lê A", 1980, "GĐ", "Thạc sĩ Luật"],
            ["", "", "", "", "Cử nhân Kinh tế"],
            [2, "Lê B", 1981, "PGĐ", "Đại học"],
        ],
        [
            (2, "Lê A", None, "1980", "GĐ", "Thạc sĩ Luật", None),
            (4, "Lê B", None, "1981", "PGĐ", "Đại học", None),
        ],
        ("A2:A3", "B2:B3", "C2:C3", "D2:D3"),
    ),
    "mm.yyyy floats": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            [1, "Lê A", "Nam", 10.1965, "GĐ"],
            [2, "Lê B", "Nam", 1.197, "GĐ"],
            [3, "Lê C", "Nam", dt.datetime(1970, 1, 2, 0, 0), "GĐ"],
        ],
        [
            (2, "Lê A", "male", "1965-10", "GĐ", None, None),
            (3, "Lê B", "male", "1970-01", "GĐ", None, None),
            (4, "Lê C", "male", "1970-01-02", "GĐ", None, None),
        ],
    ),
    "unit plain nested title plain": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            ["", "Sở Nội vụ"],
            ["", "Lãnh đạo Sở"],
            [1, "Lê A", "Nam", 1980, "GĐ"],
            ["", "Văn phòng Sở"],
            [2, "Lê B", "Nam", 1981, "CVP"],
        ],
        [
            (4, "Lê A", "male", "1980", "GĐ", None, None),
            (6, "Lê B", "male", "1981", "CVP", None, None),
        ],
    ),
    "footer left right names": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ", "LLCT", "CM"],
            [1, "Lê A", 1980, "GĐ", "CC", "ĐH"],
            [],
            ["", "NGƯỜI LẬP", "", "", "TRƯỞNG BAN"],
            ["", "(Ký, ghi rõ họ tên)", "", "", "(Ký tên, đóng dấu)"],
            [],
            ["", "Trần Thị Thu", "", "", "Lê Minh Tuấn"],
        ],
        [(2, "Lê A", None, "1980", "GĐ", "ĐH", "CC")],
    ),
    "signature no marker": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ", "LLCT", "CM"],
            [1, "Lê A", 1980, "GĐ", "CC", "ĐH"],
            [],
            ["", "", "", "GIÁM ĐỐC"],
            [],
            ["", "", "", "Lê Minh Tuấn"],
        ],
        [(2, "Lê A", None, "1980", "GĐ", "ĐH", "CC")],
    ),
    "reserve cols": Layout(
        [
            [
                "Số TT",
                "Họ, chữ đệm và tên",
                "Ngày, tháng, năm sinh",
                "",
                "Dân tộc",
                "Tôn giáo",
                "Số điện thoại",
                "Chức danh hiện đảm nhiệm",
                "Trình độ đào tạo",
                "",
                "",
                "Chức danh quy hoạch",
                "Đánh giá cán bộ",
                "",
                "",
            ],
            [
                "",
                "",
                "Nam",
                "Nữ",
                "",
                "",
                "",
                "",
                "Chuyên môn nghiệp vụ",
                "Lý luận chính trị",
                "Quản lý Nhà nước",
                "",
                "2023",
                "2024",
                "2025",
            ],
            [
                1,
                "Lê A",
                "2/3/1980",
                "",
                "Tày",
                "Không",
                "0912345678",
                "PGĐ",
                "ĐH",
                "CC",
                "CVC",
                "GĐ",
                "HTTNV",
                "HTXSNV",
                "HTTNV",
            ],
        ],
        [(3, "Lê A", "male", "1980-03-02", "PGĐ", "ĐH", "CC")],
        ("C1:D1", "I1:K1", "M1:O1", "A1:A2", "B1:B2", "E1:E2", "F1:F2", "G1:G2", "H1:H2", "L1:L2"),
    ),
    "merged all header 3 rows w/ title directly above": Layout(
        [
            ["BIỂU SỐ 2", "", "", "", ""],
            ["DANH SÁCH QUY HOẠCH", "", "", "", ""],
            ["STT", "HỌ TÊN", "SINH", "", "CHỨC VỤ"],
            ["", "", "NAM", "NỮ", ""],
            ["1", "2", "3", "4", "5"],
            [1, "Lê A", "1980", "", "GĐ"],
        ],
        [(6, "Lê A", "male", "1980", "GĐ", None, None)],
        ("A1:E1", "A2:E2", "A3:A4", "B3:B4", "C3:D3", "E3:E4"),
    ),
    "second header differs": Layout(
        [
            ["A. Danh sách thứ nhất"],
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ"],
            [1, "Lê A", 1980, "GĐ"],
            [],
            ["B. Danh sách thứ hai"],
            ["TT", "Họ và tên", "Chức vụ", "Ngày sinh", "Giới tính"],
            [1, "Lê Thị B", "PGĐ", "2/3/1985", "Nữ"],
        ],
        [
            (3, "Lê A", None, "1980", "GĐ", None, None),
            (7, "Lê Thị B", "female", "1985-03-02", "PGĐ", None, None),
        ],
    ),
    "ong ba sparse": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ"],
            [1, "Ông Lê Văn A", 1980, "GĐ"],
            [2, "Ông Ích Khiêm", 1981, "PGĐ"],
        ],
        [
            (2, "Lê Văn A", "male", "1980", "GĐ", None, None),
            (3, "Ông Ích Khiêm", None, "1981", "PGĐ", None, None),
        ],
    ),
    "degree x theory combos": Layout(
        [
            ["TT", "Họ và tên", "Năm sinh", "Chức vụ", "Trình độ chuyên môn, lý luận chính trị"],
            [1, "Lê A", 1980, "GĐ", "Thạc sĩ Luật; Cao cấp LLCT"],
        ],
        [(2, "Lê A", None, "1980", "GĐ", "Thạc sĩ Luật", "Cao cấp LLCT")],
    ),
    "age columns young": Layout(
        [
            ["STT", "Họ tên", "Ngày sinh", "Tuổi", "Nữ", "DTTS", "Chức vụ"],
            [1, "Lê A", "1980", 46, "", "x", "GĐ"],
            [2, "Lê B", "1981", 45, "x", "", "GĐ"],
        ],
        [
            (2, "Lê A", "male", "1980", "GĐ", None, None),
            (3, "Lê B", "female", "1981", "GĐ", None, None),
        ],
    ),
    "xlsx names in B..C but header unmerged": Layout(
        [
            ["TT", "Họ và tên", "", "Năm sinh", "Chức vụ"],
            [1, "Lê Văn", "A", 1980, "GĐ"],
            [2, "Trần Thị", "B", 1981, "GĐ"],
            [3, "Vi Văn", "Cường", 1982, "GĐ"],
        ],
        [
            (2, "Lê Văn A", None, "1980", "GĐ", None, None),
            (3, "Trần Thị B", None, "1981", "GĐ", None, None),
            (4, "Vi Văn Cường", None, "1982", "GĐ", None, None),
        ],
    ),
    "header text repeated unmerged (exported)": Layout(
        [
            ["TT", "Họ và tên", "Ngày sinh", "Ngày sinh", "Chức vụ"],
            ["TT", "Họ và tên", "Nam", "Nữ", "Chức vụ"],
            [1, "Lê A", "1980", "", "GĐ"],
            [2, "Lê B", "", "1981", "GĐ"],
        ],
        [
            (3, "Lê A", "male", "1980", "GĐ", None, None),
            (4, "Lê B", "female", "1981", "GĐ", None, None),
        ],
    ),
    "huge caption": Layout(
        [
            ["Dòng 0"],
            ["Dòng 1"],
            ["Dòng 2"],
            ["Dòng 3"],
            ["Dòng 4"],
            ["Dòng 5"],
            ["Dòng 6"],
            ["Dòng 7"],
            ["Dòng 8"],
            ["Dòng 9"],
            ["Dòng 10"],
            ["Dòng 11"],
            ["Dòng 12"],
            ["Dòng 13"],
            ["Dòng 14"],
            ["Dòng 15"],
            ["Dòng 16"],
            ["Dòng 17"],
            ["Dòng 18"],
            ["Dòng 19"],
            ["Dòng 20"],
            ["Dòng 21"],
            ["Dòng 22"],
            ["Dòng 23"],
            ["Dòng 24"],
            ["Dòng 25"],
            ["Dòng 26"],
            ["Dòng 27"],
            ["Dòng 28"],
            ["Dòng 29"],
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            [1, "Lê A", "Nam", 1980, "GĐ"],
        ],
        [(32, "Lê A", "male", "1980", "GĐ", None, None)],
    ),
    "birth in future 2 digits": Layout(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ"],
            [1, "Lê A", "Nam", "1/1/65", "GĐ"],
            [2, "Lê B", "Nam", "5/70", "GĐ"],
            [3, "Lê C", "Nam", "70", "GĐ"],
        ],
        [
            (2, "Lê A", "male", "1965-01-01", "GĐ", None, None),
            (3, "Lê B", "male", "1970-05", "GĐ", None, None),
            (4, "Lê C", "male", "1970", "GĐ", None, None),
        ],
    ),
}
