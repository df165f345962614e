"""The accounts that Cognito has: to find, make, change, link and remove."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from motiv8.aws.clients import cognito
from motiv8.aws.user_pool.translation import code_of, owned, with_new_password
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from mypy_boto3_cognito_idp.type_defs import AdminGetUserResponseTypeDef, AttributeTypeTypeDef


class MalformedId(ValueError):
    """No account can have this id."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as Cognito has it: its id (the `sub`), and whether its email was ever confirmed."""

    user_id: str
    confirmed: bool
    has_password: bool


def find(email: str, pool: str | None = None) -> Account | None:
    """The account with this email, if any; nothing of it may show in an answer to somebody else."""
    quoted = email.replace("\\", "\\\\").replace('"', '\\"')
    users = cognito().list_users(UserPoolId=pool or settings().user_pool_id, Filter=f'email = "{quoted}"', Limit=1)[
        "Users"
    ]
    for user in users:
        status = user.get("UserStatus", "")
        return Account(
            _by_name(user.get("Attributes", ()))["sub"], status != "UNCONFIRMED", status != "FORCE_CHANGE_PASSWORD"
        )
    return None


def owner(user_id: str) -> dict[str, str]:
    """The attributes (`sub`, `email`, `zoneinfo`) of an account. Raises Unauthorized when there is none."""
    return _by_name(user(user_id)["UserAttributes"])


def user(user_id: str, pool: str | None = None) -> AdminGetUserResponseTypeDef:
    """An account with all that Cognito says of it. Raises Unauthorized when there is none."""
    with owned():
        return cognito().admin_get_user(UserPoolId=pool or settings().user_pool_id, Username=user_id)


def _by_name(attributes: Iterable[AttributeTypeTypeDef]) -> dict[str, str]:
    return {attribute["Name"]: attribute.get("Value", "") for attribute in attributes}


def exists(user_id: str) -> bool:
    """Whether there is an account of this id."""
    return _status(user_id) is not None


def is_unconfirmed(user_id: str) -> bool:
    """Whether there is an account of this id that waits for its code."""
    return _status(user_id) == "UNCONFIRMED"


def is_listed(user_id: str) -> bool:
    """Whether some account has this `sub`, also one of somebody who came by a provider; Cognito's list lags."""
    quoted = user_id.replace("\\", "\\\\").replace('"', '\\"')
    found = cognito().list_users(UserPoolId=settings().user_pool_id, Filter=f'sub = "{quoted}"', Limit=1)
    return bool(found["Users"])


def _status(user_id: str) -> str | None:
    """Cognito's word for an account's state; None where there is none. Raises MalformedId."""
    try:
        user = cognito().admin_get_user(UserPoolId=settings().user_pool_id, Username=user_id)
    except ClientError as error:
        # No other error says so: whom Cognito does not know is erased.
        if code_of(error) == "UserNotFoundException":
            return None
        if code_of(error) == "InvalidParameterException":
            raise MalformedId from error
        raise
    return user.get("UserStatus", "")


def unconfirmed(before: datetime) -> Iterator[str]:
    """Ids of the accounts made before a moment whose email is not confirmed; Cognito's list lags."""
    pages = (
        cognito()
        .get_paginator("list_users")
        .paginate(UserPoolId=settings().user_pool_id, Filter='cognito:user_status = "UNCONFIRMED"')
    )
    for page in pages:
        for user in page["Users"]:
            if user["UserCreateDate"] < before:
                yield user["Username"]


def invite(email: str, time_zone: str, pool: str | None = None) -> str:
    """Make an account whose email counts as confirmed, without a mail of Cognito's; the new user's id."""
    made = cognito().admin_create_user(
        UserPoolId=pool or settings().user_pool_id,
        Username=email,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "zoneinfo", "Value": time_zone},
        ],
    )["User"]
    user_id = _by_name(made.get("Attributes", ()))["sub"]
    set_unknown_password(user_id, pool)
    return user_id


def set_email(user_id: str, email: str) -> bool:
    """Give an account a new email that counts as confirmed; False where another account has it.

    Raises Unauthorized when there is no such account.
    """
    with owned():
        try:
            cognito().admin_update_user_attributes(
                UserPoolId=settings().user_pool_id,
                Username=user_id,
                # Without the second Cognito would keep the old one and mail a code of its own.
                UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            )
        except ClientError as error:
            if code_of(error) != "AliasExistsException":
                raise
            return False
    return True


def set_password(user_id: str, password: str) -> None:
    """Give an account a password, whatever it had; Cognito counts it as confirmed then. Raises PasswordRefused."""
    with with_new_password():
        cognito().admin_set_user_password(
            UserPoolId=settings().user_pool_id, Username=user_id, Password=password, Permanent=True
        )


def set_unknown_password(user_id: str, pool: str | None = None) -> None:
    """A password that nobody knows: without one Cognito mails no code to choose another."""
    cognito().admin_set_user_password(
        UserPoolId=pool or settings().user_pool_id, Username=user_id, Password=token_urlsafe(48), Permanent=True
    )


def delete(user_id: str, pool: str | None = None) -> None:
    """Remove an account by its id, with its sessions; nothing happens when it is gone already."""
    try:
        cognito().admin_delete_user(UserPoolId=pool or settings().user_pool_id, Username=user_id)
    except ClientError as error:
        if code_of(error) != "UserNotFoundException":
            raise


def providers() -> set[str]:
    """The identity providers of the pool: `Google`, `SignInWithApple`."""
    pages = cognito().get_paginator("list_identity_providers").paginate(UserPoolId=settings().user_pool_id)
    return {provider["ProviderName"] for page in pages for provider in page["Providers"]}


def link(user_id: str, provider: str, subject: str, pool: str | None = None) -> bool:
    """Have a provider's account sign in to this one; False where it signs in to another already."""
    try:
        cognito().admin_link_provider_for_user(
            UserPoolId=pool or settings().user_pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": user_id},
            SourceUser={
                "ProviderName": provider,
                "ProviderAttributeName": "Cognito_Subject",
                "ProviderAttributeValue": subject,
            },
        )
    except ClientError as error:
        if code_of(error) not in {"AliasExistsException", "InvalidParameterException"}:
            raise
        return False
    return True
