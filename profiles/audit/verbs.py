"""Everything that the trail can say was done. One list, so that an auditor knows what to expect."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verb(TextChoices):
    SIGNED_IN = "account.signed_in", _("signed in")
    SIGNED_OUT = "account.signed_out", _("signed out")
    SIGN_IN_FAILED = "account.sign_in_failed", _("failed to sign in")
    WORK_REFUSED = "account.work_refused", _("was turned away by the sign-in rules")
    PASSWORD_CHANGED = "account.password_changed", _("changed a password")
    PASSWORD_RESET = "account.password_reset", _("set a new password by e-mail")
    SECOND_FACTOR_CHANGED = "account.second_factor_changed", _("changed a second factor")
    ACCOUNT_CREATED = "account.created", _("created an account")
    ACCOUNT_LEAVING_SET = "account.leaving_set", _("set an account's leaving date")
    ROLE_GRANTED = "account.role_granted", _("granted a role")
    ROLE_REVOKED = "account.role_revoked", _("revoked a role")
    ACTIVATION_ISSUED = "account.activation_issued", _("issued an activation code")
    ACCOUNT_ACTIVATED = "account.activated", _("activated an account")

    ORGANISATION_SAVED = "organisation.saved", _("saved an organisation")
    SIGN_IN_RULES_SET = "organisation.sign_in_rules_set", _("set a body's sign-in rules")
    COMPETENCE_GIVEN = "organisation.competence_given", _("gave a body a competence")

    PERSON_CREATED = "person.created", _("opened a person's archive")
    PEOPLE_CREATED = "person.created_in_bulk", _("opened archives from a file")
    MEMBERSHIP_ADDED = "person.membership_added", _("added a group membership")
    MEMBERSHIP_ENDED = "person.membership_ended", _("ended a group membership")
    IDENTITY_REVEALED = "person.identity_revealed", _("revealed an identity number")
    ARCHIVE_VIEWED = "person.archive_viewed", _("viewed an archive")

    CATALOGUE_LOADED = "catalogue.loaded", _("loaded the catalogue")
    CALENDAR_LOADED = "calendar.loaded", _("loaded the working-day calendar")

    NOTICE_SENT = "notice.sent", _("sent a notice")
    NOTICE_READ = "notice.read", _("read a notice")
    NOTICE_PRINTED = "notice.printed", _("printed a notice")

    AUTHORISATION_GIVEN = "access.authorised", _("authorised a query")
    AUTHORISATION_WITHDRAWN = "access.authorisation_withdrawn", _("withdrew an authorisation")

    BATCH_UPLOADED = "intake.uploaded", _("uploaded a file")
    BATCH_REFUSED = "intake.refused", _("had a file refused")
    BATCH_REFUSED_TAKEN = "intake.refused_rows_taken", _("took a file's refused rows")
    BATCH_REHEARSED = "intake.rehearsed", _("rehearsed a file")
    BATCH_CONFIRMED = "intake.confirmed", _("confirmed a file")
    BATCH_CANCELLED = "intake.cancelled", _("cancelled a file")
    BATCH_ADMITTED = "intake.admitted", _("admitted a file's rows")
    BATCH_FAILED = "intake.failed", _("could not finish a file")

    ENTRY_DRAFTED = "record.drafted", _("drafted an entry")
    ENTRY_NOTIFIED = "record.notified", _("notified the person of an entry")
    ENTRY_ANSWERED = "record.answered", _("answered a notice")
    STATEMENT_READ = "record.statement_read", _("read a person's statement")
    ENTRY_APPROVED = "record.approved", _("approved an entry")
    ENTRY_DECLINED = "record.declined", _("declined an entry")

    APPROVAL_PROPOSED = "approval.proposed", _("asked what an approval of many entries would do")
    APPROVAL_CONFIRMED = "approval.confirmed", _("confirmed the approval of many entries")
    APPROVAL_FINISHED = "approval.finished", _("finished the approval of many entries")
    APPROVAL_CANCELLED = "approval.cancelled", _("stopped the approval of many entries")
    APPROVAL_FAILED = "approval.failed", _("could not finish the approval of many entries")

    RULES_LOADED = "veto.rules_loaded", _("loaded the veto rules")
    RULE_ADOPTED = "veto.rule_adopted", _("adopted a rule")
    CHECK_MADE = "veto.checked", _("checked a person")
    LIST_CHECKED = "veto.list_checked", _("checked a list")
    VETO_CONFIRMED = "veto.confirmed", _("confirmed a veto")
    VETO_LIFTED = "veto.lifted", _("lifted a proposed veto")
    SLIP_ISSUED = "veto.slip_issued", _("issued a slip")
    SLIP_DOWNLOADED = "veto.slip_downloaded", _("downloaded a slip")

    PLEDGE_TEMPLATES_LOADED = "pledge.templates_loaded", _("loaded the pledge texts")
    PLEDGE_SIGNED = "pledge.signed", _("signed a pledge")
    PLEDGE_DOWNLOADED = "pledge.downloaded", _("downloaded a pledge")

    REPORT_REQUESTED = "report.requested", _("requested a report")
    REPORT_ISSUED = "report.issued", _("issued a report")
    REPORT_FAILED = "report.failed", _("could not issue a report")
    REPORT_DOWNLOADED = "report.downloaded", _("downloaded a report")
    REPORT_ENDED = "report.ended", _("ended a report's verification")
    DOCUMENT_VERIFIED = "report.verified", _("verified a document")

    FILTER_SAVED = "filter.saved", _("saved a filter")
    FILTER_CHANGED = "filter.changed", _("changed a saved filter")
    FILTER_DELETED = "filter.deleted", _("deleted a saved filter")

    LIST_EXPORTED = "list.exported", _("exported a list")

    KEYS_ROTATED = "keys.rotated", _("wrote ciphertext anew")

    TRAIL_VIEWED = "trail.viewed", _("viewed the trail")
    TRAIL_VERIFIED = "trail.verified", _("verified the trail")
    TRAIL_EXPORTED = "trail.exported", _("exported the trail")


def verb_choices() -> list[tuple[str, object]]:
    """For the model field: a callable, so that a new verb needs no migration."""
    return list(Verb.choices)
