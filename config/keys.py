"""Secrets: of a local installation under var/keys, of a production one by `python -m config.keys FOLDER …`; each is made once."""

from __future__ import annotations

import argparse
import base64
import contextlib
import datetime as dt
import os
import secrets
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from config.embedded import APP_ROLE, DATABASE, VAR

NAMES = (
    "SECRET_KEY",
    "CIPHER_KEYS",
    "INDEX_KEYS",
    "TRAIL_SIGNING_KEY",
    "STATEMENT_SIGNING_KEY",
    "DOCUMENT_CERTIFICATE",
)
DEMO_COMMON_NAME = "DEMO ONLY 演示证书 integrity archive"


def fresh(common_name: str = DEMO_COMMON_NAME) -> dict[str, str]:
    """A full set of settings that hold secrets, each as one string."""

    def ring() -> str:
        return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "CIPHER_KEYS": ring(),
        "INDEX_KEYS": ring(),
        "TRAIL_SIGNING_KEY": _pem(ed25519.Ed25519PrivateKey.generate()),
        "STATEMENT_SIGNING_KEY": _pem(ed25519.Ed25519PrivateKey.generate()),
        "DOCUMENT_CERTIFICATE": "".join(_certificate(common_name)),
    }


def for_containers(host: str, name: str) -> dict[str, str]:
    """What docker-compose.yml reads from its secrets folder: file name → content."""
    owner, app, queue = (secrets.token_urlsafe(24) for _ in range(3))
    certificate, key = _certificate(host, host=host)
    return {
        **fresh(name),
        "DATABASE_OWNER_PASSWORD": owner,
        "DATABASE_APP_PASSWORD": app,
        "DATABASE_OWNER_URL": f"postgresql://archive_owner:{owner}@database:5432/{DATABASE}",
        "DATABASE_URL": f"postgresql://{APP_ROLE}:{app}@database:5432/{DATABASE}",
        "CELERY_BROKER_URL": f"amqp://archive:{queue}@queue:5672//",
        "RABBITMQ_CONF": f"default_user = archive\ndefault_pass = {queue}\n",
        "TLS_CERTIFICATE": certificate,
        "TLS_KEY": key,
    }


def _certificate(common_name: str, host: str = "") -> tuple[str, str]:
    """A self-signed certificate and its key, PEM, ten years: for TLS where `host` is given, else for signing documents."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )
    now = dt.datetime.now(dt.UTC)
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=not host, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), _pem(key)


def _pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def load() -> None:
    """Put the keys under var/keys into the environment, making those that are missing."""
    folder = VAR / "keys"
    if not all((folder / name).exists() for name in NAMES):
        write(folder, fresh())
    for name in NAMES:
        if name not in os.environ and f"{name}_FILE" not in os.environ:
            os.environ[f"{name}_FILE"] = str(folder / name)


def write(folder: Path, values: dict[str, str], mode: int = 0o600) -> list[str]:
    """One file a value, in a folder closed to others. What is there stands, also when two processes start at once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for name, value in values.items():
        draft = folder / f".{name}.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        os.fchmod(handle, mode)  # whatever the umask
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(value)
        with contextlib.suppress(FileExistsError):
            os.link(draft, folder / name)
            written.append(name)
        draft.unlink()
    return written


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.keys", description="Makes the secrets of an installation.")
    parser.add_argument("folder", type=Path, help="where the files go, for example secrets")
    parser.add_argument("--host", required=True, help="the host name people type, for example archive.example")
    parser.add_argument("--name", required=True, help="the office in whose name documents are signed")
    options = parser.parse_args()
    standing = [path.name for path in options.folder.glob("[A-Z]*")]
    if standing:  # half a new set beside an old one would fit nowhere
        sys.exit(
            f"{options.folder} holds secrets already ({standing[0]}, …). Nothing was changed; choose an empty folder."
        )
    # Each container sees only its own files, but under another user than the one who made them.
    written = write(options.folder, for_containers(options.host, options.name), mode=0o644)
    sys.stdout.write(
        f"{len(written)} files in {options.folder}. Keep a copy of them in a safe: without CIPHER_KEYS and INDEX_KEYS no backup"
        " can be read.\nTLS_CERTIFICATE, TLS_KEY and DOCUMENT_CERTIFICATE are signed by themselves and prove nothing to others:"
        " put those of a certification service in their place.\n"
    )


if __name__ == "__main__":
    main()
