"""Entries for clerks and approvers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.access.actions import reveal_identity
from archive.intake.models import Batch
from archive.notices.models import Notice
from archive.records import actions
from archive.records.forms import DeclineForm, ServiceForm
from archive.records.models import Entry, HearingAnswer
from archive.records.queries import DISPLAYED
from archive.records.rules import may_approve
from archive.records.tables import EntryFilter, EntryTable
from archive.records.views.letters import letters
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Listing, Request, attempt
from profiles.people.forms import RevealForm
from profiles.people.models import Person

NAMING = (Permission.PROPOSE_IDENTITY, Permission.CONFIRM_IDENTITY)


class EntryList(Listing):
    permissions = (Permission.VIEW_BATCH,)
    table_class = EntryTable
    filterset_class = EntryFilter
    template_name = "records/entries.html"
    title = gettext_lazy("Entries")
    lead = gettext_lazy("What your body reported, from the draft to the end.")
    empty_title = gettext_lazy("No entry yet")
    empty_text = gettext_lazy("Entries come from files that were confirmed.")

    def get_queryset(self) -> Any:
        answered = Exists(HearingAnswer.objects.filter(entry=OuterRef("pk")))
        return (
            Entry.objects.visible_to(self.request.user)
            .select_related("record", "person", "item")
            .annotate(answered=answered)
            .order_by("-drafted_at", "pk")
        )

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_approve": can(self.request.user, Permission.APPROVE_ENTRY)}


class _EntryView(GatedView):
    def entry(self) -> Entry:
        return get_object_or_404(
            Entry.objects.visible_to(self.request.user)
            .with_details()
            .select_related("drafted_by", "approved_by", "declined_by"),
            record__number=self.kwargs["number"],
        )


class EntryDetail(_EntryView):
    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.entry()
        today = timezone.localdate()
        answers = list(entry.answers.select_related("read_by"))
        refusal = may_approve(
            drafted_by_id=entry.drafted_by_id,
            approver_id=self.request.user.pk,
            unread_answers=sum(answer.read_at is None for answer in answers),
            approvable_from=entry.approvable_from,
            needs_hearing=entry.is_adverse and not entry.eases,
            today=today,
        )
        notices = Notice.objects.about(entry).prefetch_related("deliveries")
        batch = Batch.objects.visible_to(self.request.user).filter(pk=entry.batch_id).first()
        return super().get_context_data(
            entry=entry,
            answers=answers,
            unread=[answer for answer in answers if answer.read_at is None],
            notices=notices,
            batch=batch,
            undecided=entry.state in Entry.UNDECIDED,
            refusal=_(actions.REFUSALS[refusal]) if refusal else "",
            decline_form=DeclineForm(),
            reveal_form=RevealForm(),
            displayed=DISPLAYED.holds(entry, today),
            identity=entry.person.main_identity,
            person_known=Person.objects.known_to(self.request.user, *NAMING).filter(pk=entry.person_id).exists(),
            **kwargs,
        )


class EntryLetter(_EntryView):
    permissions = (Permission.SERVE_NOTICE,)
    template_name = "records/letters.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        return self.render_to_response(
            {
                "letters": letters([entry], request),
                "back": request.path.replace("letter/", ""),
                "site": settings.PUBLIC_URL,
            }
        )


class EntryService(_EntryView):
    permissions = (Permission.SERVE_NOTICE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        form = ServiceForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.record_service(
                    entries=[entry], served_on=form.cleaned_data["served_on"], by=request.user
                ),
                done=_("Service was recorded."),
            )
        else:
            messages.error(request, _("Enter the day on which the notice was handed over."))
        return redirect("records:entry", entry.record.number)


class EntryReadAnswers(_EntryView):
    permissions = (Permission.APPROVE_ENTRY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        attempt(request, lambda: actions.note_answers_read(entry=entry, by=request.user))
        return redirect("records:entry", entry.record.number)


class EntryDecline(_EntryView):
    permissions = (Permission.APPROVE_ENTRY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        form = DeclineForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.decline(entry=entry, reason=form.cleaned_data["reason"], by=request.user),
                done=_("The entry was not approved. The person is told."),
            )
        else:
            messages.error(request, _("Say in a sentence why the entry is not approved."))
        return redirect("records:entry", entry.record.number)


class EntryReveal(_EntryView):
    """The full number, once, for a reason."""

    permissions = (Permission.REVEAL_IDENTITY,)
    template_name = "records/revealed.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        form = RevealForm(request.POST)
        if form.is_valid():
            number = attempt(
                request,
                lambda: reveal_identity(
                    person=entry.person,
                    context=entry,
                    matter_number=entry.record.number,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                ),
            )
            if number:
                return self.render_to_response(
                    {"number": number, "person": entry.person, "back": request.path.replace("reveal/", "")}
                )
        else:
            messages.error(request, _("Say in a few words why the full number is needed."))
        return redirect("records:entry", entry.record.number)


class Approve(GatedView):
    """Approving one or many: first a page that says what will happen, then the act."""

    permissions = (Permission.APPROVE_ENTRY,)
    template_name = "records/approve.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        numbers = request.POST.getlist("entry")[:1000]
        entries = list(
            Entry.objects.visible_to(request.user).with_details().filter(record__number__in=numbers).order_by("pk")
        )
        if not entries:
            messages.error(request, _("Choose at least one entry."))
            return redirect("records:entries")
        if "confirmed" in request.POST:
            approved = attempt(request, lambda: actions.approve(entries=entries, by=request.user))
            if isinstance(approved, list):
                messages.success(request, _("%(count)s entries are in force.") % {"count": len(approved)})
                if len(approved) == 1:
                    return redirect("records:entry", approved[0].record.number)
            return redirect("records:entries")
        unread = set(HearingAnswer.objects.filter(entry__in=entries, read_at=None).values_list("entry_id", flat=True))
        judged = [(entry, self._refusal(entry, unread)) for entry in entries]
        ready = [entry for entry, refusal in judged if not refusal]
        return self.render_to_response({"judged": judged, "ready": ready})

    def _refusal(self, entry: Entry, unread: set[int]) -> Any:
        if entry.state not in Entry.UNDECIDED:
            return _("This has been decided already.")
        code = may_approve(
            drafted_by_id=entry.drafted_by_id,
            approver_id=self.request.user.pk,
            unread_answers=int(entry.pk in unread),
            approvable_from=entry.approvable_from,
            needs_hearing=entry.is_adverse and not entry.eases,
            today=timezone.localdate(),
        )
        return _(actions.REFUSALS[code]) if code else ""
