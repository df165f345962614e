"""An event of SES's is one that the rule takes, and the courier acts on it."""

from __future__ import annotations

import json
from collections.abc import Callable

from motiv8.local.deploy import client
from motiv8.local.person import Person
from motiv8.local.stack import Stack


def test_a_complaint_switches_mail_off(stack: Stack, somebody: Callable[..., Person]) -> None:
    # Nobody but AWS may put events of `aws.ses` onto a bus, so that the rule and what it calls are asked one by one.
    person = somebody()
    [name] = client("sesv2", stack.emulator).list_configuration_sets()["ConfigurationSets"]
    tags = {"ses:configuration-set": [name], "user_id": [person.expect("GET", "/v1/me")["user_id"]]}
    detail = {"eventType": "Complaint", "mail": {"tags": tags}, "complaint": {}}
    event = {
        "id": "feedback-1",
        "source": "aws.ses",
        "detail-type": "Email Complaint Received",
        "account": "000000000000",
        "time": "2026-11-20T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
    events = client("events", stack.emulator)
    pattern = events.describe_rule(Name="motiv8-mail-feedback-local")["EventPattern"]
    assert events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]
    other = event | {"detail": detail | {"mail": {"tags": tags | {"ses:configuration-set": ["somebody-elses"]}}}}
    assert not events.test_event_pattern(EventPattern=pattern, Event=json.dumps(other))["Result"]
    [target] = events.list_targets_by_rule(Rule="motiv8-mail-feedback-local")["Targets"]
    template = target["InputTransformer"]["InputTemplate"]
    given = template.replace("<detail>", json.dumps(detail)).replace("<id>", json.dumps(event["id"]))
    function = target["Arn"].partition(":function:")[2].partition(":")[0]
    said = client("lambda", stack.emulator).invoke(FunctionName=function, Payload=given.encode())
    assert json.loads(said["Payload"].read()) == {"outcome": "off"}
    me = person.expect("GET", "/v1/me")
    assert (me["mail_enabled"], me["mail_off_reason"]) == (False, "complained")
