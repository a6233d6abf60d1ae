"""The trail as a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb


class TrailFilter(django_filters.FilterSet):
    verb = django_filters.ChoiceFilter(choices=Verb.choices, label=_("Act"))
    account = django_filters.CharFilter(method="by_account", label=_("User name"))
    person = django_filters.CharFilter(method="about_person", label=_("Person code"))
    record = django_filters.CharFilter(method="about_object", label=_("Object (kind:id)"))

    class Meta:
        model = AuditEvent
        fields = ["verb"]

    def by_account(self, queryset, name, value):
        ids = list(
            apps.get_model("profiles", "Account")
            .objects.filter(username=value.strip().lower())
            .values_list("pk", flat=True)
        )
        return queryset.filter(actor_id__in=ids)

    def about_person(self, queryset, name, value):
        ids = list(
            apps.get_model("profiles", "Person").objects.filter(code=value.strip().upper()).values_list("pk", flat=True)
        )
        return queryset.filter(person_id__in=ids)

    def about_object(self, queryset, name, value):
        kind, _colon, number = value.partition(":")
        return queryset.about_object(kind.strip(), number.strip())


class Names:
    """Ids of the trail → what an auditor reads. The trail itself stands below all other slices and knows no models but its own."""

    KINDS: ClassVar = {
        "account": ("Account", "username"),
        "organisation": ("Organisation", "name"),
        "person": ("Person", "code"),
    }

    def __init__(self) -> None:
        self.known: dict[str, dict[int, str]] = {kind: {} for kind in self.KINDS}

    def prefetch(self, events: Iterable[AuditEvent]) -> None:
        """One query a kind for a page of events."""
        wanted: dict[str, set[int]] = {kind: set() for kind in self.KINDS}
        for event in events:
            for kind, value in (
                ("account", event.actor_id),
                ("organisation", event.organisation_id),
                ("person", event.person_id),
            ):
                if value is not None and value not in self.known[kind]:
                    wanted[kind].add(value)
        for kind, ids in wanted.items():
            if ids:
                model, field = self.KINDS[kind]
                rows = apps.get_model("profiles", model)._default_manager.filter(pk__in=ids)
                self.known[kind].update(rows.values_list("pk", field))

    def of(self, kind: str, pk: int | None) -> str:
        return "" if pk is None else self.known[kind].get(pk, f"#{pk}")


class TrailTable(tables.Table):
    at = tables.DateTimeColumn(format="Y-m-d H:i:s", verbose_name=_("time"), attrs={"td": {"class": "nowrap"}})
    who = tables.Column(empty_values=(), orderable=False, verbose_name=_("who"))
    body = tables.Column(empty_values=(), orderable=False, verbose_name=_("body"))
    person = tables.Column(empty_values=(), orderable=False, verbose_name=_("person"))
    about = tables.Column(empty_values=(), orderable=False, verbose_name=_("object"))
    details = tables.Column(orderable=False, verbose_name=_("details"))

    class Meta:
        model = AuditEvent
        fields = ("at", "who", "body", "verb", "person", "about", "details")
        order_by = "-at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = Names()

    def before_render(self, request: Any) -> None:
        self.names.prefetch(row.record for row in self.paginated_rows)

    def as_values(self, exclude_columns: Any = None) -> Any:
        """For the export: names are fetched for all rows at once."""
        self.names.prefetch(row.record for row in self.rows)
        return super().as_values(exclude_columns)

    def render_who(self, record):
        return record.actor_kind if record.actor_id is None else self.names.of("account", record.actor_id)

    def render_body(self, record):
        return self.names.of("organisation", record.organisation_id)

    def render_person(self, record):
        return self.names.of("person", record.person_id)

    def render_about(self, record):
        return f"{record.object_type}:{record.object_id}" if record.object_type else ""

    def render_details(self, value):
        return " · ".join(f"{key} {item}" for key, item in value.items() if item is not None)

    value_details = render_details
    value_who = render_who
    value_body = render_body
    value_person = render_person
    value_about = render_about
