"""Amazon Bedrock's chat models by ConverseStream: text, tools and tokens as they come.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from motiv8.answering.model import (
    End,
    ModelBroken,
    ModelRefused,
    ModelThrottled,
    ModelUnavailable,
    TextDelta,
    ToolCall,
    ToolResult,
    Usage,
)
from motiv8.aws import clients
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motiv8.answering.model import EndReason, ModelError, ModelEvent, Prompt, PromptMessage

_MOST_TOKENS = 1_000
# https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html: others refuse a cache point.
_CACHES = re.compile(r"amazon\.nova-|anthropic\.claude-(?:3-5-haiku|3-7-|[a-z]+-[4-9])")
_BROKEN = {"ModelStreamErrorException", "ModelErrorException", "ValidationException"}
_ENDS: dict[str, EndReason] = {
    "end_turn": "finished",
    "stop_sequence": "finished",
    "tool_use": "tools",
    "max_tokens": "too_long",
    "model_context_window_exceeded": "too_long",
    "guardrail_intervened": "refused",
    "content_filtered": "refused",
}


class BedrockModel:
    """The model that the settings name, behind their guardrail where there is one."""

    def stream(self, prompt: Prompt) -> Iterator[ModelEvent]:
        """The answer as it is written. Raises ModelError, also in the middle."""
        try:
            answer = clients.chat_models().converse_stream(**_request(prompt))
            yield from _events(answer["stream"])
        except (ClientError, BotoCoreError, HTTPError, ParserError) as error:
            # botocore leaves what goes wrong within a stream as urllib3 says it.
            failure = _failure(error)
            logger.warning("model failed", code=str(failure))
            raise failure from None


def _request(prompt: Prompt) -> dict[str, Any]:
    model = settings().coach_model
    system: list[dict[str, Any]] = [{"text": prompt.system}]
    if _CACHES.search(model):
        # Tools come before the system prompt in what is cached, so that one point covers both.
        system.append({"cachePoint": {"type": "default"}})
    request: dict[str, Any] = {
        "modelId": model,
        "system": system,
        "messages": [_message(message) for message in prompt.messages],
        "inferenceConfig": {"maxTokens": _MOST_TOKENS, "temperature": 0.2},
    }
    if prompt.tools:
        request["toolConfig"] = {
            "tools": [
                {
                    "toolSpec": {
                        "name": tool.name,
                        "description": tool.description,
                        "inputSchema": {"json": tool.schema},
                    }
                }
                for tool in prompt.tools
            ]
        }
    if settings().coach_guardrail:
        request["guardrailConfig"] = {
            "guardrailIdentifier": settings().coach_guardrail,
            "guardrailVersion": settings().coach_guardrail_version,
            # What is shown is looked at before it is sent on.
            "streamProcessingMode": "sync",
        }
    return request


def _message(message: PromptMessage) -> dict[str, Any]:
    return {"role": message.role, "content": [_content(block) for block in message.content]}


def _content(part: str | ToolCall | ToolResult) -> dict[str, Any]:
    if isinstance(part, ToolCall):
        return {"toolUse": {"toolUseId": part.use_id, "name": part.name, "input": part.read() or {}}}
    if isinstance(part, ToolResult):
        status = "error" if part.failed else "success"
        return {"toolResult": {"toolUseId": part.use_id, "content": [{"json": part.result}], "status": status}}
    return {"text": part}


@dataclass(slots=True)
class _OpenTool:
    use_id: str
    name: str
    arguments: str = ""


def _events(stream: Any) -> Iterator[ModelEvent]:
    """The stream's events in our words. Usage comes after the end at Bedrock, and before it here."""
    tools: dict[int, _OpenTool] = {}
    end: EndReason | None = None
    for event in stream:
        if "contentBlockStart" in event:
            block = event["contentBlockStart"]
            use = block["start"].get("toolUse")
            if use:
                tools[block["contentBlockIndex"]] = _OpenTool(use["toolUseId"], use["name"])
        elif "contentBlockDelta" in event:
            block = event["contentBlockDelta"]
            delta = block["delta"]
            if "text" in delta:
                yield TextDelta(delta["text"])
            elif "toolUse" in delta and block["contentBlockIndex"] in tools:
                tools[block["contentBlockIndex"]].arguments += delta["toolUse"]["input"]
        elif "contentBlockStop" in event:
            done = tools.pop(event["contentBlockStop"]["contentBlockIndex"], None)
            if done:
                yield ToolCall(done.use_id, done.name, done.arguments)
        elif "messageStop" in event:
            reason = event["messageStop"]["stopReason"]
            if reason not in _ENDS:
                raise ModelBroken(f"the stream stopped: {reason}"[:100])
            end = _ENDS[reason]
        elif "metadata" in event:
            yield _usage(event["metadata"]["usage"])
    if end:
        yield End(end)


def _usage(usage: dict[str, int]) -> Usage:
    # What came from the cache or went there is not among the input tokens.
    given = sum(usage.get(name, 0) for name in ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"))
    return Usage(given, usage.get("outputTokens", 0))


def _failure(error: Exception) -> ModelError:
    """The code alone: a message may repeat what was asked."""
    if not isinstance(error, ClientError):
        name = type(error).__name__
        return ModelBroken(name) if isinstance(error, ParserError) else ModelUnavailable(name)
    # Within a stream an error's code begins with a small letter.
    code = error.response["Error"]["Code"]
    code = code[:1].upper() + code[1:]
    if code == "ThrottlingException":
        return ModelThrottled(code)
    if code in _BROKEN:
        filtered = code == "ValidationException" and "content filter" in error.response["Error"].get("Message", "")
        return ModelRefused(code) if filtered else ModelBroken(code)
    return ModelUnavailable(code)
