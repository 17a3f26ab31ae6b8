"""Speaking OpenID Connect with ProConnect: addresses and keys, the exchange of a code, reading what it signed.

What comes back is foreign until it is checked: bounded in size and time, signed by a key that the issuer publishes,
for us, by it, now, and for this very try. Nothing here knows accounts. See docs/adr/0036.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings
from django.core.cache import cache
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# With a pair of keys only: neither « none », nor a secret that a stranger could take for a key.
ALGORITHMS = ["RS256", "PS256", "ES256"]
SCOPES = "openid given_name usual_name email siret"
MOST_BYTES = 256 * 1024
LIFE = 3600  # seconds that addresses and keys are believed; an unknown key has them read again
SKEW = 60  # seconds between two clocks
LONGEST_SUB = 255
# What says that two proofs were asked: names of ProConnect and of the eIDAS regulation, and RFC 8176.
STRONG_ACR = frozenset(
    [
        "eidas2",
        "eidas3",
        "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
        "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
        "https://proconnect.gouv.fr/assurance/certification-dirigeant-2fa",
    ]
)
STRONG_AMR = "mfa"


class ProviderUnreachable(Exception):
    """It does not answer, or too late, or not what the standard says."""


class SignInRefused(Exception):
    """What it answered does not hold; the message is for the journal."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in, kept in the session until the answer: each of the three is of no use to anybody else."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Try":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(64))


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in there. `siret`: of their employer, only a suggestion. `strong`: two proofs were asked."""

    sub: str
    email: str
    name: str
    siret: str
    strong: bool
    id_token: str


def addresses(*, again: bool = False) -> dict[str, Any]:
    """The discovery document, and its keys under `keys`. Cached for a while in each process."""
    issuer, place = settings.PROCONNECT_ISSUER, f"proconnect:{settings.PROCONNECT_ISSUER}"
    if not again and (known := cache.get(place)):
        return known
    document = fetched("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration").json_object()
    if document.get("issuer") != issuer:
        raise SignInRefused(f"the discovery document is of {document.get('issuer')!r}")
    document["keys"] = fetched("GET", text_of(document, "jwks_uri")).json_object()
    cache.set(place, document, LIFE)
    return document


@dataclass(frozen=True, slots=True)
class Answer:
    content: bytes
    kind: str

    def json_object(self) -> dict[str, Any]:
        try:
            read = httpx.Response(200, content=self.content).json()
        except (ValueError, RecursionError) as error:
            raise ProviderUnreachable("not JSON") from error
        if not isinstance(read, dict):
            raise ProviderUnreachable("not an object")
        return read


def fetched(method: str, url: str, **options: Any) -> Answer:
    """Neither redirected, nor longer than `MOST_BYTES`, nor slower than the setting says."""
    try:
        with (
            httpx.Client(
                timeout=settings.PROCONNECT_TIMEOUT, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(method, url, **options) as response,
        ):
            content = bounded(response)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ProviderUnreachable(f"{method} {url}: {type(error).__name__}") from error
    if response.status_code >= 500:
        raise ProviderUnreachable(f"{method} {url}: {response.status_code}")
    if response.status_code != 200:
        raise SignInRefused(f"{method} {url}: {response.status_code}")
    return Answer(content, response.headers.get("Content-Type", ""))


def bounded(response: httpx.Response) -> bytes:
    """A slow answer is cut as a whole, not between two bytes."""
    content, until = bytearray(), time.monotonic() + settings.PROCONNECT_TIMEOUT
    for piece in response.iter_bytes():
        content += piece
        if len(content) > MOST_BYTES or time.monotonic() > until:
            raise ValueError("too long")
    return bytes(content)


def text_of(document: Mapping[str, Any], name: str) -> str:
    address = document.get(name)
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        raise ProviderUnreachable(f"no {name}")
    return address


def authorization_url(started: Try, *, redirect_uri: str) -> str:
    """Where the browser goes to sign in."""
    challenge = (
        base64.urlsafe_b64encode(hashlib.sha256(started.verifier.encode()).digest()).rstrip(b"=").decode()
    )
    query = {
        "response_type": "code",
        "client_id": settings.PROCONNECT_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "claims": '{"id_token":{"amr":null,"acr":null}}',
    }
    return f"{text_of(addresses(), 'authorization_endpoint')}?{urlencode(query)}"


def who_signed_in(started: Try, *, code: str, redirect_uri: str) -> Person:
    """Exchanges the code, which serves once, and reads who it is. Raises `ProviderUnreachable` or `SignInRefused`."""
    known = addresses()
    tokens = fetched(
        "POST",
        text_of(known, "token_endpoint"),
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": started.verifier,
            "client_id": settings.PROCONNECT_CLIENT_ID,
            "client_secret": settings.PROCONNECT_SECRET,
        },
    ).json_object()
    id_token, access = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access, str):
        raise SignInRefused("no token")
    claims = checked(id_token, essential=("exp", "iat", "sub", "nonce"))
    if not hmac.compare_digest(str(claims["nonce"]).encode(), started.nonce.encode()):
        raise SignInRefused("the nonce is of another try")
    answer = fetched(
        "GET", text_of(known, "userinfo_endpoint"), headers={"Authorization": f"Bearer {access}"}
    )
    if not answer.kind.startswith("application/jwt"):
        raise SignInRefused("the identity is not signed")
    described = checked(answer.content.decode("ascii", "replace").strip(), essential=("sub",))
    if described["sub"] != claims["sub"]:
        raise SignInRefused("the identity is of another person")
    return person_of(claims, described, id_token)


def checked(token: str, *, essential: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token signed by the issuer, for us, and still in time. Raises `SignInRefused`."""
    claims = signed_claims(token)
    wanted: dict[str, Any] = {name: {"essential": True} for name in essential}
    rules = jwt.JWTClaimsRegistry(
        now=lambda: int(time.time()),
        leeway=SKEW,
        iss={"essential": True, "value": settings.PROCONNECT_ISSUER},
        aud={"essential": True, "value": settings.PROCONNECT_CLIENT_ID},
        **wanted,
    )
    try:
        rules.validate(claims)
    except (JoseError, TypeError, ValueError) as error:
        raise SignInRefused(f"{type(error).__name__}: {error}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != settings.PROCONNECT_CLIENT_ID:
        raise SignInRefused("the token was made for another application")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUB:
        raise SignInRefused("no name")
    return claims


def signed_claims(token: str) -> dict[str, Any]:
    """By a key that the issuer publishes now: those we knew, or those read again when the token names another."""
    for again in (False, True):
        published = addresses(again=again)["keys"]
        try:
            keys = KeySet.import_key_set(published)
            header = jws.extract_compact(token.encode()).headers()
            if header.get("kid") not in {key.kid for key in keys}:
                continue
            return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused(f"{type(error).__name__}: {error}") from error
    raise SignInRefused("signed with an unknown key")


def person_of(claims: Mapping[str, Any], described: Mapping[str, Any], id_token: str) -> Person:
    """`described`: the claims of the identity. Only an address said to be wrong is left out: ProConnect says nothing of
    the others, and none is enough by itself (see `views.confirm`)."""

    def text(name: str) -> str:
        value = described.get(name)
        return value.strip()[:254] if isinstance(value, str) else ""

    methods = claims.get("amr")
    strong = claims.get("acr") in STRONG_ACR or (isinstance(methods, list) and STRONG_AMR in methods)
    return Person(
        sub=claims["sub"],
        email="" if described.get("email_verified") is False else text("email").lower(),
        name=" ".join(filter(None, (text("given_name"), text("usual_name") or text("family_name")))),
        siret=text("siret"),
        strong=strong,
        id_token=id_token,
    )


def sign_out_url(id_token: str, *, after: str) -> str:
    """Where the browser goes to be signed out there too. Raises `ProviderUnreachable`, or
    `SignInRefused` when the provider does not say where.
    """
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": after, "state": secrets.token_urlsafe(16)}
    return f"{text_of(addresses(), 'end_session_endpoint')}?{urlencode(query)}"
