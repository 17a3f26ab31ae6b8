"""Settings shared by development, production and tests. Everything that varies comes from the environment."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from whitenoise.compress import Compressor

from jalons.config.private import BASE_DIR, close_to_others, data_dir

env = environ.Env()
DATA_DIR = data_dir()


def secret_from_file(path: Path) -> str:
    """The key kept in `path`, made on first run and readable by its owner only."""
    if not path.exists():
        # Written aside, then linked: two processes starting together read one and the same whole key.
        handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip()


SECRET_KEY = env.str("JALONS_SECRET_KEY", "") or secret_from_file(DATA_DIR / "secret_key")
# The key and the database are closed to the other accounts of the machine now, attachments when the server starts.
STILL_OPEN = close_to_others(DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = env.list("JALONS_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

INSTALLED_APPS = [
    "jalons.demonstration",
    "jalons.public",
    "jalons.editions",
    "jalons.maps",
    "jalons.reports",
    "jalons.layers",
    "jalons.households",
    "jalons.imports",
    "jalons.administration",
    "jalons.directory",
    "jalons.search",
    "jalons.sites",
    "jalons.actions",
    "jalons.indicators",
    "jalons.conventions",
    "jalons.urgency",
    "jalons.proposals",
    "jalons.sharing",
    "jalons.alike",
    "jalons.figures",
    "jalons.discussions",
    "jalons.documents",
    "jalons.exports",
    "jalons.charter",
    "jalons.presence",
    "jalons.joining",
    "jalons.proconnect",
    "jalons.second_factor",
    "jalons.readership",
    "jalons.accounts",
    "jalons.thresholds",
    "jalons.territories",
    "jalons.editing",
    "jalons.history",
    "jalons.backups",
    "jalons.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jalons.core.middleware.KeepsNothing",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "jalons.core.middleware.SaysWhy",
    "jalons.core.middleware.ForgivingSession",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jalons.charter.middleware.CharterFirst",
    "jalons.accounts.middleware.ActingFor",
    "django_otp.middleware.OTPMiddleware",
    "jalons.accounts.middleware.TerritoryClock",
    "jalons.thresholds.middleware.ThresholdsReadOnce",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jalons.second_factor.middleware.AsksSecondFactor",
    "axes.middleware.AxesMiddleware",
    # Last: the first to hear of what a view raises.
    "jalons.editing.middleware.SeveralAtOnce",
]

ROOT_URLCONF = "jalons.config.urls"
WSGI_APPLICATION = "jalons.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["jalons.core.loaders.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jalons.core.context.page",
            ],
            "builtins": [
                "jalons.core.templatetags.jalons",
                "jalons.core.templatetags.components",
                "jalons.core.templatetags.list_components",
                "jalons.core.templatetags.form_components",
                "jalons.core.templatetags.drawing_components",
                "django.templatetags.static",
            ],
        },
    }
]
FORM_RENDERER = "jalons.core.renderers.JalonsRenderer"


DATABASE_PATIENCE = 5  # seconds
# How PostgreSQL plans our queries, said by each connection: see docs/adr/0046.
POSTGRES_PLANS = "-c random_page_cost=1.1 -c jit=off"


def database(url: str) -> dict[str, Any]:
    """SQLite beside the data, tuned for several writers, or what `DATABASE_URL` names."""
    if url:
        named = env.db_url_config(url)
        if "postgres" in str(named["ENGINE"]):
            # A server that is away is told in seconds, not when the system gives up; an option of the URL wins.
            named["OPTIONS"] = {
                "connect_timeout": DATABASE_PATIENCE,
                "options": POSTGRES_PLANS,
                **named.get("OPTIONS", {}),
            }
        return {**named, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return {
        "ENGINE": "jalons.core.sqlite",
        "NAME": DATA_DIR / "jalons.sqlite3",
        # IMMEDIATE takes the write lock at BEGIN: a reader that turns writer would otherwise fail with
        # « database is locked » instead of waiting its turn.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                # FULL: what was answered « enregistré » is on the disk, even if the power goes the next moment.
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536;"
            ),
        },
    }


DATABASES = {"default": database(env.str("DATABASE_URL", ""))}
# The reason of a change may quote a name: the library's 100 characters would be refused by PostgreSQL.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    # Reads the account of an open session; the one above proves a password.
    "jalons.accounts.backends.SessionBackend",
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
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_RESET_TIMEOUT = 3600 * 4
# How many proxies of ours stand before Jalons: each is believed about who spoke to it, and nobody else.
TRUSTED_PROXIES = env.int("JALONS_TRUSTED_PROXIES", 0)
OPEN_PAGES_A_MINUTE = env.int("JALONS_OPEN_PAGES_A_MINUTE", 300)
AXES_CLIENT_IP_CALLABLE = "jalons.core.headers.client_address"
AXES_HANDLER = "jalons.accounts.throttle.JalonsHandler"
AXES_FAILURE_LIMIT = env.int("JALONS_SIGN_IN_TRIES", 5)
AXES_COOLOFF_TIME = 0.25  # hours
# Wrong passwords for one account from one address, for one account from anywhere, from one address for any account.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
SIGN_IN_LIMITS = [
    AXES_FAILURE_LIMIT,
    env.int("JALONS_SIGN_IN_TRIES_BY_ACCOUNT", 20),
    env.int("JALONS_SIGN_IN_TRIES_BY_ADDRESS", 50),
]
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "jalons.accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that the page announces does not move
# A refused try is written down; what the page carries meanwhile (core.resume) is not.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "kept", "next"]

SESSION_COOKIE_AGE = env.int("JALONS_SESSION_SECONDS", 12 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token in the page, but a plain cookie keeps expired forms valid
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "jalons.core.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# Background tiles of the map. Empty: only the outlines that Jalons holds are drawn.
MAP_TILE_URL = env.str(
    "JALONS_MAP_TILES",
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
    "&STYLE=normal&TILEMATRIXSET=PM&FORMAT=image/png&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
)
MAP_TILE_ATTRIBUTION = env.str("JALONS_MAP_ATTRIBUTION", "IGN-F/Géoportail")
# Address search, in the shape of the national address base. Empty: communes only.
GEOCODER_URL = env.str("JALONS_GEOCODER", "https://data.geopf.fr/geocodage")
GEOCODER_TIMEOUT = env.float("JALONS_GEOCODER_TIMEOUT", 2.0)  # seconds


def origin_of(url: str) -> list[str]:
    """`scheme://host` of `url`, as a content security policy wants it; nothing for an empty URL."""
    return ["/".join(url.split("/", 3)[:3])] if url else []


# ProConnect (OpenID Connect). Without an issuer, no button.
PROCONNECT_ISSUER = env.str("JALONS_PROCONNECT_ISSUER", "")
PROCONNECT_CLIENT_ID = env.str("JALONS_PROCONNECT_CLIENT_ID", "")
PROCONNECT_SECRET = env.str("JALONS_PROCONNECT_SECRET", "")
PROCONNECT_TIMEOUT = env.float("JALONS_PROCONNECT_TIMEOUT", 5.0)  # seconds

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *origin_of(MAP_TILE_URL)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Signing out is a form, whose answer leads to ProConnect.
        "form-action": [SELF, *origin_of(PROCONNECT_ISSUER)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "fr-fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("JALONS_STATIC_ROOT", str(BASE_DIR / "build" / "static")))
STATICFILES_DIRS = [
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist" / "css"),
    ("vendor/source-sans-3", NODE_MODULES / "@fontsource-variable" / "source-sans-3" / "files"),
    ("vendor/leaflet", NODE_MODULES / "leaflet" / "dist"),
    ("vendor/markercluster", NODE_MODULES / "leaflet.markercluster" / "dist"),
]
STATICFILES_FINDERS = [
    "jalons.config.finders.PackagesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
OWNER_ONLY = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "uploads", "base_url": None, **OWNER_ONLY},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Uploads: what people attach to a site. Sizes in bytes.
DOCUMENT_MAX_BYTES = env.int("JALONS_DOCUMENT_MAX_BYTES", 15 * 1024 * 1024)
DOCUMENT_TYPES = env.list(
    "JALONS_DOCUMENT_TYPES", default=["pdf", "png", "jpg", "docx", "odt", "xlsx", "ods", "csv", "txt"]
)
# What is too large is dropped as it arrives, neither in memory nor on disk; small files stay in memory.
FILE_UPLOAD_HANDLERS = [
    "jalons.documents.uploads.LimitedUpload",
    "jalons.documents.uploads.SealedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 10  # attached at once; together no larger than one
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
COMMENT_MAX_LENGTH = env.int("JALONS_COMMENT_MAX_LENGTH", 5000)  # characters

# How an e-mail names this instance, since nobody asks for a page when it is written.
ORIGIN = env.str("JALONS_ORIGIN", f"http://127.0.0.1:{env.str('JALONS_PORT', '') or 8000}").rstrip("/")
EMAIL_TIMEOUT = 30  # seconds of silence before a mail server is said to be gone
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("JALONS_FROM_EMAIL", "Jalons <ne-pas-repondre@localhost>")

# What one try of a register code costs, in KiB of memory (RFC 9106). Only tests lower it; production refuses to.
REGISTER_MEMORY_KIB = 64 * 1024

# Two proofs asked of those who manage accounts or take justice data away: « required » or « off ».
SECOND_FACTOR = env.str("JALONS_SECOND_FACTOR", "off")
SECOND_FACTOR_REQUIRED = SECOND_FACTOR == "required"
OTP_TOTP_ISSUER = "Jalons"
# A passkey belongs to one name, never to a number: on this machine, to « localhost ».
PASSKEY_ORIGIN = ORIGIN.replace("//127.0.0.1", "//localhost")
OTP_WEBAUTHN_RP_ID = urlsplit(PASSKEY_ORIGIN).hostname or "localhost"
OTP_WEBAUTHN_RP_NAME = "Jalons"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [PASSKEY_ORIGIN]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
OTP_WEBAUTHN_HELPER_CLASS = "jalons.second_factor.passkeys.PasskeyHelper"

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
COMPONENTS_PAGE = False
DEMONSTRATION_ALLOWED = True

# Health page: below this much free space in DATA_DIR (bytes), Jalons says it is broken; a task that has
# waited longer than this (minutes), that its worker is late.
HEALTH_MIN_FREE_BYTES = env.int("JALONS_HEALTH_MIN_FREE_BYTES", 500 * 1024 * 1024)
HEALTH_QUEUE_MINUTES = env.int("JALONS_HEALTH_QUEUE_MINUTES", 15)
# Beyond this age (hours), the last verified backup is said to be too old; 0: backups are not watched.
BACKUP_MAX_HOURS = env.int("JALONS_BACKUP_MAX_HOURS", 0)
BACKUP_KEY_FILE = env.str("JALONS_BACKUP_KEY_FILE", "")

DEFAULT_EXCEPTION_REPORTER_FILTER = "jalons.core.incidents.HidesCookies"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"incidents": {"()": "jalons.core.incidents.NumberIncidents"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["incidents"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}, "jalons": {"level": "INFO"}},
}
