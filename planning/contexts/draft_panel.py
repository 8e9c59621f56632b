"""What stands above the findings: unsaved changes to save or drop, the draft, who met whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from planning.choices import DraftAct, PlanStatus, RemovalReason
from planning.contexts.links import plan_url
from planning.contexts.plan_address import DRAFT, STANDING, Pair, pair_of
from planning.contexts.what_if import WhatIf
from planning.drafting import Add, Change, Remove, Reorder
from planning.models import Dossier
from planning.selectors import drafts as proposals
from planning.selectors.cycles import cycles_open_for
from planning.selectors.drafts import Clash, Since

Titles = Mapping[int, str]


def draft_panel(what_if: WhatIf, titles: Titles) -> dict[str, Any]:
    """The panel of a plan's page; `titles`: of its pools by id."""
    number = len(what_if.changes)
    dossier = what_if.draft.dossier
    can_save = bool(number and what_if.is_editable and dossier and not what_if.clashes)
    return {
        "unsaved": number,
        "title": ngettext("Nếu lưu %(n)s thay đổi", "Nếu lưu %(n)s thay đổi", number)
        % {"n": number},
        "can_save": can_save,
        "save_url": what_if.address.of_action("planning:plan-draft-save"),
        "fields": what_if.address.hidden,
        "clear_url": what_if.address.cleared(),
        "unreasoned": sum(not change.reason for change in what_if.removals.values()),
        "ordered": sorted(titles[pool_id] for pool_id in what_if.ordered),
        "hints": _hints(what_if, dossier),
        "views": _views(what_if) if what_if.drafted and not number else [],
        "draft": _draft_words(what_if, dossier) if what_if.with_draft else None,
        "undo": _undo(what_if, dossier) if not number else None,
        "opening": _opening(what_if) if what_if.is_editable and dossier is None else None,
        "meeting": _meeting(what_if, titles),
        "repair_url": what_if.address.beside("planning:plan-repair") if what_if.is_editable else "",
    }


def _hints(what_if: WhatIf, dossier: Dossier | None) -> list[str]:
    """What the reader has to know about saving."""
    hints = []
    if what_if.unknown:
        hints.append(
            _("%(n)s người trong địa chỉ không có trong phạm vi đồng chí xem được.")
            % {"n": what_if.unknown}
        )
    if what_if.changes and not what_if.can_edit:
        hints.append(_("Phương án chưa lưu. Đồng chí xem được nhưng không sửa được kế hoạch này."))
    elif dossier is not None and not dossier.is_open and what_if.can_edit:
        hints.append(
            _("Hồ sơ %(status)s nên dự thảo đang đóng.")
            % {"status": str(dossier.get_status_display()).lower()}
        )
    if what_if.changes and what_if.as_of != clock.today():
        hints.append(
            _(
                "Kết quả tính cho ngày %(day)s. Lưu chỉ ghi vào dự thảo; "
                "quy hoạch thay đổi từ ngày phê duyệt."
            )
            % {"day": formats.date(what_if.as_of)}
        )
    return hints


def _views(what_if: WhatIf) -> list[dict[str, Any]]:
    """The plan as it stands, and with its draft."""
    is_approved = what_if.plan.status == PlanStatus.APPROVED
    standing = _("Đã phê duyệt") if is_approved else _("Hiện có")
    return [
        {"label": label, "url": what_if.address.seen(view), "here": what_if.with_draft == is_draft}
        for view, label, is_draft in (
            (STANDING, standing, False),
            (DRAFT, _("Theo dự thảo"), True),
        )
    ]


def _draft_words(what_if: WhatIf, dossier: Dossier | None) -> dict[str, Any] | None:
    """The open dossier in a line: its cycle, what it proposes, why it was given back."""
    if dossier is None:
        return None
    acts = [item.act for item in what_if.draft.items.values()]
    parts = [
        words % {"n": formats.number(count)}
        for words, count in (
            (_("bổ sung %(n)s"), acts.count(DraftAct.ADD)),
            (_("đưa ra %(n)s"), acts.count(DraftAct.REMOVE)),
        )
        if count
    ]
    return {
        "cycle": dossier.cycle.name,
        "status": dossier.get_status_display(),
        "parts": ", ".join(parts),
        "url": plan_url(what_if.plan.pk, what_if.as_of, phan="ho-so"),
        "returned": dossier.return_reason
        if dossier.status == PlanStatus.RETURNED and what_if.can_edit
        else "",
    }


def _undo(what_if: WhatIf, dossier: Dossier | None) -> dict[str, Any] | None:
    """The latest save, for who made it."""
    if dossier is None or not what_if.is_editable:
        return None
    save = proposals.last_save(dossier)
    if save is None or save.saved_by_id != what_if.actor.pk:
        return None
    return {
        "url": what_if.address.of_action("planning:plan-draft-undo"),
        "version": save.version,
        "at": save.saved_at,
    }


def _opening(what_if: WhatIf) -> dict[str, Any]:
    """Cycles in which a dossier could be opened, so that one can save."""
    return {
        "cycles": cycles_open_for(what_if.plan),
        "url": what_if.address.of_action("planning:plan-draft-open"),
        "fields": what_if.address.carried,
    }


# ---- Two at work -----------------------------------------------------------------------------


def _meeting(what_if: WhatIf, titles: Titles) -> dict[str, Any] | None:
    """What others saved meanwhile, beside one's own where the two meet."""
    dossier, since = what_if.draft.dossier, what_if.since
    if dossier is None or not since or not what_if.can_edit:
        return None
    latest = max(since, key=lambda each: each.at)
    return {
        "who": sorted({each.who for each in since}),
        "at": latest.at,
        "count": len(since),
        "rows": [_row(what_if, clash, titles) for clash in what_if.clashes],
        "mine_url": what_if.address.on(dossier.version),
        "theirs_url": what_if.address.on(dossier.version, minus=_pairs(what_if)),
    }


def _pairs(what_if: WhatIf) -> list[Pair]:
    """How the address writes those of one's changes that meet others'."""
    codes = {person.cadre_id: person.code for person in what_if.people.values()}
    return [pair_of(clash.mine, codes) for clash in what_if.clashes]


def _row(what_if: WhatIf, clash: Clash, titles: Titles) -> dict[str, str]:
    title = titles[clash.mine.pool_id]
    if isinstance(clash.mine, Reorder):
        about = title
    else:
        person = what_if.person_of(clash.mine.key)
        about = f"{person.name}, {title}" if person else title
    return {
        "about": about,
        "who": clash.theirs.who,
        "mine": _mine(clash.mine),
        "theirs": _theirs(clash.theirs),
    }


def _mine(change: Change) -> str:
    if isinstance(change, Add):
        return _("bổ sung")
    if isinstance(change, Remove):
        return _leaving(change.reason, change.note)
    if isinstance(change, Reorder):
        return _("sắp thứ tự")
    return _("rút đề xuất")


def _theirs(since: Since) -> str:
    if since.is_order:
        return _("sắp thứ tự")
    if since.now is None or since.now["act"] == DraftAct.KEEP:
        return _("rút đề xuất")
    if since.now["act"] == DraftAct.ADD:
        return _("bổ sung")
    return _leaving(since.now["reason"], since.now["note"])


def _leaving(reason: str, note: str) -> str:
    """Taken out, and why."""
    if reason not in RemovalReason.values:
        return _("đưa ra")
    words: Sequence[str] = [str(RemovalReason(reason).label).lower(), note]
    if reason == RemovalReason.OTHER:
        words = [note]
    return _("đưa ra (%(why)s)") % {"why": ": ".join(word for word in words if word)}
