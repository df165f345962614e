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

# Tables and widths in attributes, since Outlook on Windows lays mails out as Word does; colours for dark mode in the
# style sheet, which those that have one read.
_HTML = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{line}</title>
<style>
@media (prefers-color-scheme: dark) {{
  .paper {{ background: #14161c !important; }}
  .ink {{ color: #f1efe9 !important; }}
  .soft, .soft a {{ color: #aeb3bf !important; }}
}}
</style>
<!--[if mso]><style>td, p, a {{ font-family: Arial, sans-serif !important; }}</style><![endif]-->
</head>
<body class="paper" style="margin:0;padding:0;background:#f4f2ee">
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f2ee">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="540" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:540px">
<tr><td>
<img src="cid:{cid}" alt="{alt}" width="540" border="0" style="display:block;width:100%;height:auto;border-radius:8px">
</td></tr>
<tr><td class="ink" style="padding:20px 0 4px;font:bold 20px/1.4 Helvetica,Arial,sans-serif;color:#1d2230">
{line}</td></tr>
<tr><td class="soft" style="padding:0 0 24px;font:16px/1.5 Helvetica,Arial,sans-serif;color:#5b6170">{day}</td></tr>
<tr><td class="soft" style="font:13px/1.6 Helvetica,Arial,sans-serif;color:#5b6170">
You get this because you chose workout days in motiv8.{preferences}
<a href="{url}" style="color:#5b6170">Unsubscribe</a></td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""
_PREFERENCES = '<br>\n<a href="{url}" style="color:#5b6170">Change days, hour or look</a> ·'
_TEXT = """\
{line}

{day}. Your picture is attached: {alt}

You get this because you chose workout days in motiv8.
{preferences}No more mails: {url}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes into the mail; `picture` is a JPEG, `settings_url` leads to the app's settings if it has any."""

    sender: str
    to: str
    line: str
    alt_text: str
    day: date
    picture: bytes
    unsubscribe_url: str
    correlation_id: str = ""
    settings_url: str = ""


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
    preferences = f"Change days, hour or look: {letter.settings_url}\n" if letter.settings_url else ""
    message.set_content(
        _TEXT.format(
            line=letter.line, day=day, alt=letter.alt_text, url=letter.unsubscribe_url, preferences=preferences
        )
    )
    html = _HTML.format(
        cid=cid[1:-1],
        alt=escape(letter.alt_text, quote=True),
        line=escape(letter.line),
        day=day,
        url=escape(letter.unsubscribe_url, quote=True),
        preferences=_PREFERENCES.format(url=escape(letter.settings_url, quote=True)) if letter.settings_url else "",
    )
    message.add_alternative(html, subtype="html")
    page = message.get_payload()[1]  # type: ignore[index]  # a list, since the message has alternatives
    page.add_related(  # type: ignore[union-attr]  # and each part of it is a message
        letter.picture, "image", "jpeg", cid=cid, filename="motiv8.jpg", disposition="inline"
    )
    return message
