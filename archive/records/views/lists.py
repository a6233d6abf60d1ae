"""The list of entries."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from archive.records.models import Entry, HearingAnswer
from archive.records.tables import EntryFilter, EntryTable
from profiles.common.permissions import Permission, can
from profiles.common.views import Listing


class EntryList(Listing):
    permissions = (Permission.VIEW_BATCH,)
    table_class = EntryTable
    filterset_class = EntryFilter
    template_name = "records/entries.html"
    title = gettext_lazy("Entries")
    lead = gettext_lazy("What your body reported, from the draft to the end.")
    empty_title = gettext_lazy("No entry yet")
    empty_text = gettext_lazy("Entries come from files that were confirmed.")

    def get_queryset(self) -> Any:
        answered = Exists(HearingAnswer.objects.filter(entry=OuterRef("pk")))
        return (
            Entry.objects.visible_to(self.request.user)
            .select_related("record", "person", "item")
            .annotate(answered=answered)
            .order_by("-drafted_at", "pk")
        )

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_approve": can(self.request.user, Permission.APPROVE_ENTRY)}
