"""One table: role × address × status. An address that is missing from it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from profiles.accounts.permissions import Role
from tests import factories as f
from tests.architecture.things import (
    adoption,
    dispute,
    draft,
    entry,
    evidence_of,
    last_year,
    programme,
    revocation,
    rule_draft,
    sample,
    standing,
    watch_order,
)
from tests.world import World, sign_in

R = Role
STAFF = frozenset(role for role in Role if role != Role.PERSON)
EVERYBODY = frozenset(Role)
SOURCE = frozenset({R.CLERK, R.APPROVER})
OFFICE = frozenset({R.CREDIT_OFFICER})
ADOPTING = OFFICE | {R.EXAMINER}
PROPOSING, CONFIRMING, NAMING = OFFICE | {R.CLERK}, OFFICE | {R.APPROVER}, OFFICE | SOURCE


@dataclass(frozen=True)
class Row:
    """`roles` may; signed-in others get 403; the same role of another body gets `foreign`; anonymous is sent to sign in."""

    name: str
    roles: frozenset[Role] = EVERYBODY
    args: Callable[[World], list[Any]] = lambda world: []
    method: str = "get"
    ok: tuple[int, ...] = (200,)
    foreign: int | None = None
    public: bool = False
    elsewhere: frozenset[Role] = frozenset()  # roles that may do this, but never to an object of this kind of body
    machine: bool = False  # no session helps: without an organisation key 401 for everybody
    everywhere: frozenset[Role] = frozenset()  # roles that may do this to an object of any body


def only(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


TABLE = [
    Row("healthz", public=True),
    Row("set_language", public=True, method="post", ok=(302, 204)),
    Row("large_type", public=True, method="post", ok=(302,)),
    # sign-in
    Row("account_login", public=True, ok=(200, 302)),
    Row("account_signup", public=True, ok=(200, 302)),
    Row("account_inactive", public=True),
    Row("account_logout", public=True, ok=(200, 302)),
    Row("account_reauthenticate", ok=(200, 302)),
    Row("account_change_password"),
    Row("account_set_password", ok=(302,)),
    Row("account_reset_password", public=True, ok=(200, 302)),
    Row("account_reset_password_done", public=True),
    Row("account_reset_password_from_key", public=True, args=lambda world: ["1", "no-such-key"]),
    Row("account_reset_password_from_key_done", public=True),
    Row("mfa_index"),
    Row("mfa_authenticate", public=True, ok=(302,)),
    Row("mfa_reauthenticate", ok=(200, 302)),
    Row("mfa_reauthenticate_webauthn", ok=(200, 302)),
    Row("mfa_activate_totp", ok=(200, 302)),
    Row("mfa_deactivate_totp", ok=(302, 404)),
    Row("mfa_view_recovery_codes", ok=(302, 404)),
    Row("mfa_generate_recovery_codes", ok=(200, 302)),
    Row("mfa_download_recovery_codes", ok=(302, 404)),
    Row("mfa_list_webauthn"),
    Row("mfa_add_webauthn", ok=(200, 302)),
    Row("mfa_edit_webauthn", args=lambda world: [10**6], ok=(302, 404)),
    Row("mfa_remove_webauthn", args=lambda world: [10**6], ok=(302, 404)),
    Row("activate", public=True),
    # administration
    Row("staff:list", only(R.SYSTEM_ADMIN, R.SECURITY_ADMIN)),
    Row("staff:new", only(R.SYSTEM_ADMIN)),
    Row("staff:new", only(R.SYSTEM_ADMIN), method="post", ok=(422,)),
    Row("staff:roles", only(R.SECURITY_ADMIN)),
    Row("staff:detail", only(R.SYSTEM_ADMIN, R.SECURITY_ADMIN), lambda w: [w.accounts[R.CLERK].username]),
    Row("staff:leave", only(R.SYSTEM_ADMIN), lambda w: [w.accounts[R.CLERK].username], "post", (302,)),
    Row("staff:grant", only(R.SECURITY_ADMIN), lambda w: [w.accounts[R.CLERK].username], "post", (302,)),
    Row("staff:revoke", only(R.SECURITY_ADMIN), lambda w: [w.accounts[R.CLERK].username, "clerk"], "post", (302,)),
    Row("organisations:list", only(R.SYSTEM_ADMIN)),
    Row("organisations:new", only(R.SYSTEM_ADMIN)),
    Row("organisations:detail", only(R.SYSTEM_ADMIN), lambda w: [w.school.code]),
    Row("organisations:change", only(R.SYSTEM_ADMIN), lambda w: [w.school.code]),
    Row("organisations:competence", only(R.SYSTEM_ADMIN), lambda w: [w.school.code]),
    Row("organisations:sign_in_rules", only(R.SECURITY_ADMIN)),
    Row("organisations:sign_in_rule", only(R.SECURITY_ADMIN), lambda w: [w.school.code]),
    # audit
    Row("audit:trail", only(R.AUDITOR)),
    Row("audit:verify", only(R.AUDITOR), method="post"),
    Row("audit:export", only(R.AUDITOR)),
    Row("audit:checkpoint", only(R.AUDITOR)),
    Row("audit:verifier", only(R.AUDITOR)),
    Row("audit:key", only(R.AUDITOR)),
    Row("access:register", only(R.AUDITOR)),
    Row("access:samples", only(R.AUDITOR)),
    Row("access:draw_sample", only(R.AUDITOR)),
    Row("access:draw_sample", only(R.AUDITOR), method="post", ok=(422,)),
    Row("access:sample", only(R.AUDITOR), sample),
    Row("access:judge_line", only(R.AUDITOR), lambda w: [*sample(w), 1], "post", (302,)),
    # desk and public pages
    Row("desk:home", ok=(200, 302)),
    Row("desk:calendar", public=True),
    Row("desk:calendar_year", args=lambda world: [2026], public=True),
    Row("desk:gallery", public=True),
    Row("catalogue:items", public=True),
    Row("catalogue:item", args=lambda world: ["STU-04"], public=True),
    Row("vetoes:rules", public=True),
    Row("vetoes:rule", args=lambda world: ["V-TEA-1"], public=True),
    Row("vetoes:rule_version", args=lambda world: ["V-TEA-1", 1], public=True),
    Row("vetoes:adopt", ADOPTING, lambda world: ["V-GEN-05-ACCESS"]),
    Row("vetoes:adopt", ADOPTING, lambda world: ["V-GEN-05-ACCESS"], "post", (422,)),
    Row("vetoes:adoptions", ADOPTING),
    Row("vetoes:adoption", ADOPTING, adoption, foreign=404, everywhere=OFFICE),
    Row("vetoes:adoption_document", ADOPTING, adoption, foreign=404, everywhere=OFFICE),
    Row("vetoes:adoption_approve", OFFICE, adoption, "post", (302,)),
    Row("vetoes:adoption_decline", OFFICE, adoption, "post", (302,)),
    Row("vetoes:adoption_end", ADOPTING, adoption, "post", (302,), foreign=404, everywhere=OFFICE),
    Row("vetoes:drafts", OFFICE),
    Row("vetoes:draft_new", OFFICE),
    Row("vetoes:draft_new", OFFICE, method="post", ok=(422,)),
    Row("vetoes:draft", OFFICE, rule_draft),
    Row("vetoes:draft_edit", OFFICE, rule_draft),
    Row("vetoes:draft_edit", OFFICE, rule_draft, "post", (422,)),
    Row("vetoes:draft_rehearse", OFFICE, rule_draft, "post", (302,)),
    Row("vetoes:draft_propose", OFFICE, rule_draft),
    Row("vetoes:draft_propose", OFFICE, rule_draft, "post", (422,)),
    Row("vetoes:draft_approve", OFFICE, lambda w: [f.RuleDraftFactory(proposed=True).code]),
    Row("vetoes:draft_approve", OFFICE, lambda w: [f.RuleDraftFactory(proposed=True).code], "post", (422,)),
    Row("vetoes:draft_return", OFFICE, rule_draft, "post", (302,)),
    Row("vetoes:draft_drop", OFFICE, rule_draft, "post", (302,)),
    Row("reports:verify", public=True),
    Row("reports:linked_file", args=lambda world: ["0000-0000-0000-0000"], public=True, ok=(404,)),
    Row("reports:verify_file", public=True, method="post", ok=(422,)),
    Row("reports:key", public=True),
    Row("reports:verified", args=lambda world: ["0000-0000-0000-0000"], public=True, ok=(404,)),
    # people of a body
    Row("people:members", SOURCE),
    Row("people:enrol", only(R.CLERK)),
    Row("people:enrol", only(R.CLERK), method="post", ok=(422,)),
    Row(
        "people:leave",
        only(R.CLERK),
        lambda w: [f.MembershipFactory(organisation=w.school).person.code, "STU"],
        foreign=404,
    ),
    # names, numbers, archives of one person
    Row("people:person", NAMING, lambda w: [w.member().code], foreign=404, everywhere=OFFICE),
    Row("people:propose_name", PROPOSING, lambda w: [w.member().code], foreign=404, everywhere=OFFICE),
    Row("people:propose_number", PROPOSING, lambda w: [w.member().code], foreign=404, everywhere=OFFICE),
    Row("people:propose_correction", PROPOSING, lambda w: [w.member().code], "post", (422,), 404, everywhere=OFFICE),
    Row("records:identity", NAMING),
    Row("records:namesakes", PROPOSING),
    Row("records:join", PROPOSING),
    Row("records:join", PROPOSING, method="post", ok=(422,)),
    Row("records:identity_change", NAMING, lambda w: [w.change().code], foreign=404, everywhere=OFFICE),
    Row("records:identity_confirm", CONFIRMING, lambda w: [w.change().code], "post", (302,), 404, everywhere=OFFICE),
    Row("records:identity_decline", NAMING, lambda w: [w.change().code], "post", (302,), 404, everywhere=OFFICE),
    Row("records:joining", NAMING, lambda w: [w.merge().code], foreign=404, everywhere=OFFICE),
    Row("records:joining_confirm", CONFIRMING, lambda w: [w.merge().code], "post", (302,), 404, everywhere=OFFICE),
    Row("records:joining_decline", NAMING, lambda w: [w.merge().code], "post", (302,), 404, everywhere=OFFICE),
    Row("records:joining_undo", CONFIRMING, lambda w: [w.merge().code], "post", (302,), 404, everywhere=OFFICE),
    # files and entries
    Row("records:batches", SOURCE),
    Row("records:batches", SOURCE, method="post", ok=(302,)),
    Row("records:upload", only(R.CLERK)),
    Row("records:upload", only(R.CLERK), method="post", ok=(422,)),
    Row("records:batch", SOURCE, lambda w: [w.batch().code], foreign=404),
    Row("records:template", only(R.CLERK), lambda w: ["discipline"]),
    Row("records:columns", only(R.CLERK), lambda w: [w.batch(asking=True).code], foreign=404),
    Row("records:columns", only(R.CLERK), lambda w: [w.batch(asking=True).code], "post", (422,), 404),
    Row("records:forget_column", only(R.CLERK), lambda w: [w.batch().code, w.memory().pk], "post", (302,), 404),
    Row("records:fix", only(R.CLERK), lambda w: [w.batch().code], ok=(302,), foreign=404),
    Row("records:fix", only(R.CLERK), lambda w: [w.batch().code], "post", (302,), 404),
    Row("records:fix_file", only(R.CLERK), lambda w: [w.batch().code], ok=(302,), foreign=404),
    Row("records:source", only(R.CLERK), lambda w: [w.batch().code], ok=(302,), foreign=404),
    Row("records:confirm", only(R.CLERK), lambda w: [w.batch(counts={"new": 1}).code], foreign=404),
    Row("records:confirm", only(R.CLERK), lambda w: [w.batch().code], "post", (302,), 404),
    Row("records:hold", only(R.CLERK), lambda w: [w.batch().code], "post", (302,), 404),
    Row("records:retry", only(R.CLERK), lambda w: [w.batch().code], "post", (302,), 404),
    Row("records:reverse", only(R.CLERK), lambda w: [w.batch().code], ok=(302,), foreign=404),
    Row("records:reverse", only(R.CLERK), lambda w: [w.batch().code], "post", (422,), 404),
    Row("records:cancel", only(R.CLERK), lambda w: [w.batch().code], "post", (302,), 404),
    Row("records:letters", only(R.CLERK), lambda w: [w.batch().code], "post", (200,), 404),
    Row("records:service", only(R.CLERK), lambda w: [w.batch().code], "post", (302,), 404),
    Row("records:entries", SOURCE),
    Row("records:entries", SOURCE, method="post", ok=(302,)),
    Row("records:approve", only(R.APPROVER), method="post", ok=(302,)),
    Row("records:serve_chosen", only(R.CLERK), method="post", ok=(302,)),
    Row("records:approvals", SOURCE),
    Row("records:approval", SOURCE, lambda w: [w.approval().code], foreign=404),
    Row("records:approval_confirm", only(R.APPROVER), lambda w: [w.approval().code], "post", (302,), 404),
    Row("records:approval_cancel", only(R.APPROVER), lambda w: [w.approval().code], "post", (302,), 404),
    Row("records:entry", SOURCE, entry, foreign=404),
    Row("records:entry_letter", only(R.CLERK), entry, "post", (200,), 404),
    Row("records:entry_service", only(R.CLERK), entry, "post", (302,), 404),
    Row("records:entry_read", only(R.APPROVER), entry, "post", (302,), 404),
    Row("records:entry_decline", only(R.APPROVER), entry, "post", (302,), 404),
    Row("records:entry_reveal", SOURCE, entry, "post", (302,), 404, elsewhere=only(R.EXAMINER)),
    Row("records:entry_withdraw", only(R.CLERK), entry, "post", (302,), 404),
    Row("records:change", only(R.CLERK), lambda w: [*standing(w), "correction"], foreign=404),
    Row("records:change", only(R.CLERK), lambda w: [*standing(w), "void"], "post", (422,), 404),
    Row("records:why", only(R.CLERK, R.APPROVER, R.PERSON), lambda w: [*standing(w), 1, "display"], foreign=404),
    Row("records:dispute_new", only(R.CLERK), standing, foreign=404),
    Row("records:dispute_new", only(R.CLERK), standing, "post", (422,), 404),
    Row("records:disputes", SOURCE),
    Row("records:dispute", SOURCE, dispute, foreign=404),
    Row("records:dispute_settle", only(R.APPROVER), dispute, foreign=404),
    Row("records:dispute_settle", only(R.APPROVER), dispute, "post", (422,), 404),
    Row("records:revocations", SOURCE),
    Row("records:revocation_new", only(R.CLERK)),
    Row("records:revocation_new", only(R.CLERK), method="post", ok=(422,)),
    Row("records:revocation", SOURCE, revocation, foreign=404),
    Row("records:revocation_why", SOURCE, revocation, foreign=404),
    Row("records:revocation_confirm", only(R.APPROVER), revocation, "post", (302,), 404),
    Row("records:revocation_drop", only(R.CLERK), revocation, "post", (302,), 404),
    Row("records:new", only(R.CLERK)),
    Row("records:new_fact", only(R.CLERK), lambda w: ["discipline"]),
    Row("records:new_fact", only(R.CLERK), lambda w: ["discipline"], "post", (422,)),
    Row("records:draft", only(R.CLERK), draft, foreign=404),
    Row("records:draft_check", only(R.CLERK), draft, ok=(302,), foreign=404),
    Row("records:draft_discard", only(R.CLERK), draft, "post", (302,), 404),
    Row("records:recorded", only(R.CLERK), entry, foreign=404),
    Row("records:add_evidence", only(R.CLERK), entry, foreign=404),
    Row("records:add_evidence", only(R.CLERK), entry, "post", (422,), 404),
    Row("records:withdraw_evidence", only(R.CLERK), lambda w: evidence_of(w, prove=True), "post", (302,), 404),
    Row("evidence:file", SOURCE | only(R.PERSON), evidence_of, foreign=404),
    # checks
    Row("vetoes:checks", only(R.EXAMINER)),
    Row("vetoes:check_person", only(R.EXAMINER)),
    Row("vetoes:check_person", only(R.EXAMINER), method="post", ok=(422,)),
    Row("vetoes:check_list", only(R.EXAMINER)),
    Row("vetoes:check", only(R.EXAMINER), lambda w: [w.list_check().code], foreign=404),
    Row("vetoes:confirm", only(R.EXAMINER), lambda w: [w.list_check().code], "post", (302,), 404),
    Row("vetoes:cancel", only(R.EXAMINER), lambda w: [w.list_check().code], "post", (302,), 404),
    Row("vetoes:answer", only(R.EXAMINER), lambda w: [w.answer().code], foreign=404),
    Row("vetoes:decide", only(R.EXAMINER), lambda w: [w.answer().code], "post", (302,), 404),
    Row("vetoes:answer_reveal", only(R.EXAMINER), lambda w: [w.answer().code], "post", (302,), 404, elsewhere=SOURCE),
    Row("vetoes:slip", only(R.EXAMINER), lambda w: [w.decided().code], foreign=404),
    Row("vetoes:slip_letter", only(R.EXAMINER), lambda w: [w.decided().code], "post", foreign=404),
    Row("vetoes:slip_handed", only(R.EXAMINER), lambda w: [w.decided().code], "post", (302,), 404),
    Row("vetoes:proposal_letter", only(R.EXAMINER), lambda w: [w.proposed().code], "post", (200,), 404),
    Row("vetoes:proposal_served", only(R.EXAMINER), lambda w: [w.proposed().code], "post", (302,), 404),
    Row("vetoes:statements_read", only(R.EXAMINER), lambda w: [w.proposed().code], "post", (302,), 404),
    Row("vetoes:result", only(R.EXAMINER), lambda w: [w.list_check().code], ok=(302,), foreign=404),
    Row("vetoes:result", only(R.EXAMINER), lambda w: [w.list_check().code], "post", (302,), 404),
    Row("vetoes:proof", only(R.EXAMINER), lambda w: [w.answer().check_asked.code], "post", foreign=404),
    Row("vetoes:contests", only(R.EXAMINER)),
    Row("vetoes:review", only(R.EXAMINER), lambda w: [w.contested().code], foreign=404),
    Row("vetoes:review", only(R.EXAMINER), lambda w: [w.contested().code], "post", (422,), 404),
    # review programmes
    Row("vetoes:programmes", only(R.EXAMINER)),
    Row("vetoes:programme_new", only(R.EXAMINER)),
    Row("vetoes:programme_new", only(R.EXAMINER), method="post", ok=(422,)),
    Row("vetoes:programme", only(R.EXAMINER), programme, foreign=404),
    Row("vetoes:programme_print", only(R.EXAMINER), programme, foreign=404),
    Row("vetoes:applicant_add", only(R.EXAMINER), programme, foreign=404),
    Row("vetoes:applicant_add", only(R.EXAMINER), programme, "post", (422,), 404),
    Row("vetoes:applicant_upload", only(R.EXAMINER), programme, foreign=404),
    Row("vetoes:applicant_upload", only(R.EXAMINER), programme, "post", (422,), 404),
    Row("vetoes:take_over", only(R.EXAMINER), programme, foreign=404),
    Row("vetoes:take_over", only(R.EXAMINER), programme, "post", (404,), 404),
    Row("vetoes:recheck", only(R.EXAMINER), programme, foreign=404),
    Row("vetoes:recheck", only(R.EXAMINER), programme, "post", (302,), 404),
    Row("vetoes:approve_ready", only(R.EXAMINER), programme, foreign=404),
    Row("vetoes:approve_ready", only(R.EXAMINER), programme, "post", (302,), 404),
    Row("vetoes:applicant", only(R.EXAMINER), lambda w: [w.applicant().code], foreign=404),
    Row("vetoes:applicant_decide", only(R.EXAMINER), lambda w: [w.applicant().code], "post", (302,), 404),
    Row("vetoes:applicant_check", only(R.EXAMINER), lambda w: [w.applicant().code], "post", (302,), 404),
    # the person's own
    Row("records:my_archive", only(R.PERSON)),
    Row("records:my_entry", only(R.PERSON), lambda w: [w.notice().number], foreign=404),
    Row("records:my_entry", only(R.PERSON), lambda w: [w.notice().number], "post", (422,), 404),
    Row("records:my_statement", only(R.PERSON), standing, foreign=404),
    Row("records:my_statement", only(R.PERSON), standing, "post", (422,), 404),
    Row("records:my_opt_out", only(R.PERSON), lambda w: [w.honour().record.number], foreign=404),
    Row("records:my_opt_out", only(R.PERSON), lambda w: [w.honour().record.number], "post", (302,), 404),
    Row("notices:mine", only(R.PERSON)),
    Row("notices:notice", only(R.PERSON), lambda w: [w.notice().number], foreign=404),
    Row("access:my_queries", only(R.PERSON)),
    Row("access:my_authorisations", only(R.PERSON)),
    Row("access:authorise", only(R.PERSON)),
    Row(
        "access:withdraw",
        only(R.PERSON),
        lambda w: [f.AuthorisationFactory(person=w.person).code],
        "post",
        (302,),
        404,
    ),
    Row("pledges:mine", only(R.PERSON)),
    Row("pledges:sign", only(R.PERSON), lambda w: ["APPLY-GENERAL"]),
    Row("pledges:signed", only(R.PERSON), lambda w: [w.pledge().number], foreign=404),
    Row("pledges:pdf", only(R.PERSON), lambda w: [w.pledge().number], foreign=404),
    Row("reports:for_body", only(R.EXAMINER), lambda w: [w.answer().code], foreign=404),
    Row("reports:for_body", only(R.EXAMINER), lambda w: [w.answer().code], "post", (302,), 404),
    Row("reports:for_body_pdf", only(R.EXAMINER), lambda w: [w.body_report().number], ok=(302,), foreign=404),
    Row("reports:bundles", only(R.EXAMINER), lambda w: [w.answered_list().code], foreign=404),
    Row("reports:bundles", only(R.EXAMINER), lambda w: [w.answered_list().code], "post", (422,), 404),
    Row("reports:bundle", only(R.EXAMINER), lambda w: [w.bundle().code], foreign=404),
    Row("reports:bundle_file", only(R.EXAMINER), lambda w: [w.bundle().code], ok=(302,), foreign=404),
    Row("reports:bundle_cancel", only(R.EXAMINER), lambda w: [w.bundle().code], "post", (302,), 404),
    Row("reports:bundle_resume", only(R.EXAMINER), lambda w: [w.bundle().code], "post", (302,), 404),
    Row("reports:bundle_pack", only(R.EXAMINER), lambda w: [w.bundle().code], "post", (302,), 404),
    Row("reports:changed", only(R.EXAMINER)),
    Row("reports:changed_seen", only(R.EXAMINER), method="post", ok=(302,)),
    Row("reports:mine", only(R.PERSON)),
    Row("reports:report", only(R.PERSON), lambda w: [w.report(issued=False).number], foreign=404),
    Row("reports:pdf", only(R.PERSON), lambda w: [w.report().number], foreign=404),
    Row("reports:end", only(R.PERSON), lambda w: [w.report(issued=False).number], foreign=404),
    Row("reports:end", only(R.PERSON), lambda w: [w.report(issued=False).number], "post", (302,), 404),
    Row("reports:validity", only(R.PERSON), lambda w: [w.report(issued=False).number], "post", (302,), 404),
    Row("reports:renew", only(R.PERSON), lambda w: [w.report(issued=False).number], "post", (302,), 404),
    Row("reports:link", only(R.PERSON), lambda w: [w.report().number], foreign=404),
    Row("reports:link", only(R.PERSON), lambda w: [w.report().number], "post", (422,), 404),
    Row(
        "reports:end_link",
        only(R.PERSON),
        lambda w: [(link := f.ReportLinkFactory(report=w.report())).report.number, link.verification_code],
        "post",
        (302,),
        404,
    ),
    Row("reports:certificates", only(R.PERSON)),
    Row("reports:certificates", only(R.PERSON), method="post", ok=(422,)),
    Row("reports:certificate", only(R.PERSON), lambda w: [w.certificate().number], foreign=404),
    Row("reports:certificate_pdf", only(R.PERSON), lambda w: [w.certificate().number], foreign=404),
    Row("reports:certificate_end", only(R.PERSON), lambda w: [w.certificate().number], "post", (302,), 404),
    Row("vetoes:my_decision", only(R.PERSON), lambda w: [w.told_of(w.proposed(w.barred_self()))], foreign=404),
    Row("vetoes:my_decision", only(R.PERSON), lambda w: [w.told_of(w.proposed(w.barred_self()))], "post", (422,), 404),
    Row("vetoes:my_waiver", only(R.PERSON), lambda w: [w.told_of(w.proposed(w.barred_self()))], foreign=404),
    Row("vetoes:my_waiver", only(R.PERSON), lambda w: [w.told_of(w.proposed(w.barred_self()))], "post", (302,), 404),
    Row("vetoes:my_contest", only(R.PERSON), lambda w: [w.told_of(w.decided(w.barred_self()))], foreign=404),
    Row("vetoes:my_contest", only(R.PERSON), lambda w: [w.told_of(w.decided(w.barred_self()))], "post", (422,), 404),
    Row("vetoes:my_slip", only(R.PERSON), lambda w: [w.notice().number], ok=(404,), foreign=404),
]

MACHINES = [
    # the interface: with a key, whoever is signed in; without one nobody
    Row("keys:description", public=True),
    Row("api:openapi-json", public=True),
    Row("api:api-root", public=True, ok=(404,)),
    Row("api:check_person", machine=True, method="post"),
    Row("api:read_answer", args=lambda w: ["A-000000000000"], machine=True),
    Row("api:check_list", machine=True, method="post"),
    Row("api:read_list", args=lambda w: ["C-000000000000"], machine=True),
    Row("api:read_answers", args=lambda w: ["C-000000000000"], machine=True),
    # its keys
    Row("keys:keys", only(R.SYSTEM_ADMIN)),
    Row("keys:new", only(R.SYSTEM_ADMIN)),
    Row("keys:new", only(R.SYSTEM_ADMIN), method="post", ok=(422,)),
    Row("keys:key", only(R.SYSTEM_ADMIN), lambda w: [f.ApiKeyFactory().code]),
    Row("keys:revoke", only(R.SYSTEM_ADMIN), lambda w: [f.ApiKeyFactory().code], "post", (302,)),
]

DUTIES = [
    # duties of source bodies, changes of law
    Row("oversight:statements", SOURCE),
    Row("oversight:statement", SOURCE, lambda w: [last_year()]),
    Row("oversight:statement", SOURCE, lambda w: [last_year()], "post", (422,)),
    Row(
        "oversight:signed",
        SOURCE,
        lambda w: [f.AttestationFactory(organisation=w.school, signed_by=w.accounts[R.CLERK]).number],
        foreign=404,
    ),
    Row("oversight:bodies", only(R.CREDIT_OFFICER)),
    Row("oversight:remind", only(R.CREDIT_OFFICER)),
    Row("oversight:remind", only(R.CREDIT_OFFICER), method="post", ok=(302,)),
    Row("oversight:changes", only(R.CREDIT_OFFICER)),
    Row("oversight:propose", only(R.CREDIT_OFFICER)),
    Row("oversight:propose", only(R.CREDIT_OFFICER), method="post", ok=(422,)),
    Row("oversight:change", only(R.CREDIT_OFFICER), lambda w: [f.LawChangeFactory().code]),
    Row("oversight:approve", only(R.CREDIT_OFFICER), lambda w: [f.LawChangeFactory().code]),
    Row("oversight:approve", only(R.CREDIT_OFFICER), lambda w: [f.LawChangeFactory().code], "post", (422,)),
    Row("oversight:drop", only(R.CREDIT_OFFICER), lambda w: [f.LawChangeFactory().code], "post", (302,)),
    Row("oversight:resume", only(R.CREDIT_OFFICER), lambda w: [f.LawChangeFactory().code], "post", (302,)),
]

WATCHES = [
    # continuous checks, recalls
    Row("vetoes:watch_answer", only(R.EXAMINER), lambda w: [w.answer().code], foreign=404),
    Row("vetoes:watch_answer", only(R.EXAMINER), lambda w: [w.answer().code], "post", (422,), 404),
    Row("vetoes:watch_list", only(R.EXAMINER), lambda w: [w.answer().check_asked.code], foreign=404),
    Row("vetoes:watch_list", only(R.EXAMINER), lambda w: [w.answer().check_asked.code], "post", (422,), 404),
    Row("vetoes:watch_order", only(R.EXAMINER), watch_order, foreign=404),
    Row("vetoes:watches", only(R.EXAMINER)),
    Row("vetoes:watch_renew", only(R.EXAMINER)),
    Row("vetoes:watch_renew", only(R.EXAMINER), method="post", ok=(422,)),
    Row("vetoes:watch", only(R.EXAMINER), lambda w: [w.watch().code], foreign=404),
    Row("vetoes:watch_stop", only(R.EXAMINER), lambda w: [w.watch().code], foreign=404),
    Row("vetoes:watch_stop", only(R.EXAMINER), lambda w: [w.watch().code], "post", (302,), 404),
    Row("vetoes:watch_alerts", only(R.EXAMINER)),
    Row("vetoes:watch_alert", only(R.EXAMINER), lambda w: [w.watch_alert().code], foreign=404),
    Row("vetoes:watch_alert_note", only(R.EXAMINER), lambda w: [w.watch_alert().code], "post", (302,), 404),
    Row("vetoes:my_watches", only(R.PERSON)),
    Row("vetoes:recalls", only(R.EXAMINER)),
    Row("vetoes:recall", only(R.EXAMINER), lambda w: [w.recalled().code], foreign=404),
    Row("vetoes:recall_check", only(R.EXAMINER), lambda w: [w.recalled().code], "post", (302,), 404),
    Row("vetoes:recall_conclude", only(R.EXAMINER), lambda w: [w.recalled().code], "post", (302,), 404),
    Row("oversight:recalls", only(R.CREDIT_OFFICER, R.AUDITOR)),
]

TABLE += DUTIES + WATCHES
TABLE += MACHINES + DUTIES

# Wagtail guards its own addresses; who may enter the editor is tested in tests/cms.
NOT_OURS = ("editor/", "documents/")


def names(patterns: list[Any] | None = None, prefix: str = "", path: str = "") -> Iterator[str]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        here = f"{path}{pattern.pattern}"
        if here.startswith(NOT_OURS):
            continue
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, space, here)
        elif isinstance(pattern, URLPattern) and pattern.name and not pattern.name.startswith("wagtail"):
            yield f"{prefix}{pattern.name}"


def test_every_address_is_in_the_table() -> None:
    assert set(names()) == {row.name for row in TABLE}


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method}-{row.name}")
def test_address(row: Row) -> None:
    world = World.make()
    url = reverse(row.name, args=row.args(world))
    anonymous = getattr(Client(), row.method)(url)
    if row.machine:
        assert anonymous.status_code == 401
        for role in Role:
            assert getattr(sign_in(world.accounts[role]), row.method)(url).status_code in {401, 429}, role
        return
    if row.public:
        assert anonymous.status_code in row.ok
    else:
        assert anonymous.status_code == 302
        assert anonymous.url.startswith("/accounts/")
    for role in Role:
        if role not in row.roles:
            expected = 404 if role in row.elsewhere else 403
            assert getattr(sign_in(world.accounts[role]), row.method)(url).status_code == expected, role
    if row.foreign is not None:
        for role in row.roles - row.everywhere:
            assert getattr(sign_in(world.others[role]), row.method)(url).status_code == row.foreign, role
        for role in row.everywhere:
            assert getattr(sign_in(world.others[role]), row.method)(url).status_code in row.ok, role
    for role in sorted(row.roles):
        assert getattr(sign_in(world.accounts[role]), row.method)(url).status_code in row.ok, role
