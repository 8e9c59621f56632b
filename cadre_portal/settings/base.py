"""Settings for production; safe when nothing is said, and loud when something is missing.

`.env.example` explains every variable. `local.py` and `test.py` start from this file.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import dj_database_url
import fontpkg_be_vietnam_pro
import fontpkg_inter
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cadre_portal.embedded.layout import Layout
from cadre_portal.embedded.postgres import DATABASE, PORT, USER
from cadre_portal.embedded.valkey import EmbeddedValkey
from cadre_portal.settings import env
from cadre_portal.settings.logs import logging_configuration
from cadre_portal.settings.unfold import UNFOLD as UNFOLD

BASE_DIR = env.BASE_DIR

#: Data, sockets, logs and uploads of this portal; two folders are two independent portals.
PORTAL_VAR: Path = env.folder("PORTAL_VAR", BASE_DIR / "var")

#: A demonstration: every page says so. Never on for real data.
DEMO = env.flag("PORTAL_DEMO")

# -- Safety ---------------------------------------------------------------------------

DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if env.flag("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_NAME = "cadre_portal_session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 10) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
#: Folder with Word templates of the office, by the names of those in templates/documents.
DOCUMENT_TEMPLATES = env.text("DOCUMENT_TEMPLATES", "")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# -- Applications ---------------------------------------------------------------------

INSTALLED_APPS = [
    "cadre_portal.apps.CadrePortalConfig",
    # Our rooms, lowest first; before the admin so that our templates and words win.
    "cadres.apps.CadresConfig",
    "compliance.apps.ComplianceConfig",
    "planning.apps.PlanningConfig",
    "rotation.apps.RotationConfig",
    "inspections.apps.InspectionsConfig",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "cadres.admin_apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "treebeard",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_celery_beat",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tables2",
    "crispy_forms",
    "crispy_bootstrap5",
    "js_lib_bootstrap5",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cadre_portal.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "cadre_portal.logs.RequestLogMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
    # Last, so that an attempt is repeated inside everything that surrounds a view.
    "cadre_portal.conflicts.ConflictMiddleware",
]

ROOT_URLCONF = "cadre_portal.urls"
WSGI_APPLICATION = "cadre_portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cadre_portal.context_processors.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5.html"

# -- Database -------------------------------------------------------------------------

DATABASE_URL = env.secret("DATABASE_URL")
#: Whether the portal runs its own PostgreSQL (docs/adr/0001).
EMBEDDED_POSTGRES = not DATABASE_URL
PORTAL_POSTGRES_USER = env.text("PORTAL_POSTGRES_USER")
PORTAL_POSTGRES_CONNECTIONS = env.number("PORTAL_POSTGRES_CONNECTIONS", 50)

_CONNECTION_SECONDS = env.number("DATABASE_CONNECTION_SECONDS", 60)


def _database() -> dict[str, Any]:
    """Return the configured database, or the embedded one, which starts when it is needed."""
    if DATABASE_URL:
        configured = dict(dj_database_url.parse(DATABASE_URL))
        if configured["ENGINE"] != "django.db.backends.postgresql":
            raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://.")
        return configured
    return {
        "ENGINE": "cadre_portal.embedded.django_postgres",
        "NAME": DATABASE,
        "USER": USER,
        "HOST": str(Layout(PORTAL_VAR).postgres_sockets),
        "PORT": str(PORT),
    }


DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_database(),
        "CONN_MAX_AGE": _CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": env.flag("DATABASE_POOLED"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _cache_url}
        if (_cache_url := env.secret("CACHE_URL"))
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# -- People ---------------------------------------------------------------------------

AUTH_USER_MODEL = "cadres.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "cadre_portal.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "cadre_portal.account_forms.LoginForm",
    "change_password": "cadre_portal.account_forms.ChangePasswordForm",
    "set_password": "cadre_portal.account_forms.SetPasswordForm",
    "reauthenticate": "cadre_portal.account_forms.ReauthenticateForm",
}
MFA_ADAPTER = "cadre_portal.accounts.MFAAdapter"
MFA_FORMS = {
    "authenticate": "cadre_portal.account_forms.AuthenticateForm",
    "reauthenticate": "cadre_portal.account_forms.MFAReauthenticateForm",
    "activate_totp": "cadre_portal.account_forms.ActivateTOTPForm",
    "add_webauthn": "cadre_portal.account_forms.AddWebAuthnForm",
    "edit_webauthn": "cadre_portal.account_forms.EditWebAuthnForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Wrong passwords are counted by axes: in the database, hence across processes and machines.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cổng quy hoạch cán bộ"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True

# -- Words, time, files ---------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "cadre_portal.formats"

STATIC_URL = "static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("be-vietnam-pro", fontpkg_be_vietnam_pro.ROOT / "files"),
    ("inter", fontpkg_inter.ROOT / "files"),
]
MEDIA_ROOT = PORTAL_VAR / "media"
#: Days that uploaded workbooks and lists are kept; what became of them stays told.
UPLOADS_KEPT_DAYS = env.number("UPLOADS_KEPT_DAYS", 90)
#: Days that files made by a worker wait for who asked for them.
EXPORTS_KEPT_DAYS = env.number("EXPORTS_KEPT_DAYS", 7)
#: What a file of an inspection may weigh, in megabytes; how many one unit or one minutes may have.
INSPECTION_FILE_MB = env.number("INSPECTION_FILE_MB", 20)
INSPECTION_FILES = env.number("INSPECTION_FILES", 200)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# -- Jobs -----------------------------------------------------------------------------

CELERY_BROKER_URL = env.secret("CELERY_BROKER_URL")
#: Whether the portal runs its own Valkey (docs/adr/0001).
EMBEDDED_VALKEY = not CELERY_BROKER_URL
if EMBEDDED_VALKEY:
    CELERY_BROKER_URL = EmbeddedValkey(Layout(PORTAL_VAR)).url()

#: A job runs at most this long; a longer one is stopped and given back.
CELERY_TASK_TIME_LIMIT = env.number("CELERY_TASK_SECONDS", 3600)
CELERY_TASK_SOFT_TIME_LIMIT = max(CELERY_TASK_TIME_LIMIT - 60, 1)
#: After this time without acknowledgement Redis hands a job to another worker; it must be
#: longer than any job may run, or long jobs would run twice at once.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"visibility_timeout": CELERY_TASK_TIME_LIMIT + 300}
    if CELERY_BROKER_URL.startswith(("redis", "valkey", "sentinel"))
    else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "cadre_portal"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True  # results are rows of the portal, not of Celery
CELERY_TASK_TRACK_STARTED = False
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.number("CELERY_CONCURRENCY", 2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "uploads-forget": {"task": "cadres.uploads_forget", "schedule": crontab(hour=2, minute=40)},
}

# -- API ------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["cadre_portal.common.api.accounts.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "cadre_portal.common.api.paging.Pages",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "cadre_portal.common.api.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["cadre_portal.common.api.accounts.AccountThrottle"],
    # Counted in the cache: across processes only with CACHE_URL.
    "DEFAULT_THROTTLE_RATES": {"user": env.text("API_RATE", "300/min")},
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cổng quy hoạch cán bộ",
    "DESCRIPTION": "Chỉ để đọc, trong phạm vi của tài khoản đã đăng nhập. Xem docs/api.md.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "cadre_portal.common.api.errors.with_errors",
        "cadres.api.schema.with_sensitive_optional",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# -- Record of openings and exports ---------------------------------------------------

#: Days after which a record may be dropped; 0: never.
RECORD_DAYS = env.number("RECORD_DAYS", 3650)

# -- Records --------------------------------------------------------------------------

LOGGING_CONFIG = "cadre_portal.logs.configure"
LOGGING = logging_configuration(
    level=env.text("LOG_LEVEL", "INFO"), json=env.flag("LOG_JSON", default=True)
)
