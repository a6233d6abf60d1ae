"""Pages: keys for system administrators, and the interface described for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from archive.api import actions
from archive.api.endpoints import api
from archive.api.forms import KeyForm
from archive.api.models import ApiKey
from archive.api.problems import SENTENCES
from archive.api.tables import KeyFilter, KeyTable
from archive.vetoes.models import Outcome, Post
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt
from profiles.common.vocabulary import Event, Group


class KeyList(Listing):
    permissions = (Permission.MANAGE_KEYS,)
    table_class = KeyTable
    filterset_class = KeyFilter
    template_name = "api/keys.html"
    title = gettext_lazy("Organisation keys")
    lead = gettext_lazy("By which other systems ask. Each key acts in the name of a responsible examiner.")
    empty_title = gettext_lazy("No key yet")
    empty_text = gettext_lazy("Make one when a body wants to check persons from its own system.")

    def get_queryset(self) -> Any:
        return ApiKey.objects.visible_to(self.request.user).select_related("organisation", "account")


class KeyNew(GatedView):
    """A form, a page that says what will happen, and the key, shown once."""

    permissions = (Permission.MANAGE_KEYS,)
    template_name = "api/key_new.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": KeyForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = KeyForm(request.POST)
        if not form.is_valid():
            return self.render_to_response({"form": form}, status=422)
        if "confirmed" not in request.POST:
            return self.render_to_response({"form": form, "chosen": form.chosen})
        try:
            key, token = actions.make_key(**form.cleaned_data, by=request.user)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
            return self.render_to_response({"form": form}, status=422)
        response = self.render_to_response({"key": key, "token": token})
        response["Cache-Control"] = "no-store"
        return response


class KeyDetail(GatedView):
    permissions = (Permission.MANAGE_KEYS,)
    template_name = "api/key.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = ApiKey.objects.visible_to(self.request.user)
        key = get_object_or_404(
            keys.select_related("organisation", "account", "made_by", "revoked_by"), code=self.kwargs["code"]
        )
        return super().get_context_data(key=key, **kwargs)


class KeyRevoke(GatedView):
    permissions = (Permission.MANAGE_KEYS,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = get_object_or_404(ApiKey.objects.visible_to(request.user), code=self.kwargs["code"])
        attempt(
            request,
            lambda: actions.revoke_key(key=key, by=request.user),
            done=_("The key is revoked; from the next request on it opens nothing."),
        )
        return redirect("keys:key", key.code)


LISTS: dict[str, Any] = {"Group": Group, "Event": Event, "Outcome": Outcome, "Post": Post}


class Description(TemplateView):
    """The OpenAPI document as a page, without scripts."""

    template_name = "api/description.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = api.get_openapi_schema()
        operations = [
            _operation(path, method, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        schemas = document["components"]["schemas"]
        return super().get_context_data(
            operations=operations,
            schemas=[_schema(name, schema) for name, schema in sorted(schemas.items()) if "properties" in schema],
            lists=[
                (name, [(value, LISTS[name](value).label if name in LISTS else "") for value in schema["enum"]])
                for name, schema in sorted(schemas.items())
                if "enum" in schema
            ],
            problems=[(code, status, sentence) for code, (status, sentence) in SENTENCES.items()],
            **kwargs,
        )


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    good = next((code, row) for code, row in operation["responses"].items() if str(code).startswith("2"))
    return {
        "id": operation["operationId"],
        "path": path,
        "method": method.upper(),
        "summary": _(operation["summary"]),
        "text": _said(operation),
        "parameters": [
            {
                **row,
                "type": _type(row["schema"]),
                "said": _said(row["schema"]) or _said(row),
            }
            for row in operation.get("parameters", [])
        ],
        "bodies": [(kind, _type(row["schema"])) for kind, row in body.items()],
        "status": good[0],
        "gives": _type(good[1]["content"]["application/json"]["schema"]),
        "problems": [code for code in operation["responses"] if not str(code).startswith("2")],
    }


def _schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", []))
    fields = [
        {"name": field, "type": _type(spec), "required": field in required, "text": _said(spec)}
        for field, spec in schema["properties"].items()
    ]
    return {"name": name, "text": _said(schema), "fields": fields}


def _said(part: dict[str, Any]) -> str:
    """A description in the reader's language; the document itself is in English."""
    return _(part["description"]) if part.get("description") else ""


def _type(schema: dict[str, Any]) -> str:
    """`[AnswerOut]`, `integer or null`, …"""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"[{_type(schema['items'])}]"
    if "enum" in schema or "const" in schema:
        return " | ".join(f'"{value}"' for value in schema.get("enum", [schema.get("const")]))
    kind = str(schema.get("title" if schema.get("type") == "object" else "type", "object"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind
