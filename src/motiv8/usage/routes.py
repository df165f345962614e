"""/v1/quota: HTTP in and out."""

from datetime import datetime, timedelta

from aws_lambda_powertools.event_handler.api_gateway import Router

from motiv8 import clock
from motiv8.accounts.exports import exports_left
from motiv8.accounts.service import person
from motiv8.coach.budget import tokens_left
from motiv8.quota import Quota
from motiv8.settings import settings
from motiv8.usage.models import Allowance, Allowances

router = Router()


@router.get("/v1/quota", summary="What is left of my quotas", tags=["accounts"], operation_id="get_quota")
def get_quota() -> Allowances:
    """How much of each quota is left, and when more is free again; asking uses up nothing."""
    caller = router.context["caller"]
    now = clock.now()
    user = person(caller.user_id, now)
    return Allowances(
        pictures=_allowance(user.asked.left(settings().daily_quota, now), now),
        uploads=_allowance(user.uploads.left(settings().upload_quota, now), now),
        exports=_allowance(exports_left(user.user_id, now), now),
        coach_tokens=_allowance(tokens_left(user.user_id, now), now),
    )


def _allowance(left: Quota, now: datetime) -> Allowance:
    resets_at = clock.rfc3339(now + timedelta(seconds=left.reset_seconds)) if left.remaining < left.limit else None
    return Allowance(limit=left.limit, remaining=left.remaining, resets_at=resets_at)
