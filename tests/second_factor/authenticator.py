"""A passkey in software: signs for any address what a browser would send, as WebAuthn level 2, § 7.2 reads it."""

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django_otp_webauthn.models import WebAuthnCredential

from jalons.accounts.models import User

USER_PRESENT = 0x01


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SoftwareKey:
    user: User
    identifier: bytes = b"cle-d-essai-0001"
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self) -> WebAuthnCredential:
        """As if it had been added at the right address."""
        point = self.private.public_key().public_numbers()
        # COSE_Key (RFC 9053): type EC2, ES256, curve P-256, coordinates.
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        return WebAuthnCredential.objects.create(
            user=self.user,
            name="Clé d’essai",
            confirmed=True,
            credential_id=self.identifier,
            public_key=cbor2.dumps(cose),
            backup_eligible=False,
            backup_state=False,
        )

    def answer(self, *, challenge: str, origin: str, relying_party: str) -> str:
        """The JSON of an assertion. `challenge`: base64url, as the page gave it."""
        client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": origin}).encode()
        data = hashlib.sha256(relying_party.encode()).digest() + struct.pack(">BI", USER_PRESENT, 1)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        identifier = base64url(self.identifier)
        return json.dumps(
            {
                "id": identifier,
                "rawId": identifier,
                "type": "public-key",
                "response": {name: base64url(part) for name, part in parts.items()},
                "clientExtensionResults": {},
            }
        )
