"""A real mail server on this machine, for as long as a test."""

import contextlib
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message


class Mailbox(Message):
    """Keeps what the server receives."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.received.append(message_from_bytes(message.as_bytes(), policy=policy.default))


@contextlib.contextmanager
def serving(mailbox: Mailbox, settings: Any) -> Iterator[Mailbox]:
    """Django's e-mails go to `mailbox`, through SMTP."""
    # Port 0 lets the system choose; the controller's own check needs a fixed one.
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    point_to(settings, controller.port)
    try:
        yield mailbox
    finally:
        controller.stop()


def point_to(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
