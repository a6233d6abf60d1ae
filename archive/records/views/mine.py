"""The archive as its person sees it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.notices.models import Notice
from archive.records import actions
from archive.records.forms import AnswerForm
from archive.records.models import Entry
from archive.records.queries import DISPLAYED
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt
from profiles.people.models import IdentityDocument, Membership, Person


class MyArchive(GatedView):
    """The person's own archive: one time line, what each entry means, what waits for an answer."""

    permissions = (Permission.VIEW_ARCHIVE,)
    template_name = "records/my_archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.request.user
        today = timezone.localdate()
        entries = list(Entry.objects.visible_to(account).with_details().order_by("-document_date", "-pk"))
        notices = {
            notice.about_id: notice
            for notice in Notice.objects.visible_to(account).filter(kind=Notice.Kind.ENTRY_PROPOSED, about_type="entry")
        }
        shown = [
            {
                "entry": entry,
                "displayed": DISPLAYED.holds(entry, today),
                "over": entry.state == Entry.State.IN_FORCE
                and entry.display is not None
                and not DISPLAYED.holds(entry, today),
                "notice": notices.get(entry.pk),
            }
            for entry in entries
        ]
        return super().get_context_data(
            person=account.person,
            identities=IdentityDocument.objects.live().filter(person_id__in=account.person_ids).newest_first(),
            joined=Person.objects.filter(pk__in=account.person_ids - {account.person_id}),
            memberships=Membership.objects.filter(person_id__in=account.person_ids).select_related("organisation"),
            shown=shown,
            unread=Notice.objects.visible_to(account).unread().count(),
            **kwargs,
        )


class MyEntry(GatedView):
    """One planned or recorded entry with the person's statements; answering while it is undecided."""

    permissions = (Permission.ANSWER_HEARING,)
    template_name = "records/my_entry.html"

    def _entry(self) -> Entry:
        notice = get_object_or_404(
            Notice.objects.visible_to(self.request.user), number=self.kwargs["number"], about_type="entry"
        )
        return get_object_or_404(Entry.objects.visible_to(self.request.user).with_details(), pk=notice.about_id)

    def _context(self, entry: Entry, form: AnswerForm) -> dict[str, Any]:
        return {
            "entry": entry,
            "form": form,
            "answers": entry.answers.all(),
            "undecided": entry.state in Entry.UNDECIDED,
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(self._entry(), AnswerForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self._entry()
        form = AnswerForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.answer(entry=entry, text=form.cleaned_data["text"], by=request.user),
            done=_("Your statement was handed in. The person who decides must read it."),
        ):
            return redirect("records:my_entry", self.kwargs["number"])
        return render(request, self.template_name, self._context(entry, form), status=422)
