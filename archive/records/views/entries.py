"""One entry, for clerks and approvers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from archive.access.actions import reveal_identity
from archive.evidence.listing import evidence_context
from archive.intake.models import Batch
from archive.notices.models import Notice
from archive.records import actions
from archive.records.forms import DeclineForm, ReasonForm, ServiceForm
from archive.records.models import Dispute, Entry, PersonStatement
from archive.records.queries import DISPLAYED
from archive.records.rules import may_approve
from archive.records.story import chapters, focus_of
from archive.records.views.letters import letters
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt
from profiles.people.forms import RevealForm
from profiles.people.models import Person

NAMING = (Permission.PROPOSE_IDENTITY, Permission.CONFIRM_IDENTITY)


class RecordView(GatedView):
    """Pages and acts under a record number. They are about the entry in focus: the one that is being decided, else the one that
    holds. An act names the position of the entry that its page showed, so that it never hits another one."""

    def record_entries(self) -> list[Entry]:
        entries = list(
            Entry.objects.visible_to(self.request.user)
            .filter(record__number=self.kwargs["number"])
            .with_details()
            .select_related("drafted_by", "approved_by", "declined_by", "ended_by", "service")
            .order_by("pk")
        )
        if not entries:
            raise Http404
        return entries

    def entry(self) -> Entry:
        entries = self.record_entries()
        if any(entry.is_sealed for entry in entries):
            raise Http404
        return focus_of(entries)

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        shown = request.POST.get("shown", "")
        if shown and request.user.is_authenticated:
            entries = self.record_entries()
            if str(entries.index(focus_of(entries)) + 1) != shown:
                messages.error(request, _("The record has changed since you opened the page. Look at it once more."))
                return redirect("records:entry", kwargs["number"])
        return super().dispatch(request, *args, **kwargs)


class EntryDetail(RecordView):
    """A record's story, with what can be done now."""

    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/entry.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entries = self.record_entries()
        sealed = next((entry for entry in entries if entry.is_sealed), None)
        if sealed is not None:
            return TemplateView.as_view(template_name="records/sealed.html", extra_context={"entry": sealed})(request)
        return self.render_to_response(self.story(entries))

    def story(self, entries: list[Entry]) -> dict[str, Any]:
        entry = focus_of(entries)
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
        batch = Batch.objects.visible_to(self.request.user).filter(pk=entries[0].batch_id).first()
        return self.get_context_data(
            entry=entry,
            position=entries.index(entry) + 1,
            chapters=chapters(entries),
            standing=next((row for row in entries if row.is_standing), None),
            statement=PersonStatement.objects.filter(record=entry.record).current().first(),
            dispute=Dispute.objects.open().filter(record=entry.record).first(),
            answers=answers,
            unread=[answer for answer in answers if answer.read_at is None],
            notices=Notice.objects.about(entry).prefetch_related("deliveries"),
            batch=batch,
            refusal=_(actions.REFUSALS[refusal]) if refusal else "",
            decline_form=DeclineForm(),
            service_form=ServiceForm(),
            withdraw_form=ReasonForm(prefix="withdraw"),
            reveal_form=RevealForm(),
            displayed=DISPLAYED.holds(entry, today),
            **evidence_context(entry, self.request.user),
            identity=entry.person.main_identity,
            person_known=Person.objects.known_to(self.request.user, *NAMING).filter(pk=entry.person_id).exists(),
        )


class EntryLetter(RecordView):
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


class EntryService(RecordView):
    permissions = (Permission.SERVE_NOTICE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        form = ServiceForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.record_service(entries=[entry], by=request.user, **form.cleaned_data),
                done=_("Service was recorded."),
            )
        else:
            messages.error(request, _("Enter the day on which the notice was handed over."))
        return redirect("records:entry", entry.record.number)


class EntryReadAnswers(RecordView):
    permissions = (Permission.APPROVE_ENTRY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        attempt(request, lambda: actions.note_answers_read(entry=entry, by=request.user))
        return redirect("records:entry", entry.record.number)


class EntryDecline(RecordView):
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


class EntryWithdraw(RecordView):
    """A planned entry or change is taken back."""

    permissions = (Permission.PROPOSE_CHANGE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        form = ReasonForm(request.POST, prefix="withdraw")
        if form.is_valid():
            attempt(
                request,
                lambda: actions.withdraw(entry=entry, reason=form.cleaned_data["reason"], by=request.user),
                done=_("It was withdrawn. Who had been notified is told."),
            )
        else:
            messages.error(request, _("Say in a sentence why it is withdrawn."))
        return redirect("records:entry", entry.record.number)


class EntryReveal(RecordView):
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
