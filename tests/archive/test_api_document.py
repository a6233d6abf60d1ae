"""The OpenAPI document: valid, whole, and what the page for people is made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from archive.api.endpoints import api
from archive.api.problems import SENTENCES

pytestmark = pytest.mark.django_db


def document() -> dict[str, Any]:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


def test_the_document_has_what_openapi_31_asks_for() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    assert found["info"]["title"]
    assert found["info"]["version"]
    ids = []
    for path, operations in found["paths"].items():
        assert path.startswith("/api/v1/")
        for method, operation in operations.items():
            assert method in {"get", "post"}
            ids.append(operation["operationId"])
            assert operation["summary"]
            assert operation["responses"]
            named = set(path.replace("}", "{").split("{")[1::2])
            declared = {row["name"] for row in operation.get("parameters", []) if row["in"] == "path"}
            assert declared == named
            assert all(row["required"] for row in operation.get("parameters", []) if row["in"] == "path")
    assert len(ids) == len(set(ids))
    assert found["components"]["securitySchemes"]["KeyAuth"]["scheme"] == "bearer"


def test_every_reference_leads_somewhere() -> None:
    found = document()
    refs = references(found)
    assert refs
    for ref in refs:
        node: Any = found
        for part in ref.removeprefix("#/").split("/"):
            assert part in node, ref
            node = node[part]


def test_every_route_stands_in_the_document_with_its_key_and_its_problems() -> None:
    routes = {
        f"/api/v1/{pattern.pattern}".replace("<code>", "{code}")
        for resolver in get_resolver().url_patterns
        for outer in getattr(resolver, "url_patterns", [])
        for inner in getattr(outer, "url_patterns", [])
        if str(getattr(inner, "pattern", "")) == "api/v1/"
        for pattern in inner.url_patterns
        if pattern.name not in {"openapi-json", "api-root"}
    }
    found = document()
    assert routes
    assert routes == set(found["paths"])
    for operations in found["paths"].values():
        for method, operation in operations.items():
            assert operation["security"] == [{"KeyAuth": []}]
            assert {"401", "403", "422", "429"} <= set(operation["responses"])
            headers = [row["name"] for row in operation.get("parameters", []) if row["in"] == "header"]
            assert headers == (["Idempotency-Key"] if method == "post" else [])


def test_what_is_obligatory_is_said_to_be() -> None:
    found = document()
    asked = found["components"]["schemas"]["PersonQuestion"]
    assert {"group", "event", "matter_number", "name", "identity_number"} <= set(asked["required"])
    listed = found["paths"]["/api/v1/check-lists"]["post"]["requestBody"]["content"]
    assert set(listed) == {"application/json", "multipart/form-data"}


def test_the_page_for_people_names_each_operation_and_each_code_without_scripts_of_others() -> None:
    page = Client(headers={"Accept-Language": "en"}).get("/api/")
    text = page.content.decode()
    for path in document()["paths"]:
        assert path in text
    for code in SENTENCES:
        assert code in text
    assert "cdn" not in text
    assert 'src="http' not in text
    assert "'self'" in page["Content-Security-Policy"]


def test_the_document_is_made_from_the_operations() -> None:
    assert json.dumps(api.get_openapi_schema()["paths"], sort_keys=True) == json.dumps(
        document()["paths"], sort_keys=True
    )
