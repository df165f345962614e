"""What proves that an environment works: a throw-away person gets a picture, and is removed again."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
from ulid import ULID

from motiv8 import tokens
from motiv8.waiting import wait_for
from motiv8_tooling.client.person import ApiError, Person
from motiv8_tooling.operations.environment import PROJECT, client, environment
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = "How do I start?"
SAMPLE = PROJECT / "samples" / "astronaut.jpg"
_ERASED_SECONDS = 60
_READY_SECONDS = 60


def smoke_test(url: str, name: str | None, api_key: str | None, say: Callable[[str], None]) -> None:
    """Health, readiness, then sign-up to picture. Raises OperationError; the person is removed either way.

    Without `name` the environment is the URL's last part, which is the gateway's stage. Without `api_key` the stack's
    own is used, where clients need one.
    """
    address = url.rstrip("/")
    if not re.match(r"https?://[^/]+", address):
        raise OperationError(f"{url!r} is not a URL. Give the API's URL, https://…")
    given = environment(name or address.rpartition("/")[2])
    outputs = Stack(client("cloudformation"), given.stack, say).outputs()
    if "UserPoolId" not in outputs:
        raise OperationError(f"There is no stack {given.stack} in this account: give --environment.")
    # SES's own mailbox: it takes every mail, and no bounce counts against the sender.
    person = Person(address, f"success+smoke-{str(ULID()).lower()}@simulator.amazonses.com")
    if key := api_key or _key_of(outputs):
        person.http.headers["x-api-key"] = key
    try:
        _check_health(person, say)
        _get_a_picture(person, outputs["UserPoolId"], say)
    except (ApiError, httpx.HTTPError) as error:
        raise OperationError(f"{address} does not work: {error}") from error


def _key_of(outputs: dict[str, str]) -> str | None:
    if "ApiKeyId" not in outputs:
        return None
    value: str = client("apigateway").get_api_key(apiKey=outputs["ApiKeyId"], includeValue=True)["value"]
    return value


def _check_health(person: Person, say: Callable[[str], None]) -> None:
    release = person.expect("GET", "/health").get("release", "")
    say(f"  healthy, release {release}")
    failed = _not_ready(person)
    if failed == ["library"]:
        # The first question after a deployment has its answer put into a new index.
        with suppress(TimeoutError):
            wait_for(lambda: not _not_ready(person), seconds=_READY_SECONDS, pause=2)
        failed = _not_ready(person)
    if failed:
        raise ApiError(f"not ready ({', '.join(failed)})")
    say("  ready, the library included: it knows an answer")


def _not_ready(person: Person) -> list[str]:
    """The parts that are not ready, or the status of an answer that names none."""
    answer = person.call("GET", "/health/ready")
    if answer.status_code == 200:
        return []
    return [part for part, state in answer.json().get("checks", {}).items() if state != "ok"] or [
        str(answer.status_code)
    ]


def _get_a_picture(person: Person, pool: str, say: Callable[[str], None]) -> None:
    person.sign_up("UTC")
    cognito = client("cognito-idp")
    try:
        # Nobody reads this person's mail, so the code is not asked for; this confirms as well.
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=person.email, Password=person.password, Permanent=True
        )
        person.sign_in()
        _check_scope(person.token)
        person.expect("PATCH", "/v1/me", {"mail_enabled": False})
        person.agree()
        say("  signed up and in")
        found = person.expect("GET", "/v1/search?q=How+do+I+start%3F&limit=3")["passages"]
        say(f"  the library answers with {len(found)} passages")
        _ask_the_coach(person, say)
        answer = person.upload(SAMPLE.read_bytes(), "image/jpeg")
        if answer.status_code != 204:
            raise ApiError(f"S3 does not take the photo ({answer.status_code})")
        person.wait_for_selfie()
        say("  the face was found")
        location = person.call("POST", "/v1/portraits", {}).headers.get("Location")
        if location is None:
            raise ApiError("no picture can be asked for")
        picture = person.http.get(person.wait_for_portrait(location)["image_url"])
        if picture.content[:2] != b"\xff\xd8":
            raise ApiError(f"the picture cannot be downloaded ({picture.status_code})")
        say(f"  a picture came, {len(picture.content):,} bytes")
    finally:
        _remove(person, pool)
    say("  the person is removed again")


def _ask_the_coach(person: Person, say: Callable[[str], None]) -> None:
    """Have it answer one question. Raises ApiError where the answer failed or is empty."""
    answer = person.ask(QUESTION)
    if not answer["text"].strip():
        raise ApiError("the coach's answer is empty")
    say(f"  the coach answers, with {len(answer['citations'])} sources")


def _check_scope(token: str) -> None:
    """The pool's trigger is there, and takes from tokens what changes the account at Cognito (docs/adr/027)."""
    if "aws.cognito.signin.user.admin" in tokens.unverified(token)["scope"].split():
        raise ApiError("the access token changes the account at Cognito: the pool does not ask its trigger")


def _remove(person: Person, pool: str) -> None:
    if person.token:
        # A deletion needs a sign-in of the last minutes, and a picture may have taken long.
        person.sign_in()
        person.expect("DELETE", "/v1/me")
        _wait_until_locked_out(person)
        return
    client("cognito-idp").admin_delete_user(UserPoolId=pool, Username=person.email)


def _wait_until_locked_out(person: Person) -> None:
    """The machine's first act; the last traces go minutes later."""

    def locked_out() -> bool:
        try:
            person.sign_in()
        except ApiError:
            return True
        return False

    try:
        wait_for(locked_out, seconds=_ERASED_SECONDS, pause=1)
    except TimeoutError as error:
        raise OperationError(
            f"The test account could still sign in {_ERASED_SECONDS} s after it was deleted."
        ) from error
