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
    IDENTITY_PROPOSED = "person.identity_proposed", _("proposed a change of a name or number")
    IDENTITY_CHANGED = "person.identity_changed", _("changed a name or number")
    IDENTITY_DECLINED = "person.identity_declined", _("declined a change of a name or number")
    MERGE_PROPOSED = "person.merge_proposed", _("proposed to join two archives")
    MERGED = "person.merged", _("joined two archives")
    MERGE_DECLINED = "person.merge_declined", _("declined to join two archives")
    MERGE_UNDONE = "person.merge_undone", _("parted two archives again")
    IDENTITY_REVEALED = "person.identity_revealed", _("revealed an identity number")
    ARCHIVE_VIEWED = "person.archive_viewed", _("viewed an archive")

    CATALOGUE_LOADED = "catalogue.loaded", _("loaded the catalogue")
    ITEM_ENDED = "catalogue.item_ended", _("ended a catalogue item")
    ITEM_BASIS_CUT = "catalogue.item_basis_cut", _("took a repealed basis out of a catalogue item")
    CALENDAR_LOADED = "calendar.loaded", _("loaded the working-day calendar")

    NOTICE_SENT = "notice.sent", _("sent a notice")
    NOTICE_READ = "notice.read", _("read a notice")
    NOTICE_PRINTED = "notice.printed", _("printed a notice")

    AUTHORISATION_GIVEN = "access.authorised", _("authorised a query")
    AUTHORISATION_WITHDRAWN = "access.authorisation_withdrawn", _("withdrew an authorisation")

    BATCH_UPLOADED = "intake.uploaded", _("uploaded a file")
    BATCH_REFUSED = "intake.refused", _("had a file refused")
    BATCH_REFUSED_TAKEN = "intake.refused_rows_taken", _("took a file back with what is wrong")
    BATCH_SOURCE_TAKEN = "intake.source_taken", _("took the original of a file")
    BATCH_COLUMNS_SET = "intake.columns_set", _("set a file's columns")
    COLUMN_FORGOTTEN = "intake.column_forgotten", _("forgot a remembered column")
    BATCH_HELD = "intake.held", _("held a file back")
    BATCH_RETRIED = "intake.retried", _("set a stopped file going again")
    BATCH_REVERSED = "intake.reversed", _("reversed a whole file")
    BATCH_REHEARSED = "intake.rehearsed", _("rehearsed a file")
    BATCH_CONFIRMED = "intake.confirmed", _("confirmed a file")
    BATCH_CANCELLED = "intake.cancelled", _("cancelled a file")
    BATCH_ADMITTED = "intake.admitted", _("admitted a file's rows")
    BATCH_FAILED = "intake.failed", _("could not finish a file")

    EVIDENCE_KEPT = "evidence.kept", _("kept a file of evidence")
    EVIDENCE_REFUSED = "evidence.refused", _("had malware in a file refused")
    EVIDENCE_SCANNED = "evidence.scanned", _("scanned a waiting file of evidence")
    EVIDENCE_OPENED = "evidence.opened", _("opened a file of evidence")
    EVIDENCE_WITHDRAWN = "evidence.withdrawn", _("withdrew a file of evidence")

    DRAFT_SAVED = "record.draft_saved", _("saved a form that is not handed in yet")
    DRAFT_DISCARDED = "record.draft_discarded", _("discarded a form that was not handed in")
    ENTRY_DRAFTED = "record.drafted", _("drafted an entry")
    ENTRY_NOTIFIED = "record.notified", _("notified the person of an entry")
    ENTRY_ANSWERED = "record.answered", _("answered a notice")
    STATEMENT_READ = "record.statement_read", _("read a person's statement")
    ENTRY_APPROVED = "record.approved", _("approved an entry")
    ENTRY_DECLINED = "record.declined", _("declined an entry")
    CHANGE_PROPOSED = "record.change_proposed", _("proposed a change of an entry")
    ENTRY_WITHDRAWN = "record.withdrawn", _("withdrew a planned entry")
    ENTRY_ENDED = "record.ended", _("ended an entry")
    WINDOW_EXTENDED = "record.window_extended", _("extended a hearing window")
    STATEMENT_MADE = "record.statement_made", _("added an own statement to a record")
    STATEMENT_WITHDRAWN = "record.statement_withdrawn", _("withdrew an own statement")
    REVOCATION_REGISTERED = "record.revocation_registered", _("registered the revocation of a decision")
    REVOCATION_CONFIRMED = "record.revocation_confirmed", _("confirmed the revocation of a decision")
    REVOCATION_DROPPED = "record.revocation_dropped", _("dropped a registered revocation")

    APPROVAL_CONFIRMED = "approval.confirmed", _("confirmed the approval of many entries")
    APPROVAL_FINISHED = "approval.finished", _("finished the approval of many entries")
    APPROVAL_CANCELLED = "approval.cancelled", _("stopped the approval of many entries")
    APPROVAL_FAILED = "approval.failed", _("could not finish the approval of many entries")

    RULES_LOADED = "veto.rules_loaded", _("loaded the veto rules")
    RULE_ADOPTED = "veto.rule_adopted", _("adopted a rule")
    RULE_ENDED = "veto.rule_ended", _("ended a veto rule")
    RULE_CUT = "veto.rule_cut", _("took what was repealed out of a veto rule")
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
    REPORT_VALIDITY_SET = "report.validity_set", _("set how long a report is valid")
    REPORT_LINK_MADE = "report.link_made", _("made a link to a report")
    REPORT_LINK_ENDED = "report.link_ended", _("ended a link to a report")
    REPORT_READ_BY_LINK = "report.read_by_link", _("read a report by a link")
    DOCUMENT_STAMPED = "document.stamped", _("added a time stamp to a document")
    REPORT_ENDED = "report.ended", _("ended a report's verification")
    DOCUMENT_VERIFIED = "report.verified", _("verified a document")

    STATEMENT_SIGNED = "oversight.statement_signed", _("signed a yearly statement")
    BODY_REMINDED = "oversight.reminded", _("reminded a body of its yearly statement")
    LAW_CHANGE_PROPOSED = "oversight.law_change_proposed", _("proposed what a change of law ends")
    LAW_CHANGE_DROPPED = "oversight.law_change_dropped", _("dropped a proposed change of law")
    LAW_CHANGE_APPROVED = "oversight.law_change_approved", _("approved what a change of law ends")
    LAW_CHANGE_STEP = "oversight.law_change_step", _("withdrew entries after a change of law")
    LAW_CHANGE_DONE = "oversight.law_change_done", _("finished a change of law")
    LAW_CHANGE_FAILED = "oversight.law_change_failed", _("could not finish a change of law")
    LAW_CHANGE_RESUMED = "oversight.law_change_resumed", _("took up a change of law again")
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
