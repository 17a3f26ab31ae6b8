"""Who reaches a register: the right, two proofs, a member with the key, and the register open in this session."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple, NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from jalons.accounts.decorators import sign_in_first
from jalons.accounts.enums import OrganisationCategory, Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import territory_of
from jalons.core import headers
from jalons.households import session
from jalons.households.forms import OpeningForm
from jalons.households.models import Household, RegisterMember
from jalons.households.sending import page_keys, script_answer
from jalons.households.vault import OpenRegister, UnreadableSeal
from jalons.households.vault.sealing import new_key
from jalons.second_factor.enums import Purpose
from jalons.second_factor.permissions import check_verified, is_required, is_verified

View = Callable[..., Any]
NAMED = "registre"  # in a form or an address: the structure whose register it is about


class RegisterChoice(NamedTuple):
    """The structure whose register a page is about, and the others that this person may keep one for."""

    organisation: Organisation
    others: tuple[Organisation, ...] = ()


def register_choice(request: HttpRequest, household_id: Any = None) -> RegisterChoice:
    """That of the household; else the one that the form or the address names, that was chosen, or one writes for first.

    A form names its own: a register that another tab switched to receives nothing that was typed for this one.
    403 for who works in an operator without the right; for anybody else (the State, an administrator) there is no
    register at all: 404.
    """
    mine = register_organisations(request.user)
    if not mine:
        raise_without_register(request.user)
    named = request.POST.get(NAMED) or request.GET.get(NAMED)
    if named and named not in {str(pk) for pk in mine}:
        raise Http404
    organisation = next(iter(mine.values()))
    if len(mine) > 1:
        owner = household_owner(household_id, mine) if household_id else None
        chosen = owner or int(named or 0) or request.session.get(session.CHOSEN)
        organisation = mine.get(int(chosen or 0), organisation)
    return RegisterChoice(organisation, tuple(other for pk, other in mine.items() if pk != organisation.pk))


def register_organisations(user: Any) -> dict[int, Organisation]:
    """Those whose register this person may keep, the one they write for first."""
    held = territory_of(user, Right.KEEP_REGISTER).organisations
    return {
        membership.organisation_id: membership.organisation
        for membership in user.active_memberships
        if membership.organisation_id in held
    }


def household_owner(household_id: Any, mine: Iterable[int]) -> int | None:
    rows = Household.objects.filter(pk=household_id, organisation__in=[*mine])
    owner: int | None = rows.values_list("organisation_id", flat=True).first()
    return owner


def raise_without_register(user: Any) -> NoReturn:
    if any(
        membership.organisation.category == OrganisationCategory.OPERATOR
        for membership in user.active_memberships
    ):
        raise PermissionDenied("Droit nécessaire\u00a0: tenir le registre des familles de sa structure.")
    raise Http404


def guarded_register(view: View) -> View:
    """`view(request, organisation, …)`. What is typed here is in no report of an error, and is not carried in clear."""

    @wraps(view)
    @sensitive_post_parameters()
    @sensitive_variables()
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by_script = headers.wants_json(request)
        if not request.user.is_authenticated:
            return signed_out_answer() if by_script else sign_in_first(request)
        choice = register_choice(request, kwargs.get("household_id"))
        request.register_choice = choice  # type: ignore[attr-defined]
        check_verified(request.user, Purpose.REGISTER)

        def answered() -> HttpResponse:
            answer: HttpResponse = view(request, choice.organisation, *args, **kwargs)
            return answer

        return script_answer(answered) if by_script else answered()

    wrapper.access = Right.KEEP_REGISTER  # type: ignore[attr-defined]
    wrapper.sealed = True  # type: ignore[attr-defined]
    return wrapper


def signed_out_answer() -> HttpResponse:
    return JsonResponse({"state": "out", "to": reverse("accounts:sign_in")}, status=401)


def in_register(view: View) -> View:
    """`view(request, opened, …)` with `opened: Opened`; the page that asks the code when the register is locked."""

    @wraps(view)
    @sensitive_variables()
    def within(request: HttpRequest, organisation: Organisation, *args: Any, **kwargs: Any) -> HttpResponse:
        member = member_of(request.user, organisation)
        if member is None:
            raise Http404
        if member.admitted_at is None:
            return redirect("households:home")
        register = session.held_register(request, organisation.pk, member.register.key_version)
        if register is None:
            return locked_page(request, member)
        try:
            answer: HttpResponse = view(request, Opened(register, member), *args, **kwargs)
        except UnreadableSeal:  # the key changed while this was being written: nothing was saved
            return locked_page(request, member)
        return answer

    return guarded_register(within)


class Opened:
    """What a view of the register works with: the opened register and who opened it."""

    __slots__ = ("member", "register")

    def __init__(self, register: OpenRegister, member: RegisterMember) -> None:
        self.register = register
        self.member = member

    @property
    def organisation(self) -> Organisation:
        return self.member.register.organisation

    @property
    def sending_keys(self) -> str:
        return page_keys(self.register, self.member.user_id)


def member_of(user: Any, organisation: Organisation) -> RegisterMember | None:
    """One query."""
    return (
        RegisterMember.objects.standing()
        .filter(user=user.pk, register__organisation=organisation.pk)
        .select_related("register__organisation", "user")
        .first()
    )


def locked_page(request: HttpRequest, member: RegisterMember) -> HttpResponse:
    """Asks the code; what was being typed stays in the page, sealed, and is sent again once it is open."""
    if headers.wants_json(request):
        address = f"{reverse('households:open')}?{urlencode({NAMED: member.register.organisation_id})}"
        return JsonResponse({"state": "closed", "to": address}, status=403)
    key = session.cookie_key(request) or new_key()
    typed = request.method == "POST"
    content = {
        "form": OpeningForm(),
        "member": member,
        "draft": session.sealed_draft(request, key) if typed else "",
        "typed": typed,
        "next": "" if typed else request.get_full_path(),
    }
    response = render(request, "households/locked.html", content, status=403 if typed else 200)
    if (
        typed
    ):  # a page reached from a mail shows no cookie: another would close the register of the other tabs
        session.give_cookie(response, key)
    return response


def register_open_in(request: HttpRequest, member: RegisterMember) -> OpenRegister | None:
    """For a page that shows something of the register and is not of it: the register, if it is open here.

    `member`: admitted, and who holds the right.
    """
    user: Any = request.user
    if is_required() and not is_verified(user):
        return None
    register = member.register
    return session.held_register(request, register.organisation_id, register.key_version)
