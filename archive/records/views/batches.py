"""Files of facts: list, upload, the page of one file, letters, service."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.filters.views import SavedListing
from archive.intake import actions as intake
from archive.intake.forms import UploadForm
from archive.intake.models import Batch
from archive.intake.problems import Problem, Refused, sentence
from archive.intake.views import batch_context, earlier_of_same_file
from archive.records import actions, tasks
from archive.records.forms import ServiceForm
from archive.records.models import Entry
from archive.records.resources import EntrySheet
from archive.records.sheet_template import entry_template, reportable_kinds
from archive.records.tables import BatchFilter, BatchTable
from archive.records.views.batch_view import STEP, BatchView, steps
from archive.records.views.columns import open_questions
from archive.records.views.decisions import may_reverse
from archive.records.views.letters import letters
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import XLSX, GatedView, Request, attempt, file_response

ROW_FIELDS = [
    ("name", gettext_lazy("Name")),
    ("identity_number", gettext_lazy("Identity number")),
    ("item", gettext_lazy("Item")),
    ("act_date", gettext_lazy("Day of the act")),
    ("document_number", gettext_lazy("Document")),
]
PRINT_LIMIT = 200


class BatchList(SavedListing):
    list_name = "files"
    permissions = (Permission.VIEW_BATCH,)
    table_class = BatchTable
    filterset_class = BatchFilter
    template_name = "records/batches.html"
    title = gettext_lazy("Files")
    lead = gettext_lazy("Spreadsheets with facts to record. Nothing is stored before you have seen what will happen.")
    empty_title = gettext_lazy("No file yet")
    empty_text = gettext_lazy("Upload a spreadsheet as you keep it; title rows and your own column names are fine.")

    def get_queryset(self) -> Any:
        return Batch.objects.visible_to(self.request.user).filter(kind=Batch.Kind.ENTRIES).select_related("uploaded_by")


class Upload(GatedView):
    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/upload.html"

    def _context(self, form: UploadForm) -> dict[str, Any]:
        return {
            "form": form,
            "sheet_fields": EntrySheet.sheet_fields().values(),
            "kinds": reportable_kinds(self.request.user.organisation, timezone.localdate()),
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(UploadForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                batch = intake.receive(
                    upload=form.cleaned_data["file"],
                    kind=Batch.Kind.ENTRIES,
                    permission=Permission.UPLOAD_BATCH,
                    by=request.user,
                )
            except Refused as refusal:
                form.add_error("file", sentence(Problem(refusal.code, params=refusal.params).as_json()))
            else:
                after_commit(tasks.rehearse_batch, batch.pk)
                return redirect("records:batch", batch.code)
        return render(request, self.template_name, self._context(form), status=422)


class Template(GatedView):
    """The empty workbook for a kind of record, with the columns and the items of the clerk's body."""

    permissions = (Permission.UPLOAD_BATCH,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation, day = request.user.organisation, timezone.localdate()
        kind = next((kind for kind in reportable_kinds(organisation, day) if kind.code == self.kwargs["kind"]), None)
        if kind is None:
            raise Http404
        return file_response(entry_template(organisation, kind, day=day), f"{kind.code}.xlsx", XLSX)


class BatchDetail(BatchView):
    """From the progress of reading to the outcome; the middle of the page refreshes itself while work goes on."""

    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/batch.html"

    def get_template_names(self) -> list[str]:
        return ["records/batch_body.html"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.batch()
        context = batch_context(batch, self.request, fields=ROW_FIELDS)
        entries = Entry.objects.visible_to(self.request.user).filter(batch_id=batch.pk)
        if batch.state == Batch.State.DONE:
            today = timezone.localdate()
            context.update(
                unserved=entries.unserved().count(),
                hearing=entries.in_hearing(today).count(),
                to_approve=entries.to_approve(today).count(),
                in_force=entries.filter(state=Entry.State.IN_FORCE).count(),
                service_form=ServiceForm(),
            )
            context["may_reverse"] = may_reverse(batch)
        if batch.state == Batch.State.COLUMNS:
            context["questions"] = open_questions(batch)
        if batch.state not in {Batch.State.DONE, Batch.State.ADMITTING, Batch.State.REVERSED}:
            context["earlier"] = earlier_of_same_file(batch)
        context["to_decide"] = Batch.TO_DECIDE
        context["with_rows"] = (*Batch.TO_DECIDE, Batch.State.DONE, Batch.State.REVERSED)
        context["corrections"] = batch.corrections.exclude(state=Batch.State.CANCELLED).order_by("pk")
        context["fix_at_once"] = batch.rows_total <= intake.AT_ONCE
        context["steps"], context["step"] = steps(), STEP.get(Batch.State(batch.state), 5)
        return super().get_context_data(**context, **kwargs)


class BatchNotices(BatchView):
    """The letters of a file's persons, one a page, with codes for those without an account. Each print makes new codes."""

    permissions = (Permission.SERVE_NOTICE,)
    template_name = "records/letters.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        entries = list(
            Entry.objects.visible_to(request.user)
            .with_details()
            .filter(batch_id=batch.pk)
            .unserved()
            .order_by("person__name", "pk")[:PRINT_LIMIT]
        )
        return self.render_to_response(
            {
                "letters": letters(entries, request),
                "back": request.path.replace("notices/", ""),
                "site": settings.PUBLIC_URL,
            }
        )


class BatchService(BatchView):
    """Records that the letters of a file were handed over."""

    permissions = (Permission.SERVE_NOTICE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        form = ServiceForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Enter the day on which the notices were handed over."))
            return redirect("records:batch", batch.code)
        entries = list(Entry.objects.visible_to(request.user).filter(batch_id=batch.pk).unserved())
        served = attempt(
            request,
            lambda: actions.record_service(entries=entries, **form.cleaned_data, by=request.user),
        )
        if isinstance(served, list):
            messages.success(request, _("Service of %(count)s notices was recorded.") % {"count": len(served)})
        return redirect("records:batch", batch.code)
