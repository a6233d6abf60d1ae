"""The trail, for auditors: read, filter, export, verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from profiles.audit import actions, export, verify_trail
from profiles.audit.models import AuditEvent, Checkpoint, TrailPending
from profiles.audit.tables import TrailFilter, TrailTable
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request


class Trail(Listing):
    permissions = (Permission.VIEW_TRAIL,)
    table_class = TrailTable
    filterset_class = TrailFilter
    template_name = "audit/trail.html"
    paginate_by = 50
    title = _("Trail")
    lead = _("Who did what, when. Nobody can change it; looking at it is recorded too.")
    empty_title = _("Nothing has happened yet")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            actions.record(by=request.user, verb=Verb.TRAIL_VIEWED)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return AuditEvent.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            checkpoint=Checkpoint.objects.first(), pending=TrailPending.objects.count(), **kwargs
        )


class _Evidence(GatedView):
    permissions = (Permission.VIEW_TRAIL,)

    def recorded(self, request: Request, what: str) -> None:
        with transaction.atomic():
            actions.record(by=request.user, verb=Verb.TRAIL_EXPORTED, what=what)


class TrailExport(_Evidence):
    """The whole trail as lines of JSON, for the stand-alone verifier."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        self.recorded(request, "trail")
        return StreamingHttpResponse(
            (f"{line}\n" for line in export.lines()),
            content_type="application/x-ndjson",
            headers={"Content-Disposition": 'attachment; filename="trail.jsonl"'},
        )


class NewestCheckpoint(_Evidence):
    """The newest signed root; kept outside, it shows later whether history was rewritten."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        self.recorded(request, "checkpoint")
        newest = Checkpoint.objects.first()
        text = json.dumps(export.checkpoint_row(newest), indent=2) if newest else "{}"
        return HttpResponse(
            text,
            content_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="checkpoint.json"'},
        )


class Verifier(_Evidence):
    """The verifier itself, one file that needs neither Django nor this installation."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(
            Path(verify_trail.__file__).read_bytes(),
            content_type="text/x-python",
            headers={"Content-Disposition": 'attachment; filename="verify_trail.py"'},
        )


class PublicKey(_Evidence):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(
            actions.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            content_type="application/x-pem-file",
            headers={"Content-Disposition": 'attachment; filename="trail_public_key.pem"'},
        )


class Verify(GatedView):
    """Walks through the whole tree now and says what it found."""

    permissions = (Permission.VIEW_TRAIL,)
    template_name = "audit/verified.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        verifier = verify_trail.Verifier(actions.public_key())
        problem, waiting = "", 0
        try:
            waiting = verify_trail.verify_rows(export.rows(), verifier)
            strays = export.strays()
            if strays:
                raise verify_trail.Altered(f"{strays} events are under no leaf and do not wait for one.")
        except verify_trail.Altered as error:
            problem = str(error)
        with transaction.atomic():
            actions.record(by=request.user, verb=Verb.TRAIL_VERIFIED, events=verifier.tree.size, whole=not problem)
        return self.render_to_response(
            {"problem": problem, "events": verifier.tree.size, "checkpoints": verifier.checkpoints, "waiting": waiting}
        )
