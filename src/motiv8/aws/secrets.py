"""Secrets, read once for the life of the process."""

from functools import cache

from motiv8.aws.clients import secrets_manager
from motiv8.settings import settings


@cache
def link_secret() -> str:
    """The key that signs links in mail."""
    return secrets_manager().get_secret_value(SecretId=settings().link_secret_arn)["SecretString"]
