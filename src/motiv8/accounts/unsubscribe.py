"""The signed token in a mail's unsubscribe link: it names one person, needs no sign-in, and opens nothing else."""

from motiv8 import tokens
from motiv8.errors import Malformed

_AUDIENCE = "motiv8:unsubscribe"


class UnsubscribeLinkInvalid(Malformed):
    """The token of an unsubscribe link is not one that we signed."""

    slug = "unsubscribe-link-invalid"
    title = "The link is not valid"

    def __init__(self) -> None:
        super().__init__("This unsubscribe link is not valid.")


def unsubscribe_token(user_id: str, key: str) -> str:
    """A token for this person's mails. It does not expire: an old mail's link must still work."""
    return tokens.sign({"sub": user_id, "aud": _AUDIENCE}, key, "HS256")


def verify_unsubscribe_token(token: str, key: str) -> str:
    """The id of the person whom the token names. Raises UnsubscribeLinkInvalid for a token that we did not sign."""
    expected = tokens.Expected(aud={"essential": True, "value": _AUDIENCE}, sub={"essential": True})
    try:
        return str(tokens.verified(token, key, "HS256", expected)["sub"])
    except tokens.TokenInvalid as error:
        raise UnsubscribeLinkInvalid from error
