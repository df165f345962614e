"""What GitHub's roles, and the roles that they make, must not be able to do, decided on the shipped statements.

Whoever pushes a branch runs code as the role of pull requests. The stack that it attacks is prod, in the same account.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from conformance.arns import ACCOUNT, REGION
from conformance.deployed import ENVIRONMENTS, ROLE, GithubRole
from stand_in.iam import Request, allows

PREVIEW, PROD = GithubRole("pull-requests"), GithubRole("prod")
HERE = f"{REGION}:{ACCOUNT}"
CLOUDFORMATION: dict[str, Any] = {"aws:CalledVia": ["cloudformation.amazonaws.com"]}
IAM = f"arn:aws:iam::{ACCOUNT}"
OWN_ROLE, PRODS_ROLE = f"{IAM}:role/motiv8-dev-pr-7-ApiRole-AbC1", f"{IAM}:role/motiv8-prod-ApiHandlerFunctionRole-AbC1"
USER_POOL = f"arn:aws:cognito-idp:{HERE}:userpool/{REGION}_PrOd"
KEY = f"arn:aws:kms:{HERE}:key/prod"
API = f"arn:aws:apigateway:{REGION}::/restapis/prod"
SOCKETS = f"arn:aws:apigateway:{REGION}::/apis/prod"
DISTRIBUTION = f"arn:aws:cloudfront::{ACCOUNT}:distribution/PROD"
TAGGED_PROD = {"aws:ResourceTag/environment": "prod"}
INTO_SCOPE = {"aws:RequestTag/environment": "dev-pr-7"}
BOUND = {"iam:PermissionsBoundary": PREVIEW.boundary_arn}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def _may(request: Request) -> bool:
    return allows(PREVIEW.policies, request)


ATTACKS = {
    "a role without a boundary": [Request("iam:CreateRole", OWN_ROLE)],
    "a role with another boundary": [
        Request("iam:CreateRole", OWN_ROLE, {"iam:PermissionsBoundary": boundary})
        for boundary in (ADMINISTRATOR, PROD.boundary_arn)
    ],
    "a role of another name": [
        Request("iam:CreateRole", f"{IAM}:role/{name}", BOUND) for name in ("admin", "motiv8-prod-x")
    ],
    "AdministratorAccess for a role within the boundary": [
        Request("iam:AttachRolePolicy", OWN_ROLE, {**BOUND, "iam:PolicyARN": ADMINISTRATOR})
    ],
    "a policy for a role without the boundary": [
        Request("iam:PutRolePolicy", OWN_ROLE),
        Request("iam:AttachRolePolicy", OWN_ROLE, {"iam:PolicyARN": "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"}),
    ],
    "a policy for prod's role": [
        Request("iam:PutRolePolicy", PRODS_ROLE, {"iam:PermissionsBoundary": boundary})
        for boundary in (PREVIEW.boundary_arn, PROD.boundary_arn)
    ],
    "prod's role for a function": [
        Request("iam:PassRole", PRODS_ROLE, {"iam:PassedToService": "lambda.amazonaws.com"})
    ],
    "its own role for a machine that it may log in to": [
        Request("iam:PassRole", OWN_ROLE, {"iam:PassedToService": "ec2.amazonaws.com"})
    ],
    "a wider boundary": [
        Request(f"iam:{action}", boundary)
        for action in ("CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy")
        for boundary in (PREVIEW.boundary_arn, PROD.boundary_arn)
    ],
    "a role freed of its boundary": [
        Request("iam:DeleteRolePermissionsBoundary", OWN_ROLE, BOUND),
        Request("iam:PutRolePermissionsBoundary", OWN_ROLE, {"iam:PermissionsBoundary": ADMINISTRATOR}),
    ],
    "a user, or a key of one": [
        Request(f"iam:{action}", f"{IAM}:user/motiv8-dev-pr-7-x")
        for action in ("CreateUser", "CreateAccessKey", "AttachUserPolicy", "PutUserPolicy")
    ],
    "more rights for itself": [
        Request(f"iam:{action}", f"{IAM}:role/motiv8-github-{kind}", {**BOUND, "iam:PolicyARN": ADMINISTRATOR})
        for action in ("UpdateAssumeRolePolicy", "PutRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "DeleteRole")
        for kind in ENVIRONMENTS
    ],
    "prod's role": [Request("sts:AssumeRole", f"{IAM}:role/motiv8-github-prod"), Request("sts:AssumeRole", PRODS_ROLE)],
    "prod's user pool and key, by a tag": [
        Request(action, thing, {**TAGGED_PROD, **INTO_SCOPE, **via})
        for action, thing in (("cognito-idp:TagResource", USER_POOL), ("kms:TagResource", KEY))
        for via in ({}, CLOUDFORMATION)
    ],
    "somebody's user pool and key without a tag, by a tag": [
        Request("cognito-idp:TagResource", USER_POOL, INTO_SCOPE),
        Request("kms:TagResource", KEY, INTO_SCOPE),
    ],
    "prod's API, by a tag": [
        Request(f"apigateway:{method}", f"arn:aws:apigateway:{REGION}::/tags/{quote(API, safe='')}", INTO_SCOPE)
        for method in ("PUT", "POST", "DELETE")
    ],
    "prod's user pool": [
        Request(f"cognito-idp:{action}", USER_POOL, {**TAGGED_PROD, **CLOUDFORMATION})
        for action in ("UpdateUserPool", "DeleteUserPool", "UntagResource", "AdminSetUserPassword", "AdminDeleteUser")
    ],
    "prod's key": [
        Request(f"kms:{action}", KEY, {**TAGGED_PROD, **CLOUDFORMATION})
        for action in ("Decrypt", "PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "UntagResource", "CreateGrant")
    ],
    "prod's API": [
        Request(
            f"apigateway:{method}",
            API + path,
            {**TAGGED_PROD, "apigateway:Resource/ApiName": "motiv8-prod", **CLOUDFORMATION},
        )
        for method in ("GET", "PUT", "PATCH", "POST", "DELETE", "SetWebACL")
        for path in ("", "/stages/prod", "/deployments")
    ],
    "prod's sockets": [
        Request(f"apigateway:{method}", SOCKETS + path, {**TAGGED_PROD, **CLOUDFORMATION})
        for method in ("GET", "PUT", "PATCH", "POST", "DELETE")
        for path in ("", "/stages/prod", "/routes/r1", "/integrations", "/authorizers/a1")
    ],
    "somebody's routes, without CloudFormation": [
        Request(f"apigateway:{method}", f"{SOCKETS}/routes") for method in ("GET", "POST", "DELETE")
    ],
    "prod's API keys": [Request("apigateway:GET", f"arn:aws:apigateway:{REGION}::/apikeys/k", TAGGED_PROD)],
    "every API key": [Request("apigateway:GET", f"arn:aws:apigateway:{REGION}::/apikeys")],
    "prod's distribution": [
        Request(f"cloudfront:{action}", DISTRIBUTION, {**TAGGED_PROD, **INTO_SCOPE, **CLOUDFORMATION})
        for action in ("UpdateDistribution", "DeleteDistribution", "CreateInvalidation", "TagResource")
    ],
    "prod's functions": [
        Request(f"lambda:{action}", f"arn:aws:lambda:{HERE}:function:motiv8-api-handler-prod")
        for action in (
            "UpdateFunctionCode",
            "UpdateFunctionConfiguration",
            "InvokeFunction",
            "AddPermission",
            "DeleteFunction",
        )
    ],
    "prod's tables": [
        Request(f"dynamodb:{action}", f"arn:aws:dynamodb:{HERE}:table/users-prod")
        for action in ("UpdateTable", "DeleteTable", "Scan", "GetItem")
    ],
    "prod's buckets": [
        Request(f"s3:{action}", f"arn:aws:s3:::motiv8-{bucket}-prod-{ACCOUNT}{key}")
        for bucket in ("uploads", "media", "artifacts", "web")
        for action, key in (
            ("PutBucketPolicy", ""),
            ("DeleteBucket", ""),
            ("GetObject", "/a"),
            ("PutObject", "/a"),
            ("DeleteObject", "/a"),
        )
    ],
    "dev's and prod's buckets, by a key like its own names": [
        Request(f"s3:{action}", f"arn:aws:s3:::motiv8-uploads-{other}-{ACCOUNT}/uploads/x-dev-pr-1-{ACCOUNT}/a")
        for other in ("dev", "prod")
        for action in ("GetObject", "PutObject", "DeleteObject")
    ],
    "prod's secrets": [
        Request("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:motiv8-{name}-prod-AbC123")
        for name in ("links", "google", "apple", "credentials")
    ],
    "prod's stack": [
        Request(f"cloudformation:{action}", f"arn:aws:cloudformation:{HERE}:stack/{stack}/1")
        for action in ("CreateChangeSet", "ExecuteChangeSet", "DeleteStack")
        for stack in ("motiv8-prod", "motiv8-artifacts-prod", "motiv8-github-pull-requests", "motiv8-github-prod")
    ],
    "prod's machines, images, mail and alarms": [
        Request("states:UpdateStateMachine", f"arn:aws:states:{HERE}:stateMachine:motiv8-daily-prod"),
        Request("states:StartExecution", f"arn:aws:states:{HERE}:stateMachine:motiv8-daily-prod"),
        Request("ecr:PutImage", f"arn:aws:ecr:{HERE}:repository/motiv8-studio-prod"),
        Request("ses:DeleteConfigurationSet", f"arn:aws:ses:{HERE}:configuration-set/motiv8-prod"),
        Request("ses:DeleteEmailIdentity", f"arn:aws:ses:{HERE}:identity/example.com"),
        Request("ses:SendEmail", f"arn:aws:ses:{HERE}:identity/example.com"),
        Request("cloudwatch:DeleteAlarms", f"arn:aws:cloudwatch:{HERE}:alarm:motiv8-prod-api-5xx"),
        Request("events:DeleteRule", f"arn:aws:events:{HERE}:rule/motiv8-uploads-prod"),
        Request("sqs:DeleteQueue", f"arn:aws:sqs:{HERE}:motiv8-dead-letters-prod"),
        Request("wafv2:DeleteWebACL", f"arn:aws:wafv2:{HERE}:regional/webacl/motiv8-prod/1"),
        Request("codedeploy:StopDeployment", "*"),
        Request(
            "codedeploy:CreateDeployment",
            f"arn:aws:codedeploy:{HERE}:deploymentgroup:motiv8-prod-App/motiv8-prod-Group",
        ),
    ],
    "the account's DNS": [
        Request("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z123", CLOUDFORMATION)
    ],
}


@pytest.mark.parametrize("goal", ATTACKS)
def test_the_role_of_pull_requests_does_not_get(goal: str) -> None:
    assert [f"{each.action} on {each.resource}" for each in ATTACKS[goal] if _may(each)] == []


# What a preview's function may do that was given `*` on `*`: the boundary alone stands before it.
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
OUT_OF_BOUNDS = {
    "prod's rows": [
        Request(f"dynamodb:{action}", f"arn:aws:dynamodb:{HERE}:table/{table}")
        for action in ("GetItem", "Query", "DeleteItem", "PutItem")
        for table in ("users-prod", "users-prod/index/due")
    ],
    "prod's photos": [
        Request(f"s3:{action}", f"arn:aws:s3:::motiv8-media-prod-{ACCOUNT}{key}")
        for action, key in (("GetObject", "/faces/a"), ("DeleteObject", "/faces/a"), ("ListBucket", ""))
    ],
    "prod's key": [Request("kms:Decrypt", KEY, TAGGED_PROD), Request("kms:Decrypt", KEY)],
    "prod's people": [
        Request(f"cognito-idp:{action}", USER_POOL, TAGGED_PROD)
        for action in ("ListUsers", "AdminGetUser", "AdminDeleteUser", "AdminSetUserPassword")
    ],
    "prod's secrets": ATTACKS["prod's secrets"],
    "dev's and prod's buckets, by a key like its own names": ATTACKS[
        "dev's and prod's buckets, by a key like its own names"
    ],
    "prod's log": [
        Request("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/aws/lambda/motiv8-studio-prod:log-stream:{name}")
        for name in ("x", "motiv8-x-dev-pr-1")
    ],
    "prod's functions and machines": [
        Request("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:motiv8-courier-prod:live"),
        Request("states:StartExecution", f"arn:aws:states:{HERE}:stateMachine:motiv8-delete-prod"),
        Request("states:StopExecution", f"arn:aws:states:{HERE}:execution:motiv8-daily-prod:x"),
    ],
    "the account": [
        Request("iam:CreateUser", f"{IAM}:user/x"),
        Request("iam:CreateRole", OWN_ROLE, BOUND),
        Request("iam:PassRole", OWN_ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
        Request("iam:CreatePolicyVersion", PREVIEW.boundary_arn),
        Request("sts:AssumeRole", f"{IAM}:role/motiv8-github-prod"),
        Request("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:motiv8-api-handler-dev-pr-7"),
        Request("cloudformation:CreateStack", f"arn:aws:cloudformation:{HERE}:stack/x/1"),
        Request("ec2:RunInstances", f"arn:aws:ec2:{HERE}:instance/*"),
        Request("ses:SendRawEmail", f"arn:aws:ses:{HERE}:identity/somebody-else.org"),
        Request("cognito-idp:TagResource", USER_POOL, INTO_SCOPE),
    ],
}


@pytest.mark.parametrize("goal", OUT_OF_BOUNDS)
def test_a_role_within_the_boundary_of_previews_does_not_reach(goal: str) -> None:
    reached = [each for each in OUT_OF_BOUNDS[goal] if allows([EVERYTHING], each, PREVIEW.boundary)]
    assert [f"{each.action} on {each.resource}" for each in reached] == []


class TestProd:
    def test_its_role_changes_neither_itself_nor_a_boundary(self) -> None:
        bound = {"iam:PermissionsBoundary": PROD.boundary_arn, "iam:PolicyARN": ADMINISTRATOR}
        for action in ("UpdateAssumeRolePolicy", "PutRolePolicy", "AttachRolePolicy", "DeleteRole", "PassRole"):
            assert not allows(PROD.policies, Request(f"iam:{action}", f"{IAM}:role/motiv8-github-prod", bound))
        for action in ("CreatePolicyVersion", "DeletePolicy"):
            assert not allows(PROD.policies, Request(f"iam:{action}", PROD.boundary_arn))
        assert not allows(PROD.policies, Request("iam:CreateRole", PRODS_ROLE))

    def test_nobody_empties_its_buckets(self) -> None:
        for action in ("DeleteObject", "DeleteObjectVersion"):
            for bucket in ("uploads", "media", "artifacts", "web"):
                request = Request(f"s3:{action}", f"arn:aws:s3:::motiv8-{bucket}-prod-{ACCOUNT}/a")
                assert not allows(PROD.policies, request)

    def test_a_network_of_another_stack_stays_as_it_is(self) -> None:
        vpc = f"arn:aws:ec2:{HERE}:vpc/vpc-1"
        for context in ({}, {"aws:ResourceTag/environment": "dev"}):
            assert not allows(PROD.policies, Request("ec2:DeleteVpc", vpc, context))
        for context in (
            {"aws:ResourceTag/environment": "dev", **CLOUDFORMATION},
            {"aws:RequestTag/environment": "prod"},
        ):
            for action in ("CreateSubnet", "CreateTags"):
                assert not allows(PROD.policies, Request(f"ec2:{action}", vpc, context))


@pytest.mark.parametrize("role", [PREVIEW, PROD], ids=list(ENVIRONMENTS))
class TestDocuments:
    def test_every_policy_fits_iams_limits(self, role: GithubRole) -> None:
        """6,144 characters without white space, and 10 policies: IAM User Guide, "IAM and AWS STS quotas"."""
        assert len(role.policies) <= 10
        for name, document in role.documents.items():
            assert len(json.dumps(document, separators=(",", ":"))) <= 6144, name

    def test_it_trusts_one_repository_and_one_exact_subject(self, role: GithubRole) -> None:
        [statement] = role.trust["Statement"]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        subject = {"dev-pr-7": "pull_request", "prod": "environment:prod"}[role.environment]
        assert statement["Condition"]["StringEquals"] == {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": f"repo:owner/motiv8:{subject}",
        }

    def test_it_is_allowed_no_action_by_wildcard(self, role: GithubRole) -> None:
        for document in role.policies:
            for statement in document["Statement"]:
                assert statement["Effect"] == "Deny" or not [each for each in statement["Action"] if "*" in each]


def test_what_has_neither_name_nor_condition_tells_or_touches_nothing_of_anybody() -> None:
    anywhere = {
        action
        for document in PREVIEW.policies
        for statement in document["Statement"]
        if statement["Resource"] == "*" and "Condition" not in statement
        for action in statement["Action"]
    }
    assert anywhere == {
        *(
            "ecr:GetAuthorizationToken",
            "cognito-idp:ListUserPools",
            "kms:ListAliases",
            "secretsmanager:GetRandomPassword",
            "secretsmanager:ListSecrets",
        ),
        *("logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:DescribeIndexPolicies"),
        *("ses:DescribeConfigurationSet", "ses:GetAccount", "wafv2:ListWebACLs", "states:ListStateMachines"),
    }


def test_the_boundary_has_the_name_that_the_scripts_give_it() -> None:
    name = ROLE["Resources"]["Boundary"]["Properties"]["ManagedPolicyName"]
    assert name == {"Fn::Sub": "motiv8-github-${Kind}-boundary"}
    assert ROLE["Resources"]["Role"]["Properties"]["RoleName"] == {"Fn::Sub": "motiv8-github-${Kind}"}
