"""Secrets, read once for the life of the process."""

import hmac
import json
from functools import cache

from botocore.exceptions import ClientError

from motiv8.aws.clients import secrets_manager
from motiv8.settings import settings


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
