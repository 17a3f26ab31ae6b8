"""Settings of the test suite: quick passwords, nothing outside this machine. See also tests/conftest.py."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Each process of the tests has its own folder, so that no test reads or writes the data of the machine.
SCRATCH = Path(tempfile.mkdtemp(prefix="jalons-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
os.environ["JALONS_DATA_DIR"] = str(SCRATCH)

from jalons.config.settings.base import *  # noqa: E402, F403
from jalons.config.settings.base import DATABASES, STORAGES  # noqa: E402

SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ORIGIN = "https://jalons.exemple.test"
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
        "OPTIONS": {**STORAGES["default"]["OPTIONS"], "location": SCRATCH / "uploads"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"] == "jalons.core.sqlite":
    # What a power cut would do to these databases matters to nobody.
    OPTIONS = DATABASES["default"]["OPTIONS"]
    OPTIONS["init_command"] = OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    # A file, so that a browser and its server thread share it with the test.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
# A thread of the live server may outlive the browser that it answered: it must not hold the base that goes away.
DATABASES["default"]["CONN_MAX_AGE"] = 0

# A register code is derived in a millisecond.
REGISTER_MEMORY_KIB = 64

# One address asks for all pages of the tests.
OPEN_PAGES_A_MINUTE = 0
