"""Structures: describe them, and make one of two."""

import datetime as dt
import io
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from jalons.accounts.enums import Role
from jalons.accounts.models import Organisation
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import FundingLine, Nudge, Participation
from jalons.actions.services.deadlines import note_nudge
from jalons.administration.merging import CARRIED, CannotMerge, merge_organisations, outcome, references
from jalons.directory.models import Expertise, OrganisationCard
from jalons.discussions.selectors import comments_on
from jalons.discussions.services import Audience, add_comment
from jalons.documents.checks import Upload
from jalons.documents.enums import DocumentType
from jalons.documents.models import Document
from jalons.documents.permissions import withdrawer
from jalons.editions.models import ContributionNudge
from jalons.history.models import Fact
from jalons.history.services import save_record
from jalons.indicators.models import FollowUpDraft
from jalons.proposals.services import agree
from tests import factories
from tests.documents.attaching import attach_upload
from tests.factories import Cast, make_organisation, make_user
from tests.layers.making import make_draft, make_layer, point

BACKEND = "jalons.accounts.backends.SessionBackend"
KEY = "6d0e3c7e-1111-4222-8333-1234567890"
DAY = dt.date(2020, 1, 1)


@pytest.fixture
def kept(cast: Cast) -> Organisation:
    return factories.organisation_of(cast.operator_a)


@pytest.fixture
def gone(cast: Cast) -> Organisation:
    return make_organisation("Amis de Lille (association)", "59")


def test_a_local_administrator_sees_the_structures_of_their_territory(client: Client, cast: Cast) -> None:
    client.force_login(cast.local_admin, BACKEND)
    page = client.get("/administration/structures/?q=solidarité").content.decode()
    assert "Solidarité Nord" in page
    assert "Solidarité Sud" not in page
    south = Organisation.objects.get(name="Solidarité Sud")
    assert client.get(f"/administration/structures/{south.pk}/").status_code == 404


def test_two_people_describe_one_structure(client: Client, cast: Cast, kept: Organisation) -> None:
    client.force_login(cast.local_admin, BACKEND)
    kept.acronym = "ADL"
    seen = kept.version
    save_record(record=kept, by=factories.actor(cast.admin))
    sent = {
        "submission_key": f"{KEY}01",
        "expected_version": seen,
        "name": kept.name,
        "acronym": "LAL",
        "kind": kept.kind,
        "category": kept.category,
        "reason": "",
    }
    answer = client.post(f"/administration/structures/{kept.pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ADL" in page
    assert "LAL" in page
    kept.refresh_from_db()
    assert kept.acronym == "ADL"


def test_the_preview_counts_what_moves_and_the_merge_moves_it(
    client: Client, cast: Cast, kept: Organisation, gone: Organisation
) -> None:
    member = make_user(Role.OPERATOR, "59", organisation=gone)
    site = factories.make_site()
    survey = factories.make_survey(site, DAY, people=4, source=gone, by=factories.actor(member))
    assert outcome(survivor=kept, gone=gone)[:2] == [
        "1\u00a0compte rattaché passe à Les amis de Lille.",
        "1\u00a0recensement dont elle est la source passe à Les amis de Lille.",
    ]
    client.force_login(cast.local_admin, BACKEND)
    path = f"/administration/structures/{kept.pk}/reunir/{gone.pk}/"
    assert "passe à Les amis de Lille" in client.get(path).content.decode()
    for _ in range(2):  # a double click
        client.post(path, {"submission_key": f"{KEY}02", "reason": "même association"})
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert member.memberships.get().organisation == kept
    now = type(survey).objects.known().get(lineage=survey.lineage)
    assert now.source == kept
    # What was said before stays said by whom it was.
    survey.refresh_from_db()
    assert (survey.source, survey.organisation) == (gone, gone)
    assert client.get(f"/administration/structures/{gone.pk}/")["Location"].endswith(f"/{kept.pk}/")
    client.get("/administration/structures/")  # says what was done, once
    assert gone.name not in client.get("/administration/structures/").content.decode()


def test_a_part_that_both_have_is_kept_once(cast: Cast, kept: Organisation, gone: Organisation) -> None:
    action = factories.make_action("Médiation", operators=[kept, gone])
    merge_organisations(survivor=kept, gone=gone, by=factories.actor(cast.admin), reason="même")
    parts = Participation.objects.going_on().filter(action=action, role=ParticipationRole.OPERATOR)
    assert [part.participant for part in parts] == [kept]


def test_funding_keeps_its_past(cast: Cast, kept: Organisation, gone: Organisation) -> None:
    line = factories.make_funding(factories.make_action("Médiation"), 2020, funder=gone)
    before = line.recorded_at + dt.timedelta(microseconds=1)
    merge_organisations(survivor=kept, gone=gone, by=factories.actor(cast.admin), reason="même")
    assert FundingLine.objects.known().get(lineage=line.lineage).funder == kept
    assert FundingLine.objects.filter(lineage=line.lineage, recorded_at__lt=before).get().funder == gone


def test_figures_of_two_operators_are_not_mixed(cast: Cast, kept: Organisation, gone: Organisation) -> None:
    action = factories.make_action("Médiation", operators=[kept, gone])
    for organisation in (kept, gone):
        factories.make_follow_up(action, DAY, by=cast.operator_a, reporter=organisation)
    with pytest.raises(CannotMerge, match="Médiation"):
        merge_organisations(survivor=kept, gone=gone, by=factories.actor(cast.admin), reason="même")
    gone.refresh_from_db()
    assert gone.merged_into is None


@pytest.mark.parametrize("same", [True, False])
def test_what_cannot_be_merged(cast: Cast, kept: Organisation, gone: Organisation, same: bool) -> None:
    by = factories.actor(cast.admin)
    if not same:
        merge_organisations(survivor=kept, gone=gone, by=by, reason="même")
    with pytest.raises(CannotMerge):
        merge_organisations(survivor=kept, gone=kept if same else gone, by=by, reason="même")


# Columns that say who acted: they keep the name of that day.
SIGNED = {
    "discussions.Comment.organisation",
    "discussions.Comment.withdrawn_for",
    "discussions.Comment.for_organisations",  # read through `merged_into`: see `CommentQuerySet.visible_to`
    "discussions.Comment_for_organisations.organisation",
    "actions.Nudge.organisation",
    "layers.LayerVersion.organisation",
    "proposals.ActionProposal.answered_for",
    "sharing.PracticeEdition.published_for",
    "documents.Document.organisation",  # withdrawn through `standing_id`
    "documents.Document.withdrawn_for",
    "exports.Download.organisation",
    "charter.Charter.published_for",
    "conventions.Edition.organisation",
    "joining.RequestMessage.organisation",
    "joining.AccountEvent.organisation",
    "readership.SensitiveReading.organisation",
    "public.OpenEdition.asked_for",
    "readership.KnownReaders.organisation",
    "jalons_sites.SiteReport.organisation",
    "imports.ImportBatch.organisation",  # finished and undone by who acts for it: see `BatchQuerySet.visible_to`
    "imports.ImportMapping.organisation",  # read through `merged_into`
    "editions.ReportEdition.organisation",  # read through `merged_into`: see `EditionQuerySet.visible_to`
}
# Sealed for one structure: a merge is refused while it has any of them.
HELD = {
    "households.Household.organisation",
    "households.HouseholdHanding.receiver",
    "households.HouseholdHanding.sender",
    "households.HouseholdKey.organisation",
    "households.RegisterImport.organisation",
    "households.Register.organisation",
    "households.RegisterErasure.organisation",
    "households.RegisterReading.organisation",
    "households.MappedIndicator.organisation",
    "households.RegisterRetention.organisation",
    "households.RetentionNotice.organisation",
}
FOLLOWS = {"accounts.Organisation.merged_into", "directory.OrganisationCard.organisation"}


def test_a_merge_decides_of_every_column_that_names_a_structure() -> None:
    """A new one must say whether it moves with a merge or keeps who signed."""
    named, signed = set(), set(SIGNED)
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.concrete and field.related_model is Organisation and not historical(model, field.name):
                named.add(f"{model._meta.label}.{field.name}")
                if issubclass(model, Fact) and field.name == "organisation":
                    signed.add(f"{model._meta.label}.organisation")
    moved = {one.column for one in references()}
    carried = {f"{model._meta.label}.reporter" for model in CARRIED}
    # A contact and a party are both a fact or a record and what moves.
    assert named - moved - carried - FOLLOWS - HELD == signed - moved


def historical(model: Any, name: str) -> bool:
    return model.__name__.startswith("Historical") or name in (
        "changed_for",
        "recorded_for",
        "superseded_for",
    )


def test_the_people_of_the_kept_structure_act_for_the_one_that_is_gone(
    cast: Cast, kept: Organisation, gone: Organisation
) -> None:
    """They withdraw what it attached and read what was kept for it, two merges later too."""
    author = make_user(Role.OPERATOR, "59", organisation=gone)
    site = factories.make_site()
    content = b"arrete"
    upload = Upload(io.BytesIO(content), "a.txt", DocumentType.TXT, len(content), "a" * 64)
    document = attach_upload(subject=site, upload=upload, by=factories.actor(author), title="Arrêté")
    add_comment(
        subject=site,
        text="Réservé",
        by=factories.actor(cast.correspondent59),
        audience=Audience([gone.pk], []),
    )
    colleague = cast.operator_a
    assert withdrawer(colleague, document, site) is None
    assert [one.text for one in comments_on(colleague, site)] == []
    between, by = make_organisation("Amis du Nord", "59"), factories.actor(cast.admin)
    merge_organisations(survivor=between, gone=gone, by=by, reason="même")
    merge_organisations(survivor=kept, gone=between, by=by, reason="même")
    again = Document.objects.get(pk=document.pk)
    acting = withdrawer(colleague, again, site)
    assert acting is not None
    assert acting.organisation == kept
    assert [one.text for one in comments_on(colleague, site)] == ["Réservé"]
    assert withdrawer(cast.operator_b, again, site) is None
    assert comments_on(cast.operator_b, site) == []


def test_what_waits_and_what_both_can_do_follow_a_merge(
    cast: Cast, kept: Organisation, gone: Organisation
) -> None:
    asked = factories.make_access_request(organisation=gone)
    for organisation, label in ((kept, "Eau"), (gone, "Romani")):
        card = OrganisationCard.objects.create(organisation=organisation)
        card.expertises.add(Expertise.objects.create(label=label, folded=label.lower()))
    merge_organisations(survivor=kept, gone=gone, by=factories.actor(cast.admin), reason="même")
    asked.refresh_from_db()
    assert asked.organisation == kept
    assert {one.label for one in kept.directory_card.expertises.all()} == {"Eau", "Romani"}


def test_what_is_going_on_elsewhere_moves_and_the_preview_says_so(
    client: Client, cast: Cast, kept: Organisation, gone: Organisation
) -> None:
    """Layers, pages, proposals and reminders; of two reminders for one deadline, and of two drafts, one stays."""
    member = make_user(Role.OPERATOR, "59", organisation=gone)
    by, site = factories.actor(member), factories.make_site()
    layer = make_layer(by=by)
    draft = make_draft([point("Serre")], by)
    page = factories.make_practice(member)
    proposal = factories.make_proposal(site, member, cast.correspondent59)
    action = factories.make_action("Médiation", operators=[kept, gone])
    other = dt.date(2021, 1, 1)
    asked = factories.actor(cast.correspondent59)
    for reporter, due_on in ((gone, DAY), (kept, DAY), (gone, other)):
        note_nudge(action=action, reporter=reporter, due_on=due_on, by=asked)
    for asked_for, week in ((gone, DAY), (kept, DAY), (gone, other)):
        ContributionNudge.objects.create(organisation=asked_for, first_day=DAY, week=week)
    for reporter in (kept, gone):
        FollowUpDraft.objects.create(
            user=member, action=action, reporter=reporter, typed={"a": [reporter.name]}
        )
    preview = " ".join(outcome(survivor=kept, gone=gone))
    for words in (
        "2\u00a0relances reçues pour un suivi passent à",
        "2\u00a0relances reçues pour un semestre passent à",
        "1\u00a0proposition en cours qu’elle a envoyée passe à",
        "1\u00a0bonne pratique passe à",
        "1\u00a0couche de carte passe à",
        "1\u00a0couche à vérifier passe à",
    ):
        assert words in preview
    merge_organisations(survivor=kept, gone=gone, by=factories.actor(cast.admin), reason="même")
    for row, field in (
        (layer, "organisation"),
        (draft, "organisation"),
        (page, "owner"),
        (proposal, "proposer"),
    ):
        row.refresh_from_db()
        assert getattr(row, field) == kept
    assert layer.versions.get().organisation == gone
    nudges = Nudge.objects.order_by("due_on")
    assert [(nudge.reporter, nudge.due_on) for nudge in nudges] == [(kept, DAY), (kept, other)]
    asked_of = ContributionNudge.objects.order_by("week").values_list("organisation", "week")
    assert [*asked_of] == [(kept.pk, DAY), (kept.pk, other)]
    left = FollowUpDraft.objects.get()
    assert (left.reporter, left.typed) == (kept, {"a": [gone.name]})
    assert not [line for line in outcome(survivor=kept, gone=gone) if "passe" in line]


def test_what_two_structures_asked_of_each_other_ends_with_their_merge(
    client: Client, cast: Cast, kept: Organisation, gone: Organisation
) -> None:
    """Nobody answers themselves; what goes to others, or was agreed, moves as it is."""
    asking = make_user(Role.OPERATOR, "59", organisation=gone)
    answering = make_user(Role.OPERATOR, "59", organisation=kept)
    site, admin = factories.make_site(), factories.actor(cast.admin)
    waiting = factories.make_proposal(site, asking, answering)
    agreed = agree(proposal=factories.make_proposal(site, answering, asking), by=factories.actor(asking))
    elsewhere = factories.make_proposal(site, asking, cast.correspondent59)
    preview = " ".join(outcome(survivor=kept, gone=gone))
    assert "1\u00a0proposition qui attend entre elles est retirée" in preview
    assert "1\u00a0proposition en cours qu’elle a envoyée passe à" in preview
    merge_organisations(survivor=kept, gone=gone, by=admin, reason="même")
    for proposal in (waiting, agreed, elsewhere):
        proposal.refresh_from_db()
    assert (waiting.state, waiting.answer) == ("withdrawn", "Les deux structures n’en font plus qu’une.")
    assert (agreed.state, agreed.proposer, agreed.pilot) == ("agreed", kept, kept)
    assert (elsewhere.state, elsewhere.proposer) == ("sent", kept)
    client.force_login(answering, BACKEND)
    assert client.get(f"/dispositifs/propositions/{agreed.public_id}/").status_code == 200
