"""Cognito itself takes no password from anybody: past the API there is no limit and no firewall of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client


def test_cognito_itself_takes_no_password_from_anybody(stack: LocalStack, somebody: Callable[..., Person]) -> None:
    person = somebody()
    with pytest.raises(ClientError, match="USER_PASSWORD_AUTH"):
        client("cognito-idp", stack.emulator).initiate_auth(
            ClientId=stack.outputs["UserPoolClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.email, "PASSWORD": person.password},
        )
