"""Tests: the same settings with throw-away keys and folders, a private PostgreSQL, as the owner of the tables."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("ARCHIVE_VAR", str(Path(tempfile.gettempdir()) / "integrity-archive-test"))
os.environ.setdefault("DATABASE_ROLE", "owner")

from config import embedded, keys

keys.load()
embedded.start_if_needed()

from config.settings.base import *  # noqa: E402, F403

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_DEFAULT_QUEUE = "archive_test"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
