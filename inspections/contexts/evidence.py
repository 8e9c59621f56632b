"""Evidence on pages: what a taking holds, one frozen result with its people, what differs now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.ages import completed_years
from cadres.choices import Grade
from cadres.policies import Actor, can_see_sensitive, in_scope
from cadres.selectors.cadres import cadres_visible
from compliance.citations import citations_shown
from inspections.contexts.links import address
from inspections.models import Evidence, EvidenceTaking
from inspections.selectors.evidence import observed_of, result_changes, results_of
from inspections.services.evidence import STILL_AFTER, evidence_now, heard_of
from planning.contexts.approval import person_change_row
from planning.selectors.snapshots import people_changes

#: Rule -> (count of the engine, what its group is called), in the order they are shown; who falls
#: under none of them is in the last, the rest.
GROUPS: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "planning.three_age_bands": (
        ("young", gettext_lazy("Dưới %(young_below)s")),
        ("middle", gettext_lazy("%(young_below)s đến %(middle_to)s")),
        ("senior", gettext_lazy("Trên %(middle_to)s")),
        ("age_unknown", gettext_lazy("Chưa rõ ngày sinh")),
    ),
    "planning.young_share": (
        ("young_people", gettext_lazy("Dưới %(age_below)s")),
        ("age_unknown", gettext_lazy("Chưa rõ ngày sinh")),
        ("", gettext_lazy("Từ %(age_below)s trở lên")),
    ),
    "planning.women_share": (
        ("women", gettext_lazy("Nữ")),
        ("sex_unknown", gettext_lazy("Chưa rõ giới tính")),
        ("", gettext_lazy("Nam")),
    ),
    "planning.minority_share": (
        ("minority_people", gettext_lazy("Người dân tộc thiểu số")),
        ("ethnicity_unknown", gettext_lazy("Chưa rõ dân tộc")),
        ("", gettext_lazy("Không thuộc dân tộc thiểu số")),
    ),
    "planning.openness": (
        ("external_people", gettext_lazy("Từ nơi khác")),
        ("post_unknown", gettext_lazy("Chưa rõ nơi công tác")),
        ("", gettext_lazy("Đang công tác tại chỗ")),
    ),
    "planning.lineage": (
        ("lineage_breaks", gettext_lazy("Ở cấp dưới, chưa có trong quy hoạch cấp dưới")),
        ("", gettext_lazy("Còn lại")),
    ),
    "planning.candidates_per_title": (("", gettext_lazy("Được quy hoạch")),),
    "planning.committee_coefficient": (("", gettext_lazy("Được quy hoạch")),),
}
_SHARES = ("planning.young_share", "planning.women_share", "planning.minority_share")
_RANKS = ("not_met", "cannot_tell", "met")
_WAYS = {
    "out": gettext_lazy("đi"),
    "in": gettext_lazy("đến"),
    "inside": gettext_lazy("trong đơn vị"),
}


# ---- Takings ---------------------------------------------------------------------------------


def taking_rows(
    inspection_id: int, takings: Sequence[EvidenceTaking], shown: int | None, as_of: dt.date
) -> list[dict[str, Any]]:
    """The list of takings, the latest first."""
    outcomes = {"ready": "met", "failed": "not_met"}
    return [
        {
            "taking": taking,
            "outcome": outcomes.get(taking.state, "not_applicable"),
            "words": taking.get_state_display(),
            "is_shown": taking.pk == shown,
            "url": address(
                "inspections:inspection-evidence", inspection_id, as_of=as_of, lan=taking.pk
            )
            if taking.state == EvidenceTaking.State.READY
            else "",
        }
        for taking in takings
    ]


def taking_job(taking: EvidenceTaking, as_of: dt.date, *, works: bool) -> dict[str, Any]:
    """A taking under way for `components/progress.html`; `is_still`: nothing is heard of it."""
    args = (taking.inspection_id, taking.pk)
    running = taking.state in (EvidenceTaking.State.QUEUED, EvidenceTaking.State.RUNNING)
    is_still = running and clock.now() - heard_of(taking) >= STILL_AFTER
    states = {"ready": "finished", "failed": "failed"}
    note = taking.error
    if is_still:
        note = _("Lâu chưa có đơn vị nào chốt thêm; tiến trình xử lý có thể đã dừng.")
    return {
        "id": "chot-so-lieu",
        "label": _("Chốt số liệu đến ngày %(day)s") % {"day": formats.date(taking.as_of)},
        "done": taking.done,
        "total": taking.total,
        "noun": _("đơn vị"),
        "state": states.get(taking.state, "running"),
        "url": address("inspections:evidence-progress", *args, as_of=as_of),
        "note": note,
        "cancel_url": address("inspections:evidence-stop", *args, as_of=as_of) if works else "",
        "resume_url": address("inspections:evidence-resume", *args, as_of=as_of)
        if works and is_still
        else "",
        "result_url": address(
            "inspections:inspection-evidence", args[0], as_of=as_of, lan=taking.pk
        )
        if taking.state == EvidenceTaking.State.READY
        else "",
        "result_label": _("Xem số liệu đã chốt"),
    }


def frozen_rows(
    rows: Iterable[tuple[Evidence, dict[str, int]]], as_of: dt.date
) -> list[dict[str, Any]]:
    """What a taking holds, by inspected unit."""
    units: dict[int, dict[str, Any]] = {}
    for evidence, counts in rows:
        unit = units.setdefault(
            evidence.inspected_unit_id, {"unit": evidence.inspected_unit.unit, "rows": []}
        )
        unit["rows"].append(
            {
                "title": evidence.title
                if evidence.plan_id
                else _("Luân chuyển, người giữ chức vụ, xếp loại"),
                "url": evidence_url(evidence.pk, as_of),
                "counts": counts,
                "digest": evidence.digest[:12],
            }
        )
    return list(units.values())


def evidence_url(pk: int, as_of: dt.date, key: str = "") -> str:
    """Where a frozen result stands."""
    return address("inspections:evidence-detail", pk, as_of=as_of, ket_qua=key)


# ---- One of them -----------------------------------------------------------------------------


def evidence_context(
    actor: Actor, evidence: Evidence, key: str, as_of: dt.date, *, with_now: bool = True
) -> dict[str, Any]:
    """What is frozen: all results, or those that `key` means with their people, and now beside.

    A fixed number of queries. For `inspections/_evidence.html`.
    """
    unit = evidence.inspected_unit.unit
    is_told = can_see_sensitive(actor, unit)
    content = evidence.content
    results = results_of(content, key, is_told=is_told)
    observed = observed_of(content, key)
    people = content["people"]
    opened = _opened(actor, people, results, observed) if key else set()
    day = evidence.taking.as_of
    shown = {
        "evidence": evidence,
        "title": evidence.title,
        "frozen_on": day,
        "key": key,
        "results": [] if key else _result_lines(results, evidence.pk, as_of),
        "observed": [_observed(each, opened, as_of) for each in observed],
        "is_told": is_told,
    }
    if key and results:
        shown |= _meant(results, people, day, opened, as_of)
        shown["named"] = _named(results, people)
    if with_now and in_scope(actor, unit):
        shown["now"] = _now(actor, evidence, key, results, people, is_told=is_told)
    return shown


def _named(
    results: Sequence[Mapping[str, Any]], people: Sequence[Mapping[str, Any]]
) -> dict[int, str]:
    """Code by id of those whose facts are shown: whoever opened them is recorded."""
    first = results[0]
    if first["subject"] == "nomination":
        judged = {each["cadre"] for each in results}
        return {each["cadre"]: each["code"] for each in people if each["code"] in judged}
    return {
        each["cadre"]: each["code"]
        for each in people
        if first["subject"] == "plan" or each["pool"] == first.get("pool")
    }


def _opened(
    actor: Actor,
    people: Sequence[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    observed: Sequence[Mapping[str, Any]],
) -> set[str]:
    """Codes of those named whose files the actor may open; one query."""
    codes = {each["code"] for each in people} | {each["cadre"] for each in results}
    codes |= {row["code"] for each in observed for row in each["rows"] if "code" in row}
    return set(
        cadres_visible(actor).filter(code__in=filter(None, codes)).values_list("code", flat=True)
    )


def _meant(
    results: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
    day: dt.date,
    opened: set[str],
    as_of: dt.date,
) -> dict[str, Any]:
    first = results[0]
    if len(results) == 1 and first["subject"] in ("plan", "pool"):
        return {
            "result": result_card(first),
            "groups": _groups(first, people, day, opened, as_of),
        }
    return {
        "rule_title": first["rule_title"],
        "totals": {
            name: sum(each["outcome"] == name for each in results)
            for name in ("not_met", "cannot_tell", "met")
        },
        "lines": _lines(results, opened, as_of),
        "citations": citations_shown(first["citations"]),
        "outcome": first["outcome"],
    }


def result_card(result: Mapping[str, Any]) -> dict[str, Any]:
    """A frozen plan or title for `components/finding_card.html`, drawn from the frozen counts."""
    got, need = result["measured"], result["required"]
    title = result["rule_title"]
    if result["subject"] == "pool":
        title = f"{title}: {result['title_name']}"
    card: dict[str, Any] = {
        "outcome": result["outcome"],
        "title": title,
        "message": result["message"],
        "citations": citations_shown(result["citations"]),
    }
    if result["outcome"] == "not_applicable":
        return card
    if result["rule"] in _SHARES:
        card["share"] = {**got, "percent": need["percent"]}
    elif result["rule"] == "planning.three_age_bands":
        card["bands"] = {**got, **need}
    return card


def _result_lines(
    results: Sequence[Mapping[str, Any]], evidence_id: int, as_of: dt.date
) -> list[dict[str, Any]]:
    """Plans and titles one by one; people, turns and posts in one line a rule."""
    found = []
    summed: dict[str, list[Mapping[str, Any]]] = {}
    for each in results:
        if each["subject"] not in ("plan", "pool"):
            summed.setdefault(each["key"].rsplit(":", 1)[0], []).append(each)
            continue
        found.append(
            {
                "outcome": each["outcome"],
                "title": each["rule_title"],
                "whom": each["title_name"],
                "message": each["message"],
                "url": evidence_url(evidence_id, as_of, each["key"]),
            }
        )
    for key, rows in summed.items():
        found.append(
            {
                "outcome": rows[0]["outcome"],  # the worst stands first
                "title": rows[0]["rule_title"],
                "whom": "",
                "message": _summary(rows),
                "url": evidence_url(evidence_id, as_of, key),
            }
        )
    return found


def _groups(
    result: Mapping[str, Any],
    people: Sequence[Mapping[str, Any]],
    day: dt.date,
    opened: set[str],
    as_of: dt.date,
) -> list[dict[str, Any]]:
    """Who falls under which count, each person once, with birth date and age on the day."""
    defined = GROUPS.get(result["rule"], ())
    members = {
        each["code"]: each
        for each in people
        if result["subject"] == "plan" or each["pool"] == result.get("pool")
    }
    found = []
    placed: set[str] = set()
    for count, label in defined:
        here = [
            each
            for code, each in members.items()
            if code not in placed and (not count or count in each["counted"])
        ]
        placed |= {each["code"] for each in here}
        if here or count not in ("age_unknown", "sex_unknown", "ethnicity_unknown", "post_unknown"):
            found.append(
                {
                    "label": str(label) % result["required"],
                    "count": len(here),
                    "people": [_person(each, day, opened, as_of) for each in _by_age(here)],
                }
            )
    return found


def _by_age(people: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The youngest first; who has no birth date last."""
    return sorted(people, key=lambda each: each["birth_date"] or "", reverse=True)


def _person(
    person: Mapping[str, Any], day: dt.date, opened: set[str], as_of: dt.date
) -> dict[str, Any]:
    born = dt.date.fromisoformat(person["birth_date"]) if person["birth_date"] else None
    return {
        "name": person["name"],
        "url": _file_url(person["code"], opened, as_of),
        "born": formats.date(born, person["birth_precision"] or "day") if born else "",
        "age": completed_years(born, day),
        "post": person["post"],
    }


def _file_url(code: str | None, opened: set[str], as_of: dt.date) -> str:
    return address("cadres:cadre-detail", code, as_of=as_of) if code in opened else ""


def _lines(
    results: Sequence[Mapping[str, Any]], opened: set[str], as_of: dt.date
) -> list[dict[str, Any]]:
    """People, turns, posts or years that were judged, worst first."""
    found = []
    for each in results:
        start = dt.date.fromisoformat(each["start_on"]) if each.get("start_on") else None
        place = [each["title_name"], each["unit_name"] if each["subject"] != "nomination" else ""]
        found.append(
            {
                "outcome": each["outcome"],
                "name": each["cadre_name"] or each["title_name"] or each["unit_name"],
                "url": _file_url(each["cadre"], opened, as_of),
                "where": ", ".join(filter(None, place)) if each["cadre_name"] else "",
                "since": _("từ %(day)s") % {"day": formats.date(start)} if start else "",
                "message": each["message"],
            }
        )
    return found


def observed_title(row: Mapping[str, Any]) -> str:
    """What was observed without a rule, in words."""
    if row["key"] == "observed.rotations":
        return _("Luân chuyển trong mốc thời gian kiểm tra")
    return _("Xếp loại năm %(year)s") % {"year": row["measured"]["year"]}


def _observed(row: Mapping[str, Any], opened: set[str], as_of: dt.date) -> dict[str, Any]:
    got = row["measured"]
    if row["key"] == "observed.rotations":
        words = {
            "since": formats.date(dt.date.fromisoformat(got["since"])),
            "until": formats.date(dt.date.fromisoformat(got["until"])),
            "n": got["total"],
        }
        ways = [f"{_WAYS[way]} {got[way]}" for way in ("out", "in", "inside") if got[way]]
        told = _("Từ %(since)s đến %(until)s: %(n)s lượt luân chuyển.") % words
        return {
            "title": observed_title(row),
            "told": f"{told.rstrip('.')} ({', '.join(ways)})." if ways else told,
            "tours": [
                {
                    "name": each["name"],
                    "url": _file_url(each["code"], opened, as_of),
                    "way": f"{each['from']} → {each['to']}",
                    "start_on": dt.date.fromisoformat(each["start_on"]),
                    "ended_on": dt.date.fromisoformat(each["ended_on"])
                    if each["ended_on"]
                    else None,
                }
                for each in row["rows"]
            ],
        }
    told = _("%(units)s đơn vị có xếp loại; %(alike)s đơn vị xếp tất cả cùng một mức.")
    return {
        "title": observed_title(row),
        "told": told % got,
        "grades": [
            {
                "unit": each["unit_name"],
                "is_alike": each["is_alike"],
                "given": "; ".join(
                    f"{str(Grade[name].label).lower()}: {count}"
                    for name, count in sorted(
                        each["grades"].items(), key=lambda pair: -Grade[pair[0]].value
                    )
                ),
            }
            for each in row["rows"]
        ],
    }


# ---- Now -------------------------------------------------------------------------------------


def _now(
    actor: Actor,
    evidence: Evidence,
    key: str,
    frozen: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
    *,
    is_told: bool,
) -> dict[str, Any]:
    """What the data of now say: of the frozen day anew, and of today."""
    today = clock.today()
    then = _beside(actor, evidence, None, key, frozen, people, is_told=is_told)
    since = _beside(actor, evidence, today, key, frozen, people, is_told=is_told)
    return {"today": today, "then": then, "since": since}


def _beside(
    actor: Actor,
    evidence: Evidence,
    day: dt.date | None,
    key: str,
    frozen: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
    *,
    is_told: bool,
) -> dict[str, Any]:
    content = evidence_now(evidence, day)
    results = results_of(content, key, is_told=is_told)
    changes = result_changes(frozen, results)
    moved = people_changes(people, content["people"])
    seen = {change.code for change in moved}
    opened = set(cadres_visible(actor).filter(code__in=seen).values_list("code", flat=True))
    outcome = results[0]["outcome"] if len(results) == 1 else ""
    return {
        "outcome": outcome,
        "message": results[0]["message"] if len(results) == 1 else "",
        "is_same": bool(outcome) and bool(frozen) and outcome == frozen[0]["outcome"],
        "is_moved": bool(outcome) and results[0]["measured"] != frozen[0]["measured"],
        "is_other": bool(changes or moved)
        or [r["measured"] for r in results] != [r["measured"] for r in frozen],
        "summary": "" if outcome else _summary(results),
        "changes": [
            {
                "title": each.before["rule_title"],
                "whom": each.before["cadre_name"] or each.before["title_name"],
                "was": each.before["outcome"],
                "now": each.now["outcome"] if each.now else "",
                "message": each.now["message"] if each.now else _("Không còn để xét."),
            }
            for each in changes
            if not outcome
        ],
        "people": [person_change_row(change, opened, clock.today()) for change in moved],
        "people_told": ngettext(
            "%(n)s đồng chí khác với khi chốt", "%(n)s đồng chí khác với khi chốt", len(moved)
        )
        % {"n": len(moved)}
        if moved
        else _("danh sách, số liệu không đổi từ khi chốt"),
    }


def _summary(results: Sequence[Mapping[str, Any]]) -> str:
    words = {
        "not_met": _("%(n)s chưa đạt"),
        "cannot_tell": _("%(n)s chưa rõ"),
        "met": _("%(n)s đạt"),
    }
    counted = {name: sum(each["outcome"] == name for each in results) for name in _RANKS}
    return ", ".join(words[name] % {"n": count} for name, count in counted.items() if count)
