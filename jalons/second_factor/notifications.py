"""E-mails about second factors: whoever did it, the owner of the account knows."""

from django_tasks import task

from jalons.accounts.notifications import NotSent, send, try_later
from jalons.core.navigation import full_address
from jalons.core.values import format_moment
from jalons.second_factor.enums import FactorEventKind
from jalons.second_factor.models import FactorEvent

SUBJECTS = {
    FactorEventKind.ADDED: "Double authentification\u00a0: une preuve a été ajoutée",
    FactorEventKind.REMOVED: "Double authentification\u00a0: une preuve a été retirée",
    FactorEventKind.CODES: "De nouveaux codes de secours ont été faits",
    FactorEventKind.RESET: "Votre double authentification a été réinitialisée",
}


@task()
def tell_factor_event(event_id: int, tried: int = 0) -> None:
    event = FactorEvent.objects.select_related("user", "by").get(pk=event_id)
    kind = FactorEventKind(event.kind)
    try:
        send(
            event.user,
            SUBJECTS[kind],
            "factor_event",
            folder="second_factor",
            sentence=sentence_of(event, kind),
            at=format_moment(event.at),
            link=full_address("second_factor:overview"),
        )
    except NotSent:
        try_later(tell_factor_event, event_id, tried=tried)


def sentence_of(event: FactorEvent, kind: FactorEventKind) -> str:
    reset = (
        f"{event.by.name} a réinitialisé la double authentification de votre compte Jalons. "
        f"Motif\u00a0: {event.reason.rstrip('.')}. Vous pouvez en installer une autre."
    )
    sentences = {
        FactorEventKind.ADDED: f"Une seconde preuve a été ajoutée à votre compte Jalons\u00a0: {event.label}.",
        FactorEventKind.REMOVED: f"Une seconde preuve a été retirée de votre compte Jalons\u00a0: {event.label}.",
        FactorEventKind.CODES: (
            "Dix nouveaux codes de secours ont été faits pour votre compte Jalons\u00a0; les anciens ne servent plus."
        ),
        FactorEventKind.RESET: reset,
    }
    return sentences[kind]
