"""The list of keys."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.api.models import ApiKey
from profiles.organisations.models import Organisation

STATES = [("live", _("live")), ("expired", _("expired")), ("revoked", _("revoked"))]


class KeyFilter(django_filters.FilterSet):
    organisation = django_filters.ModelChoiceFilter(queryset=Organisation.objects.order_by("name"), label=_("Body"))
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("State"))

    class Meta:
        model = ApiKey
        fields = ["organisation", "state"]

    def by_state(self, queryset, name, value):
        return queryset.in_state(value, timezone.localdate())


class KeyTable(tables.Table):
    code = tables.Column(linkify=("keys:key", [tables.A("code")]))
    organisation = tables.Column(verbose_name=_("body"))
    account = tables.Column(accessor="account__full_name", verbose_name=_("responsible examiner"))
    state = tables.TemplateColumn(template_name="api/state.html", verbose_name=_("state"), orderable=False)

    class Meta:
        model = ApiKey
        fields = ("code", "name", "organisation", "account", "state", "valid_until", "last_used_at")
        order_by = "-made_at"

    def value_state(self, record):
        return dict(STATES)[record.state_on(timezone.localdate())]
