"""What /composants shows: invented contents, every component in each of its states."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict

from jalons.core import ui
from jalons.core.charts import Bar, BarChart, LineChart, Point, Series, Sparkline
from jalons.core.forms import (
    CodesField,
    CountField,
    FilterForm,
    FrenchDateField,
    FrenchNumberField,
    JalonsForm,
    SubmissionKeyField,
    TriStateField,
    VersionField,
)
from jalons.core.values import Value

THEMES = [("health", "Santé"), ("school", "Éducation et scolarisation"), ("housing", "Logement")]
SIZES = [("", "Toutes"), ("small", "Moins de 10"), ("medium", "De 10 à 99"), ("large", "100 et plus")]
ICONS = (
    "asc calendar comment cross desc down download due edit eye good info late menu pin plus search sort "
    "unknown"
)


class ExampleFilters(FilterForm):
    chip_names = {"q": "Recherche"}

    q = forms.CharField(label="Commune, département, nom, adresse")
    taille = forms.ChoiceField(label="Taille", choices=SIZES)
    au = FrenchDateField(label="Situation au", help_text="")
    theme = CodesField(label="Thèmes", choices=THEMES)
    alerte = forms.BooleanField(label="Avec une alerte seulement")


class ExampleForm(JalonsForm):
    name = forms.CharField(label="Nom du site", help_text="Celui que vous employez entre vous.")
    observed_on = FrenchDateField(label="Date du recensement", not_after=lambda today: today)
    people = CountField(label="Personnes", help_text="Un nombre, «\u00a0ND\u00a0» ou «\u00a0/\u00a0».")
    staff = FrenchNumberField(label="Équipe, en équivalent temps plein", minimum=0, required=False)
    kind = forms.ChoiceField(
        label="Type", choices=[("land", "Terrain"), ("building", "Immeuble bâti"), ("unknown", "Inconnu")]
    )
    water = TriStateField(label="Accès à l’eau", help_text="Sur le site ou à moins de 200 mètres.")
    themes = CodesField(label="Thèmes", choices=THEMES)
    comment = forms.CharField(label="Commentaire", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    urgent = forms.BooleanField(label="Prévenir les membres du comité de pilotage", required=False)
    submission_key = SubmissionKeyField()
    expected_version = VersionField(initial=3)


class ExamplePlace(JalonsForm):
    latitude = FrenchNumberField(label="Latitude", minimum=-90, maximum=90, required=False)
    longitude = FrenchNumberField(label="Longitude", minimum=-180, maximum=180, required=False)


def showcase_context(query: QueryDict) -> dict[str, Any]:
    columns = [
        ui.Column("Site", key="nom"),
        ui.Column("À voir"),
        ui.Column("Personnes", key="personnes", numeric=True, high_first=True),
        ui.Column("dont mineurs", numeric=True),
        ui.Column("Eau"),
        ui.Column("Mise à jour", key="maj"),
    ]
    number = query.get("page", "1")
    return {
        "columns": columns,
        "order": ui.chosen_order(query, columns, default="-personnes"),
        "page": Paginator(range(430), 25).get_page(number),
        "filters": ExampleFilters(query or QueryDict("q=Lille&taille=medium&theme=health&theme=school")),
        "form": ExampleForm(
            prefix="vide",
            initial={"observed_on": date(2020, 1, 1), "people": Value.of(1240), "name": "Rue du Général"},
        ),
        "place": ExamplePlace(prefix="lieu"),
        "place_view": (50.6366, 3.0634, 15),
        "wrong": ExampleForm(_wrong(), prefix="faux"),
        "tabs": [
            ui.Tab("Ouverts", "?onglet=ouverts", current=True, count=43),
            ui.Tab("Fermés", "?onglet=fermes", count=18),
            ui.Tab("Liste", "?vue=liste", aside=True),
            ui.Tab("Carte", "?vue=carte", aside=True),
        ],
        "themes": [label for _, label in THEMES],
        "icons": ICONS.split(),
        "valid": date(2020, 1, 1),
        "known": date(2020, 3, 15),
        "definitions": [
            ("Type", "Terrain"),
            ("Propriétaire", "Public"),
            ("Installation", "mars 2017"),
            ("Fin prévue", None),
            ("Personnes hébergées", 0),
        ],
        "entries": _entries(),
        "differences": _differences(),
        "people_trend": Sparkline("Personnes", [96, 104, None, 118, 112]),
        "household_trend": Sparkline("Ménages", [6, 7, 7]),
        "people_chart": _people_chart(),
        "school_chart": _school_chart(),
        "money_chart": _money_chart(),
        "one_chart": LineChart(
            "Un seul recensement", [Series("Personnes", [Point(date(2020, 1, 1), 64, "Mairie")])]
        ),
    }


def _wrong() -> dict[str, Any]:
    return {
        "faux-name": "",
        "faux-observed_on": "31/02/2020",
        "faux-people": "une centaine",
        "faux-staff": "-1",
        "faux-kind": "land",
        "faux-water": "peut-être",
        "faux-comment": "Trois familles sont arrivées en janvier.",
    }


def _entries() -> list[ui.Entry]:
    return [
        ui.Entry(
            datetime(2020, 1, 11, 16, 0),
            "Camille Exemple",
            "a corrigé le recensement du 12 décembre 2019",
            organisation="Les amis de Lille",
            changes=[ui.Change("Personnes", "108", "112"), ui.Change("Ménages", "", "26")],
            reason="deux caravanes avaient été oubliées",
        ),
        ui.Entry(date(2019, 12, 12), "Dominique Fictif", "a ajouté un recensement", "DDETS du Nord", url="#"),
        ui.Entry(
            date(2019, 11, 4),
            "",
            "a rappelé que le suivi est à remplir",
            changes=[ui.Change("Échéance", "1er décembre")],
        ),
    ]


def _differences() -> list[ui.Difference]:
    when, who, organisation = datetime(2020, 1, 11, 16, 0), "Camille Exemple", "Les amis de Lille"
    return [
        ui.Difference(
            "name", "Nom du site", "Rue du Général", "Rue Neuve", "Rue du Maréchal", who, organisation, when
        ),
        ui.Difference("kind", "Type de site", "", "Terrain", "", who, organisation, when, keep_mine=False),
    ]


def _people_chart() -> LineChart:
    rows = [
        (date(2019, 1, 8), 84, "Opérateur", "compté"),
        (date(2019, 2, 20), 120, "Gendarmerie", "estimé"),
        (date(2019, 4, 3), 96, "Opérateur", "compté"),
        (date(2019, 6, 17), None, "Mairie", "non communiqué"),
        (date(2019, 8, 1), 104, "Opérateur", "compté"),
        (date(2019, 10, 15), 98, "Mairie", "déclaré"),
        (date(2019, 12, 12), 112, "Opérateur", "compté"),
    ]
    return LineChart(
        "Personnes sur le site «\u00a0Rue du Général\u00a0»",
        [Series("Personnes", [Point(*row) for row in rows])],
        unit="personnes",
        note="Chaque forme est une source\u00a0; la ligne s’arrête où l’on ne sait pas.",
    )


def _school_chart() -> LineChart:
    days = [date(2018, 1, 1), date(2018, 7, 1), date(2019, 1, 1), date(2019, 7, 1), date(2020, 1, 1)]
    minors, schooled = [420, 405, 431, 398, 352], [188, 201, None, 214, 218]
    return LineChart(
        "Mineurs et enfants scolarisés dans le Nord",
        [
            Series("Mineurs", [Point(day, value) for day, value in zip(days, minors, strict=True)]),
            Series(
                "Enfants scolarisés", [Point(day, value) for day, value in zip(days, schooled, strict=True)]
            ),
        ],
        unit="enfants",
    )


def _money_chart() -> BarChart:
    return BarChart(
        "Financements 2019 par origine",
        [
            Bar("Crédits dédiés à la résorption (Dihal)", [124_000, 118_500]),
            Bar("Conseil départemental", [60_000, 60_000]),
            Bar("Fonds européens", [35_000, None], note="exécuté à remplir entre janvier et mars"),
            Bar("Autre collectivité", [0, 0]),
        ],
        labels=["Prévu", "Exécuté"],
        unit="euros",
    )
