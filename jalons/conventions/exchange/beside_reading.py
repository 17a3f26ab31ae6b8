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

    def missing(self, node: dict[str, Any], file: File) -> None:
        for path, item in self.items(node, "fiches_without_sheet"):
            dossier = self.dossier_of(item, path, file)
            if dossier is not None:
                record = shapes.MISSING.read(item, path, self.log)
                if item.get("convention") in EMPTY:
                    record.kept = {**record.kept, "@convention": None}
                dossier.missing.append(self.placed(record, dossier.missing, dossier.convention))

    def annexes(self, node: dict[str, Any], file: File) -> None:
        for path, item in self.items(node, "annexes_financieres"):
            dossier = self.dossier_of(item, path, file)
            if dossier is None:
                continue
            annex = shapes.ANNEX.read(item, path, self.log)
            self.named(annex, "key", "id", item, f"annexe-{len(dossier.annexes) + 1}")
            if item.get("convention") in EMPTY:
                annex.kept = {**annex.kept, "@convention": None}
            content = AnnexContent(self.placed(annex, dossier.annexes, dossier.convention))
            for here, table_item in self.items(item, "tables", path):
                table = shapes.ANNEX_TABLE.read(table_item, here, self.log)
                table.annex = annex
                printed = TableContent(self.placed(table, content.tables))
                self.pieces(shapes.ANNEX_LINE, table_item, "rows", here, printed.lines, table=table)
                for line in printed.lines:
                    line.kind = line_kind_of(line.kind_words)
                content.tables.append(printed)
            dossier.annexes.append(content)
        for dossier in file.dossiers:
            self.unique([("annexes_financieres.id", annex.annex.key) for annex in dossier.annexes])

    def deliberations(self, node: dict[str, Any], file: File) -> None:
        given = node.get("deliberation")
        if given in EMPTY:
            return
        listed = isinstance(given, list)
        file.kept[DELIBERATIONS_LISTED] = listed
        for path, item in self.items({"deliberation": given if listed else [given]}, "deliberation"):
            here = path if listed else "deliberation"
            content = self.deliberation(item, here, len(file.deliberations))
            file.deliberations.append(content)
            named = {amount.convention_key for amount in content.amounts}
            concerned = [dossier for dossier in file.dossiers if dossier.convention.slug in named]
            for dossier in concerned or file.dossiers:
                dossier.deliberations.append(content)
            # Without a number, it is not the one of another file.
            of = (concerned or file.dossiers)[0].convention.slug
            order = f" {len(file.deliberations)}" if len(file.deliberations) > 1 else ""
            self.named(content.deliberation, "number", "number", item, f"Sans numéro{order} ({of})"[:80])
        self.unique(
            [
                (
                    f"deliberation[{n}].number",
                    f"{deliberation.deliberation.number} {deliberation.deliberation.assembly}".strip(),
                )
                for n, deliberation in enumerate(file.deliberations)
            ]
        )

    def deliberation(self, node: dict[str, Any], path: str, position: int) -> DeliberationContent:
        log = self.log
        record = shapes.DELIBERATION.read(node, path, log)
        record.position = position
        content = DeliberationContent(record)
        for here, item in self.items(node, "authorised_amounts", path):
            amount = shapes.AUTHORISED.read(item, here, log)
            amount.deliberation = record
            figure = {name: item[name] for name in ("raw", "amount") if item.get(name) is not None}
            amount.figure = shapes.AUTHORISED.figure(figure, here, log) or {}
            content.amounts.append(self.placed(amount, content.amounts))
        if accounting := self.object_in(node, "accounting", path):
            here = f"{path}.accounting"
            shapes.ACCOUNTING.read(accounting, here, log, into=record)
            self.pieces(shapes.ACCOUNTING_LINE, accounting, "lines", here, content.lines, deliberation=record)
        return content
