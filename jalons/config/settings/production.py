"""Production: refuses to start with a value that would be unsafe."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from jalons.config.settings.base import *  # noqa: F403
from jalons.config.settings.base import (
    ALLOWED_HOSTS,
    DATA_DIR,
    ORIGIN,
    PROCONNECT_CLIENT_ID,
    PROCONNECT_ISSUER,
    PROCONNECT_SECRET,
    REGISTER_MEMORY_KIB,
    SECRET_KEY,
    SIGN_IN_LIMITS,
    STILL_OPEN,
    TRUSTED_PROXIES,
    env,
)

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

if REGISTER_MEMORY_KIB < 64 * 1024:
    raise ImproperlyConfigured("REGISTER_MEMORY_KIB doit rester à 64 Mio au moins en production.")
if STILL_OPEN:
    raise ImproperlyConfigured(
        f"JALONS_DATA_DIR\u00a0: {STILL_OPEN[0]} est lisible par d’autres comptes de la machine, et Jalons ne peut "
        f"pas le fermer. Donnez-lui un dossier à lui (« chown -R jalons {DATA_DIR} »), "
        f"puis « chmod -R go-rwx {DATA_DIR} »."
    )
if "JALONS_TRUSTED_PROXIES" not in env.ENVIRON or not 0 <= TRUSTED_PROXIES <= 5:
    raise ImproperlyConfigured(
        "JALONS_TRUSTED_PROXIES doit dire combien de proxys à vous sont devant Jalons\u00a0: 1 avec celui de "
        "docs/exploitation.md, 0 s'il n'y en a pas. Sans lui, tous les visiteurs auraient la même adresse."
    )
if not 1 <= SIGN_IN_LIMITS[0] <= SIGN_IN_LIMITS[1] <= SIGN_IN_LIMITS[2] <= 1000:
    raise ImproperlyConfigured(
        "JALONS_SIGN_IN_TRIES, JALONS_SIGN_IN_TRIES_BY_ACCOUNT et JALONS_SIGN_IN_TRIES_BY_ADDRESS doivent aller en "
        "croissant, de 1 à 1000."
    )

SECOND_FACTOR = env.str("JALONS_SECOND_FACTOR", "required")
DEMONSTRATION_ALLOWED = env.bool("JALONS_ALLOW_DEMONSTRATION", False)
if SECOND_FACTOR != "required" and not (SECOND_FACTOR == "off" and DEMONSTRATION_ALLOWED):
    raise ImproperlyConfigured(
        "JALONS_SECOND_FACTOR doit rester « required » en production\u00a0; « off » n'est permis que sur une instance "
        "d'essai (JALONS_ALLOW_DEMONSTRATION=true)."
    )
SECOND_FACTOR_REQUIRED = SECOND_FACTOR == "required"
PROCONNECT = (PROCONNECT_ISSUER, PROCONNECT_CLIENT_ID, PROCONNECT_SECRET)
if any(PROCONNECT) and not (all(PROCONNECT) and PROCONNECT_ISSUER.startswith("https://")):
    raise ImproperlyConfigured(
        "JALONS_PROCONNECT_ISSUER (https://…), JALONS_PROCONNECT_CLIENT_ID et JALONS_PROCONNECT_SECRET vont "
        "ensemble\u00a0; sans aucun des trois, ProConnect n'est pas proposé."
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
BACKUP_MAX_HOURS = env.int("JALONS_BACKUP_MAX_HOURS", 26)
