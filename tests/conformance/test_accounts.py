"""What the account code takes for granted of Cognito and Step Functions, checked against AWS's service descriptions."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from uuid import uuid4

from botocore.model import ServiceModel, StringShape
from botocore.session import get_session

from conformance.aws_data import schema
from motiv8.accounts.challenge import Challenge, sign
from motiv8.accounts.models import MfaCodeGrant
from motiv8_tooling.operations.package import load_template


@cache
def _service(name: str) -> ServiceModel:
    model: ServiceModel = get_session().get_service_model(name)
    return model


def _errors(service: str, operation: str) -> set[str]:
    return {shape.name for shape in _service(service).operation_model(operation).error_shapes}


def test_stopping_a_run_has_no_error_of_its_own_for_one_that_has_ended() -> None:
    # Should AWS name one, `motiv8.aws.machines` could ask for it instead of the run's status.
    kms = {"KmsAccessDeniedException", "KmsInvalidStateException", "KmsThrottlingException"}
    assert _errors("stepfunctions", "StopExecution") - kms == {
        "ExecutionDoesNotExist",
        "InvalidArn",
        "ValidationException",
    }


def test_a_run_that_is_described_says_whether_it_goes_on() -> None:
    assert "ExecutionDoesNotExist" in _errors("stepfunctions", "DescribeExecution")
    status = _service("stepfunctions").shape_for("ExecutionStatus")
    assert isinstance(status, StringShape)
    assert set(status.enum) == {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"}


def test_an_email_that_another_account_has_is_refused_by_name() -> None:
    assert "AliasExistsException" in _errors("cognito-idp", "AdminUpdateUserAttributes")


def test_a_confirmed_email_is_set_in_the_same_request() -> None:
    operation = _service("cognito-idp").operation_model("AdminUpdateUserAttributes")
    assert operation.input_shape is not None
    said = operation.input_shape.members["UserAttributes"].documentation
    assert "To skip the verification message and update the value" in said


def test_a_session_is_renewed_by_the_operation_that_rotates_refresh_tokens() -> None:
    """Cognito refuses `REFRESH_TOKEN_AUTH` of a client with rotation, and wants it left out of the client's flows.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    """
    operation = _service("cognito-idp").operation_model("GetTokensFromRefreshToken")
    assert operation.input_shape is not None
    assert set(operation.input_shape.required_members) == {"RefreshToken", "ClientId"}
    assert "RefreshToken" in _service("cognito-idp").shape_for("AuthenticationResultType").members  # type: ignore[attr-defined]
    assert "RefreshTokenReuseException" in _errors("cognito-idp", "GetTokensFromRefreshToken")
    client = load_template()["Resources"]["UserPoolClient"]["Properties"]
    rotation = schema("AWS::Cognito::UserPoolClient")["definitions"]["RefreshTokenRotation"]["properties"]
    assert set(client["RefreshTokenRotation"]) == set(rotation)
    assert client["RefreshTokenRotation"]["Feature"] in rotation["Feature"]["enum"]
    limits = rotation["RetryGracePeriodSeconds"]
    assert limits["minimum"] <= client["RefreshTokenRotation"]["RetryGracePeriodSeconds"] <= limits["maximum"]


def test_the_longest_session_of_cognitos_fits_into_a_challenge() -> None:
    longest = _service("cognito-idp").shape_for("SessionType").metadata["max"]
    email = f"{'e' * 64}@{'d' * 185}.com"
    made = sign(Challenge(str(uuid4()), email, "s" * longest, datetime(2026, 11, 24, tzinfo=UTC)), "k" * 64)
    assert MfaCodeGrant(grant_type="mfa_code", email="a@example.com", session=made, code="123456").session == made
