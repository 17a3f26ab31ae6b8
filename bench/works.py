"""What is timed that is not a page: all the rules of a convention, importing one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.results import Result
from jalons.conventions.alerts.rules import check
from jalons.conventions.dossier.from_base import file_of, read_dossier
from jalons.conventions.exchange.reading import read_file
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Convention


@dataclass(frozen=True, slots=True)
class Work:
    """`prepare(names)` answers what is timed; nothing that it writes stays."""

    name: str
    prepare: Callable[[Mapping[str, str]], Callable[[], object]]


def every_rule(names: Mapping[str, str]) -> Callable[[], object]:
    """Reading the convention counts: a check starts from the base."""

    def run() -> object:
        return check(read_dossier(Convention.objects.get(slug=names["convention"])))

    return run


def importing(names: Mapping[str, str]) -> Callable[[], object]:
    """A file of 20 sheets, 300 rows and 1,200 values that the base does not have yet."""
    file = file_of(names["convention"])
    if file is None:
        raise LookupError(names["convention"])
    slug = "essai-import"
    content = json.dumps(write_file(file), default=float).replace(names["convention"], slug).encode()

    def run() -> object:
        with transaction.atomic():
            stored = store_file(file=read_file(content).file, by=transcriber(), name=slug, content=content)
            transaction.set_rollback(True)
        return stored

    return run


WORKS = (
    Work("Tous les contrôles d’une convention", every_rule),
    Work("Import d’une convention", importing),
)


def time_work(work: Work, names: Mapping[str, str], runs: int) -> Result:
    result = Result(work.name, "–")
    run = work.prepare(names)
    run()
    for _ in range(runs):
        with result.timed():
            run()
    with CaptureQueriesContext(connection) as queries:
        run()
    result.queries = len(queries)
    return result
