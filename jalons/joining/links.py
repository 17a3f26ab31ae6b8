"""The link with which a person answers a question about their request: signed, so that nobody else can make it."""

from django.core import signing

from jalons.joining.models import AccessRequest

ANSWER_SALT = "joining.answer"


def answer_secret(request: AccessRequest) -> str:
    return signing.dumps(request.public_id, salt=ANSWER_SALT)


def request_of(secret: str) -> AccessRequest | None:
    """None for what we did not sign."""
    try:
        public_id = signing.loads(secret, salt=ANSWER_SALT)
    except signing.BadSignature:
        return None
    return AccessRequest.objects.filter(public_id=public_id).first()
