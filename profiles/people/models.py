"""Persons: one archive each, found by the blind index of an identity number; how names and numbers changed, who is one."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.common import codes, identity
from profiles.common.fields import EncryptedTextField
from profiles.common.history import keep_history
from profiles.common.models import AppendOnly
from profiles.common.vocabulary import Group
from profiles.people.queries import (
    FormerNameQuerySet,
    IdentityQuerySet,
    MembershipQuerySet,
    MergeQuerySet,
    PersonQuerySet,
    ProposalQuerySet,
)


@keep_history()
class Person(models.Model):
    """A natural person. The code is what leaves the system; the key never does."""

    code = models.CharField(max_length=16, unique=True, default=codes.person_code, editable=False)
    name = models.CharField(_("name"), max_length=100)
    birth_date = models.DateField(_("birth date"))
    created_by_organisation_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        indexes = [models.Index(fields=["name", "birth_date"], name="person_name_birth")]

    def __str__(self) -> str:
        return self.code

    @property
    def main_identity(self) -> IdentityDocument | None:
        """The number to show where one is shown: the newest that is valid."""
        return self.identities.live().newest_first().first()


@keep_history()
class IdentityDocument(models.Model):
    """An identity number: ciphertext, and the keyed hash by which it is found. A number belongs to one person at a time.

    A number that was wrong is retired: it finds nobody any more and may come to belong to somebody else. Nothing is deleted.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(_("document"), max_length=20, choices=identity.DocumentKind.choices)
    number = EncryptedTextField(_("number"), context="profiles.identity.number")
    index = models.BinaryField(max_length=32)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    retired_by = models.ForeignKey(
        "profiles.IdentityChange", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity document")
        constraints = [
            models.UniqueConstraint(fields=["index"], condition=Q(retired_at=None), name="identity_live_once"),
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_by=None) | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="identity_retirement_paired",
            ),
        ]
        # For questions "as known at" a moment at which a retired number was still somebody's.
        indexes = [models.Index(fields=["index"], condition=Q(retired_at__isnull=False), name="identity_retired")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"

    @property
    def masked(self) -> str:
        return identity.mask(self.number)


@keep_history()
class Membership(models.Model):
    """A person in a key group at a body, with licence and dates. One person may have many: student, then doctor."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    group = models.CharField(_("group"), max_length=3, choices=Group.choices)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="members")
    unit = models.CharField(_("unit or class"), max_length=100, blank=True)
    licence_number = models.CharField(_("licence number"), max_length=60, blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        ordering = ["-joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group", "organisation"], condition=Q(left_on=None), name="membership_open_once"
            ),
            models.CheckConstraint(
                condition=Q(joined_on=None) | Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="membership_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.group} at {self.organisation_id}"


class FormerName(AppendOnly):
    """A name that a person had until a day. Written when the change is carried out; `held_from` is empty for the first name."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(_("name"), max_length=100)
    held_from = models.DateField(_("from"), null=True)
    held_until = models.DateField(_("until"))
    recorded_at = models.DateTimeField()
    change = models.OneToOneField("profiles.IdentityChange", on_delete=models.PROTECT, related_name="+")

    objects = FormerNameQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("former name")
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["name"], name="former_name")]

    def __str__(self) -> str:
        return f"former name of {self.person_id}"


class Proposal(models.Model):
    """An act that decides to whom an archive belongs: one proposes it with its reason, a second carries it out or declines it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CARRIED_OUT = "carried_out", _("carried out")
        DECLINED = "declined", _("not approved")
        UNDONE = "undone", _("undone")

    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    document_number = models.CharField(_("document number"), max_length=100, blank=True)
    document_date = models.DateField(_("document date"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    carried_out_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    declined_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "declined"], carried_out_by=None, carried_out_at=None)
                | Q(state__in=["carried_out", "undone"], carried_out_by__isnull=False, carried_out_at__isnull=False),
                name="%(class)s_carried_out_paired",
            ),
            models.CheckConstraint(
                condition=Q(state="declined", declined_by__isnull=False, declined_at__isnull=False)
                | (~Q(state="declined") & Q(declined_by=None, declined_at=None)),
                name="%(class)s_declining_paired",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_by=None) | ~Q(carried_out_by=F("proposed_by")), name="%(class)s_second_person"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_has_reason"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PROPOSED


@keep_history()
class IdentityChange(Proposal):
    """One change of a person's name or numbers: a new name by law, another number, or the right number for a wrong one."""

    class Kind(models.TextChoices):
        RENAME = "rename", _("change of name")
        ADD_NUMBER = "add_number", _("another number")
        CORRECT_NUMBER = "correct_number", _("correction of a number")

    code = models.CharField(max_length=16, unique=True, default=codes.identity_change_code, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identity_changes")
    new_name = models.CharField(_("new name"), max_length=100, blank=True)
    document_kind = models.CharField(max_length=20, choices=identity.DocumentKind.choices, blank=True)
    number = EncryptedTextField(_("number"), context="profiles.identity_change.number", null=True)
    wrong = models.ForeignKey(IdentityDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta(Proposal.Meta):
        verbose_name = _("change of identity")
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="state_forward_only",
                field="state",
                transitions=[("proposed", "carried_out"), ("proposed", "declined")],
            ),
        ]
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="rename", number=None, wrong=None, document_date__isnull=False)
                & ~Q(new_name="")
                & ~Q(document_number="")
                | Q(kind="add_number", new_name="", number__isnull=False, wrong=None)
                | Q(kind="correct_number", new_name="", number__isnull=False, wrong__isnull=False),
                name="identitychange_says_what",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="proposed"), name="identitychange_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def masked(self) -> str:
        return identity.mask(self.number) if self.number else ""


@keep_history()
class PersonMerge(Proposal):
    """Two archives are one person's: from `carried_out_at` to `undone_at` whoever reads one reads both.

    No row of either archive is touched (SCALE: merging inserts and ends). A family is one kept archive and those joined to it:
    a joined one is never kept beside, so there are no chains; `people.actions.merging` sees to it, one act at a time.
    """

    code = models.CharField(max_length=16, unique=True, default=codes.merge_code, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joined")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joined_to")
    undone_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_reason = models.CharField(max_length=300, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta(Proposal.Meta):
        verbose_name = _("joining of two archives")
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="state_forward_only",
                field="state",
                transitions=[("proposed", "carried_out"), ("proposed", "declined"), ("carried_out", "undone")],
            ),
        ]
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="personmerge_two_archives"),
            models.CheckConstraint(
                condition=~Q(document_number="") & Q(document_date__isnull=False), name="personmerge_has_document"
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_by__isnull=False, undone_at__isnull=False) & ~Q(undone_reason="")
                | (~Q(state="undone") & Q(undone_by=None, undone_at=None, undone_reason="")),
                name="personmerge_undoing_paired",
            ),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(state="carried_out"), name="personmerge_joined_once"
            ),
            models.UniqueConstraint(
                fields=["kept", "merged"], condition=Q(state="proposed"), name="personmerge_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.code
