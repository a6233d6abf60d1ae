"""Names, numbers and archives that are one person's: what waits for a second person, and joining two archives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from archive.records import actions
from archive.records.models import Entry
from profiles.accounts.models import Account
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt
from profiles.people import actions as people
from profiles.people.forms import DeclineProposalForm, JoinForm, JoinProposalForm, UndoForm
from profiles.people.models import IdentityChange, IdentityDocument, Person, PersonMerge

WORK: tuple[Permission, ...] = (Permission.PROPOSE_IDENTITY, Permission.CONFIRM_IDENTITY)
LISTED = 100


class Worklist(GatedView):
    """What was proposed and waits, and what was decided lately."""

    permissions = WORK
    template_name = "records/identity.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = IdentityChange.objects.visible_to(self.request.user).select_related("person", "proposed_by")
        merges = PersonMerge.objects.visible_to(self.request.user).select_related("kept", "merged", "proposed_by")
        return super().get_context_data(
            changes=changes.waiting().order_by("proposed_at")[:LISTED],
            merges=merges.waiting().order_by("proposed_at")[:LISTED],
            decided_changes=changes.exclude(state="proposed")[:20],
            decided_merges=merges.exclude(state="proposed")[:20],
            **kwargs,
        )


class _ChangeView(GatedView):
    permissions: ClassVar[tuple[Permission, ...]] = WORK

    def change(self) -> IdentityChange:
        return get_object_or_404(
            IdentityChange.objects.visible_to(self.request.user).select_related(
                "person", "wrong", "organisation", "proposed_by", "carried_out_by", "declined_by"
            ),
            code=self.kwargs["code"],
        )


class ChangeDetail(_ChangeView):
    template_name = "records/identity_change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = self.change()
        return super().get_context_data(
            change=change, **_deciding(change, [change.person_id], self.request.user), **kwargs
        )


class ChangeConfirm(_ChangeView):
    permissions = (Permission.CONFIRM_IDENTITY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        change = self.change()
        attempt(
            request,
            lambda: actions.carry_out_change(change=change, by=request.user),
            done=_("It is carried out. The person is told."),
        )
        return redirect("records:identity_change", change.code)


class ChangeDecline(_ChangeView):
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        change = self.change()
        _decline(request, lambda reason: people.decline_change(change=change, reason=reason, by=request.user))
        return redirect("records:identity_change", change.code)


def _deciding(proposal: Any, person_ids: list[int], account: Account) -> dict[str, Any]:
    """Who may do what with a proposal that waits."""
    known = Person.objects.known_to(account, Permission.CONFIRM_IDENTITY).filter(pk__in=person_ids).count()
    own, may_decide = proposal.proposed_by_id == account.pk, known == len(set(person_ids))
    return {
        "own": own,
        "may_decide": may_decide,
        "may_confirm": proposal.is_open and may_decide and not own,
        "may_decline": proposal.is_open and (own or may_decide),
        "decline_form": DeclineProposalForm(),
    }


def _decline(request: Request, act: Any) -> None:
    form = DeclineProposalForm(request.POST)
    if form.is_valid():
        attempt(
            request, lambda: act(form.cleaned_data["reason"]), done=_("It is not carried out. Nothing has changed.")
        )
    else:
        messages.error(request, _("Say in a sentence why it is not carried out."))


@dataclass(frozen=True)
class Side:
    """One of two archives, as the page that compares them shows it."""

    person: Person
    former_names: list[Any]
    documents: list[IdentityDocument]
    memberships: list[Any]
    entries: int
    has_account: bool


def _side(person: Person, account: Account) -> Side:
    return Side(
        person=person,
        former_names=list(person.former_names.all()),
        documents=list(person.identities.live().newest_first()),
        memberships=list(person.memberships.shown_beside_names(account).select_related("organisation")),
        entries=Entry.objects.visible_to(account).filter(person=person).count(),
        has_account=Account.objects.filter(person=person).exists(),
    )


def _comparison(kept: Person, merged: Person, account: Account) -> dict[str, Any]:
    """What is the same and what differs, and facts that seem to be on file twice: of others' entries only how many."""
    sides = [_side(kept, account), _side(merged, account)]
    twice = Entry.objects.told_twice(kept.pk, merged.pk)
    readable = list(twice.visible_to(account).with_details()[:LISTED])
    return {
        "sides": sides,
        "same_name": kept.name == merged.name,
        "same_birth": kept.birth_date == merged.birth_date,
        "both_accounts": all(side.has_account for side in sides),
        "twice": readable,
        "twice_unseen": twice.count() - len(readable),
    }


class Namesakes(GatedView):
    """Perhaps one person: same name, same birth date, different numbers."""

    permissions = (Permission.PROPOSE_IDENTITY,)
    template_name = "records/namesakes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = Person.objects.known_to(self.request.user, Permission.PROPOSE_IDENTITY)
        found = list(
            known.perhaps_one().order_by("name", "birth_date", "pk").prefetch_related("identities")[: LISTED + 1]
        )
        others = Person.objects.prefetch_related("identities").in_bulk([person.other_id for person in found])
        pairs = [(person, others[person.other_id]) for person in found[:LISTED]]
        return super().get_context_data(pairs=pairs, more=len(found) > LISTED, listed=LISTED, **kwargs)


class Join(GatedView):
    """Two archives by their numbers, or a pair from the list; then side by side; then proposed. Numbers come by POST only."""

    permissions = (Permission.PROPOSE_IDENTITY,)
    template_name = "records/join.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": JoinForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if "one" in request.POST:
            return self._pair(
                request, self._known(request).filter(code__in=[request.POST["one"], request.POST.get("other")])
            )
        form = JoinForm(request.POST)
        if form.is_valid():
            numbers = {form.cleaned_data["first"].number, form.cleaned_data["second"].number}
            documents = IdentityDocument.objects.by_numbers(numbers)
            owners = {document.person_id for document in documents.values()}
            found = self._known(request).filter(pk__in=owners)
            if len(documents) == len(numbers) and len(owners) == len(found) == 1:
                form.add_error(None, _("Both numbers belong to one archive already."))
            elif len(found) < 2:
                form.add_error(
                    None,
                    _(
                        "At least one of the numbers is not that of a person of your body. Archives of several bodies are"
                        " joined by the credit office."
                    ),
                )
            else:
                return self._pair(request, found)
        return render(request, self.template_name, {"form": form}, status=422)

    def _known(self, request: Request) -> Any:
        return Person.objects.known_to(request.user, Permission.PROPOSE_IDENTITY)

    def _pair(self, request: Request, found: Any) -> HttpResponse:
        pair = sorted(found, key=lambda person: (not person.joined.live().exists(), person.pk))
        if len(pair) != 2:
            raise PermissionDenied
        kept, merged = pair
        form = JoinProposalForm(request.POST if "reason" in request.POST else None)
        if form.is_bound and form.is_valid():
            try:
                merge = people.propose_merge(kept=kept, merged=merged, by=request.user, **form.cleaned_data)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("Proposed. A second person decides on it."))
                return redirect("records:joining", merge.code)
        context = {"form": form, "kept": kept, "merged": merged, **_comparison(kept, merged, request.user)}
        return render(request, "records/join_check.html", context, status=422 if form.is_bound else 200)


class _JoiningView(GatedView):
    permissions: ClassVar[tuple[Permission, ...]] = WORK

    def merge(self) -> PersonMerge:
        return get_object_or_404(
            PersonMerge.objects.visible_to(self.request.user).select_related(
                "kept", "merged", "organisation", "proposed_by", "carried_out_by", "declined_by", "undone_by"
            ),
            code=self.kwargs["code"],
        )


class JoiningDetail(_JoiningView):
    template_name = "records/joining.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        merge, account = self.merge(), self.request.user
        deciding = _deciding(merge, [merge.kept_id, merge.merged_id], account)
        known = Person.objects.known_to(account, *WORK).filter(pk__in=[merge.kept_id, merge.merged_id]).count()
        return super().get_context_data(
            merge=merge,
            undo_form=UndoForm(),
            may_undo=merge.state == PersonMerge.State.CARRIED_OUT and deciding["may_decide"],
            **deciding,
            **(_comparison(merge.kept, merge.merged, account) if known == 2 else {}),
            **kwargs,
        )


class JoiningConfirm(_JoiningView):
    permissions = (Permission.CONFIRM_IDENTITY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        merge = self.merge()
        attempt(
            request,
            lambda: actions.carry_out_merge(merge=merge, by=request.user),
            done=_("The two archives are one person's. The person is told."),
        )
        return redirect("records:joining", merge.code)


class JoiningDecline(_JoiningView):
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        merge = self.merge()
        _decline(request, lambda reason: people.decline_merge(merge=merge, reason=reason, by=request.user))
        return redirect("records:joining", merge.code)


class JoiningUndo(_JoiningView):
    permissions = (Permission.CONFIRM_IDENTITY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        merge = self.merge()
        form = UndoForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.undo_merge(merge=merge, reason=form.cleaned_data["reason"], by=request.user),
                done=_("The two archives are parted again. Both are told."),
            )
        else:
            messages.error(request, _("Say in a sentence why they are not one person."))
        return redirect("records:joining", merge.code)
