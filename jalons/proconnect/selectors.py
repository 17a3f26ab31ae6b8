from django.conf import settings

from jalons.accounts.models import User
from jalons.proconnect.models import Identity
from jalons.proconnect.provider import Person


def account_of(person: Person) -> User | None:
    """The account that was linked to this person, open or closed."""
    identity = (
        Identity.objects.select_related("user")
        .filter(issuer=settings.PROCONNECT_ISSUER, sub=person.sub)
        .first()
    )
    return identity.user if identity else None


def account_at(email: str) -> User | None:
    """The open account of an address, to be confirmed by its password."""
    return User.objects.filter(email=email, is_active=True).first() if email else None
