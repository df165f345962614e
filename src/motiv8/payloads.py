"""What the state machines are started with, what their steps are given, and what the steps answer.

The definitions (statemachines/*.asl.json), the template's events, the steps and what starts the machines are tested
against these types.
"""

# Without `from __future__ import annotations`: at run time a TypedDict must know which of its keys are required.
from typing import Literal, NotRequired, TypedDict, final

ComposeOutcome = Literal["ready", "no_selfie", "gone", "sheet"]
MailOutcome = Literal["sent", "off", "refused", "throttled", "gone"]


class PortraitOrder(TypedDict):
    """Starts the machine `portrait`, also from the daily plan; a `selfie` is a stuck photo to take up."""

    user_id: str
    trigger: Literal["daily", "asked"]
    task: Literal["portrait", "selfie"]
    correlation_id: str
    portrait_id: NotRequired[str]
    selfie_id: NotRequired[str | None]


class UploadOrder(TypedDict):
    """Starts the machine `selfie`, from the bucket's event; `key` is `uploads/{user}/{selfie}`."""

    key: str
    correlation_id: str


class ExportOrder(TypedDict):
    """Starts the machine `export`."""

    user_id: str
    export_id: str
    correlation_id: str


class DeletionOrder(TypedDict):
    """Starts the machine `delete`; what was being written when the account went is there after `settle_seconds`."""

    user_id: str
    deletion_id: str
    settle_seconds: int
    correlation_id: str


class DayOrder(TypedDict):
    """Starts the machine `daily`: the hour from the schedule, or from the team a local date, a person or both."""

    now: NotRequired[str]
    date: NotRequired[str]
    user_id: NotRequired[str]


class AnswerOrder(TypedDict):
    """Invokes the function `coach`; `confirmed` is the message whose confirmation the person said yes to."""

    step: Literal["answer"]
    user_id: str
    conversation_id: str
    message_id: str
    groups: list[str]
    correlation_id: str
    confirmed: NotRequired[str]


class Step(TypedDict):
    """What every step is given."""

    step: str
    correlation_id: str


class Scene(TypedDict):
    """A scene that pictures share."""

    date: str
    mode: str
    theme: str
    format: str
    engine: str


class AccountReview(TypedDict):
    """How far the daily look at every account is; `suspects` are those whom Cognito does not know."""

    more: bool
    after: str | None
    checked: int
    missing: int
    suspects: list[str]


class ReviewSoFar(TypedDict):
    """Where the machine keeps what a step answered."""

    value: AccountReview


class ReviewOrder(DayOrder):
    """The machine's state when it looks at some accounts more."""

    review: NotRequired[ReviewSoFar]


class LoadPortrait(Step):
    """Given to `load_portrait`."""

    order: PortraitOrder


class PictureStep(Step):
    """Given to a step that works on one picture."""

    user_id: str
    portrait_id: str


class FailedPicture(PictureStep):
    """Given to `record_portrait_failure`."""

    reason: Literal["no_selfie", "selfie_rejected", "internal_error"]


@final
class UploadedPhoto(Step):
    """A photo by its key, from the machine `selfie`. An execution from before a release may name no `run`."""

    key: str
    run: NotRequired[str]


@final
class SentPhoto(Step):
    """A photo by its ids, from the machine `portrait`."""

    user_id: str
    selfie_id: str
    run: NotRequired[str]


class SceneStep(Step, Scene):
    """Given to `make_scene`."""


class ExportStep(Step):
    """Given to a step that works on one archive."""

    user_id: str
    export_id: str


class AccountStep(Step):
    """Given to a step that works on one account."""

    user_id: str


class CloseAccount(AccountStep):
    """Given to `close_account`, with how much went."""

    deletion_id: str
    portraits: int
    object_versions: int


class MailFeedback(Step):
    """Given to `mail_feedback` by a rule; a tag of SES's is a list of values."""

    type: Literal["Bounce", "Complaint"]
    user_id: list[str]


class ReviewAccounts(Step):
    """Given to `review_accounts`."""

    order: ReviewOrder


class EraseOrphans(Step):
    """Given to `erase_orphans`; a member of the team says `confirmed`."""

    review: AccountReview
    confirmed: NotRequired[bool]


class Loaded(TypedDict):
    """What the machine does next for a picture."""

    action: Literal["extract", "compose", "deliver", "skip"]
    selfie_id: NotRequired[str | None]
    engine: NotRequired[str]


class Extracted(TypedDict):
    """What became of a photo."""

    outcome: Literal["ready", "rejected", "stale", "missing", "running"]
    reason: NotRequired[str | None]


class Composed(TypedDict):
    """What became of a picture."""

    outcome: ComposeOutcome


class Delivered(TypedDict):
    """What became of a picture's mail."""

    mail: MailOutcome


class Recorded(TypedDict):
    """Whether a failure was recorded."""

    outcome: Literal["recorded", "gone", "stale"]


class Exported(TypedDict):
    """What became of an archive."""

    outcome: Literal["ready", "gone"]


class Erased(TypedDict):
    """How much of an account was erased."""

    portraits: int
    object_versions: int


class OrphansErased(TypedDict):
    """Deletions that were begun, or how many were held back since too many are missing."""

    erased: int
    held_back: int


class SceneMade(TypedDict):
    """Whether a scene was made now."""

    made: bool


class Purged(TypedDict):
    """How many sign-ups were removed."""

    purged: int


class Answered(TypedDict):
    """What became of an answer; `interrupted` by an invocation that found another one's."""

    outcome: Literal["ready", "stopped", "failed", "interrupted", "gone"]


class Done(TypedDict):
    """The answer of a step that has one outcome alone."""

    outcome: Literal["ok", "off", "ended", "deleted"]


ORDERS: dict[str, type] = {
    "selfie": UploadOrder,
    "portrait": PortraitOrder,
    "daily": DayOrder,
    "export": ExportOrder,
    "delete": DeletionOrder,
}
"""Machine → what starts it."""
