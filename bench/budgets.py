"""How quick, light and sober each screen must be on 10,000 sites × 30 surveys and 2,000 dispositifs × 24 follow-ups
× 40 series, 125 conventions × 10 years × 20 sheets × 15 indicators × 4 columns, 5,000 accounts; smaller bases must do
as well.

Times are medians in milliseconds, on a machine of today with two cores; sizes are compressed kilobytes; memory is the
peak of what the whole process holds of its own, in megabytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.results import Result


@dataclass(frozen=True, slots=True)
class Budget:
    """None: nothing is asked. `ratio`: at most so many times the screen named `to`, same account."""

    ms: float | None = None
    queries: int | None = 15
    kilobytes: float | None = None
    megabytes: float | None = None
    to: str = ""
    ratio: float = 0.0


LIST, DISPOSITIFS = "Liste", "Dispositifs"
BUDGETS: dict[str, Budget] = {
    "Accueil": Budget(ms=100, queries=17),
    "Tendance de l’accueil": Budget(ms=100, queries=15),
    "Suite de l’accueil": Budget(ms=150, queries=30),
    "Ce que l’on attend": Budget(ms=150, queries=30),
    "Ce qui a changé": Budget(ms=60, queries=14),
    "Sites prioritaires de l’accueil": Budget(ms=150, queries=30),
    "Activité": Budget(ms=60, queries=12),
    "Activité d’un territoire": Budget(ms=60, queries=10),
    "Priorités de la nation": Budget(ms=400, queries=24),
    "Priorités d’un département": Budget(ms=150, queries=24),
    "Recherche partout": Budget(ms=100, queries=18),
    LIST: Budget(ms=60, queries=32),  # what is urgent on the page is a dozen of them
    "Liste, recherche et filtres": Budget(ms=60),
    "Liste il y a un an": Budget(ms=60, to=LIST, ratio=1.5),
    "Liste connue il y a un an": Budget(ms=120),
    "Tableau de bord national": Budget(ms=400, queries=22),
    "Tableau de bord national il y a un an": Budget(ms=600, queries=24),
    "Tableau de bord d’un département": Budget(ms=150, queries=22),
    "Courbes d’un département": Budget(ms=150, queries=30),
    "Territoires comparés": Budget(ms=300, queries=24),
    "Rapports": Budget(ms=60, queries=15),
    "Demander un rapport": Budget(ms=150, queries=20),
    "Préparer le semestre": Budget(ms=400, queries=40),
    "Chiffres ouverts": Budget(ms=50, queries=15),
    "Situations semblables": Budget(ms=250, queries=30),
    "Sites de la carte": Budget(ms=150, kilobytes=400),
    "Fiche": Budget(ms=50),
    "Annuaire": Budget(ms=100, queries=20),
    "Annuaire, filtres": Budget(ms=100, queries=20),
    "Annuaire, recherche": Budget(ms=100, queries=20),
    "Dispositifs de toute la France": Budget(ms=100, queries=20),
    "Bonnes pratiques": Budget(ms=100, queries=20),
    "Dispositifs proposés": Budget(ms=100, queries=20),
    "Annuaire des structures": Budget(ms=100, queries=20),
    "Demandes d’accès": Budget(ms=100, queries=20),
    "Qui peut lire ceci ?": Budget(ms=150, queries=40),
    "Qui peut lire ce dispositif ?": Budget(ms=150, queries=40),
    "Communes proposées": Budget(ms=30),
    "Déclaration": Budget(ms=150, queries=None),
    DISPOSITIFS: Budget(ms=80, queries=30),
    "Dispositifs, recherche et filtres": Budget(ms=80, queries=30),
    "Dispositifs il y a un an": Budget(ms=80, to=DISPOSITIFS, ratio=1.5),
    "Panneau du territoire": Budget(ms=100),
    "Dispositif": Budget(ms=120, queries=25),
    "Suivi d’un dispositif": Budget(ms=120, queries=25),
    "Point de suivi à remplir": Budget(ms=120, queries=30),
    "Enregistrer un point de suivi": Budget(ms=150, queries=None),
    "Accueil d’un opérateur": Budget(ms=100),
    # 5,000 families × 40 facts, each under a key of its own.
    "Ouvrir le registre": Budget(ms=400, queries=None),
    "Familles du registre": Budget(ms=300, queries=15),
    "Famille du registre": Budget(ms=120, queries=15),
    "Chiffres de l’équipe": Budget(ms=600, queries=15),
    "Point de suivi d’après le registre": Budget(ms=420, queries=40),
    "Export d’une année de dispositifs": Budget(ms=6000, queries=None, megabytes=200),
    "Conventions": Budget(ms=120, queries=30),
    "Convention": Budget(ms=120, queries=40),
    "Fiche-action": Budget(ms=120, queries=40),
    "Rapprochement": Budget(ms=200, queries=40),
    "Alertes": Budget(ms=120, queries=40),
    "Comparaison des années": Budget(ms=400, queries=40),
    "Fiches-actions en docx": Budget(ms=5000, queries=None, megabytes=200),
    "Tous les contrôles d’une convention": Budget(ms=400, queries=40),
    "Import d’une convention": Budget(ms=5000, queries=None),
    "Observatoire d’un département": Budget(ms=8000, queries=None),
    "Bilan semestriel de la France": Budget(ms=60_000, queries=None, megabytes=500),
    "Pack COPIL d’un département": Budget(ms=10_000, queries=None),
    "Chiffres ouverts de quatorze semestres": Budget(ms=300_000, queries=None),
    "Export xlsx": Budget(ms=4000, queries=None, megabytes=200),
    "Export xlsx, 67 colonnes": Budget(ms=8000, queries=None, megabytes=200),
    "Export ods": Budget(ms=8000, queries=None, megabytes=200),
    "Export csv": Budget(ms=4000, queries=None, megabytes=200),
}


def overruns(result: Result, others: list[Result]) -> Iterator[str]:
    """What goes over the budget of a screen, in words; nothing for a screen that could not be measured."""
    budget = BUDGETS.get(result.screen)
    if budget is None or result.problem:
        return
    measured = (
        (result.median, budget.ms, "ms"),
        (result.queries, budget.queries, "requêtes"),
        (result.compressed / 1000, budget.kilobytes, "Ko compressés"),
        (result.memory, budget.megabytes, "Mo de mémoire"),
    )
    for value, limit, unit in measured:
        if limit is not None and value is not None and value > limit:
            yield f"{value:.0f} {unit} > {limit:.0f}"
    if budget.ratio:
        yield from slower_than(result, budget, others)


def slower_than(result: Result, budget: Budget, others: list[Result]) -> Iterator[str]:
    for other in others:
        same = (other.screen, other.user) == (budget.to, result.user)
        if same and not other.problem and result.median > budget.ratio * other.median:
            yield f"{result.median / other.median:.1f} × « {budget.to} » > {budget.ratio:.1f}"
