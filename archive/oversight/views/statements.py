"""The body's own page: what was counted for a year, the statement about it, and the confirmation."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from archive.oversight import actions, duty
from archive.oversight.forms import StatementForm
from archive.oversight.models import Attestation
from archive.oversight.statements import CURRENT
from profiles.common.bilingual import language_suffix
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt


class StatementList(GatedView):
    """The last years: what was reported, how late, and whether it is stated."""

    permissions = (Permission.SIGN_STATEMENT,)
    template_name = "oversight/statements.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        duties = duty.duties(self.request.user.organisation, day=timezone.localdate())
        return super().get_context_data(duties=duties, **kwargs)


class StatementPage(GatedView):
    """One year: figures by item, then the statement to sign, or the one that was signed."""

    permissions = (Permission.SIGN_STATEMENT,)
    template_name = "oversight/statement.html"

    def _duty(self) -> duty.Duty:
        duties = duty.duties(self.request.user.organisation, day=timezone.localdate())
        found = next((row for row in duties if row.year == self.kwargs["year"]), None)
        if found is None:
            raise Http404
        return found

    def _context(self, found: duty.Duty, form: StatementForm) -> dict[str, Any]:
        lines, others = duty.lines(found)
        words = CURRENT.words(year=found.year, count=found.figures.reported)
        history = Attestation.objects.visible_to(self.request.user).filter(year=found.year).select_related("signed_by")
        return {
            "duty": found,
            "lines": lines,
            "others": others,
            "text": words[f"text_{language_suffix()}"],
            "text_version": CURRENT.version,
            "history": list(history),
            "form": form,
            "anew": "anew" in self.request.GET or form.is_bound,
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self._duty()
        shown = found.figures.reported
        form = StatementForm(
            initial={"shown": shown, "nothing": "no" if shown else "yes"}, replaces=found.statement is not None
        )
        return self.render_to_response(self._context(found, form))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self._duty()
        form = StatementForm(request.POST, replaces=found.statement is not None)
        if form.is_valid():
            data = form.cleaned_data
            statement = attempt(
                request,
                lambda: actions.sign(
                    year=found.year,
                    nothing=data["nothing"],
                    shown=data["shown"],
                    remark=data["remark"],
                    by=request.user,
                ),
            )
            if statement is not None:
                return redirect("oversight:signed", statement.number)
            return redirect("oversight:statement", found.year)
        return self.render_to_response(self._context(found, form), status=422)


class Signed(GatedView):
    """The confirmation, with its number; also how an older statement is read again."""

    permissions = (Permission.SIGN_STATEMENT,)
    template_name = "oversight/signed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        statement = get_object_or_404(
            Attestation.objects.visible_to(self.request.user).select_related("organisation", "signed_by", "replaces"),
            number=self.kwargs["number"],
        )
        later = Attestation.objects.filter(replaces=statement).first()
        return super().get_context_data(statement=statement, later=later, **kwargs)
