"""`python -m bench.writers`: many people save at once on SQLite, where one at a time writes. How long do they wait?

A real server, as deployed, on a copy of the demonstration; each writer sends one kind of form, over and over. Nothing
of what the bench writes stays. Exits with 1 when an answer is a failure of the server.
"""

import argparse
import contextlib
import datetime as dt
import itertools
import os
import random
import secrets
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from django.utils.module_loading import import_string

from bench import bases

DEMONSTRATION = bases.Size(80, 30, 40, 24, 0, 10)
CORRESPONDENT, COUNCIL = "correspondant59@demo.example", "departement59@demo.example"


@dataclass(frozen=True)
class Post:
    """One form of one person: `next_one` answers the address and what is typed, anew each time."""

    kind: str
    email: str
    next_one: Callable[[], tuple[str, Mapping[str, str]]]


@dataclass
class Waits:
    """What one kind of form met: seconds until each answer, and the statuses."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def failures(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)

    def __add__(self, other: "Waits") -> "Waits":
        return Waits(self.seconds + other.seconds, self.statuses + other.statuses)

    def line(self, kind: str) -> str:
        """A line of the table; durations as people read them."""
        ranked = sorted(self.seconds)
        times = (statistics.median(ranked), ranked[int(len(ranked) * 0.95)], ranked[-1])
        shown = " | ".join(f"{each:.2f} s".replace(".", ",") for each in times)
        saved = self.statuses[302]
        refused = sum(self.statuses.values()) - saved - self.failures
        return f"| {kind} | {saved} | {refused} | {self.failures} | {shown} |"


HEAD = (
    "| Formulaire | Enregistrés | Refusés | Erreurs 5xx | Médiane | 95 % | Le plus lent |\n"
    "|---|---|---|---|---|---|---|"
)


def table(waits: Mapping[str, Waits]) -> str:
    whole = sum(waits.values(), Waits())
    lines = [each.line(kind) for kind, each in sorted(waits.items()) if each.seconds]
    return "\n".join([HEAD, *lines, whole.line("Ensemble")])


def locks(journal: Path) -> str:
    """What `bench.watched` wrote of each transaction, in words."""
    rows = [[float(word) for word in line.split()] for line in journal.read_text().splitlines()]
    return "\n".join(
        f"{name} : {', '.join(spread)} ({len(rows)} transactions)."
        for name, column in (("Attente du verrou", 0), ("Verrou tenu", 1), ("dont calcul", 2))
        if (spread := spread_of([row[column] for row in rows]))
    )


def spread_of(seconds: Sequence[float]) -> list[str]:
    ranked = sorted(seconds)
    if not ranked:
        return []
    shown = (statistics.median(ranked), ranked[int(len(ranked) * 0.95)], ranked[-1])
    names = ("médiane", "95 %", "le plus")
    return [f"{name} {each * 1000:.0f} ms" for name, each in zip(names, shown, strict=True)]


def posts(count: int) -> Iterator[Post]:
    """Four kinds in turn, each on things of its own as far as there are."""
    sites = import_string("jalons.sites.models.Site").objects.open_on().filter(commune__departement="59")
    places = itertools.cycle(sites.order_by("pk").values_list("public_id", flat=True)[:count])
    reports, cells = itertools.cycle(running()), itertools.cycle(boxes())
    for rank in range(count):
        if rank % 4 == 0:
            yield survey(next(places))
        elif rank % 4 == 1:
            yield follow_up(*next(reports))
        elif rank % 4 == 2:
            yield figure(*next(cells))
        else:
            yield comment(next(places))


def running() -> list[tuple[str, str]]:
    """Dispositifs followed by one operator, with the account that told of them last."""
    models = import_string("django.db.models")
    told = import_string("jalons.actions.models.Action").objects.in_progress()
    told = told.annotate(
        tellers=models.Count("follow_ups__reporter", distinct=True),
        email=models.Max("follow_ups__author__email"),
    )
    return list(told.filter(tellers=1).order_by("pk").values_list("public_id", "email"))


def boxes() -> list[tuple[str, str]]:
    """A cell of what was done, for each sheet of the convention of the demonstration: address and name of the box."""
    convention = import_string("jalons.conventions.models.Convention").objects.get(slug="calpae-2022")
    found = []
    for sheet in convention.commitments.order_by("position"):
        row = sheet.rows.filter(dropped=False).order_by("position").first()
        column = (
            sheet.columns.filter(dropped=False, measure__in=("realise", "bilan")).order_by("position").last()
        )
        if row and column:
            found.append(
                (
                    f"/conventions/{convention.slug}/fiches/{sheet.public_id}/indicateurs/",
                    f"c-{row.pk}-{column.pk}",
                )
            )
    return found


def survey(site: str) -> Post:
    days = itertools.count(1)

    def typed() -> tuple[str, Mapping[str, str]]:
        on = f"{dt.date.today() - dt.timedelta(days=next(days) % 300):%d/%m/%Y}"
        told = {"observed_on": on, "source_kind": "operator", "reliability": "2"}
        return f"/sites/{site}/recensements/nouveau/", {**told, "people": str(random.randint(20, 60))}

    return Post("Recensement", CORRESPONDENT, typed)


def follow_up(action: str, email: str) -> Post:
    days = itertools.count(1)

    def typed() -> tuple[str, Mapping[str, str]]:
        on = f"{dt.date.today() - dt.timedelta(days=next(days)):%d/%m/%Y}"
        return f"/dispositifs/{action}/suivi/nouveau/", {"on": on, "comment_public": "Deux familles de plus."}

    return Post("Point de suivi", email, typed)


def figure(address: str, box: str) -> Post:
    numbers = itertools.count(random.randint(1000, 9000))
    return Post("Case d’une fiche-action", COUNCIL, lambda: (address, {box: str(next(numbers))}))


def comment(site: str) -> Post:
    numbers = itertools.count(1)
    return Post(
        "Commentaire",
        CORRESPONDENT,
        lambda: (f"/commentaires/site/{site}/", {"text": f"Passage numéro {next(numbers)}."}),
    )


class Writer(threading.Thread):
    """Saves until it is time to stop. The session and the key against forged forms are those of a browser."""

    def __init__(self, post: Post, origin: str, session: Mapping[str, str], until: float) -> None:
        super().__init__()
        self.post, self.origin, self.until = post, origin, until
        self.waits = Waits()
        token = secrets.token_hex(16)
        cookies = {**session, "csrftoken": token}
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.opener = urllib.request.build_opener(import_string("bench.fetching.Stay"))

    def run(self) -> None:
        while time.monotonic() < self.until:
            path, typed = self.post.next_one()
            body = urllib.parse.urlencode({**typed, "submission_key": str(uuid.uuid4())}).encode()
            start = time.monotonic()
            status = self.send(urllib.request.Request(self.origin + path, body, self.headers))
            self.waits.seconds.append(time.monotonic() - start)
            self.waits.statuses[status] += 1

    def send(self, request: urllib.request.Request) -> int:
        try:
            with self.opener.open(request) as answer:
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.read()
            return error.code


@contextlib.contextmanager
def served(journal: Path) -> Iterator[str]:
    """Gunicorn as it is deployed: two processes of four threads. Gives its origin."""
    address = import_string("bench.fetching.free_address")()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:jalons.config.gunicorn"]
    command += ["--log-level", "error", "bench.watched:application"]
    environment = {**os.environ, "JALONS_BIND": address, "BENCH_LOCKS": str(journal)}
    process = subprocess.Popen(command, cwd=bases.ROOT, env=environment)
    try:
        import_string("bench.fetching.wait_for")(process, f"http://{address}/sante")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait()


def measured(plans: Sequence[Post], seconds: float, journal: Path) -> dict[str, Waits]:
    signed_in = import_string("bench.fetching.signed_in")
    sessions: dict[str, Any] = {}
    for email in {plan.email for plan in plans}:
        sessions[email] = {name: each.value for name, each in signed_in(email).cookies.items()}
    with served(journal) as origin:
        until = time.monotonic() + seconds
        writers = [Writer(plan, origin, sessions[plan.email], until) for plan in plans]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    found: dict[str, Waits] = {}
    for writer in writers:
        found[writer.post.kind] = found.get(writer.post.kind, Waits()) + writer.waits
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.writers", description=__doc__)
    parser.add_argument("--writers", type=int, default=40, help="personnes qui enregistrent à la fois (40)")
    parser.add_argument("--seconds", type=float, default=20, help="pendant combien de secondes (20)")
    asked = parser.parse_args(arguments)
    os.environ.pop("DATABASE_URL", None)
    folder = bases.prepare_sqlite(DEMONSTRATION)
    os.environ |= {"JALONS_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    try:
        django.setup()
        journal = folder / "locks.txt"
        journal.touch()
        waits = measured(list(posts(asked.writers)), asked.seconds, journal)
        print(table(waits), locks(journal), sep="\n\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(any(each.failures for each in waits.values()))


if __name__ == "__main__":
    sys.exit(main())
