"""People of one's own body, for clerks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.common.exceptions import ActionRefused
from profiles.common.identity import Reading
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt
from profiles.common.vocabulary import Group
from profiles.organisations.models import Competence
from profiles.people import actions
from profiles.people.forms import EnrolForm, LeaveForm
from profiles.people.models import IdentityDocument, Membership, Person
from profiles.people.tables import MemberFilter, MemberTable


class MemberList(Listing):
    permissions = (Permission.VIEW_MEMBERS,)
    table_class = MemberTable
    filterset_class = MemberFilter
    template_name = "people/list.html"
    title = gettext_lazy("People")
    lead = gettext_lazy("Members of the key groups at your body, with licence and dates.")
    empty_title = gettext_lazy("Nobody is enrolled yet")
    empty_text = gettext_lazy(
        "People are enrolled one by one here, or with the first fact that a file reports about them."
    )

    def get_queryset(self) -> Any:
        return Membership.objects.visible_to(self.request.user).select_related("person", "organisation")


class Enrol(GatedView):
    permissions = (Permission.OPEN_ARCHIVE,)
    template_name = "people/enrol.html"

    def _groups(self, request: Request) -> set[str]:
        return Competence.objects.to_report(request.user.organisation, timezone.localdate())

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": EnrolForm(groups=self._groups(request))})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EnrolForm(request.POST, groups=self._groups(request))
        if form.is_valid():
            try:
                _enrol(form.cleaned_data, by=request.user)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("The person is enrolled."))
                return redirect("people:members")
        return render(request, self.template_name, {"form": form}, status=422)


@transaction.atomic
def _enrol(data: dict[str, Any], *, by: Any) -> Membership:
    person = _person(data["name"], data["identity"], by=by)
    return actions.enrol(
        person=person,
        group=Group(data["group"]),
        organisation=by.organisation,
        unit=data["unit"],
        licence_number=data["licence_number"],
        joined_on=data["joined_on"],
        by=by,
    )


def _person(name: str, reading: Reading, *, by: Any) -> Person:
    document = IdentityDocument.objects.by_numbers([reading.number]).get(reading.number)
    if document is not None:
        if not Person.objects.names({document.person_id: document.person.name})[document.person_id].fits(name):
            raise ActionRefused(_("This identity number is on file with another name. Check both."))
        return document.person
    if reading.birth_date is None or reading.kind is None:
        raise ActionRefused(_("This document number holds no birth date. Use the identity card's or permit's number."))
    new = actions.NewPerson(name=name, number=reading.number, kind=reading.kind, birth_date=reading.birth_date)
    return actions.open_archives(people=[new], organisation=by.organisation, by=by)[reading.number]


class Leave(GatedView):
    """Notes the day on which somebody left; asks first."""

    permissions = (Permission.OPEN_ARCHIVE,)
    template_name = "people/leave.html"

    def _membership(self, request: Request) -> Membership:
        return get_object_or_404(
            Membership.objects.visible_to(request.user).select_related("person"),
            person__code=self.kwargs["person"],
            group=self.kwargs["group"],
            left_on=None,
        )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": LeaveForm(), "membership": self._membership(request)})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        membership = self._membership(request)
        form = LeaveForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.end_membership(
                membership=membership, left_on=form.cleaned_data["left_on"], by=request.user
            ),
            done=_("The membership has ended."),
        ):
            return redirect("people:members")
        return render(request, self.template_name, {"form": form, "membership": membership}, status=422)
