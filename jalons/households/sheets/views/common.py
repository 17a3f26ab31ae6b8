"""What the pages of a family share."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from jalons.core import clock
from jalons.households.enums import RegisterAct
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.journal import note_act, note_sheet
from jalons.households.models import Household
from jalons.households.permissions import Opened
from jalons.households.sheets.forms import SealedForm
from jalons.households.sheets.selectors import read_household
from jalons.households.sheets.services import (
    FamilyRefused,
    FamilySave,
    LostKey,
    PieceChanged,
    change_family,
)

SAVED = "Enregistré."
TAKEN_AWAY = "Ceci a été retiré pendant que vous écriviez. Ce que vous avez écrit est encore ici."


def sheet_url(household_id: UUID) -> str:
    return reverse("households:sheet", args=[household_id])


def readable_family(
    request: HttpRequest, opened: Opened, household_id: UUID
) -> tuple[Household, FollowedFamily]:
    """404 when it is not of this register, or when nothing can be read of it. It is a reading, and noted."""
    household, family = read_household(opened.register, household_id)
    if family is None:
        raise Http404
    note_sheet(request, opened.organisation.pk, household)
    return household, family.as_known()


def save_by(request: HttpRequest, opened: Opened, form: SealedForm | None = None) -> FamilySave:
    token = str(form.cleaned_data["submission_key"]) if form is not None else ""
    return FamilySave(opened.register, str(request.user.pk), timezone.now(), clock.today(), token)


def saved(
    request: HttpRequest,
    opened: Opened,
    form: SealedForm,
    household: Household,
    change: Callable[[FollowedFamily, dt.datetime], FollowedFamily],
    *,
    act: RegisterAct = RegisterAct.CHANGED,
) -> FamilyFact | FamilyMember | bool | None:
    """True once it is stored. Else why not: the piece as somebody else left it, or None with errors in the form."""
    save = save_by(request, opened, form)
    try:
        stored = change_family(save, household.pk, lambda family: change(family, save.at))
    except PieceChanged as changed:
        if changed.current is None:
            form.add_error(None, TAKEN_AWAY)
        return changed.current
    except FamilyRefused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return None
    except (LostKey, Household.DoesNotExist):
        raise Http404 from None
    if stored.version != household.version:  # sent again, or as it was: nothing was done
        note_act(request, opened.organisation.pk, act, household)
    messages.success(request, SAVED)
    return True


def back_to_sheet(household_id: UUID, reread: str = "") -> HttpResponse:
    """The sheet; `reread` is the fact whose words it looks at again, and never what they are."""
    address = sheet_url(household_id)
    return redirect(f"{address}?relire={reread}#{reread}" if reread else address)


def page_of(opened: Opened, household: Household, title: str) -> dict[str, Any]:
    return {"opened": opened, "household": household, "title": title, "sheet_url": sheet_url(household.pk)}


def form_page(request: HttpRequest, template: str, context: dict[str, Any], form: SealedForm) -> HttpResponse:
    return render(request, template, {**context, "form": form})


def conflict_of(form: SealedForm, theirs: Any, typed: dict[str, Any]) -> dict[str, Any]:
    """What somebody else saved, beside what was typed: (label, theirs, ours). The form can be sent over it."""
    if not isinstance(theirs, FamilyFact | FamilyMember):
        return {}
    form.reopen_on(theirs.recorded.isoformat() if theirs.recorded else "")
    differences = [
        (
            form[name].label,
            words_of(form.fields[name], getattr(theirs, name)),
            words_of(form.fields[name], value),
        )
        for name, value in typed.items()
        if value != getattr(theirs, name)
    ]
    return {"differences": differences, "conflict": True}


def words_of(field: Any, value: Any) -> str:
    """The label of a choice, a date in French, else the text."""
    label = dict(getattr(field, "choices", ())).get(value)
    return str(label if label is not None else "" if value is None else field.prepare_value(value))
