"""Phụ lục số liệu: what is frozen of one unit as a workbook, written row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.choices import Degree, Sex, Theory
from cadres.exports.sending import made_by
from cadres.exports.tables import Book, Head
from cadres.policies import Actor, can_see_sensitive
from inspections.models import EvidenceTaking, InspectedUnit
from inspections.selectors.annexes import FrozenPart, Told, frozen_parts

_OUTCOMES = {"met": "Đạt", "not_met": "Chưa đạt", "cannot_tell": "Chưa rõ"}
_SUBJECTS = {
    "plan": "Quy hoạch",
    "pool": "Chức danh",
    "nomination": "Người",
    "rotation": "Luân chuyển",
    "appointment": "Chức vụ",
    "unit_year": "Xếp loại năm",
}
#: The engine's counts that a person may fall under, and what they are called.
_COUNTED = {
    "young": "nhóm tuổi trẻ",
    "middle": "nhóm tuổi giữa",
    "senior": "nhóm tuổi cao",
    "age_unknown": "chưa rõ tuổi",
    "young_people": "cán bộ trẻ",
    "women": "nữ",
    "sex_unknown": "chưa rõ giới tính",
    "minority_people": "dân tộc thiểu số",
    "ethnicity_unknown": "chưa rõ dân tộc",
    "external_people": "từ nơi khác",
    "post_unknown": "chưa rõ nơi công tác",
    "lineage_breaks": "chưa có trong quy hoạch cấp dưới",
}
#: Of these, what is sensitive of one person.
_SENSITIVE = frozenset(("minority_people", "ethnicity_unknown"))
RESULTS, PEOPLE, OBSERVED = range(3)


def write_annex(
    file: IO[bytes], *, actor: Actor, taking: EvidenceTaking, inspected: InspectedUnit
) -> tuple[int, int]:
    """Write the annex of one unit; how many people and how many rows are in it.

    Results of sensitive criteria, and who was counted by ethnic group, only for who may see that in
    the unit.
    """
    tells = can_see_sensitive(actor, inspected.unit)
    book = Book(file, _tables())
    people: set[str] = set()
    for part in frozen_parts(taking, inspected.pk):
        results = [each for each in part.results if tells or not each.is_sensitive]
        for row in _result_rows(part, results):
            book.write(RESULTS, row)
        for row in _people_rows(part, results, tells=tells):
            book.write(PEOPLE, row)
        for row in _observed_rows(part):
            book.write(OBSERVED, row)
        people.update(person["code"] for person in part.people)
    book.close(
        [
            (_("Nội dung"), _("Số liệu chốt của %(unit)s") % {"unit": inspected}),
            (_("Cuộc kiểm tra"), str(inspected.inspection)),
            (_("Ngày chốt số liệu"), taking.as_of),
            (_("Chốt lúc"), formats.date_time(taking.finished_at)),
            (_("Mã bộ căn cứ"), taking.law_fingerprint),
            *made_by(actor),
        ]
    )
    return len(people), sum(book.rows)


def _tables() -> list[tuple[str, Sequence[Head]]]:
    """The sheets with widths by which they can be read on A4."""
    return [
        (
            _("Kết quả"),
            [
                _wide(_("Bằng chứng"), 26),
                _wide(_("Tiêu chí"), 20),
                _wide(_("Loại"), 11),
                _wide(_("Đơn vị"), 15),
                _wide(_("Chức danh"), 20),
                _wide(_("Người"), 16),
                Head(text=_("Kết quả"), width=9),
                _wide(_("Nhận xét"), 46),
                _wide(_("Căn cứ"), 26),
                _wide(_("Dấu của bằng chứng (SHA-256)"), 36),
            ],
        ),
        (
            _("Người"),
            [
                _wide(_("Bằng chứng"), 26),
                _wide(_("Chức danh"), 20),
                Head(text=_("Số hiệu"), width=11),
                _wide(_("Họ và tên"), 18),
                Head(text=_("Giới tính"), width=6),
                Head(text=_("Ngày sinh"), width=11),
                _wide(_("Chuyên môn"), 11),
                _wide(_("Lý luận chính trị"), 11),
                _wide(_("Chức vụ hiện tại"), 26),
                Head(text=_("Đưa vào quy hoạch"), width=11),
                _wide(_("Được tính vào"), 20),
                _wide(_("Chưa đạt, chưa rõ"), 24),
            ],
        ),
        (
            _("Luân chuyển, xếp loại"),
            [
                _wide(_("Nội dung"), 20),
                _wide(_("Người, đơn vị"), 24),
                _wide(_("Từ"), 30),
                _wide(_("Đến"), 30),
                _wide(_("Thời gian, số lượng"), 40),
            ],
        ),
    ]


def _wide(text: str, width: int) -> Head:
    return Head(text=text, width=width, wraps=True)


def _result_rows(part: FrozenPart, results: Sequence[Told]) -> Iterator[Sequence[Any]]:
    for each in results:
        yield (
            part.title,
            each.rule,
            _SUBJECTS.get(each.subject, each.subject),
            each.unit,
            each.title,
            each.name,
            _OUTCOMES.get(each.outcome, each.outcome),
            each.message,
            each.cited,
            part.digest,
        )


def _people_rows(
    part: FrozenPart, results: Sequence[Told], *, tells: bool
) -> Iterator[Sequence[Any]]:
    sexes, degrees, theories = _labels(Sex), _labels(Degree), _labels(Theory)
    wrong: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for each in results:
        if each.subject == "nomination":
            wrong[each.pool, each.cadre].append(each.rule)
    for person in part.people:
        yield (
            part.title,
            person["title"],
            person["code"],
            person["name"],
            sexes.get(person["sex"]),
            formats.date(_known_of(person)),
            degrees.get(person["degree"]),
            theories.get(person["theory"]),
            person["post"],
            formats.date(person["nominated_on"]),
            ", ".join(_counted(person["counted"], tells=tells)),
            ", ".join(wrong.get((person["pool"], person["code"]), ())),
        )


def _known_of(person: Mapping[str, Any]) -> str | None:
    """No more of a birth date than is known."""
    kept = {"year": 4, "month": 7}.get(person["birth_precision"], 10)
    return person["birth_date"][:kept] if person["birth_date"] else None


def _labels(listed: Any) -> dict[Any, str]:
    """The words of a list, put into the person's language once."""
    return {each.value: str(each.label) for each in listed}


def _counted(names: Sequence[str], *, tells: bool) -> Iterator[str]:
    for name in names:
        if tells or name not in _SENSITIVE:
            yield _COUNTED.get(name, name)


def _observed_rows(part: FrozenPart) -> Iterator[Sequence[Any]]:
    for each in part.observed:
        for row in each.get("rows", ()):
            if "name" in row:
                time = f"{formats.date(row['start_on'])} – {formats.date(row['ended_on'])}"
                yield _("Luân chuyển"), row["name"], row["from"], row["to"], time
            else:
                grades = ", ".join(f"{name}: {n}" for name, n in row["grades"].items())
                year = each["measured"].get("year")
                yield _("Xếp loại năm %(y)s") % {"y": year}, row["unit_name"], "", "", grades
