"""The invented world is believable, keeps every rule of the facts, and is the same each time."""

import datetime as dt
import hashlib

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jalons.accounts.models import Membership, Organisation, User
from jalons.actions.models import Action, ActionContact, Deadline, InsertionSite
from jalons.demonstration import world as worlds
from jalons.demonstration.chance import Chance
from jalons.demonstration.figures import answers_for
from jalons.discussions.models import Comment
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.history.models import Standing
from jalons.history.querysets import AsOf
from jalons.history.services import settle_subjects
from jalons.sites.checks import disagreeing, jump_words
from jalons.sites.enums import ClosingReason, Condition, DiagnosisStatus, ProcedureKind, Theme
from jalons.sites.figures import list_sums
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Procedure,
    Resettlement,
    Site,
    SiteAlias,
    SiteEvent,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.nearby import distance
from jalons.sites.questions import QUESTIONS, assess_all, clean_answers
from jalons.sites.warnings import count_warnings
from tests.factories import BACKEND

RANDOM = ("password", "file", "digest")  # of a password, of a link: drawn for good
STANDINGS = [model for model in apps.get_models() if issubclass(model, Standing)]


def digest() -> str:
    """Of every row of the world, but the salted passwords and the random places of the files."""
    state = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
        # The CALPAE is imported by the service that people use, which draws identifiers and reads the clock.
        if model.__module__.startswith("jalons.") and model._meta.app_label not in (
            "territories",
            "conventions",
        ):
            names = [field.attname for field in model._meta.concrete_fields if field.name not in RANDOM]
            rows = model._default_manager.order_by("pk")
            # The socle is loaded for good, under ids that are drawn.
            if model.__name__ in ("Indicator", "HistoricalIndicator"):
                rows = rows.filter(code="", action__isnull=False)
            for row in rows.values_list(*names):
                state.update(repr(row).encode())
    return state.hexdigest()


def test_same_day_same_world(communes: None, today: dt.date) -> None:
    digests = []
    for _ in range(2):
        worlds.erase()
        worlds.build(today=today, sites=34, surveys_a_site=12, actions=24, follow_ups=8)
        digests.append(digest())
    assert digests[0] == digests[1]
    worlds.erase()
    worlds.build(today=today - dt.timedelta(days=1), sites=34, surveys_a_site=12, actions=24)
    assert digest() != digests[0]


def test_erase_leaves_nothing_but_the_territories(world: worlds.Built) -> None:
    worlds.erase()
    left = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("jalons.") and model._default_manager.exists()
    ]
    assert {label.partition(".")[0] for label in left} == {"territories"}


@pytest.mark.parametrize("model", STANDINGS, ids=lambda model: model.__name__)
def test_what_stands_is_what_the_services_would_say(world: worlds.Built, model: type[Standing]) -> None:
    before = dict(model._default_manager.values_list("pk", "holds_until"))
    assert before
    subject = model._meta.get_field(model.SUBJECT).related_model
    settle_subjects(model, subject._default_manager.values_list("pk", flat=True))
    assert dict(model._default_manager.values_list("pk", "holds_until")) == before


def test_sizes_are_plausible(world: worlds.Built, today: dt.date) -> None:
    opened = Site.objects.open_on().with_figure()
    sums = list_sums(opened)
    assert world.sites == 80
    assert 48 <= sums.sites <= 72
    assert 30 <= sums.people.total / sums.people.known <= 120
    assert 0.25 <= sums.minors.total / sums.people.total <= 0.55
    assert 0.3 <= sums.schooling.numerator / sums.schooling.denominator <= 0.8
    assert 27 <= world.surveys / world.sites <= 33
    assert 0.35 <= Site.objects.filter(commune__departement="59").count() / 80 <= 0.65
    assert Site.objects.values("commune__departement").distinct().count() == 4


def test_nobody_writes_in_the_future(world: worlds.Built, today: dt.date) -> None:
    for model in (Occupation, Survey, LivingConditions, Procedure, SiteEvent):
        last = model._default_manager.order_by("-recorded_at").first()
        assert timezone.localtime(last.recorded_at).date() < today
        assert not model._default_manager.filter(valid_on__gte=today).exists()


def test_counts_raise_no_warning(world: worlds.Built) -> None:
    found = [
        (survey.pk, warnings)
        for survey in Survey.objects.known()
        if (warnings := count_warnings({name: getattr(survey, name) for name in Survey.COUNTS}))
    ]
    assert found == []


def test_one_occupation_a_site_and_no_count_outside(world: worlds.Built) -> None:
    merged = Site.objects.filter(merged_into__isnull=False)
    occupations = {one.site_id: one for one in Occupation.objects.known()}
    assert len(occupations) == Occupation.objects.known().count() == 80 - merged.count()
    for survey in Survey.objects.known():
        occupation = occupations[survey.site_id]
        assert occupation.valid_on <= survey.valid_on
        assert occupation.ended_on is None or survey.valid_on <= occupation.ended_on


def test_states_come_from_the_answers(world: worlds.Built) -> None:
    for conditions in LivingConditions.objects.all()[:60]:
        assert clean_answers(conditions.answers) == conditions.answers
        said = {one.theme.value: one.condition for one in assess_all(conditions.answers)}
        assert {theme: getattr(conditions, theme) for theme in said} == said


def test_answers_lead_to_the_state_that_was_drawn() -> None:
    chance = Chance(1)
    for theme, questions in QUESTIONS.items():
        can = {Condition.GOOD, Condition.UNKNOWN, Condition.BAD}
        can |= {Condition.TO_IMPROVE} if any(question.improve for question in questions) else set()
        for state in can:
            for _ in range(20):
                found = {one.theme: one.condition for one in assess_all(answers_for(chance, {theme: state}))}
                assert found[Theme(theme)] == state


def test_every_record_has_its_history(world: worlds.Built) -> None:
    described = (Site, SiteAlias, Organisation, Membership)
    for model in (*described, Action, ActionContact, InsertionSite, Deadline):
        for record in model._default_manager.all():
            lines = list(record.history.order_by("version"))
            assert [line.version for line in lines] == list(range(1, record.version + 1))
            assert [line.history_type for line in lines] == ["+", *["~"] * (record.version - 1)]
            assert lines[-1].history_date == record.changed_at
            assert lines[-1].history_user_id == record.changed_by_id is not None


def test_every_way_of_closing(world: worlds.Built) -> None:
    closed = Occupation.objects.known().filter(ended_on__isnull=False)
    assert set(closed.values_list("closing_reason", flat=True)) == set(ClosingReason.values)
    assert closed.filter(orientations__isnull=False).exists()
    assert Resettlement.objects.known().filter(origin__occupations__in=closed).count() >= 2


def test_a_mistaken_closing_was_corrected(world: worlds.Built) -> None:
    reopened = Occupation.objects.known().get(reason__contains="par erreur")
    assert reopened.ended_on is None
    assert Occupation.objects.versions_of(reopened.lineage).count() == 3


def test_what_to_look_at(world: worlds.Built, today: dt.date) -> None:
    assert Survey.objects.known().filter(set_aside=True).exists()
    assert Survey.objects.filter(withdrawn=True, superseded_at__isnull=True).exists()
    soon = Procedure.objects.in_force().filter(evacuation_on=today + dt.timedelta(days=21)).get()
    assert not SocialDiagnosis.objects.known().filter(site=soon.site, status=DiagnosisStatus.DONE).exists()
    assert {"requested", "granted", "refused"} <= set(
        Procedure.objects.known().filter(kind=ProcedureKind.CFP).values_list("status", flat=True)
    )
    figures = {one.site_id: one for one in Survey.objects.known().contenders().in_force()}
    by_site: dict[int, list[Survey]] = {}
    for survey in Survey.objects.known():
        by_site.setdefault(survey.site_id, []).append(survey)
    alerts = [jump_words(figure, by_site[pk]) for pk, figure in figures.items()]
    assert any(text.startswith("+42 %") for text in alerts)
    assert any(disagreeing(figure, by_site[pk]) for pk, figure in figures.items())
    never = Site.objects.open_on().with_figure().filter(figure__isnull=True)
    late = Site.objects.open_on().with_figure().filter(figure__valid_on__lt=today - dt.timedelta(days=210))
    assert never.exists()
    assert late.exists()


def test_the_past_was_known_otherwise(world: worlds.Built, today: dt.date) -> None:
    """A figure corrected months later is not the one that was read at the time."""
    corrected = Survey.objects.known().exclude(reason="").filter(set_aside=False, site__merged__isnull=True)
    (old, new), *_ = [
        tuple(Survey.objects.versions_of(survey.lineage)) for survey in corrected if survey.people is not None
    ]
    assert (new.recorded_at - old.recorded_at).days > 30
    then = AsOf(valid=old.valid_on, known=timezone.localtime(old.recorded_at).date())
    now = AsOf(valid=old.valid_on)
    figures = [Site.objects.on(at).with_figure(at).get(pk=old.site_id) for at in (then, now)]
    people = [
        Site.objects.filter(pk=site.pk).on(at).with_figure(at).values_list("figure__people", flat=True).get()
        for site, at in zip(figures, (then, now), strict=True)
    ]
    assert people == [old.people, new.people]
    assert old.people != new.people


def test_duplicates_one_to_merge_and_one_merged(world: worlds.Built) -> None:
    merged = Site.objects.get(merged_into__isnull=False)
    assert not Survey.objects.known().filter(site=merged).exists()
    assert Survey.objects.filter(site=merged).exists()
    assert merged.merged_into is not None
    assert merged.merged_into.aliases.filter(name=merged.name).exists()
    points = list(Site.objects.standing().values_list("latitude", "longitude"))
    near = [distance(*a, *b) for index, a in enumerate(points) for b in points[:index]]
    assert min(near) <= 85


def test_comments_and_documents(world: worlds.Built, client: Client) -> None:
    assert 40 <= Comment.objects.count() <= 160
    assert {document.kind for document in Document.objects.all()} == {"pdf", "txt", "csv"}
    assert Document.objects.filter(sensitive=True).exists()
    for document in Document.objects.all():
        content = document.file.read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (document.size, document.sha256)
        assert (
            check_upload(SimpleUploadedFile(document.name, content), name=document.name).kind == document.kind
        )


def test_every_site_can_be_read(world: worlds.Built, client: Client) -> None:
    client.force_login(User.objects.get(email="national@demo.example"), BACKEND)
    for site in Site.objects.standing():
        page = client.get(f"/sites/{site.public_id}/")
        assert page.status_code == 200
        assert site.name.replace("'", "&#x27;") in page.content.decode()
