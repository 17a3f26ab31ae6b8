"""Ce qu’une famille peut demander : lire ce qui est écrit sur elle, le faire corriger, le faire effacer."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from jalons.core import clock
from jalons.exports.pdf import to_pdf
from jalons.households.claims.access import access_document, access_json
from jalons.households.claims.forms import EraseForm
from jalons.households.enums import ErasureReason, RegisterAct
from jalons.households.families.enums import FactKind
from jalons.households.journal import note_act, note_sheet
from jalons.households.models import Household
from jalons.households.permissions import Opened, in_register
from jalons.households.retention.services import erase_household
from jalons.households.sheets.selectors import linked_names, read_household
from jalons.households.sheets.views.common import readable_family

TYPES = {"pdf": "application/pdf", "json": "application/json"}


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
@sensitive_variables()
def claims(request: HttpRequest, opened: Opened, household_id: UUID) -> HttpResponse:
    """One screen: what was told to the family, a copy of its sheet, and its erasure. Readable or not, it is erased."""
    household = Household.objects.of(opened.register).filter(pk=household_id).first()
    if household is None:
        raise Http404
    form = EraseForm(request.POST or None, expected=household.reference)
    if request.method == "POST" and form.is_valid():
        return erased(request, opened, household, ErasureReason(form.cleaned_data["why"]))
    _, family = read_household(opened.register, household_id)
    note_sheet(request, opened.organisation.pk, household)
    known = family.as_known() if family else None
    context = {
        "opened": opened,
        "household": household,
        "form": form,
        "readable": known is not None,
        "informed": known.of_kind(FactKind.INFORMATION) if known else [],
        "objected": known.of_kind(FactKind.OBJECTION) if known else [],
    }
    return render(request, "households/claims.html", context)


def erased(request: HttpRequest, opened: Opened, household: Household, why: ErasureReason) -> HttpResponse:
    """Erased once: who sends twice finds the list."""
    with transaction.atomic():
        locked = Household.objects.of(opened.register).select_for_update(of=("self",)).filter(pk=household.pk)
        current = locked.first()
        if current is not None:
            note_act(request, opened.organisation.pk, RegisterAct.ERASED, current)
            erase_household(current, why, on=clock.today(), register=opened.register)
    messages.success(
        request,
        f"{household.reference} est effacé. Les nombres déjà envoyés restent, sans lien avec la famille.",
    )
    return redirect("households:families")


@require_POST
@in_register
@sensitive_variables()
def access(request: HttpRequest, opened: Opened, household_id: UUID, extension: str) -> HttpResponse:
    """A copy for the family. It is noted in the log of the register, and in no other."""
    if extension not in TYPES:
        raise Http404
    household, family = readable_family(request, opened, household_id)
    organisation = str(opened.organisation)
    if extension == "json":
        content = access_json(family, household.reference, organisation)
    else:
        names = linked_names(opened.register, request.user, family)
        document = access_document(
            family, reference=household.reference, organisation=organisation, today=clock.today(), names=names
        )
        content = to_pdf(document)
    note_act(request, opened.organisation.pk, RegisterAct.TAKEN, household)
    response = HttpResponse(content, content_type=TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{household.reference}.{extension}"'
    return response
