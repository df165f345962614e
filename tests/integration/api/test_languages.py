"""Messages come in the language that a request asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
