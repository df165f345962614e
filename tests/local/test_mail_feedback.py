"""An event of SES's is one that the rule takes, and the courier acts on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client

RULE = "motiv8-mail-feedback-local"
SOURCE = "test.ses"
"""In place of `aws.ses`: nobody but AWS may put events of AWS's onto a bus."""


@pytest.fixture(scope="module")
def configuration_set(stack: LocalStack) -> str:
    [name] = client("sesv2", stack.emulator).list_configuration_sets()["ConfigurationSets"]
    return str(name)


@pytest.fixture(scope="module")
def pattern(stack: LocalStack) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client("events", stack.emulator).describe_rule(Name=RULE)["EventPattern"])
    return found


@pytest.fixture
def heard(stack: LocalStack, pattern: dict[str, Any]) -> Iterator[None]:
    """For as long as the test runs the rule hears events of SOURCE."""
    events = client("events", stack.emulator)
    events.put_rule(Name=RULE, EventPattern=json.dumps(pattern | {"source": [SOURCE]}))
    yield
    events.put_rule(Name=RULE, EventPattern=json.dumps(pattern))


def _detail(kind: str, tags: dict[str, list[str]], bounce_type: str = "") -> dict[str, Any]:
    """As SES publishes it (SES Developer Guide, Contents of event data)."""
    detail = {"eventType": kind, "mail": {"destination": ["you@example.com"], "tags": tags}}
    return detail | ({"bounce": {"bounceType": bounce_type}} if bounce_type else {"complaint": {}})


@pytest.mark.parametrize(
    ("kind", "bounce_type", "tags", "taken"),
    [
        ("Complaint", "", {"user_id": ["somebody"]}, True),
        ("Bounce", "Permanent", {"user_id": ["somebody"]}, True),
        ("Bounce", "Transient", {"user_id": ["somebody"]}, False),
        ("Bounce", "Undetermined", {"user_id": ["somebody"]}, False),
        ("Complaint", "", {}, False),
        ("Complaint", "", {"user_id": ["somebody"], "ses:configuration-set": ["somebody-elses"]}, False),
    ],
)
def test_the_rule_takes_what_ends_a_persons_mails(
    stack: LocalStack, configuration_set: str, kind: str, bounce_type: str, tags: dict[str, list[str]], taken: bool
) -> None:
    events = client("events", stack.emulator)
    event: dict[str, Any] = {
        "id": "feedback-1",
        "source": "aws.ses",
        "detail-type": "Email Bounced" if kind == "Bounce" else "Email Complaint Received",
        "account": "000000000000",
        "time": "2026-11-20T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": _detail(kind, {"ses:configuration-set": [configuration_set]} | tags, bounce_type),
    }
    pattern = events.describe_rule(Name=RULE)["EventPattern"]
    assert events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"] is taken


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("kind", "bounce_type", "reason"), [("Complaint", "", "complained"), ("Bounce", "Permanent", "bounced")]
)
def test_what_the_rule_passes_on_switches_mail_off(
    stack: LocalStack, somebody: Callable[..., Person], configuration_set: str, kind: str, bounce_type: str, reason: str
) -> None:
    person = somebody()
    tags = {"ses:configuration-set": [configuration_set], "user_id": [person.expect("GET", "/v1/me")["user_id"]]}
    entry = {
        "Source": SOURCE,
        "DetailType": "Email Bounced" if bounce_type else "Email Complaint Received",
        "Detail": json.dumps(_detail(kind, tags, bounce_type)),
    }
    assert client("events", stack.emulator).put_events(Entries=[entry])["FailedEntryCount"] == 0
    me = person.wait_until("/v1/me", lambda found: not found["mail_enabled"])
    assert me["mail_off_reason"] == reason
