"""What a table may be, what may come of each of its cells, where a batch stands."""

from django.db.models import TextChoices


class TargetKind(TextChoices):
    """What a table holds, in the order in which they are proposed."""

    SITES = "sites", "Sites et recensements"
    CONDITIONS = "conditions", "Conditions de vie"
    INDICATORS = "indicators", "Suivi d’un dispositif dans le temps"
    FUNDING = "funding", "Financements"
    ORGANISATIONS = "organisations", "Structures"
    ACTIONS = "actions", "Actions (export de la plateforme nationale)"
    DESCRIPTIONS = "descriptions", "Liste des dispositifs, exportée pour être modifiée"


# What no table is taken for: only a workbook that left from here says that it is one.
HOME_ONLY = frozenset({TargetKind.DESCRIPTIONS})


class RowOutcome(TextChoices):
    """What a row speaks of."""

    THIS = "this", "Celui-ci"
    NEW = "new", "Nouveau"
    CHOOSE = "choose", "À choisir"
    LEFT = "left", "Laissé de côté"
    OUTSIDE = "outside", "Hors de votre territoire"


class CellVerdict(TextChoices):
    """What will happen to one cell."""

    NEW = "new", "Nouveau"
    CHANGED = "changed", "Changé"
    SAME = "same", "Inchangé"
    DOUBTFUL = "doubtful", "À décider"
    REFUSED = "refused", "Refusé"


class BatchState(TextChoices):
    """Where the reading of a file stands."""

    DRAFT = "draft", "Colonnes à vérifier"
    READY = "ready", "Lignes à vérifier"
    APPLYING = "applying", "Enregistrement en cours"
    APPLIED = "applied", "Enregistré"
    UNDOING = "undoing", "Annulation en cours"
    UNDONE = "undone", "Annulé"


class ImportAct(TextChoices):
    """What a batch did to a fact."""

    ENTERED = "entered", "Ajouté"
    CORRECTED = "corrected", "Corrigé"


class AbsentChoice(TextChoices):
    """What becomes of a site that a table says nothing of."""

    STILL = "still", "Toujours là, rien n’a changé"
    CLOSED = "closed", "Fermé"
