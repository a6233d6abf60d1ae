"""Notices to persons, and the ledger of their delivery."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.notices.queries import NoticeQuerySet
from profiles.common import codes
from profiles.common.bilingual import Bilingual


class Notice(models.Model):
    """A text that a person was told, frozen when sent, in Chinese and English. `about_*` point at what it is about."""

    class Kind(models.TextChoices):
        ENTRY_PROPOSED = "entry_proposed", _("Notice before an entry")
        ENTRY_IN_FORCE = "entry_in_force", _("An entry is in force")
        ENTRY_DECLINED = "entry_declined", _("An entry was not approved")
        ENTRY_CHANGED = "entry_changed", _("An entry was changed")
        ENTRY_ENDED = "entry_ended", _("An entry was ended")
        ENTRY_WITHDRAWN = "entry_withdrawn", _("A planned entry was withdrawn")
        ENTRY_DISPUTED = "entry_disputed", _("An entry is marked as in dispute")
        DISPUTE_SETTLED = "dispute_settled", _("An objection was settled")
        IDENTITY_CHANGED = "identity_changed", _("A name or number was changed")
        ARCHIVES_JOINED = "archives_joined", _("Two archives were joined")
        ARCHIVES_PARTED = "archives_parted", _("Two archives were parted")
        REPORT_REPLACED = "report_replaced", _("A report was replaced")
        VETO_PROPOSED = "veto_proposed", _("Notice before a decision after a check")
        VETO_CONFIRMED = "veto_confirmed", _("Decision after a check")
        VETO_WITHDRAWN = "veto_withdrawn", _("A decision after a check was withdrawn")
        VETO_LIFTED = "veto_lifted", _("A proposed decision was not taken")
        CONTEST_REVIEWED = "contest_reviewed", _("Answer to your contest")
        GATE_REFUSED = "gate_refused", _("An application was refused")

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.notice_number, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="notices")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    subject_zh = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=300)
    body_zh = models.TextField()
    body_en = models.TextField()
    about_type = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    respond_until = models.DateField(_("answer until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    subject = Bilingual("subject")
    body = Bilingual("body")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-sent_at"], name="notice_person"),
            models.Index(fields=["about_type", "about_id"], name="notice_about"),
        ]

    def __str__(self) -> str:
        return self.number


class Delivery(models.Model):
    """One attempt to bring a notice to the person: into the account, by e-mail, on paper."""

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("in the account")
        EMAIL = "email", _("by e-mail")
        PAPER = "paper", _("on paper")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("delivered")
        FAILED = "failed", _("failed")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
                name="delivery_done_has_time",
            ),
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel"),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="delivery_waiting")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"
