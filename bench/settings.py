"""As in production (no debugging, cached templates), but over plain HTTP and without collected files."""

from jalons.config.settings.base import *  # noqa: F403
from jalons.config.settings.base import DATA_DIR, LOGGING, STORAGES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
GEOCODER_URL = ""
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# An absent screen is said in the table.
LOGGING = {**LOGGING, "loggers": {"django": {"level": "CRITICAL"}, "axes": {"level": "ERROR"}}}
