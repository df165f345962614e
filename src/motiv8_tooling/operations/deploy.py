"""The three phases: base, images, functions. Each can be run alone, and again."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import httpx

from motiv8.waiting import wait_for
from motiv8_tooling.client.tls import authorities
from motiv8_tooling.operations import aliases, artifacts, edge, images, web
from motiv8_tooling.operations.changes import Applied
from motiv8_tooling.operations.environment import (
    Environment,
    check_account,
    check_buckets,
    check_region,
    client,
    parameters,
)
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.package import (
    TEMPLATE,
    at_once,
    attempt,
    base_of,
    literal_names,
    package,
    release,
    settled,
)
from motiv8_tooling.operations.revision import commit
from motiv8_tooling.operations.sender import is_registered, obstacle, sender_of, to_do
from motiv8_tooling.operations.stack import Stack
from motiv8_tooling.operations.teardown import not_importable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from motiv8_tooling.operations.package import Template
    from motiv8_tooling.operations.sender import Sender

PHASES = ("base", "images", "functions")
_SWITCH = "DeployFunctions"
_ANSWER_SECONDS = 60.0


@dataclass
class Phase:
    """One phase: `done`, `unchanged` or `failed`; `detail` is a line for people."""

    name: str
    result: str
    seconds: float
    detail: str


@dataclass
class Summary:
    """What a run of phases came to, for a pull request's comment."""

    environment: str
    tag: str
    url: str = ""
    phases: list[Phase] = field(default_factory=list)


@dataclass(frozen=True)
class Order:
    """What is to be deployed, where, and who may be asked; `without_mail` deploys prod though SES does not mail yet."""

    environment: Environment
    account: str | None = None
    phases: Sequence[str] = PHASES
    tag: str | None = None
    words: Sequence[str] = ()
    template: Path = TEMPLATE
    may_replace: Sequence[str] = ()
    confirm: Callable[[str], None] = lambda _: None
    without_mail: bool = False


def deploy(order: Order, say: Callable[[str], None], summary_file: Path | None = None) -> Summary:
    """Run the phases, one after the other. Raises OperationError; what a phase did stays done.

    The summary is written whether or not it went well.
    """
    check_account(order.environment, order.account)
    careful = order.environment.tier == "prod"
    tag = order.tag or commit(clean=careful)
    if careful and "images" in order.phases and tag != commit(clean=True):
        raise OperationError(
            f"{order.environment.name}'s images are built from the commit that names them: check out {tag} first."
        )
    _check_possible(order, say)
    summary = Summary(order.environment.name, tag)
    run = {"base": _base, "images": _images, "functions": _functions}
    try:
        for name in (phase for phase in PHASES if phase in order.phases):
            say(
                f"phase {PHASES.index(name) + 1}, {name}: {order.environment.name}, account {order.environment.account}"
            )
            started = time.monotonic()
            try:
                detail = run[name](order, tag, say)
            except OperationError as error:
                summary.phases.append(Phase(name, "failed", round(time.monotonic() - started, 1), str(error)))
                raise
            result = "done" if detail else "unchanged"
            summary.phases.append(Phase(name, result, round(time.monotonic() - started, 1), detail))
            say(f"phase {PHASES.index(name) + 1}, {name}: {result}{f', {detail}' if detail else ''}")
        summary.url = api_url(_stack(order.environment, say).outputs())
    finally:
        if summary_file:
            summary_file.write_text(json.dumps(asdict(summary), indent=2), encoding="utf-8")
    return summary


def api_url(outputs: dict[str, str]) -> str:
    """Where the API answers; nothing before phase 3."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint and "ApiId" in outputs:
        # The embedded AWS serves every gateway on its own port.
        return f"{endpoint}/_aws/execute-api/{outputs['ApiId']}/{outputs['ApiStage']}"
    return outputs.get("ApiUrl", "")


def serves(present: dict[str, str]) -> bool:
    """Whether a stack with these parameters has its functions switched on."""
    return present.get(_SWITCH) == "true"


def roll_out(
    environment: Environment,
    template: Template,
    given: dict[str, str],
    say: Callable[[str], None],
    confirm: Callable[[str], None],
    may_replace: Sequence[str] = (),
) -> tuple[Applied, str]:
    """Give the stack this template and these parameters, under a release of their own; returns what came of it.

    Where the aliases were moved past CloudFormation, they move at once, since CodeDeploy refuses a deployment from a
    version that does not serve (serverless-application-model #291); should the update fail, they are moved back, since
    CloudFormation restores what it knows of. Raises OperationError.
    """
    stack = Stack(client("cloudformation"), environment.stack, say, may_replace)
    present = stack.parameters()
    serving = aliases.live(environment) if serves(present) else None
    moved = serving is not None and serving.release != present.get("Release")
    named = given | {"Release": attempt(release(template, given), present.get("Release", ""), again=moved)}
    whole = settled(literal_names(template, environment.names), named)
    if moved:
        say("  what serves is not what CloudFormation knows of (a rollback): the new versions serve at once")
        whole = at_once(whole)
    address = artifacts.store_template(environment, whole, named["Release"])
    try:
        return stack.apply({"TemplateURL": address}, named, environment.tags, confirm), named["Release"]
    except OperationError:
        if moved and serving:
            aliases.point(environment, serving.versions, say)
        raise


def check_serving(outputs: dict[str, str], expected: str, say: Callable[[str], None]) -> None:
    """Wait until the API answers with the release. Raises OperationError."""
    url = api_url(outputs)
    seen = "nothing"

    def is_served() -> bool:
        nonlocal seen
        try:
            answer = httpx.get(f"{url}/health", timeout=10, verify=authorities())
            seen = answer.json().get("release", "") if answer.is_success else f"status {answer.status_code}"
        except (httpx.TransportError, ValueError) as error:
            seen = type(error).__name__
        return seen == expected

    try:
        wait_for(is_served, seconds=_ANSWER_SECONDS, pause=0.5)
    except TimeoutError as error:
        raise OperationError(
            f"{url}/health does not answer with release {expected} (last: {seen}): see the log or roll back."
        ) from error
    say(f"  {url} serves release {expected}")


def _check_possible(order: Order, say: Callable[[str], None]) -> None:
    """What can be known before anything changes. Raises OperationError."""
    check_region(order.environment.region)
    stack = _stack(order.environment, say)
    stack.check_usable()
    present = stack.parameters()
    given = parameters(order.environment, order.words, present)
    left = not_importable(order.environment) if stack.described() is None else []
    if given.get("SharedUserPoolId"):
        # The pool, with the function that it asks before each token.
        left = [each for each in left if not each.startswith(("user pool", "function"))]
    if left:
        name = order.environment.name
        raise OperationError(
            f"An earlier stack of {name} left behind {' and '.join(left)}, which CloudFormation does not take over: "
            f"nothing was done. Remove it with its data (scripts/teardown.sh {name}), or "
            "import it (docs/deployment.md, What an earlier stack left behind)."
        )
    check_buckets(order.environment)
    _check_sender(order, present)
    if "functions" in order.phases and given.get("WebApp") == "true":
        web.build(say)


def _protect(stack: Stack) -> None:
    """A stack of the tier prod that serves is deleted by nobody; any other can be."""
    found = stack.parameters()
    stack.protect(on=found.get("Tier") == "prod" and serves(found))


def _stack(environment: Environment, say: Callable[[str], None]) -> Stack:
    return Stack(client("cloudformation"), environment.stack, say)


def _given(order: Order, template: Template, present: dict[str, str]) -> dict[str, str]:
    """The template's parameters as this deployment sets them; `present` are the stack's."""
    kept = {name: value for name, value in present.items() if name in template["Parameters"]}
    given = parameters(order.environment, order.words, kept | order.environment.boundary)
    return given | {"EnvironmentName": order.environment.name}


def _check_sender(order: Order, present: dict[str, str]) -> None:
    """That the sender is one and, before prod's functions, that SES mails for it. Raises OperationError."""
    template = package(order.template)
    sender = sender_of(template, _given(order, template, present))
    is_new = "base" in order.phases and sender.registered and not is_registered(sender)
    if "functions" in order.phases and not is_new:
        _obstacle(order, sender)


def _obstacle(order: Order, sender: Sender) -> str:
    """Why SES does not mail for the sender yet; prod's functions do not go without mail. Raises OperationError."""
    why = obstacle(sender)
    if why and order.environment.tier == "prod" and not order.without_mail:
        raise OperationError(
            f"{order.environment.name} cannot send email: {why}. To deploy anyway, give --without-mail."
        )
    return why


def _codes_through_ses(why_not: str) -> dict[str, str]:
    return {"CognitoUsesSes": "false" if why_not else "true"}


def _base(order: Order, tag: str, say: Callable[[str], None]) -> str:  # noqa: ARG001 - a phase's signature
    """What images are pushed to and what outlives every deployment; a stack that serves goes on serving."""
    template = package(order.template)
    artifacts.ensure_bucket(order.environment, say)
    stack = Stack(client("cloudformation"), order.environment.stack, say, order.may_replace)
    kept = stack.parameters()
    given = _given(order, template, kept)
    sender = sender_of(template, given)
    # Cognito takes no sender that is not verified, which a new one is not.
    given |= _codes_through_ses(obstacle(sender))
    if serves(kept):
        template = base_of(template, stack.template())
        given |= {name: kept[name] for name in (_SWITCH, "ImageTag", "Release")}
        whole = settled(literal_names(template, order.environment.names), given)
        address = artifacts.store_template(order.environment, whole, f"base-{release(template, given)}")
        applied = stack.apply({"TemplateURL": address}, given, order.environment.tags, order.confirm)
        _protect(stack)
    else:
        given |= {_SWITCH: "false"}
        applied, _ = roll_out(order.environment, template, given, say, order.confirm, order.may_replace)
    for line in to_do(sender):
        say(f"  {line}")
    return f"{len(applied.changes)} changes" if applied.changes else ""


def _images(order: Order, tag: str, say: Callable[[str], None]) -> str:
    outputs = _stack(order.environment, say).outputs()
    if "LibraryRepositoryUri" not in outputs:
        raise OperationError(f"{order.environment.name} has no registries yet: run --phase base first.")
    pushed = images.build_and_push(order.environment, outputs, tag, say)
    return f"pushed {' and '.join(pushed)}" if pushed else ""


def _functions(order: Order, tag: str, say: Callable[[str], None]) -> str:
    stack = _stack(order.environment, say)
    if stack.described() is None:
        raise OperationError(f"{order.environment.name} has no base yet: run --phase base first.")
    images.check_exist(order.environment, tag)
    template = package(order.template)
    kept = stack.parameters()
    given = _given(order, template, kept)
    why = _obstacle(order, sender_of(template, given))
    if why:
        say(f"  Cognito mails sign-up and reset codes itself, about 50 a day: {why}")
    given |= {_SWITCH: "true", "ImageTag": tag} | _codes_through_ses(why)
    closed = edge.is_wanted(given)
    if closed:
        given["EdgeFirewallArn"] = edge.deploy(order.environment, say, order.confirm)
        # What was closed stays closed; any other stack is closed once CloudFront sends the secret everywhere.
        given["OriginRequired"] = kept.get("OriginRequired", "false") if serves(kept) else "false"
    else:
        given |= edge.OPEN
    applied, named = roll_out(order.environment, template, given, say, order.confirm, order.may_replace)
    if closed and given["OriginRequired"] != "true":
        given["OriginRequired"] = "true"
        applied, named = roll_out(order.environment, template, given, say, order.confirm, order.may_replace)
    if not closed and kept.get("EdgeFirewallArn"):
        edge.stack(order.environment, say).delete()
    _protect(stack)
    check_serving(applied.outputs, named, say)
    # Before the upload: what serves must be on record whether or not that goes well.
    if applied.changes:
        artifacts.record(order.environment, "deploy", tag, named)
    files = 0
    if bucket := applied.outputs.get("WebBucketName"):
        files = web.upload(bucket, applied.outputs["WebDistributionId"])
        say(f"  web app: {applied.outputs['WebUrl']}, {files} files changed")
    if not applied.changes:
        return f"{files} files of the web app" if files else ""
    return f"{len(applied.changes)} changes, serving {tag}"
