"""Every operation does what docs/openapi.json says, whatever it is sent: generated requests, the same in each run.

`make fuzz-api` sends more of them (CASES).
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from motiv8.aws import clients, hosted_sign_in
from motiv8.entrypoints import api
from motiv8.errors import SignInEnded
from motiv8.settings import settings as ours
from stand_in import api_document
from stand_in.gateway import Gateway

Make = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("machines")
CASES = int(os.environ.get("MOTIV8_FUZZ_CASES", "10"))
SCHEMA = schemathesis.openapi.from_dict(api_document.SAID | {"servers": [{"url": "/"}]})
OPERATIONS = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations() if isinstance(each, Ok)}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
# What is found and stays: a part of what Schemathesis says, and why it is right or not ours.
EXPLAINED = {
    "query: violates `additionalProperties`": "unknown query parameters are ignored: links get some on their way",
    "header: violates `required` (was Authorization)": "the test sends its own token with every request",
}
KNOWN = {"portrait_id": "2026-11-20-daily", "image": "1795176000.jpg", "export_id": "2026-11-20T12"}


class _Context:
    aws_request_id = "00000000-0000-4000-8000-000000000000"
    function_name = "test"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 10_000


@pytest.fixture(autouse=True)
def everything_is_there(monkeypatch: pytest.MonkeyPatch, make_user: Make, make_portrait: Make) -> None:
    """user-1 has a face and a picture; nobody is limited and nothing waits."""
    monkeypatch.setenv("MOTIV8_REQUEST_LIMIT", "1000000")
    ours.cache_clear()
    monkeypatch.setattr(hosted_sign_in, "exchange", _nobody_signed_in)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    clients.s3().create_bucket(Bucket=ours().library_bucket)
    make_user()
    make_portrait("2026-11-20-daily")
    SCHEMA.app = Gateway(api.handler, _Context())


def _nobody_signed_in(*_: str) -> None:
    raise SignInEnded


@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_does_what_is_documented_whatever_it_is_sent(label: str, sign: Callable[..., str]) -> None:
    operation = OPERATIONS[label]
    headers = {"Authorization": f"Bearer {sign(sub='user-1', **{'cognito:groups': ['importers', 'operators']})}"}
    numbers = count()
    modes = list(GenerationMode) if _can_be_wrong(operation) else [GenerationMode.POSITIVE]
    cases = st.one_of([operation.as_strategy(mode) for mode in modes])

    @given(case=cases)
    @settings(
        phases=[Phase.generate],
        max_examples=CASES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case[Any]) -> None:
        if next(numbers) % 2:
            for name in case.path_parameters.keys() & KNOWN.keys():
                case.path_parameters[name] = KNOWN[name]
        response = case.call(app=SCHEMA.app, headers=headers)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as found:
            if not all(_is_explained(each) for each in found.exceptions):
                raise

    send()


def _is_explained(failure: BaseException) -> bool:
    """Whether everything that is said to be wrong with what was sent stands in the list."""
    wrong = re.findall(r"^ *- (\w+: .+)$", str(failure), re.MULTILINE)
    return isinstance(failure, AcceptedNegativeData) and bool(wrong) and set(wrong) <= EXPLAINED.keys()


def _can_be_wrong(operation: Any) -> bool:
    return bool(operation.body or operation.query or operation.headers)
