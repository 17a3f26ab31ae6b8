"""What each kind of fact asks, in the words of the screen; one form reads this (`forms.FamilyFactForm`)."""

from typing import NamedTuple

from jalons.households.families.enums import (
    Attendance,
    EmploymentService,
    ExitReason,
    FactKind,
    FirstContact,
    GoalState,
    HealthCover,
    HomeKind,
    HousingRequestKind,
    InformationLanguage,
    InformationWay,
    RightState,
    SchoolLevel,
    VisitKind,
    WorkKind,
)
from jalons.households.families.spans import MOVED_IN, MOVED_OUT

Choices = list[tuple[str, str]]

# Written by households that part, asked by no form.
MOVES: Choices = [
    (MOVED_IN, "Venue d’un autre ménage"),
    (MOVED_OUT, "Partie dans un autre ménage"),
    (f"{MOVED_IN} {MOVED_OUT}", "Venue d’un autre ménage, puis partie dans un autre"),
]


class FactSheet(NamedTuple):
    """Labels of what is asked; an empty one is not asked. `whose`: « person », « household » or « any ». `typed`: its
    value is written, not chosen.
    """

    title: str
    since: str
    until: str = ""
    value: str = ""
    choices: Choices = []
    detail: str = ""
    details: Choices = []
    reviewed: str = ""
    text: str = ""
    whose: str = "any"
    long: bool = False
    typed: bool = False


FACT_SHEETS: dict[str, FactSheet] = {
    FactKind.ARRIVAL: FactSheet(
        "Arrivée sur le territoire", "Mois d’arrivée (le premier jour suffit)", whose="household"
    ),
    FactKind.FIRST_CONTACT: FactSheet(
        "Premier contact", "Date", value="Qui a fait le premier pas", choices=FirstContact.choices, whose="household"
    ),
    FactKind.SITE: FactSheet("Lieu de vie", "Depuis le", "Jusqu’au", "Site", whose="household"),
    FactKind.DISPOSITIF: FactSheet(
        "Accompagnement", "Entrée le", "Sortie le", "Dispositif", [], "Motif de la sortie", ExitReason.choices,
        whose="household",
    ),
    FactKind.PRESENCE: FactSheet(
        "Présence dans le ménage", "Présente depuis le", "Partie le", "", MOVES, "Motif du départ", ExitReason.choices,
        whose="person",
    ),
    FactKind.CONTRACT: FactSheet(
        "Contrat d’accompagnement", "Signé le", "Jusqu’au", text="Précisions", whose="household"
    ),
    FactKind.GOAL: FactSheet(
        "Objectif décidé avec la famille", "Décidé le", "Fini le", "Où en est-il", GoalState.choices,
        reviewed="À revoir le", text="L’objectif, en une phrase",
    ),
    FactKind.APPOINTMENT: FactSheet("Prochain rendez-vous", "Le", text="Pour quoi", whose="household"),
    FactKind.VISIT: FactSheet(
        "Visite ou note", "Le", value="Comment", choices=VisitKind.choices, text="Ce qui s’est dit", long=True,
        whose="household",
    ),
    FactKind.SCHOOL: FactSheet(
        "Scolarité", "Depuis le", "Jusqu’au", "Niveau", SchoolLevel.choices, "Va-t-elle ou va-t-il en classe ?",
        Attendance.choices, text="Établissement, précisions", whose="person",
    ),
    FactKind.SCHOOL_SUPPORT: FactSheet("Médiation scolaire", "Depuis le", "Jusqu’au", whose="person"),
    FactKind.EMPLOYMENT_SERVICE: FactSheet(
        "Inscription à un service de l’emploi", "Le", value="Service", choices=EmploymentService.choices, whose="person"
    ),
    FactKind.TRAINING: FactSheet("Formation", "Entrée le", "Jusqu’au", text="Précisions", whose="person"),
    FactKind.WORK: FactSheet(
        "Travail", "Depuis le", "Jusqu’au", "Contrat", WorkKind.choices, text="Précisions", whose="person"
    ),
    FactKind.HEALTH_COVER: FactSheet(
        "Couverture maladie", "Depuis le", "Jusqu’au", "Couverture", HealthCover.choices, "Où en est-elle",
        RightState.choices,
    ),
    FactKind.HEALTH_REFERRAL: FactSheet("Orientation vers un soin", "Le"),
    FactKind.HEALTH_OUTING: FactSheet("Accompagnement physique vers un soin", "Le"),
    FactKind.DOMICILIATION: FactSheet("Domiciliation", "Depuis le", "Jusqu’au", text="Où"),
    FactKind.CAF: FactSheet("Droits à la CAF", "Ouverts depuis le", "Jusqu’au", whose="household"),
    FactKind.HOUSING_REQUEST: FactSheet(
        "Demande de logement ou d’hébergement", "Le", value="Demande", choices=HousingRequestKind.choices,
        whose="household", text="Précisions",
    ),
    FactKind.HOME: FactSheet(
        "Entrée en logement ou en hébergement", "Entrée le", "Jusqu’au", "Où", HomeKind.choices, text="Précisions"
    ),
    FactKind.INFORMATION: FactSheet(
        "Information donnée à la famille", "Donnée le", "", "En quelle langue", InformationLanguage.choices, "Comment",
        InformationWay.choices, whose="household",
    ),
    FactKind.OBJECTION: FactSheet("Opposition de la famille", "Dite le", text="À quoi", whose="household"),
    FactKind.HANDING: FactSheet(
        "Accord pour être confiée", "Donné le", "", "En quelle langue", InformationLanguage.choices, "Informée comment",
        InformationWay.choices, text="À qui", whose="household",
    ),
    FactKind.FILE_REFERENCE: FactSheet(
        "Référence dans vos fichiers", "Depuis le", value="Numéro ou code de la famille", whose="household", typed=True
    ),
}  # fmt: skip
# The sections of the sheet, in order: what stands under each title.
SECTIONS: list[tuple[str, list[str]]] = [
    ("Accompagnement", [FactKind.DISPOSITIF, FactKind.CONTRACT, FactKind.APPOINTMENT]),
    ("Objectifs", [FactKind.GOAL]),
    ("École", [FactKind.SCHOOL, FactKind.SCHOOL_SUPPORT]),
    ("Travail et formation", [FactKind.WORK, FactKind.TRAINING, FactKind.EMPLOYMENT_SERVICE]),
    ("Droits et santé", [FactKind.DOMICILIATION, FactKind.HEALTH_COVER, FactKind.CAF, FactKind.HEALTH_REFERRAL,
                         FactKind.HEALTH_OUTING]),
    ("Logement", [FactKind.HOUSING_REQUEST, FactKind.HOME]),
    ("Information", [FactKind.INFORMATION, FactKind.OBJECTION, FactKind.HANDING]),
    ("Parcours", [FactKind.SITE, FactKind.ARRIVAL, FactKind.FIRST_CONTACT, FactKind.PRESENCE,
                  FactKind.FILE_REFERENCE]),
]  # fmt: skip
LABELS: dict[str, dict[str, str]] = {
    kind: {**dict(sheet.choices), **dict(sheet.details)} for kind, sheet in FACT_SHEETS.items()
}
