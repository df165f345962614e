"""How SES is asked, and what Cognito takes: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html,
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from botocore.model import StructureShape

from motiv8.aws import clients, mail
from motiv8_tooling.operations.package import load_template

pytestmark = pytest.mark.usefixtures("credentials")
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
    with pytest.raises(mail.MailRefused):
        mail.send(_letter(), "user-1")
    assert len(asked) == 1


def _members_in_cognito(name: str) -> dict[str, Any]:
    shape = clients.session().get_service_model("cognito-idp").shape_for(name)
    assert isinstance(shape, StructureShape)
    return dict(shape.members)


def test_our_words_for_codes_are_within_cognitos_limits() -> None:
    words = load_template()["Resources"]["UserPool"]["Properties"]["VerificationMessageTemplate"]["Fn::If"][1]
    limits = _members_in_cognito("VerificationMessageTemplateType")
    assert words["DefaultEmailOption"] in limits["DefaultEmailOption"].enum
    for name in ("EmailSubject", "EmailMessage"):
        assert limits[name].metadata["min"] <= len(words[name]) <= limits[name].metadata["max"]


def test_where_cognito_mails_from_is_told_as_its_api_takes_it() -> None:
    through_ses, by_itself = load_template()["Resources"]["UserPool"]["Properties"]["EmailConfiguration"]["Fn::If"][1:]
    members = _members_in_cognito("EmailConfigurationType")
    assert set(through_ses) | set(by_itself) <= set(members)
    accounts = {through_ses["EmailSendingAccount"], by_itself["EmailSendingAccount"]}
    assert accounts == set(members["EmailSendingAccount"].enum)
