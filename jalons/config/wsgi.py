import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalons.config.settings.production")
application = get_wsgi_application()

# Needs the applications.
from django.urls import get_resolver  # noqa: E402

from jalons.core.memory import settle  # noqa: E402

# Every page is loaded before the first one is asked for.
get_resolver().url_patterns  # noqa: B018
settle()
