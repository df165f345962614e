"""An importer on the local stack, so that the library can be filled right after `make run`."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from motiv8.library.readers import IMPORTERS
from motiv8_tooling.client.service_user import ServiceUser
from motiv8_tooling.local.provisioning import client, outputs

if TYPE_CHECKING:
    from motiv8_tooling.local.emulator import Emulator

EMAIL = "library-importer@example.com"


def local_importer(emulator: Emulator, api: str) -> ServiceUser:
    """The local stack's importer, made when there is none, with a new password each time: nobody has to keep one.

    It goes by the embedded AWS's admin API, which people on AWS have by their own permissions alone. Raises ApiError.
    """
    cognito = client("cognito-idp", emulator)
    who = {"UserPoolId": outputs(emulator)["UserPoolId"], "Username": EMAIL}
    importer = ServiceUser(api, EMAIL, secrets.token_urlsafe(24))
    if not cognito.list_users(UserPoolId=who["UserPoolId"], Filter=f'email = "{EMAIL}"')["Users"]:
        importer.register()
    cognito.admin_set_user_password(**who, Password=importer.password, Permanent=True)
    cognito.admin_add_user_to_group(**who, GroupName=IMPORTERS)
    return importer
