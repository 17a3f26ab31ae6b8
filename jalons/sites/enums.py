"""Nomenclatures of sites: code = French label."""

from django.db.models import IntegerChoices, TextChoices


class SiteKind(TextChoices):
    LAND = "land", "Terrain"
    BUILDING = "building", "Immeuble bâti"
    OTHER = "other", "Autre"
    UNKNOWN = "unknown", "Inconnu"


class OwnerKind(TextChoices):
    PUBLIC = "public", "Public"
    PRIVATE = "private", "Privé"
    MIXED = "mixed", "Mixte"
    UNKNOWN = "unknown", "Inconnu"


class TriState(TextChoices):
    """A fact that may be unknown; never a bare boolean."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "Inconnu"


class Origin(TextChoices):
    """The only origins that are ever recorded: ethnic data are forbidden by law."""

    FRENCH = "french", "Ressortissants français"
    EUROPEAN = "european", "Ressortissants européens"
    OTHER = "other", "Extracommunautaires"


class SiteStatus(TextChoices):
    OPEN = "open", "Ouvert"
    CLOSED = "closed", "Fermé"


class ClosingReason(TextChoices):
    RESORBED = "resorbed", "Résorption progressive du site"
    COURT = "court", "Décision de justice suite à une plainte du propriétaire"
    PREFECTURE = "prefecture", "Décision administrative de la préfecture"
    COMMUNE = "commune", "Décision administrative de la commune"
    VOLUNTARY = "voluntary", "Départ volontaire des habitants"
    OTHER = "other", "Autre (préciser)"
    UNKNOWN = "unknown", "Raison inconnue"


class OrientationKind(TextChoices):
    """Where the people of a closing site went."""

    SHELTER = "shelter", "Mise à l’abri temporaire"
    LONG_STAY = (
        "long_stay",
        "Hébergement ou logement adapté de longue durée avec accompagnement, dont terrain d’insertion",
    )
    HOUSING = "housing", "Logement"
    NONE = "none", "Aucune"
    OTHER = "other", "Autre"


class SourceKind(TextChoices):
    """Who observed."""

    OPERATOR = "operator", "Diagnostic d’un opérateur"
    POLICE = "police", "Police ou gendarmerie"
    MUNICIPALITY = "municipality", "Mairie"
    STATE = "state", "Service de l’État"
    ESTIMATE = "estimate", "Estimation"
    OTHER = "other", "Autre"


class Reliability(IntegerChoices):
    """How a count was made. The order decides between surveys of one date."""

    ESTIMATED = 1, "Estimé"
    DECLARED = 2, "Déclaré"
    COUNTED = 3, "Compté"


class Theme(TextChoices):
    """The six living conditions."""

    WATER = "water", "Eau"
    SANITATION = "sanitation", "Toilettes et hygiène"
    ELECTRICITY = "electricity", "Électricité"
    WASTE = "waste", "Déchets"
    PESTS = "pests", "Nuisibles"
    FIRE = "fire", "Risque d’incendie"


class Condition(IntegerChoices):
    """The computed state of a living condition, worst first."""

    BAD = 1, "Mauvais"
    TO_IMPROVE = 2, "À améliorer"
    GOOD = 3, "Bon"
    UNKNOWN = 4, "Inconnu"

    @property
    def sign(self) -> str:
        """The kind of badge that shows it."""
        return {1: "late", 2: "due", 3: "good", 4: "unknown"}[self.value]


class DiagnosisStatus(TextChoices):
    NONE = "none", "Non prévu"
    SCHEDULED = "scheduled", "Prévu"
    DONE = "done", "Réalisé"
    UNKNOWN = "unknown", "Inconnu"


class ProcedureKind(TextChoices):
    """A step of the judicial or administrative life of a site."""

    COMPLAINT = "complaint", "Dépôt de plainte du propriétaire"
    JUDICIAL = "judicial", "Procédure judiciaire (référé, tribunal)"
    DECISION = "decision", "Décision de justice"
    ORDER = "order", "Arrêté administratif d’évacuation"
    INSALUBRITY = "insalubrity", "Arrêté d’insalubrité (RHI)"
    CFP = "cfp", "Concours de la force publique"
    BAILIFF = "bailiff", "Commissaire de justice"
    LITIGATION = "litigation", "Contentieux"
    EVACUATION = "evacuation", "Évacuation prévue"


class ProcedureStatus(TextChoices):
    """Where a step stands. NONE to REFUSED are the words of the concours de la force publique."""

    NONE = "none", "Non demandé"
    REQUESTED = "requested", "Demandé ou en cours"
    GRANTED = "granted", "Obtenu ou favorable"
    REFUSED = "refused", "Refusé ou rejeté"
    UNKNOWN = "unknown", "Inconnu"


class EventKind(TextChoices):
    INSTALLATION = "installation", "Installation"
    REPORT = "report", "Signalement"
    VISIT = "visit", "Visite"
    FIRE = "fire", "Incendie"
    INCIDENT = "incident", "Incident"
    EVACUATION = "evacuation", "Évacuation"
    WORKS = "works", "Travaux ou aménagement"
    OTHER = "other", "Autre"


class SiteReportState(TextChoices):
    """What became of a site reported by somebody who may not declare it."""

    PENDING = "pending", "En attente"
    ACCEPTED = "accepted", "Site déclaré"
    MERGED = "merged", "Site déjà connu"
    REFUSED = "refused", "Refusé"


class StepKind(TextChoices):
    """The preparatory steps of a resorption, in the order in which they are shown; they may be taken in any other."""

    SOCIOLOGICAL = "sociological", "Diagnostic sociologique"
    TECHNICAL = "technical", "Diagnostic technique"
    SOCIAL = "social", "Diagnostic social"
    POLITICAL = "political", "Validation politique"
    PROCUREMENT = "procurement", "Montage du marché"
    FITTING_OUT = "fitting_out", "Aménagement du terrain"
    INFORMING = "informing", "Information des familles"
    CONTRACTS = "contracts", "Contractualisation"
    OPENING = "opening", "Ouverture"


class StepState(TextChoices):
    """What somebody wrote of a preparatory step. Whether it is late is computed: see `StepStatus`."""

    FORESEEN = "foreseen", "Prévue"
    UNDER_WAY = "under_way", "En cours"
    DONE = "done", "Faite"
    NOT_NEEDED = "not_needed", "Sans objet"


class StepStatus(TextChoices):
    """Where a preparatory step stands on a day: what was written of it, the date foreseen, the site open or closed."""

    DONE = "done", "Faite"
    UNDER_WAY = "under_way", "En cours"
    FORESEEN = "foreseen", "Prévue"
    LATE = "late", "En retard"
    NOT_NEEDED = "not_needed", "Sans objet"
    STOPPED = "stopped", "Interrompue"
    UNKNOWN = "unknown", "Non renseignée"

    @property
    def sign(self) -> str:
        """The kind of badge that shows it."""
        return {"done": "good", "late": "late", "under_way": "due"}.get(self.value, "unknown")


class Suitability(TextChoices):
    """Whether a site can be fitted out, rather than looking for another ground."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    TO_STUDY = "to_study", "À étudier"
    UNKNOWN = "unknown", "Inconnu"


class SiteConstraint(TextChoices):
    """What makes it hard to fit a site out. « Propriété » says that it is a difficulty, never who owns."""

    WATER = "water", "Réseau d’eau"
    ELECTRICITY = "electricity", "Électricité"
    POLLUTION = "pollution", "Pollution"
    FLOOD = "flood", "Zone inondable"
    PROPERTY = "property", "Propriété"
    ACCESS = "access", "Accès"
    SURFACE = "surface", "Surface"
    OTHER = "other", "Autre (préciser)"
