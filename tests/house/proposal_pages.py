"""The lines of the table for what is proposed."""

from collections.abc import Mapping
from typing import Any

from jalons.accounts.enums import Right
from tests import factories
from tests.house.page import Page
from tests.house.world import World

READ, PROPOSE, ANSWER = Right.READ_PROPOSALS, Right.PROPOSE_ACTION, Right.ANSWER_PROPOSAL


def on_proposal(world: World) -> Mapping[str, Any]:
    return {"public_id": world.proposal.public_id}


def on_site(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id}


def new_proposal(world: World) -> Mapping[str, Any]:
    pilot = factories.organisation_of(world.cast.operator_a).pk
    return {
        "kind": "technical",
        "pilot": pilot,
        "why": "Le terrain est inondé.",
        "sites": [world.site.public_id],
    }


def new_dispositif(world: World) -> Mapping[str, Any]:
    return {"name": "Diagnostic social", "starts_on": "1/1/2020", "themes": ["health"]}


PROPOSAL_PAGES = [
    Page("proposals:list", READ),
    Page("proposals:ask", PROPOSE, on_site, data=new_proposal),
    Page("proposals:sheet", READ, on_proposal),
    Page("proposals:declare", Right.DECLARE_ACTION, on_proposal, data=new_dispositif),
    Page("proposals:agree", ANSWER, on_proposal, data=lambda w: {"answer": "Dès lundi."}),
    Page("proposals:refuse", ANSWER, on_proposal, data=lambda w: {"answer": "Déjà fait en mai."}),
    Page(
        "proposals:withdraw",
        PROPOSE,
        on_proposal,
        data=lambda w: {"answer": "Une erreur de site."},
        person="operator_a",
    ),
]
