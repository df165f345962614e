"""A fair share for each caller: so many requests in ten seconds, by person, or by address where nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from motiv8.api import fair_share, origin, system
from motiv8.aws import clients
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

Call = Callable[..., Any]
Make = Callable[..., Any]
LIMIT = 5
PUBLIC = "/v1/auth/providers"
RATE_LIMIT = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The one moment that the windows know, two seconds into one; a limit of five."""
    moment = [1_800_000_002.0]
    monkeypatch.setenv("MOTIV8_REQUEST_LIMIT", str(LIMIT))
    settings.cache_clear()
    windows = fair_share.Windows(lambda: moment[0])
    monkeypatch.setattr(fair_share, "windows", lambda: windows)
    return moment


@pytest.fixture
def dynamodb_at_once() -> Iterator[AwsCalls]:
    """What requests are counted with."""
    with AwsCalls(clients.dynamodb_at_once()) as calls:
        yield calls


def _statuses(call: Call, times: int, path: str = "/v1/portraits", **given: Any) -> list[int]:
    return [call("GET", path, **given).status for _ in range(times)]


@pytest.mark.usefixtures("at")
class TestPeople:
    """Whoever sends a token counts as that person."""

    def test_a_request_over_the_share_is_told_when_to_come_back(self, call: Call, make_user: Make) -> None:
        make_user()
        assert _statuses(call, LIMIT, user="user-1") == [200] * LIMIT
        answer = call("GET", "/v1/portraits", user="user-1")
        assert (answer.status, answer.headers["Content-Type"]) == (429, "application/problem+json")
        assert answer.json["type"] == "urn:motiv8:problem:too-many-requests"
        assert [answer.headers[name] for name in RATE_LIMIT] == [str(LIMIT), "0", "8"]
        assert answer.headers["Retry-After"] == "8"

    def test_others_are_answered_all_the_same(self, call: Call, make_user: Make) -> None:
        make_user()
        make_user("user-2")
        _statuses(call, 10 * LIMIT, user="user-1")
        assert _statuses(call, LIMIT, user="user-2") == [200] * LIMIT

    def test_the_next_window_is_a_new_share(self, call: Call, make_user: Make, at: list[float]) -> None:
        make_user()
        assert _statuses(call, LIMIT + 1, user="user-1")[-1] == 429
        at[0] += 8
        assert _statuses(call, LIMIT + 1, user="user-1") == [200] * LIMIT + [429]

    def test_tokens_of_one_person_share(self, call: Call, make_user: Make, sign: Callable[..., str]) -> None:
        make_user()
        statuses = [call("GET", "/v1/portraits", token=sign(jti=str(n))).status for n in range(LIMIT + 1)]
        assert statuses == [200] * LIMIT + [429]

    def test_another_process_knows_the_count_too(
        self, call: Call, make_user: Make, at: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_user()
        _statuses(call, LIMIT, user="user-1")
        other = fair_share.Windows(lambda: at[0])
        monkeypatch.setattr(fair_share, "windows", lambda: other)
        assert _statuses(call, 1, user="user-1") == [429]

    def test_a_wrong_token_takes_nothing_from_whom_it_names(
        self, call: Call, make_user: Make, sign: Callable[..., str]
    ) -> None:
        make_user()
        for _ in range(LIMIT):
            assert call("GET", "/v1/portraits", token=sign(exp=1)).status == 401
        assert _statuses(call, LIMIT, user="user-1") == [200] * LIMIT

    def test_a_refused_caller_costs_no_call_of_the_table_until_the_window_ends(
        self, call: Call, make_user: Make, dynamodb_at_once: AwsCalls
    ) -> None:
        make_user()
        _statuses(call, 20 * LIMIT, user="user-1")
        assert len(dynamodb_at_once.calls("update_item")) == LIMIT + 1

    def test_a_quota_that_says_no_is_told_and_not_the_share(self, call: Call, make_user: Make) -> None:
        make_user()
        answers = [call("POST", "/v1/portraits", {}, user="user-1") for _ in range(4)]
        assert answers[-1].status == 429
        assert answers[-1].headers["RateLimit-Limit"] == "3"


@pytest.mark.usefixtures("at")
class TestAddresses:
    """Whoever sends no token counts by where they come from."""

    def test_an_address_has_a_share_of_its_own(self, call: Call) -> None:
        assert _statuses(call, LIMIT + 1, PUBLIC, address="203.0.113.7") == [200] * LIMIT + [429]
        assert _statuses(call, LIMIT, PUBLIC, address="203.0.113.8") == [200] * LIMIT

    def test_whoever_is_signed_in_is_not_refused_for_others_at_the_same_address(
        self, call: Call, make_user: Make
    ) -> None:
        make_user()
        _statuses(call, 2 * LIMIT, PUBLIC, address="203.0.113.7")
        assert _statuses(call, LIMIT, user="user-1", address="203.0.113.7") == [200] * LIMIT

    def test_the_addresses_of_one_household_share(self, call: Call) -> None:
        statuses = [call("GET", PUBLIC, address=f"2001:db8:1:2::{n:x}").status for n in range(1, LIMIT + 2)]
        assert statuses == [200] * LIMIT + [429]
        assert _statuses(call, 1, PUBLIC, address="2001:db8:1:3::1") == [200]

    def test_a_header_gives_nobody_another_address(self, call: Call) -> None:
        headers = [{"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"} for n in range(LIMIT + 1)]
        statuses = [call("GET", PUBLIC, address="203.0.113.7", headers=each).status for each in headers]
        assert statuses == [200] * LIMIT + [429]

    def test_whether_the_function_lives_is_told_to_anybody(self, call: Call, dynamodb_at_once: AwsCalls) -> None:
        assert _statuses(call, 10 * LIMIT, "/health", address="203.0.113.7") == [200] * 10 * LIMIT
        assert dynamodb_at_once.made == []


@pytest.mark.usefixtures("at")
class TestCloudFront:
    """Where CloudFront stands in front, the gateway sees its edges' addresses."""

    EDGE, OTHER = "192.0.2.1", "192.0.2.2"

    def test_viewers_behind_one_edge_have_shares_of_their_own(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MOTIV8_BEHIND_CLOUDFRONT", "true")
        settings.cache_clear()
        for viewer in ("203.0.113.7", "203.0.113.8"):
            headers = {"X-Forwarded-For": f"{viewer}, {self.EDGE}"}
            statuses = _statuses(call, LIMIT + 1, PUBLIC, address=self.EDGE, headers=headers)
            assert statuses == [200] * LIMIT + [429]

    def test_nobody_who_names_a_viewer_uses_up_that_viewers_share(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MOTIV8_BEHIND_CLOUDFRONT", "true")
        settings.cache_clear()
        forged = {"X-Forwarded-For": f"203.0.113.7, {self.OTHER}"}
        _statuses(call, 2 * LIMIT, PUBLIC, address=self.OTHER, headers=forged)
        honest = {"X-Forwarded-For": f"203.0.113.7, {self.EDGE}"}
        assert _statuses(call, LIMIT, PUBLIC, address=self.EDGE, headers=honest) == [200] * LIMIT

    def test_with_the_secret_a_viewer_has_one_share_behind_all_edges(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = clients.secrets_manager().create_secret(Name="origin-test", SecretString="one")["ARN"]
        monkeypatch.setenv("MOTIV8_ORIGIN_SECRET_ARN", made)
        monkeypatch.setenv("MOTIV8_BEHIND_CLOUDFRONT", "true")
        settings.cache_clear()
        origin.origin.cache_clear()
        edges = [f"192.0.2.{n}" for n in range(1, LIMIT + 2)]
        sent = [{origin.HEADER: "one", "X-Forwarded-For": f"203.0.113.7, {edge}"} for edge in edges]
        statuses = [
            call("GET", PUBLIC, address=edge, headers=each).status for edge, each in zip(edges, sent, strict=True)
        ]
        assert statuses == [200] * LIMIT + [429]
        origin.origin.cache_clear()


@pytest.mark.usefixtures("at")
class TestTheTable:
    """What is kept of the counting, and what happens without it."""

    def test_a_counter_names_neither_person_nor_address_and_ends_by_itself(
        self, call: Call, make_user: Make, at: list[float]
    ) -> None:
        make_user()
        call("GET", "/v1/portraits", user="user-1", address="203.0.113.7")
        call("GET", PUBLIC, address="203.0.113.7")
        kept = clients.dynamodb().scan(TableName=settings().idempotency_table)["Items"]
        items = [each for each in kept if each["id"]["S"].startswith("requests#")]
        assert len(items) == 2
        assert not any(word in str(items) for word in ("user-1", "203.0.113.7"))
        assert {int(each["expiration"]["N"]) - at[0] for each in items} == {68.0}

    def test_without_the_table_everybody_is_let_in_and_that_is_counted(
        self, call: Call, make_user: Make, capsys: pytest.CaptureFixture[str]
    ) -> None:
        make_user()
        clients.dynamodb().delete_table(TableName=settings().idempotency_table)
        assert _statuses(call, LIMIT + 1, user="user-1") == [200] * (LIMIT + 1)
        assert _statuses(call, LIMIT + 1, PUBLIC, address="203.0.113.7") == [200] * (LIMIT + 1)
        assert capsys.readouterr().out.replace(" ", "").count('"RequestsUncounted":[1.0]') == 2 * (LIMIT + 1)

    def test_a_503_says_when_to_come_back_and_what_is_left(self, call: Call) -> None:
        clients.s3().delete_bucket(Bucket=settings().media_bucket)
        answer = call("GET", "/health/ready", address="203.0.113.7")
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert [answer.headers[name] for name in RATE_LIMIT] == [str(LIMIT), str(LIMIT - 1), "8"]


class TestReadiness:
    """`GET /health/ready` asks AWS once in a few seconds."""

    def test_many_requests_are_one_check(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        at, asked = [0.0], []
        readiness = system.Readiness(lambda: at[0])
        monkeypatch.setattr(system, "readiness", lambda: readiness)
        monkeypatch.setitem(system._CHECKS, "table", lambda: asked.append(at[0]))
        for second in range(11):
            at[0] = float(second)
            assert call("GET", "/health/ready").status == 200
        assert asked == [0.0, 5.0, 10.0]

    def test_what_failed_is_looked_at_again_too(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        at = [0.0]
        readiness = system.Readiness(lambda: at[0])
        monkeypatch.setattr(system, "readiness", lambda: readiness)
        clients.s3().delete_bucket(Bucket=settings().media_bucket)
        assert call("GET", "/health/ready").status == 503
        clients.s3().create_bucket(Bucket=settings().media_bucket)
        assert call("GET", "/health/ready").status == 503
        at[0] = 5.0
        assert call("GET", "/health/ready").status == 200
