"""Findings drafted from frozen evidence: what fails, what holds, what files lack, what to ask.

Nothing is judged here: results come from the evidence, words from `inspections.wording`. What a
person edited, approved or dropped is never written over; a draft that nobody touched follows the
newest taking.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import pghistory
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.choices import Grade
from cadres.policies import Actor, require
from inspections.choices import FindingKind, FindingState, Severity, Topic
from inspections.models import (
    Evidence,
    EvidenceTaking,
    Finding,
    FindingEvidence,
    InspectedUnit,
    Inspection,
    Recommendation,
)
from inspections.policies import can_work
from inspections.selectors.seen import units_seen
from inspections.services.evidence import latest_taking
from inspections.services.holding import InspectionRefused, lock_findings
from inspections.services.signing import signatures_take_back
from inspections.wording import (
    ALIKE,
    ROTATIONS,
    WORDINGS,
    Result,
    Wording,
    cited,
    is_well_above,
    merged_values,
    term_words,
    unit_words,
    values_of,
)

#: So many plans or titles below the unit are told one by one; of more, how many and the worst.
FEW = 3
#: A recommendation is due at the end of so many months after the inspection; people change it.
DUE_MONTHS = 3
_SINGLE = ("plan", "pool")
_NOUNS = {"plan": "quy hoạch", "pool": "chức danh"}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A finding to be; `proofs`: (evidence, key). `rule`, `due_on` only of a recommendation."""

    source: str
    kind: FindingKind
    topic: Topic
    text: str
    severity: Severity | None = None
    proofs: tuple[tuple[int, str], ...] = ()
    is_sensitive: bool = False
    rule: str = ""
    due_on: dt.date | None = None


@dataclass(frozen=True)
class Drafted:
    """What a drafting did: new drafts, drafts that follow newer data, drafts that fell away."""

    added: int
    renewed: int
    removed: int


@dataclass(frozen=True)
class _Proven:
    """A frozen result with the evidence that it stands in."""

    evidence: int
    result: Result

    @property
    def proof(self) -> tuple[int, str]:
        return self.evidence, self.result["key"]


# ---- Writing ---------------------------------------------------------------------------------


@transaction.atomic
def findings_draft(
    *, actor: Actor, inspection: Inspection, taking: EvidenceTaking | None = None
) -> Drafted:
    """Draft findings on the units that the actor sees from a taking, the latest if none is named.

    Raises PermissionDenied, InspectionRefused.
    """
    held = lock_findings(inspection)
    require(can_work(actor, held))
    taking = taking or latest_taking(held)
    if taking is None or taking.inspection_id != held.pk:
        raise InspectionRefused([_("Chưa chốt số liệu nên chưa có căn cứ để soạn nhận định.")])
    if taking.state != EvidenceTaking.State.READY:
        raise InspectionRefused([_("Lần chốt số liệu này chưa xong.")])
    done = Drafted(0, 0, 0)
    with pghistory.context(user=actor.pk):
        for inspected in units_seen(actor, held):
            rows = Evidence.objects.filter(taking=taking, inspected_unit=inspected)
            with translation.override("vi"):  # a document, whatever language the person reads
                drafts = drafts_of(inspected, list(rows), due_suggested(held))
            one = _write(held, inspected, drafts)
            done = Drafted(
                done.added + one.added, done.renewed + one.renewed, done.removed + one.removed
            )
        if any((done.added, done.renewed, done.removed)):
            signatures_take_back(held)
    return done


def due_suggested(inspection: Inspection) -> dt.date:
    """The last day of the third month after the inspection ends."""
    months = inspection.last_day.month + DUE_MONTHS
    year, month = inspection.last_day.year + months // 12, months % 12 + 1
    return dt.date(year, month, 1) - dt.timedelta(days=1)


def _write(inspection: Inspection, inspected: InspectedUnit, drafts: Sequence[Draft]) -> Drafted:
    present = {
        finding.source: finding
        for finding in inspection.findings.filter(inspected_unit=inspected).exclude(source="")
    }
    wanted = {draft.source: draft for draft in drafts}
    # What minutes name was spoken about: it stays, for people to drop.
    minuted = set(inspection.findings.filter(minutes__isnull=False).values_list("pk", flat=True))
    gone = [
        finding
        for source, finding in present.items()
        if is_untouched(finding) and source not in wanted and finding.pk not in minuted
    ]
    Finding.objects.filter(pk__in=[finding.pk for finding in gone]).delete()
    new = [draft for draft in drafts if draft.source not in present]
    last = max((finding.place for finding in present.values()), default=0)
    made = Finding.objects.bulk_create(
        Finding(
            inspection=inspection,
            inspected_unit=inspected,
            source=draft.source,
            state=FindingState.DRAFTED,
            place=place,
            **_fields(draft),
        )
        for place, draft in enumerate(new, start=last + 1)
    )
    renewed = _renew(
        [
            (finding, wanted[source])
            for source, finding in present.items()
            if is_untouched(finding) and source in wanted
        ]
    )
    pairs = [*zip(made, new, strict=True), *renewed]
    FindingEvidence.objects.bulk_create(
        FindingEvidence(finding=finding, evidence_id=evidence, key=key)
        for finding, draft in pairs
        for evidence, key in draft.proofs
    )
    Recommendation.objects.bulk_create(
        Recommendation(
            finding=finding,
            unit_id=inspected.unit_id,
            head=inspected.head,
            due_on=draft.due_on,
            rule=draft.rule,
        )
        for finding, draft in pairs
        if draft.kind == FindingKind.RECOMMENDATION and inspected.head and draft.due_on
    )
    return Drafted(len(new), len(renewed), len(gone))


def is_untouched(finding: Finding) -> bool:
    """Whether a draft is still as it was drafted: nobody edited, approved or dropped it."""
    return finding.state == FindingState.DRAFTED and finding.version == 0


def _fields(draft: Draft) -> dict[str, Any]:
    names = ("kind", "topic", "text", "severity", "is_sensitive")
    return {name: getattr(draft, name) for name in names}


def _renew(pairs: Sequence[tuple[Finding, Draft]]) -> list[tuple[Finding, Draft]]:
    """Make drafts that nobody touched what the newer data say; those that differ."""
    proofs: dict[int, set[tuple[int | None, str]]] = defaultdict(set)
    for row in FindingEvidence.objects.filter(finding__in=[each[0] for each in pairs]):
        proofs[row.finding_id].add((row.evidence_id, row.key))
    changed = [
        (finding, draft)
        for finding, draft in pairs
        if proofs[finding.pk] != set(draft.proofs)
        or any(getattr(finding, name) != value for name, value in _fields(draft).items())
    ]
    for finding, draft in changed:
        for name, value in _fields(draft).items():
            setattr(finding, name, value)
    rows = [each[0] for each in changed]
    Finding.objects.bulk_update(rows, ["kind", "topic", "text", "severity", "is_sensitive"])
    FindingEvidence.objects.filter(finding__in=rows).delete()
    Recommendation.objects.filter(finding__in=rows).delete()
    return changed


# ---- What a unit's evidence says -------------------------------------------------------------


def drafts_of(
    inspected: InspectedUnit, evidence: Iterable[Evidence], due_on: dt.date
) -> list[Draft]:
    """Drafts on one unit: shortcomings, strengths, causes, recommendations, in this order."""
    rows = list(evidence)
    proven = [
        _Proven(row.pk, result)
        for row in rows
        for result in row.content["findings"]
        if result["outcome"] != "not_applicable" and result.get("in_period", True)
    ]
    proven.sort(key=lambda each: (_place(each.result["rule"]), each.result["subject"]))
    found: list[Draft] = []
    held: list[tuple[str, Draft]] = []
    for rule, group in groupby(proven, key=lambda each: str(each.result["rule"])):
        if rule not in WORDINGS:
            continue
        writer = _Writer(inspected, rule, WORDINGS[rule], list(group), due_on)
        found += writer.singly() if writer.is_of_plans else writer.summed()
        held += [(draft.topic, draft) for draft in writer.all_held()]
    found += _held_by_topic(held)
    found += _records(rows, proven, inspected, due_on)
    found += _observed(rows, inspected, due_on)
    return sorted(found, key=lambda draft: _ORDER.index(draft.kind))


_ORDER = (
    FindingKind.VIOLATION,
    FindingKind.SHORTCOMING,
    FindingKind.STRENGTH,
    FindingKind.CAUSE,
    FindingKind.RECOMMENDATION,
)
_PLACES = {rule: place for place, rule in enumerate(WORDINGS)}


def _place(rule: str) -> int:
    return _PLACES.get(rule, len(_PLACES))


def _held_by_topic(drafts: Iterable[tuple[str, Draft]]) -> Iterator[Draft]:
    """What holds of all people, told once a topic; what is sensitive for itself."""
    grouped: dict[tuple[str, bool], list[Draft]] = defaultdict(list)
    for topic, draft in drafts:
        grouped[topic, draft.is_sensitive].append(draft)
    for (topic, is_sensitive), same in grouped.items():
        first, *more = (draft.text.removesuffix(".") for draft in same)
        yield replace(
            same[0],
            source=f"held:{topic}{':sensitive' if is_sensitive else ''}",
            text="; ".join([first, *(f"{each[:1].lower()}{each[1:]}" for each in more)]) + ".",
            proofs=tuple(dict.fromkeys(proof for draft in same for proof in draft.proofs)),
        )


@dataclass(frozen=True)
class _Writer:
    """Drafts of one rule on one unit."""

    inspected: InspectedUnit
    rule: str
    wording: Wording
    proven: Sequence[_Proven]
    due_on: dt.date

    def _having(self, outcome: str) -> list[_Proven]:
        return [each for each in self.proven if each.result["outcome"] == outcome]

    @property
    def is_of_plans(self) -> bool:
        """Whether the rule judges plans or titles, and not people, turns or posts."""
        return self.proven[0].result["subject"] in _SINGLE

    # -- Plans and titles, one by one

    def singly(self) -> Iterator[Draft]:
        """Failing ones one by one, of many the sum; a strength where all hold."""
        by_subject = {
            subject: [each for each in self.proven if each.result["subject"] == subject]
            for subject in _SINGLE
        }
        for subject, proven in by_subject.items():
            bad = [each for each in proven if each.result["outcome"] == "not_met"]
            for is_own in (True, False):
                part = [each for each in bad if self._is_own(each.result) is is_own]
                if len(part) <= FEW or (is_own and subject == "plan"):
                    for each in part:
                        text = self._told(each.result, self.wording.fails)
                        yield self._draft(each.result["key"], text, [each])
                    continue
                total = sum(self._is_own(each.result) is is_own for each in proven)
                text = self._many(part, total, subject, is_own=is_own)
                yield self._draft(f"{self.rule}:{subject}:{_sum_of(is_own)}", text, part)
        # Titles of a plan are told of only where the rule says nothing of the plan itself.
        judged = by_subject["plan"] or by_subject["pool"]
        yield from self._strengths(judged)
        if bad := self._having("not_met"):
            yield from self._follows(bad, self._asked(bad))

    def _strengths(self, proven: Sequence[_Proven]) -> Iterator[Draft]:
        good = [each for each in proven if each.result["outcome"] == "met"]
        subject = proven[0].result["subject"]
        if len(good) == len(proven):
            text = f"Cả {len(good)} {_NOUNS[subject]} {self.wording.all_hold}"
            if len(good) == 1:
                text = self._told(good[0].result, self.wording.holds)
            yield self._strength(f"{self.rule}:{subject}:held", good, text)
            return
        above = [each for each in good if is_well_above(each.result)]
        for each in above if len(above) <= FEW else ():
            text = self._told(each.result, self.wording.holds)
            yield self._strength(f"{each.result['key']}:above", [each], text)

    def _is_own(self, result: Result) -> bool:
        return bool(result["unit"] == self.inspected.unit.code)

    def _told(self, result: Result, template: str) -> str:
        return f"{_opening(self._plan(result))} {self._filled(template, result)}"

    def _plan(self, result: Result) -> str:
        """What a result is about, as a sentence names it."""
        named = "quy hoạch"
        if result["subject"] == "pool":
            named += f" chức danh {result['title_name']}"
        if not self._is_own(result):
            named += f" của {result['unit_name']}"
        return f"{named} nhiệm kỳ {term_words(result['term'])}"

    def _filled(self, template: str, result: Result) -> str:
        return template.format(**values_of(self.wording, result), plan=self._plan(result))

    def _many(self, bad: Sequence[_Proven], total: int, subject: str, *, is_own: bool) -> str:
        worst = sorted(bad, key=lambda each: -values_of(self.wording, each.result).get("gap", 0))
        named = [
            f"{self._name(each.result)} ({self._filled(self.wording.short, each.result)})"
            for each in worst[:FEW]
        ]
        whose = "" if is_own else " của các đơn vị trực thuộc"
        return (
            f"{len(bad)}/{total} {_NOUNS[subject]}{whose} {self.wording.many},"
            f" trong đó: {'; '.join(named)}"
        )

    def _name(self, result: Result) -> str:
        if result["subject"] == "plan":
            return str(result["unit_name"])
        if self._is_own(result):
            return f"{result['title_name']} nhiệm kỳ {term_words(result['term'])}"
        return f"{result['title_name']}, {result['unit_name']}"

    def _asked(self, bad: Sequence[_Proven]) -> str:
        """What to do about plans in words of each, about many of them or their titles in one."""
        plans = [each for each in bad if each.result["subject"] == "plan"]
        pools = [each for each in bad if each.result["subject"] == "pool"]
        aim = self.wording.aim.format(**merged_values(self.wording, [each.result for each in bad]))
        parts: list[str] = []
        for part, noun in ((plans, "quy hoạch"), (pools, "chức danh")):
            if part and len(part) <= FEW and not parts:
                parts += [self._filled(self.wording.asks, each.result) for each in part]
            elif part:
                act = "" if parts else "rà soát, bổ sung để "
                parts.append(f"{act}{aim} ở {len(part)} {noun}")
        when = f" trong đợt rà soát năm {self.due_on.year}"
        return "; ".join(parts) + (when if self.wording.is_mended_by_review else "")

    # -- People, turns, posts, years, summed up

    @property
    def _worst(self) -> dict[str, str]:
        """The worst outcome of each person, turn, post or year."""
        worst: dict[str, str] = {}
        for each in self.proven:
            who, outcome = self._who(each.result), each.result["outcome"]
            if _WORSE[outcome] >= _WORSE[worst.get(who, "met")]:
                worst[who] = outcome
        return worst

    def summed(self) -> Iterator[Draft]:
        """How many of all fail."""
        bad, worst = self._having("not_met"), self._worst
        if not bad:
            return
        failing = sum(outcome == "not_met" for outcome in worst.values())
        values = self._values(bad, failing)
        text = f"{failing}/{len(worst)} {self.wording.of} {self.wording.fails}"
        if len(worst) == 1 and self.wording.alone:
            text = self.wording.alone
        yield self._draft(f"{self.rule}:all", text.format(**values), bad, self._wholes(bad))
        asked = self.wording.asks.format(**values)
        yield from self._follows(bad, asked, self._wholes(bad))

    def all_held(self) -> Iterator[Draft]:
        """A strength where a rule about people, turns, posts or years holds of all."""
        worst = self._worst
        if self.is_of_plans or set(worst.values()) != {"met"}:
            return
        text = f"Cả {len(worst)} {self.wording.of} đều {self.wording.holds}"
        if len(worst) == 1:
            text = self.wording.alone or f"1/1 {self.wording.of} {self.wording.holds}"
        told = text.format(**self._values(self.proven, 0))
        yield self._strength(f"{self.rule}:held", self.proven, told, self._wholes(self.proven))

    def _who(self, result: Result) -> str:
        """A person stands in several plans and is counted once; turns and posts are not people."""
        return str(result["cadre"] if result["subject"] == "nomination" else result["key"])

    def _values(self, told: Sequence[_Proven], failing: int) -> dict[str, Any]:
        values = merged_values(self.wording, [each.result for each in told])
        return {**values, "bad": failing}

    def _wholes(self, proven: Sequence[_Proven]) -> tuple[tuple[int, str], ...]:
        """All results of the rule in each evidence: `rule:subject` without a number."""
        pairs = {each.evidence: each.result["key"].rsplit(":", 1)[0] for each in proven}
        return tuple(pairs.items())

    # -- Drafts

    def _draft(
        self,
        source: str,
        text: str,
        proven: Sequence[_Proven],
        proofs: tuple[tuple[int, str], ...] | None = None,
    ) -> Draft:
        return Draft(
            source=source,
            kind=self.wording.kind,
            topic=self.wording.topic,
            severity=self.wording.severity,
            text=f"{text}{cited(each.result for each in proven)}.",
            proofs=tuple(each.proof for each in proven) if proofs is None else proofs,
            is_sensitive=any(each.result["is_sensitive"] for each in proven),
        )

    def _strength(
        self,
        source: str,
        proven: Sequence[_Proven],
        text: str,
        proofs: tuple[tuple[int, str], ...] | None = None,
    ) -> Draft:
        draft = self._draft(source, text, proven, proofs)
        return replace(draft, kind=FindingKind.STRENGTH, severity=None)

    def _follows(
        self,
        bad: Sequence[_Proven],
        asked: str,
        proofs: tuple[tuple[int, str], ...] | None = None,
    ) -> Iterator[Draft]:
        """What is supposed to be the cause, and what is asked."""
        draft = self._draft("", "", bad, proofs)
        if self.wording.cause:
            yield replace(
                draft,
                source=f"{self.rule}:cause",
                kind=FindingKind.CAUSE,
                severity=None,
                text=self.wording.cause,
                proofs=(),
            )
        yield replace(
            draft,
            source=f"{self.rule}:ask",
            kind=FindingKind.RECOMMENDATION,
            severity=None,
            text=_request(self.inspected, asked),
            rule=self.rule,
            due_on=self.due_on,
        )


_WORSE = {"met": 0, "cannot_tell": 1, "not_met": 2}


def _sum_of(is_own: bool) -> str:
    return "own" if is_own else "below"


def _request(inspected: InspectedUnit, asked: str) -> str:
    return f"Đề nghị {unit_words(inspected.unit)}: {asked}."


def _opening(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- What files lack -------------------------------------------------------------------------


def _records(
    rows: Sequence[Evidence],
    proven: Sequence[_Proven],
    inspected: InspectedUnit,
    due_on: dt.date,
) -> Iterator[Draft]:
    """Results that nobody can tell, because files lack something: a shortcoming of its own."""
    unclear = [each for each in proven if each.result["outcome"] == "cannot_tell"]
    people = {row.pk: row.content["people"] for row in rows}
    for is_sensitive in (False, True):
        part = [each for each in unclear if bool(each.result["is_sensitive"]) == is_sensitive]
        lacks: dict[str, set[Any]] = {}
        for each in part:
            wording = WORDINGS.get(each.result["rule"])
            if wording is None or not wording.lacks:
                continue
            words = wording.lacks.format(**values_of(wording, each.result))
            lacks.setdefault(words, set()).update(_lacking(each, wording, people))
        if not lacks:
            continue
        told = "; ".join(
            f"{len(who)} {words if _names_itself(words) else f'đồng chí {words}'}"
            for words, who in lacks.items()
        )
        source = "records:sensitive" if is_sensitive else "records"
        keys = {(each.evidence, each.result["key"].rsplit(":", 1)[0]) for each in part}
        draft = Draft(
            source=source,
            kind=FindingKind.SHORTCOMING,
            topic=Topic.RECORDS,
            severity=Severity.LIGHT,
            text=f"Hồ sơ chưa đầy đủ nên chưa đủ căn cứ kết luận: {told}.",
            proofs=tuple(sorted(keys)),
            is_sensitive=is_sensitive,
        )
        yield draft
        yield replace(
            draft,
            source=f"{source}:ask",
            kind=FindingKind.RECOMMENDATION,
            severity=None,
            text=_request(inspected, f"bổ sung hồ sơ cán bộ còn thiếu ({told})"),
            due_on=due_on,
        )


def _lacking(each: _Proven, wording: Wording, people: dict[int, list[dict[str, Any]]]) -> set[Any]:
    """Who lacks it: people by their code; the result itself where it is no matter of people."""
    result = each.result
    if not wording.flag:
        return {result["cadre"] if result["subject"] == "nomination" else result["key"]}
    pool = result.get("pool")
    return {
        person["code"]
        for person in people[each.evidence]
        if wording.flag in person["counted"] and pool in (None, person["pool"])
    }


def _names_itself(words: str) -> bool:
    return words.startswith(("kế hoạch", "lượt", "chức danh"))


# ---- What no rule judges ---------------------------------------------------------------------


def _observed(
    rows: Sequence[Evidence], inspected: InspectedUnit, due_on: dt.date
) -> Iterator[Draft]:
    seen = [(row.pk, each) for row in rows for each in row.content.get("observed", ())]
    alike = [
        pair for pair in seen if pair[1]["key"].startswith(ALIKE) and pair[1]["measured"]["alike"]
    ]
    still = [
        pair for pair in seen if pair[1]["key"] == ROTATIONS and not pair[1]["measured"]["total"]
    ]
    for pairs, source, topic, tell, asked in (
        (alike, ALIKE, Topic.EVALUATION, _alike_told, _ALIKE_ASKED),
        (still, ROTATIONS, Topic.ROTATION, _still_told, _STILL_ASKED),
    ):
        for evidence, each in pairs:
            yield Draft(
                source=each["key"],
                kind=FindingKind.SHORTCOMING,
                topic=topic,
                severity=Severity.LIGHT,
                text=tell(each),
                proofs=((evidence, each["key"]),),
            )
        if pairs:
            yield Draft(
                source=f"{source}:ask",
                kind=FindingKind.RECOMMENDATION,
                topic=topic,
                text=_request(inspected, asked),
                proofs=tuple((evidence, each["key"]) for evidence, each in pairs),
                due_on=due_on,
            )


_ALIKE_ASKED = "chỉ đạo đánh giá, xếp loại cán bộ thực chất, phân hóa theo kết quả công việc"
_STILL_ASKED = "xây dựng kế hoạch luân chuyển cán bộ trong quy hoạch, báo cáo cấp có thẩm quyền"


def _alike_told(observed: dict[str, Any]) -> str:
    measured = observed["measured"]
    year = measured["year"]
    end = "kết quả đánh giá chưa phân hóa, chưa cho thấy khác biệt giữa cán bộ."
    if measured["units"] == 1:
        grade = next(iter(observed["rows"][0]["grades"]))
        level = str(Grade[grade].label).lower()
        return f"Năm {year}, tất cả {measured['people']} đồng chí được xếp {level}; {end}"
    names = [row["unit_name"] for row in observed["rows"] if row["is_alike"]]
    named = ", ".join(names[:FEW])
    rest = f" và {len(names) - FEW} đơn vị khác" if len(names) > FEW else ""
    return (
        f"Năm {year}, {measured['alike']}/{measured['units']} đơn vị xếp tất cả cán bộ cùng một mức"
        f" ({named}{rest}); {end}"
    )


def _still_told(observed: dict[str, Any]) -> str:
    since, until = (
        formats.date(dt.date.fromisoformat(observed["measured"][name]))
        for name in ("since", "until")
    )
    return f"Từ {since} đến {until} không có đồng chí nào được luân chuyển đi hoặc đến."
