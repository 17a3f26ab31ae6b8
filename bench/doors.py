"""`python -m bench.doors`: do the doors answer a known address and an unknown one in the same time?

Each public form that takes an address is sent as many times with that of an open account, of an account that was never
opened, and of nobody, in an order drawn anew each time. On SQLite; on the base of DATABASE_URL when it is named
(`scripts/postgres .venv/bin/python -m bench.doors`), which is filled and must be empty. Tasks wait for a worker, as in
production. Exits with 1 when two medians of processor time are more than `MOST_APART` apart.
"""

import argparse
import contextlib
import itertools
import os
import random
import shutil
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import django
from django.utils.module_loading import import_string

from bench import bases

SMALL = bases.Size(80, 30, 40, 24, 0, 10)
MOST_APART = 0.05
OPEN, INVITED, UNKNOWN = "compte ouvert", "jamais ouvert", "inconnue"
KINDS = (OPEN, INVITED, UNKNOWN)
# As production has them.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@dataclass(frozen=True, slots=True)
class Door:
    """A form for people who are not signed in: what is typed for an address, and the status of its answer."""

    name: str
    path: str
    typed: Callable[[str], Mapping[str, str]]
    status: int = 302


@dataclass(slots=True)
class Times:
    """Milliseconds of each answer: on the wall, and of the processor, which a busy machine hardly moves."""

    wall: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)


def request_for_access(email: str) -> dict[str, str]:
    return {
        "name": "Lou Nouvelle",
        "email": email,
        "organisation": "Association du banc d’essai",
        "not_listed": "on",
        "organisation_kind": "association",
        "territory": "Lille (59350)",
        "duties": "Médiation en santé.",
        "purpose": "Suivre les sites où nous intervenons.",
    }


def address_alone(email: str) -> dict[str, str]:
    return {"email": email}


DOORS = (
    Door("Demander un accès", "/demande-acces/", request_for_access),
    Door("Mot de passe oublié", "/mot-de-passe/oublie/", address_alone),
    Door("Lien pour se connecter", "/connexion/lien/", address_alone),
    Door("Renvoi de l’activation", "/activation/nouveau/", address_alone),
    Door(
        "Mot de passe faux",
        "/connexion/",
        lambda email: {"username": email, "password": "pas le bon mot de passe"},
        status=200,
    ),
)


def make_accounts(count: int) -> dict[str, list[str]]:
    """Addresses of one length, whatever they are of: the accounts are made, the others are not."""
    user_model = import_string("jalons.accounts.models.User")
    hashed = import_string("django.contrib.auth.hashers.make_password")
    passwords = {OPEN: hashed("une phrase que personne ne connaît"), INVITED: hashed(None)}
    addresses = {
        kind: [f"porte{rank}{number:04}@banc.example" for number in range(count)]
        for rank, kind in enumerate(KINDS)
    }
    for kind, password in passwords.items():
        user_model.objects.bulk_create(
            user_model(email=email, name="Personne du banc", password=password) for email in addresses[kind]
        )
    return addresses


def measured(
    door: Door, addresses: Mapping[str, Sequence[str]], tries: int, warm_ups: int = 5
) -> dict[str, Times]:
    client = import_string("django.test.Client")()
    drawn, places = random.Random(door.path), itertools.count(1)
    times: dict[str, Times] = defaultdict(Times)
    for number in range(warm_ups + tries):
        for kind in drawn.sample(KINDS, len(KINDS)):
            place = next(places)  # each from elsewhere: too many from one place are refused
            origin: dict[str, Any] = {
                "REMOTE_ADDR": f"10.{place // 65536}.{place // 256 % 256}.{place % 256}"
            }
            typed = door.typed(addresses[kind][number])
            wall, work = time.perf_counter(), time.process_time()
            answer = client.post(door.path, typed, **origin)
            spent = (time.perf_counter() - wall, time.process_time() - work)
            if answer.status_code != door.status:
                sys.exit(f"{door.name}, adresse {kind} : réponse {answer.status_code}.")
            if number >= warm_ups:
                times[kind].wall.append(spent[0] * 1000)
                times[kind].work.append(spent[1] * 1000)
    return times


def apart(times: Mapping[str, Times]) -> float:
    """How far the medians of processor time are from each other, against the smallest."""
    medians = [statistics.median(each.work) for each in times.values()]
    return max(medians) / min(medians) - 1


def line(door: Door, times: Mapping[str, Times]) -> str:
    cells = [
        f"{statistics.median(times[kind].work):.2f} ({statistics.median(times[kind].wall):.2f})"
        for kind in KINDS
    ]
    return f"| {door.name} | {' | '.join(cells)} | {apart(times) * 100:.1f} % |".replace(".", ",")


HEAD = (
    "Médianes en millisecondes de processeur (d’horloge) pour une adresse :\n\n"
    f"| Porte | {' | '.join(KINDS)} | Écart |\n|---|---|---|---|---|"
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.doors", description=__doc__)
    parser.add_argument(
        "--tries", type=int, default=200, help="essais par porte et par sorte d’adresse (200)"
    )
    asked = parser.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    with contextlib.ExitStack() as stack:
        if os.environ.get("DATABASE_URL"):
            bases.prepare_postgres(SMALL)
        else:
            folder = bases.prepare_sqlite(SMALL)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            os.environ["JALONS_DATA_DIR"] = str(folder)
        django.setup()
        stack.enter_context(import_string("django.test.override_settings")(TASKS=TASKS))
        addresses = make_accounts(asked.tries + 5)
        print(HEAD, flush=True)
        gaps = []
        for door in DOORS:
            times = measured(door, addresses, asked.tries)
            gaps.append(apart(times))
            print(line(door, times), flush=True)
    return int(max(gaps) > MOST_APART)


if __name__ == "__main__":
    sys.exit(main())
