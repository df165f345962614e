"""The Coach page: a question about the library is answered as one watches, with a source to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from stand_in.library_importer import bring_in, importer_on

Open = Callable[..., Any]
SIZES = ({"width": 360, "height": 740}, {"width": 1280, "height": 800})
PLAN = b"""# Your first weeks of running

## How fast to run

Run so slowly that you can speak in whole sentences. If you can only bring out single words, you are too fast.
"""
QUESTION = "How fast should I run as a beginner?"


@pytest.fixture(scope="module")
def library(stack: LocalStack) -> None:
    """A document about running that everybody may read."""
    importer = importer_on(stack, "coach-page-importer@example.com")
    # Two, since there is nothing to choose from otherwise.
    for namespace in ("coach-page", "coach-page-too"):
        importer.expect("PUT", f"/v1/namespaces/{namespace}", {"access": "everybody", "title": "Running"})
        described: dict[str, Any] = {
            "file_name": "run.md",
            "content_type": "text/markdown",
            "namespace": namespace,
            "title": "Your first weeks of running",
            "url": "https://plan.example/run",
        }
        path = f"/v1/documents/{bring_in(importer, PLAN, **described)['document_id']}"
        wait_for(partial(_is_ready, importer, path), seconds=90, pause=0.2)


def _is_ready(importer: Person, path: str) -> bool:
    return bool(importer.expect("GET", path)["status"] == "ready")


def _ask(window: Any, question: str) -> None:
    window.page.get_by_role("textbox", name="Your question").fill(question)
    window.page.keyboard.press("Enter")


@pytest.mark.usefixtures("library")
def test_a_question_is_answered_over_the_socket_with_its_source_and_the_conversation_deleted(
    visit: Open, somebody: Callable[[], Person]
) -> None:
    person = somebody()
    window = visit(person, at="#/coach")
    page = window.page
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    # A slow machine opens the socket late, when a look at the message would have told already.
    page.route("**/messages/*", lambda route: route.abort() if route.request.method == "GET" else route.continue_())
    # Other tests bring in documents that answer it, too.
    page.get_by_label("Answers from").select_option("coach-page")
    page.get_by_role("button", name=QUESTION).click()
    answer = page.get_by_role("article", name="Answer from the coach")
    answer.get_by_text("speak in whole sentences").wait_for(timeout=60_000)
    window.button("Good answer").wait_for(timeout=30_000)
    assert any('"delta"' in frame for frame in frames)
    source = answer.get_by_role("link", name=re.compile("Your first weeks of running"))
    assert source.get_attribute("href") == "https://plan.example/run"
    answer.get_by_role("button", name=re.compile("^Source 1")).click()
    assert "speak in whole sentences" in page.get_by_role("dialog").locator("blockquote").inner_text()
    page.keyboard.press("Escape")
    window.button("Good answer").click()
    page.get_by_text("Thank you for telling us.").wait_for()

    page.reload()
    window.heading(QUESTION)
    answer.get_by_text("speak in whole sentences").wait_for()
    window.button("Delete this conversation").click()
    window.button("Delete").click()
    page.get_by_role("heading", name="What would you like to know?").wait_for()
    assert person.expect("GET", "/v1/conversations")["conversations"] == []


@pytest.mark.usefixtures("library")
def test_without_a_socket_the_answer_comes_all_the_same_and_axe_finds_nothing_serious(
    visit: Open, somebody: Callable[[], Person]
) -> None:
    window = visit(somebody(), at="#/coach", bypass_csp=True, color_scheme="dark")
    window.page.route("**/socket", lambda route: route.abort())
    window.page.get_by_role("heading", name="What would you like to know?").wait_for()
    window.page.wait_for_load_state("networkidle")
    assert window.serious_findings() == []
    _ask(window, QUESTION)
    window.button("Good answer").wait_for(timeout=60_000)
    for size in SIZES:
        window.page.set_viewport_size(size)
        assert window.serious_findings() == []
        assert window.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_answer_is_stopped_and_written_again_and_nothing_in_it_is_markup(
    visit: Open, somebody: Callable[[], Person]
) -> None:
    window = visit(somebody(), at="#/coach")
    page = window.page
    page.route("**/socket", lambda route: route.abort())
    shown = {"status": "streaming", "text": "Rest <img src=x onerror=alert(1)> [9]"}

    def message(route: Any) -> None:
        path, method = route.request.url, route.request.method
        if path.endswith("/stop"):
            shown["status"] = "stopped"
            route.fulfill(status=202, json={})
        elif method == "POST":
            shown["status"] = "ready" if path.endswith("/retry") else "streaming"
            asked = {"message_id": "answer", "question_id": "question", "status": "streaming"}
            route.fulfill(status=202, json=asked)
        else:
            more: dict[str, Any] = {
                "citations": [],
                "tool": None,
                "confirmation": None,
                "reason": None,
                "message": None,
            }
            route.fulfill(json={"message_id": "answer", "role": "assistant", "feedback": None, **more, **shown})

    page.route(re.compile("/v1/conversations/[^/]+/messages"), message)
    _ask(window, "What about a day off? 💪")
    page.get_by_text(shown["text"]).wait_for()
    window.button("Stop").click()
    page.get_by_text("You stopped this answer.").wait_for()
    window.button("Try again").click()
    window.button("Good answer").wait_for()
    assert page.locator(".answer img").count() == 0


def test_over_the_budget_the_page_says_when_it_goes_on_and_keeps_the_question(
    visit: Open, somebody: Callable[[], Person]
) -> None:
    window = visit(somebody(), at="#/coach")
    said = json.dumps({"type": "urn:x", "title": "Used up", "status": 429, "detail": "That is all for today."})
    window.page.route(
        re.compile("/v1/conversations/[^/]+/messages"),
        lambda route: route.fulfill(
            status=429, content_type="application/problem+json", body=said, headers={"Retry-After": "7200"}
        ),
    )
    _ask(window, QUESTION)
    assert re.fullmatch(r"That is all for today\. You can try again (tomorrow )?at .+\.", window.alert())
    assert window.page.get_by_role("textbox", name="Your question").input_value() == QUESTION
