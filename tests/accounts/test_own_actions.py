"""Rights on dispositifs: by place as for sites, and by what one's organisation does in them.

The dispositif here is the least that `Territory.holds` asks for; the real ones are tested with their app.
"""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import PermissionDenied

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import Organisation, User
from jalons.accounts.permissions import (
    MATRIX,
    NOWHERE,
    PARTS,
    Territory,
    actor_for,
    can,
    check,
    has,
    territory_of,
)
from jalons.accounts.selectors import my_rights, readers_in_words
from jalons.actions.enums import ParticipationRole
from jalons.sites.models import Site
from tests.factories import (
    ARRAS,
    CALAIS,
    LILLE,
    commune,
    make_membership,
    make_organisation,
    make_site,
    make_territories,
    make_user,
)

pytestmark = pytest.mark.django_db
PILOT, OPERATOR, PARTNER, FUNDER = ParticipationRole
OWN_REACHES = {Reach.OWN, Reach.SCOPE_OWN, Reach.DEPARTEMENT_OWN, Reach.OWN_GRANTED}


@dataclass
class Dispositif:
    """In a commune of the Pas-de-Calais, with the parts of some organisations."""

    code: str = ARRAS
    parts: dict[int, ParticipationRole] = field(default_factory=dict)

    def within(self, territory: Territory) -> bool:
        played = {part for pk, part in self.parts.items() if pk in territory.organisations}
        return territory.covers(commune(self.code)) or bool(played & territory.parts)


@pytest.fixture(autouse=True)
def _territories(db: None) -> None:
    make_territories()


@pytest.fixture
def amis() -> Organisation:
    return make_organisation(name="Les amis de Lille", territory="59")


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


# What a part gives, role by role: the person is in Lille, the dispositif in Arras.
BY_PART: list[tuple[Role, Right, set[ParticipationRole]]] = [
    (Role.OPERATOR, Right.READ_ACTIONS, {PILOT, OPERATOR, PARTNER, FUNDER}),
    (Role.CONTRIBUTOR, Right.READ_ACTIONS, {PILOT, OPERATOR, PARTNER, FUNDER}),
    (Role.OBSERVER, Right.READ_ACTIONS, set()),
    (Role.INSTITUTION, Right.DECLARE_ACTION, set()),
    (Role.INSTITUTION, Right.EDIT_ACTION, {PILOT}),
    (Role.OPERATOR, Right.EDIT_ACTION, set()),
    (Role.INSTITUTION, Right.FOLLOW_ACTION, {PILOT, OPERATOR}),
    (Role.OPERATOR, Right.FOLLOW_ACTION, {PILOT, OPERATOR}),
    (Role.CONTRIBUTOR, Right.FOLLOW_ACTION, set()),
    (Role.INSTITUTION, Right.READ_FUNDING, {PILOT, OPERATOR, FUNDER}),
    (Role.OPERATOR, Right.READ_FUNDING, set()),
    (Role.INSTITUTION, Right.WRITE_FUNDING, {PILOT, OPERATOR}),
    (Role.OPERATOR, Right.COMMENT, {PILOT, OPERATOR, PARTNER, FUNDER}),
    (Role.CONTRIBUTOR, Right.COMMENT, set()),
    (Role.INSTITUTION, Right.ATTACH, {PILOT, OPERATOR, PARTNER, FUNDER}),
    (Role.CONTRIBUTOR, Right.EXPORT, {PILOT, OPERATOR, PARTNER, FUNDER}),
    # A correspondent writes in their territory, whatever their service does elsewhere.
    (Role.CORRESPONDENT, Right.EDIT_ACTION, set()),
]


@pytest.mark.parametrize(("role", "right", "parts"), BY_PART)
def test_a_part_gives_a_right(
    amis: Organisation, role: Role, right: Right, parts: set[ParticipationRole]
) -> None:
    user = make_user(role, LILLE, organisation=amis)
    assert {
        part for part in ParticipationRole if can(user, right, Dispositif(parts={amis.pk: part}))
    } == parts


def test_the_part_of_others_gives_nothing(amis: Organisation) -> None:
    user = make_user(Role.INSTITUTION, LILLE, organisation=amis)
    theirs = Dispositif(parts={make_organisation(territory="59").pk: PILOT, amis.pk: PARTNER})
    assert not can(user, Right.EDIT_ACTION, theirs)
    with pytest.raises(PermissionDenied, match="modifier, fermer ou rouvrir un dispositif"):
        check(user, Right.EDIT_ACTION, theirs)


def test_a_territory_holds_without_any_part(amis: Organisation) -> None:
    user = make_user(Role.CORRESPONDENT, "62")
    assert can(user, Right.EDIT_ACTION, Dispositif(code=CALAIS, parts={amis.pk: PILOT}))
    assert not can(user, Right.EDIT_ACTION, Dispositif(code=LILLE, parts={amis.pk: PILOT}))


def test_a_membership_that_is_over_gives_nothing(amis: Organisation) -> None:
    user = make_user()
    make_membership(user, Role.OPERATOR, LILLE, organisation=amis, ends_on=dt.date(2020, 1, 1))
    assert territory_of(user, Right.FOLLOW_ACTION) == NOWHERE
    assert not can(user, Right.READ_ACTIONS, Dispositif(parts={amis.pk: OPERATOR}))


def test_a_membership_without_territory_still_has_its_dispositifs(amis: Organisation) -> None:
    user = make_user()
    make_membership(user, Role.OPERATOR, organisation=amis)
    user = fresh(user)
    assert can(user, Right.FOLLOW_ACTION, Dispositif(parts={amis.pk: OPERATOR}))
    assert has(user, Right.FOLLOW_ACTION)


# Personal rights ------------------------------------------------------------------------------------------


def test_granted_funding_is_that_of_ones_dispositifs(amis: Organisation) -> None:
    user = make_user(Role.OPERATOR, LILLE, organisation=amis, grants=[Right.READ_FUNDING])
    assert can(user, Right.READ_FUNDING, Dispositif(parts={amis.pk: OPERATOR}))
    assert not can(user, Right.READ_FUNDING, Dispositif(parts={amis.pk: PARTNER}))
    assert not can(user, Right.READ_FUNDING, Dispositif(code=LILLE)), "non à tout son territoire"


def test_a_grant_beside_the_role_gives_the_territory(amis: Organisation) -> None:
    user = make_user(
        Role.OPERATOR, LILLE, organisation=amis, grants=[Right.DECLARE_ACTION, Right.EDIT_ACTION]
    )
    for right in (Right.DECLARE_ACTION, Right.EDIT_ACTION):
        assert can(user, right, Dispositif(code=LILLE))
        assert not can(user, right, Dispositif(parts={amis.pk: PILOT}))


def test_a_refusal_wins_over_a_part(amis: Organisation) -> None:
    refused = [Right.FOLLOW_ACTION, Right.READ_FUNDING]
    user = make_user(Role.OPERATOR, LILLE, organisation=amis, grants=refused, refused=refused)
    ours = Dispositif(parts={amis.pk: OPERATOR})
    assert [right for right in refused if can(user, right, ours)] == []
    assert can(user, Right.READ_ACTIONS, ours)


# Nothing of the sites leaks -------------------------------------------------------------------------------


def test_own_dispositifs_say_nothing_of_sites(amis: Organisation) -> None:
    site = make_site()
    own = Territory(organisations=frozenset([amis.pk]), parts=frozenset([PILOT]))
    assert own
    assert not own.holds(site)
    assert not own.covers(site.commune)
    assert not Site.objects.filter(own.q()).exists()
    # Commenting reaches the dispositifs of the organisation, and still no site outside of the territory.
    user = make_user(Role.OPERATOR, ARRAS, organisation=amis)
    assert not can(user, Right.COMMENT, site)


def test_a_whole_departement() -> None:
    assert Territory(departements=frozenset(["59"])).covers_departement("59")
    assert not Territory(departements=frozenset(["59"])).covers_departement("62")
    assert not Territory(communes=frozenset([LILLE])).covers_departement("59")
    assert Territory(everywhere=True).covers_departement("2A")


def test_every_own_right_says_by_which_part() -> None:
    own = {right for right, reaches in MATRIX.items() if OWN_REACHES & set(reaches.values())}
    assert own == set(PARTS)


# In whose name --------------------------------------------------------------------------------------------


def test_one_writes_as_the_organisation_that_takes_part(amis: Organisation) -> None:
    ville = make_organisation(name="Ville d’Arras", territory=ARRAS)
    user = make_user(Role.INSTITUTION, ARRAS, organisation=ville)
    make_membership(user, Role.OPERATOR, LILLE, organisation=amis)
    user = fresh(user)
    assert actor_for(user, Right.COMMENT, Dispositif(parts={amis.pk: OPERATOR})).organisation == amis
    assert actor_for(user, Right.COMMENT, Dispositif()).organisation == ville
    assert actor_for(user, Right.COMMENT, commune(LILLE)).organisation == amis
    assert actor_for(user, Right.COMMENT, make_site(code=ARRAS)).organisation == ville
    with pytest.raises(PermissionDenied, match="commenter"):
        actor_for(user, Right.COMMENT, Dispositif(code=CALAIS))


def test_a_part_names_who_writes_even_over_the_whole_country(amis: Organisation) -> None:
    dihal = make_organisation(name="Dihal", territory="FR")
    user = make_user(Role.NATIONAL, "FR", organisation=dihal)
    make_membership(user, Role.OPERATOR, "FR", organisation=amis)
    assert actor_for(fresh(user), Right.COMMENT, Dispositif(parts={amis.pk: PARTNER})).organisation == amis


# In words -------------------------------------------------------------------------------------------------


def test_readers_of_the_funding_of_one_dispositif(amis: Organisation) -> None:
    ddets = make_organisation(name="DDETS du Pas-de-Calais", territory="62")
    ville = make_organisation(name="Ville d’Arras", territory=ARRAS)
    make_user(Role.NATIONAL, "FR", organisation=make_organisation(name="Dihal", territory="FR"))
    make_user(Role.CORRESPONDENT, "62", organisation=ddets)
    make_user(Role.INSTITUTION, ARRAS, organisation=ville)
    make_user(Role.OPERATOR, LILLE, organisation=amis, grants=[Right.READ_FUNDING])
    ours = Dispositif(parts={amis.pk: OPERATOR, ville.pk: PARTNER})
    assert readers_in_words(Right.READ_FUNDING, ours) == "DDETS du Pas-de-Calais, Dihal et Les amis de Lille"
    assert readers_in_words(Right.READ_FUNDING, Dispositif()) == "DDETS du Pas-de-Calais et Dihal"


def test_my_rights_say_which_dispositifs(amis: Organisation) -> None:
    user = make_user(Role.OPERATOR, LILLE, organisation=amis)
    mine = {row.right: row.where for row in my_rights(user)}
    assert mine[Right.READ_ACTIONS] == "Nord et les dispositifs où votre structure intervient"
    assert mine[Right.FOLLOW_ACTION] == "les dispositifs dont votre structure est pilote ou opérateur"
    assert (mine[Right.READ_FUNDING], mine[Right.UPDATE_SITE]) == ("", "Lille")
    make_membership(user, Role.INSTITUTION, ARRAS)
    again = {row.right: row.where for row in my_rights(fresh(user))}
    assert again[Right.EDIT_ACTION] == "les dispositifs dont votre structure est pilote"
    assert (
        again[Right.FOLLOW_ACTION] == "les dispositifs dont l’une de vos structures est pilote ou opérateur"
    )
