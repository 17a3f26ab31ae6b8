"""What the pages of the table are about: one site, one dispositif, one convention, and who looks at them."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core import signing

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.actions.models import Action, ActionContact, Deadline, FollowUp, FundingLine, InsertionSite
from jalons.conventions.alerts.services import acknowledge
from jalons.conventions.enums import ConventionRole, EditionKind, ReportState
from jalons.conventions.models import (
    Alert,
    Amendment,
    Commitment,
    Convention,
    Deliberation,
    Edition,
    ExecutionReport,
    Payment,
    Seat,
    TrackingTable,
)
from jalons.conventions.versions.editions import freeze
from jalons.discussions.models import Comment
from jalons.discussions.notifications import UNSUBSCRIBE
from jalons.discussions.services import add_comment
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.documents.services import stored
from jalons.history.services import save_record
from jalons.indicators.models import Indicator
from jalons.proposals.models import ActionProposal
from jalons.sharing.models import ActionOffer, Practice
from jalons.sharing.services import ask_review
from jalons.sites.enums import EventKind, StepKind, StepState
from jalons.sites.models import (
    PreparatoryStep,
    Procedure,
    Resettlement,
    Site,
    SiteAlias,
    SiteEvent,
    SiteSuitability,
    Survey,
)
from jalons.sites.reporting.models import SiteReport
from jalons.sites.reporting.services import report_site
from tests import factories
from tests.conventions.samples import make_convention, sample
from tests.documents.attaching import attach_upload
from tests.documents.files import PNG, sent
from tests.factories import Cast

DAY = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class World:
    """One site in Lille with everything on it, another to compare, and the people who look at them."""

    cast: Cast
    stranger: User  # holds every right, in Marseille: nothing of Lille exists for them
    site: Site
    other: Site  # in Roubaix
    closed: Site  # in Lille
    alias: SiteAlias
    survey: Survey
    set_aside: Survey
    conditions: Any
    event: SiteEvent
    procedure: Procedure
    step: PreparatoryStep  # the opening, foreseen
    suitability: SiteSuitability
    resettlement: Resettlement
    comment: Comment  # by the correspondent of the Nord, like the document
    document: Document
    report_of_site: SiteReport  # in Lille, by the contributor, with a photo
    action: (
        Action  # a dispositif of the Nord on `site`, with two operators: that of `operator_a`, and another
    )
    ended_action: Action
    follow_up: FollowUp  # by `operator_a`
    funding: FundingLine
    contact: ActionContact
    insertion_site: InsertionSite
    deadline: Deadline
    indicator: Indicator  # made for `action`
    proposed: Indicator  # made for another dispositif of the same département
    proposal: ActionProposal  # a diagnosis on `site`, sent by `operator_a` to `correspondent59`
    offer: ActionOffer  # of `ended_action`
    practice: Practice  # by `operator_a`, who asked for it to be published
    # What belongs to its convention is made when a page first asks for it: see `Agreed`.

    @property
    def unsubscribe_token(self) -> str:
        return signing.dumps([self.cast.mairie.pk, "digest"], salt=UNSUBSCRIBE)

    @cached_property
    def agreed(self) -> "Agreed":
        return make_world_convention(self.cast)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in Agreed.__dataclass_fields__:
            raise AttributeError(name)
        return getattr(self.agreed, name)


@dataclass(frozen=True)
class Agreed:
    """A small convention with one of everything, read on the world itself (`world.payment`)."""

    convention: Convention  # of the Nord, led by `council`, read by the correspondent
    commitment: Commitment  # its second sheet
    tracking: TrackingTable  # of a theme of that sheet
    alert: Alert
    answered: Alert  # acknowledged
    seat: Seat  # of the contributor's organisation, on a breakdown of the first sheet
    deliberation: Deliberation
    edition: Edition
    amendment: Amendment
    payment: Payment
    report: ExecutionReport


def make_world(cast: Cast) -> World:
    site = factories.make_site("Rue du Moulin")
    other = factories.make_site("Rue des Fleurs", factories.ROUBAIX)
    writer = factories.actor(cast.correspondent59)
    factories.make_socle()
    action = make_world_action(cast, site)
    ended = factories.make_action("Ancien dispositif", by=writer, ended_on=DAY)
    return World(
        cast=cast,
        stranger=factories.make_user(Role.OPERATOR, factories.MARSEILLE, grants=Right),
        site=site,
        other=other,
        closed=factories.make_site("Rue Close", closed=DAY),
        alias=factories.make_alias(site, "Le moulin"),
        survey=factories.make_survey(site, DAY, 40),
        set_aside=factories.make_survey(site, DAY, 400, set_aside=True),
        conditions=factories.make_conditions(site, DAY),
        event=factories.make_event(site, DAY, EventKind.VISIT),
        procedure=factories.make_procedure(site, DAY),
        step=factories.make_step(site, DAY, StepKind.OPENING, StepState.FORESEEN, planned_on=DAY),
        suitability=factories.make_suitability(site, DAY),
        resettlement=factories.make_fact(Resettlement, site, DAY, origin=other),
        comment=add_comment(subject=site, text="À revoir.", by=writer),
        document=attach_upload(subject=site, upload=check_upload(sent(), name="plan.pdf"), by=writer),
        report_of_site=make_report(cast, site),
        action=action,
        ended_action=ended,
        indicator=factories.make_indicator(action, "Ateliers cuisine"),
        proposed=factories.make_indicator(ended, "Visites de quartier"),
        follow_up=factories.make_follow_up(action, DAY, by=cast.operator_a, personnes=30, femmes=12),
        funding=factories.make_funding(action, 2019),
        contact=factories.make_contact(action, "Camille Exemple"),
        insertion_site=factories.make_insertion_site(action, "Le terrain"),
        deadline=factories.make_deadline(action, dt.date(2020, 12, 12)),
        proposal=factories.make_proposal(site, cast.operator_a, cast.correspondent59),
        offer=factories.make_offer(ended, cast.correspondent59),
        practice=make_asked_practice(cast),
    )


def make_asked_practice(cast: Cast) -> Practice:
    practice = factories.make_practice(cast.operator_a, "Aller vers les familles")
    return ask_review(practice=practice, by=factories.actor(cast.operator_a))


def make_report(cast: Cast, site: Site) -> SiteReport:
    photo = check_upload(sent("photo.png", PNG), name="photo.png")
    with stored([photo], field=SiteReport._meta.get_field("photo")) as [file]:
        return report_site(
            by=factories.actor(cast.contributor),
            commune=site.commune,
            seen_on=DAY,
            message="Des tentes sous le pont.",
            photo=file,
        )


def make_world_convention(cast: Cast) -> Agreed:
    """A small convention with one of everything, an alert among them."""
    told = sample()
    told["fiches"][1]["budget"][0]["total"]["amount"] = 60_000
    convention = make_convention(told)
    writer = factories.actor(cast.council)
    first, second, theme = convention.commitments.order_by("position")
    seat = Seat(
        convention=convention,
        organisation=factories.organisation_of(cast.contributor),
        role=ConventionRole.TERRITORY_CONTRIBUTOR,
        commitment=first,
        breakdown="DTML",
    )
    answered = convention.alerts.last()
    acknowledge(alert=answered, reason="Convenu.", by=writer)
    edition = freeze(convention=convention, kind=EditionKind.VOTE, title="Version votée", by=writer)
    return Agreed(
        convention=convention,
        commitment=second,
        tracking=theme.tracking_tables.get(),
        alert=convention.alerts.first(),
        answered=answered,
        seat=save_record(record=seat, by=writer),
        deliberation=convention.deliberations.get(),
        edition=edition,
        amendment=save_record(
            record=Amendment(convention=convention, number=1, subject="Un euro de plus", base=edition),
            by=writer,
        ),
        payment=save_record(
            record=Payment(convention=convention, label="Versement annuel", amount=150_000), by=writer
        ),
        report=save_record(
            record=ExecutionReport(
                convention=convention,
                due_on=dt.date(2023, 3, 31),
                state=ReportState.FILLED,  # the State may read it, the council may take it back
                steps={"filled": "2023-03-01"},
            ),
            by=writer,
        ),
    )


def make_world_action(cast: Cast, site: Site) -> Action:
    operators = [
        factories.organisation_of(cast.operator_a),
        factories.make_organisation("Croix du Nord", "59"),
    ]
    writer = factories.actor(cast.correspondent59)
    return factories.make_action("MOUS Lille", by=writer, operators=operators, sites=[site])
