"""The columns of the yearly export of actions of the national platform, and what of Jalons stands in each.

Written once: our export « comme sur la plateforme nationale » writes these columns, and an import of the same shape
reads them by `label`. A column is fed by an `indicator` of the socle (its code: the figure of the year, see
`selectors.year`), by the `amount` of some types of `funding`, or by what describes the dispositif (its `key`).
`aside`: what Jalons counts otherwise, or why the column stays blank; a reader is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from jalons.actions.enums import FundingType


class NationalSection(StrEnum):
    """The heads over the columns, as the platform writes them."""

    ACTION = "ACTION"
    OPERATORS = "OPÉRATEURS"
    GENERAL = "INDICATEURS GÉNÉRAUX"
    HEALTH = "SANTÉ"
    WORK = "EMPLOI"
    HOUSING = "HÉBERGEMENT/LOGEMENT"
    SCHOOL = "SCOLARISATION"
    FUNDING = "FINANCEMENT"
    COMMENTS = "COMMENTAIRES"
    UPDATES = "MISE À JOUR"


@dataclass(frozen=True, slots=True)
class NationalColumn:
    """`label`: word for word. `whole`: true of the dispositif, not of one operator: written once."""

    key: str
    label: str
    section: NationalSection
    indicator: str = ""
    funding: tuple[FundingType, ...] = ()
    amount: str = ""
    whole: bool = False
    aside: str = ""

    @property
    def is_figure(self) -> bool:
        """A number told by operators, whether Jalons has it or not."""
        return self.section in FIGURES

    @property
    def has_no_equivalent(self) -> bool:
        return self.is_figure and not self.indicator


FIGURES = (
    NationalSection.GENERAL,
    NationalSection.HEALTH,
    NationalSection.WORK,
    NationalSection.HOUSING,
    NationalSection.SCHOOL,
)
STOCK = "Jalons écrit l’effectif à la fin de l’année, et non toutes les personnes suivies dans l’année."
LASTING = (
    "solution longue durée en hébergement ou logement adapté avec accompagnement, dont espace temporaire "
    "d'accompagnement"
)
ENTERED = "Jalons compte les entrées en hébergement de l’année, quelle que soit leur durée."
SIGNED = "Jalons compte les contrats signés, pas les personnes\u00a0: une personne peut en signer plusieurs."


def described() -> Iterator[NationalColumn]:
    names = {
        "departement": "Département",
        "code_region": "Code région",
        "region": "Région",
        "id": "ID action",
        "operateur_principal": "Opérateur principal",
        "nom": "Nom du projet",
        "debut": "Date de lancement/début",
        "fin": "Date de fin (prévue)",
        "lieu": "Lieu",
        "champs": "Champs d'intervention",
        "objectifs": "Objectifs de l'action",
    }
    for key, label in names.items():
        yield NationalColumn(key, label, NationalSection.ACTION)
    yield NationalColumn("operateurs", "Opérateurs", NationalSection.OPERATORS)


FIGURE_COLUMNS = (
    NationalColumn(
        "personnes",
        "Nombre total de personnes concernées par l'action",
        NationalSection.GENERAL,
        "personnes",
        aside=STOCK,
    ),
    NationalColumn("menages", "Nombre de ménages", NationalSection.GENERAL, "menages", aside=STOCK),
    NationalColumn("femmes", "Nombre de femmes", NationalSection.GENERAL, "femmes", aside=STOCK),
    NationalColumn("mineurs", "Nombre de mineurs", NationalSection.GENERAL, "mineurs", aside=STOCK),
    NationalColumn(
        "sante",
        "Nombre de personnes ayant eu un accompagnement vers la santé",
        NationalSection.HEALTH,
        aside="Jalons compte les orientations et les accompagnements vers un soin, pas les personnes accompagnées.",
    ),
    NationalColumn(
        "emploi",
        "Nombre de personnes ayant eu au moins un contrat de travail dans l'année",
        NationalSection.WORK,
        aside=SIGNED,
    ),
    NationalColumn(
        "emploi_femmes",
        "Nombre de femmes ayant eu au moins un contrat de travail dans l'année",
        NationalSection.WORK,
        aside=SIGNED,
    ),
    NationalColumn(
        "hebergement_personnes",
        f"Nombre de personnes ayant eu accès à une {LASTING}",
        NationalSection.HOUSING,
        "hebergement-personnes",
        aside=ENTERED,
    ),
    NationalColumn(
        "hebergement_menages",
        f"Nombre de ménages ayant eu accès à une {LASTING}",
        NationalSection.HOUSING,
        "hebergement-menages",
        aside=ENTERED,
    ),
    NationalColumn(
        "logement_personnes",
        "Nombre de personnes ayant eu accès à un logement",
        NationalSection.HOUSING,
        "logement-personnes",
    ),
    NationalColumn(
        "logement_menages",
        "Nombre de ménages ayant eu accès à un logement",
        NationalSection.HOUSING,
        "logement-menages",
    ),
    NationalColumn(
        "scolarisables",
        "Nombre de mineurs en âge d'être scolarisés ou de suivre une formation",
        NationalSection.SCHOOL,
        "scolarisables",
        aside="Jalons compte les enfants de 3 à 16 ans, à la fin de l’année.",
    ),
    NationalColumn(
        "mediation",
        "Nombre de mineurs bénéficiant d'une action de médiation (3 - 18 ans)",
        NationalSection.SCHOOL,
        "mediation-scolaire",
        aside="Jalons compte les enfants suivis à la fin de l’année, sans limite d’âge.",
    ),
    NationalColumn(
        "maternelle", "Nombre de mineurs scolarisés en maternelle", NationalSection.SCHOOL, "maternelle"
    ),
    NationalColumn(
        "elementaire", "Nombre de mineurs scolarisés en élémentaire", NationalSection.SCHOOL, "elementaire"
    ),
    NationalColumn("college", "Nombre de mineurs scolarisés au collège", NationalSection.SCHOOL, "college"),
    NationalColumn(
        "lycee",
        "Nombre de mineurs scolarisés au lycée ou en formation professionnelle",
        NationalSection.SCHOOL,
        "lycee",
        aside="Jalons compte les jeunes au lycée\u00a0; les entrées en formation y sont un autre chiffre.",
    ),
    NationalColumn("autre", "Nombre de mineurs scolarisés: autre", NationalSection.SCHOOL, "autre-scolarite"),
)


def funded() -> Iterator[NationalColumn]:
    kinds: dict[str, tuple[str, str, tuple[FundingType, ...]]] = {
        "etat": (
            "Financement étatique hors crédits dédiés",
            "Dépense sur financement étatique hors crédits dédiés",
            (FundingType.STATE,),
        ),
        "dedies": (
            "Crédits dédiés à la résorption des bidonvilles",
            "Dépense sur crédits dédiés à la résorption des bidonvilles",
            (FundingType.DEDICATED,),
        ),
        "collectivites": (
            "Cofinancement collectivité territoriale",
            "Dépense sur cofinancement collectivité territoriale",
            (FundingType.DEPARTEMENT, FundingType.LOCAL),
        ),
        "europe": ("Financement européen", "Dépense sur financement européen", (FundingType.EUROPEAN,)),
        "prive": ("Financement privé", "Dépense sur financement privé", (FundingType.PRIVATE,)),
        "autres": ("Autre financement", "Dépense sur autre financement", (FundingType.OTHER,)),
    }
    for key, (planned, executed, types) in kinds.items():
        for amount, label in (("planned", planned), ("executed", executed)):
            yield NationalColumn(
                f"{key}_{amount}", label, NationalSection.FUNDING, funding=types, amount=amount, whole=True
            )


NATIONAL_COLUMNS = (
    *described(),
    *FIGURE_COLUMNS,
    *funded(),
    NationalColumn("commentaires", "Commentaires", NationalSection.COMMENTS, whole=True),
    NationalColumn("dernier_commentaire", "Dernier commentaire", NationalSection.COMMENTS, whole=True),
    NationalColumn("date_commentaire", "Date du dernier commentaire", NationalSection.COMMENTS, whole=True),
    NationalColumn("action_mise_a_jour", "Action mise à jour le", NationalSection.UPDATES),
    NationalColumn("indicateurs_mis_a_jour", "Indicateurs mis à jour le", NationalSection.UPDATES),
)
