"""What the account routes take and give."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, EmailStr, Field, ValidationInfo, field_validator

from motiv8.accounts.own_lines import LONGEST, checked
from motiv8.accounts.passwords import is_easy_to_guess
from motiv8.accounts.schedule import is_time_zone
from motiv8.catalogue.formats import FormatName
from motiv8.catalogue.locales import DEFAULT_LOCALE
from motiv8.catalogue.modes import ModeName
from motiv8.catalogue.themes import ThemeName
from motiv8.catalogue.tones import ToneName
from motiv8.catalogue.weekdays import WEEK, Day
from motiv8.schema import PartialBody, RequestBody, ResponseBody


def _known_time_zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError("must be an IANA time zone, such as Europe/Berlin")
    return name


def _no_repetition(days: list[Day]) -> list[Day]:
    if len(set(days)) != len(days):
        raise ValueError("must not contain a day twice")
    return sorted(days, key=WEEK.index)


def _no_control_characters(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("must not contain control characters")
    return text


def _no_space_around(password: str) -> str:
    # Cognito takes none, and says so only after the code is used up.
    if password != password.strip():
        raise ValueError("must not begin or end with a space")
    return password


# The email is the username, of which Cognito takes no more characters.
Email = Annotated[EmailStr, Field(max_length=128), AfterValidator(str.lower)]
TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
# The pool's own policy asks for the same length; checked here so that the answer never depends on the email.
Password = Annotated[
    str,
    Field(min_length=10, max_length=256),
    AfterValidator(_no_control_characters),
    AfterValidator(_no_space_around),
]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{4,16}$")]
# Whatever is typed is compared, and nothing said about its form.
GivenPassword = Annotated[str, Field(max_length=256)]
MfaCode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
# A language, and where it matters a script and a region (BCP 47); one that CLDR does not have is written as in English.
Locale = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$")]
Hour = Annotated[int, Field(ge=0, le=23)]
OwnLine = Annotated[str, AfterValidator(checked)]
WorkoutDays = Annotated[list[Day], Field(min_length=1), AfterValidator(_no_repetition)]


MailOffReason = Literal["unsubscribed", "bounced", "complained"]


class NewPassword(RequestBody):
    """Whose password it will be."""

    email: Email
    password: Password

    @field_validator("password")
    @classmethod
    def _not_easy_to_guess(cls, password: str, given: ValidationInfo) -> str:
        if is_easy_to_guess(password, given.data.get("email", "")):
            raise ValueError("too easy to guess; try a few unrelated words")
        return password


class Registration(NewPassword):
    """A new account."""

    time_zone: TimeZone = "UTC"
    locale: Locale = DEFAULT_LOCALE


class Confirmation(NewPassword):
    """The code from the mail, and the password to sign in with."""

    code: Code


class EmailOnly(RequestBody):
    """Whose mail to send again."""

    email: Email


class EmailChange(RequestBody):
    """A new address, and the password once more, with the authenticator app's code where there is one."""

    email: Email
    password: GivenPassword
    code: MfaCode | None = None


class EmailProof(RequestBody):
    """The code that was mailed to the new address."""

    code: Code


class Revocation(RequestBody):
    """The session to end."""

    refresh_token: Annotated[str, Field(max_length=8192)]


class PasswordGrant(RequestBody):
    """Sign in, or be asked for the second factor's code."""

    grant_type: Literal["password"]
    email: Email
    password: GivenPassword


class MfaCodeGrant(RequestBody):
    """The second step of a sign-in: the code that the authenticator app shows, with the challenge's `session`."""

    grant_type: Literal["mfa_code"]
    email: Email
    # Cognito's session (2,048 characters at most) and whose it is, signed.
    session: Annotated[str, Field(min_length=20, max_length=4096)]
    code: MfaCode


class AuthorizationCodeGrant(RequestBody):
    """The end of a sign-in by Google or Apple: the code that they sent back (RFC 6749, 4.1.3; RFC 7636, 4.5)."""

    grant_type: Literal["authorization_code"]
    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z._~-]{4,512}$")]
    code_verifier: Annotated[
        str, Field(pattern=r"^[0-9A-Za-z._~-]{43,128}$", description="What `code_challenge` was made of (RFC 7636)")
    ]
    redirect_uri: Annotated[str, Field(max_length=512)]


class RefreshTokenGrant(RequestBody):
    """Stay signed in: a new access token for the session of this refresh token."""

    grant_type: Literal["refresh_token"]
    refresh_token: Annotated[str, Field(max_length=8192)]


Grant = PasswordGrant | MfaCodeGrant | AuthorizationCodeGrant | RefreshTokenGrant
"""What /v1/auth/token takes, told apart by `grant_type`."""


class Provider(ResponseBody):
    """Another way to sign in."""

    name: Literal["google", "apple"]
    title: str
    authorize_url: Annotated[
        str, Field(description="Add `redirect_uri`, `state`, `code_challenge` and `code_challenge_method=S256`")
    ]


class Providers(ResponseBody):
    """All other ways to sign in; none where none is set up."""

    providers: list[Provider]


class TokenAnswer(ResponseBody):
    """Send `access_token` as `Authorization: Bearer …`."""

    access_token: str
    id_token: str
    refresh_token: Annotated[str, Field(description="The one to use from now on: a renewal may give another")]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a kind of token
    expires_in: Annotated[int, Field(description="Seconds for which the access token holds")]


class MfaChallenge(ResponseBody):
    """The password was right. Send `session` with the authenticator app's code: grant `mfa_code`."""

    challenge: Literal["mfa_code"] = "mfa_code"
    session: str


class MfaSecret(ResponseBody):
    """For the authenticator app; `uri` is what a QR code of it holds."""

    secret: str
    uri: str


class MfaSetup(RequestBody):
    """The password once more."""

    password: GivenPassword


class MfaProof(RequestBody):
    """The password once more, and the code that the authenticator app shows now."""

    password: GivenPassword
    code: MfaCode


class MfaState(ResponseBody):
    """Whether a code is asked for at sign-in."""

    enabled: bool


class PasswordReset(NewPassword):
    """A new password, by the code from the mail."""

    code: Code


class Accepted(ResponseBody):
    """What happens next, in words; the same whether or not the email is known."""

    message: str


class ProfileChange(PartialBody):
    """What to change; a field that is left out stays as it is."""

    time_zone: TimeZone | None = None
    delivery_hour: Hour | None = None
    workout_days: WorkoutDays | None = None
    mode: ModeName | None = None
    tone: ToneName | None = None
    theme: ThemeName | None = None
    format: FormatName | None = None
    mail_enabled: bool | None = None
    locale: Annotated[
        Locale | None, Field(description="The language of pictures and mails, and how dates are written: `de`, `en-GB`")
    ] = None
    own_lines: Annotated[
        dict[Day, OwnLine] | None,
        Field(
            description=f"Your own words on the daily pictures of a weekday, {LONGEST} characters at most. "
            "What is sent replaces all of them"
        ),
    ] = None


class Profile(ResponseBody):
    """A person's account."""

    user_id: str
    email: str
    created_at: str
    time_zone: str
    delivery_hour: Hour
    workout_days: list[Day]
    mode: ModeName
    tone: ToneName
    theme: ThemeName
    format: FormatName
    mail_enabled: bool
    mail_off_reason: Annotated[MailOffReason | None, Field(description="Why it is off, where that was not done here")]
    locale: Locale
    own_lines: dict[Day, str]
    streak: Annotated[int, Field(ge=0, description="Workout days in a row on which you had a picture")]
    biometric_consent: bool
    consent_at: str | None
    next_delivery_at: Annotated[str | None, Field(description="Null until there is a face to work with")]


class ConsentGiven(RequestBody):
    """The text that was shown, in full, to the person who agrees."""

    version: Annotated[str, Field(max_length=32)]
    language: Annotated[str, Field(max_length=32)]


class ConsentText(ResponseBody):
    """What the person agrees to: to be shown word for word."""

    version: Annotated[str, Field(description="The date from which on it is shown")]
    language: str
    title: str
    points: list[str]
    agreement: Annotated[str, Field(description="The label of the switch or button that agrees")]


class ConsentRecord(ResponseBody):
    """One consent. Its version is `unrecorded` or `imported` where the text is none of ours."""

    version: str
    language: str | None
    given_at: str
    withdrawn_at: str | None


class Consent(ResponseBody):
    """Whether the use of the face is agreed to; `outdated`: to an earlier text, which covers no new photo."""

    status: Literal["none", "outdated", "given"]
    text: ConsentText
    history: Annotated[list[ConsentRecord], Field(description="Oldest first; kept as long as the account")]


class Export(ResponseBody):
    """An archive of all data; ask again until it is `ready`. One is made in an hour at most."""

    status: Literal["making", "ready"]
    url: Annotated[str | None, Field(description="Where to fetch the ZIP file, for five minutes")] = None


class ExportState(ResponseBody):
    """One archive of all data."""

    export_id: str
    status: Literal["making", "ready", "failed"]
    url: Annotated[str | None, Field(description="Where to fetch the ZIP file, for five minutes, once it is `ready`")]


class DeletionState(ResponseBody):
    """How far the deletion of an account is."""

    status: Annotated[Literal["deleting", "deleted"], Field(description="`deleted`: nothing of the account is left")]
    deletion_id: Annotated[str | None, Field(description="Null once it is `deleted`: nobody's id is kept beside it")]


class Deletion(ResponseBody):
    """An account that is being deleted."""

    status: Literal["deleting"] = "deleting"
    deletion_id: Annotated[str, Field(description="The one thing that is kept, in an audit log: quote it if you ask")]
