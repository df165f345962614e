"""What somebody may do who reads an email's mails: sign up, and set a forgotten password."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from motiv8.aws.clients import cognito
from motiv8.aws.user_pool.translation import UNTOLD, code_of, translated, with_new_password, with_trigger
from motiv8.errors import FieldError, Invalid, WrongCode
from motiv8.settings import settings

if TYPE_CHECKING:
    from motiv8.catalogue.locales import Language

_BAD_CODE = frozenset({"CodeMismatchException", "ExpiredCodeException"}) | UNTOLD


def sign_up(email: str, time_zone: str, language: Language = "en") -> str | None:
    """Make an account and mail a code in a language; the new id (the `sub`), or None where the email has an account.

    Nobody knows its password: whoever signs up has not shown yet that the email is theirs. Raises TooManyRequests, and
    Invalid for an email that Cognito takes for none.
    """
    with with_trigger():
        try:
            return cognito().sign_up(
                ClientId=settings().user_pool_client_id,
                Username=email,
                Password=token_urlsafe(48),
                # The client may not write `email`, which Cognito takes from the username.
                UserAttributes=[{"Name": "zoneinfo", "Value": time_zone}],
                ClientMetadata={"language": language},
            )["UserSub"]
        except ClientError as error:
            if code_of(error) == "UsernameExistsException":
                return None
            if code_of(error) == "InvalidParameterException":
                # Fewer addresses are one to Cognito than to RFC 5322.
                mistake = FieldError("body.email", "email_refused", "must be an email address that can sign in")
                raise Invalid(mistake) from error
            raise


def confirm(user_id: str, code: str) -> None:
    """Confirm a sign-up. Raises WrongCode for whatever does not fit, the same for known and unknown accounts."""
    with translated():
        try:
            cognito().confirm_sign_up(ClientId=settings().user_pool_client_id, Username=user_id, ConfirmationCode=code)
        except ClientError as error:
            if code_of(error) in _BAD_CODE:
                raise WrongCode from error
            raise


def resend(email: str, language: Language) -> None:
    """Mail another sign-up code in a language, if there is an account that needs one."""
    with translated():
        try:
            cognito().resend_confirmation_code(
                ClientId=settings().user_pool_client_id, Username=email, ClientMetadata={"language": language}
            )
        except ClientError as error:
            if code_of(error) not in UNTOLD:
                raise


def forgot_password(email: str, language: Language) -> None:
    """Mail a reset code in a language, if there is a confirmed account."""
    with translated():
        try:
            cognito().forgot_password(
                ClientId=settings().user_pool_client_id, Username=email, ClientMetadata={"language": language}
            )
        except ClientError as error:
            if code_of(error) not in UNTOLD:
                raise


def reset_password(email: str, code: str, password: str) -> None:
    """Set a new password by a mailed code.

    Raises WrongCode, the same for known and unknown emails; PasswordRefused, TooManyRequests.
    """
    with with_new_password():
        try:
            cognito().confirm_forgot_password(
                ClientId=settings().user_pool_client_id, Username=email, ConfirmationCode=code, Password=password
            )
        except ClientError as error:
            if code_of(error) in _BAD_CODE | {"UserNotConfirmedException"}:
                raise WrongCode from error
            raise
