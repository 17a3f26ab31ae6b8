"""How a layer looks on a map, and what it may come from."""

from django.db.models import TextChoices


class LayerColour(TextChoices):
    """Each at least 6:1 on white; none is that of a state of a site."""

    BLUE = "blue", "Bleu"
    PINK = "pink", "Framboise"
    BROWN = "brown", "Brun"
    OLIVE = "olive", "Olive"
    INK = "ink", "Encre"

    @property
    def code(self) -> str:
        """Of the drawing and of the page, « #1D4E89 »."""
        return COLOUR_CODES[self]


COLOUR_CODES = {
    LayerColour.BLUE: "#1D4E89",
    LayerColour.PINK: "#9C1F63",
    LayerColour.BROWN: "#6B4A2B",
    LayerColour.OLIVE: "#4F5D00",
    LayerColour.INK: "#1C2B33",
}


class LayerSymbol(TextChoices):
    """The mark of a point, with which come the hatching of an outline and the dashes of a line: see `looks`."""

    STAR = "star", "Étoile, hachures montantes"
    PLUS = "plus", "Croix droite, quadrillage"
    HEXAGON = "hexagon", "Hexagone, points"
    CROSS = "cross", "Croix oblique, hachures croisées"
    DROP = "drop", "Goutte, lignes couchées"
    FLAG = "flag", "Fanion, lignes debout"


class ShapeKind(TextChoices):
    """What one object of a layer is; the codes of `geometry`."""

    POINT = "point", "Point"
    LINE = "line", "Ligne"
    OUTLINE = "outline", "Contour"


class PlaceFile(TextChoices):
    """What a layer is read from; the code is the end of the name of the file, or « paste »."""

    GEOJSON = "geojson", "GeoJSON"
    KML = "kml", "KML"
    KMZ = "kmz", "KMZ"
    CSV = "csv", "Tableau CSV"
    PASTE = "paste", "Texte collé"


class CoordinateGrid(TextChoices):
    """In what the coordinates of a file are written, when it does not say so itself."""

    DEGREES = "degrees", "Degrés (GPS, WGS 84)"
    LAMBERT93 = "lambert93", "Mètres (Lambert 93)"


class LayerPart(TextChoices):
    """What an organisation is to a layer."""

    OWNER = "owner", "Responsable"
