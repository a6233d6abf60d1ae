"""One fact, one form: choose the kind, fill in, check the answers, done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.periods import days_left
from archive.evidence.actions import Examined, examine
from archive.records import actions
from archive.records.fact_forms import OF_THE_DOCUMENT, FactForm, say
from archive.records.kinds import KINDS, RecordKind, kind_of
from archive.records.models import Entry, EntryDraft
from archive.records.sheet_template import reportable_items
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask, normalise
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt


class ChooseKind(GatedView):
    """What kind of fact; forms that were left stand below."""

    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.request.user
        items = reportable_items(account.organisation, timezone.localdate())
        counts = {code: sum(kind_of(item).code == code for item in items) for code in KINDS}
        drafts = [(draft, KINDS[draft.kind], draft.content) for draft in EntryDraft.objects.of(account)]
        return super().get_context_data(
            kinds=[(kind, counts[kind.code]) for kind in KINDS.values()], drafts=drafts, **kwargs
        )


class _FactView(GatedView):
    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/fact_form.html"

    def draft(self) -> EntryDraft | None:
        code = self.kwargs.get("code")
        return get_object_or_404(EntryDraft.objects.of(self.request.user), code=code) if code else None

    def kind(self, draft: EntryDraft | None) -> RecordKind:
        kind = KINDS.get(draft.kind if draft else self.kwargs["kind"])
        if kind is None:
            raise Http404
        return kind

    def form(self, draft: EntryDraft | None, *args: Any, **kwargs: Any) -> FactForm:
        return FactForm(
            *args,
            kind=self.kind(draft),
            organisation=self.request.user.organisation,
            day=timezone.localdate(),
            **kwargs,
        )

    def show(self, form: FactForm, draft: EntryDraft | None, *, status: int = 200) -> HttpResponse:
        action = reverse("records:draft", args=[draft.code]) if draft else self.request.path
        context = {"form": form, "kind": form.kind, "draft": draft, "action": action, "steps": steps(), "step": 2}
        return render(self.request, self.template_name, context, status=status)

    def judge(self, form: FactForm, document: Examined | None) -> actions.Recorded:
        done = actions.rehearse_fact(
            fact=form.fact(document), organisation=self.request.user.organisation, by=self.request.user
        )
        form.take(done)
        return done

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        if draft is None:
            return self.show(self.form(None, initial=self.initial()), None)
        if "problems" not in request.GET:
            return self.show(self.form(draft, initial=draft.content), draft)
        form = self.form(draft, draft.content)
        self.judge(form, actions.document_of(draft))
        return self.show(form, draft)

    def initial(self) -> dict[str, Any]:
        """The fields of the document, where another person is recorded under the same one."""
        number = self.request.GET.get("like")
        entry = Entry.objects.visible_to(self.request.user).filter(record__number=number).first() if number else None
        if entry is None:
            return {}
        initial = {name: getattr(entry, name, "") for name in OF_THE_DOCUMENT}
        initial["item"] = entry.item_code
        initial["severity"] = "" if entry.severity == entry.item.severity else entry.severity
        return initial

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        form = self.form(draft, request.POST, request.FILES)
        document = refused = None
        if upload := request.FILES.get("file"):
            try:
                document = examine(upload=upload, by=request.user)
            except ActionRefused as refusal:
                refused = str(refusal.message)
        if "later" in request.POST and not refused:
            self.save(form, draft, document)
            messages.success(request, _("The form was saved. Nothing is recorded yet; you find it here."))
            return redirect("records:new")
        self.judge(form, document or (actions.document_of(draft) if draft else None))
        if refused:
            form.errors.pop("file", None)
            form.add_error("file", refused)
        if form.is_valid():
            return redirect("records:draft_check", self.save(form, draft, document).code)
        if document is not None:  # a browser does not send a file twice by itself
            draft = self.save(form, draft, document)
        return self.show(form, draft, status=422)

    def save(self, form: FactForm, draft: EntryDraft | None, document: Examined | None) -> EntryDraft:
        return actions.save_draft(
            draft=draft, kind=form.kind.code, content=form.content(), document=document, by=self.request.user
        )


class NewFact(_FactView):
    """An empty form; `?like=` a record keeps what its document says."""


class DraftFact(_FactView):
    """The form again, as it was left."""


class CheckAnswers(_FactView):
    """Check your answers: what will be recorded, what follows from it, who is told. The second submit records it.

    The draft is read anew each time and what is shown is the act itself, rolled back: no answer travels through the browser.
    """

    template_name = "records/fact_check.html"

    def _fact(self) -> tuple[EntryDraft, FactForm, Examined | None]:
        draft = self.draft()
        assert draft is not None
        return draft, self.form(draft, draft.content), actions.document_of(draft)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft, form, document = self._fact()
        done = self.judge(form, document)
        if not form.is_valid() or done.entry is None:
            return redirect(f"{reverse('records:draft', args=[draft.code])}?problems")
        return self.render_to_response(
            {
                "draft": draft,
                "kind": form.kind,
                "entry": done.entry,
                "notice": done.notice,
                "in_account": done.notice and any(row.done_at for row in done.notice.deliveries.all()),
                "new_person": done.new_person,
                "warnings": [say(warning) for warning in done.warnings],
                "identity": mask(normalise(str(form.content()["identity_number"]))),
                "document": document,
                "shown_days": days_left(done.entry.display, timezone.localdate()),
                "steps": steps(),
                "step": 3,
            }
        )

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft, form, document = self._fact()
        try:
            done = actions.hand_in(draft=draft, fact=form.fact(document), by=request.user)
        except EntryDraft.DoesNotExist:
            raise Http404 from None
        if done.entry is None:
            messages.error(request, _("Something has changed since you checked. Look at the marked fields."))
            return redirect(f"{reverse('records:draft', args=[draft.code])}?problems")
        return redirect("records:recorded", done.entry.record.number)


class DiscardDraft(_FactView):
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        assert draft is not None
        attempt(
            request,
            lambda: actions.discard_draft(draft=draft, by=request.user),
            done=_("The form was discarded; nothing was recorded."),
        )
        return redirect("records:new")


class FactRecorded(GatedView):
    """Number, next step and its date."""

    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/recorded.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = get_object_or_404(
            Entry.objects.visible_to(self.request.user).with_details(),
            record__number=self.kwargs["number"],
            kind=Entry.Kind.INITIAL,
        )
        return super().get_context_data(entry=entry, kind=kind_of(entry.item), steps=steps(), step=5, **kwargs)


def steps() -> list[str]:
    return [_("Kind of fact"), _("The fact"), _("Check the answers"), _("Recorded")]
