"""Bodies that are too large for the parser of small requests: a list as JSON, or as a file with its question in form fields."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDictKeyError
from pydantic import ValidationError

from archive.api.problems import ApiProblem, fields_of
from archive.api.schemas import ListQuestion, Question, json_schema
from archive.vetoes import actions

CHUNK = 256 * 1024


def list_request(request: HttpRequest) -> tuple[Question, Any, str]:
    """(question, file for the intake, text that stands for the whole request) of either form."""
    if (request.content_type or "").startswith("multipart/"):
        return _from_form(request)
    raw = _read(request)
    try:
        asked = ListQuestion.model_validate_json(raw)
    except ValidationError as error:
        raise _invalid(error) from None
    if not asked.rows:
        raise ApiProblem("no_rows")
    file = actions.as_file((row.name, row.identity_number) for row in asked.rows)
    return asked, file, hashlib.sha256(raw).hexdigest()


def _from_form(request: HttpRequest) -> tuple[Question, Any, str]:
    try:
        upload: Any = request.FILES["file"]
    except MultiValueDictKeyError:
        raise ApiProblem("body_invalid", fields=[{"field": "file", "fault": "missing"}]) from None
    fields = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        asked = Question.model_validate(fields)
    except ValidationError as error:
        raise _invalid(error) from None
    digest = hashlib.sha256(repr(sorted(fields.items())).encode())
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return asked, upload, digest.hexdigest()


def _read(request: HttpRequest) -> bytes:
    limit = settings.UPLOAD_LIMIT_BYTES
    parts, size = [], 0
    while chunk := request.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise ApiProblem("body_too_large")
        parts.append(chunk)
    return b"".join(parts)


def _invalid(error: ValidationError) -> ApiProblem:
    errors: list[Any] = error.errors(include_url=False, include_context=False, include_input=False)
    if any(item["type"] == "json_invalid" for item in errors):
        return ApiProblem("body_unreadable")
    if any(item["type"] == "too_long" and item["loc"] == ("rows",) for item in errors):
        return ApiProblem("too_many_rows")
    return ApiProblem("body_invalid", fields=fields_of(errors))


def body_schema() -> dict[str, Any]:
    """The two forms, for the OpenAPI document; the parser of small requests would have written it itself."""
    question = json_schema(Question)
    form = {
        "type": "object",
        "properties": {**question["properties"], "file": {"type": "string", "format": "binary"}},
        "required": [*question["required"], "file"],
    }
    listed = {"$ref": "#/components/schemas/ListQuestion"}
    return {
        "required": True,
        "content": {"application/json": {"schema": listed}, "multipart/form-data": {"schema": form}},
    }


def body_components() -> dict[str, Any]:
    """What `body_schema` refers to."""
    listed = json_schema(ListQuestion)
    return {**listed.pop("$defs"), "ListQuestion": listed}
