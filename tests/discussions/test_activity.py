"""The activity: what happened, as far as one may read it; nothing hidden takes a place, however much of it there is."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.services import close_action
from jalons.actions.services.lasting import intervention_of
from jalons.conventions.enums import EditionKind
from jalons.conventions.versions.editions import freeze
from jalons.core import clock
from jalons.core.values import format_date
from jalons.discussions.activity import PAGE_SIZE, ActivityQuestion, activity
from jalons.discussions.enums import ActivityKind
from jalons.discussions.services import Audience, add_comment
from jalons.documents.checks import Upload
from jalons.documents.enums import DocumentType
from jalons.history.services import correct, withdraw
from jalons.sites.enums import StepKind
from jalons.sites.services.occupations import correct_occupation, occupation_of
from tests import factories
from tests.conventions.samples import make_convention
from tests.documents.attaching import attach_upload
from tests.factories import BACKEND, LILLE, MARSEILLE, Cast

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')
ROLES = (
    "national",
    "correspondent59",
    "correspondent13",
    "mairie",
    "operator_a",
    "operator13",
    "contributor",
    "observer",
    "nobody",
)
ADDRESSES = (
    "/activite/",
    "/activite/?departement=tous",
    "/activite/?departement=13",
    "/activite/?departement=59&type=commentaires&type=documents",
    "/activite/?page=2",
    "/accueil/changements/",
)


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def pages(user: Any) -> list[str]:
    client = signed_in(user)
    return [CHANGING.sub("", client.get(address).content.decode()) for address in ADDRESSES]


def sentences(user: Any, **asked: Any) -> list[str]:
    return [item.sentence for item in activity(ActivityQuestion(user, **asked))]


def test_everything_that_happens_is_there_newest_first(cast: Cast) -> None:
    site = factories.make_site("Rue du Moulin", LILLE)
    survey = factories.make_survey(site, ago(3), 34)
    by = factories.actor(cast.correspondent59)
    correct(fact=survey, by=by, reason="erreur", people=40)
    action = factories.make_action("MOUS", by=by, starts_on=ago(40), sites=[site])
    close_action(action=action, by=by, ended_on=ago(1), final_account="Fait.")
    add_comment(subject=site, text="Une visite a eu lieu.", by=by)
    factories.close_site(site, ago(0))
    told = sentences(cast.correspondent59)
    assert any("a déclaré ce site" in sentence for sentence in told)
    assert any("40 personnes au lieu de 34" in sentence for sentence in told)
    assert any("a fermé ce dispositif" in sentence for sentence in told)
    assert any("a écrit un commentaire" in sentence for sentence in told)
    assert "a fermé ce site" in told[0]
    moments = [item.moment for item in activity(ActivityQuestion(cast.correspondent59))]
    assert moments == sorted(moments, reverse=True)
    kinds = frozenset([ActivityKind.COUNTS])
    assert len(sentences(cast.correspondent59, kinds=kinds)) == 2
    page = signed_in(cast.correspondent59).get("/activite/?type=recensements").content.decode()
    assert "au lieu de 34" in page
    assert "a fermé ce dispositif" not in page


def test_every_change_of_a_fact_is_told(cast: Cast) -> None:
    """Dates alone, a closing, an assessment, a withdrawal: none is dropped, and none takes the place of another."""
    by = factories.actor(cast.correspondent59)
    site = factories.make_site("Rue du Moulin", LILLE)
    survey = factories.make_survey(site, ago(9), 34)
    action = factories.make_action("MOUS", by=by, starts_on=ago(40), sites=[site])
    report = factories.make_follow_up(action, ago(20), by=cast.operator_a)
    occupation = occupation_of(site)
    facts = [
        factories.make_conditions(site, ago(8)),
        factories.make_diagnosis(site, ago(8)),
        factories.make_step(site, ago(8), StepKind.SOCIAL),
        factories.make_suitability(site, ago(8)),
        factories.make_event(site, ago(8)),
        factories.make_procedure(site, ago(8)),
        factories.make_ownership(site, ago(8)),
    ]
    whole = sentences(cast.correspondent59, limit=500)

    def told() -> list[str]:
        """What is told now and was not."""
        nonlocal whole
        before, whole = whole, sentences(cast.correspondent59, limit=500)
        assert whole[len(whole) - len(before) :] == before
        return [sentence.split(" a ", 1)[1] for sentence in whole[: len(whole) - len(before)]]

    day, was = format_date(ago(60)), format_date(ago(9))
    correct_occupation(occupation=occupation, by=by, reason="", valid_on=ago(60))
    assert told() == [f"corrigé les dates de ce site\u00a0: depuis le {day}"]
    dates = correct(fact=intervention_of(action), by=by, reason="", planned_end=ago(-30))
    end = format_date(ago(-30))
    assert told() == [f"corrigé les dates de ce dispositif\u00a0: fin prévue le {end}"]
    dates = correct(fact=dates, by=by, reason="", valid_on=ago(60), planned_end=None)
    assert told() == [f"corrigé les dates de ce dispositif\u00a0: début le {day}, sans fin prévue"]
    correct(fact=dates, by=by, reason="", final_account="Bilan.")
    assert told() == ["corrigé le bilan final de ce dispositif"]
    survey = correct(fact=survey, by=by, reason="", valid_on=ago(7))
    assert told() == [f"corrigé le recensement du {was}\u00a0: daté du {format_date(ago(7))}"]
    survey = correct(fact=survey, by=by, reason="", set_aside=True)
    assert told() == [f"écarté le recensement du {format_date(ago(7))}"]
    withdraw(fact=survey, by=by, reason="")
    assert told() == [f"retiré le recensement du {format_date(ago(7))}"]
    report = correct(fact=report, by=by, reason="", valid_on=ago(19))
    assert told() == [f"corrigé le suivi au {format_date(ago(19))}"]
    withdraw(fact=report, by=by, reason="")
    assert told() == [f"retiré le suivi au {format_date(ago(19))}"]
    for fact in facts:
        fact = correct(fact=fact, by=by, reason="", valid_on=ago(6))
        assert len(told()) == 1, fact
        withdraw(fact=fact, by=by, reason="")
        assert told()[0].startswith("retiré "), fact
    with_site = factories.close_site(site, ago(1))
    assert told() == [f"fermé ce site le {format_date(ago(1))}"], with_site
    home = signed_in(cast.correspondent59).get("/accueil/changements/", headers={"HX-Request": "true"})
    assert "a fermé ce site" in home.content.decode()


def test_each_kind_leads_somewhere_from_the_home_and_from_the_page(cast: Cast) -> None:
    """The frozen version of a convention too, which nobody may comment as such."""
    by = factories.actor(cast.correspondent59)
    site = factories.make_site("Rue du Moulin", LILLE)
    factories.make_survey(site, ago(3), 34)
    action = factories.make_action("MOUS", by=by, starts_on=ago(40), sites=[site])
    factories.make_follow_up(action, ago(2), by=cast.operator_a)
    add_comment(subject=site, text="Une visite a eu lieu.", by=by)
    content = b"arrete"
    upload = Upload(io.BytesIO(content), "a.txt", DocumentType.TXT, len(content), "a" * 64)
    attach_upload(subject=action, upload=upload, by=by, title="Arrêté")
    factories.make_conditions(site, ago(2))
    factories.make_step(site, ago(2), StepKind.SOCIAL)
    factories.make_event(site, ago(2))
    factories.make_procedure(site, ago(2))
    convention = make_convention()
    freeze(convention=convention, kind=EditionKind.VOTE, title="Version votée", by=by)
    client = signed_in(cast.correspondent59)
    seen = activity(ActivityQuestion(cast.correspondent59))
    assert {item.kind for item in seen} == set(ActivityKind)
    whole = client.get("/activite/").content.decode()
    for item in seen:
        assert f'href="{item.url}"' in whole
        assert client.get(item.url).status_code == 200
    # As the home asks for it: a fragment, of the newest alone.
    home = client.get("/accueil/changements/", headers={"HX-Request": "true"}).content.decode()
    assert [f'href="{item.url}"' in home for item in seen[:6]] == [True] * 6
    for kind in ActivityKind:
        assert client.get(f"/activite/?type={kind.value}").status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_what_one_may_not_read_changes_no_byte(cast: Cast, role: str) -> None:
    """More hidden things than a page holds, of each kind, newer than all that is seen."""
    user = getattr(cast, role)
    seen = factories.make_site("Rue du Moulin", LILLE)
    factories.make_survey(seen, ago(3), 34)
    hidden = factories.make_site("Chemin Caché", MARSEILLE)
    reads = can(user, Right.READ_SITES, hidden)
    before = pages(user)
    for number in range(PAGE_SIZE + 2):
        factories.make_survey(hidden, ago(number + 1), 10 + number)
    marseille = factories.departement_author("13")
    add_comment(subject=hidden, text="Caché.", by=marseille)
    elsewhere = pages(user)
    assert (elsewhere == before) != reads
    # What is read by a right of its own, on a site that everybody of the Nord reads.
    factories.make_procedure(seen, ago(1), note="Expulsion")
    factories.make_ownership(seen, ago(1), name="SCI Cachée")
    after = pages(user)
    sensitive = can(user, Right.READ_JUSTICE, seen) or can(user, Right.READ_OWNER, seen)
    assert (after != elsewhere) == sensitive
    assert "Expulsion" not in "".join(after)
    assert "SCI Cachée" not in "".join(after)
    # Kept for its author alone, beneath what everybody of the Nord reads.
    nord = factories.actor(cast.correspondent59)
    add_comment(subject=seen, text="Réservé.", by=nord, audience=Audience(people=[cast.correspondent59.pk]))
    assert (pages(user) == after) != (role == "correspondent59")


def test_as_many_queries_for_many_things(cast: Cast) -> None:
    client = signed_in(cast.correspondent59)

    def cost() -> int:
        client.get("/activite/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/activite/")
        return len(queries)

    def more(count: int) -> None:
        by = factories.actor(cast.correspondent59)
        for _ in range(count):
            site = factories.make_site()
            correct(fact=factories.make_survey(site, ago(2), 20), by=by, reason="", people=21)
            add_comment(subject=site, text="Vu.", by=by)
            factories.make_action(sites=[site], starts_on=ago(9))

    more(1)
    few = cost()
    more(4)
    assert cost() == few <= 30


@pytest.mark.parametrize("query", ["page=-1", "page=99999999", "page=x", "type=intrus", "departement=zz%00"])
def test_what_cannot_be_read_filters_nothing(cast: Cast, query: str) -> None:
    factories.make_site("Rue du Moulin", LILLE)
    assert signed_in(cast.mairie).get(f"/activite/?{query}").status_code == 200
