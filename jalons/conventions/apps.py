from django.apps import AppConfig
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.subjects import Subject, register_subject


class ConventionsConfig(AppConfig):
    name = "jalons.conventions"
    label = "conventions"
    verbose_name = "Conventions"

    def ready(self) -> None:
        register_subject(
            Subject(
                kind="fiche",
                model=self.get_model("Commitment"),
                url=sheet_url,
                read=Right.READ_CONVENTIONS,
                comment=Right.COMMENT,
                attach=Right.ATTACH,
                related=("convention", "party"),
            )
        )


def sheet_url(commitment: object) -> str:
    return reverse(
        "conventions:sheet",
        args=[commitment.convention.slug, commitment.public_id],  # type: ignore[attr-defined]
    )
