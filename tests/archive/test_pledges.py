"""Pledges: the text that was on the screen is the text that was signed, by its signer, once, and it stays provable."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import hashlib
import io
import json
import re
import tomllib
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from archive.models import Change, Pledge, PledgeTemplate
from archive.pledges import actions
from archive.pledges.loader import SHIPPED
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account
from tests import factories as f
from tests.world import sign_in

pytestmark = pytest.mark.django_db
BY = System("test")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="30"><path d="M5 20 L70 8" stroke="black"/></svg>'
OPENED = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)


def drawn(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


@pytest.fixture
def text() -> PledgeTemplate:
    return PledgeTemplate.objects.current().get(code="APPLY-GENERAL")


def sign(text: PledgeTemplate, by: Account, **changed: Any) -> Pledge:
    values: dict[str, Any] = {
        "template": text,
        "shown_hash": text.text_hash,
        "opened_at": OPENED,
        "drawing": drawn(SVG),
        "device": "Probe/1.0",
        "second_factor": "totp",
    }
    return actions.sign(**{**values, **changed}, by=by)


def load(**changed: Any) -> list[str]:
    """The shipped texts with one of them changed."""
    data = tomllib.loads(SHIPPED.read_text())
    if changed:
        next(entry for entry in data["template"] if entry["code"] == "APPLY-GENERAL").update(changed)
    else:
        data["template"] = [entry for entry in data["template"] if entry["code"] != "APPLY-GENERAL"]
    return actions.load_templates(data=data, by=BY)


# Texts


def test_the_hash_covers_all_that_is_read_and_nothing_else(text: PledgeTemplate) -> None:
    """Computed here from the row, by the recipe that a court could follow."""
    parts = ("title", "matter", "basis", "term", "scope", "breach")
    shown = {f"{part}_{language}": getattr(text, f"{part}_{language}") for part in parts for language in ("zh", "en")}
    read = json.dumps({**shown, "clauses": text.clauses}, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(read.encode()).hexdigest() == text.text_hash
    raw = {**shown, "clauses": copy.deepcopy(text.clauses), "mark": "K", "groups": []}
    assert actions.text_hash(raw) == text.text_hash
    for part in shown:
        assert actions.text_hash({**raw, part: shown[part] + "。"}) != text.text_hash
    raw["clauses"][-1]["en"] += "."
    assert actions.text_hash(raw) != text.text_hash


def test_a_changed_text_is_a_new_version_and_the_old_one_is_kept_as_it_was(text: PledgeTemplate) -> None:
    assert load(term_zh="自签署之日起一年。") == [f"~ pledge APPLY-GENERAL {text.title_zh}"]
    old, new = PledgeTemplate.objects.filter(code="APPLY-GENERAL").order_by("version")
    assert (old.version, new.version, new.valid_to) == (1, 2, None)
    assert (old.term_zh, old.valid_to) == (text.term_zh, new.valid_from)
    assert load(term_zh="自签署之日起一年。") == []


def test_a_text_that_is_gone_cannot_be_signed_any_more_and_stays_on_file(owner: Account, text: PledgeTemplate) -> None:
    pledge = sign(text, owner)
    assert load() == [f"- pledge APPLY-GENERAL {text.title_zh}"]
    text.refresh_from_db()
    with pytest.raises(ActionRefused, match="replaced"):
        sign(text, owner, opened_at=timezone.now())
    assert sign_in(owner).get("/my/pledges/sign/APPLY-GENERAL/").status_code == 404
    assert sign_in(owner).get(f"/my/pledges/{pledge.number}/").status_code == 200


def test_two_current_versions_of_a_text_cannot_be() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        f.PledgeTemplateFactory(code="APPLY-GENERAL", version=2)


def test_texts_are_loaded_by_the_system_only() -> None:
    with pytest.raises(PermissionDenied):
        actions.load_templates(data={"template": []}, by=f.AccountFactory(holds=[Role.CREDIT_OFFICER]))


# Signing


def test_a_signed_pledge_keeps_what_proves_it(owner: Account, text: PledgeTemplate) -> None:
    pledge = sign(text, owner)
    pledge.refresh_from_db()
    assert (pledge.person, pledge.template, pledge.text_hash) == (owner.person, text, text.text_hash)
    assert pledge.evidence == {
        "account": owner.pk,
        "second_factor": "totp",
        "opened_at": OPENED.isoformat(),
        "device": "Probe/1.0",
        "drawing": drawn(SVG),
        "drawing_sha256": hashlib.sha256(drawn(SVG).encode()).hexdigest(),
    }
    assert hashlib.sha256(pledge.read_pdf()).hexdigest() == pledge.sha256
    assert AuditEvent.objects.get(verb=Verb.PLEDGE_SIGNED).details == {"template": "APPLY-GENERAL", "version": 1}
    assert Change.objects.get(kind=Change.Kind.PLEDGE_SIGNED).object_id == pledge.pk


def test_the_paper_shows_text_version_hash_and_a_masked_number(owner: Account, text: PledgeTemplate) -> None:
    pledge = sign(text, owner)
    pages = PdfReader(io.BytesIO(pledge.read_pdf())).pages
    paper = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    number = owner.person.identities.get().number
    said = [pledge.number, pledge.verification_code, text.title_zh, text.text_hash, "第1版", owner.person.name]
    said += [clause["zh"] for clause in text.clauses] + [identity.mask(number)]
    for words in said:
        assert re.sub(r"\s", "", words) in paper
    assert number not in paper
    assert number[6:14] not in paper


def test_the_evidence_lies_in_the_table_as_ciphertext(owner: Account, text: PledgeTemplate) -> None:
    pledge = sign(text, owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence::text FROM archive_pledge WHERE id = %s", [pledge.pk])
        stored = cursor.fetchone()[0]
    assert "Probe" not in stored
    assert "svg" not in stored


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"shown_hash": "0" * 64}, "replaced"),
        ({"second_factor": ""}, "second factor"),
        ({"drawing": ""}, "Write your name"),
        ({"drawing": drawn(SVG).replace("svg+xml", "png")}, "Write your name"),
        ({"drawing": "data:image/svg+xml;base64," + "A" * 60}, "Write your name"),
        ({"drawing": drawn("<html><body>这里没有签名，只有一段文字</body></html>")}, "Write your name"),
        ({"drawing": drawn(SVG) + '" onload="x'}, "Write your name"),
        ({"drawing": drawn(f"{SVG}<!--{'x' * 200_000}-->")}, "Write your name"),
    ],
)
def test_nothing_is_signed_where_the_proof_would_be_missing(
    owner: Account, text: PledgeTemplate, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ActionRefused, match=message):
        sign(text, owner, **changed)
    assert not Pledge.objects.exists()


def test_a_text_that_was_replaced_while_it_was_read_must_be_read_again(owner: Account, text: PledgeTemplate) -> None:
    client = sign_in(owner)
    page = client.get("/my/pledges/sign/APPLY-GENERAL/").content.decode()
    assert text.text_hash in page
    load(term_zh="自签署之日起一年。")
    form = {"agreed": "on", "drawing": drawn(SVG), "text_hash": text.text_hash, "opened_at": OPENED.isoformat()}
    assert client.post("/my/pledges/sign/APPLY-GENERAL/", form).status_code == 422
    assert not Pledge.objects.exists()


def test_the_same_form_sent_twice_is_one_pledge_and_opened_anew_is_another(
    owner: Account, text: PledgeTemplate
) -> None:
    client = sign_in(owner)
    form = {"agreed": "on", "drawing": drawn(SVG), "text_hash": text.text_hash, "opened_at": OPENED.isoformat()}
    places = {client.post("/my/pledges/sign/APPLY-GENERAL/", form)["Location"] for _click in range(2)}
    assert places == {f"/my/pledges/{Pledge.objects.get().number}/"}
    assert AuditEvent.objects.filter(verb=Verb.PLEDGE_SIGNED).count() == 1
    client.post("/my/pledges/sign/APPLY-GENERAL/", {**form, "opened_at": timezone.now().isoformat()})
    assert Pledge.objects.count() == 2


def test_without_the_tick_nothing_is_signed(owner: Account, text: PledgeTemplate) -> None:
    form = {"drawing": drawn(SVG), "text_hash": text.text_hash, "opened_at": OPENED.isoformat()}
    assert sign_in(owner).post("/my/pledges/sign/APPLY-GENERAL/", form).status_code == 422
    assert not Pledge.objects.exists()


# Who


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PERSON}))
def test_staff_sign_for_nobody(text: PledgeTemplate, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        sign(text, f.AccountFactory(holds=[role]))


def test_a_pledge_is_seen_by_its_signer_only(owner: Account, text: PledgeTemplate) -> None:
    pledge, stranger = sign(text, owner), f.AccountFactory(a_person=True)
    auditor = f.AccountFactory(holds=[Role.AUDITOR])
    theirs = sign(text, stranger)
    assert list(Pledge.objects.visible_to(owner)) == [pledge]
    assert list(Pledge.objects.visible_to(stranger)) == [theirs]
    for account in (stranger, auditor, BY):
        assert account == stranger or not Pledge.objects.visible_to(account).exists()
        with pytest.raises(PermissionDenied):
            actions.download(pledge=pledge, by=account)
    for page in ("", "pdf/"):
        assert sign_in(stranger).get(f"/my/pledges/{pledge.number}/{page}").status_code == 404
    response = sign_in(owner).get(f"/my/pledges/{pledge.number}/pdf/")
    assert response.content == pledge.read_pdf()
    assert AuditEvent.objects.get(verb=Verb.PLEDGE_DOWNLOADED).actor_id == owner.pk


def test_a_person_is_offered_the_texts_of_the_own_groups(owner: Account) -> None:
    texts = {row.code: row for row in PledgeTemplate.objects.current()}
    teacher = next(row for row in texts.values() if row.groups == ["TEA"])
    doctor = next(row for row in texts.values() if row.groups == ["MED"])
    f.MembershipFactory(person=owner.person, group="TEA")
    f.MembershipFactory(person=owner.person, group="MED", left_on=timezone.localdate() - dt.timedelta(days=1))
    page = sign_in(owner).get("/my/pledges/").content.decode()
    assert teacher.title_zh in page
    assert texts["APPLY-GENERAL"].title_zh in page
    assert doctor.title_zh not in page
