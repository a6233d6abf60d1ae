"""Asking ClamAV whether a file is malware (clamd's INSTREAM command). The one package for it, `clamd`, has rested for a decade."""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass

from django.conf import settings

CHUNK = 256 * 1024
SECONDS = 15  # for each step of the talk, while somebody waits for the page


class Unreachable(Exception):
    """No answer, or none that can be relied upon: the file waits."""


@dataclass(frozen=True)
class Verdict:
    """`found` is the name of the malware, empty for a clean file; `scanner` names program and signatures."""

    found: str
    scanner: str


def is_configured() -> bool:
    return settings.CLAMAV_ADDRESS is not None


def scan(data: bytes) -> Verdict:
    """Ask; raises `Unreachable`."""
    answer = _ask(b"zINSTREAM\0", data)
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        return Verdict(found[1][:100], _version())
    if answer != "stream: OK":
        raise Unreachable(answer[:100])
    return Verdict("", _version())


def _version() -> str:
    return _ask(b"zVERSION\0")[:60]


def _ask(command: bytes, data: bytes | None = None) -> str:
    answer = b""
    try:
        with _connect() as link:
            link.sendall(command)
            if data is not None:
                for start in range(0, len(data), CHUNK):
                    chunk = data[start : start + CHUNK]
                    link.sendall(struct.pack("!L", len(chunk)) + chunk)
                link.sendall(struct.pack("!L", 0))
            while not answer.endswith(b"\0") and (part := link.recv(4096)):
                answer += part
    except OSError as error:
        raise Unreachable(type(error).__name__) from None
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect() -> socket.socket:
    address = settings.CLAMAV_ADDRESS
    assert address is not None
    if isinstance(address, str):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(SECONDS)
        link.connect(address)
        return link
    return socket.create_connection(address, SECONDS)
