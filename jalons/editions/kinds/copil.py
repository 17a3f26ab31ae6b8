"""« Pack COPIL »: the slides of the COPIL of a year, to be completed."""

from jalons.editions.enums import ReportFormat, ReportRhythm
from jalons.editions.making.meeting import MEETING_SECTIONS
from jalons.editions.registry import ReportKind
from jalons.figures.enums import AreaLevel

KIND = ReportKind(
    key="copil",
    order=40,
    title="Pack COPIL",
    audience="Pour le comité de pilotage de l’année : des diapositives à compléter, un message par page.",
    levels=frozenset([AreaLevel.NATION, AreaLevel.REGION, AreaLevel.DEPARTEMENT, AreaLevel.EPCI]),
    rhythm=ReportRhythm.YEAR,
    sections=MEETING_SECTIONS,
    formats=(ReportFormat.PPTX, ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX),
)
