"""Filters of lists that an account keeps under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.filters.queries import SavedFilterQuerySet
from profiles.common import codes


class SavedFilter(models.Model):
    """Conditions of a list, `query` being filter name → value as typed; `sort` may be among them. Deleted ones can come back."""

    code = models.CharField(max_length=16, unique=True, default=codes.filter_code, editable=False)
    account = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("profiles.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    list_name = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.JSONField(default=dict)
    shared = models.BooleanField(_("for all of my body"), default=False)
    is_default = models.BooleanField(_("open the list with it"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "list_name", "name"], condition=Q(deleted_at=None), name="filter_name_once"
            ),
            models.UniqueConstraint(
                fields=["account", "list_name"],
                condition=Q(deleted_at=None, is_default=True),
                name="filter_default_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="filter_has_name"),
            models.CheckConstraint(
                condition=Q(shared=False) | Q(organisation__isnull=False), name="filter_shared_in_a_body"
            ),
        ]

    def __str__(self) -> str:
        return self.name
