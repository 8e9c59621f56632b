"""What an address asks of the list of people: the same for the page and for a file made later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import QueryDict

from cadres import selectors
from cadres.contexts.cadre_list import CHOSEN, ORDER, WHOLE, Address
from cadres.contexts.columns import columns_shown, further_orders
from cadres.forms.filters import CadreFilterForm
from cadres.listing import Column
from cadres.models import Cadre, User
from cadres.policies import can_see_sensitive
from cadres.selectors.cadre_list import DEFAULT_ORDER, ORDERS, CadreFilters

#: Nobody ticks more than a page; a longer address is a mistake.
MOST_CHOSEN = 500


class Asked:
    """What an address asks of the list: filters, order, day. Reads nothing by itself."""

    def __init__(self, actor: User, query: QueryDict, as_of: dt.date) -> None:
        self.actor = actor
        self.as_of = as_of
        self.form = CadreFilterForm(query, actor=self.actor, as_of=self.as_of)
        self.orders = further_orders()
        order = query.get(ORDER, DEFAULT_ORDER)
        known = order in ORDERS or order.removeprefix("-") in self.orders
        self.address = Address(self.form.asked(), order if known else DEFAULT_ORDER, self.as_of)
        codes = query.getlist(CHOSEN)[:MOST_CHOSEN]
        #: The people who were ticked; none when the whole result is meant.
        self.codes = [] if query.get(WHOLE) else codes
        self.with_sensitive = can_see_sensitive(self.actor)

    def people(self) -> QuerySet[Cadre]:
        """Who passes the filters."""
        return self._list(self.form.filters())

    def chosen(self) -> QuerySet[Cadre]:
        """Who was ticked, else who passes the filters."""
        return self._list(CadreFilters(codes=self.codes)) if self.codes else self.people()

    def _list(self, filters: CadreFilters) -> QuerySet[Cadre]:
        return selectors.cadre_list(
            self.actor, self.as_of, filters, self.address.order, self.orders
        )

    def columns(self, chosen: Sequence[str] | None) -> list[Column]:
        """The columns that the account chose."""
        return columns_shown(chosen, with_sensitive=self.with_sensitive)
