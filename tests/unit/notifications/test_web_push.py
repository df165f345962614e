"""The protocol of web push, by the examples of its RFCs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from motiv8.notifications import web_push
from stand_in.browser_subscription import BrowserSubscription

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(web_push.decoded(text)), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_byte_by_byte() -> None:
    body = web_push.encrypt(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        salt=web_push.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        ephemeral=_private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert web_push.encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7"
        "A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_browser_reads_what_was_sent_to_it_and_nobody_else_does() -> None:
    device, other = BrowserSubscription(), BrowserSubscription()
    keys = device.as_json()["keys"]
    assert isinstance(keys, dict)
    body = web_push.encrypt("Grüße".encode(), **keys)
    assert device.read(body) == "Grüße".encode()
    with pytest.raises(InvalidTag):
        other.read(body)


def test_the_header_says_who_sends_to_whom_and_until_when() -> None:
    key = web_push.sender_key("a secret")
    header = web_push.authorization("https://push.example:443/x/y?z", key, "motiv8@example.com", NOW)
    scheme, token, public = header.replace("t=", "").replace("k=", "").replace(",", "").split()
    claims = jwt.decode(token, ECKey.import_key(key.public_key()), ["ES256"]).claims
    assert scheme == "vapid"
    assert public == web_push.public_key(key)
    assert claims["aud"] == "https://push.example:443"
    assert claims["sub"] == "mailto:motiv8@example.com"
    assert 0 < claims["exp"] - NOW.timestamp() <= 24 * 3600


def test_the_senders_key_is_the_secrets_own() -> None:
    one, again, other = (web_push.public_key(web_push.sender_key(secret)) for secret in ("a", "a", "b"))
    assert one == again != other
    assert len(web_push.decoded(one)) == 65


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"),
        ("B" + "A" * 86, "BTBZMqHH6r4Tts7J_aSIgg"),
        ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZ"),
        ("not base64!", "BTBZMqHH6r4Tts7J_aSIgg"),
    ],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        web_push.check_keys(p256dh, auth)
