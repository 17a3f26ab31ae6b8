from django.apps import AppConfig

from jalons.accounts.rights import register_rights
from jalons.administration.references import register_obstacle
from jalons.backups.apart import register_apart
from jalons.core import periodic
from jalons.discussions.topics import Topic, register_topic
from jalons.households.rights import REGISTER

RETENTION_TOPIC = Topic(
    "register",
    "les ménages de votre registre qui vont s’effacer",
    "Soixante jours avant, le nombre de ménages et la date ; jamais qui.",
    "Ne plus recevoir ces annonces",
)


class HouseholdsConfig(AppConfig):
    name = "jalons.households"
    label = "households"
    verbose_name = "Registre des familles"

    def ready(self) -> None:
        register_rights(REGISTER)
        register_apart("households.HouseholdKey")
        register_topic(RETENTION_TOPIC)
        periodic.register(
            periodic.Job(
                76, "Durée de conservation des registres", "jalons.households.retention.jobs.keep_retention"
            )
        )
        register_obstacle("jalons.households.selectors.merge_obstacle")
