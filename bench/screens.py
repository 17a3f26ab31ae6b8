"""The screens and exports that are timed, and what a person would send to each."""

import datetime as dt
import itertools
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

NATIONAL, CORRESPONDENT = "national@demo.example", "correspondant59@demo.example"
BOTH = (NATIONAL, CORRESPONDENT)
OPERATOR = "operateur-a@demo.example"
ADMINISTRATORS = ("admin@demo.example", "comptes59@demo.example")
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')
FIGURE = re.compile(r"v\d+")
NEW = "/sites/nouveau/"
OPENING = "/registre/ouvrir/"


@dataclass(frozen=True, slots=True)
class Screen:
    """`path` and `users` (who looks at it) may name what `measure.named` finds: `{year_ago}`, `{site}`…

    `fill`: what to post, from the page.
    """

    name: str
    path: str
    users: tuple[str, ...] = BOTH
    fill: Callable[[str], Mapping[str, Any]] | None = None
    heavy: bool = False  # an export: few runs, in a process of its own
    sealed: bool = False  # of the register of families, which the person opens first


def hidden_fields(page: str) -> dict[str, str]:
    tags = (dict(ATTRIBUTE.findall(tag)) for tag in HIDDEN.findall(page))
    return {attributes.get("name", ""): attributes.get("value", "") for attributes in tags}


def register_code(page: str) -> dict[str, str]:
    """What opens the register of the demonstration."""
    return {**hidden_fields(page), "code": "familles-inventees-2026"}


def declaration(page: str) -> dict[str, str]:
    """A new site as a hurried person declares it, with the hidden fields of the page."""
    return {
        **hidden_fields(page),
        "commune": "Lille",
        "insee": "59350",
        # Another street each time: a known one would first ask « Est-ce l’un de ceux-ci ? ».
        "address": f"rue {secrets.token_hex(6)}",
        "observed_on": (dt.date.today() - dt.timedelta(days=1)).strftime("%d/%m/%Y"),
        "source_kind": "operator",
        "people": "45",
        "minors": "18",
    }


class Controls(HTMLParser):
    """What a browser would send of the form that has this `id`, in order, as the page filled it."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.sent: list[tuple[str, str]] = []
        self.select, self.area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form
        name = given.get("name", "")
        if self.inside and tag == "option" and self.select and "selected" in given:
            self.sent.append((self.select, given.get("value", "")))
        if not (self.inside and name) or "disabled" in given:
            return
        if tag == "input":
            ticks = given.get("type") in ("checkbox", "radio")
            if given.get("type") not in ("submit", "button") and (not ticks or "checked" in given):
                self.sent.append((name, given.get("value", "on" if ticks else "")))
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            self.sent.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.sent[-1] = (self.area, self.sent[-1][1] + data)


# A report of each of the last days, one a run: the dispositif must have none yet, see `measure.followed`.
DAYS_TOLD = 29
next_day = itertools.count(1)


def follow_up(page: str) -> dict[str, str | list[str]]:
    """A report as an operator sends it: what was there, three figures changed, of a day not told yet."""
    controls = Controls("suivi")
    controls.feed(page)
    sent: dict[str, list[str]] = {}
    for name, value in controls.sent:
        sent.setdefault(name, []).append(value)
    figures = [name for name, (value, *_) in sent.items() if FIGURE.fullmatch(name) and value.isdigit()]
    for name in figures[:3]:
        sent[name] = [str(int(sent[name][0]) + 1)]
    day = dt.date.today() - dt.timedelta(days=DAYS_TOLD - next(next_day) % DAYS_TOLD)
    return {**sent, "on": day.strftime("%d/%m/%Y")}


# What people take most: identification and inhabitants, 37 columns with those of the site.
FORTY = "colonnes=Identification&colonnes=Habitants"
SCREENS = (
    Screen("Accueil", "/"),
    Screen("Tendance de l’accueil", "/accueil/tendance/"),
    Screen("Suite de l’accueil", "/accueil/suite/"),
    Screen("Ce que l’on attend", "/accueil/attendus/"),
    Screen("Ce qui a changé", "/accueil/changements/"),
    Screen("Sites prioritaires de l’accueil", "/priorites/accueil/"),
    Screen("Activité", "/activite/?departement=tous"),
    Screen("Activité d’un territoire", "/activite/?departement=59&type=recensements"),
    Screen("Priorités de la nation", "/priorites/?departement=tous"),
    Screen("Priorités d’un département", "/priorites/?departement=59"),
    Screen("Recherche partout", "/recherche/?q=lille"),
    Screen("Liste", "/sites/?departement=tous"),
    Screen("Liste, recherche et filtres", "/sites/?q=lille&taille=medium&type=land&conditions=water"),
    Screen("Liste il y a un an", "/sites/?departement=tous&au={year_ago}"),
    Screen("Liste connue il y a un an", "/sites/?departement=tous&au={year_ago}&connu-le={year_ago}"),
    Screen("Tableau de bord national", "/tableau-de-bord/?territoire=nation"),
    Screen("Tableau de bord national il y a un an", "/tableau-de-bord/?territoire=nation&au={year_ago}"),
    Screen("Tableau de bord d’un département", "/tableau-de-bord/?territoire=departement-59"),
    Screen("Courbes d’un département", "/tableau-de-bord/evolution/?territoire=departement-59"),
    Screen(
        "Territoires comparés",
        "/tableau-de-bord/comparer/?territoire=departement-59&territoire=departement-13&territoire=departement-62"
        "&territoire=region-32&territoire=nation",
    ),
    Screen("Rapports", "/rapports/"),
    Screen("Demander un rapport", "/rapports/demander/bilan/"),
    Screen("Préparer le semestre", "/rapports/semestre/?territoire=departement-59"),
    Screen("Chiffres ouverts", "/public/"),
    Screen("Situations semblables", "/sites/{site}/semblables/", users=(*BOTH, OPERATOR)),
    Screen("Sites de la carte", "/carte/sites.geojson?departement=tous"),
    Screen("Fiche", "/sites/{site}/"),
    Screen("Annuaire", "/annuaire/"),
    Screen("Annuaire, filtres", "/annuaire/?departement=59&role=operator"),
    Screen("Annuaire, recherche", "/annuaire/?q=helene+solidarite"),
    Screen("Dispositifs de toute la France", "/dispositifs/annuaire/"),
    Screen("Bonnes pratiques", "/bonnes-pratiques/"),
    Screen("Dispositifs proposés", "/dispositifs/propositions/"),
    Screen("Annuaire des structures", "/annuaire/structures/?departement=59"),
    Screen("Demandes d’accès", "/administration/demandes/", users=ADMINISTRATORS),
    Screen("Qui peut lire ceci ?", "/lecteurs/site/{site}/"),
    Screen("Qui peut lire ce dispositif ?", "/lecteurs/dispositif/{action}/"),
    Screen("Communes proposées", "/territoires/communes.json?q=saint-d"),
    Screen("Déclaration", NEW, users=(CORRESPONDENT,), fill=declaration),
    Screen("Export xlsx", f"/sites/export?format=xlsx&departement=tous&{FORTY}", heavy=True),
    Screen(
        "Export xlsx, 67 colonnes",
        "/sites/export?format=xlsx&departement=tous",
        users=(NATIONAL,),
        heavy=True,
    ),
    Screen("Dispositifs", "/dispositifs/?departement=tous"),
    Screen(
        "Dispositifs, recherche et filtres", "/dispositifs/?departement=tous&q=lille&theme=health&suivi=late"
    ),
    Screen("Dispositifs il y a un an", "/dispositifs/?departement=tous&au={year_ago}"),
    Screen("Panneau du territoire", "/dispositifs/panneau/?departement=tous"),
    Screen("Dispositif", "/dispositifs/{action}/"),
    Screen("Suivi d’un dispositif", "/dispositifs/{action}/suivi/"),
    Screen("Point de suivi à remplir", "/dispositifs/{late}/suivi/nouveau/", users=("{operator}",)),
    Screen(
        "Enregistrer un point de suivi",
        "/dispositifs/{late}/suivi/nouveau/",
        users=("{operator}",),
        fill=follow_up,
    ),
    Screen("Accueil d’un opérateur", "/", users=("{operator}",)),
    Screen("Ouvrir le registre", OPENING, users=(OPERATOR,), fill=register_code),
    Screen("Familles du registre", "/registre/menages/", users=(OPERATOR,), sealed=True),
    Screen("Famille du registre", "/registre/menages/{household}/", users=(OPERATOR,), sealed=True),
    Screen("Chiffres de l’équipe", "/registre/chiffres/", users=(OPERATOR,), sealed=True),
    Screen(
        "Point de suivi d’après le registre",
        "/dispositifs/{accompanied}/suivi/nouveau/",
        users=(OPERATOR,),
        sealed=True,
    ),
    Screen(
        "Export d’une année de dispositifs",
        "/dispositifs/export?format=xlsx&departement=tous&annee={last_year}",
        heavy=True,
    ),
    Screen("Conventions", "/conventions/"),
    Screen("Convention", "/conventions/{convention}/"),
    Screen("Fiche-action", "/conventions/{convention}/fiches/{sheet}/"),
    Screen("Rapprochement", "/conventions/{convention}/rapprochement/"),
    Screen("Alertes", "/conventions/{convention}/alertes/"),
    Screen("Comparaison des années", "/conventions/{convention}/comparaison/"),
    Screen(
        "Fiches-actions en docx",
        "/conventions/{convention}/documents/fichier/?document=fiches&format=docx",
        users=(CORRESPONDENT,),
        heavy=True,
    ),
    Screen("Export csv", "/sites/export?format=csv&departement=tous", users=(NATIONAL,), heavy=True),
    Screen("Export ods", "/sites/export?format=ods&departement=tous", users=(NATIONAL,), heavy=True),
)
