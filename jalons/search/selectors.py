"""One search over everything that a person may read: each kind costs a constant number of queries."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When, Window
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has, territory_of
from jalons.accounts.querysets import has_words
from jalons.accounts.subjects import Subject, subjects
from jalons.actions.models import Action, Participation
from jalons.actions.selectors import listing as actions_listing
from jalons.actions.selectors import listing_search
from jalons.conventions.overview.listing import ConventionFilter, filtered_conventions
from jalons.core.values import plural
from jalons.directory.permissions import visible_memberships, visible_organisations, visible_people
from jalons.directory.selectors import people_named
from jalons.documents.models import Document
from jalons.history.querysets import NOW
from jalons.search.kinds import Found, Hit, ResultKind, ResultLink, SearchedWords
from jalons.sharing.selectors.offers import OfferFilter, filtered_offers
from jalons.sharing.selectors.practices import PracticeFilter, published_practices
from jalons.sites import selectors as sites_listing
from jalons.sites.models import Site

# Whatever a list opens on: a search is over all that the reader sees.
WHOLE = {"departement": "tous"}


def list_url(url_name: str, words: SearchedWords, **more: str) -> str:
    return f"{reverse(url_name)}?{urlencode({'q': words.typed, **more})}"


def counted(rows: QuerySet[Any], **conditions: Q) -> QuerySet[Any]:
    """Adds to every row how many rows there are in all, `count`, and with each condition: no second query."""
    counts = {name: Window(Count("pk", filter=condition)) for name, condition in conditions.items()}
    return rows.annotate(count=Window(Count("pk")), **counts)


def links_of(first: Any, *lists: tuple[str, str, str, str]) -> list[ResultLink]:
    """Of (count, one, several, url): the lists that hold something."""
    counts = ((getattr(first, name), singular, several, url) for name, singular, several, url in lists)
    return [
        ResultLink(count, plural(count, singular, several), url)
        for count, singular, several, url in counts
        if count
    ]


# Each kind -------------------------------------------------------------------------------------------------


def find_sites(user: Any, words: SearchedWords, limit: int) -> Found:
    """As the list of sites searches; open ones first."""
    if not has(user, Right.READ_SITES):
        return Found()
    is_open = Q(occupation__ended_on__isnull=True) | Q(occupation__ended_on__gt=NOW.day)
    sites = sites_listing.search(Site.objects.visible_to(user).on(NOW), words.typed, words.ground)
    rank = Case(When(is_open, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = list(
        counted(sites.annotate(rank=rank), standing=Q(rank=0), closed=Q(rank=1))
        .select_related("commune__departement")
        .order_by("rank", "search_text", "pk")[:limit]
    )
    if not rows:
        return Found()
    lists = (
        ("standing", "site ouvert", "sites ouverts", list_url("sites:list", words, **WHOLE)),
        ("closed", "site fermé", "sites fermés", list_url("sites:list", words, **WHOLE, statut="fermes")),
    )
    hits = [
        Hit(
            site.name,
            reverse("sites:sheet", args=[site.public_id]),
            f"{site.commune} ({site.commune.departement.code}){', fermé' if site.rank else ''}",
        )
        for site in rows
    ]
    return Found(hits, rows[0].count, links_of(rows[0], *lists))


def find_actions(user: Any, words: SearchedWords, limit: int) -> Found:
    """As the list of dispositifs searches; those in progress first."""
    if not has(user, Right.READ_ACTIONS):
        return Found()
    begun = Q(intervention__valid_on__lte=NOW.day)
    over = Q(intervention__ended_on__isnull=False, intervention__ended_on__lte=NOW.day)
    visible = actions_listing.of_status(Action.objects.visible_to(user), "any", NOW)
    rank = Case(
        When(over, then=Value(2)), When(begun, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    actions = listing_search.search(visible, words.typed, ground=words.ground).annotate(rank=rank)
    rows = list(
        counted(actions, running=Q(rank=0), coming=Q(rank=1), ended=Q(rank=2))
        .select_related("departement")
        .order_by("rank", "search_text", "pk")[:limit]
    )
    if not rows:
        return Found()
    lists = (
        ("running", "dispositif en cours", "dispositifs en cours", list_url("actions:list", words, **WHOLE)),
        ("coming", "à venir", "à venir", list_url("actions:list", words, **WHOLE, statut="a-venir")),
        ("ended", "terminé", "terminés", list_url("actions:list", words, **WHOLE, statut="termines")),
    )
    state = ("", ", à venir", ", terminé")
    hits = [
        Hit(
            action.name,
            reverse("actions:sheet", args=[action.public_id]),
            f"{action.departement.name}{state[action.rank]}",
        )
        for action in rows
    ]
    return Found(hits, rows[0].count, links_of(rows[0], *lists))


def find_conventions(user: Any, words: SearchedWords, limit: int) -> Found:
    """As the list of conventions searches. They are few: all are read."""
    if not has(user, Right.READ_CONVENTIONS):
        return Found()
    conventions = list(
        filtered_conventions(user, ConventionFilter(q=words.typed)).select_related("departement")
    )
    if not conventions:
        return Found()
    hits = [
        Hit(convention.short_title, reverse("conventions:overview", args=[convention.slug]), convention.title)
        for convention in conventions[:limit]
    ]
    link = ResultLink(
        len(conventions),
        plural(len(conventions), "convention", "conventions"),
        list_url("conventions:list", words),
    )
    return Found(hits, len(conventions), [link])


def find_organisations(user: Any, words: SearchedWords, limit: int) -> Found:
    """A structure that takes part in dispositifs of the reader leads to them."""
    seen = visible_organisations(user).filter(has_words(words.folded, "name", "acronym"))
    parts = Participation.objects.known().filter(Participation.going_on(), participant=OuterRef("pk"))
    acts = Exists(parts.filter(action__in=Action.objects.visible_to(user).values("pk")))
    rows = list(counted(seen.annotate(acts=acts)).order_by("name", "pk")[:limit])
    return Found([organisation_hit(row) for row in rows], rows[0].count if rows else 0)


def organisation_hit(organisation: Any) -> Hit:
    acronym = f"{organisation.acronym}, " if organisation.acronym else ""
    query = urlencode({"q": organisation.name, **WHOLE})
    url = f"{reverse('actions:list')}?{query}" if organisation.acts else ""
    kind = organisation.get_kind_display()
    detail = f"{acronym}{kind[:1].lower()}{kind[1:]}"
    return Hit(organisation.name, url, f"{detail}\u00a0: ses dispositifs" if url else detail)


def find_people(user: Any, words: SearchedWords, limit: int) -> Found:
    """As the directory searches, where they lead."""
    people = visible_people(user).filter(people_named(user, words.folded))
    rows = list(counted(people).order_by("name", "pk")[:limit])
    if not rows:
        return Found()
    works: dict[int, list[str]] = {}
    memberships = visible_memberships(user).filter(user__in=[person.pk for person in rows])
    for membership in memberships.select_related("organisation").order_by("pk"):
        works.setdefault(membership.user_id, []).append(str(membership.organisation))
    hits = [
        Hit(
            person.name,
            f"{reverse('directory:people')}?{urlencode({'q': person.name})}",
            ", ".join(dict.fromkeys(works[person.pk])),
        )
        for person in rows
    ]
    count = rows[0].count
    link = ResultLink(count, plural(count, "personne", "personnes"), list_url("directory:people", words))
    return Found(hits, count, [link])


def find_shared_actions(user: Any, words: SearchedWords, limit: int) -> Found:
    """As the directory of dispositifs searches."""
    rows = list(counted(filtered_offers(user, OfferFilter(q=words.typed)))[:limit])
    if not rows:
        return Found()
    hits = [
        Hit(row.title, reverse("sharing:offered", args=[row.public_id]), row.action.departement.name)
        for row in rows
    ]
    label = plural(rows[0].count, "dispositif montré", "dispositifs montrés")
    return Found(
        hits, rows[0].count, [ResultLink(rows[0].count, label, list_url("sharing:directory", words))]
    )


def find_practices(user: Any, words: SearchedWords, limit: int) -> Found:
    """In the text of the edition that everybody reads."""
    rows = list(counted(published_practices(user, PracticeFilter(q=words.typed)))[:limit])
    if not rows:
        return Found()
    hits = [
        Hit(row.current.title, reverse("sharing:practice", args=[row.public_id]), row.current.summary)
        for row in rows
    ]
    label = plural(rows[0].count, "bonne pratique", "bonnes pratiques")
    return Found(
        hits, rows[0].count, [ResultLink(rows[0].count, label, list_url("sharing:practices", words))]
    )


def find_documents(user: Any, words: SearchedWords, limit: int) -> Found:
    """By their title, on all that one reads; sensitive ones where one has the right that their kind asks."""
    titled = Document.objects.standing().filter(has_words(words.folded, "title"))
    # Titles first: of the kinds of things that bear none, rights are not even asked.
    kinds = set(titled.order_by().values_list("content_type", flat=True).distinct())
    readable = Q(pk__in=[])
    for subject in subjects():
        kind = ContentType.objects.get_for_model(subject.model)
        if kind.pk in kinds:
            readable |= Q(content_type=kind) & readable_on(user, subject)
    documents = titled.filter(readable)
    rows = list(counted(documents).prefetch_related("subject").order_by("-created_at", "-pk")[:limit])
    hits = [
        Hit(
            row.title,
            reverse("documents:download", args=[row.public_id]),
            f"{row.described}, {row.subject}",
        )
        for row in rows
    ]
    return Found(hits, rows[0].count if rows else 0)


def readable_on(user: Any, subject: Subject) -> Q:
    """Which documents on this kind of thing: those of what is visible, less the sensitive ones."""
    things: Any = subject.model._default_manager
    visible = things.visible_to(user).order_by().values("pk")
    open_ones = Q(object_id__in=visible, sensitive=False)
    if not has(user, subject.read_sensitive):
        return open_ones
    where = territory_of(user, subject.read_sensitive)
    sensitive = things.visible_to(user).in_territory(where).order_by().values("pk")
    return open_ones | Q(object_id__in=sensitive, sensitive=True)


KINDS: Sequence[ResultKind] = (
    ResultKind("sites", "Sites", find_sites),
    ResultKind("dispositifs", "Dispositifs", find_actions),
    ResultKind("conventions", "Conventions", find_conventions),
    ResultKind("structures", "Structures", find_organisations),
    ResultKind("personnes", "Personnes", find_people),
    ResultKind("annuaire", "Dispositifs de toute la France", find_shared_actions),
    ResultKind("pratiques", "Bonnes pratiques", find_practices),
    ResultKind("documents", "Documents", find_documents),
)
