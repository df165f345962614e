"""The one place that talks to Cognito. Its exceptions become ours; no answer tells who has an account."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import ClientError

from motiv8.aws.clients import cognito
from motiv8.device import device
from motiv8.errors import FieldError, Invalid, SignInEnded, TooManyRequests, Unauthorized, Unavailable, WrongCode
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from mypy_boto3_cognito_idp.type_defs import (
        AdminGetUserResponseTypeDef,
        AdminInitiateAuthResponseTypeDef,
        AdminRespondToAuthChallengeResponseTypeDef,
        AttributeTypeTypeDef,
        ContextDataTypeTypeDef,
        GetTokensFromRefreshTokenResponseTypeDef,
        HttpHeaderTypeDef,
    )

    class _Context(TypedDict, total=False):
        ContextData: ContextDataTypeTypeDef


# Cognito counts these for each account, and there is none to count for where an email is unknown.
_TOO_MANY_FOR_ONE = frozenset({"LimitExceededException", "TooManyFailedAttemptsException"})
_TOO_MANY = frozenset({"TooManyRequestsException"}) | _TOO_MANY_FOR_ONE
_NO_SUCH_ACCOUNT = frozenset({"UserNotFoundException", "InvalidParameterException", "NotAuthorizedException"})
_UNTOLD = _NO_SUCH_ACCOUNT | _TOO_MANY_FOR_ONE
"""What sounds the same for whoever knows nothing but an email."""
_BAD_CODE = frozenset({"CodeMismatchException", "ExpiredCodeException"}) | _UNTOLD
_BAD_PASSWORD = frozenset({"InvalidPasswordException", "PasswordHistoryPolicyViolationException"})
_WRONG_MFA_CODE = frozenset({"CodeMismatchException", "EnableSoftwareTokenMFAException"})
_BAD_SIGN_IN = _NO_SUCH_ACCOUNT | {
    *("UserNotConfirmedException", "PasswordResetRequiredException", "RefreshTokenReuseException"),
}
# The trigger that decides what a token may do did not answer: nobody gets one.
_NO_TRIGGER = frozenset(
    {"UnexpectedLambdaException", "UserLambdaValidationException", "InvalidLambdaResponseException"}
)


class MalformedId(ValueError):
    """No account can have this id."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gives, and a refresh: the refresh token may be another one then."""

    access_token: str
    id_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The password was right, and a code of the authenticator app is asked for; `session` ties both together."""

    session: str


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = _code(error)
        if code in _TOO_MANY:
            raise TooManyRequests(
                "Too many attempts. Please wait a minute and try again.", headers={"Retry-After": "60"}
            ) from error
        if code in _NO_TRIGGER:
            raise Unavailable("Sign-in is temporarily unavailable. Please try again.") from error
        if code in _BAD_PASSWORD:
            raise _invalid("body.password", "does not meet the password policy") from error
        raise


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("Some fields are invalid: see `errors`.", (FieldError(field, message),))


def _wrong_mfa_code() -> Invalid:
    return _invalid("body.code", "wrong; enter the code that your app shows now")


def sign_up(email: str, time_zone: str) -> str | None:
    """Make an account and mail a code; the new user's id (the `sub`), or None where the email has an account.

    Nobody knows its password: whoever signs up has not shown yet that the email is theirs. Raises TooManyRequests.
    """
    with _translated():
        try:
            return cognito().sign_up(
                ClientId=settings().user_pool_client_id,
                Username=email,
                Password=token_urlsafe(48),
                # The client may not write `email`, which Cognito takes from the username.
                UserAttributes=[{"Name": "zoneinfo", "Value": time_zone}],
            )["UserSub"]
        except ClientError as error:
            if _code(error) == "UsernameExistsException":
                return None
            raise


def confirm(user_id: str, code: str) -> None:
    """Confirm a sign-up. Raises WrongCode for whatever does not fit, the same for known and unknown accounts."""
    with _translated():
        try:
            cognito().confirm_sign_up(ClientId=settings().user_pool_client_id, Username=user_id, ConfirmationCode=code)
        except ClientError as error:
            if _code(error) in _BAD_CODE:
                raise WrongCode from error
            raise


def resend(email: str) -> None:
    """Mail another sign-up code, if there is an account that needs one."""
    with _translated():
        try:
            cognito().resend_confirmation_code(ClientId=settings().user_pool_client_id, Username=email)
        except ClientError as error:
            if _code(error) not in _UNTOLD:
                raise


def sign_in(email: str, password: str) -> Tokens | CodeWanted:
    """Tokens for a password, or the next step.

    Raises Unauthorized, in one sentence for every cause; TooManyRequests.
    """
    answer = _begin(email, password)
    return answer if isinstance(answer, CodeWanted) else refresh(answer.refresh_token)


def _begin(name: str, password: str) -> Tokens | CodeWanted:
    """Like `sign_in`, by email or id, with an access token that may change the account at Cognito: nobody gets that.

    Cognito's trigger lets the tokens of a sign-in have that scope, for which one needs our role, and takes it from all
    others, those of a refresh among them (docs/adr/027-a-token-alone-changes-nothing-at-cognito.md).
    """
    with _translated(), _signing_in("The email or password is wrong, or the email is not confirmed yet."):
        answer = cognito().admin_initiate_auth(
            UserPoolId=settings().user_pool_id,
            ClientId=settings().user_pool_client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
            **_context(),
        )
    if answer.get("ChallengeName") == "SOFTWARE_TOKEN_MFA":
        return CodeWanted(answer["Session"])
    return _tokens(answer)


def answer_mfa(email: str, session: str, code: str) -> Tokens:
    """Tokens for the authenticator app's code.

    Raises Invalid for a wrong code, SignInEnded for a session that ended; TooManyRequests.
    """
    return refresh(_answer(email, session, code).refresh_token)


def _answer(name: str, session: str, code: str) -> Tokens:
    """Like `answer_mfa`, with an access token like that of `_begin`."""
    with _translated():
        try:
            answer = cognito().admin_respond_to_auth_challenge(
                UserPoolId=settings().user_pool_id,
                ClientId=settings().user_pool_client_id,
                ChallengeName="SOFTWARE_TOKEN_MFA",
                Session=session,
                ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code},
                **_context(),
            )
        except ClientError as error:
            if _code(error) in _WRONG_MFA_CODE:
                raise _wrong_mfa_code() from error
            if _code(error) in _NO_SUCH_ACCOUNT | {"ExpiredCodeException"}:
                raise SignInEnded from error
            raise
    return _tokens(answer)


def prove(user_id: str, password: str, code: str | None) -> str:
    """An access token that may change the account at Cognito, for whoever knows the password and has the second factor.

    For one call of Cognito's, and for nobody else. Raises Invalid for a password or code that is wrong, and for no code
    where there is a second factor; TooManyRequests.
    """
    try:
        answer = _begin(user_id, password)
    except Unauthorized as error:
        raise _invalid("body.password", "wrong") from error
    if isinstance(answer, CodeWanted):
        if code is None:
            raise _invalid("body.code", "required: enter the code that your authenticator app shows")
        answer = _answer(user_id, answer.session, code)
    return answer.access_token


def refresh(refresh_token: str) -> Tokens:
    """Tokens for a refresh token, with the refresh token to use from now on. Raises Unauthorized."""
    with _translated(), _signing_in("The refresh token is no longer valid. Sign in again."):
        answer = cognito().get_tokens_from_refresh_token(
            ClientId=settings().user_pool_client_id, RefreshToken=refresh_token
        )
    tokens = _tokens(answer)
    return tokens if tokens.refresh_token else replace(tokens, refresh_token=refresh_token)


@contextmanager
def _signing_in(refusal: str) -> Iterator[None]:
    """Every cause of a refusal becomes Unauthorized, in one sentence."""
    try:
        yield
    except ClientError as error:
        if _code(error) in _BAD_SIGN_IN:
            raise Unauthorized(refusal) from error
        raise


def _context() -> _Context:
    """Where the person signs in from: threat protection would otherwise judge the function's own address.

    A client without a secret cannot tell Cognito an address, so sign-ins go by the admin operations (docs/adr/018).
    """
    here = device.get()
    if here is None:
        return {}
    headers: list[HttpHeaderTypeDef] = [
        {"headerName": name, "headerValue": here.headers[name]} for name in here.headers
    ]
    return {
        "ContextData": {
            "IpAddress": here.address,
            "ServerName": here.server_name,
            "ServerPath": here.server_path,
            "HttpHeaders": headers,
        }
    }


def _tokens(
    answer: GetTokensFromRefreshTokenResponseTypeDef
    | AdminInitiateAuthResponseTypeDef
    | AdminRespondToAuthChallengeResponseTypeDef,
) -> Tokens:
    result = answer.get("AuthenticationResult")
    if not result:
        raise Unauthorized("This account needs a sign-in step that this version of the API does not support.")
    return Tokens(
        access_token=result["AccessToken"],
        id_token=result["IdToken"],
        refresh_token=result.get("RefreshToken", ""),
        expires_in=result["ExpiresIn"],
    )


def begin_mfa(proof: str) -> str:
    """A new secret for an authenticator app (base32); nothing changes until a code of it is sent.

    `proof` is what `prove` gave, here and below.
    """
    with _owned():
        return cognito().associate_software_token(AccessToken=proof)["SecretCode"]


def enable_mfa(proof: str, code: str) -> None:
    """Ask for a code at each sign-in from now on. Raises Invalid for a wrong code, or without a secret before it."""
    with _owned():
        try:
            cognito().verify_software_token(AccessToken=proof, UserCode=code)
        except ClientError as error:
            if _code(error) in _WRONG_MFA_CODE | {"InvalidParameterException", "SoftwareTokenMFANotFoundException"}:
                raise _wrong_mfa_code() from error
            raise
        _set_mfa(proof, enabled=True)


def disable_mfa(proof: str) -> None:
    """Ask for no code any more."""
    with _owned():
        _set_mfa(proof, enabled=False)


def has_mfa(user_id: str, pool: str | None = None) -> bool:
    """Whether a code is asked for at sign-in. Raises Unauthorized when there is no such account."""
    return "SOFTWARE_TOKEN_MFA" in _user(user_id, pool).get("UserMFASettingList", ())


def _set_mfa(proof: str, *, enabled: bool) -> None:
    cognito().set_user_mfa_preference(
        AccessToken=proof, SoftwareTokenMfaSettings={"Enabled": enabled, "PreferredMfa": enabled}
    )


@contextmanager
def _owned() -> Iterator[None]:
    """For calls about an account: one that is not there (any more) is Unauthorized."""
    with _translated():
        try:
            yield
        except ClientError as error:
            if _code(error) in _NO_SUCH_ACCOUNT:
                raise Unauthorized from error
            raise


def end_sessions(user_id: str) -> None:
    """End all sessions of an account, whoever has them. Raises Unauthorized when there is no such account."""
    with _owned():
        cognito().admin_user_global_sign_out(UserPoolId=settings().user_pool_id, Username=user_id)


def end_session(refresh_token: str) -> None:
    """End the one session that a refresh token belongs to; nothing happens for a token that is not one (RFC 7009)."""
    with _translated():
        try:
            cognito().revoke_token(ClientId=settings().user_pool_client_id, Token=refresh_token)
        except ClientError as error:
            if _code(error) not in _NO_SUCH_ACCOUNT | {"UnsupportedTokenTypeException"}:
                raise


def set_email(user_id: str, email: str) -> bool:
    """Give an account a new email that counts as confirmed; False where another account has it.

    Raises Unauthorized when there is no such account.
    """
    with _owned():
        try:
            cognito().admin_update_user_attributes(
                UserPoolId=settings().user_pool_id,
                Username=user_id,
                # Without the second Cognito would keep the old one and mail a code of its own.
                UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            )
        except ClientError as error:
            if _code(error) != "AliasExistsException":
                raise
            return False
    return True


def forgot_password(email: str) -> None:
    """Mail a reset code, if there is a confirmed account."""
    with _translated():
        try:
            cognito().forgot_password(ClientId=settings().user_pool_client_id, Username=email)
        except ClientError as error:
            if _code(error) not in _UNTOLD:
                raise


def reset_password(email: str, code: str, password: str) -> None:
    """Set a new password by a mailed code. Raises WrongCode, the same for known and unknown emails."""
    with _translated():
        try:
            cognito().confirm_forgot_password(
                ClientId=settings().user_pool_client_id, Username=email, ConfirmationCode=code, Password=password
            )
        except ClientError as error:
            if _code(error) in _BAD_CODE | {"UserNotConfirmedException"}:
                raise WrongCode from error
            raise


def owner(user_id: str) -> dict[str, str]:
    """The attributes (`sub`, `email`, `zoneinfo`) of an account. Raises Unauthorized when there is none."""
    return _by_name(_user(user_id)["UserAttributes"])


def _user(user_id: str, pool: str | None = None) -> AdminGetUserResponseTypeDef:
    with _owned():
        return cognito().admin_get_user(UserPoolId=pool or settings().user_pool_id, Username=user_id)


def _by_name(attributes: Iterable[AttributeTypeTypeDef]) -> dict[str, str]:
    return {each["Name"]: each.get("Value", "") for each in attributes}


def delete(user_id: str, pool: str | None = None) -> None:
    """Remove an account by its id, with its sessions; nothing happens when it is gone already."""
    try:
        cognito().admin_delete_user(UserPoolId=pool or settings().user_pool_id, Username=user_id)
    except ClientError as error:
        if _code(error) != "UserNotFoundException":
            raise


def unconfirmed(before: datetime) -> Iterator[str]:
    """Ids of the accounts made before a moment whose email is not confirmed; Cognito's list lags."""
    pages = (
        cognito()
        .get_paginator("list_users")
        .paginate(UserPoolId=settings().user_pool_id, Filter='cognito:user_status = "UNCONFIRMED"')
    )
    for page in pages:
        for user in page["Users"]:
            if user["UserCreateDate"] < before:
                yield user["Username"]


def is_unconfirmed(user_id: str) -> bool:
    """Whether there is an account of this id that waits for its code."""
    return _status(user_id) == "UNCONFIRMED"


def exists(user_id: str) -> bool:
    """Whether there is an account of this id."""
    return _status(user_id) is not None


def is_listed(user_id: str) -> bool:
    """Whether some account has this `sub`, also one of somebody who came by a provider; Cognito's list lags."""
    quoted = user_id.replace("\\", "\\\\").replace('"', '\\"')
    found = cognito().list_users(UserPoolId=settings().user_pool_id, Filter=f'sub = "{quoted}"', Limit=1)
    return bool(found["Users"])


def _status(user_id: str) -> str | None:
    """Cognito's word for an account's state; None where there is none. Raises MalformedId."""
    try:
        user = cognito().admin_get_user(UserPoolId=settings().user_pool_id, Username=user_id)
    except ClientError as error:
        # No other error says so: whom Cognito does not know is erased.
        if _code(error) == "UserNotFoundException":
            return None
        if _code(error) == "InvalidParameterException":
            raise MalformedId from error
        raise
    return user.get("UserStatus", "")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as Cognito has it: its id (the `sub`), and whether its email was ever confirmed."""

    user_id: str
    confirmed: bool
    has_password: bool


def find(email: str, pool: str | None = None) -> Account | None:
    """The account with this email, if any; nothing of it may show in an answer to somebody else."""
    quoted = email.replace("\\", "\\\\").replace('"', '\\"')
    users = cognito().list_users(UserPoolId=pool or settings().user_pool_id, Filter=f'email = "{quoted}"', Limit=1)[
        "Users"
    ]
    for user in users:
        status = user.get("UserStatus", "")
        return Account(
            _by_name(user.get("Attributes", ()))["sub"], status != "UNCONFIRMED", status != "FORCE_CHANGE_PASSWORD"
        )
    return None


def invite(email: str, time_zone: str, pool: str | None = None) -> str:
    """Make an account whose email counts as confirmed, without a mail of Cognito's; the new user's id."""
    made = cognito().admin_create_user(
        UserPoolId=pool or settings().user_pool_id,
        Username=email,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "zoneinfo", "Value": time_zone},
        ],
    )["User"]
    user_id = _by_name(made.get("Attributes", ()))["sub"]
    set_unknown_password(user_id, pool)
    return user_id


def set_password(user_id: str, password: str) -> None:
    """Give an account a password, whatever it had; Cognito counts it as confirmed then. Raises Invalid."""
    with _translated():
        cognito().admin_set_user_password(
            UserPoolId=settings().user_pool_id, Username=user_id, Password=password, Permanent=True
        )


def set_unknown_password(user_id: str, pool: str | None = None) -> None:
    """A password that nobody knows: without one Cognito mails no code to choose another."""
    cognito().admin_set_user_password(
        UserPoolId=pool or settings().user_pool_id, Username=user_id, Password=token_urlsafe(48), Permanent=True
    )


def providers() -> set[str]:
    """The identity providers of the pool: `Google`, `SignInWithApple`."""
    pages = cognito().get_paginator("list_identity_providers").paginate(UserPoolId=settings().user_pool_id)
    return {each["ProviderName"] for page in pages for each in page["Providers"]}


def link(user_id: str, provider: str, subject: str, pool: str | None = None) -> bool:
    """Have a provider's account sign in to this one; False where it signs in to another already."""
    try:
        cognito().admin_link_provider_for_user(
            UserPoolId=pool or settings().user_pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": user_id},
            SourceUser={
                "ProviderName": provider,
                "ProviderAttributeName": "Cognito_Subject",
                "ProviderAttributeValue": subject,
            },
        )
    except ClientError as error:
        if _code(error) not in {"AliasExistsException", "InvalidParameterException"}:
            raise
        return False
    return True
