"""Lists of people and of organisations, as each chose to be shown. A constant number of queries a page."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.permissions import fetch
from jalons.accounts.querysets import has_words
from jalons.accounts.selectors import scope_words
from jalons.actions.models import Action, ActionSite, Participation
from jalons.directory.models import DirectoryCard, Expertise, OrganisationCard
from jalons.directory.permissions import visible_memberships, visible_organisations, within_scopes
from jalons.discussions.followed import followed_kind
from jalons.sites.models import Survey
from jalons.territories.models import Commune, Scope

MAX_WORDS = 6
SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """What one looks for. `expertise`: primary key; `organisations`: primary keys of who works on one thing."""

    q: str = ""
    departement: str = ""
    theme: str = ""
    role: str = ""
    expertise: int | None = None
    organisations: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One membership as it is shown: `role` is empty when its person does not show it."""

    organisation: str
    territories: str
    role: str


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the directory. What the person does not show is empty here already."""

    name: str
    posts: Sequence[Post]
    email: str
    phone: str
    expertises: Sequence[str]


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    organisation: Organisation
    people: int
    territory: str
    expertises: Sequence[str]


# Choosing --------------------------------------------------------------------------------------------------


def filtered_people(user: Any, asked: DirectoryFilter) -> QuerySet[User]:
    """By name. Nobody is found by what they do not show."""
    people = User.objects.filter(pk__in=filtered_memberships(user, asked).values("user"))
    if asked.expertise:
        theirs = DirectoryCard.objects.filter(expertises=asked.expertise, show_expertises=True)
        people = people.filter(pk__in=theirs.values("user"))
    return people.filter(people_named(user, words_of(asked.q))).order_by("name", "pk")


def filtered_memberships(user: Any, asked: DirectoryFilter) -> QuerySet[Membership]:
    """The memberships by which a person answers to the filters; all conditions on one and the same."""
    posts = visible_memberships(user)
    if asked.departement:
        posts = within_scopes(posts, scopes_in(asked.departement))
    if asked.theme:
        posts = posts.filter(organisation__in=on_theme(asked.theme))
    if asked.organisations is not None:
        posts = posts.filter(organisation__in=asked.organisations)
    if asked.role:
        showing = DirectoryCard.objects.filter(show_role=True)
        posts = posts.filter(role=asked.role, user__in=showing.values("user"))
    return posts


def people_named(user: Any, words: Iterable[str]) -> Q:
    """Each word in the name of the person, or in that of a structure in whose name `user` finds them."""
    criteria = Q()
    for word in words:
        named = Organisation.objects.filter(has_words([word], "name", "acronym"))
        ours = visible_memberships(user).filter(organisation__in=named.values("pk"))
        criteria &= has_words([word], "name") | Q(pk__in=ours.values("user"))
    return criteria


def filtered_organisations(user: Any, asked: DirectoryFilter) -> QuerySet[Organisation]:
    organisations = visible_organisations(user)
    if asked.departement:
        near = within_scopes(visible_memberships(user), scopes_in(asked.departement))
        organisations = organisations.filter(
            Q(territory__in=scopes_in(asked.departement)) | Q(pk__in=near.values("organisation"))
        )
    if asked.theme:
        organisations = organisations.filter(pk__in=on_theme(asked.theme))
    if asked.organisations is not None:
        organisations = organisations.filter(pk__in=asked.organisations)
    if asked.expertise:
        cards = OrganisationCard.objects.filter(expertises=asked.expertise)
        organisations = organisations.filter(pk__in=cards.values("organisation"))
    return organisations.filter(has_words(words_of(asked.q), "name", "acronym")).order_by("name", "pk")


def words_of(text: str) -> list[str]:
    return text.replace("\0", " ")[:120].split()[:MAX_WORDS]


def scopes_in(departement: str) -> list[int]:
    """A département, its communes and the EPCI that stand in it; read before the larger query, like `scope_keys`."""
    epcis = Commune.objects.filter(departement=departement).exclude(epci=None).order_by().values("epci")
    inside = Q(departement=departement) | Q(commune__departement=departement) | Q(epci__in=epcis)
    return list(Scope.objects.filter(inside).values_list("pk", flat=True))


def on_theme(theme: str) -> Any:
    """The organisations that take part in a dispositif of a theme today."""
    parts = Participation.objects.known().filter(
        Participation.going_on(), action__themes__contains=f"|{theme}|"
    )
    return parts.values("participant")


def working_on(user: Any, kind: str, key: str) -> tuple[Any, frozenset[int]]:
    """A site or a dispositif that one may read, and who works there: those of the dispositifs (that one may read
    too), and those who counted people on the site. 404 for anything else.
    """
    followed = followed_kind(kind)
    thing = fetch(user, followed.model._default_manager, followed.read, **{followed.key: key})
    if kind == "dispositif":
        actions = [thing.pk]
    elif kind == "site":
        links = ActionSite.objects.known().filter(ActionSite.going_on(), site=thing.pk)
        readable = Action.objects.visible_to(user).filter(pk__in=links.values("action"))
        actions = list(readable.values_list("pk", flat=True))
    else:
        raise Http404
    parts = Participation.objects.known().filter(Participation.going_on(), action__in=actions)
    organisation_pks = set(parts.values_list("participant_id", flat=True))
    if kind == "site":
        organisation_pks |= set(
            Survey.objects.known().filter(site=thing.pk).values_list("organisation_id", flat=True)
        )
    return thing, frozenset(organisation_pks)


def expertises_in_use() -> list[Expertise]:
    """Those shown by somebody, the most frequent first. Three queries: each counts all domains in one pass."""
    visible = Q(directorycard__show_expertises=True, directorycard__user__is_active=True)
    uses = uses_in(DirectoryCard.expertises.through.objects.filter(visible))
    uses += uses_in(OrganisationCard.expertises.through.objects.all())
    expertises = Expertise.objects.in_bulk(uses)
    return sorted(
        expertises.values(), key=lambda expertise: (-uses[expertise.pk], expertise.label, expertise.pk)
    )[:SUGGESTED]


def uses_in(links: Any) -> Counter[int]:
    """How many of `links` lead to each domain, by primary key."""
    counted = links.order_by().values("expertise").annotate(uses=Count("pk"))
    return Counter(dict(counted.values_list("expertise", "uses")))


# Showing ---------------------------------------------------------------------------------------------------


def people_lines(user: Any, people: Iterable[User]) -> list[Person]:
    """Five queries, whatever their number; only the memberships through which `user` finds them."""
    users = list(people)
    posts: dict[int, list[Membership]] = defaultdict(list)
    held = (
        visible_memberships(user)
        .filter(user__in=[person.pk for person in users])
        .select_related("organisation")
    )
    scopes = Prefetch("scopes", Scope.objects.with_territory().order_by("pk"))
    for membership in held.prefetch_related(scopes).order_by("pk"):
        posts[membership.user_id].append(membership)
    cards = {
        card.user_id: card
        for card in DirectoryCard.objects.filter(user__in=users).prefetch_related("expertises")
    }
    return [
        person_line(person, posts[person.pk], cards.get(person.pk) or DirectoryCard()) for person in users
    ]


def person_line(user: User, posts: Sequence[Membership], card: DirectoryCard) -> Person:
    return Person(
        name=user.name,
        posts=list(
            dict.fromkeys(
                Post(
                    str(post.organisation),
                    ", ".join(scope_words(scope) for scope in post.scopes.all()),
                    post.get_role_display() if card.show_role else "",
                )
                for post in posts
            )
        ),
        email=user.email if card.show_email else "",
        phone=card.phone if card.show_phone else "",
        expertises=labels_of(card) if card.show_expertises else [],
    )


def labels_of(card: DirectoryCard | OrganisationCard) -> list[str]:
    return sorted(expertise.label for expertise in card.expertises.all()) if card.pk else []


def organisation_lines(user: Any, organisations: Iterable[Organisation]) -> list[OrganisationLine]:
    listed = list(organisations)
    keys = [organisation.pk for organisation in listed]
    held = visible_memberships(user).filter(organisation__in=keys).order_by()
    counts = dict(
        held.values_list("organisation")
        .annotate(people=Count("user", distinct=True))
        .values_list("organisation", "people")
    )
    cards = {
        card.organisation_id: card
        for card in OrganisationCard.objects.filter(organisation__in=keys).prefetch_related("expertises")
    }
    scopes = Scope.objects.with_territory().in_bulk({organisation.territory_id for organisation in listed})
    return [
        OrganisationLine(
            organisation,
            counts.get(organisation.pk, 0),
            scope_words(scopes[organisation.territory_id]),
            labels_of(cards[organisation.pk]) if organisation.pk in cards else [],
        )
        for organisation in listed
    ]
