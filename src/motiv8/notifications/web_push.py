"""The protocol of web push: what a message is encrypted with, and how a sender says who it is. Pure.

RFC 8291 (encryption), RFC 8188 (its coding), RFC 8292 (VAPID).
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from motiv8 import tokens

if TYPE_CHECKING:
    from datetime import datetime

_CURVE = ec.SECP256R1()
# The order of P-256's group (FIPS 186-4, D.1.2.3): private keys are below it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD_BYTES = 4096
_TOKEN_SECONDS = 12 * 3600
"""RFC 8292 allows a day at most."""


def sender_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key by which push services know this stack, the same for the same secret (64 random characters)."""
    derived = HKDF(hashes.SHA256(), 48, salt=None, info=b"motiv8 web push").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(derived) % (_ORDER - 1) + 1, _CURVE)


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """What a browser takes as `applicationServerKey`: the point, uncompressed, base64url."""
    return encoded(_point(key.public_key()))


def authorization(endpoint: str, key: ec.EllipticCurvePrivateKey, sender: str, now: datetime) -> str:
    """The header that says who sends; `sender` is an email address to complain to."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now.timestamp()) + _TOKEN_SECONDS,
        "sub": f"mailto:{sender}",
    }
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return f"vapid t={tokens.sign(claims, pem, 'ES256')}, k={public_key(key)}"


def encrypt(
    message: bytes,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    ephemeral: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """A message of up to 3993 bytes for a subscription's keys (base64url), content coding aes128gcm.

    `salt` (16 bytes) and `ephemeral` are new for each message unless they are given. Raises ValueError for keys that
    are none.
    """
    salt = salt or os.urandom(16)
    ephemeral = ephemeral or ec.generate_private_key(_CURVE)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decoded(p256dh))
    ours, theirs = _point(ephemeral.public_key()), _point(receiver)
    shared = ephemeral.exchange(ec.ECDH(), receiver)
    keying = HKDF(hashes.SHA256(), 32, decoded(auth), b"WebPush: info\0" + theirs + ours).derive(shared)
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(keying)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(keying)
    # One record; the 2 marks it as the last.
    body = AESGCM(key).encrypt(nonce, message + b"\x02", None)
    return salt + _RECORD_BYTES.to_bytes(4) + bytes([len(ours)]) + ours + body


def check_keys(p256dh: str, auth: str) -> None:
    """Raises ValueError unless both are what a browser's subscription has: a point of P-256, and 16 bytes."""
    ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decoded(p256dh))
    if len(decoded(auth)) != 16:
        raise ValueError("the authentication secret has 16 bytes")


def encoded(data: bytes) -> str:
    """As base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """From base64url, padded or not. Raises ValueError."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
