"""Settings of the test suite: quick passwords, no network, templates that fail loudly."""

import tempfile
from pathlib import Path

from jalons.config.settings.base import *  # noqa: F403
from jalons.config.settings.base import DATABASES, STORAGES, TEMPLATES

SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
GEOCODER_URL = ""
MAP_TILE_URL = ""
COMPONENTS_PAGE = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STORAGES = {
    **STORAGES,
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": Path(tempfile.mkdtemp(prefix="jalons-tests-")), "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "«VARIABLE ABSENTE : %s»"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that a browser and its server thread share it with the test.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.mkdtemp(prefix="jalons-tests-")) / "test.sqlite3")}
