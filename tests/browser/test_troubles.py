"""What the app does when something goes wrong: photos that will not do, sessions that end, a network that goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from motiv8.catalogue.rejections import SENTENCES
from motiv8_tooling.client.person import Person
from stand_in.photos import SAMPLE, jpeg, no_face, two_people

Open = Callable[..., Any]


def _changed(change: Callable[[Image.Image], Image.Image]) -> bytes:
    with Image.open(SAMPLE) as sample:
        return jpeg(change(sample.convert("RGB")))


REJECTED: dict[str, Callable[[], bytes]] = {
    "no_face": no_face,
    "several_faces": two_people,
    "face_too_small": lambda: _changed(lambda image: image.resize((240, 240))),
    "too_dark": lambda: _changed(lambda image: image.point(lambda level: level // 6)),
    "blurred": lambda: _changed(lambda image: image.filter(ImageFilter.GaussianBlur(4))),
    "unreadable": lambda: b"text, renamed .jpg, and long enough to be taken for a photo" * 40,
}


def test_a_photo_that_will_not_do_says_why_and_the_next_one_is_taken(
    visit: Open, somebody: Callable[[], Person]
) -> None:
    window = visit(somebody())
    window.heading("Your photo")
    for reason, photo in REJECTED.items():
        bad = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        window.page.set_input_files("input[type=file]", bad)
        window.page.get_by_role("alert").filter(has_text=SENTENCES[reason]).wait_for(timeout=30_000)
    window.page.set_input_files("input[type=file]", SAMPLE)
    window.heading("Your days")


def test_a_file_that_is_no_photo_is_not_even_sent(visit: Open, somebody: Callable[[], Person]) -> None:
    window = visit(somebody())
    window.heading("Your photo")
    window.page.set_input_files(
        "input[type=file]", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no photo"}
    )
    assert "Choose a JPEG, PNG, WebP or HEIC photo" in window.alert()


def test_a_camera_that_may_not_be_used_says_what_else_to_do(visit: Open, somebody: Callable[[], Person]) -> None:
    window = visit(somebody())
    window.heading("Your photo")
    window.page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')) }")
    window.button("Use the camera").click()
    assert "choose a photo instead" in window.alert()
    window.button("Choose a photo instead").click()
    window.button("Use the camera").wait_for()


def test_an_access_token_that_ended_is_renewed_unseen(visit: Open, known: Person) -> None:
    window = visit(known)
    window.heading("Today's picture")
    answers: list[int] = []

    def once(route: Any) -> None:
        if answers:
            route.continue_()
        else:
            answers.append(401)
            route.fulfill(status=401, content_type="application/problem+json", body="{}")

    window.page.route("**/v1/portraits?*", once)
    window.page.get_by_role("link", name="Pictures").click()
    window.page.get_by_text("No pictures this month.").wait_for()
    assert answers == [401]


def test_a_session_that_was_ended_leads_to_signing_in_with_the_email_kept(
    visit: Open, somebody: Callable[[], Person]
) -> None:
    person = somebody()
    window = visit(person)
    window.heading("Your photo")
    person.expect("POST", "/v1/auth/logout")
    window.page.reload()
    window.heading("Sign in")
    window.page.get_by_label("Password").fill(person.password)


def test_a_lost_network_loses_nothing_that_was_typed(visit: Open) -> None:
    window = visit()
    page = window.page
    page.get_by_label("Email").fill("nobody@example.com")
    page.get_by_label("Password").fill("A long enough 1")
    window.context.set_offline(True)
    page.get_by_text("You are offline").wait_for()
    window.button("Sign in").click()
    assert "There is no connection" in window.alert()
    assert page.get_by_label("Email").input_value() == "nobody@example.com"
    assert page.get_by_label("Password").input_value() == "A long enough 1"
    window.context.set_offline(False)
    page.get_by_text("You are offline").wait_for(state="detached")
    window.button("Sign in").click()
    page.get_by_text("email or password is wrong").wait_for()


def test_the_shell_opens_without_a_network(visit: Open) -> None:
    window = visit()
    page = window.page
    window.heading("Sign in")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    window.heading("Sign in")
    window.context.set_offline(True)
    page.reload()
    window.heading("Sign in")
    page.get_by_text("You are offline").wait_for()


def test_a_double_click_asks_for_one_picture(visit: Open, with_face: Callable[[], Person]) -> None:
    person = with_face()
    window = visit(person)
    window.button("Make one now").click()
    window.button("Make a picture").dblclick()
    window.page.get_by_role("group", name="Your pictures").get_by_role("img", name="The line says").wait_for(
        timeout=60_000
    )
    assert len(person.expect("GET", "/v1/portraits")["portraits"]) == 1


def test_over_the_quota_the_page_says_when_there_is_more(visit: Open, known: Person) -> None:
    window = visit(known)
    said = {"status": 429, "detail": "The next one is free at midnight."}
    window.page.route(
        "**/v1/portraits",
        lambda route: route.fulfill(status=429, content_type="application/problem+json", json=said),
    )
    window.button("Make one now").click()
    window.button("Make a picture").click()
    assert window.alert() == "The next one is free at midnight."


def test_signing_out_in_one_tab_signs_out_the_other(visit: Open, somebody: Callable[[], Person]) -> None:
    window = visit(somebody())
    window.heading("Your photo")
    other = window.context.new_page()
    other.goto(window.page.url.split("#")[0] + "#/settings")
    other.get_by_role("button", name="Sign out of all devices").click()
    other.get_by_role("heading", name="Sign in").wait_for()
    window.heading("Sign in")


def test_signing_out_on_all_devices_says_when_it_failed(visit: Open, somebody: Callable[[], Person]) -> None:
    person = somebody()
    window = visit(person, at="#/settings")
    window.page.route("**/v1/auth/logout", lambda route: route.abort())
    window.button("Sign out of all devices").click()
    assert window.alert().startswith("You are still signed in on all devices. There is no connection")
    person.expect("GET", "/v1/me")
    window.page.unroute("**/v1/auth/logout")
    window.button("Sign out of all devices").click()
    window.heading("Sign in")
    assert person.call("GET", "/v1/me").status_code == 401


@pytest.mark.parametrize("email", ["nobody", f"{'x' * 290}@example.com", "<script>alert(1)</script>@example.com"])
def test_an_email_that_is_none_is_refused_in_words_and_never_run(visit: Open, email: str) -> None:
    window = visit()
    page = window.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    window.button("Create an account").click()
    # Past what the browser itself checks.
    page.evaluate("document.querySelector('form').noValidate = true")
    field = page.get_by_label("Email")
    field.evaluate("field => field.removeAttribute('maxlength')")
    field.fill(email)
    page.get_by_label("Password").fill("A long enough 1")
    window.button("Send code").click()
    assert window.alert().startswith("Email: ")
    assert dialogs == []


def test_a_weak_password_is_refused_in_words(visit: Open) -> None:
    window = visit()
    page = window.page
    window.button("Create an account").click()
    page.evaluate("document.querySelector('form').noValidate = true")
    page.get_by_label("Email").fill("weak@example.com")
    page.get_by_label("Password").fill("short")
    window.button("Send code").click()
    assert window.alert().startswith("Password: ")


def test_a_glaring_and_a_dark_camera_are_told_apart(visit: Open, somebody: Callable[[], Person]) -> None:
    window = visit(somebody())
    window.button("Use the camera").click()
    window.page.get_by_text("The light is good").wait_for()
    for level, says in ((10, "It is too dark"), (250, "It is too bright")):
        # What the hint is worked out from, with a canvas of one grey in the camera's place.
        frame = np.full((64, 64), level, np.uint8)
        window.page.evaluate(
            """grey => {
                CanvasRenderingContext2D.prototype.drawImage = function () {
                    this.fillStyle = `rgb(${grey} ${grey} ${grey})`;
                    this.fillRect(0, 0, 99, 99);
                };
            }""",
            int(frame.mean()),
        )
        window.page.get_by_text(says).wait_for()
