"""What views share: who may come in, lists that sort, filter, page and export, acts that may be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter as get_account_adapter
from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic import TemplateView
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin
from django_tables2.export.export import TableExport
from django_tables2.export.views import ExportMixin

from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, can

# A request of a signed-in account; the stubs cannot say that its user is not anonymous.
Request = Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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


def neutral(value: Any) -> Any:
    """A cell that a spreadsheet program would take for a formula gets an apostrophe (OWASP CSV injection)."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


class NeutralExport(TableExport):
    def table_to_dataset(self, table: Any, exclude_columns: Any, dataset_kwargs: Any = None) -> Any:
        dataset = super().table_to_dataset(table, exclude_columns, dataset_kwargs)
        clean = type(dataset)(headers=dataset.headers, title=dataset.title)
        for row in dataset:
            clean.append([neutral(cell) for cell in row])
        return clean

    def export(self) -> Any:
        """A CSV file begins with a byte-order mark: without it Excel takes Chinese for another encoding."""
        data = super().export()
        return f"\ufeff{data}" if self.format == "csv" else data


class PublicListing(ExportMixin, SingleTableMixin, FilterView):
    """A list page: sortable, filterable, pageable, with export of all filtered rows as XLSX or CSV."""

    template_name = "components/listing.html"
    paginate_by = 25
    export_formats = ("xlsx", "csv")
    export_class = NeutralExport
    strict = False
    title: Any = ""
    lead: Any = ""
    empty_title: Any = ""
    empty_text: Any = ""

    def get_export_filename(self, export_format: str) -> str:
        return f"{self.request.resolver_match.url_name}.{export_format}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        filterset = context.get("filter")
        context.update(
            title=self.title,
            lead=self.lead,
            empty_title=self.empty_title,
            empty_text=self.empty_text,
            is_filtered=filterset is not None
            and filterset.is_bound
            and any(filterset.data.get(name) for name in filterset.filters),
        )
        return context


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
