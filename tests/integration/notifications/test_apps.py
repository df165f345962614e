"""Apps that are told by Apple's and Google's push services, against what those document of their answers."""

from __future__ import annotations

import io
import json
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from motiv8.accounts import repository
from motiv8.aws import clients, secrets
from motiv8.notifications import apns, fcm
from motiv8.notifications.app_push import Outcome
from motiv8.pipeline import senders
from motiv8.pipeline.deliver import deliver
from motiv8.portraits import repository as portraits
from motiv8.settings import settings
from stand_in.push_service import RECORDED, PushService, push_service

Make = Callable[..., Any]
DAILY = "2026-11-20-daily"
APNS = {"service": "apns", "token": "0a" * 32}
FCM = {"service": "fcm", "token": "fSx-1:APA91b" + "x" * 140}
BY_NAME = [pytest.param(kind, each, id=f"{kind} {each['name']}") for kind in ("apns", "fcm") for each in RECORDED[kind]]


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> tuple[str, str]:
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), public.decode()


APPLE_KEY, APPLE_PUBLIC = _pem(ec.generate_private_key(ec.SECP256R1()))
GOOGLE_KEY, GOOGLE_PUBLIC = _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
SECRETS = {
    "apns": {"key_id": "ABC123DEFG", "team_id": "DEF123GHIJ", "topic": "app.motiv8", "private_key": APPLE_KEY},
    "fcm": {
        "type": "service_account",
        "project_id": "motiv8-test",
        "client_email": "push@motiv8-test.iam.gserviceaccount.com",
        "private_key": GOOGLE_KEY,
    },
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PushService, ssl.SSLContext]]:
    """One server for the file."""
    with push_service(tmp_path_factory.mktemp("push")) as started:
        yield started


@pytest.fixture
def service(
    served: tuple[PushService, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch, make_user: Make, make_portrait: Make
) -> Iterator[PushService]:
    """Both services are set up here and reached there; user-1 has a picture that is not delivered yet."""
    running, trusted = served
    running.received.clear()
    running.status, running.answer = 200, None
    for name, secret in SECRETS.items():
        clients.secrets_manager().create_secret(Name=f"motiv8-{name}-test", SecretString=json.dumps(secret))
        monkeypatch.setenv(f"MOTIV8_{name.upper()}_SECRET_ARN", f"motiv8-{name}-test")
    monkeypatch.setenv("MOTIV8_PUSH_SERVICES", "apns,fcm")
    settings.cache_clear()
    for kept in (secrets.apns_secret, secrets.fcm_secret, senders._sender):
        kept.cache_clear()
    monkeypatch.setattr(apns, "PRODUCTION", running.url)
    monkeypatch.setattr(fcm, "HOST", running.url)
    monkeypatch.setattr(fcm, "TOKENS", f"{running.url}/token")
    make_user(mail_enabled=False)
    make_portrait(DAILY, mail_status="waiting", line="What nobody else should read.")
    with httpx.Client(http2=True, verify=trusted, timeout=4) as client:
        monkeypatch.setattr(senders, "_client", lambda: client)
        yield running


def _register(call: Make, app: dict[str, str]) -> Any:
    return call("POST", "/v1/notifications/apps", app, user="user-1")


def _registered(call: Make) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = call("GET", "/v1/notifications", user="user-1").json["subscriptions"]
    return listed


def _deliver(noon: datetime) -> None:
    deliver("user-1", DAILY, noon)


@pytest.mark.usefixtures("service")
def test_an_app_registers_at_each_start_and_leaves(call: Make) -> None:
    for app in (APNS, FCM, APNS):
        assert _register(call, app).status == 201
    listed = _registered(call)
    assert [each["service"] for each in listed] == ["fcm", "apns"]
    paths = [f"/v1/notifications/{each['subscription_id']}" for each in listed]
    assert [call("DELETE", path, user="user-1").status for path in paths] == [204, 204]
    assert _registered(call) == []


def test_a_service_that_is_not_set_up_is_409_and_not_listed(call: Make, make_user: Make) -> None:
    make_user()
    refused = _register(call, APNS)
    assert (refused.status, refused.json["type"]) == (409, "urn:motiv8:problem:push-service-missing")
    assert call("GET", "/v1/notifications", user="user-1").json["services"] == ["web_push"]


@pytest.mark.usefixtures("service")
def test_what_is_set_up_is_listed(call: Make) -> None:
    assert call("GET", "/v1/notifications", user="user-1").json["services"] == ["web_push", "apns", "fcm"]


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "app",
    [
        APNS | {"token": "../../../v1/x"},
        APNS | {"token": "0a" * 31},
        APNS | {"token": "0a" * 257},
        APNS | {"token": "zz" * 32},
        APNS | {"token": "0a" * 32 + "\n"},
        FCM | {"token": "a b" * 20},
        FCM | {"token": "x" * 1025},
        FCM | {"service": "wns"},
        FCM | {"endpoint": "https://example.com"},
        {"service": "apns"},
    ],
)
def test_what_is_no_token_is_refused(call: Make, app: dict[str, str]) -> None:
    assert _register(call, app).status == 422
    assert _registered(call) == []


def test_an_apple_device_is_told_as_apple_documents_it(call: Make, service: PushService, noon: datetime) -> None:
    _register(call, APNS)
    _deliver(noon)
    _deliver(noon)
    [sent] = service.notices
    assert (sent.version, sent.path) == ("2", f"/3/device/{APNS['token']}")
    token = sent.headers["authorization"].removeprefix("bearer ")
    read = jwt.decode(token, ECKey.import_key(APPLE_PUBLIC), ["ES256"])
    assert read.header["kid"] == "ABC123DEFG"
    assert read.claims == {"iss": "DEF123GHIJ", "iat": int(noon.timestamp())}
    said = {name: sent.headers[f"apns-{name}"] for name in ("topic", "push-type", "priority", "collapse-id")}
    assert said == {"topic": "app.motiv8", "push-type": "alert", "priority": "5", "collapse-id": DAILY}
    assert sent.headers["apns-expiration"] == str(int((noon + timedelta(hours=12)).timestamp()))
    alert = {"title": "motiv8", "body": "Today's picture is ready."}
    assert json.loads(sent.body) == {"aps": {"alert": alert}, "portrait_id": DAILY}


def test_an_app_of_googles_is_told_as_google_documents_it(call: Make, service: PushService, noon: datetime) -> None:
    _register(call, FCM)
    _deliver(noon)
    asked, sent = service.received
    form = parse_qs(asked.body.decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    claims = jwt.decode(form["assertion"][0], RSAKey.import_key(GOOGLE_PUBLIC), ["RS256"]).claims
    assert claims["aud"] == fcm.TOKENS
    assert claims["iss"] == SECRETS["fcm"]["client_email"]
    assert claims["scope"] == "https://www.googleapis.com/auth/firebase.messaging"
    assert claims["exp"] - claims["iat"] == 3600
    assert sent.path == "/v1/projects/motiv8-test/messages:send"
    assert sent.headers["authorization"] == "Bearer ya29.access"
    message = json.loads(sent.body)["message"]
    assert (message["token"], message["data"]) == (FCM["token"], {"portrait_id": DAILY})
    assert message["notification"] == {"title": "motiv8", "body": "Today's picture is ready."}
    assert message["android"]["ttl"] == "43200s"


def test_what_apple_and_google_can_read_says_nothing_of_the_picture(
    call: Make, service: PushService, noon: datetime, logged: io.StringIO
) -> None:
    for app in (APNS, FCM):
        _register(call, app)
    _deliver(noon)
    assert len(service.notices) == 2
    assert all(b"nobody else" not in each.body and b"user-1" not in each.body for each in service.notices)
    assert not [each for each in (APNS["token"], FCM["token"], "ya29") if each in logged.getvalue()]


@pytest.mark.parametrize(("kind", "recorded"), BY_NAME)
def test_a_documented_answer_is_understood(
    call: Make, service: PushService, noon: datetime, kind: str, recorded: dict[str, Any]
) -> None:
    _register(call, {"apns": APNS, "fcm": FCM}[kind])
    service.status, service.answer = recorded["status"], recorded["body"]
    [device] = _devices()
    meant = Outcome.TOLD if recorded["told"] else Outcome.FAILED if recorded["kept"] else Outcome.GONE
    assert senders.tell(device, _picture(), "en", noon) is meant
    _deliver(noon)
    assert len(_registered(call)) == recorded["kept"]


def _devices() -> tuple[Any, ...]:
    person = repository.get("user-1")
    assert person is not None
    return person.devices.all


def _picture() -> Any:
    return portraits.get("user-1", DAILY)


def test_the_providers_tokens_are_kept_and_renewed_in_time(call: Make, service: PushService, noon: datetime) -> None:
    for app in (APNS, FCM):
        _register(call, app)
    for minutes in (0, 10, 39, 41, 70):
        for device in _devices():
            senders.tell(device, _picture(), "en", noon + timedelta(minutes=minutes))
    assert len(service.notices) == 10
    assert len({each.headers["authorization"] for each in service.notices if "/3/device" in each.path}) == 2
    assert len([each for each in service.received if each.path == "/token"]) == 2


@pytest.mark.parametrize(
    "secret", ["no JSON", "{}", '{"key_id": "A", "team_id": "B", "topic": "c", "private_key": "x"}']
)
def test_credentials_that_are_none_leave_the_other_devices_and_the_delivery(
    call: Make, service: PushService, noon: datetime, secret: str
) -> None:
    for app in (APNS, FCM):
        _register(call, app)
    clients.secrets_manager().put_secret_value(SecretId="motiv8-apns-test", SecretString=secret)
    _deliver(noon)
    assert [each.path for each in service.notices] == ["/v1/projects/motiv8-test/messages:send"]
    assert len(_registered(call)) == 2
