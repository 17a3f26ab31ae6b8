"""The reports that may be asked for: each is one file of `kinds`, which declares its `KIND`. See docs/recettes.md."""

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from jalons.accounts.enums import Right
from jalons.editions import kinds
from jalons.editions.blocks import ReportBlock
from jalons.editions.enums import ReportFormat, ReportLanguage, ReportRhythm
from jalons.figures.enums import AreaLevel

if TYPE_CHECKING:
    from jalons.editions.making.materials import ReportMaterials

Write = Callable[["ReportMaterials"], Iterable[ReportBlock]]


@dataclass(frozen=True, slots=True)
class ReportSection:
    """`write` is a pure function of what the edition was asked for. `right`: without it the section is not in the copy,
    which says so. `new_page`: on paper. `has_words`: people may add theirs. `choosable`: a territory may leave it out.
    """

    key: str
    title: str
    write: Write
    right: Right = Right.READ_SITES
    new_page: bool = False
    has_words: bool = True
    choosable: bool = True


@dataclass(frozen=True, slots=True)
class ReportKind:
    """`key`: for ever, it is in the base. `audience`: for whom, in one sentence. `template`: a number that grows when
    the same data would no longer give the same bytes. `contents`: on paper, where its headings are. `levels`: of which
    territories it may be asked. `own`: of the structure of whoever asks alone.
    """

    key: str
    order: int
    title: str
    audience: str
    levels: frozenset[AreaLevel]
    rhythm: ReportRhythm
    sections: Sequence[ReportSection]
    template: int = 4
    contents: bool = True
    own: bool = False
    right: Right = Right.READ_SITES
    formats: Sequence[ReportFormat] = (ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX)
    languages: Sequence[ReportLanguage] = (ReportLanguage.FRENCH,)

    @property
    def every_format(self) -> tuple[ReportFormat, ...]:
        return (ReportFormat.SCREEN, *self.formats)

    def section(self, key: str) -> ReportSection | None:
        return next((section for section in self.sections if section.key == key), None)


@cache
def report_kinds() -> Mapping[str, ReportKind]:
    """By key, in the order of the pages."""
    modules = [
        import_module(f"{kinds.__name__}.{info.name}") for info in pkgutil.iter_modules(kinds.__path__)
    ]
    declared: list[ReportKind] = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {kind.key: kind for kind in sorted(declared, key=lambda kind: kind.order)}
