"""Forms about one fact that are not handed in yet."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.queries import DraftQuerySet
from profiles.common import codes
from profiles.common.fields import EncryptedJSONField
from profiles.common.storage import private_storage


class EntryDraft(models.Model):
    """A form about one fact that is not handed in yet. Only its maker sees it; what stands in it is ciphertext.

    It holds what was typed, and the file that goes with it after examination: neither fits into an address, a session or a
    hidden field. It is deleted when the fact is recorded, when its maker discards it, or after thirty days.
    """

    code = models.CharField(max_length=16, unique=True, default=codes.draft_code, editable=False)
    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now)
    content = EncryptedJSONField(context="archive.draft.content")
    file = models.FileField(storage=private_storage, upload_to="drafts/", blank=True)
    file_facts = models.JSONField(default=dict, blank=True, help_text="what the examination of the file found")

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("form not handed in yet")
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.code
