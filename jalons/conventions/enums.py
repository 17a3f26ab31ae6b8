"""What a convention, its sheets, its columns and its alerts may be."""

from django.db.models import TextChoices


class ConventionNature(TextChoices):
    """What kind of agreement it is."""

    INITIAL = "initial", "Convention initiale"
    ANNUAL = "annual", "Convention annuelle"
    AMENDMENT = "amendment", "Avenant"


class ConventionState(TextChoices):
    """Where a convention stands in its year."""

    DRAFT = "draft", "En préparation"
    VOTED = "voted", "Votée"
    SIGNED = "signed", "Signée"
    CLOSED = "closed", "Terminée"


class PartySide(TextChoices):
    """Who a signatory is to the money: whose share it brings."""

    STATE = "state", "État"
    DEPARTEMENT = "departement", "Département"
    OTHER = "other", "Autre"


class Family(TextChoices):
    """Which commitments a sheet belongs to."""

    SOCLE = "socle", "Socle"
    INITIATIVE = "initiative", "Initiative départementale"
    OTHER = "other", "Autre"


class ColumnMeasure(TextChoices):
    """What the figures of a column are. Named as in the exchange format."""

    OBJECTIVE = "objectif", "Objectif"
    ACTUAL = "realise", "Réalisé"
    ACCOUNT = "bilan", "Bilan"


class Stage(TextChoices):
    """Of an amount: what was foreseen, promised, spent."""

    PLANNED = "planned", "Prévu"
    COMMITTED = "committed", "Engagé"
    EXECUTED = "executed", "Exécuté"


class LineKind(TextChoices):
    """What a line of the financial annex is. Named as in the exchange format."""

    SECTION = "section", "Section"
    SHEET = "fiche", "Fiche"
    SUBTOTAL = "sous-total", "Sous-total"
    TOTAL = "total", "Total"
    FAMILY_TOTAL = "total_famille", "Total d’une famille"
    GRAND_TOTAL = "total_general", "Total général"
    OTHER = "autre", "Autre ligne"


class AlertLevel(TextChoices):
    """How serious an alert is. An error must be acknowledged or mended before transmission."""

    ERROR = "error", "Erreur"
    WARNING = "warning", "Attention"
    INFO = "info", "Information"


class AlertScope(TextChoices):
    """What a rule looks at, so that a save runs only the rules that it may have changed."""

    MONEY = "money", "Argent"
    STRUCTURE = "structure", "Structure"
    INDICATORS = "indicators", "Indicateurs"
    DATES = "dates", "Dates"
    DELIBERATION = "deliberation", "Délibération"
    FILE = "file", "Fichier"


class EditionKind(TextChoices):
    """Why a version was frozen."""

    VOTE = "vote", "Version votée"
    AMENDMENT = "amendment", "Avenant"
    REPORT = "report", "Rapport d’exécution"


class ReportState(TextChoices):
    """The steps of the execution report, in order."""

    TO_FILL = "to_fill", "À compléter"
    FILLED = "filled", "Complété"
    REVIEWED = "reviewed", "Relu"
    VOTED = "voted", "Voté"
    SENT = "sent", "Transmis aux préfets"
    PUBLISHED = "published", "Mis en ligne"
    PRESENTED = "presented", "Présenté"


class ConventionRole(TextChoices):
    """What an organisation does on a convention. Rights depend on it: see `rights`."""

    PILOT = "pilot", "Pilote de la convention"
    FICHE_REFERENT = "fiche_referent", "Référent de fiche"
    TERRITORY_CONTRIBUTOR = "territory_contributor", "Contributeur territorial"
    OPERATOR = "convention_operator", "Opérateur"
    FINANCE = "finance", "Finances"
    STATE_PARTNER = "state_partner", "Partenaire de l’État"
    ASSEMBLY_OFFICE = "assembly_office", "Service des assemblées"
    READER = "reader", "Lecteur"
