"""One person for staff: names, numbers, memberships, and proposals to change them. A second person decides on those."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt
from profiles.people import actions
from profiles.people.forms import CorrectionForm, NewNameForm, NewNumberForm
from profiles.people.models import IdentityChange, IdentityDocument, Membership, Person, PersonMerge

WORK = (Permission.PROPOSE_IDENTITY, Permission.CONFIRM_IDENTITY)


class PersonView(GatedView):
    def person(self) -> Person:
        return get_object_or_404(Person.objects.known_to(self.request.user, *WORK), code=self.kwargs["code"])


class PersonDetail(PersonView):
    permissions = WORK
    template_name = "people/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person()
        family = PersonMerge.objects.family(person.pk)
        memberships = Membership.objects.shown_beside_names(self.request.user).filter(person_id__in=family)
        changes = IdentityChange.objects.filter(person_id__in=family).select_related("proposed_by", "carried_out_by")
        merges = PersonMerge.objects.filter(kept_id__in=family) | PersonMerge.objects.filter(merged_id__in=family)
        return super().get_context_data(
            person=person,
            people=Person.objects.filter(pk__in=family).prefetch_related("former_names").order_by("pk"),
            others=Person.objects.filter(pk__in=family).exclude(pk=person.pk),
            documents=IdentityDocument.objects.filter(person_id__in=family)
            .select_related("person", "retired_by")
            .order_by("retired_at", "-added_at", "-pk"),
            memberships=memberships.select_related("organisation"),
            changes=changes,
            merges=merges.select_related("kept", "merged", "proposed_by"),
            readable={
                code
                for proposals in (changes, merges)
                for code in proposals.visible_to(self.request.user).values_list("code", flat=True)
            },
            **kwargs,
        )


class _Propose(PersonView, ABC):
    """Fill in, check the answers, propose. What is proposed waits for a second person."""

    permissions = (Permission.PROPOSE_IDENTITY,)
    template_name = "people/propose.html"
    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    meaning: ClassVar[Any] = ""

    @abstractmethod
    def form(self, person: Person, data: Any = None, **kwargs: Any) -> Any: ...

    @abstractmethod
    def propose(self, person: Person, data: dict[str, Any]) -> IdentityChange: ...

    def _context(self, person: Person, form: Any) -> dict[str, Any]:
        return {"person": person, "form": form, "title": self.title, "lead": self.lead, "meaning": self.meaning}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.person()
        return self.render_to_response(self._context(person, self.form(person)))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.person()
        form = self.form(person, request.POST)
        if not form.is_valid():
            return render(request, self.template_name, self._context(person, form), status=422)
        if "back" in request.POST:  # the number is typed again: it is never shown
            told = {name: value for name, value in form.cleaned_data.items() if name != "identity"}
            return self.render_to_response(self._context(person, self.form(person, initial=told)))
        if "confirmed" not in request.POST:
            return render(request, "people/check.html", self._context(person, form))
        change = attempt(request, lambda: self.propose(person, form.cleaned_data))
        if not change:
            return redirect("people:person", person.code)
        messages.success(request, _("Proposed. A second person of your body decides on it."))
        return redirect("people:person", person.code)


class ProposeName(_Propose):
    title = gettext_lazy("Change of name")
    lead = gettext_lazy(
        "A name that was changed by law. The old one stays on file with its time and still finds the person."
    )
    meaning = gettext_lazy(
        "From then on pages and reports show the new name. Who asks or reports with the old one is told that it is a former name."
    )

    def form(self, person: Person, data: Any = None, **kwargs: Any) -> forms.Form:
        return NewNameForm(data, **kwargs)

    def propose(self, person: Person, data: dict[str, Any]) -> IdentityChange:
        return actions.propose_name(person=person, by=self.request.user, **data)


class ProposeNumber(_Propose):
    title = gettext_lazy("Another number")
    lead = gettext_lazy(
        "A passport, a permit or a card with a new number of the same person. The numbers on file stay valid."
    )
    meaning = gettext_lazy("From then on the person and all entries are found by this number too.")

    def form(self, person: Person, data: Any = None, **kwargs: Any) -> forms.Form:
        return NewNumberForm(data, **kwargs)

    def propose(self, person: Person, data: dict[str, Any]) -> IdentityChange:
        reading = data.pop("identity")
        return actions.propose_number(
            person=person,
            number=reading.number,
            kind=reading.kind,
            birth_date=reading.birth_date,
            by=self.request.user,
            **data,
        )


class ProposeCorrection(_Propose):
    title = gettext_lazy("Correct a number")
    lead = gettext_lazy(
        "A number on file is wrong: typed wrongly, or somebody else's. It is retired, and the right one takes its place."
    )
    meaning = gettext_lazy(
        "From then on the wrong number finds nobody here and may come to belong to somebody else. It stays in the history. Where"
        " the right number holds another birth date, that one is taken over."
    )

    def _documents(self, person: Person) -> Any:
        return person.identities.live().newest_first()

    def form(self, person: Person, data: Any = None, **kwargs: Any) -> forms.Form:
        return CorrectionForm(data, documents=self._documents(person), **kwargs)

    def propose(self, person: Person, data: dict[str, Any]) -> IdentityChange:
        reading, wrong = data.pop("identity"), data.pop("wrong")
        return actions.propose_correction(
            wrong=self._documents(person).get(pk=wrong),
            number=reading.number,
            kind=reading.kind,
            by=self.request.user,
            **data,
        )
