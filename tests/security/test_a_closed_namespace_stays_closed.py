"""A namespace that is closed to somebody is not there for them, and nobody lets themselves in."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client
from motiv8_tooling.operations.package import load_template
from stand_in.library_importer import bring_in, importer_on

SECRET = b"The spring plan: four weeks of hill repeats, then a week of rest before the race."


@pytest.fixture(scope="module")
def importer(stack: LocalStack) -> Person:
    """Somebody in the group importers."""
    return importer_on(stack, "importer-of-plans@example.com")


@pytest.fixture(scope="module")
def secret(importer: Person) -> dict[str, Any]:
    """A document that is ready, in a namespace of a group."""
    importer.expect("PUT", "/v1/namespaces/plans", {"access": "group"})
    document = bring_in(importer, SECRET, namespace="plans", file_name="spring.txt", tags=["hills"])
    assert document["upload"]
    path = f"/v1/documents/{document['document_id']}"
    wait_for(lambda: importer.expect("GET", path)["status"] == "ready", seconds=90, pause=0.2)
    return document


def _search(person: Person, **query: str) -> Any:
    return person.call("GET", f"/v1/search?{urlencode({'q': 'hill repeats'} | query)}")


def test_nothing_of_it_leaks_to_whoever_is_not_in_its_group(
    importer: Person, secret: dict[str, Any], somebody: Callable[..., Person]
) -> None:
    assert _search(importer).json()["passages"]
    outsider = somebody()
    assert all(each["document"]["namespace"] != "plans" for each in _search(outsider).json()["passages"])
    assert all(each["document"]["namespace"] != "plans" for each in _search(outsider, tag="hills").json()["passages"])
    assert _search(outsider, namespace="plans").status_code == 404
    assert "plans" not in outsider.call("GET", "/v1/namespaces").text
    assert secret["document_id"] not in outsider.call("GET", "/v1/documents").text
    assert outsider.call("GET", f"/v1/documents/{secret['document_id']}").status_code == 404
    # A cursor of the importer's leads an outsider nowhere.
    position = f"plans 2100-01-01T00:00:00Z#{secret['document_id']}"
    cursor = base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")
    assert secret["document_id"] not in outsider.call("GET", f"/v1/documents?cursor={cursor}").text
    for query in ("x' OR namespace = 'plans", 'plans") OR ("1"="1', "namespace:plans", "* OR *"):
        assert all(each["document"]["namespace"] != "plans" for each in _search(outsider, q=query).json()["passages"])


def test_a_member_of_the_group_reads_it_from_the_next_token_on(
    stack: LocalStack, secret: dict[str, Any], somebody: Callable[..., Person]
) -> None:
    member, pool = somebody(), stack.outputs["UserPoolId"]
    cognito = client("cognito-idp", stack.emulator)
    cognito.create_group(UserPoolId=pool, GroupName="library-plans")
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=member.email, GroupName="library-plans")
    assert _search(member, namespace="plans").status_code == 404
    member.sign_in()
    [found] = _search(member, namespace="plans").json()["passages"]
    assert found["document"]["document_id"] == secret["document_id"]
    assert member.call("DELETE", f"/v1/documents/{secret['document_id']}").status_code == 403


def test_no_role_of_ours_changes_groups() -> None:
    template = str(load_template())
    for action in ("AdminAddUserToGroup", "AdminRemoveUserFromGroup", "CreateGroup", "UpdateGroup", "cognito-idp:*"):
        assert action not in template
