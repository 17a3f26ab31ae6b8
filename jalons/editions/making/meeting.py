"""What a committee is shown: one message a slide, the same for the COTECH of a month and the COPIL of a year."""

from collections.abc import Iterator, Mapping, Sequence

from jalons.accounts.enums import Right
from jalons.core.values import format_date, format_long_date
from jalons.editions.blocks import (
    KeyFigures,
    ReportBlock,
    ReportChart,
    ReportFigure,
    ReportPicture,
    ReportTable,
    SlideMessage,
)
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.making.messages import Noun, bars_of, counted, sentence_of, within
from jalons.editions.making.places import drawn_sites, site_lines
from jalons.editions.registry import ReportSection
from jalons.exports.document import Grid, Head, Note, Paragraph
from jalons.reports.selectors.barometer import barometer
from jalons.reports.selectors.blocks import reading_limits
from jalons.reports.selectors.trends import trend_charts

SITES = ("site ouvert", "sites ouverts", "aucun site ouvert")
RUNNING = ("dispositif en cours", "dispositifs en cours", "aucun dispositif en cours")
HOUSED = ("personne sortie en logement", "personnes sorties en logement", "aucune sortie en logement")
SIGNED = ("contrat de travail signé", "contrats de travail signés", "aucun contrat de travail signé")
AIMED = (
    "site a un objectif de résorption",
    "sites ont un objectif de résorption",
    "aucun objectif de résorption",
)
# Key → its name under a bar, and how a sentence begins.
CONDITIONS = {
    "conditions-water": ("Eau", "L’eau est à améliorer"),
    "conditions-sanitation": ("Toilettes et hygiène", "Les toilettes et l’hygiène sont à améliorer"),
    "conditions-electricity": ("Électricité", "L’électricité est à améliorer"),
    "conditions-waste": ("Déchets", "Le ramassage des déchets est à améliorer"),
    "conditions-pests": ("Nuisibles", "La lutte contre les nuisibles est à améliorer"),
    "conditions-fire": ("Risque d’incendie", "Le risque d’incendie est à réduire"),
}
MOVES = {
    "ouvertures": "Sites ouverts",
    "fermetures": "Sites fermés",
    "resorptions": "dont résorbés",
    "evacuations": "dont évacués",
}
OUTCOMES = {
    "logement-personnes": "Sorties en logement",
    "contrats": "Contrats de travail",
    "orientes-logement": "Orientées vers un logement",
    "orientes-abri": "Mises à l’abri",
    "orientes-aucune": "Sans orientation",
    "personnes-reinstallees": "Réinstallées ailleurs",
}
AIMS = {
    "resorption-objectif": "Objectif fixé",
    "resorption-commencee": "En préparation",
    "resorption-retard": "Une étape en retard",
}
MONEY = {"prevu": "Prévu", "engage": "Engagé", "execute": "Exécuté"}
Named = Mapping[str, ReportFigure]


def named_figures(materials: ReportMaterials, keys: Sequence[str]) -> Named:
    """In this order, those that the reader may read, beside the period before."""
    return {figure.key: figure for figure in materials.figures(keys, before=materials.period.before)}


def words_for(figures: Named, key: str, noun: Noun) -> str:
    return counted(figures.get(key), noun)


def stocks(materials: ReportMaterials, figures: Named) -> KeyFigures:
    return KeyFigures(list(figures.values()), before=f"Au {format_date(materials.period.before.last)}")


def flows(materials: ReportMaterials, figures: Named) -> KeyFigures:
    return KeyFigures(list(figures.values()), before=materials.period.before.title.capitalize())


def situation(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(materials, ("sites-ouverts", "personnes", "menages", "femmes", "mineurs"))
    some = bool(materials.readings["sites-ouverts"].number)
    people = words_for(figures, "personnes", ("personne", "personnes", "aucune personne")) if some else ""
    when = f" au {format_long_date(materials.question.at.day)}"
    parts = [words_for(figures, "sites-ouverts", SITES), people]
    yield SlideMessage(sentence_of(parts, "Nombre de sites ouverts\u00a0: inconnu", when=when))
    yield stocks(materials, figures)
    yield ReportChart("courbe-personnes", trend_charts(materials.question)[-1])
    if some and not people:
        yield Note("Aucun recensement n’est connu à cette date\u00a0: le nombre d’habitants n’est pas dit.")
    for limit in reading_limits(materials.question):
        yield Note(limit)


def map_of_sites(materials: ReportMaterials) -> Iterator[ReportBlock]:
    drawing = drawn_sites(materials.question)
    yield SlideMessage(drawing.alt.partition(". ")[0].removesuffix("."))
    yield ReportPicture("carte", drawing.svg, drawing.alt)


def movements(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(materials, tuple(MOVES))
    opened = words_for(
        figures, "ouvertures", ("site s’est ouvert", "sites se sont ouverts", "aucun site ne s’est ouvert")
    )
    closed = words_for(figures, "fermetures", ("a fermé", "ont fermé", "aucun n’a fermé"))
    ends = [
        words_for(figures, "resorptions", ("résorbé", "résorbés", "")),
        words_for(figures, "evacuations", ("évacué", "évacués", "")),
    ]
    why = ", ".join(filter(None, ends))
    parts = [opened, f"{closed} ({why})" if closed and why else closed]
    yield SlideMessage(
        sentence_of(parts, "Ouvertures et fermetures\u00a0: inconnues", when=within(materials.period))
    )
    yield flows(materials, figures)
    yield bars_of(materials, "mouvements", "Sites ouverts et fermés", MOVES, compared=True, unit="sites")
    moved = barometer(materials.question, materials.readings)
    if moved.rose or moved.fell:
        yield SlideMessage(f"Ce qui a bougé depuis le {format_long_date(moved.before)}")
        yield Paragraph("\n".join([*moved.rose, *moved.fell]))


def conditions(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(materials, tuple(CONDITIONS))
    numbers = {key: figure.number for key, figure in figures.items() if figure.text and figure.number}
    if numbers:
        worst = max(numbers, key=lambda key: numbers[key])
        sites = words_for(figures, worst, ("site", "sites", ""))
        yield SlideMessage(f"{CONDITIONS[worst][1]} sur {sites}")
    elif any(figure.text for figure in figures.values()):
        yield SlideMessage("Aucune condition de vie n’est dite à améliorer")
    else:
        yield SlideMessage("Conditions de vie\u00a0: rien n’est connu à cette date")
    yield stocks(materials, figures)
    names = {key: name for key, (name, _) in CONDITIONS.items()}
    yield bars_of(materials, "conditions", "Sites où c’est à améliorer", names, unit="sites")


def children(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(materials, ("mineurs-scolarises", "scolarisation"))
    share = figures["scolarisation"]
    if share.text:
        yield SlideMessage(f"{share.text} des mineurs sont scolarisés, là où le recensement le dit")
    else:
        yield SlideMessage("La scolarisation des mineurs n’est pas connue à cette date")
    yield stocks(materials, figures)
    names = {"mineurs": "Mineurs", "mineurs-scolarises": "dont scolarisés"}
    yield bars_of(materials, "scolarisation", "Mineurs et scolarisation", names, unit="mineurs")


def dispositifs(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(
        materials, ("dispositifs", "sites-couverts", "sites-sans-dispositif", "diagnostics")
    )
    share = figures["sites-couverts"]
    parts = [
        words_for(figures, "dispositifs", RUNNING),
        f"{share.text} des sites ouverts couverts" if share.text else "",
    ]
    yield SlideMessage(sentence_of(parts, "Dispositifs\u00a0: rien n’est connu à cette date"))
    yield stocks(materials, figures)
    aims = named_figures(materials, (*AIMS, "amenageables"))
    aimed = words_for(aims, "resorption-objectif", AIMED)
    yield SlideMessage(sentence_of([aimed], "Objectifs de résorption\u00a0: rien n’est connu à cette date"))
    yield stocks(materials, aims)
    yield bars_of(materials, "resorptions", "Résorptions\u00a0: où elles en sont", AIMS, unit="sites")


def outcomes(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(materials, tuple(OUTCOMES))
    parts = [words_for(figures, "logement-personnes", HOUSED), words_for(figures, "contrats", SIGNED)]
    nothing = "Sorties en logement et contrats de travail\u00a0: personne ne les a renseignés"
    yield SlideMessage(sentence_of(parts, nothing, when=within(materials.period)))
    yield flows(materials, figures)
    yield bars_of(materials, "resultats", "Ce qui a été obtenu", OUTCOMES, compared=True)


def money(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(materials, (*MONEY, "execution", "financements-lisibles"))
    year, planned, spent = materials.question.at.day.year, figures["prevu"], figures["execute"]
    if planned.text:
        amount = planned.text.replace("≥\u00a0", "au moins ")
        executed = spent.text.replace("≥\u00a0", "au moins ")
        then = f", {executed} exécutés" if executed else "\u00a0; l’exécution n’est pas connue"
        yield SlideMessage(f"Financements {year}\u00a0: {amount} prévus{then}")
    else:
        yield SlideMessage(f"Financements {year}\u00a0: aucun montant prévu n’est connu")
    yield stocks(materials, figures)
    yield bars_of(materials, "argent", f"Financements {year}", MONEY, unit="euros")


def to_update(materials: ReportMaterials) -> Iterator[ReportBlock]:
    figures = named_figures(materials, ("sans-recensement",))
    number = words_for(figures, "sans-recensement", ("site n’a", "sites n’ont", ""))
    if number:
        yield SlideMessage(f"{number} pas de recensement récent")
    elif materials.readings["sites-ouverts"].number:
        yield SlideMessage("Tous les sites ouverts ont un recensement récent")
    else:
        yield SlideMessage("Rien n’est à mettre à jour\u00a0: aucun site n’est ouvert")
    yield stocks(materials, figures)
    lines = [line for line in site_lines(materials.question) if line.is_stale]
    if lines:
        heads = [Head("Site", weight=2), Head("Commune", weight=1.4), Head("Dernier recensement", weight=1.2)]
        rows = [[line.name, line.place, line.counted_on or "jamais recensé"] for line in lines]
        grid = Grid(heads, rows, caption="Sites sans recensement récent")
        yield ReportTable("a-jour", grid, [line.key for line in lines])


def decisions(materials: ReportMaterials) -> Iterator[ReportBlock]:
    yield SlideMessage("Décisions proposées au comité")
    yield Paragraph(f"À écrire pour {materials.area.label}\u00a0: ce qui est décidé, par qui, pour quand.")


MEETING_SECTIONS = (
    ReportSection("situation", "La situation", situation, choosable=False),
    ReportSection("carte", "Où sont les sites", map_of_sites, has_words=False),
    ReportSection("mouvements", "Ce qui a bougé", movements),
    ReportSection("conditions", "Conditions de vie", conditions),
    ReportSection("scolarisation", "Scolarisation", children),
    ReportSection("dispositifs", "Dispositifs et résorptions", dispositifs),
    ReportSection("resultats", "Ce qui a été obtenu", outcomes, right=Right.READ_ACTIONS),
    ReportSection("argent", "Financements", money, right=Right.READ_FUNDING),
    ReportSection("a-jour", "Ce qui n’est pas à jour", to_update),
    ReportSection("decisions", "Décisions", decisions),
)
