"""What a person does with the app, from signing up to leaving."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client
from stand_in.authenticator import code

Open = Callable[..., Any]
PASSWORD = "A long enough 1"
NAMES = iter(f"browser-{number}@example.com" for number in range(1, 100))


def test_from_signing_up_with_the_camera_to_a_shared_picture(visit: Open) -> None:
    window = visit(reduced_motion="no-preference")
    page, email = window.page, next(NAMES)
    window.heading("Sign in")
    window.button("Create an account").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    window.button("Send code").click()
    window.heading("Confirm your email")
    page.get_by_label("Code from the email").fill("000000")
    window.button("Confirm").click()
    assert "wrong or expired" in window.alert()
    window.failures.clear()
    page.get_by_label("Code from the email").fill("123456")
    window.button("Confirm").click()
    window.heading("Your photo")
    assert window.button("Use the camera").is_disabled(), "nothing before consent"
    page.get_by_role("switch").check()
    window.button("Use the camera").click()
    page.get_by_text("The light is good").wait_for()
    window.button("Take photo").click()
    window.heading("Your days")
    page.get_by_text("Sat", exact=True).click()
    window.button("Continue to your look").click()
    window.heading("Your look")
    page.locator(".preview").get_by_role("img", name="The line says").wait_for(timeout=60_000)
    page.reload()
    window.heading("Your look")
    page.get_by_text("Aurora").click()
    window.button("Show me in this look").click()
    page.locator(".preview").get_by_role("img", name="under northern lights").wait_for(timeout=60_000)
    window.button("Finish").click()
    window.heading("Today's picture")
    page.get_by_text("Your next picture arrives on").wait_for()
    page.get_by_role("group", name="Your pictures").get_by_role("img", name="under northern lights").wait_for()
    with page.expect_download() as downloading:
        window.button("Download").click()
    assert downloading.value.suggested_filename.startswith("motiv8-20")
    with Image.open(downloading.value.path()) as image:
        assert image.size == (1080, 1350)
    page.get_by_role("link", name="Pictures").click()
    for _ in range(2):
        page.locator(".calendar button").first.click()
        page.get_by_role("dialog").get_by_role("img").wait_for()
        window.button("Delete this picture").click()
        page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_text("No pictures this month.").wait_for()
    page.reload()
    window.heading("Pictures")
    assert window.failures == []


def test_settings_are_kept_as_they_are_changed(visit: Open, with_face: Callable[[], Person]) -> None:
    person = with_face()
    window = visit(person, "#/settings")
    page = window.page
    window.heading("Settings")
    changes: tuple[Callable[[], Any], ...] = (
        lambda: page.get_by_text("Sat", exact=True).click(),
        lambda: page.get_by_label("Delivery time").select_option("21"),
        lambda: page.get_by_label("Time zone").select_option("Asia/Tokyo"),
        lambda: page.get_by_label("Email me each picture").uncheck(),
        lambda: page.get_by_text("Forest").click(),
        lambda: page.get_by_text("Tease").click(),
        lambda: page.get_by_text("Square").click(),
    )
    for change in changes:
        with page.expect_response(lambda answer: answer.request.method == "PATCH"):
            change()
        page.get_by_text("Saved.").wait_for()
    me = person.expect("GET", "/v1/me")
    assert me["workout_days"] == ["mon", "tue", "wed", "thu", "fri", "sat"]
    assert (me["delivery_hour"], me["time_zone"], me["mail_enabled"]) == (21, "Asia/Tokyo", False)
    assert (me["mode"], me["tone"], me["format"]) == ("forest", "tease", "square")


def test_a_second_factor_is_set_up_and_asked_for(visit: Open, somebody: Callable[[], Person]) -> None:
    person = somebody()
    window = visit(person, "#/settings")
    page = window.page
    window.button("Set up an authenticator app").click()
    page.get_by_label("Your password").fill(person.password)
    window.button("Continue").click()
    page.get_by_alt_text("QR code").wait_for()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Six-digit code").fill(f"{(int(code(secret)) + 1) % 1_000_000:06}")
    window.button("Turn on").click()
    assert "enter the code that your app shows now" in window.alert()
    page.get_by_label("Six-digit code").fill(code(secret))
    window.button("Turn on").click()
    page.get_by_text("On. You enter a code").wait_for()
    window.button("Change email").click()
    page.get_by_label("Six-digit code from your app").wait_for()
    window.button("Sign out of all devices").click()
    window.heading("Sign in")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    window.button("Sign in").click()
    window.heading("Enter the code from your app")
    page.get_by_label("Six-digit code").fill(code(secret))
    window.button("Sign in").first.click()
    window.heading("Settings")
    window.button("Turn off").click()
    page.get_by_label("Your password").fill(person.password)
    page.get_by_label("Six-digit code").fill(code(secret))
    window.button("Turn off").click()
    window.button("Set up an authenticator app").wait_for()


def test_all_data_is_downloaded_as_one_archive(visit: Open, with_face: Callable[[], Person]) -> None:
    person = with_face()
    person.wait_for_portrait(person.call("POST", "/v1/portraits", {}).headers["Location"])
    window = visit(person, "#/settings")
    with window.page.expect_download() as downloading:
        window.button("Download all my data").click()
    with ZipFile(downloading.value.path()) as archive:
        names = archive.namelist()
        assert json.loads(archive.read("account.json"))["email"] == person.email
    assert {"photo.jpeg", "face/cutout.webp", "face/embedding.npy", "portraits.json"} <= set(names)
    assert sum(name.startswith("pictures/") for name in names) == 1


def test_consent_taken_back_takes_the_face_along(visit: Open, with_face: Callable[[], Person]) -> None:
    person = with_face()
    window = visit(person, "#/settings")
    window.button("Withdraw consent and delete my face data").click()
    window.page.get_by_text("Saved.").wait_for()
    assert person.call("GET", "/v1/selfies/current").status_code == 404
    window.page.get_by_role("link", name="Today").click()
    window.heading("Your photo")


def test_an_account_is_deleted_by_typing_so(visit: Open, with_face: Callable[[], Person]) -> None:
    person = with_face()
    window = visit(person, "#/settings")
    window.button("Delete my account").click()
    assert window.button("Delete everything").is_disabled()
    window.page.get_by_label("Type “delete” to confirm").fill("delete")
    window.button("Delete everything").click()
    window.heading("Sign in")
    assert person.call("GET", "/v1/me").status_code in {401, 409}  # 409 while it is being erased


def test_a_forgotten_password_is_set_anew(visit: Open, somebody: Callable[[], Person]) -> None:
    person = somebody()
    window = visit()
    page = window.page
    window.button("Forgot your password?").click()
    page.get_by_label("Email").fill(person.email)
    window.button("Send code").click()
    window.heading("Choose a new password")
    page.get_by_label("Code from the email").fill("654321")
    page.get_by_label("New password").fill("Another long 1")
    window.button("Set password").click()
    window.heading("Sign in")
    page.get_by_label("Password").fill("Another long 1")
    window.button("Sign in").first.click()
    window.heading("Your photo")


@pytest.mark.parametrize("form", ["png", "webp", "heic", "large"])
def test_any_photo_can_be_chosen_and_a_large_one_is_made_smaller(
    visit: Open, somebody: Callable[[], Person], stack: LocalStack, sample_as: Callable[[str], bytes], form: str
) -> None:
    person = somebody()
    window = visit(person)
    window.heading("Your photo")
    name = "photo.jpg" if form == "large" else f"photo.{form}"
    photo = {"name": name, "mimeType": "", "buffer": sample_as(form)}
    window.page.set_input_files("input[type=file]", photo)
    window.heading("Your days")
    s3, bucket = client("s3", stack.emulator), stack.outputs["UploadsBucketName"]
    me, selfie = person.expect("GET", "/v1/me"), person.expect("GET", "/v1/selfies/current")
    stored = s3.get_object(Bucket=bucket, Key=f"uploads/{me['user_id']}/{selfie['selfie_id']}")["Body"].read()
    if form == "heic":
        assert stored == sample_as("heic"), "what the browser cannot read goes up as it is"
        return
    with Image.open(io.BytesIO(stored)) as image:
        assert image.width * image.height <= 12_100_000


def test_a_first_password_is_chosen_by_the_link_in_the_invitation(visit: Open, known: Person) -> None:
    window = visit(at="#/set-password")
    window.heading("Choose a password")
    window.page.get_by_label("Email").fill(known.email)
    window.button("Send code").click()
    window.heading("Choose a new password")


def test_the_app_speaks_the_language_that_one_chooses_here_and_at_the_next_visit(
    visit: Open, somebody: Callable[[], Person]
) -> None:
    person = somebody()
    window = visit(person, "#/settings")
    page = window.page
    page.get_by_label("Date format").select_option("en-US")
    page.get_by_text("Saved.").wait_for()
    assert person.expect("GET", "/v1/me")["locale"] == "en-US"
    page.get_by_label("Language", exact=True).select_option("fr")
    page.get_by_text("Enregistré.").wait_for()
    assert person.expect("GET", "/v1/me")["locale"] == "fr"
    window.heading("Réglages")
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.reload()
    window.heading("Réglages")
    another = visit(person, "#/settings", locale="de-DE")
    another.heading("Réglages")


def test_own_words_are_kept_for_a_weekday(visit: Open, somebody: Callable[[], Person]) -> None:
    person = somebody()
    window = visit(person, "#/settings")
    field = window.page.get_by_role("textbox", name="Monday")
    field.fill("Monday is mine.")
    field.press("Tab")
    window.page.get_by_text("Saved.").wait_for()
    assert person.expect("GET", "/v1/me")["own_lines"] == {"mon": "Monday is mine."}


def test_signing_out_ends_this_device_alone(visit: Open, known: Person) -> None:
    here, there = visit(known, "#/settings"), visit(known, "#/settings")
    there.heading("Settings")
    here.button("Sign out").click()
    here.heading("Sign in")
    there.page.reload()
    there.heading("Settings")


def test_a_new_email_asks_for_the_password_and_a_code(
    stack: LocalStack, visit: Open, somebody: Callable[[], Person]
) -> None:
    person = somebody()
    window = visit(person, "#/settings")
    window.button("Change email").click()
    window.page.get_by_label("New email").fill("another@example.com")
    window.page.get_by_label("Your password").fill("a wrong password")
    window.button("Send code").click()
    assert "Password: wrong" in window.alert()
    window.page.get_by_label("Your password").fill(person.password)
    window.button("Send code").click()
    window.page.get_by_label("Code sent to another@example.com").wait_for()
    window.button("Cancel").click()
    window.button("Change email").click()
    window.page.get_by_label("New email").fill("another@example.com")
    window.page.get_by_label("Your password").fill(person.password)
    window.button("Send code").click()
    field = window.page.get_by_label("Code sent to another@example.com")
    field.fill("000-000")
    window.button("Change email").click()
    assert "wrong or expired" in window.alert()
    mails = [stack.mailbox.read(path.name) for path in stack.mailbox.files()]
    newest = next(mail for mail in mails if mail["To"] == "another@example.com").get_body(("plain",))
    assert newest is not None
    field.fill(newest.get_content().partition("Your code is ")[2][:6])
    window.button("Change email").click()
    window.page.get_by_text("You sign in with another@example.com.").wait_for()
