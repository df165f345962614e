"""/v1/auth, /v1/me and /v1/mail: HTTP in and out."""

from typing import Annotated, Literal
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query

from motiv8 import clock
from motiv8.accounts import consent, email_change, service, sign_ins
from motiv8.accounts.federation import PROVIDERS, follow_email
from motiv8.accounts.models import (
    Accepted,
    Confirmation,
    Consent,
    ConsentGiven,
    ConsentRecord,
    ConsentText,
    Deletion,
    EmailChange,
    EmailOnly,
    EmailProof,
    Export,
    MfaChallenge,
    MfaProof,
    MfaSecret,
    MfaSetup,
    MfaState,
    PasswordReset,
    Profile,
    ProfileChange,
    Provider,
    Providers,
    Registration,
    Revocation,
    TokenAnswer,
    TokenRequest,
)
from motiv8.accounts.person import Person
from motiv8.accounts.schedule import WEEK, next_delivery
from motiv8.accounts.unsubscribe import verify_unsubscribe_token
from motiv8.aws import hosted_sign_in
from motiv8.aws.secrets import link_secret
from motiv8.aws.user_pool import mailed_codes, second_factor, sessions
from motiv8.declarations import fresh_sign_in, public, raises
from motiv8.errors import (
    ConsentedTooOften,
    ConsentTextOutdated,
    EmailFromProvider,
    PasswordRefused,
    QuotaUsedUp,
    SecondFactorIsOn,
    SecondFactorMissing,
    SessionEnded,
    SignInEnded,
    Unauthorized,
    Unavailable,
    UnsubscribeLinkInvalid,
    WrongCode,
    WrongCredentials,
    WrongPassword,
    WrongSecondFactor,
)
from motiv8.page_policy import page_policy
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
    return Accepted(message="If this email is new here, a code is on its way to it. Send it to /v1/auth/confirm.")


@router.post("/v1/auth/confirm", summary="Confirm the email", tags=["accounts"], operation_id="confirm")
@public
@raises(PasswordRefused, Unauthorized, WrongCode)
def confirm(body: Annotated[Confirmation, Body()]) -> Accepted:
    """Ends the sign-up with the code from the mail, and sets the password."""
    service.confirm(body.email, body.code, body.password)
    return Accepted(message="The email is confirmed. Sign in at /v1/auth/token.")


@router.post("/v1/auth/resend", status_code=202, summary="Another code", tags=["accounts"], operation_id="resend")
@public
def resend(body: Annotated[EmailOnly, Body()]) -> Accepted:
    """Mails another sign-up code, if there is an account that needs one."""
    mailed_codes.resend(body.email)
    return Accepted(message="If this email waits for confirmation, a new code is on its way to it.")


@router.post("/v1/auth/token", summary="Sign in, or stay signed in", tags=["accounts"], operation_id="token")
@public
@raises(SessionEnded, SignInEnded, Unauthorized, Unavailable, WrongCredentials, WrongSecondFactor)
def token(body: Annotated[TokenRequest, Body()]) -> TokenAnswer | MfaChallenge:
    """Grant `password` signs in, or asks for the grant `mfa_code`; `authorization_code` ends a sign-in by a provider.

    Grant `refresh_token` renews the access token.
    """
    tokens: sessions.Tokens | sessions.CodeWanted
    if body.grant_type == "password":
        tokens = service.sign_in(body.email or "", body.password or "", clock.now())
    elif body.grant_type == "mfa_code":
        tokens = service.answer_challenge(body.email or "", body.session or "", body.code or "", clock.now())
    elif body.grant_type == "authorization_code":
        tokens = hosted_sign_in.exchange(body.code or "", body.code_verifier or "", body.redirect_uri or "")
        follow_email(tokens.id_token)
    else:
        tokens = sessions.refresh(body.refresh_token or "")
    if isinstance(tokens, sessions.CodeWanted):
        return MfaChallenge(session=tokens.session)
    if body.grant_type != "refresh_token":
        sign_ins.note(tokens.access_token, clock.now())
    return TokenAnswer(
        access_token=tokens.access_token,
        id_token=tokens.id_token,
        refresh_token=tokens.refresh_token,
        expires_in=tokens.expires_in,
    )


@router.get("/v1/auth/providers", summary="Other ways to sign in", tags=["accounts"], operation_id="list_providers")
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


@router.post("/v1/auth/logout", status_code=204, summary="Sign out", tags=["accounts"], operation_id="logout")
def logout() -> Response[None]:
    """Ends the sessions of this person on all devices, and their notifications."""
    caller = router.context["caller"]
    service.sign_out_everywhere(caller.user_id, clock.now)
    return Response(204)


@router.post("/v1/auth/revoke", status_code=204, summary="Sign out here", tags=["accounts"], operation_id="revoke")
@public
@raises(Unavailable)
def revoke(body: Annotated[Revocation, Body()]) -> Response[None]:
    """Ends the one session that this refresh token belongs to; the other devices stay signed in."""
    service.sign_out(body.refresh_token)
    return Response(204)


@router.post("/v1/auth/email", status_code=202, summary="A new email", tags=["accounts"], operation_id="change_email")
@raises(EmailFromProvider, QuotaUsedUp, SecondFactorMissing, WrongPassword, WrongSecondFactor)
def change_email(body: Annotated[EmailChange, Body()]) -> Accepted:
    """Mails a code to the new address; it holds for 15 minutes. Until it is entered the old email stays.

    `code` is the authenticator app's, where there is a second factor.
    """
    caller = router.context["caller"]
    user = service.person(caller.user_id, clock.now())
    email_change.begin(user, body.email, body.password, body.code, clock.now())
    return Accepted(
        message="If this address can be yours, a code is on its way to it. Send it to /v1/auth/email/verify."
    )


@router.post("/v1/auth/email/verify", summary="Confirm the new email", tags=["accounts"], operation_id="verify_email")
@raises(WrongCode)
def verify_email(body: Annotated[EmailProof, Body()]) -> Profile:
    """From now on one signs in with the new address, and mails go there."""
    caller = router.context["caller"]
    user = service.person(caller.user_id, clock.now())
    return _profile(email_change.end(user, body.code, clock.now()))


@router.get("/v1/auth/mfa", summary="Is a second factor on?", tags=["accounts"], operation_id="get_mfa")
def get_mfa() -> MfaState:
    """Whether a code of an authenticator app is asked for at sign-in."""
    return MfaState(enabled=second_factor.is_on(router.context["caller"].user_id))


@router.post("/v1/auth/mfa", summary="Set a second factor up", tags=["accounts"], operation_id="begin_mfa")
@raises(SecondFactorIsOn, SecondFactorMissing, WrongPassword, WrongSecondFactor)
def begin_mfa(body: Annotated[MfaSetup, Body()]) -> MfaSecret:
    """A new secret for an authenticator app (TOTP). It is on once a code of it was sent to /v1/auth/mfa/verify.

    While there is a second factor it is 409: switch it off first.
    """
    user = service.person(router.context["caller"].user_id, clock.now())
    secret = service.begin_mfa(user, body.password)
    email = quote(user.email)
    return MfaSecret(secret=secret, uri=f"otpauth://totp/motiv8:{email}?secret={secret}&issuer=motiv8")


@router.post("/v1/auth/mfa/verify", summary="Switch it on", tags=["accounts"], operation_id="verify_mfa")
@raises(SecondFactorIsOn, SecondFactorMissing, WrongPassword, WrongSecondFactor)
def verify_mfa(body: Annotated[MfaProof, Body()]) -> MfaState:
    """From now on each sign-in asks for a code. A notice is mailed."""
    user = service.person(router.context["caller"].user_id, clock.now())
    service.enable_mfa(user, body.password, body.code)
    return MfaState(enabled=True)


@router.post("/v1/auth/mfa/disable", summary="Switch it off", tags=["accounts"], operation_id="disable_mfa")
@raises(SecondFactorMissing, WrongPassword, WrongSecondFactor)
def disable_mfa(body: Annotated[MfaProof, Body()]) -> MfaState:
    """No code is asked for any more. Takes one for the last time; a notice is mailed."""
    user = service.person(router.context["caller"].user_id, clock.now())
    service.disable_mfa(user, body.password, body.code)
    return MfaState(enabled=False)


@router.post(
    "/v1/auth/password/forgot",
    status_code=202,
    summary="Forgot the password",
    tags=["accounts"],
    operation_id="forgot_password",
)
@public
def forgot_password(body: Annotated[EmailOnly, Body()]) -> Accepted:
    """Mails a reset code, if there is such an account."""
    mailed_codes.forgot_password(body.email)
    return Accepted(message="If this email has an account, a code is on its way to it.")


@router.post("/v1/auth/password/reset", summary="Set a new password", tags=["accounts"], operation_id="reset_password")
@public
@raises(PasswordRefused, Unauthorized, Unavailable, WrongCode)
def reset_password(body: Annotated[PasswordReset, Body()]) -> Accepted:
    """Sets a new password with the code from the mail; all sessions end, and notifications to devices."""
    service.reset_password(body.email, body.code, body.password, clock.now)
    return Accepted(message="The new password is set. Sign in at /v1/auth/token.")


@router.get("/v1/me", summary="My account", tags=["accounts"], operation_id="get_me")
def get_me() -> Profile:
    """Profile and preferences."""
    caller = router.context["caller"]
    return _profile(service.person(caller.user_id, clock.now()))


@router.patch("/v1/me", summary="Change preferences", tags=["accounts"], operation_id="change_me")
def change_me(body: Annotated[ProfileChange, Body()]) -> Profile:
    """Changes what is sent and leaves the rest."""
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    person = service.change_preferences(caller.user_id, body.model_dump(exclude_unset=True), now)
    return _profile(_still_there(person))


@router.get("/v1/me/consent", summary="Consent to the use of my face", tags=["accounts"], operation_id="get_consent")
def get_consent() -> Consent:
    """The text to agree to, whether it is agreed to, and everything that ever was."""
    caller = router.context["caller"]
    return _consent(service.person(caller.user_id, clock.now()))


@router.put("/v1/me/consent", summary="Agree to the use of my face", tags=["accounts"], operation_id="give_consent")
@fresh_sign_in
@raises(ConsentTextOutdated, ConsentedTooOften)
def give_consent(body: Annotated[ConsentGiven, Body()]) -> Consent:
    """Agrees to the text that was shown, by its version and language; 409 where there is a newer one to read."""
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    person = service.give_consent(caller.user_id, body.version, body.language, now)
    return _consent(_still_there(person))


@router.delete("/v1/me/consent", summary="Take my consent back", tags=["accounts"], operation_id="withdraw_consent")
@fresh_sign_in
def withdraw_consent() -> Consent:
    """Deletes photo, face and embedding with all their versions, and archives that hold them."""
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    person = service.withdraw_consent(caller.user_id, now)
    return _consent(_still_there(person))


@router.get("/v1/me/export", summary="All my data", tags=["accounts"], operation_id="export_me")
@fresh_sign_in
def export_me() -> Export:
    """Has an archive made of everything that is kept about you, and says where it is once it is `ready`."""
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    url = service.export(caller.user_id, now, router.context["correlation_id"])
    return Export(status="ready" if url else "making", url=url)


@router.delete("/v1/me", status_code=202, summary="Delete my account", tags=["accounts"], operation_id="delete_me")
@fresh_sign_in
def delete_me() -> Deletion:
    """Deletes everything: account, preferences, photos, face, embedding, pictures, all their old versions, what runs.

    The account is of no use from this answer on; the rest goes within minutes.
    """
    caller = router.context["caller"]
    correlation_id = router.context["correlation_id"]
    return Deletion(deletion_id=service.delete(caller.user_id, clock.now(), correlation_id))


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>motiv8</title>
<style>{style}</style>
<p>{text}</p>
{form}
</html>
"""
_STYLE = """body { font: 18px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem }
button { font: inherit; padding: .5rem 1rem }"""
_FORM = '<form method="post"><button>Stop the mails</button></form>'


@router.get("/v1/mail/unsubscribe", summary="Unsubscribe page", tags=["mail"], operation_id="unsubscribe_page")
@public
@raises(UnsubscribeLinkInvalid)
def unsubscribe_page(token: Annotated[str, Query(max_length=2048)]) -> Response[str]:
    """A page with one button: a mail scanner that follows links must not unsubscribe anybody."""
    verify_unsubscribe_token(token, link_secret())
    return _page("Shall we stop mailing you your pictures? They stay in the app.", _FORM)


@router.post("/v1/mail/unsubscribe", summary="One-click unsubscribe", tags=["mail"], operation_id="unsubscribe")
@public
@raises(Unavailable, UnsubscribeLinkInvalid)
def unsubscribe(token: Annotated[str, Query(max_length=2048)]) -> Response[str]:
    """Switches mails off (RFC 8058); the signed token stands for the sign-in."""
    service.switch_mail_off(verify_unsubscribe_token(token, link_secret()), "unsubscribed")
    return _page("Done: no more mails. You can switch them on again in the app.", "")


def _page(text: str, form: str) -> Response[str]:
    body = _PAGE.format(style=_STYLE, text=text, form=form)
    return Response(200, "text/html; charset=utf-8", body, headers=page_policy(style=_STYLE))


def _still_there(person: Person | None) -> Person:
    """The person, unless the account went while it was changed."""
    if person is None:
        raise Unauthorized
    return person


def _consent(person: Person) -> Consent:
    text = consent.CURRENT
    agreed: Literal["outdated", "given"] = "given" if person.consents.is_current else "outdated"
    return Consent(
        status=agreed if person.consents.since is not None else "none",
        text=ConsentText(
            version=text.version,
            language=text.language,
            title=text.title,
            points=list(text.points),
            agreement=text.agreement,
        ),
        history=[
            ConsentRecord(
                version=each.version,
                language=each.language,
                given_at=clock.rfc3339(each.given_at),
                withdrawn_at=clock.rfc3339(each.withdrawn_at) if each.withdrawn_at else None,
            )
            for each in person.consents.history()
        ],
    )


def _profile(person: Person) -> Profile:
    preferences, schedule, since = person.preferences, person.schedule, person.consents.since
    due = next_delivery(schedule, clock.now()) if person.photo.has_face else None
    return Profile(
        user_id=person.user_id,
        email=person.email,
        created_at=clock.rfc3339(person.created_at),
        time_zone=schedule.time_zone,
        delivery_hour=schedule.delivery_hour,
        workout_days=[day for day in WEEK if day in schedule.workout_days],
        mode=preferences.mode,
        tone=preferences.tone,
        theme=preferences.theme,
        format=preferences.format,
        mail_enabled=preferences.mail_enabled,
        mail_off_reason=preferences.mail_off_reason,
        locale=preferences.locale,
        biometric_consent=since is not None,
        consent_at=clock.rfc3339(since) if since else None,
        next_delivery_at=clock.rfc3339(due) if due else None,
    )
