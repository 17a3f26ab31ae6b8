"""One column more in the indicators of every sheet, in one action."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.dossier.pages import actor_on, convention_url, form_page, on_convention
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.figures.columns.all_forms import ACTUAL, AllColumnsForm
from jalons.conventions.figures.columns.services import add_to_all
from jalons.conventions.models import Commitment, Convention
from jalons.core import clock
from jalons.core.values import format_number, french_spaces, plural
from jalons.editing.refusals import Refused
from jalons.editing.writing import typed, write_and_tell


@on_convention(Right.FILL_COMMITMENT)
def add_columns(request: HttpRequest, convention: Convention) -> HttpResponse:
    sheets = open_sheets(request, convention)
    if not sheets:
        messages.info(request, "Aucune fiche n’a encore de tableau d’indicateurs que vous puissiez modifier.")
        return redirect(convention_url(convention))
    form = AllColumnsForm(typed(request), initial={"measure": ACTUAL, "on": clock.today()})
    if form.is_bound and form.is_valid():
        cleaned_data = form.cleaned_data
        try:
            return write_and_tell(
                request,
                cleaned_data["submission_key"],
                lambda: add_to_all(
                    convention=convention,
                    commitments=sheets,
                    measure=ColumnMeasure(cleaned_data["measure"]),
                    on=cleaned_data.get("on") or clock.today(),
                    by=actor_on(request, convention, Right.FILL_COMMITMENT),
                ),
                message=lambda added: added_words(added, len(sheets)),
                to=f"{convention_url(convention)}#fiches",
            )
        except Refused as refusal:
            form.add_error("on", french_spaces(str(refusal)))
    count = len(sheets)
    return form_page(
        request,
        convention,
        form,
        title="Ajouter une colonne à toutes les fiches",
        submit="Ajouter la colonne",
        template="conventions/figures/columns/all_columns.html",
        intro=french_spaces(
            f"{format_number(count)} {plural(count, 'fiche reçoit', 'fiches reçoivent')} la colonne ; "
            "celles qui l’ont déjà ne changent pas."
        ),
    )


def open_sheets(request: HttpRequest, convention: Convention) -> list[Commitment]:
    """The sheets with indicators of which this person arranges the columns."""
    sheets = Commitment.objects.visible_to(request.user).filter(convention=convention, rows__dropped=False)
    candidates = sheets.select_related("party", "parent").order_by("position", "pk").distinct()
    writable = []
    for sheet in candidates:
        sheet.convention = convention
        if can(request.user, Right.FILL_COMMITMENT, sheet):
            writable.append(sheet)
    return writable


def added_words(added: int, count: int) -> str:
    if not added:
        return "Toutes les fiches avaient déjà cette colonne."
    words = plural(added, "fiche a reçu", "fiches ont reçu")
    left = f" ; {format_number(count - added)} l’avaient déjà" if added < count else ""
    return french_spaces(f"{format_number(added)} {words} la colonne{left}.")
