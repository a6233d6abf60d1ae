"""Records and their entries."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.catalogue.models import Polarity, Severity
from archive.records.queries import STANDING, EntryQuerySet
from profiles.common import codes
from profiles.common.history import keep_history
from profiles.common.vocabulary import Group
from profiles.organisations.models import validate_uscc


class Record(models.Model):
    """信用记录: what a body reported about a person under one number; its entries tell the story."""

    number = models.CharField(
        _("record number"), max_length=16, unique=True, default=codes.record_number, editable=False
    )
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="records")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("record")
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number


# Forward only; a state that is left is not entered again.
ENTRY_TRANSITIONS = [
    ("drafted", "notified"),
    ("drafted", "in_hearing"),  # the notice reached the account in the moment it was written
    ("notified", "in_hearing"),
    ("drafted", "approved"),  # positive entries, and changes that only ease
    ("in_hearing", "approved"),
    ("approved", "in_force"),
    ("approved", "ended"),  # a void: it ends the record and displays nothing
    ("in_force", "ended"),
    *[(state, end) for state in ("drafted", "notified", "in_hearing") for end in ("declined", "withdrawn")],
]


@keep_history()
class Entry(models.Model):
    """One dated statement about a record. It takes effect only after notice, hearing window and a second person's approval.

    `approvable_from` is the first day after the hearing window. `display`, `retention` and `bar` are half-open ranges:
    what is shown or counts on a day follows from them, no job has to run.
    """

    class Kind(models.TextChoices):
        INITIAL = "initial", _("initial")
        CORRECTION = "correction", _("correction")
        REVISION = "revision", _("revision")
        VOID = "void", _("void")

    class State(models.TextChoices):
        DRAFTED = "drafted", _("drafted")
        NOTIFIED = "notified", _("notice written")
        IN_HEARING = "in_hearing", _("in hearing")
        APPROVED = "approved", _("approved")
        IN_FORCE = "in_force", _("in force")
        ENDED = "ended", pgettext_lazy("entry", "ended")
        DECLINED = "declined", _("not approved")
        WITHDRAWN = "withdrawn", _("withdrawn before approval")

    class EndReason(models.TextChoices):
        DISPLAY_OVER = "display_over", _("display period over")
        REPAIRED = "repaired", _("repaired")
        VOIDED = "voided", _("voided")
        REVOKED = "revoked", _("base decision revoked")
        CORRECTED = "corrected", _("replaced by a correction")
        REVISED = "revised", _("replaced by a revision")
        OPTED_OUT = "opted_out", _("the person opted out")

    UNDECIDED = (State.DRAFTED, State.NOTIFIED, State.IN_HEARING)
    # Read by nobody but in the sealed file: a repair hides it, and so does the person's wish.
    SEALED = (EndReason.REPAIRED, EndReason.OPTED_OUT)
    # No story of it is told to any reader again, not even of what was answered long ago.
    UNTOLD = (*SEALED, EndReason.VOIDED, EndReason.REVOKED)
    # What was never right, or is told by a later entry: the fact may be recorded anew.
    GONE = (EndReason.VOIDED, EndReason.REVOKED, EndReason.CORRECTED, EndReason.REVISED)

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.INITIAL)
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors", db_index=False
    )
    change_reason = models.CharField(_("why it is changed"), max_length=500, blank=True)
    changes = models.JSONField(default=dict, blank=True, help_text="field → [before, after]")
    eases = models.BooleanField(default=False, help_text="a change that lays nothing new on the person: no hearing")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="entries", db_index=False)
    organisation = models.ForeignKey(
        "profiles.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    item = models.ForeignKey("archive.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="+")
    item_code = models.CharField(_("item"), max_length=10)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, blank=True)
    polarity = models.CharField(max_length=10, choices=Polarity.choices)
    act_date = models.DateField(_("day of the act"))
    document_number = models.CharField(_("document number"), max_length=100)
    document_date = models.DateField(_("document date"))
    document_body = models.CharField(_("issued by"), max_length=120)
    facts = models.CharField(_("facts in brief"), max_length=500, blank=True)
    sanction_months = models.PositiveSmallIntegerField(_("sanction period, months"), null=True, blank=True)
    bar_groups = ArrayField(models.CharField(max_length=3, choices=Group.choices), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFTED)
    # An organisation's serious breach, entered on the person whom its document names as responsible: all three or none.
    subject_organisation = models.CharField(_("breach of the organisation"), max_length=120, blank=True)
    subject_uscc = models.CharField(
        _("its unified social credit code"), max_length=18, blank=True, validators=[validate_uscc]
    )
    naming_document = models.ForeignKey(
        "archive.Evidence",
        verbose_name=_("document that names the person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    batch_id = models.BigIntegerField(null=True, blank=True)
    batch_row = models.PositiveIntegerField(_("row of the file"), null=True, blank=True)

    # Accounts are never deleted, and nobody lists entries by them: indexes would only slow great files down.
    drafted_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField(default=timezone.now)
    hearing_days = models.PositiveSmallIntegerField(_("hearing window, working days"))
    notified_at = models.DateTimeField(_("notified"), null=True, blank=True)
    approvable_from = models.DateField(_("approvable from"), null=True, blank=True)
    approved_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    declined_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason.choices, blank=True)
    ended_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    display = DateRangeField(_("display period"), null=True, blank=True)
    retention = DateRangeField(_("retention period"))
    bar = DateRangeField(_("bar period"), null=True, blank=True)
    repair_from = models.DateField(_("earliest repair"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        ordering = ["-document_date", "-pk"]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="state_forward_only", field="state", transitions=ENTRY_TRANSITIONS),
            # Looked at once the row is locked: a statement that arrives beside an approval is seen, or comes too late.
            pgtrigger.Trigger(
                name="statements_read_first",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state="approved") & ~pgtrigger.Q(old__state="approved"),
                func=(
                    "IF EXISTS (SELECT 1 FROM archive_hearinganswer WHERE entry_id = NEW.id AND read_at IS NULL) THEN"
                    " RAISE EXCEPTION 'entry % has a statement that was not read', NEW.id; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None, approved_on=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, approved_on__isnull=False),
                name="entry_approval_paired",
            ),
            models.CheckConstraint(
                condition=Q(declined_by=None, declined_at=None)
                | Q(declined_by__isnull=False, declined_at__isnull=False),
                name="entry_declining_paired",
            ),
            # Never post first: in force only after notice, hearing window and another person's approval.
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "in_force", "ended"]) | Q(approved_at__isnull=False),
                name="entry_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "in_force", "ended"])
                | Q(polarity="positive")
                | Q(eases=True)
                | Q(notified_at__isnull=False, approvable_from__isnull=False, approved_on__gte=F("approvable_from")),
                name="entry_heard_first",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")), name="entry_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["notified", "in_hearing"]) | Q(notified_at__isnull=False),
                name="entry_notified_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_hearing") | Q(approvable_from__isnull=False), name="entry_hearing_has_window"
            ),
            # Ended: why and when; by whom, unless time itself ended it.
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="")
                | ~Q(state="ended") & Q(ended_at=None, ended_by=None, end_reason=""),
                name="entry_end_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(end_reason="display_over") | Q(ended_by__isnull=False),
                name="entry_end_has_somebody",
            ),
            # Four kinds: all but the first change another entry of the record, and say why.
            models.CheckConstraint(
                condition=Q(kind="initial", supersedes=None, eases=False)
                | ~Q(kind="initial") & Q(supersedes__isnull=False) & ~Q(change_reason=""),
                name="entry_change_names_what",
            ),
            models.UniqueConstraint(fields=["record"], condition=Q(kind="initial"), name="entry_initial_once"),
            models.UniqueConstraint(fields=["record"], condition=Q(state="in_force"), name="entry_in_force_once"),
            models.UniqueConstraint(
                fields=["record"],
                condition=~Q(kind="initial") & Q(state__in=["drafted", "notified", "in_hearing", "approved"]),
                name="entry_change_one_open",
            ),
            models.CheckConstraint(condition=~Q(document_number=""), name="entry_has_document"),
            models.CheckConstraint(
                condition=Q(subject_organisation="", subject_uscc="", naming_document=None)
                | Q(naming_document__isnull=False, severity="serious", polarity="adverse")
                & ~Q(subject_organisation="")
                & ~Q(subject_uscc=""),
                name="entry_breach_has_naming_document",
            ),
            models.CheckConstraint(condition=Q(document_date__gte=F("act_date")), name="entry_document_after_act"),
            models.UniqueConstraint(
                fields=["person", "item_code", "act_date", "document_number"],
                condition=Q(kind="initial", state__in=["drafted", "notified", "in_hearing", "approved"])
                | Q(state="in_force")
                | Q(state="ended", end_reason__in=["display_over", "repaired", "opted_out"]),
                name="entry_fact_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "approvable_from"], name="entry_worklist"),
            models.Index(fields=["batch_id", "batch_row"], name="entry_batch"),
            models.Index(fields=["person", "act_date"], name="entry_person"),
            # The list opens in this order: 0.9 s without it where a body has a million entries, 3 ms with it.
            models.Index(fields=["organisation", "-drafted_at", "-id"], name="entry_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.item_code}"

    @property
    def is_adverse(self) -> bool:
        return self.polarity == Polarity.ADVERSE

    @property
    def is_undecided(self) -> bool:
        return self.state in self.UNDECIDED

    @property
    def is_standing(self) -> bool:
        return STANDING.holds(self, timezone.localdate())

    @property
    def is_disputed(self) -> bool:
        """In a list that asked for it (`disputed`): it holds, and an objection to its record is open."""
        return bool(getattr(self, "disputed", False)) and self.is_standing

    @property
    def is_sealed(self) -> bool:
        return self.end_reason in self.SEALED

    @property
    def is_unserved(self) -> bool:
        """A notice is owed and has not reached the person."""
        return self.is_adverse and not self.eases and self.state in {self.State.DRAFTED, self.State.NOTIFIED}

    @property
    def hearing_last_day(self) -> dt.date | None:
        """Last day on which the person can answer; None before service, and where the window has no days."""
        return self.approvable_from - dt.timedelta(days=1) if self.approvable_from and self.hearing_days else None
