"""The coach on the embedded AWS: asked, followed, and answering from the sample library with its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motiv8.catalogue.document_formats import of_file
from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from stand_in.library_importer import bring_in, importer_on

SAMPLES = Path(__file__).parents[2] / "samples" / "library"


@pytest.fixture(scope="module")
def asker(stack: LocalStack) -> Person:
    """Somebody with the sample library before them, in a namespace of this file's own."""
    importer = importer_on(stack, "coach-importer@example.com")
    for each in json.loads((SAMPLES / "metadata.json").read_text(encoding="utf-8")):
        name = each["file"]
        kind = of_file(name)
        assert kind is not None
        document = bring_in(
            importer,
            (SAMPLES / name).read_bytes(),
            namespace="coach",
            file_name=name,
            content_type=kind.media_type,
            title=each["title"],
        )
        path = f"/v1/documents/{document['document_id']}"
        importer.wait_until(path, lambda found: found["status"] in {"ready", "failed"})
    person = Person(stack.front.url, "coach-asker@example.com")
    person.register("UTC")
    person.sign_in()
    return person


def _answer(asker: Person, text: str) -> dict[str, Any]:
    conversation = asker.expect("POST", "/v1/conversations", {"namespace": "coach"})["conversation_id"]
    asked = asker.expect("POST", f"/v1/conversations/{conversation}/messages", {"text": text})
    path = f"/v1/conversations/{conversation}/messages/{asked['message_id']}"

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = asker.expect("GET", path)
        return found if found["status"] != "streaming" else None

    return wait_for(ended, seconds=90, pause=0.2)


def test_an_answer_quotes_the_library_with_its_source(asker: Person) -> None:
    answer = _answer(asker, "How much sleep do adults need?")
    assert (answer["status"], answer["reason"]) == ("ready", None)
    assert "Most adults need seven to nine hours of sleep a night." in answer["text"]
    assert answer["text"].endswith("[1]")
    [citation] = [each for each in answer["citations"] if each["number"] == 1]
    assert (citation["title"], citation["heading"]) == ("Recovery and sleep", "Recovery and sleep > How much sleep")
    assert citation["quote"] == "Most adults need seven to nine hours of sleep a night."


def test_what_the_library_does_not_answer_is_said_without_a_source(asker: Person) -> None:
    answer = _answer(asker, "What is the capital of Australia?")
    assert (answer["text"], answer["citations"]) == ("The library says nothing about this.", [])
