"""/v1/tool-servers: HTTP in and out."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from motiv8 import clock
from motiv8.declarations import fresh_sign_in, raises
from motiv8.errors import NotFound, OperatorsOnly
from motiv8.library.models import Name
from motiv8.tool_servers import service
from motiv8.tool_servers.models import SCOPE, ToolServer, ToolServerRequest
from motiv8.tool_servers.repository import Server

router = Router()


@router.get("/v1/tool-servers/<scope>", summary="A tool server", tags=["coach"], operation_id="get_tool_server")
@raises(NotFound, OperatorsOnly)
def get_tool_server(scope: Annotated[Name, Path(description=SCOPE)]) -> ToolServer:
    """The server whose tools the coach uses in conversations about a namespace, or in all of them; for operators."""
    service.check_operator(router.context["caller"].groups)
    return _server(service.get(scope))


@router.put("/v1/tool-servers/<scope>", summary="Set up a tool server", tags=["coach"], operation_id="put_tool_server")
@raises(NotFound, OperatorsOnly)
@fresh_sign_in
def put_tool_server(
    scope: Annotated[Name, Path(description=SCOPE)], body: Annotated[ToolServerRequest, Body()]
) -> ToolServer:
    """Has the coach use the tools of a server of the Model Context Protocol from now on; for operators.

    The host must be one of those that the environment allows, and have public addresses alone.
    """
    service.check_operator(router.context["caller"].groups)
    return _server(service.put(scope, body.url, body.secret, body.tools, clock.now()))


@router.delete(
    "/v1/tool-servers/<scope>",
    status_code=204,
    summary="Remove a tool server",
    tags=["coach"],
    operation_id="delete_tool_server",
)
@raises(OperatorsOnly)
@fresh_sign_in
def delete_tool_server(scope: Annotated[Name, Path(description=SCOPE)]) -> Response[None]:
    """The coach does not use the server any more, and its secret is gone; for operators."""
    service.check_operator(router.context["caller"].groups)
    service.delete(scope)
    return Response(204)


def _server(server: Server) -> ToolServer:
    return ToolServer(
        scope=server.scope,
        url=server.url,
        has_secret=server.has_secret,
        tools=None if server.tools is None else sorted(server.tools),
        updated_at=clock.rfc3339(server.updated_at),
    )
