"""What stops an operation: one line that says what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    SSOTokenLoadError,
    UnauthorizedSSOTokenError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_UNKNOWN = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"})


class OperationError(Exception):
    """An operation cannot be done or failed; the text is one line for whoever runs it."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn what AWS says of credentials into a line that helps. Raises OperationError."""
    try:
        yield
    except NoCredentialsError as error:
        raise OperationError("There are no AWS credentials: sign in first (aws sso login, or AWS_PROFILE).") from error
    except (SSOTokenLoadError, UnauthorizedSSOTokenError) as error:
        raise OperationError(
            "The AWS session has expired: sign in again (aws sso login) and run this again."
        ) from error
    except NoRegionError as error:
        raise OperationError("No AWS region is set: give one in AWS_REGION or AWS_DEFAULT_REGION.") from error
    except EndpointConnectionError as error:
        raise OperationError(f"AWS cannot be reached: {error}") from error
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _EXPIRED:
            message = "The AWS session has expired: sign in again (aws sso login) and run this again."
        elif code in _UNKNOWN:
            message = "AWS does not know these credentials: check AWS_PROFILE or AWS_ACCESS_KEY_ID."
        else:
            # Some answers repeat the whole request.
            message = (
                f"{error.operation_name}: {' '.join((error.response['Error'].get('Message') or code).split())[:300]}"
            )
        raise OperationError(message) from error
