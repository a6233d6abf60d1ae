"""An empty installation gets its first two administrators, and only an empty one."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command

from profiles.accounts.permissions import Role
from profiles.models import Account, AuditEvent, Organisation
from tests import factories as f
from tests import numbers

pytestmark = pytest.mark.django_db


def found(code: str = "") -> str:
    out = io.StringIO()
    call_command(
        "found",
        body="示例市信用办",
        code=code or numbers.organisation_code(),
        system_admin="示例甲",
        security_admin="示例乙",
        stdout=out,
    )
    return out.getvalue()


def test_two_people_hold_the_two_offices_and_can_sign_in() -> None:
    printed = found()
    for username, role in (("system-admin", Role.SYSTEM_ADMIN), ("security-admin", Role.SECURITY_ADMIN)):
        password = re.search(rf"^{username}  (\S+)$", printed, re.MULTILINE)
        account = Account.objects.get(username=username)
        assert account.roles == {role}
        assert password is not None
        assert account.check_password(password[1])
    written = AuditEvent.objects.filter(actor_kind="system:found").values_list("verb", flat=True)
    assert sorted(written) == sorted(["organisation.saved", *2 * ["account.created"], *2 * ["account.role_granted"]])


def test_it_is_refused_where_there_are_accounts() -> None:
    f.AccountFactory()
    before = Organisation.objects.count()
    with pytest.raises(CommandError, match="has accounts already"):
        found()
    assert Organisation.objects.count() == before


def test_a_wrong_code_is_refused_and_nothing_is_stored() -> None:
    with pytest.raises(CommandError, match="not a unified social credit code"):
        found("119900004000000099")
    assert not Organisation.objects.exists()
    assert not Account.objects.exists()
