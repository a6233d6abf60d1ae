"""The archive as its person sees it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.evidence.listing import evidence_context
from archive.notices.models import Notice
from archive.records import actions
from archive.records.forms import AnswerForm, StatementForm
from archive.records.models import Dispute, Entry, PersonStatement, Record
from archive.records.queries import DISPLAYED
from archive.records.story import change_rows, chapters, focus_of
from profiles.accounts.models import Account
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt
from profiles.people.models import IdentityDocument, Membership, Person


class MyArchive(GatedView):
    """The person's own archive: one time line of records, what each means, what waits for an answer."""

    permissions = (Permission.VIEW_ARCHIVE,)
    template_name = "records/my_archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.request.user
        return super().get_context_data(
            person=account.person,
            shown=_records_of(account),
            identities=IdentityDocument.objects.live().filter(person_id__in=account.person_ids).newest_first(),
            joined=Person.objects.filter(pk__in=account.person_ids - {account.person_id}),
            memberships=Membership.objects.filter(person_id__in=account.person_ids).select_related("organisation"),
            unread=Notice.objects.visible_to(account).unread().count(),
            **kwargs,
        )


def _records_of(account: Account) -> list[dict[str, Any]]:
    """The person's records, newest document first: what holds, what is planned, what was said before; sealed ones by date only."""
    today = timezone.localdate()
    families: dict[int, list[Entry]] = {}
    for entry in Entry.objects.visible_to(account).with_details().order_by("pk"):
        families.setdefault(entry.record_id, []).append(entry)
    notices = {
        notice.about_id: notice
        for notice in Notice.objects.visible_to(account).filter(kind=Notice.Kind.ENTRY_PROPOSED, about_type="entry")
    }
    statements = {row.record_id: row for row in PersonStatement.objects.filter(person__in=account.person_ids).current()}
    disputes = Dispute.objects.open_by_record(families)
    shown = []
    for entries in families.values():
        planned = next((entry for entry in entries if entry.is_undecided), None)
        holds = next((entry for entry in entries if entry.is_standing), None)
        entry = holds or focus_of(entries)
        told = chapters(entries)
        shown.append(
            {
                "entry": entry,
                "position": entries.index(entry) + 1,
                "sealed": next((row for row in entries if row.is_sealed), None),
                "displayed": DISPLAYED.holds(entry, today),
                "over": entry.is_standing and entry.display is not None and not DISPLAYED.holds(entry, today),
                "planned": next((row for row in told if row.entry is planned and planned is not entry), None),
                "notice": notices.get(planned.pk) if planned else None,
                "about": notices.get(entry.pk),
                "earlier": [row for row in told if row.entry is not entry and row.entry is not planned],
                "statement": statements.get(entry.record_id),
                "dispute": disputes.get(entry.record_id),
                "may_state": holds is not None,
                "may_opt_out": holds is not None and not holds.is_adverse,
            }
        )
    return sorted(shown, key=lambda row: (row["entry"].document_date, row["entry"].pk), reverse=True)


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
            "rows": change_rows(entry),
            "position": entry.record.entries.filter(pk__lte=entry.pk).count(),
            "late": entry.approvable_from is not None and timezone.localdate() >= entry.approvable_from,
            **evidence_context(entry, self.request.user),
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


class _MyRecord(GatedView):
    def record(self) -> tuple[Record, Entry]:
        """The person's record, and the entry that holds in it."""
        entries = Entry.objects.visible_to(self.request.user).standing().with_details()
        entry = get_object_or_404(entries, record__number=self.kwargs["number"])
        return entry.record, entry


class MyStatement(_MyRecord):
    """The own statement beside a record: written, rewritten, withdrawn."""

    permissions = (Permission.MAKE_STATEMENT,)
    template_name = "records/my_statement.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        record, _entry = self.record()
        current = PersonStatement.objects.filter(record=record).current().first()
        return self._page(StatementForm(initial={"text": current.text if current else ""}))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        record, _entry = self.record()
        if "withdraw" in request.POST:
            attempt(
                request,
                lambda: actions.withdraw_statement(about=record, by=request.user),
                done=_("The statement was withdrawn. Readers no longer see it."),
            )
            return redirect("records:my_archive")
        form = StatementForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.make_statement(about=record, text=form.cleaned_data["text"], by=request.user),
            done=_("Your statement stands beside the record from now on."),
        ):
            return redirect("records:my_archive")
        return self._page(form, status=422)

    def _page(self, form: StatementForm, *, status: int = 200) -> HttpResponse:
        record, entry = self.record()
        versions = list(PersonStatement.objects.filter(record=record))
        context = self.get_context_data(
            entry=entry, form=form, versions=versions, current=bool(versions and versions[0].text)
        )
        return self.render_to_response(context, status=status)


class MyOptOut(_MyRecord):
    """A positive entry is taken out: a page that says what it means, then the act."""

    permissions = (Permission.OPT_OUT,)
    template_name = "records/my_opt_out.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        _record, entry = self.record()
        if entry.is_adverse:
            raise Http404
        return super().get_context_data(entry=entry, **kwargs)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        _record, entry = self.record()
        attempt(
            request,
            lambda: actions.opt_out(entry=entry, by=request.user),
            done=_("The entry was taken out. It is shown to nobody any more."),
        )
        return redirect("records:my_archive")
