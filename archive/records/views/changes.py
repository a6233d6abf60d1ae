"""Proposing a correction, a revision, a void: fields, then a page that says what it will do, then the act."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.intake.problems import sentence
from archive.records import actions
from archive.records.changing import planned_change
from archive.records.forms import ChangeForm, ReasonForm
from archive.records.models import Entry
from archive.records.story import all_rows
from archive.records.views.entries import RecordView
from profiles.common.permissions import Permission
from profiles.common.views import Request, attempt

WORDS: dict[str, tuple[Any, Any]] = {
    Entry.Kind.CORRECTION: (
        gettext_lazy("Correct the entry"),
        gettext_lazy("The statement was wrong. Change what was written wrongly; the earlier statement stays readable."),
    ),
    Entry.Kind.REVISION: (
        gettext_lazy("Revise the entry"),
        gettext_lazy(
            "The statement was right, but things have changed: the decision was eased, the sanction ended early, the cause"
            " ceased."
        ),
    ),
    Entry.Kind.VOID: (
        gettext_lazy("Void the entry"),
        gettext_lazy(
            "It should never have been recorded. After a second person's approval it is shown to nobody and counts in no"
            " check."
        ),
    ),
}  # fmt: skip


class Change(RecordView):
    permissions = (Permission.PROPOSE_CHANGE,)
    template_name = "records/change.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self._standing()
        return self._page(entry, self._form(entry))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry, kind = self._standing(), self.kwargs["kind"]
        form = self._form(entry, request.POST)
        if not form.is_valid():
            return self._page(entry, form, status=422)
        values = form.values() if isinstance(form, ChangeForm) else {}
        planned = planned_change(entry, kind, values)
        for name, problem in planned.problems:
            form.add_error(name if name in form.fields else None, sentence(problem.as_json()))
        if not planned.changes and kind != Entry.Kind.VOID:
            form.add_error(None, _("Nothing is changed. Change at least one field."))
        if form.errors:
            return self._page(entry, form, status=422)
        if "confirmed" in request.POST:
            change = attempt(
                request,
                lambda: actions.propose_change(
                    entry=entry, kind=kind, values=values, reason=form.cleaned_data["reason"], by=request.user
                ),
                done=_("It was proposed. A second person decides."),
            )
            return redirect("records:entry", entry.record.number) if change else self._page(entry, form, status=422)
        heard = planned.values["item"].polarity == "adverse" and not planned.eases
        rows = all_rows(planned.changes, entry, planned.clocks)
        return self._page(entry, form, planned=planned, rows=rows, heard=heard)

    def _standing(self) -> Entry:
        """The entry that holds; 404 where none does or a change is being decided."""
        entry = self.entry()
        if not entry.is_standing:
            raise Http404
        return entry

    def _form(self, entry: Entry, data: Any = None) -> ReasonForm:
        kind = self.kwargs["kind"]
        if kind not in WORDS:
            raise Http404
        return ReasonForm(data) if kind == Entry.Kind.VOID else ChangeForm(data, entry=entry, kind=kind)

    def _page(self, entry: Entry, form: ReasonForm, *, status: int = 200, **more: Any) -> HttpResponse:
        title, lead = WORDS[self.kwargs["kind"]]
        context = {"entry": entry, "form": form, "kind": self.kwargs["kind"], "title": title, "lead": lead, **more}
        return self.render_to_response(self.get_context_data(**context), status=status)
