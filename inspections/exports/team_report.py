"""KT8: báo cáo kết quả kiểm tra: by content what is good, what is not and why; then the synthesis.

REGULATIONS section 8: I kết quả kiểm tra (per content); II nhận xét, kiến nghị.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import HEADING, ITEM, SUB, Bar, Bars
from cadres.exports.outline import Drawing, Each, Lines, Rows, Say, Sheet, When
from cadres.exports.papers import CENTRED, PaperColumn, PaperRow, PaperTable
from cadres.exports.word_fields import Field, rows_field
from cadres.exports.word_parts import WordBars, WordTable
from inspections.choices import DocumentKind, FindingKind, SignState
from inspections.exports.findings_told import (
    ASKED,
    LACKING,
    asked_rows,
    of_kind,
    tells_sensitive,
    told,
    topics_told,
)
from inspections.exports.parts import (
    BLANK,
    TEAM_KEEPS,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    body_name,
    day_words,
    paragraphs,
    task_words,
)
from inspections.models import Finding, TeamReport
from inspections.selectors.papers import Compared

_OUTLINE = (
    Lines("overview"),
    Say("I- KẾT QUẢ KIỂM TRA", HEADING),
    When(
        "comparison",
        (
            Say(
                "Kết quả theo từng tiêu chí, số liệu chốt đến hết ngày {{ evidence_day }} (số quy"
                " hoạch đạt trên số quy hoạch xét được):"
            ),
            Sheet("comparison"),
            Drawing("chart"),
        ),
    ),
    Each(
        "topic",
        "topics",
        (
            Say("{{ loop.index }}- {{ topic.title }}", ITEM),
            Each("part", "topic.parts", (Say("{{ part.title }}", SUB), Lines("part.lines"))),
        ),
    ),
    When("not topics", (Say(BLANK),)),
    Say("II- NHẬN XÉT, KIẾN NGHỊ", HEADING),
    Say("1- Ưu điểm", ITEM),
    Lines("strengths"),
    Say("2- Hạn chế, khuyết điểm, nguyên nhân", ITEM),
    Lines("shortcomings"),
    Say("3- Đề nghị", ITEM),
    Lines("proposals"),
    When("recommendations", (Rows("recommendations", ASKED),)),
)
LEGEND = ("đạt", "chưa đạt", "chưa rõ")


def _values(subject: Subject) -> dict[str, Any]:
    source, report = subject.source, subject.source.report
    several = len(source.units) > 1
    # What is kept from the reader may stand in the synthesis, which names nobody's right.
    synthesis = report if source.is_whole else None
    findings = source.findings
    general = [each for each in findings if each.inspected_unit_id is None]
    comparison, asked = compared_table(subject), asked_rows(findings)
    return {
        "overview": _written(synthesis, "overview") or [_opening(subject)],
        "comparison": WordTable(comparison),
        "chart": WordBars(compared_bars(subject) if comparison.rows else None),
        "topics": topics_told(findings, with_unit=several),
        "strengths": _written(synthesis, "strengths")
        or told(of_kind(general, FindingKind.STRENGTH))
        or [BLANK],
        "shortcomings": _written(synthesis, "shortcomings")
        or told(of_kind(general, *LACKING, FindingKind.CAUSE))
        or [BLANK],
        "proposals": _proposals(synthesis, findings) or ([] if asked else [BLANK]),
        "recommendations": asked,
    }


def _opening(subject: Subject) -> str:
    inspection = subject.inspection
    return (
        f"Thực hiện Quyết định số {inspection.decision_no or BLANK}, ngày"
        f" {day_words(inspection.decision_on)} của {body_name(subject)}, Đoàn kiểm tra đã kiểm tra"
        f" {len(subject.source.units)} đơn vị, mốc thời gian từ ngày"
        f" {day_words(inspection.period_from)} đến ngày {day_words(inspection.period_to)}. Đoàn"
        " kiểm tra báo cáo kết quả như sau:"
    )


def _written(report: TeamReport | None, part: str) -> list[str]:
    text: str = getattr(report, part, "")
    return paragraphs(text) if text.strip() else []


def _proposals(report: TeamReport | None, findings: Sequence[Finding]) -> list[str]:
    """What was written, but for what the table of recommendations says already."""
    in_table = [each.text for each in of_kind(findings, FindingKind.RECOMMENDATION)]
    return [
        line
        for line in _written(report, "proposals")
        if not any(line.removeprefix("- ").startswith(text) for text in in_table)
    ]


# ---- Units side by side ----------------------------------------------------------------------


def compared_table(subject: Subject) -> PaperTable:
    """Units by criteria: plans that meet it over plans that could be judged; a sum at the end."""
    compared = subject.source.compared
    rules = {each.rule: each.title for each in compared}
    cells = {(each.inspected_id, each.rule): each for each in compared}
    columns = [PaperColumn(key="unit", head="Đơn vị", width=44)]
    columns += [
        PaperColumn(key=f"c{number}", head=title, width=18, align=CENTRED)
        for number, title in enumerate(rules.values())
    ]
    rows = []
    for unit in subject.source.units:
        row = [cells.get((unit.pk, rule)) for rule in rules]
        if any(row):
            rows.append(PaperRow((str(unit), *(f"{c.met}/{c.total}" if c else "–" for c in row))))
    if len(rows) > 1:
        sums = []
        outer = _counted_once(subject)
        for rule in rules:
            of_rule = [each for each in outer if each.rule == rule]
            met, total = sum(c.met for c in of_rule), sum(c.total for c in of_rule)
            sums.append(f"{met}/{total}")
        rows.append(PaperRow(("Cộng", *sums), is_total=True))
    return PaperTable(columns=columns, rows=rows)


def _counted_once(subject: Subject) -> list[Compared]:
    """Without units below another inspected one: what is theirs is among its numbers already."""
    compared = subject.source.compared
    told_of = {each.inspected_id for each in compared}
    paths = {each.pk: each.unit.path for each in subject.source.units if each.pk in told_of}
    inner = {
        pk
        for pk, path in paths.items()
        if any(path != other and path.startswith(other) for other in paths.values())
    }
    return [each for each in compared if each.inspected_id not in inner]


def compared_bars(subject: Subject) -> Bars:
    """Each criterion over all units: how many plans meet it, do not, cannot be told."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    titles = {}
    for each in _counted_once(subject):
        titles[each.rule] = each.title
        for place, number in enumerate((each.met, each.not_met, each.cannot_tell)):
            sums[each.rule][place] += number
    rows = [
        Bar(titles[rule], tuple(parts), f"đạt {parts[0]}/{sum(parts)}")
        for rule, parts in sums.items()
    ]
    return Bars("Số quy hoạch theo kết quả từng tiêu chí", LEGEND, tuple(rows))


def _lacks(subject: Subject) -> list[str]:
    source, found = subject.source, []
    if source.taking is None:
        found.append(_("chưa chốt số liệu"))
    if not source.findings:
        found.append(_("chưa có nhận định"))
    if source.report is None or source.report.state != SignState.SIGNED:
        found.append(_("trưởng đoàn chưa ký"))
    return found


FORM = DocumentForm(
    kind=DocumentKind.KT8,
    code="BC",
    type_name="BÁO CÁO",
    issuer=Issuer.TEAM,
    reach=Reach.WHOLE,
    outline=_OUTLINE,
    fields=(
        Field("overview", gettext_lazy("Đánh giá chung, mỗi đoạn một dòng"), is_list=True),
        Field("comparison", gettext_lazy("Bảng so sánh các đơn vị theo tiêu chí"), is_table=True),
        Field("chart", gettext_lazy("Biểu đồ kết quả từng tiêu chí"), is_table=True),
        Field(
            "topics",
            gettext_lazy("Từng nội dung kiểm tra"),
            is_list=True,
            of=(
                Field("title", gettext_lazy("Tên nội dung")),
                Field(
                    "parts",
                    gettext_lazy("Ưu điểm; hạn chế, khuyết điểm; nguyên nhân, phần nào có thì in"),
                    is_list=True,
                    of=(
                        Field("title", gettext_lazy("Tên phần, có chữ a), b), c) đứng trước")),
                        Field("lines", gettext_lazy("Các nhận định"), is_list=True),
                    ),
                ),
            ),
        ),
        Field("strengths", gettext_lazy("Ưu điểm, mỗi đoạn một dòng"), is_list=True),
        Field("shortcomings", gettext_lazy("Hạn chế, khuyết điểm, nguyên nhân"), is_list=True),
        Field("proposals", gettext_lazy("Đề nghị, mỗi đoạn một dòng"), is_list=True),
        rows_field("recommendations", gettext_lazy("Kiến nghị, người chịu trách nhiệm"), ASKED),
    ),
    about=lambda subject: f"kết quả {task_words(subject.inspection)}",
    values=_values,
    lacks=_lacks,
    to=lambda subject: f"Kính gửi: {body_name(subject)},",
    recipients=lambda subject: ("- Như trên,", TEAM_KEEPS),
    own_number=lambda subject: getattr(subject.source.report, "number", ""),
    own_day=lambda subject: getattr(subject.source.report, "signed_on", None),
    is_told_sensitive=tells_sensitive,
)
