"""Provincial targets of the demonstration. The document is invented, and says so."""

from dataclasses import dataclass
from datetime import date

from cadre_portal.demo.organisation import DISTRICTS_CLOSED, PROVINCE, UnitRow
from cadres.choices import Level

DOCUMENT = "12-QĐ/TU (giả định)"
OLD_DOCUMENT = "05-QĐ/TU (giả định)"
#: What the inspection of 2017 is judged by where the law of that time is not known to say a number.
FORMER_DOCUMENT = "08-QĐ/TU (giả định)"
_FROM = date(2026, 1, 15)

#: parameter: (value for province, value for communes, place in the document)
_VALUES: dict[str, tuple[int | None, int | None, str]] = {
    "planning.age_bands.young_below": (40, 35, "Điều 4"),
    "planning.age_bands.middle_to": (50, 45, "Điều 4"),
    "planning.young_share.minimum": (15, 15, "Điều 5"),
    "planning.young_share.age_below": (40, 35, "Điều 5"),
    "planning.women_share.minimum": (25, 25, "Điều 5"),
    "planning.minority_share.minimum": (80, 80, "Điều 6"),
    "planning.openness.minimum_external": (1, 1, "Điều 7"),
    "planning.candidates_per_title.minimum": (2, 2, "Điều 8"),
    "planning.committee_coefficient.minimum": (100, 100, "Điều 8"),
    "planning.committee_coefficient.maximum": (150, 150, "Điều 8"),
    "planning.lineage.maximum": (0, None, "Điều 9"),
    "approval.deadline.working_days": (30, 30, "Điều 10"),
}
#: parameter: (value for districts, value for communes, place in the document), until 2020.
_FORMER: dict[str, tuple[int, int, str]] = {
    "planning.age_bands.young_below": (40, 35, "Điều 3"),
    "planning.age_bands.middle_to": (50, 45, "Điều 3"),
    "planning.young_share.minimum": (10, 10, "Điều 4"),
    "planning.young_share.age_below": (40, 40, "Điều 4"),
    "planning.minority_share.minimum": (75, 75, "Điều 5"),
    "planning.openness.minimum_external": (1, 1, "Điều 6"),
}
_FORMER_FROM, _FORMER_TO = date(2013, 1, 1), date(2020, 9, 30)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as it is written."""

    unit: UnitRow
    parameter: str
    level: Level
    value: int
    since: date
    until: date | None
    document: str
    at: str


def targets(units: dict[str, UnitRow]) -> list[TargetRow]:
    """Targets of the province, what held for districts, and a stricter one of a department."""
    province = units[PROVINCE]
    rows = []
    for parameter, (for_province, for_communes, at) in _VALUES.items():
        for level, value in ((Level.PROVINCE, for_province), (Level.COMMUNE, for_communes)):
            if value is not None:
                rows.append(TargetRow(province, parameter, level, value, _FROM, None, DOCUMENT, at))
    for parameter, (for_districts, for_communes, at) in _FORMER.items():
        for level, value in ((Level.DISTRICT, for_districts), (Level.COMMUNE, for_communes)):
            rows.append(
                TargetRow(
                    *(province, parameter, level, value, _FORMER_FROM, _FORMER_TO),
                    *(FORMER_DOCUMENT, at),
                )
            )
    for parameter, value, at in (
        ("planning.minority_share.minimum", 75, "Điều 3"),
        ("planning.openness.minimum_external", 1, "Điều 4"),
    ):
        rows.append(
            TargetRow(
                province,
                parameter,
                Level.DISTRICT,
                value,
                date(2020, 10, 1),
                DISTRICTS_CLOSED,
                OLD_DOCUMENT,
                at,
            )
        )
    rows.append(
        TargetRow(
            units["SYT"],
            "planning.women_share.minimum",
            Level.PROVINCE,
            30,
            _FROM,
            None,
            "31-QĐ/TU (giả định)",
            "Điều 2",
        )
    )
    return rows
