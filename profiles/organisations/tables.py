"""Lists of bodies."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from profiles.organisations.models import Organisation


class OrganisationFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label=_("Name of the body"))

    class Meta:
        model = Organisation
        fields = ["name", "kind"]


class SignInRulesTable(tables.Table):
    name = tables.Column(verbose_name=_("body"), linkify=("organisations:sign_in_rule", [tables.A("code")]))
    networks = tables.Column(orderable=False)

    class Meta:
        model = Organisation
        fields = ("name", "networks", "open_from", "open_until")
        order_by = "name"

    def render_networks(self, value):
        return ", ".join(value)


class OrganisationTable(tables.Table):
    name = tables.Column(verbose_name=_("body"), linkify=("organisations:detail", [tables.A("code")]))

    class Meta:
        model = Organisation
        fields = ("name", "code", "kind", "parent", "jurisdiction", "ended_on")
        order_by = "name"
