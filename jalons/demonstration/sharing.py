"""What is proposed, shown to the whole country and written for others: a few of each, as `data/sharing.json` says."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType

from jalons.accounts.models import User
from jalons.actions.models import Action
from jalons.demonstration.chance import SEED, Chance, data
from jalons.demonstration.sites import Teller
from jalons.discussions.models import Comment, Mail
from jalons.history.services import Actor
from jalons.proposals.enums import ProposalKind
from jalons.proposals.models import ActionProposal
from jalons.proposals.services import propose
from jalons.sharing.models import Practice, PracticeEdition
from jalons.sharing.services import ask_review, publish, save_practice, set_offer
from jalons.sites.models import Site

NATIONAL = "national@demo.example"
TOPICS = ("proposals", "practices")  # of the e-mails that this wrote, and that nobody is to receive


def share(tell: Teller) -> None:
    """The dispositifs, sites and people of `data/sharing.json` must have been written; what is missing is left out."""
    rows, chance = data("sharing"), Chance(SEED + 5)
    people = {user.email: user for user in User.objects.filter(email__endswith="@demo.example")}
    for row in rows["practices"]:
        write_practice(tell, chance, people, row)
    for row in rows["offers"]:
        show(tell, chance, people, row)
    for row in rows["proposals"]:
        send(tell, chance, people, row)
    Mail.objects.filter(topic__in=TOPICS).delete()


def acting(user: User) -> Actor:
    return Actor(user, user.active_memberships[0].organisation)


def at(tell: Teller, ago: int) -> dt.datetime:
    return tell.moment(tell.day(ago), 0)


def settle(record: Any, *, at: dt.datetime, public_id: str, **columns: Any) -> None:
    """As if it had been written then: the services read the clock, and draw what names it in addresses."""
    model = type(record)
    model._default_manager.filter(pk=record.pk).update(public_id=public_id, changed_at=at, **columns)
    model.history.filter(id=record.pk).update(public_id=public_id, changed_at=at, history_date=at, **columns)


def write_practice(tell: Teller, chance: Chance, people: dict[str, User], row: dict[str, Any]) -> None:
    owner, national = people.get(row["owner"]), people.get(NATIONAL)
    if owner is None or national is None:
        return
    day = at(tell, row["ago"])
    words = {name: row[name] for name in ("title", "summary", "body")}
    practice = Practice(**words)
    practice.themes = tuple(row["themes"])
    save_practice(practice=practice, by=acting(owner))
    if row["published"]:
        edition = publish(practice=practice, by=acting(national))
        PracticeEdition.objects.filter(pk=edition.pk).update(published_at=day)
    else:
        ask_review(practice=practice, by=acting(owner))
    reviewed = tell.day(row["reviewed"])
    settle(practice, at=day, public_id=chance.public_id(), reviewed_on=reviewed)


def show(tell: Teller, chance: Chance, people: dict[str, User], row: dict[str, Any]) -> None:
    user = people.get(row["by"])
    if user is None:
        return
    by = acting(user)
    ours = Action.objects.filter(
        participations__participant=by.organisation, participations__superseded_at__isnull=True
    )
    actions = ours.filter(offer__isnull=True).distinct().order_by("pk")
    action = actions.select_related("departement")[row["number"] : row["number"] + 1].first()
    if action is None:
        return
    offer = set_offer(
        action=action,
        by=by,
        is_offered=True,
        title=row["title"],
        summary=row["summary"],
        contact=action.contacts.order_by("pk").first(),
        documents=(),
        expected_version=0,
    )
    settle(offer, at=at(tell, row["ago"]), public_id=chance.public_id())


def send(tell: Teller, chance: Chance, people: dict[str, User], row: dict[str, Any]) -> None:
    author, pilot = people.get(row["by"]), people.get(row["to"])
    sites = Site.objects.standing().filter(commune__departement="59").select_related("commune__departement")
    site = sites.order_by("pk")[row["number"] : row["number"] + 1].first()
    if author is None or pilot is None or site is None:
        return
    proposal = propose(
        by=acting(author),
        kind=ProposalKind(row["kind"]),
        sites=[site],
        pilot=acting(pilot).organisation,
        why=row["why"],
        themes=row["themes"],
    )
    settle(proposal, at=at(tell, row["ago"]), public_id=chance.public_id(), created_at=at(tell, row["ago"]))
    if row["question"]:
        ask(tell, chance, people, proposal, row["question"])


def ask(
    tell: Teller, chance: Chance, people: dict[str, User], proposal: ActionProposal, row: dict[str, Any]
) -> None:
    by = acting(people[row["by"]])
    comment = Comment(
        public_id=chance.public_id(),
        content_type=ContentType.objects.get_for_model(ActionProposal),
        object_id=proposal.pk,
        text=row["text"],
        author=by.user,
        organisation=by.organisation,
        created_at=at(tell, row["ago"]),
    )
    comment.save(force_insert=True)
