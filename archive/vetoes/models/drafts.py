"""Rules in the making: drafts of credit officers, and the rehearsals that show what a draft would do."""

from __future__ import annotations

import hashlib
import json

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models.rules import RuleVersion
from archive.vetoes.queries import RehearsalQuerySet, RuleDraftQuerySet
from archive.vetoes.rules import Clause, Effect, Rule
from profiles.common import codes
from profiles.common.history import keep_history

TRANSITIONS = [("drafted", "proposed"), ("drafted", "dropped"), ("proposed", "drafted"), ("proposed", "approved")]


@keep_history()
class RuleDraft(models.Model):
    """A rule as an officer wrote it (`written`, in the form of the data file). A second officer's approval makes it a version."""

    class State(models.TextChoices):
        DRAFTED = "drafted", _("draft")
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("approved by a second person")
        DROPPED = "dropped", _("dropped")

    code = models.CharField(_("number"), max_length=16, unique=True, default=codes.rule_draft_code, editable=False)
    rule_code = models.CharField(_("rule"), max_length=30)
    based_on = models.ForeignKey(RuleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    written = models.JSONField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFTED)
    drafted_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=250, blank=True)
    returned_reason = models.CharField(_("why it was returned"), max_length=300, blank=True)
    approved_by = models.ForeignKey("profiles.Account", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True)
    version = models.OneToOneField(RuleVersion, null=True, on_delete=models.PROTECT, related_name="draft")

    objects = RuleDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a rule")
        ordering = ["-changed_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="rule_draft_forward", field="state", transitions=TRANSITIONS),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code"], condition=Q(state__in=["drafted", "proposed"]), name="rule_draft_one_open"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")), name="rule_draft_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False, version__isnull=False),
                name="rule_draft_approval_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "approved"]) | Q(valid_from__isnull=False) & ~Q(document=""),
                name="rule_draft_proposed_with_document",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def fingerprint(self) -> str:
        """Of what is written: a rehearsal and an approval say what they saw."""
        return hashlib.sha256(json.dumps(self.written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.DRAFTED, self.State.PROPOSED}

    def compiled(self) -> Rule:
        """As the engine reads it. Only after the compiler found no fault."""
        raw = self.written
        return Rule(
            id=0,
            code=raw["code"],
            groups=frozenset(raw["groups"]),
            events=frozenset(raw["events"]),
            effect=Effect(raw["effect"]),
            clauses=tuple(Clause.read(clause) for clause in raw["clause"]),
            post=raw.get("post", ""),
            match_occupation=raw.get("match_occupation", False),
            needs_outside_check=raw.get("needs_outside_check", False),
        )


class RuleRehearsal(models.Model):
    """A draft run on the archive and on past checks. `result` holds counts only, small ones already suppressed."""

    class State(models.TextChoices):
        WORKING = "working", _("being run")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped by an error")

    draft = models.ForeignKey(RuleDraft, on_delete=models.PROTECT, related_name="rehearsals")
    text_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WORKING)
    asked_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rehearsal of a rule")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.asked_at}"

    @property
    def percent(self) -> int:
        return 100 * min(self.rows_done, self.rows_total) // self.rows_total if self.rows_total else 0
