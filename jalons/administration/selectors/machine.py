"""What the server did and waits to do: e-mails, jobs, settings. Nothing personal beyond the address of a letter."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django_tasks_db.models import DBTaskResult

from jalons.core.values import format_number, plural
from jalons.discussions.models import Mail

WAITING, SENT, REFUSED, UNCERTAIN = "waiting", "sent", "refused", "uncertain"
MAIL_STATES = {
    WAITING: ("due", "en attente"),
    SENT: ("good", "parti"),
    REFUSED: ("late", "refusé"),
    UNCERTAIN: ("late", "incertain"),
}
# Statuses of `django_tasks`, in the words of the page.
JOB_STATES = {
    "READY": ("due", "en attente"),
    "RUNNING": ("due", "en cours"),
    "SUCCESSFUL": ("good", "fait"),
    "FAILED": ("late", "en échec"),
}


def mails(state: str = "") -> QuerySet[Mail]:
    """The outbox, newest first, each with its `state`; those of one state when it is named."""
    outbox = Mail.objects.select_related("user").annotate(
        state=Case(
            When(sent_at__isnull=False, then=Value(SENT)),
            When(failed_at__isnull=False, then=Value(REFUSED)),
            When(claimed_at__isnull=False, then=Value(UNCERTAIN)),
            default=Value(WAITING),
            output_field=CharField(),
        )
    )
    return (outbox.filter(state=state) if state in MAIL_STATES else outbox).order_by("-pk")


def jobs(state: str = "") -> QuerySet[DBTaskResult]:  # type: ignore[type-arg]
    """The queue of the worker, newest first."""
    queue = DBTaskResult.objects.order_by("-enqueued_at", "pk")
    return queue.filter(status=state) if state in JOB_STATES else queue


def job_name(job: "DBTaskResult[Any, Any]") -> str:
    """« envoi d’un lien de mot de passe » when the task says so, else the name of its function."""
    return JOB_NAMES.get(job.task_path, job.task_path.rpartition(".")[2].replace("_", " "))


JOB_NAMES = {
    "jalons.accounts.notifications.send_password_link": "Courriel : choisir un mot de passe",
    "jalons.accounts.notifications.send_sign_in_link": "Courriel : se connecter par un lien",
    "jalons.accounts.notifications.tell_password_changed": "Courriel : mot de passe changé",
    "jalons.editions.jobs.check_report": "Rapport : refaire à l’identique",
    "jalons.editions.jobs.make_report": "Rapport : préparer une édition",
    "jalons.exports.jobs.prepare_file": "Export : préparer un long fichier",
    "jalons.imports.jobs.run_batch": "Reprise d’un tableau : enregistrer ou annuler",
    "jalons.public.jobs.prepare_edition": "Chiffres ouverts : préparer une édition",
    "jalons.imports.jobs.make_copy": "Reprise d’un tableau : copie annotée",
    "jalons.joining.notifications.receive_again": "Demande d’accès d’une adresse connue",
    "jalons.joining.notifications.receive_request": "Demande d’accès reçue",
    "jalons.joining.notifications.send_activation": "Courriel : activer son compte",
    "jalons.joining.notifications.send_activation_to": "Courriel : nouveau lien d’activation",
    "jalons.joining.notifications.tell_admin": "Courriel : demande d’accès à traiter",
    "jalons.joining.notifications.tell_answer": "Courriel : réponse à une demande d’accès",
    "jalons.joining.notifications.tell_grant_ends": "Courriel : fin prochaine d’un droit",
    "jalons.joining.notifications.tell_membership_ends": "Courriel : fin prochaine d’un rattachement",
    "jalons.joining.notifications.tell_new_membership": "Courriel : nouveau rattachement",
    "jalons.joining.notifications.tell_question": "Courriel : question sur une demande d’accès",
    "jalons.joining.notifications.tell_reply": "Courriel : réponse à une question",
    "jalons.joining.notifications.tell_reply_to": "Courriel : réponse à une question, à une personne",
    "jalons.presence.notifications.tell_closed": "Courriel : compte fermé",
    "jalons.presence.notifications.tell_idle": "Courriel : compte bientôt fermé",
    "jalons.second_factor.notifications.tell_factor_event": "Courriel : seconde étape de connexion changée",
    "jalons.readership.notifications.send_new_readers": "Courriel : nouveaux lecteurs",
}


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    words: str
    value: str


def shown_settings() -> list[Setting]:
    """What the operator chose, without any secret. Names are those of `docs/exploitation.md`."""
    size = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
    hours = settings.SESSION_COOKIE_AGE / 3600
    rows: list[tuple[str, str, Any]] = [
        ("JALONS_ORIGIN", "Adresse de cette instance", settings.ORIGIN),
        ("JALONS_FROM_EMAIL", "Expéditeur des courriels", settings.DEFAULT_FROM_EMAIL),
        ("JALONS_SESSION_SECONDS", "Durée d’une session", duration_words(hours)),
        ("JALONS_SIGN_IN_TRIES", "Essais de mot de passe avant une pause", settings.SIGN_IN_LIMITS[0]),
        ("JALONS_DOCUMENT_MAX_BYTES", "Taille d’une pièce jointe", f"{size}\u00a0Mo"),
        ("JALONS_DOCUMENT_TYPES", "Types de pièces jointes", ", ".join(settings.DOCUMENT_TYPES)),
        ("JALONS_COMMENT_MAX_LENGTH", "Longueur d’un commentaire", settings.COMMENT_MAX_LENGTH),
        ("JALONS_MAP_TILES", "Fond de carte", "oui" if settings.MAP_TILE_URL else "contours seulement"),
        ("JALONS_GEOCODER", "Recherche d’adresses", "oui" if settings.GEOCODER_URL else "communes seulement"),
    ]
    return [Setting(name, words, str(value)) for name, words, value in rows]


def duration_words(hours: float) -> str:
    words = plural(hours, "heure", "heures")
    return f"{format_number(round(hours, 1))}\u00a0{words}"


def trouble() -> int:
    """How many e-mails and jobs failed and were not looked at: the badge of the card."""
    refused = Mail.objects.filter(Q(failed_at__isnull=False), sent_at__isnull=True).count()
    return refused + DBTaskResult.objects.failed().count()
