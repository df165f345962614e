"""The one hierarchy of expected errors: each carries its status and the sentence for the person.

The router alone turns them into `application/problem+json` (RFC 9457).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request; `field` is a dotted path such as `body.delivery_hour`."""

    field: str
    message: str


class Problem(Exception):
    """An expected error; `slug` names its kind for machines, `detail` is for the person."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str, errors: tuple[FieldError, ...] = (), headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


class BadRequest(Problem):
    """The request cannot be understood at all."""

    status = 400
    slug = "bad-request"
    title = "The request cannot be read"


class Unauthorized(Problem):
    """No token, or one that does not hold."""

    status = 401
    slug = "unauthorized"
    title = "Sign in first"

    def __init__(self, detail: str = "The access token is missing, expired or not valid.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class SignInEnded(Unauthorized):
    """The second step of a sign-in that is none (any more)."""

    def __init__(self) -> None:
        super().__init__("This sign-in took too long. Begin again with email and password.")


class Forbidden(Problem):
    """The person is known but has not met a condition, such as consent."""

    status = 403
    slug = "forbidden"
    title = "Not allowed"


class FreshSignInRequired(Forbidden):
    """The token is right, and its session was begun too long ago for this, or was ended."""

    slug = "fresh-sign-in-required"
    title = "Sign in again first"

    def __init__(self) -> None:
        super().__init__("This needs a sign-in of the last ten minutes. Sign in again, and repeat it.")


class ConsentRequired(Forbidden):
    """Face data is biometric: nothing is taken before the person agreed."""

    slug = "consent-required"
    title = "Consent is needed first"

    def __init__(self) -> None:
        super().__init__("Agree to the use of your face first: GET /v1/me/consent has the text.")


class ImportersOnly(Forbidden):
    """Documents are brought in, changed and removed by importers alone."""

    slug = "importers-only"
    title = "This is for importers"

    def __init__(self) -> None:
        super().__init__("Only people in the group `importers` may do this; whoever runs motiv8 puts people into it.")


class EngineNotEntitled(Forbidden):
    """The engine exists, but not for everybody."""

    slug = "engine-not-entitled"
    title = "This engine is not a part of your plan"

    def __init__(self, engine: str) -> None:
        super().__init__(f"The engine `{engine}` is not open to you: leave `engine` out for the usual one.")


class NotFound(Problem):
    """Nothing of the caller's own has this name."""

    status = 404
    slug = "not-found"
    title = "Not found"


class MethodNotAllowed(Problem):
    """The path exists, with other methods."""

    status = 405
    slug = "method-not-allowed"
    title = "Method not allowed"


class Conflict(Problem):
    """The present state does not allow it."""

    status = 409
    slug = "conflict"
    title = "Not possible in the present state"


class ConsentTextOutdated(Conflict):
    """What the person was shown is not what they would agree to now."""

    slug = "consent-text-outdated"
    title = "The text has changed"

    def __init__(self) -> None:
        super().__init__("The text that you agreed to has changed meanwhile. Please read it again.")


class BeingDeleted(Conflict):
    """The account is on its way out: nothing can be done with it any more."""

    slug = "account-being-deleted"
    title = "This account is being deleted"

    def __init__(self) -> None:
        super().__init__("This account is being deleted, with all that belongs to it. You can sign up again soon.")


class UnsupportedMediaType(Problem):
    """The body is not JSON."""

    status = 415
    slug = "unsupported-media-type"
    title = "Unsupported media type"


class Invalid(Problem):
    """A field is missing, unknown, of the wrong type or out of range."""

    status = 422
    slug = "invalid"
    title = "Some fields are not valid"


class WrongCode(Invalid):
    """A mailed code that is wrong, expired, used up or nobody's: one sentence for all of them."""

    def __init__(self) -> None:
        error = FieldError("body.code", "wrong or expired; ask for a new one")
        super().__init__("See `errors` for what to change.", (error,))


class TooManyRequests(Problem):
    """Over a quota or a rate limit."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"


class Unavailable(Problem):
    """A part that is needed does not answer."""

    status = 503
    slug = "unavailable"
    title = "Not available at the moment"
