from django.apps import AppConfig

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.administration.references import register_obstacle
from jalons.backups.apart import register_apart
from jalons.core import navigation, periodic
from jalons.discussions.topics import Topic, register_topic
from jalons.households.rights import REGISTER
from jalons.indicators.offers import register_offers

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
        register_apart("households.HandedCopy")
        register_topic(RETENTION_TOPIC)
        periodic.register(
            periodic.Job(
                76, "Durée de conservation des registres", "jalons.households.retention.jobs.keep_retention"
            )
        )
        register_obstacle("jalons.households.selectors.merge_obstacle")
        register_offers("jalons.households.numbers.provider.register_offer")
        periodic.register(
            periodic.Job(
                77, "Lectures anciennes des registres", "jalons.households.journal.forget_old_readings"
            )
        )
        navigation.register(
            navigation.NavItem(
                25, "Familles", "households:home", may(Right.KEEP_REGISTER), prefix="/registre/"
            )
        )
