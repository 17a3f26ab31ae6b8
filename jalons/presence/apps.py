from django.apps import AppConfig

from jalons.accounts import opening
from jalons.core import periodic


class PresenceConfig(AppConfig):
    name = "jalons.presence"
    label = "presence"
    verbose_name = "Sessions et départs"

    def ready(self) -> None:
        opening.register_opened("jalons.presence.sessions.note_opening")
        opening.register_opened("jalons.presence.leaving.came_back")
        periodic.register(
            periodic.Job(90, "Comptes inutilisés", "jalons.presence.leaving.look_after_accounts")
        )
