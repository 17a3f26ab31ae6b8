"""Giving access: invite one person or a list, add a membership, change it, grant a right."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import Membership
from jalons.accounts.permissions import territory_of
from jalons.core.ui import THEIRS, Column, Difference, choice_name
from jalons.core.values import format_number, join_and, plural
from jalons.history.conflicts import conflict, settled, signature
from jalons.history.services import Stale
from jalons.joining.forms.accounts import (
    AddMembershipForm,
    GrantForm,
    InviteForm,
    InviteListForm,
    MembershipForm,
)
from jalons.joining.permissions import managing_actor
from jalons.joining.selectors.accounts import QUOTED, Verdict, verdicts
from jalons.joining.services import (
    add_membership,
    change_membership,
    create_organisation,
    grant_right,
    invite,
)
from jalons.joining.sources import is_quoted_source
from jalons.joining.territory import scope_words
from jalons.joining.views.accounts import account_or_404, account_url, ended_before, membership_or_404
from jalons.joining.views.common import admin_of, record, typed
from jalons.territories.models import Scope

FORM_METHODS = ["GET", "HEAD", "POST"]
CHECK, SEND = "verifier", "envoyer"
STEP = "etape"
VERDICT_COLUMNS = [Column("Ligne"), Column("Adresse"), Column("Rôle"), Column("Ce qui sera fait")]


def is_national(request: HttpRequest) -> bool:
    return territory_of(request.user, Right.MANAGE_ACCOUNTS).everywhere


def own_scopes(request: HttpRequest) -> list[Scope]:
    """What is proposed to a local administrator: the territory that they administer, when it is one."""
    held = [
        scope
        for membership in admin_of(request).active_memberships
        if membership.role == "local_admin"
        for scope in membership.scopes.all()
    ]
    return held if len(held) == 1 else []


def proposed_by_address(request: HttpRequest) -> dict[str, str]:
    """What a link to the form already says (« Inviter le correspondant » of a département): only proposed."""
    names = {
        "role": "role",
        "structure": "organisation",
        "territoire": "territory_1",
        "type": "organisation_kind",
    }
    values = {field: request.GET.get(name, "").replace("\0", "")[:200] for name, field in names.items()}
    proposed: dict[str, Any] = {field: value for field, value in values.items() if value}
    return proposed | ({"not_listed": True} if "organisation_kind" in proposed else {})


def organisation_for(form: Any, by: Any, territory: Scope) -> Any:
    """The organisation of the form, made if it is new."""
    return form.cleaned_data["chosen"] or create_organisation(
        by=by, territory=territory, **form.new_organisation
    )


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def invite_one(request: HttpRequest) -> HttpResponse:
    admin, everywhere = admin_of(request), is_national(request)
    form = InviteForm(
        typed(request),
        admin=admin,
        everywhere=everywhere,
        scopes=own_scopes(request),
        initial=proposed_by_address(request),
    )
    if form.is_bound and form.is_valid() and is_quoted_source(form.cleaned_data["email"]) and not everywhere:
        form.add_error("email", QUOTED)

    def write() -> Membership:
        cleaned, by = form.cleaned_data, managing_actor(admin)
        return invite(
            email=cleaned["email"],
            name=cleaned["name"],
            organisation=organisation_for(form, by, form.scopes[0]),
            role=cleaned["role"],
            scopes=form.scopes,
            by=by,
            ends_on=cleaned["ends_on"],
        )

    message = "L’invitation part par courriel. Elle est valable sept jours et se renvoie d’un clic."
    answer = record(request, form, write, message=message, to=reverse("joining:accounts"))
    return answer or render(request, "joining/invite.html", {"form": form})


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def invite_list(request: HttpRequest) -> HttpResponse:
    """First a verdict a line, then the sending: nothing leaves that was not shown."""
    admin, everywhere = admin_of(request), is_national(request)
    form = InviteListForm(typed(request), admin=admin, everywhere=everywhere, scopes=own_scopes(request))
    judged: list[Verdict] = []
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        judged = verdicts(
            admin, cleaned["people"], organisation=cleaned["chosen"], role=cleaned["role"], scopes=form.scopes
        )
        wanted = [verdict for verdict in judged if verdict.is_sent]
        digest = digest_of_list(cleaned, form.scopes)
        if request.POST.get(STEP) == SEND and cleaned["checked"] == digest and wanted:
            answer = record(
                request,
                form,
                lambda: invite_all(form, admin, wanted),
                message=f"{counted(len(wanted))} par courriel.",
                to=reverse("joining:accounts"),
            )
            if answer is not None:
                return answer
        data: Any = request.POST.copy()
        data["checked"] = digest
        form.data = data
    ready = [verdict for verdict in judged if verdict.is_sent]
    context = {"form": form, "verdicts": judged, "ready": len(ready), "columns": VERDICT_COLUMNS}
    return render(request, "joining/invite_list.html", context)


def counted(count: int) -> str:
    return f"{format_number(count)} {plural(count, 'invitation part', 'invitations partent')}"


def digest_of_list(cleaned: dict[str, Any], scopes: list[Scope]) -> str:
    """Changes with anything that the verdicts were about."""
    names = ("people", "organisation", "organisation_kind", "siret", "role", "ends_on", "chosen")
    parts = [repr(cleaned.get(name)) for name in names] + [str(scope.pk) for scope in scopes]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@transaction.atomic
def invite_all(form: InviteListForm, admin: Any, wanted: list[Verdict]) -> int:
    """All of them or none. Lines with a mistake are left in the page that was shown."""
    by = managing_actor(admin)
    organisation = organisation_for(form, by, form.scopes[0])
    for verdict in wanted:
        invite(
            email=verdict.line.email,
            name=verdict.line.name,
            organisation=organisation,
            role=verdict.role,  # type: ignore[arg-type]  # a value of Role
            scopes=form.scopes,
            by=by,
            ends_on=form.cleaned_data["ends_on"],
        )
    return len(wanted)


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def membership_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, admin = account_or_404(request, pk), admin_of(request)
    if not user.is_active:
        messages.info(request, "Ce compte est fermé\u00a0: rouvrez-le d’abord.")
        return redirect(account_url(user))
    form = AddMembershipForm(
        typed(request), admin=admin, everywhere=is_national(request), scopes=own_scopes(request)
    )

    def write() -> Membership:
        cleaned, by = form.cleaned_data, managing_actor(admin)
        return add_membership(
            user=user,
            organisation=organisation_for(form, by, form.scopes[0]),
            role=cleaned["role"],
            scopes=form.scopes,
            by=by,
            reason=cleaned["reason"],
            ends_on=cleaned["ends_on"],
        )

    answer = record(request, form, write, message="Le rattachement est ajouté.", to=account_url(user))
    context = {"account": user, "form": form, "back_url": account_url(user)}
    return answer or render(request, "joining/membership_add.html", context)


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def membership_edit(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    held, admin = membership_or_404(request, pk, membership), admin_of(request)
    back = account_url(held.user)
    if request.method != "POST" and held.ended_at:
        messages.info(request, "Ce rattachement est terminé\u00a0: ajoutez-en un autre.")
        return redirect(back)
    stored = list(held.scopes.with_territory().order_by("pk"))
    form = MembershipForm(
        typed(request), admin=admin, everywhere=is_national(request), membership=held, scopes=stored
    )

    def write() -> Membership:
        described = settled(held, described_in(form), request.POST)
        scopes = stored if request.POST.get(choice_name("scopes")) == THEIRS else form.scopes
        return change_membership(
            membership=held,
            scopes=scopes,
            by=managing_actor(admin),
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["expected_version"],
            **described,
        )

    try:
        answer = record(request, form, write, message="Le rattachement est changé.", to=back)
    except Stale as stale:
        current: Any = stale.current
        if current.ended_at:
            return ended_before(request, current, back)
        return edit_again(request, form, current)
    return answer or show_edit(request, form, held)


def described_in(form: MembershipForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("role", "starts_on", "ends_on")}


def edit_again(request: HttpRequest, form: MembershipForm, current: Membership) -> HttpResponse:
    """Somebody saved meanwhile: what differs is for this person to choose, over what is stored now."""
    differences = conflict(current, form.cleaned_data["expected_version"], described_in(form))
    stored = list(current.scopes.with_territory().order_by("pk"))
    if {scope.pk for scope in stored} != {scope.pk for scope in form.scopes}:
        differences.append(
            Difference(
                field="scopes",
                label="Territoires",
                seen="",
                theirs=join_and([scope_words(scope) for scope in stored]),
                mine=join_and([scope_words(scope) for scope in form.scopes]),
                **signature(current),
            )
        )
    form.reopened_on(current.version)
    if not differences:
        messages.warning(
            request,
            "Quelqu’un d’autre a enregistré entre-temps, sans rien contredire\u00a0: validez de nouveau.",
        )
    return show_edit(request, form, current, differences)


def show_edit(
    request: HttpRequest, form: MembershipForm, held: Membership, differences: list[Difference] | None = None
) -> HttpResponse:
    context = {
        "account": held.user,
        "held": held,
        "form": form,
        "differences": differences or [],
        "back_url": account_url(held.user),
    }
    return render(request, "joining/membership_edit.html", context, status=409 if differences else 200)


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def grant_add(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    held, admin = membership_or_404(request, pk, membership), admin_of(request)
    if held.ended_at:
        if request.method == "POST":
            return ended_before(request, held, account_url(held.user))
        messages.info(request, "Ce rattachement est terminé\u00a0: ajoutez-en un autre.")
        return redirect(account_url(held.user))
    form = GrantForm(typed(request))

    def write() -> Any:
        cleaned = form.cleaned_data
        return grant_right(
            membership=held,
            right=Right(cleaned["right"]),
            allowed=cleaned["allowed"] == "yes",
            by=managing_actor(admin),
            reason=cleaned["reason"],
            ends_on=cleaned["ends_on"],
        )

    back = account_url(held.user)
    answer = record(request, form, write, message="Le droit personnel est enregistré.", to=back)
    context = {"account": held.user, "held": held, "form": form, "back_url": back}
    return answer or render(request, "joining/grant_add.html", context)
