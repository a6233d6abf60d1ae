"""Open to everybody: is this document genuine, and does it stand? By its code, its QR code or the file itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from archive.common import statements
from archive.reports.actions import read_by_link
from archive.reports.files import FileFault
from archive.reports.forms import FileForm, VerifyForm
from archive.reports.looks import may_look
from archive.reports.models import ReportLink
from archive.reports.verify import Verdict, Verified, look_up, look_up_file
from profiles.common import codes
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.common.views import client_address, pdf_response

PUBLIC = System("verification")

MEANINGS: dict[str, Any] = {
    Verdict.VALID: gettext_lazy("This installation issued the document and it is in force."),
    Verdict.EXPIRED: gettext_lazy("It was issued here, but its time is over. Ask the person for a new one."),
    Verdict.ENDED: gettext_lazy("It was issued here, but its owner has ended it. Ask the person for a new one."),
    Verdict.REPLACED: gettext_lazy(
        "It was issued here, but what it says has changed since, or a newer one was made. Ask the person for the newer one."
    ),
    Verdict.WITHDRAWN: gettext_lazy("It was issued here, but the body has withdrawn it after a review. Do not use it."),
    Verdict.UNKNOWN: gettext_lazy(
        "No document of this installation has this code. Compare the code; if it is right, the document was not issued here."
    ),
}
FAULTS: dict[FileFault, Any] = {
    FileFault.NO_PDF: gettext_lazy(
        "This file is no PDF. Documents of this installation are signed PDF files: choose that file."
    ),
    FileFault.CUT: gettext_lazy(
        "The file is cut off or damaged: a part of it is missing. Download it again, or ask for the whole file."
    ),
    FileFault.UNSIGNED: gettext_lazy(
        "The file carries no signature. A document of this installation always does: this is a copy or an imitation."
    ),
    FileFault.OTHER: gettext_lazy(
        "The file is signed, but not by this installation. Ask the body that signed it, on its own verification page."
    ),
    FileFault.CHANGED: gettext_lazy(
        "The file was signed here and changed afterwards: what it says now is not what was signed. Do not rely on it."
    ),
    FileFault.ADDED: gettext_lazy(
        "The file was signed here, and something was added to it after the signature, a page for example. Do not rely on it."
    ),
    FileFault.UNREGISTERED: gettext_lazy(
        "The file was signed here, but it is not in the register of issued documents. Ask the office that issued it."
    ),
}


class _Limited(TemplateView):
    """Sixty looks a minute from one address."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_look(address=client_address(request)):
            return render(request, "verify/slow_down.html", status=429)
        return super().dispatch(request, *args, **kwargs)

    def tell(self, result: Verified) -> HttpResponse:
        meaning = FAULTS[result.fault] if result.fault else MEANINGS[result.verdict]
        status = 404 if result.verdict == Verdict.UNKNOWN else 200
        return render(
            self.request,
            "verify/verdict.html",
            {"result": result, "meaning": meaning, "now": timezone.now(), "key": statements.public_raw()},
            status=status,
        )


@method_decorator(never_cache, name="dispatch")
class Verify(TemplateView):
    """Type the code, scan it, or choose the file."""

    template_name = "verify/form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = VerifyForm(request.GET if "code" in request.GET else None)
        if form.is_bound and form.is_valid():
            code = codes.clean(form.cleaned_data["code"])
            if len(code) == 19:
                return redirect("reports:verified", code)
            form.add_error("code", _("A code has 16 letters and digits. Compare it with the document."))
        return self.render_to_response({"form": form if form.is_bound else VerifyForm(), "file_form": FileForm()})


@method_decorator(never_cache, name="dispatch")
class VerifyFile(_Limited):
    """The file itself: its hash is looked up; a file that is not known is judged by its signature. It is not kept."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return render(request, "verify/form.html", {"form": VerifyForm(), "file_form": form}, status=422)
        return self.tell(look_up_file(data=form.cleaned_data["file"].read(), by=PUBLIC))


@method_decorator(never_cache, name="dispatch")
class VerifyCode(_Limited):
    """The verdict for a code; reached by the QR code or the form."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.tell(look_up(typed=self.kwargs["code"], by=PUBLIC))


@method_decorator(never_cache, name="dispatch")
class LinkedFile(_Limited):
    """The report itself, where its owner lets the holder of this link see it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link = get_object_or_404(
            ReportLink.objects.select_related("report"), verification_code=codes.clean(self.kwargs["code"])
        )
        try:
            data = read_by_link(link=link, by=PUBLIC)
        except ActionRefused:
            return redirect("reports:verified", link.verification_code)
        return pdf_response(data, f"{link.report.number}.pdf")


class PublicKey(TemplateView):
    """The key by which a QR code is checked off line, and a check that runs in the browser alone."""

    template_name = "verify/key.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pem=statements.public_pem(), key=statements.public_raw(), **kwargs)
