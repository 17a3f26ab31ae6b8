"""THE table of permissions: one line for each address of Jalons. `test_permissions.py` calls every one of them.

To add a page, add a line to `PAGES`:

    Page("sites:edit", Right.UPDATE_SITE, on_site, data=lambda w: {"name": "Autre nom"}),

- the name of the URL, with its namespace;
- `access`: what the decorator of the view says (`open_to_all` → OPEN, `signed_in` → SIGNED_IN, `requires(R)` or
  `on_site(R)`, `on_action(R)` → R); for a page about a site or a dispositif, that right is expected there;
- `kwargs`: what the address holds, from the `World`; a page with `kwargs` is a page about `world.action` when it is
  under « actions: » or « indicators: », about `world.convention` or `world.commitment` under « conventions: », else
  about `world.site`, unless `about_subject=False`;
- `data`: what a person types for the form to be valid and to write; the rest is sent as the page shows it (hidden
  fields, what was chosen before). Without `data` the page only reads, and a POST must change nothing;
- `reads=False`: the page only takes POST; GET is 405;
- `query`: what the address needs after the « ? », from the `World`;
- `any_of`: the rights of which the view itself wants one, when its decorator cannot say it;
- `wants`: the right that a SIGNED_IN view asks on the thing itself, which it finds by its own address;
- `person`: who is allowed, a name of `tests.factories.Cast` (the correspondent of the Nord, who may do all there).

A page that is not written yet and answers 404 to everybody is named in `PENDING`, and only there.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from jalons.accounts.decorators import OPEN, SIGNED_IN
from jalons.accounts.enums import ConventionRole, Right, Role
from jalons.accounts.models import User
from jalons.actions.models import Action, ActionContact, Deadline, FollowUp, FundingLine, InsertionSite
from jalons.conventions.enums import EditionKind, ReportState
from jalons.conventions.models import (
    Alert,
    Amendment,
    Cell,
    Commitment,
    Convention,
    Deliberation,
    Edition,
    ExecutionReport,
    Payment,
    Seat,
    TrackingTable,
)
from jalons.conventions.services.alerts import acknowledge
from jalons.conventions.services.editions import freeze
from jalons.conventions.workbook.carried import carry
from jalons.conventions.workbook.cells import mark
from jalons.conventions.workbook.layout import Address
from jalons.conventions.workbook.verdicts import Change
from jalons.discussions.models import Comment
from jalons.discussions.services import add_comment
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.documents.services import attach_document
from jalons.history.services import save_record
from jalons.indicators.models import Indicator
from jalons.sites.enums import EventKind
from jalons.sites.models import Procedure, Resettlement, Site, SiteAlias, SiteEvent, Survey
from tests import factories
from tests.conventions.figures import a_block, a_cell, a_figure
from tests.conventions.samples import make_convention, sample
from tests.documents.files import sent
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
    resettlement: Resettlement
    comment: Comment  # by the correspondent of the Nord, like the document
    document: Document
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
    # What belongs to its convention is made when a page first asks for it: see `Agreed`.

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
        resettlement=factories.make_fact(Resettlement, site, DAY, origin=other),
        comment=add_comment(subject=site, text="À revoir.", by=writer),
        document=attach_document(subject=site, upload=check_upload(sent(), name="plan.pdf"), by=writer),
        action=action,
        ended_action=ended,
        indicator=factories.make_indicator(action, "Ateliers cuisine"),
        proposed=factories.make_indicator(ended, "Visites de quartier"),
        follow_up=factories.make_follow_up(action, DAY, by=cast.operator_a, personnes=30, femmes=12),
        funding=factories.make_funding(action, 2019),
        contact=factories.make_contact(action, "Camille Exemple"),
        insertion_site=factories.make_insertion_site(action, "Le terrain"),
        deadline=factories.make_deadline(action, dt.date(2020, 12, 12)),
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


Kwargs = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    name: str
    access: str
    kwargs: Kwargs | None = None
    data: Callable[[World], Mapping[str, Any]] | None = None
    reads: bool = True
    query: Callable[[World], str] | None = None
    person: str = "correspondent59"
    any_of: tuple[Right, ...] = ()
    wants: Right | None = None
    about_subject: bool = True
    answers: int = 200  # to GET

    @property
    def on_a_subject(self) -> bool:
        return self.kwargs is not None and self.about_subject

    @property
    def on_a_convention(self) -> bool:
        return self.name.startswith("conventions:")

    @property
    def on_an_action(self) -> bool:
        return self.name.startswith(("actions:", "indicators:"))

    def subject(self, world: World) -> tuple[Any, Right]:
        """What the page is about, and the right to know that it exists."""
        if self.on_an_action:
            return world.action, Right.READ_ACTIONS
        if self.on_a_convention:
            sheet = "public_id" in (self.kwargs(world) if self.kwargs else {})
            return world.commitment if sheet else world.convention, Right.READ_CONVENTIONS
        return world.site, Right.READ_SITES


def on_site(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id}


def on_action(world: World) -> Mapping[str, Any]:
    return {"public_id": world.action.public_id}


def filled_workbook(world: World) -> Mapping[str, Any]:
    """What the preview of a workbook carries: one figure changed since it was exported."""
    cell = Cell.objects.known().filter(row__commitment=world.commitment).order_by("pk").first()
    where = Address(cell.row.commitment.key, cell.row.key, cell.column.key)
    change = Change(where, 7777, mark(cell))
    return {"carried": carry(world.convention.slug, world.cast.council, [change], 1, [])}


def on_convention(world: World) -> Mapping[str, Any]:
    return {"slug": world.convention.slug}


def on_sheet(world: World) -> Mapping[str, Any]:
    return {**on_convention(world), "public_id": world.commitment.public_id}


def the_action(world: World) -> Mapping[str, Any]:
    return {"action": world.action.pk}


def says(**data: str) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: data


def row0(**data: str) -> Callable[[World], Mapping[str, Any]]:
    return says(**{f"lignes-0-{name}": value for name, value in data.items()})


def on_tracking(world: World) -> Mapping[str, Any]:
    theme = world.tracking.commitment
    return {**on_convention(world), "public_id": theme.public_id, "position": world.tracking.position}


def on_alert(world: World) -> Mapping[str, Any]:
    return {**on_convention(world), "fingerprint": world.alert.fingerprint}


def on_answered(world: World) -> Mapping[str, Any]:
    return {**on_convention(world), "fingerprint": world.answered.fingerprint}


def of_convention(name: str) -> Kwargs:
    """The address of one thing of the convention: « payment », « edition »…"""
    return lambda world: {**on_convention(world), name: getattr(world, name).public_id}


def on_ended_action(world: World) -> Mapping[str, Any]:
    return {"public_id": world.ended_action.public_id}


def of_action(name: str, key: str = "pk", attribute: str = "pk") -> Kwargs:
    """The address of one thing of the dispositif: « contact », « follow_up » by its lineage…"""
    return lambda world: {**on_action(world), key: getattr(getattr(world, name), attribute)}


on_report = of_action("follow_up", "lineage", "lineage")


def on_closed(world: World) -> Mapping[str, Any]:
    return {"public_id": world.closed.public_id}


def on_fact(name: str) -> Kwargs:
    """The address of one fact of the site: « survey », « event »…"""
    return lambda world: {"public_id": world.site.public_id, "lineage": getattr(world, name).lineage}


def on_alias(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id, "pk": world.alias.pk}


def on_subject(world: World) -> Mapping[str, Any]:
    """The address of what may be commented, or may bear documents."""
    return {"kind": "site", "public_id": world.site.public_id}


def on_document(world: World) -> Mapping[str, Any]:
    return {"public_id": world.document.public_id}


def new_password(world: World) -> Mapping[str, Any]:
    first, second = "new_password1", "new_password2"
    return {
        "old_password": factories.PASSWORD,
        first: "une autre longue phrase",
        second: "une autre longue phrase",
    }


def spent(world: World) -> Mapping[str, Any]:
    line = world.commitment.budget_lines.order_by("position")[0]
    return {f"l{line.pk}-0-executed": "1 000"}


LOCAL = {"label": "Kits", "value_type": "number", "nature": "flow"}


def aim(world: World) -> Mapping[str, Any]:
    return {"on": "31/12/2030", f"objectif-{world.indicator.public_id}": "12"}


def why(world: World) -> Mapping[str, Any]:
    return {"reason": "une erreur"}


def new_contact(world: World) -> Mapping[str, Any]:
    return {"name": "Lou Exemple", "organisation": factories.organisation_of(world.cast.correspondent59).pk}


def other_is_avec(world: World) -> str:
    return f"avec={world.other.public_id}"


# A report of another day than that of `World.follow_up`.
REPORT = {"on": "1/3/2020", "comment_public": "Deux familles de plus."}
COUNT = {"observed_on": "1/1/2020", "source_kind": "operator", "reliability": "2", "people": "12"}


def seen(name: str, **more: str) -> Callable[[World], Mapping[str, Any]]:
    """What corrects or withdraws a fact: the version under the eyes, and why."""
    return lambda world: {"seen": getattr(world, name).pk, "reason": "mieux vu", **more}


def arrival(world: World) -> Mapping[str, Any]:
    return {"direction": "depuis", "other": world.other.public_id, "on": "1/1/2020"}


def deadline_to_come(world: World) -> Mapping[str, Any]:
    return {
        "due_on": f"{timezone.localdate() + dt.timedelta(days=40):%d/%m/%Y}",
        "label": "Comité de pilotage",
    }


OBSERVED = {"observed_on": "02/01/2020", "source_kind": "operator"}
DECLARED = {"name": "Médiation sanitaire", "starts_on": "1/1/2020", "themes": ["health"]}
READ, UPDATE, CLOSE = Right.READ_SITES, Right.UPDATE_SITE, Right.CLOSE_SITE
SEE, EDIT, FOLLOW = Right.READ_ACTIONS, Right.EDIT_ACTION, Right.FOLLOW_ACTION
FILL = Right.FILL_COMMITMENT

PAGES = [
    # The front door and the service pages.
    Page("home", OPEN),
    Page("core:health", OPEN),
    Page("core:components", OPEN),
    # Accounts.
    Page("accounts:sign_in", OPEN, data=lambda w: {"username": w.cast.mairie.email, "password": factories.PASSWORD}),
    Page("accounts:sign_out", OPEN, data=lambda w: {}, reads=False),
    Page("accounts:forgotten", OPEN, data=lambda w: {"email": w.cast.mairie.email}),
    Page("accounts:link_sent", OPEN),
    Page("accounts:new_password", OPEN, lambda w: {"uidb64": "MQ", "token": "x-y"}, about_subject=False),
    Page("accounts:account", SIGNED_IN),
    Page("accounts:change_password", SIGNED_IN, data=new_password),
    Page("accounts:who_sees_what", OPEN),
    # Territories and downloads.
    Page("territories:communes", SIGNED_IN, query=lambda w: "q=Lille"),
    Page("territories:departements", SIGNED_IN),
    Page("exports:downloads", SIGNED_IN),
    # Comments and documents, here on a site.
    Page("discussions:comments", Right.COMMENT, on_subject, data=lambda w: {"text": "Un point d’eau est ouvert."}),
    Page(
        "discussions:withdraw",
        Right.COMMENT,
        lambda w: {"public_id": w.comment.public_id},
        data=lambda w: {},
        reads=False,
    ),
    Page("discussions:mail_choices", SIGNED_IN, data=lambda w: {}),
    Page("documents:attach", Right.ATTACH, on_subject, data=lambda w: {"file": sent()}),
    Page("documents:download", SIGNED_IN, on_document, wants=READ),
    Page("documents:withdraw", Right.ATTACH, on_document, data=why),
    # Sites: the list and the map.
    Page("sites:list", READ),
    Page("sites:export_choice", Right.EXPORT),
    Page("sites:export", Right.EXPORT, query=lambda w: "format=csv"),
    Page("maps:map", READ),
    Page("maps:sites", READ),
    Page("maps:drawing", READ),
    # Sites: the sheet.
    Page("sites:sheet", READ, on_site),
    Page("sites:history", READ, on_site),
    Page("sites:sheet_document", Right.EXPORT, lambda w: {**on_site(w), "extension": "pdf"}),
    # Sites: declaring and describing.
    Page("sites:declare", Right.DECLARE_SITE, data=lambda w: {**OBSERVED, "commune": "Dunkerque"}),
    Page("sites:nearby", Right.DECLARE_SITE),
    Page("sites:understood_date", SIGNED_IN),
    Page("sites:addresses", SIGNED_IN, any_of=(Right.DECLARE_SITE, UPDATE)),
    Page("sites:edit", UPDATE, on_site, data=lambda w: {"name": "Autre nom"}),
    Page("sites:alias_add", UPDATE, on_site, data=lambda w: {"name": "Le pont"}, reads=False),
    Page("sites:alias_remove", UPDATE, on_alias, data=lambda w: {}, reads=False),
    Page("sites:installation", UPDATE, on_site, data=lambda w: {"installed": "mars 2018", "reason": "dit ainsi"}),
    Page("sites:merge", Right.MERGE_SITES, on_site, data=why, query=other_is_avec),
    # Sites: observing.
    Page("sites:unchanged", UPDATE, on_site, data=lambda w: {}, reads=False),
    Page("sites:survey_add", UPDATE, on_site, data=lambda w: COUNT),
    Page("sites:survey_correct", UPDATE, on_fact("survey"), data=seen("survey", **COUNT)),
    Page("sites:survey_set_aside", UPDATE, on_fact("survey"), data=seen("survey")),
    Page("sites:survey_take_back", UPDATE, on_fact("set_aside"), data=seen("set_aside")),
    Page("sites:survey_withdraw", UPDATE, on_fact("survey"), data=seen("survey")),
    Page("sites:conditions_add", UPDATE, on_site, data=lambda w: {"observed_on": "1/1/2020"}),
    Page(
        "sites:conditions_correct",
        UPDATE,
        on_fact("conditions"),
        data=seen("conditions", observed_on="1/1/2020"),
    ),
    Page("sites:diagnosis_add", UPDATE, on_site, data=lambda w: {"status": "done", "on": "1/1/2020"}),
    Page("sites:event_add", UPDATE, on_site, data=lambda w: {"kind": "visit", "on": "1/1/2020"}),
    Page("sites:event_withdraw", UPDATE, on_fact("event"), data=seen("event")),
    Page("sites:owner_add", Right.WRITE_OWNER, on_site, data=lambda w: {"kind": "public", "on": "1/1/2020"}),
    # Sites: following.
    Page(
        "sites:procedure_add",
        Right.WRITE_JUSTICE,
        on_site,
        data=lambda w: {"on": "1/1/2020"},
        query=lambda w: "etape=order",
    ),
    Page(
        "sites:procedure_correct",
        Right.WRITE_JUSTICE,
        on_fact("procedure"),
        data=seen("procedure", on="1/1/2020", status="requested"),
    ),
    Page("sites:procedure_withdraw", Right.WRITE_JUSTICE, on_fact("procedure"), data=seen("procedure")),
    Page("sites:resettlement_add", UPDATE, on_site, data=arrival),
    Page("sites:resettlement_withdraw", UPDATE, on_fact("resettlement"), data=seen("resettlement")),
    Page("sites:close", CLOSE, on_site, data=lambda w: {"closed_on": "1/2/2020", "reason_code": "court"}),
    Page("sites:reopen", CLOSE, on_closed, data=lambda w: {"reason": "erreur"}),
    # Dispositifs: the sheet, deadlines, closing.
    Page("actions:sheet", SEE, on_action),
    Page("actions:history", SEE, on_action),
    Page("actions:administration", SEE, on_action),
    Page("actions:deadline_add", EDIT, on_action, data=deadline_to_come),
    Page("actions:deadline_remove", EDIT, of_action("deadline"), data=lambda w: {}, reads=False),
    Page("actions:close", EDIT, on_action, data=lambda w: {"ended_on": "1/2/2020", "final_account": "Fait."}),
    Page("actions:reopen", EDIT, on_ended_action, data=lambda w: {"reason": "prolongé"}),
    Page("indicators:document", Right.EXPORT, lambda w: {**on_action(w), "extension": "pdf"}),
    # Dispositifs: the follow-up and its indicators.
    Page("indicators:followed", SEE, on_action),
    Page("indicators:create", FOLLOW, on_action, data=lambda w: LOCAL),
    Page(
        "indicators:edit",
        FOLLOW,
        of_action("indicator", "indicator_id", "public_id"),
        data=lambda w: {"label": "Autre intitulé"},
    ),
    Page(
        "indicators:follow",
        FOLLOW,
        of_action("proposed", "indicator_id", "public_id"),
        data=lambda w: {"asked": "1"},
        reads=False,
    ),
    Page("indicators:objectives", EDIT, on_action, data=aim),
    Page("indicators:fill", FOLLOW, on_action, data=lambda w: REPORT, person="operator_a"),
    Page("indicators:draft", FOLLOW, on_action, data=lambda w: REPORT, reads=False, person="operator_a"),
    Page("indicators:warnings", FOLLOW, on_action, reads=False, person="operator_a"),
    Page("indicators:unchanged", FOLLOW, on_action, data=lambda w: {}, person="operator_a"),
    Page("indicators:correct", FOLLOW, on_report, data=lambda w: {**REPORT, "reason": "mieux compté"}),
    Page("indicators:withdraw", FOLLOW, on_report, data=seen("follow_up")),
    Page("indicators:table", SEE, on_action),
    Page("indicators:table_export", Right.EXPORT, on_action, query=lambda w: "format=csv"),
    # Dispositifs: the list.
    Page("actions:list", Right.READ_ACTIONS),
    Page("indicators:export_choice", Right.EXPORT),
    Page("indicators:export", Right.EXPORT, query=lambda w: "format=csv"),
    Page("indicators:panel", Right.READ_ACTIONS),
    # Dispositifs: declaring and editing.
    Page("actions:organisations", Right.READ_ACTIONS, query=lambda w: "q=nord"),
    Page("actions:declare", Right.DECLARE_ACTION, data=lambda w: DECLARED),
    Page("actions:edit", Right.EDIT_ACTION, on_action, data=lambda w: {"name": "MOUS de Lille"}),
    Page(
        "actions:parts",
        Right.EDIT_ACTION,
        on_action,
        data=lambda w: {"partenaires-0-organisation": "Santé pour tous"},
    ),
    Page("actions:contact_add", Right.EDIT_ACTION, on_action, data=new_contact),
    Page("actions:contact_edit", Right.EDIT_ACTION, of_action("contact"), data=lambda w: {"name": "Alix Exemple"}),
    Page("actions:contact_remove", Right.EDIT_ACTION, of_action("contact"), data=lambda w: {}),
    Page(
        "actions:sites",
        Right.EDIT_ACTION,
        on_action,
        data=lambda w: {"sites": [w.site.public_id, w.other.public_id], "on": "1/1/2020"},
    ),
    Page("actions:insertion_site_add", Right.EDIT_ACTION, on_action, data=lambda w: {"commune": "Roubaix"}),
    Page(
        "actions:insertion_site_edit",
        Right.EDIT_ACTION,
        of_action("insertion_site"),
        data=lambda w: {"name": "Autre terrain"},
    ),
    Page("actions:insertion_site_remove", Right.EDIT_ACTION, of_action("insertion_site"), data=lambda w: {}),
    # Dispositifs: the money and the team.
    Page(
        "actions:funding",
        Right.WRITE_FUNDING,
        on_action,
        data=lambda w: {"lignes-0-executed": "2 000,50 €"},
        query=lambda w: f"annee={w.funding.year}",
    ),
    Page("actions:funding_remove", Right.WRITE_FUNDING, of_action("funding", "lineage", "lineage"), data=why),
    Page(
        "actions:team",
        Right.FOLLOW_ACTION,
        on_action,
        data=lambda w: {"on": "1/1/2020", "equipe-0-job": "mediator", "equipe-0-fte": "0,75"},
    ),
    # Conventions. The council of the Nord leads the one of the table.
    Page("conventions:list", Right.READ_CONVENTIONS, person="council"),
    Page(
        "conventions:new",
        Right.WRITE_CONVENTION,
        data=lambda w: {"short_title": "Une autre", "year": "2027", "departement": "59"},
        person="council",
    ),
    Page("conventions:overview", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:calendar", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:calendar_file", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:reconciliation", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:alerts", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:recheck", Right.FILL_COMMITMENT, on_convention, person="council", reads=False),
    Page("conventions:acknowledge", Right.FILL_COMMITMENT, on_alert, person="council", data=lambda w: {"why": "Oui."}),
    Page("conventions:reopen_alert", Right.FILL_COMMITMENT, on_answered, person="council", data=why),
    Page("conventions:text", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:edit_identity",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"short_title": "Autre titre"},
        person="council",
    ),
    Page(
        "conventions:edit_parties",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-signatory": "Préfète du Nord"},
        person="council",
    ),
    Page(
        "conventions:edit_references",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-kind": "décret"},
        person="council",
    ),
    Page(
        "conventions:edit_articles",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-title": "AUTRE OBJET"},
        person="council",
    ),
    Page(
        "conventions:edit_payment_actions",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-amount": "100 001 €"},
        person="council",
    ),
    Page(
        "conventions:edit_annex",
        Right.WRITE_CONVENTION_MONEY,
        on_convention,
        data=lambda w: {"lignes-0-label": "Total du socle"},
        person="council",
    ),
    Page("conventions:seats", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:add_seat",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"organisation": "Solidarité Nord", "role": "reader"},
        person="council",
    ),
    Page(
        "conventions:remove_seat", Right.WRITE_CONVENTION, of_convention("seat"), data=why, person="council"
    ),
    Page("conventions:history", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:documents", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:document",
        Right.EXPORT,
        on_convention,
        person="council",
        query=lambda w: "document=engagements&format=docx",
    ),
    Page("conventions:workbook", Right.EXPORT, on_convention, query=lambda w: "format=csv", person="council"),
    Page(
        "conventions:upload_workbook",
        Right.FILL_FIGURES,
        on_convention,
        data=filled_workbook,
        person="council",
    ),
    Page("conventions:deliberations", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:add_deliberation",
        Right.WRITE_DELIBERATION,
        on_convention,
        data=lambda w: {"number": "DEL/2022/7", "conventions": [w.convention.slug], "vote_for": "12"},
        person="council",
    ),
    Page(
        "conventions:edit_deliberation",
        Right.WRITE_DELIBERATION,
        of_convention("deliberation"),
        data=lambda w: {"place": "Lille"},
        person="council",
    ),
    Page("conventions:amendments", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:freeze",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"title": "Version deux", "reason": "à revoir par avenant"},
        person="council",
    ),
    Page("conventions:edition", Right.READ_CONVENTIONS, of_convention("edition"), person="council"),
    Page(
        "conventions:add_amendment",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"subject": "Un report"},
        person="council",
    ),
    Page(
        "conventions:edit_amendment",
        Right.WRITE_CONVENTION,
        of_convention("amendment"),
        data=lambda w: {"subject": "Autre objet"},
        person="council",
    ),
    Page("conventions:amendment", Right.READ_CONVENTIONS, of_convention("amendment"), person="council"),
    Page(
        "conventions:freeze_amendment",
        Right.WRITE_CONVENTION,
        of_convention("amendment"),
        data=why,
        person="council",
    ),
    Page("conventions:payments", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:add_payment",
        Right.WRITE_CONVENTION_MONEY,
        on_convention,
        data=lambda w: {"label": "Solde", "amount": "12,50"},
        person="council",
    ),
    Page(
        "conventions:edit_payment",
        Right.WRITE_CONVENTION_MONEY,
        of_convention("payment"),
        data=lambda w: {"amount": "140 000"},
        person="council",
    ),
    Page("conventions:execution", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:edit_execution", Right.WRITE_CONVENTION_MONEY, on_convention, data=spent, person="council"),
    Page("conventions:next_year", Right.WRITE_CONVENTION, on_convention, lambda w: {}, person="council"),
    Page("conventions:comparison", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:report", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:empty_cells", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:write_report",
        Right.WRITE_CONVENTION,
        of_convention("report"),
        data=lambda w: {"results": "Trois cents familles."},
        person="council",
    ),
    Page("conventions:advance_report", Right.WRITE_CONVENTION, of_convention("report"), data=why, person="council"),
    Page(
        "conventions:review_report",
        Right.VALIDATE_CONVENTION,
        of_convention("report"),
        data=lambda w: {"answer": "good"},
    ),
    Page(
        "conventions:add_sheet",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"numbers": "9", "family": "socle", "title": "Ouvrir un lieu"},
        person="council",
    ),
    Page("conventions:sheet", Right.READ_CONVENTIONS, on_sheet, person="council"),
    Page(
        "conventions:edit_labels",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"title": "Un autre intitulé"},
        person="council",
    ),
    Page(
        "conventions:edit_resume",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"lignes-0-description": "- Une phrase\n-- Une autre"},
        person="council",
    ),
    Page(
        "conventions:edit_sub_actions",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"lignes-0-action": "Une autre action"},
        person="council",
    ),
    Page(
        "conventions:edit_narrative",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"heading": "BILAN", "text": "Une bonne année."},
        person="council",
    ),
    Page(
        "conventions:link_action",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"action": str(w.action.pk)},
        person="council",
    ),
    Page(
        "conventions:edit_budget",
        Right.WRITE_CONVENTION_MONEY,
        on_sheet,
        data=lambda w: {"lignes-0-m_part_etat": "25 001 €"},
        person="council",
    ),
    Page(
        "conventions:edit_sub_budgets",
        Right.WRITE_CONVENTION_MONEY,
        on_sheet,
        data=lambda w: {"lignes-0-amount": "1 000"},
        person="council",
    ),
    Page(
        "conventions:add_tracking",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"title": "Chantiers", "h0": "Lieu", "h1": "Heures", "k1": "number"},
        person="council",
    ),
    Page(
        "conventions:edit_tracking",
        Right.FILL_COMMITMENT,
        on_tracking,
        data=lambda w: {"lignes-0-c1": "130"},
        person="council",
    ),
    Page("conventions:grid", Right.FILL_FIGURES, on_sheet, data=a_figure, person="council"),
    Page("conventions:paste", Right.FILL_FIGURES, on_sheet, data=a_block, person="council"),
    Page("conventions:cell", Right.FILL_FIGURES, on_sheet, lambda w: {"raw": "1 234"}, query=a_cell, person="council"),
    Page("conventions:cell_history", Right.READ_CONVENTIONS, on_sheet, query=a_cell, person="council"),
    Page("conventions:edit_rows", FILL, on_sheet, lambda w: {"label": "Visites"}, person="council"),
    Page("conventions:edit_columns", FILL, on_sheet, lambda w: {"header": "OBJECTIF 2023"}, person="council"),
    Page("conventions:add_actual_column", FILL, on_sheet, lambda w: {}, reads=False, person="council"),
]  # fmt: skip

# Pages that are being written: a line moves to `PAGES` with its page.
ANNOUNCED: list[Page] = [
    Page("conventions:deliberations", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:add_deliberation", Right.WRITE_DELIBERATION, on_convention, person="council"),
    Page("conventions:edit_deliberation", Right.WRITE_DELIBERATION, of_convention("deliberation"), person="council"),
    Page("conventions:amendments", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:freeze", Right.WRITE_CONVENTION, on_convention, person="council"),
    Page("conventions:edition", Right.READ_CONVENTIONS, of_convention("edition"), person="council"),
    Page("conventions:add_amendment", Right.WRITE_CONVENTION, on_convention, person="council"),
    Page("conventions:edit_amendment", Right.WRITE_CONVENTION, of_convention("amendment"), person="council"),
    Page("conventions:amendment", Right.READ_CONVENTIONS, of_convention("amendment"), person="council"),
    Page("conventions:freeze_amendment", Right.WRITE_CONVENTION, of_convention("amendment"), person="council"),
    Page("conventions:payments", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:add_payment", Right.WRITE_CONVENTION_MONEY, on_convention, person="council"),
    Page("conventions:edit_payment", Right.WRITE_CONVENTION_MONEY, of_convention("payment"), person="council"),
    Page("conventions:execution", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:edit_execution", Right.WRITE_CONVENTION_MONEY, on_convention, person="council"),
    Page("conventions:next_year", Right.WRITE_CONVENTION, on_convention, person="council"),
    Page("conventions:comparison", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:report", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:empty_cells", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:write_report", Right.WRITE_CONVENTION, of_convention("report"), person="council"),
    Page("conventions:advance_report", Right.WRITE_CONVENTION, of_convention("report"), person="council"),
    Page("conventions:review_report", Right.VALIDATE_CONVENTION, of_convention("report"), person="correspondent59"),
]  # fmt: skip
PAGES += ANNOUNCED

# Announced by an address, not written yet. Each name leaves this list with the page that it announces.
PENDING: set[str] = {page.name for page in ANNOUNCED}
