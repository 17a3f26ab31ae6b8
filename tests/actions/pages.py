"""What the tests of the pages of dispositifs share: what is sent, what is read."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.actions.models import Action
from tests.factories import BACKEND
from tests.forms import form_to


def signed(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def url(action: Action, end: str = "") -> str:
    return f"/dispositifs/{action.public_id}/{end}"


def sent(client: Client, address: str, /, **typed: Any) -> dict[str, Any]:
    """What a browser would send: the form of the page, with what a person typed (« a__b » is « a-b »)."""
    form = form_to(client.get(address), address.partition("?")[0])
    data = form.filled({name.replace("__", "-"): value for name, value in typed.items()})
    data.setdefault("submission_key", [str(uuid.uuid4())])
    return data


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request)).replace("\u00a0", " ")


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    text = str(answer.content.decode())
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def queries(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        call()
    return len(found)
