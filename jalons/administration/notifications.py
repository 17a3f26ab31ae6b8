"""What those who run this instance are told by the clock."""

from jalons.accounts.enums import Role
from jalons.accounts.models import Membership
from jalons.backups.selectors import Freshness, freshness
from jalons.core.clock import paris_now
from jalons.core.navigation import full_address
from jalons.core.periodic import JobFailed
from jalons.discussions.services import queue_mail

LATE_BACKUP = "backup"


def watch_backups() -> str:
    """The periodic job. Late: national administrators are told once a day, and each run fails for who supervises."""
    backup = freshness()
    if not backup.watched:
        return "non surveillées (JALONS_BACKUP_MAX_HOURS)."
    if not backup.late:
        return "aucune encore." if backup.age is None else f"la dernière vérifiée a {backup.hours} h."
    tell_administrators(backup)
    raise JobFailed(f"{in_words(backup)} Voir manage.py backup.")


def in_words(backup: Freshness) -> str:
    if backup.age is None:
        return "Aucune sauvegarde n’a encore été vérifiée."
    return f"La dernière sauvegarde vérifiée a {backup.hours} heures."


def tell_administrators(backup: Freshness) -> None:
    today = paris_now().date()
    body = (
        f"{in_words(backup)} Si le serveur tombait maintenant, ce qui a été écrit depuis serait perdu.\n\n"
        "Prévenez la personne qui héberge Jalons\u00a0: la commande « manage.py backup » ne passe plus. "
        f"L’état du service se lit à {full_address('core:health')}."
    )
    administrators = Membership.objects.active().filter(role=Role.NATIONAL_ADMIN, user__is_active=True)
    for user in {membership.user for membership in administrators.select_related("user")}:
        key = f"{LATE_BACKUP}/{today}/{user.pk}"
        queue_mail(key=key, user=user, topic=LATE_BACKUP, subject="les sauvegardes sont en retard", body=body)
