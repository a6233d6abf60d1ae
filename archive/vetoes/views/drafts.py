"""Rules in the making: writing, compiling, rehearsing, proposing, approving."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.catalogue.models import Item, LegalBasis
from archive.vetoes import actions, tasks
from archive.vetoes.compiler import faults
from archive.vetoes.forms import ReasonForm
from archive.vetoes.loader import lookups
from archive.vetoes.models import RuleDraft, RuleVersion
from archive.vetoes.rehearsal import SMALLEST
from archive.vetoes.rule_forms import ApproveRuleForm, ProposeRuleForm, RuleFileForm, RuleSheet, whole
from archive.vetoes.tables import DraftFilter, DraftTable
from archive.vetoes.views.counts import picture
from profiles.common.bilingual import language_suffix
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt
from profiles.common.vocabulary import ANY_GROUP, Event, Group

OFFICERS = (Permission.DRAFT_RULE, Permission.APPROVE_RULE)


class DraftList(Listing):
    permissions = OFFICERS
    table_class = DraftTable
    filterset_class = DraftFilter
    template_name = "vetoes/drafts.html"
    title = gettext_lazy("Drafts of rules")
    lead = gettext_lazy("Written, compiled, rehearsed on the archive and on past checks, approved by a second person.")
    empty_title = gettext_lazy("No draft yet")
    empty_text = gettext_lazy("Write a rule, or draft the next version of one from its page.")

    def get_queryset(self) -> Any:
        return RuleDraft.objects.select_related("drafted_by", "approved_by")


class DraftNew(GatedView):
    """`?rule=V-TEA-1`: the next version of that rule."""

    permissions = (Permission.DRAFT_RULE,)
    template_name = "vetoes/draft_form.html"

    def _based_on(self) -> RuleVersion | None:
        code = self.request.GET.get("rule", "")
        return get_object_or_404(RuleVersion.objects.newest(), code=code) if code else None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        rule = self._based_on()
        sheet = RuleSheet(written=rule.as_written() if rule else None, fixed_code=rule is not None)
        return self.render_to_response({"sheet": sheet, "rule": rule, "file_form": RuleFileForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        rule = self._based_on()
        before = rule.as_written() if rule else None
        if "by_file" in request.POST:
            file_form = RuleFileForm(request.POST, request.FILES)
            sheet = RuleSheet(written=before, fixed_code=rule is not None)
            written = file_form.cleaned_data["file"] if file_form.is_valid() else None
        else:
            file_form, sheet = RuleFileForm(), RuleSheet(request.POST, written=before, fixed_code=rule is not None)
            written = sheet.written() if sheet.is_valid() else None
        if written is not None:
            draft = attempt(
                request,
                lambda: actions.draft_rule(written=written, based_on=_newest(written["code"], rule), by=request.user),
            )
            if draft is not None:
                return redirect("vetoes:draft", draft.code)
        return self.render_to_response({"sheet": sheet, "rule": rule, "file_form": file_form}, status=422)


def _newest(code: str, rule: RuleVersion | None) -> RuleVersion | None:
    """A file may bring the next version of the rule that it names."""
    return rule if rule is not None and rule.code == code else RuleVersion.objects.newest().filter(code=code).first()


class _DraftView(GatedView):
    permissions: ClassVar[tuple[Permission, ...]] = OFFICERS

    def draft(self) -> RuleDraft:
        people = ("drafted_by", "approved_by", "based_on", "version")
        return get_object_or_404(RuleDraft.objects.select_related(*people), code=self.kwargs["code"])

    def shown(self, draft: RuleDraft) -> dict[str, Any]:
        raw, short = draft.written, language_suffix()
        known = lookups()
        titles = LegalBasis.objects.in_bulk([basis.get("code", "") for basis in raw.get("bases", ())])
        items = {item.code: item for item in Item.objects.newest()}
        groups, events = {**dict(Group.choices), ANY_GROUP: _("all groups")}, dict(Event.choices)
        found = faults(raw, known)
        clauses = [
            {
                **clause,
                "items": [items.get(code) or code for code in clause.get("items", ())],
                "start": clause.get("from"),
            }
            for clause in raw.get("clause", ())
            if isinstance(clause, dict)
        ]
        rehearsal = draft.rehearsals.first()
        return {
            "draft": draft,
            "name": raw.get(f"name_{short}") or draft.rule_code,
            "effect_label": dict(RuleVersion.EffectChoice.choices).get(raw.get("effect", ""), "–"),
            "groups": [groups.get(code, code) for code in raw.get("groups", ())],
            "events": [events.get(code, code) for code in raw.get("events", ())],
            "bases": [
                (titles[basis["code"]], basis.get("articles", ""))
                for basis in raw.get("bases", ())
                if basis.get("code") in titles
            ],
            "clauses": [] if found else clauses,
            "faults": [whole(fault) for fault in found],
            "rehearsal": rehearsal,
            "is_stale": rehearsal is not None and rehearsal.text_sha256 != draft.fingerprint,
            "picture": picture(rehearsal.result) if rehearsal is not None and rehearsal.state == "done" else None,
            "smallest": SMALLEST,
            "own": draft.drafted_by_id == self.request.user.pk,
        }


class DraftDetail(_DraftView):
    """What is written, what the compiler says, what the rehearsal showed, what can be done next."""

    template_name = "vetoes/draft.html"

    def get_template_names(self) -> list[str]:
        return ["vetoes/draft_inner.html"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.shown(self.draft()), **kwargs)


class DraftEdit(_DraftView):
    permissions = (Permission.DRAFT_RULE,)
    template_name = "vetoes/draft_form.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        return self.render_to_response({"sheet": RuleSheet(written=draft.written, fixed_code=True), "draft": draft})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        sheet = RuleSheet(request.POST, written=draft.written, fixed_code=True)
        if sheet.is_valid() and attempt(
            request, lambda: actions.change_draft(draft=draft, written=sheet.written(), by=request.user)
        ):
            return redirect("vetoes:draft", draft.code)
        return self.render_to_response({"sheet": sheet, "draft": draft}, status=422)


class DraftRehearse(_DraftView):
    permissions = (Permission.DRAFT_RULE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        asked = attempt(request, lambda: actions.ask_for_rehearsal(draft=draft, by=request.user))
        if asked is not None:
            after_commit(tasks.run_rehearsal, asked.pk)
        return redirect("vetoes:draft", draft.code)


class DraftPropose(_DraftView):
    permissions = (Permission.DRAFT_RULE,)
    template_name = "vetoes/draft_propose.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({**self.shown(self.draft()), "form": ProposeRuleForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        form = ProposeRuleForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.propose_rule(draft=draft, by=request.user, **form.cleaned_data),
            done=_("The rule is proposed. A second person approves it."),
        ):
            return redirect("vetoes:draft", draft.code)
        return self.render_to_response({**self.shown(draft), "form": form}, status=422)


class DraftApprove(_DraftView):
    permissions = (Permission.APPROVE_RULE,)
    template_name = "vetoes/draft_approve.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        if draft.state != RuleDraft.State.PROPOSED:
            return redirect("vetoes:draft", draft.code)
        form = ApproveRuleForm(initial={"seen": draft.fingerprint})
        return self.render_to_response({**self.shown(draft), "form": form, "return_form": ReasonForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        form = ApproveRuleForm(request.POST)
        if not form.is_valid():
            return self.render_to_response({**self.shown(draft), "form": form, "return_form": ReasonForm()}, status=422)
        attempt(
            request,
            lambda: actions.approve_rule(draft=draft, seen=form.cleaned_data["seen"], by=request.user),
            done=_("Approved. From the day named the rule is the version in force."),
        )
        return redirect("vetoes:draft", draft.code)


class DraftReturn(_DraftView):
    permissions = (Permission.DRAFT_RULE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        attempt(
            request,
            lambda: actions.return_draft(draft=draft, reason=request.POST.get("reason", ""), by=request.user),
            done=_("The draft was given back."),
        )
        return redirect("vetoes:draft", draft.code)


class DraftDrop(_DraftView):
    permissions = (Permission.DRAFT_RULE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        attempt(
            request,
            lambda: actions.drop_draft(draft=draft, by=request.user),
            done=_("The draft was dropped. Nothing has changed."),
        )
        return redirect("vetoes:draft", draft.code)
