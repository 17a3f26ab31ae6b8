"""« Je m’en occupe », et une raison mise en sourdine."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.core.values import format_date, french_spaces
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed
from jalons.sites.models import Site
from jalons.sites.pages import actor_on, form_page, on_site, sheet_url
from jalons.urgency.engine import SiteReason
from jalons.urgency.forms import MuteForm
from jalons.urgency.models import Mute
from jalons.urgency.selectors import reason_on
from jalons.urgency.services import mute, release, take, unmute


def card_url(site: Site) -> str:
    return f"{sheet_url(site)}#priorite"


@require_POST
@on_site(Right.UPDATE_SITE)
def take_site(request: HttpRequest, site: Site) -> HttpResponse:
    try:
        take(site=site, by=actor_on(request, site, Right.UPDATE_SITE))
        messages.success(request, "C’est noté\u00a0: vous vous occupez de ce site.")
    except Refused as refusal:
        messages.warning(request, french_spaces(str(refusal)))
    return redirect(card_url(site))


@require_POST
@on_site(Right.UPDATE_SITE)
def release_site(request: HttpRequest, site: Site) -> HttpResponse:
    if release(site=site, by=actor_on(request, site, Right.UPDATE_SITE)) is None:
        messages.info(request, "Personne ne s’occupait de ce site.")
    else:
        messages.success(request, "C’est noté\u00a0: personne ne s’occupe plus de ce site.")
    return redirect(card_url(site))


def readable_reason(request: HttpRequest, site: Site, code: str) -> SiteReason:
    """404 for a reason that is not there, and for one that the person may not read: the two look alike."""
    reason = reason_on(request.user, site, code)
    if reason is None:
        raise Http404
    return reason


@on_site(Right.UPDATE_SITE)
def mute_reason(request: HttpRequest, site: Site, code: str) -> HttpResponse:
    reason = readable_reason(request, site, code)
    by = actor_on(request, site, Right.UPDATE_SITE)
    form = MuteForm(typed(request))
    answer = record(
        request,
        form,
        lambda: mute(site=site, rule=code, by=by, **form.values_to_save()),
        message=lambda muted: (
            f"En sourdine jusqu’au {format_date(muted.until)} : {reason.rule.sentence.lower()}."
        ),
        to=card_url(site),
    )
    intro = f"{reason.rule.sentence} : {reason.words}. {muted_words(reason.mute)}"
    return answer or form_page(
        request,
        site,
        form,
        title="Mettre une raison en sourdine",
        intro=french_spaces(intro.strip()),
        submit="Mettre en sourdine",
    )


def muted_words(current: Mute | None) -> str:
    if current is None:
        return ""
    return f"Déjà en sourdine jusqu’au {format_date(current.until)}, par {current.author} : {current.why}"


@require_POST
@on_site(Right.UPDATE_SITE)
def unmute_reason(request: HttpRequest, site: Site, code: str) -> HttpResponse:
    reason = readable_reason(request, site, code)
    if unmute(site=site, rule=code, by=actor_on(request, site, Right.UPDATE_SITE)) is None:
        messages.info(request, "Cette raison n’est pas en sourdine.")
    else:
        messages.success(request, french_spaces(f"Compte de nouveau : {reason.rule.sentence.lower()}."))
    return redirect(card_url(site))
