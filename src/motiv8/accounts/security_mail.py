"""Mails about an account's email: the code, and what the owner of an address must know."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from motiv8.pipeline import mail_page
from motiv8.settings import settings


def code(to: str, digits: str) -> EmailMessage:
    """To the new address: the code that proves it."""
    return _letter(
        to,
        "Your motiv8 code",
        f"Your code is {digits}. Enter it in motiv8 within 15 minutes, and you sign in with this address from then on.",
        "If you did not ask for it, ignore this mail: nothing changes without the code.",
    )


def taken(to: str) -> EmailMessage:
    """To an address that has an account already, in place of a code."""
    return _letter(
        to,
        "This address has a motiv8 account already",
        "Somebody asked to use this address for another motiv8 account. Nothing was changed.",
        "If it was you: sign in with this address, or choose a new password by “Forgot your password?”.",
    )


def asked(to: str) -> EmailMessage:
    """To the old address, when a code went to a new one."""
    return _letter(
        to,
        "A new email for your motiv8 account?",
        "Somebody who knows your password asked for your account to get another email. It changes once the code that we"
        " mailed to the new address is entered.",
        "If it was not you, choose a new password now and sign out on all devices.",
    )


def changed(to: str) -> EmailMessage:
    """To the old address, once the new one is in its place."""
    return _letter(
        to,
        "The email of your motiv8 account was changed",
        "Your account has a new email, and you sign in with that from now on. This address gets no more mails.",
        f"If it was not you, write to {settings().sender_address} at once.",
    )


def _letter(to: str, subject: str, *paragraphs: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"motiv8 <{settings().sender_address}>"
    message["To"] = to
    message["Subject"] = subject
    message.set_content("\n\n".join(paragraphs) + "\n")
    rows = [mail_page.text("headline", subject), *(mail_page.text("text", each) for each in paragraphs)]
    message.add_alternative(mail_page.page(subject, *rows), subtype="html")
    return message
