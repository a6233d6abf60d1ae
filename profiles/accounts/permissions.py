"""Roles and what each may do. A policy person can read this file; the matrix is shown to security administrators as it stands."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from profiles.common.permissions import Permission, Scope

P, OWN, SELF, ALL = Permission, Scope.OWN, Scope.SELF, Scope.ALL


class Role(TextChoices):
    CLERK = "clerk", _("Clerk")
    APPROVER = "approver", _("Approver")
    EXAMINER = "examiner", _("Examiner")
    CREDIT_OFFICER = "credit_officer", _("Credit officer")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    EDITOR = "editor", _("Editor")
    PERSON = "person", _("Person")


# GB/T 22239-2019 8.1.5: system, security and audit administration are held by different people.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})

# One member of staff may hold any other pair; that a clerk who is also an approver does not approve the own draft is a
# constraint on the entry itself.
GRANTS: dict[Role, dict[Permission, Scope]] = {
    Role.CLERK: {
        P.UPLOAD_BATCH: OWN,
        P.OPEN_ARCHIVE: OWN,
        P.VIEW_MEMBERS: OWN,
        P.VIEW_BATCH: OWN,
        P.VIEW_ENTRY: OWN,
        P.PROPOSE_CHANGE: OWN,
        P.MARK_DISPUTED: OWN,
        P.SERVE_NOTICE: OWN,
        P.ADD_EVIDENCE: OWN,
        P.REVEAL_IDENTITY: OWN,
        P.SIGN_STATEMENT: OWN,
        P.PROPOSE_IDENTITY: OWN,
    },
    Role.APPROVER: {
        P.VIEW_BATCH: OWN,
        P.VIEW_ENTRY: OWN,
        P.VIEW_MEMBERS: OWN,
        P.APPROVE_ENTRY: OWN,
        P.SETTLE_DISPUTE: OWN,
        P.REVEAL_IDENTITY: OWN,
        P.SIGN_STATEMENT: OWN,
        P.CONFIRM_IDENTITY: OWN,
    },
    Role.EXAMINER: {
        P.CHECK_PERSON: OWN,
        P.VIEW_CHECK: OWN,
        P.DECIDE_CHECK: OWN,
        P.PROPOSE_ADOPTION: OWN,
        P.WATCH_PERSON: OWN,
        P.KEEP_PROGRAMME: OWN,
        P.DECIDE_APPLICANT: OWN,
        P.REVEAL_IDENTITY: OWN,
    },
    Role.CREDIT_OFFICER: {
        P.ADOPT_RULE: ALL,
        P.PROPOSE_ADOPTION: ALL,
        P.DRAFT_RULE: ALL,
        P.APPROVE_RULE: ALL,
        P.OVERSEE: ALL,
        P.VIEW_RECALLS: ALL,
        P.PROPOSE_LAW_CHANGE: ALL,
        P.APPROVE_LAW_CHANGE: ALL,
        # What concerns archives of several bodies; one officer proposes, another carries out.
        P.PROPOSE_IDENTITY: ALL,
        P.CONFIRM_IDENTITY: ALL,
    },
    Role.AUDITOR: {
        P.VIEW_TRAIL: ALL,
        P.VIEW_REGISTER: ALL,
        P.SAMPLE_QUERIES: ALL,
        P.VIEW_RECALLS: ALL,
    },
    Role.SYSTEM_ADMIN: {
        P.MANAGE_ORGANISATIONS: ALL,
        P.MANAGE_ACCOUNTS: ALL,
        P.MANAGE_KEYS: ALL,
    },
    Role.SECURITY_ADMIN: {
        P.GRANT_ROLES: ALL,
        P.SET_SIGN_IN_RULES: ALL,
    },
    Role.EDITOR: {
        P.EDIT_PAGES: ALL,
    },
    Role.PERSON: {
        P.VIEW_ARCHIVE: SELF,
        P.VIEW_ENTRY: SELF,
        P.VIEW_REGISTER: SELF,
        P.ANSWER_HEARING: SELF,
        P.MAKE_STATEMENT: SELF,
        P.OPT_OUT: SELF,
        P.SIGN_PLEDGE: SELF,
        P.REQUEST_REPORT: SELF,
        P.AUTHORISE: SELF,
    },
}
