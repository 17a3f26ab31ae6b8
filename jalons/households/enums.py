from django.db.models import TextChoices


class RegisterPart(TextChoices):
    """What an organisation is to a register of families."""

    OWNER = "owner", "Responsable"


class RegisterAct(TextChoices):
    """What is written down of a register: who did it, when, from where; never a name of a family."""

    LIST = "list", "a lu la liste des ménages"
    SHEET = "sheet", "a lu la fiche d’un ménage"
    CHANGED = "changed", "a modifié la fiche d’un ménage"
    TAKEN = "taken", "a emporté des données du registre"
    ERASED = "erased", "a effacé un ménage"
    HANDED = "handed", "a transmis un ménage à une autre structure"
    CREATED = "created", "a créé le registre"
    OPENED = "opened", "a ouvert le registre"
    REFUSED = "refused", "a donné un code refusé"
    RECOVERED = "recovered", "a ouvert le registre par le code de secours"
    CODE = "code", "a choisi un nouveau code"
    INVITED = "invited", "a invité une personne"
    ADMITTED = "admitted", "a donné la clé à une personne"
    WITHDRAWN = "withdrawn", "a retiré une personne"
    RENEWED = "renewed", "a changé la clé du registre"
    PRINTED = "printed", "a fait un nouveau code de secours"
    DESTROYED = "destroyed", "a supprimé tout le registre"
    HEADED = "headed", "a changé qui est responsable"
    UNITED = "united", "a réuni deux ménages"
    PARTED = "parted", "a séparé un ménage"
    ACCEPTED = "accepted", "a accepté un ménage confié"
    DECLINED = "declined", "a refusé un ménage confié"
    TAKEN_BACK = "back", "a repris un ménage confié avant la réponse"
    IMPORTED = "imported", "a repris des ménages d’un tableau"
    UNDONE = "undone", "a annulé la reprise d’un tableau"


class ImportState(TextChoices):
    """What became of a table of families."""

    READ = "read", "à vérifier"
    APPLIED = "applied", "enregistré"


class ErasureReason(TextChoices):
    """Why a household was erased."""

    RETENTION = "retention", "durée de conservation"
    ASKED = "asked", "demande de la famille"
    OBJECTED = "objected", "opposition de la famille"
    HANDED = "handed", "transmis à une autre structure"
    MISTAKE = "mistake", "saisi par erreur"
    LEAVING = "leaving", "fermeture du registre"
    MERGED = "merged", "réuni à un autre ménage"


class HandingState(TextChoices):
    """Where the copy of a household that was handed to another organisation stands."""

    WAITING = "waiting", "attend une réponse"
    ACCEPTED = "accepted", "acceptée"
    DECLINED = "declined", "refusée"
    TAKEN_BACK = "back", "reprise"
    EXPIRED = "expired", "sans réponse, détruite"


class HandingRefusal(TextChoices):
    """Why it was declined: a choice and not a text, for it is read by another organisation and is not sealed."""

    FULL = "full", "Nous n’avons plus de place"
    ELSEWHERE = "elsewhere", "Ce n’est ni notre territoire, ni notre mission"
    UNSURE = "unsure", "L’accord de la famille n’est pas clair"
    OTHER = "other", "Autre raison : appelez-nous"
    CLOSED = "closed", "Le registre de la structure est supprimé"
