"""Which environment, in which account, with which parameters."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from motiv8.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable

PROJECT = Path(__file__).parents[3]
_NAME = re.compile(r"dev|prod|dev-pr-[1-9][0-9]*|restore-[1-9][0-9]*")


@dataclass(frozen=True)
class Environment:
    """One environment of the caller's account; every resource carries its name."""

    name: str

    @property
    def kind(self) -> str:
        """The part of `environments.toml` that it goes by: dev, dev-pr, prod or restore."""
        return re.sub(r"-[0-9]+$", "", self.name)

    @property
    def stack(self) -> str:
        """The stack of everything."""
        return f"motiv8-{self.name}"

    @property
    def artifacts_stack(self) -> str:
        """The stack of the bucket that it is deployed from."""
        return f"motiv8-artifacts-{self.name}"

    @property
    def edge_stack(self) -> str:
        """The stack of the firewall before CloudFront."""
        return f"motiv8-edge-{self.name}"

    @cached_property
    def _caller(self) -> dict[str, str]:
        found: dict[str, str] = client("sts").get_caller_identity()
        return found

    @cached_property
    def account(self) -> str:
        """The caller's account."""
        return self._caller["Account"]

    @cached_property
    def boundary(self) -> dict[str, str]:
        """The parameter that GitHub's roles must set, since they may make roles within their boundary alone.

        Nothing for other callers; the names are those of infra/github-oidc.yaml.
        """
        named = re.fullmatch(
            r"arn:([\w-]+):sts::([0-9]+):assumed-role/(motiv8-github-(?:pull-requests|prod))/.*", self._caller["Arn"]
        )
        return {"PermissionsBoundary": "arn:{}:iam::{}:policy/{}-boundary".format(*named.groups())} if named else {}

    @property
    def artifacts_bucket(self) -> str:
        """Templates and the list of deployments."""
        return f"motiv8-artifacts-{self.name}-{self.account}"

    @property
    def tags(self) -> dict[str, str]:
        """On every resource; the budget counts by `environment`."""
        return {"project": "motiv8", "environment": self.name}


def environment(name: str) -> Environment:
    """The environment of that name. Raises OperationError."""
    if not _NAME.fullmatch(name):
        raise OperationError(f"{name!r} is no environment: use dev, prod, dev-pr-N or restore-N (N is a number).")
    return Environment(name)


def client(service: str, region: str | None = None) -> Any:
    """A client with the caller's own credentials, region and (for rehearsals) AWS_ENDPOINT_URL."""
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]  # any service by name


def check_account(given: Environment, account: str | None) -> None:
    """That the credentials are for the account that was named; prod must name it. Raises OperationError."""
    if given.name == "prod" and account is None:
        raise OperationError("prod needs the account: scripts/deploy-phased.sh prod $AWS_ACCOUNT_ID")
    if account is not None and not re.fullmatch(r"[0-9]{12}", account):
        raise OperationError(f"{account!r} is no AWS account: it has 12 digits.")
    if account is not None and account != given.account:
        raise OperationError(
            f"These credentials are for account {given.account}, not {account}: change AWS_PROFILE, nothing was done."
        )


def parameters(given: Environment, words: Iterable[str], kept: dict[str, str]) -> dict[str, str]:
    """The template's parameters: what the stack has, over it environments.toml, over it what was given now.

    `words` are `Name=Value`; MOTIV8_PARAMETERS holds more of them. Raises OperationError.
    """
    of_kind: dict[str, Any] = tomllib.loads((PROJECT / "environments.toml").read_text(encoding="utf-8"))[given.kind]
    required = of_kind.pop("required", [])
    named = dict(_split(word) for word in [*os.environ.get("MOTIV8_PARAMETERS", "").split(), *words])
    values: dict[str, str] = kept | of_kind | named
    missing = [name for name in required if not values.get(name)]
    if missing:
        raise OperationError(
            f"{given.name} needs {', '.join(missing)}: give --parameter {missing[0]}=… or set MOTIV8_PARAMETERS."
        )
    return values


def _split(word: str) -> tuple[str, str]:
    name, separator, value = word.partition("=")
    if not separator or not name:
        raise OperationError(f"{word!r} is no parameter: use Name=Value.")
    return name, value
