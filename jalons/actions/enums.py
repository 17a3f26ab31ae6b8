"""What a dispositif may be about, where, with which money, when it is followed."""

from django.db.models import TextChoices


class ActionTheme(TextChoices):
    """What a dispositif works on; several at once."""

    HEALTH = "health", "Santé"
    SCHOOL = "school", "Éducation et scolarisation"
    WORK = "work", "Formation et emploi"
    HOUSING = "housing", "Logement"
    SAFETY = "safety", "Stabilisation et sécurisation du site"
    RIGHTS = "rights", "Accès aux droits"
    MEDIATION = "mediation", "Médiation"


class Block(TextChoices):
    """A part of the follow-up: what is filled in, shown and found missing together."""

    PUBLIC = "public", "Public"
    SCHOOL = "school", "Scolarisation"
    WORK = "work", "Formation et emploi"
    HOUSING = "housing", "Logement"
    HEALTH = "health", "Santé"
    RIGHTS = "rights", "Accès aux droits"
    SITE = "site", "Site"
    LOCAL = "local", "Indicateurs propres au dispositif"


# The public is always followed; mediation has no block of its own.
THEME_BLOCKS = {
    ActionTheme.HEALTH: Block.HEALTH,
    ActionTheme.SCHOOL: Block.SCHOOL,
    ActionTheme.WORK: Block.WORK,
    ActionTheme.HOUSING: Block.HOUSING,
    ActionTheme.SAFETY: Block.SITE,
    ActionTheme.RIGHTS: Block.RIGHTS,
}


class ActionPlace(TextChoices):
    """Where a dispositif works, beside the sites and the insertion sites that it names."""

    HOUSING = "housing", "Dans le logement"
    TERRITORY = "territory", "Sur un territoire"
    OTHER = "other", "Autre lieu"


class Rhythm(TextChoices):
    """How often the follow-up is asked. The national campaigns of June and December are in each of them."""

    MONTHLY = "monthly", "Chaque mois"
    QUARTERLY = "quarterly", "Chaque trimestre"
    HALF_YEARLY = "half_yearly", "Deux fois par an (fin juin et fin décembre)"


class FundingType(TextChoices):
    """Whose money it is."""

    DEDICATED = "dedicated", "Crédits dédiés à la résorption (Dihal)"
    STATE = "state", "État hors crédits dédiés"
    DEPARTEMENT = "departement", "Conseil départemental"
    LOCAL = "local", "Autre collectivité"
    EUROPEAN = "european", "Fonds européens"
    PRIVATE = "private", "Privé"
    OTHER = "other", "Autre"


class Job(TextChoices):
    """Who works in the team."""

    SOCIAL_WORKER = "social_worker", "Travailleur social"
    WORK_ADVISER = "work_adviser", "Conseiller d’insertion professionnelle"
    HEAD = "head", "Coordinateur ou chef de service"
    CIVIC_SERVICE = "civic_service", "Service civique"
    UPKEEP = "upkeep", "Entretien, gardiennage"
    INTERPRETER = "interpreter", "Interprète"
    MEDIATOR = "mediator", "Médiateur"
    VOLUNTEER = "volunteer", "Bénévole"
    OTHER = "other", "Autre"


class Difficulty(TextChoices):
    """What keeps children out of school."""

    CANTEEN = "canteen", "Cantine"
    TRANSPORT = "transport", "Transport"
    LANGUAGE_CLASS = "language_class", "Manque de place en UPE2A"
    REFUSAL = "refusal", "Refus de scolarisation"
    OTHER = "other", "Autre"


class DueState(TextChoices):
    """Where one who fills in stands before a deadline. The values are those of the look: good, due, late."""

    GOOD = "good", "À jour"
    DUE = "due", "À remplir"
    LATE = "late", "En retard"


class ParticipationRole(TextChoices):
    """What an organisation does in a dispositif. Rights depend on it: see `rights`."""

    PILOT = "pilot", "Pilote"
    OPERATOR = "operator", "Opérateur"
    PARTNER = "partner", "Partenaire"
    FUNDER = "funder", "Financeur"
