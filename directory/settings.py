"""Every setting of the site. All of them come from the environment; docs/settings.md lists them."""

import tomllib
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from . import env

env.refuse_renamed()

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
# Production is served over HTTPS. ``make run`` serves plain HTTP on loopback and sets HTTPS=no.
HTTPS = env.flag("HTTPS", default=True)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")


def secret_key() -> str:
    """SECRET_KEY, or what is in the file that ``python -m directory.bootstrap.secret`` wrote."""
    path = Path(env.text("SECRET_KEY_FILE", str(BASE_DIR / ".secret-key")))
    key = env.text("SECRET_KEY") or (path.read_text().strip() if path.is_file() else "")
    if not env.is_strong_key(key):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing, shorter than 50 characters or all alike. "
            "Run `python -m directory.bootstrap.secret` once: it writes one to .secret-key."
        )
    return key


SECRET_KEY = secret_key()
# Keys of before: what they signed still counts. docs/updating.md tells how to change the key.
SECRET_KEY_FALLBACKS = env.former_keys("SECRET_KEY_FALLBACKS")

PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
SOFTWARE_VERSION = PROJECT["version"]

# What this installation is
DEFAULT_SITE_NAME = "Open Treatment Directory"
SITE_NAME = env.text("SITE_NAME", DEFAULT_SITE_NAME)
# Who runs it and answers for it, as the page of terms names them.
OPERATOR_NAME = env.text("OPERATOR_NAME")
# Notices that the operator must or wants to post there: a JSON list.
NOTICE_KINDS = ("accessibility", "nondiscrimination", "language-help")
LEGAL_NOTICES = env.notices("LEGAL_NOTICES", NOTICE_KINDS)
# States ("OH") or counties ("Travis County, TX"), separated by ";", that this site's curators look
# after. Empty: all.
SERVICE_AREA = env.words("SERVICE_AREA", "", delimiter=";")
# Lists of others, such as a county's, beside SAMHSA's: who is believed first, separated by ";".
SOURCE_ORDER = env.words("SOURCE_ORDER", "directory;locator", delimiter=";")
# How long a checked fact may be trusted, by its kind: a JSON object such as {"phone": "90 days"}.
FACT_MAX_AGE = env.durations(
    "FACT_MAX_AGE", ("phone", "payment", "service", "other", "availability")
)
# Where one person alone keeps the site: how long after a first check the same person may make the
# second, in another way.
SECOND_CHECK_AFTER = timedelta(hours=env.whole_number("SECOND_CHECK_HOURS", 48, least=24, most=720))
# How long notes of staff are kept; 0 days: for good. A legal hold keeps those of a facility longer.
STAFF_NOTES_KEPT = timedelta(days=env.whole_number("STAFF_NOTES_DAYS", 0, least=0, most=36_500))
# Within how many working days a facility that disputes a fact is answered.
DISPUTE_ANSWER_DAYS = env.whole_number("DISPUTE_ANSWER_DAYS", 10, least=1, most=60)
# Where webmasters find out who asks when websites are checked: a page or mailto: address.
CONTACT_URL = env.text("CONTACT_URL")
# Background tiles of the map page: "" is none but the packaged shapes of counties.
MAP_TILES = env.tiles("MAP_TILE_URL")
MAP_TILE_ATTRIBUTION = env.text("MAP_TILE_ATTRIBUTION")
# Public-agency lines beside 911, 988 and SAMHSA's: a JSON list.
LOCAL_HELP_LINES = env.records("LOCAL_HELP_LINES", ("name", "number", "source", "checked"))

# Where "Leave quickly" leads: a page that tells nothing about whoever has it open.
QUICK_EXIT_URL = env.secure_page("QUICK_EXIT_URL", "https://www.weather.gov/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "corsheaders",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "import_export",
    "simple_history",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "facilities",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "directory.security_headers.resource_policy",
    "facilities.operations.probes.probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "directory.compression.compression",
    "django.middleware.http.ConditionalGetMiddleware",
    "directory.cache_headers.cache_headers",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "facilities.web.middleware.problems_for_programs",
    "facilities.web.middleware.maintenance_mode",
    "facilities.web.read_only.ReadOnlyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",  # read by staff pages alone
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "directory.urls"
WSGI_APPLICATION = "directory.wsgi.application"
# Public pages are Jinja2's, which renders them several times faster. Those of the staff extend
# Django's own.
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "facilities.web.template_engine.JinjaByLanguage",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {
            "environment": "facilities.web.templates.environment",
            "context_processors": ["facilities.web.context_processors.site_context"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "staff"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "facilities.web.context_processors.site_context",
            ],
            "string_if_invalid": "",
        },
    },
]

# Staff log in with a password and a second factor. Ten failures from one address lock a name for
# it for an hour; facilities/accounts/lockout.py adds a limit for a name over all addresses.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "facilities.accounts.second_factor.PasswordAndCodeBackend",
]
# Staff may also log in through an identity provider (OpenID Connect), which asks for the second
# factor. Its groups decide the role. mozilla-django-oidc reads the settings in OIDC_RP_ and others.
ROLES = ("curator", "editor", "administrator")
OIDC_ISSUER = env.issuer("OIDC_ISSUER")
OIDC_NAME = env.text("OIDC_NAME", "single sign-on")
if OIDC_ISSUER:
    env.require_package("OIDC_ISSUER", "mozilla_django_oidc", extra="oidc")
    AUTHENTICATION_BACKENDS.append("facilities.admin.accounts.identity_provider.ProviderBackend")
    OIDC_RP_CLIENT_ID = env.required("OIDC_CLIENT_ID", by="OIDC_ISSUER")
    OIDC_RP_CLIENT_SECRET = env.required("OIDC_CLIENT_SECRET", by="OIDC_ISSUER")
    OIDC_ROLES = env.roles_of_groups("OIDC_ROLES", ROLES)
OIDC_GROUPS_CLAIM = env.text("OIDC_GROUPS_CLAIM", "groups")
OIDC_RP_SCOPES = env.text("OIDC_SCOPES", "openid profile email")
OIDC_RP_SIGN_ALGO = "RS256"  # every provider must offer it
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10  # seconds for each answer of the provider
OIDC_AUTHENTICATION_CALLBACK_URL = "identity_provider:callback"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "facilities.accounts.password_rules.CommonWordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "facilities.accounts.password_rules.RepetitionValidator"},
]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "facilities.web.errors.form_too_old"
# A name that begins with __Host- is taken from this host alone, never from one beside or below it.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}staff"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True  # forms hold the token themselves, and no script asks for it
CSRF_COOKIE_AGE = None  # until the browser is closed
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Whoever comes back from the provider comes from another site, with what the log-in began with.
SESSION_COOKIE_SAMESITE = "Lax" if OIDC_ISSUER else "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# An attempt during the hour does not make it longer: nobody can keep an account locked for good.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "facilities.accounts.lockout.DiscreetLockoutHandler"
AXES_USERNAME_CALLABLE = "facilities.accounts.lockout.lockout_username"
AXES_LOCKOUT_CALLABLE = "facilities.admin.accounts.login.locked_out_page"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_CLIENT_IP_CALLABLE = "directory.client_ip.client_network"
# How many proxies of yours stand before the site: what they add to X-Forwarded-For is believed.
TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT", 0, least=0, most=5)
OTP_TOTP_ISSUER = SITE_NAME
PASSWORD_RESET_TIMEOUT = 48 * 3600  # of the link that begins an account

# A node that never writes; see docs/scaling.md.
READ_ONLY = env.flag("READ_ONLY", default=False)
# Whether a proxy sends what writes to another node: then the controls for it stay.
WRITES_ELSEWHERE = env.flag("WRITES_ELSEWHERE", default=False)
# SQLite unless DATABASE_URL names a PostgreSQL database
DATABASES = {
    "default": env.database("DATABASE_URL", BASE_DIR / "directory.sqlite3", read_only=READ_ONLY)
}
# Seconds after which a statement of a request is ended on PostgreSQL.
STATEMENT_TIMEOUT = env.whole_number("STATEMENT_TIMEOUT", 60, least=1, most=3_600)
# Which SQLite files ``migrate`` has made: it makes none a second time.
DATABASE_NOTE = BASE_DIR / ".sqlite-files"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Long work of staff waits in the database until ``manage.py run_worker`` does it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Mail is sent only where EMAIL_URL names a server: links with which facilities propose changes.
MAIL_SERVER = env.mail_server("EMAIL_URL")
EMAIL_ENABLED = bool(MAIL_SERVER)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
globals().update(MAIL_SERVER)

# Who is told by mail what waits for staff: once a day, and of reports about phones at once.
STAFF_EMAIL = env.words("STAFF_EMAIL", "")
# Who is told by mail when a timer fails.
ALERT_EMAIL = env.words("ALERT_EMAIL", "")

# Releases that an administrator uploads lie here until they are loaded, a day at most.
UPLOAD_ROOT = Path(env.text("UPLOAD_ROOT", str(BASE_DIR / "uploads")))

# Published data: a folder for each day, and a link to the newest. /data/ serves what is in it.
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "published")))

# Keeps the search index in files, which all processes of a host share; none: each has its own.
SEARCH_INDEX_DIR = env.text("SEARCH_INDEX_DIR")

# What a monitor sends as "Authorization: Bearer …" to read the details of /readyz from elsewhere.
STATUS_TOKEN = env.token("STATUS_TOKEN")
# What Prometheus sends to read /metrics; without it nothing is measured. Names of routes alone.
METRICS_TOKEN = env.token("METRICS_TOKEN")
if METRICS_TOKEN:
    env.require_package("METRICS_TOKEN", "django_prometheus", extra="metrics")
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        "facilities.operations.metrics.metrics",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]
# Seconds that a replica may be behind the primary before its node says that it is not ready.
REPLICA_LAG_LIMIT = env.whole_number("REPLICA_LAG_LIMIT", 2, least=1, most=3_600)

# While this file is there every page is a 503 with the help lines, and nothing reads the database.
MAINTENANCE_FILE = Path(env.text("MAINTENANCE_FILE", str(BASE_DIR / "maintenance")))

# Languages: English at /, Spanish at /es/
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "facilities" / "locale"]
FORMAT_MODULE_PATH = "facilities.locale"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "static-collected"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Where scheduled backups go, and the public half of the age key that they are encrypted to.
if BACKUP_STORAGE := env.storage("BACKUP_URL"):
    STORAGES["backups"] = BACKUP_STORAGE
BACKUP_KEY = env.public_key("BACKUP_KEY")

# Nothing from another origin, nothing inline
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The browser may tell us where the visitor is, if asked; nothing else.
PERMISSIONS_POLICY = {
    "geolocation": "self",
    "accelerometer": [],
    "autoplay": [],
    "browsing-topics": [],
    "camera": [],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "picture-in-picture": [],
    "publickey-credentials-get": [],
    "screen-wake-lock": [],
    "usb": [],
    "xr-spatial-tracking": [],
}
# "no-referrer" would make Chromium send "Origin: null", which Django refuses on every POST.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked on the way that a proxy asks
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# What holds for the hosts below this one is their owner's to say.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.flag("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = HTTPS and env.flag("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # the same two, asked for by Django
# A proxy that ends HTTPS and sets (not passes on) X-Forwarded-Proto
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Pages of other sites may read the open data, in each language, and nothing else. No cookie goes
# with their requests.
CORS_URLS_REGEX = r"^/([a-z]{2}/)?(api|data)/"
CORS_ALLOW_ALL_ORIGINS = True
# Sites that may show the search in a frame of their pages.
EMBED_ORIGINS = env.origins("EMBED_ORIGINS")
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
CORS_ALLOW_HEADERS = ["accept", "content-type", "if-none-match"]
# So many requests a minute may each client make to each process; 0 is no limit.
API_REQUESTS_PER_MINUTE = env.whole_number("API_REQUESTS_PER_MINUTE", 120, least=0, most=100_000)
CORS_EXPOSE_HEADERS = ["ETag", "Link", "Retry-After"]

# No query string, client address, referrer or search term reaches a log: directory/logging.py and
# directory/gunicorn.py say what does. Django's development server would print each query: off.
LOG_FORMAT = env.choice("LOG_FORMAT", ("text", "json"))
LOG_FORMATTER = {"text": "DiscreetFormatter", "json": "JsonFormatter"}[LOG_FORMAT]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": f"directory.logging.{LOG_FORMATTER}"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "discreet"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Refusals of single requests (400 to 499) are in the access log.
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # What the site does: loads, backups, checks, deletions. Never who visits or asks what.
        "facilities": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
        # Would print the address of whoever fails to log in; the table of attempts has it.
        "axes": {"handlers": ["nowhere"], "propagate": False},
    },
}
