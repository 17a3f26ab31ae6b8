"""Pages of the contacts and of the places of insertion of a dispositif."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.actions.forms.contacts import ContactForm
from jalons.actions.forms.describe import GroundForm
from jalons.actions.models import Action, ActionContact, InsertionSite, Participation
from jalons.actions.services import remove_contact, remove_insertion_site, save_contact, save_insertion_site
from jalons.actions.views.common import actor_on, on_action, sheet_url
from jalons.actions.views.describe import record_page, remove_page
from jalons.editing.removed import record_or_removed
from jalons.editing.writing import typed


@on_action(Right.EDIT_ACTION)
def insertion_site_add(request: HttpRequest, action: Action) -> HttpResponse:
    return ground_page(
        request,
        action,
        InsertionSite(action=action),
        title="Ajouter un terrain d’insertion",
        submit="Ajouter le terrain",
        message="Le terrain d’insertion est ajouté.",
    )


@on_action(Right.EDIT_ACTION)
def insertion_site_edit(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    return ground_page(
        request,
        action,
        ground_of(action, pk),
        title="Modifier le terrain d’insertion",
        submit="Enregistrer",
        message="Le terrain d’insertion est modifié.",
    )


def ground_of(action: Action, pk: int) -> InsertionSite:
    grounds = InsertionSite.objects.select_related("commune__departement", "action")
    words = "Ce terrain d’insertion est déjà retiré."
    return record_or_removed(grounds, words=words, back=sheet_url(action), action=action, pk=pk)


def ground_page(request: HttpRequest, action: Action, ground: InsertionSite, **page: Any) -> HttpResponse:
    form = GroundForm(
        typed(request),
        user=request.user,
        departements=[action.departement_id],
        ground=ground if ground.pk is not None else None,
    )

    def save(version: int | None) -> InsertionSite:
        by = actor_on(request, action, Right.EDIT_ACTION)
        return save_insertion_site(ground=ground, by=by, expected_version=version)

    return record_page(
        request, action, form, ground, save, template="actions/insertion_form.html", ground=form, **page
    )


@on_action(Right.EDIT_ACTION)
def insertion_site_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    ground = ground_of(action, pk)
    by = actor_on(request, action, Right.EDIT_ACTION)
    return remove_page(
        request,
        action,
        ground,
        lambda stored: remove_insertion_site(ground=stored, by=by),
        title="Retirer le terrain d’insertion",
        submit="Retirer le terrain",
        what=str(ground),
        message="Le terrain d’insertion est retiré.",
    )


def organisations_of(action: Action) -> Any:
    parts = Participation.objects.known().filter(Participation.going_on(), action=action)
    return Organisation.objects.filter(pk__in=parts.values("participant")).order_by("name", "pk")


def contact_of(action: Action, pk: int) -> ActionContact:
    contacts = ActionContact.objects.select_related("organisation")
    words = "Ce contact est déjà retiré."
    return record_or_removed(contacts, words=words, back=sheet_url(action), action=action, pk=pk)


@on_action(Right.EDIT_ACTION)
def contact_add(request: HttpRequest, action: Action) -> HttpResponse:
    return contact_page(
        request,
        action,
        ActionContact(action=action),
        title="Ajouter un contact",
        submit="Ajouter le contact",
        message="Le contact est ajouté.",
    )


@on_action(Right.EDIT_ACTION)
def contact_edit(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    return contact_page(
        request,
        action,
        contact_of(action, pk),
        title="Modifier le contact",
        submit="Enregistrer",
        message="Le contact est modifié.",
    )


def contact_page(request: HttpRequest, action: Action, contact: ActionContact, **page: Any) -> HttpResponse:
    known = contact.pk is not None
    organisations = organisations_of(action)
    if known:  # one that does not take part any more keeps its contact
        organisations = (organisations | Organisation.objects.filter(pk=contact.organisation_id)).distinct()
    form = ContactForm(typed(request), organisations=organisations, contact=contact if known else None)

    def save(version: int | None) -> ActionContact:
        by = actor_on(request, action, Right.EDIT_ACTION)
        return save_contact(contact=contact, by=by, expected_version=version)

    return record_page(request, action, form, contact, save, template="actions/contact_form.html", **page)


@on_action(Right.EDIT_ACTION)
def contact_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    contact = contact_of(action, pk)
    by = actor_on(request, action, Right.EDIT_ACTION)
    return remove_page(
        request,
        action,
        contact,
        lambda stored: remove_contact(contact=stored, by=by),
        title="Retirer le contact",
        submit="Retirer le contact",
        what=f"{contact} ({contact.organisation})",
        message="Le contact est retiré.",
    )
