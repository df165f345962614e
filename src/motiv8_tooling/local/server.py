"""The development front on one loopback port: the web app, the API, an inbox, and the mail catcher.

The API is the deployed one: requests go on to the embedded gateway as they are.
"""

from __future__ import annotations

import json
import re
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

import httpx

from motiv8.api import problems
from motiv8.errors import Unavailable
from motiv8_tooling.client.tls import authorities
from motiv8_tooling.local.mailbox import Caught, Mailbox, html_of
from motiv8_tooling.operations.package import load_template
from motiv8_tooling.operations.web import TYPES, WEB

if TYPE_CHECKING:
    from types import TracebackType

_SES = "/v2/email/outbound-emails"
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"})
_INBOX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>motiv8 inbox</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem">
<h1>Inbox</h1>
<p>Every mail that the local stack sent. Sign-up codes and reset codes are in the mails' text.</p>
{mails}
</html>
"""
_MAIL = """<article style="border-top: 1px solid #ccc; padding: .75rem 0">
<b>{subject}</b><br>to {to}, {sent_at}<br>{rest}</article>
"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # How many connections may wait to be taken; five, as is usual, are fewer than one browser opens.
    request_queue_size = 128

    def __init__(self, port: int, emulator_url: str, mailbox: Mailbox) -> None:
        self.backend = self.emulator_url = emulator_url
        self.mailbox = mailbox
        self.client = httpx.Client(timeout=60, verify=authorities())
        self.shell_headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _web_policy(emulator_url)}
        super().__init__(("127.0.0.1", port), _Handler)


class Front:
    """Serves until it is closed; `backend` is where the API's requests go, and may be set once it is known."""

    def __init__(self, port: int, emulator_url: str, mailbox: Mailbox) -> None:
        try:
            self._server = _Server(port, emulator_url, mailbox)
        except OSError as error:
            raise RuntimeError(f"Port {port} cannot be used ({error.strerror}). Choose another one.") from error
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def backend(self) -> str:
        """Where the API's requests go."""
        return self._server.backend

    @backend.setter
    def backend(self, url: str) -> None:
        self._server.backend = url

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if self.path.startswith("/_local/"):
                self._local(self.path.removeprefix("/_local/"))
            elif self.path == _SES:
                answer = self._forward(self.server.emulator_url, body)
                if answer.is_success:
                    self.server.mailbox.keep(body, answer.json()["MessageId"])
            elif (file := _shell(self.path)) is not None and self.command in {"GET", "HEAD"}:
                self._answer(200, TYPES[file.suffix], file.read_bytes(), self.server.shell_headers)
            else:
                self._forward(self.server.backend, body)
        except FileNotFoundError:
            self._answer(404, "text/plain", b"There is nothing at this address.\n")
        except httpx.RequestError:
            self._unavailable("The embedded AWS is not responding. `make run` restarts it within seconds.")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve  # noqa: N815 - http.server's

    def _forward(self, backend: str, body: bytes) -> httpx.Response:
        # Host stays as the client sent it: it is a part of what a signed request signs.
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP]
        answer = self.server.client.request(self.command, backend + self.path, headers=headers, content=body)
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
        if answer.status_code == 502:
            self._unavailable("The function failed or took too long. `motiv8 local logs` says why.")
        else:
            self._answer(answer.status_code, None, answer.content, kept)
        return answer

    def _unavailable(self, detail: str) -> None:
        body = json.dumps(problems.body(Unavailable(detail), "none")).encode()
        self._answer(problems.status(Unavailable), problems.CONTENT_TYPE, body, {"Retry-After": "2"})

    def _local(self, path: str) -> None:
        if path == "inbox":
            mails = "".join(_summary(mail) for mail in self.server.mailbox.all())
            page = _INBOX.format(mails=mails or "<p>Nothing yet.</p>")
            self._answer(200, "text/html; charset=utf-8", page.encode())
        elif path.startswith("mail/"):
            html = html_of(self.server.mailbox.read(unquote(path.removeprefix("mail/"))))
            self._answer(200, "text/html; charset=utf-8", html.encode())
        elif path.startswith("eml/"):
            message = self.server.mailbox.read(unquote(path.removeprefix("eml/")))
            self._answer(200, "message/rfc822", message.as_bytes())
        else:
            raise FileNotFoundError(path)

    def _answer(
        self, status: int, content_type: str | None, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content_type:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing: the functions' own logs tell more (`motiv8 local logs`)."""


def _web_policy(storage: str) -> str:
    """The policy that CloudFront sends with the web app's files, with the embedded AWS for buckets and sockets."""
    headers = load_template()["Resources"]["WebHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy: str = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    embedded = re.sub(r"https://\$\{\w+Bucket\.RegionalDomainName\}", storage, policy)
    return re.sub(r"wss://\$\{SocketApi\}[^ ;]*", storage.replace("http", "ws", 1), embedded)


def _shell(path: str) -> Path | None:
    """The web app's file for a path, or None where the API answers."""
    name = path.partition("?")[0].lstrip("/") or "index.html"
    file = (WEB / name).resolve()
    return file if file.suffix in TYPES and file.is_relative_to(WEB) and file.is_file() else None


def _summary(mail: Caught) -> str:
    if mail.name:
        rest = f'<a href="/_local/mail/{mail.name}">open</a> · <a href="/_local/eml/{mail.name}">.eml</a>'
    else:
        rest = f"<pre style='white-space: pre-wrap'>{escape(mail.text)}</pre>"
    sent_at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(mail.sent_at))
    return _MAIL.format(subject=escape(mail.subject), to=escape(mail.to), sent_at=sent_at, rest=rest)
