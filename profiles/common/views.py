"""What views share: who may come in, lists that sort, filter, page and export, acts that may be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter as get_account_adapter
from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin
from django_tables2.data import TableData, TableQuerysetData

from profiles.common import export
from profiles.common.exceptions import ActionRefused
from profiles.common.export import XLSX as XLSX
from profiles.common.export import neutral as neutral
from profiles.common.permissions import Permission, can
from profiles.common.tables import ListData

# A request of a signed-in account; the stubs cannot say that its user is not anonymous.
Request = Any

PAGE_SIZES = (25, 50, 100)


class Gate(AccessMixin):
    """Asks for sign-in, then for one of `permissions`; without it 403. Rows of others are 404 through `visible_to`."""

    permissions: ClassVar[tuple[Permission, ...]] = ()
    request: Request

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not any(can(request.user, permission) for permission in self.permissions):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class GatedView(Gate, TemplateView):
    """A page behind the gate."""


@dataclass(frozen=True)
class Chip:
    """One condition of a filter that is in use; `without` is the address with it taken away."""

    label: Any
    value: Any
    without: str


class PublicListing(SingleTableMixin, FilterView):
    """A list page: sortable, filterable, pageable, with export of all filtered rows as XLSX or CSV."""

    template_name = "components/listing.html"
    paginate_by = 25
    strict = False
    title: Any = ""
    lead: Any = ""
    empty_title: Any = ""
    empty_text: Any = ""

    def get_table_data(self) -> Any:
        rows = self.object_list
        return ListData(rows) if TableQuerysetData.validate(rows) and hasattr(rows, "query") else rows

    def get_table(self, **kwargs: Any) -> Any:
        """The table would take any number of rows a page from the address; it is told to look for it where there is none."""
        return super().get_table(per_page_field="", **kwargs)

    def get_paginate_by(self, table_data: Any) -> int | None:
        """The table asks, and Django's list view too: a second paging, that nobody sees, would count all rows."""
        if not isinstance(table_data, TableData):
            return None
        return self._page_size()

    def _page_size(self) -> int:
        size = self.request.GET.get("per_page", "")
        return int(size) if size.isdecimal() and int(size) in PAGE_SIZES else self.paginate_by

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        filterset = context.get("filter")
        used = used_filters(filterset) if filterset is not None else []
        context.update(
            title=self.title,
            lead=self.lead,
            empty_title=self.empty_title,
            empty_text=self.empty_text,
            is_filtered=bool(used),
            **self._fields(filterset, used),
            reset_url=self.request.path,
            chips=[self._chip(filterset, name) for name in used],
            page_sizes=PAGE_SIZES,
            per_page=self._page_size(),
            capped=getattr(context["table"].data, "capped", False),
        )
        return context

    def _fields(self, filterset: Any, used: list[str]) -> dict[str, Any]:
        """Conditions that are always in sight (`FIRST` of the filter, else all), and those behind “more”."""
        if filterset is None:
            return {"first_fields": [], "more_fields": [], "more_open": False}
        first = getattr(filterset, "FIRST", tuple(filterset.form.fields))
        more = [field for field in filterset.form if field.name not in first]
        return {
            "first_fields": [filterset.form[name] for name in first],
            "more_fields": more,
            "more_open": any(field.name in used or field.errors for field in more),
        }

    def _chip(self, filterset: Any, name: str) -> Chip:
        params = self.request.GET.copy()
        for key in (name, "page"):
            params.pop(key, None)
        field = filterset.form[name]
        value = field.value()
        choices = dict(getattr(field.field, "choices", ()))
        return Chip(field.label, choices.get(value, value), f"?{params.urlencode()}")

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        kind = self.request.GET.get("_export", "")
        return self._export(context, kind) if kind in export.WRITERS else super().render_to_response(context, **kwargs)

    def _export(self, context: dict[str, Any], kind: str) -> HttpResponseBase:
        table, name = context["table"], self.request.resolver_match.url_name
        data = table.data.data
        rows = data.order_by().count() if hasattr(data, "query") else len(data)
        if rows > export.LIMIT:
            messages.error(
                self.request,
                _("%(rows)s rows are more than one file holds (%(limit)s). Narrow the filter and export in parts.")
                % {"rows": rows, "limit": export.LIMIT},
            )
            params = self.request.GET.copy()
            params.pop("_export")
            return redirect(f"{self.request.path}?{params.urlencode()}")
        export.exported.send(
            sender=type(self), request=self.request, name=name, rows=rows, kind=kind,
            filters=used_filters(context["filter"]) if context.get("filter") is not None else [],
        )  # fmt: skip
        return export.response(export.table_rows(table), kind=kind, name=name)


def used_filters(filterset: Any) -> list[str]:
    """Names of the filters that were given a value."""
    return [name for name in filterset.filters if filterset.is_bound and filterset.data.get(name)]


class Listing(Gate, PublicListing):
    """A list page behind the gate."""


def attempt(request: HttpRequest, act: Callable[[], Any], *, done: Any = "") -> Any:
    """Run an action; a refusal becomes a message and None."""
    try:
        result = act()
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return None
    if done:
        messages.success(request, str(done))
    return result if result is not None else True


def client_address(request: HttpRequest) -> str:
    """As the last of our own proxies saw it (setting TRUSTED_PROXIES); headers that a client wrote itself do not count."""
    return str(get_account_adapter().get_client_ip(request))


def pdf_response(data: bytes, name: str) -> HttpResponse:
    return file_response(data, name, "application/pdf")


def file_response(data: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep; no cache on the way keeps it too."""
    return HttpResponse(
        data,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
