"""Invented data for the gallery of components: every component in every state, none of it real."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

OUTCOMES = ["met", "not_met", "cannot_tell", "not_applicable"]
TARGET = {"source": "Chỉ tiêu tỉnh 12-QĐ/TU", "at": "Điều 5", "confidence": "read"}
INDIRECT = {"source": "Quy định 50-QĐ/TW (2021)", "at": "Điều 9", "confidence": "second-hand"}
RECALLED = {"source": "Quy định 377-QĐ/TW ngày 08/10/2025", "at": "", "confidence": "recalled"}


class SampleForm(forms.Form):
    """A form with each kind of control that pages use."""

    name = forms.CharField(
        label=_("Họ và tên"), help_text=_("Ghi đủ dấu, như trong hồ sơ gốc."), max_length=80
    )
    born = forms.CharField(
        label=_("Ngày sinh"), required=False, help_text=_("02/10/1965, 10/1965 hoặc 1965.")
    )
    theory = forms.ChoiceField(
        label=_("Lý luận chính trị"),
        choices=[("", "—"), ("intermediate", _("Trung cấp")), ("advanced", _("Cao cấp"))],
    )
    sex = forms.ChoiceField(
        label=_("Giới"),
        widget=forms.RadioSelect,
        required=False,
        choices=[("female", _("Nữ")), ("male", _("Nam"))],
    )
    note = forms.CharField(
        label=_("Ghi chú"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    sure = forms.BooleanField(label=_("Tôi đã đối chiếu với hồ sơ gốc"))


def samples(as_of: dt.date) -> dict[str, Any]:
    """Everything that `portal/components.html` shows, with ages and bars as of a date."""
    return {
        "outcomes": OUTCOMES,
        "pairs": [("not_met", "met"), ("met", "not_met"), ("cannot_tell", "met"), ("met", "met")],
        "citations": [TARGET, INDIRECT, RECALLED],
        "confidences": ["read", "second-hand", "recalled"],
        "heat": _heat(),
        "findings": _findings(),
        "people": _people(),
        "bare_person": {"name": "Giàng A Páo", "age": None, "post": "", "group": "Mông"},
        "tiles": _tiles(),
        "thresholds": [25],
        "strip": [
            {"value": value, "outcome": outcome, "url": "#", "title": f"{value} %"}
            for value, outcome in (
                (8, "not_met"),
                (18, "not_met"),
                (18, "cannot_tell"),
                (31, "met"),
            )
        ],
        "origins": [
            ("Đúng chức danh", 12),
            ("Tương đương, cao hơn", 31),
            ("Không qua quy hoạch", 9),
        ],
        "trend": [18, 18, 18.5, 19, 19, 20, 20, 21, 21.5, 22.5, 22, 29],
        "table": _table(),
        "empty_table": {"columns": [], "rows": [], "empty": _empty()},
        "empty": _empty(),
        "chips": [
            {"label": "Đơn vị", "value": "Cấp xã", "remove_url": "?"},
            {"label": "Tuổi", "value": "dưới 40", "remove_url": "?"},
        ],
        "chip_add": {"label": "Thêm bộ lọc", "url": "?"},
        "bulk_actions": [
            {"label": "Đề xuất quy hoạch…", "value": "plan"},
            {"label": "So sánh", "value": "compare"},
        ],
        "form": SampleForm(),
        "bad_form": SampleForm({"name": "", "born": "31/02/1980", "sex": "female"}),
        "jobs": _jobs(),
        "line": _line(as_of),
        "steps": [
            {"label": label, "state": state, "url": "?"}
            for label, state in [
                ("Chọn tệp", "done"),
                ("Ghép cột", "done"),
                ("Sửa chỗ chưa rõ", "current"),
                ("Xem thay đổi", "todo"),
                ("Ghi vào hồ sơ", "todo"),
            ]
        ],
        "grid": _grid(),
        "problems": _problems(),
        "tabs": [
            {"label": "Nhân sự", "url": "?", "here": True},
            {"label": "Phiếu từng bước", "url": "?", "count": 12},
            {"label": "Rà soát hằng năm", "url": "?"},
            {"label": "Lịch sử", "url": "?"},
        ],
        "segments": [
            {"label": "Chưa đạt trước", "url": "?", "here": True},
            {"label": "Theo cây tổ chức", "url": "?"},
        ],
        "menu": [
            {"label": "Bảng tính XLSX", "url": "?", "icon": "grid", "note": "214 dòng"},
            {"label": "In", "url": "?", "icon": "print"},
            {"divider": True},
            {"label": "Xóa bộ lọc đã lưu", "url": "?", "danger": True, "icon": "close"},
        ],
        "crumbs": [
            {"label": "Tỉnh Cao Bằng", "url": "/"},
            {"label": "Thành phần giao diện"},
        ],
        "facts": [
            {"label": "Chuyên môn", "value": "Thạc sĩ Quản lý công"},
            {"label": "Lý luận chính trị", "value": "chưa ghi", "outcome": "cannot_tell"},
            {"label": "Đơn vị", "value": "UBND xã Bảo Lâm", "url": "?"},
        ],
        "conflict": {
            "before": "Đại học",
            "mine": "Thạc sĩ",
            "theirs": "Tiến sĩ",
            "who": "Nguyễn Văn A",
            "name": "chon-mau",
            "pick_mine": "a",
            "pick_theirs": "b",
            "picked": "",
        },
        "confirm_points": ["12 người ra khỏi quy hoạch", "2 kế hoạch không còn đủ ba độ tuổi"],
        "banner_action": {"label": "Xem nơi phù hợp", "url": "?"},
    }


def _heat() -> dict[str, Any]:
    columns = [
        ("Ba độ tuổi", "mỗi nhóm ≥ 1"),
        ("Trẻ", "≥ 15 %"),
        ("Nữ", "≥ 25 %"),
        ("DTTS", "≥ 80 %"),
        ("Tính “mở”", "≥ 1 người"),
        ("Số lượng", "lệch: 0"),
        ("Tiêu chuẩn", "thiếu: 0"),
        ("Rà soát", "≤ 12 tháng"),
    ]
    province = [
        _unit(
            "Sở Nội vụ",
            "▲0·7·4 ▲0,0 ▲18,2 ●90,9 ▲0 ●0 ▲2 ●9",
            "Thiếu nhóm dưới 40, cần thêm 1 người",
        ),
        _unit(
            "Sở Xây dựng", "●1·8·5 ▲7,1 ▲14,3 ●85,7 ▲0 ●0 ▲1 ▲14", "Tỷ lệ nữ 14,3 %, cần thêm 2 nữ"
        ),
        _unit(
            "Văn phòng UBND tỉnh",
            "◆2·7·0·1? ●20,0 ●30,0 ●90,0 ●1 ●0 ◆1? ●10",
            "Bổ sung ngày sinh của 1 người",
        ),
        _unit("Ban Tổ chức Tỉnh ủy", "●3·6·3 ●25,0 ●33,3 ●83,3 ●2 ●0 ●0 ●5", ""),
    ]
    commune = [
        _unit(
            "Xã Bảo Lâm",
            "▲0·9·5 ▲0,0 ▲14,3 ●92,9 ▲0 ▲2 ▲1 ▲16",
            "Thiếu nhóm dưới 35, cần thêm 1 người",
        ),
        _unit(
            "Xã Bảo Lạc", "◆2·5·0·2? ●22,2 ●33,3 – ●1 ●0 ◆1? ●6", "Bổ sung ngày sinh của 2 người"
        ),
        _unit("Phường Thục Phán", "●4·8·5 ●23,5 ●35,3 – ●3 ●0 ●0 ●4", ""),
    ]
    return {
        "title": "Kế hoạch theo tiêu chí",
        "columns": [{"label": label, "hint": hint} for label, hint in columns],
        "groups": [
            {
                "label": "Cấp tỉnh",
                "short": "Tỉnh",
                "total": 22,
                "met": 11,
                "url": "?",
                "next": "Vướng nhất: tính “mở” (9 kế hoạch)",
                "rows": province,
                "cells": _levels(
                    22, [(3, 1), (4, 0), (5, 1), (1, 0), (9, 0), (1, 0), (4, 2), (2, 0)]
                ),
                "rest": {"text": "Còn 18 đơn vị: 10 đạt mọi tiêu chí, 8 chưa đạt", "url": "?"},
            },
            {
                "label": "Cấp xã",
                "short": "Xã",
                "total": 56,
                "met": 18,
                "url": "?",
                "next": "Vướng nhất: ba độ tuổi (31 kế hoạch)",
                "rows": commune,
                "cells": _levels(
                    56, [(31, 3), (24, 1), (20, 0), (0, 0), (16, 0), (9, 0), (0, 4), (10, 0)]
                ),
            },
        ],
    }


def _levels(total: int, failing: list[tuple[int, int]]) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = [
        {"met": total - bad - unclear, "not_met": bad, "cannot_tell": unclear, "url": "?"}
        for bad, unclear in failing
    ]
    if total == 56:
        cells[3] = {"met": 0, "not_met": 0, "cannot_tell": 0}
    return cells


def _unit(label: str, cells: str, next_step: str) -> dict[str, Any]:
    outcome = {"●": "met", "▲": "not_met", "◆": "cannot_tell", "–": "not_applicable"}
    return {
        "label": label,
        "url": "?",
        "cells": [
            {"outcome": outcome[cell[0]], "text": cell[1:], "url": "?"} for cell in cells.split()
        ],
        "next": next_step,
        "next_url": "?" if next_step else "",
        "outcome": "met",
        "outcome_text": "Đạt mọi tiêu chí",
    }


def _findings() -> list[dict[str, Any]]:
    return [
        {
            "outcome": "not_met",
            "title": "Cơ cấu ba độ tuổi",
            "aside": "cả kế hoạch",
            "message": "Dưới 40: 0 · 40–50: 7 · trên 50: 4. Thiếu nhóm dưới 40, cần thêm 1 người.",
            "bands": {"young": 0, "middle": 7, "senior": 4, "young_below": 40, "middle_to": 50},
            "citations": [{**TARGET, "at": "Điều 4"}],
            "actions": [{"label": "Ai phù hợp?", "url": "?"}, {"label": "11 người", "url": "?"}],
        },
        {
            "outcome": "not_met",
            "title": "Tỷ lệ nữ",
            "aside": "cần thêm 1",
            "message": "2/11 người là nữ (18,2 %), cần từ 25 %; cần thêm 1 nữ.",
            "share": {"part": 2, "total": 11, "percent": 25},
            "citations": [TARGET],
        },
        {
            "outcome": "met",
            "before": "not_met",
            "title": "Tỷ lệ nữ, nếu lưu",
            "message": "2/11 (18,2 %) → 3/12 (25,0 %), cần từ 25 %.",
            "share": {"part": 2, "total": 11, "percent": 25, "after_part": 3, "after_total": 12},
            "citations": [TARGET],
        },
        {
            "outcome": "not_met",
            "before": "not_met",
            "title": "Cán bộ trẻ",
            "aside": "gần hơn",
            "message": "Dưới 40: 0/11 → 1/12 (8,3 %), cần từ 15 %; cần thêm 1 người.",
            "share": {"part": 0, "total": 11, "percent": 15, "after_part": 1, "after_total": 12},
            "citations": [INDIRECT],
        },
        {
            "outcome": "cannot_tell",
            "title": "Cán bộ dân tộc thiểu số",
            "aside": "2 người chưa ghi",
            "message": "7/11 người, 2 người chưa ghi dân tộc; cần từ 80 %.",
            "share": {"part": 7, "total": 11, "percent": 80, "unknown": 2},
            "citations": [RECALLED],
            "actions": [{"label": "Bổ sung hồ sơ", "url": "?"}],
        },
        {
            "outcome": "met",
            "title": "Cơ cấu ba độ tuổi, nếu lưu",
            "before": "not_met",
            "message": "Dưới 40: 0 → 1 · 40–50: 7 · trên 50: 4.",
            "bands": {"young": 1, "middle": 7, "senior": 4, "added": "young"},
            "citations": [TARGET],
        },
        {
            "outcome": "not_applicable",
            "title": "Liên thông",
            "citations": [],
            "message": "Chưa có quy định hay chỉ tiêu nào cho cấp này vào ngày xét.",
        },
    ]


def _people() -> list[dict[str, Any]]:
    base = {"url": "?", "sex": "Nữ", "group": "Tày", "degree": "ThS", "theory": "CC LLCT"}
    return [
        {
            **base,
            "name": "Trần Thị Thu Hà",
            "age": 45,
            "post": "Phó Giám đốc",
            "remaining": "14 năm",
        },
        {
            **base,
            "name": "Hoàng Văn Bé",
            "age": 54,
            "sex": "Nam",
            "group": "Nùng",
            "post": "Phó Giám đốc Sở, phụ trách khối nghiệp vụ và thi đua",
            "degree": "ĐH",
            "remaining": "95 tháng",
            "remaining_outcome": "not_met",
        },
        {
            **base,
            "name": "Sầm Quang Vinh",
            "age": 42,
            "sex": "Nam",
            "post": "Chánh Thanh tra Sở",
            "theory": "",
            "remaining": "19 năm",
            "notes": [{"outcome": "cannot_tell", "text": "LLCT chưa rõ"}],
        },
        {
            **base,
            "name": "Vàng Thị Mỷ",
            "age": 36,
            "group": "Mông",
            "remaining": "23 năm",
            "post": "Phó Chủ tịch xã Bảo Lâm",
            "pending": "Mới thêm, chưa lưu",
            "undo_url": "?",
        },
    ]


def _tiles() -> list[dict[str, Any]]:
    return [
        {
            "label": "Kế hoạch đạt mọi tiêu chí",
            "figure": "29/78",
            "note": "tăng 3 so với tuần trước",
            "url": "?",
        },
        {"label": "Chưa đạt", "figure": "46", "note": "kế hoạch", "outcome": "not_met", "url": "?"},
        {"label": "Chưa rõ", "figure": "3", "note": "thiếu ngày sinh", "outcome": "cannot_tell"},
        {"label": "Người được quy hoạch", "figure": "1.284", "note": "ở 412 chức danh"},
    ]


def _table() -> dict[str, Any]:
    people = [
        ("Nông Thị Ánh", "14/05/1990", 36, "Phó Bí thư Đảng ủy xã Quảng Uyên", "", "Cao cấp"),
        (
            "Hoàng Văn Bằng",
            "02/11/1988",
            38,
            "Phó Chủ tịch UBND xã Trùng Khánh",
            "not_met",
            "Trung cấp",
        ),
        ("Lương Thị Bích", "07/1991", 35, "Chủ tịch UBMTTQ xã Phục Hòa", "", "Cao cấp"),
        ("Triệu Mùi Chài", "", None, "Bí thư Đoàn xã Bảo Lạc", "cannot_tell", "chưa ghi"),
    ]
    rows = [
        {
            "url": "?",
            "tone": "hit" if sign == "not_met" else "doubt" if sign else "",
            "cells": [
                name,
                born,
                age,
                {"text": post, "under": "từ 01/07/2025"},
                {"text": theory, "sign": sign},
                {"outcome": sign or "met", "text": ""},
            ],
        }
        for name, born, age, post, sign, theory in people
    ]
    return {
        "caption": "Cán bộ",
        "columns": [
            {"label": "Họ và tên", "key": "ten", "name": True},
            {"label": "Ngày sinh", "num": True, "quiet": True},
            {"label": "Tuổi", "key": "tuoi", "num": True},
            {"label": "Chức vụ, đơn vị"},
            {"label": "LLCT", "key": "llct"},
            {"label": "Kết quả"},
        ],
        "rows": rows,
        "page": Paginator(range(214), 50).page(2),
        "noun": "người",
        "default_sort": "ten",
    }


def _empty() -> dict[str, Any]:
    return {
        "title": "Chưa có kế hoạch nào cho nhiệm kỳ này",
        "text": "Kế hoạch được lập khi nhập danh sách quy hoạch. Chưa có gì để kiểm tra.",
        "action": {"label": "Nhập danh sách", "url": "?"},
    }


def _jobs() -> list[dict[str, Any]]:
    common = {"total": 78, "noun": "kế hoạch"}
    return [
        {"id": "job-1", "label": "Đang chờ", "state": "waiting", "done": 0, "total": 0},
        {
            **common,
            "id": "job-2",
            "label": "Đang kiểm tra: tỷ lệ nữ",
            "state": "running",
            "done": 52,
            "remaining": "Còn khoảng 8 giây.",
            "cancel_url": "?",
        },
        {
            **common,
            "id": "job-3",
            "label": "Đã kiểm tra xong",
            "state": "finished",
            "done": 78,
            "note": "Mất 21 giây.",
            "result_url": "?",
            "result_label": "46 kế hoạch chưa đạt",
        },
        {
            **common,
            "id": "job-4",
            "label": "Dừng vì mất kết nối cơ sở dữ liệu",
            "state": "failed",
            "done": 40,
            "note": "Kết quả cũ còn nguyên. Chạy lại khi máy chủ sẵn sàng.",
            "result_url": "?",
            "result_label": "Chạy lại",
        },
        {
            **common,
            "id": "job-5",
            "label": "Đã dừng theo yêu cầu",
            "state": "cancelled",
            "done": 12,
        },
    ]


def _line(as_of: dt.date) -> dict[str, Any]:
    day = dt.date
    posts = [
        (day(2012, 9, 1), day(2016, 6, 1), "Công chức Phòng Nội vụ", "huyện Bảo Lâm"),
        (day(2016, 6, 1), day(2020, 1, 1), "Phó Trưởng phòng", "Nội vụ Bảo Lâm"),
        (day(2020, 1, 1), day(2023, 3, 1), "Phó Bí thư Đảng ủy", "xã Thái Học"),
        (day(2023, 3, 1), day(2025, 7, 1), "Trưởng phòng", "Nội vụ Bảo Lâm"),
        (day(2025, 7, 1), None, "PCT UBND", "xã Bảo Lâm"),
    ]
    grades = ["Tốt", "Tốt", "HTNV", "Tốt", "", "Tốt", "Xuất sắc", "Tốt", "Tốt", "Xuất sắc", "Tốt"]
    return {
        "start": 2012,
        "end": 2031,
        "as_of": as_of,
        "lanes": [
            {
                "label": "Chức vụ",
                "items": [
                    {"kind": "post", "start": start, "end": end, "text": text, "sub": sub}
                    for start, end, text, sub in posts
                ],
            },
            {
                "label": "Luân chuyển",
                "items": [
                    {
                        "kind": "rotation",
                        "start": day(2020, 1, 1),
                        "end": day(2023, 3, 1),
                        "text": "Huyện về xã, 38 tháng",
                        "mark": day(2023, 1, 1),
                        "beside": "đủ 36 tháng từ 01/2023",
                    },
                ],
            },
            {
                "label": "Quy hoạch",
                "items": [
                    {
                        "kind": "plan",
                        "start": day(2021, 4, 1),
                        "end": day(2025, 6, 30),
                        "text": "Phó Chủ tịch UBND huyện Bảo Lâm",
                    },
                    {
                        "kind": "plan",
                        "start": day(2025, 11, 1),
                        "end": day(2030, 9, 30),
                        "text": "Chủ tịch UBND xã Bảo Lâm",
                    },
                    {
                        "kind": "hope",
                        "start": day(2026, 11, 22),
                        "end": day(2030, 9, 30),
                        "row": 1,
                        "text": "Phó Giám đốc Sở Nội vụ",
                    },
                ],
            },
            {
                "label": "Đào tạo",
                "items": [
                    {"kind": "point", "start": day(2015, 6, 1), "text": "Trung cấp LLCT"},
                    {"kind": "point", "start": day(2018, 10, 1), "text": "ThS Quản lý công"},
                    {"kind": "point", "start": day(2022, 7, 1), "text": "Cao cấp LLCT"},
                ],
            },
            {
                "label": "Xếp loại",
                "items": [
                    {
                        "kind": "unknown"
                        if not grade
                        else "grade-top"
                        if grade == "Xuất sắc"
                        else "grade",
                        "start": day(2014 + i, 1, 1),
                        "end": day(2014 + i, 12, 31),
                        "text": grade or "chưa rõ",
                    }
                    for i, grade in enumerate(grades)
                ],
            },
        ],
    }


def _grid() -> dict[str, Any]:
    heads = ["Số TT", "Họ và tên", "Ngày sinh: Nam", "Ngày sinh: Nữ", "Chức vụ hiện tại", "LLCT"]
    fields = ["", "full_name", "born_male", "born_female", "title", "theory"]
    options = [
        ("", "Bỏ"),
        ("full_name", "Họ và tên"),
        ("born_male", "Ngày sinh (nam)"),
        ("born_female", "Ngày sinh (nữ)"),
        ("title", "Chức vụ, đơn vị"),
        ("theory", "Lý luận chính trị"),
    ]
    rows = [
        ("7", "1|Nông Văn Thạch|19/07/1984||Phó Bí thư Đảng ủy|Cao cấp", {}),
        ("8", "2|Hoàng Thị Nhung||02/04/1988|Chủ tịch HĐND xã|Cao cấp", {}),
        ("12", "3|Hầu A Sình|31/04/1983||Chủ tịch UBMTTQ xã|Trung cấp", {2: "bad"}),
        ("16", "4|Hứa Thị Lả||09/03/1979|Trưởng phòng Văn hóa|Trung câp", {5: "warn"}),
    ]
    return {
        "letters": list("ABCDEF"),
        "heads": heads,
        "maps": [
            {
                "column": letter,
                "name": f"cot_{letter}",
                "options": options,
                "value": value,
                "remembered": value == "title",
            }
            for letter, value in zip("ABCDEF", fields, strict=True)
        ],
        "rows": [
            {
                "number": 6,
                "kind": "group",
                "cells": [{"text": "I. NHIỆM KỲ 2025–2030: BÍ THƯ ĐẢNG ỦY"}],
            },
            *(
                {
                    "number": number,
                    "kind": "",
                    "cells": [
                        {
                            "text": text,
                            "state": states.get(i, ""),
                            "num": i in (2, 3),
                            "ref": f"{'ABCDEF'[i]}{number}" if i in states else "",
                        }
                        for i, text in enumerate(line.split("|"))
                    ],
                }
                for number, line, states in rows
            ),
            {
                "number": 19,
                "kind": "skip",
                "cells": [{"text": "Số lượng đề nghị: 10 (dòng tổng, bỏ qua)"}],
            },
        ],
    }


def _problems() -> list[dict[str, Any]]:
    return [
        {
            "state": "bad",
            "title": "Không có ngày 31/04/1983",
            "ref": "C12",
            "name": "C12",
            "text": "Tháng 4 có 30 ngày. Ngày đúng là:",
            "answers": [
                {"value": "1983-04-30", "label": "30/04/1983", "chosen": True},
                {"value": "1983-04", "label": "04/1983"},
                {"value": "?", "label": "Ngày khác"},
            ],
        },
        {
            "state": "warn",
            "title": "Đã hiểu “Trung câp” là Trung cấp",
            "ref": "F16",
            "text": "Không cần sửa nếu đúng.",
        },
    ]
