"""Bedrock's chat models: what they are asked, what their stream means, how they fail; as botocore reads it."""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from botocore.config import Config

from motiv8.answering.model import (
    End,
    ModelBroken,
    ModelError,
    ModelEvent,
    ModelThrottled,
    ModelUnavailable,
    Prompt,
    PromptMessage,
    TextDelta,
    ToolCall,
    ToolResult,
    ToolSpec,
    Usage,
)
from motiv8.aws import clients
from motiv8.aws.chat_model import BedrockModel
from motiv8.settings import settings

NOVA = "eu.amazon.nova-lite-v1:0"
HELLO = [
    ("messageStart", {"role": "assistant"}),
    ("contentBlockDelta", {"delta": {"text": "Sleep "}, "contentBlockIndex": 0}),
    ("contentBlockDelta", {"delta": {"text": "well."}, "contentBlockIndex": 0}),
    ("contentBlockStop", {"contentBlockIndex": 0}),
    ("messageStop", {"stopReason": "end_turn"}),
    (
        "metadata",
        {
            "usage": {"inputTokens": 12, "outputTokens": 4, "totalTokens": 1016, "cacheReadInputTokens": 1000},
            "metrics": {"latencyMs": 5},
        },
    ),
]


def frame(headers: dict[str, str], body: bytes) -> bytes:
    """One message of AWS's event stream encoding."""
    said = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", len(said) + len(body) + 16, len(said))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + said + body
    return message + struct.pack(">I", zlib.crc32(message))


def event(name: str, body: dict[str, Any]) -> bytes:
    kind = "exception" if name.endswith("Exception") else "event"
    headers = {":message-type": kind, f":{kind}-type": name, ":content-type": "application/json"}
    return frame(headers, json.dumps(body).encode())


Answering = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """Let a server of our own answer for Bedrock; returns what it is asked."""
    asked: list[dict[str, Any]] = []
    answer: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append({"path": self.path} | json.loads(body))
            self.send_response(answer["status"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer["body"])
            self.wfile.flush()
            answer["stall"].wait(10)

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", f"http://127.0.0.1:{server.server_port}")

    def let(
        events: list[tuple[str, dict[str, Any]]],
        *,
        status: int = 200,
        error: str = "",
        stall: bool = False,
        spoilt: bool = False,
        **given: str,
    ) -> Any:
        for name, value in {"coach_model": NOVA, **given}.items():
            monkeypatch.setenv(f"MOTIV8_{name.upper()}", value)
        settings.cache_clear()
        clients._client.cache_clear()
        waits = threading.Event()
        if not stall:
            waits.set()
        kind = "application/vnd.amazon.eventstream" if status == 200 else "application/json"
        headers = {"Content-Type": kind} | ({"x-amzn-ErrorType": error} if error else {})
        body = b"".join(event(*each) for each in events) if status == 200 else b'{"message": "what was asked"}'
        body = body[:8] + b"spoilt" + body[14:] if spoilt else body
        answer.update(status=status, headers=headers, body=body, stall=waits)
        return asked

    yield let
    if "stall" in answer:
        answer["stall"].set()
    server.shutdown()
    thread.join()
    server.server_close()
    settings.cache_clear()
    clients._client.cache_clear()


def prompt(*messages: PromptMessage, tools: tuple[ToolSpec, ...] = ()) -> Prompt:
    return Prompt("Be kind.", messages or (PromptMessage("user", ("How?",)),), tools, (), "en")


def heard(given: Prompt | None = None) -> list[ModelEvent]:
    return list(BedrockModel().stream(given or prompt()))


def failure() -> ModelError:
    with pytest.raises(ModelError) as caught:
        heard()
    return caught.value


def test_text_tokens_and_end_come_in_our_words(bedrock: Answering) -> None:
    asked = bedrock(HELLO)
    assert heard() == [TextDelta("Sleep "), TextDelta("well."), Usage(1012, 4), End("finished")]
    [request] = asked
    assert request["path"] == "/model/eu.amazon.nova-lite-v1%3A0/converse-stream"
    assert request["messages"] == [{"role": "user", "content": [{"text": "How?"}]}]
    assert request["inferenceConfig"]["maxTokens"] == 1_000
    assert "guardrailConfig" not in request
    assert "toolConfig" not in request


@pytest.mark.parametrize(
    ("model", "caches"),
    [
        (NOVA, True),
        ("anthropic.claude-haiku-4-5-20251001-v1:0", True),
        ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", True),
        ("anthropic.claude-3-haiku-20240307-v1:0", False),
        ("meta.llama3-1-8b-instruct-v1:0", False),
        ("mistral.mistral-large-2402-v1:0", False),
    ],
)
def test_the_rules_are_cached_where_the_model_can(bedrock: Answering, model: str, caches: bool) -> None:
    asked = bedrock(HELLO, coach_model=model)
    heard()
    point = [{"cachePoint": {"type": "default"}}] if caches else []
    assert asked[0]["system"] == [{"text": "Be kind."}, *point]


def test_a_guardrail_looks_at_the_stream(bedrock: Answering) -> None:
    asked = bedrock(HELLO, coach_guardrail="gr-1", coach_guardrail_version="3")
    heard()
    assert asked[0]["guardrailConfig"] == {
        "guardrailIdentifier": "gr-1",
        "guardrailVersion": "3",
        "streamProcessingMode": "sync",
    }


def test_a_tool_comes_whole_and_its_result_goes_back(bedrock: Answering) -> None:
    use = {"toolUseId": "u1", "name": "get_settings"}
    asked = bedrock(
        [
            ("contentBlockStart", {"start": {"toolUse": use}, "contentBlockIndex": 1}),
            ("contentBlockDelta", {"delta": {"toolUse": {"input": '{"a"'}}, "contentBlockIndex": 1}),
            ("contentBlockDelta", {"delta": {"toolUse": {"input": ": 1}"}}, "contentBlockIndex": 1}),
            ("contentBlockStop", {"contentBlockIndex": 1}),
            ("messageStop", {"stopReason": "tool_use"}),
        ]
    )
    said = prompt(
        PromptMessage("user", ("How?",)),
        PromptMessage("assistant", ("Let me look.", ToolCall("u0", "search", "no json"))),
        PromptMessage("user", (ToolResult("u0", {"error": "x"}, failed=True),)),
        tools=(ToolSpec("search", "Searches.", {"type": "object"}),),
    )
    assert heard(said) == [ToolCall("u1", "get_settings", '{"a": 1}'), End("tools")]
    assert asked[0]["messages"][1]["content"] == [
        {"text": "Let me look."},
        {"toolUse": {"toolUseId": "u0", "name": "search", "input": {}}},
    ]
    assert asked[0]["messages"][2]["content"] == [
        {"toolResult": {"toolUseId": "u0", "content": [{"json": {"error": "x"}}], "status": "error"}}
    ]
    [tool] = asked[0]["toolConfig"]["tools"]
    assert tool["toolSpec"] == {
        "name": "search",
        "description": "Searches.",
        "inputSchema": {"json": {"type": "object"}},
    }


@pytest.mark.parametrize(
    ("reason", "end"),
    [
        ("max_tokens", "too_long"),
        ("model_context_window_exceeded", "too_long"),
        ("guardrail_intervened", "refused"),
        ("content_filtered", "refused"),
    ],
)
def test_the_reasons_to_end(bedrock: Answering, reason: str, end: str) -> None:
    bedrock([("messageStop", {"stopReason": reason})])
    assert heard() == [End(end)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, "ThrottlingException", ModelThrottled),
        (403, "AccessDeniedException", ModelUnavailable),
        (404, "ResourceNotFoundException", ModelUnavailable),
        (503, "ServiceUnavailableException", ModelUnavailable),
        (408, "ModelTimeoutException", ModelUnavailable),
        (400, "ValidationException", ModelBroken),
        (424, "ModelErrorException", ModelBroken),
    ],
)
def test_a_refused_call_says_why_and_repeats_nothing(
    bedrock: Answering, status: int, code: str, kind: type[ModelError]
) -> None:
    asked = bedrock([], status=status, error=code)
    error = failure()
    assert type(error) is kind
    assert str(error) == code
    assert error.__cause__ is None
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("throttlingException", ModelThrottled),
        ("modelStreamErrorException", ModelBroken),
        ("serviceUnavailableException", ModelUnavailable),
        ("internalServerException", ModelUnavailable),
    ],
)
def test_an_error_within_the_stream(bedrock: Answering, name: str, kind: type[ModelError]) -> None:
    bedrock([*HELLO[:2], (name, {"message": "what was asked"})])
    error = failure()
    assert type(error) is kind
    assert "asked" not in str(error)


def test_nonsense_of_the_models_own_is_broken(bedrock: Answering) -> None:
    bedrock([("messageStop", {"stopReason": "malformed_tool_use"})])
    assert type(failure()) is ModelBroken


def test_a_stream_that_breaks_off_has_no_end(bedrock: Answering) -> None:
    bedrock(HELLO[:2])
    assert heard() == [TextDelta("Sleep ")]


def test_bytes_that_are_no_stream_are_broken(bedrock: Answering) -> None:
    bedrock(HELLO, spoilt=True)
    assert type(failure()) is ModelBroken


def test_a_model_that_stalls_is_given_up(bedrock: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_CHAT_CONFIG", clients._CHAT_CONFIG.merge(Config(read_timeout=0.2)))
    bedrock(HELLO[:2], stall=True)
    assert type(failure()) is ModelUnavailable


def test_a_model_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch, bedrock: Answering) -> None:
    bedrock(HELLO)
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9")
    clients._client.cache_clear()
    assert type(failure()) is ModelUnavailable
