"""Invented items of form 2C for each person: where from, schools, jobs, ranks, awards.

Places are real names of provinces, communes and wards; everything said of people is invented.
Languages are dealt without looking at the ethnic group, which is not everybody's to know.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random

from cadre_portal.demo import organisation as org
from cadre_portal.demo.history import TrainingRow
from cadre_portal.demo.organisation import TitleRow
from cadre_portal.demo.people import Person, years_before
from cadres.choices import BirthPrecision, Degree, Sex, Theory, TrainingKind, UnitKind

DAY, MONTH, YEAR = BirthPrecision.DAY, BirthPrecision.MONTH, BirthPrecision.YEAR
HOME = "tỉnh Cao Bằng"
#: People whose file nobody has filled in yet, and files with the first items alone.
_EMPTY, _SHORT = 0.06, 0.14

_SUBJECTS = (
    "Luật", "Kinh tế", "Quản lý công", "Quản lý đất đai", "Nông nghiệp", "Lâm nghiệp", "Kế toán",
    "Sư phạm Ngữ văn", "Sư phạm Toán", "Công tác xã hội", "Kỹ thuật xây dựng",
    "Công nghệ thông tin", "Xây dựng Đảng và chính quyền nhà nước", "Hành chính học", "Y khoa",
    "Chăn nuôi - Thú y",
)  # fmt: skip
_SCHOOLS = {
    Degree.INTERMEDIATE: ("Trường Trung cấp nghề tỉnh",),
    Degree.COLLEGE: ("Trường Cao đẳng Sư phạm Cao Bằng",),
    Degree.BACHELOR: (
        "Đại học Thái Nguyên", "Trường Đại học Nông Lâm", "Trường Đại học Luật Hà Nội",
        "Học viện Hành chính Quốc gia", "Trường Đại học Sư phạm", "Trường Đại học Tây Bắc",
    ),
    Degree.MASTER: ("Học viện Hành chính Quốc gia", "Đại học Thái Nguyên", "Học viện Tài chính"),
    Degree.DOCTOR: ("Học viện Chính trị quốc gia Hồ Chí Minh", "Đại học Quốc gia Hà Nội"),
}  # fmt: skip
#: Years at that school, the age at its end, and what it gives.
_STUDIES = {
    Degree.INTERMEDIATE: (2, 21, "Bằng trung cấp"),
    Degree.COLLEGE: (3, 22, "Bằng cao đẳng"),
    Degree.BACHELOR: (4, 23, "Bằng đại học"),
    Degree.MASTER: (2, 32, "Bằng thạc sĩ"),
    Degree.DOCTOR: (4, 38, "Bằng tiến sĩ"),
}
_ACADEMIC = {Degree.MASTER: "Thạc sĩ", Degree.DOCTOR: "Tiến sĩ"}
#: Rank, code, first coefficient, step and last step of the pay scale (decree 204/2004).
_RANKS = (
    ("Chuyên viên", "01.003", Decimal("2.34"), Decimal("0.33"), 9),
    ("Chuyên viên chính", "01.002", Decimal("4.40"), Decimal("0.34"), 8),
    ("Chuyên viên cao cấp", "01.001", Decimal("6.20"), Decimal("0.36"), 6),
)
_FORMER = ("Học sinh", "Sinh viên", "Sinh viên", "Làm ruộng", "Giáo viên hợp đồng", "Bộ đội")
_STRENGTHS = (
    "Công tác tổ chức, cán bộ", "Công tác dân vận", "Tham mưu tổng hợp", "Quản lý kinh tế",
    "Công tác kiểm tra, giám sát", "Quản lý đất đai", "Giảng dạy", "Chuyển đổi số",
)  # fmt: skip
_LANGUAGES = ("Tiếng Anh bậc 2", "Tiếng Anh bậc 3", "Tiếng Trung bậc 2", "Tiếng Trung bậc 3")
_LOCAL_LANGUAGES = ("Tiếng Tày (nói được)", "Tiếng Nùng (nói được)", "Tiếng Mông (chứng chỉ)")
_HONOURS = ("Chiến sĩ thi đua cơ sở", "Lao động tiên tiến")
_REWARDS = (
    "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "Giấy khen của Tỉnh ủy",
    "Giấy khen của Huyện ủy", "Bằng khen của Ban Chấp hành Tỉnh Đoàn",
)  # fmt: skip
_SOLDIER = ("Hạ sĩ", "Trung sĩ", "Thượng sĩ", "Thiếu úy")


@dataclass(slots=True)
class BiographyRow:
    """One person's items; `values` by column of the table, what is missing is empty."""

    person: Person
    values: dict[str, object] = field(default_factory=dict)

    def date(self, name: str, day: date, precision: str = DAY) -> None:
        """A date of which only so much is known; the earliest day is kept."""
        if precision != DAY:
            day = day.replace(day=1)
        if precision == YEAR:
            day = day.replace(month=1)
        self.values |= {name: day, f"{name}_precision": str(precision)}


class Biographies:
    """Writes them from finished careers, from a source of chance of its own."""

    def __init__(
        self, seed: int, as_of: date, people: list[Person], titles: dict[str, TitleRow]
    ) -> None:
        # Its own source: what else the seed gives stays as it was.
        self.rng, self.as_of = Random(seed * 104_729 + 29), as_of  # noqa: S311 - a demonstration
        self.people, self.titles = people, titles
        self.rows: list[BiographyRow] = []
        #: Schools, which the form lists beside the courses.
        self.schools: list[TrainingRow] = []

    def write(self) -> None:
        """All of it."""
        for person in self.people:
            chance = self.rng.random()
            if chance < _EMPTY:
                continue
            row = BiographyRow(person)
            self._origin(row)
            if chance >= _SHORT:
                self._entry(row)
                self._party_and_army(row)
                self._education(row)
                self._pay(row)
                self._merits(row)
            self.rows.append(row)

    def _origin(self, row: BiographyRow) -> None:
        rng, native = self.rng, row.person.native
        commune = rng.choice(list(org.COMMUNES.values()))
        born = native.name if native else commune
        if native is None or native.code not in org.OUTSIDE:
            born = f"{born}, {HOME}"
        lives = row.person.unit.name if row.person.unit.kind == UnitKind.COMMUNE else commune
        kind = "Tổ dân phố" if lives.startswith("Phường") else "Xóm"
        row.values |= {
            "birth_place": born,
            "native_place": born if rng.random() < 0.8 else f"{commune}, {HOME}",
            "residence": f"{kind} {rng.randint(1, 14)}, {lives}, {HOME}",
            # Numbers of the province's exchange that nobody has.
            "phone": f"0206 000 {row.person.id:04}",
        }

    def _entry(self, row: BiographyRow) -> None:
        rng, posts = self.rng, sorted(row.person.posts, key=lambda post: post.start)
        first = posts[0]
        since = next((post.start for post in posts if post.unit is row.person.unit), first.start)
        row.values |= {
            "former_work": rng.choice(_FORMER),
            "recruited_by": first.unit.name,
            "main_work": self._work(row.person),
            "longest_work": self._work(row.person),
        }
        row.date("recruited_on", first.start, rng.choice((DAY, MONTH)))
        row.date("joined_agency_on", since)

    def _work(self, person: Person) -> str:
        leads = self.titles[person.title].is_head
        return f"{'Lãnh đạo, quản lý' if leads else 'Công tác chuyên môn ở'} {person.unit.name}"

    def _party_and_army(self, row: BiographyRow) -> None:
        rng, person = self.rng, row.person
        joined = person.party_joined_on
        official = joined and years_before(joined, -1)
        if official and official <= self.as_of:
            row.date("party_official_on", official)
        if person.birth is None:
            return
        union = person.birth.year + rng.randint(15, 17)
        row.values["organisations"] = f"Đoàn TNCS Hồ Chí Minh: 26/3/{union}"
        if person.sex == Sex.MALE and rng.random() < 0.12:
            enlisted = date(person.birth.year + rng.randint(18, 21), 2, rng.randint(1, 27))
            row.date("enlisted_on", enlisted, MONTH)
            row.date("discharged_on", years_before(enlisted, -2), MONTH)
            row.values["military_rank"] = rng.choice(_SOLDIER)

    def _education(self, row: BiographyRow) -> None:
        rng, person = self.rng, row.person
        old = person.birth is not None and person.birth.year < 1971
        row.values |= {
            "general_education": "10/10" if old else "12/12",
            "foreign_languages": rng.choice(_LANGUAGES),
            "informatics": "Ứng dụng công nghệ thông tin cơ bản",
        }
        if rng.random() < 0.45:
            row.values["minority_languages"] = rng.choice(_LOCAL_LANGUAGES)
        degree = person.degree
        if degree not in _STUDIES or person.birth is None:
            return
        subject = rng.choice(_SUBJECTS)
        if degree in _ACADEMIC:
            row.values["academic_title"] = f"{_ACADEMIC[degree]} {subject}"
        years, age, paper = _STUDIES[degree]
        end = date(min(person.birth.year + age, self.as_of.year - 1), 6, 30)
        self.schools.append(
            TrainingRow(
                person,
                subject,
                TrainingKind.PROFESSIONAL,
                date(end.year - years, 9, 5),
                end,
                rng.choice(("Khá", "Khá", "Giỏi", "Trung bình khá")),
                school=rng.choice(_SCHOOLS[degree]),
                study_form=rng.choice(("Chính quy", "Chính quy", "Vừa làm vừa học")),
                certificate=paper,
            )
        )

    def _pay(self, row: BiographyRow) -> None:
        rng, person = self.rng, row.person
        leads = self.titles[person.title].is_head
        age = person.age(self.as_of) if person.birth else 40
        level = min(int(leads) + int(age >= 45), 2) if person.theory == Theory.ADVANCED else 0
        name, code, first, step, last = _RANKS[level]
        number = min(1 + max(age - 25 - 10 * level, 0) // 3, last)
        row.values |= {
            "civil_rank": name,
            "civil_rank_code": code,
            "salary_step": number,
            "salary_coefficient": first + step * (number - 1),
            "position_allowance": rng.choice((Decimal("0.70"), Decimal("0.90"))) if leads else None,
            "state_management": f"Bồi dưỡng ngạch {name.lower()}",
        }
        since = date(self.as_of.year - rng.randint(1, 2), rng.randint(1, 12), 1)
        row.date("salary_from", since, MONTH)

    def _merits(self, row: BiographyRow) -> None:
        rng = self.rng
        years = sorted(rng.sample(range(2016, self.as_of.year), rng.randint(0, 3)))
        if years:
            said = ("năm " if len(years) == 1 else "các năm ") + ", ".join(map(str, years))
            row.values["honours"] = f"{rng.choice(_HONOURS)} {said}"
        if rng.random() < 0.5:
            year = rng.randint(2014, self.as_of.year - 1)
            row.values["rewards"] = f"{rng.choice(_REWARDS)} năm {year}"
        row.values["strengths"] = rng.choice(_STRENGTHS)


def taught(row: TrainingRow) -> TrainingRow:
    """The course with its school, form and certificate where it does not say them itself."""
    if row.school:
        return row
    high = row.course.startswith("Cao cấp")
    return replace(
        row,
        school="Học viện Chính trị khu vực I" if high else "Trường Chính trị Hoàng Đình Giong",
        study_form="Tập trung" if (row.end or date.max).toordinal() % 2 else "Vừa làm vừa học",
        certificate="" if row.end is None else "Bằng tốt nghiệp" if high else "Chứng chỉ",
    )
