"""Every setting, read in one place from the variables that the template sets."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs between environments, with what holds where a function has no such variable.

    A setting is read from the variable `MOTIV8_` and its name in capitals, those of `_AWS_VARIABLES` from AWS's own.
    """

    environment: str = "dev"
    release: str = "none"
    region: str = _DEFAULT_REGION
    endpoint_url: str = ""
    users_table: str = ""
    portraits_table: str = ""
    idempotency_table: str = ""
    documents_table: str = ""
    namespaces_table: str = ""
    conversations_table: str = ""
    uploads_bucket: str = ""
    media_bucket: str = ""
    library_bucket: str = ""
    user_pool_id: str = ""
    user_pool_client_id: str = ""
    sign_in_url: str = ""
    identity_providers: tuple[str, ...] = ()
    token_issuer: str = ""
    jwks_url: str = ""
    portrait_state_machine_arn: str = ""
    export_state_machine_arn: str = ""
    delete_state_machine_arn: str = ""
    document_state_machine_arn: str = ""
    library_search_function: str = ""
    socket_endpoint: str = ""
    coach_function: str = ""
    coach_days: int = 365
    coach_tokens_a_day: int = 50_000
    coach_environment_tokens_a_day: int = 0
    delivery_queue_url: str = ""
    delivery_concurrency: int = 2
    mails_per_second: int = 1
    making_concurrency: int = 40
    sender_address: str = ""
    mail_configuration_set: str = ""
    push_services: tuple[str, ...] = ()
    apns_secret_arn: str = ""
    fcm_secret_arn: str = ""
    link_secret_arn: str = ""
    origin_secret_arn: str = ""
    public_url: str = ""
    app_url: str = ""
    cors_origin: str = "*"
    daily_quota: int = 5
    inactive_days: int = 730
    upload_quota: int = 10
    request_limit: int = 100
    waits_at_once: int = 0
    behind_cloudfront: bool = False
    tool_server_hosts: tuple[str, ...] = ()
    engine: str = "poster"
    engines: frozenset[str] = frozenset({"poster"})
    bedrock_model: str = ""
    bedrock_region: str = ""
    bedrock_images_a_day: int = 0
    diffusion_model: str = ""
    coach_model: str = ""
    coach_region: str = ""
    coach_guardrail: str = ""
    coach_guardrail_version: str = "DRAFT"
    mark_pictures: bool = True
    credentials_secret_arn: str = ""

    @property
    def socket_url(self) -> str:
        """Where a client opens a socket: what is sent to sockets goes to the same address by HTTP."""
        return f"ws{self.socket_endpoint.removeprefix('http')}" if self.socket_endpoint else ""


_AWS_VARIABLES = {
    "region": "AWS_REGION",
    "endpoint_url": "AWS_ENDPOINT_URL",
}
_PARSERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "bool": lambda text: text == "true",
    "tuple[str, ...]": lambda text: tuple(filter(None, text.split(","))),
    "frozenset[str]": lambda text: frozenset(text.split(",")),
}


def variable_of(setting: str) -> str:
    """The name of the variable that a setting is read from."""
    return _AWS_VARIABLES.get(setting) or f"MOTIV8_{setting.upper()}"


def read(variables: Mapping[str, str]) -> Settings:
    """The settings from these variables. Raises ValueError for a number that is none."""
    given: dict[str, Any] = {
        each.name: _PARSERS[str(each.type)](variables[name])
        for each in fields(Settings)
        if (name := variable_of(each.name)) in variables
    }
    region = given.get("region") or variables.get("AWS_DEFAULT_REGION", _DEFAULT_REGION)
    # The issuer, the keys' address and the models' regions follow from others unless they are set.
    issuer = given.get("token_issuer") or f"https://cognito-idp.{region}.amazonaws.com/{given.get('user_pool_id', '')}"
    return Settings(
        **given
        | {
            "region": region,
            "token_issuer": issuer,
            "jwks_url": given.get("jwks_url") or f"{issuer}/.well-known/jwks.json",
            "bedrock_region": given.get("bedrock_region") or region,
            "coach_region": given.get("coach_region") or region,
            "public_url": given.get("public_url", "").rstrip("/"),
            "app_url": given.get("app_url", "").rstrip("/"),
        }
    )


_variables: Mapping[str, str] = os.environ


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(_variables)


def endpoint_of(service: str) -> str | None:
    """The address of an AWS service where `use` chose the variables; botocore reads the process's own by itself."""
    if _variables is os.environ:
        return None
    name = f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}"
    return _variables.get(name) or _variables.get("AWS_ENDPOINT_URL")


def use(variables: Mapping[str, str]) -> None:
    """Read the settings from these variables from now on, in place of the process's own."""
    global _variables
    _variables = variables
    settings.cache_clear()
