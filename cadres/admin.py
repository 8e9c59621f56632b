"""Administration of accounts, grants, the organisation and its shared lists."""

from __future__ import annotations

from typing import Any, cast

import allauth.account.admin
import allauth.mfa.admin
import axes.admin
import django_celery_beat.admin as beat
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from cadres.admin_site import (
    LABELS,
    PortalModelAdmin,
    ReadOnlyAdmin,
    RecheckedAdmin,
    register_events,
    replace,
)
from cadres.models import (
    Appointment,
    Biography,
    Cadre,
    CadreSkill,
    Course,
    CourseMember,
    Discipline,
    Evaluation,
    Position,
    RoleGrant,
    RoundProposal,
    RoundRequest,
    SupplementRound,
    Title,
    TitleSkill,
    Training,
    Unit,
    UnitSuccession,
    User,
)
from cadres.policies import can_enter_admin
from cadres.services.access import account_unlock, grant_revoke, mfa_reset
from cadres.services.units import unit_add

# ---- Accounts and grants ---------------------------------------------------------------------


class GrantInline(TabularInline):
    """Grants of an account. A grant is ended by its date, never deleted."""

    model = RoleGrant
    fields = ("role", "unit", "valid_from", "valid_to", "reason")
    autocomplete_fields = ("unit",)
    extra = 0
    can_delete = False
    tab = True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Administrators."""
        return can_enter_admin(request.user)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission


@admin.register(User)
class UserAdmin(DjangoUserAdmin, PortalModelAdmin):
    """Accounts with their grants; the second factor is reset and locks are lifted from here."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (GrantInline,)
    list_display = ("username", "full_name", "role_words", "is_active", "last_login")
    list_filter = ("grants__role", "is_active", "is_staff")
    search_fields = ("username", "full_name")
    ordering = ("username",)
    filter_horizontal = ()
    autocomplete_fields = ("cadre",)
    readonly_fields = ("last_login", "date_joined", "is_superuser")
    actions = ("reset_mfa", "unlock")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Người dùng"), {"fields": ("full_name", "email", "cadre")}),
        (_("Tài khoản"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Thời gian"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "full_name")}),
        (_("Mật khẩu"), {"classes": ("wide",), "fields": ("password1", "password2")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Accounts with their grants, in two queries."""
        return super().get_queryset(request).prefetch_related("grants")

    @display(description=_("vai trò"))
    def role_words(self, account: User) -> str:
        """Roles of all grants, whatever their dates."""
        words = {str(grant.get_role_display()) for grant in account.grants.all()}
        return ", ".join(sorted(words))

    @admin.action(description=_("Gỡ xác thực hai bước"))
    def reset_mfa(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        """For who lost the telephone; the person sets it up anew."""
        for account in accounts:
            try:
                mfa_reset(actor=cast("User", request.user), account=account)
            except PermissionDenied:
                text = _("Không tự gỡ xác thực hai bước của chính mình.")
                self.message_user(request, text, messages.ERROR)
            else:
                self.message_user(request, _("Đã gỡ xác thực hai bước của %s.") % account)

    @admin.action(description=_("Mở khóa đăng nhập"))
    def unlock(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        """After too many wrong passwords."""
        for account in accounts:
            account_unlock(actor=cast("User", request.user), account=account)
        text = ngettext(
            "Đã mở khóa %(count)d tài khoản.", "Đã mở khóa %(count)d tài khoản.", len(accounts)
        )
        self.message_user(request, text % {"count": len(accounts)})


@admin.register(RoleGrant)
class RoleGrantAdmin(PortalModelAdmin):
    """Who may see and do what, where, until when."""

    list_display = ("user", "role", "unit", "valid_from", "valid_to", "reason")
    list_filter = ("role",)
    search_fields = ("user__username", "user__full_name", "unit__name", "unit__code")
    list_select_related = ("user", "unit")
    autocomplete_fields = ("user", "unit")
    ordering = ("user__username", "role")
    actions = ("revoke",)

    @admin.action(description=_("Thu hồi ngay"))
    def revoke(self, request: HttpRequest, grants: QuerySet[RoleGrant]) -> None:
        """End the grants: their last day was yesterday."""
        for grant in grants:
            grant_revoke(actor=cast("User", request.user), grant=grant)
        self.message_user(request, _("Đã thu hồi các phân quyền được chọn."))


class AttemptAdmin(ReadOnlyAdmin):
    """Failed sign-ins; a lock is lifted on the account's page."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    # What was typed may be a password meant for another place.
    exclude = ("get_data", "post_data")


class AccessLogAdmin(ReadOnlyAdmin):
    """Sign-ins and sign-outs."""

    list_display = ("attempt_time", "logout_time", "username", "ip_address")
    search_fields = ("username", "ip_address")


class FailureLogAdmin(ReadOnlyAdmin):
    """Every failed sign-in, also those that were forgiven."""

    list_display = ("attempt_time", "username", "ip_address", "locked_out")
    search_fields = ("username", "ip_address")


#: Imported so that these packages have registered their pages, and ours can take their place.
_FOREIGN = (allauth.account.admin, allauth.mfa.admin, axes.admin)
replace(AccessAttempt, AttemptAdmin)
replace(AccessLog, AccessLogAdmin)
replace(AccessFailureLog, FailureLogAdmin)
# Not used here, or full of secrets.
for unused in (Group, EmailAddress, EmailConfirmation, Authenticator):
    replace(unused, None)

# ---- Organisation ----------------------------------------------------------------------------


class UnitForm(forms.ModelForm):
    """A unit without the mechanics of the tree; `parent` is asked once, when it is made."""

    parent = forms.ModelChoiceField(
        label=_("Đơn vị cấp trên"),
        queryset=Unit.objects.order_by("path"),
        required=False,
        help_text=_("Để trống nếu là đơn vị cao nhất. Sau này không đổi được ở đây."),
    )

    class Meta:
        model = Unit
        fields = ("code", "name", "kind", "level", "valid_from", "valid_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["parent"]


class SuccessionInline(TabularInline):
    """Units that carry on the work of an ended one."""

    model = UnitSuccession
    fk_name = "unit"
    fields = ("successor",)
    autocomplete_fields = ("successor",)
    extra = 0
    can_delete = False
    verbose_name = _("đơn vị kế tục")
    verbose_name_plural = _("đơn vị kế tục")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Administrators."""
        return can_enter_admin(request.user)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission


@admin.register(Unit)
class UnitAdmin(RecheckedAdmin):
    """Units in the order of the tree. Paths are computed; units are moved by a reorganisation."""

    form = UnitForm
    inlines = (SuccessionInline,)
    list_display = ("indented", "code", "kind", "level", "valid_from", "valid_to")
    list_display_links = ("indented",)
    list_filter = ("level", "kind")
    search_fields = ("code", "name", "search_key")
    ordering = ("path",)
    list_per_page = 200

    @display(description=_("đơn vị"), ordering="path")
    def indented(self, unit: Unit) -> SafeString:
        """The name, set in by its depth."""
        return format_html("{}{}", "\u2003" * (unit.depth - 1), unit.name)

    def get_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[str]:
        """`parent` only while the unit is made."""
        fields = list(UnitForm.Meta.fields)
        return fields if obj else [*fields, "parent"]

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Always that of the tree."""
        return ("path",)

    def save_model(
        self, request: HttpRequest, obj: Unit, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """New units get their place from the service."""
        if change:
            super().save_model(request, obj, form, change)
            return
        # A new unit has nothing yet that could be judged.
        actor = cast("User", request.user)
        unit_add(actor=actor, unit=obj, parent=form.cleaned_data["parent"])


@admin.register(Title)
class TitleAdmin(RecheckedAdmin):
    """Titles and their standards."""

    list_display = ("code", "name", "kind", "rank", "is_head", "min_degree", "min_theory")
    list_filter = ("kind", "is_head")
    search_fields = ("code", "name", "search_key")


@admin.register(Position)
class PositionAdmin(RecheckedAdmin):
    """Titles of units with the number prescribed."""

    list_display = ("unit_name", "title_name", "prescribed")
    search_fields = ("unit__name", "unit__code", "unit__search_key", "title__name", "title__code")
    list_select_related = ("unit", "title")
    autocomplete_fields = ("unit", "title")
    ordering = ("unit__path", "-title__rank")

    @display(description=LABELS["unit"], ordering="unit__path")
    def unit_name(self, position: Position) -> str:
        """The unit."""
        return position.unit.name

    @display(description=LABELS["title"], ordering="title__name")
    def title_name(self, position: Position) -> str:
        """The title."""
        return position.title.name


@admin.register(Cadre)
class CadreAdmin(ReadOnlyAdmin):
    """Files, to look at: they are changed by imports and on their own pages."""

    list_display = ("code", "full_name", "sex", "birth_date", "degree", "theory")
    list_filter = ("sex", "degree", "theory")
    search_fields = ("code", "full_name", "search_key")
    ordering = ("sort_key", "code")
    exclude = ("sort_key", "search_key")


@admin.register(TitleSkill)
class TitleSkillAdmin(PortalModelAdmin):
    """What titles ask for beyond degree and theory; no rule of the check reads it."""

    list_display = ("title", "kind", "level", "document", "at", "in_force_from", "in_force_to")
    list_filter = ("kind",)
    search_fields = ("title__name", "title__code", "document")
    list_select_related = ("title",)
    autocomplete_fields = ("title",)
    ordering = ("-title__rank", "title__code", "kind")


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    """Courses, to look at: they are planned and finished on their own pages."""

    list_display = ("name", "kind", "unit", "start_on", "end_on", "state")
    list_filter = ("kind", "state")
    search_fields = ("name", "decision_no")
    list_select_related = ("unit",)


@admin.register(SupplementRound)
class RoundAdmin(ReadOnlyAdmin):
    """Rounds that ask for additions to files, to look at: they have their own pages."""

    list_display = ("title", "due_on", "opened_by", "opened_at", "closed_at")
    search_fields = ("title",)
    list_select_related = ("opened_by",)


@admin.register(RoundProposal)
class ProposalAdmin(ReadOnlyAdmin):
    """What was proposed and decided, without the values: those stand on the pages of the round."""

    list_display = ("field", "status", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("status",)
    list_select_related = ("proposed_by", "decided_by")
    ordering = ("-pk",)
    fields = ("field", "status", "proposed_by", "proposed_at", "decided_by", "decided_at", "reason")


register_events(
    RoleGrant,
    Unit,
    UnitSuccession,
    Title,
    Position,
    Cadre,
    Appointment,
    Evaluation,
    Discipline,
    Training,
    Course,
    CourseMember,
    TitleSkill,
    CadreSkill,
    Biography,
    SupplementRound,
    RoundRequest,
    RoundProposal,
)

# ---- Periodic work ---------------------------------------------------------------------------


class PeriodicTaskAdmin(beat.PeriodicTaskAdmin, PortalModelAdmin):
    """Work that is done by the clock: the nightly check and the like."""


class ScheduleAdmin(PortalModelAdmin):
    """When periodic work is done."""


replace(PeriodicTask, PeriodicTaskAdmin)
replace(CrontabSchedule, ScheduleAdmin)
replace(IntervalSchedule, ScheduleAdmin)
replace(ClockedSchedule, None)
replace(SolarSchedule, None)
