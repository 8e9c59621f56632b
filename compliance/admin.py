"""Administration of targets and waivers; runs are looked at."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from cadres.admin_site import PortalModelAdmin, ReadOnlyAdmin, register_events
from cadres.models import User
from compliance.law_changes import (
    rule_choices,
    target_choices,
    target_save,
    waiver_approve,
    waiver_ask,
)
from compliance.models import ComplianceRun, Target, Waiver


class TargetForm(forms.ModelForm):
    """The parameter is chosen from those of the law that accept a target."""

    parameter = forms.ChoiceField(label=_("Tham số"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Target
        fields = (
            "unit",
            "parameter",
            "level",
            "value",
            "in_force_from",
            "in_force_to",
            "document",
            "at",
            "confidence",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["parameter"]).choices = target_choices()


@admin.register(Target)
class TargetAdmin(PortalModelAdmin):
    """Targets of the province for a unit and everything below it."""

    form = TargetForm
    list_display = ("parameter", "unit", "level", "value", "in_force_from", "in_force_to")
    list_filter = ("level", "parameter")
    search_fields = ("parameter", "document", "unit__name", "unit__code")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
    ordering = ("parameter", "unit__path", "level", "-in_force_from")

    def save_model(
        self, request: HttpRequest, obj: Target, form: forms.ModelForm[Target], change: bool
    ) -> None:
        """Through the service, like everybody."""
        target_save(actor=cast("User", request.user), target=obj)


class WaiverForm(forms.ModelForm):
    """The rule is chosen from those that exist; who asks and who approves is never typed."""

    rule = forms.ChoiceField(label=_("Tiêu chí"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Waiver
        fields = (
            "rule",
            "unit",
            "subject_kind",
            "subject_id",
            "reason",
            "document",
            "in_force_from",
            "in_force_to",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["rule"]).choices = rule_choices()


@admin.register(Waiver)
class WaiverAdmin(PortalModelAdmin):
    """Waivers: asked for by one, approved by another; a change asks anew."""

    form = WaiverForm
    list_display = ("rule", "unit", "in_force_from", "in_force_to", "asked_by", "approved_by")
    list_filter = ("rule",)
    search_fields = ("rule", "document", "unit__name", "unit__code")
    list_select_related = ("unit", "asked_by", "approved_by")
    autocomplete_fields = ("unit",)
    readonly_fields = ("asked_by", "approved_by")
    ordering = ("-in_force_to", "rule")
    actions = ("approve",)
    fieldsets = ((None, {"fields": (*WaiverForm.Meta.fields, "asked_by", "approved_by")}),)

    def save_model(
        self, request: HttpRequest, obj: Waiver, form: forms.ModelForm[Waiver], change: bool
    ) -> None:
        """Through the service: the person becomes the one who asks."""
        waiver_ask(actor=cast("User", request.user), waiver=obj)

    @admin.action(description=_("Phê duyệt"))
    def approve(self, request: HttpRequest, waivers: QuerySet[Waiver]) -> None:
        """Approve what others asked for."""
        for waiver in waivers:
            try:
                waiver_approve(actor=cast("User", request.user), waiver=waiver)
            except PermissionDenied:
                text = _("Không phê duyệt được “%s”: người đề nghị không tự phê duyệt.") % waiver
                self.message_user(request, text, messages.ERROR)
            else:
                self.message_user(request, _("Đã phê duyệt “%s”.") % waiver)


@admin.register(ComplianceRun)
class ComplianceRunAdmin(ReadOnlyAdmin):
    """Runs of the check; they are started and stopped on their own pages."""

    list_display = ("created_at", "kind", "as_of", "unit", "status", "progress", "requested_by")
    list_filter = ("kind", "status")
    list_select_related = ("unit", "requested_by")
    ordering = ("-created_at", "-pk")

    @display(description=_("tiến độ"))
    def progress(self, run: ComplianceRun) -> str:
        """Parts that are done, of all."""
        return f"{run.done}/{run.total}"


register_events(Target, Waiver)
