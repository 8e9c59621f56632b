"""The Django admin of the portal: only for administrators, signed in like everywhere else."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Field, Model, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.sites import UnfoldAdminSite

from cadre_portal.common.jobs import enqueue
from cadres import policies

#: Names of relations that the models leave to be read from the field's name.
LABELS = {
    "cadre": _("cán bộ"),
    "plan": _("kế hoạch"),
    "pool": _("chức danh quy hoạch"),
    "successor": _("đơn vị kế tục"),
    "title": _("chức danh"),
    "unit": _("đơn vị"),
    "from_title": _("chức vụ nơi đi"),
    "to_title": _("chức vụ nơi đến"),
}
#: Fields that say nothing to a reader: identity and the mechanics of the tree.
SILENT = frozenset({"id", "path", "depth", "numchild"})


class PortalAdminSite(UnfoldAdminSite):
    """Lets in administrators who are staff; the door is the portal's own sign-in, with its MFA."""

    index_title = _("Quản trị")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the account may enter."""
        return policies.can_enter_admin(request.user)

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """Refuse who is signed in without the right, instead of asking for a sign-in again."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return checked(request, *args, **kwargs)

        # Alpine, which draws these pages, evaluates expressions; only administrators come here.
        return csp_update({"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]})(guarded)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the portal's sign-in: a second form here would go round MFA."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        target = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(target, reverse("account_login"))

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The models by app; histories are called after what they are about."""
        apps = super().get_app_list(request, app_label)
        for model in (model for app in apps for model in app["models"]):
            if hasattr(model["model"], "pgh_tracked_model"):
                model["name"] = event_title(model["model"])
        return apps

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the portal's sign-out."""
        return redirect("account_logout")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the portal's own page."""
        return redirect("account_change_password")


class PortalModelAdmin(ModelAdmin):
    """Rights come from the role alone; nothing is deleted, since history has no word for it."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions_on_bottom = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return policies.can_enter_admin(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Administrators."""
        return policies.can_enter_admin(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return policies.can_enter_admin(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Administrators."""
        return policies.can_enter_admin(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: what is over gets an end date."""
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Our own actions; never the deletion of many at once."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Give relations their Vietnamese name."""
        if db_field.name in LABELS and "label" not in kwargs:
            kwargs["label"] = str(LABELS[db_field.name]).capitalize()
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RecheckedAdmin(PortalModelAdmin):
    """Lists that verdicts rest on: a change has the live state checked again, on commit."""

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        """Save, then ask for the check by name: it stands in a higher room."""
        super().save_model(request, obj, form, change)
        enqueue("compliance.check_all")


class ReadOnlyAdmin(PortalModelAdmin):
    """To look at, not to change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


class EventAdmin(ReadOnlyAdmin):
    """History of one table: when, who, what the row was afterwards."""

    list_display = ("at", "account", "act", "number", "row")
    list_filter = ("pgh_label",)
    ordering = ("-pgh_id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Events with the name of the account, in one query."""
        from cadres.models import User

        who = User.objects.filter(
            pk=Cast(KeyTextTransform("user", OuterRef("pgh_context__metadata")), BigIntegerField())
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                account_name=Subquery(who.values("full_name")[:1]),
                account_login=Subquery(who.values("username")[:1]),
            )
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Call the page after what the history is about."""
        changes = super().get_changelist_instance(request)
        changes.opts = copy.copy(changes.opts)  # renaming the model itself would ask a migration
        changes.opts.verbose_name = changes.opts.verbose_name_plural = event_title(self.model)
        return changes

    @display(description=_("lúc"), ordering="pgh_id")
    def at(self, event: Any) -> dt.datetime:
        """When the row was written."""
        return event.pgh_created_at

    @display(description=_("số của dòng"))
    def number(self, event: Any) -> int:
        """The row that the event is about."""
        return event.pgh_obj_id

    @display(description=_("tài khoản"))
    def account(self, event: Any) -> str:
        """Who did it; nothing for commands and jobs."""
        return event.account_name or event.account_login or ""

    @display(description=_("việc"))
    def act(self, event: Any) -> str:
        """The label of the trigger in words."""
        words = {"insert": _("Ghi mới"), "update": _("Sửa"), "delete": _("Xóa")}
        return str(words.get(event.pgh_label, event.pgh_label))

    @display(description=_("nội dung sau đó"))
    def row(self, event: Any) -> str:
        """Fields with a value; relations are given by number, so that no row asks a query."""
        parts = []
        for field in event._meta.fields:
            value = getattr(event, field.attname)
            if field.name.startswith("pgh_") or field.name in SILENT or value in (None, ""):
                continue
            label = LABELS.get(field.name, field.verbose_name)
            parts.append(f"{label}: {_text(field, value)}")
        return " · ".join(parts)


def _text(field: Field, value: Any) -> str:
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def register_events(*models: type[Model]) -> None:
    """Show the event tables of tracked models."""
    for model in models:
        admin.site.register(model.pgh_event_model, EventAdmin)  # type: ignore[attr-defined]


def event_title(events: type[Model]) -> str:
    """What the history of a table is called; its model's own name is for programmers."""
    tracked = events.pgh_tracked_model  # type: ignore[attr-defined]
    return str(_("Lịch sử: %s") % tracked._meta.verbose_name)


def replace(model: type[Model], admin_class: type[ModelAdmin] | None) -> None:
    """Put our admin class in the place of a package's own; None takes the model out."""
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    if admin_class is not None:
        admin.site.register(model, admin_class)
