"""What most sites do not have is not looked for: a sheet with a single odd thing of a kind shows it all the same."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from jalons.accounts.models import User
from jalons.actions.models import ActionSite
from jalons.discussions.models import Comment
from jalons.discussions.services import Audience, add_comment, withdraw_comment
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.documents.services import replace_document, stored, withdraw_document
from jalons.history.services import correct, withdraw
from jalons.proposals.services import refuse
from jalons.sites.enums import StepKind
from jalons.sites.models import Site
from jalons.sites.services import link_resettlement, merge_sites
from tests import factories as make
from tests.documents.attaching import attach_upload
from tests.documents.files import sent

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
LONG_AGO, THEN = timezone.now() - 20 * DAY, f"?connu-le={TODAY - 5 * DAY}"
Odd = Callable[[Site, make.Cast], Any]


def text_of(user: User, site: Site, query: str = "") -> str:
    client = Client()
    client.force_login(user, make.BACKEND)
    response = client.get(f"/sites/{site.public_id}/{query}")
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def old_site(name: str) -> Site:
    """Known for long."""
    site = make.make_site(name)
    site.occupations.update(recorded_at=LONG_AGO)
    return site


@pytest.fixture
def site(cast: make.Cast) -> Site:
    """It has nothing, and its sheet was read: the next ones use the SQL of this one."""
    site = old_site("Rue du Moulin")
    for reader in (cast.correspondent59, cast.observer):
        text_of(reader, site)
    return site


def comment(site: Site, cast: make.Cast, **how: Any) -> Comment:
    return add_comment(subject=site, text="Voir avec l’école", by=make.actor(cast.correspondent59), **how)


def withdrawn_comment(site: Site, cast: make.Cast) -> None:
    withdraw_comment(comment=comment(site, cast), by=make.actor(cast.correspondent59))


def comment_for_some(site: Site, cast: make.Cast) -> None:
    comment(site, cast, audience=Audience(people=[cast.operator_a.pk]))


def document(site: Site, cast: make.Cast, **how: Any) -> Document:
    upload, by = check_upload(sent(), name="plan.pdf"), make.actor(cast.correspondent59)
    return attach_upload(subject=site, upload=upload, by=by, title="Plan de masse", **how)


def replaced_document(site: Site, cast: make.Cast) -> None:
    first = document(site, cast)
    with stored([check_upload(sent(), name="plan.pdf")]) as [file]:
        replace_document(document=first, file=file, by=make.actor(cast.correspondent59))


def withdrawn_document(site: Site, cast: make.Cast) -> None:
    by = make.actor(cast.correspondent59)
    withdraw_document(document=document(site, cast), by=by, reason="mauvais fichier")


def of_a_duplicate(odd: Odd) -> Odd:
    """The thing was of another site, that was then merged into this one."""

    def merged(site: Site, cast: make.Cast) -> None:
        double = old_site("Doublon")
        odd(double, cast)
        merge_sites(
            survivor=site, duplicate=double, by=make.actor(cast.correspondent59), reason="même terrain"
        )

    return merged


def withdrawn_since(fact: Callable[..., Any], **values: Any) -> Odd:
    """A fact entered long ago and withdrawn today: who looks at what was known then reads it."""

    def entered(site: Site, cast: make.Cast) -> None:
        by = make.actor(cast.correspondent59)
        withdraw(fact=fact(site, TODAY - 30 * DAY, recorded_at=LONG_AGO, **values), by=by, reason="erreur")

    return entered


def corrected_since(site: Site, cast: make.Cast) -> None:
    event = make.make_event(site, TODAY - 30 * DAY, description="Pose de bennes", recorded_at=LONG_AGO)
    correct(fact=event, by=make.actor(cast.correspondent59), reason="autre chose", description="Autre chose")


def move(site: Site, cast: make.Cast, *, arrives: bool = False) -> Any:
    ends: dict[str, Any] = {"origin": old_site("Friche neuve"), "site": site}
    if not arrives:
        ends = {"origin": ends["site"], "site": ends["origin"]}
    return link_resettlement(on=TODAY - 30 * DAY, by=make.actor(cast.correspondent59), **ends)


def arrival(site: Site, cast: make.Cast) -> None:
    move(site, cast, arrives=True)


def withdrawn_move(site: Site, cast: make.Cast) -> None:
    link = move(site, cast)
    type(link).objects.filter(pk=link.pk).update(recorded_at=LONG_AGO)
    link.refresh_from_db()
    withdraw(fact=link, by=make.actor(cast.correspondent59), reason="erreur")


def ended_action(site: Site, cast: make.Cast) -> None:
    make.make_action("Maîtrise du Moulin", sites=[site], ended_on=TODAY - 2 * DAY)


def withdrawn_from_action(site: Site, cast: make.Cast) -> None:
    action = make.make_action("Maîtrise du Moulin", sites=[site])
    for facts in (action.interventions, ActionSite.objects):
        facts.update(recorded_at=LONG_AGO)
    link = ActionSite.objects.get(site=site)
    withdraw(fact=link, by=make.actor(cast.correspondent59), reason="erreur")


def proposal(site: Site, cast: make.Cast) -> Any:
    return make.make_proposal(site, cast.correspondent59, cast.operator_a)


def refused_proposal(site: Site, cast: make.Cast) -> None:
    refuse(proposal=proposal(site, cast), by=make.actor(cast.operator_a), reason="pas de place")


def alias(site: Site, cast: make.Cast) -> None:
    make.make_alias(site, "Le camp du pont")


COMMENT, EVENT, FILE = "Voir avec l’école", "Pose de bennes", "Plan de masse"
ACTION, PROPOSED = "Maîtrise du Moulin", "(DDETS du Nord) à Les amis de Lille, le"
# A name, what is done, what the sheet must say, the point of the past.
ODD: dict[str, tuple[Odd, str, str]] = {
    "comment": (comment, COMMENT, ""),
    "comment withdrawn": (withdrawn_comment, "Retiré par Camille Nord", ""),
    "comment for some": (comment_for_some, COMMENT, ""),
    "comment of a duplicate": (of_a_duplicate(comment), COMMENT, ""),
    "comment of a duplicate, withdrawn": (of_a_duplicate(withdrawn_comment), "Retiré par Camille Nord", ""),
    "document": (document, FILE, ""),
    "document replaced": (replaced_document, "Versions précédentes (1)", ""),
    "document of a duplicate": (of_a_duplicate(document), FILE, ""),
    "document withdrawn": (withdrawn_document, "a retiré le document « Plan de masse »", "historique/"),
    "alias": (alias, "Le camp du pont", ""),
    "alias of a duplicate": (of_a_duplicate(alias), "Le camp du pont", ""),
    "event withdrawn": (withdrawn_since(make.make_event, description=EVENT), EVENT, THEN),
    "event corrected": (corrected_since, EVENT, THEN),
    "event of a duplicate": (of_a_duplicate(corrected_since), "Autre chose", ""),
    "departure": (move, "Friche neuve", ""),
    "arrival": (arrival, "Friche neuve", ""),
    "arrival of a duplicate": (of_a_duplicate(arrival), "Friche neuve", ""),
    "move withdrawn": (withdrawn_move, "Friche neuve", THEN),
    "step withdrawn": (
        withdrawn_since(make.make_step, kind=StepKind.POLITICAL, note="Accord du maire"),
        "Accord du maire",
        THEN,
    ),
    "suitability withdrawn": (
        withdrawn_since(make.make_suitability, note="Terrain en pente"),
        "Terrain en pente",
        THEN,
    ),
    "diagnosis withdrawn": (withdrawn_since(make.make_diagnosis, note="Fait en mai"), "Fait en mai", THEN),
    "dispositif ended": (ended_action, ACTION, ""),
    "dispositif that the site left": (withdrawn_from_action, ACTION, THEN),
    "dispositif of a duplicate": (of_a_duplicate(ended_action), ACTION, ""),
    "proposal": (proposal, PROPOSED, ""),
    "proposal refused": (refused_proposal, PROPOSED, ""),
    "proposal of a duplicate": (of_a_duplicate(proposal), PROPOSED, ""),
}


@pytest.mark.parametrize("name", ODD)
def test_a_sheet_with_only_one_odd_thing_says_it(cast: make.Cast, site: Site, name: str) -> None:
    odd, words, query = ODD[name]
    assert words not in text_of(cast.correspondent59, site, query), "the words prove nothing"
    odd(site, cast)
    assert words in text_of(cast.correspondent59, site, query)


def test_what_is_kept_for_some_stays_hidden(cast: make.Cast, site: Site) -> None:
    comment_for_some(site, cast)
    document(site, cast, sensitive=True)
    text = text_of(cast.observer, site)
    assert COMMENT not in text
    assert FILE not in text
    assert COMMENT in text_of(cast.operator_a, site)
    assert FILE in text_of(cast.correspondent59, site)


@pytest.fixture
def kinds_read_again() -> Iterator[None]:
    """What Django keeps of them goes before the test, and after it."""
    ContentType.objects.clear_cache()
    yield
    ContentType.objects.clear_cache()


@pytest.mark.usefixtures("kinds_read_again")
def test_the_key_of_the_kind_of_a_site_changes_with_the_base(cast: make.Cast, site: Site) -> None:
    """Tables that were emptied or restored give it another one: the SQL that the process kept must not hold it."""
    kind = ContentType.objects.get_for_model(Site)
    ContentType.objects.filter(pk=kind.pk).update(model="former")
    ContentType.objects.clear_cache()
    assert ContentType.objects.get_for_model(Site).pk != kind.pk
    comment(site, cast)
    document(site, cast)
    text = text_of(cast.correspondent59, site)
    assert COMMENT in text
    assert FILE in text
