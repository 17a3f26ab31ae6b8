"""Production: refuses to start with a value that would be unsafe."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from jalons.config.settings.base import *  # noqa: F403
from jalons.config.settings.base import ALLOWED_HOSTS, ORIGIN, SECRET_KEY, env

if env.bool("JALONS_DEBUG", False) or env.bool("DEBUG", False):
    raise ImproperlyConfigured(
        "JALONS_DEBUG doit rester absent en production : il montrerait le code et les données."
    )
if len(SECRET_KEY) < 50 or SECRET_KEY.startswith(("django-insecure", "tests-only", "change")):
    raise ImproperlyConfigured(
        "JALONS_SECRET_KEY est trop court ou par défaut : laissez-le vide pour qu'une clé soit créée "
        "dans JALONS_DATA_DIR, ou donnez au moins 50 caractères tirés au hasard."
    )
if (
    "JALONS_HOSTS" not in env.ENVIRON
    or not ALLOWED_HOSTS
    or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS)
):
    raise ImproperlyConfigured(
        "JALONS_HOSTS doit nommer chaque hôte servi (« jalons.example.fr »), jamais « * »."
    )
origin = urlsplit(ORIGIN)
if (
    (origin.scheme, origin.path, origin.query, origin.fragment) != ("https", "", "", "")
    or origin.username
    or origin.hostname not in ALLOWED_HOSTS
):
    raise ImproperlyConfigured(
        "JALONS_ORIGIN doit dire où mènent les liens des courriels : https:// puis un hôte de JALONS_HOSTS "
        "(« https://jalons.example.fr »)."
    )

DEBUG = False
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_SSL_REDIRECT = env.bool("JALONS_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^sante$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEMONSTRATION_ALLOWED = env.bool("JALONS_ALLOW_DEMONSTRATION", False)
