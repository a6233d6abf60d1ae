"""The list of entries, and the record of service for chosen ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.catalogue.models import Item
from archive.filters.views import SavedListing
from archive.records import actions
from archive.records.filters import EntryFilter
from archive.records.forms import ServiceForm
from archive.records.models import Dispute, Entry, HearingAnswer
from archive.records.tables import EntryTable
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Request, attempt


class EntryList(SavedListing):
    permissions = (Permission.VIEW_BATCH,)
    table_class = EntryTable
    filterset_class = EntryFilter
    template_name = "records/entries.html"
    list_name = "entries"
    never_saved = frozenset({"name", "number"})
    title = gettext_lazy("Entries")
    lead = gettext_lazy("What your body reported, from the draft to the end.")
    empty_title = gettext_lazy("No entry yet")
    empty_text = gettext_lazy("Entries come from files that were confirmed.")

    def get_queryset(self) -> Any:
        answered = Exists(HearingAnswer.objects.filter(entry=OuterRef("pk")))
        disputed = Exists(Dispute.objects.open().filter(record=OuterRef("record")))
        return (
            Entry.objects.visible_to(self.request.user)
            .unsealed()
            .select_related("record", "person", "item")
            .annotate(answered=answered, disputed=disputed)
            .order_by("-drafted_at", "-pk")
        )

    def get_table_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        return {"may_choose": can(user, Permission.APPROVE_ENTRY) or can(user, Permission.SERVE_NOTICE)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = Item.objects.current().filter(forbidden=False).order_by("code")
        return super().get_context_data(items=items, **kwargs)


def matching(request: Request, query: str) -> QuerySet[Entry] | None:
    """The entries that the list shows for an address' query; None where it has a mistake and would match more than was meant."""
    filterset = EntryFilter(
        QueryDict(query), queryset=Entry.objects.visible_to(request.user).unsealed(), request=request
    )
    return filterset.qs if filterset.is_valid() else None


class ServeChosen(GatedView):
    """One day of service for the chosen entries: first a page that names them, then the act."""

    permissions = (Permission.SERVE_NOTICE,)
    template_name = "records/serve.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        numbers = request.POST.getlist("entry")[:1000]
        chosen = Entry.objects.visible_to(request.user).chosen(numbers).with_details()
        entries = list(chosen.order_by("person__name", "pk"))
        unserved = [entry for entry in entries if entry.is_unserved]
        if not unserved:
            messages.error(request, _("Choose at least one entry whose notice is to be served."))
            return redirect("records:entries")
        form = ServiceForm(request.POST if "served_on" in request.POST else None)
        if form.is_valid():
            served = attempt(
                request,
                lambda: actions.record_service(entries=unserved, **form.cleaned_data, by=request.user),
            )
            if isinstance(served, list):
                messages.success(request, _("Service of %(count)s notices was recorded.") % {"count": len(served)})
                return redirect("records:entries")
        return self.render_to_response(
            {"form": form, "entries": unserved, "others": len(entries) - len(unserved)},
            status=422 if form.is_bound else 200,
        )
