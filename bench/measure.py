"""Times the screens on the base that the environment names. Django must be ready before this is imported."""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

from django.db import connection
from django.db.models import Count, Max
from django.test.utils import CaptureQueriesContext

from bench.families import accompanied
from bench.fetching import Answer, Fetcher, InProcess
from bench.pace import pace
from bench.results import Result
from bench.screens import DAYS_TOLD, OPENING, SCREENS, Screen, register_code
from bench.works import WORKS, time_work
from jalons.actions.models import Action
from jalons.conventions.models import Convention
from jalons.sites.models import Site

WARM_UPS = 3
NOT_WRITTEN = "pas encore écrit (404)"


def named() -> dict[str, str]:
    """What the screens name: dates, the site that was counted most often, a dispositif with its operator."""
    nord = Site.objects.open_on().filter(commune__departement="59").annotate(counts=Count("surveys"))
    today = dt.date.today()
    return {
        "year_ago": (today - dt.timedelta(days=365)).isoformat(),
        "last_year": str(today.year - 1),
        "site": nord.order_by("-counts", "pk").values_list("public_id", flat=True)[0],
        **followed(),
        **agreed(),
        **accompanied(),
    }


def agreed() -> dict[str, str]:
    """The last invented convention of the Nord, its first sheet; the real one when none was invented."""
    of_the_north = Convention.objects.filter(departement="59").order_by("-year", "-pk")
    convention = of_the_north[0]
    sheet = convention.commitments.order_by("position")[0]
    return {"convention": convention.slug, "sheet": sheet.public_id}


def followed() -> dict[str, str]:
    """The dispositif of the Nord with the most to show, and one that its only operator is late to fill in."""
    running = Action.objects.in_progress().filter(departement="59")
    told = running.annotate(reports=Count("follow_ups"), last=Max("follow_ups__valid_on"))
    most = told.order_by("-reports", "-pk")[0]
    alone = told.annotate(
        reporters=Count("follow_ups__reporter", distinct=True),
        email=Max("follow_ups__author__email"),
    )
    free = dt.date.today() - dt.timedelta(days=DAYS_TOLD)
    late = alone.filter(reporters=1, last__lt=free).order_by("-reports", "-pk")[0]
    return {"action": most.public_id, "late": late.public_id, "operator": late.email}


def problem_of(answer: Answer, *, posted: bool) -> str:
    """Why an answer is not one to be timed; empty when it is."""
    if answer.status == 404:
        return NOT_WRITTEN
    if answer.status in (301, 302, 303):
        return "" if posted else f"renvoi vers {answer.location}"
    if answer.status == 200:
        return "refusé : le formulaire revient" if posted else ""
    return f"erreur {answer.status}"


def time_screens(
    fetcher_of: Callable[[str], Fetcher], *, runs: int, exports: int, only: str
) -> Iterable[Result]:
    names = named()
    for screen in SCREENS:
        if any(part in screen.name.lower() for part in only.lower().split(",")):
            for user in (user.format(**names) for user in screen.users):
                result = Result(screen.name, user.partition("@")[0], pace=pace())
                path = screen.path.format(**names)
                if screen.heavy:
                    time_apart(result, path, user, runs=exports)
                else:
                    time_screen(result, screen, path, fetcher_of(user), runs)
                yield result
    for work in WORKS:
        if any(part in work.name.lower() for part in only.lower().split(",")):
            yield replace(time_work(work, names, exports), pace=pace())


def time_screen(result: Result, screen: Screen, path: str, fetcher: Fetcher, runs: int) -> None:
    if screen.sealed:
        fetcher.fetch(OPENING, register_code(fetcher.fetch(OPENING, keep=True).body.decode()))
    for run in range(WARM_UPS + runs):
        data = None
        if screen.fill:
            page = fetcher.fetch(path, keep=True)
            result.problem = problem_of(page, posted=False)
            if result.problem:
                return
            data = screen.fill(page.body.decode())
        if run == WARM_UPS:
            result.times, result.work = [], []
        with result.timed():
            answer = fetcher.fetch(path, data)
        result.problem = problem_of(answer, posted=data is not None)
        if result.problem:
            return
    result.size, result.compressed = answer.size, answer.compressed
    if isinstance(fetcher, InProcess) and not screen.fill:
        with CaptureQueriesContext(connection) as queries:
            fetcher.fetch(path)
        result.queries = len(queries)


# --- exports ---------------------------------------------------------------------------------------------------


def time_apart(result: Result, path: str, user: str, *, runs: int) -> None:
    """In a process of its own, whose peak of memory is then that of the export."""
    command = [sys.executable, "-m", "bench.worker", "export", "--path", path, "--user", user]
    found = subprocess.run([*command, "--runs", str(runs)], capture_output=True, text=True, env=os.environ)
    if found.returncode:
        result.problem = f"erreur : {(found.stderr.strip().splitlines() or ['?'])[-1]}"
        return
    for name, value in json.loads(found.stdout.splitlines()[-1]).items():
        setattr(result, name, value)


class Memory(threading.Thread):
    """The most memory of its own that this process held, in megabytes.

    The pages of the base that SQLite maps (`mmap_size`) are the system's: the kernel counts them in the
    resident size, so we sample the anonymous part. Where there is no /proc, the whole resident peak.
    """

    STATUS = Path("/proc/self/status")
    EVERY = 0.02  # seconds

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.over = 0.0, threading.Event()

    def __enter__(self) -> "Memory":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.join()
        if not self.peak:
            self.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def run(self) -> None:
        while self.STATUS.exists():
            lines = self.STATUS.read_text().splitlines()
            held = next((line.split()[1] for line in lines if line.startswith("RssAnon")), "0")
            self.peak = max(self.peak, int(held) / 1024)
            if self.over.wait(self.EVERY):
                break


def whole_file(fetcher: Fetcher, path: str) -> Answer:
    """The file, even when the worker has to make it: here the work is done as it is asked for."""
    answer = fetcher.fetch(path)
    asking, _, asked = answer.location.partition("?demande=")
    if asked:
        ready = fetcher.fetch(asking, {"demande": urllib.parse.unquote(asked)})
        answer = fetcher.fetch(f"{ready.location}fichier")
    return answer


def export_here(path: str, user: str, runs: int) -> str:
    """What `time_apart` reads."""
    result, fetcher = Result("", ""), InProcess(user)
    with Memory() as memory:
        for _ in range(runs):
            with result.timed():
                answer = whole_file(fetcher, path)
            result.problem = problem_of(answer, posted=False)
            if result.problem:
                break
            result.size, result.compressed = answer.size, answer.compressed
    result.memory = memory.peak
    return json.dumps(
        {name: value for name, value in asdict(result).items() if name not in ("screen", "user", "pace")}
    )
