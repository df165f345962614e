"""motiv8 as an MCP server: with the official SDK's client, and message by message."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from motiv8.aws import library_search
from motiv8.aws.library_search import Hit
from motiv8.settings import settings
from stand_in.mcp_client import Client, MCPError, httpx2, with_client

Call = Callable[..., Any]
Result = TypeVar("Result")
VERSION = "2026-07-28"
MODES = ["auto", VERSION, "legacy"]


class _Gateway(httpx2.AsyncBaseTransport):
    """Hands a request of the SDK's to the real handler."""

    def __init__(self, call: Call, user: str | None) -> None:
        self._call = call
        self._user = user

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = (await request.aread()).decode() or None
        answer = self._call(request.method, request.url.path, body, user=self._user, headers=dict(request.headers))
        return httpx2.Response(answer.status, headers=answer.headers, content=answer.text.encode(), request=request)


def _with_client(
    call: Call, mode: str, use: Callable[[Client], Awaitable[Result]], user: str | None = "user-1"
) -> Result:
    return with_client("https://api.example/mcp", use, mode=mode, transport=_Gateway(call, user))


@pytest.mark.parametrize(("mode", "version"), [("auto", VERSION), (VERSION, VERSION), ("legacy", "2025-11-25")])
def test_the_sdks_client_learns_which_tools_there_are_and_which_change_something(
    call: Call, make_user: Call, mode: str, version: str
) -> None:
    async def use(client: Client) -> Any:
        return client.protocol_version, (await client.list_tools()).tools

    make_user()
    spoken, tools = _with_client(call, mode, use)
    assert spoken == version
    changing = {tool.name for tool in tools if not tool.annotations.read_only_hint}
    assert changing == {"change_settings", "request_picture"}
    assert {tool.name for tool in tools} - changing == {
        "search_library",
        "get_settings",
        "get_todays_picture",
        "list_pictures",
    }
    assert all(tool.title and tool.description and tool.input_schema["type"] == "object" for tool in tools)


@pytest.mark.parametrize("mode", MODES)
def test_the_sdks_client_reads_and_changes_the_persons_settings(call: Call, make_user: Call, mode: str) -> None:
    async def use(client: Client) -> Any:
        changed = await client.call_tool("change_settings", {"mode": "track", "delivery_hour": 7})
        return changed, await client.call_tool("get_settings")

    make_user()
    changed, read = _with_client(call, mode, use)
    assert not changed.is_error, changed
    assert (read.structured_content["mode"], read.structured_content["delivery_hour"]) == ("track", 7)
    assert json.loads(read.content[0].text) == read.structured_content
    assert call("GET", "/v1/me", user="user-1").json["delivery_hour"] == 7


@pytest.mark.parametrize("mode", MODES)
def test_pictures_come_with_links_that_open_them(call: Call, make_user: Call, make_portrait: Call, mode: str) -> None:
    make_user()
    make_portrait()
    make_portrait(status="making", portrait_id="2026-11-19-01hzzzzzzzzzzzzzzzzzzzzzzz")

    async def use(client: Client) -> Any:
        return await client.call_tool("list_pictures")

    result = _with_client(call, mode, use)
    assert len(result.structured_content["pictures"]) == 2
    _, link = result.content
    assert (link.type, link.mime_type) == ("resource_link", "image/jpeg")
    assert str(link.uri).startswith("https://media-test.s3.us-east-1.amazonaws.com/pictures/user-1/")
    assert "X-Amz-Signature" in str(link.uri)


def test_the_library_is_searched_by_the_rights_of_the_person(
    call: Call, make_user: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motiv8.library import namespace_repository

    asked: list[list[str]] = []

    def search(_query: str, spaces: list[str], *_: object) -> list[Hit]:
        asked.append(sorted(spaces))
        return []

    make_user()
    namespace_repository.ensure("running")
    namespace_repository.set_access("closed", "group", None)
    monkeypatch.setattr(library_search, "search", search)
    result = _with_client(call, "auto", lambda client: client.call_tool("search_library", {"query": "sleep"}))
    assert result.structured_content == {"passages": []}
    assert asked == [["running"]]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("change_settings", {"delivery_hour": 99}, "delivery_hour"),
        ("change_settings", {"password": "x"}, "password"),
        ("change_settings", {}, "at least one setting"),
        ("list_pictures", {"limit": "many"}, "limit"),
        ("request_picture", {}, "no photo in use"),
    ],
)
def test_what_a_tool_cannot_do_is_a_result_that_says_why(
    call: Call, make_user: Call, mode: str, tool: str, arguments: dict[str, object], words: str
) -> None:
    make_user(selfie_id=None, selfie_status=None, face_selfie_id=None, embedding_key=None)
    result: Any = _with_client(call, mode, lambda client: client.call_tool(tool, arguments))
    assert result.is_error
    assert words in result.content[0].text


@pytest.mark.parametrize("mode", MODES)
def test_a_tool_that_there_is_not_is_an_error_of_the_protocol(call: Call, make_user: Call, mode: str) -> None:
    make_user()
    with pytest.raises(BaseExceptionGroup) as raised:
        _with_client(call, mode, lambda client: client.call_tool("delete_account"))
    assert "no tool with this name" in str(_innermost(raised.value))


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def test_without_a_token_nobody_gets_in(call: Call) -> None:
    with pytest.raises(BaseExceptionGroup) as raised:
        _with_client(call, "auto", lambda client: client.list_tools(), user=None)
    assert isinstance(_innermost(raised.value), MCPError | httpx2.HTTPStatusError)
    answer = call("POST", "/mcp", _request("tools/list"))
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def _request(method: str, **parameters: object) -> dict[str, Any]:
    meta = {
        "io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta, **parameters}}


def _headers(method: str, **more: str) -> dict[str, str]:
    return {"MCP-Protocol-Version": VERSION, "Mcp-Method": method} | {k.replace("_", "-"): v for k, v in more.items()}


def test_a_request_that_says_its_version_is_answered_by_itself(call: Call, make_user: Call) -> None:
    make_user()
    answer = call("POST", "/mcp", _request("server/discover"), user="user-1", headers=_headers("server/discover"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    result = answer.json["result"]
    assert result["supportedVersions"] == [VERSION, "2025-11-25", "2025-06-18"]
    assert (result["resultType"], result["capabilities"]) == ("complete", {"tools": {}})
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "motiv8"
    assert "Mcp-Session-Id" not in answer.headers


@pytest.mark.parametrize(
    ("message", "headers", "status", "code"),
    [
        pytest.param([_request("tools/list"), _request("tools/list")], _headers("tools/list"), 400, -32600, id="batch"),
        pytest.param("text", _headers("tools/list"), 400, -32600, id="text"),
        pytest.param({"jsonrpc": "1.0", "id": 1, "method": "ping"}, {}, 400, -32600, id="another JSON-RPC"),
        pytest.param({"jsonrpc": "2.0", "id": None, "method": "ping"}, {}, 400, -32600, id="id null"),
        pytest.param({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}, {}, 400, -32600, id="id no integer"),
        pytest.param({"jsonrpc": "2.0", "id": 1, "result": {}}, {}, 400, -32600, id="answer"),
        pytest.param({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}, {}, 400, -32600, id="parameters"),
        pytest.param(_request("tools/list"), {}, 400, -32020, id="no headers"),
        pytest.param(_request("tools/list"), _headers("tools/call"), 400, -32020, id="another method"),
        pytest.param(_request("tools/call", name="get_settings"), _headers("tools/call"), 400, -32020, id="no name"),
        pytest.param(
            _request("tools/call", name="request_picture"),
            _headers("tools/call", Mcp_Name="get_settings"),
            400,
            -32020,
            id="another name",
        ),
        pytest.param(
            {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, _headers("tools/list"), 400, -32602, id="no envelope"
        ),
        pytest.param(_request("no/method"), _headers("no/method"), 404, -32601, id="no such method"),
        pytest.param(_request("initialize"), _headers("initialize"), 404, -32601, id="handshake of another revision"),
        pytest.param({"jsonrpc": "2.0", "id": 1, "method": "no/method"}, {}, 200, -32601, id="no such method, before"),
        pytest.param(
            {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            {"MCP-Protocol-Version": "2024-11-05"},
            400,
            -32022,
            id="too old",
        ),
        pytest.param(
            _request("tools/call", name=7), _headers("tools/call", Mcp_Name="7"), 400, -32020, id="name no text"
        ),
        pytest.param(
            _request("tools/call", name="get_settings", arguments=[]),
            _headers("tools/call", Mcp_Name="=?base64?Z2V0X3NldHRpbmdz?="),
            400,
            -32602,
            id="arguments no object",
        ),
    ],
)
def test_a_wrong_message_is_an_error_of_the_protocol(
    call: Call, make_user: Call, message: object, headers: dict[str, str], status: int, code: int
) -> None:
    make_user()
    answer = call("POST", "/mcp", json.dumps(message), user="user-1", headers=headers)
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert answer.json.get("id", 1) == 1


def test_a_version_of_the_future_is_told_which_there_are(call: Call, make_user: Call) -> None:
    make_user()
    message = _request("tools/list")
    message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2030-01-01"
    headers = _headers("tools/list") | {"MCP-Protocol-Version": "2030-01-01"}
    error = call("POST", "/mcp", message, user="user-1", headers=headers).json["error"]
    assert (error["code"], error["data"]) == (
        -32022,
        {"supported": [VERSION, "2025-11-25", "2025-06-18"], "requested": "2030-01-01"},
    )


@pytest.mark.parametrize(
    ("asked", "agreed"), [("2025-06-18", "2025-06-18"), ("2025-03-26", "2025-11-25"), (None, "2025-11-25")]
)
def test_a_handshake_agrees_on_a_version_that_both_have(
    call: Call, make_user: Call, asked: str | None, agreed: str
) -> None:
    make_user()
    message = {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {"protocolVersion": asked}}
    answer = call("POST", "/mcp", message, user="user-1")
    assert (answer.json["id"], answer.json["result"]["protocolVersion"]) == ("a", agreed)
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    assert call("POST", "/mcp", ping, user="user-1", headers={"MCP-Protocol-Version": agreed}).json["result"] == {}


def test_a_notification_is_taken_and_not_answered(call: Call, make_user: Call) -> None:
    make_user()
    answer = call("POST", "/mcp", {"jsonrpc": "2.0", "method": "notifications/initialized"}, user="user-1")
    assert (answer.status, answer.text) == (202, "")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_stream_and_no_session(call: Call, method: str) -> None:
    answer = call(method, "/mcp", user="user-1")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("configured", "origin", "status"),
    [
        ("https://app.example", None, 200),
        ("https://app.example", "https://app.example", 200),
        ("https://app.example", "https://other.example", 403),
        ("https://app.example", "http://localhost:6274", 403),
        ("https://app.example", "null", 403),
        ("*", "http://localhost:6274", 200),
        ("*", "http://127.0.0.1:6274", 200),
        ("*", "https://other.example", 403),
        ("*", "https://localhost.other.example", 403),
    ],
)
def test_a_page_of_another_site_is_refused(
    call: Call, make_user: Call, monkeypatch: pytest.MonkeyPatch, configured: str, origin: str | None, status: int
) -> None:
    make_user()
    monkeypatch.setenv("MOTIV8_CORS_ORIGIN", configured)
    settings.cache_clear()
    headers = _headers("tools/list") | ({"Origin": origin} if origin else {})
    assert call("POST", "/mcp", _request("tools/list"), user="user-1", headers=headers).status == status


def test_a_preflight_allows_the_protocols_headers(call: Call) -> None:
    allowed = call("OPTIONS", "/mcp").headers["Access-Control-Allow-Headers"].lower()
    assert {"mcp-protocol-version", "mcp-method", "mcp-name"} <= set(allowed.split(", "))
