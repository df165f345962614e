"""What AWS says, as a line that helps."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    UnauthorizedSSOTokenError,
)

from motiv8_tooling.operations.errors import OperationError, explained


def _refused(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (_refused("ExpiredToken"), "session has expired: sign in again"),
        (_refused("ExpiredTokenException"), "session has expired: sign in again"),
        (UnauthorizedSSOTokenError(), "session has expired: sign in again"),
        (NoCredentialsError(), "no AWS credentials: sign in first"),
        (NoRegionError(), "AWS_REGION"),
        (_refused("InvalidClientTokenId"), "does not know these credentials"),
        (EndpointConnectionError(endpoint_url="https://x"), "cannot be reached"),
        (_refused("AccessDenied", "not authorized\nto do so"), "DescribeStacks: not authorized to do so"),
        (
            _refused(
                "AccessDenied",
                "User: arn:aws:sts::111122223333:assumed-role/ops/me is not authorized to perform: "
                "cloudformation:DescribeStacks on resource: arn:aws:cloudformation:eu-central-1:111122223333:stack/x/* "
                "because no identity-based policy allows the cloudformation:DescribeStacks action",
            ),
            "ops may not cloudformation:DescribeStacks on arn:aws:cloudformation:eu-central-1:111122223333:stack/x/*",
        ),
        (
            _refused("AccessDenied", "User: arn:aws:iam::1:user/me is not authorized to perform: s3:ListBucket"),
            "arn:aws:iam::1:user/me may not s3:ListBucket: add that to the role",
        ),
    ],
)
def test_it_says_what_to_do(error: BotoCoreError | ClientError, said: str) -> None:
    with pytest.raises(OperationError) as raised, explained():
        raise error
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_answer_that_repeats_the_request_is_cut() -> None:
    with pytest.raises(OperationError) as raised, explained():
        raise _refused("ValidationError", "x" * 100_000)
    assert len(str(raised.value)) < 400
