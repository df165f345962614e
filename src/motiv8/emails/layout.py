"""What all our mails look like: one column, light and dark. Pure."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motiv8.catalogue.locales import Language

# Tables and widths in attributes, since Outlook on Windows lays mails out as Word does; colours for dark mode in the
# style sheet, which those that have one read.
_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
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
{rows}
</table>
</td></tr>
</table>
</body>
</html>
"""
_BUTTON = """\
<tr><td style="padding:12px 0">
<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td bgcolor="#1f4f8f" style="border-radius:8px">
<a href="{url}" style="display:inline-block;padding:12px 22px;font:bold 16px Helvetica,Arial,sans-serif;\
color:#ffffff;text-decoration:none">{words}</a>
</td></tr></table>
</td></tr>"""
_STYLES = {
    "headline": ("ink", "padding:20px 0 4px;font:bold 20px/1.4 Helvetica,Arial,sans-serif;color:#1d2230"),
    "text": ("ink", "padding:8px 0;font:16px/1.5 Helvetica,Arial,sans-serif;color:#1d2230"),
    "date": ("soft", "padding:0 0 24px;font:16px/1.5 Helvetica,Arial,sans-serif;color:#5b6170"),
    "small": ("soft", "padding:8px 0 0;font:13px/1.6 Helvetica,Arial,sans-serif;color:#5b6170"),
}


def message(sender: str, to: str, subject: str, plain: str, *rows: str, language: Language = "en") -> EmailMessage:
    """A mail without a picture in a language: as plain text, and as a page of rows under its subject."""
    made = EmailMessage(policy=SMTP)
    made["From"] = f"motiv8 <{sender}>"
    made["To"] = to
    made["Subject"] = subject
    made.set_content(plain)
    made.add_alternative(page(subject, text("headline", escape(subject)), *rows, language=language), subtype="html")
    return made


def page(title: str, *rows: str, language: Language = "en") -> str:
    """A whole HTML page of rows in a language."""
    return _PAGE.format(title=escape(title), rows="\n".join(rows), language=language)


def picture(cid: str, alt: str) -> str:
    """A row with a picture that lies in the mail, by its content id."""
    shown = f'<img src="cid:{cid}" alt="{escape(alt, quote=True)}" width="540" border="0"'
    return f'<tr><td>\n{shown} style="display:block;width:100%;height:auto;border-radius:8px">\n</td></tr>'


def text(kind: str, html: str) -> str:
    """A row of HTML in the type of its kind: `headline`, `text`, `date` or `small`."""
    name, style = _STYLES[kind]
    return f'<tr><td class="{name}" style="{style}">\n{html}</td></tr>'


def button(url: str, words: str) -> str:
    """A row with a button that Outlook draws, too: a cell with a ground."""
    return _BUTTON.format(url=escape(url, quote=True), words=escape(words))


def link(url: str, words: str) -> str:
    """A link, in the colour of small type."""
    return f'<a href="{escape(url, quote=True)}" style="color:#5b6170">{escape(words)}</a>'
