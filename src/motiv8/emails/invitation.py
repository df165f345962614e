"""The mail that tells people of the move, and how they get in. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from motiv8.emails import layout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

_SUBJECT = "motiv8 has moved: choose a password"
_MOVED = "motiv8 has moved to a new system. Your account, your workout days and your pictures have moved too."
_HOW = "To sign in, choose a password. We will email you a code."
_WAY = "In the app, choose “Forgot your password?”."
_WHY = "We send this once, because you have an account."


def compose_invitation(sender: str, to: str, app_url: str, providers: Sequence[str] = ()) -> EmailMessage:
    """The whole message; without the app's address it tells where to look.

    `providers` are those that still sign this person in: Google, Apple.
    """
    where = f"{app_url}/#/set-password" if app_url else ""
    how = f"{_HOW} Signing in with {' or '.join(providers)} works as before." if providers else _HOW
    return layout.message(
        sender,
        to,
        _SUBJECT,
        f"{_MOVED}\n\n{how}\n{where or _WAY}\n\n{_WHY}\n",
        layout.text("text", _MOVED),
        layout.text("text", escape(how)),
        layout.button(where, "Choose a password") if where else layout.text("text", escape(_WAY)),
        layout.text("small", _WHY),
    )
