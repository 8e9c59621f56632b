"""A big exchange workbook of invented people, for memory and speed; also for the benchmarks."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import xlsxwriter

_FAMILIES = ("Nông", "Hoàng", "Lý", "Đàm", "Bế", "Triệu", "Nguyễn", "Trần", "Lương", "Mã")
_MIDDLES = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thu", "Quang", "Hải", "Thanh", "Kim")
_GIVEN = ("An", "Bình", "Chiến", "Dũng", "Hạnh", "Hương", "Khánh", "Lan", "Nga", "Tuấn", "Vượng")
_DEGREES = ("none", "intermediate", "college", "bachelor", "master", "doctor")
_THEORIES = ("none", "elementary", "intermediate", "advanced", "bachelor")
_GRADES = ("HTXSNV", "HTTNV", "HTNV", "KHTNV")


def write_big_workbook(path: Path, *, people: int, units: int = 200, seed: int = 1) -> int:
    """Write the workbook; the number of cells below the headers is returned."""
    return _Writer(path, random.Random(seed)).write(people, units)


class _Writer:
    def __init__(self, path: Path, chance: random.Random) -> None:
        self.book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
        self.date = self.book.add_format({"num_format": "dd/mm/yyyy"})
        self.chance = chance
        self.cells = 0

    def write(self, people: int, units: int) -> int:
        codes = [f"U{number:05d}" for number in range(units)]
        cadres = [f"C{number:07d}" for number in range(people)]
        self._sheet("terms", ["code", "starts_on", "ends_on"], self._terms())
        self._sheet("units", ["code", "name", "kind", "level", "parent_code"], self._units(codes))
        self._sheet("titles", ["code", "name", "kind", "rank", "is_head"], self._titles())
        self._sheet(
            "positions",
            ["unit_code", "title_code", "prescribed"],
            ([unit, title, 5] for unit in codes for title in ("GD", "PGD", "TP", "BCH")),
        )
        self._sheet(
            "cadres",
            [
                "code",
                "full_name",
                "sex",
                "birth_date",
                "ethnicity_code",
                "native_unit_code",
                "party_joined_on",
                "degree",
                "theory",
            ],
            (self._cadre(code, codes) for code in cadres),
        )
        self._sheet(
            "appointments",
            ["cadre_code", "unit_code", "title_code", "start_on", "end_on", "decision_no"],
            (row for code in cadres for row in self._appointments(code, codes)),
        )
        self._sheet(
            "evaluations",
            ["cadre_code", "year", "grade", "unit_code"],
            (
                [code, year, self.chance.choice(_GRADES), self.chance.choice(codes)]
                for code in cadres
                for year in (2023, 2024, 2025)
            ),
        )
        self._sheet(
            "plans",
            ["unit_code", "term", "status"],
            ([unit, "2025-2030", "approved"] for unit in codes),
        )
        self._sheet(
            "nominations",
            ["unit_code", "term", "title_code", "cadre_code", "nominated_on"],
            (
                [self.chance.choice(codes), "2025-2030", "BCH", code, self._day(2025, 2026)]
                for code in cadres
            ),
        )
        self.book.close()
        return self.cells

    def _sheet(self, name: str, header: list[str], rows: Any) -> None:
        page = self.book.add_worksheet(name)
        page.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                if isinstance(value, dt.date):
                    page.write_datetime(number, index, value, self.date)
                elif value is not None:
                    page.write(number, index, value)
            self.cells += len(row)

    def _day(self, first: int, last: int) -> dt.date:
        return dt.date(self.chance.randint(first, last), self.chance.randint(1, 12), 1)

    def _terms(self) -> Any:
        yield ["2025-2030", dt.date(2025, 10, 1), dt.date(2030, 9, 30)]

    def _units(self, codes: list[str]) -> Any:
        for number, code in enumerate(codes):
            parent = None if number == 0 else codes[(number - 1) // 8]
            yield [code, f"Đơn vị số {number}", "department", "province", parent]

    def _titles(self) -> Any:
        yield ["GD", "Giám đốc", "leadership", 80, 1]
        yield ["PGD", "Phó Giám đốc", "leadership", 70, 0]
        yield ["TP", "Trưởng phòng", "leadership", 60, 0]
        yield ["BCH", "Ủy viên Ban Chấp hành", "committee", 50, 0]

    def _cadre(self, code: str, codes: list[str]) -> list[Any]:
        pick = self.chance.choice
        return [
            code,
            f"{pick(_FAMILIES)} {pick(_MIDDLES)} {pick(_GIVEN)}",
            pick(("male", "female")),
            self._day(1965, 1995),
            f"{self.chance.randint(1, 54):02d}",
            pick(codes),
            self._day(1996, 2020),
            pick(_DEGREES),
            pick(_THEORIES),
        ]

    def _appointments(self, code: str, codes: list[str]) -> Any:
        pick = self.chance.choice
        start = self._day(2000, 2010)
        middle = self._day(2011, 2020)
        yield [code, pick(codes), "TP", start, middle, f"{self.chance.randint(1, 3000)}-QĐ/TU"]
        yield [code, pick(codes), "PGD", middle, None, f"{self.chance.randint(1, 3000)}-QĐ/TU"]
