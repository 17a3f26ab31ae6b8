"""Files in one .zip sealed by a passphrase, which 7-Zip and its like open: AES-256 of WinZip, version AE-2.

The format is public and old: its key is drawn from the passphrase a thousand times only, so the passphrase must be
strong by itself (`leaving.forms`). Names, sizes and the day are in clear: they must say nothing. See docs/adr/0092.
"""

import datetime as dt
import hashlib
import hmac
import secrets
import struct
import zlib
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SALT_BYTES, KEY_BYTES, CHECK_BYTES, MAC_BYTES = 16, 32, 2, 10
ROUNDS = 1000
AES, DEFLATED, ENCRYPTED, NEEDS = 99, 8, 0x0001, 51
MOST_BYTES = 2**32 - 1
LOCAL = struct.Struct("<4sHHHHHLLLHH")
CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
END = struct.Struct("<4sHHHHLLH")
# Vendor version 2 (no checksum of what is in clear), « AE », 256 bits, deflated within.
EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, DEFLATED)


def sealed_archive(files: Mapping[str, bytes], passphrase: str, day: dt.date) -> bytes:
    """`passphrase` is ASCII: elsewhere than there, programs do not agree on its bytes. `ValueError` over 4 GB."""
    secret = passphrase.encode("ascii")
    date = (day.year - 1980) << 9 | day.month << 5 | day.day
    body, directory = b"", b""
    for name, content in files.items():
        sealed, title = sealed_file(content, secret), name.encode("ascii")
        if max(len(content), len(body) + len(sealed)) + LOCAL.size > MOST_BYTES:
            raise ValueError("too much for one archive")
        shape = (NEEDS, ENCRYPTED, AES, 0, date, 0, len(sealed), len(content), len(title), len(EXTRA))
        directory += CENTRAL.pack(b"PK\1\2", NEEDS, *shape, 0, 0, 0, 0, len(body)) + title + EXTRA
        body += LOCAL.pack(b"PK\3\4", *shape) + title + EXTRA + sealed
    end = END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + end


def sealed_file(content: bytes, secret: bytes) -> bytes:
    """Salt, two bytes to tell a wrong passphrase, the content deflated and enciphered, ten bytes of authentication."""
    salt = secrets.token_bytes(SALT_BYTES)
    drawn = hashlib.pbkdf2_hmac("sha1", secret, salt, ROUNDS, 2 * KEY_BYTES + CHECK_BYTES)
    cipher_key, mac_key, check = drawn[:KEY_BYTES], drawn[KEY_BYTES:-CHECK_BYTES], drawn[-CHECK_BYTES:]
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    enciphered = ciphered(deflate.compress(content) + deflate.flush(), cipher_key)
    mac = hmac.digest(mac_key, enciphered, "sha1")[:MAC_BYTES]
    return salt + check + enciphered + mac


def ciphered(payload: bytes, key: bytes) -> bytes:
    """AES in counter mode, whose counter goes from one with its least byte first, which no library does by itself.

    Each block of the counter is enciphered once, under a key of this file alone; done twice, it gives the payload back.
    """
    blocks = b"".join(rank.to_bytes(16, "little") for rank in range(1, (len(payload) + 15) // 16 + 1))
    stream = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(blocks)[: len(payload)]  # noqa: S305
    return (int.from_bytes(payload) ^ int.from_bytes(stream)).to_bytes(len(payload))
