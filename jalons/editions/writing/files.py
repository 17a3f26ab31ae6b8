"""Every format of an edition, and how one is written."""

from collections.abc import Callable, Mapping

from jalons.editions.blocks import ReportContent
from jalons.editions.enums import ReportFormat
from jalons.editions.writing.paper import write_docx, write_pdf
from jalons.editions.writing.screen import write_screen
from jalons.editions.writing.slides import write_pptx
from jalons.editions.writing.workbook import write_xlsx

# A format of more: its writer here, its code in `exports.enums.Format`.
WRITERS: Mapping[ReportFormat, Callable[[ReportContent], bytes]] = {
    ReportFormat.SCREEN: write_screen,
    ReportFormat.PDF: write_pdf,
    ReportFormat.DOCX: write_docx,
    ReportFormat.XLSX: write_xlsx,
    ReportFormat.PPTX: write_pptx,
}
