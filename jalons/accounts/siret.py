"""The number of an establishment: fourteen figures with a check, as printed by the State."""

import re

from django.core.exceptions import ValidationError

LENGTH = 14
# The post office has one SIREN and more establishments than Luhn allows: the sum of its figures is a multiple of 5.
POST_OFFICE = "356000000"
NOT_A_SIRET = (
    "Un SIRET a 14 chiffres, et celui-ci en a {count}. Il est écrit sur les factures et l’avis de l’Insee."
)
WRONG_SIRET = (
    "Ce n’est pas un SIRET\u00a0: un de ses chiffres est faux. Relisez-le, ou laissez le champ vide."
)


def siret_digits(text: str) -> str:
    """What was typed without its spaces, points and dashes."""
    return re.sub(r"[\s.\-\u00a0\u202f\u200b\ufeff]+", "", text)


def looks_like_siret(text: str) -> bool:
    """Only figures, about as many as in a SIRET: somebody who typed that did not type a name."""
    digits = siret_digits(text)
    return digits.isascii() and digits.isdigit() and len(digits) >= 9


def luhn(digits: str) -> bool:
    total = 0
    for place, figure in enumerate(reversed(digits)):
        value = int(figure) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def validate_siret(siret: str) -> None:
    """Raises `ValidationError`, in French."""
    if not (siret.isascii() and siret.isdigit() and len(siret) == LENGTH):
        raise ValidationError(NOT_A_SIRET.format(count=sum(c.isdigit() for c in siret)), code="siret")
    post_office = siret.startswith(POST_OFFICE) and sum(map(int, siret)) % 5 == 0
    if not (luhn(siret) or post_office) or siret == "0" * LENGTH:
        raise ValidationError(WRONG_SIRET, code="siret")
