"""The text of a convention, read from a file."""

import re
from typing import Any

from jalons.conventions.dossier.content import Dossier
from jalons.conventions.exchange import shapes
from jalons.conventions.exchange.codec import EMPTY, GENERATED
from jalons.conventions.exchange.guessing import nature_of, side_of
from jalons.conventions.exchange.items import LONGEST_NAME, ItemReader
from jalons.conventions.models import PlannedAction

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)


class TextReader(ItemReader):
    """The text of a convention: parties, references, articles, clauses, what is paid."""

    def convention(self, node: dict[str, Any], path: str, position: int) -> Dossier:
        log = self.log
        convention = shapes.CONVENTION.read(node, path, log)
        if not SLUG.fullmatch(convention.slug):
            log.wrong(f"{path}.id", "un identifiant de lettres, chiffres et tirets", node.get("id"))
        convention.short_title = convention.short_title or convention.title[:120] or convention.slug
        if node.get("short_title") in EMPTY:
            convention.kept = {**convention.kept, GENERATED: {"short_title": convention.short_title}}
        convention.nature = nature_of(convention.nature_words)
        dossier = Dossier(convention)
        if signature := self.object_in(node, "signature", path):
            shapes.SIGNATURE.read(signature, f"{path}.signature", log, into=convention)
        for here, item in self.items(node, "parties", path):
            party = shapes.PARTY.read(item, here, log)
            party.side = side_of(party.role, party.name)
            dossier.parties.append(self.placed(party, dossier.parties, convention))
        self.pieces(
            shapes.REFERENCE, node, "legal_references", path, dossier.references, convention=convention
        )
        self.pieces(shapes.ARTICLE, node, "articles", path, dossier.articles, convention=convention)
        self.clauses(node, path, dossier)
        self.payment(node, path, dossier)
        self.pieces(shapes.LISTED, node, "actions", path, dossier.actions, listed=True, convention=convention)
        return dossier

    def clauses(self, node: dict[str, Any], path: str, dossier: Dossier) -> None:
        for name, item in self.object_in(node, "clauses", path).items():
            if not isinstance(item, dict):
                self.log.drop(f"{path}.clauses.{name}", "un objet {text, article, deadline}", item)
                continue
            clause = shapes.CLAUSE.read(item, f"{path}.clauses.{name}", self.log)
            if len(name) > LONGEST_NAME:
                self.log.drop(f"{path}.clauses", f"des noms de {LONGEST_NAME} caractères au plus", name)
            clause.name = name[:LONGEST_NAME]
            dossier.clauses.append(self.placed(clause, dossier.clauses, dossier.convention))

    def payment(self, node: dict[str, Any], path: str, dossier: Dossier) -> None:
        if not (payment := self.object_in(node, "payment", path)):
            return
        dossier.convention.payment = {name: value for name, value in payment.items() if name != "actions"}
        if "actions" in payment and payment["actions"] in EMPTY:
            dossier.convention.payment["actions"] = payment["actions"]
        for here, item in self.items(payment, "actions", f"{path}.payment"):
            action: PlannedAction = shapes.PLANNED.read(item, here, self.log)
            action.codes = {
                name: item[name] for name in shapes.CODES if name in item and item[name] not in EMPTY
            }
            dossier.actions.append(self.placed(action, dossier.actions, dossier.convention))
