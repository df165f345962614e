"""Consent is given by the person alone, to words that were shown, and stays on record once it is withdrawn."""

from __future__ import annotations

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack


def test_consent_is_given_by_the_person_alone_and_stays_on_record(stack: LocalStack, sample: bytes) -> None:
    person = Person(stack.front.url, "consents@example.com")
    agreed = {"email": person.email, "password": person.password, "biometric_consent": True}
    assert person.call("POST", "/v1/auth/register", agreed).status_code == 422
    person.register()
    assert person.call("PUT", "/v1/me/consent", {"version": "2026-11-28", "language": "en"}).status_code == 401
    person.sign_in()
    assert person.call("POST", "/v1/selfies", {"content_type": "image/jpeg"}).status_code == 403
    assert person.call("PUT", "/v1/me/consent", {"version": "1999-01-01", "language": "en"}).status_code == 422

    person.agree()
    [given] = person.expect("GET", "/v1/me/consent")["history"]
    person.upload(sample, "image/jpeg")
    person.wait_for_selfie()
    person.expect("DELETE", "/v1/me/consent")
    assert person.call("GET", "/v1/selfies/current").status_code == 404
    assert person.call("POST", "/v1/selfies", {"content_type": "image/jpeg"}).status_code == 403
    [withdrawn] = person.expect("GET", "/v1/me/consent")["history"]
    assert withdrawn["withdrawn_at"] >= given["given_at"]
    assert {name: withdrawn[name] for name in ("version", "language", "given_at")} == {
        name: given[name] for name in ("version", "language", "given_at")
    }
