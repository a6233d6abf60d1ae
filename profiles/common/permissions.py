"""The permission vocabulary: what may be asked with `can(account, permission, obj)`. Who holds what is in accounts.permissions."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    # source bodies
    OPEN_ARCHIVE = "open_archive", _("open archives")
    VIEW_MEMBERS = "view_members", _("see members")
    UPLOAD_BATCH = "upload_batch", _("upload files of entries")
    VIEW_BATCH = "view_batch", _("see uploaded files")
    VIEW_ENTRY = "view_entry", _("read entries")
    APPROVE_ENTRY = "approve_entry", _("approve or decline entries")
    PROPOSE_CHANGE = "propose_change", _("propose changes of entries, withdraw planned ones")
    MARK_DISPUTED = "mark_disputed", _("record objections and mark entries as in dispute")
    SETTLE_DISPUTE = "settle_dispute", _("settle objections")
    SERVE_NOTICE = "serve_notice", _("print notices and record service")
    ADD_EVIDENCE = "add_evidence", _("add and withdraw evidence")
    SIGN_STATEMENT = "sign_statement", _("sign the yearly statement")
    # licensing bodies
    CHECK_PERSON = "check_person", _("check persons")
    VIEW_CHECK = "view_check", _("see checks")
    DECIDE_CHECK = "decide_check", _("decide on answers")
    PROPOSE_ADOPTION = "propose_adoption", _("propose that a rule holds for the own body's checks")
    WATCH_PERSON = "watch_person", _("have persons watched")
    KEEP_PROGRAMME = "keep_programme", _("set up review programmes and add applicants")
    DECIDE_APPLICANT = "decide_applicant", _("approve or refuse applicants")
    # any body that handles people
    REVEAL_IDENTITY = "reveal_identity", _("reveal an identity number")
    PROPOSE_IDENTITY = "propose_identity", _("propose changes of names and numbers, and joining archives")
    CONFIRM_IDENTITY = "confirm_identity", _("carry out or decline what was proposed about names, numbers and archives")
    # persons
    VIEW_ARCHIVE = "view_archive", _("read the own archive")
    ANSWER_HEARING = "answer_hearing", _("answer a notice")
    MAKE_STATEMENT = "make_statement", _("add an own statement to a record")
    OPT_OUT = "opt_out", _("have a positive entry taken out")
    SIGN_PLEDGE = "sign_pledge", _("sign pledges")
    REQUEST_REPORT = "request_report", _("ask for reports")
    AUTHORISE = "authorise", _("authorise queries")
    # credit office
    ADOPT_RULE = "adopt_rule", _("approve rules that bodies adopt")
    DRAFT_RULE = "draft_rule", _("draft veto rules, and rehearse them")
    APPROVE_RULE = "approve_rule", _("approve veto rules that another drafted")
    VIEW_RECALLS = "view_recalls", _("see which bodies have recalls open")
    OVERSEE = "oversee", _("see who reports, and remind bodies")
    PROPOSE_LAW_CHANGE = "propose_law_change", _("propose what a change of law ends")
    APPROVE_LAW_CHANGE = "approve_law_change", _("approve what a change of law ends")
    # audit
    VIEW_TRAIL = "view_trail", _("read the audit trail")
    VIEW_REGISTER = "view_register", _("read the query register")
    SAMPLE_QUERIES = "sample_queries", _("draw samples of queries and judge them")
    # administration, parted in three (GB/T 22239-2019 8.1.5)
    MANAGE_ORGANISATIONS = "manage_organisations", _("keep bodies and competences")
    MANAGE_KEYS = "manage_keys", _("make and revoke organisation keys")
    MANAGE_ACCOUNTS = "manage_accounts", _("open and end accounts")
    GRANT_ROLES = "grant_roles", _("grant and revoke roles")
    SET_SIGN_IN_RULES = "set_sign_in_rules", _("set from where and when bodies work")
    # pages
    EDIT_PAGES = "edit_pages", _("edit pages")
    # machines only
    RUN_SYSTEM = "run_system", _("run the system's own work")


class Scope(StrEnum):
    """How far a permission reaches."""

    SELF = "self"  # what concerns the account's own person
    OWN = "own"  # what belongs to the account's organisation
    ALL = "all"


class Actor(Protocol):
    """Who acts: an account, or the system itself. Every action asks for one."""

    @property
    def pk(self) -> Any: ...
    @property
    def actor_kind(self) -> str: ...
    @property
    def organisation_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def person_ids(self) -> frozenset[int]:
        """The own person and those joined with it: one person under several numbers."""
        ...

    def scopes(self, permission: Permission) -> frozenset[Scope]: ...


class System:
    """The scheduler, a worker, a command: acts only as `RUN_SYSTEM`, and under a name that the trail shows."""

    pk = None
    organisation_id = None
    person_id = None
    person_ids: frozenset[int] = frozenset()

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def actor_kind(self) -> str:
        return f"system:{self.name}"

    def scopes(self, permission: Permission) -> frozenset[Scope]:
        return frozenset({Scope.ALL}) if permission is Permission.RUN_SYSTEM else frozenset()


def can(actor: Actor, permission: Permission, obj: Any = None) -> bool:
    """May `actor` do this (to `obj`)? Default no. Without `obj`: may it do this to anything at all?

    `obj` belongs to somebody through `organisation_id` or `person_id`; an organisation or a person is its own.
    """
    scopes = actor.scopes(permission)
    if not scopes or obj is None:
        return bool(scopes)
    if Scope.ALL in scopes:
        return True
    owned = actor.organisation_id is not None and _owner(obj, "organisation") == actor.organisation_id
    about_self = _owner(obj, "person") in actor.person_ids
    return (Scope.OWN in scopes and owned) or (Scope.SELF in scopes and about_self)


def require(actor: Actor, permission: Permission, obj: Any = None) -> None:
    """Raise PermissionDenied unless `can`."""
    if not can(actor, permission, obj):
        raise PermissionDenied(f"{actor.actor_kind} may not {permission}")


def _owner(obj: Any, kind: str) -> int | None:
    if obj._meta.model_name == kind:
        return int(obj.pk)
    return getattr(obj, f"{kind}_id", None)
