"""Sixty looks a minute from one address: counted in one statement, so that the limit costs less than what it guards."""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.db import connection
from django.utils import timezone

from archive.reports.models import LookCount
from profiles.common import ciphers
from profiles.common.permissions import Permission, System, require

LOOKS = 60  # a minute
COUNT = """
    INSERT INTO archive_lookcount AS known (address, minute, looks) VALUES (%s, %s, 1)
    ON CONFLICT (address) DO UPDATE SET
        looks = CASE WHEN known.minute = EXCLUDED.minute THEN known.looks + 1 ELSE 1 END, minute = EXCLUDED.minute
    RETURNING looks
"""


def may_look(*, address: str) -> bool:
    """Count a look from this address (of IPv6 its /64, which is one household); is it within the limit of this minute?"""
    minute = timezone.now().replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [ciphers.blind_index(f"look {_network(address)}"), minute])
        return int(cursor.fetchone()[0]) <= LOOKS


def _network(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else str(read)


def forget_looks(*, by: System) -> int:
    """Delete counts of minutes that are over. Returns how many."""
    require(by, Permission.RUN_SYSTEM)
    over = timezone.now() - dt.timedelta(minutes=2)
    return LookCount.objects.filter(minute__lt=over).delete()[0]
