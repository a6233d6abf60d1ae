"""Having persons watched: first what will happen and who is left out, then the act; a list's course."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.vetoes import actions, enrolment, tasks
from archive.vetoes.models import Answer, Check, Watch, WatchOrder
from archive.vetoes.watch_forms import WatchForm
from profiles.common.exceptions import ActionRefused
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt


def left_out(counts: dict[str, int]) -> list[tuple[Any, int]]:
    labels = dict(WatchOrder.LeftOut.choices)
    return [(labels[reason], counts[reason]) for reason in WatchOrder.LeftOut.values if counts.get(reason)]


class _Enrol(ABC, GatedView):
    permissions = (Permission.WATCH_PERSON,)
    template_name = "vetoes/watch_enrol.html"

    @abstractmethod
    def asked(self) -> tuple[Check, Answer | None]:
        """The check, and the answer if it is about one person."""

    @abstractmethod
    def back(self) -> Any:
        """Where the page came from, as `redirect` takes it."""

    @abstractmethod
    def act(self, **values: Any) -> WatchOrder:
        """Order it."""

    def _page(self, form: WatchForm, *, confirm: bool = False, status: int = 200) -> HttpResponse:
        asked, answer = self.asked()
        try:
            found, refusal = enrolment.eligible(asked, answer=answer, day=timezone.localdate()), ""
        except ActionRefused as refused:
            found, refusal = enrolment.Eligible(), str(refused.message)
        context = {
            "asked": asked,
            "answer": answer,
            "form": form,
            "confirm": confirm,
            "count": len(found.by_key),
            "left_out": left_out(found.left_out),
            "refusal": refusal,
            "back": redirect(*self.back()).url,
        }
        return self.render_to_response(context, status=status)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked, _answer = self.asked()
        return self._page(WatchForm(initial={"matter_number": asked.matter_number}))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WatchForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        if "confirmed" not in request.POST:
            return self._page(form, confirm=True)
        order = attempt(request, lambda: self.act(**form.cleaned_data, by=request.user))
        if order is None:
            return self._page(form, status=422)
        return redirect("vetoes:watch_order", order.code)


class WatchAnswer(_Enrol):
    """The person of one answer."""

    def asked(self) -> tuple[Check, Answer | None]:
        answers = Answer.objects.visible_to(self.request.user).select_related(
            "check_asked__organisation", "organisation"
        )
        answer = get_object_or_404(answers, code=self.kwargs["code"])
        return answer.check_asked, answer

    def back(self) -> Any:
        return "vetoes:answer", self.kwargs["code"]

    def act(self, **values: Any) -> WatchOrder:
        _asked, answer = self.asked()
        assert answer is not None
        return actions.watch_answer(answer=answer, **values)


class WatchList(_Enrol):
    """All eligible persons of an answered list."""

    def asked(self) -> tuple[Check, Answer | None]:
        checks = Check.objects.visible_to(self.request.user).exclude(known_at=None).select_related("organisation")
        return get_object_or_404(checks, code=self.kwargs["code"]), None

    def back(self) -> Any:
        return "vetoes:check", self.kwargs["code"]

    def act(self, **values: Any) -> WatchOrder:
        order = actions.watch_list(asked=self.asked()[0], **values)
        after_commit(tasks.enrol_watches, order.pk)
        return order


class OrderDetail(GatedView):
    """What came of it: how many are watched, until when, who was left out and why."""

    permissions = (Permission.VIEW_CHECK,)

    def get_template_names(self) -> list[str]:
        return ["vetoes/watch_order_body.html" if self.request.htmx else "vetoes/watch_order.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        orders = WatchOrder.objects.visible_to(self.request.user)
        order = get_object_or_404(orders.select_related("check_asked", "answer", "account"), code=self.kwargs["code"])
        one = Watch.objects.filter(order_id=order.pk).first() if order.answer_id and order.enrolled else None
        return super().get_context_data(
            order=order,
            one=one,
            left_out=left_out(order.left_out),
            title=_("Continuous check ordered"),
            **kwargs,
        )
