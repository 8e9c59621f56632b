"""Pages of files that may be of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags.formats import date, date_time, number
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import Appointment, Cadre, FileMerge, PersonQuestion
from cadres.selectors.cadres import posts_of
from cadres.selectors.duplicates import Pair
from cadres.services.duplicates import Outcome
from cadres.services.list_imports.reading import shown_date

PAGE_SIZE = 30


def crumbs(label: str = "") -> list[dict[str, str]]:
    """People, then the pairs, then the page."""
    found = [
        {"label": _("Hồ sơ cán bộ"), "url": reverse("cadres:cadre-list")},
        {"label": _("Hồ sơ có thể trùng"), "url": reverse("cadres:duplicate-list")},
    ]
    return [*found, {"label": label, "url": ""}] if label else found


def pair_rows(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Rows of the list of pairs; one query for all their posts."""
    posts = posts_of([c for pair in pairs for c in (pair.one, pair.other)], clock.today())
    words = {"birth": _("cùng họ tên, ngày sinh"), "code": _("số hiệu viết khác nhau")}
    return [
        {
            "name": pair.one.full_name,
            "why": _(" và ").join(words[why] for why in pair.why),
            "files": [_file(cadre, posts) for cadre in (pair.one, pair.other)],
            "url": reverse("cadres:duplicate-pair", args=[pair.one.pk, pair.other.pk]),
        }
        for pair in pairs
    ]


def question_rows(
    questions: Iterable[PersonQuestion], candidates: Mapping[int, list[Cadre]]
) -> list[dict[str, Any]]:
    """What units ask, with the files that each may be about."""
    people = [cadre for found in candidates.values() for cadre in found]
    posts = posts_of(people, clock.today())
    return [
        {
            "name": asked.full_name,
            "born": shown_date(asked.birth_date, "day"),
            "post": f"{asked.title}, {asked.unit}" if asked.title else str(asked.unit),
            "as_of": date(asked.as_of),
            "asked_by": str(asked.asked_by),
            "has_title": asked.title_id is not None,
            "files": [_file(cadre, posts) for cadre in candidates.get(asked.pk, [])],
            "url": reverse("cadres:duplicate-question", args=[asked.pk]),
        }
        for asked in questions
    ]


def merge_rows(merges: Iterable[FileMerge]) -> list[dict[str, str]]:
    """Files that were merged: what, into what, why, by whom."""
    return [
        {
            "code": found.code,
            "name": found.full_name,
            "kept": found.kept.code,
            "url": reverse("cadres:cadre-detail", args=[found.kept.code]),
            "reason": found.reason,
            "when": date_time(found.merged_at),
            "who": str(found.merged_by),
            "moved": "; ".join(f"{what}: {number(n)}" for what, n in found.told["moved"].items()),
            "dropped": "; ".join(found.told["dropped"]),
        }
        for found in merges
    ]


def _file(cadre: Cadre, posts: Mapping[int, Appointment]) -> dict[str, Any]:
    post = posts.get(cadre.pk)
    return {
        "pk": cadre.pk,
        "code": cadre.code,
        "name": cadre.full_name,
        "born": shown_date(cadre.birth_date, cadre.birth_precision),
        "post": f"{post.title}, {post.unit}" if post else _("không giữ chức vụ"),
        "url": reverse("cadres:cadre-detail", args=[cadre.code]),
    }


def pair(kept: Cadre, other: Cadre, outcome: Outcome, reason: str = "") -> dict[str, Any]:
    """Two files side by side, what merging would do, and the forms."""
    posts = posts_of([kept, other], clock.today())
    return {
        "title": _("Hai hồ sơ %(name)s") % {"name": kept.full_name},
        "crumbs": crumbs(kept.full_name),
        "files": [_file(kept, posts), _file(other, posts)],
        "lines": _lines(kept, other, posts),
        "outcome": outcome,
        "moved": [f"{what}: {number(n)}" for what, n in outcome.moved.items()],
        "reason": reason,
        "url": reverse("cadres:duplicate-pair", args=[kept.pk, other.pk]),
        "other_way_url": reverse("cadres:duplicate-pair", args=[other.pk, kept.pk]),
        "apart_url": reverse("cadres:duplicate-apart", args=[kept.pk, other.pk]),
        "back_url": reverse("cadres:duplicate-list"),
    }


def _lines(kept: Cadre, other: Cadre, posts: Mapping[int, Appointment]) -> list[dict[str, Any]]:
    facts = [_facts(cadre, posts) for cadre in (kept, other)]
    return [
        {"label": label, "cells": [mine, facts[1][label]], "differs": mine != facts[1][label]}
        for label, mine in facts[0].items()
    ]


def _facts(cadre: Cadre, posts: Mapping[int, Appointment]) -> dict[str, str]:
    told = _file(cadre, posts)
    return {
        _("Số hiệu"): cadre.code,
        _("Họ và tên"): cadre.full_name,
        _("Ngày sinh"): told["born"],
        _("Giới tính"): cadre.get_sex_display(),
        _("Dân tộc"): str(dict(ETHNIC_GROUPS).get(cadre.ethnicity_code, "")),
        _("Quê quán"): str(cadre.native_unit or ""),
        _("Ngày vào Đảng"): date(cadre.party_joined_on) if cadre.party_joined_on else "",
        _("Chuyên môn"): cadre.get_degree_display() or "",
        _("Lý luận chính trị"): cadre.get_theory_display() or "",
        _("Chức vụ hiện nay"): told["post"],
    }
