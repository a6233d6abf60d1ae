"""Records, their entries, the person's answers, and the narrow index that checks read."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Polarity, Severity
from archive.records.queries import CheckFactQuerySet, EntryQuerySet
from profiles.common import codes
from profiles.common.history import keep_history
from profiles.common.vocabulary import Group


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
        ENDED = "ended", _("ended")
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
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="entries")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
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
    batch_id = models.BigIntegerField(null=True, blank=True)
    batch_row = models.PositiveIntegerField(_("row of the file"), null=True, blank=True)

    drafted_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    hearing_days = models.PositiveSmallIntegerField(_("hearing window, working days"))
    notified_at = models.DateTimeField(_("notified"), null=True, blank=True)
    approvable_from = models.DateField(_("approvable from"), null=True, blank=True)
    approved_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    declined_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason.choices, blank=True)
    ended_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
            models.Index(fields=["batch_id"], name="entry_batch"),
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
    def is_unserved(self) -> bool:
        """A notice is owed and has not reached the person."""
        return self.is_adverse and not self.eases and self.state in {self.State.DRAFTED, self.State.NOTIFIED}

    @property
    def hearing_last_day(self) -> dt.date | None:
        """Last day on which the person can answer; None before service, and where the window has no days."""
        return self.approvable_from - dt.timedelta(days=1) if self.approvable_from and self.hearing_days else None


class HearingAnswer(models.Model):
    """陈述申辩: what the person said before the entry was decided. Written once; the approver notes having read it."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("statement"), max_length=2000)
    given_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("statement")
        ordering = ["given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_by=None, read_at=None) | Q(read_by__isnull=False, read_at__isnull=False),
                name="answer_reading_paired",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="text_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text")),
            ),
        ]

    def __str__(self) -> str:
        return f"answer to entry {self.entry_id}"


class CheckFact(models.Model):
    """The check index: what checks, watches and matching read. Narrow, without foreign keys, its key starts with the identity.

    A row says what was known from `known_from` to `known_until` about an entry in force; changes close the row and add
    another, so a check can be asked "as known at" any past moment. Written only by `records.actions`, with the entry.
    """

    pk = models.CompositePrimaryKey("identity_index", "entry_id", "known_from")
    identity_index = models.BinaryField(max_length=32)
    entry_id = models.BigIntegerField()
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    item_code = models.CharField(max_length=10)
    severity = models.CharField(max_length=10)
    polarity = models.CharField(max_length=10)
    document_date = models.DateField()
    sanction_months = models.PositiveSmallIntegerField(null=True)
    display = DateRangeField(null=True)
    bar = DateRangeField(null=True)
    bar_groups = ArrayField(models.CharField(max_length=3), default=list)

    objects = CheckFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("check fact")
        db_table = "check_fact"
        indexes = [models.Index(fields=["person_id"], name="check_fact_person")]

    def __str__(self) -> str:
        return f"entry {self.entry_id} from {self.known_from}"
