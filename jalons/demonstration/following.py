"""What people keep at hand, follow, report and say apart: enough of each for every page to have something to show."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType

from jalons.accounts.models import User
from jalons.actions.models import Action
from jalons.conventions.models import Convention
from jalons.demonstration.chance import SEED, Chance, data
from jalons.demonstration.sites import Teller
from jalons.directory.services import Choice, save_card
from jalons.discussions.enums import Frequency, NewsKind
from jalons.discussions.models import Comment, Favourite, Subscription
from jalons.discussions.services import follow, set_favourite
from jalons.sites.models import Site, SiteReport
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Scope


def follow_and_report(tell: Teller) -> None:
    """As `data/following.json` says, with dice of its own; the first sites, dispositifs and conventions are meant."""
    content, chance = data("following"), Chance(SEED + 3)
    people = {user.email: user for user in User.objects.filter(email__in=[*content["people"].values()])}
    by_name = {name: people[email] for name, email in content["people"].items() if email in people}
    for row in content["favourites"]:
        for name in row["people"]:
            star(by_name[name], row["kind"], row["number"], at=tell.moment(tell.day(row["ago"]), 0))
    for row in content["subscriptions"]:
        subscribe(by_name[row["person"]], row, at=tell.moment(tell.day(30), 0))
    for row in content["reports"]:
        report(tell, chance, by_name, row)
    for row in content["comments"]:
        say_apart(tell, chance, by_name, row)
    for name, row in content["cards"].items():
        save_card(
            user=by_name[name],
            choice=Choice(**{**row, "expertises": tuple(row["expertises"])}),
            organisations={},
        )


def nth(user: User, kind: str, number: int) -> Any:
    """The thing of that number among those that a person reads, or nothing in a small world."""
    model: Any = {"site": Site, "dispositif": Action, "convention": Convention}[kind]
    readable = model.objects.visible_to(user)
    if kind == "site":
        readable = readable.standing().filter(commune__departement="59")
    if kind == "dispositif":
        readable = readable.filter(departement="59")
    return readable.order_by("pk")[number : number + 1].first()


def star(user: User, kind: str, number: int, *, at: dt.datetime) -> None:
    thing = nth(user, kind, number)
    if thing is not None:
        set_favourite(user=user, obj=thing, on=True)
        Favourite.objects.filter(user=user, kind=kind, object_id=thing.pk).update(created_at=at)


def subscribe(user: User, row: dict[str, Any], *, at: dt.datetime) -> None:
    target, key = row["target"], row.get("key", "")
    if target == Subscription.TERRITORY:
        key = str(Scope.objects.get_or_create(level=ScopeLevel.DEPARTEMENT, departement_id=key)[0].pk)
    elif target != Subscription.THEME:
        thing = nth(user, target, row["number"])
        if thing is None:
            return
        key = str(thing.pk)
    written = follow(
        user=user,
        target=target,
        target_key=key,
        frequency=Frequency(row["frequency"]),
        events=[NewsKind(code) for code in row["events"]],
    )
    Subscription.objects.filter(pk=written.pk).update(created_at=at)


def report(tell: Teller, chance: Chance, by_name: dict[str, User], row: dict[str, Any]) -> None:
    author = by_name[row["person"]]
    described = {name: row[name] for name in ("address", "message", "state", "answer")}
    answered = bool(row["answered_by"])
    SiteReport.objects.create(
        public_id=chance.public_id(),
        author=author,
        organisation=author.active_memberships[0].organisation,
        created_at=tell.moment(tell.day(row["ago"]), 0),
        commune=tell.communes[row["commune"]],
        seen_on=tell.day(row["ago"] + 1),
        answered_by=by_name[row["answered_by"]] if answered else None,
        answered_at=tell.moment(tell.day(row["ago"] - 1), 0) if answered else None,
        **described,
    )


def say_apart(tell: Teller, chance: Chance, by_name: dict[str, User], row: dict[str, Any]) -> None:
    """A comment kept for some, on a site that all of them read."""
    author, readers = by_name[row["person"]], [by_name[name] for name in row["readers"]]
    site = nth(author, "site", row["number"])
    if site is None:
        return
    comment = Comment(
        public_id=chance.public_id(),
        content_type=ContentType.objects.get_for_model(Site),
        object_id=site.pk,
        text=row["text"],
        restricted=True,
        author=author,
        organisation=author.active_memberships[0].organisation,
        created_at=tell.moment(tell.day(row["ago"]), 0),
    )
    comment.save(force_insert=True)
    comment.for_people.set(readers)
