"""What is timed that is not a page: the rules of a convention, importing one, a report, the open figures."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from resource import RUSAGE_SELF, getrusage

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.results import Result
from bench.screens import CORRESPONDENT, NATIONAL
from jalons.accounts.models import User
from jalons.conventions.alerts.rules import check
from jalons.conventions.dossier.from_base import file_of, read_dossier
from jalons.conventions.exchange.reading import read_file
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Convention
from jalons.core import clock
from jalons.editions.periods import period_of
from jalons.editions.registry import report_kinds
from jalons.editions.services.asking import ask_edition
from jalons.editions.services.making import written_files
from jalons.figures.areas import find_area
from jalons.history.services import Actor
from jalons.public.half_years import last_over
from jalons.public.preparing import prepare as prepare_open
from jalons.public.services import MOST_HALF_YEARS
from jalons.public.services import ask_edition as ask_open


@dataclass(frozen=True, slots=True)
class Work:
    """`prepare(names)` answers what is timed; nothing that it writes stays. `heavy`: once, as the worker does it."""

    name: str
    prepare: Callable[[Mapping[str, str]], Callable[[], object]]
    heavy: bool = False


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


def reporting(kind: str, area: str, email: str) -> Callable[[Mapping[str, str]], Callable[[], object]]:
    """A report of the last period that is over, in all its formats."""

    def prepare(names: Mapping[str, str]) -> Callable[[], object]:
        report, place = report_kinds()[kind], find_area(area)
        user = User.objects.get(email=email)
        by = Actor(user, user.active_memberships[0].organisation)
        if place is None:
            raise LookupError(area)

        def run() -> object:
            with transaction.atomic():
                period = period_of(report.rhythm, clock.paris_day()).before
                files = written_files(ask_edition(kind=report, area=place, period=period, by=by))
                transaction.set_rollback(True)
            return files

        return run

    return prepare


def opening(names: Mapping[str, str]) -> Callable[[], object]:
    """Counting, protecting and auditing as many half-years as one edition may hold."""
    user = User.objects.get(email=NATIONAL)
    by = Actor(user, user.active_memberships[0].organisation)

    def run() -> object:
        with transaction.atomic():
            last = last_over(clock.paris_day())
            first = last.back(MOST_HALF_YEARS - 1)
            edition = ask_open(first=first, last=last, known_on=clock.paris_day(), by=by)
            prepare_open(edition)
            transaction.set_rollback(True)
        return edition

    return run


WORKS = (
    Work("Tous les contrôles d’une convention", every_rule),
    Work("Import d’une convention", importing),
    Work(
        "Observatoire d’un département",
        reporting("observatoire", "departement-59", CORRESPONDENT),
        heavy=True,
    ),
    Work("Pack COPIL d’un département", reporting("copil", "departement-59", CORRESPONDENT), heavy=True),
    Work("Bilan semestriel de la France", reporting("bilan", "nation", NATIONAL), heavy=True),
    Work("Chiffres ouverts de quatorze semestres", opening, heavy=True),
)


def time_work(work: Work, names: Mapping[str, str], runs: int) -> Result:
    result = Result(work.name, "–")
    run = work.prepare(names)
    if work.heavy:
        with result.timed():
            run()
        result.memory = (
            getrusage(RUSAGE_SELF).ru_maxrss / 1024
        )  # of the whole process, whatever it did before
        return result
    run()
    for _ in range(runs):
        with result.timed():
            run()
    with CaptureQueriesContext(connection) as queries:
        run()
    result.queries = len(queries)
    return result
