from django.apps import AppConfig
from django.utils.module_loading import import_string

from jalons.core import periodic


class PresenceConfig(AppConfig):
    name = "jalons.presence"
    label = "presence"
    verbose_name = "Sessions et départs"

    def ready(self) -> None:
        # By its name: it reads models, which are not ready when this module is loaded.
        register_opened = import_string("jalons.accounts.opening.register_opened")
        register_opened("jalons.presence.sessions.note_opening")
        register_opened("jalons.presence.leaving.came_back")
        periodic.register(
            periodic.Job(90, "Comptes inutilisés", "jalons.presence.leaving.look_after_accounts")
        )
