"""What all tests share: the local stack, started once for a run, people on it, and no process outliving the tests."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from motiv8.waiting import wait_for
from stand_in.processes import adopt_orphans, below

if TYPE_CHECKING:
    from motiv8_tooling.client.person import Person
    from motiv8_tooling.local.local_stack import LocalStack
    from stand_in.identity_provider import IdentityProvider

# The stack's modules are imported by those who use it: the tests of diffusion run without them.
_HERE = Path(__file__).parent
_SECONDS_TO_END = 10
_NUMBERS = itertools.count(1)


# By the CPU that they take, or what they wait for: first, so that no process is left alone with one of them at the end.
_LONGEST = (
    "local/deployment/test_environments.py",
    "local/test_stack.py",
    "local/deployment/test_in_use.py",
    "local/deployment/test_phases.py",
    "local/deployment/test_rollback.py",
    "local/test_federation.py",
    "browser/test_whole_path.py",
    "browser/test_accessibility.py",
    "browser/test_troubles.py",
    "unit/studio/test_pictures.py",
    "local/test_workers.py",
    "local/test_whole_path.py",
    "local/test_daily_run.py",
    "browser/test_notifications.py",
    "local/test_library_import.py",
    "local/test_runtime.py",
    "security/test_one_client_does_not_starve_the_others.py",
    "security/test_who_leaves_at_cognito_is_erased_here.py",
    "conformance/test_role_needs.py",
    "unit/test_how_tos.py",
    "integration/pipeline/test_isolation.py",
)

# One process alone starts what these files use beside the stack: another that has Google, and the library's functions.
_TOGETHER = {
    "google": (
        "local/test_federation.py",
        "security/test_a_provider_does_not_pass_the_second_factor.py",
        "browser/test_provider.py",
        "browser/test_sign_in_again.py",
    ),
    "library": (
        "local/test_library_import.py",
        "local/test_library.py",
        "local/test_coach.py",
        "local/test_coach_socket.py",
        "security/test_a_closed_namespace_stays_closed.py",
        "browser/test_coach.py",
    ),
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of several processes one takes the tests of a file, and of the files that go together."""
    from xdist.scheduler import LoadFileScheduling

    groups = {f"tests/{name}": group for group, names in _TOGETHER.items() for name in names}

    def group(nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return groups.get(file, file)

    scheduling = LoadFileScheduling(config, log)
    scheduling._split_scope = group
    return scheduling


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test has its folder's name as its marker, such as `-m "not browser"`; long files go first."""
    order = {_HERE / name: number for number, name in enumerate(_LONGEST)}
    for item in items:
        item.add_marker(item.path.relative_to(_HERE).parts[0])
    items.sort(key=lambda item: order.get(item.path, len(order)))


def pytest_configure() -> None:
    """A run that is told to stop ends like one that Ctrl-C ends: with every fixture taken down."""
    # Ctrl-C's signal as well, to which a shell's background jobs are born deaf.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def no_process_is_left() -> Iterator[None]:
    """Fail the run when a process that a test started is there when all tests are over."""
    if sys.platform != "linux":
        yield
        return
    adopt_orphans()
    before = below(os.getpid()).keys()
    yield

    def left() -> dict[int, str]:
        return {pid: it for pid, it in below(os.getpid()).items() if pid not in before}

    with suppress(TimeoutError):
        wait_for(lambda: not left(), seconds=_SECONDS_TO_END)
    stayed = left()
    for pid in stayed:
        os.kill(pid, signal.SIGKILL)
    assert not stayed


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The real template on the embedded AWS; waits of state machines are cut to a tenth."""
    from motiv8_tooling.local.local_stack import running

    with running(tmp_path_factory.mktemp("stack"), keep=False, wait_scale=0.1) as up:
        yield up


@pytest.fixture(scope="session")
def stack_and_google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalStack, IdentityProvider]]:
    """Another one with Google set up, and who is Google."""
    from stand_in.identity_provider import stack_with_google

    with stack_with_google(tmp_path_factory.mktemp("federated")) as started:
        yield started


@pytest.fixture
def federated(stack_and_google: tuple[LocalStack, IdentityProvider]) -> LocalStack:
    """The stack with Google."""
    return stack_and_google[0]


@pytest.fixture
def google(stack_and_google: tuple[LocalStack, IdentityProvider]) -> IdentityProvider:
    """Whom it signs in is a test's to say."""
    return stack_and_google[1]


@pytest.fixture(scope="session")
def sample() -> bytes:
    """The sample photo."""
    from stand_in.photos import SAMPLE

    return SAMPLE.read_bytes()


@pytest.fixture
def somebody(stack: LocalStack) -> Callable[..., Person]:
    """Somebody new on the stack, signed in and with consent given."""
    from motiv8_tooling.client.person import Person

    def sign_up(time_zone: str = "UTC") -> Person:
        person = Person(stack.front.url, f"person-{next(_NUMBERS)}@example.com")
        person.register(time_zone)
        person.sign_in()
        person.agree()
        return person

    return sign_up


@pytest.fixture
def with_face(somebody: Callable[..., Person], sample: bytes) -> Callable[..., Person]:
    """Somebody new whose selfie is ready."""

    def upload(time_zone: str = "UTC") -> Person:
        person = somebody(time_zone)
        assert person.upload(sample, "image/jpeg").status_code == 204
        person.wait_for_selfie()
        return person

    return upload
