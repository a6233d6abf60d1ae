"""Pledges of a person: texts to choose from, reading and signing, what was signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.pledges import actions
from archive.pledges.forms import SignForm
from archive.pledges.models import Pledge, PledgeTemplate
from profiles.accounts.factors import used_in_session
from profiles.common.bilingual import language_suffix
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, pdf_response
from profiles.people.models import Membership


class MyPledges(GatedView):
    permissions = (Permission.SIGN_PLEDGE,)
    template_name = "pledges/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.request.user
        groups = Membership.objects.filter(person_id__in=account.person_ids).current_on(timezone.localdate())
        pledges = Pledge.objects.visible_to(account).select_related("template")
        signed = {pledge.template_id for pledge in pledges}
        texts = PledgeTemplate.objects.current().for_groups(groups.values_list("group", flat=True))
        return super().get_context_data(pledges=pledges, texts=[(text, text.pk in signed) for text in texts], **kwargs)


class Sign(GatedView):
    permissions = (Permission.SIGN_PLEDGE,)
    template_name = "pledges/sign.html"

    def _template(self) -> PledgeTemplate:
        return get_object_or_404(PledgeTemplate.objects.current(), code=self.kwargs["code"])

    def _context(self, template: PledgeTemplate, form: SignForm) -> dict[str, Any]:
        return {
            "text": template,
            "clauses": [clause[language_suffix()] for clause in template.clauses],
            "form": form,
            "signer": self.request.user.person.name,
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        template = self._template()
        form = SignForm(initial={"text_hash": template.text_hash, "opened_at": timezone.now().isoformat()})
        return self.render_to_response(self._context(template, form))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        template = self._template()
        form = SignForm(request.POST)
        if form.is_valid():
            try:
                pledge = actions.sign(
                    template=template,
                    shown_hash=form.cleaned_data["text_hash"],
                    opened_at=form.cleaned_data["opened_at"],
                    drawing=form.cleaned_data["drawing"],
                    device=request.headers.get("User-Agent", ""),
                    second_factor=used_in_session(request),
                    by=request.user,
                )
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("Signed. The number is %(number)s.") % {"number": pledge.number})
                return redirect("pledges:signed", pledge.number)
        return render(request, self.template_name, self._context(template, form), status=422)


class _PledgeView(GatedView):
    permissions = (Permission.SIGN_PLEDGE,)

    def pledge(self) -> Pledge:
        return get_object_or_404(
            Pledge.objects.visible_to(self.request.user).select_related("template"), number=self.kwargs["number"]
        )


class Signed(_PledgeView):
    """The confirmation: number, what it is good for, the file."""

    template_name = "pledges/signed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pledge=self.pledge(), **kwargs)


class PledgePdf(_PledgeView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        pledge = self.pledge()
        return pdf_response(actions.download(pledge=pledge, by=request.user), f"{pledge.number}.pdf")
