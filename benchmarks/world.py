"""A database of its own with the large world in it, for figures that need one. Made once in a run."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100000"))  # fewer for a trial
ENTRIES = 5 * PEOPLE
VAR = Path(tempfile.gettempdir()) / "integrity-archive-bench"


@cache
def django() -> None:
    """Settings of `make run` on an empty folder; the connection is the restricted application's, as in the product."""
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

    taken = seconds(lambda: call_command("bench_data", people=PEOPLE, entries=ENTRIES, stdout=io.StringIO()))
    connection.close()
    connection.settings_dict.update(env.database(os.environ["DATABASE_URL"]))
    assert connection.settings_dict["USER"] == settings.DATABASE_APP_ROLE
    return taken
