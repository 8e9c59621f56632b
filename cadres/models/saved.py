"""What an account keeps for its lists: filters by name, and the columns it wants to see."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from cadres.models.organisation import Unit


@tracked()
class SavedFilter(models.Model):
    """A filter of the list of people under a name: of one account, or shared with an office.

    `query` is the address behind the question mark, without page and date of view. It only says
    what is asked: whoever opens it finds people of their own scope.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("tài khoản"),
        on_delete=models.CASCADE,
        db_index=False,  # saved_filter_name_once begins with it
        related_name="saved_filters",
    )
    name = models.CharField(_("tên bộ lọc"), max_length=60)
    query = models.CharField(_("điều kiện"), max_length=1000)
    shared_with = models.ForeignKey(
        Unit,
        verbose_name=_("dùng chung với đơn vị"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="saved_filters",
    )

    class Meta:
        verbose_name = _("bộ lọc đã lưu")
        verbose_name_plural = _("bộ lọc đã lưu")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(name="saved_filter_name_once", fields=("owner", "name")),
            models.CheckConstraint(name="saved_filter_named", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name


class ListColumns(models.Model):
    """The columns that an account chose for a list, in the order in which they stand."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_index=False,  # list_columns_once begins with it
        related_name="list_columns",
    )
    list_name = models.CharField(max_length=40)
    columns = ArrayField(models.CharField(max_length=40))

    class Meta:
        verbose_name = _("cột đã chọn")
        verbose_name_plural = _("cột đã chọn")
        constraints = (
            models.UniqueConstraint(name="list_columns_once", fields=("user", "list_name")),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.list_name}"
