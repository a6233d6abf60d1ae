"""`make run`: one machine, its own PostgreSQL, keys kept under var/keys, a demo world."""

from config import keys

keys.load()

from config.settings.base import *  # noqa: E402, F403

ALLOWED_HOSTS = ["*"]
DEMO = env.flag("DEMO", True)  # noqa: F405
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"  # noqa: F405
SILENCED_SYSTEM_CHECKS = ["security"]
STORAGES = {
    **STORAGES,  # noqa: F405
    # uncompressed: a quick start counts for more than a local transfer
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
