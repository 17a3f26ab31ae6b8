"""Annexes, deliberations and missing sheets, read from a file."""

from typing import Any

from jalons.conventions.dossier.content import AnnexContent, DeliberationContent, File, TableContent
from jalons.conventions.exchange import shapes
from jalons.conventions.exchange.codec import EMPTY
from jalons.conventions.exchange.guessing import line_kind_of
from jalons.conventions.exchange.items import ItemReader

# Of the file itself: whether its deliberation was an object or a list.
DELIBERATIONS_LISTED = "@deliberations"


class BesideReader(ItemReader):
    """What stands beside the sheets: those that are missing, annexes, deliberations."""

    def missing(self, told: dict[str, Any], file: File) -> None:
        for path, each in self.items(told, "fiches_without_sheet"):
            dossier = self.dossier_of(each, path, file)
            if dossier is not None:
                found = shapes.MISSING.read(each, path, self.log)
                if each.get("convention") in EMPTY:
                    found.kept = {**found.kept, "@convention": None}
                dossier.missing.append(self.placed(found, dossier.missing, dossier.convention))

    def annexes(self, told: dict[str, Any], file: File) -> None:
        for path, each in self.items(told, "annexes_financieres"):
            dossier = self.dossier_of(each, path, file)
            if dossier is None:
                continue
            annex = shapes.ANNEX.read(each, path, self.log)
            self.named(annex, "key", "id", each, f"annexe-{len(dossier.annexes) + 1}")
            if each.get("convention") in EMPTY:
                annex.kept = {**annex.kept, "@convention": None}
            content = AnnexContent(self.placed(annex, dossier.annexes, dossier.convention))
            for here, one in self.items(each, "tables", path):
                table = shapes.ANNEX_TABLE.read(one, here, self.log)
                table.annex = annex
                printed = TableContent(self.placed(table, content.tables))
                self.pieces(shapes.ANNEX_LINE, one, "rows", here, printed.lines, table=table)
                for line in printed.lines:
                    line.kind = line_kind_of(line.kind_words)
                content.tables.append(printed)
            dossier.annexes.append(content)
        for dossier in file.dossiers:
            self.unique([("annexes_financieres.id", annex.annex.key) for annex in dossier.annexes])

    def deliberations(self, told: dict[str, Any], file: File) -> None:
        given = told.get("deliberation")
        if given in EMPTY:
            return
        listed = isinstance(given, list)
        file.kept[DELIBERATIONS_LISTED] = listed
        for path, each in self.items({"deliberation": given if listed else [given]}, "deliberation"):
            here = path if listed else "deliberation"
            content = self.deliberation(each, here, len(file.deliberations))
            file.deliberations.append(content)
            named = {amount.convention_key for amount in content.amounts}
            concerned = [dossier for dossier in file.dossiers if dossier.convention.slug in named]
            for dossier in concerned or file.dossiers:
                dossier.deliberations.append(content)
            # Without a number, it is not the one of another file.
            of = (concerned or file.dossiers)[0].convention.slug
            order = f" {len(file.deliberations)}" if len(file.deliberations) > 1 else ""
            self.named(content.deliberation, "number", "number", each, f"Sans numéro{order} ({of})"[:80])
        self.unique(
            [
                (
                    f"deliberation[{n}].number",
                    f"{deliberation.deliberation.number} {deliberation.deliberation.assembly}".strip(),
                )
                for n, deliberation in enumerate(file.deliberations)
            ]
        )

    def deliberation(self, told: dict[str, Any], path: str, position: int) -> DeliberationContent:
        log = self.log
        found = shapes.DELIBERATION.read(told, path, log)
        found.position = position
        content = DeliberationContent(found)
        for here, each in self.items(told, "authorised_amounts", path):
            amount = shapes.AUTHORISED.read(each, here, log)
            amount.deliberation = found
            figure = {name: each[name] for name in ("raw", "amount") if each.get(name) is not None}
            amount.figure = shapes.AUTHORISED.figure(figure, here, log) or {}
            content.amounts.append(self.placed(amount, content.amounts))
        if accounting := self.object_in(told, "accounting", path):
            here = f"{path}.accounting"
            shapes.ACCOUNTING.read(accounting, here, log, into=found)
            self.pieces(shapes.ACCOUNTING_LINE, accounting, "lines", here, content.lines, deliberation=found)
        return content
