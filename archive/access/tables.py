"""The query register as lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from archive.access.models import Purpose, QueryLine, Sample
from profiles.accounts.models import Account
from profiles.common.vocabulary import Event
from profiles.people.models import Person, PersonMerge


class RegisterFilter(django_filters.FilterSet):
    account = django_filters.CharFilter(method="by_account", label=_("User name"))
    person = django_filters.CharFilter(method="about_person", label=_("Person code"))
    matter_number = django_filters.CharFilter(lookup_expr="icontains", label=_("Matter number"))
    purpose = django_filters.ChoiceFilter(choices=Purpose.choices, label=_("Purpose"))
    event = django_filters.ChoiceFilter(choices=Event.choices, label=_("Event"))

    class Meta:
        model = QueryLine
        fields = ["account", "person", "matter_number", "purpose", "event"]

    def by_account(self, queryset, name, value):
        ids = list(Account.objects.filter(username=value.strip().lower()).values_list("pk", flat=True))
        return queryset.filter(account_id__in=ids)

    def about_person(self, queryset, name, value):
        """Under whichever number the person was asked about."""
        person = Person.objects.filter(code=value.strip().upper()).first()
        return queryset.about(*(PersonMerge.objects.family(person.pk) if person is not None else ()))


class RegisterTable(tables.Table):
    """For auditors: who asked about whom. Persons are shown by code."""

    at = tables.DateTimeColumn(format="Y-m-d H:i:s", verbose_name=_("time"))
    account = tables.Column(empty_values=(), orderable=False, verbose_name=_("who"))
    organisation = tables.Column(verbose_name=_("body"))
    person = tables.Column(empty_values=(), orderable=False, verbose_name=_("person"))

    class Meta:
        model = QueryLine
        fields = (
            "at",
            "account",
            "organisation",
            "person",
            "purpose",
            "group",
            "event",
            "matter_number",
            "basis",
            "answer",
        )
        order_by = "-at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts: dict[int, str] = {}
        self.people: dict[int, str] = {}

    def _prefetch(self, lines: Iterable[QueryLine]) -> None:
        lines = list(lines)
        accounts = {line.account_id for line in lines if line.account_id}
        self.accounts.update(Account.objects.filter(pk__in=accounts).values_list("pk", "username"))
        self.people.update(Person.objects.filter(pk__in={line.person_id for line in lines}).values_list("pk", "code"))

    def before_render(self, request: Any) -> None:
        self._prefetch(row.record for row in self.paginated_rows)

    def as_values(self, exclude_columns: Any = None) -> Any:
        self._prefetch(row.record for row in self.rows)
        return super().as_values(exclude_columns)

    def render_account(self, record):
        return self.accounts.get(record.account_id, "")

    def render_person(self, record):
        return self.people.get(record.person_id, "")

    def render_basis(self, record):
        return record.basis_text


class MyQueryFilter(django_filters.FilterSet):
    class Meta:
        model = QueryLine
        fields = ["event"]


class MyQueryTable(tables.Table):
    """For the person: who looked at the own archive."""

    at = tables.DateTimeColumn(verbose_name=_("time"))
    organisation = tables.Column(empty_values=(), verbose_name=_("body"))
    purpose = tables.Column(empty_values=(), orderable=False, verbose_name=_("for what"))

    class Meta:
        model = QueryLine
        fields = ("at", "organisation", "purpose", "matter_number", "basis")
        order_by = "-at"
        attrs = {"class": "table table-vcenter card-table stacks"}

    def render_organisation(self, record):
        return record.organisation or _("yourself")

    def render_purpose(self, record):
        if record.event:
            asked = f"{record.get_group_display()} · {record.get_event_display()}"
            return f"{asked} · {_('continuous check')}" if record.purpose == Purpose.WATCH else asked
        return record.get_purpose_display()

    def render_basis(self, record):
        return record.basis_text


class SampleFilter(django_filters.FilterSet):
    class Meta:
        model = Sample
        fields = ["organisation"]


class SampleTable(tables.Table):
    code = tables.Column(linkify=("access:sample", [tables.A("code")]))
    drawn = tables.Column(verbose_name=_("drawn"), attrs={"td": {"class": "number"}})
    drawn_by = tables.Column(verbose_name=_("drawn by"))
    open = tables.Column(verbose_name=_("to be looked at"), attrs={"td": {"class": "number"}})
    questioned = tables.Column(verbose_name=_("questioned"), attrs={"td": {"class": "number"}})

    class Meta:
        model = Sample
        fields = ("code", "since", "until", "organisation", "lines_total", "drawn", "open", "questioned", "drawn_by")
        order_by = "-code"
