"""What the project calls and catches by name has that name at AWS: operations, parameters, choices and errors.

The names are those of botocore's service models, which AWS publishes with its SDK; what no model declares is in a table
here, each with the page of AWS that says so.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.session import get_session
from botocore.validate import ParamValidator

from conformance.sdk_calls import SOURCE, SdkCall, calls
from motiv8_tooling.operations.package import load_template

CALLS = calls()
MACHINES = Path(__file__).parents[2] / "statemachines"
# botocore's own methods of a client, which stand for an operation.
STAND_FOR = {"generate_presigned_post": "put_object"}

# Errors that every service may answer with, or that a service's documentation names and its model does not.
UNDECLARED = {
    "404": "S3 API Reference, HeadObject and HeadBucket: the answer has no body, and the SDK knows its status alone",
    "AccessDenied": "S3 API Reference, Error responses, List of error codes; IAM's and CloudFormation's answers, too",
    "AccessDeniedException": "DynamoDB API Reference, Common Error Types (JSON protocols name it so)",
    "AuthorizationError": "SNS API Reference, ListSubscriptionsByTopic; one set of codes serves every call of doctor's",
    "NoSuchBucket": "S3 API Reference, Error responses, List of error codes",
    "ServerSideEncryptionConfigurationNotFoundError": "S3 API Reference, Error responses, List of error codes",
    "NoSuchKey": "S3 API Reference, Error responses, List of error codes",
    "ModelStreamErrorException": "Bedrock API Reference, ConverseStreamOutput: within the stream",
    "ValidationError": "CloudFormation API Reference, Common Error Types",
    "ExpiredToken": "STS API Reference, Common Errors",
    "ExpiredTokenException": "DynamoDB API Reference, Common Error Types (JSON protocols name it so)",
    "RequestExpired": "CloudFormation API Reference, Common Error Types",
    "InvalidClientTokenId": "CloudFormation API Reference, Common Error Types",
    "UnrecognizedClientException": "DynamoDB API Reference, Common Error Types",
    "SignatureDoesNotMatch": "S3 API Reference, Error responses, List of error codes",
}
# The errors of Amazon States Language itself (Step Functions Developer Guide, Handling errors, Error names).
STATES = {
    *("States.ALL", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold", "States.HeartbeatTimeout"),
    *("States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed", "States.NoChoiceMatched"),
    *(
        "States.ParameterPathFailure",
        "States.Permissions",
        "States.ResultPathMatchFailure",
        "States.ResultWriterFailed",
    ),
    *("States.Runtime", "States.TaskFailed", "States.Timeout", "States.BranchFailed", "States.QueryEvaluationError"),
}
# What Step Functions calls a function that ended without an answer, beside `Lambda.Unknown` of older runtimes.
ENDED = {
    "Sandbox.Timedout": "the function's own timeout: github.com/aws/aws-durable-execution-docs/issues/281",
    "Runtime.ExitError": "out of memory, or crashed: github.com/awslabs/amazon-s3-find-and-forget/pull/283",
}
# A task's integration: the prefix of its errors, the operation behind it, and names of the integration's own.
INTEGRATIONS = {
    # Step Functions Developer Guide, Handle transient Lambda service exceptions.
    "lambda:invoke": (
        "Lambda",
        ("lambda", "Invoke"),
        {"ClientExecutionTimeoutException", "AWSLambdaException", "SdkClientException", "Unknown"},
    ),
    # Step Functions Developer Guide, Start workflow executions: its example retries `ExecutionLimitExceeded`, and what
    # integrations answer has `Exception` after the model's name (`StepFunctions.ExecutionAlreadyExistsException`).
    "states:startExecution": (
        "StepFunctions",
        ("stepfunctions", "StartExecution"),
        {"ExecutionLimitExceeded", "AWSStepFunctionsException", "SdkClientException", "ThrottlingException"},
    ),
    # Step Functions Developer Guide, Run AWS Batch workloads: its example retries both.
    "batch:submitJob": ("Batch", ("batch", "SubmitJob"), {"AWSBatchException", "SdkClientException"}),
}


@cache
def _model(service: str) -> ServiceModel:
    model: ServiceModel = get_session().get_service_model(service)
    return model


def _operation(call: SdkCall) -> OperationModel:
    kind, _, named = call.method.rpartition(":")
    method = STAND_FOR.get(named, named)
    if kind == "get_waiter":
        waiters = get_session().get_waiter_model(call.service)
        names = {xform_name(each): each for each in waiters.waiter_names}
        return _model(call.service).operation_model(waiters.get_waiter(names[method]).operation)
    names = {xform_name(each): each for each in _model(call.service).operation_names}
    assert method in names, f"{call.where}: {call.service} has no operation {method}"
    if kind == "get_paginator":
        paginators = get_session().get_component("data_loader").load_service_model(call.service, "paginators-1")
        assert names[method] in paginators["pagination"], f"{call.where}: {method} has no pages"
    return _model(call.service).operation_model(names[method])


def _unknown(shape: Shape, value: ast.expr, path: str) -> Iterator[str]:
    """What of a value written in the source AWS has no name for."""
    if isinstance(shape, StructureShape) and isinstance(value, ast.Dict):
        for key, each in zip(value.keys, value.values, strict=True):
            name = str(key.value) if isinstance(key, ast.Constant) else ""
            if name and name not in shape.members:
                yield f"{path}.{name}"
            elif name:
                yield from _unknown(shape.members[name], each, f"{path}.{name}")
    elif isinstance(shape, ListShape) and isinstance(value, ast.List):
        for each in value.elts:
            yield from _unknown(shape.member, each, f"{path}[]")
    elif isinstance(value, ast.Constant) and value.value not in (getattr(shape, "enum", None) or [value.value]):
        yield f"{path} = {value.value!r}"


def test_the_calls_are_found() -> None:
    services = {each.service for each in CALLS}
    assert {"cognito-idp", "s3", "sesv2", "stepfunctions", "dynamodb", "lambda", "cloudformation"} <= services
    assert len(CALLS) > 80


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.where}-{call.method}")
def test_a_call_uses_an_operation_with_its_parameters_and_choices(call: SdkCall) -> None:
    operation = _operation(call)
    members = operation.input_shape.members if operation.input_shape else {}
    if call.method == "generate_presigned_post":
        # Of these S3 sees a form and its policy (botocore.signers.generate_presigned_post).
        assert set(call.arguments) <= {"Bucket", "Key", "Fields", "Conditions", "ExpiresIn"}
        return
    assert sorted(set(call.arguments) - set(members)) == []
    if call.whole and operation.input_shape:
        assert sorted(set(operation.input_shape.required_members) - set(call.arguments)) == []
    assert [each for name, value in call.arguments.items() for each in _unknown(members[name], value, name)] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("cognito().admin_delete_person(UserPoolId=p)", "no operation admin_delete_person"),
        ("cognito().admin_delete_user(UserPoolId=p)", "Username"),
        ("cognito().admin_delete_user(UserPoolId=p, Username=u, Force=True)", "Force"),
        ("cognito().sign_up(ClientId=c, Username=u, UserAttributes=[{'Nam': 'email'}])", "Nam"),
        ("step_functions().start_execution(stateMachineArn=a, name=n, inputs=i)", "inputs"),
        ("cognito().initiate_auth(ClientId=c, AuthFlow='PASSWORD')", "PASSWORD"),
        ("client('s3').get_paginator('list_versions').paginate(Bucket=b)", "no operation list_versions"),
        ("gone(client('ecr').delete_repository, repositoryNames=[n])", "repositoryName"),
    ],
)
def test_a_name_that_aws_does_not_have_is_found(source: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(source)
    [call] = calls(tmp_path)
    with pytest.raises(AssertionError, match=said):
        test_a_call_uses_an_operation_with_its_parameters_and_choices(call)


def _codes(node: ast.expr, constants: dict[str, ast.expr]) -> set[str]:
    """The error codes in a set or constant, by way of the module's names."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.Name):
        return _codes(constants[node.id], constants) if node.id in constants else set()
    if isinstance(node, ast.Set | ast.Tuple | ast.List):
        return set().union(*(_codes(each, constants) for each in node.elts))
    if isinstance(node, ast.BinOp):
        return _codes(node.left, constants) | _codes(node.right, constants)
    return _codes(node.args[0], constants) if isinstance(node, ast.Call) and node.args else set()


def _is_code(node: ast.expr) -> bool:
    """`error.response["Error"]["Code"]`, `said["Code"]`, `error.cause_response_code`, `_code(error)`, `code`."""
    text = ast.unparse(node)
    return text.endswith(("['Code']", ".cause_response_code")) or text in {"code", "_code(error)"}


def _caught() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted(filter(_asks_aws, SOURCE.rglob("*.py"))):
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.Compare) and _is_code(node.left):
                module = path.relative_to(SOURCE).as_posix()
                found.setdefault(module, set()).update(_codes(node.comparators[0], _constants(path)))
    return found


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _constants(path: Path) -> dict[str, ast.expr]:
    """What a module's names stand for, those that it imports from another of ours, too."""
    found: dict[str, ast.expr] = {}
    for node in _parsed(path).body:
        if isinstance(node, ast.Assign):
            found |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.ImportFrom) and node.module:
            module = (SOURCE / node.module.replace(".", "/")).with_suffix(".py")
            if module.is_file():
                theirs = _constants(module)
                found |= {each.asname or each.name: theirs[each.name] for each in node.names if each.name in theirs}
    return found


def _asks_aws(path: Path) -> bool:
    return any(each in path.read_text(encoding="utf-8") for each in ("ClientError", "cause_response_code"))


CAUGHT = _caught()


@pytest.mark.parametrize("module", sorted(CAUGHT))
def test_an_error_that_is_caught_is_one_that_the_calls_answer_with(module: str) -> None:
    declared = {
        error.metadata.get("error", {}).get("code", error.name)
        for call in CALLS
        if call.module == module
        for error in _operation(call).error_shapes
    }
    if "cause_response_code" in (SOURCE / module).read_text(encoding="utf-8"):
        # PynamoDB writes rows by these.
        for name in ("PutItem", "DeleteItem"):
            declared |= {each.name for each in _model("dynamodb").operation_model(name).error_shapes}
    assert sorted(CAUGHT[module] - declared - set(UNDECLARED)) == []


def test_the_table_of_undeclared_errors_has_no_idle_line() -> None:
    assert sorted(set(UNDECLARED) - set().union(*CAUGHT.values())) == []


def _tasks(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in machine["States"].items():
        yield name, state
        yield from _tasks(state.get("ItemProcessor", {"States": {}}))


@pytest.mark.parametrize("path", sorted(MACHINES.glob("*.asl.json")), ids=lambda path: path.name)
def test_a_state_machine_retries_and_catches_errors_that_there_are(path: Path) -> None:
    for name, state in _tasks(json.loads(path.read_text(encoding="utf-8"))):
        resource = state.get("Resource", "").removeprefix("arn:aws:states:::").partition(".")[0]
        for rule in [*state.get("Retry", ()), *state.get("Catch", ())]:
            for error in rule["ErrorEquals"]:
                if error in STATES or (resource == "lambda:invoke" and error in ENDED):
                    continue
                prefix, _, code = error.partition(".")
                assert resource in INTEGRATIONS, f"{name}: {error}"
                expected, (service, operation), own = INTEGRATIONS[resource]
                shapes = _model(service).operation_model(operation).error_shapes
                declared = {f"{each.name.removesuffix('Exception')}Exception" for each in shapes}
                assert prefix == expected, f"{name}: {error}"
                assert code in declared | own, f"{name}: {error}"


def test_the_gateways_own_answers_are_those_that_api_gateway_has() -> None:
    known = _model("apigateway").shape_for("GatewayResponseType").metadata["enum"]
    answers = load_template()["Resources"]["Api"]["Properties"]["GatewayResponses"]
    assert set(answers) <= set(known)


@pytest.mark.parametrize("template", ["template.yaml", "infra/edge.yaml"])
def test_the_firewalls_answer_is_one_that_waf_takes(template: str) -> None:
    """AWS WAF Developer Guide, Custom responses for Block actions: 429 is among its codes, content-type no header."""
    firewall = load_template(MACHINES.parent / template)["Resources"]["Firewall"]["Properties"]
    [rule] = [each for each in firewall["Rules"] if each["Name"] == "rate"]
    answer = rule["Action"]["Block"]["CustomResponse"]
    body = firewall["CustomResponseBodies"][answer["CustomResponseBodyKey"]]
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "any"}
    given = {
        "Name": "firewall",
        "Scope": firewall["Scope"],
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": seen,
        "CustomResponseBodies": firewall["CustomResponseBodies"],
        "Rules": [rule],
    }
    shape = _model("wafv2").operation_model("CreateWebACL").input_shape
    assert shape is not None
    report = ParamValidator().validate(given, shape)
    assert not report.has_errors(), report.generate_report()
    assert answer["ResponseCode"] == json.loads(body["Content"])["status"] == 429
    assert body["ContentType"] in _model("wafv2").shape_for("ResponseContentType").metadata["enum"]
    assert [each["Name"] for each in answer["ResponseHeaders"]] == ["Retry-After"]


def test_a_start_beyond_the_limit_of_executions_is_retried_under_either_name() -> None:
    """AWS documents one name and answers with another."""
    daily = json.loads((MACHINES / "daily.asl.json").read_text(encoding="utf-8"))
    [retried] = [set(state["Retry"][0]["ErrorEquals"]) for name, state in _tasks(daily) if name == "MakePortrait"]
    assert {
        "StepFunctions.ExecutionLimitExceeded",
        "StepFunctions.ExecutionLimitExceededException",
        "StepFunctions.ThrottlingException",
    } <= retried
