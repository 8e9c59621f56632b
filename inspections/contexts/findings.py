"""The findings of an inspection on pages: units, cards, the drawer with evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.policies import Actor
from inspections.choices import FindingKind, FindingState, Severity
from inspections.contexts.evidence import evidence_context, observed_title
from inspections.contexts.links import address
from inspections.merging import EditClash
from inspections.models import Evidence, Finding, FindingEvidence, Inspection
from inspections.policies import can_approve_finding, can_follow_up, can_work
from inspections.selectors.findings import UnitCount
from inspections.services.holding import WRITING

PAGE = "inspections:inspection-findings"
_OUTCOMES = {
    FindingKind.STRENGTH: "met",
    FindingKind.SHORTCOMING: "not_met",
    FindingKind.VIOLATION: "not_met",
}


def findings_url(inspection_id: int, as_of: dt.date, **query: Any) -> str:
    """The page of findings with what it shows."""
    return address(PAGE, inspection_id, as_of=as_of, **query)


def unit_list(
    counts: Sequence[UnitCount],
    inspection_id: int,
    here: int | None,
    as_of: dt.date,
    reports: Mapping[int, str],
) -> list[dict[str, Any]]:
    """The units at the left with how many findings, and how many of them wait."""
    return [
        {
            "name": str(each.inspected.unit) if each.inspected else _("Chung cho các đơn vị"),
            "note": reports.get(each.inspected.pk, "") if each.inspected else "",
            "total": each.total,
            "waiting": ngettext("%(n)s chờ duyệt", "%(n)s chờ duyệt", each.waiting)
            % {"n": each.waiting}
            if each.waiting
            else "",
            "url": findings_url(
                inspection_id, as_of, don_vi=each.inspected.pk if each.inspected else "chung"
            ),
            "here": (each.inspected.pk if each.inspected else 0) == here,
        }
        for each in counts
    ]


# ---- Cards -----------------------------------------------------------------------------------


def cards(
    actor: Actor,
    inspection: Inspection,
    findings: Iterable[Finding],
    as_of: dt.date,
    *,
    page: Mapping[str, Any],
    latest: int | None = None,
) -> list[dict[str, Any]]:
    """Findings for `inspections/_finding.html`; `page`: the query of the page they stand on.

    `latest`: the newest taking; what rests on an older one says so.
    """
    writes = can_work(actor, inspection) and inspection.stage in WRITING
    may = {
        "write": writes,
        "approve": writes and can_approve_finding(actor, inspection),
        "correct": inspection.is_concluded and can_follow_up(actor, inspection),
        "answer": can_work(actor, inspection),
    }
    return [_card(each, inspection, as_of, may, page, latest) for each in findings]


def _card(
    finding: Finding,
    inspection: Inspection,
    as_of: dt.date,
    may: Mapping[str, bool],
    page: Mapping[str, Any],
    latest: int | None,
) -> dict[str, Any]:
    def to(name: str) -> str:
        return address(f"inspections:{name}", inspection.pk, finding.pk, as_of=as_of)

    proofs = list(finding.proofs.all())
    asked = getattr(finding, "recommendation", None)
    is_dropped = finding.state == FindingState.DROPPED
    stale = latest is not None and any(
        proof.evidence and proof.evidence.taking_id < latest for proof in proofs
    )
    needs_proof = finding.kind not in (FindingKind.CAUSE, FindingKind.RECOMMENDATION)
    first = proof_links(inspection.pk, finding, proofs[0], as_of, page) if proofs else None
    return {
        "finding": finding,
        "kind": finding.get_kind_display(),
        "kind_outcome": kind_outcome(finding),
        "topic": finding.get_topic_display(),
        "severity": finding.get_severity_display() if finding.severity else "",
        "is_grave": finding.severity == Severity.GRAVE,
        "state": state_words(finding),
        "is_dropped": is_dropped,
        "proofs": len(proofs),
        "proof": first,
        "lacks_proof": needs_proof and not proofs,
        "is_stale": stale,
        "asked": _asked(finding) if asked or finding.kind == FindingKind.RECOMMENDATION else None,
        "objections": [
            {
                "objection": each,
                "answer_url": address(
                    "inspections:objection-answer", inspection.pk, each.pk, as_of=as_of
                )
                if may["answer"] and not each.answered_on
                else "",
            }
            for each in finding.objections.all()
        ],
        "corrections": list(finding.corrections.all()),
        "url": to("finding-detail"),
        "edit_url": to("finding-edit") if may["write"] and not is_dropped else "",
        "drop_url": to("finding-drop") if may["write"] and not is_dropped else "",
        "restore_url": to("finding-restore") if may["write"] and is_dropped else "",
        "move_url": to("finding-move") if may["write"] and not is_dropped else "",
        "proofs_url": to("finding-proofs") if may["write"] and not is_dropped else "",
        "approve_url": to("finding-approve")
        if may["approve"] and finding.state in (FindingState.DRAFTED, FindingState.EDITED)
        else "",
        "correct_url": to("finding-correct")
        if may["correct"] and finding.state == FindingState.APPROVED
        else "",
    }


def kind_outcome(finding: Finding) -> str:
    """The sign that stands before the kind; "" for causes and recommendations."""
    return _OUTCOMES.get(FindingKind(finding.kind), "")


def state_words(finding: Finding) -> dict[str, str]:
    """How far a finding has come, and the sign for it."""
    if finding.state == FindingState.APPROVED:
        return {"outcome": "met", "text": _("đã duyệt")}
    if finding.state == FindingState.DROPPED:
        return {"outcome": "not_applicable", "text": _("đã bỏ")}
    if finding.state == FindingState.DRAFTED:
        return {"outcome": "", "text": _("soạn tự động, chờ duyệt")}
    who = str(finding.author or "")
    return {"outcome": "", "text": _("%(who)s sửa, chờ duyệt") % {"who": who} if who else ""}


def _asked(finding: Finding) -> dict[str, str]:
    asked = getattr(finding, "recommendation", None)
    if asked is None:
        return {"head": "", "due": "", "lacking": _("chưa có người chịu trách nhiệm và hạn")}
    return {"head": asked.head, "due": formats.date(asked.due_on), "lacking": ""}


# ---- The drawer ------------------------------------------------------------------------------


def proof_links(
    inspection_id: int,
    finding: Finding,
    proof: FindingEvidence,
    as_of: dt.date,
    page: Mapping[str, Any],
) -> dict[str, str]:
    """`href`: the page with the drawer open; `part`: the drawer alone. A file is its own place."""
    if proof.attachment_id:
        url = address("inspections:attachment-file", proof.attachment_id, as_of=as_of)
        return {"href": url, "part": ""}
    return {
        "href": findings_url(inspection_id, as_of, **page, bc=proof.pk) + f"#nd-{finding.pk}",
        "part": address(
            "inspections:finding-proof",
            inspection_id,
            finding.pk,
            proof.pk,
            as_of=as_of,
            **page,
        ),
    }


def drawer(
    actor: Actor,
    inspection: Inspection,
    finding: Finding,
    proof: FindingEvidence,
    evidence: Evidence,
    as_of: dt.date,
    page: Mapping[str, Any],
) -> dict[str, Any]:
    """The evidence that a finding rests on, with its neighbours."""
    shown = evidence_context(actor, evidence, proof.key, as_of)
    frozen = [each for each in finding.proofs.all() if each.evidence_id]
    place = [each.pk for each in frozen].index(proof.pk)
    around: dict[str, Any] = {
        "place": place + 1,
        "total": len(frozen),
        "close_url": findings_url(inspection.pk, as_of, **page) + f"#nd-{finding.pk}",
    }
    for name, at in (("previous", place - 1), ("next", place + 1)):
        if 0 <= at < len(frozen):
            around[name] = proof_links(inspection.pk, finding, frozen[at], as_of, page)
    return {
        **shown,
        "around": around,
        "finding_id": finding.pk,
        "whole_url": address("inspections:evidence-detail", evidence.pk, as_of=as_of),
    }


# ---- Editing ---------------------------------------------------------------------------------


def form_rows(form: Any, clash: EditClash | None = None) -> list[dict[str, Any]]:
    """Fields with what clashes beside them: three versions and the choice."""
    clashes = {each.name: each for each in clash.clashes} if clash else {}
    found = []
    for bound in form:
        each = clashes.get(bound.name)
        conflict = each and {
            "name": f"chon-{bound.name}",
            "before": _shown(bound, each.before),
            "mine": _shown(bound, each.mine),
            "theirs": _shown(bound, each.theirs),
            "who": clash.who if clash and clash.who else _("Người khác"),
            "pick_mine": "mine",
            "pick_theirs": "theirs",
            "picked": "mine",
        }
        found.append({"field": bound, "conflict": conflict})
    return found


def _shown(bound: Any, value: Any) -> str:
    """A value of a field as people read it."""
    if value in (None, ""):
        return _("để trống")
    choices = dict(getattr(bound.field, "choices", ()))
    if choices:
        return str(choices.get(value, choices.get(str(value), value)))
    return formats.date(value) if isinstance(value, dt.date) else str(value)


# ---- Choosing what it rests on ---------------------------------------------------------------


def proof_choices(
    rows: Iterable[Evidence],
    used: set[tuple[int | None, str]],
    told: set[int],
    results_of: Callable[..., list[Mapping[str, Any]]],
) -> list[dict[str, Any]]:
    """Frozen results to tick, by evidence: plans and titles singly, the rest by rule."""
    found = []
    for row in rows:
        lines: dict[str, dict[str, Any]] = {}
        for each in results_of(row.content, is_told=row.inspected_unit_id in told):
            if each["outcome"] == "not_applicable":
                continue
            single = each["subject"] in ("plan", "pool")
            key = each["key"] if single else each["key"].rsplit(":", 1)[0]
            title = each["rule_title"]
            if each["subject"] == "pool":
                title = f"{title}: {each['title_name']}"
            lines.setdefault(
                key,
                {
                    "value": f"{row.pk}|{key}",
                    "outcome": each["outcome"],
                    "title": title,
                    "message": each["message"] if single else "",
                    "is_used": (row.pk, key) in used,
                },
            )
        for each in row.content.get("observed", ()):
            lines[each["key"]] = {
                "value": f"{row.pk}|{each['key']}",
                "outcome": "",
                "title": observed_title(each),
                "message": "",
                "is_used": (row.pk, each["key"]) in used,
            }
        found.append({"title": row.title, "lines": list(lines.values())})
    return found
