"""The pages of access: asking, answering, accounts. Part of the table of `pages`.

They are about somebody who works in Lille: see `Page.subject`.
"""

from collections.abc import Mapping
from typing import Any

from jalons.accounts.decorators import OPEN
from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Membership, User
from jalons.joining.links import answer_secret
from jalons.joining.models import AccessRequest
from tests import factories
from tests.house.page import Page, why
from tests.house.world import World

MANAGE = Right.MANAGE_ACCOUNTS
ASKED = {
    "name": "Lou Nouvelle",
    "email": "lou@exemple.test",
    "organisation": "Les amis de Lille",
    "territory": "Lille",
    "duties": "Médiation.",
    "purpose": "Suivre les sites.",
}
CHOSEN = {
    "organisation": "Les amis de Lille",
    "not_listed": "",
    "role": Role.OPERATOR.value,
    "territory_1": "Lille (59350)",
}


def the_request(world: World) -> AccessRequest:
    """Made when it is first asked for, once for each world."""
    found = AccessRequest.objects.filter(email="demande@exemple.test").first()
    return found or factories.make_access_request(email="demande@exemple.test")


def on_request(world: World) -> Mapping[str, Any]:
    return {"public_id": the_request(world).public_id}


def member(email: str, *, password: str | None = factories.PASSWORD) -> User:
    """Somebody of an association, in Lille."""
    found = User.objects.filter(email=email).first()
    if found is not None:
        return found
    user = User.objects.create_user(email, "Lou Membre", password)
    held = factories.make_membership(user, Role.OPERATOR, factories.LILLE)
    factories.make_grant(held, Right.READ_OWNER)
    return user


def membership_of(user: User) -> Membership:
    return user.memberships.get()


def on_account(world: World) -> Mapping[str, Any]:
    return {"pk": member("membre@exemple.test").pk}


def on_invited(world: World) -> Mapping[str, Any]:
    return {"pk": member("invite@exemple.test", password=None).pk}


def on_closed_account(world: World) -> Mapping[str, Any]:
    user = member("ferme@exemple.test")
    User.objects.filter(pk=user.pk).update(is_active=False)
    return {"pk": user.pk}


def on_membership(world: World) -> Mapping[str, Any]:
    user = member("membre@exemple.test")
    return {"pk": user.pk, "membership": membership_of(user).pk}


def on_grant(world: World) -> Mapping[str, Any]:
    grant = membership_of(member("membre@exemple.test")).grants.get()
    return {**on_membership(world), "grant": grant.pk}


def invited(world: World) -> Mapping[str, Any]:
    return {**CHOSEN, "name": "Lou Invitée", "email": "lou.invitee@exemple.test"}


def admin_page(name: str, *args: Any, **kwargs: Any) -> Page:
    return Page(f"joining:{name}", MANAGE, *args, person="local_admin", **kwargs)


JOINING_PAGES = [
    # Without an account.
    Page("joining:ask", OPEN, data=lambda w: ASKED),
    Page("joining:ask_sent", OPEN),
    Page("joining:organisations", OPEN, query=lambda w: "q=amis"),
    Page("joining:territories", OPEN, query=lambda w: "q=Lille"),
    Page(
        "joining:answer",
        OPEN,
        lambda w: {"secret": answer_secret(the_request(w))},
        data=lambda w: {"text": "Oui, dès lundi."},
        about_subject=False,
    ),
    Page("joining:activation", OPEN, lambda w: {"secret": "x-y"}, about_subject=False),
    Page("joining:new_link", OPEN, data=lambda w: {"email": w.cast.mairie.email}),
    Page("joining:activation_sent", OPEN),
    # Requests.
    admin_page("requests"),
    admin_page("request", on_request),
    admin_page("approve", on_request, data=lambda w: CHOSEN),
    admin_page("refuse", on_request, data=why),
    admin_page("question", on_request, data=lambda w: {"text": "Depuis quand ?"}),
    # Accounts.
    admin_page("accounts"),
    admin_page("invite", data=invited),
    admin_page("invite_list"),
    admin_page("account", on_account),
    admin_page("resend", on_invited, data=lambda w: {}, reads=False),
    admin_page("close", on_account, data=why),
    admin_page("reopen", on_closed_account, data=why),
    admin_page("membership_add", on_account, data=lambda w: {**CHOSEN, "role": Role.OBSERVER.value}),
    admin_page(
        "membership", on_membership, data=lambda w: {"role": Role.INSTITUTION.value, "reason": "muté"}
    ),
    admin_page("membership_end", on_membership, data=why),
    admin_page("grant_add", on_membership, data=lambda w: {"right": Right.READ_JUSTICE.value, **why(w)}),
    admin_page("grant_end", on_grant, data=why),
]
