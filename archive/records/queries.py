"""Reading entries. What is shown on a day is one definition, used by SQL and by Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.db import connections, models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from archive.common.periods import During, Has
from archive.notices.models import Notice
from profiles.common.copying import keys_text, texts_text
from profiles.common.permissions import Actor, Permission
from profiles.common.querysets import VisibleQuerySet

DRAFTS_LAST = dt.timedelta(days=30)
IN_FORCE = Has("state", "in_force")
# The statement that holds for a record, shown or no longer shown: it counts in checks, it can be changed and ended.
STANDING = IN_FORCE | Has("state", "ended") & Has("end_reason", "display_over")
DISPLAYED = IN_FORCE & During("display") & During("retention")

# By an index, key by key, see profiles.people.queries. The condition is that of the constraint `entry_fact_once`: what stands in
# its index is what it would refuse, and what the planner finds there.
SAME_FACTS = """
    SELECT found.* FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS asked (person_id, act_date, document_number)
    CROSS JOIN LATERAL (
        SELECT entry.person_id, entry.item_code, entry.act_date, entry.document_number, entry.batch_id, entry.batch_row,
            record.number, entry.end_reason
        FROM archive_entry entry JOIN archive_record record ON record.id = entry.record_id
        WHERE entry.person_id = asked.person_id AND entry.act_date = asked.act_date
            AND entry.document_number = asked.document_number
            AND (entry.kind = 'initial' AND entry.state IN ('drafted', 'notified', 'in_hearing', 'approved')
                OR entry.state = 'in_force'
                OR entry.state = 'ended' AND entry.end_reason IN ('display_over', 'repaired', 'opted_out'))
        OFFSET 0
    ) found
"""
FIRST_ROWS = """
    SELECT found.* FROM unnest(%s::bigint[]) AS asked (person_id) CROSS JOIN LATERAL (
        SELECT entry.person_id, min(entry.batch_row) FROM archive_entry entry
        WHERE entry.person_id = asked.person_id AND entry.batch_id = %s GROUP BY entry.person_id OFFSET 0
    ) found
"""
# For checks, also of a million people: by the index, whose key starts with the identity; the items are those of the rules asked.
ADVERSE_FACTS = """
    SELECT found.* FROM unnest(%(indexes)s::bytea[]) AS asked (index) CROSS JOIN LATERAL (
        SELECT fact.identity_index, fact.entry_id, fact.item_code, fact.document_date, fact.sanction_months,
            fact.display, fact.bar, fact.bar_groups, fact.severity, fact.disputed
        FROM check_fact fact
        WHERE fact.identity_index = asked.index AND fact.polarity = 'adverse' AND fact.item_code = ANY(%(items)s)
            AND fact.known_from <= %(moment)s AND (fact.known_until IS NULL OR fact.known_until > %(moment)s)
        OFFSET 0
    ) found
"""


class EntryQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_ENTRY

    def visible_to(self, actor: Actor) -> Self:
        """What is past its retention is read by nobody."""
        return super().visible_to(actor).filter(retention__endswith__gt=timezone.localdate())

    def displayed_on(self, day: dt.date) -> Self:
        return self.filter(DISPLAYED.q(day))

    def standing(self) -> Self:
        return self.filter(STANDING.q(timezone.localdate()))

    def undecided(self) -> Self:
        return self.filter(state__in=["drafted", "notified", "in_hearing"])

    def on_file(self) -> Self:
        """What stands against recording the same fact once more."""
        return self.exclude(state__in=["declined", "withdrawn"]).exclude(end_reason__in=self.model.GONE)

    def at(self, number: str, position: int) -> Self:
        """The `position`-th entry of a record, counted from 1 in the order in which they were drafted."""
        entries = self.model._default_manager.filter(record__number=number).order_by("pk").values_list("pk", flat=True)
        return self.filter(pk__in=list(entries[position - 1 : position])) if position > 0 else self.none()

    def unsealed(self) -> Self:
        """Without the records that a repair or the person's wish has taken out of all views, earlier statements and all."""
        sealed = self.model._default_manager.filter(record=OuterRef("record"), end_reason__in=self.model.SEALED)
        return self.exclude(Exists(sealed))

    def in_focus(self) -> Self:
        """One entry a record: the one that is being decided, else the one that holds, else the newest."""
        order = Case(When(state__in=["drafted", "notified", "in_hearing", "approved"], then=0),
                     When(STANDING.q(timezone.localdate()), then=1), When(state="ended", then=2), default=3)  # fmt: skip
        newest = self.annotate(focus=order).order_by("record_id", "focus", "-pk").distinct("record_id")
        return self.filter(pk__in=newest.values("pk"))

    def unserved(self) -> Self:
        """The notice has not reached the person yet; changes that only ease need none."""
        return self.filter(state__in=["drafted", "notified"], polarity="adverse", eases=False)

    def resting_on(self, revocation: Any) -> Self:
        """Entries of the body that hold or are planned and rest on the revoked document."""
        found = self.filter(organisation=revocation.organisation, document_number=revocation.document_number)
        if revocation.document_body:
            found = found.filter(document_body=revocation.document_body)
        return found.undecided() | found.standing()

    def lock_records_of(self, pks: Iterable[int]) -> list[Any]:
        """All entries of the records to which `pks` belong, locked in one order, with details.

        What changes a record does so under this lock, so that two acts on it come one after the other.
        """
        records = self.filter(pk__in=list(pks)).values("record_id")
        return list(
            self.select_for_update(of=("self",))
            .select_related("record", "item", "organisation")
            .filter(record_id__in=records)
            .order_by("pk")
        )

    def lock_all(self) -> None:
        """Lock them, in the order of `lock_records_of`, without fetching any."""
        locked = self.order_by("pk").select_for_update(of=("self",)).values("pk")
        for _row in locked.iterator(chunk_size=5_000):
            pass

    def decided_for(self) -> Self:
        """Approved, whatever became of them then."""
        return self.filter(approved_at__isnull=False)

    def to_tell_of_withdrawal(self) -> Self:
        """Withdrawn after the notice, and the person was not told that yet."""
        told = Notice.objects.filter(about_type="entry", about_id=OuterRef("pk"), kind="entry_withdrawn")
        return self.filter(state="withdrawn", notified_at__isnull=False).exclude(Exists(told))

    def due_to_close(self, day: dt.date) -> Self:
        """In force, and their display or retention is over."""
        return self.filter(state="in_force").filter(Q(display__endswith__lte=day) | Q(retention__endswith__lte=day))

    def in_hearing(self, day: dt.date) -> Self:
        """The window still runs."""
        return self.filter(state="in_hearing", approvable_from__gt=day)

    def to_approve(self, day: dt.date) -> Self:
        """Ready for the second person: window over, or a positive entry, or a change that only eases."""
        return self.filter(
            Q(state="in_hearing", approvable_from__lte=day)
            | Q(state="drafted") & (Q(polarity="positive") | Q(eases=True))
        )

    def same_facts(self, asked: Iterable[tuple[int, dt.date | None, str | None]]) -> list[tuple[Any, ...]]:
        """Entries about the same person, day and document that stand, whatever their item, for many at once.

        (person id, item code, day of the act, document number, batch id, row of the file, record number, why it ended)
        """
        rows = [row for row in asked if None not in row]
        if not rows:
            return []
        with connections[self.db].cursor() as cursor:
            people, days, documents = zip(*rows, strict=True)
            cursor.execute(SAME_FACTS, [keys_text(people), keys_text(days), texts_text(documents)])
            return list(cursor.fetchall())

    def first_rows(self, batch_id: int | None, person_ids: list[int]) -> dict[int, int]:
        """Person → the first row of the file that said something about the person."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(FIRST_ROWS, [keys_text(person_ids), batch_id])
            return dict(cursor.fetchall())

    def with_refusal(self, *, approver_id: int, day: dt.date) -> Self:
        """Adds `refusal`: why the approver cannot approve the entry on `day`; `rules.may_approve` said in SQL, "" where it can."""
        unread = self.model._meta.get_field("answers").related_model._default_manager.filter(
            entry=OuterRef("pk"), read_at=None
        )
        to_be_heard = Q(polarity="adverse", eases=False)
        return self.annotate(
            refusal=Case(
                When(~Q(state__in=["drafted", "notified", "in_hearing"]), then=Value("decided")),
                When(drafted_by=approver_id, then=Value("own_draft")),
                When(to_be_heard & Q(approvable_from=None), then=Value("not_served")),
                When(to_be_heard & Q(approvable_from__gt=day), then=Value("window")),
                When(Exists(unread), then=Value("unread")),
                default=Value(""),
            )
        )

    def to_decide(self, *, approver_id: int, day: dt.date) -> Self:
        """What waits for this approver, longest waiting first."""
        return self.to_approve(day).exclude(drafted_by=approver_id).order_by("approvable_from", "pk")

    def next_after(self, entry: Any) -> Any:
        """Of what `to_decide` lists: the one behind `entry`, or the first where `entry` was the last; None when nothing waits.

        Entries without a window (positive ones) come last, as PostgreSQL sorts NULL.
        """
        rest, day = self.exclude(pk=entry.pk).with_details(), entry.approvable_from
        same = Q(approvable_from=day, pk__gt=entry.pk)
        later = same if day is None else same | Q(approvable_from__gt=day) | Q(approvable_from=None)
        return rest.filter(later).first() or rest.first()

    def chosen(self, numbers: Iterable[str]) -> Self:
        """The entries that were chosen by their records' numbers: of each record the undecided one, else the newest."""
        first = Case(When(state__in=["drafted", "notified", "in_hearing"], then=0), default=1)
        picked = (
            self.filter(record__number__in=list(numbers))
            .annotate(first=first)
            .order_by("record_id", "first", "-pk")
            .distinct("record_id")
        )
        return self.model._default_manager.filter(pk__in=picked.values("pk"))

    def told_twice(self, one_id: int, other_id: int) -> Self:
        """Entries of one person whose fact is on file about the other too: same item, day of the act and document."""
        standing = self.exclude(state__in=["declined", "withdrawn"]).exclude(
            end_reason__in=["voided", "revoked", "corrected", "revised"]
        )
        same = standing.filter(
            person_id=other_id,
            item_code=OuterRef("item_code"),
            act_date=OuterRef("act_date"),
            document_number=OuterRef("document_number"),
        )
        return standing.filter(Exists(same), person_id=one_id)

    def with_details(self) -> Self:
        return self.select_related("record", "person", "item", "organisation")


class StatementQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        """The newest version for each record; withdrawn ones have no text and are left out."""
        newest = self.order_by("record_id", "-version").distinct("record_id")
        return self.model._default_manager.filter(pk__in=newest.values("pk")).exclude(text="")


class DisputeQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_ENTRY

    def open(self) -> Self:
        return self.filter(settled_at=None)

    def open_by_record(self, records: Iterable[int]) -> dict[int, Any]:
        """Record id → its open objection."""
        return {row.record_id: row for row in self.open().filter(record__in=list(records))}


class RevocationQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_BATCH
    person_path = None

    def open(self) -> Self:
        return self.filter(confirmed_at=None)

    def overdue(self, day: dt.date) -> Self:
        return self.open().filter(deadline__lt=day)


class CheckFactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def known_at(self, moment: dt.datetime) -> Self:
        return self.filter(known_from__lte=moment).filter(Q(known_until=None) | Q(known_until__gt=moment))

    def open_of(self, entries: Iterable[Any]) -> Self:
        """The lines that hold now about entries."""
        rows = list(entries)
        return self.filter(
            person_id__in={row.person_id for row in rows}, entry_id__in=[row.pk for row in rows], known_until=None
        )

    def of(self, indexes: Iterable[bytes]) -> Self:
        return self.filter(identity_index__in=list(indexes))

    def adverse_about(
        self, indexes: Iterable[bytes], *, items: Iterable[str], moment: dt.datetime
    ) -> list[tuple[Any, ...]]:
        """What was known at `moment` about those found by these indexes, of some items: rows in the columns of `ADVERSE_FACTS`."""
        asked: dict[str, Any] = {"indexes": keys_text(sorted(indexes)), "items": list(items), "moment": moment}
        with connections[self.db].cursor() as cursor:
            cursor.execute(ADVERSE_FACTS, asked)
            return cursor.fetchall()


class DraftQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def of(self, account: Actor) -> Self:
        return self.filter(made_by=account)

    def forgotten(self, now: dt.datetime) -> Self:
        """Not touched for thirty days."""
        return self.filter(changed_at__lt=now - DRAFTS_LAST)
