"""A clause of the text, edited: what it says, and by when."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.clause_days import USUAL, textual_day
from jalons.conventions.dossier.pages import actor_on, form_page, on_convention
from jalons.conventions.models import Clause, Convention
from jalons.conventions.text.addresses import text_url
from jalons.conventions.text.clauses.forms import ClauseForm
from jalons.conventions.text.clauses.selectors import title_of
from jalons.conventions.text.clauses.services import save_clause
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.writing import record, typed
from jalons.history.services import Stale


@on_convention(Right.WRITE_CONVENTION)
def edit_clause(request: HttpRequest, convention: Convention, clause: str) -> HttpResponse:
    """`clause`: its number, or the name of one that the usage gives and that the text does not have yet."""
    stored = clause_at(convention, clause)
    stored.convention = convention
    form = ClauseForm(typed(request), clause=stored, otherwise=textual_day(stored, convention.year))
    back = text_url(convention, "clauses")
    conflict = pledge = None
    promise = Pledge(request, convention)
    try:
        answer = record(
            request,
            form,
            lambda: promise.keep(
                lambda: save_clause(
                    clause=stored,
                    columns=form.values_to_save(),
                    by=actor_on(request, convention, Right.WRITE_CONVENTION),
                    expected_version=form.seen_version if stored.pk else None,
                    reason=form.cleaned_data.get("reason", ""),
                ),
                text=True,
            ),
            before=promise.read,
            message="La clause est enregistrée : les échéances et les rappels suivent.",
            to=back,
        )
    except Stale:
        answer, conflict = None, record_conflict_of(Clause, stored, form)
    except ChangesVoted as changes:
        answer, pledge = None, changes
    return answer or form_page(
        request,
        convention,
        form,
        title=title_of(stored),
        submit="Enregistrer la clause",
        back=back,
        conflict=conflict,
        pledge=pledge,
        intro="Cette échéance est celle du calendrier, des rappels et du rapport d’exécution.",
    )


def clause_at(convention: Convention, clause: str) -> Clause:
    clauses = convention.clauses.all()
    if clause.isascii() and clause.isdigit() and len(clause) < 19:
        stored = clauses.filter(pk=int(clause)).first()
    elif clause in USUAL:
        stored = clauses.filter(name=clause).first()
        stored = stored or Clause(convention=convention, name=clause, position=clauses.count())
    else:
        stored = None
    if stored is None:
        raise Http404
    return stored
