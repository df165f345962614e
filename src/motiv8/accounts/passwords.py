"""Which new passwords are too easy to guess."""

from __future__ import annotations

_FEWEST_GUESSES = 10**6
"""About as many as an attack gets through at a sign-in that slows it down (zxcvbn's own line below its score of 2)."""
_MOST_CHARACTERS = 72
"""Of a long one the beginning decides: judging takes longer the longer it is."""


def is_easy_to_guess(password: str, *known: str) -> bool:
    """Whether a password is common, or made of common ones, of dates, of patterns, or of what is known of the person.

    `known` are the email and the like.
    """
    # 60 ms, for those alone who choose a password.
    from zxcvbn import zxcvbn

    words = ["motiv8", *known, *(part for each in known for part in each.partition("@")[::2])]
    guesses: float = zxcvbn(password[:_MOST_CHARACTERS], user_inputs=words)["guesses"]
    return guesses < _FEWEST_GUESSES
