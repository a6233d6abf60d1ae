"""The one door to an archive: authorisations, the register of every query, and who may read what of both."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.access import actions
from archive.access.models import Authorisation, Purpose, QueryLine
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, can
from profiles.common.vocabulary import Event, Group
from profiles.models import Account, Organisation
from tests import factories as f
from tests.archive.checking import MATTER, check, examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def by() -> Account:
    """An examiner who may check for an award, with the person's authorisation."""
    return examiner(event=Event.AWARD, needs_authorisation=True)


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


def give(owner: Account, body: Organisation, **changed: Any) -> Authorisation:
    values = {"group": Group.TEA, "event": Event.AWARD, "once": True, "valid_until": timezone.localdate() + 9 * DAY}
    return actions.authorise(organisation=body, by=owner, **{**values, **changed})


def ask(owner: Account, by: Account, **changed: Any) -> str:
    return str(check(owner.person, by, event=Event.AWARD, **changed).outcome)


def basis(owner: Account) -> tuple[str, str]:
    line = QueryLine.objects.about(owner.person_id).order_by("-at").first()
    return line.basis, line.authorisation_code


# Authorisations


def test_without_authorisation_nothing_is_answered_and_the_person_sees_the_attempt(owner: Account, by: Account) -> None:
    on_file(owner.person, "TEA-07")
    answer = check(owner.person, by, event=Event.AWARD)
    assert (answer.outcome, answer.findings.count()) == ("unauthorised", 0)
    page = sign_in(owner).get("/my/queries/", headers=ENGLISH).content.decode()
    assert MATTER in page
    assert "refused, nothing was shown" in page
    assert "statutory duty" not in page


def test_an_authorisation_for_once_is_used_up_by_one_check(owner: Account, by: Account) -> None:
    given = give(owner, by.organisation)
    assert ask(owner, by) == "clear"
    assert basis(owner) == ("authorisation", given.code)
    assert ask(owner, by) == "unauthorised"


def test_a_standing_authorisation_opens_again_and_leaves_the_one_for_once_alone(owner: Account, by: Account) -> None:
    once, standing = give(owner, by.organisation), give(owner, by.organisation, once=False)
    assert [ask(owner, by), ask(owner, by)] == ["clear", "clear"]
    assert basis(owner) == ("authorisation", standing.code)
    once.refresh_from_db()
    assert once.used_at is None


def test_a_name_that_does_not_match_uses_no_authorisation_up(owner: Account, by: Account) -> None:
    given = give(owner, by.organisation)
    assert ask(owner, by, name="李四") == "name_mismatch"
    assert basis(owner) == ("authorisation", given.code)
    assert ask(owner, by) == "clear"


@pytest.mark.parametrize("changed", [{"group": Group.LAW}, {"event": Event.TITLE}, {"elsewhere": True}])
def test_an_authorisation_opens_one_door_only(owner: Account, by: Account, changed: dict[str, Any]) -> None:
    body = f.OrganisationFactory(licensing=True) if changed.pop("elsewhere", False) else by.organisation
    give(owner, body, **changed)
    assert ask(owner, by) == "unauthorised"


def test_an_authorisation_of_another_person_opens_nothing(owner: Account, by: Account) -> None:
    give(f.AccountFactory(a_person=True), by.organisation)
    assert ask(owner, by) == "unauthorised"


@pytest.mark.parametrize(("days", "outcome"), [(0, "clear"), (-1, "unauthorised")])
def test_an_authorisation_holds_to_its_last_day(owner: Account, by: Account, days: int, outcome: str) -> None:
    given = give(owner, by.organisation)
    last = timezone.localdate() + days * DAY
    Authorisation.objects.filter(pk=given.pk).update(valid_until=last)
    assert ask(owner, by) == outcome
    given.refresh_from_db()
    assert Authorisation(valid_until=last).is_live_on(timezone.localdate()) is (outcome == "clear")


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True), (365, True), (366, False)])
def test_an_authorisation_ends_between_today_and_a_year_from_now(owner: Account, days: int, taken: bool) -> None:
    body = f.OrganisationFactory(licensing=True)
    last = timezone.localdate() + days * DAY
    if taken:
        assert give(owner, body, valid_until=last).valid_until == last
    else:
        with pytest.raises(ActionRefused, match="between today and one year"):
            give(owner, body, valid_until=last)


def test_a_withdrawn_authorisation_opens_nothing_from_that_moment(owner: Account, by: Account) -> None:
    given = give(owner, by.organisation, once=False)
    assert ask(owner, by) == "clear"
    client = sign_in(owner)
    address = f"/my/authorisations/{given.code}/withdraw/"
    client.post(address)
    first = Authorisation.objects.get().withdrawn_at
    assert ask(owner, by) == "unauthorised"
    client.post(address)
    assert Authorisation.objects.get().withdrawn_at == first
    verbs = [Verb.AUTHORISATION_GIVEN, Verb.AUTHORISATION_WITHDRAWN]
    assert [AuditEvent.objects.filter(verb=verb).count() for verb in verbs] == [1, 1]


def test_only_the_person_gives_and_withdraws(owner: Account, by: Account) -> None:
    given, stranger = give(owner, by.organisation), f.AccountFactory(a_person=True)
    for account in (stranger, by):
        assert not Authorisation.objects.visible_to(account).exists()
        with pytest.raises(PermissionDenied):
            actions.withdraw(authorisation=given, by=account)
    with pytest.raises(PermissionDenied):
        give(by, by.organisation)
    assert sign_in(stranger).post(f"/my/authorisations/{given.code}/withdraw/").status_code == 404
    given.refresh_from_db()
    assert given.withdrawn_at is None


@pytest.mark.django_db(transaction=True)
def test_two_checks_at_the_same_moment_use_one_authorisation_once() -> None:
    owner, by = f.AccountFactory(a_person=True), examiner(event=Event.AWARD, needs_authorisation=True)
    give(owner, by.organisation)
    start, outcomes = threading.Barrier(3), []

    def run() -> None:
        try:
            with transaction.atomic():
                start.wait(10)
                outcomes.append(ask(owner, by))
                threading.Event().wait(0.2)  # a transaction that has not ended yet when the others look
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _count in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["clear", "unauthorised", "unauthorised"]


# The register


def test_a_line_outside_the_transaction_that_reads_is_refused(transactional_db: None) -> None:
    with pytest.raises(AssertionError, match="transaction"):
        actions.register(purpose=Purpose.CHECK, asked=[], organisation=None, by=f.AccountFactory())


@pytest.mark.parametrize(
    "broken",
    [{"matter_number": ""}, {"organisation": None}, {"basis": "authorisation", "authorisation_code": ""}],
)
def test_the_database_takes_no_line_without_matter_body_and_right(broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        f.QueryLineFactory(**broken)


def test_the_register_is_for_auditors_and_each_person_reads_the_own_lines(owner: Account, by: Account) -> None:
    mine = f.QueryLineFactory(person_id=owner.person_id, organisation=by.organisation, account_id=by.pk)
    other = f.QueryLineFactory(person_id=f.PersonFactory().pk)
    for role in Role:
        if role == Role.PERSON:
            continue
        account = f.AccountFactory(organisation=by.organisation, holds=[role])
        expected = {mine, other} if role == Role.AUDITOR else set()
        assert set(QueryLine.objects.visible_to(account)) == expected
        assert can(account, Permission.VIEW_REGISTER, mine) is (role == Role.AUDITOR)
    assert list(QueryLine.objects.visible_to(owner)) == [mine]
    assert can(owner, Permission.VIEW_REGISTER, mine)
    assert not can(owner, Permission.VIEW_REGISTER, other)


def test_the_person_reads_body_purpose_and_matter_and_not_who_sat_there(owner: Account, by: Account) -> None:
    on_file(owner.person, "TEA-02")
    give(owner, by.organisation)
    ask(owner, by)
    page = sign_in(owner).get("/my/queries/", headers=ENGLISH).content.decode()
    for shown in (by.organisation.name, MATTER, "Award", "authorisation"):
        assert shown in page
    assert by.username not in page
    number = owner.person.identities.get().number
    assert number not in page


def test_the_auditor_finds_lines_by_account_and_by_person_code(owner: Account, by: Account) -> None:
    give(owner, by.organisation)
    ask(owner, by)
    f.QueryLineFactory(person_id=f.PersonFactory().pk, matter_number="别的事项")
    client = sign_in(f.AccountFactory(holds=[Role.AUDITOR]))
    for query in ({"account": by.username.upper()}, {"person": owner.person.code.lower()}, {"matter_number": "18号"}):
        page = client.get("/register/", query).content.decode()
        assert MATTER in page
        assert "别的事项" not in page
    assert owner.person.name not in page


def test_the_list_of_lines_costs_the_same_for_one_and_for_twenty(owner: Account, by: Account) -> None:
    auditor = sign_in(f.AccountFactory(holds=[Role.AUDITOR]))
    counts = []
    for more in (1, 19):
        for _line in range(more):
            f.QueryLineFactory(person_id=f.PersonFactory().pk, account_id=f.AccountFactory().pk)
        with CaptureQueriesContext(connection) as queries:
            assert auditor.get("/register/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Revealing a number


def test_a_revealed_number_leaves_a_line_and_needs_a_reason(owner: Account) -> None:
    by = examiner()
    answer = check(owner.person, by)
    client = sign_in(by)
    address = f"/check/answers/{answer.code}/reveal/"
    number = owner.person.identities.get().number
    assert number not in client.post(address, {"reason": "—"}, follow=True).content.decode()
    page = client.post(address, {"reason": "核对证件原件"}).content.decode()
    assert number in page
    assert [line.purpose for line in QueryLine.objects.visible_to(owner)] == ["reveal", "check"]
    event = AuditEvent.objects.get(verb=Verb.IDENTITY_REVEALED)
    assert (event.person_id, event.details["reason"]) == (owner.person_id, "核对证件原件")


def test_who_asked_with_one_number_is_not_shown_another() -> None:
    person = f.PersonFactory()
    first, second = person.identities.get().number, f.IdentityDocumentFactory(person=person).number
    by = examiner()
    answer = check(person, by, number=second)
    page = sign_in(by).post(f"/check/answers/{answer.code}/reveal/", {"reason": "核对证件原件"}).content.decode()
    assert second in page
    assert first not in page


@pytest.mark.parametrize("refused", ["name_mismatch", "unauthorised"])
def test_where_nothing_was_answered_nobody_is_revealed(owner: Account, refused: str) -> None:
    by = examiner(needs_authorisation=refused == "unauthorised")
    answer = check(owner.person, by, name="李四" if refused == "name_mismatch" else owner.person.name)
    assert answer.outcome == refused
    response = sign_in(by).post(f"/check/answers/{answer.code}/reveal/", {"reason": "核对证件原件"})
    assert response.status_code == 404
    assert not QueryLine.objects.filter(purpose="reveal").exists()
