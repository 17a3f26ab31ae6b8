"""How gunicorn serves Jalons: `gunicorn -c python:jalons.config.gunicorn jalons.config.wsgi`."""

import os
from pathlib import Path

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
