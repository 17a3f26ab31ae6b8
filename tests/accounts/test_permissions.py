"""Who may do what where: the matrix, how far it reaches, personal rights, dates, several memberships."""

import datetime as dt
from collections.abc import Iterable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import User
from jalons.accounts.permissions import (
    MATRIX,
    NOWHERE,
    PARTS,
    Territory,
    actor_for,
    can,
    check,
    fetch,
    fetch_again,
    fetch_subject,
    has,
    territory_of,
)
from jalons.actions.enums import ParticipationRole
from jalons.conventions.enums import ConventionRole
from jalons.layers.enums import LayerPart
from jalons.proposals.enums import ProposalPart
from jalons.sharing.enums import PracticePart
from jalons.sites.models import Site
from tests import factories
from tests.factories import (
    AIX,
    AMP,
    ARRAS,
    CALAIS,
    COMMUNES,
    DUNKERQUE,
    LILLE,
    MARSEILLE,
    MEL,
    ROUBAIX,
    SAINT_ZACHARIE,
    VILLENEUVE,
    Cast,
    make_grant,
    make_membership,
    make_user,
)  # fmt: skip
from tests.guards.draws import costly

pytestmark = pytest.mark.django_db
NORD = {LILLE, ROUBAIX, VILLENEUVE, DUNKERQUE}
BOUCHES = {MARSEILLE, AIX}
TODAY = dt.date(2026, 3, 15)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: TODAY)


@pytest.fixture(autouse=True)
def _one_site_in_each_commune(db: None) -> None:
    factories.make_territories()
    Site.objects.bulk_create(Site(name=name, commune_id=code) for code, (name, *_) in COMMUNES.items())


def fresh(user: User) -> User:
    """The same person at their next request: rights are computed once a request."""
    return User.objects.get(pk=user.pk)


def where(user: User, right: Right) -> set[str]:
    """The communes where a person holds a right."""
    territory = territory_of(fresh(user), right)
    return {
        site.commune_id for site in Site.objects.select_related("commune") if territory.covers(site.commune)
    }


# Reach × scope --------------------------------------------------------------------------------------------

EXPECTED: list[tuple[str, Reach, set[str]]] = [
    ("FR", Reach.SCOPE, set(COMMUNES)),
    ("R32", Reach.SCOPE, NORD | {ARRAS, CALAIS}),
    ("59", Reach.SCOPE, NORD),
    (MEL, Reach.SCOPE, {LILLE, ROUBAIX, VILLENEUVE}),
    (AMP, Reach.SCOPE, BOUCHES | {SAINT_ZACHARIE}),
    (LILLE, Reach.SCOPE, {LILLE}),
    ("FR", Reach.DEPARTEMENT, set(COMMUNES)),
    ("R32", Reach.DEPARTEMENT, NORD | {ARRAS, CALAIS}),
    ("59", Reach.DEPARTEMENT, NORD),
    (MEL, Reach.DEPARTEMENT, NORD),
    (AMP, Reach.DEPARTEMENT, BOUCHES | {SAINT_ZACHARIE}),
    (LILLE, Reach.DEPARTEMENT, NORD),
    (LILLE, Reach.ALL, set(COMMUNES)),
    (LILLE, Reach.DEPARTEMENT_OWN, NORD),
    (LILLE, Reach.SCOPE_OWN, {LILLE}),
    (LILLE, Reach.OWN, set()),
    (LILLE, Reach.OWN_GRANTED, set()),
    (LILLE, Reach.GRANTED, set()),
    (LILLE, Reach.NONE, set()),
]


@pytest.mark.parametrize(("code", "reach", "communes"), EXPECTED)
def test_reach(monkeypatch: pytest.MonkeyPatch, code: str, reach: Reach, communes: set[str]) -> None:
    monkeypatch.setitem(MATRIX, Right.COMMENT, {Role.OPERATOR: reach})
    assert where(make_user(Role.OPERATOR, code), Right.COMMENT) == communes


def test_several_scopes_add_up() -> None:
    assert where(make_user(Role.CONTRIBUTOR, LILLE, "62"), Right.COMMENT) == {LILLE, ARRAS, CALAIS}


# What each role may do, said once more: a change of the matrix must be meant.
POLICY = """
                 national correspondent institution     operator        contributor observer local_admin national_admin
read_sites       all      all           departement     departement     scope       scope    -           -
declare_site     -        scope         scope           granted         -           -        -           -
update_site      -        scope         scope           scope           -           -        -           -
close_site       -        scope         granted         granted         -           -        -           -
merge_sites      -        scope         -               -               -           -        -           -
read_justice     all      scope         granted         granted         granted     -        -           -
write_justice    -        scope         granted         granted         granted     -        -           -
read_owner       all      scope         granted         granted         granted     -        -           -
write_owner      -        scope         granted         granted         granted     -        -           -
set_priorities   -        scope         -               -               -           -        scope       all
read_layers      own      own           own             own             own         own      -           -
keep_layers      own      own           own             own             own_granted -        -           -
read_actions     all      all           departement_own departement_own scope_own   scope    -           -
declare_action   -        scope         -               -               -           -        -           -
edit_action      -        scope         own             -               -           -        -           -
follow_action    -        scope         own             own             -           -        -           -
offer_action     -        scope         own             own             -           -        -           -
keep_register    -        -             -               own             own_granted -        -           -
read_proposals   all      scope_own     own             own             own         -        -           -
propose_action   all      scope         departement     departement     scope       -        -           -
answer_proposal  -        own           own             own             -           -        -           -
read_shared      all      all           all             all             all         all      all         all
comment_practice all      all           all             all             all         -        -           -
write_practice   all      own           own             own             -           -        -           -
publish_practice all      -             -               -               -           -        -           -
read_funding     all      scope         own             own_granted     -           -        -           -
write_funding    -        scope         own             own_granted     -           -        -           -
read_conventions all     scope_own   own             own             own         own      -           -
write_convention -       own         own             -               -           -        -           -
fill_commitment  -       own         own             -               -           -        -           -
fill_figures     -       own         own             own             own         -        -           -
write_convention_money - own         own             -               -           -        -           -
write_deliberation -     own         own             -               -           -        -           -
validate_convention -    scope_own   own             -               -           -        -           -
comment          all      scope         scope_own       scope_own       scope       -        -           -
attach           -        scope         scope_own       scope_own       -           -        -           -
export           all      all           departement_own departement_own scope_own   -        -           -
close_periods    all      scope         -               -               -           -        -           -
publish_figures  all      -             -               -               -           -        -           all
manage_accounts  -        -             -               -               -           -        scope       all
"""


def test_the_matrix_is_the_policy() -> None:
    head, *lines = [line.split() for line in POLICY.strip().splitlines()]
    said = {line[0]: dict(zip(head, line[1:], strict=True)) for line in lines}
    held = {
        right.value: {
            role.value: MATRIX[right].get(role, Reach.NONE).value.replace("none", "-") for role in Role
        }
        for right in Right
    }
    assert held == said


# Which parts carry a right « where one takes part », said once more too.
POLICY_OF_PARTS = """
write_convention       pilot
fill_commitment        pilot fiche_referent
fill_figures           pilot fiche_referent territory_contributor convention_operator
write_convention_money pilot finance
write_deliberation     pilot assembly_office
validate_convention    state_partner
read_layers            owner
keep_layers            owner
read_actions           pilot operator funder partner
edit_action            pilot
follow_action          pilot operator
offer_action           pilot operator
keep_register          owner
read_proposals         proposer recipient
answer_proposal        recipient
write_practice         owner
read_funding           pilot operator funder
write_funding          pilot operator
"""


def test_the_parts_are_the_policy() -> None:
    lines = [line.split() for line in POLICY_OF_PARTS.strip().splitlines()]
    policy = {right: set(parts) for right, *parts in lines}
    anywhere = {
        right.value
        for right, parts in PARTS.items()
        if parts == {*ParticipationRole, *ConventionRole, *ProposalPart, *PracticePart, *LayerPart}
    }
    assert anywhere == {"comment", "attach", "export"}
    held = {right.value: {part.value for part in parts} for right, parts in PARTS.items()}
    assert held.pop("read_conventions") == {role.value for role in ConventionRole}
    assert {right: parts for right, parts in held.items() if right not in anywhere} == policy


# What a reach is worth on sites, to somebody whose territory is Lille: own dispositifs open no place.
IN_LILLE: dict[Reach, set[str]] = {
    Reach.ALL: set(COMMUNES),
    Reach.DEPARTEMENT: NORD,
    Reach.DEPARTEMENT_OWN: NORD,
    Reach.SCOPE: {LILLE},
    Reach.SCOPE_OWN: {LILLE},
}


def test_a_role_does_only_what_the_matrix_says() -> None:
    for role in Role:
        user = make_user(role, LILLE)
        for right in Right:
            reach = MATRIX[right].get(role, Reach.NONE)
            assert where(user, right) == IN_LILLE.get(reach, set()), (role, right)


# Personal rights ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "right", "communes"),
    [
        (Role.OPERATOR, Right.READ_JUSTICE, {LILLE}),  # si accordé
        (Role.OBSERVER, Right.MANAGE_ACCOUNTS, {LILLE}),  # non
        (Role.OPERATOR, Right.READ_SITES, NORD),  # a grant never narrows
        (Role.NATIONAL, Right.READ_OWNER, set(COMMUNES)),
        (Role.OPERATOR, Right.EDIT_ACTION, {LILLE}),
        (Role.OBSERVER, Right.FOLLOW_ACTION, {LILLE}),
        (Role.CONTRIBUTOR, Right.READ_FUNDING, {LILLE}),
        (
            Role.OPERATOR,
            Right.READ_FUNDING,
            set(),
        ),  # raised to the dispositifs of the organisation, to no place
    ],
)
def test_a_personal_right_gives(role: Role, right: Right, communes: set[str]) -> None:
    assert where(make_user(role, LILLE, grants=[right]), right) == communes


@pytest.mark.parametrize("right", [Right.READ_SITES, Right.UPDATE_SITE, Right.READ_JUSTICE])
def test_a_refusal_wins(right: Right) -> None:
    user = make_user(Role.CORRESPONDENT, "59", grants=[right], refused=[right])
    assert where(user, right) == set()
    assert where(user, Right.COMMENT) == NORD


def test_a_refusal_stays_in_its_membership() -> None:
    user = make_user(Role.OPERATOR, LILLE, refused=[Right.UPDATE_SITE])
    make_membership(user, Role.OPERATOR, ARRAS)
    assert where(user, Right.UPDATE_SITE) == {ARRAS}


# Dates ----------------------------------------------------------------------------------------------------

PERIODS: list[tuple[dt.date, dt.date | None, bool]] = [
    (TODAY, None, True),
    (TODAY, TODAY, True),
    (TODAY - DAY, TODAY, True),
    (TODAY - DAY, TODAY - DAY, False),
    (TODAY + DAY, None, False),
    (TODAY - DAY, TODAY + DAY, True),
]


@pytest.mark.parametrize(("starts_on", "ends_on", "holds"), PERIODS)
def test_dates_of_a_membership(starts_on: dt.date, ends_on: dt.date | None, holds: bool) -> None:
    user = make_user()
    make_membership(user, Role.OPERATOR, LILLE, starts_on=starts_on, ends_on=ends_on)
    assert has(fresh(user), Right.UPDATE_SITE) is holds


@pytest.mark.parametrize(("starts_on", "ends_on", "holds"), PERIODS)
@pytest.mark.parametrize("allowed", [True, False])
def test_dates_of_a_personal_right(
    starts_on: dt.date, ends_on: dt.date | None, holds: bool, allowed: bool
) -> None:
    right = Right.READ_JUSTICE if allowed else Right.UPDATE_SITE
    user = make_user(Role.OPERATOR, LILLE)
    make_grant(user.memberships.get(), right, allowed=allowed, starts_on=starts_on, ends_on=ends_on)
    assert has(fresh(user), right) is (holds if allowed else not holds)


# Several memberships, nobody ------------------------------------------------------------------------------


def test_memberships_add_up_and_name_who_writes(cast: Cast) -> None:
    user = cast.operator_a
    make_membership(user, Role.CORRESPONDENT, "62")
    site, other = factories.make_site(), factories.make_site(code=ARRAS)
    user = fresh(user)
    assert can(user, Right.UPDATE_SITE, site)
    assert can(user, Right.UPDATE_SITE, other)
    assert actor_for(user, Right.UPDATE_SITE, site.commune).organisation.name == "Les amis de Lille"
    assert actor_for(user, Right.UPDATE_SITE, other.commune).organisation.name.startswith("Structure")
    with pytest.raises(PermissionDenied, match="fermer ou rouvrir un site"):
        actor_for(user, Right.CLOSE_SITE, site.commune)


@pytest.mark.parametrize("right", Right)
def test_nobody_may_nothing(cast: Cast, right: Right) -> None:
    assert territory_of(cast.nobody, right) == NOWHERE


def test_seen_found_and_forbidden(cast: Cast) -> None:
    site = factories.make_site()
    sites = Site.objects.all()
    assert fetch(cast.operator_a, sites, Right.UPDATE_SITE, pk=site.pk) == site
    with pytest.raises(PermissionDenied, match="mettre à jour un site"):
        fetch(cast.operator_b, sites, Right.UPDATE_SITE, pk=site.pk)
    with pytest.raises(Http404):
        fetch(cast.operator13, sites, Right.UPDATE_SITE, pk=site.pk)
    with pytest.raises(PermissionDenied):
        check(cast.observer, Right.COMMENT, site)


def test_a_site_merged_into_another_is_read_and_not_written_on(cast: Cast) -> None:
    site, kept = factories.make_site(), factories.make_site()
    rights = (Right.READ_SITES, Right.COMMENT, Right.ATTACH)
    for right in rights:
        assert fetch_subject(cast.correspondent59, "site", site.public_id, right) == site
        assert fetch_again(cast.correspondent59, site, right) == site
    Site.objects.filter(pk=site.pk).update(merged_into=kept)
    assert fetch_subject(cast.correspondent59, "site", site.public_id, Right.READ_SITES) == site
    for right in rights[1:]:
        with pytest.raises(Http404):
            fetch_subject(cast.correspondent59, "site", site.public_id, right)
    with pytest.raises(PermissionDenied):
        fetch_subject(cast.observer, "site", kept.public_id, Right.COMMENT)
    with pytest.raises(Http404):
        fetch_subject(cast.operator13, "site", kept.public_id, Right.READ_SITES)


# Cost -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("memberships", [1, 4])
@pytest.mark.parametrize(("also", "queries"), [("62", 1), (LILLE, 1), ("R32", 2), (MEL, 2)])
def test_rights_cost_the_same_whatever_one_holds(
    memberships: int, also: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user()
    for code in ["59", ROUBAIX, ARRAS, MARSEILLE][:memberships]:
        make_membership(user, Role.OPERATOR, code, also, grants=[Right.READ_JUSTICE, Right.READ_OWNER])
    user = fresh(user)
    with django_assert_num_queries(queries):
        for _ in range(3):
            for right in Right:
                has(user, right)


# The question and the filter ------------------------------------------------------------------------------


def some(codes: Iterable[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(codes)), max_size=3)


territories = st.builds(
    Territory,
    st.sampled_from([False, False, False, True]),
    some(factories.DEPARTEMENTS),
    some(factories.EPCIS),
    some(COMMUNES),
    st.frozensets(st.integers(1, 3), max_size=2),
    st.just(frozenset([ParticipationRole.PILOT])),
)


@costly
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(territories, territories)
def test_the_filter_finds_what_the_question_answers(one: Territory, other: Territory) -> None:
    sites = [*Site.objects.select_related("commune").order_by("pk")]
    for territory in (one, other, one | other):
        covered = [site for site in sites if territory.covers(site.commune)]
        assert [*Site.objects.filter(territory.q()).order_by("pk")] == covered
        assert not covered or territory, "un territoire vide couvre quelque chose"
        assert covered == [site for site in sites if territory.holds(site)]
    both = {site.pk for site in sites if one.covers(site.commune) or other.covers(site.commune)}
    assert both == {site.pk for site in sites if (one | other).covers(site.commune)}


def test_the_list_shows_what_one_may_read(cast: Cast) -> None:
    for user in vars(cast).values():
        shown = set(Site.objects.visible_to(fresh(user)).values_list("commune_id", flat=True))
        assert shown == where(user, Right.READ_SITES), user
