"""From what was read of a list to its kept rows: titles, units, people, and what is not clear."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from cadres.list_imports.matching import Candidate, Outcome, Who, differences, match
from cadres.list_imports.naming import Catalogue, Named, folded
from cadres.list_imports.rows import ERROR, REVIEW, Draft
from cadres.lists import Field, Level, Person, Reading, RowKind
from cadres.models import ListImport, ListImportRow
from cadres.selectors.duplicates import known_elsewhere_unscoped
from cadres.selectors.list_imports import Candidates, Names

Kind, Match = ListImportRow.Kind, ListImportRow.Match

#: Key of the decision whom a row is about: "new", "skip", "held", "cadre:7" or "same:12".
PERSON = "@person"
#: The decision to leave it to an officer of all units, and the code of the problem it answers.
HELD, ELSEWHERE = "held", "elsewhere"
#: Prefix of the key that says what a text means, for this office from now on.
SYNONYM = "synonym:"
_LEVELS = {Level.ERROR: ERROR, Level.WARNING: REVIEW}
_PROPOSALS = {"supplement": "add", "carry_over": "add", "removal": "remove"}
_GROUPS = {RowKind.GROUP: Kind.GROUP}


@dataclass
class Surroundings:
    """What rows are understood by: decisions, catalogues, and the rights of who uploaded."""

    decisions: Mapping[int, str]
    names: Names
    #: Whether a person without a post would stay visible to who uploaded.
    sees_all: bool
    titles: Catalogue = field(init=False)
    planned: Catalogue = field(init=False)
    units: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        names = self.names
        endings = [folded(names.office.name)]
        synonyms = names.synonyms
        self.titles = Catalogue(
            names.positions, names.titles, synonyms.get(Field.TITLE, {}), endings
        )
        self.planned = Catalogue(
            names.positions, (), synonyms.get(Field.PLANNED_TITLE, {}), endings
        )
        self.units = Catalogue(names.units, (), synonyms.get(Field.UNIT, {}))


def draft_rows(
    list_import: ListImport, reading: Reading, around: Surroundings, find: Candidates
) -> list[Draft]:
    """Every row of the list that is shown, with what it means and what is wrong with it.

    `find(whos)` gives candidates by row, of those whom the uploader may look at.
    """
    letters = [column.letter for column in reading.columns]
    drafts, people = [], []
    for row in reading.rows:
        if row.kind in {RowKind.BLANK, RowKind.CAPTION, RowKind.HEADER}:
            continue
        draft = Draft(row.number, _GROUPS.get(row.kind, Kind.OTHER), list(row.texts))
        if row.kind == RowKind.PERSON and (person := reading.person_at(row.number)):
            draft.kind = Kind.PERSON
            _Understanding(list_import, person, draft, around, letters, reading).fill()
            people.append(draft)
        drafts.append(draft)
    _match_people(people, around, find)
    for draft in people:
        if draft.match in Match.left_out():
            draft.problems = []
    return drafts


def draft_people(
    list_import: ListImport, reading: Reading, around: Surroundings, find: Candidates
) -> list[Draft]:
    """The people that were read, as `draft_rows` drafts them among all rows."""
    texts = {row.number: row for row in reading.rows if reading.person_at(row.number)}
    some = replace(reading, rows=tuple(texts.values()))
    return draft_rows(list_import, some, around, find)


# ---- One person ------------------------------------------------------------------------------


class _Understanding:
    """Fills the draft of one person from what the reader understood."""

    def __init__(
        self,
        list_import: ListImport,
        person: Person,
        draft: Draft,
        around: Surroundings,
        letters: list[str],
        reading: Reading,
    ) -> None:
        self.list_import, self.person, self.draft = list_import, person, draft
        self.around, self.letters, self.reading = around, letters, reading

    def fill(self) -> None:
        """Everything that does not need other rows."""
        self._take_facts()
        self._take_problems()
        self._take_post()
        self._take_grades()
        self._take_proposal()

    def _take_facts(self) -> None:
        draft = self.draft
        said = {name: value.value for name, value in self.person.values.items()}
        get = said.get
        draft.full_name = (get(Field.FULL_NAME) or "")[:120]
        draft.code = (get(Field.CODE) or "")[:40]
        draft.sex = get(Field.SEX) or ""
        if born := get(Field.BIRTH_DATE):
            draft.birth_date, draft.birth_precision = born.earliest, born.precision
        draft.ethnicity_code = get(Field.ETHNICITY) or ""
        draft.degree, draft.theory = get("degree"), get("theory")
        joined = get(Field.PARTY_JOINED_ON)
        if joined and joined.precision == "day":
            draft.party_joined_on = joined.earliest
        elif joined:
            draft.add(
                REVIEW,
                "party_date_partial",
                _("Ngày vào Đảng chỉ có %(what)s") % {"what": joined.shown},
                columns=self._column(Field.PARTY_JOINED_ON),
                hint=_("Không ghi ngày vào Đảng khi thiếu ngày; bổ sung ở hồ sơ."),
            )

    def _column(self, name: str) -> list[str]:
        value = self.person.values.get(name)
        return [value.column] if value and value.column else []

    def _take_problems(self) -> None:
        for problem in self.person.problems:
            level = _LEVELS.get(problem.level)
            if level is None:
                continue
            columns = [problem.column] if problem.column else []
            choices = [
                {"label": p.label, "key": problem.column, "value": p.text}
                for p in problem.proposals
                if problem.column
            ]
            if sexes := self._both_birth_columns(problem.column):
                columns = [letter for letter, _label in sexes]
                choices = [
                    {"label": label, "key": other, "value": ""}
                    for (letter, label), (other, _o) in zip(sexes, sexes[::-1], strict=True)
                ]
            elif level == ERROR and problem.column and problem.field != Field.FULL_NAME:
                choices.append({"label": _("Để trống"), "key": problem.column, "value": ""})
            if any(known["message"] == problem.message for known in self.draft.problems):
                continue
            self.draft.add(level, problem.code, problem.message, columns=columns, choices=choices)

    def _both_birth_columns(self, column: str | None) -> list[tuple[str, str]]:
        """The birth columns of men and women where both are filled: letter and sex."""
        labels = {Field.BIRTH_MALE: _("Nam"), Field.BIRTH_FEMALE: _("Nữ")}
        found = [
            (c.letter, str(labels[Field(c.field)]))
            for c in self.reading.columns
            if c.field in labels and self.draft.cells[c.index - self.reading.columns[0].index]
        ]
        return found if len(found) == 2 and column in {f[0] for f in found} else []

    def _take_post(self) -> None:
        draft, around = self.draft, self.around
        unit_text = self.person.get(Field.UNIT)
        office = around.names.office
        draft.unit_id = office.pk
        if unit_text:
            answer = around.units.look_up(unit_text)
            if answer.found:
                draft.unit_id = answer.found.pk
            elif not self._is_group_of_title(unit_text):
                draft.unit_id = None
                if not answer.is_left_out:
                    self._ask_name(
                        Field.UNIT, unit_text, answer.guesses, _("Chưa nhận ra đơn vị “%(text)s”")
                    )
        title_text = self.person.get(Field.TITLE)
        if not title_text or not self.list_import.writes_posts:
            return
        answer = around.titles.look_up(title_text)
        if answer.found:
            draft.title_id = answer.found.pk
        elif not answer.is_left_out:
            self._ask_name(
                Field.TITLE, title_text, answer.guesses, _("Chưa nhận ra chức vụ “%(text)s”")
            )

    def _is_group_of_title(self, text: str) -> bool:
        """A heading row such as "I. Giám đốc" is no unit."""
        return bool(self.around.titles.look_up(text).found)

    def _ask_name(
        self, name: str, text: str, guesses: tuple[Named, ...], message: str, level: str = REVIEW
    ) -> None:
        choices = [
            {"label": n.name, "key": SYNONYM + name, "value": n.code, "text": text} for n in guesses
        ]
        choices.append({"label": _("Không ghi"), "key": SYNONYM + name, "value": "", "text": text})
        self.draft.add(
            level,
            f"unknown_{name}",
            message % {"text": text},
            columns=self._column(name),
            hint=_("Có phải là:") if guesses else "",
            choices=choices,
        )
        self.draft.problems[-1]["more"] = name

    def _take_grades(self) -> None:
        grades = self.person.get(Field.GRADES)
        if not grades:
            return
        last = self.list_import.as_of.year - 1
        for place, grade in enumerate(grades):
            year = grade.year or last - (len(grades) - 1 - place)
            if grade.grade is not None:
                self.draft.grades[str(year)] = int(grade.grade)

    def _take_proposal(self) -> None:
        draft, around = self.draft, self.around
        text = self.person.get(Field.PLANNED_TITLE)
        if not self.list_import.term_code or not text:
            return
        said = self.person.values.get(Field.PROPOSAL)
        # Without a column that says so, to be named for a title is to be proposed for it.
        is_asked = any(column.field == Field.PROPOSAL for column in self.reading.columns)
        act = _PROPOSALS.get(said.value, "") if said else "" if is_asked else "add"
        if not act:
            return
        self._compare_with_group(text)
        answer = around.planned.look_up(text)
        if answer.found:
            draft.proposed_title_id, draft.proposal = answer.found.pk, act
        elif not answer.is_left_out:
            self._ask_name(
                Field.PLANNED_TITLE,
                text,
                answer.guesses,
                _("Chưa nhận ra chức danh quy hoạch “%(text)s”"),
                ERROR,
            )

    def _compare_with_group(self, text: str) -> None:
        """A heading row may name another title than the person's own cell."""
        value = self.person.values[Field.PLANNED_TITLE]
        heading = next((g for g in reversed(self.person.groups) if g.kind == "title"), None)
        if heading is None or value.row != self.person.row:
            return
        one, other = self.around.planned.look_up(text), self.around.planned.look_up(heading.text)
        if one.found and other.found and one.found != other.found:
            self.draft.add(
                REVIEW,
                "other_group",
                _("Mục “%(group)s” nhưng ô ghi “%(text)s”") % {"group": heading.text, "text": text},
                columns=[value.column],
                hint=_("Lấy theo ô; sửa ô nếu phải theo mục."),
            )


# ---- Whom rows are about -----------------------------------------------------------------------


def _match_people(people: list[Draft], around: Surroundings, find: Candidates) -> None:
    """Decide, or ask, whom each row is about."""
    whos = [Who(d.row, d.full_name, d.birth_date, d.birth_precision, d.sex, d.code) for d in people]
    found = find([who for who in whos if who.name or who.code])
    by_row = {draft.row: draft for draft in people}
    for draft, who in zip(people, whos, strict=True):
        _match_one(draft, who, found.get(draft.row, []), around)
    if not around.sees_all:
        seen = {candidate.pk for candidates in found.values() for candidate in candidates}
        new = [who for draft, who in zip(people, whos, strict=True) if draft.match == Match.NEW]
        _hold_known(
            by_row, known_elsewhere_unscoped(new, seen=seen, unit=around.names.office), around
        )
    _compare_rows(people, by_row, around)
    _look_for_posts(people, around)


def _match_one(draft: Draft, who: Who, candidates: list[Candidate], around: Surroundings) -> None:
    decision = around.decisions.get(draft.row, "")
    if decision == "skip":
        draft.match = Match.SKIP
        return
    if decision.startswith("same:"):
        draft.match, draft.same_as = Match.SAME, int(decision.removeprefix("same:"))
        return
    if decision.startswith("cadre:"):
        pk = int(decision.removeprefix("cadre:"))
        chosen = next((c for c in candidates if c.pk == pk), None)
        if chosen:
            _settle(draft, chosen)
            return
    if draft.code and _match_by_code(draft, who, candidates, around):
        return
    outcome = match(who, candidates) if candidates else Outcome()
    if decision == "new":
        draft.match = Match.NEW
    elif outcome.found:
        _settle(draft, outcome.found)
        if outcome.is_likely:
            draft.add(
                REVIEW,
                "likely_person",
                _("Ghép với hồ sơ %(who)s") % {"who": described(outcome.found)},
                hint=_("Khớp họ tên, đơn vị và phần ngày sinh đã biết."),
                choices=[{"label": _("Là người mới"), "key": PERSON, "value": "new"}],
            )
    elif outcome.choices:
        _ask_person(draft, outcome.choices)
    else:
        draft.match = Match.NEW


def _match_by_code(
    draft: Draft, who: Who, candidates: list[Candidate], around: Surroundings
) -> bool:
    """Whether the code settled it. A code that is not in the scope is not looked for elsewhere:
    the answer is the same whether somebody has it or nobody."""
    owner = next((c for c in candidates if c.code == draft.code), None)
    if owner:
        same = match(who, [owner])
        if same.found or not (who.name and _differs(who, owner)):
            _settle(draft, owner)
        else:
            _ask_person(
                draft, (owner,), _("Số hiệu %(code)s là của người khác tên, khác ngày sinh")
            )
        return True
    if around.sees_all:
        return False
    draft.match = Match.ASK
    draft.add(
        ERROR,
        "code_outside",
        _("Số hiệu %(code)s không thuộc phạm vi của đồng chí") % {"code": draft.code},
        hint=_("Sửa số hiệu, hoặc để trống để ghép theo họ tên và ngày sinh."),
        choices=[{"label": _("Bỏ qua dòng này"), "key": PERSON, "value": "skip"}],
    )
    return True


def _hold_known(by_row: dict[int, Draft], rows: Iterable[int], around: Surroundings) -> None:
    """A person who may have a file elsewhere gets no second one: who sees all units has to say."""
    for row in rows:
        draft = by_row[row]
        if around.decisions.get(row) == HELD:
            draft.match = Match.HELD
            continue
        draft.match = Match.ASK
        draft.add(
            ERROR,
            ELSEWHERE,
            _("Cần cấp tỉnh xác định: có thể đã có hồ sơ ở đơn vị khác"),
            hint=_("Dòng được giữ lại cho cấp tỉnh; các dòng khác vẫn ghi được."),
            choices=[
                {"label": _("Gửi cấp tỉnh xác định"), "key": PERSON, "value": HELD},
                {"label": _("Bỏ qua dòng này"), "key": PERSON, "value": "skip"},
            ],
        )


def _differs(who: Who, owner: Candidate) -> bool:
    return bool({"name", "birth"} & set(differences(who, owner)))


def _settle(draft: Draft, found: Candidate) -> None:
    draft.match, draft.cadre_id = Match.FOUND, found.pk
    if found.is_own or not found.is_editable:
        draft.match, draft.cadre_id = Match.ASK, None
        draft.add(
            ERROR,
            "not_editable",
            _("Đây là hồ sơ của chính đồng chí")
            if found.is_own
            else _("Đồng chí chỉ được xem hồ sơ %(code)s") % {"code": found.code},
            hint=_("Không ai tự sửa hồ sơ của mình.") if found.is_own else "",
            choices=[{"label": _("Bỏ qua dòng này"), "key": PERSON, "value": "skip"}],
        )


def _ask_person(
    draft: Draft, choices: Iterable[Candidate], message: str = "", limit: int = 5
) -> None:
    draft.match = Match.ASK
    offered = [
        {"label": described(c), "key": PERSON, "value": f"cadre:{c.pk}"}
        for c in list(choices)[:limit]
    ]
    offered += [
        {"label": _("Người mới"), "key": PERSON, "value": "new"},
        {"label": _("Bỏ qua dòng này"), "key": PERSON, "value": "skip"},
    ]
    draft.add(
        ERROR,
        "which_person",
        (message or _("%(name)s có phải là người đã có hồ sơ?"))
        % {"name": draft.full_name, "code": draft.code},
        hint=_("Trùng họ tên; ngày sinh chưa đủ để chắc chắn."),
        choices=offered,
    )


def described(candidate: Candidate) -> str:
    """A candidate in a few words."""
    return (
        f"{candidate.name}, {shown_date(candidate.birth, candidate.precision)} ({candidate.code})"
    )


def shown_date(day: dt.date | None, precision: str) -> str:
    """A birth date with what is known of it."""
    if day is None:
        return _("chưa có ngày sinh")
    return day.strftime({"year": "%Y", "month": "%m/%Y"}.get(precision, "%d/%m/%Y"))


def _compare_rows(people: list[Draft], by_row: dict[int, Draft], around: Surroundings) -> None:
    """Rows about one person: the later one adds to the first, where it is clear that they are."""
    first: dict[object, Draft] = {}
    for draft in people:
        if draft.match == Match.SAME:
            main = by_row.get(draft.same_as or 0)
            if main is None or main is draft or main.match in {Match.SKIP, Match.SAME, Match.HELD}:
                draft.match, draft.same_as = Match.NEW, None
        if draft.match not in {Match.NEW, Match.FOUND}:
            continue
        key = _identity(draft)
        if key is None:
            continue
        known = first.setdefault(key, draft)
        if known is draft or (
            draft.match == Match.NEW and around.decisions.get(draft.row) == "new"
        ):
            continue
        _join(draft, known)


def _identity(draft: Draft) -> object:
    if draft.cadre_id:
        return draft.cadre_id
    if not draft.full_name:
        return None
    return (draft.code, draft.full_name.lower(), draft.birth_date, draft.birth_precision)


def _join(draft: Draft, known: Draft) -> None:
    """The same file, or the same name and birth date: one person, or somebody has to say."""
    is_whole = draft.birth_precision == "day" or bool(draft.cadre_id)
    if is_whole and not _contradict(draft, known):
        draft.match, draft.same_as, draft.cadre_id = Match.SAME, known.row, None
        draft.add(
            REVIEW,
            "same_person",
            _("Cùng một người với dòng %(row)d") % {"row": known.row},
            hint=_("Chỉ ghi một hồ sơ; đề xuất của cả hai dòng đều được ghi."),
        )
        return
    draft.match, draft.cadre_id = Match.ASK, None
    choices = [{"label": _("Cùng một người"), "key": PERSON, "value": f"same:{known.row}"}]
    if known.match == Match.NEW:
        choices.append({"label": _("Hai người khác nhau"), "key": PERSON, "value": "new"})
    choices.append({"label": _("Bỏ qua dòng này"), "key": PERSON, "value": "skip"})
    draft.add(
        ERROR,
        "repeated_person",
        _("Trùng họ tên, ngày sinh với dòng %(row)d") % {"row": known.row},
        hint=_("%(name)s là:") % {"name": draft.full_name},
        choices=choices,
    )


def _contradict(one: Draft, other: Draft) -> bool:
    pairs = ((one.sex, other.sex), (one.degree, other.degree), (one.theory, other.theory))
    if any(a not in (None, "") and b not in (None, "") and a != b for a, b in pairs):
        return True
    return any(other.grades.get(year, grade) != grade for year, grade in one.grades.items())


def _look_for_posts(people: list[Draft], around: Surroundings) -> None:
    """Who would be created without a post in the scope could not be seen by who creates them."""
    for draft in people:
        if draft.match != Match.NEW or around.sees_all or (draft.unit_id and draft.title_id):
            continue
        for problem in draft.problems:
            if problem["code"] in {f"unknown_{Field.TITLE}", f"unknown_{Field.UNIT}"}:
                problem["level"] = ERROR
                problem["choices"] = [c for c in problem["choices"] if c["value"]]
                break
        else:
            draft.add(
                ERROR,
                "no_post",
                _("%(name)s chưa có chức vụ trong đơn vị") % {"name": draft.full_name},
                hint=_(
                    "Người mới phải có chức vụ và đơn vị thuộc phạm vi của đồng chí; "
                    "hãy sửa ô chức vụ hoặc ghép cột chức vụ."
                ),
                choices=[{"label": _("Bỏ qua dòng này"), "key": PERSON, "value": "skip"}],
            )


# ---- In numbers --------------------------------------------------------------------------------


def count_rows(drafts: list[Draft], reading: Reading) -> dict[str, Any]:
    """What the pages say about the list in numbers."""
    people = [d for d in drafts if d.kind == Kind.PERSON]
    matches = Counter(d.match for d in people)
    return {
        "people": len(people),
        "skipped": matches[Match.SKIP] + matches[Match.HELD],
        "errors": sum(d.count(ERROR) for d in people),
        "reviews": sum(d.count(REVIEW) for d in people),
        "ready": sum(not d.count(ERROR) and d.match not in Match.left_out() for d in people),
        "rows": len(drafts),
        "converted": reading.conversion_count,
        "conversions": [
            {"cell": f"{c.column}{c.row}", "was": c.was, "now": c.now, "encoding": c.encoding}
            for c in reading.conversions[:200]
        ],
        "encoding": reading.conversions[0].encoding if reading.conversions else "",
        "notes": [
            {"message": note.message, "level": str(note.level), "row": note.row}
            for note in reading.notes[:20]
        ],
        "caption": list(reading.caption[:4]),
        **count_questions((d.row, d.problems) for d in people if d.problems),
    }


def count_questions(rows: Iterable[tuple[int, list[dict[str, Any]]]]) -> dict[str, int]:
    """How many questions there are: a text that many cells write the same is asked once."""
    found: dict[str, set[object]] = {ERROR: set(), REVIEW: set()}
    for row, problems in rows:
        for place, problem in enumerate(problems):
            level = problem["level"]
            is_own = level == ERROR and not problem["choices"]
            found[level].add((row, place) if is_own else question(row, place, problem))
    return {"decisions": len(found[ERROR]), "reviewables": len(found[REVIEW])}


def question(row: int, place: int, problem: Mapping[str, Any]) -> object:
    """The same for problems that one answer settles, or that there is nothing to answer to."""
    text = next((c["text"] for c in problem["choices"] if c.get("text")), None)
    if text:
        return problem["code"], text.lower()
    return (row, place) if problem["choices"] else (problem["code"], problem["message"])
