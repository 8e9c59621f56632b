"""Proposals of the solver as their page shows them: each move with its reasons, what is left, why.

What is asked stands in the address: the fields of the form, and `giu=` pairs that stay, `bo=` pairs
that are ruled out (codes of person, unit, title joined by colons), `bo-nguoi=`, `bo-don-vi=`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags.formats import date, number
from cadres.words import post_name, shortened, title_alone
from compliance.citations import citations_shown
from rotation.contexts.links import address, cadre_url
from rotation.contexts.parts import parts
from rotation.forms.proposals import START, WEIGHT, ProposalsForm
from rotation.proposals import Pin, Proposal, Row, UnitBalance
from rotation.proposals.words import reasons_against, reasons_for
from rotation.selectors.movable import Person
from rotation.selectors.pins import Codes, Named, pair_text
from rotation.selectors.plans import RECEIVE, SEND

NAME = "rotation:proposals"
KEEP, BAN, BAN_PERSON, BAN_UNIT = "giu", "bo", "bo-nguoi", "bo-don-vi"
WISHES = (KEEP, BAN, BAN_PERSON, BAN_UNIT)
CHOSEN = "chon"
#: More wishes were not made by our links; more names than this are counted, not listed.
_MOST, _NAMED, _OPEN = 200, 60, 20


@dataclass(frozen=True)
class ProposalsAddress:
    """Reads and writes what is wished beside the form."""

    query: QueryDict

    def of(self, name: str) -> list[str]:
        """The values under one name."""
        values = dict.fromkeys(self.query.getlist(name))
        return [value for value in values if value and "\x00" not in value][:_MOST]

    def here(
        self, *, plus: tuple[str, str] | None = None, minus: tuple[str, str] | None = None
    ) -> str:
        """This page with one wish more or less."""
        pairs = [
            (name, value)
            for name in self.query
            if name != CHOSEN
            for value in dict.fromkeys(self.query.getlist(name))
            if value and (name, value) != minus and "\x00" not in value
        ]
        if plus is not None and plus not in pairs:
            pairs.append(plus)
        return f"{reverse(NAME)}?{urlencode(pairs)}" if pairs else reverse(NAME)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The wishes as fields of a form that asks again."""
        return [(name, value) for name in WISHES for value in self.of(name)]


@dataclass(frozen=True)
class Scene:
    """What words need beside the answer."""

    asked: ProposalsAddress
    codes: Codes
    form: ProposalsForm
    as_of: dt.date
    units: Iterable[Any]
    found: Proposal | None = None
    chosen: frozenset[str] = frozenset()
    errors: Sequence[str] = ()

    def page(self) -> dict[str, Any]:
        """Context of `rotation/proposals.html`."""
        form = self.form
        weights = [form[name] for name in form.fields if name.startswith(WEIGHT)]
        return {
            "parts": parts(NAME, self.as_of),
            "crumbs": [
                {
                    "label": _("Luân chuyển"),
                    "url": address("rotation:rotation-list", as_of=self.as_of),
                }
            ],
            "form": form,
            "fields": [form[name] for name in form.fields if not name.startswith(WEIGHT)],
            "weights": weights,
            "is_weighed": any(str(field.value() or "thuong") != "thuong" for field in weights),
            "hidden": self.asked.hidden,
            "units": [f"{unit.code} · {unit.name}" for unit in self.units],
            "chips": self._chips(),
            "errors": self.errors,
            **(self._answer(self.found) if self.found else {"found": None}),
        }

    def _answer(self, found: Proposal) -> dict[str, Any]:
        balances = {each.unit_id: each for each in found.balances}
        return {
            "found": found,
            "start_on": form_day(self.form),
            "lede": self._lede(found),
            "effort": self._effort(found),
            "refused": [
                {"pair": self._pin(each.pin), "why": each.why, "drop": self._drop(each.pin)}
                for each in found.refused
            ],
            "clash": [{"pair": self._pin(p), "drop": self._drop(p)} for p in found.clash],
            "rows": [self._row(row, balances) for row in found.rows],
            "make_url": self.asked.here(),
            "left": self._left(found),
            "left_count": len(found.unfilled) + len(found.stopped) + found.movable.left_out,
            "balances": [self._balance(each) for each in found.balances],
            "still_open": [
                {
                    "post": post_name(seat.title.name, seat.unit.name),
                    "n": n,
                    "is_head": seat.title.is_head,
                }
                for seat, n in found.still_open[:_OPEN]
            ],
            "still_open_more": max(0, len(found.still_open) - _OPEN),
            "plan": found.plan,
            "plan_url": address("rotation:plan-detail", found.plan.year, as_of=self.as_of)
            if found.plan
            else "",
            "weighed": found.weighed,
            "people": len(found.movable.people),
        }

    # ---- First

    def _lede(self, found: Proposal) -> str:
        rows = len(found.rows)
        if not rows:
            return _("Không có lượt luân chuyển nào vừa đúng quy định vừa có lợi.")
        covered = sum(bool(row.person.reasons) for row in found.rows)
        text = ngettext("%(n)s lượt luân chuyển", "%(n)s lượt luân chuyển", rows) % {"n": rows}
        rest = _("giải quyết nhu cầu của %(m)s người; còn %(k)s người chưa có phương án.") % {
            "m": covered,
            "k": len(found.unfilled) + len(found.stopped) + found.movable.left_out,
        }
        return f"{text}, {rest}"

    def _effort(self, found: Proposal) -> str:
        if not found.is_found:
            return _("Chưa tìm được trong giới hạn. Hãy thu hẹp đơn vị hoặc nhóm người.")
        if found.refused or found.clash:
            return _("Phương án gần nhất với điều đồng chí muốn giữ.")
        if found.is_best and (found.is_trimmed or found.movable.left_out):
            return _("Tốt nhất trong các cách ghép đã xét (nơi có lợi nhất của mỗi người).")
        if found.is_best:
            return _("Phương án tốt nhất theo mức ưu tiên đã chọn.")
        return _("Tốt nhất tìm được trong giới hạn; có thể còn phương án tốt hơn.")

    # ---- Rows

    def _row(self, row: Row, balances: dict[int, UnitBalance]) -> dict[str, Any]:
        person, seat = row.person, row.seat
        text = pair_text(person.code, seat.unit.code, seat.title.code)
        waits = ", ".join(each.name for each in row.waits_for)
        return {
            "key": text,
            "is_chosen": text in self.chosen if self.chosen else False,
            "is_pinned": row.is_pinned,
            "name": person.name,
            "url": cadre_url(person.code, self.as_of),
            "from_title": shortened(title_alone(person.title.name)) if person.title else "",
            "from_unit": person.unit.name if person.unit else "",
            "from_balance": self._side(balances.get(person.post[0]), SEND),
            "to_title": shortened(title_alone(seat.title.name)),
            "to_unit": seat.unit.name,
            "to_balance": self._side(balances.get(seat.unit.pk), RECEIVE),
            "gains": list(reasons_for(row)),
            "losses": list(reasons_against(row)),
            "waits": _("Vào chỗ của %(people)s, chuyển đi trong cùng phương án") % {"people": waits}
            if waits
            else "",
            "conditions": self._conditions(row),
            "keep_url": self.asked.here(
                **({"minus": (KEEP, text)} if row.is_pinned else {"plus": (KEEP, text)})
            ),
            "ban_url": "" if row.is_pinned else self.asked.here(plus=(BAN, text)),
            "ban_person_url": ""
            if row.is_pinned
            else self.asked.here(plus=(BAN_PERSON, person.code)),
        }

    def _conditions(self, row: Row) -> list[dict[str, Any]]:
        """What the rules say of the move, in their own words."""
        judged = row.judged
        findings = [judged.in_plan, judged.service, judged.non_local]
        told = [
            {
                "outcome": each.outcome.code,
                "text": each.message,
                "citations": citations_shown(each.citations),
            }
            for each in findings
            if each is not None and each.message
        ]
        return [*told, {"outcome": "met", "text": row.equivalent, "citations": ()}]

    def _side(self, balance: UnitBalance | None, side: str) -> str:
        """What the proposal does to one side of a unit, beside its target."""
        if balance is None:
            return ""
        n = balance.sent if side == SEND else balance.received
        word = _("đi %(n)s") if side == SEND else _("đến %(n)s")
        if balance.progress is None:
            return word % {"n": n}
        missing = balance.progress.missing(side)
        rest = _("chỉ tiêu còn %(m)s") % {"m": missing}
        return f"{word % {'n': n}} · {rest}"

    # ---- What is left

    def _left(self, found: Proposal) -> list[dict[str, Any]]:
        """People without a proposal by the reason why, the most of one reason first."""
        groups: defaultdict[str, list[tuple[Person, str]]] = defaultdict(list)
        for left in found.unfilled:
            groups[left.why].append((left.person, ""))
        for stopped in found.stopped:
            groups[stopped.why].append((stopped.person, stopped.detail))
        rows = [
            {
                "why": why,
                "n": len(people),
                "people": [self._named(*each) for each in people[:_NAMED]],
                "more": max(0, len(people) - _NAMED),
            }
            for why, people in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        ]
        if found.movable.left_out:
            why = _("Chưa xét: quá nhiều người. Hãy thu hẹp đơn vị hoặc nhóm người.")
            rows.append({"why": why, "n": found.movable.left_out, "people": [], "more": 0})
        return rows

    def _named(self, person: Person, detail: str) -> dict[str, str]:
        post = (
            post_name(shortened(person.title.name), person.unit.name)
            if person.title and person.unit
            else ""
        )
        return {
            "name": person.name,
            "url": cadre_url(person.code, self.as_of),
            "post": post,
            "needs": ", ".join(str(reason.label) for reason in person.reasons),
            "detail": detail,
        }

    def _balance(self, each: UnitBalance) -> dict[str, Any]:
        progress = each.progress
        cells = []
        for side, n in ((SEND, each.sent), (RECEIVE, each.received)):
            missing = progress.missing(side) if progress else None
            is_over = missing is not None and n > missing
            cells.append({"n": number(n), "asked": missing, "is_over": is_over})
        return {
            "name": each.name,
            "cells": cells,
            "net": each.received - each.sent,
            "drop": self.asked.here(plus=(BAN_UNIT, each.code)),
        }

    # ---- Wishes

    def _pin(self, pin: Pin) -> str:
        for text in self.asked.of(KEEP):
            named = self.codes.named(text)
            if named.ids == pin:
                return f"{named.person} → {named.post}"
        return "–"

    def _drop(self, pin: Pin) -> str:
        for text in self.asked.of(KEEP):
            if self.codes.named(text).ids == pin:
                return self.asked.here(minus=(KEEP, text))
        return ""

    def _chips(self) -> list[dict[str, str]]:
        """What is wished, each with the address that takes it back."""
        found = []
        for name, label in ((KEEP, _("Giữ")), (BAN, _("Không ghép"))):
            for text in self.asked.of(name):
                named: Named = self.codes.named(text)
                value = f"{named.person} → {named.post}" if named.post else named.person
                if named.ids is None:
                    value = _("%(pair)s (không tìm thấy)") % {"pair": value}
                found.append(self._chip(name, text, label, value))
        for code in self.asked.of(BAN_PERSON):
            person = self.codes.people.get(code)
            value = person.full_name if person else code
            found.append(self._chip(BAN_PERSON, code, _("Loại người"), value))
        for code in self.asked.of(BAN_UNIT):
            unit = self.codes.units.get(code)
            found.append(self._chip(BAN_UNIT, code, _("Loại đơn vị"), unit.name if unit else code))
        return found

    def _chip(self, name: str, text: str, label: str, value: str) -> dict[str, str]:
        return {
            "label": label,
            "value": value,
            "remove_url": self.asked.here(minus=(name, text)),
        }


def form_day(form: ProposalsForm) -> str:
    """The day that was asked for, in words."""
    return date(form.cleaned_data[START])
