"""`make bench-coach`: grounding on the sample library, what an answer costs beside the plain call of the model, and 100
conversations at once.

The model is a server of our own behind the embedded AWS's Bedrock, whose words name the question that they answer; it
needs no time, so that what is measured is ours and the emulator's.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ulid import ULID

from benchmarks import coach_grounding
from benchmarks.table import show
from motiv8 import clock
from motiv8.settings import use
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack, running
from motiv8_tooling.local.model_server import ModelServer
from motiv8_tooling.local.provisioning import client, variables

RUNS = 20
CONVERSATIONS = 100
PEOPLE = 10
WORDS = 80


def main() -> None:
    """Print the tables."""
    show_grounding()
    with (
        model_server() as url,
        tempfile.TemporaryDirectory() as home,
        running(Path(home), keep=False, model=ModelServer(url)) as stack,
    ):
        functions = variables(client("lambda", stack.emulator), stack.emulator.url)
        own = functions["CoachFunction"] | {"POWERTOOLS_LOG_LEVEL": "ERROR"}
        os.environ |= {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "POWERTOOLS_METRICS_DISABLED": "true",
        }
        use(own)
        people = [_somebody(stack, number) for number in range(PEOPLE)]
        show_overhead(people[0], own)
        show_load(people)


def show_grounding() -> None:
    """The table of `benchmarks/coach_grounding.py`."""
    found = coach_grounding.measure()
    show(
        "Grounding: the engine quote on the sample library",
        ["what", "of"],
        [[name, value] for name, value in found.items() if name != "wrong"],
    )
    for each in found["wrong"]:
        print(f"wrong: {each}")


def show_overhead(person: tuple[str, Person], own: dict[str, str]) -> None:
    """CPU and time of an answer in this process and in a fresh one, and from POST to the first word."""
    user_id, asker = person
    plain = [_plain_call() for _ in range(RUNS)]
    answers = [_answer_here(user_id) for _ in range(RUNS)]
    cold = [_cold(user_id, own) for _ in range(3)]
    first_words = [_post_to_first_word(user_id, asker) for _ in range(RUNS)]
    rows = [
        ["plain ConverseStream", *_medians(plain)],
        ["an answer, warm (claim, model, pieces, end; an empty library)", *_medians(answers)],
        ["an answer, in a fresh process (imports included)", *_medians(cold)],
        [
            "POST to the first word kept, through the API and the coach function",
            _ms(statistics.median(first_words)),
            "-",
        ],
    ]
    show(f"An answer of {WORDS} words (medians)", ["what", "wall ms", "CPU ms"], rows)


def show_load(people: list[tuple[str, Person]]) -> None:
    """CONVERSATIONS asked at once: whether each answer is whole, and of its own question alone."""
    from motiv8.coach import repository

    started = time.perf_counter()

    def ask(number: int) -> tuple[str, str, str, str]:
        user_id, asker = people[number % len(people)]
        word = f"tag{number:03}"
        conversation = asker.expect("POST", "/v1/conversations", {})["conversation_id"]
        asked = asker.expect("POST", f"/v1/conversations/{conversation}/messages", {"text": f"Say {word} please"})
        return user_id, conversation, asked["message_id"], word

    with ThreadPoolExecutor(20) as threads:
        asked = list(threads.map(ask, range(CONVERSATIONS)))
    lost = mixed = failed = 0
    for user_id, conversation, message_id, word in asked:
        while True:
            message = repository.get_message(user_id, conversation, message_id)
            assert message is not None
            if message.status != "streaming":
                break
            time.sleep(0.05)
        failed += message.status != "ready"
        streamed = "".join(each.body.get("text", "") for each in repository.events_after(message_id, -1))
        for text in (message.text, streamed):
            said = text.split()
            lost += len(set(_words(word)) - set(said))
            mixed += sum(not each.startswith(word) for each in said)
    rows: list[list[object]] = [
        ["conversations", CONVERSATIONS],
        ["seconds until all are answered", f"{time.perf_counter() - started:.1f}"],
        ["answers that failed", failed],
        ["lost words", lost],
        ["words of another conversation", mixed],
    ]
    show("Conversations at once on the local stack", ["what", "found"], rows)


def _somebody(stack: LocalStack, number: int) -> tuple[str, Person]:
    person = Person(stack.front.url, f"bench-coach-{number}@example.com")
    person.register("UTC")
    person.sign_in()
    return person.expect("GET", "/v1/me")["user_id"], person


def _order(user_id: str) -> dict[str, Any]:
    """A question that waits for its answer, as the API leaves it."""
    from motiv8.coach import repository
    from motiv8.coach.conversation import Conversation, answer, question

    now = clock.now()
    ids = [str(ULID()).lower() for _ in range(3)]
    made = Conversation(
        user_id=user_id, conversation_id=ids[0], title=None, namespace=None, created_at=now, updated_at=now
    )
    repository.create_conversation(made)
    written = answer(made, ids[2], ids[1], now)
    assert repository.add_question(question(made, ids[1], "Say tag000 please", now), written, now)
    named = {"user_id": user_id, "conversation_id": ids[0], "message_id": ids[2]}
    return {"step": "answer", "groups": [], "correlation_id": "bench"} | named


def _answer_here(user_id: str) -> tuple[float, float]:
    from motiv8.pipeline.answer_message import answer_message

    order: Any = _order(user_id)
    wall, cpu = time.perf_counter(), time.process_time()
    assert answer_message(order, lambda: 300.0)["outcome"] == "ready"
    return time.perf_counter() - wall, time.process_time() - cpu


def _plain_call() -> tuple[float, float]:
    from motiv8.aws import clients
    from motiv8.settings import settings

    model = clients.chat_models()
    wall, cpu = time.perf_counter(), time.process_time()
    messages: Any = [{"role": "user", "content": [{"text": "<question>\nSay tag000 please\n</question>"}]}]
    answer = model.converse_stream(modelId=settings().coach_model, messages=messages)
    said = "".join(
        each["contentBlockDelta"]["delta"].get("text", "") for each in answer["stream"] if "contentBlockDelta" in each
    )
    assert "tag000" in said
    return time.perf_counter() - wall, time.process_time() - cpu


def _cold(user_id: str, own: dict[str, str]) -> tuple[float, float]:
    program = (
        "import json, sys, time; started = time.perf_counter()\n"
        "from motiv8.entrypoints import coach\n"
        "from motiv8.pipeline.answer_message import answer_message\n"
        "assert answer_message(json.load(sys.stdin), lambda: 300.0)['outcome'] == 'ready'\n"
        "print(json.dumps([time.perf_counter() - started, time.process_time()]), file=sys.stderr)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        input=json.dumps(_order(user_id)),
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu = json.loads(done.stderr.strip().splitlines()[-1])
    return wall, cpu


def _post_to_first_word(user_id: str, asker: Person) -> float:
    from motiv8.coach import repository

    conversation = asker.expect("POST", "/v1/conversations", {})["conversation_id"]
    started = time.perf_counter()
    asked = asker.expect("POST", f"/v1/conversations/{conversation}/messages", {"text": "Say tag000 please"})
    while not repository.events_after(asked["message_id"], -1):
        message = repository.get_message(user_id, conversation, asked["message_id"])
        assert message is not None
        assert message.status == "streaming", message.reason
        time.sleep(0.005)
    taken = time.perf_counter() - started
    while (message := repository.get_message(user_id, conversation, asked["message_id"])) is not None:
        if message.status != "streaming":
            break
        time.sleep(0.02)
    return taken


def _medians(found: list[tuple[float, float]]) -> list[str]:
    return [_ms(statistics.median(each)) for each in zip(*found, strict=True)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _words(word: str) -> list[str]:
    return [f"{word}-{number}" for number in range(WORDS)]


class _Model(BaseHTTPRequestHandler):
    """Speaks OpenAI's protocol: many words that all begin with the one that the question names."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._send({"data": [{"id": "echo"}]})

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        word = re.findall(r"Say (tag\d{3}) please", asked)[-1]
        message = {"role": "assistant", "content": " ".join(_words(word))}
        usage = {"prompt_tokens": 10, "completion_tokens": WORDS, "total_tokens": WORDS + 10}
        self._send({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})

    def _send(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None: ...


@contextmanager
def model_server() -> Iterator[str]:
    """The address of a model that needs no time."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Model)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
