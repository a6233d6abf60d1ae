"""Accounts: who may come in, what each may do, when it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from profiles.accounts import actions
from profiles.accounts.permissions import ADMINISTRATORS, GRANTS, Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, Scope, System, can
from profiles.models import Account, Activation, Organisation, RoleGrant
from tests import factories as f
from tests.factories.profiles import PASSWORD
from tests.world import sign_in

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("at", "uid").values_list("verb", flat=True))


# Permissions


def test_the_default_is_no() -> None:
    nobody = f.AccountFactory()
    assert not any(can(nobody, permission) for permission in Permission)
    assert not Organisation.objects.visible_to(nobody).exists()
    assert not Account.objects.visible_to(nobody).exists()


def test_own_reaches_the_own_body_only() -> None:
    clerk = f.AccountFactory(holds=[Role.CLERK])
    mine, foreign = f.BatchFactory(organisation=clerk.organisation), f.BatchFactory()
    assert can(clerk, Permission.VIEW_BATCH, mine)
    assert not can(clerk, Permission.VIEW_BATCH, foreign)
    assert list(type(mine).objects.visible_to(clerk)) == [mine]


def test_self_reaches_the_own_person_only() -> None:
    account = f.AccountFactory(a_person=True)
    mine, foreign = f.NoticeFactory(person=account.person), f.NoticeFactory()
    assert can(account, Permission.VIEW_ARCHIVE, mine)
    assert not can(account, Permission.VIEW_ARCHIVE, foreign)
    assert list(type(mine).objects.visible_to(account)) == [mine]


def test_every_permission_is_held_by_somebody_or_by_machines() -> None:
    held = {permission for grants in GRANTS.values() for permission in grants}
    assert set(Permission) - held == {Permission.RUN_SYSTEM}
    assert System("x").scopes(Permission.RUN_SYSTEM) == {Scope.ALL}
    assert not any(System("x").scopes(permission) for permission in held)


def test_administrators_share_no_permission() -> None:
    roles = sorted(ADMINISTRATORS)
    for place, one in enumerate(roles):
        for other in roles[place + 1 :]:
            assert not set(GRANTS[Role(one)]) & set(GRANTS[Role(other)])


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", sorted(ADMINISTRATORS))
def test_administrators_exclude_each_other(first: str, second: str) -> None:
    """In the action with a sentence, and in the database for whoever goes round it."""
    security = f.AccountFactory(holds=[Role.SECURITY_ADMIN])
    account = f.AccountFactory(holds=[Role(first)])
    with pytest.raises(ActionRefused):
        actions.grant_role(account=account, role=Role(second), by=security)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(account=account, role=second)


def test_roles_are_granted_and_revoked_by_the_security_administrator_only() -> None:
    security = f.AccountFactory(holds=[Role.SECURITY_ADMIN])
    account = f.AccountFactory()
    grant = actions.grant_role(account=account, role=Role.CLERK, by=security)
    assert can(Account.objects.get(pk=account.pk), Permission.UPLOAD_BATCH)
    actions.revoke_role(grant=grant, by=security)
    assert not can(Account.objects.get(pk=account.pk), Permission.UPLOAD_BATCH)
    assert verbs()[-2:] == [Verb.ROLE_GRANTED, Verb.ROLE_REVOKED]
    for role in set(Role) - {Role.SECURITY_ADMIN, Role.PERSON}:
        with pytest.raises(PermissionDenied):
            actions.grant_role(account=account, role=Role.CLERK, by=f.AccountFactory(holds=[role]))
    with pytest.raises(ActionRefused):
        actions.grant_role(account=security, role=Role.CLERK, by=security)


def test_an_account_is_staff_or_a_person_never_both() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        f.AccountFactory(person=f.PersonFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        f.AccountFactory(organisation=None)


# Leaving


def test_leaving_ends_access_at_once() -> None:
    admin = f.AccountFactory(holds=[Role.SYSTEM_ADMIN])
    clerk = f.AccountFactory(holds=[Role.CLERK])
    client = sign_in(clerk)
    assert client.get("/record/").status_code == 200
    actions.set_leaving_date(account=clerk, left_on=timezone.localdate(), by=admin)
    assert client.get("/record/").url.startswith("/accounts/login/")
    assert not can(Account.objects.get(pk=clerk.pk), Permission.VIEW_BATCH)
    assert not Client().login(username=clerk.username, password=PASSWORD)


def test_a_leaving_date_ahead_changes_nothing_yet() -> None:
    admin = f.AccountFactory(holds=[Role.SYSTEM_ADMIN])
    clerk = f.AccountFactory(holds=[Role.CLERK])
    actions.set_leaving_date(account=clerk, left_on=timezone.localdate() + dt.timedelta(days=1), by=admin)
    assert can(clerk, Permission.VIEW_BATCH)


# Signing in


def login(client: Client, username: str, password: str) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password})


def test_without_a_second_factor_only_setting_one_up_is_open() -> None:
    clerk = f.AccountFactory(holds=[Role.CLERK])
    client = Client()
    client.force_login(clerk, backend="profiles.accounts.backends.AccountBackend")
    for path in ("/record/", "/desk/", "/my/", "/"):
        assert client.get(path).url == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200


def test_the_password_alone_opens_nothing() -> None:
    clerk = f.AccountFactory(holds=[Role.CLERK])
    TOTP.activate(clerk, "JBSWY3DPEHPK3PXP")
    client = Client()
    assert login(client, clerk.username, PASSWORD).url == "/accounts/2fa/authenticate/"
    assert client.get("/record/").url.startswith("/accounts/login/")


def test_secrets_of_second_factors_are_ciphertext() -> None:
    clerk = f.AccountFactory()
    TOTP.activate(clerk, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in str(Authenticator.objects.get(user=clerk).data)


def test_five_failures_lock_the_name() -> None:
    clerk = f.AccountFactory()
    client = Client()
    for _attempt in range(5):
        login(client, clerk.username, "wrong")
    response = login(client, clerk.username, PASSWORD)
    assert response.status_code == 200  # not let in, though the password is right
    assert client.get("/desk/").url.startswith("/accounts/login/")


def test_signing_in_and_failing_is_in_the_trail_without_what_was_typed() -> None:
    clerk = f.AccountFactory()
    login(Client(), clerk.username, "wrong")
    login(Client(), "110105199001011234", "wrong")
    events = list(AuditEvent.objects.filter(verb=Verb.SIGN_IN_FAILED).order_by("at"))
    assert [event.object_id for event in events] == [str(clerk.pk), ""]
    assert "110105199001011234" not in str([vars(event) for event in events])


def test_nobody_signs_up() -> None:
    response = Client().post("/accounts/signup/", {"username": "x", "password1": PASSWORD, "password2": PASSWORD})
    assert response.status_code == 200
    assert not Account.objects.exists()


def test_pages_of_signed_in_people_are_not_kept_by_browsers() -> None:
    response = sign_in(f.AccountFactory(holds=[Role.CLERK])).get("/record/")
    assert "no-store" in response["Cache-Control"]


def test_passwords_are_not_in_the_row_history() -> None:
    """The history keeps what a row was, but never a password hash."""
    clerk = f.AccountFactory()
    clerk.full_name = "改名"
    clerk.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'profiles_accountevent'")
        columns = {row[0] for row in cursor.fetchall()}
    assert "full_name" in columns
    assert "password" not in columns
    assert clerk.events.filter(full_name="示例经办人").exists()


# Activation


@pytest.fixture
def invited() -> tuple[Any, str]:
    clerk = f.AccountFactory(holds=[Role.CLERK])
    entry = f.EntryFactory(record=f.RecordFactory(organisation=clerk.organisation))
    return entry.person, actions.issue_activation_code(person=entry.person, context=entry, by=clerk)


def activate(person: Any, activation_code: str, **changes: Any) -> Account:
    values = {
        "code": activation_code,
        "name": person.name,
        "number": person.identities.get().number,
        "username": "fresh",
        "password": "a-long-password-7",
        **changes,
    }
    return actions.activate(**values, by=System("test"))


def test_a_person_opens_the_account_with_the_code(invited: tuple[Any, str]) -> None:
    person, code = invited
    account = activate(person, code.lower().replace("-", " "))
    assert account.person == person
    assert account.roles == {Role.PERSON}
    assert Activation.objects.get().used_at is not None
    with pytest.raises(ActionRefused):
        activate(person, code, username="second")


def test_only_the_codes_hash_is_kept(invited: tuple[Any, str]) -> None:
    _person, code = invited
    assert code not in str(vars(Activation.objects.get()))


@pytest.mark.parametrize(
    "changes",
    [{"code": "0000-0000-0000"}, {"name": "别人"}, {"number": "11010519491231002X"}],
    ids=["code", "name", "number"],
)
def test_code_name_and_number_must_belong_together(invited: tuple[Any, str], changes: dict[str, str]) -> None:
    """And the refusal does not tell which of them is wrong."""
    person, code = invited
    with pytest.raises(ActionRefused, match="do not belong together") as refused:
        activate(person, code, **changes)
    assert not Account.objects.filter(person=person).exists()
    assert person.name not in str(refused.value)


def test_a_code_ends_after_thirty_days_or_with_the_next_one(invited: tuple[Any, str]) -> None:
    person, code = invited
    Activation.objects.update(expires_on=timezone.localdate())
    with pytest.raises(ActionRefused):
        activate(person, code)


def test_a_weak_password_is_told_and_the_code_stays_good(invited: tuple[Any, str]) -> None:
    person, code = invited
    form = {
        "code": code,
        "name": person.name,
        "identity": person.identities.get().number,
        "username": "fresh",
        "password": "12345",
        "password_again": "12345",
    }
    response = Client().post("/activate/", form)
    assert response.status_code == 422
    assert activate(person, code).person == person


def test_activating_over_the_page_leads_to_the_second_factor(invited: tuple[Any, str]) -> None:
    person, code = invited
    client = Client()
    form = {
        "code": code,
        "name": person.name,
        "identity": f" {person.identities.get().number.lower()} ",
        "username": "Fresh",
        "password": "a-long-password-7",
        "password_again": "a-long-password-7",
    }
    assert client.post("/activate/", form).url == "/accounts/2fa/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200  # no second sign-in is asked for
    assert Account.objects.get(person=person).username == "fresh"


def test_guessing_codes_is_slowed_down(invited: tuple[Any, str]) -> None:
    person, code = invited
    form = {
        "code": "0000-0000-0000",
        "name": person.name,
        "identity": person.identities.get().number,
        "username": "fresh",
        "password": "a-long-password-7",
        "password_again": "a-long-password-7",
    }
    for _attempt in range(10):
        Client().post("/activate/", form)
    Client().post("/activate/", {**form, "code": code})
    assert not Account.objects.filter(person=person).exists()


@pytest.fixture(autouse=True)
def _no_counts_left() -> None:
    from django.core.cache import cache

    cache.clear()
