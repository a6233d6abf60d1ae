"""Lists whose filters can be saved. The list's own address takes the acts, so a filter is checked by the list it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from archive.filters import actions
from archive.filters.models import SavedFilter
from profiles.common.exceptions import ActionRefused
from profiles.common.views import Listing, Request, attempt

WAYS = frozenset({"page", "per_page", "all", "csrfmiddlewaretoken"})  # of an address, not conditions


@dataclass(frozen=True)
class Offer:
    saved: SavedFilter
    url: str
    mine: bool
    current: bool


class SavedListing(Listing):
    """`never_saved`: filters that name one person. Kept under a name, and shared, they would watch a person from outside the
    one door to archives; so only conditions about kinds of rows are kept."""

    list_name: ClassVar[str]
    never_saved: ClassVar[frozenset[str]] = frozenset()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.GET:
            opening = SavedFilter.objects.owned_by(request.user, self.list_name).kept().filter(is_default=True).first()
            if opening is not None:
                return redirect(self._address(opening))
        return super().get(request, *args, **kwargs)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        acts = {
            "save": self._save,
            "rename": self._rename,
            "default": self._default,
            "delete": self._delete,
            "restore": self._restore,
        }
        act = acts.get(request.POST.get("act", ""))
        back = f"?{QueryDict(request.POST.get('query', '')).urlencode()}"
        if act is not None:
            saved = attempt(request, act)
            if isinstance(saved, SavedFilter) and saved.deleted_at is None and request.POST["act"] == "save":
                return redirect(self._address(saved))
        return redirect(request.path + (back if len(back) > 1 else "?all=1"))

    def _save(self) -> SavedFilter:
        post = self.request.POST
        typed = QueryDict(post.get("query", ""))
        query = {name: str(value) for name, value in typed.items() if value and name not in WAYS}
        known = {*self.filterset_class.base_filters, "sort"}
        if set(query) - known:
            raise ActionRefused(
                _("This address has conditions that the list does not know. Filter anew and save again.")
            )
        if set(query) & self.never_saved:
            raise ActionRefused(
                _(
                    "A filter by a person's name or record number is not kept: it would be a standing watch on one person."
                    " Take it out and save the rest."
                )
            )
        if not self.filterset_class(
            QueryDict(urlencode(query)), queryset=self.get_queryset(), request=self.request
        ).is_valid():
            raise ActionRefused(_("The filter has a mistake. Correct it and save again."))
        saved = actions.save_filter(
            list_name=self.list_name, name=post.get("name", ""), query=query,
            shared="shared" in post, is_default="is_default" in post, by=self.request.user,
        )  # fmt: skip
        messages.success(self.request, _("The filter “%(name)s” was saved.") % {"name": saved.name})
        return saved

    def _one(self, **condition: Any) -> SavedFilter:
        return get_object_or_404(
            SavedFilter.objects.filter(account=self.request.user, list_name=self.list_name, **condition),
            code=self.request.POST.get("filter", ""),
        )

    def _rename(self) -> SavedFilter:
        return actions.rename_filter(saved=self._one(), name=self.request.POST.get("name", ""), by=self.request.user)

    def _default(self) -> SavedFilter:
        return actions.make_default(saved=self._one(), on=self.request.POST.get("on") == "1", by=self.request.user)

    def _delete(self) -> SavedFilter:
        saved = actions.delete_filter(saved=self._one(), by=self.request.user)
        self.request.session["deleted_filter"] = saved.code
        return saved

    def _restore(self) -> SavedFilter:
        return actions.restore_filter(saved=self._one(), by=self.request.user)

    def _address(self, saved: SavedFilter) -> str:
        return f"{self.request.path}?{urlencode(saved.query)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        here = {name: value for name, value in self.request.GET.items() if value and name not in WAYS}
        offers = [
            Offer(saved, self._address(saved), saved.account_id == self.request.user.pk, saved.query == here)
            for saved in SavedFilter.objects.offered_to(self.request.user, self.list_name)
        ]
        deleted = self.request.session.pop("deleted_filter", None)
        context.update(
            offers=offers,
            reset_url=f"{self.request.path}?all=1",
            own_filters=[offer.saved for offer in offers if offer.mine],
            can_save=context["is_filtered"] and not any(offer.current and offer.mine for offer in offers),
            undo=SavedFilter.objects.filter(account=self.request.user, code=deleted).first() if deleted else None,
        )
        return context
