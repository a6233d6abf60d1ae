"""The body's proof that a check was made."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from archive.vetoes import actions
from archive.vetoes.models import Check, CheckProof
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt, pdf_response


class ProveCheck(GatedView):
    """Made at the first press of the button, sent at each."""

    permissions = (Permission.VIEW_CHECK,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        check = get_object_or_404(Check.objects.visible_to(request.user), code=self.kwargs["code"])
        proof = attempt(request, lambda: actions.prove_check(check=check, by=request.user))
        if not isinstance(proof, CheckProof):
            return redirect("vetoes:check", check.code)
        return pdf_response(actions.download_proof(proof=proof, by=request.user), f"{proof.number}.pdf")
