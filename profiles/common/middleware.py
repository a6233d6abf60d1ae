"""Pages about persons are not kept by browsers or proxies."""

from __future__ import annotations

from collections.abc import Callable

import pghistory.middleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Tells the row history who changes a row and from which page. The interface for systems and the public verification change no
    row that has a history; for them every statement would carry that context for nothing."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/api/", "/verify/")):
            return self.get_response(request)
        response: HttpResponse = super().__call__(request)
        return response


class NoStoreMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
