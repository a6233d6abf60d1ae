"""Opening a file of evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from archive.evidence import actions
from archive.evidence.models import Evidence
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request

SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class OpenEvidence(GatedView):
    """The file itself, shown in the browser; `?keep` offers it to be saved. Its name is its number."""

    permissions = (Permission.VIEW_ENTRY,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        evidence = get_object_or_404(Evidence.objects.visible_to(request.user), code=self.kwargs["code"])
        try:
            data = actions.open_file(evidence=evidence, by=request.user)
        except ActionRefused as refusal:
            return render(
                request, "evidence/closed.html", {"evidence": evidence, "reason": refusal.message}, status=409
            )
        shown = "attachment" if "keep" in request.GET else "inline"
        # Chromium shows no PDF in a sandbox; there is nothing left in ours that could act.
        sandbox = "" if evidence.media_type == "application/pdf" else "; sandbox"
        return HttpResponse(
            data,
            content_type=evidence.media_type,
            headers={
                "Content-Disposition": f'{shown}; filename="{evidence.code}.{SUFFIXES[evidence.media_type]}"',
                "Content-Security-Policy": f"default-src 'none'; frame-ancestors 'none'{sandbox}",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "private, no-store",
            },
        )
