"""Another app shares a photo with this one, as the manifest's share target has the phone do it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from motiv8_tooling.client.person import Person
from stand_in.photos import SAMPLE

SHARE = """([photo, target]) => {
    const bytes = Uint8Array.from(atob(photo), each => each.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "me.jpg", { type: "image/jpeg" }));
    const field = Object.assign(document.createElement("input"), { type: "file", name: target.params.files[0].name });
    field.files = files.files;
    const form = Object.assign(document.createElement("form"), target);
    form.append(field);
    document.body.append(form);
    form.submit();
}"""


def test_a_shared_photo_is_used_and_kept_no_longer_than_it_takes(
    visit: Callable[..., Any], somebody: Callable[[], Person]
) -> None:
    window = visit(somebody())
    page = window.page
    window.heading("Your photo")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    window.heading("Your photo")
    target = page.evaluate("fetch('/manifest.webmanifest').then(answer => answer.json())")["share_target"]
    page.evaluate(SHARE, [base64.b64encode(SAMPLE.read_bytes()).decode(), target])
    page.get_by_text("You shared a photo with motiv8.").wait_for()
    window.button("Use this photo").click()
    window.heading("Your days")
    assert page.evaluate("caches.open('shared-photo').then(it => it.keys()).then(all => all.length)") == 0
