"""Signing in and out, passwords, one's own account, and the public table of rights."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts import letters, opening, selectors, services
from jalons.accounts.decorators import open_to_all, signed_in
from jalons.accounts.enums import Role
from jalons.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from jalons.accounts.middleware import ACTING_FOR
from jalons.accounts.rights import own_things
from jalons.accounts.throttle import JalonsHandler
from jalons.core import headers, resume, ui
from jalons.core.incidents import incident_of
from jalons.core.values.dates import local_moment

AUTOMATIC = "0"  # of the organisations of a person, whichever has the right signs


@open_to_all
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    after, resumable = opening.next_page(request), resume.kept_in(request)
    if request.user.is_authenticated and "username" not in request.POST:
        # What was typed is sent from here by somebody who came in meanwhile by another door.
        return opening.resume_page(request, resumable) if resumable else redirect(after or "home")
    # Coming back from the page « trop d’essais », the form was not filled yet.
    form = SignInForm(request, request.POST if "username" in request.POST else None)
    if not form.is_valid():
        content = opening.sign_in_content(
            form, resumable=resumable, after=after, expired=resumable is not None
        )
        return render(request, "accounts/sign_in.html", content)
    entrance = opening.Entrance(form.get_user(), means="mot de passe", resumable=resumable, after=after)
    return opening.enter(request, entrance)


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Instead of the answer to a try too many (429): says when to try again. Called by django-axes."""
    content = {
        "again_at": local_moment(JalonsHandler().again_at(request, credentials)),
        "kept": resume.kept_in(request),
        "next": opening.next_page(request),
        "incident": incident_of(request),
    }
    return render(request, "accounts/locked_out.html", content, status=429)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def ask_sign_in_link(request: HttpRequest) -> HttpResponse:
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        services.ask_sign_in_link(email=form.cleaned_data["email"])
        return redirect("accounts:sign_in_link_sent")
    return render(request, "accounts/ask_sign_in_link.html", {"form": form})


@open_to_all
@require_safe
def sign_in_link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign_in_link_sent.html")


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page that the e-mail leads to. Opening it uses nothing: programs that read e-mails follow their links."""
    if request.method == "POST" and (user := letters.use_link(secret=secret)):
        entrance = opening.Entrance(user, means="lien reçu par courriel", greeting="Vous êtes connecté.")
        return opening.enter(request, entrance)
    letter = letters.opening(secret).first()
    return render(request, "accounts/sign_in_link.html", {"letter": letter})


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    elsewhere = opening.farewell(request)
    logout(request)
    messages.success(request, "Vous êtes déconnecté.")
    return redirect(elsewhere or "accounts:sign_in")


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        services.ask_password_link(email=form.cleaned_data["email"])
        return redirect("accounts:link_sent")
    return render(request, "accounts/forgotten.html", {"form": form})


@open_to_all
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_sent.html")


class NewPassword(auth_views.PasswordResetConfirmView):
    """The page that the e-mail leads to."""

    form_class = NewPasswordForm
    template_name = "accounts/new_password.html"
    success_url = reverse_lazy("accounts:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        services.password_was_chosen(user=form.user)
        messages.success(self.request, "Votre nouveau mot de passe est enregistré. Connectez-vous avec lui.")
        return answer


new_password = open_to_all(NewPassword.as_view())


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        update_session_auth_hash(request, form.save())  # this session stays open, the others end
        services.password_was_chosen(user=form.user)
        messages.success(request, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
        return redirect("accounts:account")
    return render(request, "accounts/change_password.html", {"form": form})


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    rights = selectors.my_rights(request.user)  # type: ignore[arg-type]
    content = {
        "memberships": selectors.my_memberships(request.user),  # type: ignore[arg-type]
        "rights": [row for row in rights if row.where],
        "refused": [row.right.label for row in rights if not row.where],
    }
    return render(request, "accounts/account.html", content)


@signed_in
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Chooses, for this session, in whose name the person writes: an organisation of theirs, or nothing changes."""
    user: Any = request.user
    held = {
        str(membership.organisation_id): membership.organisation for membership in user.active_memberships
    }
    organisation_pk = request.POST.get("organisation", "")
    if organisation_pk in held:
        request.session[ACTING_FOR] = held[organisation_pk].pk
        messages.success(request, f"Vous écrivez maintenant au nom de {held[organisation_pk].name}.")
    elif organisation_pk == AUTOMATIC:
        request.session.pop(ACTING_FOR, None)
        messages.success(request, "Vous écrivez maintenant au nom de la structure qui en a le droit.")
    return redirect(headers.referring_page(request) or "home")


@open_to_all
@require_safe
def who_sees_what(request: HttpRequest) -> HttpResponse:
    content = {
        "groups": selectors.rights_table(),
        "columns": [ui.Column("Droit"), *(ui.Column(str(role.label)) for role in Role)],
        "legend": selectors.rights_legend(),
        "explained": [things.explained for things in own_things() if things.explained],
        "sensitive": [(right.label, selectors.who_can(right)) for right in selectors.SENSITIVE],
        "sign_in_url": resolve_url("accounts:sign_in"),
    }
    return render(request, "accounts/who_sees_what.html", content)
