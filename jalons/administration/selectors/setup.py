"""« Mettre en route un département »: what is missing before a territory lives in Jalons, and where it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Right, Role
from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.permissions import territory_of
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, Participation
from jalons.charter.enums import TextKind
from jalons.charter.models import Charter
from jalons.conventions.models import Convention
from jalons.core.navigation import address
from jalons.core.values import format_number, plural
from jalons.joining.selectors.accounts import INVITED
from jalons.sites.models import Site, Survey
from jalons.territories.models import Departement

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing of a list that is missing: « Rue du Moulin » leads to where it is mended."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the page. Done when `gaps` is empty and `missing` is False; `count` is the whole of the gaps.

    `waiting`: what was asked of somebody who has not answered yet; nothing more to do than wait, or ask again.
    """

    title: str
    why: str
    done_words: str
    missing: bool = False
    waiting: str = ""
    gaps: Sequence[Gap] = ()
    count: int = 0
    action: str = ""
    url: str = ""

    @property
    def done(self) -> bool:
        return not (self.missing or self.count or self.waiting)

    @property
    def hidden(self) -> int:
        return self.count - len(self.gaps)


@dataclass(frozen=True, slots=True)
class Territory:
    departement: Departement
    accounts: int
    sites: int


def administered(user: Any) -> Any:
    """The départements that this person may put to use: those that they administer whole."""
    territory = territory_of(user, Right.MANAGE_ACCOUNTS)
    departements = Departement.objects.order_by("name")
    return (
        departements if territory.everywhere else departements.filter(pk__in=sorted(territory.departements))
    )


def territories(user: Any) -> list[Territory]:
    """Each département with what it has already: those that began first. Three queries."""
    accounts = dict(
        Membership.objects.active()
        .filter(user__is_active=True, scopes__departement__isnull=False)
        .values_list("scopes__departement")
        .annotate(Count("user", distinct=True))
    )
    sites = dict(Site.objects.standing().order_by().values_list("commune__departement").annotate(Count("pk")))
    rows = [
        Territory(departement, accounts.get(departement.pk, 0), sites.get(departement.pk, 0))
        for departement in administered(user)
    ]
    return sorted(rows, key=lambda row: (not (row.accounts or row.sites), row.departement.name))


def steps(user: Any, departement: Departement) -> list[Step]:
    """In the order in which a territory is put to use. A constant number of queries.

    Whoever manages accounts does not read the sites for all that: the steps about what they may not read are left out.
    """
    return [
        build(departement)
        for right, build in STEPS
        if right is None or territory_of(user, right).covers_departement(departement.pk)
    ]


def holder(role: Role, departement: Departement) -> User | None:
    """Who holds this role over the whole département, or over what holds it: first those whose account is open."""
    over = Q(scopes__departement=departement) | Q(scopes__region=departement.region_id)
    held = Membership.objects.active().filter(over, role=role, user__is_active=True)
    users = User.objects.filter(pk__in=held.values("user"))
    return users.annotate(invited=INVITED).order_by("invited", "pk").first()


def invite_url(departement: Departement, role: Role, organisation: str = "", kind: str = "") -> str:
    """The invitation with what this page already knows. `kind`: of a structure that is to be created."""
    known = {
        "role": role,
        "territoire": f"{departement.name} ({departement.code})",
        "structure": organisation,
        "type": kind,
    }
    query = urlencode({name: value for name, value in known.items() if value})
    return f"{address('joining:invite')}?{query}"


def texts() -> Step:
    """Of the whole instance: what everybody accepts or may read, with a name and an address behind it."""
    published = set(Charter.objects.values_list("kind", flat=True))
    return listed(
        [kind for kind in TextKind if kind.value not in published],
        lambda kind: Gap(str(kind.label), reverse("charter:publish", args=[kind.value])),
        title="La charte et les pages légales sont publiées",
        why="Jalons en propose le texte : complétez-le, puis publiez. Sans charte publiée, personne n’en accepte une.",
        done_words="Chacun accepte la charte en arrivant.",
    )


def second_admin(user: Any) -> Step:
    """Of the whole instance: nobody else could reset the second factor of the only one, or take over."""
    held = Membership.objects.active().filter(role=Role.NATIONAL_ADMIN, user__is_active=True)
    others = User.objects.filter(pk__in=held.values("user")).exclude(pk=user.pk)
    return Step(
        title="Une autre personne administre Jalons avec vous",
        why="Si vous perdez votre téléphone ou changez de poste, elle seule peut reprendre la main.",
        done_words="Vous n’êtes pas seul à administrer Jalons.",
        missing=not others.exists(),
        action="Inviter une personne",
        url=f"{address('joining:invite')}?{urlencode({'role': Role.NATIONAL_ADMIN, 'territoire': 'France entière'})}",
    )


def instance_steps(user: Any) -> list[Step]:
    """What is done once for all départements, by the national administration."""
    if not territory_of(user, Right.MANAGE_ACCOUNTS).everywhere:
        return []
    return [texts(), second_admin(user)]


def held_by(role: Role, departement: Departement, **words: Any) -> Step:
    """A step about one person: to be invited, invited, or there."""
    person = holder(role, departement)
    if person is None:
        return Step(missing=True, url=invite_url(departement, role, kind=first_kind(departement)), **words)
    if person.invited:  # type: ignore[attr-defined]  # annotated
        words |= {"action": "Voir son invitation", "url": reverse("joining:account", args=[person.pk])}
        return Step(waiting=f"{person.name} est invité et n’a pas encore ouvert son compte.", **words)
    return Step(**words)


def first_kind(departement: Departement) -> str:
    """The kind of the first structure of a département; nothing when it has a State service already."""
    state = Organisation.objects.filter(
        merged_into=None, category=OrganisationCategory.STATE, territory__departement=departement
    )
    return "" if state.exists() else OrganisationKind.STATE_SERVICE.value


def local_admin(departement: Departement) -> Step:
    return held_by(
        Role.LOCAL_ADMIN,
        departement,
        title="Une personne gère les comptes",
        why="Elle répond aux demandes d’accès du département et accorde les droits.",
        done_words="Un administrateur local répond aux demandes d’accès.",
        action="Inviter un administrateur local",
    )


def correspondent(departement: Departement) -> Step:
    return held_by(
        Role.CORRESPONDENT,
        departement,
        title="Un correspondant départemental",
        why="Il déclare les sites, suit les dispositifs et relit ce que les autres renseignent.",
        done_words="Le département a un correspondant.",
        action="Inviter le correspondant",
    )


def first_site(departement: Departement) -> Step:
    return Step(
        title="Les sites sont déclarés",
        why="Un nom, une commune et une date suffisent pour commencer.",
        done_words="Des sites sont déclarés.",
        missing=not Site.objects.standing().filter(commune__departement=departement).exists(),
        action="Déclarer un site",
        url=reverse("sites:declare"),
    )


def counted(departement: Departement) -> Step:
    surveys = Survey.objects.known().filter(site=OuterRef("pk"), people__isnull=False)
    uncounted = Site.objects.open_on().standing().filter(~Exists(surveys), commune__departement=departement)
    return listed(
        uncounted.order_by("name", "pk"),
        lambda site: Gap(site.name, reverse("sites:survey_add", args=[site.public_id])),
        title="Chaque site ouvert a été compté",
        why="Tant qu’un site n’a pas de recensement, les sommes du département l’ignorent.",
        done_words="Tous les sites ouverts ont au moins un recensement.",
    )


def operators(departement: Departement) -> Step:
    members = Membership.objects.active().filter(organisation=OuterRef("pk"), user__is_active=True)
    parts = Participation.objects.going_on().filter(
        role=ParticipationRole.OPERATOR, action__departement=departement
    )
    alone = Organisation.objects.filter(~Exists(members), pk__in=parts.values("participant"))
    return listed(
        alone.order_by("name", "pk"),
        lambda organisation: Gap(
            organisation.name, invite_url(departement, Role.OPERATOR, organisation.name)
        ),
        title="Chaque opérateur a un compte",
        why="Sans compte, un opérateur ne peut pas remplir son suivi lui-même.",
        done_words="Tous les opérateurs des dispositifs ont un compte.",
    )


def led(departement: Departement) -> Step:
    parts = Participation.objects.going_on().filter(action=OuterRef("pk"), role=ParticipationRole.OPERATOR)
    running = Action.objects.in_progress().filter(~Exists(parts), departement=departement)
    return listed(
        running.order_by("name", "pk"),
        lambda action: Gap(action.name, reverse("actions:parts", args=[action.public_id])),
        title="Chaque dispositif en cours a un opérateur",
        why="C’est à lui que le suivi est demandé.",
        done_words="Tous les dispositifs en cours ont un opérateur.",
    )


def piloted(departement: Departement) -> Step:
    conventions = (
        Convention.objects.filter(Q(departement=departement) | Q(parties__departement=departement))
        .exclude(seats__role="pilot")
        .distinct()
    )
    return listed(
        conventions.order_by("-year", "short_title"),
        lambda convention: Gap(str(convention), reverse("conventions:seats", args=[convention.slug])),
        title="Chaque convention a un pilote",
        why="Sans pilote, personne ne peut la modifier ni ouvrir un avenant.",
        done_words="Toutes les conventions du département ont un pilote.",
    )


def council(departement: Departement) -> Step:
    """Only where a convention is: the Département that signs it should be able to open it."""
    signed = Convention.objects.filter(
        Q(departement=departement) | Q(parties__departement=departement)
    ).exists()
    members = Membership.objects.active().filter(
        organisation__kind=OrganisationKind.DEPARTEMENT,
        organisation__territory__departement=departement,
        user__is_active=True,
    )
    return Step(
        title="Le conseil départemental a un compte",
        why="Il pilote la convention que l’État signe avec lui.",
        done_words="Le conseil départemental a un compte."
        if signed
        else "Aucune convention\u00a0: rien à faire.",
        missing=signed and not members.exists(),
        action="Inviter le conseil départemental",
        url=invite_url(departement, Role.INSTITUTION),
    )


# Each with the right without which nothing is said of it.
STEPS: tuple[tuple[Right | None, Callable[[Departement], Step]], ...] = (
    (None, local_admin),
    (None, correspondent),
    (Right.READ_SITES, first_site),
    (Right.READ_SITES, counted),
    (Right.READ_ACTIONS, led),
    (Right.READ_ACTIONS, operators),
    (Right.READ_CONVENTIONS, piloted),
    (Right.READ_CONVENTIONS, council),
)


def listed(rows: Any, gap: Callable[[Any], Gap], **words: Any) -> Step:
    """A step that is done when nothing is found. Two queries at most."""
    first = list(rows[: SHOWN + 1])
    count = len(first) if len(first) <= SHOWN else rows.count()
    return Step(gaps=[gap(row) for row in first[:SHOWN]], count=count, **words)


def progress_words(lines: Sequence[Step]) -> str:
    """« 5 étapes sur 8 sont faites »."""
    done = sum(line.done for line in lines)
    words = plural(done, "étape sur {} est faite", "étapes sur {} sont faites")
    return f"{format_number(done)}\u00a0{words.format(len(lines))}"
