"""A person's notices."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from archive.notices import actions
from archive.notices.models import Notice
from profiles.common.permissions import Permission
from profiles.common.views import GatedView


class MyNotices(GatedView):
    permissions = (Permission.VIEW_ARCHIVE,)
    template_name = "notices/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notices = Notice.objects.visible_to(self.request.user).select_related("organisation")
        return super().get_context_data(notices=notices, **kwargs)


class MyNotice(GatedView):
    """Opening a notice is its service: the time is kept."""

    permissions = (Permission.VIEW_ARCHIVE,)
    template_name = "notices/notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = get_object_or_404(
            Notice.objects.visible_to(self.request.user).select_related("organisation", "person"),
            number=self.kwargs["number"],
        )
        actions.mark_read(notice=notice, by=self.request.user)
        return super().get_context_data(notice=notice, deliveries=notice.deliveries.all(), **kwargs)
