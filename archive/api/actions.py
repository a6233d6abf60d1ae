"""Making and revoking keys, and carrying a request out once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.api.models import KEPT_FOR, ApiKey, IdempotentRequest
from archive.api.problems import ApiProblem
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import ciphers, codes
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, can, require

LONGEST = 366  # days
_TAKE = """
    INSERT INTO archive_idempotentrequest (key_id, token, digest, object_code, at) VALUES (%s, %s, %s, '', %s)
    ON CONFLICT (key_id, token) DO UPDATE SET digest = excluded.digest, object_code = '', at = excluded.at
    WHERE archive_idempotentrequest.at < %s
    RETURNING id
"""


@transaction.atomic
def make_key(
    *, account: Account, name: str, reach: list[str], per_minute: int, valid_until: dt.date, by: Account
) -> tuple[ApiKey, str]:
    """A key that acts as `account`. Returns it with `code.secret`, which is known to nobody afterwards."""
    require(by, Permission.MANAGE_KEYS)
    today = timezone.localdate()
    if account.organisation is None or not can(account, Permission.CHECK_PERSON):
        raise ActionRefused(_("A key names an examiner who may check persons; this account may not."))
    if not today < valid_until <= today + dt.timedelta(days=LONGEST):
        raise ActionRefused(_("A key holds for a year at most. Choose a last day within it."))
    secret = codes.key_secret()
    key = ApiKey(
        secret_hash=hashlib.sha256(secret.encode()).digest(),
        name=name.strip(),
        organisation=account.organisation,
        account=account,
        reach=sorted(set(reach)),
        per_minute=per_minute,
        valid_until=valid_until,
        made_by=by,
    )
    key.full_clean(exclude=["secret_hash"])
    key.save()
    record(
        by=by,
        verb=Verb.KEY_MADE,
        obj=key,
        organisation_id=key.organisation_id,
        key=key.code,
        account=account.pk,
        reach=",".join(key.reach),
        until=valid_until.isoformat(),
    )
    return key, f"{key.code}.{secret}"


@transaction.atomic
def revoke_key(*, key: ApiKey, by: Account) -> ApiKey:
    """From the next request on the key opens nothing."""
    require(by, Permission.MANAGE_KEYS)
    current = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if current.revoked_at is not None:
        raise ActionRefused(_("This key was revoked already."))
    current.revoked_at, current.revoked_by = timezone.now(), by
    current.save(update_fields=["revoked_at", "revoked_by"])
    record(by=by, verb=Verb.KEY_REVOKED, obj=current, organisation_id=current.organisation_id, key=current.code)
    return current


@transaction.atomic
def note_refusal(*, key: ApiKey, rule: str, by: System) -> None:
    """A key that is known was turned away."""
    require(by, Permission.RUN_SYSTEM)
    record(by=by, verb=Verb.KEY_REFUSED, obj=key, organisation_id=key.organisation_id, key=key.code, rule=rule)


@transaction.atomic
def once(*, key: ApiKey, token: str, body: str, act: Callable[[], str], by: Account) -> tuple[str, bool]:
    """Carry `act` out, or find what it did under this token within a day. Returns the code of what was made, and whether now.

    `body` stands for the whole request (it is kept as a keyed digest only). The row of the token is written in the transaction of
    the act: of two requests at the same moment the second waits, then finds what the first did, or does it if the first failed.
    """
    require(by, Permission.CHECK_PERSON, key)
    digest, now = ciphers.blind_index(body), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key.pk, token, digest, now, now - KEPT_FOR])
        taken: Any = cursor.fetchone()
    if taken is None:
        earlier = IdempotentRequest.objects.get(key=key, token=token)
        if not hmac.compare_digest(bytes(earlier.digest), digest):
            raise ApiProblem("idempotency_key_reused")
        return earlier.object_code, False
    made = act()
    IdempotentRequest.objects.filter(pk=taken[0]).update(object_code=made)
    return made, True


@transaction.atomic
def forget_requests(*, by: System) -> int:
    """Delete what no repetition can ask for any more. Returns how many."""
    require(by, Permission.RUN_SYSTEM)
    deleted, _models = IdempotentRequest.objects.filter(at__lt=timezone.now() - 2 * KEPT_FOR).delete()
    return deleted
