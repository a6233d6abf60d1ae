"""Opening, ending and empowering accounts."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.contrib.auth.models import Group as PageGroup
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.accounts.models import Account, Activation, RoleGrant
from profiles.accounts.permissions import ADMINISTRATORS, Role
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import codes
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, System, require
from profiles.organisations.models import Organisation
from profiles.people.models import IdentityDocument, Person, PersonMerge

ACTIVATION_DAYS = 30
EDITORS = "Editors"  # Wagtail's group of page editors


@transaction.atomic
def create_staff_account(
    *, username: str, full_name: str, email: str, organisation: Organisation, password: str, by: Actor
) -> Account:
    """A staff account without roles: the security administrator grants them. Raises ValidationError."""
    require(by, Permission.MANAGE_ACCOUNTS)
    account = Account(username=username.lower(), full_name=full_name, email=email, organisation=organisation)
    validate_password(password, account)
    account.set_password(password)
    account.full_clean()
    account.save()
    record(by=by, verb=Verb.ACCOUNT_CREATED, obj=account, organisation_id=organisation.pk)
    return account


@transaction.atomic
def set_leaving_date(*, account: Account, left_on: dt.date | None, by: Actor) -> Account:
    """From `left_on` on the account opens nothing; None lets it live on."""
    require(by, Permission.MANAGE_ACCOUNTS)
    if account.pk == by.pk:
        raise ActionRefused(_("You cannot end your own account; ask another administrator."))
    account.left_on = left_on
    account.save(update_fields=["left_on"])
    record(by=by, verb=Verb.ACCOUNT_LEAVING_SET, obj=account, left_on=left_on.isoformat() if left_on else None)
    return account


@transaction.atomic
def grant_role(*, account: Account, role: Role, by: Actor) -> RoleGrant:
    """Give a role. System, security and audit administration exclude each other; nobody grants to oneself."""
    require(by, Permission.GRANT_ROLES)
    if account.pk == by.pk:
        raise ActionRefused(_("You cannot grant a role to yourself."))
    if account.person_id is not None or role == Role.PERSON:
        raise ActionRefused(_("Roles are for staff accounts; a person's account has its rights by law."))
    held = account.roles
    if role in held:
        raise ActionRefused(_("The account has this role already."))
    if role in ADMINISTRATORS and held & ADMINISTRATORS:
        raise ActionRefused(
            _("System, security and audit administration are held by different people; revoke “%(role)s” first.")
            % {"role": next(iter(held & ADMINISTRATORS)).label}
        )
    grant = RoleGrant.objects.create(account=account, role=role, granted_by_id=by.pk)
    _sync_page_group(account)
    record(by=by, verb=Verb.ROLE_GRANTED, obj=account, organisation_id=account.organisation_id, role=str(role))
    return grant


@transaction.atomic
def revoke_role(*, grant: RoleGrant, by: Actor) -> RoleGrant:
    require(by, Permission.GRANT_ROLES)
    if grant.revoked_at is not None:
        raise ActionRefused(_("This role was revoked already."))
    if grant.account_id == by.pk:
        raise ActionRefused(_("You cannot revoke your own role; ask another administrator."))
    grant.revoked_at, grant.revoked_by_id = timezone.now(), by.pk
    grant.save(update_fields=["revoked_at", "revoked_by"])
    _sync_page_group(grant.account)
    record(
        by=by, verb=Verb.ROLE_REVOKED, obj=grant.account, organisation_id=grant.account.organisation_id, role=grant.role
    )
    return grant


def _sync_page_group(account: Account) -> None:
    """Editors work in Wagtail, which asks for Django groups."""
    account.__dict__.pop("roles", None)
    group, _created = PageGroup.objects.get_or_create(name=EDITORS)
    if Role.EDITOR in account.roles:
        account.groups.add(group)
    else:
        account.groups.remove(group)


@transaction.atomic
def issue_activation_code(
    *, person: Person, context: object, permission: Permission = Permission.SERVE_NOTICE, by: Account
) -> str:
    """A fresh code for a person without an account, shown once. Older unused codes stop working.

    `context` is the entry, membership or proposal through which the body knows the person, `permission` that which works on it.
    """
    require(by, permission, context)
    if Account.objects.reading_for([person.pk]):
        raise ActionRefused(_("This person has an account already."))
    code = codes.activation_code()
    today = timezone.localdate()
    Activation.objects.filter(person=person, used_at=None).update(expires_on=today)
    Activation.objects.create(
        person=person,
        code_hash=_hash(code),
        issued_by=by,
        expires_on=today + dt.timedelta(days=ACTIVATION_DAYS),
    )
    record(by=by, verb=Verb.ACTIVATION_ISSUED, obj=person, person_id=person.pk)
    return code


@transaction.atomic
def activate(
    *, code: str, name: str, number: str, username: str, password: str, email: str = "", by: System
) -> Account:
    """Open a person's account. Code, name and identity number must belong together; the refusal does not say which is wrong."""
    require(by, Permission.RUN_SYSTEM)
    activation = (
        Activation.objects.select_for_update()
        .select_related("person")
        .filter(code_hash=_hash(codes.clean(code)), used_at=None, expires_on__gt=timezone.localdate())
        .first()
    )
    document = IdentityDocument.objects.by_numbers([number]).get(number)
    if (
        activation is None
        or document is None
        or document.person_id not in PersonMerge.objects.family(activation.person_id)
        or not Person.objects.names({activation.person_id: activation.person.name})[activation.person_id].fits(name)
    ):
        raise ActionRefused(
            _(
                "Code, name and identity number do not belong together, or the code is used up. Ask the body that gave it."
            )
        )
    if Account.objects.reading_for([activation.person_id]):
        raise ActionRefused(_("This person has an account already. Sign in, or ask the body for help."))
    account = Account(
        username=username.lower(), full_name=activation.person.name, email=email, person=activation.person
    )
    validate_password(password, account)
    account.set_password(password)
    account.full_clean()
    account.save()
    activation.used_at = timezone.now()
    activation.save(update_fields=["used_at"])
    record(by=by, verb=Verb.ACCOUNT_ACTIVATED, obj=account, person_id=activation.person_id)
    return account


def _hash(code: str) -> bytes:
    """60 random bits need no slow hash."""
    return hashlib.sha256(code.encode()).digest()


@transaction.atomic
def turn_away(*, account: Account, rule: str, by: System) -> None:
    """Note in the trail that the rules of the account's body (`network` or `hours`) ended a session."""
    require(by, Permission.RUN_SYSTEM)
    record(by=by, verb=Verb.WORK_REFUSED, obj=account, organisation_id=account.organisation_id, rule=rule)
