"""Secrets: those of the stack, read once for the life of the process, and those of tool servers."""

import hmac
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import secrets_manager
from motiv8.errors import Unavailable
from motiv8.settings import settings
from motiv8.telemetry import logger


@cache
def link_secret() -> str:
    """The key that signs links in mail."""
    return secrets_manager().get_secret_value(SecretId=settings().link_secret_arn)["SecretString"]


def signing_key(purpose: str) -> str:
    """A key of its own for each purpose, derived from the links' secret: what one signs says nothing to another."""
    return hmac.digest(link_secret().encode(), purpose.encode(), "sha256").hex()


def origin_secrets() -> tuple[str, ...]:
    """What CloudFront adds to its requests: the present value, and the one before where there was one."""
    present = secrets_manager().get_secret_value(SecretId=settings().origin_secret_arn)["SecretString"]
    try:
        before = secrets_manager().get_secret_value(SecretId=settings().origin_secret_arn, VersionStage="AWSPREVIOUS")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return (present,)
    return (present, before["SecretString"])


@cache
def content_credentials() -> tuple[str, str]:
    """The certificate chain and the private key (PEM) that sign pictures: a secret with both under these names in JSON.

    Raises ValueError for a secret that is not that, or cannot be read.
    """
    try:
        secret = secrets_manager().get_secret_value(SecretId=settings().credentials_secret_arn)["SecretString"]
        said = json.loads(secret)
        return str(said["certificate_chain"]), str(said["private_key"])
    except ClientError as error:
        raise ValueError(f"the secret cannot be read: {error.response['Error']['Code']}") from None
    except (ValueError, KeyError, TypeError):
        raise ValueError("the secret is no JSON with certificate_chain and private_key") from None


@cache
def apns_secret() -> dict[str, Any]:
    """Apple's key for push (`key_id`, `team_id`, `topic`, `private_key`). Raises ValueError for what cannot be read."""
    if not settings().apns_secret_arn:
        raise ValueError("there is no secret for APNs")
    return _json(lambda: secrets_manager().get_secret_value(SecretId=settings().apns_secret_arn)["SecretString"])


@cache
def fcm_secret() -> dict[str, Any]:
    """Google's service account, as its file. Raises ValueError for what cannot be read."""
    if not settings().fcm_secret_arn:
        raise ValueError("there is no secret for FCM")
    return _json(lambda: secrets_manager().get_secret_value(SecretId=settings().fcm_secret_arn)["SecretString"])


def _json(read: Callable[[], str]) -> dict[str, Any]:
    try:
        return dict(json.loads(read()))
    except (ClientError, BotoCoreError) as error:
        raise ValueError(f"the secret cannot be read: {type(error).__name__}") from None
    except (ValueError, TypeError):
        raise ValueError("the secret is no JSON object") from None


def tool_server_secret(scope: str, url: str) -> str | None:
    """What a tool server is sent; None where nothing that can be read is kept, or it is for another address."""
    try:
        kept = secrets_manager().get_secret_value(SecretId=_of_tool_server(scope))["SecretString"]
    except (ClientError, BotoCoreError) as error:
        logger.warning("secret of a tool server not read", scope=scope, exception_type=type(error).__qualname__)
        return None
    said = json.loads(kept)
    return str(said["secret"]) if said["url"] == url else None


def keep_tool_server_secret(scope: str, url: str, secret: str) -> None:
    """Keep what the tool server at this address is sent. Raises Unavailable while AWS still deletes the last one."""
    name, value = _of_tool_server(scope), json.dumps({"url": url, "secret": secret})
    try:
        secrets_manager().create_secret(Name=name, SecretString=value)
    except ClientError as error:
        if error.response["Error"]["Code"] == "InvalidRequestException":
            raise Unavailable("The secret that was there is being deleted. Please try again.") from None
        if error.response["Error"]["Code"] != "ResourceExistsException":
            raise
        secrets_manager().put_secret_value(SecretId=name, SecretString=value)


def forget_tool_server_secret(scope: str) -> None:
    """Delete what a tool server is sent, at once, if there is anything."""
    try:
        secrets_manager().delete_secret(SecretId=_of_tool_server(scope), ForceDeleteWithoutRecovery=True)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise


# A secret that is marked for deletion is found, and refused.
_GONE = frozenset({"ResourceNotFoundException", "InvalidRequestException"})


def _of_tool_server(scope: str) -> str:
    return f"motiv8/{settings().environment}/tool-servers/{scope}"
