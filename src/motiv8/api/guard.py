"""The session guard: a right token is refused all the same once its owner signed out everywhere or left.

What is sensitive takes a sign-in of the last ten minutes as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8 import clock
from motiv8.api import fair_share
from motiv8.api.auth import caller
from motiv8.declarations import raises
from motiv8.errors import BeingDeleted, FreshSignInRequired, TooManyRequests, Unauthorized, Unavailable

if TYPE_CHECKING:
    from motiv8.api.auth import Caller
    from motiv8.api.events import Request


_OF_DELETION = frozenset({("DELETE", "/v1/me"), ("POST", "/v1/me/deletion"), ("GET", "/v1/me/deletion")})


@raises(BeingDeleted, FreshSignInRequired, TooManyRequests, Unauthorized, Unavailable)
def admit(request: Request, *, fresh: bool) -> Caller:
    """Who sent this request to a route that needs a token, and where `fresh` says so a sign-in of just now.

    Raises Unauthorized for a token that does not hold or is older than the sign-out on all devices; TooManyRequests
    over the person's fair share; BeingDeleted for an account under deletion, unless the request is about the
    deletion; FreshSignInRequired; Unavailable when the sign-in keys cannot be read.
    """
    # Imported late: public paths need no table.
    from motiv8.accounts import repository, sign_ins

    now = clock.now()
    sender = caller(request.headers)
    fair_share.take_for_person(sender.user_id)
    access = repository.access(sender.user_id)
    if access.signed_out_at is not None and sender.issued_at < access.signed_out_at:
        raise Unauthorized
    if access.deletion_id is not None:
        if (request.method, request.path.rstrip("/")) not in _OF_DELETION:
            raise BeingDeleted
    elif fresh and not sign_ins.is_fresh(sender.session_id, now):
        raise FreshSignInRequired
    elif access.seen_on != now.date().isoformat():
        repository.note_visit(sender.user_id, now)
    return sender
