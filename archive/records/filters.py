"""What the list of entries can be narrowed by. All conditions hold together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item, Polarity, Severity
from archive.intake.models import Batch
from archive.records.models import Dispute, Entry, HearingAnswer
from profiles.accounts.models import Account
from profiles.common.identity import mask_in_text
from profiles.common.vocabulary import ANY_GROUP, Group
from profiles.organisations.forms import DayInput
from profiles.people.models import Membership

State = Entry.State


def staff_beside(request: Any) -> Any:
    return Account.objects.filter(organisation_id=request.user.organisation_id).order_by("full_name")


class EntryFilterForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        """An address is kept in many places; an identity number has no business in it."""
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if isinstance(value, str) and mask_in_text(value) != value:
                self.add_error(name, _("Entries are not looked for by identity number. Use the name or the record."))
        return self.cleaned_data


class EntryFilter(django_filters.FilterSet):
    PHASES = (
        ("unserved", _("notice to be served")),
        ("hearing", _("hearing window running")),
        ("approve", _("waiting for approval")),
        ("approved", _("approved")),
        ("in_force", _("in force")),
        ("disputed", _("in dispute")),
        ("ended", _("ended")),
        ("declined", _("not approved")),
        ("withdrawn", _("withdrawn before approval")),
    )
    phase = django_filters.ChoiceFilter(choices=PHASES, method="by_phase", label=_("State"))
    name = django_filters.CharFilter(field_name="person__name", lookup_expr="startswith", label=_("Name begins with"))
    number = django_filters.CharFilter(method="by_number", label=_("Record number"))
    item = django_filters.CharFilter(
        method="by_item", label=_("Item"), widget=forms.TextInput(attrs={"list": "items", "autocomplete": "off"})
    )
    batch = django_filters.CharFilter(method="by_batch", label=_("File"))
    statement = django_filters.ChoiceFilter(
        choices=(("unread", _("not read yet")), ("given", _("given"))), method="by_statement", label=_("Statement")
    )
    ends_in = django_filters.NumberFilter(
        method="by_days_left", label=_("Hearing ends within days"), min_value=0, max_value=366
    )
    severity = django_filters.ChoiceFilter(choices=Severity.choices, label=_("Severity"))
    polarity = django_filters.ChoiceFilter(choices=Polarity.choices, label=_("Adverse or positive"))
    kind = django_filters.ChoiceFilter(choices=Entry.Kind.choices, label=_("Kind of entry"))
    end_reason = django_filters.ChoiceFilter(
        choices=[choice for choice in Entry.EndReason.choices if choice[0] not in Entry.SEALED],
        label=_("Why it ended"),
    )
    act_from = django_filters.DateFilter(
        field_name="act_date", lookup_expr="gte", label=_("Act from"), widget=DayInput()
    )
    act_to = django_filters.DateFilter(field_name="act_date", lookup_expr="lte", label=_("Act to"), widget=DayInput())
    document = django_filters.CharFilter(
        field_name="document_number", lookup_expr="startswith", label=_("Document number begins with")
    )
    group = django_filters.ChoiceFilter(choices=Group.choices, method="by_group", label=_("Group"))
    unit = django_filters.CharFilter(method="by_unit", label=_("Unit or class begins with"))
    drafted_by = django_filters.ModelChoiceFilter(
        queryset=staff_beside, to_field_name="username", label=_("Drafted by"), null_label=None
    )

    FIRST = ("phase", "name", "item", "batch")  # shown always; the others where they are asked for

    class Meta:
        model = Entry
        fields: list[str] = []
        form = EntryFilterForm

    def by_phase(self, queryset: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        if value in State.values and value not in Entry.UNDECIDED:
            return queryset.filter(state=value)
        return {
            "unserved": queryset.unserved,
            "hearing": lambda: queryset.in_hearing(today),
            "approve": lambda: queryset.to_approve(today),
            "disputed": lambda: queryset.standing().filter(
                Exists(Dispute.objects.open().filter(record=OuterRef("record")))
            ),
        }[value]()

    def by_number(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(record__number=value.strip().upper())

    def by_batch(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(batch_id__in=Batch.objects.filter(code=value.strip().upper()).values("pk"))

    def by_item(self, queryset: Any, name: str, value: str) -> Any:
        """By code, or by a part of the name in either language; the list of suggestions gives “code name”."""
        written = value.strip()
        first = written.split(maxsplit=1)[0].upper() if written else ""
        items = Item.objects.filter(code=first) if first else Item.objects.none()
        if not items.exists():
            items = Item.objects.filter(
                Q(name_zh__contains=written) | Q(name_en__icontains=written) | Q(code__startswith=first)
            )
        return queryset.filter(item_code__in=set(items.values_list("code", flat=True)))

    def by_statement(self, queryset: Any, name: str, value: str) -> Any:
        answers = HearingAnswer.objects.filter(entry=OuterRef("pk"))
        return queryset.filter(Exists(answers.filter(read_at=None) if value == "unread" else answers))

    def by_days_left(self, queryset: Any, name: str, value: Any) -> Any:
        """The last day of the window is the day before `approvable_from`."""
        today = timezone.localdate()
        return queryset.in_hearing(today).filter(approvable_from__lte=today + dt.timedelta(days=int(value) + 1))

    def by_group(self, queryset: Any, name: str, value: str) -> Any:
        """Items of the group; items of all groups where the person is a member of it here."""
        own = set(Item.objects.filter(groups__contains=[value]).values_list("code", flat=True))
        shared = set(Item.objects.filter(groups__contains=[ANY_GROUP]).values_list("code", flat=True))
        return queryset.filter(
            Q(item_code__in=own) | Q(item_code__in=shared) & Exists(_members(self.request).filter(group=value))
        )

    def by_unit(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Exists(_members(self.request).filter(unit__startswith=value.strip())))


def _members(request: Any) -> Any:
    return Membership.objects.filter(person=OuterRef("person"), organisation_id=request.user.organisation_id)
