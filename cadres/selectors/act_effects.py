"""What a reorganisation does to posts, people, mandates and, through carriers, to other rooms.

A preview shows an `Effects`, and applying the act writes the same `Effects`: computed anew under
locks, and refused when its digest is no longer the one that was shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags.formats import date
from cadres.carrying import Carry, Ending, Preview, carriers
from cadres.choices import Role
from cadres.models import (
    Appointment,
    ImportJob,
    ListImport,
    Position,
    PositionPeriod,
    Reorganisation,
    RoleGrant,
    Title,
)
from cadres.periods import active_on
from cadres.selectors.act_structure import Problem, Structure, structure_of
from cadres.selectors.positions import changed_from, positions_on

#: Mandates that follow the work. Inspectors keep what they were sent to look at.
_CARRIED_ROLES = (
    Role.PROVINCIAL_OFFICER,
    Role.UNIT_OFFICER,
    Role.APPROVER,
    Role.AUDITOR,
)
_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class PostEffect:
    """How many posts of a title a unit has before and after; 0: none.

    `position_id`: a row of it exists, even where it is not there on the day.
    """

    code: str
    title: Title
    before: int
    after: int
    position_id: int | None

    @property
    def is_change(self) -> bool:
        """Whether anything is written."""
        return self.before != self.after

    @property
    def is_abolished(self) -> bool:
        """Whether the post is no more from the day on."""
        return bool(self.before and not self.after)


@dataclass(frozen=True, kw_only=True)
class PersonEffect:
    """What becomes of a holder's appointment.

    `to_code` "" : no post follows. `is_held`: the person has that very post already, so that none
    begins. `is_chosen`: somebody decided so; else it is the proposal.
    """

    appointment: Appointment
    from_code: str
    to_code: str
    to_title: Title | None
    is_held: bool
    is_chosen: bool

    @property
    def begins(self) -> bool:
        """Whether a new appointment is written."""
        return bool(self.to_code) and not self.is_held


@dataclass(frozen=True, kw_only=True)
class GrantEffect:
    """A mandate that begins at a successor; the one at the former unit stays, for reading."""

    grant: RoleGrant
    to_code: str


@dataclass(kw_only=True)
class Effects:
    """Everything that an act does."""

    structure: Structure
    posts: list[PostEffect]
    people: list[PersonEffect]
    #: Holders in a unit that gives part of its work away: they stay unless somebody chooses.
    staying: list[Appointment]
    grants: list[GrantEffect]
    carry: Carry
    previews: list[tuple[str, Preview]]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: Appointments of heads who would share one post.
    disputed: set[int] = field(default_factory=set)

    @property
    def is_ready(self) -> bool:
        """Whether it can be applied."""
        return not self.problems

    @property
    def without_post(self) -> list[PersonEffect]:
        """People whose appointment ends with nothing after it."""
        return [each for each in self.people if not each.to_code]

    @property
    def digest(self) -> str:
        """Equal for equal effects."""
        places = self.structure.places
        told = {
            "day": self.structure.effective_on.isoformat(),
            "created": [
                (code, places[code].name, places[code].parent, places[code].level)
                for code in self.structure.created
            ],
            "ended": [(code, places[code].successors) for code in self.structure.ended],
            "renamed": [
                (each.code, each.name, each.kind, each.level) for each in self.structure.renamed
            ],
            "moved": [(each.code, each.parent) for each in self.structure.moved],
            "parted": self.structure.parted,
            "posts": [(each.code, each.title.pk, each.before, each.after) for each in self.posts],
            "people": [
                (
                    each.appointment.pk,
                    each.to_code,
                    each.to_title.pk if each.to_title else 0,
                    each.is_held,
                )
                for each in self.people
            ],
            "grants": [(each.grant.pk, each.to_code) for each in self.grants],
            "others": [(name, preview.state) for name, preview in self.previews],
        }
        text = json.dumps(told, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def effects_of(act: Reorganisation) -> Effects:
    """Work out what the act would do now; a fixed number of queries, whatever it touches."""
    choices = {
        choice.appointment_id: choice for choice in act.choices.select_related("title").all()
    }
    structure = structure_of(act, {choice.unit_code for choice in choices.values()} - {""})
    problems = list(structure.problems)
    holders = _holders(structure)
    asked = {
        (post.unit_code, post.title_id): post for post in act.posts.select_related("title").all()
    }
    posts = _posts(structure, asked)
    people, staying = _people(structure, holders, choices, problems)
    effects = Effects(
        structure=structure,
        posts=posts,
        people=people,
        staying=staying,
        grants=_grants(structure) if act.carries_grants else [],
        carry=_carry(act, structure, posts, people),
        previews=[],
        problems=problems,
    )
    _check_starts(structure, problems)
    _check_posts(effects)
    _check_seats(effects)
    _warn_of_imports(effects)
    # Other rooms are asked only about what can be: they may rely on it.
    if not problems:
        effects.previews = [(each.name, each.preview(effects.carry)) for each in carriers()]
    return effects


# ---- People ----------------------------------------------------------------------------------


def _holders(structure: Structure) -> list[Appointment]:
    """Who holds a post, on the day before, in a unit that ends or gives part of its work away."""
    codes = [*structure.ended, *structure.parted]
    ids = [structure.ids[code] for code in codes if code in structure.ids]
    if not ids:
        return []
    day = structure.effective_on
    return list(
        Appointment.objects.filter(
            Q(end_on=None) | Q(end_on__gt=day), unit__in=ids, start_on__lt=day
        )
        .select_related("cadre", "title", "unit")
        .order_by("unit__path", "-title__rank", "title__code", "cadre__sort_key", "cadre__code")
    )


def _people(
    structure: Structure,
    holders: Sequence[Appointment],
    choices: Mapping[int, Any],
    problems: list[Problem],
) -> tuple[list[PersonEffect], list[Appointment]]:
    moving: list[tuple[Appointment, str, Title | None, bool]] = []
    staying = []
    for held in holders:
        code = held.unit.code
        choice = choices.get(held.pk)
        if choice:
            moving.append((held, choice.unit_code, choice.title, True))
        elif code in structure.parted and code not in structure.ended:
            staying.append(held)
        else:
            heirs = structure.places[code].successors
            target = heirs[0] if len(heirs) == 1 else ""
            moving.append((held, target, held.title if target else None, False))
    taken = _taken(structure, moving)
    people = []
    for held, target, title, is_chosen in moving:
        is_held = False
        if target and not structure.is_open(target):
            problems.append(
                Problem(
                    text=_(
                        "%(person)s được bố trí về “%(unit)s”, nơi không hoạt động từ ngày hiệu "
                        "lực. Hãy chọn lại ở phần Người."
                    )
                    % {"person": held.cadre.full_name, "unit": structure.name_of(target)}
                )
            )
        elif target and title:
            key = (held.cadre_id, target, title.pk)
            is_held = key in taken
            taken.add(key)
        people.append(
            PersonEffect(
                appointment=held,
                from_code=held.unit.code,
                to_code=target,
                to_title=title,
                is_held=is_held,
                is_chosen=is_chosen,
            )
        )
    return people, staying


def _taken(
    structure: Structure, moving: Sequence[tuple[Appointment, str, Title | None, bool]]
) -> set[tuple[int, str, int]]:
    """Posts that the same people hold, or are to hold, in the units where they go."""
    ids = structure.ids
    units = {ids[target] for _held, target, _title, _c in moving if target in ids}
    if not units:
        return set()
    rows = Appointment.objects.filter(
        Q(end_on=None) | Q(end_on__gt=structure.effective_on),
        cadre__in={held.cadre_id for held, *_rest in moving},
        unit__in=units,
    ).exclude(pk__in=[held.pk for held, *_rest in moving])
    return set(rows.values_list("cadre_id", "unit__code", "title_id"))


def _check_starts(structure: Structure, problems: list[Problem]) -> None:
    """Nobody can begin in a unit on or after the day it ends."""
    ids = [structure.ids[code] for code in structure.ended if code in structure.ids]
    if not ids:
        return
    late = list(
        Appointment.objects.filter(unit__in=ids, start_on__gte=structure.effective_on)
        .select_related("cadre", "unit")
        .order_by("start_on", "pk")[: _NAMED + 1]
    )
    for held in late[:_NAMED]:
        problems.append(
            Problem(
                text=_(
                    "%(person)s được bổ nhiệm vào %(unit)s từ ngày %(day)s, khi đơn vị đã kết "
                    "thúc. Hãy sửa ngày bổ nhiệm, hoặc chọn ngày hiệu lực sau đó."
                )
                % {
                    "person": held.cadre.full_name,
                    "unit": held.unit.name,
                    "day": date(held.start_on),
                }
            )
        )
    if len(late) > _NAMED:
        problems.append(Problem(text=_("Còn những người khác được bổ nhiệm như vậy.")))


# ---- Posts -----------------------------------------------------------------------------------


def _posts(structure: Structure, asked: Mapping[tuple[str, int], Any]) -> list[PostEffect]:
    """Posts of the successors: what is there, what merges and splits bring, what was asked.

    A title that a merged unit had and its successor lacks comes along, as many as the largest of
    the units had. A new unit out of a split gets the posts of the unit that it comes from.
    """
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for target, codes in structure.merged.items():
        sources[target] += codes
    for code, heir in structure.successions:
        if heir in structure.created:
            sources[heir].append(code)
    wanted = set(sources) | {code for code, _title in asked if code in structure.places}
    ids = structure.ids
    involved = {ids[code] for code in wanted if code in ids}
    involved |= {ids[code] for codes in sources.values() for code in codes if code in ids}
    by_unit: defaultdict[str, dict[int, int]] = defaultdict(dict)
    titles: dict[int, Title] = {post.title_id: post.title for post in asked.values()}
    rows = Position.objects.filter(unit__in=involved).select_related("title", "unit")
    position_ids = {(row.unit.code, row.title_id): row.pk for row in rows}
    on_day = positions_on(structure.effective_on).filter(unit__in=involved)
    for code, title_id, number in on_day.values_list("unit__code", "title_id", "number"):
        by_unit[code][title_id] = number
    titles |= {row.title_id: row.title for row in rows}
    found = []
    for code in sorted(wanted):
        proposal: Counter[int] = Counter()
        for source in sources.get(code, ()):
            for title_id, number in by_unit[source].items():
                proposal[title_id] = max(proposal[title_id], number)
        own = by_unit[code]
        proposal |= Counter(own)
        for title_id in {*proposal, *(title for unit, title in asked if unit == code)}:
            before = own.get(title_id, 0)
            said = asked.get((code, title_id))
            # What exists already is left as it is unless somebody says otherwise.
            after = said.prescribed if said else (before or proposal[title_id])
            found.append(
                PostEffect(
                    code=code,
                    title=titles[title_id],
                    before=before,
                    after=after,
                    position_id=position_ids.get((code, title_id)),
                )
            )
    return sorted(found, key=lambda each: (each.code, -each.title.rank, each.title.code))


def _check_posts(effects: Effects) -> None:
    """A number is written only where no act decided another one from a later day."""
    changed = {post.position_id: post for post in effects.posts if post.is_change}
    later = PositionPeriod.objects.filter(
        changed_from(effects.structure.effective_on), position__in=[pk for pk in changed if pk]
    )
    for position_id in later.values_list("position_id", flat=True).distinct():
        post = changed[position_id]
        text = _(
            "Số lượng %(title)s ở %(unit)s đã được một đợt sắp xếp khác quyết định từ ngày sau đó. "
            "Hãy để trống ở phần Vị trí, hoặc hoàn tác đợt ấy trước."
        )
        words = {"unit": effects.structure.name_of(post.code), "title": post.title.name}
        effects.problems.append(Problem(text=text % words))


def _check_abolished(
    effects: Effects, arriving: Mapping[tuple[str, int], Sequence[PersonEffect]]
) -> None:
    """Nobody holds a post that is abolished."""
    structure = effects.structure
    gone = {(post.code, post.title.pk): post for post in effects.posts if post.is_abolished}
    if not gone:
        return
    leaving = [each.appointment.pk for each in effects.people]
    staying = Appointment.objects.filter(
        active_on(structure.effective_on), unit__code__in={code for code, _title in gone}
    ).exclude(pk__in=leaving)
    held = Counter(staying.values_list("unit__code", "title_id"))
    for key, post in gone.items():
        count = held[key] + len(arriving.get(key, ()))
        if count:
            text = _(
                "Bỏ vị trí %(title)s ở %(unit)s: còn %(n)d người giữ. Hãy cho thôi giữ chức vụ "
                "trước, hoặc để ít nhất 1 ở phần Vị trí."
            )
            words = {"unit": structure.name_of(post.code), "title": post.title.name, "n": count}
            effects.problems.append(Problem(text=text % words))


def _check_seats(effects: Effects) -> None:
    """One head a post; more deputies than prescribed are told, since the law gives time for it."""
    structure = effects.structure
    prescribed = {(post.code, post.title.pk): post.after for post in effects.posts}
    arriving: defaultdict[tuple[str, int], list[PersonEffect]] = defaultdict(list)
    for each in effects.people:
        if each.begins and each.to_title:
            arriving[each.to_code, each.to_title.pk].append(each)
    _check_abolished(effects, arriving)
    present = _present(structure, arriving, prescribed)
    for (code, title_id), people in arriving.items():
        title = people[0].to_title
        already = present.get((code, title_id), [])
        room = prescribed.get((code, title_id), 0)
        total = len(people) + len(already)
        # A title without posts (staff) has no number to keep; a head is one in any case.
        if title is None or total <= max(room, 1) or not (room or title.is_head):
            continue
        names = [each.appointment.cadre.full_name for each in people] + already
        words = {
            "n": total,
            "title": title.name,
            "unit": structure.name_of(code),
            "room": room,
            "names": ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else ""),
        }
        if title.is_head:
            text = _(
                "%(n)d người cùng giữ %(title)s ở %(unit)s (quy định %(room)d): %(names)s. "
                "Hãy chọn ở phần Người ai giữ chức danh này, những người khác giữ chức danh nào."
            )
            effects.problems.append(Problem(text=text % words))
            effects.disputed |= {each.appointment.pk for each in people}
        else:
            text = _(
                "%(title)s ở %(unit)s có %(n)d người, quy định %(room)d. Vẫn áp dụng được; "
                "cần sắp xếp số dôi dư theo quy định."
            )
            effects.warnings.append(text % words)


def _present(
    structure: Structure,
    arriving: Mapping[tuple[str, int], Any],
    prescribed: dict[tuple[str, int], int],
) -> dict[tuple[str, int], list[str]]:
    """Names of those who hold the same posts already, on the day; fills in their numbers."""
    ids = {structure.ids[code] for code, _title in arriving if code in structure.ids}
    if not ids:
        return {}
    numbers = positions_on(structure.effective_on).filter(unit__in=ids)
    for unit, title, number in numbers.values_list("unit__code", "title_id", "number"):
        prescribed.setdefault((unit, title), number)
    titles = {title for _code, title in arriving}
    rows = Appointment.objects.filter(
        active_on(structure.effective_on), unit__in=ids, title__in=titles
    ).order_by("cadre__sort_key")
    leaving = {structure.ids[code] for code in structure.ended if code in structure.ids}
    found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for unit, title, name in rows.exclude(unit__in=leaving).values_list(
        "unit__code", "title_id", "cadre__full_name"
    ):
        found[unit, title].append(name)
    return found


# ---- Mandates --------------------------------------------------------------------------------


def _grants(structure: Structure) -> list[GrantEffect]:
    """Mandates in ending units, at each successor where the account does not have it already."""
    ids = {structure.ids[code]: code for code in structure.ended if code in structure.ids}
    if not ids:
        return []
    day = structure.effective_on
    rows = list(
        RoleGrant.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=day), unit__in=ids, role__in=_CARRIED_ROLES
        )
        .select_related("user", "unit")
        .order_by("user__username", "role", "unit__path")
    )
    held = RoleGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        Q(valid_from=None) | Q(valid_from__lte=day),
        user__in={row.user_id for row in rows},
    ).values_list("user_id", "role", "unit__code", "valid_to")
    reach: dict[tuple[int, str, str | None], dt.date] = {}
    for user_id, role, unit_code, until in held:
        key = (user_id, role, unit_code)
        reach[key] = max(until or dt.date.max, reach.get(key, dt.date.min))
    found = []
    for row in rows:
        for heir in structure.places[ids[row.unit_id or 0]].successors:
            above = [None, heir, *structure.way_up(heir)]
            until = row.valid_to or dt.date.max
            if any(
                reach.get((row.user_id, row.role, code), dt.date.min) >= until for code in above
            ):
                continue
            reach[row.user_id, row.role, heir] = until
            found.append(GrantEffect(grant=row, to_code=heir))
    return found


# ---- Other rooms -----------------------------------------------------------------------------


def _carry(
    act: Reorganisation,
    structure: Structure,
    posts: Sequence[PostEffect],
    people: Sequence[PersonEffect],
) -> Carry:
    ids = structure.ids
    titles: defaultdict[str, set[int]] = defaultdict(set)
    for post in posts:
        if post.after:
            titles[post.code].add(post.title.pk)
    return Carry(
        effective_on=structure.effective_on,
        decision_no=act.decision_no,
        endings=tuple(
            Ending(
                unit_id=ids[code],
                code=code,
                name=structure.name_of(code),
                successors=tuple(structure.places[code].successors),
            )
            for code in structure.ended
            if code in ids
        ),
        names={code: place.name for code, place in structure.places.items()},
        ids=ids,
        posts={code: frozenset(found) for code, found in titles.items()},
        abolished=frozenset(
            post.position_id for post in posts if post.is_abolished and post.position_id
        ),
        homes={
            (each.appointment.cadre_id, each.appointment.unit_id): each.to_code
            for each in people
            if each.to_code
        },
        carries_plans=act.carries_plans,
    )


def _warn_of_imports(effects: Effects) -> None:
    """Files that were checked against the structure of before are to be checked again."""
    waiting = ImportJob.objects.exclude(
        status__in=[ImportJob.Status.APPLIED, ImportJob.Status.REFUSED, ImportJob.Status.FAILED]
    ).count()
    if waiting:
        text = ngettext(
            "%(n)d tệp trao đổi đang chờ ghi được kiểm tra theo tổ chức cũ; hãy ghi trước khi áp "
            "dụng, hoặc tải lên lại sau đó.",
            "%(n)d tệp trao đổi đang chờ ghi được kiểm tra theo tổ chức cũ; hãy ghi trước khi áp "
            "dụng, hoặc tải lên lại sau đó.",
            waiting,
        )
        effects.warnings.append(text % {"n": waiting})
    ids = [effects.structure.ids[code] for code in effects.structure.ended]
    status = ListImport.Status
    lists = ListImport.objects.filter(
        unit__in=ids,
        status__in=[
            status.QUEUED,
            status.READING,
            status.OPEN,
            status.PREVIEW,
            status.APPLYING,
        ],
    ).count()
    if lists:
        text = ngettext(
            "%(n)d danh sách của đơn vị kết thúc chưa được ghi vào hồ sơ; hãy ghi hoặc bỏ trước "
            "khi áp dụng.",
            "%(n)d danh sách của đơn vị kết thúc chưa được ghi vào hồ sơ; hãy ghi hoặc bỏ trước "
            "khi áp dụng.",
            lists,
        )
        effects.warnings.append(text % {"n": lists})
