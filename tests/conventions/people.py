"""People of the conventions of these tests, and the pages that they are shown."""

from django.test import Client

from jalons.accounts.enums import Role
from jalons.accounts.models import User
from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import Convention, Seat
from jalons.history.services import save_record
from tests import factories


def pilot_of(convention: Convention, code: str = "59") -> User:
    """Somebody of the conseil départemental that leads the convention for this Département."""
    seat = convention.seats.get(organisation__territory__departement=code, role=ConventionRole.PILOT)
    return factories.make_user(Role.INSTITUTION, code, organisation=seat.organisation)


def seated(convention: Convention, role: ConventionRole, code: str = "59") -> User:
    """Somebody of a new structure that holds this role on the whole convention."""
    user = factories.make_user(Role.INSTITUTION, code)
    seat = Seat(convention=convention, organisation=factories.organisation_of(user), role=role)
    save_record(record=seat, by=None)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, factories.BACKEND)
    return client
