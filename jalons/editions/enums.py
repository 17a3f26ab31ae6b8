"""Where an edition of a report stands, and how it is written."""

from django.db.models import TextChoices


class EditionStage(TextChoices):
    MAKING = "making", "En préparation"
    STOPPED = "stopped", "Arrêtée"
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"


class ReportFormat(TextChoices):
    """`SCREEN` is the part of a page that shows the report; the others leave Jalons (`exports.enums.Format`)."""

    SCREEN = "html", "À l’écran"
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    PPTX = "pptx", "Diapositives"


class ReportLanguage(TextChoices):
    FRENCH = "fr", "Français"
    ENGLISH = "en", "Anglais"


class ReportRhythm(TextChoices):
    """How long what a report tells lasts."""

    MONTH = "month", "Mois"
    HALF_YEAR = "half", "Semestre"
    YEAR = "year", "Année"
