"""The mail that tells people of the move, and how they get in. Pure."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from motiv8.pipeline import mail_page

_SUBJECT = "motiv8 has moved: choose a password"
_MOVED = "motiv8 has a new home. Your account, your workout days and your pictures have moved with it."
_HOW = "To get in, choose a password: we mail you a code. If you signed in with Google or Apple, you still can."
_WHY = "You get this once, because you have an account."


def compose_invitation(sender: str, to: str, app_url: str) -> EmailMessage:
    """The whole message; without the app's address it tells where to look."""
    where = f"{app_url}/#/set-password" if app_url else ""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"motiv8 <{sender}>"
    message["To"] = to
    message["Subject"] = _SUBJECT
    message.set_content(f"{_MOVED}\n\n{_HOW}\n{where or 'In the app: Forgot your password?'}\n\n{_WHY}\n")
    way = mail_page.link(where, "Choose a password") if where else escape("In the app: “Forgot your password?”")
    html = mail_page.page(
        _SUBJECT,
        mail_page.text("headline", _SUBJECT),
        mail_page.text("text", _MOVED),
        mail_page.text("text", f"{_HOW}<br>\n{way}"),
        mail_page.text("small", _WHY),
    )
    message.add_alternative(html, subtype="html")
    return message
