"""What every page about one file of facts stands on."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from archive.intake.models import Batch
from profiles.common.views import GatedView


def steps() -> list[str]:
    return [_("Upload"), _("Column check"), _("Rehearsal"), _("Decide"), _("Recorded")]


STEP = {
    Batch.State.RECEIVED: 2,
    Batch.State.COLUMNS: 2,
    Batch.State.READING: 3,
    Batch.State.READY: 4,
    Batch.State.HELD: 4,
    Batch.State.DONE: 6,
    Batch.State.REVERSED: 6,
}


class BatchView(GatedView):
    def batch(self) -> Batch:
        return get_object_or_404(
            Batch.objects.visible_to(self.request.user).select_related(
                "organisation", "uploaded_by", "confirmed_by", "columns_by", "reversed_by", "continues"
            ),
            kind=Batch.Kind.ENTRIES,
            code=self.kwargs["code"],
        )
