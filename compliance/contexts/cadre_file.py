"""Retirement on a person's file: when, how long from the day of view, and by which law."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import number
from cadres.file_parts import EVERYWHERE, Block, FilePart, Subject
from compliance.selectors.retirement import Retirement, retirement_of


class RetirementSource:
    """Retirement, on every part of a file; no query."""

    name = "retirement"
    tabs = EVERYWHERE

    def part(self, subject: Subject) -> FilePart:
        """Words for the head, and how the day was computed."""
        retirement = retirement_of(subject.cadre, subject.as_of)
        block = Block(
            template="compliance/_cadre_retirement.html",
            context={"retirement": retirement, "cadre": subject.cadre},
            order=80,
        )
        return FilePart(head=(head_words(retirement),), aside=(block,))


def head_words(retirement: Retirement) -> str:
    """ "nghỉ hưu 03/2050, còn 280 tháng"."""
    if retirement.first is None or retirement.last is None:
        return _("chưa tính được ngày nghỉ hưu")
    if not retirement.is_sure:
        words = {"first": f"{retirement.first:%m/%Y}", "last": f"{retirement.last:%m/%Y}"}
        return _("nghỉ hưu %(first)s nếu là nữ, %(last)s nếu là nam") % words
    words = {"month": f"{retirement.first:%m/%Y}", "n": number(retirement.months_left)}
    if not retirement.months_left:
        return _("nghỉ hưu %(month)s, còn dưới một tháng hoặc đã đến hạn") % words
    return _("nghỉ hưu %(month)s, còn %(n)s tháng") % words
