"""The workbook of a list's result: asked for, and downloaded."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from archive.vetoes import actions, tasks
from archive.vetoes.models import Check
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import XLSX, GatedView, Request, attempt, file_response


class CheckResult(GatedView):
    permissions = (Permission.VIEW_CHECK,)

    def check(self) -> Check:
        return get_object_or_404(
            Check.objects.visible_to(self.request.user).select_related("organisation"), code=self.kwargs["code"]
        )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        check = self.check()
        data = attempt(request, lambda: actions.take_result(check=check, by=request.user))
        if data is None:
            return redirect("vetoes:check", check.code)
        return file_response(data, f"{check.code}.xlsx", XLSX)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        check = self.check()
        result = attempt(request, lambda: actions.request_result(check=check, by=request.user))
        if result is not None and result.state == "requested":
            after_commit(tasks.make_result, result.pk)
        return redirect("vetoes:check", check.code)
