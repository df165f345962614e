"""Stands in for what moto's user pools lack of Cognito's: refresh tokens that change, their end, links to providers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.cognitoidp.exceptions import (
    InvalidParameterException,
    NotAuthorizedError,
    ResourceNotFoundError,
    UserNotFoundError,
)
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult, EmptyResult

from motiv8 import tokens


@contextmanager
def complete_user_pools() -> Iterator[None]:
    """Have moto's user pools do what they lack, within the block."""
    with pytest.MonkeyPatch.context() as patch:
        for operation in (
            admin_link_provider_for_user,
            get_tokens_from_refresh_token,
            resend_confirmation_code,
            revoke_token,
        ):
            patch.setattr(CognitoIdpResponse, operation.__name__, operation, raising=False)
        patch.setattr(CognitoIdpUserPool, "create_refresh_token", _create_refresh_token)
        patch.setattr(CognitoIdpBackend, "confirm_forgot_password", _confirm_forgot_password)
        yield


_confirm = CognitoIdpBackend.confirm_forgot_password


def _confirm_forgot_password(self: CognitoIdpBackend, client_id: str, username: str, password: str, code: str) -> None:
    """Moto says of an unknown account that there is no such client."""
    try:
        _confirm(self, client_id, username, password, code)
    except ResourceNotFoundError:
        raise UserNotFoundError(username) from None


def _create_refresh_token(self: CognitoIdpUserPool, client_id: str, username: str) -> tuple[str, str]:
    """Of an account, whatever name it signed in by: moto's would outlive the email, and a sign-out by the id."""
    refresh_token, session_id = str(uuid.uuid4()), str(uuid.uuid4())
    self.refresh_tokens[refresh_token] = (client_id, self._get_user(username).username, session_id)
    return refresh_token, session_id


def get_tokens_from_refresh_token(self: CognitoIdpResponse) -> ActionResult:
    """Each refresh gives another refresh token; the one before it stays good, as in the seconds of grace."""
    client_id, given = self._get_param("ClientId"), self._get_param("RefreshToken")
    if not given:
        raise InvalidParameterException("Missing required parameter REFRESH_TOKEN")
    backend = self._get_region_agnostic_backend()
    answer = backend.initiate_auth(client_id, "REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": given})
    tokens = _pool(self).refresh_tokens
    rotated = str(uuid.uuid4())
    tokens[rotated] = tokens[given]
    answer["AuthenticationResult"]["RefreshToken"] = rotated
    return ActionResult(answer)


def revoke_token(self: CognitoIdpResponse) -> ActionResult:
    """The session ends that the token belongs to, with all its tokens."""
    pool = _pool(self)
    session = pool.refresh_tokens.get(self._get_param("Token"))
    if session is None:
        raise NotAuthorizedError("Invalid Refresh Token")
    pool.refresh_tokens = {token: None if it == session else it for token, it in pool.refresh_tokens.items()}
    pool.access_tokens = {
        token: owner
        for token, owner in pool.access_tokens.items()
        if tokens.unverified(token)["origin_jti"] != session[-1]
    }
    return EmptyResult()


def resend_confirmation_code(self: CognitoIdpResponse) -> ActionResult:
    """No mail goes out: moto takes any code."""
    username = self._get_param("Username")
    user = _pool(self)._get_user(username)
    if user is None:
        raise UserNotFoundError(username)
    if user.status != "UNCONFIRMED":
        raise InvalidParameterException("User is already confirmed.")
    return ActionResult({"CodeDeliveryDetails": {"DeliveryMedium": "EMAIL", "AttributeName": "email"}})


def admin_link_provider_for_user(self: CognitoIdpResponse) -> ActionResult:
    """The account has the provider's in its attribute `identities`, and no other account may have it, too."""
    pool_id, source = self._get_param("UserPoolId"), self._get_param("SourceUser")
    user = self.backend.admin_get_user(pool_id, self._get_param("DestinationUser")["ProviderAttributeValue"])
    identity = {"providerName": source["ProviderName"], "userId": source["ProviderAttributeValue"]}
    users = self.backend.describe_user_pool(pool_id).users.values()
    if any(identity in _identities(each) for each in users):
        raise InvalidParameterException("SourceUser is already linked to DestinationUser")
    user.update_attributes([{"Name": "identities", "Value": json.dumps([*_identities(user), identity])}])
    return EmptyResult()


def _identities(user: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(user.attribute_lookup.get("identities", "[]"))
    return found


def _pool(self: CognitoIdpResponse) -> CognitoIdpUserPool:
    """The one whose client is calling."""
    client_id = self._get_param("ClientId")
    pools = self._get_region_agnostic_backend()._find_backend_for_clientid(client_id).user_pools.values()
    return next(pool for pool in pools if client_id in pool.clients)
