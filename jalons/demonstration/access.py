"""Who knocks at the door of the invented world: requests for access, and somebody invited who did not come yet."""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password

from jalons.accounts.enums import Role
from jalons.accounts.letters import digest_of, new_secret
from jalons.accounts.models import Membership, User
from jalons.charter.enums import TextKind
from jalons.charter.models import Charter, CharterSignature
from jalons.charter.selectors import proposed
from jalons.demonstration.chance import IN_USE, SEED, Calendar, Chance, data
from jalons.demonstration.people import Cast, scope_of
from jalons.demonstration.writing import signed, write_records
from jalons.history.services import Actor
from jalons.joining.enums import AccountEventKind, RequestState
from jalons.joining.models import AccessRequest, AccountEvent, Invitation, RequestMessage
from jalons.joining.sources import is_quoted_source


def knock(cast: Cast, calendar: Calendar) -> None:
    """With dice of their own."""
    chance, content = Chance(SEED + 3), data("access")
    by = cast.actors["dihal"]
    for row in content["requests"]:
        at = calendar.moment(chance, calendar.day(row["ago"]))
        ask(cast, row, by, at=at, public_id=chance.public_id())
    row = content["invited"]
    invite(cast, row, by, at=calendar.moment(chance, calendar.day(row["ago"])))


def ask(cast: Cast, row: dict[str, Any], by: Actor, *, at: dt.datetime, public_id: str) -> None:
    request = AccessRequest(
        public_id=public_id,
        name=row["name"],
        email=row["email"],
        organisation=cast.organisations.get(row.get("organisation", "")),
        organisation_name=row.get("name_of", ""),
        organisation_kind=row.get("kind", ""),
        territory=scope_of(row["scope"]),
        duties=row["duties"],
        purpose=row["purpose"],
        national=is_quoted_source(row["email"], row.get("name_of", "")),
        state=RequestState.PENDING,
        created_at=at,
    )
    request.version, request.changed_at = 1, at
    write_records(AccessRequest, [request])
    if "question" in row:
        hour = dt.timedelta(hours=1)
        question = RequestMessage(request=request, text=row["question"], created_at=at + hour)
        question.author, question.organisation = by.user, by.organisation
        reply = RequestMessage(request=request, text=row["reply"], created_at=at + 2 * hour)
        RequestMessage.objects.bulk_create([question, reply])


def invite(cast: Cast, row: dict[str, Any], by: Actor, *, at: dt.datetime) -> None:
    """The link is in nobody's mailbox: it can be sent again."""
    user = User.objects.create(
        email=row["email"], name=row["name"], joined_at=at, password=make_password(None)
    )
    organisation = cast.organisations[row["organisation"]]
    membership = Membership(user=user, organisation=organisation, role=Role(row["role"]), starts_on=at.date())
    write_records(Membership, [signed(membership, by, at)])
    membership.scopes.add(scope_of(row["scope"]))
    event = AccountEvent(user=user, kind=AccountEventKind.INVITED, at=at, detail=organisation.name)
    event.author, event.organisation = by.user, by.organisation
    event.save()
    Invitation.objects.create(user=user, digest=digest_of(new_secret()), created_at=at, sent_at=at)


def publish_texts(cast: Cast, calendar: Calendar) -> None:
    """The charter and the legal pages as Jalons proposes them; everybody who has an account accepted the charter."""
    by, at = cast.actors["dihal"], calendar.moment(Chance(SEED + 4), calendar.day(IN_USE))
    texts = [
        Charter(
            kind=kind,
            number=1,
            body=proposed(kind),
            published_at=at,
            published_by=by.user,
            published_for=by.organisation,
        )
        for kind in TextKind
    ]
    charter, *_ = Charter.objects.bulk_create(texts)
    CharterSignature.objects.bulk_create(
        CharterSignature(user=user, charter=charter, signed_at=at) for user in User.objects.order_by("pk")
    )
