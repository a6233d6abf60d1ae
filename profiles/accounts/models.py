"""Accounts: a member of staff of one body, or a person; never both. Roles are granted and revoked, and kept."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.accounts.permissions import ADMINISTRATORS, GRANTS, Role
from profiles.accounts.queries import AccountQuerySet, RoleGrantQuerySet
from profiles.common.history import keep_history
from profiles.common.permissions import Permission, Scope
from profiles.people.models import PersonMerge


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(username=self.model.normalize_username(username).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


@keep_history(exclude=["password", "last_login"])
class Account(AbstractBaseUser, PermissionsMixin):
    """Signs in. `left_on` ends all access from that day on, also of open sessions."""

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    organisation = models.ForeignKey(
        "profiles.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    person = models.OneToOneField(
        "profiles.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    left_on = models.DateField(_("leaving date"), null=True, blank=True)

    objects = AccountManager()

    through = ""  # the organisation key by which this account acts in this request; the trail names it

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("account")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(organisation=None) & Q(person__isnull=False))
                | (Q(organisation__isnull=False) & Q(person=None)),
                name="account_staff_or_person",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def actor_kind(self) -> str:
        return "account"

    @property
    def is_staff(self) -> bool:
        return Role.EDITOR in self.roles

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def employed_on(self, day: dt.date) -> bool:
        return self.is_active and (self.left_on is None or day < self.left_on)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Roles that hold now; a person's account has the role `person` by being one."""
        if self.person_id is not None:
            return frozenset({Role.PERSON})
        return frozenset(Role(role) for role in self.role_grants.current().values_list("role", flat=True))

    @cached_property
    def person_ids(self) -> frozenset[int]:
        """The own person and those joined with it; empty for staff."""
        return PersonMerge.objects.family(self.person_id) if self.person_id is not None else frozenset()

    def scopes(self, permission: Permission) -> frozenset[Scope]:
        if not self.employed_on(timezone.localdate()):
            return frozenset()
        return frozenset(GRANTS[role][permission] for role in self.roles if permission in GRANTS[role])


@keep_history()
class RoleGrant(models.Model):
    """A role of an account from a grant to its revocation, each by somebody at some time."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    granted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    revoked_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(revoked_at=None), name="role_once_at_a_time"
            ),
            # System, security and audit administration exclude each other (GB/T 22239-2019 8.1.5).
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(revoked_at=None, role__in=sorted(ADMINISTRATORS)),
                name="administrators_exclude_each_other",
            ),
            models.CheckConstraint(condition=~Q(role=Role.PERSON), name="role_person_is_not_granted"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="role_revocation_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"


class Activation(models.Model):
    """A code on paper by which a person opens the account. Only its hash is kept; it works once, for thirty days."""

    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="activations")
    code_hash = models.BinaryField(max_length=32, unique=True)
    issued_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("activation code")

    def __str__(self) -> str:
        return f"activation {self.pk}"
