"""The first two administrators of an empty installation. After that accounts are opened by administrators only."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.accounts.actions import create_staff_account, grant_role
from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, Scope, System
from profiles.common.vocabulary import OrganisationKind
from profiles.organisations.actions import save_organisation
from profiles.organisations.models import Organisation


class Founder(System):
    """The one actor that may do what administrators do; it acts only while there is no administrator."""

    def scopes(self, permission: Permission) -> frozenset[Scope]:
        return frozenset({Scope.ALL})


@transaction.atomic
def found(*, body: str, code: str, system_admin: str, security_admin: str) -> dict[str, str]:
    """Enter the office that runs the installation and its two administrators (GB/T 22239-2019 8.1.5: two people).

    Returns user name → password, each shown once. Raises ActionRefused where an account exists, ValidationError for a bad code.
    """
    if Account.objects.exists():
        raise ActionRefused(
            _("This installation has accounts already. Administrators open further ones on the screen.")
        )
    by = Founder("found")
    office = save_organisation(
        organisation=Organisation(name=body, code=code, kind=OrganisationKind.CREDIT_OFFICE), by=by
    )
    passwords = {}
    for role, full_name in ((Role.SYSTEM_ADMIN, system_admin), (Role.SECURITY_ADMIN, security_admin)):
        username, password = str(role).replace("_", "-"), secrets.token_urlsafe(12)
        account = create_staff_account(
            username=username, full_name=full_name, email="", organisation=office, password=password, by=by
        )
        grant_role(account=account, role=role, by=by)
        passwords[username] = password
    return passwords
