"""`python -m bench.load`: two hundred people at once on the base that the environment names, through gunicorn.

Bounded, on this machine alone: each person reads a page, waits as people do, reads another. Says requests a second, the
median, the slowest twentieth, and what was not answered; exits with 1 when anything failed.
"""

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from bench.fetching import ThroughServer, free_address, wait_for
from bench.measure import named
from bench.screens import SCREENS

ACCOUNTS = (
    "correspondant59",
    "correspondant13",
    "mairie",
    "operateur-a",
    "operateur-b",
    "national",
    "observateur",
)
# How often each is read, of a hundred pages.
MIX = {
    "Accueil": 14,
    "Suite de l’accueil": 10,
    "Sites prioritaires de l’accueil": 6,
    "Liste": 16,
    "Liste, recherche et filtres": 8,
    "Fiche": 18,
    "Dispositifs": 8,
    "Dispositif": 6,
    "Recherche partout": 6,
    "Sites de la carte": 3,
    "Tableau de bord d’un département": 3,
    "Activité": 2,
}
SEED = 11


@contextlib.contextmanager
def whole_server() -> Iterator[str]:
    """With its own settings: two workers of four threads, unless the environment says otherwise."""
    address = free_address()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:jalons.config.gunicorn",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen([*command, "--bind", address, "jalons.config.wsgi"], env=os.environ)
    try:
        wait_for(process, f"http://{address}/sante")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait()


class Reader(threading.Thread):
    """One person. `times`: seconds, by screen; `failures`: by status."""

    def __init__(
        self, fetcher: ThroughServer, paths: dict[str, str], *, number: int, wait: float, until: float
    ):
        super().__init__(daemon=True)
        self.fetcher, self.paths, self.wait, self.until = fetcher, paths, wait, until
        self.chance = random.Random(SEED + number)  # which page comes next
        self.times: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()

    def run(self) -> None:
        time.sleep(self.chance.uniform(0, self.wait))
        while time.monotonic() < self.until:
            screen = self.chance.choices(list(MIX), weights=list(MIX.values()))[0]
            start = time.monotonic()
            try:
                status = self.fetcher.fetch(self.paths[screen]).status
            except OSError as error:
                self.failures[type(error).__name__] += 1
            else:
                self.times[screen].append(time.monotonic() - start)
                # Not everybody may open everything: a refusal is an answer.
                if status >= 500:
                    self.failures[str(status)] += 1
            time.sleep(self.chance.uniform(0.5, 1.5) * self.wait)


def read_together(origin: str, *, users: int, seconds: int, wait: float) -> list[Reader]:
    names = named()
    paths = {screen.name: screen.path.format(**names) for screen in SCREENS if screen.name in MIX}
    fetchers = [
        ThroughServer(f"{ACCOUNTS[number % len(ACCOUNTS)]}@demo.example", origin) for number in range(users)
    ]
    until = time.monotonic() + seconds
    readers = [
        Reader(fetcher, paths, number=number, wait=wait, until=until)
        for number, fetcher in enumerate(fetchers)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return readers


def say(readers: list[Reader], seconds: int) -> int:
    by_screen: dict[str, list[float]] = defaultdict(list)
    failures: Counter[str] = Counter()
    for reader in readers:
        failures.update(reader.failures)
        for screen, times in reader.times.items():
            by_screen[screen] += times
    every = sorted(duration for times in by_screen.values() for duration in times)
    for screen, times in by_screen.items():
        print(f"{screen:35s} {len(times):5d}  médiane {1000 * statistics.median(times):6.0f} ms")
    late = every[round(0.95 * (len(every) - 1))]
    print(
        f"{len(every)} pages en {seconds} s\u00a0: {len(every) / seconds:.1f} par seconde, "
        f"médiane {statistics.median(every):.2f} s, p95 {late:.2f} s, échecs {dict(failures) or 'aucun'}"
    )
    return int(bool(failures))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load")
    parser.add_argument("--users", type=int, default=200, help="personnes à la fois (200)")
    parser.add_argument("--seconds", type=int, default=60, help="durée (60)")
    parser.add_argument(
        "--wait", type=float, default=6.0, help="secondes entre deux pages d’une personne (6)"
    )
    asked = parser.parse_args()
    with whole_server() as origin:
        readers = read_together(origin, users=asked.users, seconds=asked.seconds, wait=asked.wait)
    return say(readers, asked.seconds)


if __name__ == "__main__":
    sys.exit(main())
