"""Tờ trình về luân chuyển: one rotation, or every proposal of the plan of a year.

The law that it rests on is what the conditions cite, nothing else; what was not compared with the
document's own text says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cadre_portal.templatetags import formats
from cadres.choices import BirthPrecision, Degree, Theory
from cadres.exports.letters import HEADING, ITEM, Letter, Line
from cadres.exports.papers import CENTRED, PaperColumn, PaperRow, PaperTable
from cadres.papers import DOTS, short_day
from compliance.choices import Outcome
from compliance.law import load_law
from compliance.selectors.retirement import whole_months
from planning.exports.paper_parts import NUMBER
from rotation.choices import CheckCode, NeedKind, PlanState, RotationKind, Side, Stance
from rotation.exports.parts import in_vietnamese, joined, post_words, unit_head
from rotation.models import Rotation, RotationPlan
from rotation.selectors.checks import Check
from rotation.selectors.papers import Submitted
from rotation.selectors.rotations import sides_asked

KEY = "rotation_submission"
COLUMNS = (
    NUMBER,
    PaperColumn(key="name", head="Họ và tên", width=30),
    PaperColumn(key="born", head="Ngày sinh", width=20, align=CENTRED),
    PaperColumn(key="from_post", head="Chức vụ nơi đi", width=34),
    PaperColumn(key="to_post", head="Chức vụ nơi đến", width=34),
    PaperColumn(key="time", head="Thời gian", width=24, align=CENTRED),
    PaperColumn(key="note", head="Ghi chú", width=26),
)
#: What a letter says of law that was not read in its own text.
UNREAD = "chưa đối chiếu văn bản gốc"
_OUTCOMES = {
    Outcome.MET: "đạt",
    Outcome.NOT_MET: "chưa đạt",
    Outcome.CANNOT_TELL: "chưa rõ",
    Outcome.NOT_APPLICABLE: "chưa có căn cứ",
}


@dataclass(frozen=True, kw_only=True)
class SubmissionOptions:
    """What is chosen before a submission is made.

    `unit` issues it; `to`: whom it is for; `number`, `day`: of the submission, as far as they are
    known; `with_texts`: the opinions in their words, for who may read them.
    """

    as_of: dt.date
    unit: Any
    to: str
    number: str = ""
    day: dt.date | None = None
    with_texts: bool = False


def one_submission(found: Submitted, chosen: SubmissionOptions) -> Letter:
    """The submission about one rotation."""
    rotation = found.rotation
    with in_vietnamese():
        kind = _kind(rotation)
        lines = [
            *_grounds([found], chosen.as_of),
            *_need(rotation),
            Line("II- NHÂN SỰ VÀ PHƯƠNG ÁN", HEADING),
            *_person(found, chosen.as_of),
            Line("III- QUÁ TRÌNH LẤY Ý KIẾN", HEADING),
            *_opinions(found, with_texts=chosen.with_texts),
            Line("IV- ĐIỀU KIỆN, TIÊU CHUẨN", HEADING),
            *(_check(check) for check in found.checks),
            Line("V- KIẾN NGHỊ", HEADING),
            Line(
                f"Kính trình {chosen.to} xem xét, quyết định {kind} đồng chí"
                f" {rotation.cadre.full_name}, {post_words(rotation, 'from')}, đến giữ chức"
                f" {post_words(rotation, 'to')}{_time(rotation)}."
            ),
            *_open_points([found]),
        ]
    about = f"về việc {kind} đồng chí {rotation.cadre.full_name}"
    return _letter(about, lines, None, [found], chosen)


def plan_submission(
    plan: RotationPlan, found: Sequence[Submitted], chosen: SubmissionOptions
) -> Letter:
    """The submission about all proposals of the plan of a year, with their list."""
    with in_vietnamese():
        kinds = Counter(RotationKind(each.rotation.kind) for each in found)
        counted = ", ".join(f"{str(k.label).lower()} {n}" for k, n in sorted(kinds.items()))
        people = len({each.rotation.cadre_id for each in found})
        lines = [
            *_grounds(found, chosen.as_of),
            *_needs(found),
            Line("II- NHÂN SỰ VÀ PHƯƠNG ÁN", HEADING),
            Line(
                f"Đề xuất {len(found)} lượt đối với {people} đồng chí ({counted}); danh sách kèm"
                " theo."
            ),
            Line("III- QUÁ TRÌNH LẤY Ý KIẾN", HEADING),
            *_opinions_summed(found, with_texts=chosen.with_texts),
            Line("IV- ĐIỀU KIỆN, TIÊU CHUẨN", HEADING),
            *_checks_summed(found),
            Line("V- KIẾN NGHỊ", HEADING),
            Line(
                f"Kính trình {chosen.to} xem xét, quyết định luân chuyển, điều động, biệt phái"
                f" {people} đồng chí theo danh sách kèm theo."
            ),
            *_open_points(found),
        ]
        annex = PaperTable(
            columns=COLUMNS,
            rows=[_row(number, each) for number, each in enumerate(found, start=1)],
            caption=f"DANH SÁCH kèm theo Tờ trình {_numbered(chosen)}",
        )
    return _letter(
        f"về việc luân chuyển cán bộ theo Kế hoạch năm {plan.year}", lines, annex, found, chosen
    )


def _letter(
    about: str,
    lines: Sequence[Line],
    annex: PaperTable | None,
    found: Sequence[Submitted],
    chosen: SubmissionOptions,
) -> Letter:
    head, signature = unit_head(chosen.unit, chosen.day, chosen.as_of)
    return Letter(
        template=KEY,
        head=head,
        number=f"Số {chosen.number or f'{DOTS}-TTr/{DOTS}'}",
        kind="TỜ TRÌNH",
        about=about,
        to=f"Kính gửi: {chosen.to},",
        lines=lines,
        annex=annex,
        signature=signature,
        recipients=("- Như trên,", f"- Lưu {chosen.unit.name}."),
        is_sensitive=chosen.with_texts,
        people=len({each.rotation.cadre_id for each in found}),
    )


def _kind(rotation: Rotation) -> str:
    return str(rotation.get_kind_display()).lower()


def _numbered(chosen: SubmissionOptions) -> str:
    return f"số {chosen.number or f'{DOTS}-TTr/{DOTS}'} ngày {short_day(chosen.day)}"


# ---- I ---------------------------------------------------------------------------------------


def _grounds(found: Sequence[Submitted], as_of: dt.date) -> Iterator[Line]:
    """What the conditions cite, each document once, and the plan of the year."""
    yield Line("I- CĂN CỨ VÀ SỰ CẦN THIẾT", HEADING)
    yield Line("1- Căn cứ", ITEM)
    cited: dict[str, list[Mapping[str, Any]]] = {}
    for citation in (c for each in found for check in each.checks for c in check.citations):
        cited.setdefault(citation["source"], []).append(citation)
    for source, citations in cited.items():
        yield Line(f"- {_document(source)}{_articles(citations)};")
    for plan in sorted({each.rotation.plan for each in found if each.rotation.plan}, key=_year):
        if plan.status == PlanState.APPROVED:
            number = f"số {plan.decision_no}, ngày {short_day(plan.decision_on)}"
            yield Line(f"- Kế hoạch luân chuyển cán bộ năm {plan.year} {number};")
    yield Line(f"- Kết quả rà soát điều kiện của từng đồng chí tính đến ngày {short_day(as_of)}.")


def _year(plan: RotationPlan) -> int:
    return plan.year


def _document(key: str) -> str:
    """A document as papers cite it: number, day, subject; as it is named where the law has none."""
    source = load_law().sources.get(key)
    if source is None:
        return f"Văn bản số {key}"
    if source.number is None:
        return source.title
    day = f", ngày {_issued(source.issued)}" if source.issued and len(source.issued) > 4 else ""
    return f"Văn bản số {source.reference if not day else source.number}{day} ({source.title})"


def _issued(text: str) -> str:
    return short_day(dt.date.fromisoformat(text))


def _articles(citations: Iterable[Mapping[str, Any]]) -> str:
    """The articles cited, with how sure the portal is of them."""
    said = sorted({(each["at"] or "", each["confidence"] == "read") for each in citations})
    words = (joined([place, "" if is_read else f"[{UNREAD}]"], " ") for place, is_read in said)
    listed = joined(list(words), ", ")
    return f", {listed}" if listed else ""


def _need(rotation: Rotation) -> Iterator[Line]:
    yield Line("2- Sự cần thiết", ITEM)
    label = f"{rotation.get_need_display()}." if rotation.need else ""
    yield Line(joined([label, rotation.need_note], " ") or DOTS)


def _needs(found: Sequence[Submitted]) -> Iterator[Line]:
    yield Line("2- Sự cần thiết", ITEM)
    counts = Counter(each.rotation.need for each in found)
    for need in NeedKind:
        if counts[need]:
            yield Line(f"- {need.label}: {counts[need]} lượt.")
    if counts[""]:
        yield Line(f"- Chưa ghi căn cứ đề xuất: {counts['']} lượt.")


# ---- II --------------------------------------------------------------------------------------


def _person(found: Submitted, as_of: dt.date) -> Iterator[Line]:
    rotation, cadre = found.rotation, found.rotation.cadre
    born = formats.date(cadre.birth_date, cadre.birth_precision or BirthPrecision.DAY)
    learned = (
        "" if cadre.degree is None else f"trình độ chuyên môn {_lower(Degree(cadre.degree))}",
        "" if cadre.theory is None else f"lý luận chính trị {_lower(Theory(cadre.theory))}",
    )
    grades = found.person.grade_words(as_of)
    facts = (
        f"sinh {'ngày ' if len(born) > 7 else ''}{born}" if born else "",
        f"quê quán: {cadre.native_unit}" if cadre.native_unit else "",
        f"chức vụ hiện nay: {found.person.post}" if found.person.post else "",
        *learned,
        f"xếp loại ba năm gần nhất: {grades}" if grades else "",
    )
    yield Line(f"Đồng chí {joined([cadre.full_name, *facts], '; ')}.")
    if found.planned:
        yield Line(f"Quy hoạch: {joined(found.planned)}.")
    kind = str(rotation.get_kind_display())
    yield Line(
        f"Phương án: {_kind(rotation)} từ {post_words(rotation, 'from')} đến giữ chức"
        f" {post_words(rotation, 'to')}{_time(rotation)}."
        if kind
        else ""
    )


def _lower(step: Any) -> str:
    return str(step.label).lower()


def _time(rotation: Rotation) -> str:
    """ ", từ ngày 01/01/2027, thời gian 36 tháng (đến ngày 01/01/2030)"; unknown parts lack."""
    if rotation.start_on is None:
        return ""
    said = f", từ ngày {short_day(rotation.start_on)}"
    if rotation.planned_end_on is None:
        return said
    months = whole_months(rotation.start_on, rotation.planned_end_on)
    return f"{said}, thời gian {months} tháng (đến ngày {short_day(rotation.planned_end_on)})"


def _row(number: int, found: Submitted) -> PaperRow:
    rotation, cadre = found.rotation, found.rotation.cadre
    waived = [check.code.label for check in found.checks if check.waiver]
    open_points = [check.code.label for check in found.checks if check.stands_in_the_way]
    return PaperRow(
        (
            number,
            cadre.full_name,
            formats.date(cadre.birth_date, cadre.birth_precision or BirthPrecision.DAY),
            post_words(rotation, "from"),
            post_words(rotation, "to"),
            joined([formats.date(rotation.start_on), formats.date(rotation.planned_end_on)], " – "),
            joined(
                [
                    "" if rotation.kind == RotationKind.ROTATION else _kind(rotation),
                    f"chưa đạt, chưa rõ: {joined(list(map(str, open_points)), ', ')}"
                    if open_points
                    else "",
                    f"được cho phép: {joined(list(map(str, waived)), ', ')}" if waived else "",
                ]
            ),
        )
    )


# ---- III -------------------------------------------------------------------------------------


def _opinions(found: Submitted, *, with_texts: bool) -> Iterator[Line]:
    rotation = found.rotation
    names = {
        Side.PERSON: f"Đồng chí {rotation.cadre.full_name}",
        Side.SENDING: f"Nơi đi ({rotation.from_unit})",
        Side.RECEIVING: f"Nơi đến ({rotation.to_unit})",
    }
    for side in Side:
        if side in found.opinions or side in sides_asked(rotation):
            yield Line(f"- {names[side]}: {_opinion(found, side, with_texts=with_texts)}.")


def _opinion(found: Submitted, side: Side, *, with_texts: bool) -> str:
    opinion = found.opinions.get(side)
    if opinion is None:
        return "chưa có ý kiến"
    said = joined([opinion.document, f"ngày {short_day(opinion.given_on)}"], ", ")
    stance = f"{str(opinion.get_stance_display()).lower()} ({said})"
    # A full stop ends the line.
    return joined([stance, opinion.text.rstrip(".") if with_texts else ""], "; nội dung: ")


def _opinions_summed(found: Sequence[Submitted], *, with_texts: bool) -> Iterator[Line]:
    for side in Side:
        asked = [
            each for each in found if side in each.opinions or side in sides_asked(each.rotation)
        ]
        stances = Counter(
            each.opinions[side].stance if side in each.opinions else "" for each in asked
        )
        counted = [
            *(
                f"{str(stance.label).lower()} {stances[stance]}"
                for stance in Stance
                if stances[stance]
            ),
            f"chưa có ý kiến {stances['']}" if stances[""] else "",
        ]
        if asked:
            yield Line(f"- {side.label}: {joined(counted, ', ')}.")
    for each in found:
        for side in Side:
            opinion = each.opinions.get(side)
            if opinion is not None and opinion.stance != Stance.AGREE:
                said = _opinion(each, side, with_texts=with_texts)
                label = str(side.label).lower()
                yield Line(f"- Đồng chí {each.rotation.cadre.full_name}, {label}: {said}.")


# ---- IV, V -----------------------------------------------------------------------------------


def _check(check: Check) -> Line:
    said = f"- {check.code.label}: {_OUTCOMES[check.outcome]}. {check.message}{_cited(check)}"
    return Line(joined([said, _waiver(check)], " "))


def _cited(check: Check) -> str:
    by_source: dict[str, list[Mapping[str, Any]]] = {}
    for citation in check.citations:
        by_source.setdefault(citation["source"], []).append(citation)
    sources = load_law().sources
    said = [
        (sources[key].reference if key in sources else key) + _articles(citations)
        for key, citations in by_source.items()
    ]
    return f" ({joined(said)})." if said else ""


def _waiver(check: Check) -> str:
    waiver = check.waiver
    if waiver is None:
        return ""
    where = f"{waiver.document}, ngày {short_day(waiver.document_on)}"
    return f"Được cho phép theo {where}: {waiver.reason.rstrip('.')}."


def _checks_summed(found: Sequence[Submitted]) -> Iterator[Line]:
    for code in CheckCode:
        checks = [check for each in found for check in each.checks if check.code == code]
        counts = Counter(check.outcome for check in checks)
        counted = [
            f"{words} {counts[outcome]}" for outcome, words in _OUTCOMES.items() if counts[outcome]
        ]
        if checks:
            cited = _cited(_with_all_citations(checks))
            yield Line(f"- {code.label}: {joined(counted, ', ')}{cited or '.'}")
    for each in found:
        for check in each.checks:
            if check.outcome != Outcome.MET:
                said = f"{check.code.label}: {_OUTCOMES[check.outcome]}. {check.message}"
                line = f"- Đồng chí {each.rotation.cadre.full_name}, {said}"
                yield Line(joined([line, _waiver(check)], " "))


def _with_all_citations(checks: Sequence[Check]) -> Check:
    """One condition with everything that any of them cites."""
    cited = {
        (citation["source"], citation["at"]): citation
        for check in checks
        for citation in check.citations
    }
    return Check(checks[0].code, checks[0].outcome, "", list(cited.values()))


def _open_points(found: Sequence[Submitted]) -> Iterator[Line]:
    """What nobody may overlook: conditions that neither hold nor are waived."""
    names = [
        each.rotation.cadre.full_name
        for each in found
        if any(check.stands_in_the_way for check in each.checks)
    ]
    if len(found) == 1:
        names = [str(c.code.label) for c in found[0].checks if c.stands_in_the_way]
    if names:
        said = "Còn điều kiện chưa đạt hoặc chưa rõ, chưa có văn bản cho phép"
        yield Line(f"{said}: {joined(names, ', ')}.")
