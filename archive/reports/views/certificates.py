"""A person's certificates of no veto: asked for, shown, ended."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.reports.models import VerificationUse
from archive.vetoes import actions as vetoes
from archive.vetoes.forms import CertificateForm
from archive.vetoes.models import Certificate
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt, pdf_response


class MyCertificates(GatedView):
    """Ask for one event; what was made before stands below."""

    permissions = (Permission.REQUEST_REPORT,)
    template_name = "reports/certificates.html"

    def _form(self, data: Any = None) -> CertificateForm:
        groups = {row.group: row.get_group_display() for row in self.request.user.person.memberships.all()}
        return CertificateForm(data, groups=list(groups))

    def _context(self, form: CertificateForm, **more: Any) -> dict[str, Any]:
        today = timezone.localdate()
        made = Certificate.objects.visible_to(self.request.user)
        return {"form": form, "certificates": [(row, row.is_valid_on(today)) for row in made], **more}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(self._form()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self._context(form), status=422)
        certificate = vetoes.certify(**form.cleaned_data, by=request.user)
        if certificate is None:
            return self.render_to_response(self._context(form, refused=True))
        return redirect("reports:certificate", certificate.number)


class _CertificateView(GatedView):
    permissions = (Permission.REQUEST_REPORT,)

    def certificate(self) -> Certificate:
        return get_object_or_404(Certificate.objects.visible_to(self.request.user), number=self.kwargs["number"])


class MyCertificate(_CertificateView):
    """State, code, who verified it, and the button that ends it."""

    template_name = "reports/certificate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        certificate = self.certificate()
        return super().get_context_data(
            certificate=certificate,
            valid=certificate.is_valid_on(timezone.localdate()),
            uses=VerificationUse.objects.filter(code=certificate.verification_code).order_by("-at")[:50],
            **kwargs,
        )


class MyCertificatePdf(_CertificateView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        certificate = self.certificate()
        return pdf_response(
            vetoes.download_certificate(certificate=certificate, by=request.user), f"{certificate.number}.pdf"
        )


class MyCertificateEnd(_CertificateView):
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        certificate = self.certificate()
        attempt(
            request,
            lambda: vetoes.end_certificate(certificate=certificate, by=request.user),
            done=_("Ended. Whoever verifies it from now on reads so."),
        )
        return redirect("reports:certificate", certificate.number)
