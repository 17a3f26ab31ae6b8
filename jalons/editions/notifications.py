"""The e-mail that says that a report is ready, when it took more than a minute."""

from jalons.core.navigation import full_address
from jalons.discussions.services import queue_mail
from jalons.editions.models import ReportEdition
from jalons.editions.registry import report_kinds
from jalons.editions.topics import READY


def tell_ready(edition: ReportEdition) -> None:
    """In the transaction of the caller; once for each time that it is made."""
    link = full_address("editions:edition", edition.public_id)
    kind = report_kinds()[edition.kind]
    queue_mail(
        key=f"{READY.code}/{edition.public_id}/{edition.attempts}/{edition.made_at or ''}"[:200],
        user=edition.author,
        topic=READY.code,
        subject=f"votre rapport est prêt\u00a0: {kind.title.lower()}, {edition.area_label}"[:200],
        body=f"Vous aviez demandé ce rapport\u00a0: {kind.title}, {edition.area_label}.\n\nLe lire\u00a0:\n{link}",
    )
