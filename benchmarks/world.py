"""A database of its own with the large world in it, for figures that need one. Made once in a run."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

PEOPLE = min(int(os.environ.get("BENCH_PEOPLE", "100000")), 100_000)  # fewer for a trial
ENTRIES = 5 * PEOPLE
# A country's worth for checks and watches; fewer by BENCH_PEOPLE, to try a module out.
ALL_PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000000"))
VAR = Path(tempfile.gettempdir()) / "integrity-archive-bench"


@cache
def django() -> None:
    """Settings of `make run` on an empty folder; the connection is the restricted application's, as in the product."""
    if not os.environ.get("BENCH_KEEP"):  # a world that stands from an earlier run is used again
        shutil.rmtree(VAR, ignore_errors=True)
    os.environ["ARCHIVE_VAR"] = str(VAR)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.local"
    os.environ.pop("DATABASE_URL", None)
    from config import embedded

    embedded.start()
    import django

    os.environ["DATABASE_ROLE"] = "owner"
    django.setup()
    from django.core.management import call_command

    call_command("prepare", verbosity=0)
    call_command("load_catalogue", stdout=io.StringIO())
    call_command("load_pages", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)


@cache
def large() -> float:
    """Make the large world; seconds that took. From here on the connection is the application's."""
    django()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.figure import seconds
    from config import env

    taken = 0.0
    if _people() == 0:
        taken = seconds(lambda: call_command("bench_data", people=PEOPLE, entries=ENTRIES, stdout=io.StringIO()))
    connection.close()
    connection.settings_dict.update(env.database(os.environ["DATABASE_URL"]))
    assert connection.settings_dict["USER"] == settings.DATABASE_APP_ROLE
    return taken


@cache
def huge() -> float:
    """The large world grown to ALL_PEOPLE with five entries each; seconds that took. The added rows pass no trigger, for speed."""
    large()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.figure import seconds
    from config import env

    if _people() >= ALL_PEOPLE:
        return 0.0
    connection.close()
    connection.settings_dict.update(env.database(os.environ["DATABASE_OWNER_URL"]))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    more = ALL_PEOPLE - PEOPLE
    taken = seconds(
        lambda: call_command("bench_data", people=more, entries=5 * more, first=PEOPLE, stdout=io.StringIO())
    )
    connection.close()
    connection.settings_dict.update(env.database(os.environ["DATABASE_URL"]))
    return taken


def _people() -> int:
    """How many of the invented people there are; imports that were measured before may have opened archives of their own."""
    from archive.management.commands.bench_data import numbers_of
    from profiles.common import ciphers
    from profiles.models import IdentityDocument

    last = {count: ciphers.blind_index(list(numbers_of(count))[-1][0]) for count in (ALL_PEOPLE, PEOPLE)}
    for count, index in last.items():
        if IdentityDocument.objects.filter(index=index).exists():
            return count
    return 0
