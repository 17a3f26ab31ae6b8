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

    def convention(self, told: dict[str, Any], path: str, position: int) -> Dossier:
        log = self.log
        convention = shapes.CONVENTION.read(told, path, log)
        if not SLUG.fullmatch(convention.slug):
            log.wrong(f"{path}.id", "un identifiant de lettres, chiffres et tirets", told.get("id"))
        convention.short_title = convention.short_title or convention.title[:120] or convention.slug
        if told.get("short_title") in EMPTY:
            convention.kept = {**convention.kept, GENERATED: {"short_title": convention.short_title}}
        convention.nature = nature_of(convention.nature_words)
        dossier = Dossier(convention)
        if signature := self.object_in(told, "signature", path):
            shapes.SIGNATURE.read(signature, f"{path}.signature", log, into=convention)
        for here, each in self.items(told, "parties", path):
            party = shapes.PARTY.read(each, here, log)
            party.side = side_of(party.role, party.name)
            dossier.parties.append(self.placed(party, dossier.parties, convention))
        self.pieces(
            shapes.REFERENCE, told, "legal_references", path, dossier.references, convention=convention
        )
        self.pieces(shapes.ARTICLE, told, "articles", path, dossier.articles, convention=convention)
        self.clauses(told, path, dossier)
        self.payment(told, path, dossier)
        self.pieces(shapes.LISTED, told, "actions", path, dossier.actions, listed=True, convention=convention)
        return dossier

    def clauses(self, told: dict[str, Any], path: str, dossier: Dossier) -> None:
        for name, each in self.object_in(told, "clauses", path).items():
            if not isinstance(each, dict):
                self.log.drop(f"{path}.clauses.{name}", "un objet {text, article, deadline}", each)
                continue
            clause = shapes.CLAUSE.read(each, f"{path}.clauses.{name}", self.log)
            if len(name) > LONGEST_NAME:
                self.log.drop(f"{path}.clauses", f"des noms de {LONGEST_NAME} caractères au plus", name)
            clause.name = name[:LONGEST_NAME]
            dossier.clauses.append(self.placed(clause, dossier.clauses, dossier.convention))

    def payment(self, told: dict[str, Any], path: str, dossier: Dossier) -> None:
        if not (payment := self.object_in(told, "payment", path)):
            return
        dossier.convention.payment = {name: each for name, each in payment.items() if name != "actions"}
        if "actions" in payment and payment["actions"] in EMPTY:
            dossier.convention.payment["actions"] = payment["actions"]
        for here, each in self.items(payment, "actions", f"{path}.payment"):
            action: PlannedAction = shapes.PLANNED.read(each, here, self.log)
            action.codes = {
                name: each[name] for name in shapes.CODES if name in each and each[name] not in EMPTY
            }
            dossier.actions.append(self.placed(action, dossier.actions, dossier.convention))
