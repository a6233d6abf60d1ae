"""A small world for tests of screens: bodies, an account for each role, one object of each kind that pages show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from archive.models import (
    Answer,
    Batch,
    BulkApproval,
    Check,
    ColumnMemory,
    Entry,
    Item,
    Notice,
    PledgeTemplate,
    Proposal,
    Watch,
    WatchOrder,
)
from archive.pledges import actions as pledges
from archive.reports import actions as reports
from archive.vetoes import actions as vetoes
from archive.vetoes.models import Decision
from profiles.accounts.permissions import Role
from profiles.common.permissions import System
from profiles.common.vocabulary import Event, Group
from profiles.models import Account
from tests import factories as f

WORKER = System("test")
DRAWING = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSIxMCIgaGVpZ2h0PSIxMCIvPg=="
)


def sign_in(account: Account) -> Client:
    """A client whose session has passed the second factor."""
    client = Client()
    client.force_login(account, backend="profiles.accounts.backends.AccountBackend")
    session = client.session
    session["second_factor"] = True
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return client


@dataclass
class World:
    """Bodies and accounts; objects are made when asked for."""

    school: Any = None
    bureau: Any = None
    accounts: dict[Role, Account] = field(default_factory=dict)
    others: dict[Role, Account] = field(default_factory=dict)

    @classmethod
    def make(cls) -> World:
        world = cls(school=f.OrganisationFactory(jurisdiction="national"), bureau=f.OrganisationFactory(licensing=True))
        f.CompetenceFactory(organisation=world.school)
        f.CompetenceFactory(organisation=world.bureau, check=True)
        f.CompetenceFactory(organisation=world.bureau, group=Group.TEA)
        other_school = f.OrganisationFactory()
        other_bureau = f.OrganisationFactory(licensing=True)
        f.CompetenceFactory(organisation=other_school)
        f.CompetenceFactory(organisation=other_bureau, check=True)
        for role in Role:
            if role == Role.PERSON:
                world.accounts[role] = f.AccountFactory(a_person=True)
                world.others[role] = f.AccountFactory(a_person=True)
                continue
            home = world.bureau if role == Role.EXAMINER else world.school
            elsewhere = other_bureau if role == Role.EXAMINER else other_school
            world.accounts[role] = f.AccountFactory(organisation=home, holds=[role])
            world.others[role] = f.AccountFactory(organisation=elsewhere, holds=[role])
        return world

    @property
    def person(self) -> Any:
        return self.accounts[Role.PERSON].person

    def batch(self, **more: Any) -> Batch:
        state = {} if "asking" in more else {"state": Batch.State.READY}
        return f.BatchFactory(organisation=self.school, uploaded_by=self.accounts[Role.CLERK], **state, **more)

    def memory(self) -> ColumnMemory:
        return f.ColumnMemoryFactory(organisation=self.school, set_by=self.accounts[Role.CLERK])

    def member(self) -> Any:
        return f.MembershipFactory(organisation=self.school).person

    def change(self) -> Any:
        return f.IdentityChangeFactory(
            person=self.member(), organisation=self.school, proposed_by=self.accounts[Role.CLERK]
        )

    def merge(self, **traits: Any) -> Any:
        return f.PersonMergeFactory(
            kept=self.member(),
            merged=self.member(),
            organisation=self.school,
            **{"proposed_by": self.accounts[Role.CLERK], **traits},
        )

    def entry(self, **traits: Any) -> Entry:
        record = f.RecordFactory(person=self.person, organisation=self.school)
        return f.EntryFactory(record=record, drafted_by=self.accounts[Role.CLERK], **(traits or {"notified": True}))

    def honour(self) -> Entry:
        return self.entry(in_force=True, item=Item.objects.current().filter(polarity="positive").first(), severity="")

    def approval(self) -> BulkApproval:
        approval = f.BulkApprovalFactory(organisation=self.school, account=self.accounts[Role.APPROVER], rows_total=1)
        f.ApprovalLineFactory(approval=approval, entry=self.entry())
        return approval

    def notice(self, entry: Entry | None = None) -> Notice:
        entry = entry or self.entry()
        return f.NoticeFactory(person=self.person, organisation=self.school, about_id=entry.pk)

    def barred_person(self, item: str = "TEA-02", person: Any | None = None) -> Any:
        """A person with an entry in force that bars teacher access, entered in the check index."""
        from archive.records.check_index import enter_index

        person = person or f.PersonFactory()
        entry = f.EntryFactory(
            in_force=True,
            record=f.RecordFactory(person=person, organisation=self.bureau),
            item=Item.objects.current().get(code=item),
            act_date=timezone.localdate() - dt.timedelta(days=200),
        )
        enter_index([entry], known_from=timezone.now())
        return person

    def answer(self, person: Any | None = None) -> Any:
        person = person or self.barred_person()
        return vetoes.check_person(
            name=person.name,
            number=person.identities.get().number,
            group=Group.TEA,
            event=Event.ACCESS,
            matter_number="示〔2026〕7号",
            by=self.accounts[Role.EXAMINER],
        )

    def proposed(self, person: Any | None = None) -> Any:
        """A veto that an examiner means to confirm; the person was told."""
        answer = self.answer(person)
        vetoes.propose(answer=answer, reasons="已核对认定文书，期限未满。", by=self.accounts[Role.EXAMINER])
        return answer

    def decided(self, person: Any | None = None) -> Any:
        answer = self.proposed(person)
        Proposal.objects.filter(answer=answer).update(waived_at=timezone.now())
        vetoes.decide(
            answer=answer,
            kind=Decision.Kind.CONFIRMED,
            reasons="已核对认定文书，期限未满。",
            by=self.accounts[Role.EXAMINER],
        )
        return answer

    def watch(self) -> Any:
        """A person whom the bureau has watched, and an alert about it."""
        order = vetoes.watch_answer(
            answer=self.answer(f.PersonFactory()),
            valid_until=timezone.localdate() + dt.timedelta(days=20),
            matter_number="示〔2026〕8号",
            by=self.accounts[Role.EXAMINER],
        )
        return Watch.objects.get(order_id=order.pk)

    def watch_alert(self) -> Any:
        watch = self.watch()
        return f.WatchAlertFactory(
            order=WatchOrder.objects.get(pk=watch.order_id),
            watch_code=watch.code,
            person_id=watch.person_id,
            before=Answer.objects.get(pk=watch.answer_id),
            answer=self.answer(),
        )

    def recalled(self) -> Any:
        answer = self.decided()
        task = f.RecallTaskFactory(answer=answer, person_id=answer.person_id)
        f.RecallCauseFactory(task=task, entry_id=answer.findings.first().entry_id)
        return task

    def barred_self(self) -> Any:
        """The person whose account this world has, barred."""
        return self.barred_person(person=self.person)

    def told_of(self, answer: Any) -> str:
        """Number of the newest notice about an answer's decision."""
        kinds = ["veto_proposed", "veto_confirmed", "veto_lifted", "contest_reviewed"]
        return Notice.objects.filter(person_id=answer.person_id, kind__in=kinds).latest("pk").number

    def contested(self) -> Any:
        answer = self.decided(self.barred_self())
        vetoes.contest(decision=answer.decision, text="文书已被撤销。", by=self.accounts[Role.PERSON])
        return answer

    def certificate(self) -> Any:
        return vetoes.certify(group=Group.TEA, event=Event.ACCESS, days=30, by=self.accounts[Role.PERSON])

    def list_check(self) -> Check:
        batch = f.BatchFactory(
            organisation=self.bureau,
            uploaded_by=self.accounts[Role.EXAMINER],
            kind=Batch.Kind.CHECK,
            state=Batch.State.READY,
        )
        return f.CheckFactory(organisation=self.bureau, account=self.accounts[Role.EXAMINER], batch=batch)

    def programme(self) -> Any:
        return f.ReviewProgrammeFactory(organisation=self.bureau, made_by=self.accounts[Role.EXAMINER])

    def applicant(self) -> Any:
        person = f.PersonFactory()
        return vetoes.add_applicant(
            programme=self.programme(),
            name=person.name,
            number=person.identities.get().number,
            by=self.accounts[Role.EXAMINER],
        )

    def answered_list(self) -> Check:
        check = self.list_check()
        check.batch.state, check.batch.confirmed_by = Batch.State.DONE, check.account
        check.batch.confirmed_at = check.known_at = timezone.now()
        check.day = timezone.localdate()
        check.batch.save()
        check.save()
        return check

    def bundle(self) -> Any:
        return f.ReportBundleFactory(check_asked=self.answered_list())

    def pledge(self) -> Any:
        template = PledgeTemplate.objects.current().get(code="APPLY-GENERAL")
        return pledges.sign(
            template=template,
            shown_hash=template.text_hash,
            opened_at=timezone.now(),
            drawing=DRAWING,
            device="test",
            second_factor="totp",
            by=self.accounts[Role.PERSON],
        )

    def body_report(self) -> Any:
        return reports.request_for_body(answer=self.answer(), by=self.accounts[Role.EXAMINER])

    def report(self, *, issued: bool = True) -> Any:
        report = reports.request_report(wish=reports.Wish(purpose="测试"), by=self.accounts[Role.PERSON])
        if issued:
            reports.issue(report_id=report.pk, by=WORKER)
            report.refresh_from_db()
        return report
