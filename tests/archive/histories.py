"""Histories of persons through the product's own acts, and what checks answer on the way: kept, to be asked again."""

from __future__ import annotations

import copy
import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.models import Dispute, Entry, Item, RuleVersion
from archive.records import actions as records
from archive.vetoes import actions as vetoes
from archive.vetoes import engine, loader
from archive.vetoes.rules import Question
from profiles.accounts.permissions import Role
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.common.vocabulary import Event, Group
from profiles.models import Person, PersonMerge
from tests import factories as f
from tests import numbers
from tests.archive import oracle
from tests.archive.checking import adopt, examiner
from tests.archive.disputing import dispute, settle
from tests.archive.oracle import Known, Raw
from tests.archive.persons import add_number, correct_number, join, part, rename

ITEMS = ["TEA-01", "TEA-02", "TEA-04", "GEN-05", "GEN-13", "GEN-15", "GEN-16"]
ADOPTED = ["V-GEN-05-ACCESS", "V-GEN-13-REVIEW"]
PEOPLE = 3
ACTS = [
    *["report"] * 4, *["change"] * 3, "void", "repair", "revoke", *["dispute"] * 3, *["settle"] * 2,
    "join", "part", "number", "correct", "rename", "rule", "adopt",
]  # fmt: skip
Said = list[Any]


@dataclass(frozen=True)
class Kept:
    """A moment, what was asked then, and what was answered: as text, so that the same means byte for byte."""

    moment: dt.datetime
    asked: list[engine.Asked]
    question: Question
    text: str


@dataclass
class History:
    """Acts at chance, the same for a seed, and the answers given on the way."""

    choose: random.Random
    kept: list[Kept] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        f.JurisdictionFactory(code="demo", settings={"hearing_working_days": {"value": 0}})
        self.school = f.OrganisationFactory(jurisdiction="demo")
        self.clerk = f.AccountFactory(organisation=self.school, holds=[Role.CLERK])
        self.approver = f.AccountFactory(organisation=self.school, holds=[Role.APPROVER])
        self.examiner = examiner()
        self.people: list[Person] = f.PersonFactory.create_batch(PEOPLE)
        self.known = [(person.name, str(person.identities.get().number)) for person in self.people]
        self.known += [
            ("某某", self.known[0][1]),
            (self.people[0].name, numbers.resident()),
        ]  # misnamed; on file of nobody
        self.documents = 0
        self.left_to_adopt = list(ADOPTED)

    def act(self) -> None:
        """One act; what the product refuses did not happen."""
        name = self.choose.choice(ACTS)
        try:
            with transaction.atomic():
                made = getattr(self, name)()
        except ActionRefused:
            return
        if made is not None:
            self.done.append(name)

    # What is recorded

    def _holding(self) -> Entry | None:
        rows = list(Entry.objects.standing().with_details().order_by("pk"))
        return self.choose.choice(rows) if rows else None

    def report(self) -> Any:
        self.documents += 1
        item = Item.objects.current().get(code=self.choose.choice(ITEMS))
        document = timezone.localdate() - dt.timedelta(days=self.choose.randrange(30, 1780))
        entry = f.EntryFactory(
            notified=True, record=f.RecordFactory(person=self.choose.choice(self.people), organisation=self.school),
            item=item, severity=item.severity, drafted_by=self.clerk, document_number=f"示字〔2026〕{self.documents}号",
            act_date=document - dt.timedelta(days=10), document_date=document,
            sanction_months=self.choose.choice([None, 24]),
        )  # fmt: skip
        return records.approve(entries=[entry], by=self.approver)

    def _carry_out(self, change: Entry) -> Any:
        if change.is_unserved:
            records.record_service(entries=[change], served_on=timezone.localdate(), by=self.clerk)
            change = Entry.objects.get(pk=change.pk)
        return records.approve(entries=[change], by=self.approver)

    def change(self) -> Any:
        entry = self._holding()
        if entry is None:
            return None
        moved = entry.document_date + dt.timedelta(days=self.choose.randrange(1, 25))
        values = {"document_date": moved, "bar_until": moved + dt.timedelta(days=self.choose.choice([100, 1500, 4000]))}
        kind = Entry.Kind.CORRECTION
        return self._carry_out(
            records.propose_change(entry=entry, kind=kind, values=values, reason="文书日期有误。", by=self.clerk)
        )

    def void(self) -> Any:
        entry = self._holding()
        return entry and self._carry_out(
            records.propose_change(entry=entry, kind=Entry.Kind.VOID, reason="核查后确认误报。", by=self.clerk)
        )

    def repair(self) -> Any:
        entry = self._holding()
        return entry and records.mark_repaired(entries=[entry], by=self.approver)

    def revoke(self) -> Any:
        entry, today = self._holding(), timezone.localdate()
        if entry is None:
            return None
        document = records.RevokedDocument(entry.document_number, "", "示复决〔2026〕1号", today, "示例复议机关")
        made = records.register_revocation(document=document, learned_on=today, by=self.clerk)
        return records.confirm_revocation(revocation=made, by=self.approver)

    def dispute(self) -> Any:
        open_ = Dispute.objects.open().values("record")
        free = list(Entry.objects.standing().exclude(record__in=open_).with_details().order_by("pk"))
        return dispute(self.choose.choice(free), by=self.clerk) if free else None

    def settle(self) -> Any:
        open_ = list(Dispute.objects.open().select_related("entry").order_by("pk"))
        if not open_:
            return None
        chosen = self.choose.choice(open_)
        outcome = self.choose.choice(["rejected", "withdrawn"] if chosen.entry.is_standing else ["upheld", "withdrawn"])
        return settle(chosen, outcome, by=self.approver)

    # Who it is about

    def join(self) -> Any:
        one, other = self.choose.sample(self.people, 2)
        if PersonMerge.objects.live().filter(merged__in=[one, other]).exists():
            return None
        if PersonMerge.objects.live().filter(kept=other).exists() or self._told_twice(one, other):
            return None
        return join(one, other)

    def _told_twice(self, one: Person, other: Person) -> bool:
        return Entry.objects.told_twice(one.pk, other.pk).exists()

    def part(self) -> Any:
        joined = PersonMerge.objects.live().order_by("pk").first()
        return joined and part(joined)

    def _fresh(self, person: Person) -> str:
        number = numbers.resident(person.birth_date)
        self.known.append((person.name, number))
        return number

    def number(self) -> Any:
        person = self.choose.choice(self.people)
        return add_number(person, self._fresh(person))

    def correct(self) -> Any:
        person = self.choose.choice(self.people)
        return correct_number(person, self._fresh(person))

    def rename(self) -> Any:
        person = self.choose.choice(self.people)
        number = str(person.identities.live().order_by("pk")[0].number)
        name = f"{person.name[0]}新{chr(0x4E00 + len(self.known))}"  # another each time; names have no digits
        self.known.append((name, number))
        made = rename(person, name, day=timezone.localdate())
        person.refresh_from_db()
        return made

    # By which rules

    def rule(self) -> Any:
        data = copy.deepcopy(loader.read())
        for rule in data.rules:
            if rule["code"] == "V-TEA-1":
                rule["clause"][0]["term"] = self.choose.choice(["life", "P1Y", "P10Y"])
        return vetoes.load_rules(data=data, by=System("test")) or None

    def adopt(self) -> Any:
        return adopt(self.left_to_adopt.pop(), self.examiner.organisation) if self.left_to_adopt else None

    # What is answered

    def ask(self) -> None:
        """Everybody under every name and number that ever was, as an examiner would ask now; the answers are kept."""
        asked = [engine.Asked(row, name, number) for row, (name, number) in enumerate(self.known, 1)]
        question = Question(Group.TEA, Event.ACCESS, timezone.localdate())
        moment = timezone.now()
        given = self.answers(asked, question, moment)
        self.kept.append(Kept(moment, asked, question, as_text(given)))
        for item in given:
            if item.person_id is not None and item.outcome.value != "name_mismatch":
                self._agrees(item, question, moment)

    def answers(self, asked: list[engine.Asked], question: Question, moment: dt.datetime) -> list[engine.Answered]:
        body = self.examiner.organisation
        assert body is not None
        return engine.answer(asked, question=question, organisation=body, known_at=moment, needs_authorisation=False)

    def _agrees(self, item: engine.Answered, question: Question, moment: dt.datetime) -> None:
        """The way over check index and SQL ends where the oracle comes to from the entries themselves."""
        assert item.person_id is not None
        rows = RuleVersion.objects.for_checks_of(self.examiner.organisation, moment=moment, day=question.day)
        ask = {"group": question.group, "event": question.event, "day": question.day, "post": question.post}
        said = oracle.says(entries_of(item.person_id), [as_raw(row) for row in rows], ask)
        found = [
            (x.rule_code, x.clause, x.entry_id, x.effect.value, x.until, x.doubt.value if x.doubt else "")
            for x in item.findings
        ]
        assert (found, item.outcome.value) == (said, oracle.answer(said)), self.done

    def replay(self) -> None:
        for kept in self.kept:
            again = as_text(self.answers(kept.asked, kept.question, kept.moment))
            assert again.encode() == kept.text.encode(), (kept.moment, self.done)


def as_text(given: list[engine.Answered]) -> str:
    return "\n".join(
        repr((item.asked.row, item.outcome.value, item.person_id, item.former_name_until, item.findings))
        for item in given
    )


def as_raw(row: RuleVersion) -> Raw:
    names = ("code", "groups", "events", "effect", "post", "match_occupation", "needs_outside_check")
    return {**{name: getattr(row, name) for name in names}, "clause": row.clauses}


def entries_of(person_id: int) -> list[Known]:
    """What the entries of a person and of those joined with it say, without the check index."""
    family = PersonMerge.objects.family(person_id)
    disputed = set(Dispute.objects.open().values_list("record_id", flat=True))
    return [
        Known(
            entry=entry.pk,
            item=entry.item_code,
            document=entry.document_date,
            severity=entry.severity,
            sanction=entry.sanction_months,
            display=_capped(entry),
            bar=(entry.bar.lower, entry.bar.upper) if entry.bar else None,
            barred=entry.bar_groups,
            disputed=entry.record_id in disputed,
        )
        for entry in Entry.objects.standing().filter(person__in=family, polarity="adverse")
    ]


def _capped(entry: Entry) -> tuple[dt.date, dt.date | None] | None:
    """Shown no longer than kept."""
    if entry.display is None:
        return None
    ends = [day for day in (entry.display.upper, entry.retention.upper) if day]
    return entry.display.lower, min(ends) if ends else None
