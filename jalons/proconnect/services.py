from django.db import IntegrityError, transaction

from jalons.accounts.models import User
from jalons.proconnect.models import Identity


def link_identity(*, user: User, issuer: str, sub: str) -> bool:
    """False when this person of the issuer is already somebody: the first link holds."""
    try:
        with transaction.atomic():
            Identity.objects.create(user=user, issuer=issuer, sub=sub)
    except IntegrityError:
        return False
    return True
