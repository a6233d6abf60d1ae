"""What documents need from the machine, as system checks."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register


def register_all() -> None:
    register(fonts_are_there)


def fonts_are_there(**kwargs: Any) -> list[CheckMessage]:
    """Without a Chinese font a report is signed all the same, and nobody can read it."""
    from archive.common.fonts import FACES

    missing = [face.pattern for face in FACES if face.find() is None]
    if missing:
        return [
            Warning(
                f"Fonts for documents are missing ({', '.join(missing)}): Chinese text in PDFs shows as empty boxes.",
                hint="apt-get install fonts-noto-cjk",
                id="archive.W001",
            )
        ]
    return []
