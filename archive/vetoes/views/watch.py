"""Continuous checks of a body: the list, one of them, renewing and ending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archive.access.models import Authorisation
from archive.vetoes import actions
from archive.vetoes.models import Answer, Watch, WatchAlert, WatchOrder
from archive.vetoes.watch_forms import LastDayForm
from archive.vetoes.watch_tables import WatchFilter, WatchTable
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Listing, Request, attempt


class Watches(Listing):
    permissions = (Permission.VIEW_CHECK,)
    table_class = WatchTable
    filterset_class = WatchFilter
    template_name = "vetoes/watch_list.html"
    title = gettext_lazy("Continuous checks")
    lead = gettext_lazy("Whom your body has watched, for what, until when. When an answer changes, you are alerted.")
    empty_title = gettext_lazy("Nobody is watched")
    empty_text = gettext_lazy(
        "Open the answer of a check, or an answered list, and choose “Continuous check”: the persons are watched until a day "
        "that you set."
    )

    def get_queryset(self) -> Any:
        return Watch.objects.visible_to(self.request.user).with_standing(timezone.localdate()).with_words()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account, today = self.request.user, timezone.localdate()
        return super().get_context_data(
            soon=Watch.objects.visible_to(account).ending_soon(today).count(),
            unseen=WatchAlert.objects.visible_to(account).unseen().count(),
            **kwargs,
        )


class _WatchView(GatedView):
    def watch(self) -> Any:
        watches = Watch.objects.visible_to(self.request.user).with_standing(timezone.localdate())
        return get_object_or_404(watches, code=self.kwargs["code"])

    def about(self, watch: Any) -> dict[str, Any]:
        return {
            "watch": watch,
            "answer": Answer.objects.select_related("check_asked").get(pk=watch.answer_id),
            "order": WatchOrder.objects.select_related("account").get(pk=watch.order_id),
        }


class WatchDetail(_WatchView):
    permissions = (Permission.VIEW_CHECK,)
    template_name = "vetoes/watch_one.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        watch = self.watch()
        account = self.request.user
        alerts = WatchAlert.objects.visible_to(account).of(watch).select_related("before", "answer")
        return super().get_context_data(
            **self.about(watch),
            alerts=alerts,
            authorisation=Authorisation.objects.filter(pk=watch.authorisation_id or 0).first(),
            may_act=watch.standing == "watching" and can(account, Permission.WATCH_PERSON, watch),
            **kwargs,
        )


class Renew(GatedView):
    """One, or all that end within thirty days: first how many and until when, then the act."""

    permissions = (Permission.WATCH_PERSON,)
    template_name = "vetoes/watch_renew.html"

    def _codes(self, values: Any) -> list[str] | None:
        return values.getlist("watch")[:1000] or None

    def _page(self, form: LastDayForm, codes: list[str] | None, status: int = 200) -> HttpResponse:
        today = timezone.localdate()
        own = Watch.objects.visible_to(self.request.user)
        chosen = own.ending_soon(today) if codes is None else own.holding_on(today).filter(code__in=codes)
        context = {
            "form": form,
            "codes": codes or [],
            "count": chosen.count(),
            "authorised": chosen.exclude(authorisation_id=None).count(),
            "next": chosen.order_by("valid_until").values_list("valid_until", flat=True).first(),
        }
        return self.render_to_response(context, status=status)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page(LastDayForm(), self._codes(request.GET))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form, codes = LastDayForm(request.POST), self._codes(request.POST)
        if not form.is_valid():
            return self._page(form, codes, status=422)
        until = form.cleaned_data["valid_until"]
        done: list[int] = []
        if (
            attempt(
                request, lambda: done.append(actions.renew_watches(codes=codes, valid_until=until, by=request.user))
            )
            is None
        ):
            return self._page(form, codes, status=422)
        count = done[0]
        if count:
            text = ngettext("%(n)s continuous check was renewed.", "%(n)s continuous checks were renewed.", count)
            messages.success(request, text % {"n": count})
        else:
            messages.info(
                request, _("Nothing was renewed: none ends before this day, or the authorisation ends first.")
            )
        return redirect("vetoes:watches")


class Stop(_WatchView):
    permissions = (Permission.WATCH_PERSON,)
    template_name = "vetoes/watch_stop.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.about(self.watch()), **kwargs)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        watch = self.watch()
        attempt(
            request,
            lambda: actions.stop_watch(watch=watch, by=request.user),
            done=_("The continuous check has ended."),
        )
        return redirect("vetoes:watch", watch.code)
