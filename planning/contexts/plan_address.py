"""The address of a plan's page: what is proposed there and not saved, so that a GET never writes.

`them=POOL-CODE` adds somebody, `bo=ID` ends a nomination (`ly-do-ID`, `ghi-chu-ID` say why),
`rut=POOL-CODE` takes back what the draft says, `xep=POOL-CADRE.CADRE` orders a pool, `goc=N` is the
version of the draft that all this was chosen on. `xem=duyet` leaves the draft out, `xem=du-thao`
shows it. `chuc-danh`, `ngay`, as on every planning page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from cadre_portal.common import clock
from cadre_portal.common.viewdate import PARAMETER
from planning.contexts.links import address
from planning.drafting import Add, Change, Reorder, Withdraw
from planning.models import Plan
from planning.selectors.drafts import Asked

ADD, REMOVE, WITHDRAW, ORDER, BASE = "them", "bo", "rut", "xep", "goc"
REASON, NOTE = "ly-do-", "ghi-chu-"
PICKED, VIEW = "chuc-danh", "xem"
#: What `xem` may say: the plan as it stands, or with its draft; without it the reader's role says.
STANDING, DRAFT = "duyet", "du-thao"
#: Names of changes, and how the names begin that say more of one of them.
CHANGES = (ADD, REMOVE, WITHDRAW, ORDER)
DETAILS = (REASON, NOTE)
#: An address that is longer than this was not made by our links.
_MOST, _LONGEST = 400, 2000

Pair = tuple[str, str]


class PlanAddress:
    """Reads and writes the unsaved changes in an address, or in a form with the same names."""

    def __init__(self, plan: Plan, as_of: dt.date, query: QueryDict) -> None:
        self.plan, self.as_of = plan, as_of
        self._path = reverse("planning:plan-detail", args=[plan.pk])
        self.picked = query.get(PICKED, "")
        self.view = query.get(VIEW, "")
        self.pairs: list[Pair] = [
            (name, value[:_LONGEST])
            for name, values in query.lists()
            if name in CHANGES or name.startswith(DETAILS)
            for value in dict.fromkeys(values)
            if value and "\x00" not in value
        ][:_MOST]
        self.version = _number(query.get(BASE, ""))

    # -- read

    def asked(self) -> Asked:
        """What the address asks for."""
        values = dict(self.pairs)
        orders = {}
        for pool_id, rest in self._keyed(ORDER):
            people = [_number(part) for part in rest.split(".")]
            orders[pool_id] = tuple(pk for pk in people if pk is not None)
        removed = [_number(value) for name, value in self.pairs if name == REMOVE]
        return Asked(
            added=self._keyed(ADD),
            removed={
                pk: (values.get(f"{REASON}{pk}", ""), values.get(f"{NOTE}{pk}", ""))
                for pk in removed
                if pk is not None
            },
            withdrawn=self._keyed(WITHDRAW),
            orders=orders,
            version=self.version,
        )

    def _keyed(self, wanted: str) -> list[tuple[int, str]]:
        found = []
        for name, value in self.pairs:
            pool, _dash, rest = value.partition("-")
            pool_id = _number(pool)
            if name == wanted and pool_id is not None and rest:
                found.append((pool_id, rest))
        return found

    # -- write

    def url(
        self, *, plus: Iterable[Pair] = (), minus: Iterable[Pair] = (), picked: Any = None
    ) -> str:
        """The page with some changes more or less; `picked`: the pool that phones show."""
        return self._page([*self._without(minus), *plus], self.version, picked)

    def seen(self, view: str) -> str:
        """The page without unsaved changes, as it stands or with its draft."""
        return self._page([], None, None, view)

    def on(self, version: int, minus: Iterable[Pair] = ()) -> str:
        """The page with the changes as if chosen on a version of the draft."""
        return self._page(self._without(minus), version, None)

    def _without(self, minus: Iterable[Pair]) -> list[Pair]:
        gone = set(minus)
        dropped = {value for name, value in gone if name == REMOVE}
        told = {f"{part}{pk}" for pk in dropped for part in DETAILS}
        return [pair for pair in self.pairs if pair not in gone and pair[0] not in told]

    def cleared(self) -> str:
        """The page without any unsaved change."""
        return self._page([], None, None)

    def _page(self, pairs: list[Pair], version: int | None, picked: Any, view: str = "") -> str:
        """Written without asking for the path again: a page has hundreds of these."""
        kept = ((PICKED, picked or self.picked), (VIEW, view or self.view))
        query = [(name, str(value)) for name, value in kept if value]
        if self.as_of != clock.today():
            query.append((PARAMETER, self.as_of.isoformat()))
        query += pairs
        if pairs and version is not None:
            query.append((BASE, str(version)))
        return f"{self._path}?{urlencode(query)}" if query else self._path

    def beside(self, name: str, *args: int, more: Iterable[Pair] = ()) -> str:
        """Another page about the plan, on the same day, with the changes as they are."""
        page = address(name, self.plan.pk, *args, as_of=self.as_of)
        kept = urlencode([*self.carried, *more])
        return f"{page}{'&' if '?' in page else '?'}{kept}" if kept else page

    def of_action(self, name: str) -> str:
        """The address of a form about the plan, on the same day."""
        return address(name, self.plan.pk, as_of=self.as_of)

    @property
    def hidden(self) -> list[Pair]:
        """Fields of a form that carry the changes on; reasons have fields of their own."""
        kept = [pair for pair in self.pairs if not pair[0].startswith(DETAILS)]
        base = [(BASE, str(self.version))] if self.version is not None else []
        return [*kept, *base, *([(PICKED, self.picked)] if self.picked else [])]

    @property
    def carried(self) -> list[Pair]:
        """As `hidden`, with the reasons: for forms that leave the changes as they are."""
        return [*self.hidden, *(p for p in self.pairs if p[0].startswith(DETAILS))]


def pair_of(change: Change, codes: dict[int, str]) -> Pair:
    """How the address writes a change; `codes`: of people by id."""
    if isinstance(change, Reorder):
        return order_pair(change.pool_id, change.cadre_ids)
    if isinstance(change, Add | Withdraw):
        name = ADD if isinstance(change, Add) else WITHDRAW
        return name, f"{change.pool_id}-{codes.get(change.cadre_id, '')}"
    return REMOVE, str(change.nomination_id)


def order_pair(pool_id: int, cadre_ids: Iterable[int]) -> Pair:
    """How the address writes the order of a pool."""
    return ORDER, f"{pool_id}-{'.'.join(map(str, cadre_ids))}"


def _number(text: str) -> int | None:
    """An id or version; None for what the database could not hold."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
