"""The alias `live` of each function: what it serves, and moving it without CloudFormation or CodeDeploy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from motiv8_tooling.operations.environment import client

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8_tooling.operations.environment import Environment

FUNCTIONS = ("api-handler", "courier", "studio", "library-worker", "library-search", "coach", "socket")
_ALIAS = "live"


@dataclass(frozen=True, slots=True)
class Live:
    """What serves: each function's version, the release that the API's is of, and whether a part of the calls goes to
    another version at present."""

    versions: dict[str, str]
    release: str
    shifting: bool


def live(environment: Environment) -> Live | None:
    """What serves now; None before there are functions."""
    functions = client("lambda")
    versions, shifting = {}, False
    for name in FUNCTIONS:
        try:
            alias = functions.get_alias(FunctionName=_function(environment, name), Name=_ALIAS)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        versions[name] = alias["FunctionVersion"]
        shifting |= bool(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"))
    serving = functions.get_function_configuration(
        FunctionName=_function(environment, FUNCTIONS[0]), Qualifier=versions[FUNCTIONS[0]]
    )
    return Live(versions, _release(serving), shifting)


def versions_of(environment: Environment, release: str) -> dict[str, str] | None:
    """Each function's version of a release; None where one is gone."""
    pages = client("lambda").get_paginator("list_versions_by_function")
    found = {}
    for name in FUNCTIONS:
        for page in pages.paginate(FunctionName=_function(environment, name)):
            for version in page["Versions"]:
                if version["Version"] != "$LATEST" and _release(version) == release:
                    found[name] = version["Version"]
    return found if len(found) == len(FUNCTIONS) else None


def point(environment: Environment, versions: dict[str, str], say: Callable[[str], None]) -> None:
    """Have the aliases serve these versions at once, all calls of them."""
    for name, version in versions.items():
        client("lambda").update_alias(
            FunctionName=_function(environment, name),
            Name=_ALIAS,
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": {}},
        )
        say(f"  {name} serves version {version}")


def _function(environment: Environment, name: str) -> str:
    return f"motiv8-{name}-{environment.name}"


def _release(configuration: dict[str, dict[str, dict[str, str]]]) -> str:
    return configuration.get("Environment", {}).get("Variables", {}).get("MOTIV8_RELEASE", "")
