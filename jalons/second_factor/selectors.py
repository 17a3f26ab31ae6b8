"""Reading second factors: one's own, and those of the accounts that somebody administers."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_otp.plugins.otp_static.models import StaticToken
from django_otp_webauthn.models import WebAuthnCredential

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import Territory, territory_of
from jalons.accounts.querysets import has_words
from jalons.second_factor.enums import FactorEventKind, FactorKind
from jalons.second_factor.models import CodeApplication, FactorEvent
from jalons.territories.models import Commune, Epci, Scope


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor as it is shown. `device` is the row of django-otp."""

    kind: FactorKind
    device: Any

    @property
    def name(self) -> str:
        return self.device.name

    @property
    def label(self) -> str:
        return f"{self.device.name} ({self.kind.label})"


def factors_of(user: User) -> list[Factor]:
    """Those that the person may use, oldest first; two queries."""
    applications = CodeApplication.objects.filter(user=user, confirmed=True).order_by("pk")
    passkeys = WebAuthnCredential.objects.filter(user=user, confirmed=True).order_by("pk")
    return [
        *(Factor(FactorKind.APPLICATION, device) for device in applications),
        *(Factor(FactorKind.PASSKEY, device) for device in passkeys),
    ]


def factor_of(user: User, kind: str, pk: int) -> Factor | None:
    return next(
        (factor for factor in factors_of(user) if (factor.kind, factor.device.pk) == (kind, pk)), None
    )


def has_factor(user: User) -> bool:
    return bool(factors_of(user))


def codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def recent_events(user: User) -> QuerySet[FactorEvent]:
    return FactorEvent.objects.filter(user=user).select_related("by").order_by("-at", "-pk")[:10]


def accounts_in_charge(by: Any) -> QuerySet[User]:
    """The open accounts whose second factor `by` may reset: all that they may do is within the territory of `by`.

    Nobody resets their own, and only a national administrator resets another one.
    """
    territory = territory_of(by, Right.MANAGE_ACCOUNTS)
    people = User.objects.filter(is_active=True).exclude(pk=by.pk)
    if territory.everywhere:
        return people
    if not territory:
        return people.none()
    inside = scopes_within(territory).values("pk")
    active = Membership.objects.active().exclude(role=Role.NATIONAL_ADMIN)
    reaching_out = Membership.objects.active().filter(
        Q(scopes__in=Scope.objects.exclude(pk__in=inside).values("pk")) | Q(role=Role.NATIONAL_ADMIN)
    )
    return people.filter(pk__in=active.filter(scopes__in=inside).values("user")).exclude(
        pk__in=reaching_out.values("user")
    )


def scopes_within(territory: Territory) -> QuerySet[Scope]:
    """The scopes that lie wholly within a territory which is not the nation."""
    astride = (
        Commune.objects.exclude(departement__in=territory.departements).exclude(epci=None).values("epci")
    )
    whole = Epci.objects.filter(communes__departement__in=territory.departements).exclude(pk__in=astride)
    return Scope.objects.filter(
        Q(departement__in=territory.departements)
        | Q(epci__in=territory.epcis)
        | Q(epci__in=whole.values("pk"))
        | Q(commune__in=territory.communes)
        | Q(commune__departement__in=territory.departements)
        | Q(commune__epci__in=territory.epcis)
    )


def people_with_factors(by: Any, *, text: str = "", without: bool = False) -> QuerySet[User]:
    """Those in charge of `by`, by name, each with `with_application`, `with_passkey` and `is_reset`."""
    mine = {"user": OuterRef("pk"), "confirmed": True}
    people = accounts_in_charge(by).annotate(
        with_application=Exists(CodeApplication.objects.filter(**mine)),
        with_passkey=Exists(WebAuthnCredential.objects.filter(**mine)),
        was_reset=Exists(FactorEvent.objects.filter(user=OuterRef("pk"), kind=FactorEventKind.RESET)),
    )
    if text:
        people = people.filter(has_words(text.split(), "name", "email"))
    if without:
        people = people.filter(with_application=False, with_passkey=False)
    return people.order_by("name", "pk")
