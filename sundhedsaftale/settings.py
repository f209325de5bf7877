"""The one settings file. Everything that differs between machines comes from the environment (see `.env.example`).

With `DEBUG=true` every variable has an embedded default that needs nothing installed: SQLite, a broker of files, a
cache of files and mail written to files, all under `var/`. Without it nothing is guessed: a missing variable stops the
start with a sentence that says what to do.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from sundhedsaftale.celery_settings import *  # noqa: F403  # what of Celery is the same on every machine
from sundhedsaftale.figure_hosts import figure_hosts
from sundhedsaftale.oidc.configuration import NotUsable, Workplace, read_workplaces
from sundhedsaftale.sign_in_settings import *  # noqa: F403  # what of sign-in is the same on every machine

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

DEMO_SECRET_KEY = "only-for-development-and-never-for-real-people"  # noqa: S105  # nosec B105

DEBUG = env.bool("DEBUG", default=False)
# Shows the demo's sign-ins and their password on the sign-in page. Set by `make demo`, never in production.
DEMO = env.bool("DEMO", default=DEBUG)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def required(name: str, embedded: str, example: str) -> str:
    """The variable `name`; with DEBUG its `embedded` default.

    Raises ImproperlyConfigured, with a sentence that says what to do, when it is missing in production.
    """
    value = env.str(name, default="").strip()
    if value:
        return value
    if DEBUG:
        return embedded
    raise ImproperlyConfigured(
        f"{name} is not set. Set it in the environment or in the file .env, for example {name}={example}. "
        "All variables are explained in .env.example. To try the system on your own machine, run `make demo`."
    )


# --- Who we are -------------------------------------------------------------------------------------------------------

SECRET_KEY = required("SECRET_KEY", embedded=DEMO_SECRET_KEY, example="<50 random characters>")
if not DEBUG and (SECRET_KEY == DEMO_SECRET_KEY or len(SECRET_KEY) < 32):
    raise ImproperlyConfigured(
        "SECRET_KEY is the development default or shorter than 32 characters. Set it to a random value, for example "
        "from: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'."
    )

# Keys from before, with commas between: what they signed or encrypted can still be read.
SECRET_KEY_FALLBACKS = [key for key in env.str("SECRET_KEY_FALLBACKS", default="").split(",") if key]

SITE_NAME = env.str("SITE_NAME", default="Sundhedsaftale")
SITE_URL = required("SITE_URL", embedded="http://localhost:8000", example="https://tracker.example.dk").rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}. Write the whole address, for example SITE_URL=https://tracker.example.dk."
    )
if DEBUG and urlsplit(SITE_URL).scheme == "https":
    # The `.env` that `make` writes for a developer turns DEBUG on; it must not follow the checkout into production.
    raise ImproperlyConfigured(
        "DEBUG is on while SITE_URL is an https address. A public site must not show its insides: set DEBUG=false, or "
        "delete the .env that `make` wrote for development."
    )
ALLOWED_HOSTS = [
    host.strip()
    for host in required(
        "ALLOWED_HOSTS", embedded="localhost,127.0.0.1,[::1],testserver", example="tracker.example.dk"
    ).split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- What is installed ------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "sundhedsaftale.apps.SundhedsaftaleConfig",
    "initiatives",
    "indicators",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_celery_beat",
    "django_htmx",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sundhedsaftale.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "sundhedsaftale.middleware.DeclaredAddresses",
    "sundhedsaftale.carried_day.CarriedDay",
    # Last: what it keeps is the page alone, and everything around it is added anew for each reader.
    "sundhedsaftale.page_cache.KeptPages",
]

ROOT_URLCONF = "sundhedsaftale.urls"
WSGI_APPLICATION = "sundhedsaftale.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sundhedsaftale.context_processors.site",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------------------------------------------------

DATABASE_URL = required(
    "DATABASE_URL", embedded=f"sqlite:///{VAR_DIR / 'db.sqlite3'}", example="postgres://user:password@host:5432/name"
)
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(DATABASE_URL)}
_database = DATABASES["default"]
_options = _database.setdefault("OPTIONS", {})
if _database["ENGINE"] == "django.db.backends.sqlite3":
    if _database["NAME"] != ":memory:":
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE: a transaction that will write takes its lock at once and waits its turn. With SQLite's default a
    # reader that turns writer fails with "database is locked" without waiting, whatever the timeout.
    _options.setdefault("transaction_mode", "IMMEDIATE")
    _options.setdefault("timeout", 20)
    _options.setdefault("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
    # Opening the file and setting it up costs more than the one question a kept page asks.
    _database["CONN_MAX_AGE"] = 600
else:
    # The pool keeps connections open between requests; Django then demands CONN_MAX_AGE 0.
    _database["CONN_MAX_AGE"] = 0
    # A kept connection is tried before it is used: after a restart of PostgreSQL all of them are dead.
    _database["CONN_HEALTH_CHECKS"] = True
    # With ten million figures the planner thinks a page's question large and compiles it: half a second for 15 ms of work.
    _options.setdefault("options", "-c jit=off")
    _options.setdefault("pool", {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 10})

CACHE_URL = env.str("CACHE_URL", default="").strip()
CACHES: dict[str, dict[str, Any]] = {
    "default": env.cache_url_config(CACHE_URL)
    if CACHE_URL
    else {
        # Files, and not memory: the pages and the workers must see the same data version.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "cache"),
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

# Pages for readers who are not signed in are made once for each version of the data. Off while editing templates.
KEEP_PAGES = env.bool("KEEP_PAGES", default=True)

# --- Mail -------------------------------------------------------------------------------------------------------------

EMAIL_URL = required(
    "EMAIL_URL", embedded=f"filemail:///{VAR_DIR / 'mail'}", example="smtp+tls://user:password@mail.example.dk:587"
)
_email = env.email_url_config(EMAIL_URL)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
# django-environ drops the leading slash of a path when it is written with two slashes after the scheme; put it back.
EMAIL_FILE_PATH = "/" + str(_email.get("EMAIL_FILE_PATH") or VAR_DIR / "mail").lstrip("/")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Printed in the accessibility statement. Empty: the statement says that the operator has not named an address yet.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")

# --- Background work --------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = required("BROKER_URL", embedded="filesystem://", example="redis://localhost:6379/0")
if CELERY_BROKER_URL.startswith("filesystem:"):
    _queue, _control = VAR_DIR / "broker" / "queue", VAR_DIR / "broker" / "control"
    for _folder in (_queue, _control):
        _folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        # The same folder in and out: what is put into the queue is what is taken from it.
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_control),
        "polling_interval": 0.2,
    }
    # Remote control needs a broadcast queue; a broker of files would only collect files that nobody reads.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 10, "socket_connect_timeout": 5, "visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# --- Figures over the network -------------------------------------------------------------------------------------------

# Whom the workers may ask for figures; nobody else is asked, whatever a definition says.
FIGURE_HOSTS = figure_hosts(env.str("FIGURE_HOSTS", default="api.statbank.dk"), itself_too=DEBUG)
# Whether this machine itself may be asked, where the list names it. Not from the environment: never in production.
FIGURES_FROM_ITSELF = DEBUG
STATBANK_URL = env.str("STATBANK_URL", default="https://api.statbank.dk/v1").rstrip("/")
# The way out where there is no other. Never taken from HTTP_PROXY and its like, which others set for other programs.
FIGURE_PROXY = env.str("FIGURE_PROXY", default="").strip()
# Where files of figures may be put on the server, each named after its source. Empty: nowhere.
_folder = env.str("FIGURE_FOLDER", default="").strip()
FIGURE_FOLDER = Path(_folder) if _folder else None

# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "sprog"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Production serves what `collectstatic` gathered, compressed and with the content in the name. The demo serves the
# files where they lie: nothing to gather, nothing to wait for.
COLLECTED_STATIC = env.bool("COLLECTED_STATIC", default=not DEBUG)
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
WHITENOISE_AUTOREFRESH = DEBUG
if not COLLECTED_STATIC:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is absent
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media/"

# Uploads stay in memory, at most 10 MB each, and are never written under a name that somebody chose.
FILE_UPLOAD_HANDLERS = ["sundhedsaftale.uploads.InMemoryOnly"]
# The grid of statuses sends six fields for each item of a plan, and a plan may have a few hundred.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "sundhedsaftale.User"
# The workplaces one can sign in through; none unless configured.
try:
    OIDC_WORKPLACES: dict[str, Workplace] = read_workplaces(
        env.str("OIDC_PROVIDERS", default=""), lambda name: env.str(name, default="")
    )
except NotUsable as _error:
    raise ImproperlyConfigured(
        f"OIDC_PROVIDERS cannot be used. {_error} It is explained with an example in .env.example."
    ) from _error

# --- Security ---------------------------------------------------------------------------------------------------------

# The address decides: https in SITE_URL means secure cookies, HSTS and a redirect from http.
HTTPS = SITE_URL.startswith("https://")
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
if TRUST_PROXY:
    # Only behind a proxy that sets this header itself: anybody else could send it too.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # probes ask inside the machine, over plain http
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "sundhedsaftale.views.errors.csrf_failure"
# Read from the cache: a page of somebody signed in asks the database one question less. The database holds them all.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# The session decides whether a draft survives a long afternoon: two weeks, not the browser window.
SESSION_COOKIE_AGE = 14 * 24 * 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "sundhedsaftale.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
if env.str("API_THROTTLE", default="").strip():
    REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = ["rest_framework.throttling.AnonRateThrottle"]
    REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"anon": env.str("API_THROTTLE")}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": SITE_NAME,
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # The same three lights stand in several fields; without a name each would get an enum of its own.
    "ENUM_NAME_OVERRIDES": {"LightEnum": "indicators.models.Light"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "sundhedsaftale.schema.describe_refusals",
    ],
}

# --- Log --------------------------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    # Some addresses are secrets in themselves. The web server's own logs: sundhedsaftale/web_log.py.
    "filters": {"secrets": {"()": "sundhedsaftale.log_secrets.MaskSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would write past the filter, and its mail to ADMINS hold the whole address.
        "django": {"handlers": []},
        # Has a handler of its own: the filter stands on the logger.
        "django.server": {"level": "WARNING", "filters": ["secrets"]},
        **{name: {"level": "WARNING"} for name in ("fontTools", "weasyprint", "httpx", "httpcore")},
    },
}
