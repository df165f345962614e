"""What every request gets, whatever the feature."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from motiv8.api import system
from motiv8.aws import clients
from motiv8.entrypoints import api
from motiv8.settings import settings

EVENTS = Path(__file__).parents[3] / "events"
Call = Callable[..., Any]


@pytest.mark.parametrize("name", ["api-rest.json", "api-http.json", "api-function-url.json"])
def test_each_kind_of_event_is_answered(name: str, lambda_context: Any) -> None:
    answer = api.handler(json.loads((EVENTS / name).read_text()), lambda_context)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["modes"][0]["name"] == "summit"


def test_a_stage_before_the_path_of_an_http_api_is_left_out(lambda_context: Any) -> None:
    event = json.loads((EVENTS / "api-http.json").read_text())
    event["rawPath"], event["requestContext"]["stage"] = "/dev/health", "dev"
    assert api.handler(event, lambda_context)["statusCode"] == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/v1", "/v1/nothing", "/v1/auth/nothing", "/health/nothing"])
def test_an_unknown_path_is_a_problem_of_404_or_asks_for_a_token_first(call: Call, path: str) -> None:
    answer = call("GET", path, user="user-1")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail", "instance"}


def test_a_wrong_method_says_which_are_right(call: Call) -> None:
    answer = call("PUT", "/v1/me", user="user-1")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, PATCH, DELETE"


@pytest.mark.parametrize("body", ["{", "nonsense", '{"email": NaN}x', "[" * 100_000, '{"email": "\\ud800"}'])
def test_a_body_that_is_not_json_is_400(call: Call, body: str) -> None:
    assert call("POST", "/v1/auth/resend", body).status == 400


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", None])
def test_a_body_that_is_not_an_object_is_422(call: Call, body: str | None) -> None:
    answer = call("POST", "/v1/auth/resend", body)
    assert answer.status == 422
    assert answer.json["errors"][0]["field"].startswith("body")


def test_another_content_type_is_415(call: Call) -> None:
    answer = call("POST", "/v1/auth/resend", "email=a", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 415


def test_a_base64_body_is_read(lambda_context: Any) -> None:
    event = json.loads((EVENTS / "api-http.json").read_text())
    event["requestContext"]["http"]["method"] = "POST"
    event["rawPath"] = "/v1/auth/resend"
    event["headers"]["content-type"] = "application/json"
    event["isBase64Encoded"] = True
    event["body"] = base64.b64encode(b'{"email": "nobody"}').decode()
    assert json.loads(api.handler(event, lambda_context)["body"])["errors"][0]["field"] == "body.email"
    event["body"] = "not base64!"
    assert api.handler(event, lambda_context)["statusCode"] == 400


def test_an_unexpected_exception_tells_nothing_of_our_insides(
    call: Call, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    email = "@".join(("secret", "example.com"))

    def broken(*_: object) -> None:
        raise RuntimeError(email)

    monkeypatch.setattr("motiv8.portraits.repository.between", broken)
    answer = call("GET", "/v1/portraits", user="user-1")
    assert answer.status == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    for said in (answer.text, logged.getvalue()):
        assert email not in said
    assert "builtins.RuntimeError" in logged.getvalue()
    assert answer.json["instance"] in logged.getvalue()


def test_the_correlation_id_comes_back(call: Call) -> None:
    answer = call("GET", "/v1/nothing", user="user-1", headers={"X-Correlation-Id": "client-chose-this"})
    assert answer.headers["X-Correlation-Id"] == answer.json["instance"] == "client-chose-this"


@pytest.mark.parametrize("given", ["short", "has spaces in it", "x" * 200, "line\nbreak-line", "--an-option"])
def test_a_correlation_id_that_does_not_belong_in_a_log_is_replaced(call: Call, given: str) -> None:
    assert call("GET", "/health", headers={"X-Correlation-Id": given}).headers["X-Correlation-Id"] == "gateway-request"


def test_a_preflight_needs_no_token(call: Call) -> None:
    answer = call("OPTIONS", "/v1/me", headers={"Origin": "https://app.example"})
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"Authorization", "If-Match", "If-None-Match"} <= set(allowed)


def test_a_script_of_another_origin_may_read_what_it_needs_of_an_answer(call: Call) -> None:
    exposed = call("GET", "/v1/modes").headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Location", "Retry-After"} <= set(exposed)


def test_errors_carry_cors_headers_too(call: Call) -> None:
    answer = call("GET", "/v1/me")
    assert answer.status == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_docs_need_nothing_from_elsewhere(call: Call) -> None:
    page = call("GET", "/docs")
    assert page.status == 200
    for resource in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert resource.startswith("./docs/swagger-ui")
        assert call("GET", resource.removeprefix(".")).status == 200
    assert call("GET", "/openapi.json").json["openapi"] == "3.1.0"
    assert '"../openapi.json"' in call("GET", "/docs/").text


def test_ready_when_everything_answers(call: Call) -> None:
    answer = call("GET", "/health/ready")
    assert answer.status == 200
    assert set(answer.json["checks"].values()) == {"ok"}


def test_not_ready_names_what_fails(call: Call) -> None:
    clients.s3().delete_bucket(Bucket=settings().media_bucket)
    answer = call("GET", "/health/ready")
    assert answer.status == 503
    failed = [name for name, state in answer.json["checks"].items() if state == "failed"]
    assert failed == ["media"]


def test_alive_needs_nothing(call: Call) -> None:
    assert call("GET", "/health").json == {"status": "ok", "release": "none"}


def test_the_served_document_is_the_committed_one(call: Call) -> None:
    assert call("GET", "/openapi.json").text == system.DOCUMENT.read_text(encoding="utf-8")


def test_a_request_loads_its_own_feature_and_no_image_library() -> None:
    program = (
        "import json, sys\n"
        "from motiv8.entrypoints import api\n"
        "class C: aws_request_id = function_name = invoked_function_arn = 'x' * 20; memory_limit_in_mb = 1\n"
        f"api.handler(json.load(open({str(EVENTS / 'api-rest.json')!r})), C())\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "motiv8.portraits.routes" in loaded
    heavy = {"numpy", "PIL", "boto3", "aws_xray_sdk", "motiv8.idempotency", "motiv8.accounts.models", "motiv8.studio"}
    assert not loaded & heavy


def test_each_request_is_logged_with_what_it_came_to_and_without_its_query(call: Call, logged: io.StringIO) -> None:
    call("GET", "/v1/modes", query={"email": "you@example.com"}, headers={"X-Correlation-Id": "from-the-phone"})
    call("GET", "/v1/you@example.com")
    entries = [json.loads(line) for line in logged.getvalue().splitlines()]
    answered = [each for each in entries if each["message"] == "answered"]
    assert [(each["method"], each["path"], each["status"]) for each in answered] == [
        ("GET", "/v1/modes", 200),
        ("GET", "unknown", 404),
    ]
    assert answered[0]["correlation_id"] == "from-the-phone"
    assert "you@example.com" not in logged.getvalue()
