"""`make run`: prepares the database, serves Jalons here, and says where and with which accounts."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand

from jalons.core.tables import make_or_migrate

# Commands of apps above this one, known by name only.
PREPARATION = [("load_territories",), ("load_indicators",), ("demonstration", "--if-empty")]
ACCOUNTS = ("demonstration", "--accounts")


class Command(BaseCommand):
    help = (
        "Prépare la base, sert Jalons sur cette machine et affiche l’adresse et les comptes de démonstration."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        port = free_port(os.environ.get("JALONS_PORT") or "8000")
        self.stdout.write("Préparation de la base…")
        make_or_migrate()
        for command in PREPARATION:
            call_if_installed(*command)
        collect_static()
        # SIGINT too: a shell that starts this in the background has it ignored.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        server = start(port)
        try:
            wait_for(server, port)
            self.stdout.write(f"\nJalons est prêt : http://127.0.0.1:{port}/   (Ctrl-C pour arrêter)\n\n")
            call_if_installed(*ACCOUNTS)
            self.stdout.flush()
            server.wait()
        except KeyboardInterrupt:
            self.stdout.write("\nArrêt de Jalons.")
        finally:
            server.terminate()
            server.wait()


def free_port(wanted: str) -> int:
    """`wanted` as a port that nobody listens to."""
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise CommandError(f"JALONS_PORT doit être un nombre entre 1 et 65535, pas « {wanted} ».")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except OSError as error:
            raise CommandError(
                f"Le port {wanted} est déjà pris ou interdit, peut-être par un Jalons déjà lancé. "
                f"Arrêtez-le, ou prenez un autre port : JALONS_PORT={int(wanted) % 65535 + 1} make run"
            ) from error
    return int(wanted)


def call_if_installed(name: str, *args: str) -> None:
    if name in get_commands():
        call_command(name, *args)


def collect_static() -> None:
    """Collects, names and compresses the static files, unless none has changed since last time."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    state = sources_state()
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(state)


def sources_state() -> str:
    """Changes when a static file is added, removed or edited."""
    state = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda entry: entry[0]):
            stat = Path(storage.path(path)).stat()
            state.update(
                f"{getattr(storage, 'prefix', '')}/{path} {stat.st_size} {stat.st_mtime_ns}\n".encode()
            )
    return state.hexdigest()


def start(port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:jalons.config.gunicorn",
        "--log-level",
        "warning",
    ]
    environment = {
        **os.environ,
        "JALONS_BIND": f"127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    return subprocess.Popen([*command, "jalons.config.wsgi"], env=environment, cwd=settings.BASE_DIR)  # noqa: S603


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Returns once a page is really served, however slow the machine; fails when the server stops."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sante").close()
        except urllib.error.HTTPError:
            return  # it answers, even to say that something is wrong
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise CommandError("Le serveur n’a pas démarré : voyez les messages ci-dessus.")
