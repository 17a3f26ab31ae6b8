"""What tests are made of: territories in miniature, structures, people, sites.

Territories are named by their code: « FR » the nation, « R32 » a région, « 59 » a département, a SIREN (nine
figures) an EPCI, an INSEE code a commune. Whatever a function needs and is not given is made on the way.
"""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Right, Role
from jalons.accounts.models import Grant, Membership, Organisation, User
from jalons.actions.enums import ActionTheme, FundingType, ParticipationRole
from jalons.actions.models import Action, ActionContact, Deadline, FollowUp, FundingLine, InsertionSite
from jalons.actions.services import (
    Money,
    Part,
    add_deadline,
    close_action,
    declare_action,
    save_contact,
    save_insertion_site,
    set_money,
)
from jalons.core.values import Value, fold
from jalons.history.models import Fact
from jalons.history.services import Actor, correct, create_records, enter, save_record
from jalons.indicators.enums import Nature, ValueType
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.asked import asked_indicators
from jalons.indicators.services import FollowUpContent, create_indicator, load_socle, record_follow_up
from jalons.joining.models import AccessRequest
from jalons.proposals.enums import ProposalKind
from jalons.proposals.models import ActionProposal
from jalons.proposals.services import propose
from jalons.sharing.models import ActionOffer, Practice
from jalons.sharing.services import publish, save_practice, set_offer
from jalons.sites.enums import (
    ClosingReason,
    DiagnosisStatus,
    EventKind,
    OwnerKind,
    ProcedureKind,
    SourceKind,
    StepState,
    Suitability,
)
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Ownership,
    PreparatoryStep,
    Procedure,
    Site,
    SiteAlias,
    SiteEvent,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.services import search_text_of
from jalons.territories import reference
from jalons.territories.models import Commune, Departement, Epci, Place, Region, Scope

PASSWORD = "une longue phrase de passe"
BACKEND = "jalons.accounts.backends.SessionBackend"  # for client.force_login(user, BACKEND)
OPENED = dt.date(2019, 1, 1)
numbers = itertools.count(1)

LILLE, ROUBAIX, VILLENEUVE, DUNKERQUE = "59350", "59512", "59009", "59183"
ARRAS, CALAIS, MARSEILLE, AIX, SAINT_ZACHARIE = "62041", "62193", "13055", "13001", "83120"
MONTREUIL, SAINT_DENIS = "93048", "93066"
MEL, AMP = "200093201", "200054807"

REGIONS = {"32": "Hauts-de-France", "93": "Provence-Alpes-Côte d’Azur", "11": "Île-de-France"}
DEPARTEMENTS = {
    "13": ("Bouches-du-Rhône", "93"),
    "59": ("Nord", "32"),
    "62": ("Pas-de-Calais", "32"),
    "83": ("Var", "93"),
    "93": ("Seine-Saint-Denis", "11"),
}
# The last one stands in two départements, as some do.
EPCIS = {
    MEL: ("Métropole Européenne de Lille", "METRO"),
    "200033579": ("CU d’Arras", "CU"),
    AMP: ("Métropole d’Aix-Marseille-Provence", "METRO"),
}
# INSEE code: name, département, EPCI, inhabitants, postcode
COMMUNES = {
    LILLE: ("Lille", "59", MEL, 236_234, "59000"),
    ROUBAIX: ("Roubaix", "59", MEL, 98_828, "59100"),
    VILLENEUVE: ("Villeneuve-d’Ascq", "59", MEL, 62_400, "59491"),
    DUNKERQUE: ("Dunkerque", "59", None, 86_279, "59140"),
    ARRAS: ("Arras", "62", "200033579", 42_600, "62000"),
    CALAIS: ("Calais", "62", None, 67_544, "62100"),
    MARSEILLE: ("Marseille", "13", AMP, 873_076, "13001"),
    AIX: ("Aix-en-Provence", "13", AMP, 147_122, "13090"),
    SAINT_ZACHARIE: ("Saint-Zacharie", "83", AMP, 5_700, "83640"),
    MONTREUIL: ("Montreuil", "93", None, 111_367, "93100"),
    SAINT_DENIS: ("Saint-Denis", "93", None, 113_116, "93200"),
}


# Territories ---------------------------------------------------------------------------------------------


def make_territories() -> None:
    """The territories above, and the index that finds them. Rows already there are kept."""
    regions = [Region(code=code, name=name) for code, name in REGIONS.items()]
    departements = [Departement(code=c, name=name, region_id=r) for c, (name, r) in DEPARTEMENTS.items()]
    epcis = [Epci(siren=siren, name=name, kind=kind) for siren, (name, kind) in EPCIS.items()]
    communes = [
        Commune(insee_code=code, name=name, departement_id=departement, epci_id=epci, population=population)
        for code, (name, departement, epci, population, _) in COMMUNES.items()
    ]
    for rows in (regions, departements, epcis, communes):
        type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=True)  # type: ignore[arg-type]
    if not Place.objects.exists():
        found = [
            *reference.area_places(regions, departements, communes),
            *reference.epci_places(epcis, [{} for _ in epcis]),
            *(place for code in COMMUNES for place in reference.commune_places(as_published(code))),
        ]
        Place.objects.bulk_create(found)


def as_published(code: str) -> dict[str, Any]:
    name, departement, _, population, postcode = COMMUNES[code]
    published = {"code": code, "nom": name, "departement": departement}
    return {**published, "population": population, "codesPostaux": [postcode]}


def commune(code: str = LILLE) -> Commune:
    found = Commune.objects.filter(pk=code).select_related("departement").first()
    if found is None:
        make_territories()
        found = Commune.objects.select_related("departement").get(pk=code)
    return found


def scope(code: Any) -> Scope:
    """The scope of a territory, given by its code or itself."""
    if isinstance(code, Scope):
        return code
    code = getattr(code, "pk", code)
    if code == "FR":
        return Scope.objects.get_or_create(level="nation")[0]
    level, key = scope_key(code)
    if not Region.objects.exists():
        make_territories()
    return Scope.objects.get_or_create(level=level, **{f"{level}_id": key})[0]


def scope_key(code: str) -> tuple[str, str]:
    if code.startswith("R"):
        return "region", code[1:]
    return {2: "departement", 3: "departement", 5: "commune", 9: "epci"}[len(code)], code


# People --------------------------------------------------------------------------------------------------


def make_organisation(
    name: str = "",
    territory: Any = "59",
    *,
    kind: str = OrganisationKind.ASSOCIATION,
    category: str = OrganisationCategory.OPERATOR,
    acronym: str = "",
) -> Organisation:
    organisation = Organisation(
        name=name or f"Structure {next(numbers)}",
        acronym=acronym,
        kind=kind,
        category=category,
        territory=scope(territory),
    )
    return save_record(record=organisation, by=None)


def make_user(
    role: str | None = None,
    *scopes: Any,
    organisation: Organisation | None = None,
    grants: Iterable[Right] = (),
    refused: Iterable[Right] = (),
    name: str = "",
    email: str = "",
    password: str = PASSWORD,
) -> User:
    """An account; with `role`, its membership over `scopes`. `grants` and `refused` are personal rights."""
    number = next(numbers)
    name = name or f"Personne {number}"
    user = User.objects.create_user(email or f"personne{number}@exemple.test", name, password)
    if role:
        make_membership(user, role, *scopes, organisation=organisation, grants=grants, refused=refused)
    return user


def make_membership(
    user: User,
    role: str,
    *scopes: Any,
    organisation: Organisation | None = None,
    grants: Iterable[Right] = (),
    refused: Iterable[Right] = (),
    **dates: dt.date,
) -> Membership:
    held = [scope(each) for each in scopes]
    membership = Membership(
        user=user,
        organisation=organisation or make_organisation(territory=held[0] if held else "FR"),
        role=Role(role),
        **{"starts_on": OPENED, **dates},
    )
    save_record(record=membership, by=None)
    membership.scopes.set(held)
    for right in grants:
        make_grant(membership, right)
    for right in refused:
        make_grant(membership, right, allowed=False)
    return membership


def make_grant(membership: Membership, right: Right, *, allowed: bool = True, **dates: dt.date) -> Grant:
    values: dict[str, Any] = {"starts_on": OPENED, **dates}
    return save_record(record=Grant(membership=membership, right=right, allowed=allowed, **values), by=None)


def make_access_request(email: str = "", territory: Any = LILLE, **described: Any) -> AccessRequest:
    """Somebody of an association of Lille asks for an account."""
    number = next(numbers)
    values = {
        "name": f"Personne {number}",
        "organisation_name": f"Structure {number}",
        "organisation_kind": OrganisationKind.ASSOCIATION,
        "duties": "Médiation.",
        "purpose": "Suivre les sites.",
        **described,
    }
    email = email or f"demande{number}@exemple.test"
    return save_record(record=AccessRequest(email=email, territory=scope(territory), **values), by=None)


def actor(user: User) -> Actor:
    """In whose name a person writes: their first membership."""
    return Actor(user, user.memberships.select_related("organisation").order_by("pk")[0].organisation)


@dataclass(frozen=True)
class Cast:
    """The people of the tests. Sites are in Lille unless said otherwise.

    `correspondent59` writes there; `operator_a` (whole MEL) and `colleague_a` (Lille only, same association)
    update; `operator_b` (another association, Roubaix) reads, since it is the same département, and cannot
    write; `mairie` is the town hall of Lille; `correspondent13` reads everything and writes elsewhere;
    `operator13` does not even see; `nobody` has an account and no membership.
    """

    national: User
    correspondent59: User
    correspondent13: User
    mairie: User
    operator_a: User
    colleague_a: User
    operator_b: User
    operator13: User
    contributor: User
    observer: User
    local_admin: User
    admin: User
    council: User  # the Département of the Nord, which leads its conventions
    nobody: User


def make_cast() -> Cast:
    make_territories()
    state, ministry = OrganisationCategory.STATE, OrganisationKind.MINISTRY
    service = {"kind": OrganisationKind.STATE_SERVICE, "category": state}
    dihal = make_organisation("Délégation interministérielle", "FR", kind=ministry, category=state)
    nord = make_organisation("DDETS du Nord", "59", **service)
    bouches = make_organisation("DDETS des Bouches-du-Rhône", "13", **service)
    town = make_organisation(
        "Ville de Lille", LILLE, kind=OrganisationKind.COMMUNE, category=OrganisationCategory.LOCAL
    )
    council = make_organisation(
        "Conseil départemental du Nord",
        "59",
        kind=OrganisationKind.DEPARTEMENT,
        category=OrganisationCategory.LOCAL,
    )
    friends = make_organisation("Les amis de Lille", MEL)
    north = make_organisation("Solidarité Nord", "59")
    south = make_organisation("Solidarité Sud", "13")
    health = make_organisation(
        "Santé pour tous", "59", kind=OrganisationKind.HEALTH, category=OrganisationCategory.PARTNER
    )

    def person(name: str, role: str, code: str, organisation: Organisation) -> User:
        email = fold(name).replace(" ", ".") + "@exemple.test"
        user = User(name=name, email=email, password=password)
        held = Membership(user=user, organisation=organisation, role=Role(role), starts_on=OPENED)
        memberships.append((held, scope(code)))
        return user

    # Written at once: three hundred modules begin so.
    password, memberships = make_password(PASSWORD), list[tuple[Membership, Scope]]()
    cast = Cast(
        national=person("Alix National", Role.NATIONAL, "FR", dihal),
        correspondent59=person("Camille Nord", Role.CORRESPONDENT, "59", nord),
        correspondent13=person("Dominique Sud", Role.CORRESPONDENT, "13", bouches),
        mairie=person("Claude Mairie", Role.INSTITUTION, LILLE, town),
        operator_a=person("Sacha Amis", Role.OPERATOR, MEL, friends),
        colleague_a=person("Charlie Amis", Role.OPERATOR, LILLE, friends),
        operator_b=person("Morgan Solidarite", Role.OPERATOR, ROUBAIX, north),
        operator13=person("Maxime Solidarite", Role.OPERATOR, MARSEILLE, south),
        contributor=person("Lou Sante", Role.CONTRIBUTOR, "59", health),
        observer=person("Andrea Observe", Role.OBSERVER, "59", nord),
        local_admin=person("Noor Comptes", Role.LOCAL_ADMIN, "59", nord),
        admin=person("Eden Comptes", Role.NATIONAL_ADMIN, "FR", dihal),
        council=person("Dany Conseil", Role.INSTITUTION, "59", council),
        nobody=User(name="Ange Personne", email="ange.personne@exemple.test", password=password),
    )
    User.objects.bulk_create(vars(cast).values())
    create_records(records=[membership for membership, _ in memberships], by=None)
    scopes = Membership.scopes.through
    scopes._default_manager.bulk_create(
        scopes(membership=membership, scope=held) for membership, held in memberships
    )
    return cast


# Sites and their facts -----------------------------------------------------------------------------------


def an_author(site: Site) -> Actor:
    """A correspondent of the site's département, made on first use."""
    return departement_author(site.commune.departement_id)


def make_site(
    name: str = "",
    code: str | Commune = LILLE,
    *,
    opened: dt.date = OPENED,
    closed: dt.date | None = None,
    by: Actor | None = None,
    **fields: Any,
) -> Site:
    """A site lived in from `opened`, to `closed` (excluded) if given, with its occupation."""
    name = name or f"Site {next(numbers)}"
    site = Site(
        name=name,
        commune=code if isinstance(code, Commune) else commune(code),
        **fields,
    )
    site.search_text = search_text_of(site)
    save_record(record=site, by=by or an_author(site))
    make_fact(Occupation, site, opened, by=by)
    if closed:
        close_site(site, closed, by=by)
    return site


def close_site(
    site: Site, on: dt.date, *, reason: str = ClosingReason.OTHER, by: Actor | None = None
) -> Occupation:
    current = Occupation.objects.known().get(site=site)
    closing = {"ended_on": on, "closing_reason": reason}
    return correct(fact=current, by=by or an_author(site), reason="", **closing)


def make_alias(site: Site, name: str, used_by: str = "") -> SiteAlias:
    alias = SiteAlias(site=site, name=name, name_folded=fold(name), used_by=used_by)
    return save_record(record=alias, by=an_author(site))


def make_fact(model: type[Fact], site: Site, on: dt.date, *, by: Actor | None = None, **values: Any) -> Any:
    """Any fact of a site, true from `on`; `recorded_at=` to have known it at another moment."""
    return enter(fact=model(site=site, valid_on=on, **values), by=by or an_author(site))


def make_survey(
    site: Site, on: dt.date, people: int | None = 10, *, by: Actor | None = None, **values: Any
) -> Survey:
    values = {"source_kind": SourceKind.OPERATOR, **values}
    return make_fact(Survey, site, on, by=by, people=people, **values)


def make_conditions(site: Site, on: dt.date, *, by: Actor | None = None, **states: Any) -> LivingConditions:
    return make_fact(LivingConditions, site, on, by=by, **states)


def make_diagnosis(
    site: Site, on: dt.date, status: str = DiagnosisStatus.DONE, **values: Any
) -> SocialDiagnosis:
    return make_fact(SocialDiagnosis, site, on, status=status, **values)


def make_procedure(site: Site, on: dt.date, kind: str = ProcedureKind.JUDICIAL, **values: Any) -> Procedure:
    return make_fact(Procedure, site, on, kind=kind, **values)


def make_ownership(site: Site, on: dt.date, kind: str = OwnerKind.PUBLIC, **values: Any) -> Ownership:
    return make_fact(Ownership, site, on, kind=kind, **values)


def make_step(
    site: Site, on: dt.date, kind: str, state: str = StepState.DONE, **values: Any
) -> PreparatoryStep:
    return make_fact(PreparatoryStep, site, on, kind=kind, state=state, **values)


def make_suitability(
    site: Site, on: dt.date, answer: str = Suitability.TO_STUDY, **values: Any
) -> SiteSuitability:
    values = {"source_kind": SourceKind.STATE, **values}
    return make_fact(SiteSuitability, site, on, answer=answer, **values)


def make_event(site: Site, on: dt.date, kind: str = EventKind.VISIT, **values: Any) -> SiteEvent:
    return make_fact(SiteEvent, site, on, kind=kind, **values)


# Dispositifs and their follow-up -------------------------------------------------------------------------


def make_action(
    name: str = "",
    departement: str = "59",
    *,
    starts_on: dt.date = OPENED,
    pilots: Iterable[Organisation] = (),
    operators: Iterable[Organisation] = (),
    partners: Iterable[Organisation] = (),
    funders: Iterable[Organisation] = (),
    sites: Iterable[Site] = (),
    themes: Iterable[str] = (ActionTheme.SCHOOL,),
    ended_on: dt.date | None = None,
    by: Actor | None = None,
    **described: Any,
) -> Action:
    """A dispositif of a département, declared by `by` (a correspondent of it), whose organisation is the pilot."""
    if not Departement.objects.exists():
        make_territories()
    writer = by or departement_author(departement)
    roles = (
        (ParticipationRole.PILOT, list(pilots) or [writer.organisation]),
        (ParticipationRole.OPERATOR, operators),
        (ParticipationRole.PARTNER, partners),
        (ParticipationRole.FUNDER, funders),
    )
    action = declare_action(
        by=writer,
        name=name or f"Dispositif {next(numbers)}",
        departement=Departement.objects.get(pk=departement),
        starts_on=starts_on,
        themes=list(themes),
        parts=[Part(each, role) for role, organisations in roles for each in organisations],
        sites=sites,
        **described,
    )
    if ended_on:
        close_action(action=action, by=writer, ended_on=ended_on)
    return action


def departement_author(departement: str) -> Actor:
    """A correspondent of a département, made on first use."""
    email = f"auteur{departement}@exemple.test".lower()
    user = User.objects.filter(email=email).first()
    return actor(
        user or make_user(Role.CORRESPONDENT, departement, email=email, name=f"Auteur {departement}")
    )


def make_socle() -> dict[str, Indicator]:
    """The national indicators, by code."""
    load_socle()
    return {one.code: one for one in Indicator.objects.national()}


def organisation_of(user: User) -> Organisation:
    return actor(user).organisation


def make_follow_up(
    action: Action,
    on: dt.date,
    *,
    by: User,
    reporter: Organisation | None = None,
    since: dt.date | None = None,
    comments: dict[str, str] | None = None,
    **figures: int | Value,
) -> FollowUp:
    """A report of `by` for their organisation: figures by code of indicator, with « _ » for « - »."""
    asked = {one.code or one.public_id: one for block in asked_indicators(action) for one in block.entered}
    values = {
        asked[code.replace("_", "-")].pk: figure if isinstance(figure, Value) else Value.of(figure)
        for code, figure in figures.items()
    }
    return record_follow_up(
        action=action,
        reporter=reporter or organisation_of(by),
        content=FollowUpContent(on=on, values=values, since=since, comments=comments or {}),
        indicators={one.pk: one for one in asked.values()},
        by=actor(by),
    )


def make_funding(
    action: Action, year: int = 2020, planned: int | None = 4000, *, by: User | None = None, **told: Any
) -> FundingLine:
    amounts = {"planned": Value.amount(planned)} if planned is not None else {}
    money = Money(year=year, kind=told.pop("kind", FundingType.DEDICATED), amounts=amounts, **told)
    writer = actor(by) if by else departement_author(action.departement_id)
    set_money(action=action, lines=[money], by=writer, on=dt.date(year, 1, 1))
    return FundingLine.objects.known().filter(action=action, year=year).latest("pk")


def make_contact(
    action: Action, name: str, organisation: Organisation | None = None, **told: str
) -> ActionContact:
    writer = departement_author(action.departement_id)
    contact = ActionContact(
        action=action, organisation=organisation or writer.organisation, name=name, **told
    )
    return save_contact(contact=contact, by=writer)


def make_insertion_site(action: Action, name: str = "", code: str = LILLE, **told: Any) -> InsertionSite:
    ground = InsertionSite(action=action, name=name, commune=commune(code), **told)
    return save_insertion_site(ground=ground, by=departement_author(action.departement_id))


def make_deadline(action: Action | None, due_on: dt.date, label: str = "") -> Deadline:
    writer = departement_author(action.departement_id if action else "59")
    return add_deadline(action=action, due_on=due_on, by=writer, label=label)


def make_indicator(
    action: Action,
    label: str = "",
    value_type: str = ValueType.NUMBER,
    nature: str = Nature.FLOW,
    **described: Any,
) -> Indicator:
    """An indicator of the dispositif itself, asked at once."""
    return create_indicator(
        action=action,
        by=departement_author(action.departement_id),
        label=label or f"Indicateur {next(numbers)}",
        value_type=value_type,
        nature=nature,
        **described,
    )


# What is shared -------------------------------------------------------------------------------------------


def make_offer(action: Action, by: User, **values: Any) -> ActionOffer:
    """Shown in the directory by the organisation of `by`."""
    described = {
        "is_offered": True,
        "title": f"Annuaire {next(numbers)}",
        "summary": "Des médiatrices vont vers les familles.",
        "contact": None,
        "documents": (),
        "expected_version": 0,
        **values,
    }
    return set_offer(action=action, by=actor(by), **described)


def make_practice(by: User, title: str = "", *, published_by: User | None = None, **values: Any) -> Practice:
    """A draft of the organisation of `by`; published by a national account when one is given."""
    described = {"summary": "Comment on a fait.", "body": "## Avant\n\nOn frappe.", **values}
    practice = Practice(title=title or f"Pratique {next(numbers)}", **described)
    save_practice(practice=practice, by=actor(by))
    if published_by:
        publish(practice=practice, by=actor(published_by))
    return practice


# Proposals -----------------------------------------------------------------------------------------------


def make_proposal(
    site: Site, by: User, to: User, kind: str = ProposalKind.SOCIAL, **values: Any
) -> ActionProposal:
    """Sent by the organisation of `by` to that of `to`."""
    values = {"why": "Des familles viennent d’arriver.", **values}
    return propose(by=actor(by), kind=ProposalKind(kind), sites=[site], pilot=organisation_of(to), **values)
