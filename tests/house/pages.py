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
- `national`: the right is asked over the whole country;
- `wants`: the right that a SIGNED_IN view asks on the thing itself, which it finds by its own address;
- `known_by`: the right to know that the thing exists, when it is not that of reading a site;
- `person`: who is allowed, a name of `tests.factories.Cast` (the correspondent of the Nord, who may do all there).

A page that is not written yet and answers 404 to everybody is named in `PENDING`, and only there.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from jalons.accounts.decorators import OPEN, SIGNED_IN
from jalons.accounts.enums import Right
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Participation
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.second_factor.models import CodeApplication
from jalons.urgency.services import handling_of, mute, mute_of, take
from tests import factories
from tests.documents.attaching import attach_upload
from tests.documents.files import PNG, sent
from tests.house.administration_pages import ADMINISTRATION_PAGES
from tests.house.convention_pages import CONVENTION_PAGES
from tests.house.edition_pages import EDITION_PAGES
from tests.house.export_pages import EXPORT_PAGES
from tests.house.household_pages import HOUSEHOLD_PAGES
from tests.house.import_pages import IMPORT_PAGES
from tests.house.joining_pages import JOINING_PAGES
from tests.house.layer_pages import LAYER_PAGES
from tests.house.page import Kwargs, Page, why
from tests.house.proposal_pages import PROPOSAL_PAGES
from tests.house.public_pages import PUBLIC_PAGES
from tests.house.sharing_pages import SHARING_PAGES
from tests.house.world import World, make_world

__all__ = ["PAGES", "PENDING", "Page", "World", "make_world"]


def on_site(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id}


def on_action(world: World) -> Mapping[str, Any]:
    return {"public_id": world.action.public_id}


def the_action(world: World) -> Mapping[str, Any]:
    return {"action": world.action.pk}


def says(**data: str) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: data


def row0(**data: str) -> Callable[[World], Mapping[str, Any]]:
    return says(**{f"lignes-0-{name}": value for name, value in data.items()})


def on_ended_action(world: World) -> Mapping[str, Any]:
    return {"public_id": world.ended_action.public_id}


def of_action(name: str, key: str = "pk", attribute: str = "pk") -> Kwargs:
    """The address of one thing of the dispositif: « contact », « follow_up » by its lineage…"""
    return lambda world: {**on_action(world), key: getattr(getattr(world, name), attribute)}


on_report = of_action("follow_up", "lineage", "lineage")


def other_reporter(world: World) -> Mapping[str, Any]:
    """An operator of the dispositif that never filled in."""
    told = {world.follow_up.reporter_id}
    parts = Participation.objects.known().filter(action=world.action, role=ParticipationRole.OPERATOR)
    return {**on_action(world), "reporter": parts.exclude(participant__in=told).latest("pk").participant_id}


def on_closed(world: World) -> Mapping[str, Any]:
    return {"public_id": world.closed.public_id}


def on_fact(name: str) -> Kwargs:
    """The address of one fact of the site: « survey », « event »…"""
    return lambda world: {"public_id": world.site.public_id, "lineage": getattr(world, name).lineage}


def on_step(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id, "kind": "social"}


# Enough for whatever situation a second person chooses.
STEP = {"planned_on": "1/3/2020", "note": "À revoir."}


def steps_typed(world: World) -> Mapping[str, Any]:
    """One line of the table of steps."""
    key = world.site.public_id
    return {f"{key}-sociological-state": "done", f"{key}-sociological-on": "1/2/2020"}


def on_reason(world: World) -> Mapping[str, Any]:
    """The count of the site is of 2020: nobody counted for long."""
    return {"public_id": world.site.public_id, "code": "survey_stale"}


def on_muted(world: World) -> Mapping[str, Any]:
    if mute_of(world.site, "survey_stale") is None:
        by = factories.actor(world.cast.correspondent59)
        mute(
            site=world.site,
            rule="survey_stale",
            why="Vu.",
            until=timezone.localdate() + dt.timedelta(9),
            by=by,
        )
    return on_reason(world)


def taken(world: World) -> Mapping[str, Any]:
    if handling_of(world.site) is None:
        take(site=world.site, by=factories.actor(world.cast.correspondent59))
    return on_site(world)


def on_alias(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id, "pk": world.alias.pk}


def on_subject(world: World) -> Mapping[str, Any]:
    """The address of what may be commented, or may bear documents."""
    return {"kind": "site", "public_id": world.site.public_id}


def on_thing(world: World) -> Mapping[str, Any]:
    """The address of what has readers."""
    return {"kind": "site", "key": world.site.public_id}


def on_document(world: World) -> Mapping[str, Any]:
    return {"public_id": world.document.public_id}


def on_photo(world: World) -> Mapping[str, Any]:
    """An image on the site, made when it is first asked for."""
    photo = Document.objects.filter(title="Photo d’essai").first()
    if photo is None:
        upload = check_upload(sent("photo.png", PNG), name="photo.png")
        by = factories.actor(world.cast.correspondent59)
        photo = attach_upload(subject=world.site, upload=upload, by=by, title="Photo d’essai")
    return {"public_id": photo.public_id}


def new_password(world: World) -> Mapping[str, Any]:
    first, second = "new_password1", "new_password2"
    return {
        "old_password": factories.PASSWORD,
        first: "une autre longue phrase",
        second: "une autre longue phrase",
    }


LOCAL = {"label": "Kits", "value_type": "number", "nature": "flow"}


def aim(world: World) -> Mapping[str, Any]:
    return {"on": "31/12/2030", f"objectif-{world.indicator.public_id}": "12"}


def new_contact(world: World) -> Mapping[str, Any]:
    return {"name": "Lou Exemple", "organisation": factories.organisation_of(world.cast.correspondent59).pk}


def other_is_avec(world: World) -> str:
    return f"avec={world.other.public_id}"


# A report of another day than that of `World.follow_up`.
REPORT = {"on": "1/3/2020", "comment_public": "Deux familles de plus."}
COUNT = {"observed_on": "1/1/2020", "source_kind": "state", "reliability": "2", "people": "12"}


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


def of_a_lost_phone(world: World) -> Mapping[str, Any]:
    CodeApplication.objects.get_or_create(user=world.cast.mairie, name="Téléphone", key="00" * 20)
    return {"pk": world.cast.mairie.pk}


OBSERVED = {"observed_on": "02/01/2020", "source_kind": "state"}
DECLARED = {"name": "Médiation sanitaire", "starts_on": "1/1/2020", "themes": ["health"]}
READ, UPDATE, CLOSE = Right.READ_SITES, Right.UPDATE_SITE, Right.CLOSE_SITE
SEE, EDIT, FOLLOW = Right.READ_ACTIONS, Right.EDIT_ACTION, Right.FOLLOW_ACTION

PAGES = [
    # The front door and the service pages.
    Page("home", OPEN),
    Page("home_rest", SIGNED_IN),
    Page("home_news", SIGNED_IN),
    Page("home_due", SIGNED_IN),
    Page("home_trend", SIGNED_IN),
    Page("core:health", OPEN),
    Page("core:components", OPEN),
    # Accounts.
    Page("accounts:sign_in", OPEN, data=lambda w: {"username": w.cast.mairie.email, "password": factories.PASSWORD}),
    Page("search:results", SIGNED_IN, query=lambda w: "q=lille"),
    Page("accounts:sign_out", OPEN, data=lambda w: {}, reads=False),
    Page("accounts:ask_sign_in_link", OPEN, data=lambda w: {"email": w.cast.mairie.email}),
    Page("accounts:sign_in_link_sent", OPEN),
    Page("accounts:sign_in_link", OPEN, lambda w: {"secret": "x-y"}, about_subject=False),
    Page("accounts:forgotten", OPEN, data=lambda w: {"email": w.cast.mairie.email}),
    Page("accounts:link_sent", OPEN),
    Page("accounts:new_password", OPEN, lambda w: {"uidb64": "MQ", "token": "x-y"}, about_subject=False),
    Page("accounts:account", SIGNED_IN),
    Page("accounts:act_for", SIGNED_IN, data=lambda w: {"organisation": "1"}, reads=False),
    Page("accounts:change_password", SIGNED_IN, data=new_password),
    Page("accounts:who_sees_what", OPEN),
    # Territories and downloads.
    Page("territories:communes", SIGNED_IN, query=lambda w: "q=Lille"),
    Page("territories:departements", SIGNED_IN),
    *EXPORT_PAGES,
    Page("readership:readers", SIGNED_IN, on_thing, wants=Right.READ_SITES),
    Page("readership:readings", SIGNED_IN, on_thing, wants=Right.WRITE_JUSTICE),
    Page("readership:journal", Right.MANAGE_ACCOUNTS, person="admin"),
    # The second factor. Without a first proof, its step leads back to signing in.
    Page("second_factor:step", OPEN, answers=302),
    # Without an issuer, as here, ProConnect is not there; with one: tests/proconnect.
    Page("proconnect:start", OPEN, answers=404),
    Page("proconnect:back", OPEN, answers=404),
    Page("proconnect:confirm", OPEN, answers=404),
    Page("proconnect:unknown", OPEN, answers=404),
    Page("proconnect:still_there", OPEN, answers=404),
    Page("second_factor:overview", SIGNED_IN),
    Page("second_factor:add_application", SIGNED_IN),
    Page("second_factor:add_passkey", SIGNED_IN),
    Page("second_factor:codes", SIGNED_IN, answers=302),
    Page("second_factor:remove", SIGNED_IN, lambda w: {"kind": "cle", "pk": 0}, about_subject=False, answers=404),
    Page("second_factor:people", Right.MANAGE_ACCOUNTS, person="admin"),
    Page(
        "second_factor:reset",
        Right.MANAGE_ACCOUNTS,
        of_a_lost_phone,
        data=why,
        person="admin",
    ),
    # Comments and documents, here on a site.
    Page("discussions:comments", Right.COMMENT, on_subject, data=lambda w: {"text": "Un point d’eau est ouvert."}),
    Page("discussions:mentionable", Right.COMMENT, on_subject, query=lambda w: "q=cam"),
    Page(
        "discussions:withdraw",
        Right.COMMENT,
        lambda w: {"public_id": w.comment.public_id},
        data=lambda w: {},
        reads=False,
    ),
    Page(
        "discussions:favourite",
        SIGNED_IN,
        lambda w: {"kind": "site", "key": w.site.public_id},
        data=lambda w: {"on": "1"},
        reads=False,
        wants=READ,
    ),
    Page(
        "discussions:follow",
        SIGNED_IN,
        lambda w: {"kind": "site", "key": w.site.public_id},
        data=lambda w: {"frequency": "weekly", "events": ["comments"]},
        wants=READ,
    ),
    Page(
        "discussions:follow_more",
        SIGNED_IN,
        data=lambda w: {"what": "theme:school", "frequency": "weekly", "events": ["comments"]},
    ),
    Page("discussions:subscriptions", SIGNED_IN),
    Page("discussions:activity", SIGNED_IN),
    Page(
        "discussions:unsubscribe",
        OPEN,
        lambda w: {"token": w.unsubscribe_token},
        data=lambda w: {},
        about_subject=False,
        done=200,  # RFC 8058: no redirection
    ),
    Page("discussions:mail_choices", SIGNED_IN, data=lambda w: {}),
    Page("documents:attach", Right.ATTACH, on_subject, data=lambda w: {"file": sent()}),
    Page("documents:download", SIGNED_IN, on_document, wants=READ),
    Page("documents:preview", SIGNED_IN, on_photo, wants=READ),
    Page("documents:replace", Right.ATTACH, on_document, data=lambda w: {"file": sent()}),
    Page("documents:withdraw", Right.ATTACH, on_document, data=why),
    # Sites: the list and the map.
    Page("sites:list", READ),
    Page("sites:list_reasons", READ, answers=302),
    Page("sites:compare", READ, query=lambda w: "au=2020-06-01"),
    Page("sites:export_choice", Right.EXPORT),
    Page("sites:export", Right.EXPORT, query=lambda w: "format=csv"),
    Page("maps:map", READ),
    Page("maps:sites", READ),
    Page("maps:drawing", READ),
    Page("reports:dashboard", READ),
    Page("reports:trends", READ),
    # Sites: the sheet.
    Page("sites:sheet", READ, on_site),
    Page("sites:history", READ, on_site),
    Page("sites:sheet_document", Right.EXPORT, lambda w: {**on_site(w), "extension": "pdf"}),
    # Sites: declaring and describing.
    Page("sites:declare", Right.DECLARE_SITE, data=lambda w: {**OBSERVED, "commune": "Dunkerque"}),
    Page("sites:nearby", Right.DECLARE_SITE),
    # Sites: reporting one.
    Page(
        "sites:report",
        READ,
        data=lambda w: {"commune": "Dunkerque", "seen_on": "1/1/2020", "message": "Des tentes."},
    ),
    Page("sites:reports", READ),
    Page(
        "sites:report_sheet",
        READ,
        lambda w: {"public_id": w.report_of_site.public_id},
        data=lambda w: {"do": "refuse", "answer": "Déjà parti."},
        known_by=Right.DECLARE_SITE,
    ),
    Page(
        "sites:report_photo",
        READ,
        lambda w: {"public_id": w.report_of_site.public_id},
        known_by=Right.DECLARE_SITE,
    ),
    # The directory.
    Page("directory:people", SIGNED_IN),
    Page("directory:organisations", SIGNED_IN),
    Page("directory:export", Right.EXPORT, query=lambda w: "format=csv"),
    Page("directory:working", SIGNED_IN, lambda w: {"kind": "site", "key": w.site.public_id}, wants=READ),
    Page("directory:card", SIGNED_IN, data=lambda w: {"show_email": "on", "expertises": "droit, école"}),
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
    Page("sites:steps", UPDATE, on_site),
    Page("sites:steps_table", UPDATE, data=steps_typed),
    Page("sites:step_set", UPDATE, on_step, data=lambda w: {"state": "done", "on": "1/2/2020", **STEP}),
    Page("sites:step_correct", UPDATE, on_fact("step"), data=seen("step", state="done", on="1/1/2020", **STEP)),
    Page("sites:step_withdraw", UPDATE, on_fact("step"), data=seen("step")),
    Page("sites:suitability_set", UPDATE, on_site, data=lambda w: {"answer": "no", "on": "1/1/2020"}),
    Page("sites:suitability_withdraw", UPDATE, on_fact("suitability"), data=seen("suitability")),
    Page("sites:close", CLOSE, on_site, data=lambda w: {"closed_on": "1/2/2020", "reason_code": "court"}),
    Page("sites:reopen", CLOSE, on_closed, data=lambda w: {"reason": "erreur"}),
    # Priorities.
    Page("alike:situations", READ, on_site),
    Page("reports:compare", READ),
    Page("reports:sheet", Right.EXPORT, lambda w: {"extension": "docx"}, about_subject=False),
    Page("reports:chart", Right.EXPORT, query=lambda w: "dessin=courbe-habitants&format=svg"),
    Page("reports:compare_export", Right.EXPORT, query=lambda w: "format=csv"),
    Page("urgency:list", READ),
    Page("urgency:band", READ),
    Page("urgency:site", READ, on_site),
    Page("urgency:take", UPDATE, on_site, data=lambda w: {}, reads=False),
    Page("urgency:release", UPDATE, taken, data=lambda w: {}, reads=False),
    Page("urgency:mute", UPDATE, on_reason, data=lambda w: {"why": "Une visite est prévue."}),
    Page("urgency:unmute", UPDATE, on_muted, data=lambda w: {}, reads=False),
    Page("urgency:passage", UPDATE, on_site, data=lambda w: {}, reads=False),
    Page("urgency:episodes", READ, lambda w: {"code": "59"}),
    Page(
        "urgency:episode",
        Right.SET_PRIORITIES,
        lambda w: {"code": "59", "kind": "heat"},
        data=lambda w: {"level": "2", "since": "1/7/2026", "until": "5/7/2026"},
        known_by=Right.SET_PRIORITIES,
    ),
    Page("urgency:scales", Right.SET_PRIORITIES),
    Page(
        "urgency:scale",
        Right.SET_PRIORITIES,
        lambda w: {"code": "59"},
        data=lambda w: {"weight_no_water": "1", "limit_growth": "40", "reason": "essai"},
        known_by=Right.SET_PRIORITIES,
    ),
    Page("urgency:export", Right.EXPORT, query=lambda w: "format=csv"),
    # Dispositifs: the sheet, deadlines, closing.
    Page("actions:sheet", SEE, on_action),
    Page("actions:history", SEE, on_action),
    Page("actions:administration", SEE, on_action),
    Page("actions:deadline_add", EDIT, on_action, data=deadline_to_come),
    Page("actions:deadline_remove", EDIT, of_action("deadline"), data=lambda w: {}, reads=False),
    Page("actions:ask_again", EDIT, other_reporter, data=lambda w: {}, reads=False),
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
    Page("indicators:offers", FOLLOW, on_action, reads=False, person="operator_a"),
    Page("indicators:unchanged", FOLLOW, on_action, data=lambda w: {}, person="operator_a"),
    Page("indicators:correct_choose", FOLLOW, on_action, answers=302, person="operator_a"),
    Page("indicators:correct", FOLLOW, on_report, data=lambda w: {**REPORT, "reason": "mieux compté"}),
    Page("indicators:withdraw", FOLLOW, on_report, data=seen("follow_up")),
    Page("indicators:table", SEE, on_action),
    Page("indicators:table_export", Right.EXPORT, on_action, query=lambda w: "format=csv"),
    # Dispositifs: the list.
    Page("actions:list", Right.READ_ACTIONS),
    Page("indicators:export_choice", Right.EXPORT),
    Page("indicators:export", Right.EXPORT, query=lambda w: "format=csv"),
    Page("indicators:national_export", Right.EXPORT, query=lambda w: "format=csv"),
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
]  # fmt: skip

# Pages that are being written: a line moves to `PAGES` with its page.
ANNOUNCED: list[Page] = []
PAGES += (
    CONVENTION_PAGES
    + JOINING_PAGES
    + ADMINISTRATION_PAGES
    + IMPORT_PAGES
    + LAYER_PAGES
    + PROPOSAL_PAGES
    + EDITION_PAGES
    + PUBLIC_PAGES
    + HOUSEHOLD_PAGES
)
PAGES += SHARING_PAGES + ANNOUNCED

# Announced by an address, not written yet. Each name leaves this list with the page that it announces.
PENDING: set[str] = {page.name for page in ANNOUNCED}
