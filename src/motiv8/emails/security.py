"""Mails about who has an account: the code for a new email, and what the owner of an address must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.aws import mail
from motiv8.emails import layout
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from email.message import EmailMessage

_IF_NOT_YOU = "If this was not you, change your password now and sign out of all devices."


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
        f"Your code is {digits}. Enter it in motiv8 within 15 minutes. From then on you sign in with this address.",
        "If you did not request it, ignore this email. Nothing changes without the code.",
    )


def taken(to: str) -> EmailMessage:
    """To an address that has an account already, in place of a code."""
    return _message(
        to,
        "This address already has a motiv8 account",
        "Somebody asked to use this address for another motiv8 account. Nothing was changed.",
        "If this was you, sign in with this address, or choose “Forgot your password?” to set a new password.",
    )


def asked(to: str) -> EmailMessage:
    """To the old address, when a code went to a new one."""
    return _message(
        to,
        "Request to change the email of your motiv8 account",
        "Somebody who knows your password asked to change the email of your account. It changes once they enter the"
        " code that we sent to the new address.",
        _IF_NOT_YOU,
    )


def changed(to: str) -> EmailMessage:
    """To the old address, once the new one is in its place."""
    return _message(
        to,
        "The email of your motiv8 account was changed",
        "You now sign in with your new email. We will send no more emails to this address.",
        f"If this was not you, write to {settings().sender_address} immediately.",
    )


def factor_set(to: str) -> EmailMessage:
    """Once each sign-in asks for a code."""
    return _message(
        to,
        "Two-step verification is on for your motiv8 account",
        "From now on you need a code from your authenticator app to sign in.",
        _IF_NOT_YOU,
    )


def factor_removed(to: str) -> EmailMessage:
    """Once no sign-in asks for a code any more."""
    return _message(
        to,
        "Two-step verification is off for your motiv8 account",
        "From now on you need only your password to sign in.",
        _IF_NOT_YOU,
    )


def password_changed(to: str) -> EmailMessage:
    """Once there is a new password."""
    return _message(
        to,
        "The password of your motiv8 account was changed",
        "Your password was changed with a code that we sent to this address. All devices were signed out.",
        "If this was not you, somebody else can read your email. Secure your mailbox, then change your password here.",
    )


def provider_linked(to: str, provider: str) -> EmailMessage:
    """Once a provider's account signs in to an account that was there."""
    return _message(
        to,
        f"{provider} now signs in to your motiv8 account",
        f"Somebody signed in with a {provider} account that uses this address. It can now sign in to your account.",
        f"If this was not you, write to {settings().sender_address} immediately.",
    )


def signed_out(to: str) -> EmailMessage:
    """Once all sessions are ended."""
    return _message(
        to,
        "Your motiv8 account was signed out of all devices",
        "All sessions of your account have ended. Sign in again on the devices that you use.",
        "If this was not you, change your password now.",
    )


def _message(to: str, subject: str, *paragraphs: str) -> EmailMessage:
    rows = [layout.text("text", paragraph) for paragraph in paragraphs]
    return layout.message(settings().sender_address, to, subject, "\n\n".join(paragraphs) + "\n", *rows)
