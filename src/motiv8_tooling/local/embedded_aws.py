"""The embedded AWS as motiv8 starts it: ministack with a bound on each function's processes, SAM's work kept, and an
error where a model does not answer.

ministack starts a process for each call that finds none free, and its own limit refuses calls where AWS would run them.
Here a call waits until one of the function's processes is free, and those that were started stay warm. They are forked
from one that has imported the packages, since that is most of what ministack's own take to start.

SAM's transform takes half of the time in which a stack comes up, and depends on the template alone: what it made of the
latest templates is kept in build/, for the next stack.

A policy is looked at with each request, and the JSON that it is made of is read once.

A parameter's number is text to ministack, which stops its event sources where they compare it.

ministack reads the description of every AWS service to tell one that it lacks from none, and answers nobody for those
three seconds. Whatever signs a call here means a service of AWS.

ministack's Bedrock answers with canned text when the server of a model does not: people would take it for the model's.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import BoundedSemaphore
from types import SimpleNamespace
from typing import Any

from ministack import app
from ministack.core import iam_evaluator, lambda_runtime, router
from ministack.services import bedrock_runtime, lambda_svc
from ministack.services.cloudformation import changesets, engine

from motiv8_tooling.local.function_processes import FunctionServer

WORKERS = max(2, min(4, os.cpu_count() or 2))
"""The most processes of one function."""

TRANSFORMED = Path(__file__).parents[3] / "build" / "transformed"
"""Where templates are kept as SAM made them."""
_KEPT = 40
_SAM = "AWS::Serverless-2016-10-31"

_places: dict[str, BoundedSemaphore] = {}
_run = lambda_svc._execute_function_warm
_concurrency = lambda_svc._sqs_esm_concurrency
_read_policy = iam_evaluator.parse_policy_document
_policy_of_text = cache(_read_policy)


def _run_when_one_is_free(function: dict[str, Any], event: Any, request_id: str) -> Any:
    name = (function.get("config") or function)["FunctionName"]
    # No function waits for another call of itself, so calls that wait here cannot wait for each other.
    with _places.setdefault(name, BoundedSemaphore(WORKERS)):
        return _run(function, event, request_id)


def _concurrency_as_number(*given: Any) -> int:
    return int(_concurrency(*given))


def _policy(document: str | dict[str, Any]) -> Any:
    """The statements of a policy, which nobody changes."""
    return _policy_of_text(document) if isinstance(document, str) else _read_policy(document)


class _ModelSilent(Exception):
    """The server of the model does not answer, which is an error of Bedrock's own."""


def _no_words_of_its_own(model: str, *_: Any) -> str:
    raise _ModelSilent(f"{model} does not answer at {os.environ['MINISTACK_BEDROCK_PROXY_URL']}")


def _transformed(template: dict[str, Any], *parameters: Any, **named: Any) -> Any:
    """The template after its transforms, of which SAM alone looks at no parameters."""
    if template.get("Transform") != _SAM:
        return engine._apply_transforms(template, *parameters, **named)
    made_of = json.dumps([version("aws-sam-translator"), version("ministack"), template], sort_keys=True)
    kept = TRANSFORMED / f"{hashlib.sha256(made_of.encode()).hexdigest()}.json"
    try:
        made = json.loads(kept.read_bytes())
        # What is used stays.
        os.utime(kept)
        return made
    except (FileNotFoundError, json.JSONDecodeError):
        _spare_copies()
        made = engine._apply_transforms(template, *parameters, **named)
    # A failure is not a dictionary, and is not worth keeping.
    if type(made) is dict:
        _keep(kept, json.dumps(made))
    return made


def _spare_copies() -> None:
    """SAM copies the API's description twice for each route, which is half of its work, and no copy is used again.

    Without that, the API's deployment alone has another logical name, which is made of a digest.
    """
    # Most starts find their template made, and need no SAM.
    from samtranslator.swagger import swagger

    swagger._deepcopy = lambda description: description


def _keep(file: Path, text: str) -> None:
    """Write it in one go, since other stacks read it; the oldest make room."""
    TRANSFORMED.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(f".{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(file)
    ages = {each: _age(each) for each in TRANSFORMED.glob("*.json")}
    for old in sorted(ages, key=lambda each: ages[each])[:-_KEPT]:
        old.unlink(missing_ok=True)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def main() -> None:
    """Serve until SIGTERM; state is written on the way out."""
    lambda_svc._execute_function_warm = _run_when_one_is_free
    lambda_svc._sqs_esm_concurrency = _concurrency_as_number
    lambda_runtime.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": FunctionServer().popen})
    changesets._apply_transforms = _transformed
    iam_evaluator.parse_policy_document = _policy
    router._is_aws_service_name = lambda _: True
    if os.environ.get("MINISTACK_BEDROCK_PROXY_URL"):
        bedrock_runtime._mock_reply = _no_words_of_its_own
    try:
        app.main()
    finally:
        sys.stdout.flush()
        # A plain return would wait for every step of a state machine that is still under way.
        os._exit(0)


if __name__ == "__main__":
    main()
