"""What one AWS client is asked, and what a test has it answer; all that no test mentions goes through to moto.

It works by botocore's events, after botocore has checked a call's parameters: no test passes with a call that AWS
would not take, or with an answer that AWS would not give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError
from botocore.model import OperationModel
from botocore.validate import validate_parameters

Parameters = dict[str, Any]
Response = tuple[AWSResponse, dict[str, Any]]


@dataclass
class _Rule:
    """What happens at calls of one operation: at those with these parameters, and at the first so many."""

    operation: str
    about: Mapping[str, Any]
    act: Callable[[Parameters], Response | None]
    times: int | None = None
    must_apply: bool = False
    loses_the_answer: bool = False
    applied: int = 0

    def applies(self, operation: str, asked: Parameters) -> bool:
        if operation != self.operation or self.applied == self.times:
            return False
        return all(name in asked and asked[name] == value for name, value in self.about.items())


class AwsCalls:
    """A client's calls within a `with` block. Of the rules for a call, the one that a test gave last counts first.

    Operations have boto3's names, such as `sign_up`; one that AWS does not have is a KeyError. `about` limits a rule
    to calls with these parameters, `times` to the first so many.
    """

    def __init__(self, client: Any) -> None:
        self.made: list[tuple[str, Parameters]] = []
        """The calls so far, by AWS's names, those that were refused among them."""
        self._meta = client.meta
        self._rules: list[_Rule] = []

    def __enter__(self) -> Self:
        for event, handler in self._handlers().items():
            self._meta.events.register(event, handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for event, handler in self._handlers().items():
            self._meta.events.unregister(event, handler)
        unused = [rule.operation for rule in self._rules if rule.must_apply and not rule.applied]
        assert error or not unused, f"nothing called what was to fail: {unused}"

    def calls(self, operation: str) -> list[Parameters]:
        """The parameters of an operation's calls so far."""
        called = self._operation(operation).name
        return [asked for name, asked in self.made if name == called]

    def refuse(self, operation: str, code: str, /, *, times: int | None = None, **about: Any) -> None:
        """Have nothing done, and the ClientError of this code raised. The test fails when no call was refused."""
        refusal = {"Error": {"Code": code, "Message": "no"}}
        self._add(operation, about, lambda _: _response(400, refusal), times=times, must_apply=True)

    def answer(self, operation: str, answer: Mapping[str, Any], /, *, times: int | None = None, **about: Any) -> None:
        """Have nothing done, and this answered. Raises ParamValidationError for what AWS does not answer."""
        shape = self._operation(operation).output_shape
        assert shape or not answer, f"AWS answers {operation} with nothing"
        if shape:
            validate_parameters(answer, shape)
        self._add(operation, about, lambda _: _response(200, answer), times=times)

    def crash_after(self, operation: str, /, *, times: int | None = None, **about: Any) -> None:
        """Have the call done and its answer lost: ReadTimeoutError. The test fails when there was no such call."""
        self._add(operation, about, lambda _: None, times=times, must_apply=True, loses_the_answer=True)

    def before(self, operation: str, do: Callable[[Parameters], None], /, **about: Any) -> None:
        """Have something happen before each call that no later rule answers or refuses."""
        self._add(operation, about, do)

    def _operation(self, operation: str) -> OperationModel:
        model: OperationModel = self._meta.service_model.operation_model(self._meta.method_to_api_mapping[operation])
        return model

    def _add(
        self, operation: str, about: Parameters, act: Callable[[Parameters], Response | None], **given: Any
    ) -> None:
        model = self._operation(operation)
        parameters = model.input_shape.members if model.input_shape else {}
        assert about.keys() <= parameters.keys(), f"{operation} does not take all of {list(about)}"
        self._rules.insert(0, _Rule(model.name, about, act, **given))

    def _handlers(self) -> dict[str, Callable[..., Any]]:
        service = self._meta.service_model.service_id.hyphenize()
        return {
            f"before-parameter-build.{service}": self._keep,
            f"before-call.{service}": self._answer,
            f"after-call.{service}": self._lose,
        }

    def _keep(self, params: Parameters, context: dict[str, Any], **_: Any) -> None:
        context["asked"] = deepcopy(params)

    def _answer(self, model: OperationModel, context: dict[str, Any], **_: Any) -> Response | None:
        """Called when the parameters have been checked; without a response of ours the call is sent."""
        asked = context["asked"]
        self.made.append((model.name, asked))
        for rule in [each for each in self._rules if each.applies(model.name, asked)]:
            rule.applied += 1
            context["answer_is_lost"] = context.get("answer_is_lost") or rule.loses_the_answer
            if response := rule.act(asked):
                return response
        return None

    def _lose(self, context: dict[str, Any], **_: Any) -> None:
        if context.get("answer_is_lost"):
            raise ReadTimeoutError(endpoint_url=self._meta.endpoint_url)


def _response(status: int, body: Mapping[str, Any]) -> Response:
    parsed = {**deepcopy(dict(body)), "ResponseMetadata": {"HTTPStatusCode": status}}
    return AWSResponse("", status, HTTPHeaders(), None), parsed
