"""One fact, typed in: the same plan, rules and admission as a file's row. The rehearsal is the act itself, rolled back."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from archive.evidence.actions import Examined, keep, nothing_half_stored
from archive.evidence.models import Evidence
from archive.intake.problems import Problem
from archive.notices.models import Notice
from archive.records.actions.admission import admit_one
from archive.records.breach import Breach, breach_faults, severity_fault
from archive.records.models import Entry, EntryDraft
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import uscc
from profiles.common.permissions import Actor, Permission, System, require
from profiles.organisations.models import Organisation

BREACH_SENTENCES = {
    "organisation_empty": _("Write the name of the organisation whose breach it is, as in the document."),
    "uscc": _("This is not a unified social credit code: 18 characters, the last one is a check character. Compare it."),
    "named_at_empty": _("Write the page or paragraph of the document that names the person as responsible."),
    "no_document": _("Upload the document that names the person. Without it an organisation's breach is not entered on anybody."),
    "not_serious": _(
        "Only a serious breach of an organisation is entered on a person. Choose “serious” if the decision says so; otherwise it"
        " is not recorded here."
    ),
}  # fmt: skip


@dataclass(frozen=True)
class TypedFact:
    """What a form holds: cells as a sheet's row would, the file after examination, the organisation whose breach it is."""

    cells: dict[str, Any]
    document: Examined | None = None
    breach: Breach | None = None


@dataclass
class Recorded:
    """What recording did, or would do: the entry with its notice, or `problems` by field. All as sentences or codes to be said."""

    entry: Entry | None = None
    problems: list[Problem] = field(default_factory=list)
    breach_faults: dict[str, str] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    notice: Notice | None = None
    new_person: bool = False


class _Rehearsed(Exception):
    """Rolls a rehearsal back."""


class _NoBreach(Exception):
    """The entry turned out not to be one that may be entered as an organisation's breach."""


def record_fact(*, fact: TypedFact, organisation: Organisation, by: Account) -> Recorded:
    """Record a typed fact with its document, or say by field why not; then nothing is stored."""
    return _record(fact, organisation=organisation, by=by, rehearsal=False)


def rehearse_fact(*, fact: TypedFact, organisation: Organisation, by: Account) -> Recorded:
    """What `record_fact` would do now."""
    return _record(fact, organisation=organisation, by=by, rehearsal=True)


def _record(fact: TypedFact, *, organisation: Organisation, by: Account, rehearsal: bool) -> Recorded:
    done = Recorded()
    if fact.breach is not None:
        done.breach_faults = breach_faults(fact.breach, has_document=fact.document is not None)
    started = timezone.now()
    try:
        with nothing_half_stored(), transaction.atomic():
            done.entry, done.problems, done.warnings = admit_one(
                cells=fact.cells,
                organisation=organisation,
                complete=lambda entry: _complete(entry, fact, done, by=by),
                by=by,
            )
            if done.entry is not None:
                done.notice = Notice.objects.about(done.entry).prefetch_related("deliveries").first()
                done.new_person = done.entry.person.created_at >= started
            if rehearsal or done.breach_faults:
                raise _Rehearsed
    except (_Rehearsed, _NoBreach):
        if done.breach_faults:
            done.entry = None
    return done


def _complete(entry: Entry, fact: TypedFact, done: Recorded, *, by: Account) -> None:
    """The document, and whose breach it is."""
    if fact.breach is not None:
        fault = severity_fault(severity=entry.severity, polarity=entry.polarity)
        if fault is not None:
            done.breach_faults["severity"] = fault
        if done.breach_faults:
            raise _NoBreach
    if fact.document is None:
        return
    if fact.breach is None:
        keep(upload=fact.document, about=entry, kind=Evidence.Kind.DECISION, by=by)
        return
    evidence = keep(upload=fact.document, about=entry, kind=Evidence.Kind.NAMING, named_at=fact.breach.named_at, by=by)
    assert evidence.names_person
    entry.subject_organisation = fact.breach.organisation.strip()
    entry.subject_uscc = uscc.normalise(fact.breach.code)
    entry.naming_document = evidence
    entry.save(update_fields=["subject_organisation", "subject_uscc", "naming_document"])


@transaction.atomic
def save_draft(
    *, draft: EntryDraft | None, kind: str, content: dict[str, Any], document: Examined | None = None, by: Account
) -> EntryDraft:
    """Keep a form that is not handed in yet; `document` replaces the file that it had."""
    require(by, Permission.UPLOAD_BATCH)
    assert by.organisation is not None
    draft = draft or EntryDraft(kind=kind, organisation=by.organisation, made_by=by)
    draft.content, draft.changed_at = content, timezone.now()
    replaced = str(draft.file.name or "") if document is not None else ""
    if document is not None:
        facts = asdict(document)
        del facts["data"]
        draft.file_facts = {**facts, "scanned_at": document.scanned_at.isoformat() if document.scanned_at else None}
    draft.save()
    record(by=by, verb=Verb.DRAFT_SAVED, obj=draft, kind=kind)
    if document is not None:
        draft.file.save("draft", ContentFile(document.data))  # last: what cannot be recorded leaves no file behind
    _forget(draft, replaced)
    return draft


def document_of(draft: EntryDraft) -> Examined | None:
    """The examined file of a draft, if it has one."""
    if not draft.file:
        return None
    with draft.file.open("rb") as file:
        data = file.read()
    scanned: dt.datetime | None = (
        parse_datetime(draft.file_facts["scanned_at"] or "") if draft.file_facts["scanned_at"] else None
    )
    return Examined(**{**draft.file_facts, "data": data, "scanned_at": scanned})


@transaction.atomic
def discard_draft(*, draft: EntryDraft, by: Actor) -> None:
    """Delete a form that is not handed in, with its file."""
    if not isinstance(by, System):
        require(by, Permission.UPLOAD_BATCH, draft)
    record(by=by, verb=Verb.DRAFT_DISCARDED, obj=draft, organisation_id=draft.organisation_id)
    _delete(draft)


def discard_forgotten_drafts(*, by: System) -> int:
    """Forms that nobody has touched for thirty days. Returns how many."""
    require(by, Permission.RUN_SYSTEM)
    forgotten = list(EntryDraft.objects.forgotten(timezone.now()))
    for draft in forgotten:
        discard_draft(draft=draft, by=by)
    return len(forgotten)


@transaction.atomic
def hand_in(*, draft: EntryDraft, fact: TypedFact, by: Account) -> Recorded:
    """Record the fact of a draft; the draft goes. Handed in twice, it is recorded once."""
    require(by, Permission.UPLOAD_BATCH, draft)
    EntryDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    done = record_fact(fact=fact, organisation=draft.organisation, by=by)
    if done.entry is not None:
        _delete(draft)
    return done


def _delete(draft: EntryDraft) -> None:
    _forget(draft, str(draft.file.name or ""))
    draft.delete()


def _forget(draft: EntryDraft, name: str) -> None:
    if name:
        transaction.on_commit(lambda: draft.file.storage.delete(name))
