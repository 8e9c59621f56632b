"""The look and the sidebar of the Django admin."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _page(title: Any, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


#: Warm greys of the portal's paper and lines, and its deep red.
_PAPER = {
    "50": "#F7F8FA",
    "100": "#EEF0F3",
    "200": "#DFE3E8",
    "300": "#C9D0D8",
    "400": "#8C97A5",
    "500": "#5A6675",
    "600": "#46515F",
    "700": "#35404D",
    "800": "#252F3B",
    "900": "#1B2430",
    "950": "#10161E",
}
_RED = {
    "50": "#FDF3F3",
    "100": "#FAE3E3",
    "200": "#F3C7C7",
    "300": "#E59C9C",
    "400": "#D06868",
    "500": "#B53B3B",
    "600": "#9B1C1C",
    "700": "#801616",
    "800": "#661313",
    "900": "#501111",
    "950": "#2E0808",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Quản trị"),
    "SITE_HEADER": _("Quy hoạch cán bộ"),
    "SITE_SUBHEADER": _("Quản trị"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "account_tree",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/mark.svg")}
    ],
    "SHOW_HISTORY": False,  # the history of the portal is that of the triggers
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {"base": _PAPER, "primary": _RED},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("Truy cập"),
                "separator": True,
                "items": [
                    _page(_("Tài khoản"), "person", "cadres_user"),
                    _page(_("Phân quyền"), "key", "cadres_rolegrant"),
                    _page(_("Lần đăng nhập"), "login", "axes_accesslog"),
                    _page(_("Đăng nhập sai"), "lock", "axes_accessattempt"),
                ],
            },
            {
                "title": _("Tổ chức và con người"),
                "separator": True,
                "items": [
                    _page(_("Đơn vị"), "account_tree", "cadres_unit"),
                    _page(_("Chức danh"), "badge", "cadres_title"),
                    _page(_("Vị trí"), "event_seat", "cadres_position"),
                    _page(_("Cán bộ"), "groups", "cadres_cadre"),
                ],
            },
            {
                "title": _("Quy hoạch và kiểm tra"),
                "separator": True,
                "items": [
                    _page(_("Nhiệm kỳ"), "date_range", "planning_term"),
                    _page(_("Kế hoạch"), "view_column", "planning_plan"),
                    _page(_("Chức danh tương đương"), "swap_horiz", "rotation_equivalenttitle"),
                    _page(_("Chỉ tiêu của tỉnh"), "flag", "compliance_target"),
                    _page(_("Miễn áp dụng"), "gavel", "compliance_waiver"),
                    _page(_("Lần kiểm tra"), "fact_check", "compliance_compliancerun"),
                    _page(_("Việc định kỳ"), "schedule", "django_celery_beat_periodictask"),
                ],
            },
            {
                "title": _("Lịch sử thay đổi"),
                "separator": True,
                "collapsible": True,
                "items": [
                    _page(_("Phân quyền"), "history", "cadres_rolegrantevent"),
                    _page(_("Đơn vị"), "history", "cadres_unitevent"),
                    _page(_("Cán bộ"), "history", "cadres_cadreevent"),
                    _page(_("Giữ chức vụ"), "history", "cadres_appointmentevent"),
                    _page(_("Kế hoạch"), "history", "planning_planevent"),
                    _page(_("Người được quy hoạch"), "history", "planning_nominationevent"),
                    _page(_("Luân chuyển"), "history", "rotation_rotationevent"),
                    _page(_("Chỉ tiêu"), "history", "compliance_targetevent"),
                    _page(_("Miễn áp dụng"), "history", "compliance_waiverevent"),
                ],
            },
        ],
    },
}
