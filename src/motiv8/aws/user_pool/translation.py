"""What Cognito refuses, as errors of ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from motiv8.errors import PasswordRefused, TooManyRequests, Unauthorized, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

# Cognito counts these for each account, and there is none to count for where an email is unknown.
_TOO_MANY_FOR_ONE = frozenset({"LimitExceededException", "TooManyFailedAttemptsException"})
_TOO_MANY = frozenset({"TooManyRequestsException"}) | _TOO_MANY_FOR_ONE
_WAIT_SECONDS = 60
NO_SUCH_ACCOUNT = frozenset({"UserNotFoundException", "InvalidParameterException", "NotAuthorizedException"})
UNTOLD = NO_SUCH_ACCOUNT | _TOO_MANY_FOR_ONE
"""What sounds the same for whoever knows nothing but an email."""
_BAD_PASSWORD = frozenset({"InvalidPasswordException", "PasswordHistoryPolicyViolationException"})
# A trigger of the pool did not answer: nobody gets an account or a token past it.
_NO_TRIGGER = frozenset(
    {"UnexpectedLambdaException", "UserLambdaValidationException", "InvalidLambdaResponseException"}
)


def code_of(error: ClientError) -> str:
    """Cognito's name for what went wrong."""
    return error.response["Error"]["Code"]


@contextmanager
def translated() -> Iterator[None]:
    """For every call: Cognito's limits are TooManyRequests."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in _TOO_MANY:
            raise TooManyRequests("Too many attempts. Please wait a minute and try again.", _WAIT_SECONDS) from error
        raise


@contextmanager
def with_trigger() -> Iterator[None]:
    """For calls that a trigger of the pool decides about: without its answer they are Unavailable."""
    with translated():
        try:
            yield
        except ClientError as error:
            if code_of(error) in _NO_TRIGGER:
                raise Unavailable("Sign-in is temporarily unavailable. Please try again.") from error
            raise


@contextmanager
def with_new_password() -> Iterator[None]:
    """For calls that set a password: one that the pool does not take is PasswordRefused."""
    with translated():
        try:
            yield
        except ClientError as error:
            if code_of(error) in _BAD_PASSWORD:
                raise PasswordRefused from error
            raise


@contextmanager
def owned() -> Iterator[None]:
    """For calls about an account: one that is not there (any more) is Unauthorized."""
    with translated():
        try:
            yield
        except ClientError as error:
            if code_of(error) in NO_SUCH_ACCOUNT:
                raise Unauthorized from error
            raise
