"""Reading entries. What is shown on a day is one definition, used by SQL and by Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils import timezone

from archive.common.periods import During, Has
from profiles.common.permissions import Actor, Permission
from profiles.common.querysets import VisibleQuerySet

IN_FORCE = Has("state", "in_force")
# The statement that holds for a record, shown or no longer shown: it counts in checks, it can be changed and ended.
STANDING = IN_FORCE | Has("state", "ended") & Has("end_reason", "display_over")
DISPLAYED = IN_FORCE & During("display") & During("retention")


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

    def with_details(self) -> Self:
        return self.select_related("record", "person", "item", "organisation")


class StatementQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        """The newest version for each record; withdrawn ones have no text and are left out."""
        newest = self.order_by("record_id", "-version").distinct("record_id")
        return self.model._default_manager.filter(pk__in=newest.values("pk")).exclude(text="")


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
