"""Settings come from the environment (12-factor). A missing or wrong value stops the start with a sentence that helps."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def text(name: str, default: str | None = None, *, hint: str = "") -> str:
    """Value of `name`, or of the file named by `name`_FILE (how container platforms hand over secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read ({error.strerror}).") from None
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name} (or {name}_FILE). {hint}".strip())
    return value


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    return [word for word in os.environ.get(name, default).replace(",", " ").split() if word]


def endpoint(name: str) -> tuple[str, int] | str | None:
    """`host:port` as a pair, the absolute path of a socket as it stands, None where the variable is unset or empty."""
    value = text(name, "")
    if not value:
        return None
    if value.startswith("/"):
        return value
    host, _colon, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"{name} is {value!r}; write host:port or the absolute path of a socket.")
    return host.strip("[]"), int(port)


def database(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's DATABASES entry for the libpq URL that stood in `name`; sockets are given as `?host=/directory`."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # its message would repeat parts of the password
        raise ImproperlyConfigured(
            f"{name} cannot be read. Write postgresql://user:password@host:5432/name, special characters as %XX."
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def libpq(entry: dict[str, Any]) -> str:
    """The same as a libpq key=value string, the form in which pgmq keeps a socket directory."""
    pairs = {
        "host": entry["HOST"],
        "port": entry["PORT"],
        "dbname": entry["NAME"],
        "user": entry["USER"],
        "password": entry["PASSWORD"] or "x",
    }
    return " ".join(f"{key}={value}" for key, value in pairs.items() if value)


def keys(name: str, default: str | None = None) -> dict[str, bytes]:
    """Key ring `id:base64,id:base64`; the first is used for writing, all for reading. Each key has 32 bytes."""
    ring: dict[str, bytes] = {}
    for part in text(name, default, hint="`python -m config.keys` makes a set.").split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id.isalnum() or len(key) != 32:
            raise ImproperlyConfigured(
                f"{name} must be `id:base64 of 32 bytes`, several parted by commas. `python -m config.keys` makes a set."
            )
        ring[key_id] = key
    return ring
