"""Which bodies have to look again at what they decided, and are late with it; no names."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.oversight.recall_tables import RecallBodyFilter, RecallBodyTable
from archive.vetoes.models import RecallTask
from profiles.common.permissions import Permission
from profiles.common.views import Listing


class RecallsByBody(Listing):
    permissions = (Permission.VIEW_RECALLS,)
    table_class = RecallBodyTable
    filterset_class = RecallBodyFilter
    title = _("Recalls by body")
    lead = _(
        "When an entry no longer holds, each body whose answer rested on it looks again within a few working days. "
        "How many wait, how many are late, and what came of the others."
    )
    empty_title = _("Nothing was recalled")
    empty_text = _("When an entry on which an answer rests is corrected, repaired or withdrawn, its body stands here.")

    def get_queryset(self) -> Any:
        return RecallTask.objects.all()

    def get_table_data(self) -> list[dict[str, Any]]:
        return list(self.object_list.by_body(timezone.localdate()))
