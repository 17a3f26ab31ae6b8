"""Jalons on a database of its own, apart from that of the tests: see `tests.core.apart`."""

from jalons.config.settings.development import *  # noqa: F403
from jalons.config.settings.development import STORAGES


class NoMigrations:
    """Tables are made as the models say: quicker than their whole history."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: object) -> None:
        return None


MIGRATION_MODULES = NoMigrations()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
GEOCODER_URL = ""
HEALTH_MIN_FREE_BYTES = 0
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
