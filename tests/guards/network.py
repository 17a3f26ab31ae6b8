"""No test leaves the machine."""

import socket
from typing import Any

LOOPBACK = ("localhost", "::1", "", None, socket.gethostname())


class NetworkError(AssertionError):
    pass


def check(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in LOOPBACK and not str(name).startswith("127."):
        raise NetworkError(f"un test a voulu joindre {name} : rien ne sort de la machine")


def forbid() -> None:
    """From now on, resolving a name or connecting anywhere but here fails."""
    resolve = socket.getaddrinfo

    class LocalSocket(socket.socket):
        def connect(self, address: Any, /) -> None:
            self._check(address)
            super().connect(address)

        def connect_ex(self, address: Any, /) -> int:
            self._check(address)
            return super().connect_ex(address)

        def sendto(self, *args: Any) -> int:  # type: ignore[override]
            self._check(args[-1])
            return super().sendto(*args)

        def _check(self, address: Any) -> None:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                check(address[0])

    def resolve_here(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return resolve(host, *args, **kwargs)

    socket.socket = LocalSocket  # type: ignore[misc]
    socket.getaddrinfo = resolve_here
