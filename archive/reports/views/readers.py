"""For bodies that check: what they were shown and has changed since."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext

from archive.reports import recall
from archive.reports.models import ReaderNotice
from archive.reports.tables import ReaderNoticeFilter, ReaderNoticeTable
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request


class ChangedSince(Listing):
    permissions = (Permission.VIEW_CHECK,)
    table_class = ReaderNoticeTable
    filterset_class = ReaderNoticeFilter
    template_name = "reports/changed.html"
    title = gettext_lazy("Changed since you read it")
    lead = gettext_lazy(
        "Your body was shown an entry in these checks of the last three years. The entry has since been corrected, repaired "
        "or withdrawn. If the matter is still open, check the person again: only a new check says what holds now."
    )
    empty_title = gettext_lazy("Nothing that you read has changed")
    empty_text = gettext_lazy(
        "When an entry that a check showed you is corrected, repaired or withdrawn, it stands here."
    )

    def get_queryset(self) -> Any:
        return ReaderNotice.objects.visible_to(self.request.user).select_related("person", "answer__check_asked")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = ReaderNotice.objects.visible_to(self.request.user).unseen().aggregate(pk=Max("pk"))["pk"]
        return super().get_context_data(newest=newest, **kwargs)


class ChangedSeen(GatedView):
    permissions = (Permission.VIEW_CHECK,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        upto = request.POST.get("upto", "")
        # A number that fits the column; whatever else was sent notes nothing.
        upto = int(upto) if upto.isascii() and upto.isdecimal() and len(upto) < 19 else 0
        count = recall.mark_seen(upto=upto, by=request.user)
        if count:
            messages.success(
                request, ngettext("%(count)s change noted.", "%(count)s changes noted.", count) % {"count": count}
            )
        return redirect("reports:changed")
