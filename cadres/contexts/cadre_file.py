"""A person's file, part by part, as its templates need it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date, number, percent
from cadres import file_parts
from cadres.ages import completed_years
from cadres.choices import BirthPrecision, Grade, TrainingKind
from cadres.contexts import cadre_line
from cadres.contexts.cadres import birth_text, ethnic_group
from cadres.contexts.links import Links
from cadres.file_parts import FilePart, Subject, Todo
from cadres.models import Appointment, Cadre, Discipline, Evaluation, Training
from cadres.policies import can_see_openings
from cadres.selectors.cadre_file import CadreFile, is_active
from cadres.words import post_name

#: Sections of the form that mends a file, as its addresses name them.
GRADES, POSTS = "xep-loai", "cong-tac"
#: So many open tasks are named at once; the rest is counted.
TODOS_SHOWN = 6


# ---- The frame of every part -----------------------------------------------------------------


def subject_of(file: CadreFile, tab: str) -> Subject:
    """What rooms above are told about who looks at what."""
    return Subject(
        actor=file.actor,
        cadre=file.cadre,
        as_of=file.as_of,
        post=file.post,
        is_sensitive_shown=file.is_sensitive_shown,
        tab=tab,
    )


def frame(file: CadreFile, parts: Sequence[FilePart], tab: str) -> dict[str, Any]:
    """Crumbs, head, actions and tabs: what `cadres/cadre_file.html` shows around every part."""
    links, cadre = Links(file.as_of), file.cadre
    return {
        "file": file,
        "cadre": cadre,
        "tab": tab,
        "crumbs": [
            *({"label": u.name, "url": links.to("cadres:unit-detail", u.code)} for u in file.above),
            {"label": _("Hồ sơ"), "url": links.to("cadres:cadre-list")},
            {"label": cadre.full_name, "url": ""},
        ],
        "post_text": post_text(file.post),
        "facts": facts(file, [word for part in parts for word in part.head]),
        "tabs": _tabs(file, links, tab),
        "actions": _actions(file, links),
    }


def post_text(post: Appointment | None) -> str:
    """The post and its unit, or that there is none."""
    if post is None:
        return _("không giữ chức vụ vào ngày này")
    return post_name(post.title.name, post.unit.name)


def facts(file: CadreFile, more: Iterable[str]) -> list[str]:
    """Sex and ethnic group, birth and age, then what rooms above add."""
    cadre = file.cadre
    group = ethnic_group(cadre) if file.is_sensitive_shown else ""
    who = [
        cadre.get_sex_display().lower() or _("chưa rõ giới tính"),
        _("dân tộc %s") % group if group else "",
    ]
    return [", ".join(word for word in who if word), _birth_words(cadre, file.as_of), *more]


def _birth_words(cadre: Cadre, as_of: dt.date) -> str:
    age = completed_years(cadre.birth_date, as_of)
    if age is None:
        return _("chưa rõ ngày sinh")
    words = {"born": birth_text(cadre), "age": number(max(age, 0))}
    if cadre.birth_precision == BirthPrecision.DAY:
        return _("sinh %(born)s, %(age)s tuổi") % words
    return _("sinh %(born)s, khoảng %(age)s tuổi (chưa rõ ngày)") % words


def _tabs(file: CadreFile, links: Links, here: str) -> list[dict[str, Any]]:
    years = _("Đánh giá, kỷ luật") if file.is_sensitive_shown else _("Đánh giá")
    labels = [
        (file_parts.SUMMARY, _("Tóm tắt")),
        (file_parts.CAREER, _("Quá trình công tác")),
        (file_parts.TRAINING, _("Đào tạo")),
        (file_parts.EVALUATION, years),
        (file_parts.PLANNING, _("Quy hoạch")),
        (file_parts.ROTATION, _("Luân chuyển")),
    ]
    above = {file_parts.PLANNING, file_parts.ROTATION}
    tabs = [
        (key, label, links.to("cadres:cadre-detail", file.cadre.code, phan=key))
        for key, label in labels
        if key not in above or file_parts.offers(key)
    ]
    history = links.to("cadres:cadre-history", file.cadre.code)
    tabs.append((file_parts.HISTORY, _("Lịch sử sửa đổi"), history))
    return [
        {"label": label, "url": url, "here": key == here, "count": None} for key, label, url in tabs
    ]


def _actions(file: CadreFile, links: Links) -> list[dict[str, str]]:
    wanted = [("cadres:cadre-form-2c", _("In 2C"))]
    if file.is_editable:
        wanted.append(("cadres:cadre-edit", _("Sửa hồ sơ")))
    found = [{"label": label, "url": links.to(name, file.cadre.code)} for name, label in wanted]
    if can_see_openings(file.actor, file.cadre):
        url = f"{reverse('cadres:record-list')}?{urlencode({'ho_so': file.cadre.code})}"
        found.append({"label": _("Ai đã xem"), "url": url})
    return found


def blocks(parts: Iterable[FilePart], place: str) -> list[file_parts.Block]:
    """The blocks for one place of the page, in their order."""
    found = [block for part in parts for block in getattr(part, place)]
    return sorted(found, key=lambda block: block.order)


# ---- Summary ---------------------------------------------------------------------------------


def summary(
    file: CadreFile,
    parts: Sequence[FilePart],
    *,
    evaluations: Sequence[Evaluation],
    trainings: Sequence[Training],
    disciplines: Sequence[Discipline] | None,
) -> dict[str, Any]:
    """Bands, time line, blocks of rooms above, what the file needs, identity."""
    missing = cadre_line.missing_years(file.career, evaluations, file.as_of)
    lanes = [
        cadre_line.post_lane(file.career),
        cadre_line.training_lane(trainings),
        cadre_line.grade_lane(evaluations, missing),
        cadre_line.discipline_lane(disciplines),
        *(lane for part in parts for lane in part.lanes),
    ]
    return {
        "notices": [notice for part in parts for notice in part.notices],
        "line": cadre_line.line_of(lanes, file.as_of),
        "line_kinds": {item["kind"] for lane in lanes for item in lane.items},
        "wide_blocks": [block for block in blocks(parts, "main") if block.is_wide],
        "main_blocks": [block for block in blocks(parts, "main") if not block.is_wide],
        "aside_blocks": blocks(parts, "aside"),
        "todos": _todo_rows(file, [*_todos(file, missing), *_more_todos(parts)]),
        "todos_shown": TODOS_SHOWN,
        "identity": identity(file),
    }


def _more_todos(parts: Iterable[FilePart]) -> list[Todo]:
    return [todo for part in parts for todo in part.todos]


def _todos(file: CadreFile, missing: Iterable[int]) -> list[Todo]:
    """What the file lacks, what checks need first."""
    cadre = file.cadre
    lacks = [
        (cadre.birth_date is None, _("Chưa ghi ngày sinh"), "birth_date"),
        (not cadre.sex, _("Chưa ghi giới tính"), "sex"),
        (
            file.is_sensitive_shown and not cadre.ethnicity_code,
            _("Chưa ghi dân tộc"),
            "ethnicity_code",
        ),
        (cadre.degree is None, _("Chưa ghi trình độ chuyên môn"), "degree"),
        (cadre.theory is None, _("Chưa ghi trình độ lý luận chính trị"), "theory"),
        (cadre.native_unit_id is None, _("Chưa ghi quê quán theo đơn vị"), "native_unit_code"),
        (cadre.party_joined_on is None, _("Chưa ghi ngày vào Đảng"), "party_joined_on"),
    ]
    todos = [Todo(text=text, field=name) for lacks_it, text, name in lacks if lacks_it]
    precision = cadre.birth_precision
    if cadre.birth_date and precision != BirthPrecision.DAY:
        known = _("năm") if precision == BirthPrecision.YEAR else _("tháng và năm")
        text = _("Ngày sinh mới rõ %(known)s; tuổi tính từ ngày sớm nhất") % {"known": known}
        todos.append(Todo(text=text, field="birth_date"))
    todos += [
        Todo(text=_("Xếp loại năm %(year)s chưa có") % {"year": year}, section=GRADES)
        for year in missing
    ]
    if file.career and file.post is None:
        todos.append(Todo(text=_("Chưa ghi chức vụ vào ngày xét"), section=POSTS))
    return todos


def _todo_rows(file: CadreFile, todos: Sequence[Todo]) -> list[dict[str, str]]:
    """Each with the address where it is mended; none for who may not."""
    return [{"text": todo.text, "url": _mending_url(file, todo)} for todo in todos]


def _mending_url(file: CadreFile, todo: Todo) -> str:
    links, code = Links(file.as_of), file.cadre.code
    if not file.is_editable:
        return ""
    if todo.section:
        return links.to("cadres:cadre-row-add", code, todo.section)
    base = links.to("cadres:cadre-edit", code)
    return f"{base}#id_{todo.field}" if todo.field else base


def identity(file: CadreFile) -> list[dict[str, Any]]:
    """The facts of the person, also those that are not known."""
    cadre, unknown = file.cadre, _("chưa ghi")
    items = [
        {"label": _("Số hiệu"), "value": cadre.code},
        {"label": _("Ngày sinh"), "value": birth_text(cadre) or unknown},
        {"label": _("Giới tính"), "value": cadre.get_sex_display() or unknown},
        {"label": _("Quê quán"), "value": str(cadre.native_unit or unknown)},
        {"label": _("Vào Đảng"), "value": date(cadre.party_joined_on) or unknown},
        {"label": _("Chuyên môn"), "value": cadre.get_degree_display() or unknown},
        {"label": _("Lý luận chính trị"), "value": cadre.get_theory_display() or unknown},
    ]
    if file.is_sensitive_shown:
        items.insert(3, {"label": _("Dân tộc"), "value": ethnic_group(cadre) or unknown})
    return items


# ---- Career, training ------------------------------------------------------------------------


def career(file: CadreFile, parts: Sequence[FilePart]) -> dict[str, Any]:
    """Every post, latest first; open units are links."""
    links = Links(file.as_of)
    notes = {pk: text for part in parts for pk, text in part.career_notes.items()}
    return {
        "career": [
            {
                "post": post,
                "title": post.title.name,
                "unit_url": links.to("cadres:unit-detail", post.unit.code)
                if file.may_open(post.unit)
                else "",
                "state": _post_state(post, file.as_of),
                "length": _length(post, file.as_of),
                "note": notes.get(post.pk, ""),
            }
            for post in file.career
        ]
    }


def _post_state(post: Appointment, as_of: dt.date) -> str:
    if is_active(post, as_of):
        return _("đang giữ")
    return _("chưa bắt đầu vào ngày xét") if post.start_on > as_of else ""


def _length(post: Appointment, as_of: dt.date) -> str:
    """How long a post was held, until the day of view at most: "3 năm 2 tháng"."""
    until = min(post.end_on or as_of, as_of)
    months = (until.year - post.start_on.year) * 12 + until.month - post.start_on.month
    months -= until.day < post.start_on.day
    if months < 1:
        return ""
    years, rest = divmod(months, 12)
    words = [_("%(n)s năm") % {"n": years}] if years else []
    words += [_("%(n)s tháng") % {"n": rest}] if rest else []
    return " ".join(words)


def training(file: CadreFile, trainings: Sequence[Training]) -> dict[str, Any]:
    """Levels reached, and courses by what they teach, latest first in each."""
    groups: dict[str, list[Training]] = {kind: [] for kind in TrainingKind.values}
    for course in trainings:
        groups[course.kind].append(course)
    return {
        "education": _education(file.cadre, trainings)[:2],
        "training_groups": [
            {"label": TrainingKind(kind).label, "courses": courses}
            for kind, courses in groups.items()
            if courses
        ],
    }


# ---- Evaluation, discipline ------------------------------------------------------------------

_BEST_FIRST = (Grade.HTXSNV, Grade.HTTNV, Grade.HTNV, Grade.KHTNV)
_FILLS = {Grade.HTXSNV: "f-bar", Grade.HTTNV: "f-bar2", Grade.HTNV: "f-bar3", Grade.KHTNV: "f-not"}


def evaluation(
    file: CadreFile,
    evaluations: Sequence[Evaluation],
    disciplines: Sequence[Discipline] | None,
    of_units: Mapping[tuple[int, int], Counter[int]],
) -> dict[str, Any]:
    """Years with the unit's distribution beside them, years without a grade, disciplines."""
    rows = [
        {
            "year": each.year,
            "grade": each.get_grade_display(),
            "code": Grade(each.grade).name,
            "unit": each.unit,
            "distribution": _distribution(of_units.get((each.unit_id, each.year)), each.grade),
        }
        for each in evaluations
    ]
    rows += [
        {"year": year, "grade": "", "unit": None, "distribution": None}
        for year in cadre_line.missing_years(file.career, evaluations, file.as_of)
    ]
    rows.sort(key=lambda row: -row["year"])  # type: ignore[operator]
    return {
        "years": rows,
        "grades": [{"css": _FILLS[grade], "label": grade.label} for grade in _BEST_FIRST],
        "disciplines": None
        if disciplines is None
        else [
            {"discipline": each, "state": discipline_state(each, file.as_of)}
            for each in disciplines
        ],
        "add_url": _mending_url(file, Todo(text="", section=GRADES)),
    }


def _distribution(counts: Counter[int] | None, own: int) -> dict[str, Any] | None:
    """Four grades of a unit in a year: counts for a bar and words, None where they are hidden."""
    if not counts:
        return None
    total, x, parts = sum(counts.values()), 0.0, []
    for grade in _BEST_FIRST:
        width = 100 * counts[grade] / total
        if width:
            parts.append({"css": _FILLS[grade], "x": round(x, 2), "width": round(width, 2)})
        x += width
    words = [
        f"{grade.name} {number(counts[grade])} ({percent(counts[grade], total, 0)})"
        for grade in _BEST_FIRST
        if counts[grade]
    ]
    return {
        "parts": parts,
        "words": " · ".join(words),
        "total": total,
        # Everybody alike says nothing about anybody.
        "is_uniform": total > 3 and counts[own] == total,
    }


def discipline_state(discipline: Discipline, as_of: dt.date) -> dict[str, str]:
    """Whether a discipline is in force on the day; both of its days are inside."""
    if discipline.decided_on > as_of:
        return {"outcome": "not_applicable", "text": _("chưa có vào ngày xét")}
    if discipline.effective_to and discipline.effective_to < as_of:
        return {"outcome": "met", "text": _("đã hết hiệu lực")}
    return {"outcome": "not_met", "text": _("đang có hiệu lực")}


# ---- The panel beside a list -----------------------------------------------------------------

POSTS_SHOWN, YEARS_SHOWN = 3, 3


def side(
    file: CadreFile,
    parts: Sequence[FilePart],
    *,
    evaluations: Iterable[Evaluation],
    trainings: Iterable[Training],
) -> dict[str, Any]:
    """The compact summary of a person."""
    links, cadre = Links(file.as_of), file.cadre
    begun = [post for post in file.career if post.start_on <= file.as_of]
    notes = {pk: text for part in parts for pk, text in part.career_notes.items()}
    worst = cadre_line.worst_grades(evaluations)
    last = file.as_of.year - 1
    return {
        "url": links.to("cadres:cadre-detail", cadre.code),
        "education": _education(cadre, trainings),
        "posts": [
            {
                "period": _post_period(post, file.as_of),
                "text": post_name(post.title.name, post.unit.name),
                "note": notes.get(post.pk, ""),
            }
            for post in begun[:POSTS_SHOWN]
        ],
        "posts_more": max(len(begun) - POSTS_SHOWN, 0),
        "career_url": links.to("cadres:cadre-detail", cadre.code, phan=file_parts.CAREER),
        "years": [
            {"year": year, "grade": Grade(worst[year]).name if year in worst else ""}
            for year in range(last - YEARS_SHOWN + 1, last + 1)
        ],
        "side_blocks": blocks(parts, "side"),
    }


def _post_period(post: Appointment, as_of: dt.date) -> str:
    start = f"{post.start_on:%m/%Y}"
    if is_active(post, as_of) or post.end_on is None:
        return _("từ %(month)s") % {"month": start}
    last_day = post.end_on - dt.timedelta(days=1) if post.end_on > post.start_on else post.end_on
    return f"{start} – {last_day:%m/%Y}"


def _education(cadre: Cadre, trainings: Iterable[Training]) -> list[dict[str, Any]]:
    theory = cadre.get_theory_display() or _("chưa ghi")
    # The year of the course that gave the level, where a course says so by its name.
    level = theory.lower()
    year = next((t.end_on.year for t in trainings if t.end_on and level in t.course.lower()), None)
    return [
        {"label": _("Chuyên môn"), "value": cadre.get_degree_display() or _("chưa ghi")},
        {"label": _("Lý luận chính trị"), "value": f"{theory}, {year}" if year else theory},
        {"label": _("Vào Đảng"), "value": date(cadre.party_joined_on) or _("chưa ghi")},
    ]
