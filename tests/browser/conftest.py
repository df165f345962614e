"""The web app on the real local stack, in Debian's Chromium with a camera that shows a photo."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.browser import chromium
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.operations.web import WEB

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "samples" / "astronaut.jpg"
_AXE = WEB.parent / "node_modules" / "axe-core" / "axe.min.js"
# A rule has one impact, whatever it finds: without those of less impact a look takes two thirds of the time.
_FIND_SERIOUS = """() => {
    const isLess = ({ impact }) => impact === "minor" || impact === "moderate";
    const less = axe._audit.rules.filter(isLess).map(({ id }) => [id, { enabled: false }]);
    const running = axe.run(document, { resultTypes: ["violations"], rules: Object.fromEntries(less) });
    return running.then(({ violations }) => violations.filter((each) => !isLess(each)));
}"""
PHONE = {"width": 360, "height": 740}
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Browser]]:
    """Start a Chromium by its path, its camera a photo."""
    assert (WEB / "index.html").is_file(), "the web app is not built: run `make web`"
    camera = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    frame = io.BytesIO()
    Image.open(SAMPLE).convert("RGB").resize((1024, 1280)).crop((0, 0, 1024, 1024)).save(frame, "JPEG", quality=92)
    camera.write_bytes(frame.getvalue() * 10)
    flags = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    with sync_playwright() as playwright:
        yield lambda program: playwright.chromium.launch(executable_path=program, args=flags)


@pytest.fixture(scope="session")
def browser(launch: Callable[[str], Browser]) -> Iterator[Browser]:
    """Chromium, for all that happens within a page."""
    launched = launch(chromium())
    yield launched
    launched.close()


@pytest.fixture
def whole_browser(launch: Callable[[str], Browser]) -> Iterator[Browser]:
    """Chromium with all that surrounds the pages."""
    launched = launch(chromium(whole=True))
    yield launched
    launched.close()


@dataclass
class Visit:
    """A browser window on the app."""

    page: Page
    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    # What the page was kept from by its policy.
    blocked: list[str] = field(default_factory=list)
    # Requests that came to nothing, and whatever the console called an error.
    failures: list[str] = field(default_factory=list)

    def heading(self, name: str) -> None:
        """Wait until a page is there."""
        self.page.get_by_role("heading", name=name, level=1).wait_for(timeout=30_000)

    def button(self, name: str) -> Any:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=True)

    def serious_findings(self) -> list[str]:
        """What axe finds that keeps somebody from using the page; for a window that bypasses its policy."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        return [f"{each['id']}: {each['nodes'][0]['html']}" for each in self.page.evaluate(_FIND_SERIOUS)]

    def alert(self) -> str:
        """What the page says that went wrong."""
        alert = self.page.locator("[role=alert]:not(:empty)").first
        alert.wait_for(timeout=30_000)
        return alert.inner_text()


@pytest.fixture
def visit(stack: LocalStack, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open the app: signed out, or as a person; what the page throws or is kept from by its policy fails the test."""
    opened: list[Visit] = []

    def open_app(
        person: Person | None = None,
        at: str = "",
        stack: LocalStack = stack,
        browser: Browser = browser,
        **options: Any,
    ) -> Visit:
        # Without a graphics card, what moves while a page waits takes a fifth of a test.
        settings = {"viewport": PHONE, "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
        context = browser.new_context(**(settings | options))
        if person:
            grant = {"grant_type": "password", "email": person.email, "password": person.password}
            refresh = person.expect("POST", "/v1/auth/token", grant)["refresh_token"]
            kept = json.dumps(json.dumps({"refresh": refresh, "email": person.email}))
            # Once: a reload must not sign anybody in again.
            context.add_init_script(
                "if (!sessionStorage.been) { sessionStorage.been = '1';"
                f" localStorage.setItem('motiv8.session', {kept}); }}"
            )
        page = context.new_page()
        window = Visit(page, context)
        page.on("pageerror", lambda error: window.errors.append(str(error)))
        page.on("console", lambda said: window.blocked.extend([said.text] * ("Content Security Policy" in said.text)))
        page.on("response", lambda answer: window.failures.extend([answer.url] * (answer.status >= 400)))
        page.on("console", lambda said: window.failures.extend([said.text] * (said.type == "error")))
        page.goto(f"{stack.front.url}/{at}")
        opened.append(window)
        return window

    yield open_app
    for window in opened:
        window.context.close()
        assert (window.errors, window.blocked) == ([], [])


@pytest.fixture
def somebody(stack: LocalStack) -> Callable[[], Person]:
    """Somebody new with consent given."""
    return lambda: _with_consent(stack)


@pytest.fixture
def with_face(stack: LocalStack) -> Callable[[], Person]:
    """Somebody new whose selfie is ready."""
    return lambda: _with_face(stack)


@pytest.fixture(scope="session")
def known(stack: LocalStack) -> Person:
    """Somebody whose selfie is ready, for all tests that change nothing about them."""
    return _with_face(stack)


def _with_consent(stack: LocalStack) -> Person:
    person = Person(stack.front.url, f"web-{next(_NUMBERS)}@example.com")
    person.register("Europe/Berlin")
    person.sign_in()
    person.agree()
    return person


def _with_face(stack: LocalStack) -> Person:
    person = _with_consent(stack)
    assert person.upload(SAMPLE.read_bytes(), "image/jpeg").status_code == 204
    person.wait_for_selfie()
    return person


@pytest.fixture(scope="session")
def sample_as() -> Callable[[str], bytes]:
    """The sample photo in another form: `png`, `webp`, `heic`, or `large`, a JPEG of 20 megapixels."""

    @cache
    def encode(form: str) -> bytes:
        with Image.open(SAMPLE) as sample:
            image = sample.convert("RGB")
        if form == "large":
            image = image.resize((4000, 5000))
        buffer = io.BytesIO()
        if form == "heic":
            pillow_heif.from_pillow(image).save(buffer, quality=80)
        else:
            image.save(buffer, "JPEG" if form == "large" else form.upper())
        return buffer.getvalue()

    return encode
