"""Devices that are told: subscribing, and what goes to the push services."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from email.message import Message
from typing import Any

import pytest

from motiv8.aws import keys, storage
from motiv8.notifications import web_push
from motiv8.pipeline.deliver import deliver
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls
from stand_in.browser_subscription import BrowserSubscription

Make = Callable[..., Any]
DAILY = "2026-11-20-daily"


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> list[urllib.request.Request]:
    """What the push services were sent; a device whose address ends in a number gets it as the answer."""
    sent: list[urllib.request.Request] = []

    def answer(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        assert timeout < 10
        sent.append(request)
        code = request.full_url.rpartition("/")[2]
        if code.isdecimal():
            raise urllib.error.HTTPError(request.full_url, int(code), "", Message(), None)
        if code == "unreachable":
            raise urllib.error.URLError("no route")
        return io.BytesIO()

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    return sent


@pytest.fixture
def ready(make_user: Make, make_portrait: Make) -> None:
    """Somebody whose daily picture is there and not delivered yet."""
    make_user(mail_enabled=False)
    make_portrait(DAILY, mail_status="waiting", line="Show up.")
    storage.put(settings().media_bucket, keys.picture("user-1", DAILY, ".jpg"), b"picture", "image/jpeg")


def _subscribe(call: Make, name: str = "device-1") -> BrowserSubscription:
    device = BrowserSubscription(f"https://fcm.googleapis.com/fcm/send/{name}")
    assert call("POST", "/v1/notifications", device.as_json(), user="user-1").status == 201
    return device


def test_a_device_subscribes_and_leaves(call: Make, make_user: Make) -> None:
    make_user()
    before = call("GET", "/v1/notifications", user="user-1").json
    assert before["subscriptions"] == []
    assert before["public_key"] == web_push.public_key(web_push.sender_key("a secret for links"))
    _subscribe(call)
    _subscribe(call)
    [device] = call("GET", "/v1/notifications", user="user-1").json["subscriptions"]
    path = f"/v1/notifications/{device['subscription_id']}"
    assert [call("DELETE", path, user="user-1").status for _ in range(2)] == [204, 404]
    assert call("GET", "/v1/notifications", user="user-1").json["subscriptions"] == []


def test_of_many_devices_the_oldest_makes_room(call: Make, make_user: Make) -> None:
    make_user()
    for number in range(6):
        _subscribe(call, f"device-{number}")
    listed = call("GET", "/v1/notifications", user="user-1").json["subscriptions"]
    assert len(listed) == 5


def test_signing_out_everywhere_tells_no_device_any_more(call: Make, make_user: Make, cognito: AwsCalls) -> None:
    make_user()
    _subscribe(call)
    cognito.answer("admin_user_global_sign_out", {})
    assert call("POST", "/v1/auth/logout", user="user-1").status == 204
    assert call("GET", "/v1/notifications", user="user-1").json["subscriptions"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": "https://169.254.169.254/latest/meta-data"}, "body.endpoint"),
        ({"endpoint": "http://fcm.googleapis.com/x"}, "body.endpoint"),
        ({"endpoint": "https://fcm.googleapis.com.evil.example/x"}, "body.endpoint"),
        ({"endpoint": "https://evil.example\\@fcm.googleapis.com/x"}, "body.endpoint"),
        ({"endpoint": "https://fcm.googleapis.com:8443/x"}, "body.endpoint"),
        ({"endpoint": f"https://fcm.googleapis.com/{'x' * 1024}"}, "body.endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/a b"}, "body.endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/ü"}, "body.endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/\r\nHost: x"}, "body.endpoint"),
        ({"keys": {"p256dh": "A" * 87, "auth": "A" * 22}}, "body.keys"),
        ({"expirationTime": None}, "body.expirationTime"),
    ],
)
def test_only_addresses_of_push_services_are_taken(
    call: Make, make_user: Make, change: dict[str, Any], field: str
) -> None:
    make_user()
    answer = call("POST", "/v1/notifications", BrowserSubscription().as_json() | change, user="user-1")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, field)


@pytest.mark.usefixtures("ready")
def test_a_daily_picture_is_told_once(call: Make, pushed: list[urllib.request.Request], noon: datetime) -> None:
    devices = {each.endpoint: each for each in (_subscribe(call, "phone"), _subscribe(call, "tablet"))}
    for _ in range(2):
        deliver("user-1", DAILY, noon)
    assert [request.full_url for request in pushed] == list(devices)
    for request in pushed:
        assert isinstance(request.data, bytes)
        message = json.loads(devices[request.full_url].read(request.data))
        assert message == {"title": "Today's picture", "body": "Show up.", "tag": DAILY, "url": "/#/today"}
        assert str(request.get_header("Authorization")).startswith("vapid t=")
        assert request.get_header("Content-encoding") == "aes128gcm"
        assert request.get_header("Ttl") == str(12 * 3600)


@pytest.mark.usefixtures("ready")
def test_one_that_was_asked_for_is_not_told(
    call: Make, make_portrait: Make, pushed: list[urllib.request.Request], noon: datetime
) -> None:
    _subscribe(call)
    make_portrait("2026-11-20-01j00000000000000000000000", mail_status="waiting")
    deliver("user-1", "2026-11-20-01j00000000000000000000000", noon)
    assert pushed == []


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    "stored",
    [
        {"endpoint": "https://fcm.googleapis.com/a b"},
        {"endpoint": "https://fcm.googleapis.com/ü"},
        {"endpoint": "https://[fcm.googleapis.com/"},
        {"endpoint": None},
        {"p256dh": "A" * 87},
        {"auth": 1},
    ],
)
def test_a_device_that_was_stored_malformed_leaves_the_others_and_the_delivery(
    call: Make, pushed: list[urllib.request.Request], person: Make, noon: datetime, stored: dict[str, Any]
) -> None:
    _subscribe(call, "first")
    _subscribe(call, "second")
    row = person()
    row.devices = [row.devices[0] | stored, row.devices[1]]
    row.save()
    deliver("user-1", DAILY, noon)
    assert [each.full_url for each in pushed if each.full_url.endswith("second")] != []
    assert person().next_due_at > noon


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(("answer", "kept"), [("404", 0), ("410", 0), ("500", 1), ("429", 1), ("unreachable", 1)])
def test_a_device_that_is_gone_is_forgotten_and_nothing_else_is_lost(
    call: Make,
    pushed: list[urllib.request.Request],
    person: Make,
    noon: datetime,
    logged: io.StringIO,
    answer: str,
    kept: int,
) -> None:
    _subscribe(call, answer)
    assert deliver("user-1", DAILY, noon) == {"mail": "off"}
    assert len(pushed) == 1
    assert len(call("GET", "/v1/notifications", user="user-1").json["subscriptions"]) == kept
    assert person().next_due_at > noon
    assert "fcm.googleapis.com" not in logged.getvalue()
