"""A proposal from the site to the dispositif: who is told, who answers, what the second one reads, what it changes."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.accounts.enums import Role
from jalons.accounts.models import User
from jalons.actions.models import Action
from jalons.discussions.models import Mail
from jalons.discussions.services import Audience, add_comment
from jalons.history.services import Stale
from jalons.proposals.enums import ProposalState
from jalons.proposals.models import ActionProposal
from jalons.proposals.notifications import remind
from jalons.proposals.selectors import known_reasons, recipients_for, waiting_for
from jalons.proposals.services import agree, become, refuse, take_back
from jalons.sites.models import Site
from tests import factories
from tests.factories import BACKEND, Cast, actor, organisation_of
from tests.forms import form_to
from tests.house.test_blind import content
from tests.urgency.cases import BAD, conditions, evacuation

pytestmark = pytest.mark.django_db
LISTS = (
    "/",
    "/accueil/suite/",
    "/sites/",
    "/sites/export?format=csv",
    "/dispositifs/",
    "/dispositifs/?statut=a-venir",
    "/dispositifs/export?format=csv",
    "/tableau-de-bord/",
    "/priorites/",
    "/priorites/export?format=csv",
    "/carte/",
    "/recherche/?q=moulin",
    "/annuaire/",
)


@pytest.fixture
def site(cast: Cast) -> Site:
    site = factories.make_site("Rue du Moulin")
    conditions(water=BAD)(site)
    return site


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def address(proposal: ActionProposal, step: str = "") -> str:
    return f"/dispositifs/propositions/{proposal.public_id}/{step}"


def mails(user: User) -> list[str]:
    rows = Mail.objects.filter(user=user, topic="proposals").order_by("pk")
    return list(rows.values_list("subject", flat=True))


def send(client: Client, path: str, **data: Any) -> Any:
    page = client.get(path)
    return client.post(path, form_to(page, path.partition("?")[0]).filled(data))


def test_from_the_site_to_the_dispositif(cast: Cast, site: Site) -> None:
    asker, pilot = signed_in(cast.operator_a), signed_in(cast.correspondent59)
    path = f"/dispositifs/propositions/site/{site.public_id}/?quoi=social"
    form = form_to(asker.get(path), path.partition("?")[0])
    assert form.values["kind"] == ["social"]
    assert form.values["sites"] == [site.public_id]
    assert form.values["pilot"] == [str(organisation_of(cast.correspondent59).pk)]
    assert "pas d’accès correct à l’eau" in form.values["why"][0]
    assert asker.post(path, form.filled({})).status_code == 302
    proposal = ActionProposal.objects.get()
    assert (proposal.state, proposal.author, proposal.kind) == (ProposalState.SENT, cast.operator_a, "social")
    assert mails(cast.correspondent59) == ["Les amis de Lille vous adresse une proposition"]
    assert "On attend votre réponse" in pilot.get("/").content.decode()
    assert "On attend votre réponse" not in asker.get("/").content.decode()
    # The dispositif opens filled in; recorded, it leads back.
    opened = form_to(pilot.get(address(proposal, "declarer/")), address(proposal, "declarer/"))
    assert opened.values["name"] == ["Diagnostic social\u00a0: Rue du Moulin"]
    assert opened.values["sites"] == [site.public_id]
    assert opened.values["objectives"] == [proposal.why]
    data = opened.filled({"themes": ["health"]})
    assert pilot.post(address(proposal, "declarer/"), data).status_code == 302
    proposal.refresh_from_db()
    action = Action.objects.get()
    assert (proposal.state, proposal.action) == (ProposalState.DECLARED, action)
    assert mails(cast.operator_a) == ["DDETS du Nord a accepté votre proposition"]
    assert f"/dispositifs/{action.public_id}/" in asker.get(address(proposal)).content.decode()
    # A diagnosis is a step of the resorption: who updates the site notes it there.
    step = f"/sites/{site.public_id}/etapes/social/"
    assert step in asker.get(address(proposal)).content.decode()
    assert step not in signed_in(cast.national).get(address(proposal)).content.decode()
    # Sent twice, it declares once; sent anew, it says who answered.
    assert pilot.post(address(proposal, "declarer/"), data).status_code == 302
    again = pilot.post(address(proposal, "declarer/"), data | {"submission_key": ""})
    assert again.status_code == 409
    assert "Camille Nord" in again.content.decode()
    assert Action.objects.count() == 1


def test_an_operator_agrees_and_the_correspondent_declares(cast: Cast, site: Site) -> None:
    proposal = factories.make_proposal(site, cast.mairie, cast.operator_a)
    operator, pilot = signed_in(cast.operator_a), signed_in(cast.correspondent59)
    page = operator.get(address(proposal)).content.decode()
    assert address(proposal, "accepter/") in page
    assert address(proposal, "declarer/") not in page
    assert pilot.get(address(proposal, "declarer/")).status_code == 403, "le destinataire n’a pas répondu"
    assert pilot.get(address(proposal, "accepter/")).status_code == 403, "une autre structure a répondu"
    send(operator, address(proposal, "accepter/"), answer="Dès lundi.")
    assert [row.proposal for row in waiting_for(fresh(cast.correspondent59)).to_declare] == [proposal]
    assert mails(cast.correspondent59) == ["Un dispositif accepté attend d’être déclaré"]
    assert mails(cast.mairie) == ["Les amis de Lille a accepté votre proposition"]
    opened = form_to(pilot.get(address(proposal, "declarer/")), address(proposal, "declarer/"))
    assert opened.values["operateurs-0-organisation"][0].startswith("Les amis de Lille")
    pilot.post(address(proposal, "declarer/"), opened.filled({"themes": ["health"]}))
    assert Action.objects.get().parts == {
        (organisation_of(cast.correspondent59).pk, "pilot"),
        (organisation_of(cast.operator_a).pk, "operator"),
    }
    assert not waiting_for(fresh(cast.correspondent59))


def test_the_second_of_two_reads_the_answer_of_the_first(cast: Cast, site: Site) -> None:
    proposal = factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    colleague = factories.make_user(
        Role.CORRESPONDENT, "59", organisation=organisation_of(cast.correspondent59), name="Kim Nord"
    )
    first, other = signed_in(cast.correspondent59), signed_in(colleague)
    path = address(proposal, "refuser/")
    form = form_to(other.get(path), path)
    send(first, path, answer="Déjà fait en mai.")
    answer = other.post(path, form.filled({"answer": "Pas de budget."}))
    text = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Camille Nord", "Déjà fait en mai.", "Pas de budget."):
        assert words in text
    assert other.get(path).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_by) == ("Déjà fait en mai.", cast.correspondent59)
    with pytest.raises(Stale):
        take_back(proposal=proposal, by=actor(cast.operator_a), reason="erreur")
    stale = factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    held = ActionProposal.objects.get(pk=stale.pk)
    agree(proposal=held, by=actor(cast.correspondent59))
    with pytest.raises(Stale):
        refuse(proposal=stale, by=actor(colleague), reason="non")
    assert mails(cast.operator_a)[0] == "DDETS du Nord n’a pas retenu votre proposition"


def test_taken_back_by_who_sent_it_alone(cast: Cast, site: Site) -> None:
    proposal = factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    assert signed_in(cast.correspondent59).get(address(proposal, "retirer/")).status_code == 403
    assert signed_in(cast.operator_b).get(address(proposal)).status_code == 404
    send(signed_in(cast.colleague_a), address(proposal, "retirer/"), answer="Autre site.")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    assert mails(cast.correspondent59)[-1] == "Les amis de Lille a retiré sa proposition"
    assert signed_in(cast.correspondent59).get(address(proposal, "declarer/")).status_code == 302


def test_a_question_is_told_to_the_other_side(cast: Cast, site: Site) -> None:
    proposal = factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    add_comment(subject=proposal, text="Combien de familles ?", by=actor(cast.correspondent59))
    assert mails(cast.operator_a) == ["DDETS du Nord a écrit au sujet d’une proposition"]
    assert [row.proposal for row in waiting_for(fresh(cast.operator_a)).to_reply] == [proposal]
    add_comment(subject=proposal, text="Six.", by=actor(cast.operator_a))
    assert mails(cast.correspondent59)[-1] == "Les amis de Lille a écrit au sujet d’une proposition"
    assert not waiting_for(fresh(cast.operator_a))
    ours = Audience(people=[cast.operator_a.pk])
    add_comment(subject=proposal, text="Entre nous.", by=actor(cast.operator_a), audience=ours)
    assert len(mails(cast.correspondent59)) == 2, "un commentaire réservé n’est annoncé à personne d’autre"


@pytest.mark.parametrize(("days", "pilot", "author"), [(6, 0, 0), (7, 1, 0), (13, 1, 0), (14, 1, 1)])
def test_reminders(cast: Cast, site: Site, days: int, pilot: int, author: int) -> None:
    proposal = factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    since = timezone.now() - dt.timedelta(days=days, minutes=1)
    ActionProposal.objects.filter(pk=proposal.pk).update(created_at=since)
    before = len(mails(cast.correspondent59))
    remind()
    remind()
    assert len(mails(cast.correspondent59)) - before == pilot
    assert len(mails(cast.operator_a)) == author
    ActionProposal.objects.filter(pk=proposal.pk).update(state=ProposalState.REFUSED)
    assert remind().startswith("0")


def test_whom_it_may_be_sent_to(cast: Cast, site: Site) -> None:
    by, operators = actor(cast.correspondent59), [organisation_of(cast.operator_b)]
    factories.make_action("Médiation", by=by, operators=operators, sites=[site])
    asker = fresh(cast.correspondent59)
    proposed = recipients_for(asker, [site])
    names = {row.name for _, rows in proposed.groups for row in rows}
    assert proposed.first == organisation_of(cast.operator_b), "l’opérateur déjà sur le site d’abord"
    assert {
        "Les amis de Lille",
        "Solidarité Nord",
        "Ville de Lille",
        "Conseil départemental du Nord",
    } <= names
    assert names.isdisjoint({"DDETS du Nord", "Solidarité Sud", "Santé pour tous"}), (
        "soi-même, ou qui ne lit pas"
    )
    town = recipients_for(fresh(cast.mairie), [site])
    assert town.first == organisation_of(cast.correspondent59)


def test_what_is_filled_in_holds_no_procedure(cast: Cast, site: Site) -> None:
    """The recipient may not read what the author does: only what reading a site lets know is proposed."""
    evacuation(20)(site)
    words = known_reasons(fresh(cast.correspondent59), site)
    assert "l’eau" in words
    assert "vacuation" not in words


def test_forged_recipients_and_sites_are_refused(cast: Cast, site: Site) -> None:
    elsewhere = factories.make_site("Vieux-Port", factories.MARSEILLE)
    client, path = signed_in(cast.operator_a), f"/dispositifs/propositions/site/{site.public_id}/"
    good = form_to(client.get(path), path)
    for forged in (
        {"pilot": str(organisation_of(cast.operator13).pk)},
        {"pilot": str(organisation_of(cast.operator_a).pk)},
        {"sites": [elsewhere.public_id]},
        {"sites": []},
        {"kind": "autre"},
    ):
        assert client.post(path, good.filled({"why": "x", **forged})).status_code == 200, forged
    assert not ActionProposal.objects.exists()


def seen(user: User, addresses: Any) -> dict[str, bytes]:
    client = signed_in(user)
    answers = {path: client.get(path) for path in addresses}
    return {path: content(answer) for path, answer in answers.items() if answer.status_code == 200}


def test_a_proposal_changes_no_figure_until_it_is_a_dispositif(cast: Cast, site: Site) -> None:
    """Who reads every proposal and answers none sees the same lists, sums, exports, dashboards, map and search."""
    before = seen(cast.national, LISTS)
    proposal = factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    other = factories.make_proposal(site, cast.mairie, cast.operator_a, kind="action")
    assert seen(cast.national, LISTS) == before
    agree(proposal=other, by=actor(cast.operator_a))
    refuse(proposal=proposal, by=actor(cast.correspondent59), reason="non")
    assert seen(cast.national, LISTS) == before
    by = actor(cast.correspondent59)
    action = factories.make_action("Diagnostic du moulin", by=by, sites=[site])
    become(proposal=other, action=action, by=by)
    changed = {path for path, page in seen(cast.national, LISTS).items() if page != before[path]}
    assert {
        "/dispositifs/",
        "/dispositifs/export?format=csv",
        "/tableau-de-bord/",
        "/recherche/?q=moulin",
    } <= changed


def test_what_one_may_not_read_changes_no_byte(cast: Cast, site: Site) -> None:
    addresses = [*LISTS, f"/sites/{site.public_id}/", "/dispositifs/propositions/"]
    strangers = [cast.operator_b, cast.observer, cast.correspondent13, cast.council]
    before = {user.pk: seen(user, addresses) for user in strangers}
    proposal = factories.make_proposal(site, cast.operator_a, cast.mairie)
    add_comment(subject=proposal, text="Quand ?", by=actor(cast.mairie))
    agree(proposal=proposal, by=actor(cast.mairie))
    for user in strangers:
        assert seen(user, addresses) == before[user.pk], user
        assert signed_in(user).get(address(proposal)).status_code in (403, 404)


def test_the_cost_does_not_grow(cast: Cast, site: Site) -> None:
    def cost(path: str) -> int:
        client = signed_in(cast.correspondent59)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path)
        return len(queries)

    factories.make_proposal(site, cast.operator_a, cast.correspondent59)
    pages = ("/", "/dispositifs/propositions/", f"/sites/{site.public_id}/")
    few = {path: cost(path) for path in pages}
    for number in range(4):
        place = factories.make_site(f"Rue {number}")
        proposal = factories.make_proposal(place, cast.operator_b, cast.correspondent59)
        add_comment(subject=proposal, text="Alors ?", by=actor(cast.operator_b))
    assert {path: cost(path) for path in pages} == few
