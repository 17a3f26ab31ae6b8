"""Who prepares and publishes the open figures: those who see the whole country, and those who run the instance."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights

PUBLIC = Rights(
    order=45,
    title="Chiffres ouverts",
    reaches={
        Right.PUBLISH_FIGURES: {Role.NATIONAL: Reach.ALL, Role.NATIONAL_ADMIN: Reach.ALL},
    },
)
