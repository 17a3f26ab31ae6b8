"""The identity of a convention, and what the base proposes of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.pages import actor_on, form_page, on_convention
from jalons.conventions.dossier.signatures import PROPOSED_STATE, signature_to_confirm
from jalons.conventions.enums import ConventionState
from jalons.conventions.models import Convention
from jalons.conventions.text.addresses import text_url
from jalons.conventions.text.forms import IdentityForm
from jalons.conventions.text.pieces_pages import MEANWHILE
from jalons.conventions.text.services import change_convention
from jalons.core.values import french_spaces
from jalons.editing.conflicts import Conflict
from jalons.editing.forms import differing
from jalons.editing.writing import record, typed
from jalons.history.services import Stale


@on_convention(Right.WRITE_CONVENTION)
def edit_identity(request: HttpRequest, convention: Convention) -> HttpResponse:
    by = actor_on(request, convention, Right.WRITE_CONVENTION)
    proposed = proposed_state(request, convention)
    form = IdentityForm(typed(request), convention=convention, proposed_state=proposed)
    conflict = pledge = None
    promise = Pledge(request, convention)
    try:
        answer = record(
            request,
            form,
            lambda: promise.keep(
                lambda: change_convention(
                    convention=convention,
                    changes=form.columns(convention),
                    by=by,
                    expected_version=form.seen_version,
                ),
                text=True,
            ),
            before=promise.read,
            message="L’identité de la convention est enregistrée.",
            to=text_url(convention),
        )
    except Stale as stale:
        answer, conflict = None, identity_conflict(form, stale.current)
    except ChangesVoted as changes:
        answer, pledge = None, changes
    return answer or form_page(
        request,
        convention,
        form,
        title="Titres, montants et signature",
        submit="Enregistrer",
        back=text_url(convention),
        conflict=conflict,
        pledge=pledge,
        intro=PROPOSED_WORDS if proposed and not form.is_bound else "",
    )


PROPOSED_WORDS = french_spaces(
    "Le texte porte sa signature : l’état « Signée » est proposé. Vérifiez la date, puis enregistrez."
)


def proposed_state(request: HttpRequest, convention: Convention) -> str:
    """« Signée », when the address proposes it and the convention bears a signature."""
    is_proposed = request.GET.get(PROPOSED_STATE) == ConventionState.SIGNED
    if not is_proposed or signature_to_confirm(convention, convention.parties.all()) is None:
        return ""
    return ConventionState.SIGNED


def identity_conflict(form: IdentityForm, current: Any) -> Conflict:
    """What stands now beside what was typed; the form can be sent again over it."""
    new = form.initial_of(current)
    row = current.history.filter(version=form.seen_version).first()
    old = form.initial_of(row) if row is not None else {}
    differences = differing(form, form.described(), seen_of=old, theirs_of=new, version=current)
    form.reopened_on(current.version)
    sentence = f"{current.changed_by or 'Jalons'} a modifié la convention."
    return Conflict(MEANWHILE, sentence, differences)
