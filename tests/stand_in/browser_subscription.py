"""A browser's side of web push: its keys, and how it reads a message (RFC 8291, 3.4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from motiv8.notifications.web_push import encoded, public_key


@dataclass
class BrowserSubscription:
    """One device."""

    endpoint: str = "https://fcm.googleapis.com/fcm/send/device-1"
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes ok"

    def as_json(self) -> dict[str, object]:
        """As `PushSubscription.toJSON` gives it."""
        return {
            "endpoint": self.endpoint,
            "keys": {"p256dh": public_key(self.private), "auth": encoded(self.auth)},
        }

    def read(self, body: bytes) -> bytes:
        """The message in a push."""
        salt, length = body[:16], body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        numbers = self.private.public_key().public_numbers()
        own = b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)
        keying = HKDF(hashes.SHA256(), 32, self.auth, b"WebPush: info\0" + own + sender).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(keying)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(keying)
        return AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x02")
