"""Bringing documents into the library of a stack, as an importer's client does."""

from __future__ import annotations

import hashlib
from typing import Any

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client


def importer_on(stack: LocalStack, email: str) -> Person:
    """Somebody in the group importers, signed in."""
    person = Person(stack.front.url, email)
    person.register("UTC")
    client("cognito-idp", stack.emulator).admin_add_user_to_group(
        UserPoolId=stack.outputs["UserPoolId"], Username=person.email, GroupName="importers"
    )
    person.sign_in()
    return person


def announcement(data: bytes, **described: Any) -> dict[str, Any]:
    """The body of `POST /v1/documents` for a file: a text in the namespace general, unless described otherwise."""
    return {
        "namespace": "general",
        "file_name": "text.txt",
        "content_type": "text/plain",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    } | described


def bring_in(importer: Person, data: bytes, uploaded: bytes | None = None, **described: Any) -> dict[str, Any]:
    """Announce a file and upload it, or other bytes in its place; returns the document as it was announced."""
    document: dict[str, Any] = importer.expect("POST", "/v1/documents", announcement(data, **described))
    if upload := document["upload"]:
        file = {"file": data if uploaded is None else uploaded}
        answer = importer.http.post(upload["url"], data=upload["fields"], files=file)
        assert answer.status_code == 204, answer.text
    return document
