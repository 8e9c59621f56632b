"""`read_list`: CONTRACT section 1."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.lists.builders import xlsx
from tests.lists.layouts import LAYOUTS
from tests.workbook.conftest import DATA


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("read_list", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_json() -> None:
    found = json.loads(run(DATA / "lists" / "phu-luc-2.xlsx", "--json"))
    expected = json.loads((DATA / "lists" / "phu-luc-2.expected.json").read_text(encoding="utf-8"))
    assert found["people"] == expected["people"]
    assert found["mapping"]["B"] == "full_name"
    assert found["problems"] == []


def test_text(tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    path.write_bytes(xlsx(LAYOUTS["bad dates"].rows))
    text = run(path)
    assert "7 người" in text
    assert "Ngày sinh" in text
    assert "D2" in text


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"", "Tệp rỗng"),
        ("a.xlsx", b"\x89PNG\r\n", "không phải là bảng tính"),
        ("a.csv", "một,hai\nba,bốn\n".encode(), "Không tìm thấy dòng tiêu đề"),
        ("a.csv", "Đơn vị,Ngày sinh,Chức vụ,LLCT\nA,1970,B,CC\n".encode(), "cột họ và tên"),
    ],
)
def test_refusals_are_one_sentence(tmp_path: Path, name: str, data: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(CommandError, match=sentence) as refused:
        run(path)
    assert refused.value.returncode == 1


def test_missing_file() -> None:
    with pytest.raises(CommandError, match="Không có tệp"):
        run("/khong/co.xlsx")
