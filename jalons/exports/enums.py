"""What a file may be, and what a column holds."""

from enum import StrEnum

from django.db.models import TextChoices


class Format(TextChoices):
    """A kind of file that leaves Jalons; its code is also the end of its name."""

    XLSX = "xlsx", "Excel (.xlsx)"
    ODS = "ods", "LibreOffice (.ods)"
    CSV = "csv", "texte (.csv)"
    PDF = "pdf", "PDF (.pdf)"
    DOCX = "docx", "Word (.docx)"
    PPTX = "pptx", "diapositives (.pptx)"
    PNG = "png", "image (.png)"
    SVG = "svg", "dessin (.svg)"
    GEOJSON = "geojson", "GeoJSON (.geojson)"


class PreparedState(TextChoices):
    """Where a file that the worker makes stands."""

    WAITING = "waiting", "En attente"
    RUNNING = "running", "En préparation"
    READY = "ready", "Prêt"
    STOPPED = "stopped", "Arrêté"
    FAILED = "failed", "En échec"


class ColumnKind(StrEnum):
    """What the cells of a column hold. A `core.values` object says by itself how it is written."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    EUROS = "euros"
    DATE = "date"
    MOMENT = "moment"
    PERCENT = "percent"
    VALUE = "value"
