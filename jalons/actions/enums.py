"""What a dispositif may be about, where, with which money, when it is followed."""

from typing import Any

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


def block(
    code: str, label: str, *, theme: ActionTheme | None = None, asks_difficulties: bool = False
) -> tuple[Any, ...]:
    """A part of the follow-up, declared once. `code` is stored: it never changes.

    `theme`: the theme of a dispositif that opens it; without one it is always there (the public) or opened by its own
    indicators (local). `asks_difficulties`: the difficulties met are asked with it.
    """
    return code, theme, asks_difficulties, label


class Block(TextChoices):
    """A part of the follow-up: what is filled in, shown and found missing together. Mediation has none of its own."""

    theme: ActionTheme | None
    asks_difficulties: bool

    def __new__(cls, code: str, theme: ActionTheme | None = None, asks_difficulties: bool = False) -> "Block":
        member = str.__new__(cls, code)
        member._value_ = code
        member.theme, member.asks_difficulties = theme, asks_difficulties
        return member

    PUBLIC = block("public", "Public")
    SCHOOL = block("school", "Scolarisation", theme=ActionTheme.SCHOOL, asks_difficulties=True)
    WORK = block("work", "Formation et emploi", theme=ActionTheme.WORK)
    HOUSING = block("housing", "Logement", theme=ActionTheme.HOUSING)
    HEALTH = block("health", "Santé", theme=ActionTheme.HEALTH)
    RIGHTS = block("rights", "Accès aux droits", theme=ActionTheme.RIGHTS)
    SITE = block("site", "Site", theme=ActionTheme.SAFETY)
    LOCAL = block("local", "Indicateurs propres au dispositif")


THEME_BLOCKS = {block.theme: block for block in Block if block.theme is not None}


def block_choices() -> list[tuple[str, str]]:
    """By its name in the migrations: a new block changes no column."""
    return [(block.value, str(block.label)) for block in Block]


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
