"""Front-end files are served from node_modules, as the npm lock file pins them; only the files named here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"
FILES = {
    "vendor/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/signature_pad.js": "signature_pad/dist/signature_pad.umd.min.js",
    # named inside the files above, so the manifest asks for them
    "vendor/tabler.min.css.map": "@tabler/core/dist/css/tabler.min.css.map",
    "vendor/tabler.min.js.map": "@tabler/core/dist/js/tabler.min.js.map",
    "vendor/signature_pad.umd.min.js.map": "signature_pad/dist/signature_pad.umd.min.js.map",
}


class _Renamed(FileSystemStorage):
    """Reads `vendor/x` from where npm put it."""

    def path(self, name: str) -> str:
        return str(NODE_MODULES / FILES[name])


class NpmFinder(BaseFinder):
    storage = _Renamed(location=str(NODE_MODULES))

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [source for source in FILES.values() if not (NODE_MODULES / source).exists()]
        if missing:
            return [Error("Front-end files are missing: " + ", ".join(missing), hint="Run `npm ci`.", id="config.E001")]
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(NODE_MODULES / FILES[path])] if path in FILES else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in FILES:
            yield name, self.storage
