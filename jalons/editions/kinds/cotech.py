"""« Pack COTECH »: the slides of the COTECH of a month, to be completed."""

from jalons.editions.enums import ReportFormat, ReportRhythm
from jalons.editions.making.meeting import MEETING_SECTIONS
from jalons.editions.registry import ReportKind
from jalons.figures.enums import AreaLevel

KIND = ReportKind(
    key="cotech",
    order=30,
    title="Pack COTECH",
    audience="Pour le comité technique du mois : des diapositives à compléter, un message par page.",
    levels=frozenset([AreaLevel.NATION, AreaLevel.REGION, AreaLevel.DEPARTEMENT, AreaLevel.EPCI]),
    rhythm=ReportRhythm.MONTH,
    sections=MEETING_SECTIONS,
    formats=(ReportFormat.PPTX, ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX),
)
