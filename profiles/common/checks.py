"""House rules as system checks: the start fails or warns with a hint, not a user at two in the morning."""

from __future__ import annotations

import ctypes.util
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection


def register_all() -> None:
    register(demo_is_off, Tags.security, deploy=True)
    register(certificate_is_real, Tags.security, deploy=True)
    register(roles_are_parted, Tags.database, deploy=True)
    register(fonts_can_be_cut)
    register(cipher_suite_is_known)


def demo_is_off(**kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO:
        return [
            Error(
                "DEMO is on: demo accounts with published passwords would be open.",
                hint="Unset DEMO.",
                id="profiles.E002",
            )
        ]
    return []


def certificate_is_real(**kwargs: Any) -> list[CheckMessage]:
    from cryptography import x509

    certificate = x509.load_pem_x509_certificate(settings.DOCUMENT_CERTIFICATE.encode())
    if "DEMO" in certificate.subject.rfc4514_string():
        return [
            Error(
                "DOCUMENT_CERTIFICATE is a demo certificate: signatures would prove nothing.",
                hint="Set a certificate of a licensed electronic certification service.",
                id="profiles.E003",
            )
        ]
    return []


def roles_are_parted(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The web and worker role must not own the trail: an owner can switch triggers off."""
    if not databases or settings.DEMO:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = %s"
            " UNION ALL SELECT true FROM pg_tables WHERE tablename = 'profiles_auditevent' AND tableowner = %s",
            [settings.DATABASE_APP_ROLE, settings.DATABASE_APP_ROLE],
        )
        too_mighty = any(row[0] for row in cursor.fetchall())
    if too_mighty:
        return [
            Error(
                "The application's database role is a superuser or owns the trail.",
                hint="Give DATABASE_URL a role of its own and migrate with DATABASE_OWNER_URL; see docs/operations.md.",
                id="profiles.E001",
            )
        ]
    return []


def fonts_can_be_cut(**kwargs: Any) -> list[CheckMessage]:
    if ctypes.util.find_library("harfbuzz-subset") is None:
        return [
            Warning(
                "libharfbuzz-subset is missing: each PDF page with Chinese text takes about 8 seconds instead of 0.2.",
                hint="apt-get install libharfbuzz-subset0",
                id="profiles.W001",
            )
        ]
    return []


def cipher_suite_is_known(**kwargs: Any) -> list[CheckMessage]:
    from profiles.common.ciphers import SUITES

    if settings.CIPHER_SUITE not in SUITES:
        return [
            Error(
                f"CIPHER_SUITE is {settings.CIPHER_SUITE!r}.",
                hint=f"Write one of {sorted(SUITES)}.",
                id="profiles.E004",
            )
        ]
    return []
