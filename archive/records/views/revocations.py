"""Revoked decisions: registered by one person, carried out by a second, within the law's days."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.records import actions
from archive.records.forms import RevocationForm
from archive.records.models import Entry, Revocation
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Request, attempt


class RevocationList(GatedView):
    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/revocations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        rows = Revocation.objects.visible_to(self.request.user).select_related("proposed_by", "confirmed_by")
        page = Paginator(rows, 25).get_page(self.request.GET.get("page"))
        shown = [(row, row.is_overdue(today)) for row in page]
        return super().get_context_data(shown=shown, page=page, **kwargs)


class RevocationNew(GatedView):
    permissions = (Permission.PROPOSE_CHANGE,)
    template_name = "records/revocation_new.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        number = request.GET.get("document", "")
        return self.render_to_response({"form": RevocationForm(initial={"number": number})})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RevocationForm(request.POST)
        if form.is_valid():
            values = dict(form.cleaned_data)
            learned_on = values.pop("learned_on")
            made = attempt(
                request,
                lambda: actions.register_revocation(
                    document=actions.RevokedDocument(**values), learned_on=learned_on, by=request.user
                ),
                done=_("The revocation is registered. A second person must confirm it in time."),
            )
            if made:
                return redirect("records:revocation", made.code)
        return self.render_to_response({"form": form}, status=422)


class _RevocationView(GatedView):
    def revocation(self) -> Revocation:
        return get_object_or_404(
            Revocation.objects.visible_to(self.request.user).select_related(
                "organisation", "proposed_by", "confirmed_by"
            ),
            code=self.kwargs["code"],
        )


class RevocationDetail(_RevocationView):
    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/revocation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revocation, account = self.revocation(), self.request.user
        resting = Entry.objects.visible_to(account).resting_on(revocation).with_details().order_by("pk")
        page = Paginator(resting, 50).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            revocation=revocation,
            overdue=revocation.is_overdue(timezone.localdate()),
            page=page,
            may_confirm=can(account, Permission.APPROVE_ENTRY, revocation) and account.pk != revocation.proposed_by_id,
            **kwargs,
        )


class RevocationConfirm(_RevocationView):
    permissions = (Permission.APPROVE_ENTRY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        revocation = self.revocation()
        attempt(
            request,
            lambda: actions.confirm_revocation(revocation=revocation, by=request.user),
            done=_("The entries were withdrawn everywhere. The persons are told."),
        )
        return redirect("records:revocation", revocation.code)


class RevocationDrop(_RevocationView):
    permissions = (Permission.PROPOSE_CHANGE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        revocation = self.revocation()
        attempt(
            request,
            lambda: actions.drop_revocation(revocation=revocation, by=request.user),
            done=_("It is no longer registered. No entry was touched."),
        )
        return redirect("records:revocations")
