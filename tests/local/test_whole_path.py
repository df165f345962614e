"""From signing up to the delivered picture, over HTTP, on the deployed stack."""

from __future__ import annotations

import io
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from zipfile import ZipFile

import httpx
import pillow_heif
import pytest
from PIL import Image

from motiv8.catalogue.rejections import SENTENCES
from motiv8.waiting import wait_for
from motiv8_tooling.client.person import ApiError, Person, SelfieRejected
from motiv8_tooling.local.daily import ended
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client
from stand_in.photos import from_a_phone, no_face, read, two_people

Somebody = Callable[..., Person]


def mails_to(stack: LocalStack, email: str, count: int) -> list[EmailMessage]:
    """Wait for so many picture mails to somebody."""

    def ask() -> list[EmailMessage] | None:
        found = [stack.mailbox.read(path.name) for path in stack.mailbox.files()]
        found = [mail for mail in found if mail["To"] == email]
        return found if len(found) >= count else None

    return wait_for(ask, seconds=30)


def test_a_selfie_becomes_a_picture_and_a_mail(stack: LocalStack, somebody: Somebody) -> None:
    photo = from_a_phone()
    assert Image.open(io.BytesIO(photo)).getexif().get_ifd(0x8825), "the photo says where it was taken"
    person = somebody()
    assert person.upload(photo, "image/jpeg").status_code == 204
    preview = httpx.get(person.wait_for_selfie()["preview_url"]).raise_for_status().content
    assert not Image.open(io.BytesIO(preview)).getexif()
    asked = person.call("POST", "/v1/portraits", {"mode": "sunrise"})
    assert asked.status_code == 202
    portrait = person.wait_for_portrait(asked.headers["Location"])
    for name, size in (("image_url", (1080, 1350)), ("thumbnail_url", (480, 600))):
        with Image.open(io.BytesIO(httpx.get(portrait[name]).raise_for_status().content)) as picture:
            assert picture.size == size
            assert not picture.getexif()
    listed = person.expect("GET", "/v1/portraits")["portraits"]
    assert [each["portrait_id"] for each in listed] == [portrait["portrait_id"]]
    [mail] = mails_to(stack, person.email, 1)
    [inline] = [part for part in mail.walk() if part.get_content_type() == "image/jpeg"]
    assert inline.get_content() == httpx.get(portrait["image_url"]).content
    [name] = [path.name for path in stack.mailbox.files() if stack.mailbox.read(path.name)["To"] == person.email]
    page = httpx.get(f"{stack.front.url}/_local/mail/{name}").text
    assert "data:image/jpeg;base64," in page
    assert "cid:" not in page
    assert httpx.get(f"{stack.front.url}/_local/eml/{name}").headers["content-type"] == "message/rfc822"
    assert httpx.get(f"{stack.front.url}/_local/eml/absent.eml").status_code == 404
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert httpx.get(link).status_code == 200
    assert person.expect("GET", "/v1/me")["mail_enabled"] is True
    assert httpx.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert person.expect("GET", "/v1/me")["mail_enabled"] is False


def test_the_sign_up_code_is_in_the_inbox(stack: LocalStack, somebody: Somebody) -> None:
    person = somebody()
    [code] = [mail for mail in stack.mailbox.all() if mail.to == person.email]
    assert code.subject == "Your motiv8 code"
    assert "Your motiv8 code is 123456." in code.text
    assert person.email in httpx.get(f"{stack.front.url}/_local/inbox").text


def test_a_wrong_code_confirms_nobody(stack: LocalStack) -> None:
    stranger = Person(stack.front.url, "stranger@example.com")
    stranger.expect("POST", "/v1/auth/register", {"email": stranger.email, "password": stranger.password})
    proof = {"email": stranger.email, "code": "000000", "password": stranger.password}
    answer = stranger.call("POST", "/v1/auth/confirm", proof)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.code"
    with pytest.raises(ApiError, match="not confirmed"):
        stranger.sign_in()


def test_a_lost_code_can_be_sent_again_and_a_password_reset(stack: LocalStack, somebody: Somebody) -> None:
    person = somebody()
    assert person.call("POST", "/v1/auth/resend", {"email": person.email}).status_code == 202
    assert person.call("POST", "/v1/auth/password/forgot", {"email": person.email}).status_code == 202
    new = {"email": person.email, "code": "654321", "password": "another long password"}
    person.expect("POST", "/v1/auth/password/reset", new)
    with pytest.raises(ApiError):
        Person(stack.front.url, person.email).sign_in()
    Person(stack.front.url, person.email, password="another long password").sign_in()


def test_a_heic_from_a_phone_becomes_a_face(somebody: Somebody) -> None:
    heic = io.BytesIO()
    with Image.open(io.BytesIO(read("J000294.jpg"))) as photo:
        pillow_heif.from_pillow(photo).save(heic, quality=80)
    person = somebody()
    person.upload(heic.getvalue(), "image/heic")
    assert person.wait_for_selfie()["face_in_use"] is True


@pytest.mark.parametrize(
    ("photo", "reason"),
    [(no_face, "no_face"), (two_people, "several_faces"), (lambda: b"file,faces\n" * 200, "unreadable")],
    ids=["no face", "two people", "no photo"],
)
def test_a_photo_that_will_not_do_says_why(somebody: Somebody, photo: Callable[[], bytes], reason: str) -> None:
    person = somebody()
    person.upload(photo(), "image/jpeg")
    with pytest.raises(SelfieRejected, match=SENTENCES[reason]):
        person.wait_for_selfie()
    assert person.expect("GET", "/v1/selfies/current")["reason"] == reason
    assert person.call("POST", "/v1/portraits", {}).status_code == 409


def test_s3_refuses_what_the_presigned_post_does_not_allow(somebody: Somebody, sample: bytes) -> None:
    person = somebody()
    upload = person.expect("POST", "/v1/selfies", {"content_type": "image/jpeg"})["upload"]

    def post(fields: dict[str, str], photo: bytes) -> int:
        return httpx.post(upload["url"], data=fields, files={"file": ("photo", photo, "image/jpeg")}).status_code

    assert post(upload["fields"], b"x" * (20 * 1024 * 1024 + 1)) == 400
    assert post(upload["fields"], b"x" * 1023) == 400
    assert post(upload["fields"] | {"Content-Type": "text/html"}, sample) == 403
    assert post(upload["fields"] | {"key": "uploads/somebody-else/photo"}, sample) == 403
    assert post(upload["fields"] | {"policy": upload["fields"]["policy"][:-8] + "AAAAAAA="}, sample) in {400, 403}
    assert person.expect("GET", "/v1/selfies/current")["status"] == "waiting"


def test_a_replayed_upload_event_changes_nothing(stack: LocalStack, with_face: Somebody) -> None:
    person = with_face()
    before = person.expect("GET", "/v1/selfies/current")
    user_id = person.expect("GET", "/v1/me")["user_id"]
    step_functions = client("stepfunctions", stack.emulator)
    machine = stack.outputs["SelfieStateMachineArn"]
    events = [
        step_functions.describe_execution(executionArn=each["executionArn"])["input"]
        for each in step_functions.list_executions(stateMachineArn=machine)["executions"]
    ]
    [event] = [each for each in events if user_id in each]
    again = step_functions.start_execution(stateMachineArn=machine, input=event)["executionArn"]
    assert ended(step_functions, again)["status"] == "SUCCEEDED"
    after = person.expect("GET", "/v1/selfies/current")
    assert {**after, "preview_url": None} == {**before, "preview_url": None}


def test_nobody_sees_what_is_somebody_elses(with_face: Somebody, somebody: Somebody) -> None:
    asked = with_face().call("POST", "/v1/portraits", {}).headers["Location"]
    stranger = somebody()
    assert stranger.call("GET", asked).status_code == stranger.call("DELETE", asked).status_code == 404


def test_the_gateway_lets_nobody_in_without_a_token(stack: LocalStack) -> None:
    stranger = Person(stack.front.url, "nobody@example.com", token="not.a.token")
    for path in ("/v1/me", "/v1/portraits", "/v1/selfies/current"):
        assert stranger.call("GET", path).status_code == 401
        answer = httpx.get(f"{stack.front.url}{path}")
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:motiv8:problem:unauthorized"


def test_the_same_request_sent_twice_makes_one_picture(with_face: Somebody) -> None:
    person = with_face()
    key = {"Idempotency-Key": "tapped-twice"}
    first, again = (person.call("POST", "/v1/portraits", {}, key) for _ in range(2))
    assert first.json()["portrait_id"] == again.json()["portrait_id"]
    assert person.call("POST", "/v1/portraits", {"mode": "track"}, key).status_code == 409
    assert len(person.expect("GET", "/v1/portraits")["portraits"]) == 1


def _is_kept(stack: LocalStack, user_id: str) -> bool:
    table = client("dynamodb", stack.emulator)
    return "Item" in table.get_item(TableName=stack.outputs["UsersTableName"], Key={"user_id": {"S": user_id}})


def test_a_deleted_account_leaves_nothing(stack: LocalStack, with_face: Somebody) -> None:
    person = with_face()
    user_id = person.expect("GET", "/v1/me")["user_id"]
    person.wait_for_portrait(person.call("POST", "/v1/portraits", {}).headers["Location"])
    mails_to(stack, person.email, 1)
    assert person.call("DELETE", "/v1/me").status_code == 202
    assert person.call("GET", "/v1/me").status_code in {401, 409}
    # The machine looks whether anything is left before it removes the person's row.
    wait_for(lambda: person.call("GET", "/v1/me").status_code == 401 and not _is_kept(stack, user_id), seconds=60)
    s3, dynamodb = client("s3", stack.emulator), client("dynamodb", stack.emulator)
    for bucket in ("UploadsBucketName", "MediaBucketName"):
        answer: dict[str, Any] = s3.list_object_versions(Bucket=stack.outputs[bucket])
        kept = [each["Key"] for each in [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())]]
        assert not [key for key in kept if user_id in key]
    for table in ("UsersTableName", "PortraitsTableName"):
        rows = dynamodb.scan(TableName=stack.outputs[table])["Items"]
        assert not [row for row in rows if row["user_id"]["S"] == user_id]
    with pytest.raises(ApiError):
        person.sign_in()


def test_an_archive_of_everything_comes(with_face: Somebody) -> None:
    person = with_face()
    answer = person.wait_until("/v1/me/export", lambda found: found["status"] == "ready")
    with ZipFile(io.BytesIO(httpx.get(answer["url"]).raise_for_status().content)) as archive:
        assert archive.testzip() is None
        assert {"account.json", "photo.jpeg", "face/cutout.webp"} <= set(archive.namelist())


def test_everything_that_a_request_needs_is_ready(stack: LocalStack) -> None:
    def ask() -> httpx.Response | None:
        # The function may take fifteen seconds, and does while the library's first process starts.
        answer = httpx.get(f"{stack.front.url}/health/ready", timeout=20)
        return answer if answer.is_success else None

    # The first question to a new library has its index made; its answer is kept for a minute.
    assert wait_for(ask, seconds=120, pause=2).json()["status"] == "ready"


def test_what_answers_without_a_body_gets_through_the_gateway(with_face: Somebody) -> None:
    person = with_face()
    location = person.call("POST", "/v1/portraits", {}).headers["Location"]
    person.wait_for_portrait(location)
    for method, path in (("DELETE", location), ("DELETE", "/v1/selfies/current"), ("POST", "/v1/auth/logout")):
        answer = person.call(method, path)
        assert (answer.status_code, answer.content) == (204, b"")


def test_head_and_304_get_through_the_gateway(somebody: Somebody) -> None:
    person = somebody()
    tag = person.call("GET", "/v1/me").headers["ETag"]
    for path in ("/v1/me", "/v1/modes", "/v1/auth/providers", "/health"):
        answer = person.call("HEAD", path)
        assert (answer.status_code, answer.content) == (200, b"")
    answer = person.call("GET", "/v1/me", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    answer = person.call("PATCH", "/v1/me", {"tone": "tease"}, {"If-Match": '"another"'})
    assert answer.status_code == 412


def test_signing_out_everywhere_ends_a_stolen_access_token_and_lets_the_next_sign_in_work(somebody: Somebody) -> None:
    person = somebody()
    stolen = Person(person.api, person.email, token=person.token)
    assert person.call("POST", "/v1/auth/logout").status_code == 204
    person.sign_in()
    assert person.call("GET", "/v1/me").status_code == 200
    for method, path in (("GET", "/v1/me/export"), ("GET", "/v1/portraits"), ("DELETE", "/v1/me")):
        assert stolen.call(method, path).status_code == 401


def test_signing_out_here_leaves_other_devices_signed_in(stack: LocalStack, somebody: Somebody) -> None:
    person = somebody()
    password = {"grant_type": "password", "email": person.email, "password": person.password}
    here, there = (person.expect("POST", "/v1/auth/token", password)["refresh_token"] for _ in range(2))
    assert person.call("POST", "/v1/auth/revoke", {"refresh_token": here}).status_code == 204
    renewals = [
        httpx.post(f"{stack.front.url}/v1/auth/token", json={"grant_type": "refresh_token", "refresh_token": token})
        for token in (here, there)
    ]
    assert [answer.status_code for answer in renewals] == [401, 200]
