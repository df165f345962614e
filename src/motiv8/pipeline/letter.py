"""The mail that brings a picture: text and HTML, the picture inline, one click to unsubscribe. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_HTML = """\
<!doctype html>
<html lang="en">
<body style="margin:0;padding:24px;background:#f4f2ee;color:#222;font:16px/1.5 Helvetica,Arial,sans-serif">
<div style="max-width:540px;margin:0 auto">
<img src="cid:{cid}" alt="{alt}" width="540" style="display:block;width:100%;height:auto;border-radius:8px">
<p style="font-size:20px;margin:20px 0 4px">{line}</p>
<p style="color:#666;margin:0 0 24px">{day}</p>
<p style="color:#666;font-size:13px">You get this because you chose workout days in motiv8.
<a href="{url}" style="color:#666">Unsubscribe</a></p>
</div>
</body>
</html>
"""
_TEXT = """\
{line}

{day}. Your picture is attached: {alt}

You get this because you chose workout days in motiv8.
No more mails: {url}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes into the mail; `picture` is a JPEG."""

    sender: str
    to: str
    line: str
    alt_text: str
    day: date
    picture: bytes
    unsubscribe_url: str
    correlation_id: str = ""


def compose_letter(letter: Letter) -> EmailMessage:
    """The whole message, as RFC 5322 and RFC 8058 (one-click unsubscribe) ask."""
    day = f"{letter.day:%A}, {letter.day.day} {letter.day:%B %Y}"
    cid = make_msgid(idstring="picture", domain="motiv8")
    message = EmailMessage(policy=SMTP)
    message["From"] = f"motiv8 <{letter.sender}>"
    message["To"] = letter.to
    message["Subject"] = letter.line or "Your picture of today"
    if letter.correlation_id:
        # What a bounce brings back then leads to the run that sent it.
        message["X-Correlation-Id"] = letter.correlation_id
    message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_TEXT.format(line=letter.line, day=day, alt=letter.alt_text, url=letter.unsubscribe_url))
    html = _HTML.format(
        cid=cid[1:-1],
        alt=escape(letter.alt_text, quote=True),
        line=escape(letter.line),
        day=day,
        url=escape(letter.unsubscribe_url, quote=True),
    )
    message.add_alternative(html, subtype="html")
    page = message.get_payload()[1]  # type: ignore[index]  # a list, since the message has alternatives
    page.add_related(  # type: ignore[union-attr]  # and each part of it is a message
        letter.picture, "image", "jpeg", cid=cid, filename="motiv8.jpg", disposition="inline"
    )
    return message
