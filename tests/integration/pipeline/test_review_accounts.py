"""An account that is gone at Cognito is erased within a day, and nobody is because Cognito is out of order."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from motiv8.accounts import repository, service
from motiv8.aws import clients
from motiv8.aws.tables import UserRow
from motiv8.aws.user_pool import directory
from motiv8.payloads import AccountReview
from motiv8.pipeline import review_accounts as module
from motiv8.pipeline.review_accounts import erase_orphans, review_accounts
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

Make = Callable[..., Any]
NIGHT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PASSWORD = "a long enough password"
pytestmark = pytest.mark.usefixtures("machines")


@pytest.fixture
def people() -> Callable[[int], list[str]]:
    """So many people with an account at Cognito."""

    def make(number: int) -> list[str]:
        for each in range(number):
            service.register(f"{each}@example.com", "UTC", "en", NIGHT)
        return [row.user_id for row in UserRow.scan()]

    return make


def _started(step_functions: AwsCalls) -> list[dict[str, Any]]:
    """The deletions that were started."""
    return [json.loads(asked["input"]) | {"name": asked["name"]} for asked in step_functions.calls("start_execution")]


def _leave(user_id: str) -> None:
    """As Cognito's own DeleteUser does, of which none of our code is told."""
    clients.cognito().admin_delete_user(UserPoolId=settings().user_pool_id, Username=user_id)


def _review(now: datetime = NIGHT) -> AccountReview:
    review = review_accounts(now, None, "run")
    while review["more"]:
        review = review_accounts(now, review, "run")
    return review


def test_who_is_gone_at_cognito_is_deleted_and_nobody_else(people: Make, step_functions: AwsCalls) -> None:
    gone, *others = people(30)
    _leave(gone)
    review = _review()
    assert (review["checked"], review["missing"], review["suspects"]) == (30, 1, [gone])
    assert erase_orphans(NIGHT, review, "run") == {"erased": 1, "held_back": 0}
    [order] = _started(step_functions)
    assert (order["user_id"], order["deletion_id"]) == (gone, repository.deletion(gone))
    assert order["correlation_id"] == "run"
    assert {repository.deletion(each) for each in others} == {None}


def test_it_is_looked_at_once_a_day(people: Make) -> None:
    people(1)
    assert [hour for hour in range(24) if _review(NIGHT.replace(hour=hour))["checked"]] == [3]


def test_all_pages_are_looked_at_and_a_call_goes_on_where_the_last_one_stopped(
    people: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = people(120)[-1]
    _leave(gone)
    monkeypatch.setattr(module, "SECONDS", 0.0)
    monkeypatch.setattr(repository, "_PAGE", 50)
    first = review_accounts(NIGHT, None, "run")
    assert (first["more"], first["checked"]) == (True, 50)
    review = _review()
    assert (review["checked"], review["suspects"]) == (120, [gone])


def test_a_deletion_that_did_not_start_or_stopped_is_started_again(people: Make, step_functions: AwsCalls) -> None:
    locked, _ = people(2)
    repository.begin_deletion(locked, "deletion-1")
    _leave(locked)
    review = _review()
    assert (review["checked"], review["missing"]) == (1, 0)
    [order] = _started(step_functions)
    assert (order["user_id"], order["deletion_id"]) == (locked, "deletion-1")
    assert order["name"] == "2026-11-20T03-deletion-1"


def test_who_is_there_again_at_the_second_look_stays(people: Make, step_functions: AwsCalls) -> None:
    """Cognito is looked at twice, minutes apart."""
    somebody = people(20)[0]
    review = _review()
    review |= {"missing": 1, "suspects": [somebody]}
    assert erase_orphans(NIGHT, review, "run") == {"erased": 0, "held_back": 0}
    assert _started(step_functions) == []
    assert repository.deletion(somebody) is None


def test_who_came_by_a_provider_alone_is_found_by_the_list(
    people: Make, step_functions: AwsCalls, cognito: AwsCalls
) -> None:
    """AdminGetUser knows a local user by the sub, and one of a provider by the username alone."""
    somebody = people(20)[0]
    cognito.refuse("admin_get_user", "UserNotFoundException", Username=somebody)
    review = _review()
    assert review["suspects"] == [somebody]
    assert erase_orphans(NIGHT, review, "run")["erased"] == 0
    assert _started(step_functions) == []


@pytest.mark.parametrize(
    "code",
    [
        "ResourceNotFoundException",
        "TooManyRequestsException",
        "InternalErrorException",
        "NotAuthorizedException",
        "ServiceUnavailable",
    ],
)
def test_an_error_of_cognito_is_nobodys_absence(people: Make, cognito: AwsCalls, code: str) -> None:
    people(2)
    cognito.refuse("admin_get_user", code)
    with pytest.raises(ClientError):
        _review()


@pytest.mark.parametrize(
    ("checked", "missing", "held_back"),
    [
        (1, 1, True),
        (3, 3, True),
        (4, 3, False),
        (20, 4, True),
        (100, 5, False),
        (100, 6, True),
        (100_000, 5_000, False),
        (100_000, 5_001, True),
    ],
)
def test_where_too_many_are_missing_nobody_is_erased_and_somebody_is_told(
    people: Make,
    step_functions: AwsCalls,
    logged: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    checked: int,
    missing: int,
    held_back: bool,
) -> None:
    gone = people(2)[0]
    _leave(gone)
    review: AccountReview = {"more": False, "after": None, "checked": checked, "missing": missing, "suspects": [gone]}
    outcome = erase_orphans(NIGHT, review, "run")
    assert (outcome["held_back"] > 0, len(_started(step_functions))) == (held_back, 0 if held_back else 1)
    assert ("OrphansHeldBack" in capsys.readouterr().out) == held_back
    assert ("orphaned accounts held back" in logged.getvalue()) == held_back
    if held_back:
        assert erase_orphans(NIGHT, review, "run", confirmed=True)["erased"] == 1


def test_another_user_pool_erases_nobody(
    people: Make, step_functions: AwsCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(10)
    other = clients.cognito().create_user_pool(PoolName="another")["UserPool"]["Id"]
    monkeypatch.setenv("MOTIV8_USER_POOL_ID", other)
    settings.cache_clear()
    assert erase_orphans(NIGHT, _review(), "run") == {"erased": 0, "held_back": 10}
    assert _started(step_functions) == []


def test_a_day_erases_so_many_and_the_next_day_the_others(people: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SUSPECTS", 2)
    for user_id in people(30)[:3]:
        _leave(user_id)
    review = _review()
    assert (review["missing"], len(review["suspects"])) == (3, 2)


def test_one_that_cannot_be_looked_at_or_deleted_stops_no_other(
    people: Make, make_user: Make, step_functions: AwsCalls, cognito: AwsCalls
) -> None:
    first, second, *_ = people(30)
    for user_id in (first, second):
        _leave(user_id)
    clients.dynamodb().update_item(
        TableName=settings().users_table,
        Key={"user_id": {"S": first}},
        UpdateExpression="SET created_at = :garbage",
        ExpressionAttributeValues={":garbage": {"S": "long ago"}},
    )
    make_user("not an id")
    cognito.refuse("admin_get_user", "InvalidParameterException", Username="not an id")
    review = _review()
    assert set(review["suspects"]) == {first, second}
    assert erase_orphans(NIGHT, review, "run")["erased"] == 1
    assert [order["user_id"] for order in _started(step_functions)] == [second]


def test_an_id_that_cognito_refuses_to_look_up_is_told_from_one_that_is_gone(cognito: AwsCalls) -> None:
    cognito.refuse("admin_get_user", "InvalidParameterException")
    with pytest.raises(directory.MalformedId):
        directory.exists("\x00")
