"""How gunicorn serves Jalons: `gunicorn -c python:jalons.config.gunicorn jalons.config.wsgi`."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

from jalons.config.private import close_to_others, data_dir

bind = os.environ.get("JALONS_BIND") or f"127.0.0.1:{os.environ.get('JALONS_PORT') or 8000}"
worker_class = "gthread"
workers = int(os.environ.get("JALONS_WORKERS") or 2)
threads = int(os.environ.get("JALONS_THREADS") or 4)
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20
keepalive = 5
# Workers are renewed now and then, not all at once, so that memory never drifts.
max_requests = 5000
max_requests_jitter = 500
# A heartbeat written on a slow disk would have healthy workers killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
umask = 0o077  # what the server writes is its owner's only
loaded = threading.Event()


def on_starting(server: Any) -> None:
    """Closes what is open in the folder of the data, attachments included; stops when it cannot."""
    if still_open := close_to_others(data_dir(), deep=True):
        sys.exit(
            f"{still_open[0]} est lisible par d’autres comptes, et Jalons ne peut pas le fermer ({len(still_open)} en "
            "tout). Rendez ces fichiers au compte qui lance Jalons, ou faites : chmod -R go-rwx "
            f"{data_dir()}"
        )


def post_fork(server: Any, worker: Any) -> None:
    """A worker that is slow to load gives signs of life meanwhile: it would be killed at `timeout`, and again."""
    threading.Thread(target=give_signs_of_life, args=(worker,), daemon=True).start()


def give_signs_of_life(worker: Any) -> None:
    while not loaded.wait(0.5):
        worker.notify()


def post_worker_init(worker: Any) -> None:
    loaded.set()
