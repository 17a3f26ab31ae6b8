"""Writing accounts."""

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Role
from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.notifications import (
    send_password_link,
    send_sign_in_link,
    tell_password_changed,
)
from jalons.history.services import save_record
from jalons.territories.enums import ScopeLevel
from jalons.territories.services import scope_for

ADMINISTRATION = "Administration de Jalons"


def ask_password_link(*, email: str) -> None:
    """Send a link to choose a new password, if an account has this address; the caller cannot tell."""
    send_password_link.enqueue(email)


def ask_sign_in_link(*, email: str) -> None:
    """Send a link that opens one session, if an account has this address; the caller cannot tell."""
    send_sign_in_link.enqueue(email)


def password_was_chosen(*, user: User) -> None:
    """After a new password was saved: past failed tries do not count any more, and the owner is told."""
    forget_failures(username=user.email)
    tell_password_changed.enqueue(user.pk)


@transaction.atomic
def create_admin(*, email: str, name: str, password: str, organisation: str = ADMINISTRATION) -> User:
    """A national administrator, with an organisation of that name, made if there is none.

    Raises `ValidationError` with messages in French: address wrong or taken, name empty, password too weak.
    """
    email, name = email.strip().lower(), name.strip()
    if not name:
        raise ValidationError("Le nom affiché est vide.")
    validate_email(email)
    if User.objects.filter(email=email).exists():
        raise ValidationError(f"Un compte existe déjà pour {email}.")
    validate_password(password, User(email=email, name=name))
    user = User.objects.create_user(email, name, password)
    nation = scope_for(ScopeLevel.NATION)
    held = Organisation.objects.filter(name=organisation, territory=nation).first() or save_record(
        record=Organisation(
            name=organisation,
            kind=OrganisationKind.MINISTRY,
            category=OrganisationCategory.STATE,
            territory=nation,
        ),
        by=None,
    )
    membership = Membership(user=user, organisation=held, role=Role.NATIONAL_ADMIN)
    save_record(record=membership, by=None, reason="create_admin")
    membership.scopes.add(nation)
    return user
