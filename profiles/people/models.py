"""Persons: one archive each, found by the blind index of an identity number."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from profiles.common import codes, identity
from profiles.common.fields import EncryptedTextField
from profiles.common.history import keep_history
from profiles.common.vocabulary import Group
from profiles.people.queries import IdentityQuerySet, MembershipQuerySet, PersonQuerySet


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


@keep_history()
class IdentityDocument(models.Model):
    """An identity number: ciphertext, and the keyed hash by which it is found. One number belongs to one person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(_("document"), max_length=20, choices=identity.DocumentKind.choices)
    number = EncryptedTextField(_("number"), context="profiles.identity.number")
    index = models.BinaryField(max_length=32, unique=True)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity document")

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
