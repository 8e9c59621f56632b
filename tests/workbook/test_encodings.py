"""TCVN3 and VNI text is converted and reported; Unicode text is never touched."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font
from viparse.normalize.encodings import CHARMAPS

from cadres.models import Cadre
from cadres.workbook import encodings
from cadres.workbook.loading import Report
from cadres.workbook.syllables import is_syllable, words
from tests.workbook.conftest import PROVINCE, Book, write_book

NAMES = [
    "Nguyễn Văn Hùng",
    "Trần Thị Bích Hằng",
    "Lê Quốc Cường",
    "Phạm Thu Hương",
    "Đặng Đức Thưởng",
    "Nông Văn Tú",
    "Lý Thị Mỷ",
    "Hầu A Páo",
]


def legacy(text: str, encoding: str) -> str:
    """Text as a file in that encoding has it (the inverse of the conversion table)."""
    inverse: dict[str, str] = {}
    for sequence, letter in CHARMAPS[encoding].pairs:
        inverse.setdefault(letter, sequence)
    return "".join(inverse.get(letter, letter) for letter in text)


def cadres_named(names: list[str]) -> list[dict[str, object]]:
    return [{"code": f"C{n}", "full_name": name} for n, name in enumerate(names)]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_whole_sheet_is_recognised(encoding: str, book: Book, load: Callable[..., Report]) -> None:
    names = [legacy(name, encoding) for name in NAMES]
    report = load({"units": book["units"], "cadres": cadres_named(names)})
    assert report.ok, report.faults
    assert list(Cadre.objects.order_by("pk").values_list("full_name", flat=True)) == NAMES
    first = report.as_json()["converted"][0]
    assert first == {
        "sheet": "cadres",
        "row": 2,
        "column": "full_name",
        "from": names[0],
        "to": NAMES[0],
        "encoding": encodings.NAMES[encoding],
    }
    # Names that are the same in both are not reported; neither is the sheet in Unicode.
    assert {c["row"] for c in report.converted} == {
        n + 2 for n, name in enumerate(names) if name != NAMES[n]
    }


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_mixed_sheet_keeps_its_unicode(encoding: str, load: Callable[..., Report]) -> None:
    names = [legacy(n, encoding) if i % 2 else n for i, n in enumerate(NAMES)]
    assert load({"cadres": cadres_named([*names, "Tó", "Hà Văn Tú"])}).ok
    got = list(Cadre.objects.order_by("pk").values_list("full_name", flat=True))
    assert got == [*NAMES, "Tó", "Hà Văn Tú"]


@pytest.mark.parametrize(
    "names",
    [
        ["Hà Văn Tú", "Lê Thu Hà", "Bùi Công Lý", "Tô Nhân Chính", "Đỗ Mười"],
        ["Tó"],
        ["José Muñoz", "François Müller", "Zoë Strauß", "Ångström", "Nguyễn Văn A"],
        ["Phòng 5 m²", "© 2020", "Góc 15°", "5 µm", "Bảng ±3"],
        ["NguyÔn"],  # a short cell alone is ambiguous
    ],
)
def test_correct_text_is_never_converted(names: list[str], load: Callable[..., Report]) -> None:
    report = load({"cadres": cadres_named(names)})
    assert report.ok
    assert report.converted == []
    assert list(Cadre.objects.order_by("pk").values_list("full_name", flat=True)) == names


def test_province_has_nothing_to_convert(load: Callable[..., Report]) -> None:
    assert load(PROVINCE, dry_run=True).converted == []


def test_font_of_the_cell_decides(load: Callable[..., Report], tmp_path: Path) -> None:
    path = write_book(tmp_path / "fonts.xlsx", {"cadres": cadres_named(NAMES[:5])})
    book = openpyxl.load_workbook(path)
    page = book["cadres"]
    for row, font, encoding in ((2, ".VnTime", "tcvn3"), (3, "VNI-Times", "vni")):
        page.cell(row, 2).value = legacy(NAMES[row - 2], encoding)
        page.cell(row, 2).font = Font(name=font)
    page.cell(4, 2).value = legacy("trương quốc cường", "tcvn3")
    page.cell(4, 2).font = Font(name=".VnTimeH")  # shows small letters as capitals
    page.cell(5, 2).font = Font(name=".VnTime")  # Unicode text in that font stays
    book.save(path)
    report = load(path)
    assert report.ok, report.faults
    got = list(Cadre.objects.order_by("pk").values_list("full_name", flat=True))
    assert got == [NAMES[0], NAMES[1], "TRƯƠNG QUỐC CƯỜNG", NAMES[3], NAMES[4]]
    assert [c["encoding"] for c in report.converted] == ["TCVN3", "VNI", "TCVN3"]


def test_text_is_trimmed_and_composed(load: Callable[..., Report]) -> None:
    spread = unicodedata.normalize("NFD", "Nguyễn Thị Ưng")
    assert load({"cadres": cadres_named([f"\u00a0 {spread}\n"])}).ok
    assert Cadre.objects.get().full_name == "Nguyễn Thị Ưng"


def test_every_letter_survives_both_encodings() -> None:
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    small = [unicodedata.normalize("NFC", v + t) for v in vowels for t in tones] + ["đ"]
    for letter in small:
        assert encodings.convert(legacy(f"t{letter}n", "tcvn3"), "tcvn3") == f"t{letter}n"
    for letter in [*small, *(letter.upper() for letter in small)]:
        text = "".join("aú" if x == "ẳ" else "AÚ" if x == "Ẳ" else x for x in letter)
        encoded = text if text != letter else legacy(letter, "vni")
        assert encodings.convert(encoded, "vni") == letter


SYLLABLES = ("Nguyễn", "Hoàng", "Thị", "Văn", "Đức", "Ngọc", "Bế", "Lục", "Quỳnh", "Hương", "Kỳ")


@given(st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4), min_size=1))
def test_unicode_sheets_have_no_encoding(names: list[list[str]]) -> None:
    assert encodings.recognise(" ".join(name) for name in names) is None


def test_names_of_the_sample_are_syllables() -> None:
    book = openpyxl.load_workbook(PROVINCE)
    for sheet, column in (("cadres", 2), ("units", 2), ("titles", 2), ("trainings", 2)):
        for (name,) in book[sheet].iter_rows(
            min_row=2, min_col=column, max_col=column, values_only=True
        ):
            assert all(is_syllable(word) for word in words(str(name))), name
