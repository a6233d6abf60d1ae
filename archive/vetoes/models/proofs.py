"""Proofs without content: that a body made a check, and that nothing bars a person from one event."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.common.documents import IssuedDocument
from archive.common.statements import Statement
from archive.vetoes.models.checks import Check
from archive.vetoes.models.rules import Post
from archive.vetoes.queries import CertificateQuerySet
from profiles.common import codes
from profiles.common.vocabulary import Event, Group


class CheckProof(IssuedDocument):
    """核查证明: a body made a check of so many persons, at a time, by these rules. No name, no outcome. One for a check."""

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.proof_number, editable=False)
    check_asked = models.OneToOneField(Check, on_delete=models.PROTECT, related_name="proof")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()
    rules = models.JSONField(help_text="[code, version] of the rules that held for the check")
    rules_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    person_id = None  # it is about nobody

    class Meta:
        verbose_name = _("proof of a check")

    def __str__(self) -> str:
        return self.number


class Certificate(IssuedDocument):
    """无一票否决情形证明: as of `day` no rule that holds by law bars the person from one event. Yes, and nothing else.

    Its end is the person's. Whether it still holds is asked anew at each verification (docs/adr); once overtaken it stays so.
    """

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.certificate_number, editable=False)
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("as of"), default=timezone.now)
    day = models.DateField(_("judged on"))
    group = models.CharField(_("group"), max_length=3, choices=Group.choices)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    post = models.CharField(_("post"), max_length=20, choices=Post.choices, blank=True)
    reader = models.CharField(_("for whom"), max_length=120, blank=True)
    rules = models.JSONField(help_text="[code, version] of the rules by which it was judged")
    rules_hash = models.CharField(max_length=64)
    valid_until = models.DateField(_("valid until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of no veto")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=models.F("day")), name="certificate_ends_later")
        ]
        indexes = [models.Index(fields=["person", "valid_until"], name="certificate_person")]

    def __str__(self) -> str:
        return self.number

    def statement(self) -> Statement:
        return Statement("certificate", self.number, self.day, self.valid_until)

    def is_valid_on(self, day: dt.date) -> bool:
        return self.ended_at is None and self.replaced_at is None and day <= self.valid_until
