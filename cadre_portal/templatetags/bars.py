"""Bars of shares and age bands, written by functions: a plan's page has a dozen of them."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cadre_portal.templatetags import drawings, formats
from cadre_portal.templatetags.pieces import outcome_css, text


def share_bar(
    part: int,
    total: int,
    percent: float | None = None,
    unknown: int = 0,
    outcome: str = "",
    after_part: int | None = None,
    after_total: int | None = None,
    at_most: bool = False,
) -> SafeString:
    """A share with its threshold drawn on it; what is unknown, or only "nếu lưu", is hatched."""
    now, after = _share(part, total), None
    segments = [drawings.Segment(0, round(now, 2), "f-bar")]
    if unknown and total:
        width = round(_share(unknown, total), 2)
        segments.append(drawings.Segment(round(now, 2), width, fill="url(#hatch-unk)"))
    if after_part is not None:
        after = _share(after_part, after_total or total)
        kept = min(now, after)
        hatch = "url(#hatch-not)" if outcome_css(outcome) == "not" else "url(#hatch-met)"
        segments = [
            drawings.Segment(0, round(kept, 2), "f-bar"),
            drawings.Segment(round(kept, 2), round(abs(after - now), 2), fill=hatch),
        ]
    words = [_share_words(part, total)]
    if after_part is not None:
        words.append(f"{_('nếu lưu')} {formats.percent(after_part, after_total or total)}")
    if unknown:
        words.append(_("%(unknown)s chưa rõ") % {"unknown": unknown})
    mark = ""
    if percent is not None:
        words.append(f"{_('tối đa') if at_most else _('cần ít nhất')} {formats.percent(percent)}")
        mark = (
            f'<rect class="f-mark" x="{percent}%" width="2" height="14"'
            ' transform="translate(-1)" />'
        )
    drawn = "".join(_rectangle(each, "%", 'rx="1"') for each in segments if each.width)
    return SafeString(
        f'<svg class="share" height="14" role="img" aria-label="{text(", ".join(words))}">'
        f'<rect class="f-ground" y="3" width="100%" height="8" rx="2" />{drawn}{mark}</svg>'
    )


def _share(part: int, total: int) -> float:
    return 100 * part / total if total else 0


def _share_words(part: int, total: int) -> str:
    words = _("%(part)s trong %(total)s") % {
        "part": formats.number(part),
        "total": formats.number(total),
    }
    share = formats.percent(part, total)
    return f"{words} ({share})" if share else words


def band_bar(
    young: int,
    middle: int,
    senior: int,
    unknown: int = 0,
    young_below: int | None = None,
    middle_to: int | None = None,
    added: str = "",
) -> SafeString:
    """The three age bands in proportion; an empty one is a gap. `added`: band filled if saved."""
    counts = {"young": young, "middle": middle, "senior": senior}
    if young_below:
        words = _(
            "dưới %(young_below)s tuổi: %(young)s, %(young_below)s đến %(middle_to)s: %(middle)s,"
            " trên %(middle_to)s: %(senior)s"
        ) % {**counts, "young_below": young_below, "middle_to": middle_to}
    else:
        words = _("nhóm trẻ: %(young)s, nhóm giữa: %(middle)s, nhóm lớn tuổi: %(senior)s") % counts
    if unknown:
        words += ", " + _("%(unknown)s chưa rõ") % {"unknown": unknown}
    segments = drawings.bands(young, middle, senior, unknown, added)
    drawn = "".join(_rectangle(each, "", 'vector-effect="non-scaling-stroke"') for each in segments)
    return SafeString(
        '<svg class="bands" height="14" viewBox="0 0 320 14" preserveAspectRatio="none" role="img"'
        f' aria-label="{text(words)}">{drawn}</svg>'
    )


def _rectangle(segment: drawings.Segment, unit: str, end: str) -> str:
    """A segment in its colour or hatch; `end`: its last attribute."""
    look = f'fill="{segment.fill}"' if segment.fill else f'class="{segment.css}"'
    return (
        f'<rect {look} x="{segment.x}{unit}" y="3" width="{segment.width}{unit}" height="8"'
        f" {end} />"
    )
