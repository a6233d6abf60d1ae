"""Loading pledge texts and signing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from base64 import b64decode
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml import etree

from archive.common import documents, feed, signing
from archive.common.models import Change
from archive.pledges.models import Pledge, PledgeTemplate
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require
from profiles.people.models import Person

TEXTS = ("title", "matter", "basis", "term", "scope", "breach")
DRAWING = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]{40,200000}")


def text_hash(raw: dict[str, Any]) -> str:
    """SHA-256 over all that the person reads, in both languages."""
    shown = {f"{text}_{language}": raw[f"{text}_{language}"] for text in TEXTS for language in ("zh", "en")}
    shown["clauses"] = raw["clauses"]
    return hashlib.sha256(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def load_templates(*, data: dict[str, Any], by: Actor) -> list[str]:
    """Bring the texts to `data` (the parsed file): a changed text is a new version. Returns what changed."""
    require(by, Permission.RUN_SYSTEM)
    current = {row.code: row for row in PledgeTemplate.objects.select_for_update().current()}
    now = timezone.now()
    lines = []
    for entry in data["template"]:
        raw = {**{key: value for key, value in entry.items() if key != "clause"}, "clauses": entry["clause"]}
        hashed = text_hash(raw)
        old = current.pop(raw["code"], None)
        if old is not None and (old.text_hash, old.kind, old.groups) == (hashed, raw["kind"], raw["groups"]):
            continue
        if old is not None:
            old.valid_to = now
            old.save(update_fields=["valid_to"])
        PledgeTemplate.objects.create(
            **raw, version=1 if old is None else old.version + 1, text_hash=hashed, valid_from=now
        )
        lines.append(f"{'+' if old is None else '~'} pledge {raw['code']} {raw['title_zh']}")
    for row in current.values():
        row.valid_to = now
        row.save(update_fields=["valid_to"])
        lines.append(f"- pledge {row.code} {row.title_zh}")
    record(by=by, verb=Verb.PLEDGE_TEMPLATES_LOADED, version=data["version"], changed=len(lines))
    return lines


@transaction.atomic
def sign(
    *,
    template: PledgeTemplate,
    shown_hash: str,
    opened_at: dt.datetime,
    drawing: str,
    device: str,
    second_factor: str,
    by: Account,
) -> Pledge:
    """Sign the text that was on the screen (`shown_hash`); the signed PDF is made and kept at once.

    `drawing` is the handwritten signature as an SVG data URI. Refused where the text changed meanwhile, where no drawing came,
    or where the sign-in had no second factor. A text opened once is signed once: the same form sent again gives the same pledge.
    """
    require(by, Permission.SIGN_PLEDGE)
    assert by.person is not None, "only persons hold SIGN_PLEDGE"
    if template.valid_to is not None or shown_hash != template.text_hash:
        raise ActionRefused(_("The text was replaced while you were reading it. Read the new one before you sign."))
    if not second_factor:
        raise ActionRefused(_("Sign in with your second factor before you sign."))
    if not _is_drawing(drawing):
        raise ActionRefused(_("Write your name into the field before you sign."))
    Person.objects.select_for_update(no_key=True).get(pk=by.person.pk)  # a second click waits for the first
    for earlier in Pledge.objects.filter(person=by.person, template=template):
        if earlier.evidence["opened_at"] == opened_at.isoformat():
            return earlier
    pledge = Pledge(
        template=template,
        person=by.person,
        text_hash=template.text_hash,
        evidence={
            "account": by.pk,
            "second_factor": second_factor,
            "opened_at": opened_at.isoformat(),
            "device": device[:300],
            "drawing_sha256": hashlib.sha256(drawing.encode()).hexdigest(),
            "drawing": drawing,
        },
    )
    with override("zh-hans"):
        html = documents.render_html("documents/pledge.html", pledge_context(pledge, drawing))
        signed = signing.sign_pdf(documents.render_pdf(html), reason=template.title_zh, location=_("Integrity archive"))
    pledge.store_pdf(signed)
    pledge.save()
    feed.announce(Change.Kind.PLEDGE_SIGNED, person_id=pledge.person_id, object_id=pledge.pk)
    record(by=by, verb=Verb.PLEDGE_SIGNED, obj=pledge, template=template.code, version=template.version)
    return pledge


def _is_drawing(drawing: str) -> bool:
    if not DRAWING.fullmatch(drawing):
        return False
    try:
        root = etree.fromstring(b64decode(drawing.partition(",")[2]), etree.XMLParser(resolve_entities=False))
    except (ValueError, etree.XMLSyntaxError):  # no base64, or no XML
        return False
    return bool(etree.QName(root).localname == "svg")


def pledge_context(pledge: Pledge, drawing: str) -> dict[str, Any]:
    identity = pledge.person.main_identity
    return {
        "pledge": pledge,
        "template": pledge.template,
        "clauses": [clause["zh"] for clause in pledge.template.clauses],
        "person": pledge.person,
        "identity": identity,
        "drawing": drawing,
        "qr": documents.qr_svg(pledge.signed_url),
    }


@transaction.atomic
def download(*, pledge: Pledge, by: Account) -> bytes:
    require(by, Permission.SIGN_PLEDGE, pledge)
    record(by=by, verb=Verb.PLEDGE_DOWNLOADED, obj=pledge)
    return pledge.read_pdf()
