"""Jalons in a process of its own: `python -m tests.core.apart prepare`, then `ask` as many times as one wants.

`ask` reads questions on its standard input, one a line, and answers each on one line, in JSON: a process that stays
is the only way to see whether it recovers by itself.
"""

import json
import os
import re
import sys
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.core.apart_settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from django.test import Client  # noqa: E402

from tests import factories  # noqa: E402

PHRASE = "Trois familles arrivées hier"
SESSION_NAME = "sessionid"


def prepare() -> dict[str, Any]:
    """A site, the person who follows it, and their session."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    cast, site = factories.make_cast(), factories.make_site("Rue du Moulin")
    client = Client()
    client.force_login(cast.correspondent59, factories.BACKEND)
    return {"session": client.cookies[SESSION_NAME].value, "site": site.public_id}


def answered(question: dict[str, Any]) -> dict[str, Any]:
    """`get` or `post` an address with the session given; what a test wants to know of the answer."""
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.cookies[SESSION_NAME] = question["session"]
    close_old_connections()  # as a server does before each request; the client of the tests does not
    read, written = question.get("get"), question.get("post")
    answer = client.post(written, question["data"]) if written else client.get(read)
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    page = text.decode(errors="replace")
    title = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return {"status": answer.status_code, "title": title[1] if title else "", "page": page}


def main() -> None:
    if sys.argv[1] == "prepare":
        print(json.dumps(prepare()))
        return
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
