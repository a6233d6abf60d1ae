"""What the clerk decides about a file: carry out, hold back, discard, try again, reverse."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from archive.catalogue.models import Item
from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.intake.problems import sentence
from archive.intake.views import earlier_of_same_file
from archive.records import actions, tasks
from archive.records.forms import ReverseForm
from archive.records.models import Entry
from archive.records.views.batch_view import BatchView, steps
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import Request, attempt

WARNINGS_SHOWN = 20


class BatchConfirm(BatchView):
    """First what will happen, then the confirmation."""

    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/confirm.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        if batch.state not in Batch.TO_DECIDE or not batch.good_rows:
            return redirect("records:batch", batch.code)
        names = {item.code: item.name for item in Item.objects.current()}
        warned = batch.rows.warned().only("number", "warnings", "batch")[:WARNINGS_SHOWN]
        return self.render_to_response(
            {
                "batch": batch,
                "steps": steps(),
                "outlook": batch.outlook,
                "items": [(code, names.get(code, code), count) for code, count in batch.outlook.get("items", [])],
                "warnings": [sentence(said, row=row.number) for row in warned for said in row.warnings],
                "back": request.path.replace("confirm/", ""),
            }
        )

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        if attempt(request, lambda: intake.confirm(batch=batch, permission=Permission.UPLOAD_BATCH, by=request.user)):
            after_commit(tasks.admit_batch, batch.pk)
        return redirect("records:batch", batch.code)


class BatchHold(BatchView):
    permissions = (Permission.UPLOAD_BATCH,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        attempt(request, lambda: intake.hold(batch=batch, permission=Permission.UPLOAD_BATCH, by=request.user))
        return redirect("records:batch", batch.code)


class BatchCancel(BatchView):
    """Discard a file; who discards a second upload of the same file goes on with the first."""

    permissions = (Permission.UPLOAD_BATCH,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        earlier = earlier_of_same_file(batch) if "earlier" in request.POST else None
        attempt(
            request,
            lambda: intake.cancel(batch=batch, permission=Permission.UPLOAD_BATCH, by=request.user),
            done=_("The file was cancelled; nothing of it was stored."),
        )
        return redirect("records:batch", earlier.code) if earlier is not None else redirect("records:batches")


class BatchRetry(BatchView):
    permissions = (Permission.UPLOAD_BATCH,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        again = attempt(request, lambda: intake.retry(batch=batch, permission=Permission.UPLOAD_BATCH, by=request.user))
        if again:
            job = tasks.admit_batch if again.state == Batch.State.ADMITTING else tasks.rehearse_batch
            after_commit(job, batch.pk)
        return redirect("records:batch", batch.code)


def may_reverse(batch: Batch) -> bool:
    """Nothing of it was approved, declined or withdrawn yet: all its entries still wait."""
    entries = Entry.objects.filter(batch_id=batch.pk)
    return (
        batch.state == Batch.State.DONE and entries.exists() and not entries.exclude(state__in=Entry.UNDECIDED).exists()
    )


class BatchReverse(BatchView):
    """The file as a whole was a mistake: first what will happen, then the reason."""

    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/reverse.html"

    def _context(self, batch: Batch, form: ReverseForm) -> dict[str, Any]:
        entries = Entry.objects.filter(batch_id=batch.pk)
        told = entries.filter(notified_at__isnull=False)
        return {
            "batch": batch,
            "form": form,
            "entries": entries.count(),
            "people": entries.values("person_id").distinct().count(),
            "told": told.values("person_id").distinct().count(),
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        if not may_reverse(batch):
            return redirect("records:batch", batch.code)
        return self.render_to_response(self._context(batch, ReverseForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        form = ReverseForm(request.POST)
        if not form.is_valid():
            return render(request, self.template_name, self._context(batch, form), status=422)
        if attempt(
            request,
            lambda: actions.reverse_batch(batch=batch, reason=form.cleaned_data["reason"], by=request.user),
            done=_("The file is reversed: nothing of it counts any more."),
        ):
            after_commit(tasks.notify_batch, batch.pk)
        return redirect("records:batch", batch.code)
