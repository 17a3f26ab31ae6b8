"""The e-mail « nouveau lecteur »."""

from django_tasks import task

from jalons.accounts.models import User
from jalons.accounts.notifications import NotSent, send, try_later
from jalons.core.navigation import full_address
from jalons.core.values import format_date
from jalons.readership.models import KnownReaders
from jalons.territories.models import Departement

SUBJECT = "De nouveaux lecteurs dans votre territoire"


@task()
def send_new_readers(user_id: int, rows: list[int], tried: int = 0) -> None:
    """Who reads what, where, by whom it was granted and until when. Nothing to an account closed meanwhile."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    readers = KnownReaders.objects.filter(pk__in=rows).select_related("organisation", "granted_by")
    names = dict(Departement.objects.values_list("pk", "name"))
    if user is None or not readers:
        return
    lines = "\n".join(line(row, names) for row in readers.order_by("departement", "kind", "right"))
    try:
        send(user, SUBJECT, "new_readers", lines=lines, link=full_address("accounts:who_sees_what"))
    except NotSent:
        try_later(send_new_readers, user_id, rows, tried=tried)


def line(row: KnownReaders, names: dict[str, str]) -> str:
    """« – Santé pour tous (Acteur de santé)\u00a0: voir les sites, Nord. Accordé par X, jusqu’au … »."""
    where = names.get(row.departement, "toute la France")
    what = row.get_right_display()
    by = f" Accordé par {row.granted_by}" if row.granted_by else " Accordé par l’exploitant de Jalons"
    until = f", jusqu’au {format_date(row.until)}." if row.until else ", sans date de fin."
    return (
        f"– {row.organisation.name} ({row.get_kind_display()})\u00a0: {what[0].lower()}{what[1:]}, {where}."
        f"{by}{until}"
    )
