"""A provider that answers what a test wants: wrong names, wrong keys, no signature, nothing at all."""

import base64
import hmac
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey

GOOD, OTHER = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("bonne", "autre"))
Change = Callable[[dict[str, Any]], Any]


def unchanged(claims: dict[str, Any]) -> None:
    return None


def signed(claims: dict[str, Any], key: Any = GOOD, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "bonne", **header}, claims, key, algorithms=["RS256"])


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def unsigned(claims: dict[str, Any], alg: str = "none") -> str:
    return (
        ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": alg, "kid": "bonne"}, claims)) + "."
    )


def with_the_public_key_as_secret(claims: dict[str, Any]) -> str:
    """The known attack: HS256, keyed with what everybody can read."""
    text = unsigned(claims, "HS256").rstrip(".")
    return f"{text}.{encoded(hmac.digest(GOOD.as_pem(private=False), text.encode(), 'sha256'))}"


class Forger:
    """Serves discovery, keys, tokens and identity on loopback. What it changes is undone by `restore`."""

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            do_POST = do_GET

            def log_message(self, *args: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.restore()
        return self

    def __exit__(self, *exception: Any) -> None:
        self.server.shutdown()
        self.server.server_close()

    def restore(self) -> None:
        self.keys = [GOOD]
        self.sign: Callable[[dict[str, Any]], str] = signed
        self.change: Change = unchanged
        self.describe: Change = unchanged
        self.sign_identity: Callable[[dict[str, Any]], str] = signed
        self.kind, self.issued_by, self.nonce, self.status = "application/jwt", self.issuer, "", 200
        self.asked: list[str] = []

    def claims(self) -> dict[str, Any]:
        now = int(timezone.now().timestamp())
        return {
            "iss": self.issuer,
            "aud": "jalons",
            "sub": "forgé",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
        }

    def answer(self, request: Any) -> None:
        path = request.path.partition("?")[0]
        request.rfile.read(int(request.headers.get("Content-Length") or 0))
        self.asked.append(path)
        kind, content = self.content(path)
        request.send_response(self.status if path == "/token" else 200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def content(self, path: str) -> tuple[str, bytes]:
        if path == "/token":
            claims = self.claims()
            self.change(claims)
            return as_json({"access_token": "x", "id_token": self.sign(claims), "token_type": "Bearer"})
        if path == "/userinfo":
            claims = self.claims() | {"email": "camille@exemple.test", "email_verified": True}
            self.describe(claims)
            return self.kind, self.sign_identity(claims).encode()
        if path == "/jwks":
            return as_json({"keys": [key.as_dict(private=False) for key in self.keys]})
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        names |= {"userinfo_endpoint": "userinfo", "end_session_endpoint": "end"}
        return as_json(
            {"issuer": self.issued_by, **{name: f"{self.issuer}/{end}" for name, end in names.items()}}
        )


def as_json(content: dict[str, Any]) -> tuple[str, bytes]:
    return "application/json", json.dumps(content).encode()
