"""How SES is asked: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import ConnectionClosedError

from motiv8.aws import mail

Answers = Callable[[int | None], list[str]]


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch, forget_clients: Callable[[], None]) -> Iterator[Answers]:
    """Starts a stand-in for SES that answers with a status, or hangs up; returns the paths that it was asked for."""
    asked: list[str] = []
    statuses: list[int | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            if statuses[0] is None:
                self.close_connection = True
                return
            self.send_response(statuses[0])
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("AWS_REGION", "eu-central-1")
        monkeypatch.setenv("MOTIV8_MAIL_CONFIGURATION_SET", "motiv8-dev")
        forget_clients()

        def start(status: int | None) -> list[str]:
            statuses.append(status)
            return asked

        yield start
        server.shutdown()


def _letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "motiv8 <pictures@example.com>", "somebody@example.com"
    message.set_content("Go on.")
    return message


def test_a_mail_that_gets_no_answer_is_not_asked_for_again(ses: Answers) -> None:
    asked = ses(None)
    with pytest.raises(ConnectionClosedError):
        mail.send(_letter(), "user-1")
    assert asked == ["/v2/email/outbound-emails"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_refused_mail_is_left_to_the_next_hour(ses: Answers, status: int) -> None:
    asked = ses(status)
    with pytest.raises(mail.Refused):
        mail.send(_letter(), "user-1")
    assert len(asked) == 1
