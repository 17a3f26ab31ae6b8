"""What a document is about; kinds of files that may be attached (`settings.DOCUMENT_TYPES` says which are, here)."""

from django.db.models import TextChoices


class DocumentCategory(TextChoices):
    """What a document is, whatever its file."""

    DECISION = "decision", "Décision de justice"
    ORDER = "order", "Arrêté"
    DIAGNOSIS = "diagnosis", "Diagnostic"
    PLAN = "plan", "Plan de masse"
    CONVENTION = "convention", "Convention"
    MINUTES = "minutes", "Compte rendu"
    PHOTO = "photo", "Photo"
    OTHER = "other", "Autre document"


class DocumentType(TextChoices):
    """The code is the extension of the name under which the file is downloaded."""

    PDF = "pdf", "PDF"
    PNG = "png", "Image PNG"
    JPG = "jpg", "Photo JPEG"
    DOCX = "docx", "Document Word"
    ODT = "odt", "Document LibreOffice"
    XLSX = "xlsx", "Tableur Excel"
    ODS = "ods", "Tableur LibreOffice"
    CSV = "csv", "Tableau CSV"
    TXT = "txt", "Texte"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OASIS = "application/vnd.oasis.opendocument"
_MEDIA_TYPES = {
    DocumentType.PDF: "application/pdf",
    DocumentType.PNG: "image/png",
    DocumentType.JPG: "image/jpeg",
    DocumentType.DOCX: f"{_OFFICE}.wordprocessingml.document",
    DocumentType.ODT: f"{_OASIS}.text",
    DocumentType.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    DocumentType.ODS: f"{_OASIS}.spreadsheet",
    DocumentType.CSV: "text/csv",
    DocumentType.TXT: "text/plain",
}
