"""The person's own statement beside a record."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from archive.intake.words import forbidden_word
from archive.records.models import Entry, PersonStatement, Record
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked

STATEMENT_LIMIT = 500


@transaction.atomic
def make_statement(*, about: Record, text: str, by: Account) -> PersonStatement:
    """The person's words to a record, at most 500 characters. They travel with it; a new text replaces the one that is shown."""
    require(by, Permission.MAKE_STATEMENT, about)
    about = locked(Record.objects.all(), about.pk)
    if not Entry.objects.standing().filter(record=about).exists():
        raise ActionRefused(
            _("A statement can be added once an entry of the record is in force and as long as it holds.")
        )
    text = mask_in_text(text.strip())
    if not text:
        raise ActionRefused(_("Write what readers of the record should know."))
    if len(text) > STATEMENT_LIMIT:
        raise ActionRefused(
            _("The statement is longer than %(limit)s characters. Shorten it.") % {"limit": STATEMENT_LIMIT}
        )
    word = forbidden_word(text)
    if word:
        raise ActionRefused(
            _(
                "The statement speaks of “%(word)s”. Faith, genes, fingerprints, blood group and illness have no place in an"
                " archive, not even in your own words: leave it out, it would travel with the record."
            )
            % {"word": word}
        )
    made = _next_version(about, text)
    record(by=by, verb=Verb.STATEMENT_MADE, obj=about, organisation_id=about.organisation_id, version=made.version)
    return made


@transaction.atomic
def withdraw_statement(*, about: Record, by: Account) -> PersonStatement:
    """From now on the record is read without the statement; its versions are kept."""
    require(by, Permission.MAKE_STATEMENT, about)
    about = locked(Record.objects.all(), about.pk)
    if not PersonStatement.objects.filter(record=about).current().exists():
        raise ActionRefused(_("There is no statement to withdraw."))
    made = _next_version(about, "")
    record(by=by, verb=Verb.STATEMENT_WITHDRAWN, obj=about, organisation_id=about.organisation_id)
    return made


def _next_version(about: Record, text: str) -> PersonStatement:
    versions = PersonStatement.objects.filter(record=about).count()
    return PersonStatement.objects.create(record=about, person_id=about.person_id, version=versions + 1, text=text)
