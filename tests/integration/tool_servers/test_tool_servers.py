"""Operators set up which server's tools the coach uses, and the coach is offered them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from motiv8.answering.turn import ToolFailed
from motiv8.aws import clients, secrets
from motiv8.coach.tools import TOOLS, ToolContext
from motiv8.library import namespace_repository
from motiv8.pipeline.answering_tools import offered_tools, sources_of
from motiv8.settings import settings
from motiv8.tool_servers import connection, remote
from motiv8.tool_servers.remote import remote_tools
from stand_in import tool_server
from stand_in.tool_server import Handler, Message, ToolServer

Call = Callable[..., Any]

SECRET = "a-secret-of-the-operators"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ToolServer]:
    """A tool server whose host this environment may call."""
    with tool_server.serving(tool_server.stateless) as found:
        monkeypatch.setattr(connection, "INTERNET", tool_server.network())
        monkeypatch.setenv("MOTIV8_TOOL_SERVER_HOSTS", found.host)
        settings.cache_clear()
        remote._listings.clear()
        yield found
    settings.cache_clear()


@pytest.fixture
def ask(call: Call, sign: Callable[..., str]) -> Call:
    """Send a request as an operator who has just signed in."""

    def send(method: str, scope: str, body: object = None, groups: tuple[str, ...] = ("operators",)) -> Any:
        token = sign(sub="operator-1", **{"cognito:groups": list(groups)})
        return call(method, f"/v1/tool-servers/{scope}", body, token=token)

    return send


def _secret(scope: str = "everybody") -> str | None:
    try:
        name = f"motiv8/test/tool-servers/{scope}"
        return clients.secrets_manager().get_secret_value(SecretId=name)["SecretString"]
    except clients.secrets_manager().exceptions.ResourceNotFoundException:
        return None


def test_an_operator_sets_up_looks_at_and_removes_a_server(ask: Call, server: ToolServer) -> None:
    body = {"url": server.url, "secret": SECRET, "tools": ["weather"]}
    put = ask("PUT", "everybody", body)
    assert put.status == 200, put.text
    assert put.json | {"updated_at": None} == {
        "scope": "everybody",
        "url": server.url,
        "has_secret": True,
        "tools": ["weather"],
        "updated_at": None,
    }
    assert ask("GET", "everybody").json == put.json
    assert SECRET not in put.text + ask("GET", "everybody").text
    assert json.loads(_secret() or "") == {"url": server.url, "secret": SECRET}
    assert ask("DELETE", "everybody").status == 204
    assert ask("GET", "everybody").status == 404
    assert _secret() is None
    assert ask("DELETE", "everybody").status == 204


def test_what_a_put_leaves_out_the_server_does_not_have(ask: Call, server: ToolServer) -> None:
    ask("PUT", "everybody", {"url": server.url, "secret": SECRET, "tools": ["weather"]})
    put = ask("PUT", "everybody", {"url": server.url}).json
    assert (put["has_secret"], put["tools"]) == (False, None)
    assert _secret() is None
    assert ask("PUT", "everybody", {"url": server.url, "tools": []}).json["tools"] == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_but_operators_may(ask: Call, server: ToolServer, method: str) -> None:
    answer = ask(method, "everybody", {"url": server.url} if method == "PUT" else None, groups=("importers",))
    assert (answer.status, answer.json["type"]) == (403, "urn:motiv8:problem:operators-only")


def test_a_scope_is_everybody_or_a_namespace(ask: Call, server: ToolServer) -> None:
    assert ask("PUT", "running", {"url": server.url}).status == 404
    namespace_repository.ensure("running")
    assert ask("PUT", "running", {"url": server.url}).status == 200
    assert ask("PUT", "Running/..", {"url": server.url}).status in {404, 422}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://tools.example/mcp"}, "body.url"),
        ({"url": "https://tools.example@169.254.169.254/"}, "body.url"),
        ({"url": "https://localhost/mcp"}, "body.url"),
        ({"secret": "two\r\nlines"}, "body.secret"),
        ({"tools": ["a tool"]}, "body.tools.0"),
        ({"more": 1}, "body.more"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused(
    ask: Call, server: ToolServer, change: dict[str, object], field: str
) -> None:
    answer = ask("PUT", "everybody", {"url": server.url} | change)
    assert (answer.status, [each["field"] for each in answer.json["errors"]]) == (422, [field])
    assert ask("GET", "everybody").status == 404


def test_a_host_with_a_private_address_is_refused_though_it_is_listed(
    ask: Call, server: ToolServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = connection.Network(lambda *_: ["10.0.0.7"], lambda _: False, tool_server.network().trust)
    monkeypatch.setattr(connection, "INTERNET", private)
    answer = ask("PUT", "everybody", {"url": server.url})
    assert [each["code"] for each in answer.json["errors"]] == ["address_not_public"]


def test_the_coach_is_offered_the_tools_of_everybodys_and_the_namespaces_server(
    ask: Call, server: ToolServer, noon: datetime
) -> None:
    namespace_repository.ensure("a-namespace-with-a-long-name")
    ask("PUT", "everybody", {"url": server.url, "tools": ["weather", "book"]})
    ask("PUT", "a-namespace-with-a-long-name", {"url": server.url})
    offered = {tool.spec.name: tool.changes for tool in remote_tools("a-namespace-with-a-long-name", noon)}
    # Without asking runs what the operator named and the server says only reads.
    assert offered == {
        "everybody__weather": False,
        "everybody__book": True,
        "a-namespace-with-a-lo"[:20] + "__weather": True,
        "a-namespace-with-a-lo"[:20] + "__book": True,
    }
    assert {tool.spec.name for tool in remote_tools(None, noon)} == {"everybody__weather", "everybody__book"}
    assert {tool.spec.name for tool in remote_tools("another", noon)} == {"everybody__weather", "everybody__book"}


def test_tools_that_the_operator_did_not_name_are_left_out(ask: Call, server: ToolServer, noon: datetime) -> None:
    ask("PUT", "everybody", {"url": server.url, "tools": ["book", "unknown"]})
    assert [tool.spec.name for tool in remote_tools(None, noon)] == ["everybody__book"]


def test_a_tool_runs_with_the_servers_secret_and_says_what_it_is_going_to_do(
    ask: Call, server: ToolServer, noon: datetime
) -> None:
    ask("PUT", "everybody", {"url": server.url, "secret": SECRET})
    [weather, _] = remote_tools(None, noon)
    arguments = weather.checked({"place": "Köln"})
    assert weather.summary(arguments) == 'Weather (weather at tools.example): {"place": "Köln"}'
    assert weather.run(arguments) == {"text": 'weather: {"place": "K\\u00f6ln"}'}
    assert {headers["authorization"] for headers, _ in server.requests} == {f"Bearer {SECRET}"}
    with pytest.raises(ToolFailed, match="too long"):
        weather.checked({"place": "K" * 20_000})


def test_an_answer_of_a_model_is_offered_them_beside_our_own_and_changes_something_once(
    ask: Call, server: ToolServer, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("PUT", "everybody", {"url": server.url})
    namespace_repository.set_access("closed", "group", None)
    ask("PUT", "closed", {"url": server.url})
    context = ToolContext("user-1", frozenset(), "closed", noon, "01j00000000000000000000000", "correlation-1")
    assert offered_tools(context, sources_of(frozenset(), "closed")).keys() == TOOLS.keys()
    monkeypatch.setenv("MOTIV8_COACH_MODEL", "some.model")
    settings.cache_clear()
    offered = offered_tools(context, sources_of(frozenset(), "closed"))
    # The person may not read the namespace, so that its server's tools are none of theirs.
    assert offered.keys() - TOOLS.keys() == {"everybody__weather", "everybody__book"}
    assert offered["everybody__book"].run({}) == {"text": "book: {}"}
    with pytest.raises(ToolFailed, match="done before"):
        offered["everybody__book"].run({})


def test_a_secret_goes_to_no_address_but_its_own(ask: Call, server: ToolServer, noon: datetime) -> None:
    """As when the address is changed between the reading of the two."""
    ask("PUT", "everybody", {"url": server.url, "secret": SECRET})
    secrets.keep_tool_server_secret("everybody", "https://other.example/", "for-the-other")
    assert remote_tools(None, noon) == []
    assert server.requests == []


def test_a_host_that_is_not_listed_any_more_is_not_called(
    ask: Call, server: ToolServer, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("PUT", "everybody", {"url": server.url})
    [weather, _] = remote_tools(None, noon)
    monkeypatch.setenv("MOTIV8_TOOL_SERVER_HOSTS", "other.example")
    settings.cache_clear()
    with pytest.raises(ToolFailed, match="cannot be called"):
        weather.run({})
    assert remote_tools(None, noon + timedelta(hours=1)) == []


def test_the_list_of_tools_is_asked_for_now_and_then(ask: Call, server: ToolServer, noon: datetime) -> None:
    ask("PUT", "everybody", {"url": server.url})
    for minutes in (0, 1, 4, 6):
        assert len(remote_tools(None, noon + timedelta(minutes=minutes))) == 2
    assert server.methods == ["tools/list"] * 2


def test_a_server_that_does_not_answer_is_left_out_for_a_minute(ask: Call, server: ToolServer, noon: datetime) -> None:
    def refuse(handler: Handler, _: Message) -> None:
        handler.send(503, b"")

    ask("PUT", "everybody", {"url": server.url})
    server.behave = refuse
    assert remote_tools(None, noon) == []
    asked = len(server.requests)
    server.behave = tool_server.stateless
    assert remote_tools(None, noon + timedelta(seconds=30)) == []
    assert len(server.requests) == asked
    assert len(remote_tools(None, noon + timedelta(seconds=61))) == 2


def test_nothing_of_a_secret_is_logged(
    ask: Call, server: ToolServer, noon: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    server.behave = tool_server.with_handshake
    ask("PUT", "everybody", {"url": server.url, "secret": SECRET})
    [weather, _] = remote_tools(None, noon)
    weather.run({})
    server.behave = lambda handler, _: handler.send(401, SECRET.encode())
    with pytest.raises(ToolFailed):
        weather.run({})
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err
