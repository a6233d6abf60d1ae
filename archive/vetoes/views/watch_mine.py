"""For the person: who watches, for what, until when."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from archive.vetoes.models import Watch
from archive.vetoes.watch_tables import MyWatchFilter, MyWatchTable
from profiles.common.permissions import Permission
from profiles.common.views import Listing


class MyWatches(Listing):
    permissions = (Permission.VIEW_ARCHIVE,)
    table_class = MyWatchTable
    template_name = "vetoes/watch_mine.html"
    filterset_class = MyWatchFilter
    title = gettext_lazy("Who watches your archive")
    lead = gettext_lazy(
        "Bodies that are told when something changes that matters for their event, until the last day. Each alert stands among "
        "the queries too."
    )
    empty_title = gettext_lazy("Nobody watches your archive")
    empty_text = gettext_lazy(
        "When a body enrols you for a continuous check, it stands here with purpose and last day."
    )

    def get_queryset(self) -> Any:
        return Watch.objects.about(self.request.user.person_ids).with_standing(timezone.localdate()).with_words()
