"""What Cognito is told of where a sign-in comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from motiv8.api import origin
from motiv8.aws import clients
from motiv8.aws.user_pool import directory
from motiv8.entrypoints import api
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

EVENTS = Path(__file__).parents[3] / "events"
Told = Callable[[], list[dict[str, Any]]]
PASSWORD = "a long password"
VIEWER, CLOUDFRONT = "2001:db8::7", "203.0.113.9"


@pytest.fixture(autouse=True)
def ada() -> None:
    """Who signs in."""
    directory.set_password(directory.invite("ada@example.com", "UTC"), PASSWORD)


@pytest.fixture
def told(cognito: AwsCalls) -> Told:
    """What Cognito's sign-in was called with."""
    return lambda: cognito.calls("admin_initiate_auth")


@pytest.fixture
def sign_in(lambda_context: Any) -> Callable[..., Any]:
    """Send a password, as one of the gateways does."""

    def send(kind: str = "rest", headers: dict[str, str] | None = None, address: str = CLOUDFRONT) -> Any:
        event = json.loads((EVENTS / f"api-{kind}.json").read_text())
        body = json.dumps({"grant_type": "password", "email": "ada@example.com", "password": PASSWORD})
        context = event["requestContext"]
        event |= {"body": body, "isBase64Encoded": False, "headers": {"Host": "api.example"} | (headers or {})}
        if "httpMethod" in event:
            event |= {"httpMethod": "POST", "path": "/v1/auth/token"}
            context["identity"] = {"sourceIp": address}
        else:
            event["rawPath"] = "/v1/auth/token"
            context["http"] |= {"method": "POST", "path": "/v1/auth/token", "sourceIp": address}
        return api.handler(event, lambda_context)

    return send


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The API answers CloudFront alone; what CloudFront adds."""
    made = clients.secrets_manager().create_secret(Name="origin-test", SecretString="one")["ARN"]
    monkeypatch.setenv("MOTIV8_ORIGIN_SECRET_ARN", made)
    settings.cache_clear()
    origin.origin.cache_clear()
    return {origin.HEADER: "one"}


@pytest.mark.parametrize("kind", ["rest", "http", "function-url"])
def test_it_is_the_persons_address_and_device(told: Told, sign_in: Any, kind: str) -> None:
    sign_in(kind, {"User-Agent": "Phone/1.0", "Cookie": "secret", "X-Api-Key": "secret"}, "198.51.100.4")
    [call] = told()
    assert call["AuthFlow"] == "ADMIN_USER_PASSWORD_AUTH"
    assert call["ContextData"] == {
        "IpAddress": "198.51.100.4",
        "ServerName": "api.example",
        "ServerPath": "/v1/auth/token",
        "HttpHeaders": [{"headerName": "user-agent", "headerValue": "Phone/1.0"}],
    }


def test_an_address_that_anybody_can_write_is_not_believed(told: Told, sign_in: Any) -> None:
    sign_in(headers={"X-Forwarded-For": f"{VIEWER}, {CLOUDFRONT}"})
    assert told()[0]["ContextData"]["IpAddress"] == CLOUDFRONT


@pytest.mark.parametrize("given", [f"{VIEWER}, {CLOUDFRONT}", f"192.0.2.66, {VIEWER},{CLOUDFRONT}", VIEWER])
def test_behind_cloudfront_it_is_the_viewers(told: Told, sign_in: Any, closed: dict[str, str], given: str) -> None:
    sign_in(headers=closed | {"X-Forwarded-For": given})
    assert told()[0]["ContextData"]["IpAddress"] == VIEWER


def test_without_an_address_cognito_is_told_nothing(told: Told, sign_in: Any) -> None:
    assert sign_in(address="test-invoke-source-ip")["statusCode"] == 200
    assert "ContextData" not in told()[0]


def test_one_request_leaves_nothing_for_the_next(told: Told, sign_in: Any) -> None:
    sign_in(address="198.51.100.4")
    sign_in(address="")
    assert ["ContextData" in call for call in told()] == [True, False]
