from django.apps import AppConfig
from django.conf import settings

from jalons.accounts import opening


class ProConnectConfig(AppConfig):
    name = "jalons.proconnect"
    label = "proconnect"
    verbose_name = "ProConnect"

    def ready(self) -> None:
        opening.register_door(
            opening.Door(
                "Se connecter avec ProConnect", "proconnect:start", lambda: bool(settings.PROCONNECT_ISSUER)
            )
        )
        opening.register_opened("jalons.proconnect.views.link_once_open")
        opening.register_farewell("jalons.proconnect.views.farewell")
