"""What the interface says when it does not do what was asked: one sentence with a code (RFC 9457), never a value that was sent."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

# code → (status, sentence). A code is a promise to programs: it is never given another meaning.
SENTENCES: dict[str, tuple[int, Any]] = {
    "key_missing": (401, _("Send your organisation key in the header “Authorization: Bearer …”.")),
    "key_unknown": (401, _("This organisation key is not known. Compare it with the one that was handed to you.")),
    "key_revoked": (401, _("This organisation key was revoked. Ask the system administrator for a new one.")),
    "key_expired": (401, _("This organisation key has expired. Ask the system administrator for a new one.")),
    "account_left": (
        403,
        _(
            "The examiner whom this key names may not check persons any more. Ask the system administrator for a new key."
        ),
    ),
    "network": (403, _("Your body does not let its systems work from this address. Use its own network.")),
    "hours": (403, _("Your body does not let its systems work at this hour.")),
    "reach": (403, _("This organisation key does not reach this far. Ask the system administrator for one that does.")),
    "too_many_requests": (429, _("Too many requests. Wait until the next minute begins.")),
    "too_many_failures": (429, _("Too many requests without a valid key from this address. Wait a minute.")),
    "idempotency_key_missing": (
        400,
        _("Send the header Idempotency-Key with 8 to 80 letters, digits, “-”, “_” or “.”, new for each request."),
    ),
    "idempotency_key_reused": (
        422,
        _("This Idempotency-Key was used for another request within the last 24 hours. Use a new one."),
    ),
    "body_unreadable": (400, _("The body of the request cannot be read as JSON.")),
    "body_invalid": (422, _("The request lacks something or has something that does not belong; see “fields”.")),
    "body_too_large": (413, _("The request is larger than this interface takes.")),
    "too_many_rows": (422, _("A list has at most 200,000 rows. Send it in parts.")),
    "no_rows": (422, _("The list has no rows.")),
    "file_refused": (422, _("The file cannot be used.")),
    "person_unreadable": (422, _("Name or identity number cannot be used.")),
    "refused": (422, _("The request was refused.")),
    "not_found": (404, _("There is nothing under this code that your body may see.")),
    "not_allowed": (403, _("The examiner whom this key names may not do this.")),
    "internal": (500, _("An error of ours. Nothing was carried out; send the request again with the same key.")),
}
CONTENT_TYPE = "application/problem+json"


class ApiProblem(Exception):
    """Ends a request with the sentence of `code`, or a more exact one in `detail`."""

    def __init__(self, code: str, detail: Any = "", *, fields: list[dict[str, str]] | None = None) -> None:
        super().__init__(code)
        self.code, self.detail, self.fields = code, detail, fields or []


def respond(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    status, sentence = SENTENCES[problem.code]
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(problem.detail or sentence),
        "status": status,
        "code": problem.code,
    }
    if problem.fields:
        body["fields"] = problem.fields
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response["Retry-After"] = "60"
    return response


def fields_of(errors: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Where pydantic found a fault and which kind; its messages and inputs are left out, they repeat what was sent."""
    return [
        {
            "field": ".".join(str(part) for part in error["loc"] if part not in {"body", "payload"}),
            "fault": error["type"],
        }
        for error in errors[:20]
    ]


def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """The traceback goes to the log, whose filter masks identity numbers; the answer says nothing of it."""
    logger.error("%s failed", request.path, exc_info=error)
    return respond(request, ApiProblem("internal"))
