"""Yearly statements of source bodies, reminders of them, and changes of law with what they end."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.oversight.queries import AttestationQuerySet, LawChangeQuerySet
from profiles.common import codes
from profiles.common.bilingual import Bilingual
from profiles.common.history import keep_history
from profiles.common.models import AppendOnly
from profiles.common.vocabulary import Group


class Attestation(AppendOnly):
    """年度申报: a body states once a year what it reported, or that there was nothing. Corrected by a new one that replaces it."""

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.statement_number, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    groups = ArrayField(models.CharField(max_length=3, choices=Group.choices), verbose_name=_("groups"))
    reported = models.PositiveIntegerField(_("entries"))
    late = models.PositiveIntegerField(_("of them late"))
    by_item = models.JSONField(help_text="list of [item code, entries, of them late]")
    text_version = models.CharField(max_length=20)
    text_zh = models.TextField()
    text_en = models.TextField()
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successor")
    signed_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed"), default=timezone.now)

    text = Bilingual("text")

    objects = AttestationQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("yearly statement")
        ordering = ["-year", "-signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"], condition=Q(replaces=None), name="attestation_first_once"
            ),
            models.CheckConstraint(condition=Q(late__lte=F("reported")), name="attestation_late_within_reported"),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(remark=""), name="attestation_correction_says_why"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def says_nothing(self) -> bool:
        return self.reported == 0


class Reminder(AppendOnly):
    """The credit office reminded a body of its statement; the body's desk shows it until it is signed."""

    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    text = models.CharField(_("message"), max_length=300, blank=True)
    sent_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta(AppendOnly.Meta):
        verbose_name = _("reminder")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "year", "-sent_at"], name="reminder_body")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"


LAW_CHANGE_TRANSITIONS = [
    ("proposed", "dropped"),
    ("proposed", "approved"),
    ("approved", "done"),
    ("approved", "failed"),
    ("failed", "approved"),
]


@keep_history(exclude=["rows_done", "heartbeat_at", "attempts"])
class LawChange(models.Model):
    """A basis (or one article) or an item no longer stands from a day on; one approved step ends what rests on it.

    `plan` is what was shown and approved: items and rules with what becomes of each, entries by item, body and year.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("approved, being carried out")
        DONE = "done", _("carried out")
        DROPPED = "dropped", _("dropped")
        FAILED = "failed", _("stopped by an error")

    code = models.CharField(_("number"), max_length=16, unique=True, default=codes.law_change_code, editable=False)
    basis = models.ForeignKey(
        "archive.LegalBasis", verbose_name=_("legal basis"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    article = models.CharField(_("article"), max_length=20, blank=True)
    item_code = models.CharField(_("item"), max_length=10, blank=True)
    from_date = models.DateField(_("no longer stands from"))
    works_back = models.BooleanField(_("works back"), default=False)
    document_number = models.CharField(_("document number"), max_length=100)
    document_date = models.DateField(_("document date"))
    document_body = models.CharField(_("issued by"), max_length=120)
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    plan = models.JSONField(default=dict, blank=True)
    proposed_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    approved_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = LawChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of law")
        ordering = ["-proposed_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="law_change_forward", field="state", transitions=LAW_CHANGE_TRANSITIONS),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__isnull=False, item_code="") | Q(basis=None, article="") & ~Q(item_code=""),
                name="law_change_basis_or_item",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="law_change_approval_paired",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by=None, dropped_at=None) | Q(dropped_by__isnull=False, dropped_at__isnull=False),
                name="law_change_dropping_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done", "failed"]) | Q(approved_at__isnull=False),
                name="law_change_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="law_change_second_person"
            ),
            models.CheckConstraint(condition=~Q(document_number="") & ~Q(reason=""), name="law_change_has_document"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_working(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def percent(self) -> int:
        return 100 * min(self.rows_done, self.rows_total) // self.rows_total if self.rows_total else 0

    @property
    def told(self) -> str:
        """Why, as the persons read it; the document first, so that no cut takes it."""
        return f"{self.document_body}{self.document_number}（{self.document_date.isoformat()}）：{self.reason}"[:500]

    @property
    def document(self) -> str:
        """As items and rules name what ended them."""
        return f"{self.document_body} {self.document_number}"[:250]
