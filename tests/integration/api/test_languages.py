"""Messages come in the language that a request asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8.aws import clients
from motiv8.aws.secrets import link_secret
from motiv8.aws.user_pool import sessions
from stand_in.aws_calls import AwsCalls

Call = Callable[..., Any]
Make = Callable[..., Any]
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def test_a_problem_is_told_in_the_language_of_the_request(call: Call, make_user: Make) -> None:
    make_user("ann")
    answer = call("GET", "/v1/portraits/today", user="ann", headers=GERMAN)
    assert (answer.json["title"], answer.json["detail"]) == ("Nicht gefunden", "Für heute gibt es noch kein Bild.")
    assert answer.headers["Content-Language"] == "de"
    assert "Accept-Language" in answer.headers["Vary"]
    english = call("GET", "/v1/portraits/today", user="ann")
    assert english.json["detail"] == "There is no picture for today yet."
    assert english.headers["Content-Language"] == "en"
    assert english.json["type"] == answer.json["type"]


@pytest.mark.parametrize(("path", "title"), [("/nowhere", "Nicht gefunden"), ("/v1/me", "Anmeldung nötig")])
def test_so_is_one_that_no_route_has_come_to(call: Call, path: str, title: str) -> None:
    assert call("GET", path, headers=GERMAN).json["title"] == title
    # The next request speaks its own language.
    assert call("GET", path).headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"delivery_hour": 24}, "darf höchstens 23 sein"),
        ({"delivery_hour": "6"}, "Hier gehört eine ganze Zahl hin"),
        ({"time_zone": "Mars/Olympus"}, "muss eine IANA-Zeitzone sein, etwa Europe/Berlin"),
        ({"unknown": 1}, "Dieses Feld gibt es nicht"),
        ({"tone": None}, "darf fehlen, aber nicht null sein"),
        ({"own_lines": {"mon": "走れ"}}, "走 kann nicht gesetzt werden"),
        ({"own_lines": {"mon": "a " * 80}}, "darf höchstens 80 Zeichen haben"),
        ({"theme": "loud"}, "erlaubt sind 'dark' or 'light'"),
    ],
)
def test_so_is_what_is_wrong_with_a_field(call: Call, make_user: Make, body: object, message: str) -> None:
    make_user("ann")
    answer = call("PATCH", "/v1/me", body, user="ann", headers=GERMAN)
    [error] = answer.json["errors"]
    assert error["message"].startswith(message)


def test_so_are_choices_and_why_a_photo_will_not_do(call: Call, make_user: Make, noon: Any) -> None:
    modes = call("GET", "/v1/modes", headers=GERMAN)
    assert modes.json["modes"][0]["title"] == "Gipfel"
    assert modes.json["formats"][0]["description"] == "1080 x 1350, für Feeds und E-Mail."
    assert modes.headers["Content-Language"] == "de"
    english = call("GET", "/v1/modes", headers={"If-None-Match": modes.headers["ETag"]})
    assert english.json["modes"][0]["title"] == "Summit"
    make_user("ann", selfie_id="s", selfie_status="rejected", selfie_reason="blurred", selfie_updated_at=noon)
    photo = call("GET", "/v1/selfies/current", user="ann", headers=GERMAN)
    assert photo.json["message"].startswith("Das Foto ist unscharf.")


def test_so_is_why_a_document_was_not_taken_in(call: Call, make_document: Make, make_user: Make, sign: Make) -> None:
    make_user("ann")
    row = make_document(status="failed", reason="no_text")
    token = sign(sub="ann", **{"cognito:groups": ["importers"]})
    answer = call("GET", f"/v1/documents/{row.document_id}", token=token, headers=GERMAN)
    assert answer.json["message"].startswith("Das Dokument hat keinen Text.")


def test_so_is_the_page_that_unsubscribes(call: Call, make_user: Make) -> None:
    make_user("ann")
    token = unsubscribe_token("ann", link_secret())
    page = call("GET", "/v1/mail/unsubscribe", headers=GERMAN, query={"token": token})
    assert '<html lang="de">' in page.text
    assert "Bild-E-Mails abbestellen?" in page.text
    done = call("POST", "/v1/mail/unsubscribe", headers=GERMAN, query={"token": token})
    assert "Du bekommst keine Bild-E-Mails mehr." in done.text


def test_a_notice_by_mail_is_in_the_language_of_the_person_and_not_of_the_request(
    call: Call, make_user: Make, mails: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "end_sessions", lambda _: None)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    make_user("ann", locale="fr-CA")
    assert call("POST", "/v1/auth/logout", user="ann", headers=GERMAN).status == 204
    [mail] = mails
    assert mail["Subject"] == "Ton compte motiv8 a été déconnecté de tous les appareils"


def test_a_code_that_cognito_mails_is_asked_for_in_a_language(call: Call) -> None:
    given = {"email": "ann@example.com", "password": "unrelated words win", "time_zone": "UTC", "locale": "es-MX"}
    with AwsCalls(clients.cognito()) as cognito:
        assert call("POST", "/v1/auth/register", given, headers=GERMAN).status == 202
        for path in ("resend", "password/forgot"):
            assert call("POST", f"/v1/auth/{path}", {"email": "ann@example.com"}, headers=GERMAN).status == 202
        asked = [cognito.calls(each) for each in ("sign_up", "resend_confirmation_code", "forgot_password")]
    # The person's own once they said it, and the request's where nobody has shown yet who they are.
    assert [[each["ClientMetadata"] for each in some] for some in asked] == [
        [{"language": "es"}],
        [{"language": "de"}],
        [{"language": "de"}],
    ]
