"""What is said of a file of places and of what it holds, in French."""

from collections.abc import Mapping
from typing import Any

from jalons.core.values import format_number, french_spaces, join_and, plural
from jalons.layers.limits import MOST_FEATURES, MOST_VERTICES

QGIS = "Dans QGIS : « Exporter », « Sauvegarder les entités sous… », format GeoJSON, EPSG:4326."
REFUSED_FILES: Mapping[str, str] = {
    "json": "Ce fichier n’est pas un GeoJSON lisible (il s’arrête, ou s’écarte du format : {detail}). Refaites-le avec "
    "le logiciel qui l’a produit.",
    "not_geojson": "Ce fichier est du JSON, mais pas du GeoJSON : il n’a pas de « type » ni d’objets. "
    + QGIS,
    "crs": "Les coordonnées de ce fichier sont dans un système que Jalons ne lit pas ({detail}). Enregistrez-le en "
    "WGS 84 (EPSG:4326) ou en Lambert 93. " + QGIS,
    "metres": "Les coordonnées de ce fichier sont en mètres, pas en degrés. Si c’est du Lambert 93, choisissez-le sous "
    "« Coordonnées » ; sinon, enregistrez-le en degrés. " + QGIS,
    "degrees": "Vous avez choisi le Lambert 93, et ces coordonnées sont en degrés : choisissez « Degrés ».",
    "nothing": "Ce fichier ne contient aucun lieu.",
    "xml": "Ce KML n’est pas lisible : il s’arrête trop tôt, ou annonce des entités que Jalons n’ouvre pas. "
    "Enregistrez-le de nouveau depuis le logiciel qui l’a produit.",
    "not_kml": "Ce fichier est du XML, mais pas du KML.",
    "not_kmz": "Ce fichier n’est pas un KMZ, malgré son nom.",
    "no_kml": "Ce KMZ ne contient aucun fichier KML.",
    "mismatch": "Le contenu de ce fichier n’est pas celui que dit son nom. Donnez du GeoJSON, du KML ou un csv. "
    + QGIS,
    "encoding": "Ce tableau n’est écrit ni en UTF-8 ni en Windows-1252. Enregistrez-le en « CSV UTF-8 ».",
    "table": "Une case de ce tableau est démesurée : un guillemet n’est sans doute pas refermé.",
    "columns": "Jalons ne trouve pas où sont les lieux dans ce tableau (colonnes : {detail}). Il faut deux colonnes "
    "« latitude » et « longitude », ou « x » et « y », ou une colonne « Geo Point », « wkt » ou « Geo Shape ».",
    "features": f"Ce fichier a plus de {format_number(MOST_FEATURES)} objets, le plus qu’une couche puisse tenir. Ne "
    "gardez que ceux de votre territoire.",
    "vertices": f"Les contours de ce fichier ont plus de {format_number(MOST_VERTICES)} sommets. Simplifiez-les (dans "
    "QGIS : « Vecteur », « Outils de géométrie », « Simplifier »), ou ne gardez que votre territoire.",
    "all_refused": "Aucun objet de ce fichier ne peut être repris.",
}
REFUSED_FEATURES: Mapping[str, str] = {
    "empty": "aucune coordonnée",
    "position": "une coordonnée est illisible",
    "number": "une coordonnée n’est pas un nombre possible",
    "short_line": "une ligne demande deux points différents",
    "short_ring": "un contour demande trois points différents",
    "flat": "un contour sans surface",
    "outside": "hors de France (latitude et longitude {detail})",
    "not_feature": "ce n’est pas un objet GeoJSON",
    "unknown_shape": "forme inconnue : {detail}",
    "wkt": "forme illisible : {detail}",
    "not_number": "« {detail} » n’est pas un nombre",
    "sexagesimal": "« {detail} » est en degrés et minutes : écrivez des degrés décimaux (50,6372)",
}
IGNORED: Mapping[str, tuple[str, str]] = {
    "NetworkLink": ("lien vers un autre fichier", "liens vers d’autres fichiers"),
    "GroundOverlay": ("image posée sur le sol", "images posées sur le sol"),
    "ScreenOverlay": ("image posée sur l’écran", "images posées sur l’écran"),
    "PhotoOverlay": ("photo", "photos"),
    "Track": ("trace datée", "traces datées"),
    "MultiTrack": ("trace datée", "traces datées"),
    "Model": ("modèle en volume", "modèles en volume"),
    "kml": ("autre KML dans l’archive", "autres KML dans l’archive"),
}


def file_refusal(code: str, detail: str) -> str:
    sentence = REFUSED_FILES.get(code, REFUSED_FILES["mismatch"])
    return french_spaces(sentence.format(detail=detail or "sans précision"))


def feature_refusal(where: str, code: str, detail: str) -> str:
    """« objet 12 : hors de France (…) »."""
    words = REFUSED_FEATURES.get(code, REFUSED_FEATURES["position"])
    return french_spaces(f"{where} : {words.format(detail=detail)}")


def counted(count: int, singular: str, several: str) -> str:
    return f"{format_number(count)} {plural(count, singular, several)}"


def shapes_in_words(points: int, lines: int, outlines: int) -> str:
    """« 12 points et 3 contours »."""
    parts = [
        counted(count, singular, several)
        for count, singular, several in (
            (points, "point", "points"),
            (lines, "ligne", "lignes"),
            (outlines, "contour", "contours"),
        )
        if count
    ]
    return join_and(parts) or "aucun objet"


def notes_in_words(whole: Mapping[str, Any]) -> list[str]:
    """What a person should know of the file, beside what was refused in it."""
    notes = []
    if whole["turned"]:
        notes.append(
            "Latitude et longitude étaient inversées dans tout le fichier : Jalons les a remises à l’endroit. Vérifiez "
            "sur la carte."
        )
    if whole["grid"] == "lambert93":
        notes.append("Les coordonnées Lambert 93 ont été converties en degrés.")
    if whole["cut"]:
        notes.append(
            f"{counted(whole['cut'], 'texte trop long a été coupé', 'textes trop longs ont été coupés')}."
        )
    ignored = [counted(count, *IGNORED[what]) for what, count in whole["ignored"].items() if what in IGNORED]
    if ignored:
        notes.append(f"N’ont pas été repris : {join_and(ignored)}.")
    return [french_spaces(note) for note in notes]


def distance_in_words(metres: float) -> str:
    """« à 240 m », « à 1,3 km », « sur place » inside an outline."""
    if metres < 1:
        return "sur place"
    if metres < 995:
        return f"à {format_number(max(10, round(metres / 10) * 10))}\u00a0m"
    return f"à {format_number(metres / 1000, 1)}\u00a0km"
