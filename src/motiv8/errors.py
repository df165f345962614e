"""The one hierarchy of expected errors: each class names its kind for machines and people, its text says what to do.

`motiv8.api.problems` alone knows which status and headers a kind has, and writes it as `application/problem+json`.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from motiv8.words import Words


class FieldError(NamedTuple):
    """What is wrong with one field of a request: a dotted path such as `body.delivery_hour`, a stable code, words."""

    field: str
    code: str
    message: str


class Problem(Exception):
    """An expected error; `slug` names its kind for machines, `title` for people, and `detail` says what to do."""

    slug: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Malformed(Problem):
    """The request cannot be understood at all."""

    slug = "bad-request"
    title = "Malformed request"


class Unauthorized(Problem):
    """No token, or one that does not hold."""

    slug = "unauthorized"
    title = "Sign-in required"

    def __init__(self, detail: str = "The access token is missing, expired or invalid.") -> None:
        super().__init__(detail)


class WrongCredentials(Unauthorized):
    """Nobody signs in with these; the same for an email that is unknown, not confirmed, or has another password."""

    slug = "wrong-credentials"
    title = "Email or password is wrong"

    def __init__(self) -> None:
        super().__init__("The email or password is wrong, or the email is not confirmed yet.")


class SignInEnded(Unauthorized):
    """The second step of a sign-in that has taken too long, was used, or never began."""

    slug = "sign-in-ended"
    title = "The sign-in has ended"

    def __init__(self, detail: str = "This sign-in has expired. Start again with your email and password.") -> None:
        super().__init__(detail)


class SessionEnded(Unauthorized):
    """A refresh token that renews no session (any more)."""

    slug = "session-ended"
    title = "The session has ended"

    def __init__(self) -> None:
        super().__init__("The refresh token is no longer valid. Sign in again.")


class Forbidden(Problem):
    """The person is known but has not met a condition, such as consent."""

    slug = "forbidden"
    title = "Not allowed"


class FreshSignInRequired(Forbidden):
    """The token is right, and its session was begun too long ago for this, or was ended."""

    slug = "fresh-sign-in-required"
    title = "Recent sign-in required"

    def __init__(self) -> None:
        super().__init__("Sign in again to continue: this needs a sign-in from the last ten minutes.")


class ConsentRequired(Forbidden):
    """Face data is biometric: nothing is taken before the person agreed."""

    slug = "consent-required"
    title = "Consent required"

    def __init__(self) -> None:
        super().__init__("Agree to the use of your face first. GET /v1/me/consent returns the text.")


class ImportersOnly(Forbidden):
    """Documents are brought in, changed and removed by importers alone."""

    slug = "importers-only"
    title = "This is for importers"

    def __init__(self) -> None:
        super().__init__("Only people in the group `importers` may do this; whoever runs motiv8 puts people into it.")


class OperatorsOnly(Forbidden):
    """Which servers' tools the coach uses is set up by operators alone."""

    slug = "operators-only"
    title = "This is for operators"

    def __init__(self) -> None:
        super().__init__("Only people in the group `operators` may do this; whoever runs motiv8 puts people into it.")


class EngineNotEntitled(Forbidden):
    """The engine exists, but not for everybody."""

    slug = "engine-not-entitled"
    title = "This engine is not part of your plan"

    def __init__(self, engine: str) -> None:
        super().__init__(
            Words("You cannot use the engine `{name}`. Leave `engine` out to use the default.", name=engine)
        )


class NotFound(Problem):
    """Nothing of the caller's own has this name."""

    slug = "not-found"
    title = "Not found"


class Conflict(Problem):
    """The present state does not allow it."""

    slug = "conflict"
    title = "Not possible in the current state"


class BeingDeleted(Conflict):
    """The account is on its way out: nothing can be done with it any more."""

    slug = "account-being-deleted"
    title = "This account is being deleted"

    def __init__(self) -> None:
        super().__init__("This account and all its data are being deleted. You can sign up again in a few minutes.")


class ConsentTextOutdated(Conflict):
    """What the person was shown is not what they would agree to now."""

    slug = "consent-text-outdated"
    title = "The consent text has changed"

    def __init__(self) -> None:
        super().__init__("The text has changed since you read it. Please read the new version.")


class ConsentedTooOften(Conflict):
    """The record of consents, which is never shortened, is full."""

    slug = "consented-too-often"
    title = "You agreed too often"

    def __init__(self, most: int) -> None:
        super().__init__(Words("You agreed {most} times. To agree once more, write to us.", most=most))


class EmailFromProvider(Conflict):
    """The account's email is the one that Google or Apple gives."""

    slug = "email-from-provider"
    title = "Your email comes from Google or Apple"

    def __init__(self) -> None:
        super().__init__("You sign in with Google or Apple. Change your email there.")


class SecondFactorIsOn(Conflict):
    """Another second factor is only set up once the first is off."""

    slug = "second-factor-is-on"
    title = "There is a second factor already"

    def __init__(self) -> None:
        super().__init__("Two-step verification is already on. Turn it off before you set up another app.")


class FaceMissing(Conflict):
    """No photo is ready, so there is nobody to put into a picture."""

    slug = "face-missing"
    title = "There is no face to work with yet"

    def __init__(self) -> None:
        super().__init__("You have no photo in use yet. Upload a selfie and wait until it is `ready`.")


class IdempotencyKeyReused(Conflict):
    """The key came with another request before."""

    slug = "idempotency-key-reused"
    title = "The Idempotency-Key was used before"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was already used for a different request.")


class RequestInProgress(Conflict):
    """The first request with the same key has no answer yet."""

    slug = "request-in-progress"
    title = "The same request is under way"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still in progress.")


class PreconditionFailed(Problem):
    """What a request names by If-Match is not the present state (any more)."""

    slug = "precondition-failed"
    title = "Changed since you read it"

    def __init__(self) -> None:
        super().__init__("This was changed since you read it. Get it again and repeat your change.")


class Invalid(Problem):
    """A field is missing, unknown, of the wrong type or out of range; `errors` says which."""

    slug = "invalid"
    title = "Some fields are invalid"

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("Some fields are invalid: see `errors`.")
        self.errors = errors


class WrongCode(Invalid):
    """A mailed code that is wrong, expired, used up or nobody's: one sentence for all of them."""

    slug = "wrong-code"
    title = "The code is wrong or expired"

    def __init__(self) -> None:
        super().__init__(FieldError("body.code", "wrong_code", "wrong or expired; request a new one"))


class WrongSecondFactor(Invalid):
    """The authenticator app shows another code."""

    slug = "wrong-second-factor"
    title = "The authenticator app's code is wrong"

    def __init__(self) -> None:
        message = "wrong; enter the code that your app shows now"
        super().__init__(FieldError("body.code", "wrong_second_factor", message))


class SecondFactorMissing(Invalid):
    """The password is right, and the account has a second factor, too."""

    slug = "second-factor-missing"
    title = "The authenticator app's code is needed"

    def __init__(self) -> None:
        message = "required: enter the code that your authenticator app shows"
        super().__init__(FieldError("body.code", "second_factor_missing", message))


class WrongPassword(Invalid):
    """The password of the caller's own account is another one."""

    slug = "wrong-password"
    title = "The password is wrong"

    def __init__(self) -> None:
        super().__init__(FieldError("body.password", "wrong_password", "wrong"))


class PasswordRefused(Invalid):
    """The user pool does not take the new password."""

    slug = "password-refused"
    title = "The password is not good enough"

    def __init__(self) -> None:
        super().__init__(FieldError("body.password", "password_refused", "does not meet the password policy"))


class TooManyRequests(Problem):
    """Over a limit of requests; `wait_seconds` says when to try again, and `limit` how many there may be."""

    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, detail: str, wait_seconds: int, limit: int | None = None) -> None:
        super().__init__(detail)
        self.wait_seconds = wait_seconds
        self.limit = limit


class QuotaUsedUp(TooManyRequests):
    """Over what a person may have in any 24 hours."""

    slug = "quota-used-up"
    title = "Nothing is left of today's quota"


class Unavailable(Problem):
    """A part that is needed does not answer; `wait_seconds` says when to try again."""

    slug = "unavailable"
    title = "Temporarily unavailable"

    def __init__(self, detail: str, wait_seconds: int = 5) -> None:
        super().__init__(detail)
        self.wait_seconds = wait_seconds
