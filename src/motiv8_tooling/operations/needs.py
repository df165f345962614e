"""What a number of people asks of the account, by the second: what `motiv8 doctor` compares the quotas with."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from motiv8_tooling.operations import cost
from motiv8_tooling.operations.habits import MAIL_SHARE
from motiv8_tooling.operations.package import load_template

# Assumptions, which docs/launch-quotas.md names.
HOUR_SHARE = 0.25
"""Of all people, those whose picture is due in the day's busiest hour."""
OPENING_SECONDS = 600
"""Within these seconds of their mail, they open the app."""
REQUESTS_OF_A_VISIT = 3
SIGN_UP_SHARE = 0.1
"""Of all people, those who sign up in the launch's busiest hour; SignUp and ConfirmSignUp each count."""
DELIVERY_SECONDS = 900
"""Within these seconds of their hour, everybody has their mail: later is late."""
PICTURE_SECONDS = cost.SECONDS["compose"]
"""As measured without a network: on AWS a picture takes longer, so that this is the most that can happen."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Each a whole number: per second where the name does not say otherwise."""

    concurrency: int
    mails: int
    mails_a_day: int
    sign_ins: int
    sign_ups: int
    requests: int
    starts: int
    transitions: int
    reads: int
    writes: int


def needs(users: int) -> Needs:
    """What so many active people need."""
    due = ceil(users * HOUR_SHARE)
    at_once = min(due, pictures_at_once())
    # The Map makes pictures as fast as it can; mails go out at MailsPerSecond.
    pictures = min(due, at_once / PICTURE_SECONDS)
    requests = ceil(due * REQUESTS_OF_A_VISIT / OPENING_SECONDS)
    return Needs(
        # A request is counted as a second, which a cold start and Cognito's answer take.
        concurrency=at_once + requests,
        mails=ceil(due * MAIL_SHARE / DELIVERY_SECONDS),
        mails_a_day=ceil(users * MAIL_SHARE),
        sign_ins=ceil(due / OPENING_SECONDS),
        sign_ups=ceil(users * SIGN_UP_SHARE * 2 / 3600),
        requests=requests,
        starts=ceil(pictures * cost.BATCHES_A_PORTRAIT),
        transitions=ceil(pictures * cost.PORTRAIT_TRANSITIONS),
        reads=ceil(pictures * cost.PORTRAIT_READS),
        writes=ceil(pictures * cost.PORTRAIT_WRITES),
    )


def pictures_at_once() -> int:
    """How many pictures the daily machine makes at once, unless a deployment says otherwise."""
    at_once: int = load_template()["Parameters"]["MakingConcurrency"]["Default"]
    return at_once
