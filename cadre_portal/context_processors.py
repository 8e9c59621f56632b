"""What the shell around every page needs: pages that exist, where we are, the date of view."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadre_portal.common.viewdate import PARAMETER, view_date_or_today
from cadres.policies import can_see_records
from cadres.selectors.notices import unread_count


class Page(NamedTuple):
    """One entry of the side column; `key` is the letter after `g`."""

    group: str
    label: Any
    icon: str
    url_name: str
    key: str


NAVIGATION = [
    Page("plan", _("Tổng quan"), "home", "planning:overview", "t"),
    Page("plan", _("Việc của tôi"), "inbox", "cadres:todo-list", "v"),
    Page("plan", _("Tổ chức"), "tree", "cadres:unit-list", "o"),
    Page("plan", _("Hồ sơ"), "person", "cadres:cadre-list", "h"),
    Page("plan", _("Đánh giá"), "star", "cadres:evaluation-list", "d"),
    Page("plan", _("Đào tạo"), "calendar", "cadres:training-list", "a"),
    Page("plan", _("Quy hoạch"), "plan", "planning:plan-list", "q"),
    Page("plan", _("Luân chuyển"), "swap", "rotation:rotation-list", "l"),
    Page("plan", _("Kiểm tra"), "inspect", "inspections:inspection-list", "m"),
    Page("check", _("Kết quả"), "list-check", "compliance:finding-list", "k"),
    Page("check", _("Lần kiểm tra"), "run", "compliance:run-list", "r"),
    Page("check", _("Căn cứ"), "book", "compliance:law-list", "c"),
    Page("data", _("Báo cáo"), "report", "planning:reports", "x"),
    Page("data", _("Bổ sung lý lịch"), "file", "cadres:round-list", "b"),
    Page("data", _("Nhập dữ liệu"), "upload", "cadres:import-list", "n"),
]
ON_PHONE = (
    "planning:overview",
    "cadres:cadre-list",
    "planning:plan-list",
    "compliance:finding-list",
)

ACCOUNT = [
    Page("", _("Đổi mật khẩu"), "lock", "account_change_password", ""),
    Page("", _("Xác thực hai bước"), "shield", "mfa_index", ""),
]
#: For who audits, and for a person about their own file.
RECORD = [Page("", _("Nhật ký xem, xuất hồ sơ"), "book", "cadres:record-list", "")]
STAFF = [
    Page("", _("Quản trị"), "gear", "admin:index", ""),
    Page("", _("Thành phần giao diện"), "grid", "components", ""),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for base.html, worked out only where a template asks for it."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    as_of = view_date_or_today(request)
    is_today = as_of == clock.today()
    tail = "" if is_today else f"?{urlencode({PARAMETER: as_of.isoformat()})}"
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    is_staff = user is not None and user.is_staff
    nav = _navigation(request, tail) if signed_in else []
    phone = [item for item in nav if item["name"] in ON_PHONE]
    more = [item for item in nav if item["name"] not in ON_PHONE]
    return {
        "as_of": as_of,
        "is_today": is_today,
        "demo": bool(getattr(settings, "DEMO", False)),
        "home": _address("planning:overview") or "/",
        "search_url": _address("cadres:search") if signed_in else "",
        "login_url": _address("account_login"),
        "logout_url": _address("account_logout"),
        "language_url": (language_url := _address("set_language")),
        "languages": _other_languages() if language_url else [],
        "nav": nav,
        "phone_nav": phone,
        "phone_more": more,
        "phone_more_here": any(item["here"] for item in more),
        "other_query": [
            (name, value)
            for name, values in request.GET.lists()
            if name != PARAMETER
            for value in values
        ],
        "bell": _bell(user if signed_in else None),
        "account_links": _links(ACCOUNT + _record_page(user) + (STAFF if is_staff else [])),
        **_person(user if signed_in else None),
    }


def _bell(user: Any) -> dict[str, Any] | None:
    """The bell: where notices stand, and how many are new."""
    url = _address("cadres:notice-list")
    return {"url": url, "count": unread_count(user)} if user is not None and url else None


def _record_page(user: Any) -> list[Page]:
    return RECORD if user is not None and can_see_records(user) else []


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _navigation(request: HttpRequest, tail: str) -> list[dict[str, Any]]:
    """The pages that exist; the one whose address begins the present path is `here`."""
    items: list[dict[str, Any]] = []
    group = ""
    for page in NAVIGATION:
        url = _address(page.url_name)
        if not url:
            continue
        label = str(page.label)
        item = {"name": page.url_name, "label": label, "icon": page.icon, "key": page.key}
        divider = bool(items) and page.group != group
        items.append({**item, "path": url, "url": url + tail, "divider": divider, "here": False})
        group = page.group
    around = [item for item in items if _is_around(item["path"], request.path)]
    if around:
        max(around, key=lambda item: len(item["path"]))["here"] = True
    return items


def _is_around(section: str, path: str) -> bool:
    return path == section or (section != "/" and path.startswith(section))


def _other_languages() -> list[dict[str, str]]:
    """The languages one can change to, each named in itself."""
    present = get_language()
    return [get_language_info(code) for code, _name in settings.LANGUAGES if code != present]


def _links(pages: list[Page]) -> list[dict[str, Any]]:
    found = [(page, _address(page.url_name)) for page in pages]
    return [{"label": page.label, "icon": page.icon, "url": url} for page, url in found if url]


def _person(user: Any) -> dict[str, str]:
    """The name as Vietnamese write it, and its initials for a phone's top bar."""
    if user is None:
        return {"user_name": "", "user_initials": ""}
    name = getattr(user, "full_name", "") or f"{user.last_name} {user.first_name}".strip()
    name = name or user.get_username()
    initials = "".join(word[0] for word in name.split())[-3:].upper()
    return {"user_name": name, "user_initials": initials}
