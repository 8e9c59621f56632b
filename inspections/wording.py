"""How results of the check are told in a team's report: ONE table, by the code of the rule.

Templates are filled with what was measured and required, and with what `words` works out of it.
They are Vietnamese in every language, as the sentences of rules are: the wording of a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cadres.choices import UnitKind
from compliance.citations import citations_shown
from compliance.engine.words import coefficient, more_needed, percent
from inspections.choices import FindingKind, Severity, Topic

#: A result as it is frozen (CONTRACT section 3, and what services.evidence adds).
Result = Mapping[str, Any]
Words = Callable[[Result], dict[str, Any]]

#: A share of so many percent of what is asked is told as being well above it.
WELL_ABOVE = 150
_UNSURE = {"recalled": "chưa đối chiếu văn bản gốc", "second-hand": "nguồn gián tiếp"}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What is said of the results of one rule.

    `fails`, `holds` follow the name of a plan or title, or "12/85 đồng chí …" (`of`) where people,
    turns or posts are summed up. `short`: one of several plans in brackets. `many`, `all_hold`:
    after "3/5 quy hoạch", "Cả 5 quy hoạch". `asks` and `aim` (of several plans) follow "Đề nghị
    <unit>". `lacks`: what files lack, `flag`: the engine's count of who lacks it. `alone`: a whole
    sentence where there is one turn, post or year in all. `is_mended_by_review`: of plans and
    titles, whether the next yearly review is when to do it.
    """

    topic: Topic
    fails: str
    holds: str
    asks: str
    of: str = ""
    short: str = ""
    many: str = ""
    all_hold: str = ""
    aim: str = ""
    alone: str = ""
    lacks: str = ""
    flag: str = ""
    cause: str = ""
    is_mended_by_review: bool = True
    kind: FindingKind = FindingKind.SHORTCOMING
    severity: Severity = Severity.MEDIUM
    words: Words = lambda result: {}


# ---- What is worked out of a result ----------------------------------------------------------


def values_of(wording: Wording, result: Result) -> dict[str, Any]:
    """Everything that the templates of a rule may name."""
    return {**result["measured"], **result["required"], **wording.words(result)}


def _bands(result: Result) -> dict[str, Any]:
    got, need = result["measured"], result["required"]
    young, middle = need["young_below"], need["middle_to"]
    bands = (
        (f"dưới {young} tuổi", got["young"]),
        (f"từ {young} đến {middle} tuổi", got["middle"]),
        (f"trên {middle} tuổi", got["senior"]),
    )
    empty = [name for name, count in bands if not count]
    total = sum(count for _name, count in bands) + got["unknown"]
    shown = "; ".join(f"{name}: {count}" for name, count in bands)
    short, told = "chưa có người", "chưa quy hoạch đồng chí nào"
    if total:
        short = f"không có đồng chí nào {_or(empty)}"
        told = f"{short} trong {total} đồng chí ({shown})"
    return {
        "bands": shown,
        "short": short,
        "told": told,
        "wanted": " và ".join(f"1 đồng chí {name}" for name in empty),
        "gap": len(empty),
    }


def _share(result: Result) -> dict[str, Any]:
    got, least = result["measured"], result["required"]["percent"]
    part, total = got["part"], got["total"]
    return {
        "share": percent(part, total),
        "more": more_needed(part + got["unknown"], total, least),
        "over": "vượt" if is_well_above(result) else "đạt",
        "gap": least * total - part * 100,
    }


def is_well_above(result: Result) -> bool:
    """Whether a share stands well above what is asked; False where no share is measured."""
    got, need = result["measured"], result["required"]
    if not (got.get("part") and got.get("total") and need.get("percent")):
        return False
    return bool(got["part"] * 100 * 100 >= need["percent"] * got["total"] * WELL_ABOVE)


def _openness(result: Result) -> dict[str, Any]:
    got, least = result["measured"], result["required"]["minimum"]
    part, total = got["part"], got["total"]
    told = f"mới có {part}/{total} đồng chí từ nơi khác"
    if not part:
        told = f"cả {total} đồng chí đều công tác tại chỗ, chưa có đồng chí nào từ nơi khác"
    return {"told": told, "more": least - part, "gap": least - part}


def _candidates(result: Result) -> dict[str, Any]:
    got, need = result["measured"], result["required"]
    total, seats, least = got["total"], got["prescribed"], need["minimum"] or 0
    most = None if need["maximum"] is None else need["maximum"] * seats
    return _bounds(total, least, most, f"{total} đồng chí")


def _coefficient(result: Result) -> dict[str, Any]:
    got, need = result["measured"], result["required"]
    total, seats = got["total"], got["prescribed"]
    least = -(-(need["minimum_percent"] or 0) * seats // 100)
    most = None if need["maximum_percent"] is None else need["maximum_percent"] * seats // 100
    told = f"{total} đồng chí cho {seats} ủy viên"
    if seats:
        told += f" (hệ số {coefficient(Decimal(total * 100) / seats)})"
    return _bounds(total, least, most, told)


def _bounds(total: int, least: int, most: int | None, told: str) -> dict[str, Any]:
    limits = [
        *([f"ít nhất {least}"] if least else []),
        *([f"nhiều nhất {most}"] if most is not None else []),
    ]
    gap = least - total if total < least else total - (most or 0)
    act = f"bổ sung ít nhất {gap} đồng chí" if total < least else f"rà soát, rút bớt {gap} đồng chí"
    side = "thiếu" if total < least else "vượt"
    return {
        "told": told,
        "limits": " và ".join(limits),
        "side": side,
        "act": act,
        "gap": max(gap, 0),
    }


def _review(result: Result) -> dict[str, Any]:
    months = result["measured"]["months"]
    over = None if months is None else months - result["required"]["maximum_months"]
    return {"over": over, "gap": over or 0}


def _lineage(result: Result) -> dict[str, Any]:
    more = result["measured"]["breaks"] - result["required"]["maximum"]
    return {"more": more, "gap": more}


def _year_before(result: Result) -> dict[str, Any]:
    return {"year": int(result["as_of"][:4]) - 1}


def _top(result: Result) -> dict[str, Any]:
    got = result["measured"]
    over = "vượt" if result["outcome"] == "not_met" else "không vượt"
    return {"year": result["year"], "share": percent(got["top"], got["good"]), "over": over}


def _or(names: list[str]) -> str:
    return " hoặc ".join(names)


# ---- The table -------------------------------------------------------------------------------

_PEOPLE = "đồng chí trong quy hoạch"
_TOURS = "lượt luân chuyển"

WORDINGS: Mapping[str, Wording] = {
    "planning.three_age_bands": Wording(
        topic=Topic.AGES,
        fails="chưa bảo đảm cơ cấu ba độ tuổi: {told}",
        holds="bảo đảm cơ cấu ba độ tuổi ({bands})",
        short="{short}",
        many="chưa bảo đảm cơ cấu ba độ tuổi",
        all_hold="đều bảo đảm cơ cấu ba độ tuổi",
        asks="bổ sung ít nhất {wanted} vào {plan}",
        aim="bảo đảm cơ cấu ba độ tuổi",
        lacks="chưa rõ ngày sinh",
        flag="age_unknown",
        words=_bands,
    ),
    "planning.young_share": Wording(
        topic=Topic.YOUNG,
        fails="có {part}/{total} đồng chí dưới {age_below} tuổi ({share}), thấp hơn mức ít nhất"
        " {percent} %, còn thiếu {more} đồng chí",
        holds="có {part}/{total} đồng chí dưới {age_below} tuổi ({share}), {over} mức {percent} %",
        short="{share}",
        many="chưa đạt tỷ lệ cán bộ trẻ",
        all_hold="đều đạt tỷ lệ cán bộ trẻ",
        asks="bổ sung ít nhất {more} đồng chí dưới {age_below} tuổi vào {plan}",
        aim="tỷ lệ cán bộ trẻ đạt ít nhất {percent} %",
        lacks="chưa rõ ngày sinh",
        flag="age_unknown",
        words=_share,
    ),
    "planning.women_share": Wording(
        topic=Topic.WOMEN,
        fails="có {part}/{total} đồng chí nữ ({share}), thấp hơn mức ít nhất {percent} %, còn"
        " thiếu {more} đồng chí",
        holds="có {part}/{total} đồng chí nữ ({share}), {over} mức {percent} %",
        short="{share}",
        many="chưa đạt tỷ lệ cán bộ nữ",
        all_hold="đều đạt tỷ lệ cán bộ nữ",
        asks="bổ sung ít nhất {more} đồng chí nữ vào {plan}",
        aim="tỷ lệ cán bộ nữ đạt ít nhất {percent} %",
        lacks="chưa rõ giới tính",
        flag="sex_unknown",
        words=_share,
    ),
    "planning.minority_share": Wording(
        topic=Topic.MINORITY,
        fails="có {part}/{total} đồng chí là người dân tộc thiểu số ({share}), thấp hơn mức ít"
        " nhất {percent} %, còn thiếu {more} đồng chí",
        holds="có {part}/{total} đồng chí là người dân tộc thiểu số ({share}), {over} mức"
        " {percent} %",
        short="{share}",
        many="chưa đạt tỷ lệ cán bộ người dân tộc thiểu số",
        all_hold="đều đạt tỷ lệ cán bộ người dân tộc thiểu số",
        asks="bổ sung ít nhất {more} đồng chí là người dân tộc thiểu số vào {plan}",
        aim="tỷ lệ cán bộ người dân tộc thiểu số đạt ít nhất {percent} %",
        lacks="chưa rõ dân tộc",
        flag="ethnicity_unknown",
        words=_share,
    ),
    "planning.openness": Wording(
        topic=Topic.OPENNESS,
        fails="còn khép kín: {told}, cần ít nhất {minimum}",
        holds="có {part}/{total} đồng chí từ nơi khác, đạt mức ít nhất {minimum}",
        short="{part}/{total} từ nơi khác",
        many="còn khép kín, chưa đủ người từ nơi khác",
        all_hold="đều có người từ nơi khác theo mức đã đặt ra",
        asks="bổ sung ít nhất {more} đồng chí đang công tác ở nơi khác vào {plan}",
        aim="mỗi quy hoạch có ít nhất {minimum} đồng chí từ nơi khác",
        lacks="chưa rõ nơi công tác",
        flag="post_unknown",
        words=_openness,
    ),
    "planning.candidates_per_title": Wording(
        topic=Topic.NUMBER,
        fails="có {told}, cần {limits}",
        holds="có {told}, đúng số lượng ({limits})",
        short="{side} {gap}",
        many="chưa đúng số lượng người quy hoạch",
        all_hold="đều đúng số lượng người quy hoạch",
        asks="{act} ở {plan}",
        aim="đúng số lượng người quy hoạch cho từng chức danh",
        words=_candidates,
    ),
    "planning.committee_coefficient": Wording(
        topic=Topic.NUMBER,
        fails="có {told}, cần {limits} đồng chí",
        holds="có {told}, đúng hệ số (cần {limits} đồng chí)",
        short="{side} {gap}",
        many="chưa đúng hệ số quy hoạch cấp ủy",
        all_hold="đều đúng hệ số quy hoạch cấp ủy",
        asks="{act} ở {plan}",
        aim="đúng hệ số quy hoạch cấp ủy",
        words=_coefficient,
    ),
    "planning.annual_review": Wording(
        is_mended_by_review=False,
        topic=Topic.REVIEW,
        fails="đã {months} tháng chưa được rà soát, bổ sung, quá {over} tháng so với mức nhiều"
        " nhất {maximum_months} tháng",
        holds="được rà soát, bổ sung đúng hạn (lần gần nhất cách {months} tháng, nhiều nhất"
        " {maximum_months} tháng)",
        short="quá {over} tháng",
        many="chưa được rà soát, bổ sung hằng năm",
        all_hold="đều được rà soát, bổ sung đúng hạn",
        asks="rà soát, bổ sung {plan}; phân công đồng chí theo dõi để không quá {maximum_months}"
        " tháng rà soát một lần",
        aim="không quá {maximum_months} tháng rà soát một lần",
        lacks="kế hoạch đã phê duyệt chưa ghi ngày phê duyệt, rà soát",
        cause="Việc rà soát, bổ sung quy hoạch hằng năm chưa được phân công, đôn đốc thường xuyên;"
        " trách nhiệm của người đứng đầu cần được làm rõ.",
        words=_review,
    ),
    "planning.lineage": Wording(
        topic=Topic.LINEAGE,
        fails="chưa bảo đảm liên thông: {breaks}/{total} đồng chí công tác ở cấp dưới nhưng chưa"
        " có trong quy hoạch cấp dưới, nhiều nhất {maximum}",
        holds="bảo đảm liên thông với quy hoạch cấp dưới ({breaks}/{total} đồng chí chưa có trong"
        " quy hoạch cấp dưới, nhiều nhất {maximum})",
        short="{breaks} đồng chí",
        many="chưa bảo đảm liên thông với quy hoạch cấp dưới",
        all_hold="đều bảo đảm liên thông với quy hoạch cấp dưới",
        asks="chỉ đạo cấp dưới xem xét đưa {more} đồng chí vào quy hoạch trước khi quy hoạch lên"
        " cấp trên ({plan})",
        aim="bảo đảm liên thông giữa quy hoạch cấp trên và cấp dưới",
        words=_lineage,
    ),
    "planning.titles_per_person": Wording(
        topic=Topic.NUMBER,
        of=_PEOPLE,
        fails="được quy hoạch quá {maximum} chức danh cùng cấp",
        holds="được quy hoạch không quá {maximum} chức danh cùng cấp",
        asks="rút bớt chức danh của {bad} đồng chí đang được quy hoạch quá {maximum} chức danh"
        " cùng cấp",
    ),
    "planning.higher_title": Wording(
        topic=Topic.STANDARDS,
        of=_PEOPLE,
        fails="được quy hoạch vào chức danh không cao hơn chức vụ đang giữ",
        holds="được quy hoạch vào chức danh cao hơn chức vụ đang giữ",
        asks="xem xét lại chức danh quy hoạch của {bad} đồng chí đang được quy hoạch vào chức danh"
        " không cao hơn chức vụ đang giữ",
        lacks="chưa rõ chức vụ hiện tại",
    ),
    "planning.remaining_service": Wording(
        topic=Topic.STANDARDS,
        of=_PEOPLE,
        fails="không còn đủ {minimum_months} tháng công tác theo yêu cầu",
        holds="còn đủ {minimum_months} tháng công tác theo yêu cầu",
        asks="rà soát, xem xét đưa ra khỏi quy hoạch {bad} đồng chí không còn đủ {minimum_months}"
        " tháng công tác",
        lacks="chưa tính được thời gian công tác còn lại",
    ),
    "planning.qualification": Wording(
        topic=Topic.STANDARDS,
        of=_PEOPLE,
        fails="chưa đạt tiêu chuẩn trình độ chuyên môn hoặc lý luận chính trị của chức danh quy"
        " hoạch",
        holds="đạt tiêu chuẩn trình độ chuyên môn, lý luận chính trị của chức danh quy hoạch",
        asks="lập kế hoạch đào tạo, bồi dưỡng cho {bad} đồng chí chưa đạt tiêu chuẩn trình độ của"
        " chức danh quy hoạch",
        lacks="chưa rõ trình độ chuyên môn hoặc lý luận chính trị",
    ),
    "planning.discipline": Wording(
        topic=Topic.DISCIPLINE,
        of=_PEOPLE,
        fails="đang trong thời hạn kỷ luật",
        holds="không trong thời hạn kỷ luật",
        asks="xem xét đưa ra khỏi quy hoạch {bad} đồng chí đang trong thời hạn kỷ luật",
        kind=FindingKind.VIOLATION,
        severity=Severity.GRAVE,
    ),
    "planning.evaluation": Wording(
        topic=Topic.EVALUATION,
        of=_PEOPLE,
        fails="không hoàn thành nhiệm vụ năm {year}",
        holds="hoàn thành nhiệm vụ trở lên năm {year}",
        asks="xem xét đưa ra khỏi quy hoạch {bad} đồng chí không hoàn thành nhiệm vụ năm {year}",
        lacks="chưa có kết quả xếp loại năm {year}",
        words=_year_before,
    ),
    "planning.ballot": Wording(
        topic=Topic.PROCESS,
        of=_PEOPLE,
        fails="có bước lấy phiếu không đạt trên {percent} % đồng ý",
        holds="đạt trên {percent} % đồng ý ở các bước lấy phiếu",
        asks="xem xét lại việc đưa vào quy hoạch {bad} đồng chí có bước lấy phiếu không đạt trên"
        " {percent} % đồng ý",
        kind=FindingKind.VIOLATION,
        severity=Severity.GRAVE,
    ),
    "rotation.in_plan": Wording(
        topic=Topic.ROTATION,
        of=_TOURS,
        fails="là của người chưa có trong quy hoạch khi bắt đầu luân chuyển",
        holds="là của người trong quy hoạch",
        asks="chỉ luân chuyển cán bộ trong quy hoạch; rà soát {bad} lượt luân chuyển người chưa"
        " được quy hoạch",
    ),
    "rotation.remaining_service": Wording(
        topic=Topic.ROTATION,
        of=_TOURS,
        fails="không còn đủ {minimum_months} tháng công tác khi bắt đầu luân chuyển",
        holds="còn đủ {minimum_months} tháng công tác khi bắt đầu luân chuyển",
        asks="lựa chọn cán bộ luân chuyển còn đủ {minimum_months} tháng công tác",
        lacks="lượt luân chuyển chưa tính được thời gian công tác còn lại",
    ),
    "rotation.duration": Wording(
        topic=Topic.ROTATION,
        of="lượt luân chuyển đã kết thúc",
        fails="kéo dài dưới {minimum_months} tháng",
        holds="kéo dài từ {minimum_months} tháng trở lên",
        asks="bảo đảm thời gian luân chuyển ít nhất {minimum_months} tháng; ghi rõ lý do các"
        " trường hợp kết thúc sớm",
    ),
    "rotation.non_local_head": Wording(
        topic=Topic.HEAD,
        of="chức danh phải bố trí người không là người địa phương",
        fails="do người địa phương giữ",
        holds="do người không là người địa phương giữ",
        asks="xây dựng phương án bố trí người từ nơi khác cho {bad} chức danh đang do người địa"
        " phương giữ",
        lacks="chức danh có người giữ chưa rõ quê quán",
    ),
    "rotation.head_terms": Wording(
        topic=Topic.HEAD,
        of="người đứng đầu",
        fails="giữ một chức vụ liên tục từ {maximum_terms} nhiệm kỳ trở lên",
        holds="giữ một chức vụ liên tục dưới {maximum_terms} nhiệm kỳ",
        asks="xây dựng phương án luân chuyển {bad} người đứng đầu giữ chức vụ liên tục từ"
        " {maximum_terms} nhiệm kỳ trở lên",
    ),
    "evaluation.top_grade": Wording(
        topic=Topic.EVALUATION,
        of="đơn vị có xếp loại năm {year}",
        fails="xếp loại hoàn thành xuất sắc vượt {percent} % số hoàn thành tốt",
        holds="xếp loại hoàn thành xuất sắc không quá {percent} % số hoàn thành tốt",
        alone="Năm {year} có {top} đồng chí hoàn thành xuất sắc trên {good} đồng chí hoàn thành tốt"
        " ({share}), {over} mức nhiều nhất {percent} %",
        asks="xem lại kết quả xếp loại của {bad} đơn vị có tỷ lệ hoàn thành xuất sắc vượt"
        " {percent} %",
        words=_top,
    ),
}

#: What is observed without a rule, by the beginning of its key.
ALIKE = "observed.grades"
ROTATIONS = "observed.rotations"
OBSERVED_TOPICS: Mapping[str, Topic] = {ALIKE: Topic.EVALUATION, ROTATIONS: Topic.ROTATION}


# ---- Small words -----------------------------------------------------------------------------


def lower_first(text: str) -> str:
    """With a small letter in front, for the middle of a sentence."""
    return text[:1].lower() + text[1:]


def unit_words(unit: Any) -> str:
    """A unit inside a sentence: "xã Bảo Lâm", "Sở Nội vụ"."""
    is_place = unit.kind in (UnitKind.COMMUNE, UnitKind.DISTRICT)
    return lower_first(unit.name) if is_place else str(unit.name)


def topic_of(key: str) -> Topic:
    """The topic of a frozen result by its key, `OTHER` for what the table does not know."""
    wording = WORDINGS.get(key.split(":")[0])
    if wording:
        return wording.topic
    return next((t for start, t in OBSERVED_TOPICS.items() if key.startswith(start)), Topic.OTHER)


def term_words(code: str | None) -> str:
    """`2025-2030` as it is printed."""
    return (code or "").replace("-", "–")


def cited(results: Iterable[Result]) -> str:
    """Documents in brackets, each once, and told where they are not sure; "" without any."""
    seen: dict[str, None] = {}
    for each in citations_shown(c for result in results for c in result["citations"]):
        unsure = _UNSURE.get(each.confidence)
        seen[f"{each.text}, {unsure}" if unsure else each.text] = None
    return f" (căn cứ: {'; '.join(seen)})" if seen else ""


def merged_values(wording: Wording, results: Iterable[Result]) -> dict[str, Any]:
    """Values of several results of a rule; where they differ, all of them: `60 hoặc 120`."""
    found: dict[str, dict[str, None]] = {}
    for result in results:
        for name, value in values_of(wording, result).items():
            found.setdefault(name, {})[str(value)] = None
    return {
        name: _or(sorted(each, key=lambda text: (len(text), text))) for name, each in found.items()
    }
