"""The interface, version 1. Each operation calls the action that the screens call: competence, register and trail hold alike."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as FormError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Header, NinjaAPI, Query, Status
from ninja.errors import HttpError, ValidationError

from archive.api import actions
from archive.api.answers import list_state, person_answer, shown
from archive.api.auth import KeyAuth, need
from archive.api.bodies import body_components, body_schema, list_request
from archive.api.models import ApiKey
from archive.api.problems import ApiProblem, fields_of, respond, unexpected
from archive.api.schemas import AnswersOut, ListOut, PersonAnswerOut, PersonQuestion, ProblemOut
from archive.intake.problems import Problem, Refused, sentence
from archive.vetoes import actions as vetoes
from archive.vetoes import tasks
from archive.vetoes.models import Answer, Check, Outcome
from profiles.common.exceptions import ActionRefused
from profiles.common.jobs import after_commit
from profiles.people.forms import IdentityField, NameField

PAGE = 1_000
_TOKEN = re.compile(r"[\w.\-]{8,80}", re.ASCII)
Reach = ApiKey.Reach
NAME, NUMBER = NameField(), IdentityField()


class Interface(NinjaAPI):
    def get_openapi_schema(self, **more: Any) -> Any:
        document = super().get_openapi_schema(**more)
        for name, schema in body_components().items():
            document["components"]["schemas"].setdefault(name, schema)
        return document


api = Interface(
    title="Integrity archive",
    version="1",
    description="Checks of persons for a licensing body. Keys, errors and repetition are described in docs/api.md.",
    urls_namespace="api",
    docs_url=None,
    auth=KeyAuth(),
)
api.add_exception_handler(ActionRefused, lambda request, error: respond(request, ApiProblem("refused", str(error))))
api.add_exception_handler(PermissionDenied, lambda request, error: respond(request, ApiProblem("not_allowed")))
api.add_exception_handler(Http404, lambda request, error: respond(request, ApiProblem("not_found")))
api.exception_handler(ApiProblem)(respond)
api.exception_handler(Exception)(unexpected)

IDEMPOTENCY = Header(
    ..., alias="Idempotency-Key", description=_("8 to 80 letters, digits, “-”, “_” or “.”; new for each request.")
)
PROBLEMS = {
    400: ProblemOut,
    401: ProblemOut,
    403: ProblemOut,
    404: ProblemOut,
    413: ProblemOut,
    422: ProblemOut,
    429: ProblemOut,
}
POSTED: dict[Any, Any] = {code: PROBLEMS[code] for code in (400, 401, 403, 413, 422, 429)}
READ: dict[Any, Any] = {code: PROBLEMS[code] for code in (401, 403, 404, 422, 429)}


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(item["loc"][0] == "header" for item in error.errors):
        return respond(request, ApiProblem("idempotency_key_missing"))
    return respond(request, ApiProblem("body_invalid", fields=fields_of(error.errors)))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the parser itself refuses: a body that is no JSON."""
    return respond(request, ApiProblem("body_unreadable" if error.status_code == 400 else "refused"))


@api.post("/checks", response={200: PersonAnswerOut, **POSTED}, operation_id="check_person", url_name="check_person",
          description=_("Answered at once. The query stands in the register; the person sees who asked, when and why."),
          summary=_("Check one person"), tags=["checks"])  # fmt: skip
def check_person(request: HttpRequest, payload: PersonQuestion, token: str = IDEMPOTENCY) -> Any:
    by = need(request, Reach.CHECK)
    made: list[Answer] = []

    def act() -> str:
        try:
            name, reading = NAME.clean(payload.name), NUMBER.clean(payload.identity_number)
        except FormError as fault:
            raise ApiProblem("person_unreadable", " ".join(fault.messages)) from None
        made.append(vetoes.check_person(name=name, number=reading.number, **payload.asked, by=by))
        return made[0].code

    body = f"POST checks {hashlib.sha256(payload.model_dump_json().encode()).hexdigest()}"
    code, _now = actions.once(key=request.auth, token=_token(token), body=body, act=act, by=by)  # type: ignore[attr-defined]
    return person_answer(made[0] if made else _answers(by).get(code=code))


@api.get("/checks/{code}", response={200: PersonAnswerOut, **READ}, operation_id="read_answer", url_name="read_answer",
         description=_("The answer to a check of one person, as it was given. The code is that of the answer."),
         summary=_("Read an answer again"), tags=["checks"])  # fmt: skip
def read_answer(request: HttpRequest, code: str) -> Any:
    return person_answer(get_object_or_404(_answers(need(request, Reach.CHECK)), code=code))


@api.post("/check-lists", response={202: ListOut, **POSTED}, operation_id="check_list", url_name="check_list",
          description=_("Rows as JSON, or a file (XLSX, CSV, …) with the question in form fields. A worker reads and answers it."),
          summary=_("Check a list"), tags=["lists"],
          openapi_extra={"requestBody": body_schema()})  # fmt: skip
def check_list(request: HttpRequest, token: str = IDEMPOTENCY) -> Any:
    by = need(request, Reach.LIST)
    idempotency = _token(token)
    asked, file, body = list_request(request)

    def act() -> str:
        try:
            check = vetoes.order_list(upload=file, question=asked.asked, by=by)
        except Refused as refusal:
            fault = Problem(refusal.code, params=refusal.params).as_json()
            raise ApiProblem("file_refused", sentence(fault)) from None
        after_commit(tasks.carry_list, check.pk)
        return check.code

    code, _now = actions.once(key=request.auth, token=idempotency, body=f"POST check-lists {body}", act=act, by=by)  # type: ignore[attr-defined]
    return Status(202, list_state(_lists(by).get(code=code)))


@api.get("/check-lists/{code}", response={200: ListOut, **READ}, operation_id="read_list", url_name="read_list",
         summary=_("How far a list is"), tags=["lists"])  # fmt: skip
def read_list(request: HttpRequest, code: str) -> Any:
    return list_state(get_object_or_404(_lists(need(request, Reach.LIST)), code=code))


@api.get("/check-lists/{code}/answers", response={200: AnswersOut, **READ}, operation_id="read_answers",
         url_name="read_answers", description=_("In the order of the rows, page by page. Empty until the list is answered."),
         summary=_("The answers of a list"), tags=["lists"])  # fmt: skip
def read_answers(
    request: HttpRequest,
    code: str,
    after: int = Query(0, ge=0, description=_("Row after which the page begins.")),
    limit: int = Query(200, ge=1, le=PAGE, description=_("Answers a page.")),
    outcome: Outcome | None = Query(None, description=_("Only answers with this outcome.")),  # noqa: B008
) -> Any:
    by = need(request, Reach.LIST)
    check = get_object_or_404(_lists(by), code=code)
    rows = check.answers.filter(row__gt=after).order_by("row")
    found = list((rows.filter(outcome=outcome) if outcome else rows)[: limit + 1])
    page = found[:limit]
    return {
        "check": check.code,
        "answers": shown(page),
        "next_after": page[-1].row if len(found) > limit else None,
    }


def _token(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise ApiProblem("idempotency_key_missing")
    return token


def _answers(by: Any) -> Any:
    return Answer.objects.visible_to(by).filter(check_asked__batch=None).select_related("check_asked")


def _lists(by: Any) -> Any:
    return Check.objects.visible_to(by).filter(batch__isnull=False).select_related("batch")
