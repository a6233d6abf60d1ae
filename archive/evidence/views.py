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
# Nothing is loaded and nothing runs. A browser lays an image out with a style of its own; Chromium shows no PDF in a sandbox.
PDF_POLICY = "default-src 'none'; frame-ancestors 'none'"
IMAGE_POLICY = f"{PDF_POLICY}; style-src 'unsafe-inline'; sandbox"


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
        return HttpResponse(
            data,
            content_type=evidence.media_type,
            headers={
                "Content-Disposition": f'{shown}; filename="{evidence.code}.{SUFFIXES[evidence.media_type]}"',
                "Content-Security-Policy": PDF_POLICY if evidence.media_type == "application/pdf" else IMAGE_POLICY,
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "private, no-store",
            },
        )
