"""Mails about who has an account: the code for a new email, and what the owner of an address must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.aws import mail
from motiv8.emails import layout
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from email.message import EmailMessage

_IF_NOT_YOU = "If it was not you, choose a new password now and sign out on all devices."


def notify(message: EmailMessage) -> None:
    """Send a notice. What it is about goes on without: the address may be the very one that takes no mail any more."""
    try:
        mail.send(message)
    except mail.MailRefused as refused:
        logger.warning("notice refused", code=refused.code)


def code(to: str, digits: str) -> EmailMessage:
    """To the new address: the code that proves it."""
    return _message(
        to,
        "Your motiv8 code",
        f"Your code is {digits}. Enter it in motiv8 within 15 minutes, and you sign in with this address from then on.",
        "If you did not ask for it, ignore this mail: nothing changes without the code.",
    )


def taken(to: str) -> EmailMessage:
    """To an address that has an account already, in place of a code."""
    return _message(
        to,
        "This address has a motiv8 account already",
        "Somebody asked to use this address for another motiv8 account. Nothing was changed.",
        "If it was you: sign in with this address, or choose a new password by “Forgot your password?”.",
    )


def asked(to: str) -> EmailMessage:
    """To the old address, when a code went to a new one."""
    return _message(
        to,
        "A new email for your motiv8 account?",
        "Somebody who knows your password asked for your account to get another email. It changes once the code that we"
        " mailed to the new address is entered.",
        _IF_NOT_YOU,
    )


def changed(to: str) -> EmailMessage:
    """To the old address, once the new one is in its place."""
    return _message(
        to,
        "The email of your motiv8 account was changed",
        "Your account has a new email, and you sign in with that from now on. This address gets no more mails.",
        f"If it was not you, write to {settings().sender_address} at once.",
    )


def factor_set(to: str) -> EmailMessage:
    """Once each sign-in asks for a code."""
    return _message(
        to,
        "Your motiv8 account has a second factor",
        "From now on each sign-in to your account asks for a code of an authenticator app.",
        _IF_NOT_YOU,
    )


def factor_removed(to: str) -> EmailMessage:
    """Once no sign-in asks for a code any more."""
    return _message(
        to,
        "The second factor of your motiv8 account was switched off",
        "Signing in to your account takes the password alone from now on.",
        _IF_NOT_YOU,
    )


def password_changed(to: str) -> EmailMessage:
    """Once there is a new password."""
    return _message(
        to,
        "The password of your motiv8 account was changed",
        "Your account has a new password, set with a code that we mailed to this address. All devices were signed out.",
        "If it was not you, somebody reads your mail: secure your mailbox, then choose a new password here.",
    )


def provider_linked(to: str, provider: str) -> EmailMessage:
    """Once a provider's account signs in to an account that was there."""
    return _message(
        to,
        f"{provider} now signs in to your motiv8 account",
        f"Somebody signed in with a {provider} account that has this address. It opens your account from now on.",
        f"If it was not you, write to {settings().sender_address} at once.",
    )


def signed_out(to: str) -> EmailMessage:
    """Once all sessions are ended."""
    return _message(
        to,
        "Your motiv8 account was signed out on all devices",
        "All sessions of your account were ended. Sign in again where you use it.",
        "If it was not you, choose a new password now.",
    )


def _message(to: str, subject: str, *paragraphs: str) -> EmailMessage:
    rows = [layout.text("text", each) for each in paragraphs]
    return layout.message(settings().sender_address, to, subject, "\n\n".join(paragraphs) + "\n", *rows)
