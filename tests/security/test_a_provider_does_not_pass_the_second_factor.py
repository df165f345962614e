"""An account with a second factor is joined by no provider: Cognito asks those who come by one for no code."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client
from stand_in.authenticator import code
from stand_in.identity_provider import IdentityProvider


def _come_by_google(stack: LocalStack) -> httpx.Response:
    """Where the way to Google and back ends."""
    [provider] = httpx.get(f"{stack.front.url}/v1/auth/providers").json()["providers"]
    home = f"{stack.front.url}/"
    more = {"redirect_uri": home, "state": "s", "code_challenge": "c" * 43, "code_challenge_method": "S256"}
    answer = httpx.get(f"{provider['authorize_url']}&{urlencode(more)}")
    while answer.is_redirect and not answer.headers["Location"].startswith(home):
        answer = httpx.get(answer.headers["Location"])
    return answer


def test_a_provider_that_vouches_for_the_email_is_refused_and_nothing_is_linked(
    federated: LocalStack, google: IdentityProvider
) -> None:
    person = Person(federated.front.url, "guarded@example.com")
    person.register()
    person.sign_in()
    password = {"password": person.password}
    secret = person.expect("POST", "/v1/auth/mfa", password)["secret"]
    person.expect("POST", "/v1/auth/mfa/verify", password | {"code": code(secret)})
    google.claims = {"sub": "guarded", "email": person.email, "email_verified": "true"}
    answer = _come_by_google(federated)
    assert "has-second-factor" in answer.text + answer.headers.get("Location", "")
    user = client("cognito-idp", federated.emulator).admin_get_user(
        UserPoolId=federated.outputs["UserPoolId"], Username=person.email
    )
    assert "identities" not in {each["Name"] for each in user["UserAttributes"]}


def test_the_owner_of_an_account_without_one_is_told_of_the_link(
    federated: LocalStack, google: IdentityProvider
) -> None:
    person = Person(federated.front.url, "told-of-a-link@example.com")
    person.register()
    google.claims = {"sub": "told-of-a-link", "email": person.email, "email_verified": "true"}
    assert "code=" in _come_by_google(federated).headers["Location"]
    mails = [federated.mailbox.read(path.name) for path in federated.mailbox.files()]
    assert [mail["Subject"] for mail in mails if mail["To"] == person.email] == [
        "Google now signs in to your motiv8 account"
    ]
