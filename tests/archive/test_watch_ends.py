"""When a watch ends is a function of the day: its date, membership, authorisation, competence. Renewal, and ending it oneself."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from archive.access import actions as access
from archive.models import Authorisation, QueryLine, Watch, WatchOrder
from archive.vetoes import actions as vetoes
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.models import Account, Competence, Membership, Person
from tests import factories as f
from tests.archive.checking import MATTER, check, examiner, on_file
from tests.archive.watching import DAY, WORKER, in_a_year, told, watch_of, watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def person() -> Person:
    return f.PersonFactory()


def holds(watch: Watch, days: int = 0) -> bool:
    return Watch.objects.holding_on(timezone.localdate() + days * DAY).filter(code=watch.code).exists()


def closed(watch: Watch) -> tuple[int, str]:
    count = vetoes.close_lapsed(by=WORKER)
    watch.refresh_from_db()
    assert vetoes.close_lapsed(by=WORKER) == 0, "written down once"
    return count, watch.end_reason


def quiet(watch: Watch) -> bool:
    """Ended: what comes now is nobody's news."""
    on_file(Person.objects.get(pk=watch.person_id), "TEA-02")
    return told(watch) == []


def test_it_ends_with_its_last_day(person: Person, by: Account) -> None:
    watch = watched(person, by)
    assert (holds(watch), holds(watch, 300), holds(watch, 301), holds(watch, -1)) == (True, True, False, False)
    Watch.objects.update(valid_from=timezone.localdate() - 9 * DAY, valid_until=timezone.localdate() - DAY)
    assert quiet(watch)
    assert closed(watch) == (1, "expired")
    assert AuditEvent.objects.get(verb=Verb.WATCH_LAPSED).details == {"watch": watch.code, "reason": "expired"}


def test_it_ends_with_the_last_membership_of_the_group(person: Person, by: Account) -> None:
    first = f.MembershipFactory(person=person, group="TEA")
    second = f.MembershipFactory(person=person, group="TEA")
    f.MembershipFactory(person=person, group="STU")
    watch = watched(person, by)
    today = timezone.localdate()
    Membership.objects.filter(pk=first.pk).update(left_on=today)
    assert holds(watch), "still a member elsewhere"
    Membership.objects.filter(pk=second.pk).update(left_on=today)
    assert quiet(watch)
    assert closed(watch) == (1, "membership")


def test_an_applicant_without_membership_is_watched_all_the_same(person: Person, by: Account) -> None:
    watch = watched(person, by)
    assert (watch.membership_bound, holds(watch)) == (False, True)


def test_it_ends_with_the_competence(person: Person, by: Account) -> None:
    watch = watched(person, by)
    Competence.objects.filter(organisation=by.organisation).update(valid_until=timezone.localdate())
    assert quiet(watch)
    assert closed(watch) == (1, "competence")


def test_it_ends_when_the_competence_comes_to_need_an_authorisation(person: Person, by: Account) -> None:
    watch = watched(person, by)
    Competence.objects.filter(organisation=by.organisation).update(needs_authorisation=True)
    assert quiet(watch)
    assert closed(watch) == (1, "authorisation")


class TestAuthorised:
    @pytest.fixture
    def by(self) -> Account:
        return examiner(needs_authorisation=True)

    @pytest.fixture
    def owner(self) -> Account:
        return f.AccountFactory(a_person=True)

    def give(self, owner: Account, by: Account, *, once: bool = False, days: int = 30) -> Authorisation:
        assert by.organisation is not None
        return access.authorise(
            organisation=by.organisation,
            group="TEA",  # type: ignore[arg-type]
            event="access",  # type: ignore[arg-type]
            once=once,
            valid_until=timezone.localdate() + days * DAY,
            by=owner,
        )

    def test_one_for_a_single_query_lets_nobody_look_again_and_again(self, owner: Account, by: Account) -> None:
        self.give(owner, by, once=True)
        answer = check(owner.person, by)
        assert answer.outcome == "clear"
        with pytest.raises(ActionRefused, match="no standing authorisation"):
            vetoes.watch_answer(answer=answer, valid_until=in_a_year(), matter_number=MATTER, by=by)

    def test_it_lasts_no_longer_and_ends_when_it_is_withdrawn(self, owner: Account, by: Account) -> None:
        given = self.give(owner, by)
        watch = watched(owner.person, by)
        assert watch.valid_until == given.valid_until, "not the year that was asked for"
        line = QueryLine.objects.get(purpose="watch")
        assert (line.basis, line.authorisation_code) == ("authorisation", given.code)
        on_file(owner.person, "TEA-02")
        assert told(watch) == [("entry.in_force", "clear", "veto")]
        access.withdraw(authorisation=given, by=owner)
        on_file(owner.person, "TEA-03")
        assert len(told(watch)) == 1
        assert closed(watch) == (1, "authorisation")

    def test_renewal_goes_no_further_than_the_authorisation(self, owner: Account, by: Account) -> None:
        self.give(owner, by)
        watch = watched(owner.person, by)
        assert vetoes.renew_watches(codes=None, valid_until=in_a_year(), by=by) == 0
        Authorisation.objects.update(valid_until=timezone.localdate() + 50 * DAY)
        assert vetoes.renew_watches(codes=[watch.code], valid_until=in_a_year(), by=by) == 1
        watch.refresh_from_db()
        assert watch.valid_until == timezone.localdate() + 50 * DAY


# Renewal


def test_one_act_renews_all_that_end_soon_and_leaves_their_lines(by: Account) -> None:
    soon = [watched(f.PersonFactory(), by, until=timezone.localdate() + n * DAY) for n in (5, 30)]
    later = watched(f.PersonFactory(), by, until=timezone.localdate() + 31 * DAY)
    foreign = watched(f.PersonFactory(), examiner(), until=timezone.localdate() + 5 * DAY)
    before = QueryLine.objects.filter(purpose="watch").count()
    assert vetoes.renew_watches(codes=None, valid_until=in_a_year(), by=by) == 2
    lasts = dict(Watch.objects.values_list("code", "valid_until"))
    assert [lasts[watch.code] for watch in soon] == [in_a_year()] * 2
    assert (lasts[later.code], lasts[foreign.code]) == (later.valid_until, foreign.valid_until)
    assert QueryLine.objects.filter(purpose="watch").count() == before + 2
    assert AuditEvent.objects.filter(verb=Verb.WATCH_RENEWED).count() == 2
    assert vetoes.renew_watches(codes=None, valid_until=in_a_year(), by=by) == 0


def test_only_the_own_and_none_made_shorter(person: Person, by: Account) -> None:
    watch = watched(person, by)
    later = in_a_year() + 20 * DAY
    assert vetoes.renew_watches(codes=[watch.code], valid_until=later, by=examiner()) == 0
    assert vetoes.renew_watches(codes=[watch.code], valid_until=watch.valid_until - DAY, by=by) == 0
    with pytest.raises(ActionRefused, match="between tomorrow and one year"):
        vetoes.renew_watches(codes=[watch.code], valid_until=timezone.localdate() + 366 * DAY, by=by)


def test_what_is_over_is_not_renewed_but_can_be_begun_anew(person: Person, by: Account) -> None:
    watch = watched(person, by)
    Watch.objects.update(valid_from=timezone.localdate() - 9 * DAY, valid_until=timezone.localdate() - DAY)
    assert vetoes.renew_watches(codes=[watch.code], valid_until=in_a_year(), by=by) == 0
    again = watched(person, by)
    watch.refresh_from_db()
    assert (watch.end_reason, holds(again), holds(watch)) == ("expired", True, False)


# Ending it, taking note


def test_the_body_ends_it(person: Person, by: Account) -> None:
    watch = watched(person, by)
    with pytest.raises(PermissionDenied):
        vetoes.stop_watch(watch=watch, by=examiner())
    assert vetoes.stop_watch(watch=watch, by=by).end_reason == "stopped"
    with pytest.raises(ActionRefused, match="has ended already"):
        vetoes.stop_watch(watch=watch, by=by)
    assert quiet(watch)


def test_taking_note_is_an_act_of_a_named_person(by: Account) -> None:
    alert = f.WatchAlertFactory(organisation=by.organisation)
    with pytest.raises(PermissionDenied):
        vetoes.note_alert(alert=alert, by=examiner())
    for _twice in range(2):
        vetoes.note_alert(alert=alert, by=by)
    alert.refresh_from_db()
    assert (alert.seen_by, alert.seen_at is not None) == (by, True)
    assert AuditEvent.objects.filter(verb=Verb.WATCH_ALERT_NOTED).count() == 1


# Whole lists


def listed(by: Account, *people: Any) -> Any:
    """An answered check of several people, one of them unknown and one listed twice."""
    asked = f.CheckFactory(organisation=by.organisation, account=by, batch=f.BatchFactory(organisation=by.organisation))
    asked.known_at, asked.day = timezone.now(), timezone.localdate()
    asked.save()
    for row, person in enumerate([*people, people[0], None], 1):
        number = person.identities.get().number if person else None
        f.AnswerFactory(
            check_asked=asked,
            row=row,
            outcome="clear" if person else "not_found",
            person_id=person.pk if person else None,
            **({"name": person.name, "number": number} if person else {}),
        )
    return asked


def test_all_eligible_of_a_list_are_enrolled_by_a_worker_and_the_rest_is_counted(by: Account) -> None:
    people = [f.PersonFactory() for _ in range(4)]
    watched(people[3], by)
    asked = listed(by, *people)
    order = vetoes.watch_list(asked=asked, valid_until=in_a_year(), matter_number=MATTER, by=by)
    assert (order.state, Watch.objects.filter(order_id=order.pk).count()) == ("waiting", 0)
    on_file(people[1], "TEA-02")
    for _twice in range(2):
        vetoes.enrol_watches(order_id=order.pk, by=WORKER)
    order.refresh_from_db()
    assert (order.state, order.enrolled) == ("done", 3)
    assert order.left_out == {"listed_twice": 1, "not_answered": 1, "watched_already": 1}
    assert Watch.objects.filter(order_id=order.pk).count() == 3
    assert QueryLine.objects.filter(purpose="watch", account_id=by.pk).count() == 1 + 3
    news = Watch.objects.get(order_id=order.pk, person_id=people[1].pk)
    assert told(news) == [("entry.in_force", "clear", "veto")], "it came before the worker did"


def test_a_list_that_a_dead_worker_left_is_taken_up_again(by: Account, at_once: None) -> None:
    from archive.vetoes.tasks import pick_up_left_watches

    order = vetoes.watch_list(asked=listed(by, f.PersonFactory()), valid_until=in_a_year(), matter_number=MATTER, by=by)
    pick_up_left_watches()
    assert WatchOrder.objects.get(pk=order.pk).state == "waiting", "perhaps somebody is at it"
    WatchOrder.objects.update(ordered_at=timezone.now() - 3 * DAY)
    pick_up_left_watches()
    assert WatchOrder.objects.get(pk=order.pk).enrolled == 1
    assert watch_of(order).person_id
