"""Lists of accounts."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.organisations.models import Organisation


class AccountFilter(django_filters.FilterSet):
    username = django_filters.CharFilter(lookup_expr="icontains", label=_("User name"))
    role = django_filters.ChoiceFilter(
        choices=[choice for choice in Role.choices if choice[0] != Role.PERSON], method="with_role", label=_("Role")
    )

    organisation = django_filters.ModelChoiceFilter(queryset=Organisation.objects.order_by("name"), label=_("Body"))

    class Meta:
        model = Account
        fields = ["username", "organisation", "role"]

    def with_role(self, queryset, name, value):
        return queryset.with_role(value)


class AccountTable(tables.Table):
    username = tables.Column(linkify=("staff:detail", [tables.A("username")]))
    organisation = tables.Column(verbose_name=_("body"))
    held = tables.TemplateColumn(template_name="staff/held.html", verbose_name=_("roles"), orderable=False)

    class Meta:
        model = Account
        fields = ("username", "full_name", "organisation", "held", "left_on", "last_login")
        order_by = "username"
