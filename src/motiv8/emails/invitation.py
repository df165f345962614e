"""The mail that tells people of the move, and how they get in. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from motiv8.catalogue.translation import translated
from motiv8.emails import layout
from motiv8.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

    from motiv8.catalogue.locales import Language

_SUBJECT = "motiv8 has moved: choose a password"
_MOVED = "motiv8 has moved to a new system. Your account, your workout days and your pictures have moved too."
_HOW = "To sign in, choose a password. We will email you a code."
_WAY = "In the app, choose “Forgot your password?”."
_BUTTON = "Choose a password"
_WHY = "We send this once, because you have an account."


def compose_invitation(
    sender: str, to: str, app_url: str, providers: Sequence[str] = (), language: Language = "en"
) -> EmailMessage:
    """The whole message; without the app's address it tells where to look.

    `providers` are those that still sign this person in: Google, Apple.
    """
    where = f"{app_url}/#/set-password" if app_url else ""
    subject, moved, how, way, why, button = (
        translated(words, language) for words in (_SUBJECT, _MOVED, _HOW, _WAY, _WHY, _BUTTON)
    )
    if providers:
        how = f"{how} {translated(_as_before(providers), language)}"
    return layout.message(
        sender,
        to,
        subject,
        f"{moved}\n\n{how}\n{where or way}\n\n{why}\n",
        layout.text("text", escape(moved, quote=False)),
        layout.text("text", escape(how, quote=False)),
        layout.button(where, button) if where else layout.text("text", escape(way, quote=False)),
        layout.text("small", escape(why, quote=False)),
        language=language,
    )


def _as_before(providers: Sequence[str]) -> Words:
    first, *others = providers
    known = Words("{first} or {second}", first=first, second=others[0]) if others else first
    return Words("Signing in with {providers} works as before.", providers=known)
