"""Signing in, staying signed in, and signing out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import ClientError

from motiv8.aws.clients import cognito
from motiv8.aws.user_pool.translation import NO_SUCH_ACCOUNT, code_of, owned, translated, with_trigger
from motiv8.device import device
from motiv8.errors import (
    SecondFactorMissing,
    SessionEnded,
    SignInEnded,
    Unauthorized,
    WrongCredentials,
    WrongPassword,
    WrongSecondFactor,
)
from motiv8.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import (
        AdminInitiateAuthResponseTypeDef,
        AdminRespondToAuthChallengeResponseTypeDef,
        ContextDataTypeTypeDef,
        GetTokensFromRefreshTokenResponseTypeDef,
        HttpHeaderTypeDef,
    )

    class _Context(TypedDict, total=False):
        ContextData: ContextDataTypeTypeDef


_BAD_SIGN_IN = NO_SUCH_ACCOUNT | {
    *("UserNotConfirmedException", "PasswordResetRequiredException", "RefreshTokenReuseException"),
}
_WRONG_CODE = frozenset({"CodeMismatchException", "EnableSoftwareTokenMFAException"})


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


def sign_in(email: str, password: str) -> Tokens | CodeWanted:
    """Tokens for a password, or the next step.

    Raises WrongCredentials, in one sentence for every cause; TooManyRequests.
    """
    answer = _begin(email, password)
    return answer if isinstance(answer, CodeWanted) else refresh(answer.refresh_token)


def _begin(name: str, password: str) -> Tokens | CodeWanted:
    """Like `sign_in`, by email or id, with an access token that may change the account at Cognito: nobody gets that.

    Cognito's trigger lets the tokens of a sign-in have that scope, for which one needs our role, and takes it from all
    others, those of a refresh among them (docs/adr/027-a-token-alone-changes-nothing-at-cognito.md).
    """
    with with_trigger():
        try:
            answer = cognito().admin_initiate_auth(
                UserPoolId=settings().user_pool_id,
                ClientId=settings().user_pool_client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": password},
                **_context(),
            )
        except ClientError as error:
            if code_of(error) in _BAD_SIGN_IN:
                raise WrongCredentials from error
            raise
    if answer.get("ChallengeName") == "SOFTWARE_TOKEN_MFA":
        return CodeWanted(answer["Session"])
    return _tokens(answer)


def answer_mfa(email: str, session: str, code: str) -> Tokens:
    """Tokens for the authenticator app's code.

    Raises WrongSecondFactor, SignInEnded for a session that ended; TooManyRequests.
    """
    return refresh(_answer(email, session, code).refresh_token)


def _answer(name: str, session: str, code: str) -> Tokens:
    """Like `answer_mfa`, with an access token like that of `_begin`."""
    with with_trigger():
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
            if code_of(error) in _WRONG_CODE:
                raise WrongSecondFactor from error
            if code_of(error) in NO_SUCH_ACCOUNT | {"ExpiredCodeException"}:
                raise SignInEnded from error
            raise
    return _tokens(answer)


def prove(user_id: str, password: str, code: str | None) -> str:
    """An access token that may change the account at Cognito, for whoever knows the password and has the second factor.

    For one call of Cognito's, and for nobody else. Raises WrongPassword, WrongSecondFactor, SecondFactorMissing,
    TooManyRequests.
    """
    try:
        answer = _begin(user_id, password)
        if isinstance(answer, CodeWanted):
            if code is None:
                raise SecondFactorMissing
            answer = _answer(user_id, answer.session, code)
    except (WrongCredentials, SignInEnded) as error:
        raise WrongPassword from error
    return answer.access_token


def refresh(refresh_token: str) -> Tokens:
    """Tokens for a refresh token, with the refresh token to use from now on. Raises SessionEnded."""
    with with_trigger():
        try:
            answer = cognito().get_tokens_from_refresh_token(
                ClientId=settings().user_pool_client_id, RefreshToken=refresh_token
            )
        except ClientError as error:
            if code_of(error) in _BAD_SIGN_IN:
                raise SessionEnded from error
            raise
    tokens = _tokens(answer)
    return tokens if tokens.refresh_token else replace(tokens, refresh_token=refresh_token)


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


def end_sessions(user_id: str) -> None:
    """End all sessions of an account, whoever has them. Raises Unauthorized when there is no such account."""
    with owned():
        cognito().admin_user_global_sign_out(UserPoolId=settings().user_pool_id, Username=user_id)


def end_session(refresh_token: str) -> None:
    """End the one session that a refresh token belongs to; nothing happens for a token that is not one (RFC 7009)."""
    with translated():
        try:
            cognito().revoke_token(ClientId=settings().user_pool_client_id, Token=refresh_token)
        except ClientError as error:
            if code_of(error) not in NO_SUCH_ACCOUNT | {"UnsupportedTokenTypeException"}:
                raise
