"""What the steps of a reorganisation make of the structure, and why some of them cannot be."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date
from cadres.choices import Level, StepKind, UnitKind
from cadres.models import Reorganisation, ReorganisationStep, Unit, UnitPeriod
from cadres.periods import valid_on

#: Paths have room for so many levels.
DEEPEST = 60
_NAMED = 5
_CODE = re.compile(r"[\w.\-]{1,40}")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why an act cannot be applied; `step`: the number of the step, None for the act as a whole."""

    text: str
    step: int | None = None


@dataclass
class Place:
    """A unit as it will be after the steps; `unit` is None for one that the act creates."""

    code: str
    name: str
    kind: str
    level: str
    parent: str
    unit: Unit | None = None
    is_ended: bool = False
    is_renamed: bool = False
    is_moved: bool = False
    #: Moved because the unit above ended, not by a step of its own.
    follows: bool = False
    successors: list[str] = field(default_factory=list)
    step: int | None = None


@dataclass(kw_only=True)
class Structure:
    """The structure that an act leads to: only the units that it names, and those above them."""

    effective_on: dt.date
    places: dict[str, Place]
    problems: list[Problem]
    #: Codes in the order in which they have to be made: a unit after the one above it.
    created: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    #: A unit that gives part of its work away and stays: code to the codes that take it.
    parted: dict[str, list[str]] = field(default_factory=dict)
    #: Where merges lead: these take over the titles of what ends.
    merged: dict[str, list[str]] = field(default_factory=dict)

    @property
    def renamed(self) -> list[Place]:
        """Units that are described anew."""
        return [each for each in self.places.values() if each.is_renamed]

    @property
    def moved(self) -> list[Place]:
        """Units that come under another one, those that follow included."""
        return [each for each in self.places.values() if each.is_moved]

    @property
    def successions(self) -> list[tuple[str, str]]:
        """Pairs (unit, successor)."""
        pairs = [(code, heir) for code in self.ended for heir in self.places[code].successors]
        pairs += [(code, heir) for code, heirs in self.parted.items() for heir in heirs]
        return list(dict.fromkeys(pairs))

    @property
    def ids(self) -> dict[str, int]:
        """Ids of the units that exist."""
        return {code: each.unit.pk for code, each in self.places.items() if each.unit}

    def name_of(self, code: str) -> str:
        """The name that a unit will have; its code where it is not known."""
        return self.places[code].name if code in self.places else code

    def is_open(self, code: str) -> bool:
        """Whether the unit is there on the day the act takes effect."""
        place = self.places.get(code)
        if place is None or place.is_ended:
            return False
        return place.unit is None or _exists(place.unit, self.effective_on)

    def way_up(self, code: str) -> list[str]:
        """Codes of the units above, nearest first."""
        way: list[str] = []
        place = self.places.get(code)
        while place and place.parent and place.parent not in way:
            way.append(place.parent)
            place = self.places.get(place.parent)
        return way


def structure_of(act: Reorganisation, extra: Iterable[str] = ()) -> Structure:
    """Work the steps out, in order; six queries, whatever their number.

    `extra`: codes of units that are known besides, for example where people go.
    """
    steps = list(act.steps.all())
    draft = _Draft(act.effective_on, steps, set(extra))
    for step in steps:
        draft.take(step)
    if not steps:
        draft.refuse(_("Chưa có bước nào. Hãy thêm ít nhất một bước."))
    draft.finish()
    return draft.structure


def _exists(unit: Unit, day: dt.date) -> bool:
    begun = unit.valid_from is None or unit.valid_from <= day
    return begun and (unit.valid_to is None or unit.valid_to >= day)


class _Draft:
    """The steps taken so far."""

    def __init__(
        self, effective_on: dt.date, steps: Sequence[ReorganisationStep], extra: set[str]
    ) -> None:
        self.day = effective_on
        self.step: int | None = None
        codes = {step.unit_code for step in steps} | {step.parent_code for step in steps} | extra
        codes |= {code for step in steps for code in step.other_codes}
        codes.discard("")
        self.structure = Structure(
            effective_on=effective_on, places=_read_places(codes), problems=[]
        )
        self.places = self.structure.places
        named = [place.unit.pk for place in self.places.values() if place.unit]
        self.later = _later_facts(named, effective_on)

    def refuse(self, text: str) -> None:
        """Note why it cannot be."""
        self.structure.problems.append(Problem(text=text, step=self.step))

    # -- Steps --

    def take(self, step: ReorganisationStep) -> None:
        """One step."""
        self.step = step.number
        {
            StepKind.CREATE: self._create,
            StepKind.MERGE: self._merge,
            StepKind.SPLIT: self._split,
            StepKind.RENAME: self._rename,
            StepKind.MOVE: self._move,
            StepKind.CLOSE: self._close,
        }[StepKind(step.kind)](step)
        self.step = None

    def _create(self, step: ReorganisationStep) -> None:
        code = step.unit_code
        if code in self.places:
            self.refuse(
                _("Mã “%(code)s” đã được dùng cho %(name)s. Hãy chọn mã khác.")
                % {"code": code, "name": self.places[code].name}
            )
            return
        if not _CODE.fullmatch(code):
            self.refuse(
                _("Mã “%(code)s” chỉ được gồm chữ, số, dấu chấm, gạch ngang.") % {"code": code}
            )
        if not step.name.strip():
            self.refuse(_("Đơn vị mới “%(code)s” chưa có tên.") % {"code": code})
        if step.parent_code and not self._open(step.parent_code, _("đơn vị cấp trên")):
            return
        self.places[code] = Place(
            code=code,
            name=step.name.strip(),
            kind=step.unit_kind or UnitKind.OTHER,
            level=step.level or self._level_of(step.parent_code),
            parent=step.parent_code,
            step=step.number,
        )
        if len(self.structure.way_up(code)) >= DEEPEST:
            self.refuse(_("Cây tổ chức chỉ có tối đa %(most)d cấp.") % {"most": DEEPEST})
        self.structure.created.append(code)

    def _merge(self, step: ReorganisationStep) -> None:
        target, sources = step.unit_code, list(dict.fromkeys(step.other_codes))
        if not sources:
            self.refuse(_("Chưa chọn đơn vị nào để nhập vào %(name)s.") % self._named(target))
            return
        if target in sources:
            self.refuse(_("%(name)s không thể nhập vào chính mình.") % self._named(target))
            return
        if not self._open(target, _("đơn vị nhận")):
            return
        above = self.structure.way_up(target)
        for code in sources:
            if code in above:
                self.refuse(
                    _(
                        "%(target)s đang trực thuộc %(name)s nên không thể nhận %(name)s. "
                        "Hãy thêm bước chuyển %(target)s sang đơn vị cấp trên khác trước bước này."
                    )
                    % {"target": self.structure.name_of(target), **self._named(code)}
                )
            elif self._end(code, [target], _("đơn vị được nhập")):
                self.structure.merged.setdefault(target, []).append(code)

    def _split(self, step: ReorganisationStep) -> None:
        source, targets = step.unit_code, list(dict.fromkeys(step.other_codes))
        least = 1 if step.keeps_source else 2
        if len(targets) < least:
            self.refuse(
                _("Tách %(name)s cần ít nhất %(least)d đơn vị nhận.")
                % {**self._named(source), "least": least}
            )
            return
        if source in targets:
            self.refuse(_("%(name)s không thể nhận từ chính mình.") % self._named(source))
            return
        if not all(self._open(code, _("đơn vị nhận")) for code in targets):
            return
        if not step.keeps_source:
            self._end(source, targets, _("đơn vị bị chia"))
        elif self._open(source, _("đơn vị bị tách")) and not self._is_young(source):
            self.structure.parted.setdefault(source, []).extend(targets)

    def _rename(self, step: ReorganisationStep) -> None:
        place = self._changing(step.unit_code, _("đơn vị được đổi tên"))
        if place is None:
            return
        if place.is_renamed:
            self.refuse(
                _("%(name)s đã có bước đổi tên trong lần này. Hãy bỏ một bước.")
                % {"name": place.name}
            )
            return
        new = (
            step.name.strip() or place.name,
            step.unit_kind or place.kind,
            step.level or place.level,
        )
        if new == (place.name, place.kind, place.level):
            self.refuse(
                _("Tên, loại và cấp của %(name)s không đổi so với hiện nay.") % {"name": place.name}
            )
            return
        place.name, place.kind, place.level = new
        place.is_renamed, place.step = True, step.number

    def _move(self, step: ReorganisationStep) -> None:
        place = self._changing(step.unit_code, _("đơn vị được chuyển"))
        if place is None:
            return
        parent = step.parent_code
        if parent and not self._open(parent, _("đơn vị cấp trên mới")):
            return
        if place.is_moved:
            self.refuse(
                _("%(name)s đã có bước chuyển trong lần này. Hãy bỏ một bước.")
                % {"name": place.name}
            )
        elif parent == place.parent:
            self.refuse(_("%(name)s đang trực thuộc chính đơn vị đó.") % {"name": place.name})
        elif parent == place.code or place.code in self.structure.way_up(parent):
            self.refuse(
                _("Không thể chuyển %(name)s vào bên dưới chính nó.") % {"name": place.name}
            )
        else:
            place.parent, place.is_moved, place.step = parent, True, step.number

    def _close(self, step: ReorganisationStep) -> None:
        heirs = list(dict.fromkeys(step.other_codes))
        if step.unit_code in heirs:
            self.refuse(_("%(name)s không thể kế tục chính mình.") % self._named(step.unit_code))
            return
        if all(self._open(code, _("đơn vị kế tục")) for code in heirs):
            self._end(step.unit_code, heirs, _("đơn vị kết thúc"))

    # -- Conditions --

    def _named(self, code: str) -> dict[str, str]:
        return {"name": self.structure.name_of(code)}

    def _level_of(self, parent: str) -> str:
        return self.places[parent].level if parent in self.places else Level.PROVINCE

    def _open(self, code: str, role: str) -> bool:
        """Whether the unit is known and there on the day; says what is wrong."""
        place = self.places.get(code)
        if place is None:
            self.refuse(
                _("Không có đơn vị mã “%(code)s” (%(role)s). Hãy chọn lại.")
                % {"code": code, "role": role}
            )
            return False
        words = {"name": place.name, "role": role, "day": date(self.day)}
        if place.is_ended:
            self.refuse(_("%(name)s (%(role)s) đã kết thúc ở một bước trước.") % words)
            return False
        if place.unit and not _exists(place.unit, self.day):
            self.refuse(_("%(name)s (%(role)s) không hoạt động vào ngày %(day)s.") % words)
            return False
        return True

    def _is_young(self, code: str) -> bool:
        """Whether the unit begins only now, so that it cannot end or change; says so."""
        place = self.places[code]
        if place.unit is None:
            self.refuse(
                _("%(name)s vừa được lập trong lần này; hãy sửa ngay bước lập đơn vị.")
                % {"name": place.name}
            )
            return True
        if place.unit.valid_from and place.unit.valid_from >= self.day:
            self.refuse(
                _("%(name)s có từ ngày %(day)s, không thể thay đổi từ chính ngày đó.")
                % {"name": place.name, "day": date(place.unit.valid_from)}
            )
            return True
        return False

    def _changing(self, code: str, role: str) -> Place | None:
        if not self._open(code, role) or self._is_young(code) or self._has_later_facts(code):
            return None
        return self.places[code]

    def _has_later_facts(self, code: str) -> bool:
        unit = self.places[code].unit
        later = self.later.get(unit.pk) if unit else None
        if later is None:
            return False
        self.refuse(
            _(
                "%(name)s đã đổi tên hoặc chuyển cấp trên sau ngày %(day)s (%(later)s); "
                "hãy hoàn tác thay đổi đó trước, hoặc chọn ngày hiệu lực sau."
            )
            % {"name": self.places[code].name, "day": date(self.day), "later": date(later)}
        )
        return True

    def _end(self, code: str, heirs: list[str], role: str) -> bool:
        place = self._changing(code, role)
        if place is None:
            return False
        unit = place.unit
        if unit and unit.valid_to is not None:
            self.refuse(
                _("%(name)s đã có ngày kết thúc là %(day)s.")
                % {"name": place.name, "day": date(unit.valid_to)}
            )
            return False
        place.is_ended, place.successors, place.step = True, heirs, self.step
        self.structure.ended.append(code)
        return True

    # -- Afterwards --

    def finish(self) -> None:
        """Units below those that end follow the successor, where there is just one."""
        ended = [self.places[code] for code in self.structure.ended]
        below = _children_of([place.unit for place in ended if place.unit], self.day)
        self.later |= _later_facts([u.pk for units in below.values() for u in units], self.day)
        for place in ended:
            left = self._left_below(place, below[place.code])
            if not left:
                continue
            heirs = [code for code in place.successors if self.structure.is_open(code)]
            if len(heirs) == 1 and not any(
                child.code == heirs[0] or child.code in self.structure.way_up(heirs[0])
                for child in left
            ):
                for child in left:
                    if not self._has_later_facts(child.code):
                        child.parent, child.is_moved, child.follows = heirs[0], True, True
                continue
            names = ", ".join(child.name for child in left[:_NAMED])
            if len(left) > _NAMED:
                names += "…"
            self.step = place.step
            self.refuse(
                _(
                    "%(name)s kết thúc nhưng còn %(n)d đơn vị trực thuộc đang hoạt động: "
                    "%(names)s. Hãy thêm bước chuyển hoặc kết thúc các đơn vị ấy."
                )
                % {"name": place.name, "n": len(left), "names": names}
            )
            self.step = None
        for place in self.places.values():
            is_placed = place.unit is None or (place.is_moved and not place.follows)
            if place.is_ended or not is_placed or not place.parent:
                continue
            if self.places[place.parent].is_ended:
                self.step = place.step
                self.refuse(
                    _("%(parent)s kết thúc trong lần này nên không thể là cấp trên của %(name)s.")
                    % {"parent": self.structure.name_of(place.parent), "name": place.name}
                )
        self.step = None

    def _left_below(self, ended: Place, units: list[Unit]) -> list[Place]:
        """Units directly below that stay and would hang under what is no more."""
        for unit in units:
            if unit.code not in self.places:
                self.places[unit.code] = _place(unit, ended.code)
        return [
            place
            for place in self.places.values()
            if place.parent == ended.code
            and not place.is_ended
            and place.unit
            and _exists(place.unit, self.day)
        ]


# ---- Reads -----------------------------------------------------------------------------------


def _place(unit: Unit, parent: str) -> Place:
    return Place(
        code=unit.code, name=unit.name, kind=unit.kind, level=unit.level, parent=parent, unit=unit
    )


def _read_places(codes: set[str]) -> dict[str, Place]:
    """The units with these codes, and all above them; two queries."""
    if not codes:
        return {}
    named = list(Unit.objects.filter(code__in=codes))
    step = Unit.steplen
    above = {unit.path[:end] for unit in named for end in range(step, len(unit.path), step)}
    above -= {unit.path for unit in named}
    units = named + (list(Unit.objects.filter(path__in=above)) if above else [])
    by_path = {unit.path: unit.code for unit in units}
    return {
        unit.code: _place(unit, by_path.get(unit.path[:-step], ""))
        for unit in sorted(units, key=lambda unit: unit.path)
    }


def _later_facts(unit_ids: Sequence[int], day: dt.date) -> dict[int, dt.date]:
    """Units whose facts change on or after the day (or will), with the day of that change."""
    later: dict[int, dt.date] = {}
    rows = UnitPeriod.objects.filter(
        Q(valid_to__gte=day) | Q(valid_to=None), unit__in=unit_ids
    ).values_list("unit_id", "valid_from", "valid_to")
    for unit_id, begins, ends in rows:
        changed = ends + dt.timedelta(days=1) if ends else begins or day
        later[unit_id] = max(changed, later.get(unit_id, changed))
    return later


def _children_of(units: Sequence[Unit], day: dt.date) -> defaultdict[str, list[Unit]]:
    """Units directly below, on the day, by the code of the unit above; one query."""
    found: defaultdict[str, list[Unit]] = defaultdict(list)
    if not units:
        return found
    by_path = {unit.path: unit.code for unit in units}
    below = Q()
    for unit in units:
        below |= Q(path__gte=unit.path, path__lt=unit.path + "~", depth=unit.depth + 1)
    for child in Unit.objects.filter(below, valid_on(day)).order_by("path"):
        found[by_path[child.path[: -Unit.steplen]]].append(child)
    return found
