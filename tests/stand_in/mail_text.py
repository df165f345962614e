"""What a mail says."""

from __future__ import annotations

from email.message import EmailMessage


def text_of(mail: EmailMessage) -> str:
    """Its part in plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
