"""Reading continuous checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from archive.access.models import Authorisation
from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet
from profiles.organisations.models import Competence
from profiles.people.models import IdentityDocument, Membership, PersonMerge

if TYPE_CHECKING:
    from archive.vetoes.models import Watch


LEFT_AFTER = dt.timedelta(minutes=2)


class WatchQuerySet(VisibleQuerySet):
    """The body sees its own; a person the ones about itself (`about`)."""

    SOON = 30  # days before the last one

    view_permission = Permission.VIEW_CHECK
    person_path = None

    def about(self, person_ids: Iterable[int]) -> Self:
        return self.filter(person_id__in=list(person_ids))

    def open(self) -> Self:
        """Not written down as ended."""
        return self.filter(ended_at=None)

    def in_time(self, day: dt.date) -> Self:
        return self.open().filter(valid_from__lte=day, valid_until__gte=day)

    def holding_on(self, day: dt.date) -> Self:
        """In time, its body still competent, its authorisation alive, its person still a member where it hangs on that."""
        return self.in_time(day).filter(*(condition for _reason, condition in conditions(day)))

    def ending_soon(self, day: dt.date) -> Self:
        return self.holding_on(day).filter(valid_until__lte=day + dt.timedelta(days=self.SOON))

    def lapsed(self, day: dt.date) -> list[tuple[str, Self]]:
        """(reason, open watches that no longer hold for it); a watch stands under the first reason only."""
        found = [("expired", self.open().filter(valid_until__lt=day))]
        rest = self.in_time(day)
        for reason, condition in conditions(day):
            found.append((reason, rest.filter(~condition)))
            rest = rest.filter(condition)
        return found

    def with_standing(self, day: dt.date) -> Self:
        """Each with `standing`: "watching", or why it has ended, written down or not."""
        over = [When(~condition, then=Value(reason)) for reason, condition in conditions(day)]
        return self.annotate(
            standing=Case(
                When(ended_at__isnull=False, then=F("end_reason")),
                When(valid_until__lt=day, then=Value("expired")),
                *over,
                default=Value("watching"),
                output_field=CharField(),
            )
        )

    def with_words(self) -> Self:
        """Each with `name`, `number` and `outcome` of its answer, `matter_number` of its order, and the `body`."""
        from archive.vetoes.models import Answer, WatchOrder
        from profiles.organisations.models import Organisation

        answer = Answer.objects.filter(pk=OuterRef("answer_id"))
        return self.annotate(
            name=Subquery(answer.values("name")[:1]),
            number=Subquery(answer.values("number")[:1]),
            outcome=Subquery(answer.values("outcome")[:1]),
            matter_number=Subquery(WatchOrder.objects.filter(pk=OuterRef("order_id")).values("matter_number")[:1]),
            body=Subquery(Organisation.objects.filter(pk=OuterRef("organisation_id")).values("name")[:1]),
        )

    def matching(self, person_ids: Iterable[int]) -> Self:
        """Open watches about these persons: of them and those joined with them, and by any number that finds them now.

        Both: after a number came to belong to somebody else, who was watched by it is no longer whom it finds.
        """
        families = PersonMerge.objects.families(person_ids)
        members = {member for family in families.values() for member in family}
        numbers = IdentityDocument.objects.live().filter(person_id__in=members)
        indexes = [bytes(index) for index in numbers.values_list("index", flat=True)]
        return self.open().filter(Q(person_id__in=members) | Q(identity_index__in=indexes))


def conditions(day: dt.date) -> list[tuple[str, Any]]:
    """(reason for which a watch ends, what must hold beside its dates)."""
    competent = Competence.objects.holding_on(day).filter(
        organisation=OuterRef("organisation_id"), role="check", group=OuterRef("group"), event=OuterRef("event")
    )
    authorised = Authorisation.objects.live_on(day).filter(pk=OuterRef("authorisation_id"), once=False)
    member = Membership.objects.current_on(day).filter(person=OuterRef("person_id"), group=OuterRef("group"))
    return [
        ("competence", Exists(competent)),
        # By statute, or by the person's own will while it lasts; a competence may come to need one.
        (
            "authorisation",
            Exists(authorised) | Q(authorisation_id=None) & Exists(competent.filter(needs_authorisation=False)),
        ),
        ("membership", Q(membership_bound=False) | Exists(member)),
    ]


class WatchOrderQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def left_behind(self) -> Self:
        return self.filter(state="waiting", ordered_at__lt=timezone.now() - LEFT_AFTER)


class WatchAlertQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def unseen(self) -> Self:
        return self.filter(seen_at=None)

    def of(self, watch: Watch) -> Self:
        return self.filter(watch_code=watch.code)
