"""What a person takes in each step: our own CPU time beside moto, and a fixed wait for each call of AWS."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.people import NOW, due_on_friday
from benchmarks.scale.work import ENTRY_MOVED
from benchmarks.stand_in import environment
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8_tooling.operations.cost import MEMORY_GB

if TYPE_CHECKING:
    from motiv8.daily_payloads import PictureKey

ANSWER_SECONDS = 0.01
"""Assumed of each call of AWS, since moto answers in process: DynamoDB and S3 answer in milliseconds."""
MB_OF_A_CPU = 1_769
"""Memory with which a function has one virtual CPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
PLANNED, PEOPLE = 1_600, 40
"""People who are due, of whom these have a face."""
LOOKS = [(mode, theme) for mode in MODES for theme in THEMES]
"""Which people have, in turn."""
DAILY = f"{NOW.date().isoformat()}-daily"
AHEAD = timedelta(minutes=55)
PHOTO = Path(__file__).parents[2] / "samples" / "astronaut.jpg"
ROW_READS, ROW_WRITES, OBJECT_READS = ("GetItem", "BatchGetItem"), ("PutItem", "UpdateItem"), ("GetObject",)


class Spent(NamedTuple):
    """What a step took for one of the people that it worked on: our CPU seconds, and calls of AWS."""

    cpu: float
    calls: float

    def seconds(self, function: str, at_once: int = 1) -> float:
        """What it takes in a function of Lambda with so many people at once.

        While one of them waits for AWS the others have the processor, of which the function has a share by its memory;
        more than one is not counted.
        """
        share = min(MEMORY_GB[function] * 1024 / MB_OF_A_CPU, 1.0)
        alone = self.cpu / share + self.calls * ANSWER_SECONDS
        return max(self.cpu / share, alone / at_once)


class Meter:
    """What was spent outside moto, which answers in this process, and which calls there were."""

    def __init__(self) -> None:
        self.inside = 0.0
        self.calls: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def on(self) -> Iterator[None]:
        """Look at every call that moto answers, in whichever thread; what botocore does for it is ours."""
        from moto.core.botocore_stubber import BotocoreStubber

        answer = BotocoreStubber.__call__

        def measured(stubber: BotocoreStubber, event_name: str, request: Any, **given: Any) -> Any:
            begun = time.thread_time()
            try:
                return answer(stubber, event_name, request, **given)
            finally:
                with self._lock:
                    self.inside += time.thread_time() - begun
                    self.calls[event_name.rpartition(".")[2]] += 1

        BotocoreStubber.__call__ = measured  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            BotocoreStubber.__call__ = answer  # type: ignore[method-assign]

    def a_person(self, work: Callable[[], object], people: int) -> tuple[Spent, Counter[str]]:
        """What a step took for one of the people that it works on, and all of its calls."""
        inside, calls, begun = self.inside, Counter(self.calls), time.process_time()
        work()
        made = self.calls - calls
        own = time.process_time() - begun - (self.inside - inside)
        return Spent(own / people, made.total() / people), made


def measure() -> dict[str, Any]:
    """The figures of `measured.json`."""
    os.environ.update(environment(""))
    del os.environ["AWS_ENDPOINT_URL"]
    os.environ.update(
        MOTIV8_LINK_SECRET_ARN="links-benchmark",
        MOTIV8_SENDER_ADDRESS="daily@example.com",
        MOTIV8_DELIVERY_QUEUE_URL="https://sqs.us-east-1.amazonaws.com/123456789012/deliveries",
    )
    from moto import mock_aws

    meter = Meter()
    with mock_aws(), meter.on():
        _prepare()
        seconds, cpu, delivery = _steps(meter)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "cpu": {name: round(value, 4) for name, value in cpu.items()},
        "delivery": delivery,
    }


def _steps(meter: Meter) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    from motiv8.pipeline.deliver import deliver
    from motiv8.pipeline.make_scene import make_scene
    from motiv8.pipeline.plan_day import plan_day
    from motiv8.pipeline.plan_part import plan_part
    from motiv8.pipeline.serve_batch import AT_ONCE, serve_batch
    from motiv8.studio.design import Design

    for mode, theme in LOOKS:
        make_scene(Design(mode, NOW.date(), theme=theme), "poster")
    people = [f"user-{number}" for number in range(PEOPLE)]
    orders: list[PictureKey] = [{"user_id": user_id, "portrait_id": DAILY} for user_id in people]

    def serve(run: str, some: list[PictureKey], now: datetime) -> None:
        left = serve_batch({"run": run, "ordered": False, "orders": some}, lambda: now)["left"]
        assert left == []

    ahead = NOW - AHEAD
    groups = plan_day(ahead, "ahead", {})["groups"]
    planned, _ = meter.a_person(lambda: [plan_part(group) for group in groups], PLANNED)
    # The first picture loads fonts, as an environment's first call does.
    serve("ahead", orders[:1], ahead)
    made, _ = meter.a_person(lambda: serve("ahead", orders[1:], ahead), PEOPLE - 1)
    queued, _ = meter.a_person(lambda: serve("hour", orders, NOW), PEOPLE)
    mailed, calls = meter.a_person(lambda: [deliver(user_id, DAILY, NOW) for user_id in people], PEOPLE)
    reads, writes, gets = (
        round(sum(calls[name] for name in names) / PEOPLE) for names in (ROW_READS, ROW_WRITES, OBJECT_READS)
    )
    seconds = {
        "plan": planned.seconds("courier"),
        "compose": made.seconds("studio", AT_ONCE),
        "queue": queued.seconds("studio", AT_ONCE),
        "deliver": mailed.seconds("courier"),
        "call": ANSWER_SECONDS,
        "cold": _first_call(),
    }
    cpu = {"compose": made.cpu, "queue": queued.cpu, "deliver": mailed.cpu}
    return seconds, cpu, {"reads": reads, "writes": writes + ENTRY_MOVED, "gets": gets}


def _prepare() -> None:
    """Tables, buckets and people with a face, whose picture is due."""
    from motiv8.aws import clients, keys, storage
    from motiv8.aws.tables import PortraitRow, UserRow
    from motiv8.settings import settings
    from motiv8.studio import photo, selfie

    for table in (UserRow, PortraitRow):
        table.create_table(billing_mode="PAY_PER_REQUEST")
    clients.s3().create_bucket(Bucket=settings().media_bucket)
    clients.sqs().create_queue(QueueName="deliveries")
    clients.secrets_manager().create_secret(Name="links-benchmark", SecretString="a secret for links")
    clients.ses().create_email_identity(EmailIdentity=settings().sender_address)
    cutout = photo.encode_webp(selfie.extract(PHOTO.read_bytes()).cutout)
    for number in range(PLANNED):
        user_id = f"user-{number}"
        if number < PEOPLE:
            storage.put(settings().media_bucket, keys.cutout(user_id, "selfie"), cutout, "image/webp")
        mode, theme = LOOKS[number % len(LOOKS)]
        due_on_friday(user_id, consent_at=NOW - timedelta(days=9), mode=mode, theme=theme).save()


def _first_call() -> float:
    """CPU seconds until the image worker's first answer, in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = "from motiv8.entrypoints.image_worker import STEPS; STEPS['self_check']({})"
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)  # noqa: S603 - our own module
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
