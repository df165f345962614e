"""Sending mail by SES."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from motiv8.aws.clients import ses
from motiv8.settings import settings

if TYPE_CHECKING:
    from email.message import EmailMessage


# More than the account may send in a second or a day, which is not the mail's fault.
_OVER_QUOTA = frozenset({"TooManyRequestsException", "LimitExceededException"})


class MailRefused(Exception):
    """SES did not take the mail; `code` is its reason, `over_quota` that it would have at another time."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.over_quota = code in _OVER_QUOTA


def send(message: EmailMessage, user_id: str | None = None) -> None:
    """Hand a whole message to SES; a bounce or complaint comes back with the user's id, and is nobody's without one.

    Raises MailRefused when it certainly did not go out; a time-out, when it may have, is raised as it comes.
    """
    try:
        ses().send_email(
            FromEmailAddress=parseaddr(str(message["From"]))[1],
            Destination={"ToAddresses": [str(message["To"])]},
            Content={"Raw": {"Data": message.as_bytes()}},
            EmailTags=[{"Name": "user_id", "Value": user_id}] if user_id else [],
            ConfigurationSetName=settings().mail_configuration_set,
        )
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        raise MailRefused(type(error).__name__) from error
    except ClientError as error:
        raise MailRefused(error.response["Error"]["Code"]) from error
