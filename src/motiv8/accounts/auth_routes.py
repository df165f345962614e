"""/v1/auth: HTTP in and out."""

from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from motiv8 import clock
from motiv8.accounts import email_change, service, sign_ins
from motiv8.accounts.federation import PROVIDERS, follow_email
from motiv8.accounts.models import (
    Accepted,
    AuthorizationCodeGrant,
    Confirmation,
    EmailChange,
    EmailOnly,
    EmailProof,
    Grant,
    MfaChallenge,
    MfaCodeGrant,
    MfaProof,
    MfaSecret,
    MfaSetup,
    MfaState,
    PasswordGrant,
    PasswordReset,
    Profile,
    Provider,
    Providers,
    RefreshTokenGrant,
    Registration,
    Revocation,
    TokenAnswer,
)
from motiv8.accounts.profile import profile
from motiv8.aws import hosted_sign_in
from motiv8.aws.user_pool import mailed_codes, second_factor, sessions
from motiv8.catalogue.translation import said, spoken
from motiv8.declarations import public, raises
from motiv8.errors import (
    EmailFromProvider,
    PasswordRefused,
    QuotaUsedUp,
    SecondFactorIsOn,
    SecondFactorMissing,
    SessionEnded,
    SignInEnded,
    Unauthorized,
    Unavailable,
    WrongCode,
    WrongCredentials,
    WrongPassword,
    WrongSecondFactor,
)
from motiv8.settings import settings

router = Router()


@router.post("/v1/auth/register", status_code=202, summary="Sign up", tags=["accounts"], operation_id="register")
@public
@raises(Unavailable)
def register(body: Annotated[Registration, Body()]) -> Accepted:
    """Mails a code to confirm with. The answer is the same whether or not the email is known.

    `password` is only checked here: the one that counts comes with the code.
    """
    service.register(body.email, body.time_zone, body.locale, clock.now())
    return Accepted(
        message=said("If this email has no account yet, we have sent it a code. Send the code to /v1/auth/confirm.")
    )


@router.post("/v1/auth/confirm", summary="Confirm the email", tags=["accounts"], operation_id="confirm")
@public
@raises(PasswordRefused, Unauthorized, WrongCode)
def confirm(body: Annotated[Confirmation, Body()]) -> Accepted:
    """Ends the sign-up with the code from the mail, and sets the password."""
    service.confirm(body.email, body.code, body.password)
    return Accepted(message=said("The email is confirmed. Sign in at /v1/auth/token."))


@router.post("/v1/auth/resend", status_code=202, summary="Send another code", tags=["accounts"], operation_id="resend")
@public
def resend(body: Annotated[EmailOnly, Body()]) -> Accepted:
    """Mails another sign-up code, if there is an account that needs one."""
    mailed_codes.resend(body.email, spoken.get())
    return Accepted(message=said("If this email is waiting for confirmation, we have sent it a new code."))


@router.post("/v1/auth/token", summary="Sign in or renew the session", tags=["accounts"], operation_id="token")
@public
@raises(SessionEnded, SignInEnded, Unauthorized, Unavailable, WrongCredentials, WrongSecondFactor)
def token(body: Annotated[Grant, Body(discriminator="grant_type")]) -> TokenAnswer | MfaChallenge:
    """Grant `password` signs in, or asks for the grant `mfa_code`; `authorization_code` ends a sign-in by a provider.

    Grant `refresh_token` renews the access token.
    """
    match body:
        case PasswordGrant():
            return _by_password(body)
        case MfaCodeGrant():
            return _begun(service.answer_challenge(body.email, body.session, body.code, clock.now()))
        case AuthorizationCodeGrant():
            return _by_provider(body)
        case RefreshTokenGrant():
            return _answer(sessions.refresh(body.refresh_token))


def _by_password(grant: PasswordGrant) -> TokenAnswer | MfaChallenge:
    given = service.sign_in(grant.email, grant.password, clock.now())
    return MfaChallenge(session=given.session) if isinstance(given, sessions.CodeWanted) else _begun(given)


def _by_provider(grant: AuthorizationCodeGrant) -> TokenAnswer:
    tokens = hosted_sign_in.exchange(grant.code, grant.code_verifier, grant.redirect_uri)
    follow_email(tokens.id_token)
    return _begun(tokens)


def _begun(tokens: sessions.Tokens) -> TokenAnswer:
    """The answer to a sign-in, which is fresh from now on."""
    sign_ins.note(tokens.access_token, clock.now())
    return _answer(tokens)


def _answer(tokens: sessions.Tokens) -> TokenAnswer:
    return TokenAnswer(
        access_token=tokens.access_token,
        id_token=tokens.id_token,
        refresh_token=tokens.refresh_token,
        expires_in=tokens.expires_in,
    )


@router.get("/v1/auth/providers", summary="Sign-in providers", tags=["accounts"], operation_id="list_providers")
@public
def list_providers() -> Providers:
    """Google and Apple, where they are set up: OAuth 2.0's code flow with PKCE, ended by grant `authorization_code`."""
    return Providers(
        providers=[
            Provider(name=name, title=name.title(), authorize_url=hosted_sign_in.authorize_url(PROVIDERS[name]))
            for name in PROVIDERS
            if name in settings().identity_providers
        ]
    )


@router.post(
    "/v1/auth/logout", status_code=204, summary="Sign out of all devices", tags=["accounts"], operation_id="logout"
)
def logout() -> Response[None]:
    """Ends the sessions of this person on all devices, and their notifications."""
    caller = router.context["caller"]
    service.sign_out_everywhere(caller.user_id, clock.now)
    return Response(204)


@router.post(
    "/v1/auth/revoke", status_code=204, summary="Sign out of this session", tags=["accounts"], operation_id="revoke"
)
@public
@raises(Unavailable)
def revoke(body: Annotated[Revocation, Body()]) -> Response[None]:
    """Ends the one session that this refresh token belongs to; the other devices stay signed in."""
    service.sign_out(body.refresh_token)
    return Response(204)


@router.post(
    "/v1/auth/email", status_code=202, summary="Change the email", tags=["accounts"], operation_id="change_email"
)
@raises(EmailFromProvider, QuotaUsedUp, SecondFactorMissing, WrongPassword, WrongSecondFactor)
def change_email(body: Annotated[EmailChange, Body()]) -> Accepted:
    """Mails a code to the new address; it holds for 15 minutes. Until it is entered the old email stays.

    `code` is the authenticator app's, where there is a second factor.
    """
    caller = router.context["caller"]
    user = service.person(caller.user_id, clock.now())
    email_change.begin(user, body.email, body.password, body.code, clock.now())
    return Accepted(
        message=said("If this address is available, we have sent it a code. Send the code to /v1/auth/email/verify.")
    )


@router.post("/v1/auth/email/verify", summary="Confirm the new email", tags=["accounts"], operation_id="verify_email")
@raises(WrongCode)
def verify_email(body: Annotated[EmailProof, Body()]) -> Profile:
    """From now on one signs in with the new address, and mails go there."""
    caller = router.context["caller"]
    user = service.person(caller.user_id, clock.now())
    return profile(email_change.end(user, body.code, clock.now()))


@router.get("/v1/auth/mfa", summary="Two-step verification status", tags=["accounts"], operation_id="get_mfa")
def get_mfa() -> MfaState:
    """Whether a code of an authenticator app is asked for at sign-in."""
    return MfaState(enabled=second_factor.is_on(router.context["caller"].user_id))


@router.post("/v1/auth/mfa", summary="Set up two-step verification", tags=["accounts"], operation_id="begin_mfa")
@raises(SecondFactorIsOn, SecondFactorMissing, WrongPassword, WrongSecondFactor)
def begin_mfa(body: Annotated[MfaSetup, Body()]) -> MfaSecret:
    """A new secret for an authenticator app (TOTP). It is on once a code of it was sent to /v1/auth/mfa/verify.

    While there is a second factor it is 409: switch it off first.
    """
    user = service.person(router.context["caller"].user_id, clock.now())
    secret = service.begin_mfa(user, body.password)
    email = quote(user.email)
    return MfaSecret(secret=secret, uri=f"otpauth://totp/motiv8:{email}?secret={secret}&issuer=motiv8")


@router.post(
    "/v1/auth/mfa/verify", summary="Turn on two-step verification", tags=["accounts"], operation_id="verify_mfa"
)
@raises(SecondFactorIsOn, SecondFactorMissing, WrongPassword, WrongSecondFactor)
def verify_mfa(body: Annotated[MfaProof, Body()]) -> MfaState:
    """From now on each sign-in asks for a code. A notice is mailed."""
    user = service.person(router.context["caller"].user_id, clock.now())
    service.enable_mfa(user, body.password, body.code)
    return MfaState(enabled=True)


@router.post(
    "/v1/auth/mfa/disable", summary="Turn off two-step verification", tags=["accounts"], operation_id="disable_mfa"
)
@raises(SecondFactorMissing, WrongPassword, WrongSecondFactor)
def disable_mfa(body: Annotated[MfaProof, Body()]) -> MfaState:
    """No code is asked for any more. Takes one for the last time; a notice is mailed."""
    user = service.person(router.context["caller"].user_id, clock.now())
    service.disable_mfa(user, body.password, body.code)
    return MfaState(enabled=False)


@router.post(
    "/v1/auth/password/forgot",
    status_code=202,
    summary="Request a password reset",
    tags=["accounts"],
    operation_id="forgot_password",
)
@public
def forgot_password(body: Annotated[EmailOnly, Body()]) -> Accepted:
    """Mails a reset code, if there is such an account."""
    mailed_codes.forgot_password(body.email, spoken.get())
    return Accepted(message=said("If this email has an account, we have sent it a code."))


@router.post("/v1/auth/password/reset", summary="Set a new password", tags=["accounts"], operation_id="reset_password")
@public
@raises(PasswordRefused, Unauthorized, Unavailable, WrongCode)
def reset_password(body: Annotated[PasswordReset, Body()]) -> Accepted:
    """Sets a new password with the code from the mail; all sessions end, and notifications to devices."""
    service.reset_password(body.email, body.code, body.password, clock.now)
    return Accepted(message=said("The new password is set. Sign in at /v1/auth/token."))
