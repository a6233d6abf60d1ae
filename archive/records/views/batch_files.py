"""Workbooks about a file: the original, and the fix file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from archive.intake import actions as intake
from archive.intake import tasks as intake_tasks
from archive.intake.models import Batch, FixFile
from archive.intake.views import time_left
from archive.records.views.batch_view import BatchView
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import XLSX, Request, attempt, file_response

EXTENSIONS = {"csv": ("csv", "text/csv"), "xlsx": ("xlsx", XLSX)}
ALL = "all"


class BatchSource(BatchView):
    """The file as it was sent."""

    permissions = (Permission.UPLOAD_BATCH,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        data = attempt(
            request, lambda: intake.take_source(batch=batch, permission=Permission.UPLOAD_BATCH, by=request.user)
        )
        if data is None:
            return redirect("records:batch", batch.code)
        extension, content_type = EXTENSIONS.get(batch.file_format, (batch.file_format, "application/octet-stream"))
        return file_response(data, f"{batch.code}.{extension}", content_type)


class BatchFix(BatchView):
    """The fix file of a large batch: asked for, made by a worker, downloaded."""

    permissions = (Permission.UPLOAD_BATCH,)
    template_name = "records/fix.html"

    def get_template_names(self) -> list[str]:
        return ["records/fix_body.html"] if self.request.htmx else [self.template_name]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        if not batch.refused_rows:
            return redirect("records:batch", batch.code)
        made = {fix.all_rows: fix for fix in batch.fix_files.filter(language=get_language())}
        return self.render_to_response(
            {
                "batch": batch,
                "choices": [
                    {"rows": rows, "fix": fix, "left": time_left(fix) if fix is not None else ""}
                    for rows, fix in (("refused", made.get(False)), (ALL, made.get(True)))
                ],
                "is_working": any(fix.state == FixFile.State.REQUESTED for fix in made.values()),
            }
        )

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        fix = attempt(
            request,
            lambda: intake.request_fix_file(
                batch=batch,
                all_rows=request.POST.get("rows") == ALL,
                permission=Permission.UPLOAD_BATCH,
                by=request.user,
            ),
        )
        if not fix:
            return redirect("records:batch", batch.code)
        after_commit(intake_tasks.make_fix_file, fix.pk)
        return redirect("records:fix", batch.code)


class BatchFixFile(BatchView):
    """The fix file itself; large ones lead to the page where they are made."""

    permissions = (Permission.UPLOAD_BATCH,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        batch: Batch = self.batch()
        all_rows = request.GET.get("rows") == ALL
        if batch.refused_rows and not is_made(batch, all_rows=all_rows):
            return redirect("records:fix", batch.code)
        data = attempt(
            request,
            lambda: intake.take_fix_file(
                batch=batch, all_rows=all_rows, permission=Permission.UPLOAD_BATCH, by=request.user
            ),
        )
        if data is None:
            return redirect("records:batch", batch.code)
        return file_response(data, f"{batch.code}-fix.xlsx", XLSX)


def is_made(batch: Batch, *, all_rows: bool) -> bool:
    """Is it there, or so small that it is made at once?"""
    return (
        batch.rows_total <= intake.AT_ONCE
        or batch.fix_files.filter(all_rows=all_rows, language=get_language(), state=FixFile.State.DONE).exists()
    )
