"""Who works where: offices of every unit, and seats in committees."""

from cadre_portal.demo import organisation as org
from cadre_portal.demo.draft import Step
from cadre_portal.demo.people import Person


class Staffing(Step):
    """Fills the offices of every unit, then up to the wanted number of people."""

    def write(self) -> None:
        for code in org.AGENCIES:
            self._staff_agency(code)
        for code in org.SUBORDINATES:
            self._staff_subordinate(code)
        for code in org.COMMUNES:
            self._staff_commune(code)
        self._staff_province()
        for code in org.OUTSIDE:
            for title, ages in (
                ("VT", (44, 55)),
                ("PVT", (38, 51)),
                ("PVT", (36, 51)),
                ("CV", (27, 45)),
            ):
                self._add(code, title, ages, 0.25)
        self._fill_up()
        for unit, people in self.staff.items():
            self._seat(unit, people)

    def _add(self, code: str, title: str, ages: tuple[int, int], women: float) -> Person:
        person = self.crowd.add(self.units[code], title, ages, women)
        self.staff[code].append(person)
        return person

    def _staff_agency(self, code: str) -> None:
        _name, head, deputy, deputies, sections = org.AGENCIES[code]
        self._add(code, head, (46, 59), 0.2)
        for _ in range(deputies):
            self._add(code, deputy, (37, 51), 0.3)
        for _ in range(sections):
            self._add(code, "TP", (36, 50), 0.35)
        for _ in range(sections + sections // 2):
            self._add(code, "PTP", (30, 48), 0.45)
        for _ in range(4):
            self._add(code, "CV", (27, 45), 0.5)

    def _staff_subordinate(self, code: str) -> None:
        _name, _parent, deputies, sections = org.SUBORDINATES[code]
        self._add(code, "TDV", (44, 57), 0.2)
        for _ in range(deputies):
            self._add(code, "PDV", (38, 50), 0.3)
        for _ in range(sections):
            self._add(code, "TP", (33, 51), 0.4)
            self._add(code, "PTP", (29, 46), 0.45)
        for _ in range(6):
            self._add(code, "CV", (26, 44), 0.5)

    def _staff_commune(self, code: str) -> None:
        for title, ages, women in (
            ("BTX", (42, 55), 0.12),
            ("PBTX", (39, 50), 0.25),
            ("CTX", (38, 50), 0.12),
            ("PCTHDX", (42, 50), 0.35),
            ("PCTX", (35, 46), 0.2),
            ("PCTX", (32, 44), 0.25),
        ):
            self._add(code, title, ages, women)
        for _ in range(5):
            self._add(code, "TPX", (30, 49), 0.3)
        for _ in range(6):
            self._add(code, "PTPX", (26, 45), 0.38)
        for _ in range(8):
            self._add(code, "NVX", (25, 50), 0.42)

    def _staff_province(self) -> None:
        for title, ages, women in (
            ("BTTU", (53, 57), 0),
            ("CTHDT", (52, 56), 0.3),
            ("PBTTU", (50, 55), 0.3),
            ("CTT", (50, 55), 0),
            ("PCTHDT", (46, 53), 0.4),
            ("PCTHDT", (46, 51), 0.3),
            ("PCTT", (45, 51), 0.2),
            ("PCTT", (44, 51), 0.2),
            ("PCTT", (47, 51), 0.2),
        ):
            self._add(org.PROVINCE, title, ages, women)

    def _fill_up(self) -> None:
        """Staff without office in all units until the wanted number of people is reached."""
        codes = [*org.AGENCIES, *org.SUBORDINATES, *org.COMMUNES]
        missing = self.size - len(self.crowd.people)
        for number in range(missing):
            code = codes[number % len(codes)]
            commune = code in org.COMMUNES
            self._add(code, "NVX" if commune else "CV", (25, 58), 0.45)

    def _seat(self, code: str, people: list[Person]) -> None:
        """Committee memberships of the present leaders, and offices held together."""
        ranked = sorted(people, key=lambda p: (-self.titles[p.title].rank, p.id))
        if code in org.COMMUNES:
            for number, person in enumerate(ranked[:13]):
                person.seats = ["BCHX", "BTVX"] if number < 7 else ["BCHX"]
            for person in ranked:
                if person.title == "BTX":
                    person.seats.append("CTHDX")
                elif person.title == "CTX":
                    person.seats.append("PBTX")
        elif code in org.AGENCIES:
            for person in ranked[: org.positions(self.units[code])["CU"]]:
                person.seats = ["CU"]
