"""What stops an operation: one line that says what to do."""

from __future__ import annotations

import re
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


# As IAM words it, for itself and for the services that CloudFormation calls (IAM User Guide, Troubleshoot access denied
# error messages).
_REFUSED = re.compile(
    r"(?P<who>arn:aws[\w-]*:\S+) is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<what>arn:\S+))?"
)
_ENCODED = "Encoded authorization failure message"


class OperationError(Exception):
    """An operation cannot be done or failed; the text is one line for whoever runs it."""


def refused_action(text: str) -> str:
    """What to do about a missing permission that a message tells of; empty where it tells of none."""
    words = " ".join(text.split())
    if found := _REFUSED.search(words):
        role = re.sub(r".*:assumed-role/([^/]+)/.*", r"\1", found["who"])
        on = f" on {found['what'].rstrip('.,;')}" if found["what"] else ""
        return (
            f"{role} may not {found['action']}{on}: add that to the role (infra/github-oidc.yaml), and run this again."
        )
    if _ENCODED in words:
        return "A permission is missing; aws sts decode-authorization-message says which."
    return ""


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
        elif refused := refused_action(error.response["Error"].get("Message", "")):
            message = f"{error.operation_name}: {refused}"
        else:
            # Some answers repeat the whole request.
            message = (
                f"{error.operation_name}: {' '.join((error.response['Error'].get('Message') or code).split())[:300]}"
            )
        raise OperationError(message) from error
