"""A real provider started once, and a forger that signs whatever a test wants."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.proconnect.forger import Forger

HERE = Path(__file__).parent
BACK = "https://jalons.exemple.test/connexion/proconnect/retour/"
AFTER = "https://jalons.exemple.test/connexion/"
SECRET = "secret-de-trente-deux-caracteres-x"


class Provider:
    """What a browser does there. `person` says who signs in next."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def person(self, sub: str, *, acr: str = "", amr: tuple[str, ...] = (), **claims: Any) -> None:
        described: dict[str, Any] = {"sub": sub, "claims": claims}
        described |= {"acr": acr} if acr else {}
        described |= {"amr": list(amr)} if amr else {}
        httpx.post(f"{self.issuer}/person", json=described, trust_env=False).raise_for_status()

    def visit(self, url: str) -> str:
        """Follows the provider from `url` to where it sends the browser back to Jalons."""
        with httpx.Client(trust_env=False) as browser:
            for _ in range(6):
                answer = browser.get(url)
                assert answer.is_redirect, answer.text
                url = str(answer.url.join(answer.headers["Location"]))
                if url.startswith(BACK):
                    return url.removeprefix("https://jalons.exemple.test")
        raise AssertionError(f"never came back: {url}")


@pytest.fixture(scope="session")
def running() -> Iterator[Provider]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node est introuvable.")
    process = subprocess.Popen(
        [node, "--no-warnings", str(HERE / "server.mjs"), BACK, AFTER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    issuer = process.stdout.readline().strip()
    assert issuer, "le fournisseur d’essai n’a pas démarré"
    yield Provider(issuer)
    process.terminate()
    process.wait()
    process.stdout.close()


def configured(settings: Any, issuer: str) -> None:
    settings.PROCONNECT_ISSUER = issuer
    settings.PROCONNECT_CLIENT_ID, settings.PROCONNECT_SECRET = "jalons", SECRET


@pytest.fixture
def provider(running: Provider, settings: Any) -> Provider:
    configured(settings, running.issuer)
    return running


@pytest.fixture(scope="module")
def forging() -> Iterator[Forger]:
    with Forger() as forger:
        yield forger


@pytest.fixture
def forger(forging: Forger, settings: Any) -> Forger:
    configured(settings, forging.issuer)
    forging.restore()
    return forging
