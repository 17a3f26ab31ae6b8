"""The e-mails about reports: one is ready, when it took more than a minute; one is given to be read."""

from jalons.core.navigation import full_address
from jalons.discussions.services import queue_mail
from jalons.editions.models import ReportAccess, ReportEdition
from jalons.editions.registry import report_kinds
from jalons.editions.topics import READY, SHARED
from jalons.history.services import Actor


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


def tell_shared(access: ReportAccess, by: Actor) -> None:
    """In the transaction of the caller; once, whatever is changed of it later."""
    edition = access.edition
    link = full_address("editions:edition", edition.public_id)
    title = report_kinds()[edition.kind].title
    asked = "le relire et à compléter ses textes" if access.may_write else "le relire"
    queue_mail(
        key=f"{SHARED.code}/{edition.public_id}/{access.pk}",
        user=access.user,
        topic=SHARED.code,
        subject=f"un rapport à lire\u00a0: {title.lower()}, {edition.area_label}"[:200],
        body=f"{by.user} ({by.organisation}) vous donne à lire ce rapport, et vous invite à {asked}\u00a0: "
        f"{title}, {edition.area_label}.\n\nLe lire\u00a0:\n{link}",
    )
