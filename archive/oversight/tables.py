"""Lists of bodies by how they report, and of changes of law."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Jurisdiction
from archive.oversight.figures import STANDINGS
from archive.oversight.models import LawChange
from profiles.common.vocabulary import Group
from profiles.organisations.models import Organisation

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
NOWRAP = {"td": {"class": "nowrap"}}
SHOWN_YEARS = 5


def shown_years() -> range:
    this = timezone.localdate().year
    return range(this - SHOWN_YEARS + 1, this + 1)


def year_choices() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in reversed(shown_years())]


def jurisdiction_choices() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in Jurisdiction.objects.all()]


class BodyFilter(django_filters.FilterSet):
    """`year` and `standing` are no columns of a body: the view reads them from the cleaned form."""

    year = django_filters.ChoiceFilter(choices=year_choices, method="by_view", label=_("Year"), empty_label=None)
    standing = django_filters.ChoiceFilter(choices=list(STANDINGS.items()), method="by_view", label=_("How it stands"))
    group = django_filters.ChoiceFilter(choices=Group.choices, method="by_group", label=_("Group"))
    jurisdiction = django_filters.ChoiceFilter(choices=jurisdiction_choices, label=_("Jurisdiction"))
    name = django_filters.CharFilter(lookup_expr="icontains", label=_("Name of the body"))

    class Meta:
        model = Organisation
        fields = ["year", "standing", "group", "jurisdiction", "name"]

    def by_view(self, queryset, name, value):
        return queryset

    def by_group(self, queryset, name, value):
        with_group = Organisation.objects.filter(competences__role="report", competences__group=value)
        return queryset.filter(pk__in=with_group.values("pk"))


class BodyTable(tables.Table):
    name = tables.Column(accessor="organisation__name", verbose_name=_("body"), attrs={"td": {"class": "wide"}})
    groups = tables.Column(verbose_name=_("groups"), orderable=False)
    standing = tables.TemplateColumn(
        template_name="oversight/standing.html", accessor="code", verbose_name=_("how it stands")
    )
    reported = tables.Column(accessor="figures__reported", verbose_name=_("entries"), attrs=NUMBER)
    late = tables.Column(accessor="figures__late", verbose_name=_("of them late"), attrs=NUMBER)
    median = tables.Column(
        accessor="figures__median", verbose_name=_("middle lag, working days"), attrs=NUMBER, default=""
    )
    statement = tables.TemplateColumn(
        template_name="oversight/statement_state.html", order_by="due", verbose_name=_("yearly statement")
    )
    after = tables.Column(accessor="figures__after", verbose_name=_("entries after it"), attrs=NUMBER)
    reminded_at = tables.DateColumn(verbose_name=_("reminded"), attrs=NOWRAP, default="")

    class Meta:
        order_by = "name"
        attrs = {"class": "table table-vcenter card-table wrap-heads"}

    def render_groups(self, value: list[str]) -> str:
        return ", ".join(str(Group(code).label) for code in value)

    def value_groups(self, value: list[str]) -> str:
        return ", ".join(value)

    def value_standing(self, record: Any) -> str:
        return str(record.label)

    def value_statement(self, record: Any) -> str:
        if record.statement is not None:
            return str(record.statement.number)
        due = {"day": record.due.isoformat()}
        return str((_("overdue since %(day)s") if record.overdue else _("due %(day)s")) % due)


class LawChangeFilter(django_filters.FilterSet):
    class Meta:
        model = LawChange
        fields = ["state"]


class LawChangeTable(tables.Table):
    code = tables.Column(linkify=("oversight:change", [tables.A("code")]), attrs=NOWRAP)
    what = tables.TemplateColumn(
        template_name="oversight/what.html", order_by=("basis", "item_code"), verbose_name=_("what falls"),
        attrs={"td": {"class": "wide"}},
    )  # fmt: skip
    state = tables.TemplateColumn("{% state record.state record.get_state_display %}")
    rows_done = tables.Column(verbose_name=_("entries withdrawn"), attrs=NUMBER)

    class Meta:
        model = LawChange
        fields = ("proposed_at", "code", "what", "from_date", "works_back", "document_number", "state", "rows_done")
        order_by = "-proposed_at"

    def value_what(self, record: Any) -> str:
        return record.item_code or f"{record.basis.title} {record.article}".strip()

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())
