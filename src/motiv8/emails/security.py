"""Mails about who has an account: the code for a new email, and what the owner of an address must know."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from motiv8.aws import mail
from motiv8.catalogue.translation import translated
from motiv8.emails import layout
from motiv8.settings import settings
from motiv8.telemetry import logger
from motiv8.words import Words

if TYPE_CHECKING:
    from email.message import EmailMessage

    from motiv8.catalogue.locales import Language

_IF_NOT_YOU = "If this was not you, change your password now and sign out of all devices."


def notify(message: EmailMessage) -> None:
    """Send a notice. What it is about goes on without: the address may be the very one that takes no mail any more."""
    try:
        mail.send(message)
    except mail.MailRefused as refused:
        logger.warning("notice refused", code=refused.code)


def code(to: str, digits: str, language: Language) -> EmailMessage:
    """To the new address: the code that proves it."""
    return _message(
        to,
        language,
        "Your motiv8 code",
        Words(
            "Your code is {digits}. Enter it in motiv8 within 15 minutes. From then on you sign in with this address.",
            digits=digits,
        ),
        "If you did not request it, ignore this email. Nothing changes without the code.",
    )


def taken(to: str, language: Language) -> EmailMessage:
    """To an address that has an account already, in place of a code."""
    return _message(
        to,
        language,
        "This address already has a motiv8 account",
        "Somebody asked to use this address for another motiv8 account. Nothing was changed.",
        "If this was you, sign in with this address, or choose “Forgot your password?” to set a new password.",
    )


def asked(to: str, language: Language) -> EmailMessage:
    """To the old address, when a code went to a new one."""
    return _message(
        to,
        language,
        "Request to change the email of your motiv8 account",
        "Somebody who knows your password asked to change the email of your account. It changes once they enter the"
        " code that we sent to the new address.",
        _IF_NOT_YOU,
    )


def changed(to: str, language: Language) -> EmailMessage:
    """To the old address, once the new one is in its place."""
    return _message(
        to,
        language,
        "The email of your motiv8 account was changed",
        "You now sign in with your new email. We will send no more emails to this address.",
        Words("If this was not you, write to {address} immediately.", address=settings().sender_address),
    )


def factor_set(to: str, language: Language) -> EmailMessage:
    """Once each sign-in asks for a code."""
    return _message(
        to,
        language,
        "Two-step verification is on for your motiv8 account",
        "From now on you need a code from your authenticator app to sign in.",
        _IF_NOT_YOU,
    )


def factor_removed(to: str, language: Language) -> EmailMessage:
    """Once no sign-in asks for a code any more."""
    return _message(
        to,
        language,
        "Two-step verification is off for your motiv8 account",
        "From now on you need only your password to sign in.",
        _IF_NOT_YOU,
    )


def password_changed(to: str, language: Language) -> EmailMessage:
    """Once there is a new password."""
    return _message(
        to,
        language,
        "The password of your motiv8 account was changed",
        "Your password was changed with a code that we sent to this address. All devices were signed out.",
        "If this was not you, somebody else can read your email. Secure your mailbox, then change your password here.",
    )


def provider_linked(to: str, provider: str, language: Language) -> EmailMessage:
    """Once a provider's account signs in to an account that was there."""
    return _message(
        to,
        language,
        Words("{provider} now signs in to your motiv8 account", provider=provider),
        Words(
            "Somebody signed in with a {provider} account that uses this address. It can now sign in to your account.",
            provider=provider,
        ),
        Words("If this was not you, write to {address} immediately.", address=settings().sender_address),
    )


def signed_out(to: str, language: Language) -> EmailMessage:
    """Once all sessions are ended."""
    return _message(
        to,
        language,
        "Your motiv8 account was signed out of all devices",
        "All sessions of your account have ended. Sign in again on the devices that you use.",
        "If this was not you, change your password now.",
    )


def _message(to: str, language: Language, subject: str, *paragraphs: str) -> EmailMessage:
    said = [translated(each, language) for each in paragraphs]
    rows = [layout.text("text", escape(each, quote=False)) for each in said]
    plain = "\n\n".join(said) + "\n"
    sender, about = settings().sender_address, translated(subject, language)
    return layout.message(sender, to, about, plain, *rows, language=language)
