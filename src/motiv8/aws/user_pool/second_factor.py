"""The authenticator app of an account."""

from __future__ import annotations

from botocore.exceptions import ClientError

from motiv8.aws.clients import cognito
from motiv8.aws.user_pool import directory
from motiv8.aws.user_pool.translation import code_of, owned
from motiv8.errors import WrongSecondFactor

_WRONG_CODE = frozenset(
    {
        *("CodeMismatchException", "EnableSoftwareTokenMFAException"),
        *("InvalidParameterException", "SoftwareTokenMFANotFoundException"),
    }
)


def begin(proof: str) -> str:
    """A new secret for an authenticator app (base32); nothing changes until a code of it is sent.

    `proof` is what `sessions.prove` gave, here and below.
    """
    with owned():
        return cognito().associate_software_token(AccessToken=proof)["SecretCode"]


def enable(proof: str, code: str) -> None:
    """Ask for a code at each sign-in from now on. Raises WrongSecondFactor, also without a secret before it."""
    with owned():
        try:
            cognito().verify_software_token(AccessToken=proof, UserCode=code)
        except ClientError as error:
            if code_of(error) in _WRONG_CODE:
                raise WrongSecondFactor from error
            raise
        _switch(proof, enabled=True)


def disable(proof: str) -> None:
    """Ask for no code any more."""
    with owned():
        _switch(proof, enabled=False)


def is_on(user_id: str, pool: str | None = None) -> bool:
    """Whether a code is asked for at sign-in. Raises Unauthorized when there is no such account."""
    return "SOFTWARE_TOKEN_MFA" in directory.user(user_id, pool).get("UserMFASettingList", ())


def _switch(proof: str, *, enabled: bool) -> None:
    cognito().set_user_mfa_preference(
        AccessToken=proof, SoftwareTokenMfaSettings={"Enabled": enabled, "PreferredMfa": enabled}
    )
